#!/bin/bash
# SPDX-License-Identifier: MIT
# RFC 5227 on the kernel: an address that somebody has already, and one that somebody takes later.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

cat >"$T/conflict.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node srv thief host]
	[Switch sw]
	[Wiring]
	Cable=srv:eth0 sw:p0
	Cable=thief:eth0 sw:p1
	Cable=host:eth0 sw:p2
	[Network srv:eth0]
	Address=10.0.0.1/24
	DHCPServer=yes
	[DHCPServer srv:eth0]
	PoolStart=10.0.0.10
	PoolEnd=10.0.0.10
	[Network thief:eth0]
	Address=10.0.0.10/24
	[Network host:eth0]
	DHCP=ipv4
	[DHCPv4 host:eth0]
	ConflictDetection=200ms
	VendorClassIdentifier=netlab test
	SendOption=51:uint32:600
END

has_declined() {
	nl trace --json
	jq -es 'any(.[]; .kind == "message" and .message == "DECLINE")' <<<"$out" >/dev/null
}

has_no_address() { # node
	[ -z "$(in_node "$1" ip -4 -o addr show dev eth0)" ]
}

nl_is "up: the only address is in use already" 1 up "$T/conflict.ini" --timeout 1s
nl trace --json
json "RFC 5227 section 2.1.1: the client declines it" "$out" \
	'any(.[]; .message == "DECLINE" and .options["50"] == "10.0.0.10")'
json "the log says that it was probed" "$out" 'any(.[]; .rfc == "RFC 5227 section 2.1" and (.why | test("ARP probe")))'
json "it never had it" "$out" 'any(.[]; .kind == "address") | not'
json "the user's own options are sent" "$out" '[.[] | select(.message == "DISCOVER")] | .[0].options |
	.["60"] == "netlab test" and .["51"] == "600"'
down conflict

nl_is "up: the address is free" 0 up "$T/conflict.ini" --set 'Network thief:eth0.Address=10.0.0.9/24'
nl status --json
json "a lease as long as was asked for" "$out" '[.[0].labs[0].nodes[].interfaces[].client | select(.)] |
	.[0].address == "10.0.0.10" and .[0].lease_seconds == 600'
# Somebody takes it, and asks by ARP for a neighbour: once a second, three times.
in_node thief ip addr flush dev eth0
in_node thief ip addr add 10.0.0.10/24 dev eth0
in_node thief bash -c 'echo >/dev/udp/10.0.0.77/9'
holds "the second conflict ends its use" wait_for 6 has_declined
nl trace --json
json "RFC 5227 section 2.4 (b): it was defended before" "$out" \
	'[.[] | select(.rfc == "RFC 5227 section 2.4 (b)" and .at == "host:eth0") | .to] == ["BOUND", "INIT"]'
holds "the kernel has it no longer" wait_for 3 has_no_address host
down conflict
done_testing

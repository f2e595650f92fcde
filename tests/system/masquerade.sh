#!/bin/bash
# SPDX-License-Identifier: MIT
# IPMasquerade=: a client behind a router reaches a host that has no route back.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

cat >"$T/nat.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node c r far]
	[Wiring]
	Cable=c:eth0 r:lan
	Cable=r:wan far:eth0
	[Network r:lan]
	Address=192.168.1.1/24
	DHCPServer=yes
	IPMasquerade=ipv4
	[Network r:wan]
	Address=203.0.113.1/24
	[Network far:eth0]
	Address=203.0.113.9/24
	[Network c:eth0]
	DHCP=ipv4
	[Expect far]
	Node=c
	Ping=203.0.113.9
END
plain=(--set 'Network r:lan.IPMasquerade=no' --set 'Network r:lan.IPForward=yes')

nl_is "sim: the ping comes back" 0 sim "$T/nat.ini" --check
sed 's/^IPMasquerade=ipv4/IPForward=yes/' "$T/nat.ini" >"$T/plain.ini"
nl_is "sim: not without it" 1 sim "$T/plain.ini" --check
nl_is "by hand: the same" 0 up --show-commands "$T/nat.ini"
like "by hand: with nft" "$out" \
	"nft '.*nat hook postrouting.*ip saddr 192.168.1.0/24 ip daddr != 192.168.1.0/24 masquerade'"

# A machine that cannot: a library that is none.
mkdir "$T/lib"
: >"$T/lib/libnftables.so.1"
LD_LIBRARY_PATH=$T/lib nl_is "not here: up fails" 4 up "$T/nat.ini"
like "not here: and says why" "$err" 'IPMasquerade= of r:lan: libnftables.*cannot be loaded'
nothing_left "not here: nothing is left"

nl doctor
if ! grep -q 'ok *masquerade' <<<"$out"; then
	skip "up, and what only a kernel with NAT can" "$(grep 'masquerade' <<<"$out")"
	done_testing
	exit
fi
nl_is "up" 0 up "$T/nat.ini"
like "up says what is masqueraded" "$out" 'ok  masquerade +r:lan 192.168.1.0/24'
nl_is "the client reaches a host that has no route back" 0 check
is "that host has none" "$(in_node far ip route get 192.168.1.10 2>&1 | grep -c unreachable)" 1
if has nc; then
	(in_node far nc -l 203.0.113.9 5000 >"$T/got" </dev/null) &
	server=$!
	send() { echo hello | in_node c nc -N -w 2 203.0.113.9 5000; }
	holds "TCP, too" wait_for 5 send
	wait $server
	is "and what was sent comes there" "$(cat "$T/got")" hello
else
	skip "TCP, too" "no nc"
fi
nl_is "the router masquerades nothing to the subnet itself" 0 exec r -- ping -c 1 -W 2 "$(
	nl status --json
	jq -r '.labs[0].nodes[] | select(.name == "c") | .interfaces[0].client.address' <<<"$out")"
down nat

nl_is "without: up" 0 up "$T/nat.ini" "${plain[@]}"
nl_is "without: nothing comes back" 1 check
down nat
done_testing

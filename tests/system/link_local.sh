#!/bin/bash
# SPDX-License-Identifier: MIT
# LinkLocalAddressing=: an address of one's own when no server gives one (RFC 3927).
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

# Three clients and two addresses.
cat >"$T/full.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node srv a b c]
	[Switch sw]
	[Wiring]
	Cable=srv:eth0 sw:p0
	Cable=a:eth0 sw:p1
	Cable=b:eth0 sw:p2
	Cable=c:eth0 sw:p3
	[Network srv:eth0]
	Address=10.6.0.1/24
	DHCPServer=yes
	[DHCPServer srv:eth0]
	PoolStart=10.6.0.10
	PoolEnd=10.6.0.11
	DefaultLeaseTimeSec=1h
	[Network a:eth0 b:eth0]
	DHCP=ipv4
	[Network c:eth0]
	DHCP=ipv4
	LinkLocalAddressing=fallback
	[DHCPv4 c:eth0]
	StartDelaySec=1
END

# Two who have only each other.
cat >"$T/alone.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node x y]
	[Wiring]
	Cable=x:eth0 y:eth0
	[Network x:eth0 y:eth0]
	DHCP=ipv4
	LinkLocalAddressing=ipv4
END

# The kernel's words for the one address of a node's interface.
kernel_has() { # node
	in_node "$1" ip -4 -o address show dev eth0
}

has_claimed() { # node
	kernel_has "$1" | grep -q 'inet 169\.254\.'
}

has_lease() { # node
	kernel_has "$1" | grep -q 'inet 10\.6\.0\.'
}

claimed='inet 169\.254\.[0-9]+\.[0-9]+/16 brd 169\.254\.255\.255 scope link .*valid_lft forever'

nl_is "up: one of three gets no lease" 1 up "$T/full.ini" --speed 20 --timeout 20s
wait_for 10 has_claimed c
like "RFC 3927 section 2.1: it has an address for its link" "$(kernel_has c)" "$claimed"
nl status --json
address=$(jq -r '.labs[0].nodes[] | select(.name == "c").interfaces[0].client.link_local' <<<"$out")
like "status has it" "$address" '^169\.254\.'
json "and no lease, nor have the others such an address" "$out" '[.[0].labs[0].nodes[] |
	.interfaces[0].client // empty | [.state, .address == null, .link_local == null]] |
	sort == [["BOUND", false, true], ["BOUND", false, true], ["SELECTING", true, false]]'
nl trace --json
json "RFC 3927 section 2.2.1: it was probed for, then claimed" "$out" '[.[] |
	select(.machine == "link-local" and .from != .to) | [.at, .from, .to]] ==
	[["c:eth0", "OFF", "PROBING"], ["c:eth0", "PROBING", "CLAIMED"]]'
# shellcheck disable=SC2016
json "three DISCOVERs had no answer when the fourth went" "$out" '
	([.[] | select(.machine == "link-local")][0].n) as $begin |
	[.[] | select(.message == "DISCOVER" and .from == "c:eth0" and .kind == "message" and .n < $begin)] |
	length == 4'
json "the address is in the log" "$out" "[.[] | select(.kind == \"address\" and .at == \"c:eth0\") |
	[.op, .address]] == [[\"add\", \"$address/16\"]]"

nl_is "another gives its address back" 0 client a release
wait_for 15 has_lease c
unlike "RFC 3927 section 1.9: the lease takes its place" "$(kernel_has c)" 'inet 169'
nl trace --json
json "first the one goes, then the other comes" "$out" '[.[] | select(.kind == "address" and .at == "c:eth0") |
	[.op, (.address | test("^169"))]] == [["add", true], ["remove", true], ["add", false]]'
json "and the log says why" "$out" '[.[] | select(.machine == "link-local")] | last |
	.to == "OFF" and .rfc == "RFC 3927 section 1.9"'
down full

nl_is "sim: the same" 1 sim "$T/full.ini" --for 2min --json
json "sim: the same states, and the address" "$out" "([.[] | select(.machine == \"link-local\" and .from != .to) | [.at, .to]] ==
	[[\"c:eth0\", \"PROBING\"], [\"c:eth0\", \"CLAIMED\"]]) and
	([.[] | select(.kind == \"address\" and .at == \"c:eth0\") | .address] == [\"$address/16\"])"

# RFC 2563: the client says that it could, and the server that it shall not.
nl_is "up: the server forbids it" 1 up "$T/full.ini" --set "DHCPServer srv:eth0.AutoConfigure=no" --speed 20 \
	--timeout 20s
nl_is "a minute of lab time" 0 time +1min
unlike "RFC 2563 section 2.2: then it has no address" "$(kernel_has c)" 'inet '
nl trace --json
json "both are in the log" "$out" '([.[] | select(.message == "DISCOVER" and .from == "c:eth0" and .kind == "message") |
	.options["116"]] | unique | length) == 1 and
	any(.[]; .at == "c:eth0" and .rfc == "RFC 2563 section 2.2" and .to == "SELECTING") and
	all(.[]; .machine != "link-local")'
down full

nl_is "up without a server" 1 up "$T/alone.ini" --timeout 100ms
wait_for 15 has_claimed x && wait_for 15 has_claimed y
like "both have one" "$(kernel_has x) $(kernel_has y)" "$claimed.*$claimed"
theirs=$(kernel_has y | sed 's/.*inet \([0-9.]*\).*/\1/')
ours=$(kernel_has x | sed 's/.*inet \([0-9.]*\).*/\1/')
holds "and reach each other" in_node x ping -c 1 -W 2 "$theirs"
# Somebody takes x's address by hand and speaks from it.
in_node y ip address add "$ours/16" dev eth0 scope link
in_node y ping -c 1 -W 1 -I "$ours" 169.254.7.7 >/dev/null 2>&1
nl trace --json
json "RFC 3927 section 2.5 (b): it defends its address once" "$out" "[.[] | select(.machine == \"link-local\" and
	.at == \"x:eth0\" and .rfc == \"RFC 3927 section 2.5 (b)\" and .from == .to)] | length == 1"
in_node y ping -c 1 -W 1 -I "$ours" 169.254.7.8 >/dev/null 2>&1
wait_for 15 has_claimed x
unlike "and then gives in" "$(kernel_has x)" "inet $ours/"
nl_is "who stops has none" 0 client x stop
is "x" "$(kernel_has x)" ""
down alone

# Step by step, and back.
steps() { # command...
	out=$(printf '%s\n' "$@" | timeout -k 5 20 "$NETLAB" step 2>&1)
}
one_step_claims() {
	steps n
	has_claimed x
}
nl_is "up --step" 0 up --step "$T/alone.ini"
holds "it claims its address in the course of time" wait_for 20 one_step_claims
ours=$(kernel_has x)
steps b
is "a step back: the kernel has it no longer" "$(kernel_has x)" ""
nl status --json
json "nor has the client" "$out" '.[0].labs[0].nodes[0].interfaces[0].client.link_local == null'
nl trace --json
json "which the log says" "$out" '[.[] | select(.kind == "address" and .at == "x:eth0") | .op] == ["add", "remove"]'
steps n
is "and on: it is there again" "$(kernel_has x)" "$ours"
nl_is "stopped" 0 client x stop
is "it has none" "$(kernel_has x)" ""
steps b n
is "back to before a later step: it has it" "$(kernel_has x)" "$ours"
down alone

nl_is "a word that is none" 3 up "$T/alone.ini" --set 'Network x:eth0.LinkLocalAddressing=fallbck'
like "the nearest is named" "$err" 'did you mean "fallback"'
nl_is "without a client" 3 up "$T/alone.ini" --set 'Network x:eth0.DHCP=no'
like "is told why" "$err" 'LinkLocalAddressing=: x:eth0 has no DHCP=ipv4'
nl explain link-local
like "explain has its table" "$out" 'on conflict \[the first in 10 s\] -> CLAIMED'
done_testing

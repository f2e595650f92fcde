#!/bin/bash
# SPDX-License-Identifier: MIT
# A client's link goes down, comes back, and is taken away for good.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

# Whether the log has such an event by now.
logged() { # jq condition
	nl trace --json
	jq -es "any(.[]; $1)" <<<"$out" >/dev/null
}

# How often the client has come to a state.
times() { # state
	nl trace --json
	jq -s "[.[] | select(.kind == \"state\" and .at == \"host:host\" and .to == \"$1\")] | length" <<<"$out"
}

bound_again() { # times
	[ "$(times BOUND)" -ge "$1" ]
}

has_address() {
	in_node host ip -4 -o addr show dev host | grep -q inet
}

is_gone() {
	logged '.kind == "lab" and (.what | test("host:host: the interface is gone"))'
}

cpu_ticks() { # pid
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

nl_is "up" 0 up dhcptest --set 'DHCPServer dhcptest:guest.Router=10.0.0.1'
nl status --json
address=$(jq -r '.labs[0].nodes[1].interfaces[0].client.address' <<<"$out")

in_node dhcptest ip link set guest down
holds "the other end goes down: the log has it" wait_for 3 logged \
	'.kind == "lab" and .what == "host:host: the link is down"'
is "the client waits" "$(times REBOOTING)" 0
in_node dhcptest ip link set guest up
holds "it comes back: BOUND again" wait_for 10 bound_again 2
nl trace --json
json "RFC 2131 section 3.7: the client asks whether its lease still holds" "$out" \
	'[.[] | select(.kind == "state" and .to == "REBOOTING")] | .[0].rfc == "RFC 2131 section 3.7"'
json "RFC 2131 section 4.3.2: as in INIT-REBOOT" "$out" "[.[] | select(.message == \"REQUEST\")] | last |
	.options[\"50\"] == \"$address\" and .options[\"54\"] == null and .src_ip == \"0.0.0.0\""
json "the address was never taken away" "$out" '[.[] | select(.kind == "address" and .op == "remove")] == []'

in_node host ip link set host down
like "an administrator's hand takes the route" "$(in_node host ip -4 route show default; echo none)" '^none'
in_node host ip link set host up
holds "its own end was down: BOUND again" wait_for 10 bound_again 3
# shellcheck disable=SC2016
holds "and the route is back" wait_for 3 sh -c '"$0" exec host -- ip -4 route show default | grep -q "via 10.0.0.1"' "$NETLAB"

agent=$(agent_of dhcptest)
in_node host ip link del host
holds "the interface is deleted: the client ends, and says so" wait_for 3 is_gone
nl trace --json
json "in STOPPED" "$out" '[.[] | select(.kind == "state" and .at == "host:host")] | last | .to == "STOPPED"'
json "without its address" "$out" '[.[] | select(.kind == "address")] | last | .op == "remove"'
before_ticks=$(cpu_ticks "$agent")
sleep 0.5
ticks=$(($(cpu_ticks "$agent") - before_ticks))
if [ $ticks -le 5 ]; then ok "and nothing spins"; else not_ok "and nothing spins" "$ticks ticks in 0.5 s"; fi
nl_is "there is no client to start any more" 0 client host start
like "which it says" "$out" 'the interface is gone'
nl_is "the lab still answers" 0 status
down dhcptest

nl_is "up: a client that probes" 0 up dhcptest --set 'DHCPv4 host:host.ConflictDetection=200ms'
in_node dhcptest ip link set guest down
holds "its link goes away" wait_for 3 logged '.kind == "lab" and .what == "host:host: the link is down"'
in_node dhcptest ip link set guest up
holds "it comes back: BOUND again" wait_for 10 logged '.from == "REBOOTING" and .to == "BOUND"'
holds "with its address" wait_for 3 has_address
nl trace --json
json "RFC 5227 section 2.1: the address was off until it had been probed again" "$out" \
	'[.[] | select(.at == "host:host") |
		if .kind == "address" then .op elif .from == "REBOOTING" then .to else empty end |
		select(. != "REBOOTING")] == ["add", "remove", "BOUND", "add"]'
down dhcptest
done_testing

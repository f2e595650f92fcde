#!/bin/bash
# SPDX-License-Identifier: MIT
# netlab client: what a user can want of a client, and what comes of it.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

# The client's state and address, as status tells them.
is_now() { # name wanted
	nl status --json
	is "$1" "$(jq -r '.labs[0].nodes[1].interfaces[0].client | "\(.state) \(.address)"' <<<"$out")" "$2"
}

messages() {
	jq -rs '[.[] | select(.kind == "message") | .message] | join(" ")' <<<"$out"
}

nl_is "up" 0 up dhcptest
nl status --json
address=$(jq -r '.labs[0].nodes[1].interfaces[0].client.address' <<<"$out")

nl_is "renew" 0 client host renew
like "renew shows the REQUEST" "$out" 'host +-> +dhcptest +REQUEST'
like "renew shows the ACK" "$out" 'dhcptest +-> +host +ACK'
like "renew shows the transition, and its section" "$out" 'BOUND -> RENEWING: .*RFC 2131 section 4.4.5'
unlike "renew takes no address away" "$out" '  [+-]  '
nl_is "renew, as JSON, by interface" 0 client host:host renew --json
is "a REQUEST and an ACK" "$(messages)" "REQUEST ACK"
json "it is a unicast from the address" "$out" "[.[] | select(.message == \"REQUEST\")] |
	.[0] | .src_ip == \"$address\" and .dst_ip == \"10.0.0.1\" and .ciaddr == \"$address\""

nl_is "rebind" 0 client dhcptest/host rebind --json
is "a REQUEST and an ACK" "$(messages)" "REQUEST ACK"
json "it goes to everyone" "$out" "[.[] | select(.message == \"REQUEST\")] |
	.[0] | .dst_ip == \"255.255.255.255\" and .ciaddr == \"$address\""

nl_is "inform" 0 client host inform --json
is "an INFORM and an ACK" "$(messages)" "INFORM ACK"
json "the ACK gives no lease" "$out" '[.[] | select(.message == "ACK")] |
	.[0] | .yiaddr == "0.0.0.0" and .options["51"] == null'
is_now "the lease is as it was" "BOUND $address"

nl_is "reboot" 0 client host reboot --json
is "a REQUEST and an ACK" "$(messages)" "REQUEST ACK"
json "RFC 2131 section 4.3.2: it names the old address, no server, and has no ciaddr" "$out" \
	"[.[] | select(.message == \"REQUEST\")] | .[0] | .options[\"50\"] == \"$address\" and
	.options[\"54\"] == null and .ciaddr == \"0.0.0.0\""
json "through REBOOTING" "$out" '[.[] | select(.kind == "state" and .at == "host:host") | .to] == ["REBOOTING", "BOUND"]'
is_now "and BOUND again" "BOUND $address"

nl_is "release" 0 client host release --json
is "a RELEASE" "$(messages)" "RELEASE"
json "the address goes" "$out" "[.[] | select(.kind == \"address\")] | map([.op, .address]) == [[\"remove\", \"$address/24\"]]"
unlike "the kernel has it no longer" "$(in_node host ip -4 addr show dev host)" 'inet '
is_now "INIT, without an address" "INIT null"
nl status --json
json "the server knows" "$out" '.[0].labs[0].leases | map(.state) == ["released"]'
nl_is "there is nothing to renew" 5 client host renew
like "and the log says why" "$out" 'there is no lease to renew'
like "in words for people" "$err" '^netlab: host:host cannot renew now$'

nl_is "start" 0 client host start --json
is "all four messages" "$(messages)" "DISCOVER OFFER REQUEST ACK"
json "the address comes" "$out" "[.[] | select(.kind == \"address\")] | map([.op, .address]) == [[\"add\", \"$address/24\"]]"
nl_is "start again: it runs already" 0 client host start
like "which it says" "$out" 'was started before'

nl_is "stop" 0 client host stop --json
is "it gives its lease back" "$(messages)" "RELEASE"
is_now "STOPPED" "STOPPED null"
nl_is "stop again: it has already" 0 client host stop
nl_is "start after stop" 0 client host start
is_now "BOUND" "BOUND $address"

nl_is "decline" 0 client host decline --json
is "a DECLINE" "$(messages)" "DECLINE"
json "RFC 2131 section 4.4.4: from nowhere to everyone, with the address" "$out" \
	"[.[] | select(.message == \"DECLINE\")] | .[0] | .src_ip == \"0.0.0.0\" and
	.dst_ip == \"255.255.255.255\" and .options[\"50\"] == \"$address\" and .options[\"54\"] == \"10.0.0.1\""
nl status --json
json "the server does not give it to others" "$out" "[.[0].labs[0].leases[] | select(.address == \"$address\")] | map(.state) == [\"declined\"]"
nl_is "start during the pause is for nothing" 0 client host start

nl_is "an action that is none" 2 client host renwe
like "the nearest is named" "$err" 'did you mean "renew"'
nl_is "no action" 2 client host
nl_is "a node without a client" 2 client dhcptest renew
like "is named" "$err" 'runs a server, which can stop, start, crash and forcerenew, but not renew'
nl_is "a node that is none" 2 client hots renew
like "the nearest is named" "$err" 'did you mean "host"'
down dhcptest

# RFC 4039: two messages, if both sides want it.
rapid() { # client's server's
	nl_is "up, RapidCommit=$1 and $2" 0 up dhcptest --set "DHCPv4 host:host.RapidCommit=$1" \
		--set "DHCPServer dhcptest:guest.RapidCommit=$2"
	nl trace --json
}
rapid yes yes
is "RFC 4039 section 3.1: two messages are enough" "$(messages)" "DISCOVER ACK"
json "option 80 in both, without a value" "$out" \
	'[.[] | select(.kind == "message") | .options["80"]] == ["", ""]'
json "from SELECTING to BOUND" "$out" '[.[] | select(.at == "host:host" and .kind == "state") |
	.to] == ["SELECTING", "BOUND"]'
like "the kernel has the address" "$(in_node host ip -4 -o addr show dev host)" 'inet 10\.0\.0\.'
nl_is "a renewal is as ever" 0 client host renew --json
is "a REQUEST and an ACK" "$(messages)" "REQUEST ACK"
down dhcptest
for side in client server; do
	if [ $side = client ]; then rapid yes no; else rapid no yes; fi
	is "only the $side wants it: four messages" "$(messages)" "DISCOVER OFFER REQUEST ACK"
	nl_is "down" 0 down
done

# On a switch nothing else listens in the client's namespace: a BOUND client has no packet socket.
switch_scenario 1 >"$T/switch.ini"
nl_is "up, on a switch" 0 up "$T/switch.ini"
packet_sockets() {
	in_node c1 cat /proc/net/packet | tail -n +2
}
no_packet_socket() {
	[ -z "$(packet_sockets)" ]
}
wait_for 3 no_packet_socket
is "BOUND: no packet socket" "$(packet_sockets)" ""
nl_is "release" 0 client c1 release
nl_is "start" 0 client c1 start
wait_for 3 no_packet_socket
is "BOUND again: no packet socket" "$(packet_sockets)" ""
down switch

lonely_scenario >"$T/lonely.ini"
nl_is "up, alone" 1 up "$T/lonely.ini" --timeout 10ms
nl_is "nobody answers" 1 client host reboot --timeout 50ms
like "which it says" "$err" 'host:eth0: nothing came of it in 50ms; it is SELECTING'
down lonely
# ARP takes 40 ms there: the address stays until it has found the server.
nl_is "up, with a slow cable" 0 up dhcptest --set 'NetworkEmulator host:host.DelaySec=20ms'
nl_is "rfc2131_4_4_6_release_leaves_before_its_address_does" 0 client host release --json
is "a RELEASE" "$(messages)" "RELEASE"
unlike "and the address is gone" "$(in_node host ip -4 addr show dev host)" 'inet '
nl status --json
json "the server knows" "$out" '.[0].labs[0].leases | map(.state) == ["released"]'
down dhcptest

no_address() {
	! in_node host ip -4 addr show dev host | grep -q 'inet '
}
nl_is "up, once more" 0 up dhcptest --set 'NetworkEmulator host:host.DelaySec=20ms'
in_node dhcptest ip link set guest down
nl client host release
holds "a server that is gone keeps no address on the interface" wait_for 3 no_address
down dhcptest
done_testing

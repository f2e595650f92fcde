#!/bin/bash
# SPDX-License-Identifier: MIT
# Relay agents in front of a server: which pool, which way back, what passes them by, and
# who may say where a client is; then a campus of 300 clients.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

nl_is "relay: up" 0 up relay
nl_is "relay: check" 0 check bound reserved relayed answer-without-82 reach
nl status --json
json "relay: status says which server the agent asks" "$out" \
	'[.[0].labs[0].nodes[].interfaces[] | .relay | select(. != null)] |
	length == 1 and .[0].targets == ["10.9.0.2"]'
nl trace --json
json "relay: giaddr is the address of the clients' link, in all that the server hears" "$out" \
	'[.[] | select(.kind == "message" and .to == "srv:eth0")] |
	length == 6 and all(.giaddr == "10.1.0.1" and .options["82"] != null)'
json "relay: the clients hear nothing of option 82" "$out" \
	'[.[] | select(.kind == "message" and .from == "router:lan")] |
	length == 6 and all(.options["82"] == null)'
nl_is "relay: renew" 0 client c1 renew --json
json "relay: a renewal goes through the router, past the agent" "$out" \
	'[.[] | select(.kind == "message" and .message == "REQUEST")] |
	all(.giaddr == "0.0.0.0" and .dst_ip == "10.9.0.2" and .options["82"] == null)'
json "relay: and so does its answer" "$out" \
	'[.[] | select(.kind == "message" and .message == "ACK")] | length > 0 and
	all(.dst_ip == .yiaddr)'
nl_is "relay: rebind" 0 client c1 rebind --json
json "relay: a rebinding is a broadcast, and goes by the agent again" "$out" \
	'any(.[]; .kind == "message" and .message == "REQUEST" and .giaddr == "10.1.0.1")'
nl_is "relay: an agent is no client" 2 client router:lan crash
like "relay: and says so" "$err" 'router:lan runs no client'
down relay

nl_is "relay-two-lans: up" 0 up relay-two-lans
nl_is "relay-two-lans: some seconds on" 0 time +6s
nl_is "relay-two-lans: check" 0 check
nl_is "relay-two-lans: status, with each pool by itself" 0 status --json
json "relay-two-lans: what is leased of each pool" "$out" '[.[0].labs[0].nodes[].interfaces[].server | select(.) | .pools[] |
	[.subnet, .first, .last, .size, .leased, .free]] == [
	["10.9.0.0/24", "10.9.0.100", "10.9.0.199", 100, 0, 100],
	["10.1.0.0/24", "10.1.0.50", "10.1.0.99", 50, 2, 48],
	["10.2.0.0/24", "10.2.0.50", "10.2.0.99", 50, 2, 48]]'
nl_is "relay-two-lans: renew" 0 client b1 renew
down relay-two-lans

started=${EPOCHREALTIME/./}
nl_is "option82: up, which waits for nobody who is to get nothing" 0 up option82 --timeout 15
took=$((${EPOCHREALTIME/./} - started))
holds "option82: it does not wait out its patience" test $took -lt 12000000
like "option82: it says who has none" "$out" '^liar:eth0 has no lease, as is expected of it$'
nl_is "option82: some seconds on" 0 time +6s
nl_is "option82: check" 0 check
nl trace --json
json "option82: what a client says of its place is dropped, with the reason" "$out" \
	'any(.[]; .kind == "drop" and .at == "router:p3" and .message == "DISCOVER" and
	(.why | test("a client made it up")) and (.rfc | test("RFC 3046 section 2.1")))'
json "option82: and comes to no server" "$out" \
	'all(.[]; .kind != "message" or .to != "srv:eth0" or .giaddr != "10.3.0.1")'
down option82

nl_is "option82: in virtual time, too" 0 sim option82 --check

nl_is "explain relay" 0 explain relay
like "explain relay: its table has the row of the drop" "$out" 'made it up'

# Three subnets, two agents, 300 clients, in fewer than 40 lines.
holds "campus: the file has fewer than 40 lines" test "$(wc -l <"$top/tests/system/campus.ini")" -lt 40
# shellcheck disable=SC2016 # dollars are jq's
in_pools='[.[] | select(.kind == "address") | [.at[0:1], .address]] |
	(length == 300) and (unique_by(.[1]) | length == 300) and
	all(.[0] as $lan | .[1] | test({a: "^10[.]1[.]0[.]", b: "^10[.]2[.]0[.]", c: "^10[.]3[.]0[.]"}[$lan] +
	"(1[0-9][0-9]|2[0-9][0-9])/24$"))'
nl sim "$top/tests/system/campus.ini" --json
is "campus: in virtual time all are bound" $rc 0
json "campus: in virtual time, each in the right pool" "$out" "$in_pools"
nl_is "campus: up" 0 up "$top/tests/system/campus.ini"
like "campus: all are bound" "$out" '^300 of 300 clients are BOUND'
nl trace --json
json "campus: each in the right pool" "$out" "$in_pools"
nl_is "campus: renew" 0 client b7 renew
holds "campus: the way back past the agents is there" in_node a100 ping -c 1 -W 2 10.3.0.9
down campus
done_testing

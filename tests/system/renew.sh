#!/bin/bash
# SPDX-License-Identifier: MIT
# Leases are renewed for as long as a lab is up. Lab time runs 600 times as fast:
# a lease of 20 minutes lasts 2 seconds, and is renewed every second.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

client() { # jq filter of the client's object
	nl status --json
	jq -r ".labs[0].nodes[1].interfaces[0].client | $1" <<<"$out"
}

test_t1_falls() {
	local i last=999999 now falls=0
	for ((i = 0; i < 5; i++)); do
		now=$(client .t1_in)
		[ "$now" -lt "$last" ] && falls=$((falls + 1))
		last=$now
		sleep 0.1
	done
	# One renewal may come in between.
	if [ $falls -ge 3 ]; then ok "t1_in falls"; else not_ok "t1_in falls" "$falls of 5 times"; fi
}

renewals() {
	nl trace --json
	[ "$(jq -s '[.[] | select(.kind == "message" and .message == "ACK" and .ciaddr != "0.0.0.0")] | length' <<<"$out")" -ge 3 ]
}

nl_is "up" 0 up dhcptest --speed 600 --set 'DHCPServer dhcptest:guest.DefaultLeaseTimeSec=20min'
nl_is "status" 0 status --json
json "status tells the speed" "$out" '.[0].labs[0].speed == 600'
address=$(client .address)
json "the kernel's time is the lab's, scaled" "$(in_node host ip -j -4 addr show dev host)" \
	'.[0][0].addr_info[0].valid_life_time | . >= 1 and . <= 3'
test_t1_falls

wait_for 10 renewals
is "three renewals in three seconds" $? 0
json "RENEWING, and BOUND again" "$out" '[.[] | select(.kind == "state" and .at == "host:host") | .to] |
	.[3:9] == ["RENEWING", "BOUND", "RENEWING", "BOUND", "RENEWING", "BOUND"]'
json "each is a REQUEST and an ACK, from and to the address" "$out" "[.[] | select(.kind == \"message\")] |
	.[4:10] | map(.message) == [\"REQUEST\", \"ACK\", \"REQUEST\", \"ACK\", \"REQUEST\", \"ACK\"] and
	(map(select(.message == \"REQUEST\")) | all(.ciaddr == \"$address\" and .src_ip == \"$address\" and
	.dst_ip == \"10.0.0.1\" and .options[\"50\"] == null and .options[\"54\"] == null)) and
	(map(select(.message == \"ACK\")) | all(.yiaddr == \"$address\" and .dst_ip == \"$address\"))"
json "every renewal is a transaction of its own" "$out" '[.[] | select(.kind == "message")] | .[4:10] |
	[.[0, 2, 4].xid] | unique | length == 3'
json "each comes at half of the lease" "$out" '[.[] | select(.kind == "state" and .to == "RENEWING") | .t] |
	.[0] > 595 and .[0] < 720 and (.[1] - .[0]) > 595 and (.[1] - .[0]) < 720'
json "the address was never taken away" "$out" '[.[] | select(.kind == "address" and .op == "remove")] == []'
is "the lease is kept" "$(client '"\(.state != "INIT") \(.address)"')" "true $address"
holds "the kernel still has it, past the first lease's end" \
	sh -c "'$NETLAB' exec host -- ip -4 addr show dev host | grep -q 'inet $address/24'"
nl status --json
json "the server too" "$out" ".[0].labs[0].leases | map([.address, .state]) == [[\"$address\", \"active\"]]"
if has tshark; then
	is "tshark sees the renewals" "$(tshark -r "$(run_dir)/dhcptest/capture.pcapng" -Y \
		"dhcp && ip.src == $address && ip.dst == 10.0.0.1 && dhcp.ip.client == $address" 2>/dev/null |
		head -n 3 | wc -l)" 3
	is "tshark finds nothing malformed" "$(tshark -r "$(run_dir)/dhcptest/capture.pcapng" -Y _ws.malformed 2>/dev/null)" ""
else
	skip "tshark sees the renewals" "no tshark"
fi
down dhcptest
done_testing

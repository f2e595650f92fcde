#!/bin/bash
# SPDX-License-Identifier: MIT
# netlab time: the lab's clock stands, runs, jumps, and everything follows it.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

client() { # jq-filter of the client's status
	nl status --json
	jq -r ".labs[0].nodes[1].interfaces[0].client | $1" <<<"$out"
}

# Seconds that the kernel still counts for host's address; "forever".
kernel_lifetime() {
	in_node host ip -4 addr show dev host | sed -n 's/.*valid_lft \([a-z0-9]*\).*/\1/p' | sed 's/sec$//'
}

between() { # name number low high
	if [ "$2" -ge "$3" ] && [ "$2" -le "$4" ]; then ok "$1"; else not_ok "$1" "$2 is not within $3-$4"; fi
}

nl_is "up" 0 up dhcptest
address=$(client .address)

nl_is "until T1" 0 time until T1 --json
json "the clock jumps to half of the lease, which is renewed" "$out" \
	'[.[] | select(.kind == "state" and .at == "host:host") | .to] == ["RENEWING", "BOUND"]'
json "RFC 2131 section 4.4.5: the REQUEST goes to the server at T1" "$out" \
	'.[] | select(.message == "REQUEST") | .t >= 1799 and .t < 1801 and .dst_ip == "10.0.0.1"'
between "the lease is an hour again" "$(client .expires_in)" 3590 3600
between "and the kernel counts an hour" "$(kernel_lifetime)" 3590 3601

nl_is "a day ahead" 0 time dhcptest +1d --json
is "each half hour the lease was renewed" "$(jq -s '[.[] | select(.message == "ACK")] | length' <<<"$out")" 48
json "half an hour apart" "$out" '[.[] | select(.message == "ACK") | .t] | [.[1:], .[:-1]] | transpose |
	map(.[0] - .[1]) | all(. > 1799 and . < 1801)'
unlike "nothing was lost on the way" "$out" '"kind":"drop"|"op":"remove"'
is "the address is the same" "$(client .address)" "$address"

nl_is "pause" 0 time pause
like "which is shown" "$out" 'time stands still'
nl status --json
json "and told" "$out" '.[0].labs[0].state == "paused"'
nl status
like "to people too" "$out" '^dhcptest: paused'
is "the kernel counts no longer" "$(kernel_lifetime)" forever
t1=$(client .t1_in)
sleep 0.3
is "no time has passed" "$(client .t1_in)" "$t1"
nl_is "messages are delivered all the same" 0 client host renew
nl_is "a jump while the clock stands" 0 time +31min
like "renews" "$out" 'BOUND -> RENEWING'
nl status --json
json "after it the clock stands again" "$out" '.[0].labs[0].state == "paused"'

nl_is "another speed, still standing" 0 time speed 60
nl_is "resume" 0 time resume
like "it is the new speed" "$out" 'runs 60 times as fast'
nl status --json
json "which status tells" "$out" '.[0].labs[0] | .state == "up" and .speed == 60'
between "the kernel counts real seconds" "$(kernel_lifetime)" 1 61

nl_is "the server falls silent" 0 exec dhcptest -- ip link set guest down
nl_is "until T2" 0 time until T2 host:host --json
json "in vain did it ask the server" "$out" '[.[] | select(.kind == "state" and .at == "host:host") | .to] |
	index("RENEWING") != null and index("REBINDING") != null'
nl_is "until expiry" 0 time until expiry --json
json "the address goes" "$out" ".[] | select(.kind == \"address\") | .op == \"remove\" and .address == \"$address/24\""
unlike "the kernel has it no longer" "$(in_node host ip -4 addr show dev host)" 'inet '
nl_is "no lease, no moment" 2 time until T1
like "which it says" "$err" 'no lease has that still before it'

down dhcptest
nl_is "up, without the router's route" 0 up dhcptest --set 'DHCPv4 host:host.UseGateway=no' \
	--set 'DHCPServer dhcptest:guest.Router=10.0.0.1'
nl_is "pause" 0 time pause
unlike "what the scenario leaves out stays out" "$(in_node host ip -4 route)" '^default'
like "the rest is there" "$(in_node host ip -4 route)" '^10\.0\.0\.0/24'

nl_is "no spec" 2 time
nl_is "a word that is none" 2 time puase
like "the nearest is named" "$err" 'did you mean "pause"'
nl_is "a moment that is none" 2 time until noon
like "those that are" "$err" 'T1, T2 or expiry'
nl_is "a speed that is none" 2 time speed 0
nl_is "too far" 2 time +101y
nl_is "a node without a client" 2 time until T1 dhcptest
nl_is "no such lab" 2 time nolab pause
down dhcptest
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# The same scenario in virtual time.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

begun=${EPOCHREALTIME/./}
nl_is "a day in virtual time" 0 sim dhcptest --for 1d
took=$((${EPOCHREALTIME/./} - begun))
if [ $took -lt 1000000 ]; then ok "it takes no second"; else not_ok "it takes no second" "${took}us"; fi
cp "$T/out" "$T/first"
# T1 is at 30 minutes and a moment: the 48th renewal is a day and a moment after the lease.
is "it shows every renewal" "$(grep -c 'BOUND -> RENEWING' "$T/first")" 47
is "and every answer" "$(grep -c ' ACK ' "$T/first")" 48
nl sim dhcptest --for 1d
is "same seed, same bytes" "$(sha256sum <"$T/out")" "$(sha256sum <"$T/first")"
nl_is "another seed" 0 sim dhcptest --for 1h --seed 8 --json
cp "$T/out" "$T/eight"
nl sim dhcptest --for 1h --seed 9 --json
if cmp -s "$T/out" "$T/eight"; then not_ok "other bytes"; else ok "other bytes"; fi
json "its events are those of a real lab" "$(<"$T/eight")" 'all(.schema == "netlab.event/1") and
	[.[] | select(.kind == "message")][:4] == ([.[] | select(.kind == "message")][:4] | map(select(.xid))) and
	([.[] | select(.kind == "message") | .message][:4] == ["DISCOVER", "OFFER", "REQUEST", "ACK"])'

nl_is "nothing but how it ended" 0 sim dhcptest --quiet
is "in one line" "$out" "dhcptest after 2ms: 1 of 1 client BOUND, 4 messages"
nl_is "a line or JSON" 2 sim dhcptest --quiet --json

# The twins: what happens in virtual time is what happens on the kernel.
story='map(select(.kind == "message" or .kind == "state" or .kind == "address")) |
	map([.kind, .at, .from, .to, .message, .xid, .yiaddr, .options, .address, .why])'
nl sim dhcptest --json
jq -s "$story" <<<"$out" >"$T/virtual"
nl_is "the same in a real lab" 0 up dhcptest
nl trace --json
jq -s "$story" <<<"$out" >"$T/real"
is "tells the same story" "$(<"$T/real")" "$(<"$T/virtual")"
down dhcptest
nothing_left "a simulation leaves nothing"
done_testing

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

# Routes come and go with the lease: a router and option 33, option 121 in their place, and a
# gateway that nobody on the link can be.
routes() { # options-of-the-server...
	cat <<-END
		[Lab]
		FormatVersion=1
		[Node srv c]
		[Wiring]
		Cable=srv:eth0 c:eth0
		[Network srv:eth0]
		Address=10.1.0.1/24
		DHCPServer=yes
		[DHCPServer srv:eth0]
		PoolStart=10.1.0.50
		PoolEnd=10.1.0.99
		Router=10.1.0.1
		$(printf 'SendOption=%s\n' "$@")
		[Network c:eth0]
		DHCP=ipv4
		[Event off]
		Node=c
		AfterSec=20
		Action=stop
	END
}
news='map(select(.kind == "address" or .kind == "route") | del(.n, .t))'
option33=33:hex:0a0700000a010007
option121=121:hex:100a080a010008180a09000a010009
elsewhere=121:hex:100a080a020001180a09000a010003
for options in "$option33" "$option121" "$elsewhere"; do
	routes "$options" >"$T/routes.ini"
	nl sim "$T/routes.ini" --for 30 --json
	jq -s "$news" <<<"$out" >"$T/virtual"
	nl_is "up, with option ${options%%:*}" 0 up "$T/routes.ini"
	nl_is "until it has stopped" 0 time +25s
	nl trace --json
	is "brings and takes the same as in virtual time" "$(jq -s "$news" <<<"$out")" "$(<"$T/virtual")"
	json "its routes, too" "$(<"$T/virtual")" '.[0] | map(select(.kind == "route").op) |
		index("add") < index("remove") and map(select(. == "add")) == map(select(. == "remove") | "add")'
	nl_is "down" 0 down
done
nothing_left "a simulation leaves nothing"
done_testing

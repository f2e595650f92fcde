#!/bin/bash
# SPDX-License-Identifier: MIT
# What the scenario has happen to a client, on the kernel: its cable goes to another subnet and back.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

cat >"$T/moved.ini" <<'END'
[Lab]
FormatVersion=1
[Node north south laptop]
[Switch up down]
[Wiring]
Cable=north:eth0 up:p0
Cable=south:eth0 down:p0
Cable=laptop:eth0 up:p1
[Network north:eth0]
Address=10.1.0.1/24
DHCPServer=yes
[Network south:eth0]
Address=10.2.0.1/24
DHCPServer=yes
[DHCPServer north:eth0 south:eth0]
Authoritative=yes
[Network laptop:eth0]
DHCP=ipv4
[Event walk]
Node=laptop
Action=move
Switch=down
AfterSec=1
[Event nap]
Node=laptop
Action=link-down
AfterSec=5
[Event wake]
Node=laptop
Action=link-up
AfterSec=6
[Event back]
Node=laptop
Action=move
Switch=up
AfterSec=8
[Event bye]
Node=laptop
Action=release
AfterSec=12
END

logged() { # jq condition
	nl trace --json
	jq -es "any(.[]; $1)" <<<"$out" >/dev/null
}

bound_to() { # address prefix
	nl status --json
	jq -e ".labs[0].nodes[] | select(.name == \"laptop\") | .interfaces[0].client |
		.state == \"BOUND\" and (.address | startswith(\"$1\"))" <<<"$out" >/dev/null
}

nl_is "up" 0 up "$T/moved.ini"
holds "at home" bound_to 10.1.0.
holds "1 s: carried to the other switch, it gets an address there" wait_for 10 bound_to 10.2.0.
nl trace --json
json "RFC 2131 section 4.3.2: the server there says NAK first" "$out" \
	'[.[] | select(.kind == "message") | .message] | .[4:6] == ["REQUEST", "NAK"]'
json "the NAK came from the other side" "$out" '[.[] | select(.message == "NAK")][0].from == "south:eth0"'
json "each message once" "$out" '[.[] | select(.message == "DISCOVER")] | length == 2'
holds "a ping finds the way" in_node laptop ping -c 1 -W 1 10.2.0.1
if in_node laptop ping -c 1 -W 1 10.1.0.1 >/dev/null 2>&1; then
	not_ok "and none goes to the switch that it left"
else
	ok "and none goes to the switch that it left"
fi
holds "5 s: the link goes down" wait_for 10 logged '.what == "laptop:eth0: the link is down" and .t > 5'
holds "6 s: it comes back" wait_for 10 logged '.what == "laptop:eth0: the link is up" and .t > 6'
holds "8 s: home again" wait_for 10 bound_to 10.1.0.
holds "12 s: released" wait_for 10 logged '.message == "RELEASE"'
nl trace --json
json "and all that happened says which event it was" "$out" \
	'[.[] | select(.kind == "lab") | .what | select(test("event"))] | length == 5'
like "the simulator has the same messages" "$("$NETLAB" sim "$T/moved.ini" --json |
	jq -r 'select(.kind == "message") | .message' | tr '\n' ' ')" \
	"^$(jq -r 'select(.kind == "message") | .message' <<<"$out" | tr '\n' ' ')\$"
down moved
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# Addresses and routes of the nodes' kernels are in the log, whoever made them: a
# command by hand, somebody else's client, the lab itself. Each change once.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/system/others.sh
. "$top/tests/system/others.sh"

# Changes so far, a line each: "op what at by".
changes() {
	nl trace --json
	jq -r 'select(.kind == "address" or .kind == "route") |
		[.op, (.address // (.route + " via " + (.gateway // "link"))), .at, (.by // "netlab")] |
		join(" ")' <<<"$out"
}

has_changes() { # number
	[ "$(changes | wc -l)" -ge "$1" ]
}

nl_is "up" 0 up dhcptest --set 'DHCPServer dhcptest:guest.Router=10.0.0.1'
nl status --json
address=$(jq -r '.labs[0].nodes[1].interfaces[0].addresses[0]' <<<"$out")
own="add $address host:host netlab
add 0.0.0.0/0 via 10.0.0.1 host:host netlab"
holds "the lab's own are there" wait_for 3 has_changes 2
is "the lease's address, and its route" "$(changes)" "$own"

nl_is "a renewal" 0 client host renew
is "changes nothing" "$(changes)" "$own"

in_node host ip addr add 192.0.2.7/24 dev host
in_node host ip addr add 192.0.2.8/24 dev host
in_node host ip addr change 192.0.2.8/24 dev host valid_lft 500 preferred_lft 500
in_node host ip route add 198.51.100.0/24 via 192.0.2.9
in_node host ip route replace 198.51.100.0/24 via 192.0.2.10
in_node host ip route del 198.51.100.0/24
in_node host ip addr del 192.0.2.7/24 dev host
in_node dhcptest ip addr add 127.1.0.1/8 dev lo
by_hand="add 192.0.2.7/24 host:host others
add 192.0.2.8/24 host:host others
add 198.51.100.0/24 via 192.0.2.9 host:host others
replace 198.51.100.0/24 via 192.0.2.10 host:host others
remove 198.51.100.0/24 via 192.0.2.10 host:host others
remove 192.0.2.8/24 host:host others
remove 192.0.2.7/24 host:host others
add 127.1.0.1/8 dhcptest:lo others"
holds "by hand: they come" wait_for 3 has_changes 10
is "each once, secondary addresses with their first" "$(changes)" "$own"$'\n'"$by_hand"

# What the lab had put there is taken by hand, and put back by the next lease.
in_node host ip addr del "$address" dev host
holds "the lease's address by hand" wait_for 3 has_changes 11
like "is marked" "$(changes | tail -n 1)" "^remove $address host:host others\$"
nl trace
like "in words" "$out" "^ *[0-9.]+s  host:host       -  $address off host:host \(not by netlab\)"
like "routes too" "$out" 'host:host       \+  default route via 10\.0\.0\.1 metric 1024 on host:host$'
nl trace --kind route
is "chosen by kind" "$(grep -c 'route' <<<"$out") $(grep -vc 'route' <<<"$out")" "4 0"
nl why host
like "why knows" "$out" "$address went off host:host \(not by netlab\)"
nl trace --html "$T/news.html"
like "the page has it" "$(<"$T/news.html")" '"kind":"route".*"by":"others"'
nl client host stop
nl client host start
is "taken away by hand, it is not taken away twice; it comes anew" "$(changes | tail -n 2)" "$own"
down dhcptest

# Somebody else's client, with a script that does what such scripts do.
server_scenario 10.4.0.50 Router=10.4.0.1 >"$T/foreign.ini"
# shellcheck disable=SC2016
printf '%s\n' '#!/bin/sh' 'PATH=$PATH:/sbin:/usr/sbin' \
	'[ "$1" = bound ] || exit 0' \
	'ip addr add "$ip/$mask" dev "$interface"' \
	'ip route add default via "$router" proto dhcp' >"$T/script"
chmod 755 "$T/script"
if has udhcpc; then
	nl_is "a lab for another client" 0 up "$T/foreign.ini"
	holds "udhcpc gets a lease" in_node host "${udhcpc[@]}" -q -n -t 5 -T 1 -s "$T/script"
	holds "its address and route are told" wait_for 3 has_changes 2
	is "as what they are" "$(changes)" "add 10.4.0.50/24 host:eth0 others
add 0.0.0.0/0 via 10.4.0.1 host:eth0 others"
	nl trace --json
	json "behind the ACK that brought them" "$out" 'map(select(.kind == "message" or .by == "others") |
		.message // .kind) == ["DISCOVER", "OFFER", "REQUEST", "ACK", "address", "route"]'
	down foreign
else
	skip "somebody else's client" "no udhcpc here"
fi
done_testing

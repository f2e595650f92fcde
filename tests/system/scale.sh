#!/bin/bash
# SPDX-License-Identifier: MIT
# A hundred clients on one switch, and a hundred servers with a client each.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

# With the sanitizers, and beside other tests, a thousand nodes take their time.
NL_SECONDS=60
switch_scenario 100 >"$T/switch.ini"

pairs_scenario() {
	cat <<-END
		[Lab]
		FormatVersion=1
		[Node s[1-100] c[1-100]]
		[Wiring]
		Cable=s[1-100]:eth0 c[1-100]:eth0
		[Network s[1-100]:eth0]
		Address=10.2.[1-100].1/24
		DHCPServer=yes
		[DHCPServer s[1-100]:eth0]
		PoolOffset=10
		PoolSize=100
		[Network c[1-100]:eth0]
		DHCP=ipv4
	END
}
pairs_scenario >"$T/pairs.ini"

# The kernel's word for it, in one process for all clients: "client address/length" a line.
addresses() { # lab
	local i
	for ((i = 1; i <= 100; i++)); do
		if [ "$mode" = root ]; then
			ip -n "$1-c$i" -j -4 addr show dev eth0
		else
			in_node "c$i" ip -j -4 addr show dev eth0
		fi
	done | jq -rs 'map(.[0].addr_info | map("\(.local)/\(.prefixlen)"))[] | if length == 1 then .[0] else "none" end'
}

test_hundred() { # lab clients-subnet
	local shown
	nl_is "$1: up" 0 up "$T/$1.ini"
	like "$1: and says of how many" "$out" '^100 of 100 clients are BOUND'
	shown=$(grep -cE '^ +[0-9.]+s ' <<<"$out")
	is "$1: it shows the first dozen of the messages" "$shown" 12
	is "$1: and says how many more there are" \
		"$(grep -Eo '[0-9]+ more' <<<"$out")" "$((400 - 12)) more"
	nl status --json
	json "$1: all are BOUND" "$out" '[.[0].labs[0].nodes[].interfaces[].client | values] |
		length == 100 and all(.state == "BOUND")'
	json "$1: all leases are active" "$out" '.[0].labs[0].leases |
		length == 100 and all(.state == "active") and (map(.mac) | unique | length) == 100'
	addresses "$1" >"$T/addresses"
	is "$1: the kernel has a hundred addresses, all distinct" \
		"$(sort -u "$T/addresses" | grep -Ec "$2")" 100
	is "$1: they are the leases" "$(sed 's,/.*,,' "$T/addresses" | sort)" \
		"$(jq -r '.labs[0].leases[].address' <<<"$out" | sort)"
	nl trace --json
	json "$1: no client needed a second try" "$out" \
		'[.[] | select(.kind == "message" and .message == "DISCOVER") | .from] | length == 100 and (unique | length) == 100'
	json "$1: nobody got a NAK" "$out" '[.[] | select(.message == "NAK" or .message == "DECLINE")] == []'
	down "$1"
}

# More ports than a bridge of the kernel's has: the switch is two, and nobody sees it.
test_wide() {
	switch_scenario 1100 >"$T/wide.ini"
	nl_is "wide: in virtual time" 0 sim "$T/wide.ini" --quiet
	nl_is "wide: up" 0 up "$T/wide.ini"
	like "wide: all are bound" "$out" '^1100 of 1100 clients are BOUND'
	is "wide: no server or port sees a difference: from a port of one bridge to one of the other" \
		"$(in_node c1 ping -c 1 -W 2 "$(in_node c1100 ip -j -4 addr show dev eth0 |
			jq -r '.[0].addr_info[0].local')" >/dev/null && echo reached)" reached
	down wide
}

test_wide
test_hundred switch '^10\.1\.[1-8]\.[0-9]+/16$'
test_hundred pairs '^10\.2\.[0-9]+\.[0-9]+/24$'
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# `up --show-commands` is a shell script that builds the same lab with ip(8),
# dnsmasq and dhclient, and takes it down again.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

[ "$mode" = root ] || skip_all "by hand it takes root"

script() { # scenario
	nl_is "$1: --show-commands" 0 up "$1" --show-commands
	cp "$T/out" "$T/$1.sh"
	nothing_left "$1: to show them touches nothing"
	holds "$1: a shell can read it" sh -n "$T/$1.sh"
}

test_dhcptest() {
	local resolv
	script dhcptest
	if ! has dnsmasq || ! has dhclient; then
		skip "dhcptest: the script builds it" "dnsmasq or dhclient is missing"
		return
	fi
	if is_alone; then
		skip "dhcptest: the script builds it" "no other user for dnsmasq to become"
		return
	fi
	resolv=$(cat /etc/resolv.conf 2>/dev/null)
	# It waits for a lease that dnsmasq may want to ping first.
	if timeout -k 5 60 sh "$T/dhcptest.sh" >"$T/by-hand" 2>&1 </dev/null; then
		ok "dhcptest: the script builds it"
	else
		not_ok "dhcptest: the script builds it" "$(<"$T/by-hand")"
	fi
	json "dhcptest: the server's address" "$(ip -n dhcptest -j -4 addr show dev guest)" \
		'.[0][0].addr_info | map([.local, .prefixlen]) == [["10.0.0.1", 24]]'
	json "dhcptest: the client has a lease" "$(ip -n dhcptest-host -j -4 addr show dev host)" \
		'.[0][0].addr_info | length == 1 and (.[0] | .prefixlen == 24 and
		(.local | test("^10\\.0\\.0\\.[0-9]+$")) and .local != "10.0.0.1")'
	holds "dhcptest: the client reaches the server" ip netns exec dhcptest-host ping -c 1 -W 2 10.0.0.1
	is "dhcptest: the machine's resolver is as it was" "$(cat /etc/resolv.conf 2>/dev/null)" "$resolv"
	if sh "$T/dhcptest.sh" >"$T/again" 2>&1; then
		not_ok "dhcptest: names that are taken are refused"
	else
		ok "dhcptest: names that are taken are refused"
	fi
	holds "dhcptest: and the lab still stands" test -e /run/netns/dhcptest
	holds "dhcptest: the script removes it" timeout 20 sh "$T/dhcptest.sh" down
	nothing_left "dhcptest: nothing is left"
	wait_for 3 no_daemon
	is "dhcptest: no daemon is left" "$(pgrep -l '^dnsm|^dhcl')" ""
}

no_daemon() {
	! pgrep '^dnsm|^dhcl' >/dev/null
}

# Without DHCP: the kernel's state is that of the lab that netlab builds itself. Who made a route
# (proto) is all that differs, and links are numbered as they come.
network() { # namespaces...
	local n
	for n; do
		ip -n "$n" -o -4 addr show
		ip -n "$n" -4 route show | sort
		ip -n "$n" -o link show | sed 's/@if[0-9]*//; s/link-netnsid [0-9]*//; s/link-netns [^ ]*//; s/qlen [0-9]*//'
	done | sed 's/ proto static//; s/ *$//'
}

test_same_network() { # scenario namespaces...
	local name=$1 by_hand
	shift
	script "$name"
	holds "$name: the script builds it" timeout 30 sh "$T/$name.sh"
	by_hand=$(network "$@")
	timeout 20 sh "$T/$name.sh" down
	nothing_left "$name: nothing is left"
	nl_is "$name: netlab builds it" 0 up "$name"
	is "$name: by hand it is the same network" "$by_hand" "$(network "$@")"
	down "$name"
}

test_dhcptest
test_same_network router router-left router-router router-right
test_same_network two-hosts two-hosts-alice two-hosts-bob
done_testing

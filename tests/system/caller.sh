#!/bin/bash
# SPDX-License-Identifier: MIT
# dhcptest-host: the client sits in the caller's own namespace, which here is a
# throw-away one. It gets an address, and keeps everything else as it was.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

if [ "$mode" = user ]; then
	nl_is "without privilege it is refused" 4 up dhcptest-host
	like "it says why" "$err" '@caller'
	nothing_left "nothing is left"
	advice=$(sed -n "s/.*--set '\([^']*\)'.*/\1/p" "$T/err")
	nl_is "what the error advises works" 0 up dhcptest-host --set "$advice"
	down dhcptest-host
	done_testing
fi

# As on a real machine: a network card, a default route, a resolver.
ip link add eth0 type veth peer name wall0
ip addr add 192.0.2.10/24 dev eth0
ip link set eth0 up
ip link set wall0 up
ip route add default via 192.0.2.1
resolver=$(cat /etc/resolv.conf 2>/dev/null)
name=$(uname -n)
remember
routes=$(ip -4 route show table all | grep -v ' dev host ')

test_up() {
	nl_is "up dhcptest-host" 0 up dhcptest-host
	like "the client is BOUND" "$out" '^host:host is BOUND to 10\.0\.0\.'
	json "the address is in the caller's namespace" "$(ip -j -4 addr show dev host)" \
		'.[0][0].addr_info | length == 1 and (.[0] | .prefixlen == 24 and (.local | startswith("10.0.0.")))'
	holds "ping, from the caller" ping -c 1 -W 2 10.0.0.1
	is "routes of the caller: only the new subnet has come" "$(ip route show | grep ' dev host ' | sed 's/ src .*//')" \
		"10.0.0.0/24 dev host proto kernel scope link"
	is "all other routes are as they were" "$(ip -4 route show table all | grep -v ' dev host ')" "$routes"
	is "the resolver is as it was" "$(cat /etc/resolv.conf 2>/dev/null)" "$resolver"
	is "the name is as it was" "$(uname -n)" "$name"
	nl_is "check" 0 check
	is "exec in the caller's node is where we are" "$(in_node host readlink /proc/self/ns/net)" \
		"$(readlink /proc/self/ns/net)"
	down dhcptest-host
	if ip link show dev host >/dev/null 2>&1; then
		not_ok "down removes the link at once"
	else
		ok "down removes the link at once"
	fi
	is "the routes are as they were" "$(ip -4 route show table all)" "$routes"
}

test_killed() {
	local status
	nl_is "up" 0 up dhcptest-host
	kill -9 "$(monitor_of dhcptest-host)"
	nl_is "down without a monitor" 0 down dhcptest-host
	nothing_left "its link is gone too"
	# A link of that name that is somebody else's stays.
	nl_is "up" 0 up dhcptest-host
	kill -9 "$(monitor_of dhcptest-host)"
	ip link del host
	ip link add host type veth peer name tsoh
	nl down dhcptest-host
	ip link show dev host >/dev/null 2>&1
	status=$?
	is "a link that is not the lab's stays" $status 0
	ip link del host
	nl down dhcptest-host
	nothing_left "and nothing of the lab does"
}

# The server offers a router and a resolver: the caller takes neither.
test_offers_refused() {
	nl_is "a server with a router and a resolver" 0 up dhcptest-host \
		--set 'DHCPServer dhcptest:guest.Router=10.0.0.1' \
		--set 'DHCPServer dhcptest:guest.DNS=10.0.0.1'
	nl trace --json
	json "the client asks for neither" "$out" '[.[] | select(.message == "DISCOVER") |
		.options["55"] | split(",") | index("3", "6")] == [null, null]'
	is "the default route is still the caller's" "$(ip route show default)" "default via 192.0.2.1 dev eth0 "
	is "so is the resolver" "$(cat /etc/resolv.conf 2>/dev/null)" "$resolver"
	down dhcptest-host
}

# A server that is no part of netlab gives what it likes; the caller takes none of the world's.
test_foreign_subnet() {
	if ! has dnsmasq || is_alone; then
		skip "a subnet that is not the scenario's" "no dnsmasq, or no other user for it to become"
		return
	fi
	cat >"$T/theirs.ini" <<-END
		[Lab]
		FormatVersion=1
		[Node srv]
		[Node host]
		Namespace=@caller
		[Wiring]
		Cable=srv:guest host:host
		[Network srv:guest]
		Address=10.0.0.1/24
		[Network host:host]
		DHCP=ipv4
	END
	nl_is "up without a server" 1 up "$T/theirs.ini" --timeout 10ms
	in_node srv ip addr add 198.51.100.1/24 dev guest
	in_node srv ip addr del 10.0.0.1/24 dev guest
	in_node srv dnsmasq --conf-file=/dev/null --port=0 --interface=guest --bind-interfaces --user=root \
		--dhcp-range=198.51.100.30,198.51.100.40,2m --log-facility=/dev/null --leasefile-ro
	nl client host stop
	nl client host start
	is_told() {
		nl trace
		grep -Fq 'the scenario has no such subnet' <<<"$out"
	}
	holds "a subnet that is not the scenario's is refused, and told" wait_for 10 is_told
	is "no address came, and no route" "$(ip -4 -o addr show dev host)$(ip route show dev host)" ""
	down theirs
}

refused() { # what
	remember
	nl_is "$1" 5 up dhcptest-host
	nothing_left "$1: nothing of ours is left"
}

test_overlap() {
	ip addr add 10.0.0.77/16 dev wall0
	refused "an address of the machine overlaps"
	like "it says which" "$err" '10\.0\.'
	ip addr del 10.0.0.77/16 dev wall0
	ip route add 10.0.0.0/8 via 192.0.2.1
	refused "a route of the machine overlaps"
	ip route del 10.0.0.0/8
	ip link add host type veth peer name tsoh
	refused "the interface's name is taken"
	like "it says which name" "$err" '"host"'
	ip link del host
	remember
}

test_up
test_killed
test_offers_refused
test_foreign_subnet
test_overlap
done_testing

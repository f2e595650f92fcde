#!/bin/bash
# SPDX-License-Identifier: MIT
# Other people's clients with netlab's server, and netlab's client with their servers.
# shellcheck source=tests/system/lib.sh disable=SC2317,SC2119
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source=tests/system/others.sh
. "$top/tests/system/others.sh"

server_scenario 10.4.0.99 DefaultLeaseTimeSec=10min Router=10.4.0.1 DNS=10.4.0.1 >"$T/server.ini"
client_scenario >"$T/client.ini"

has_released() {
	[ "$(lease .state)" = released ]
}

messages() {
	nl trace --json
	jq -rs 'map(select(.kind == "message") | .message) | join(" ")' <<<"$out"
}

test_dhclient() {
	local text leases=$T/dhclient.leases address options=(-sf /bin/true -cf /dev/null)
	if ! has dhclient; then
		skip "dhclient gets a lease from netlab" "no dhclient"
		return
	fi
	: >"$leases"
	nl_is "up with a server" 0 up "$T/server.ini"
	if text=$(in_node host "${dhclient[@]}" -1 "${options[@]}" eth0 2>&1); then
		ok "dhclient gets a lease from netlab"
	else
		not_ok "dhclient gets a lease from netlab" "$text"
	fi
	address=$(lease .address)
	like "dhclient: the address is from the pool" "$address" '^10\.4\.0\.[5-9][0-9]$'
	is "dhclient: the lease is active" "$(lease .state)" active
	like "dhclient: it wrote down the address" "$(<"$leases")" "fixed-address $address;"
	like "dhclient: it wrote down the router" "$(<"$leases")" 'option routers 10\.4\.0\.1;'
	like "dhclient: it wrote down the resolver" "$(<"$leases")" 'option domain-name-servers 10\.4\.0\.1;'
	like "dhclient: it wrote down the time" "$(<"$leases")" 'option dhcp-lease-time 600;'
	is "dhclient: four messages" "$(messages)" "DISCOVER OFFER REQUEST ACK"
	# dhclient sends it through the kernel, which needs the address that the script did not set.
	in_node host ip addr add "$address/24" dev eth0
	in_node host "${dhclient[@]}" -r "${options[@]}" eth0 >/dev/null 2>&1
	holds "dhclient: its RELEASE is taken" wait_for 5 has_released
	down server
}

test_udhcpc() {
	local text
	if ! has udhcpc; then
		skip "udhcpc gets a lease from netlab" "no udhcpc"
		return
	fi
	nl_is "up with a server" 0 up "$T/server.ini"
	text=$(in_node host "${udhcpc[@]}" -q -n -t 5 -T 1 -s /bin/true 2>&1)
	like "udhcpc gets a lease from netlab" "$text" 'lease of 10\.4\.0\.[0-9]+ obtained.*600'
	is "udhcpc: the lease is active" "$(lease .state)" active
	is "udhcpc: four messages" "$(messages)" "DISCOVER OFFER REQUEST ACK"
	down server
}

renewed_twice() {
	[ "$(messages | grep -o 'REQUEST ACK' | wc -l)" -ge 3 ]
}

# Lab time runs a hundred times as fast: two minutes, dnsmasq's shortest lease, last 1.2 seconds.
test_dnsmasq() {
	if ! has dnsmasq; then
		skip "dnsmasq serves netlab's client" "no dnsmasq"
		return
	fi
	if [ "$mode" = root ] && is_alone; then
		skip "dnsmasq serves netlab's client" "no other user for dnsmasq to become"
		return
	fi
	nl_is "up without a server" 1 up "$T/client.ini" --speed 100 --timeout 5
	starts dnsmasq srv "${dnsmasq[@]}" --dhcp-range=10.5.0.20,10.5.0.29,255.255.255.0,120 \
		--dhcp-option=option:router,10.5.0.1
	if wait_for 10 is_bound; then
		ok "dnsmasq serves netlab's client"
	else
		not_ok "dnsmasq serves netlab's client" "$(<"$T/dnsmasq.log")"$'\n'"$(messages)"
	fi
	json "dnsmasq: address, router, time" "$out" '.[0].labs[0].nodes[1].interfaces[0].client |
		(.address | test("^10\\.5\\.0\\.2[0-9]$")) and .prefix_length == 24 and
		.server_id == "10.5.0.1" and .router == ["10.5.0.1"] and .lease_seconds == 120'
	like "dnsmasq: the kernel has the route" "$(in_node host ip route)" '^default via 10\.5\.0\.1 dev eth0'
	holds "dnsmasq: the client reaches it" "$NETLAB" exec host -- ping -c 1 -W 2 10.5.0.1
	wait_for 10 renewed_twice
	is "dnsmasq extends the lease, twice" $? 0
	nl trace --json
	json "dnsmasq: the client never lost its address" "$out" \
		'[.[] | select(.kind == "address") | .op] == ["add"]'
	down client
	is "dnsmasq has ended with the lab" "$(pgrep -l '^dnsmasq')" ""
}

test_dhclient
test_udhcpc
test_dnsmasq
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# What other people's programs do with the less usual: two servers at once, INFORM,
# rapid commit, identifiers by RFC 4361, names and classes. Each is skipped where it is missing.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source=tests/system/others.sh
. "$top/tests/system/others.sh"

cat >"$T/two.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node kea masq host]
	[Switch sw]
	[Wiring]
	Cable=kea:eth0 sw:p1
	Cable=masq:eth0 sw:p2
	Cable=host:eth0 sw:p3
	[NetworkEmulator masq:eth0]
	DelaySec=300ms
	[Network kea:eth0]
	Address=10.5.0.1/24
	[Network masq:eth0]
	Address=10.5.0.2/24
	[Network host:eth0]
	DHCP=ipv4
	[DHCPv4 host:eth0]
	CollectOffersSec=4
END

client_scenario '[DHCPv4 host:eth0]' RapidCommit=yes ClientIdentifier=duid SendFQDN=server \
	Hostname=host.lab.test >"$T/client.ini"
server_scenario 10.4.0.99 DNS=10.4.0.1 Router=10.4.0.1 '[DHCPServerClass srv:eth0]' VendorClass=lab-\* \
	PoolStart=10.4.0.200 PoolEnd=10.4.0.209 >"$T/server.ini"
server_configs

ask_until_bound() {
	nl client host stop
	nl client host start
	wait_for 8 is_bound
}

# ---- two of them on one switch: the address of before wins, though the other is faster ----

# Its RELEASE is a unicast: the kernel must know where to, or the address is gone before.
begin_anew() {
	in_node host ping -c 1 -W 2 10.5.0.2 >/dev/null 2>&1
	nl client host release
	nl client host start
	wait_for 8 is_bound
}

# Kea takes its time to come up.
both_offered() {
	begin_anew
	nl trace --json
	jq -es '[.[] | select(.kind == "message" and .message == "OFFER") | .from] | .[-2:] | sort ==
		["kea:eth0", "masq:eth0"]' <<<"$out" >/dev/null
}

test_two() {
	local address
	if ! has kea-dhcp4 || ! has dnsmasq; then
		skip "Kea and dnsmasq on one switch" "no kea-dhcp4, or no dnsmasq"
		return
	fi
	nl_is "two: up, and nobody answers yet" 1 up "$T/two.ini" --timeout 0.1
	starts masq masq "${dnsmasq[@]}" --dhcp-range=10.5.0.150,10.5.0.199,255.255.255.0,3600
	holds "two: dnsmasq alone gives an address" wait_for 20 ask_until_bound
	address=$(client .address)
	like "two: of its pool" "$address" '^10\.5\.0\.1[5-9][0-9]$'
	starts kea kea "${kea[@]}"
	if wait_for 30 both_offered; then
		ok "two: Kea offers, and dnsmasq, which is farther away"
	else
		not_ok "two: Kea offers, and dnsmasq, which is farther away" "$(tail -n 20 "$T/kea.log" "$T/masq.log")
$("$NETLAB" trace)"
	fi
	is "two: the address of before is taken all the same" "$(client '"\(.address) \(.server_id)"')" \
		"$address 10.5.0.2"
	nl trace --json
	json "two: because it is that" "$out" '[.[] | select(.kind == "state" and .at == "host:eth0") | .why] |
		any(test("the address that the client had before"))'
	json "two: Kea heard of it" "$out" '[.[] | select(.kind == "message" and .message == "REQUEST" and
		.dst_ip == "255.255.255.255")] | last | .options["54"] == "10.5.0.2"'
	down two
	wait
}

# ---- one server: INFORM, identifier, name, rapid commit ----

serves() { # name program messages command...
	local name=$1 program=$2 messages=$3
	shift 3
	if ! has "$program"; then
		skip "$name and netlab's client" "no $program"
		return
	fi
	nl_is "$name: up, and nobody answers yet" 1 up "$T/client.ini" --timeout 0.1
	starts "$name" srv "$@"
	if wait_for 20 ask_until_bound; then
		ok "$name: a lease by an identifier of RFC 4361"
	else
		not_ok "$name: a lease by an identifier of RFC 4361" "$(tail -n 20 "$T/$name.log")"
	fi
	nl trace --json
	json "$name: in the messages $messages" "$out" '[.[] | select(.kind == "message") | .message] | join(" ") |
		endswith("'"$messages"'")'
	json "$name: the identifier goes there, and comes back unaltered if at all (RFC 6842)" "$out" '[.[] |
		select(.kind == "message") | .options["61"] // empty] | unique | length == 1 and
		(.[0] | test("^ff:..:..:..:..:00:04:"))'
	# systemd-networkd's server, as of version 252, has no ear for it.
	if [ "$name" = networkd ]; then
		skip "networkd: an INFORM is answered" "it has no answer to one"
		down client
		wait
		return
	fi
	nl_is "$name: inform" 0 client host inform --json
	json "$name: an INFORM is answered with parameters, and no lease (RFC 2131 section 3.4)" "$out" '[.[] |
		select(.kind == "message")] | map(.message) == ["INFORM", "ACK"] and
		(.[0] | .ciaddr != "0.0.0.0" and .options["51"] == null and .options["50"] == null) and
		(.[1] | .options["51"] == null and .yiaddr == "0.0.0.0" and .options["3"] == "10.5.0.1")'
	is "$name: and the lease runs on, with its mask" "$(client '"\(.state) \(.prefix_length)"')" "BOUND 24"
	down client
	wait
}

# ---- netlab's server: names and classes of others' clients ----

test_dhclient() {
	local leases=$T/dhclient.leases options=(-sf /bin/true -cf "$T/dhclient.conf")
	if ! has dhclient; then
		skip "dhclient with a full name and a class" "no dhclient"
		return
	fi
	cat >"$T/dhclient.conf" <<-END
		send fqdn.fqdn "host.lab.test."; send fqdn.encoded on; send fqdn.server-update on;
		send vendor-class-identifier "lab-7"; send dhcp-client-identifier ff:00:00:00:01:00:03:00:01:02:4e:4c:00:00:09;
		also request fqdn.fqdn, fqdn.server-update;
	END
	: >"$leases"
	nl_is "up with a server" 0 up "$T/server.ini"
	holds "dhclient: a lease" in_node host timeout 20 "${dhclient[@]}" -1 "${options[@]}" eth0
	nl status --json
	json "dhclient: its class has a pool of its own, its name is on record" "$out" '.[0].labs[0].leases[0] |
		(.address | test("^10\\.4\\.0\\.20[0-9]$")) and .hostname == "host.lab.test"'
	nl trace --json
	json "dhclient: the server answers with the name, and does no update (RFC 4702 section 4)" "$out" '[.[] |
		select(.kind == "message" and .message == "ACK")] | last |
		.options["81"] == "06:ff:ff:04:68:6f:73:74:03:6c:61:62:04:74:65:73:74:00"'
	in_node host "${dhclient[@]}" -x "${options[@]}" eth0 >/dev/null 2>&1
	down server
}

test_two
serves dnsmasq dnsmasq "DISCOVER ACK" "${dnsmasq[@]}" "$hour_pool" --dhcp-rapid-commit
serves kea-dhcp4 kea-dhcp4 "DISCOVER OFFER REQUEST ACK" "${kea[@]}"
serves dhcpd dhcpd "DISCOVER OFFER REQUEST ACK" "${dhcpd[@]}"
serves udhcpd udhcpd "DISCOVER OFFER REQUEST ACK" "${udhcpd[@]}"
serves networkd "$networkd" "DISCOVER OFFER REQUEST ACK" "${networkd_server[@]}"
test_dhclient
done_testing

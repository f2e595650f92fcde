#!/bin/bash
# SPDX-License-Identifier: MIT
# More of other people's servers and clients: whole programs with their own
# configuration, in a node. Each is skipped where it is missing.
# shellcheck source=tests/system/lib.sh disable=SC2317,SC2119
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source=tests/system/others.sh
. "$top/tests/system/others.sh"

client_scenario >"$T/client.ini"
server_scenario 10.4.0.99 DefaultLeaseTimeSec=10min Router=10.4.0.1 >"$T/server.ini"
server_configs

asks_and_is_bound() {
	nl client host stop
	nl client host start
	is_bound
}

# A verb that the server answers with an ACK. Its REQUEST, as the trace has it, is the RFC's.
asks() { # server's-name verb title filter-of-the-request
	nl_is "$1: $2" 0 client host "$2" --json
	json "$1: $3" "$out" "[.[] | select(.kind == \"message\" and .message == \"REQUEST\")] |
		length > 0 and all(.options[\"54\"] == null and ($4))"
	json "$1 gives its ACK to that, and the address stays" "$out" "
		([.[] | select(.kind == \"message\") | .message] | last) == \"ACK\" and
		([.[] | select(.kind == \"state\" and .at == \"host:eth0\") | .to] | last) == \"BOUND\" and
		([.[] | select(.kind == \"address\")] == [])"
}

# The server has said so, in its log or in its file.
has_freed() { # name
	local said
	if [ "$1" = udhcpd ]; then
		said=$(in_node srv sh -c "$udhcpd_leases" 2>&1)
	else
		said=$(<"$T/$1.log")
	fi
	grep -Eq "${freed[$1]}" <<<"$said"
}

# The last that the client did, in what netlab prints for these words.
has_renewed() { # words...
	nl "$@"
	jq -se '[.[] | select(.kind == "state" and .at == "host:eth0" and .from != .to)] | .[-2:] |
		map(.to) == ["RENEWING", "BOUND"] and (.[0].why | test("^T1"))' <<<"$out" >/dev/null
}

# The server stands still when it is asked, and goes on a little later.
jump_waits() {
	local line=("$started") child
	while child=$(pgrep -P "${line[-1]}"); do line+=("$child"); done
	kill -STOP "${line[-1]}"
	# `netlab exec` stands still with it.
	(sleep 0.05 && kill -CONT "${line[@]}") &
	has_renewed time until T1 --json
}

# The client gets, renews, rebinds, asks for again and gives back a lease of a program that is
# started in a node; half an hour of lab time later it renews by itself.
serves() { # name program command...
	local name=$1 address program=$2
	shift 2
	if ! has "$program"; then
		skip "$name serves netlab's client" "no $program"
		return
	fi
	nl_is "$name: up, and nobody answers yet" 1 up "$T/client.ini" --timeout 0.1
	starts "$name" srv "$@"
	if wait_for 15 asks_and_is_bound; then
		ok "$name serves netlab's client"
	else
		not_ok "$name serves netlab's client" "$(<"$T/$name.log")"
	fi
	json "$name: the client has what it gave" "$out" '.[0].labs[0].nodes[1].interfaces[0].client |
		(.address | test("^10\\.5\\.0\\.[5-9][0-9]$")) and .server_id == "10.5.0.1" and
		.router == ["10.5.0.1"] and .lease_seconds == 3600'
	address=$(jq -r '.labs[0].nodes[1].interfaces[0].client.address' <<<"$out")
	holds "$name: the client reaches it" "$NETLAB" exec host -- ping -c 1 -W 2 10.5.0.1

	asks "$name" renew "a renewal is a unicast from the address, without option 50" \
		".src_ip == \"$address\" and .dst_ip == \"10.5.0.1\" and .ciaddr == \"$address\" and .options[\"50\"] == null"
	asks "$name" rebind "a rebinding goes to everyone, without option 50" \
		".dst_ip == \"255.255.255.255\" and .ciaddr == \"$address\" and .options[\"50\"] == null"
	asks "$name" reboot "INIT-REBOOT asks everyone for the old address, and has no ciaddr" \
		".dst_ip == \"255.255.255.255\" and .ciaddr == \"0.0.0.0\" and .options[\"50\"] == \"$address\""
	nl_is "$name: half an hour of lab time" 0 time +31min
	if wait_for 5 has_renewed trace --json; then
		ok "$name: at T1 the client renews by itself"
	else
		not_ok "$name: at T1 the client renews by itself" "$out"
	fi
	if wait_for 20 jump_waits; then
		ok "$name: time does not jump past an answer that it takes a moment for"
	else
		not_ok "$name: time does not jump past an answer that it takes a moment for" "$out"
	fi

	nl_is "$name: release" 0 client host release --json
	json "$name: the release is a unicast that names the server" "$out" "[.[] | select(.kind == \"message\")] |
		length == 1 and (.[0] | .message == \"RELEASE\" and .dst_ip == \"10.5.0.1\" and
		.ciaddr == \"$address\" and .options[\"54\"] == \"10.5.0.1\")"
	is "$name: the address is gone" "$(in_node host ip -4 -o address show eth0)" ""
	if wait_for 5 has_freed "$name"; then
		ok "$name has taken the address back"
	else
		not_ok "$name has taken the address back" "$(<"$T/$name.log")"
	fi
	down client
	wait
}

# A client that is started in a node gets a lease of netlab's server, and extends it.
is_served() { # name program messages command...
	local name=$1 program=$2 messages=$3
	shift 3
	if ! has "$program"; then
		skip "netlab serves $name" "no $program"
		return
	fi
	nl_is "$name: up with a server" 0 up "$T/server.ini" --speed 60
	starts "$name" host "$@"
	if wait_for 12 is_leased; then
		ok "netlab serves $name"
	else
		not_ok "netlab serves $name" "$(<"$T/$name.log")"
	fi
	holds "$name reaches the server" wait_for 5 "$NETLAB" exec host -- ping -c 1 -W 1 10.4.0.1
	nl trace --json
	json "$name: $messages" "$out" \
		'[.[] | select(.kind == "message") | .message] | join(" ") | endswith("'"$messages"'")'
	down server
	wait
}

# shellcheck disable=SC2016
# It writes its file when it is told to; `dumpleases` reads it.
udhcpd_leases='kill -USR1 "$(cat /run/udhcpd.pid)"; sleep 0.1; dumpleases -f /var/lib/misc/udhcpd.leases'

# What each writes down when an address comes back.
declare -A freed=(
	[dnsmasq]='DHCPRELEASE\(eth0\) 10\.5\.0\.'
	[dhcpd]='^DHCPRELEASE of 10\.5\.0\..*\(found\)'
	[kea-dhcp4]='DHCP4_RELEASE .*10\.5\.0\.'
	[udhcpd]='10\.5\.0\.[5-9][0-9] .*expired'
	[networkd-server]='RELEASE'
)

serves dnsmasq dnsmasq "${dnsmasq[@]}" "$hour_pool"
serves kea-dhcp4 kea-dhcp4 "${kea[@]}"
serves dhcpd dhcpd "${dhcpd[@]}"
serves udhcpd udhcpd "${udhcpd[@]}"
# dhcpcd asks for rapid commit, and the server grants it (RFC 4039).
is_served dhcpcd dhcpcd "DISCOVER ACK" "${dhcpcd[@]}"
is_served networkd "$networkd" "DISCOVER OFFER REQUEST ACK" "${networkd_client[@]}"
serves networkd-server "$networkd" "${networkd_server[@]}"
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# More of other people's servers and clients: whole programs with their own
# configuration, in a node. Each is skipped where it is missing.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/../system/lib.sh"

cat >"$T/client.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node srv host]
	[Wiring]
	Cable=srv:eth0 host:eth0
	[Network srv:eth0]
	Address=10.5.0.1/24
	[Network host:eth0]
	DHCP=ipv4
END

cat >"$T/server.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node srv host]
	[Wiring]
	Cable=srv:eth0 host:eth0
	[Network srv:eth0]
	Address=10.4.0.1/24
	DHCPServer=yes
	[DHCPServer srv:eth0]
	PoolStart=10.4.0.50
	PoolEnd=10.4.0.99
	DefaultLeaseTimeSec=10min
	Router=10.4.0.1
END

cat >"$T/kea.json" <<-END
	{"Dhcp4": {"interfaces-config": {"interfaces": ["eth0"], "dhcp-socket-type": "raw"},
	 "lease-database": {"type": "memfile", "persist": false}, "valid-lifetime": 3600,
	 "subnet4": [{"subnet": "10.5.0.0/24", "pools": [{"pool": "10.5.0.50-10.5.0.99"}],
	  "option-data": [{"name": "routers", "data": "10.5.0.1"}]}],
	 "loggers": [{"name": "kea-dhcp4", "severity": "ERROR", "output_options": [{"output": "stdout"}]}]}}
END

cat >"$T/dhcpd.conf" <<-END
	ping-check false; default-lease-time 3600;
	subnet 10.5.0.0 netmask 255.255.255.0 { range 10.5.0.50 10.5.0.99; option routers 10.5.0.1; }
END

cat >"$T/udhcpd.conf" <<-END
	start 10.5.0.50
	end 10.5.0.99
	interface eth0
	lease_file /var/lib/misc/udhcpd.leases
	pidfile /run/udhcpd.pid
	option subnet 255.255.255.0
	option router 10.5.0.1
	option lease 3600
END

bound() {
	nl client host stop
	nl client host start
	nl status --json
	jq -e '.labs[0].nodes[1].interfaces[0].client.state == "BOUND"' <<<"$out" >/dev/null
}

last_answer() {
	nl trace --json
	jq -rs '[.[] | select(.kind == "message") | .message] | last' <<<"$out"
}

# The client gets, renews, rebinds and gives back a lease of a program that is started in a node.
serves() { # program command...
	local name=$1
	shift
	if ! has "$name"; then
		skip "$name serves netlab's client" "no $name"
		return
	fi
	nl_is "$name: up, and nobody answers yet" 1 up "$T/client.ini" --timeout 0.1
	"$NETLAB" exec srv -- "$@" >"$T/$name.log" 2>&1 </dev/null &
	if wait_for 15 bound; then
		ok "$name serves netlab's client"
	else
		not_ok "$name serves netlab's client" "$(<"$T/$name.log")"
	fi
	json "$name: the client has what it gave" "$out" '.[0].labs[0].nodes[1].interfaces[0].client |
		(.address | test("^10\\.5\\.0\\.[5-9][0-9]$")) and .server_id == "10.5.0.1" and
		.router == ["10.5.0.1"] and .lease_seconds == 3600'
	holds "$name: the client reaches it" "$NETLAB" exec host -- ping -c 1 -W 2 10.5.0.1
	nl_is "$name: renew" 0 client host renew
	is "$name extends the lease" "$(last_answer)" ACK
	nl_is "$name: rebind" 0 client host rebind
	is "$name answers the broadcast" "$(last_answer)" ACK
	nl_is "$name: release" 0 client host release
	is "$name: the address is gone" "$(in_node host ip -4 -o address show eth0)" ""
	down client
	wait
}

# A client that is started in a node gets a lease of netlab's server, and extends it.
is_served() { # name program messages command...
	local name=$1 program=$2 messages=$3
	shift 3
	if ! has "$program" && [ ! -x "$program" ]; then
		skip "netlab serves $name" "no $program"
		return
	fi
	nl_is "$name: up with a server" 0 up "$T/server.ini" --speed 60
	timeout -k 1 15 "$NETLAB" exec host -- "$@" >"$T/$name.log" 2>&1 </dev/null &
	if wait_for 12 leased; then
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

leased() {
	nl status --json
	jq -e '.labs[0].leases[0].state == "active"' <<<"$out" >/dev/null
}

networkd='printf "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n" \
	>/etc/systemd/network/lab.network
mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
chown systemd-network /run/systemd/netif /run/systemd/netif/*
exec /lib/systemd/systemd-networkd'

serves kea-dhcp4 env KEA_LOCKFILE_DIR=/run KEA_PIDFILE_DIR=/run kea-dhcp4 -c "$T/kea.json"
serves dhcpd dhcpd -4 -f -d -cf "$T/dhcpd.conf" -lf /var/lib/dhcp/dhcpd.leases -pf /run/dhcpd.pid eth0
serves udhcpd sh -c "mkdir -p /var/lib/misc; : >/var/lib/misc/udhcpd.leases; exec udhcpd -f '$T/udhcpd.conf'"
# dhcpcd asks for rapid commit, and the server grants it (RFC 4039).
is_served dhcpcd dhcpcd "DISCOVER ACK" dhcpcd -B -4 -A eth0
is_served networkd /lib/systemd/systemd-networkd "DISCOVER OFFER REQUEST ACK" sh -c "$networkd"
done_testing

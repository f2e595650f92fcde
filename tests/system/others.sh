# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
#
# Other people's DHCP programs: labs that leave room for one, their configuration, and how
# they are started. Sourced after lib.sh; what may be missing is asked for with `has`.
#
# netlab's server has 10.4.0.1 and gives from 10.4.0.50 on. Theirs have 10.5.0.1 on eth0, and give
# 10.5.0.50 to .99 for an hour, with themselves as router.

# One cable, netlab's server, and a host without a client. More keys of the server may follow.
server_scenario() { # last-address lines...
	cat <<-END
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
		PoolEnd=$1
	END
	shift
	printf '%s\n' "$@"
}

# The other way round: netlab's client, and nobody who answers.
client_scenario() { # lines...
	cat <<-END
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
	printf '%s\n' "$@"
}

# In the background, until the lab ends. What it says is in $T/NAME.log; $started is its
# ancestor.
starts() { # name node command...
	local name=$1 node=$2
	shift 2
	timeout -k 1 100 "$NETLAB" exec "$node" -- "$@" >"$T/$name.log" 2>&1 </dev/null &
	started=$!
}

# Of the client of the lab that is up, which is the host's.
client() { # jq-filter
	nl status --json
	jq -r ".labs[0].nodes[] | select(.name == \"host\").interfaces[0].client | $1" <<<"$out"
}

# Leaves the status in $out.
is_bound() {
	nl status --json
	jq -e '.labs[0].nodes[] | select(.name == "host").interfaces[0].client.state == "BOUND"' \
		<<<"$out" >/dev/null
}

# Of the lease of the server's only client.
lease() { # jq-filter
	nl status --json
	jq -r ".labs[0].leases[0] | $1" <<<"$out"
}

is_leased() {
	[ "$(lease .state)" = active ]
}

# ---- servers -------------------------------------------------------------

# Ends with the range that it gives.
dnsmasq=(dnsmasq -k -C /dev/null --port=0 --user=root --log-facility=- --log-dhcp --no-ping
	--bind-interfaces --interface=eth0 --except-interface=lo --leasefile-ro)
hour_pool=--dhcp-range=10.5.0.50,10.5.0.99,255.255.255.0,3600
kea=(env KEA_LOCKFILE_DIR=/run KEA_PIDFILE_DIR=/run kea-dhcp4 -c "$T/kea.json")
dhcpd=(dhcpd -4 -f -d -cf "$T/dhcpd.conf" -lf /var/lib/dhcp/dhcpd.leases -pf /run/dhcpd.pid eth0)
udhcpd=(sh -c "mkdir -p /var/lib/misc; : >/var/lib/misc/udhcpd.leases; exec udhcpd -f '$T/udhcpd.conf'")

kea_config() { # raw-or-udp members-of-Dhcp4
	cat >"$T/kea.json" <<-END
		{"Dhcp4": {"interfaces-config": {"interfaces": ["eth0"], "dhcp-socket-type": "$1"},
		 "lease-database": {"type": "memfile", "persist": false}, "valid-lifetime": 3600,
		 $2,
		 "loggers": [{"name": "kea-dhcp4", "severity": "INFO", "output_options": [{"output": "stdout"}]}]}}
	END
}

server_configs() {
	kea_config raw '"subnet4": [{"subnet": "10.5.0.0/24", "pools": [{"pool": "10.5.0.50-10.5.0.99"}],
		"option-data": [{"name": "routers", "data": "10.5.0.1"}]}]'
	cat >"$T/dhcpd.conf" <<-END
		ping-check false; default-lease-time 3600; authoritative;
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
}

# ---- clients -------------------------------------------------------------

# Ends with the script that it calls (-sf), its configuration (-cf), and eth0.
dhclient=(dhclient -4 -v -lf "$T/dhclient.leases" -pf "$T/dhclient.pid")
udhcpc=(udhcpc -i eth0 -f)
dhcpcd=(dhcpcd -B -4 -A eth0)

# ---- systemd-networkd, which is both --------------------------------------

networkd=/lib/systemd/systemd-networkd
# Its file's lines follow; in the node's own /etc and /run.
# shellcheck disable=SC2016
networkd_with=(env SYSTEMD_LOG_LEVEL=debug sh -c 'printf "%s\n" "$@" >/etc/systemd/network/lab.network
	mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
	chown systemd-network /run/systemd/netif /run/systemd/netif/*
	echo $$ >/run/networkd.pid
	exec "$0"' "$networkd" '[Match]' Name=eth0 '[Network]' LinkLocalAddressing=no)
networkd_client=("${networkd_with[@]}" DHCP=ipv4 '[DHCPv4]' SendRelease=yes)
networkd_server=("${networkd_with[@]}" Address=10.5.0.1/24 DHCPServer=yes '[DHCPServer]' PoolOffset=50
	PoolSize=50 DefaultLeaseTimeSec=3600 Router=10.5.0.1 EmitDNS=no EmitNTP=no)

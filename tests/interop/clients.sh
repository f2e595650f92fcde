#!/bin/bash
# SPDX-License-Identifier: MIT
# Other people's clients get, renew, rebind and release a lease of netlab's
# server, all of them at once on one switch. They go by the machine's clock, so
# the lease is as short as they all take: T1 after 10 seconds, T2 after 17.5.
# shellcheck source=tests/system/lib.sh disable=SC2317,SC2016
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source=tests/system/others.sh
. "$top/tests/system/others.sh"

cat >"$T/clients.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node srv h1 h2 h3 h4]
	[Switch sw]
	[Wiring]
	Cable=srv:eth0 sw:p0
	Cable=h[1-4]:eth0 sw:p[1-4]
	[Network srv:eth0]
	Address=10.4.0.1/24
	DHCPServer=yes
	[DHCPServer srv:eth0]
	PoolStart=10.4.0.50
	PoolEnd=10.4.0.99
	DefaultLeaseTimeSec=20
	MinLeaseTimeSec=20
	MaxLeaseTimeSec=20
	Router=10.4.0.1
END

# Its first try again comes after ten seconds otherwise.
echo "initial-interval 1; backoff-cutoff 2;" >"$T/dhclient.conf"

# What dhclient and udhcpc call with the lease.
cat >"$T/hook" <<-'END'
	#!/bin/sh
	case ${reason:-$1} in
	BOUND | RENEW | REBIND | REBOOT | bound | renew)
		ip addr replace "${new_ip_address:-$ip}/24" dev eth0
		;;
	RELEASE | EXPIRE | deconfig)
		ip addr flush dev eth0
		;;
	esac
END
chmod 755 "$T/hook"

declare -A node=() gone=()
run() { # name node program command...
	local name=$1 at=$2 program=$3
	shift 3
	if ! has "$program"; then
		skip "netlab serves $name" "no $program"
		return
	fi
	starts "$name" "$at" "$@"
	node[$name]=$at
}

# The messages of a node's client: from it, and the answers to it by their xid.
story() { # node jq-filter of them, in order
	"$NETLAB" trace --json 2>/dev/null | jq -s --arg at "$1:eth0" '
		map(select(.kind == "message")) |
		(map(select(.from == $at) | .xid)) as $ours |
		map(select(.xid as $x | $ours | index($x))) | '"$2"
}

# jq: how often the server has agreed to a REQUEST of the kind that $1 selects.
agreed() { # node filter
	story "$1" '[range(1; length) as $i | select(.[$i].message == "ACK" and .[$i - 1].message == "REQUEST") |
		.[$i - 1] | select('"$2"')] | length > 0' 2>/dev/null | grep -q true
}

all_agreed() { # filter
	local name
	for name in "${!node[@]}"; do
		agreed "${node[$name]}" "$1" || return 1
	done
}

each() { # what filter
	local name
	for name in "${!node[@]}"; do
		if agreed "${node[$name]}" "$2"; then
			ok "$name $1"
		else
			not_ok "$name $1" "$(story "${node[$name]}" 'map([.t, .message, .src_ip, .dst_ip, .ciaddr])' | jq -c '.[]')
$(tail -5 "$T/$name.log")"
		fi
	done
}

nl_is "up with a server" 0 up "$T/clients.ini"
run dhclient h1 dhclient "${dhclient[@]}" -d -sf "$T/hook" -cf "$T/dhclient.conf" eth0
run udhcpc h2 udhcpc "${udhcpc[@]}" -p /run/udhcpc.pid -s "$T/hook"
run dhcpcd h3 dhcpcd "${dhcpcd[@]}"
run networkd h4 "$networkd" "${networkd_client[@]}"
if [ ${#node[@]} -eq 0 ]; then
	down clients
	done_testing
fi

renewed='.ciaddr != "0.0.0.0" and .dst_ip == "10.4.0.1"'
rebound='.ciaddr != "0.0.0.0" and .dst_ip == "255.255.255.255"'
served() {
	nl status --json
	[ "$(jq '[.labs[0].leases[] | select(.state == "active")] | length' <<<"$out")" -eq ${#node[@]} ]
}
holds "each has a lease" wait_for 15 served
each_leased() {
	local name
	for name in "${!node[@]}"; do
		in_node "${node[$name]}" ip -4 addr show dev eth0 | grep -q '10\.4\.0\.[5-9][0-9]/24' || return 1
	done
}
holds "and has it on its interface" wait_for 10 each_leased

wait_for 25 all_agreed "$renewed"
each "renews by unicast (RFC 2131 section 4.4.5)" "$renewed"

# From now on nobody finds the server by ARP: only a broadcast comes through.
in_node srv sh -c 'echo 8 >/proc/sys/net/ipv4/conf/eth0/arp_ignore'
for name in "${!node[@]}"; do in_node "${node[$name]}" ip neigh flush dev eth0; done
wait_for 40 all_agreed "$rebound"
each "rebinds by broadcast (RFC 2131 section 4.4.5)" "$rebound"
in_node srv sh -c 'echo 0 >/proc/sys/net/ipv4/conf/eth0/arp_ignore'

release() { # name command...
	local name=$1
	shift
	if [ -n "${node[$name]:-}" ]; then
		in_node "${node[$name]}" "$@" >>"$T/$name.log" 2>&1
		gone[$name]='[.[] | select(.message == "RELEASE")] | length > 0'
	fi
}
release dhclient "${dhclient[@]}" -r -sf "$T/hook" -cf "$T/dhclient.conf" eth0
release udhcpc sh -c 'kill -USR2 "$(cat /run/udhcpc.pid)"'
release dhcpcd dhcpcd -4 -k eth0
release networkd sh -c 'kill -TERM "$(cat /run/networkd.pid)"'
released() { # name
	story "${node[$1]}" "${gone[$1]}" | grep -q true
}
for name in "${!node[@]}"; do
	holds "$name releases its lease" wait_for 5 released "$name"
done
down clients
wait
done_testing

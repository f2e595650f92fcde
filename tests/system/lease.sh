#!/bin/bash
# SPDX-License-Identifier: MIT
# What a lease puts into the kernel and the node's files, and that it takes all of it away.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

resolver() {
	in_node host cat /etc/resolv.conf
}

default_route() {
	in_node host ip -4 route show default dev eth0
}

before_host=$(cat /etc/resolv.conf 2>/dev/null)
cat >"$T/lease.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node srv host]
	[Wiring]
	Cable=srv:eth0 host:eth0
	[Network srv:eth0]
	Address=10.0.0.1/24
	DHCPServer=yes
	[DHCPServer srv:eth0]
	PoolStart=10.0.0.10
	PoolEnd=10.0.0.20
	Router=10.0.0.1
	DNS=10.0.0.53 10.0.0.54
	[Network host:eth0]
	DHCP=ipv4
END

nl_is "up" 0 up "$T/lease.ini"
is "the node's resolver file has the lease's servers" "$(resolver)" "# from the lease of host:eth0
nameserver 10.0.0.53
nameserver 10.0.0.54"
like "the default route, marked as DHCP's" "$(default_route)" '^default via 10.0.0.1 proto dhcp metric 1024'
nl_is "a renewal" 0 client host renew
unlike "brings the same routes, which is no failure" "$out" 'exists'
like "the route is still there" "$(default_route)" '^default via 10.0.0.1'
is "the server's node has none of it" "$(in_node srv cat /etc/resolv.conf)" ""

nl_is "release" 0 client host release
is "the resolver file is empty" "$(resolver)" ""
is "the route is gone" "$(default_route)" ""
is "the address is gone" "$(in_node host ip -4 -br addr show dev eth0 | awk '{ print $3 }')" ""
nl_is "start" 0 client host start
like "all is there again" "$(resolver)" 'nameserver 10.0.0.54'
like "the route too" "$(default_route)" '^default via 10.0.0.1'
is "the machine's own resolver file is as it was" "$(cat /etc/resolv.conf 2>/dev/null)" "$before_host"
down lease

# The lease of another client may not use any of it.
nl_is "up, with UseDNS=no and UseGateway=no" 0 up "$T/lease.ini" --set 'DHCPv4 host:eth0.UseDNS=no' \
	--set 'DHCPv4 host:eth0.UseGateway=no'
is "no DNS server" "$(resolver)" ""
is "no route" "$(default_route)" ""
down lease

if has dnsmasq && [ "$mode" = root ]; then
	sed -i -e '/^\[DHCPServer /,/^DNS/d' -e '/DHCPServer=yes/d' "$T/lease.ini"
	nl_is "up, with a server of another make" 1 up "$T/lease.ini" --timeout 10ms \
		--set 'DHCPv4 host:eth0.UseMTU=yes'
	in_node srv dnsmasq --conf-file=/dev/null --port=0 --interface=eth0 --bind-interfaces --user=root \
		--dhcp-range=10.0.0.30,10.0.0.40,2m --dhcp-option=option:mtu,1400 --dhcp-option=6,10.0.0.7 \
		--domain=lab.example --dhcp-option=121,10.7.0.0/16,10.0.0.9 --log-facility=/dev/null \
		--dhcp-leasefile=/var/lib/misc/leases
	nl_is "start" 0 client host reboot
	like "the MTU is the lease's" "$(in_node host ip link show dev eth0)" 'mtu 1400'
	is "the domain, too" "$(resolver | sed -n 2,3p)" "search lab.example
nameserver 10.0.0.7"
	like "RFC 3442: the classless route" "$(in_node host ip -4 route show 10.7.0.0/16)" 'via 10.0.0.9 dev eth0 proto dhcp'
	is "RFC 3442: and no other router" "$(default_route)" ""
	nl_is "release" 0 client host release
	like "the link has its own MTU again" "$(in_node host ip link show dev eth0)" 'mtu 1500'
	is "no route is left" "$(in_node host ip -4 route show proto dhcp)" ""
	down lease
else
	skip "MTU, domain and classless routes" "no dnsmasq, or no root"
fi
done_testing

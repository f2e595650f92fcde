#!/bin/bash
# SPDX-License-Identifier: MIT
# Other people's clients, and other people's servers, with netlab's relay agent between
# them. Each pair is skipped where one of the two is missing.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source=tests/system/others.sh
. "$top/tests/system/others.sh"

cat >"$T/relay.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node host router srv]
	[Wiring]
	Cable=host:eth0 router:lan
	Cable=router:wan srv:eth0
	[Network host:eth0]
	[Network router:lan]
	Address=10.6.0.1/24
	IPForward=yes
	DHCPServer=yes
	[DHCPServer router:lan]
	RelayTarget=10.7.0.1
	RelayAgentCircuitId=string:lan
	RelayAgentRemoteId=string:router
	[Network router:wan]
	Address=10.7.0.2/24
	[Network srv:eth0]
	Address=10.7.0.1/24
	Gateway=10.7.0.2
END

# Kea has a pool for this link only if option 82 says where it is.
kea_config udp '"client-classes": [{"name": "lan",
	  "test": "relay4[1].hex == '"'lan' and relay4[2].hex == 'router'"'"}],
	 "subnet4": [{"subnet": "10.6.0.0/24",
	  "pools": [{"pool": "10.6.0.50-10.6.0.99", "client-class": "lan"}],
	  "option-data": [{"name": "routers", "data": "10.6.0.1"}]}]'

cat >"$T/dhcpd.conf" <<-END
	ping-check false; default-lease-time 3600;
	class "lan" { match if option agent.circuit-id = "lan"; }
	subnet 10.7.0.0 netmask 255.255.255.0 { }
	subnet 10.6.0.0 netmask 255.255.255.0 {
		option routers 10.6.0.1;
		pool { allow members of "lan"; range 10.6.0.50 10.6.0.99; }
	}
END

# Suboption 1 is "lan", 2 is "router".
info=01:03:6c:61:6e:02:06:72:6f:75:74:65:72

run_dhclient() {
	: >"$T/dhclient.leases"
	timeout -k 1 15 "$NETLAB" exec host -- "${dhclient[@]}" -1 -sf /bin/true -cf /dev/null eth0
}

end_dhclient() {
	in_node host "${dhclient[@]}" -x -sf /bin/true -cf /dev/null eth0 >/dev/null 2>&1
}

run_udhcpc() {
	timeout -k 1 15 "$NETLAB" exec host -- "${udhcpc[@]}" -n -q -t 8 -T 1 -s /bin/true
}

end_udhcpc() {
	:
}

# Client, server, and the server's command.
relayed() {
	local client=$1 server=$2 name="$1, netlab's relay agent, $2"
	shift 2
	if ! has "$client" || ! has "$server"; then
		skip "$name" "no $client, or no $server"
		return
	fi
	nl_is "$name: up" 0 up "$T/relay.ini"
	starts "$server" srv "$@"
	if wait_for 20 "run_$client" >"$T/$client.log" 2>&1; then
		ok "$name: a lease"
	else
		not_ok "$name: a lease" "$(tail -n 20 "$T/$client.log" "$T/$server.log")"
	fi
	"end_$client"
	nl trace --json
	json "$name: the request came with giaddr and option 82, as written" "$out" \
		'any(.[]; .kind == "message" and .message == "REQUEST" and .to == "srv:eth0" and
		.giaddr == "10.6.0.1" and .hops == 1 and .options["82"] == "'"$info"'")'
	json "$name: the server gave it back, and the agent took it out" "$out" \
		'any(.[]; .kind == "message" and .message == "ACK" and .from == "srv:eth0" and
		.options["82"] == "'"$info"'") and
		any(.[]; .kind == "message" and .message == "ACK" and .from == "router:lan" and
		.options["82"] == null and (.yiaddr | test("^10[.]6[.]0[.][5-9][0-9]$")))'
	down relay
	wait
}

relayed dhclient kea-dhcp4 "${kea[@]}"
relayed udhcpc dhcpd "${dhcpd[@]}"
relayed udhcpc dnsmasq dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --no-ping --user=root \
	--dhcp-range=10.6.0.50,10.6.0.99,255.255.255.0,1h --dhcp-option=3,10.6.0.1 \
	--dhcp-leasefile="$T/dnsmasq.leases" --log-facility=-
done_testing

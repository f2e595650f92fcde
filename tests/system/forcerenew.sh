#!/bin/bash
# SPDX-License-Identifier: MIT
# A server has its clients renew (RFC 3203, RFC 6704), and answers questions about leases
# (RFC 4388).
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

lab() { # name, more keys of the server, keys of client c, more sections
	cat >"$T/$1.ini" <<-END
		[Lab]
		FormatVersion=1
		[Node srv c d agent]
		[Switch sw]
		[Wiring]
		Cable=srv:eth0 sw:p1
		Cable=c:eth0 sw:p2
		Cable=d:eth0 sw:p3
		Cable=agent:eth0 sw:p4
		[Network srv:eth0]
		Address=10.0.0.1/24
		DHCPServer=yes
		[DHCPServer srv:eth0]
		PoolStart=10.0.0.10
		PoolEnd=10.0.0.20
		$2
		[Network agent:eth0]
		Address=10.0.0.3/24
		[Network c:eth0 d:eth0]
		DHCP=ipv4
		[DHCPv4 c:eth0]
		ForceRenew=yes
		${3-}
		${4-}
	END
}

# Of the messages that client $1 sent or got since the last time, their types in order.
messages() { # client
	nl trace --json
	jq -r --arg c "$1:eth0" 'select(.kind == "message" and (.from == $c or .to == $c)) |
		.message' <<<"$out" | tail -n +$((${seen:-0} + 1)) | paste -sd' '
}

# ---- FORCERENEW ----

lab force ForceRenew=yes
nl_is "force: up" 0 up "$T/force.ini"
messages c >"$T/before"
seen=$(wc -w <"$T/before")
nl_is "the server has its clients renew" 0 client srv forcerenew
like "it says which of them, and why" "$out" 'renew now'
is "who can check it renews at once" "$(messages c)" "FORCERENEW REQUEST ACK"
nl trace
like "who can not is left alone, and the log says so" "$out" 'no nonce to check a FORCERENEW'
nl_is "again: no replay" 0 client srv:eth0 forcerenew
nl_is "a client is told that it is for servers" 2 client c forcerenew
like "in words" "$err" 'forcerenew is for servers'
nl client srv stop
nl_is "a server that is off can not" 5 client srv forcerenew
nl client srv start
nl_is "started again it has the nonces on record" 0 client srv forcerenew
nl_is "force: down" 0 down

# ---- as an event, and in the simulator ----

lab event ForceRenew=yes '' $'[Event now]\nNode=srv\nAction=forcerenew\nAfterSec=100'
nl_is "an event, simulated" 0 sim "$T/event.ini" --for 200 --json
is "has the client renew" "$(jq -r 'select(.kind == "message" and (.from == "c:eth0" or
	.to == "c:eth0")) | .message' <<<"$out" | tail -3 | paste -sd' ')" "FORCERENEW REQUEST ACK"
lab client ForceRenew=yes '' $'[Event now]\nNode=c\nAction=forcerenew\nAfterSec=100'
nl_is "not at a client" 3 lint "$T/client.ini"
like "and it says what it lacks" "$err" 'runs no DHCP server'

# ---- without the key ----

lab off "" ""
nl_is "off: up" 0 up "$T/off.ini"
nl_is "without ForceRenew=yes nobody has a nonce" 5 client srv forcerenew
nl_is "off: down" 0 down

# ---- LEASEQUERY ----

# From the agent, about address $1; the type of the answer and its ciaddr.
ask() { # address
	nl exec agent -- python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.0.0.3", 67))
s.settimeout(3)
ip = socket.inet_aton
s.sendto(bytes([1, 0, 0, 0]) + b"quer" + bytes(4) + ip(sys.argv[1]) + bytes(8) +
         ip("10.0.0.3") + bytes(208) + bytes([99, 130, 83, 99, 53, 1, 10, 55, 2, 51, 91, 255]),
         ("10.0.0.1", 67))
try:
    reply = s.recv(2000)
except TimeoutError:
    print("silence")
else:
    print(reply[242], socket.inet_ntoa(reply[12:16]), reply[4:8].decode(),
          ",".join(str(c) for c in (51, 91) if bytes([c, 4]) in reply[240:]))
' "$1"
}

lab query LeaseQueryFrom=10.0.0.3
nl_is "query: up" 0 up "$T/query.ini"
nl status --json
mine=$(jq -r '[.labs[0].nodes[].interfaces[] | select(.client != null) |
	.client.address][0]' <<<"$out")
ask "$mine"
is "LEASEACTIVE for an address that is leased" "$out" "13 $mine quer 51,91"
ask 10.0.0.20
is "LEASEUNASSIGNED for one that nobody has" "$out" "11 10.0.0.20 quer "
ask 10.0.0.200
is "LEASEUNKNOWN for one outside of the pool" "$out" "12 10.0.0.200 quer "
nl trace
like "the trace says who asked what" "$out" "LEASEQUERY .*who has $mine"
nl_is "query: down" 0 down

lab secret $'LeaseQueryFrom=10.0.0.3\nLeaseQueryDenyOptions=91'
nl_is "secret: up" 0 up "$T/secret.ini"
ask "$mine"
is "what is not to be told is left out" "$out" "13 $mine quer 51"
nl_is "secret: down" 0 down

lab quiet LeaseQueryFrom=10.9.0.0/16
nl_is "quiet: up" 0 up "$T/quiet.ini"
ask 10.0.0.10
is "a stranger gets no answer" "$out" silence
nl trace
like "and the log says why" "$out" 'none of those that may ask'
nl_is "quiet: down" 0 down

done_testing

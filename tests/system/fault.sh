#!/bin/bash
# SPDX-License-Identifier: MIT
# Cables that are wires: faults by message, impairments, a switch that snoops; netlab's own
# client and other people's.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

pair() { # more
	cat <<-END
		[Lab]
		FormatVersion=1
		[Node srv c]
		[Wiring]
		Cable=srv:eth0 c:eth0
		[Network srv:eth0]
		Address=10.0.0.1/24
		DHCPServer=yes
		[DHCPServer srv:eth0]
		PoolStart=10.0.0.10
		PoolEnd=10.0.0.20
	END
}

{
	pair
	cat <<-END
		[Network c:eth0]
		DHCP=ipv4
		[Fault lossy]
		Type=drop
		Message=OFFER
		Count=2
		[Fault twice]
		Type=duplicate
		Message=ACK
		[NetworkEmulator c:eth0]
		DelaySec=1s
	END
} >"$T/lossy.ini"
nl_is "lossy: up" 0 up "$T/lossy.ini" --set Lab.Speed=50 --timeout 60
nl trace --json
json "two OFFERs are lost, so there are three DISCOVERs, 4 s and 8 s apart" "$out" \
	'[.[] | select(.message == "DISCOVER") | .t] | length == 3 and
	(.[1] - .[0] | . > 2.9 and . < 5.5) and (.[2] - .[1] | . > 6.9 and . < 9.5)'
json "each loss is in the log, after the message, with its fault" "$out" \
	'[.[] | select(.kind == "fault" and .at == "srv:eth0") | .what][:2] ==
	["OFFER DROPPED BY FAULT lossy (1 of 2)", "OFFER DROPPED BY FAULT lossy (2 of 2)"]'
json "what the client sends is a second late" "$out" \
	'[.[] | select(.message == "REQUEST" or .message == "ACK") | .t] | .[1] - .[0] | . >= 1 and . < 3'
json "the second ACK is ignored" "$out" 'any(.[]; .kind == "drop" and .message == "ACK")'
holds "the capture has every message once" test "$(jq -es '[.[] | select(.kind == "message") | .frame] |
	. == (unique)' <<<"$out")" = true
down lossy

# As much as a wire carries when there is nothing to do, and a bit that is turned round.
{
	pair
	cat <<-END
		[NetworkEmulator c:eth0]
		[Fault broken]
		Type=corrupt
		Message=DISCOVER
		Count=1
	END
} >"$T/plain.ini"
nl_is "plain: up" 0 up "$T/plain.ini"
in_node c ip addr add 10.0.0.2/24 dev eth0
holds "a ping crosses the wire" in_node c ping -c 1 -W 2 10.0.0.1
if has python3; then
	head -c 3000000 /dev/urandom >"$T/sent"
	in_node srv python3 -c 'import socket,sys
s = socket.create_server(("10.0.0.1", 5000)); c = s.accept()[0]
while True:
    d = c.recv(65536)
    if not d: break
    sys.stdout.buffer.write(d)' >"$T/got" &
	server=$!
	holds "3 MB of TCP cross the wire" wait_for 10 in_node c python3 -c 'import socket,sys
s = socket.create_connection(("10.0.0.1", 5000)); s.sendall(open(sys.argv[1], "rb").read())' "$T/sent"
	wait $server
	holds "and arrive as they were" cmp "$T/sent" "$T/got"
fi
if has udhcpc; then
	holds "udhcpc gets a lease over a wire" in_node c udhcpc -i eth0 -n -q -f -t 5 -T 1 -s /bin/true
	nl trace --json
	json "its first DISCOVER was broken, so that it sent a second" "$out" \
		'([.[] | select(.kind == "fault") | .what] == ["DISCOVER CORRUPTED BY FAULT broken (1 of 1)"]) and
		([.[] | select(.kind == "message" and .message == "DISCOVER")] | length == 2)'
else
	skip "udhcpc gets a lease over a wire" "no udhcpc"
fi
down plain

# Machines that go and come.
{
	pair
	cat <<-END
		[Network c:eth0]
		DHCP=ipv4
		[Fault power]
		Type=crash
		Node=srv
		AfterSec=5s
		RestartSec=5s
		[Fault fuse]
		Type=crash
		Node=c
		AfterSec=6s
		RestartSec=1s
	END
} >"$T/crash.ini"
crashes='[.[] | select(.kind == "fault") | [.at, .what]] == [
	["srv:eth0", "SERVER CRASHED BY FAULT power"], ["c:eth0", "CLIENT CRASHED BY FAULT fuse"],
	["c:eth0", "CLIENT STARTED AGAIN AFTER FAULT fuse"],
	["srv:eth0", "SERVER STARTED AGAIN AFTER FAULT power"]]'
nl_is "crash: in virtual time" 0 sim "$T/crash.ini" --json
json "crash: in virtual time, in their order" "$out" "$crashes"
nl_is "crash: up" 0 up "$T/crash.ini" --set Lab.Speed=20
back_again() {
	nl trace --json
	jq -es '[.[] | select(.kind == "address") | .op] == ["add", "remove", "add"]' <<<"$out" >/dev/null
}
holds "crash: the client has its lease again" wait_for 10 back_again
nl trace --json
json "crash: both have gone and come" "$out" "$crashes"
json "crash: the server knew the lease: it is the same address" "$out" \
	'[.[] | select(.kind == "address") | .address] | unique | length == 1'
json "crash: while the server was away nobody answered" "$out" \
	'all(.[]; .kind != "message" or .from != "srv:eth0" or .t < 5 or .t >= 10)'
down crash

# Live, on a cable that is no wire: at the sockets of netlab's own machines.
struck() {
	nl trace --json
	jq -rs '[.[] | select(.kind == "fault") | .what] | join("; ")' <<<"$out"
}
renewed() {
	nl trace --json
	jq -es '[.[] | select(.kind == "message" and .message == "ACK")] | length == '"$1" <<<"$out" >/dev/null
}
nl_is "live: up" 0 up dhcptest --set Lab.Speed=20
nl_is "live: add" 0 fault add drop --message ACK --count 1
like "live: it says its name" "$out" 'fault live-1 is in force'
nl client host renew --timeout 0.2s
is "live: the answer to a renewal is lost" "$(struck)" "ACK DROPPED BY FAULT live-1 (1 of 1)"
holds "live: and comes when it is asked for again" wait_for 10 renewed 1
nl_is "live: list" 0 fault list --json
json "live: it has struck once" "$out" '.[0].faults == [{"name": "live-1", "type": "drop", "node": "",
	"direction": "both", "message": "ACK", "count": 1, "rate": 1, "struck": 1}]'
nl_is "live: of one node, with a name" 0 fault dhcptest add delay --message REQUEST --node host --direction from \
	--delay 2s --name slow
nl_is "live: renew" 0 client host renew
json "live: the answer is two seconds later" "$(nl client host renew --json; echo "$out")" \
	'[.[] | select(.kind == "fault" or .message == "ACK") | .t] | .[1] - .[0] | . > 1.9'
nl_is "live: a name that is taken" 5 fault add drop --message ACK --name slow
like "live: says so" "$err" 'a fault "slow" already'
nl_is "live: any frame needs a wire" 5 fault add drop
like "live: says which section makes one" "$err" 'no wire: only messages.*\[NetworkEmulator dhcptest:guest\]'
nl_is "live: no such message" 2 fault add drop --message OFER
like "live: the nearest" "$err" 'did you mean "OFFER"'
nl_is "live: no such fault" 2 fault add dorp
like "live: the nearest fault" "$err" 'did you mean "drop"'
nl_is "live: clear" 0 fault clear
nl_is "live: none is left" 0 fault list
like "live: says so too" "$out" 'has no faults'
down dhcptest

# Live, on a wire: anything of anybody.
nl_is "live wire: up" 0 up dhcptest --set 'NetworkEmulator host:host.LossRate=0%'
nl_is "live wire: cut" 0 fault add drop
if in_node host ping -c 1 -W 1 10.0.0.1 >/dev/null; then
	not_ok "live wire: no ping crosses it"
else
	ok "live wire: no ping crosses it"
fi
nl_is "live wire: mended" 0 fault clear
holds "live wire: a ping crosses it" in_node host ping -c 1 -W 2 10.0.0.1
down dhcptest

cat >"$T/rogue.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node srv rogue c]
	[Switch sw]
	DHCPSnooping=yes
	TrustedPort=p1
	[Wiring]
	Cable=srv:eth0 sw:p1
	Cable=rogue:eth0 sw:p2
	Cable=c:eth0 sw:p3
	[NetworkEmulator srv:eth0]
	DelaySec=100ms
	[Network srv:eth0]
	Address=10.0.0.1/24
	DHCPServer=yes
	[Network rogue:eth0]
	Address=10.0.0.2/24
	DHCPServer=yes
	[DHCPServer srv:eth0]
	PoolStart=10.0.0.10
	PoolEnd=10.0.0.20
	[DHCPServer rogue:eth0]
	PoolStart=10.0.0.110
	PoolEnd=10.0.0.120
	[Network c:eth0]
	DHCP=ipv4
END
nl_is "rogue: up with snooping" 0 up "$T/rogue.ini"
nl trace --json
json "the client has an address of the honest server" "$out" \
	'[.[] | select(.kind == "address") | .address][0] | test("^10.0.0.(1.|20)/")'
json "the switch says what it has not let through, and why" "$out" \
	'any(.[]; .kind == "drop" and .at == "sw:p2" and .message == "OFFER" and (.why | test("not trusted")))'
down rogue
nl_is "rogue: up without snooping" 0 up "$T/rogue.ini" --set 'Switch sw.DHCPSnooping=no'
nl trace --json
json "the rogue was faster" "$out" '[.[] | select(.kind == "address") | .address][0] | test("^10.0.0.1[12].")'
down rogue
done_testing

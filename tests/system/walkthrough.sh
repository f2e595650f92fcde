#!/bin/bash
# SPDX-License-Identifier: MIT
# The walkthrough: one server, one client, four messages; what people see, what
# the kernel has, what the wire carried, what scripts read.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

frames=$(run_dir)/dhcptest/capture.pcapng

ip_json() { # node, arguments of ip
	local node=$1
	shift
	in_node "$node" ip -j "$@"
}

test_picture() {
	nl_is "up dhcptest" 0 up dhcptest
	like "it says what it is about" "$out" '^dhcptest: .*seed 7'
	like "it shows the namespaces" "$out" '^ *ok +namespace +dhcptest, host$'
	like "it shows the cable" "$out" '^ *ok +cable +dhcptest:guest -- host:host$'
	like "it shows the address" "$out" '^ *ok +address +dhcptest:guest 10\.0\.0\.1/24$'
	like "it shows the server" "$out" '^ *ok +server +dhcptest:guest leases 10\.0\.0\.2-10\.0\.0\.254 for 1h$'
	like "it shows the client" "$out" '^ *ok +client +host:host$'
	is "it shows the four messages in order" \
		"$(grep -Eo '(DISCOVER|OFFER|REQUEST|ACK) ' <<<"$out" | xargs)" "DISCOVER OFFER REQUEST ACK"
	like "it says BOUND" "$out" '^host:host is BOUND to 10\.0\.0\.[0-9]+/24'
	leased=$(sed -n 's/^host:host is BOUND to \([0-9.]*\).*/\1/p' <<<"$out")
	nl_is "a second up changes nothing" 0 up dhcptest
	like "a second up says so" "$out" '^dhcptest is already up$'
}

test_kernel() {
	local text
	text=$(in_node dhcptest ip addr show dev guest)
	like "the server has its address" "$text" 'inet 10\.0\.0\.1/24 '
	text=$(ip_json host -4 addr show dev host)
	json "the client has the leased address" "$text" \
		".[0][0].addr_info | map(select(.local == \"$leased\" and .prefixlen == 24)) | length == 1"
	# The kernel counts whole seconds, and rounds them up.
	json "the kernel knows how long the lease is" "$text" \
		'.[0][0].addr_info[0] | .valid_life_time > 3500 and .valid_life_time <= 3601'
	text=$(in_node host ping -c 1 -W 2 10.0.0.1 2>&1)
	like "the client reaches the server" "$text" ' 1 received'
	[ "$mode" = root ] || return
	text=$(ip netns exec dhcptest ip addr show dev guest)
	like "ip netns exec finds the server" "$text" 'inet 10\.0\.0\.1/24 '
	text=$(ip netns exec dhcptest-host ip -4 addr show dev host)
	like "ip netns exec finds the client" "$text" "inet $leased/24 .* host"
	like "its lease has an end there" "$text" 'valid_lft 3[56][0-9]{2}sec'
}

listens() { # node port
	[ -n "$(in_node "$1" ss -Hltn "sport = :$2")" ]
}

test_netcat() {
	local server
	if ! has nc || ! nc -h 2>&1 | grep -q -- '-N'; then
		skip "netcat, both ways" "no nc with -N"
		return
	fi
	echo "from the server" | in_node dhcptest nc -N -l 1234 >"$T/at-server" 2>/dev/null &
	server=$!
	wait_for 5 listens dhcptest 1234
	echo "from the client" | in_node host nc -N 10.0.0.1 1234 >"$T/at-client" 2>/dev/null
	wait $server
	is "netcat: the server hears the client" "$(<"$T/at-server")" "from the client"
	is "netcat: the client hears the server" "$(<"$T/at-client")" "from the server"
}

fields() { # filter field...
	local filter=$1 args=() f
	shift
	for f; do args+=(-e "$f"); done
	tshark -r "$frames" -o udp.check_checksum:TRUE -o ip.check_checksum:TRUE -Y "$filter" \
		-T fields "${args[@]}" 2>/dev/null
}

test_capture() {
	local trace
	if ! has tshark; then
		skip "tshark reads the capture" "no tshark"
		return
	fi
	holds "tshark reads the capture to its end" tshark -r "$frames"
	is "tshark finds nothing malformed" "$(tshark -r "$frames" -Y _ws.malformed 2>&1 | grep -v 'Running as user')" ""
	is "tshark's expert finds no error" "$(tshark -r "$frames" -q -z expert,error 2>/dev/null | grep -c Errors)" 0
	is "all UDP checksums are good" "$(fields udp udp.checksum.status | sort -u | sed 's/Good/1/')" 1
	is "all IPv4 header checksums are good" "$(fields ip ip.checksum.status | sort -u | sed 's/Good/1/')" 1
	is "tshark sees DISCOVER OFFER REQUEST ACK" "$(fields dhcp dhcp.option.dhcp | xargs)" "1 2 3 5"
	is "tshark sees one transaction id" "$(fields dhcp dhcp.id | sort -u | wc -l)" 1
	nl trace --json
	trace=$(jq -r 'select(.kind == "message") | [.frame, .xid, .src_mac, .yiaddr] | @tsv' <<<"$out")
	is "the trace tells of the same frames" "$trace" \
		"$(fields dhcp frame.number dhcp.id eth.src dhcp.ip.your | sed 's/0x//')"
}

test_status() {
	nl_is "status" 0 status
	like "status names the client's state" "$out" 'BOUND'
	nl_is "status --json" 0 status --json
	json "status: its schema" "$out" '.[0].schema == "netlab.status/1"'
	json "status: the lab's fields" "$out" '.[0].labs | length == 1 and (.[0] |
		.name == "dhcptest" and .state == "up" and .speed == 1 and .seed == 7 and
		(.up_seconds | type) == "number" and (.scenario | endswith("dhcptest.ini")))'
	json "status: the mode" "$out" ".[0].labs[0].rootless == $([ "$mode" = user ] && echo true || echo false)"
	json "status: the nodes" "$out" '.[0].labs[0].nodes |
		map([.name, .netns]) == [["dhcptest", "dhcptest"], ["host", "dhcptest-host"]]'
	json "status: the interfaces" "$out" '.[0].labs[0].nodes[0].interfaces |
		length == 1 and (.[0] | .name == "guest" and .peer == "host:host" and .up == true and
		.addresses == ["10.0.0.1/24"] and .client == null and
		(.mac | test("^([0-9a-f]{2}:){5}[0-9a-f]{2}$")))'
	json "status: the server" "$out" '.[0].labs[0].nodes[0].interfaces[0].server |
		.program == "netlab" and .pools == [{subnet: "10.0.0.0/24", first: "10.0.0.2",
		last: "10.0.0.254", size: 253, leased: 1, free: 252}]'
	json "status: the client" "$out" ".[0].labs[0].nodes[1].interfaces[0] |
		.addresses == [\"$leased/24\"] and .server == null and (.client |
		.state == \"BOUND\" and .address == \"$leased\" and .prefix_length == 24 and
		.server_id == \"10.0.0.1\" and .router == [] and .dns == [] and
		.lease_seconds == 3600 and .t1_in <= 1800 and .t1_in > 1700 and .t2_in <= 3150 and
		.t2_in > 3050 and .expires_in <= 3600 and .expires_in > 3500 and .program == \"netlab\")"
	json "status: the lease" "$out" ".[0].labs[0] | .leases == [{server: \"dhcptest:guest\",
		address: \"$leased\", mac: .nodes[1].interfaces[0].mac,
		client_id: (\"01:\" + .nodes[1].interfaces[0].mac), hostname: \"host\",
		state: \"active\", expires_in: .leases[0].expires_in}]"
	is "status: netns_path is the node" \
		"$(jq -r '.labs[0].nodes[0].netns_path' <<<"$out" | xargs stat -L -c %i)" \
		"$(in_node dhcptest stat -L -c %i /proc/self/ns/net)"
}

test_trace() {
	nl_is "trace --json" 0 trace --json
	json "trace: every line has its schema" "$out" 'all(.schema == "netlab.event/1")'
	json "trace: lines are numbered and in order" "$out" \
		'map(.n) == [range(1; length + 1)] and (map(.t) | . == sort)'
	json "trace: the message's fields" "$out" '[.[] | select(.kind == "message")] | length == 4 and
		all((["cable", "from", "to", "message", "xid", "src_mac", "dst_mac", "src_ip", "dst_ip",
		"secs", "flags", "ciaddr", "yiaddr", "siaddr", "giaddr", "options", "length", "frame"]
		- keys) == [])'
	json "trace: the four messages, one transaction" "$out" '[.[] | select(.kind == "message")] |
		map(.message) == ["DISCOVER", "OFFER", "REQUEST", "ACK"] and (map(.xid) | unique | length) == 1'
	json "trace: places and addresses" "$out" "[.[] | select(.kind == \"message\")] |
		(.[0] | .from == \"host:host\" and .to == \"everyone\" and .src_ip == \"0.0.0.0\" and
		.dst_ip == \"255.255.255.255\" and .cable == \"dhcptest:guest--host:host\") and
		(.[3] | .from == \"dhcptest:guest\" and .to == \"host:host\" and .yiaddr == \"$leased\" and
		.options[\"51\"] == \"3600\" and .options[\"1\"] == \"255.255.255.0\" and
		.options[\"54\"] == \"10.0.0.1\")"
	json "trace: the client's way" "$out" '[.[] | select(.kind == "state" and .at == "host:host") |
		.from, .to] == ["INIT", "SELECTING", "SELECTING", "REQUESTING", "REQUESTING", "BOUND"]'
	json "trace: every transition has its reason and its rule" "$out" \
		'[.[] | select(.kind == "state")] | all((.why | length) > 0 and (.rfc | startswith("RFC 2131")))'
	json "trace: the address that came" "$out" "[.[] | select(.kind == \"address\")] |
		map([.at, .op, .address]) == [[\"host:host\", \"add\", \"$leased/24\"]]"
	json "trace: the lab itself" "$out" '[.[] | select(.kind == "lab")] | length > 0 and all(.what != "")'
	nl_is "trace --explain" 0 trace --explain
	is "trace --explain: in 80 columns" "$(awk 'length > 80' <<<"$out")" ""
	like "trace --explain: a datagram under its frame" "$out" \
		'^ {12}0\.0\.0\.0:68 -> 255\.255\.255\.255:67   [0-9]+ bytes$'
}

test_check() {
	nl_is "check" 0 check
	nl_is "check --json" 0 check --json
	json "check: its fields" "$out" '.[0] | .schema == "netlab.check/1" and .lab == "dhcptest" and
		.passed == 3 and .failed == 0 and .skipped == 0 and .points == 6 and .of == 6'
	json "check: its results" "$out" '.[0].results | map([.name, .result, .points, .of]) ==
		[["lease", "pass", 2, 2], ["dora", "pass", 2, 2], ["reach", "pass", 2, 2]] and
		all((.evidence | length) > 0)'
	in_node dhcptest ip link set guest down
	nl_is "check fails when the cable is out" 1 check
	like "it says which expectation" "$out" 'FAIL +reach'
	like "it has a hint" "$out" 'hint: .*netlab exec dhcptest -- ip'
	nl_is "check --json fails too" 1 check --json
	json "check: the failure, with a hint" "$out" '.[0] | .failed == 1 and .points == 4 and
		([.results[] | select(.result == "fail")] | length == 1 and
		(.[0] | .name == "reach" and .points == 0 and (.hint | length) > 0))'
	in_node dhcptest ip link set guest up
	nl_is "check is well again afterwards" 0 check --wait 5
}

test_exec() {
	local text
	in_node host sh -c 'exit 7'
	is "exec passes the status on" $? 7
	in_node host sh -c 'kill -TERM $$'
	is "exec tells of a signal" $? 143
	in_node host /nonexistent/program 2>/dev/null
	is "exec: not found" $? 127
	in_node host /etc/passwd 2>/dev/null
	is "exec: not executable" $? 126
	text=$(in_node dhcptest/host env | sed -n 's/^NETLAB_//p' | sort | xargs)
	is "exec: the command knows where it is" "$text" "LAB=dhcptest NODE=host"
	is "exec: the node has its own host name" "$(in_node host uname -n)" host
	in_node host sh -c 'echo nameserver 192.0.2.1 >/etc/resolv.conf && echo x >/run/mine'
	unlike "exec: the machine's resolv.conf is its own" "$(cat /etc/resolv.conf 2>/dev/null)" '192\.0\.2\.1'
	is "exec: the machine's /run is its own" "$(ls /run/mine 2>/dev/null)" ""
	nl_is "exec: no such node" 2 exec hots -- true
	like "exec: the nearest name" "$err" '"host"'
}

test_picture
test_kernel
test_capture
test_netcat
test_status
test_trace
test_exec
test_check
down dhcptest
like "down says what was released" "$out" "host:host released $leased"
like "down says that nothing is left" "$out" '^nothing of dhcptest is left'
nl_is "a second down is fine" 0 down dhcptest
nl_is "status of no lab" 0 status --json
json "status of no lab is empty" "$out" '.[0].labs == []'
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# What the processes of a lab may do, and what not: the agent is taken over
# (evil_agent.c) and asks for what it must not have; the monitor and the commands
# in a node have no capability that their work does not take.
# shellcheck source=tests/system/lib.sh disable=SC2016,SC2317
. "$(dirname "$0")/lib.sh"

# In words, each between blanks: bit 12 is net_admin.
capabilities() { # pid field
	local bits i
	bits=$((16#$(awk -v field="$2:" '$1 == field { print $2 }' "/proc/$1/status")))
	for ((i = 0; i < 63; i++)); do
		((bits >> i & 1)) && printf '%s ' $i
	done
}

# What of the first list is not in the second.
beyond() { # list list
	comm -23 <(tr ' ' '\n' <<<"$1" | sort) <(tr ' ' '\n' <<<"$2" | sort) | xargs
}

test_monitor() {
	local field monitor
	nl_is "monitor: up" 0 up dhcptest
	monitor=$(monitor_of dhcptest)
	# chown, dac_override, fowner, kill, net_admin, net_raw, sys_admin
	for field in CapEff CapPrm CapBnd; do
		is "monitor: $field has what its work takes, and no more" \
			"$(beyond "$(capabilities "$monitor" $field)" "0 1 3 5 12 13 21")" ""
	done
	is "monitor: it still configures" "$(capabilities "$monitor" CapEff | grep -c ' 12 .* 21 ')" 1
	is "monitor: nothing is inherited" \
		"$(capabilities "$monitor" CapInh)$(capabilities "$monitor" CapAmb)" ""
	like "monitor: no new privileges" "$(cat "/proc/$monitor/status")" '^NoNewPrivs:.1$'
	nl_is "monitor: a lease is renewed" 0 client host renew
	holds "monitor: a node can be entered" in_node host true
	down dhcptest
}

test_command() {
	local bounds
	nl_is "command: up" 0 up dhcptest
	# shellcheck disable=SC2016
	bounds=$(in_node host awk '$1 == "CapBnd:" { print $2 }' /proc/self/status)
	printf 'CapBnd:\t%s\n' "$bounds" >"$T/status"
	bounds=$((16#$bounds))
	# net_admin and net_raw; not sys_module, sys_rawio, sys_boot, sys_time, mknod, syslog, bpf
	is "command: a network's programs have what they need" $((bounds >> 12 & 3)) 3
	is "command: the machine is out of reach" \
		$((bounds & (1 << 16 | 1 << 17 | 1 << 22 | 1 << 25 | 1 << 27 | 1 << 34 | 1 << 39))) 0
	if [ "$mode" = root ]; then
		is "command: so are its mounts" $((bounds >> 21 & 1)) 0
		in_node host mount -t tmpfs tmpfs /mnt 2>/dev/null
		is "command: no mount of root's" $? 32
	else
		is "command: a user's own namespace is the user's" $((bounds >> 21 & 1)) 1
	fi
	holds "command: addresses can be changed" in_node host ip address add 10.77.0.1/24 dev host
	holds "command: a ping is sent" in_node host ping -c 1 -W 2 10.0.0.1
	holds "command: a user can be another" in_node host setpriv --reuid=0 --clear-groups true
	down dhcptest
}

# A lab whose agent is not ours any more.
evil_up() { # what up's-arguments...
	local what=$1
	shift
	# Only netlab, not what starts it.
	# shellcheck disable=SC2016
	EVIL=$what timeout -k 5 30 env ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		bash -c 'LD_PRELOAD=$0 exec "$@"' "$EVIL_AGENT" "$NETLAB" up "$@" \
		>"$T/out" 2>"$T/err" </dev/null
	rc=$?
	out=$(<"$T/out")
	err=$(<"$T/err")
}

said() { # lab
	grep '^evil: ' "$(run_dir)/$1/log"
}

evil_down() { # lab
	unlike "$1: no sanitizer has a word" "$(cat "$(run_dir)/$1/log")" 'Sanitizer|runtime error'
	nl_is "$1: down" 0 down "$1" --wait
	nothing_left "$1: nothing is left"
}

test_forbidden() {
	local what lines
	evil_up forbidden dhcptest
	is "forbidden: up" $rc 0
	lines=$(said dhcptest)
	for what in "an address for the server" "an address for nobody" "a link-local address" \
		"the server's packets anew" "the server's address away" "an event that is not"; do
		like "forbidden: $what" "$lines" "^evil: $what: -1 (the scenario|that)"
	done
	for what in "a loopback address" "the whole world" "somebody's address as broadcast" \
		"more routes than fit" "a domain without end"; do
		like "forbidden: $what" "$lines" "^evil: $what: -22 the agent asked for"
	done
	like "forbidden: what the scenario allows is done" "$lines" '^evil: an address for the client: 0 $'
	like "forbidden: the log names what was refused" "$(cat "$(run_dir)/dhcptest/log")" \
		'^the agent was refused something: the scenario runs no client there$'
	nl status --json
	json "forbidden: the server has its own address" "$out" \
		'[.[0].labs[0].nodes[].interfaces[] | select(.server) | .addresses[]] | length == 1'
	evil_down dhcptest
}

# One end of a cable is in the machine's own network, where the lab's subnet alone is free.
test_caller() {
	local lines
	if [ "$mode" = user ]; then
		skip "caller: the machine's network" "without privilege it is out of reach"
		return
	fi
	ip link add eth0 type veth peer name wall0
	ip address add 192.0.2.10/24 dev eth0
	ip link set eth0 up
	ip link set wall0 up
	remember
	evil_up caller dhcptest-host
	is "caller: up" $rc 0
	lines=$(said dhcptest-host)
	like "caller: the machine's own subnet" "$lines" "^evil: an address of the machine's network: -98 "
	like "caller: half of the world" "$lines" '^evil: half of the world: -98 '
	like "caller: a subnet of the internet's" "$lines" "^evil: a subnet of the internet's: -1 "
	like "caller: more than the lab's subnet" "$lines" "^evil: more than the lab's subnet: -1 "
	like "caller: the lab's" "$lines" "^evil: an address of the lab's: 0 $"
	unlike "caller: nothing of it came" "$(ip -4 address show)" '192\.0\.2\.99|8\.8\.8\.|/8 .* host$'
	evil_down dhcptest-host
	ip link del eth0
	remember
}

test_twice() {
	cat >"$T/twice.ini" <<-END
		[Lab]
		FormatVersion=1
		[Node a b]
		[Wiring]
		Cable=a:eth0 b:eth0
		[Network a:eth0]
		Address=10.0.0.1/24
		DHCPServer=yes
		[Network b:eth0]
		DHCP=ipv4
		[Event flap]
		Node=b
		AfterSec=1h
		Action=link-down
	END
	evil_up twice "$T/twice.ini" --timeout 1
	like "twice: the scenario's event is done" "$(said twice)" '^evil: an event: 0 $'
	like "twice: but not again" "$(said twice)" '^evil: the event again: -1 that event has happened$'
	evil_down twice
}

test_talkative() {
	local kb
	evil_up talkative dhcptest
	is "talkative: up" $rc 0
	kb=$(awk '/^Pss:/ { print $2 }' "/proc/$(monitor_of dhcptest)/smaps_rollup")
	nl_is "talkative: the lab answers" 0 status
	nl_is "talkative: a wish is done" 0 client host renew
	is "talkative: nothing piles up" $((kb < 100000)) 1
	nl_is "talkative: down" 0 down --wait
	like "talkative: one address was released" "$out" '10\.0\.0\.'
	nothing_left "talkative: nothing is left"
}

# While the monitor waits for its end, neither the agent nor a user gets anything more. The log,
# which is held open, tells of the monitor.
test_late() {
	local log what lines
	evil_up late dhcptest --timeout 1
	exec {log}<"$(run_dir)/dhcptest/log"
	if has python3; then
		# The answers to: down; and after it a status, a node, a socket there, and a wish.
		lines=$(timeout 10 python3 - "$(run_dir)/dhcptest/ctl" <<-'END' 2>&1
			import socket, sys
			def connect():
			    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
			    s.connect(sys.argv[1])
			    return s
			def ask(s, request):
			    s.send(request)
			    print(s.recv(65536).decode() or 'nothing')
			late = [connect() for _ in range(4)]
			ask(connect(), b'{"op": "down"}')
			ask(late[0], b'{"op": "status"}')
			ask(late[1], b'{"op": "enter", "node": 1}')
			ask(late[2], b'{"op": "socket", "node": 1, "kind": "route"}')
			ask(late[3], b'{"op": "client", "iface": 1, "action": "renew"}')
		END
		)
		like "late: down" "$lines" '^{"ok":true,"servers":1,'
		is "late: nobody gets anything of a lab that is gone" \
			"$(grep -c '"error":116,"text":"the lab is going down"' <<<"$lines")" 4
	else
		nl_is "late: down" 0 down dhcptest
		skip "late: nobody gets anything of a lab that is gone" "no python3"
	fi
	nothing_left_soon "late: nothing is left"
	lines=$(cat <&"$log")
	exec {log}<&-
	like "late: before" "$lines" '^evil: an address: 0 $'
	for what in "too late, an address" "too late, no address" "too late, packets" "the monitor lives"; do
		like "late: $what" "$lines" "^evil: $what: -116 the lab is going down$"
	done
	unlike "late: no sanitizer has a word" "$lines" 'Sanitizer|runtime error'
}

# What the agent says of itself is shown, whatever it is; a terminal gets text.
test_lie() {
	evil_up lie dhcptest --timeout 1
	nl_is "lie: status" 0 status
	like "lie: it is shown" "$out" 'GONE'
	unlike "lie: as text" "$out" $'[\033\007]'
	nl_is "lie: status, in JSON" 0 status --json
	json "lie: there, too" "$out" '[.. | strings] | all(test("[\u0000-\u001f]") | not)'
	nl_is "lie: down" 0 down --wait
	nothing_left "lie: nothing is left"
}

test_malformed() {
	local how
	for how in short bool type order text code; do
		evil_up $how dhcptest --timeout 1
		like "malformed, $how: the agent is killed" "$(cat "$(run_dir)/dhcptest/log")" \
			'^the agent does not speak as an agent does: it is killed$'
		nl_is "malformed, $how: status says so" 5 status
		evil_down dhcptest
	done
}

test_system_calls() {
	local call lines
	evil_up refused dhcptest
	is "system calls: up" $rc 0
	lines=$(said dhcptest)
	for call in openat socket connect unshare setns mount kill clone ioctl setsockopt prctl \
		mprotect process_vm_readv bpf; do
		like "system calls: $call" "$lines" \
			"^evil: SYS_$call: (Function not implemented|Operation not permitted)$"
	done
	like "system calls: the agent lives" "$lines" '^evil: tried all$'
	nl_is "system calls: so does the lab" 0 check
	evil_down dhcptest
	for call in execve execveat ptrace; do
		evil_up $call dhcptest --timeout 1
		like "system calls: $call is the end" "$(cat "$(run_dir)/dhcptest/log")" \
			'^the agent has ended with status 0x(1f|9f)$'
		evil_down dhcptest
	done
}

# A scenario is data; but with root's rights it should be root's.
test_stranger() {
	local file=$T/theirs.ini
	if [ "$mode" = user ]; then
		nl_is "stranger: without privilege nobody minds" 0 up "$top/scenarios/dhcptest.ini"
		down dhcptest
		return
	fi
	cp "$top/scenarios/dhcptest.ini" "$file"
	chown 1234 "$file"
	nl up "$file"
	is "stranger: up" $rc 0
	like "stranger: whose it is is said first" "$err" 'theirs\.ini is not root.s: it belongs to user 1234'
	down theirs
	SUDO_UID=1234 nl_is "stranger: who typed sudo is none" 0 up "$file"
	down theirs
	chown 0 "$file"
	chmod 666 "$file"
	nl up "$file"
	like "stranger: others can write" "$err" 'theirs\.ini can be changed by others'
	down theirs
	chmod 644 "$file"
	nl_is "stranger: root's own" 0 up "$file"
	down theirs
	chown 1234 "$file"
	nl_is "stranger: rootless" 0 up --rootless "$file"
	down theirs
	rm "$file"
}

test_monitor
test_command
test_stranger
if [ -n "${EVIL_AGENT:-}" ]; then
	test_forbidden
	test_caller
	test_twice
	test_talkative
	test_late
	test_lie
	test_malformed
	test_system_calls
else
	skip "an agent that is taken over" "EVIL_AGENT names no library that does it"
fi
done_testing

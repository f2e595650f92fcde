#!/bin/bash
# SPDX-License-Identifier: MIT
# A machine that is short of something, and hands that take things out of a lab:
# no descriptors, no memory, no processes; a namespace or a cable deleted by hand, a
# process in a node that does not want to end. Each is told in plain words, and
# afterwards the machine is as it was.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

# netlab with a limit of the shell's: ulimit -n 8.
limited() { # option value netlab's-arguments...
	local option=$1 value=$2
	shift 2
	(
		exec >"$T/out" 2>"$T/err" </dev/null
		ulimit "$option" "$value"
		exec "$NETLAB" "$@"
	)
	rc=$?
	out=$(<"$T/out")
	err=$(<"$T/err")
}

# Whatever the limit: all or nothing, and a word if it is nothing.
test_descriptors() {
	local n
	for n in 4 5 6 7 8 9 10 12 14 16 18 20 24 32; do
		limited -n $n up dhcptest
		if [ $rc -eq 0 ]; then
			nl_is "$n descriptors: it is whole" 0 check
			nl down
		else
			like "$n descriptors: up cannot, and says why ($rc)" "$rc $err" \
				'^(4|5|127) .*(Too many open files|shared librar)'
		fi
		nothing_left_soon "$n descriptors: nothing is left"
	done
	nl_is "descriptors: up" 0 up dhcptest
	for n in 4 5 6 8; do
		limited -n $n status
		unlike "$n descriptors: a lab that is up is not called dead" "$out$err" 'no lab is up|has died|left behind'
	done
	limited -n 5 down
	nl_is "descriptors: the lab is whole or gone" 0 down
	nothing_left_soon "descriptors: nothing is left"
}

# AddressSanitizer wants a terabyte of addresses: such a build has no such limit.
test_memory() {
	local kb
	if grep -q __asan_init "$NETLAB"; then
		skip "little memory" "a build with AddressSanitizer"
		return
	fi
	for kb in 4000 8000 12000 16000 24000 32000; do
		limited -v $kb up dhcptest
		if [ $rc -eq 0 ]; then
			nl down
		else
			like "$kb kB of memory: up cannot, and says why" "$rc $err" '^(4|5|127) .*([Mm]emory|shared librar)'
		fi
		nothing_left_soon "$kb kB of memory: nothing is left"
	done
}

# Limits of the number of processes are not for root.
test_processes() {
	if [ "$mode" = root ]; then
		skip "no processes" "root has as many as it likes"
		return
	fi
	# At exit a leak check wants a process of its own.
	ASAN_OPTIONS=detect_leaks=0 limited -u 1 up dhcptest
	like "no processes: up cannot" "$rc $err" "^(4|5) "
	like "no processes: it says why" "$err" 'Resource temporarily unavailable.*ulimit -u'
	nothing_left_soon "no processes: nothing is left"
}

test_namespace_deleted() {
	if [ "$mode" = user ]; then
		skip "a namespace deleted by hand" "without privilege no hand reaches it"
		return
	fi
	nl_is "namespace deleted: up" 0 up dhcptest
	ip netns del dhcptest-host
	nl_is "namespace deleted: the lab goes on" 0 status
	nl_is "namespace deleted: its node can be entered" 0 exec host -- true
	nl_is "namespace deleted: down" 0 down --wait
	nothing_left "namespace deleted: nothing is left"
	nl_is "namespace deleted: up again" 0 up dhcptest
	ip netns del dhcptest-host
	ip netns del dhcptest
	kill -9 "$(monitor_of dhcptest)"
	nl_is "both, and no monitor: down" 0 down
	nothing_left_soon "both, and no monitor: nothing is left"
}

test_cable_deleted() {
	nl_is "cable deleted: up" 0 up dhcptest
	holds "cable deleted: by a command in a node" in_node host ip link delete host
	nl status
	is "cable deleted: status" $rc 0
	like "cable deleted: status shows it" "$out" 'host:host +down'
	nl client host renew --timeout 1s
	unlike "cable deleted: a client without an interface can not renew" $rc '^0$'
	nl check
	is "cable deleted: check fails" $rc 1
	nl_is "cable deleted: down" 0 down --wait
	nothing_left "cable deleted: nothing is left"
	nl_is "cable deleted: up again" 0 up dhcptest
	in_node dhcptest ip address flush dev guest
	in_node dhcptest ip link set guest down
	nl_is "server's link down: status" 0 status
	nl_is "server's link down: down" 0 down --wait
	nothing_left "server's link down: nothing is left"
}

# It ignores what can be ignored; a daemon of its own session does not even hear it.
test_stubborn() {
	nl_is "stubborn: up" 0 up dhcptest
	in_node host bash -c 'trap "" TERM HUP INT; setsid bash -c "trap \"\" TERM HUP INT; exec sleep 1000" &
		setsid sleep 1001 & sleep 0.2'
	holds "stubborn: they live" pgrep -f 'sleep 1000'
	nl_is "stubborn: down" 0 down --wait
	is "stubborn: they do not outlive the lab" "$(pgrep -f 'sleep 100[01]')" ""
	nothing_left "stubborn: nothing is left"
	# A stopped one can not end by itself.
	nl_is "stopped: up" 0 up dhcptest
	in_node host bash -c 'setsid sleep 1002 & kill -STOP $!'
	nl_is "stopped: down" 0 down --wait
	is "stopped: it is gone" "$(pgrep -f 'sleep 1002')" ""
	nothing_left "stopped: nothing is left"
}

# As after a power cut in the middle of writing: a line without its end was never carried out.
test_cut_state() {
	local state
	nl_is "cut state: up" 0 up dhcptest
	kill -9 "$(monitor_of dhcptest)"
	wait_for 3 no_process
	state=$(run_dir)/dhcptest/state
	printf '{"do":"netns","name":"somebo' >>"$state"
	nl_is "cut state: down" 0 down
	nothing_left_soon "cut state: nothing is left"
}

# The control socket of a lab: what any process of its user can send. Nothing of it may hurt.
test_strange_requests() {
	local lines
	if ! has python3; then
		skip "strange requests" "no python3"
		return
	fi
	nl_is "requests: up" 0 up dhcptest
	lines=$(timeout 60 python3 - "$(run_dir)/dhcptest/ctl" "$top"/tests/fuzz/corpus/control/* <<-'END'
		import os, random, socket, sys
		random.seed(7)
		def ask(data):
		    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		    s.connect(sys.argv[1])
		    s.settimeout(10)
		    s.send(data)
		    return s
		n = 0
		for path in sys.argv[2:]:
		    data = open(path, "rb").read()
		    if b'"down"' in data or not data:
		        continue
		    s = ask(data)
		    if len(data) <= 4096:
		        s.recv(65536)
		        n += 1
		for i in range(300):
		    ask(os.urandom(random.randrange(1, 4096))).recv(65536)
		    n += 1
		# Wide open, and never read; gone before the answer; too long; with descriptors.
		idle = [ask(b'{"op":"status"}') for i in range(100)]
		for i in range(200):
		    ask(b'{"op":"status"}').close()
		ask(b"x" * 60000)
		s = ask(b'{"op":"status"}')
		socket.send_fds(s, [b'{"op":"status"}'], [0, 1, 2, 0, 1])
		print(n, "answered")
	END
	)
	like "requests: each got an answer" "$lines" '^3[0-9][0-9] answered$'
	nl_is "requests: the lab goes on" 0 time resume
	nl_is "requests: the clients have what they had" 0 check lease
	down dhcptest
}

test_descriptors
test_memory
test_processes
test_namespace_deleted
test_cable_deleted
test_stubborn
test_cut_state
test_strange_requests
done_testing

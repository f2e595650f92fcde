#!/bin/bash
# SPDX-License-Identifier: MIT
# The monitor and the agent under valgrind, through a whole lab: leases, renewals, a day of lab
# time, faults, captures, steps, and the end. For a build without the sanitizers; NO_SANDBOX: a
# library that leaves the filters of system calls out. (Nodes are not entered: there valgrind does
# not know all of the kernel's calls.)
# shellcheck source=tests/system/lib.sh disable=SC2317,SC2119
. "$(dirname "$0")/lib.sh"

has valgrind || skip_all "valgrind is missing"
[ -n "${NO_SANDBOX:-}" ] || skip_all "NO_SANDBOX names no library that lets valgrind work"
if grep -q __asan_init "$NETLAB"; then skip_all "the sanitizers are in the program already"; fi
# An older one does not know what a newer compiler writes into it.
valgrind --quiet "$NETLAB" version >/dev/null 2>&1 || skip_all "valgrind cannot read the program"

# Its children are the monitor and the agent; what stands in the logs is what they have done.
valgrind_up() { # up's-arguments...
	rm -f "$T"/valgrind.*
	LD_PRELOAD=$NO_SANDBOX timeout -k 5 120 valgrind --quiet --leak-check=full --show-leak-kinds=definite \
		--errors-for-leak-kinds=definite --error-limit=no --log-file="$T/valgrind.%p" \
		"$NETLAB" up "$@" >"$T/out" 2>"$T/err" </dev/null
	rc=$?
	out=$(<"$T/out")
	err=$(<"$T/err")
}

# What a kernel newer than valgrind can do is no error of ours.
complaints() {
	cat "$T"/valgrind.* | grep -vE '^(==[0-9]+== *$|--[0-9]+-- )' |
		grep -vE 'unhandled ioctl|could cause spurious|README_MISSING_SYSCALL'
}

finish() { # lab
	is "$1: nothing in its log" "$(cat "$(run_dir)/$1/log")" ""
	nl_is "$1: down" 0 down "$1" --wait
	is "$1: up, the monitor and the agent were watched" "$(find "$T" -name 'valgrind.*' | wc -l)" 3
	is "$1: valgrind has no complaint" "$(complaints)" ""
	nothing_left "$1: nothing is left"
}

# What the scenario expects within 2 seconds it expects of a program at its own speed.
valgrind_up dhcptest --set 'Expect lease.Within=1min'
is "dhcptest: up" "$rc $err" "0 "
nl_is "dhcptest: check" 0 check
nl_is "dhcptest: renew" 0 client host renew
nl_is "dhcptest: release" 0 client host release
nl_is "dhcptest: start" 0 client host start
nl_is "dhcptest: a day" 0 time +1d
nl_is "dhcptest: a fault" 0 fault add drop --message ACK --count 1
nl_is "dhcptest: no fault" 0 fault clear
nl_is "dhcptest: the log" 0 trace
nl_is "dhcptest: the capture" 0 capture --write "$T/frames.pcapng"
finish dhcptest

switch_scenario 24 >"$T/switch.ini"
valgrind_up "$T/switch.ini" --timeout 60
is "switch: up" $rc 0
like "switch: all are BOUND" "$out" '^24 of 24 clients are BOUND'
nl_is "switch: status" 0 status --json
nl_is "switch: until the first of them renews" 0 step --until REQUEST
"$NETLAB" step <<<$'n\nn\nb\nq' >"$T/out" 2>"$T/err"
is "switch: two messages, one back, and on" "$? $(<"$T/err")" "0 "
finish switch
done_testing

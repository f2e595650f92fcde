#!/bin/bash
# SPDX-License-Identifier: MIT
# However a lab ends, nothing of it is left.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

switch_scenario 24 >"$T/big.ini"
lonely_scenario >"$T/lonely.ini"

test_monitor_killed() {
	local pid
	nl_is "up" 0 up dhcptest
	log_is_empty dhcptest
	pid=$(monitor_of dhcptest)
	holds "its state file names its monitor" test -d "/proc/$pid"
	kill -9 "$pid"
	wait_for 3 no_process
	nl status --json
	json "a lab without its monitor is broken" "$out" '.[0].labs[0] | .name == "dhcptest" and .state == "broken"'
	nl_is "up over a broken lab is refused" 5 up dhcptest
	like "up says what to do about it" "$err" 'netlab down dhcptest'
	nl exec host -- true
	is "exec in a broken lab is netlab's failure" $rc 125
	nl_is "down after the monitor was killed" 0 down dhcptest
	nothing_left "nothing is left of a lab whose monitor was killed"
	nl_is "up again after that" 0 up dhcptest
	down dhcptest
}

test_agent_killed() {
	nl_is "up" 0 up dhcptest
	log_is_empty dhcptest
	kill -9 "$(agent_of dhcptest)"
	nl status
	is "status of a lab without its agent: status" $rc 5
	like "status of a lab without its agent: what to do" "$err" 'netlab down'
	nl_is "down after the agent was killed" 0 down dhcptest
	nothing_left "nothing is left of a lab whose agent was killed"
}

# A process of the user's in the lab ends with it.
test_exec_ends_with_lab() {
	local pid status
	nl_is "up" 0 up dhcptest
	"$NETLAB" exec host -- sleep 100 >/dev/null 2>&1 &
	pid=$!
	wait_for 3 pgrep -x sleep >/dev/null
	down dhcptest
	wait $pid 2>/dev/null
	status=$?
	is "a command in the lab ends with it" $status 137
}

interrupt() { # signal delay scenario
	local pid
	# A shell's background jobs ignore SIGINT, and so would netlab's first instructions.
	env --default-signal=INT,TERM,HUP "$NETLAB" up "$3" >"$T/out" 2>"$T/err" &
	pid=$!
	sleep "$2"
	kill -s "$1" $pid 2>/dev/null
	wait $pid 2>/dev/null
	rc=$?
	out=$(<"$T/out")
	err=$(<"$T/err")
}

# Every delay hits another step; where `up` was faster, the lab is whole.
test_interrupted() {
	local signals=(INT TERM HUP) signal i delay begun took
	begun=${EPOCHREALTIME/./}
	nl_is "up of a bigger lab" 0 up "$T/big.ini"
	took=$((${EPOCHREALTIME/./} - begun))
	down big
	for ((i = 0; i < 15; i++)); do
		signal=${signals[i % 3]}
		delay=$(printf '0.%06d' $((took * i / 14 % 1000000)))
		interrupt "$signal" "$delay" "$T/big.ini"
		case $rc in
		0)
			nl down big
			;;
		130 | 129 | 143) ;;
		*)
			not_ok "SIG$signal after ${delay}s" "exit status $rc"$'\n'"$err"
			continue
			;;
		esac
		nothing_left "SIG$signal after ${delay}s: status $rc, nothing is left"
	done
	interrupt INT 0.5 "$T/lonely.ini"
	is "Ctrl-C while a client waits" $rc 130
	like "it says that nothing is left" "$err" 'nothing of lonely is left'
	nothing_left "nothing is left after Ctrl-C while a client waits"
}

is_up() { # lab
	nl status "$1" --json
	jq -e '.labs[0].state == "up"' >/dev/null 2>&1 <<<"$out"
}

test_up_killed() {
	local delay killed
	interrupt KILL 0.5 "$T/lonely.ini"
	is "up is killed while a client waits" $rc 137
	nothing_left_soon "a lab whose up was killed is rolled back"
	for delay in 0.002 0.005 0.01 0.02 0.04; do
		interrupt KILL "$delay" "$T/big.ini"
		killed=$rc
		# Once `up` has let it go, it stays, and has only its last lines to say: what counts
		# is that it is all or nothing.
		if [ "$killed" -eq 0 ] || { ! wait_for 3 left_alone && is_up big; }; then
			nl status --json
			json "up is killed after ${delay}s: what stands is whole" "$out" \
				'.[0].labs[0].nodes | length == 26 and all(.interfaces | length > 0)'
			down big
			continue
		fi
		# Killed before there was a monitor: nobody can clear up, and the next `up` will.
		if wait_for 3 left_alone || [ ! -d "$(run_dir)/big" ] || [ -e "$(run_dir)/big/state" ]; then
			nothing_left "up is killed after ${delay}s: status $killed, rolled back"
		else
			nl_is "up is killed after ${delay}s, and again" 0 up "$T/big.ini"
			down big
		fi
	done
	[ -d "$(run_dir)" ] || mkdir -m 700 "$(run_dir)"
	mkdir -m 700 "$(run_dir)/dhcptest"
	: >"$(run_dir)/dhcptest/lock"
	nl_is "status of what an up left that had not even a scenario" 5 status
	like "it says what to do" "$err" 'netlab down dhcptest'
	cp "$T/big.ini" "$(run_dir)/dhcptest/scenario.ini"
	nl_is "status of what an up left that had made nothing" 0 status
	like "it says so, and what to do" "$out" 'killed before .* netlab down dhcptest'
	nl status --json
	json "status --json: it never began" "$out" '.[0].labs[0] | .state == "broken" and .up_seconds == 0'
	nl_is "up takes over what an up left that had made nothing" 0 up dhcptest
	down dhcptest
}

test_no_lease() {
	nl_is "up without a server, for a second" 1 up "$T/lonely.ini" --timeout 1
	like "it names the client" "$err" 'host:eth0'
	nl status --json
	json "the lab goes on" "$out" '.[0].labs[0].nodes[1].interfaces[0].client |
		.state == "SELECTING" and .address == null'
	down lonely
}

test_side_by_side() {
	# Their namespaces need names of their own.
	nl_is "up one" 0 up dhcptest --name one --set 'Node dhcptest.Namespace=one'
	nl_is "up two" 0 up dhcptest --name two --set 'Node dhcptest.Namespace=two'
	nl status --json
	json "both are up" "$out" '.[0].labs | map([.name, .state]) == [["one", "up"], ["two", "up"]]'
	nl_is "which one? " 2 check
	like "the error lists them" "$err" 'one, two'
	nl_is "check one" 0 check one
	nl_is "check two" 0 check two
	log_is_empty one
	nl_is "down one" 0 down one
	nl_is "two does not mind" 0 check two
	down two
}

test_two_at_once() {
	local pids=() pid i oks=0
	for i in 1 2 3; do
		timeout 30 "$NETLAB" up dhcptest >"$T/out$i" 2>"$T/err$i" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" && oks=$((oks + 1))
	done
	is "three at once: nobody fails" $oks 3
	is "three at once: one of them makes it" "$(cat "$T"/out[123] | grep -c 'is BOUND')" 1
	is "three at once: the others see it" "$(cat "$T"/out[123] | grep -c 'already up')" 2
	is "three at once: no complaints" "$(cat "$T"/err[123])" ""
	nl_is "it is whole" 0 check
	down dhcptest
}

test_down_all() {
	nl_is "up" 0 up dhcptest
	nl_is "up another" 0 up two-hosts
	nl_is "down --all" 0 down --all --yes
	nothing_left "nothing is left after down --all"
	nl_is "down --wait" 0 up dhcptest
	nl_is "down --wait" 0 down --wait
	is "after --wait the processes are gone too" "$(processes)" "$processes_before"
	nl_is "down of no lab" 0 down
}

test_foreground() {
	local pid
	env --default-signal=INT "$NETLAB" up --foreground dhcptest >"$T/out" 2>"$T/err" &
	pid=$!
	wait_for 5 grep -q BOUND "$T/out"
	nl_is "another terminal sees it" 0 check
	kill -INT $pid
	wait $pid
	is "Ctrl-C ends --foreground" $? 0
	is "--foreground: no complaints" "$(<"$T/err")" ""
	nothing_left "nothing is left after --foreground"
}

test_monitor_killed
test_agent_killed
test_exec_ends_with_lab
test_interrupted
test_up_killed
test_no_lease
test_side_by_side
test_two_at_once
test_down_all
test_foreground
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# A process of a lab is killed at any moment of up and of down: after one more
# `down` nothing is left, every time. ABUSE_FULL: 200 times each, else a few.
# SEED: which moments.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

RANDOM=${SEED:=$$}
# At exit a leak check starts a child, and waits for ever if that one is killed.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
echo "# SEED=$SEED"
times=${ABUSE_FULL:+200}
: "${times:=8}"
switch_scenario 8 >"$T/switch.ini"

# `up` and all that it has started: any of them may be the one.
victims() { # pid
	local child
	echo "$1"
	for child in $(ps -o pid= --ppid "$1"); do victims "$child"; done
}

has_ended() { # pid
	! kill -0 "$1" 2>/dev/null
}

# What is left of a lab after a kill is undone by the next `down`, or `up`.
clean_up() { # name
	nl down --all --yes
	[ "$rc" -eq 0 ] || nl down --all --yes
	if wait_for 10 left_alone; then
		ok "$1"
	# Killed in its first millisecond: an empty folder, which nobody misses.
	elif nl reset --yes && wait_for 5 left_alone; then
		ok "$1 (reset)"
	else
		nothing_left "$1"
	fi
}

begun=${EPOCHREALTIME/./}
nl_is "up, to see how long it takes" 0 up "$T/switch.ini"
up_us=$((${EPOCHREALTIME/./} - begun))
begun=${EPOCHREALTIME/./}
down switch
down_us=$((${EPOCHREALTIME/./} - begun))

strike() { # microseconds netlab's-arguments...
	local pid all delay
	delay=$(printf '0.%06d' $((($1 * (RANDOM % 1200)) / 1000 % 1000000)))
	shift
	"$NETLAB" "$@" >"$T/out" 2>"$T/err" </dev/null &
	pid=$!
	sleep "$delay"
	mapfile -t all < <(victims $pid)
	[ "$1" = up ] || all+=("$monitor")
	kill -9 "${all[RANDOM % ${#all[@]}]}" 2>/dev/null
	struck="$1, after $delay s"
	if ! wait_for 60 has_ended $pid; then
		not_ok "killed during $struck: $1 returns" "$(ps -ef)"
		kill -9 $pid
	fi
	wait $pid 2>/dev/null
}

for ((i = 0; i < times; i++)); do
	strike "$up_us" up "$T/switch.ini"
	clean_up "killed during $struck: nothing is left"
done
for ((i = 0; i < times; i++)); do
	nl up "$T/switch.ini"
	monitor=$(monitor_of switch)
	strike "$down_us" down switch
	clean_up "killed during $struck: nothing is left"
done
echo "# $((2 * times)) kills"
done_testing

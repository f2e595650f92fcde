#!/bin/bash
# SPDX-License-Identifier: MIT
# Every kind of system call that netlab makes fails once, in turn: the failure
# is told, nothing is left, and nothing is half made. ABUSE_FULL: every single
# call; else a few of each kind. SEED: which. CALL: only calls of that name.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

[ -n "${FAIL_NTH_LIBRARY:-}" ] || skip_all "FAIL_NTH_LIBRARY names no library that makes calls fail"
RANDOM=${SEED:=$$}
echo "# SEED=$SEED"
each=${ABUSE_FULL:+100000}
tried=0

# ENOMEM, EMFILE, ENOBUFS, ENOSPC, EPERM: what each may well meet.
declare -A errors=([calloc]=12 [open]=24 [openat]=24 [socket]=105 [socketpair]=24 [write]=28 [mkdir]=28
	[mount]=12 [umount2]=16 [setns]=1 [unshare]=28 [fork]=11 [memfd_create]=24 [sendmsg]=105
	[recvmsg]=12 [setsockopt]=105 [getsockopt]=105 [bind]=98 [listen]=98 [connect]=11 [fchmod]=1
	[chmod]=1 [unlink]=30 [unlinkat]=30 [flock]=37)

# netlab with the N-th CALL failing.
failing() { # call n netlab's-arguments...
	local call=$1 n=$2
	shift 2
	printf '\0\0\0\0\0\0\0\0' >"$T/counter"
	# Only netlab, not what starts it.
	# shellcheck disable=SC2016
	timeout -k 5 30 env FAIL_CALL="$call" FAIL_NTH="$n" FAIL_ERRNO="${errors[$call]}" \
		FAIL_COUNTER="$T/counter" ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		bash -c 'LD_PRELOAD=$0 exec "$@"' "$FAIL_NTH_LIBRARY" "$NETLAB" "$@" \
		>"$T/out" 2>"$T/err" </dev/null
	rc=$?
	out=$(<"$T/out")
	err=$(<"$T/err")
}

calls() {
	od -An -t u8 "$T/counter" | tr -d ' '
}

# What must hold whatever failed: no crash, a word about it, and a clean machine after `down`.
judge() { # what
	local log
	log=$(cat "$(run_dir)"/dhcptest/log 2>/dev/null)
	if grep -Eq 'Sanitizer|runtime error' <<<"$err$log"; then
		not_ok "$1" "$err$log"
		nl reset --yes
		return
	fi
	case $rc in
	0 | 1 | 4 | 5) ;;
	*)
		not_ok "$1" "exit status $rc: $err"
		nl down --all --yes
		return
		;;
	esac
	if [ "$rc" -ge 4 ] && [ -z "$err" ]; then
		not_ok "$1" "exit status $rc, and not a word"
		return
	fi
	nl down --all --yes
	[ "$rc" -eq 0 ] || nl reset --yes
	if wait_for 5 left_alone; then ok "$1: nothing is left"; else nothing_left "$1"; fi
}

nl_is "up, for once" 0 up dhcptest
down dhcptest
for call in "${!errors[@]}"; do
	[ "${CALL:-$call}" = "$call" ] || continue
	failing "$call" 0 up dhcptest
	n=$(calls)
	nl down
	list=$(seq 1 "$n" | shuf -n "${each:-2}" --random-source=<(yes "$SEED-$call"))
	for i in $list; do
		failing "$call" "$i" up dhcptest --timeout 1
		judge "up, $call $i of $n fails ($rc)"
		tried=$((tried + 1))
	done
	nl up dhcptest
	failing "$call" 1 down
	judge "down, $call 1 fails ($rc)"
	nl up dhcptest
	failing "$call" 1 status
	judge "status, $call 1 fails ($rc)"
	tried=$((tried + 2))
done
echo "# $tried failures tried"
done_testing

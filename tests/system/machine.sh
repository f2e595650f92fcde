#!/bin/bash
# SPDX-License-Identifier: MIT
# Machines that forbid something: `up` says what and how it is mended, with exit
# status 4 and nothing left; doctor says the same. And machines that look as if
# they did, where labs work: masked /proc and /sys, no_new_privs, root without
# its capabilities. Each is simulated in a user namespace of the test's own.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

[ -n "${FORBID:-}" ] || skip_all "FORBID names no program that refuses system calls"

# Runs a command without privilege on a machine that a shell command has set up: in a user and mount
# namespace. The one capability that is left is what root needs to give its own number away.
on_machine() { # shell-command command...
	local setup=$1
	shift
	# The inner shell's own.
	# shellcheck disable=SC2016
	timeout -k 5 30 unshare -U -r -m sh -c "$setup"' || exit 99
		exec setpriv --bounding-set=-all,+setfcap --inh-caps=-all $wrap "$@"' sh "$@" \
		>"$T/out" 2>"$T/err" </dev/null
	rc=$?
	out=$(<"$T/out")
	err=$(<"$T/err")
}

# A file below /proc/sys/kernel that this kernel does not have.
pretend() { # file value
	echo "mount -t tmpfs tmpfs /proc/sys/kernel && echo $2 >/proc/sys/kernel/$1"
}

left_over() {
	find "$XDG_RUNTIME_DIR" -mindepth 1 ! -name netlab ! -name .lock
}

forbids() { # name setup why mend
	on_machine "$2" "$NETLAB" up dhcptest
	if [ $rc -eq 99 ]; then
		skip "$1" "cannot be simulated here"
		return
	fi
	is "$1: up cannot" $rc 4
	like "$1: it says why" "$err" "$3"
	like "$1: it says what to do" "$err" "$4"
	is "$1: in one line" "$(wc -l <"$T/err")" 1
	is "$1: nothing is left" "$(left_over)" ""
	nothing_left "$1: nor elsewhere"
	on_machine "$2" "$NETLAB" doctor
	is "$1: doctor says so" $rc 4
	like "$1: doctor knows why" "$out" "FAIL .*$3"
	like "$1: doctor knows what to do" "$out" "mend: .*$4"
}

# A whole lab: all its commands in one machine, for the next would be another.
allows() { # name setup
	cat >"$T/lab" <<-'END'
		set -eu
		step() { echo "# $*" >&2; "$@"; }
		step "$NETLAB" doctor
		step "$NETLAB" up dhcptest
		step "$NETLAB" exec host -- ping -c 1 -W 2 10.0.0.1
		step "$NETLAB" exec host -- sh -c 'cat /etc/resolv.conf /proc/sys/net/ipv4/ip_forward && ls /sys/class/net'
		step "$NETLAB" exec host -- sh -c 'echo anew >/etc/resolv.conf'
		step "$NETLAB" client host renew
		step "$NETLAB" capture --write "$T/frames.pcapng"
		step "$NETLAB" time +1h
		step "$NETLAB" check
		step "$NETLAB" down --wait
	END
	on_machine "$2" sh "$T/lab"
	if [ $rc -eq 99 ]; then
		skip "$1" "cannot be simulated here"
		return
	fi
	if [ $rc -eq 0 ]; then ok "$1: a whole lab"; else not_ok "$1: a whole lab" "$rc: $err"$'\n'"$out"; fi
	is "$1: nothing is left" "$(left_over)" ""
}

limit() { # kind
	echo "echo 0 >/proc/sys/user/max_$1_namespaces"
}

export wrap=
for kind in user net pid mnt; do
	forbids "no $kind namespaces" "$(limit $kind)" "user\.max_${kind}_namespaces=0" \
		"sysctl -w user\.max_${kind}_namespaces=15000"
done
wrap="$FORBID userns"
forbids "unprivileged_userns_clone" "$(pretend unprivileged_userns_clone 0)" \
	'kernel\.unprivileged_userns_clone=0' 'sysctl -w kernel\.unprivileged_userns_clone=1'
forbids "a container's filter" true 'seccomp filter' 'seccomp=unconfined'
# As Ubuntu does it: there is a namespace, and nothing may be done in it.
wrap="$FORBID mount"
forbids "AppArmor" "$(pretend apparmor_restrict_unprivileged_userns 1)" \
	'kernel\.apparmor_restrict_unprivileged_userns=1' 'tools/apparmor/netlab'
holds "AppArmor: the profile is there" grep -q 'userns,' "$top/tools/apparmor/netlab"
wrap=

allows "nothing is forbidden" true
# shellcheck disable=SC2016
masks='for d in /proc/acpi /proc/irq /sys/firmware /sys/kernel; do
	[ ! -d $d ] || mount -t tmpfs -o ro tmpfs $d || exit 99
done'
allows "masked /proc and /sys" "$masks"
on_machine "$masks" unshare -U -r -p -f -m mount -t proc proc /proc
is "masked /proc and /sys: a new /proc is refused there" $rc 32
wrap=--no-new-privs
allows "no_new_privs" true
wrap=

# Root of a container: uid 0, and not what it takes. The mode goes by capabilities.
if [ "$mode" = root ]; then
	# shellcheck disable=SC2054
	weak=(setpriv --bounding-set=-sys_admin,-net_admin --inh-caps=-all "$NETLAB")
	holds "root without capabilities: up" "${weak[@]}" up dhcptest
	holds "root without capabilities: exec" "${weak[@]}" exec host -- ping -c 1 -W 2 10.0.0.1
	is "root without capabilities: no name was pinned" "$(ls /run/netns)" ""
	holds "root without capabilities: down" "${weak[@]}" down --wait
	"${weak[@]}" up --rootful dhcptest 2>/dev/null
	is "root without capabilities: --rootful" $? 4
	is "root without capabilities: nothing is left" "$(left_over)" ""
fi
done_testing

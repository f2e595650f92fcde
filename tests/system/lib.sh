# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What the system tests share. A test is a bash script that sources this file
# with its own arguments (root or user, nothing: root), and prints TAP.
#
# root: as root in network, mount and pid namespaces of its own, with an empty
# /run and /tmp: the machine is neither touched nor seen.
# user: without privilege, in the same privacy where the runner is root.
#
# NETLAB: the program under test; else the one in build/.

set -u
shopt -s nullglob

LC_ALL=C.UTF-8
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL PATH
unset XDG_DATA_HOME NETLAB_LAB NETLAB_NODE

mode=${1:-root}
count=0
failed=0

ok() { # name
	count=$((count + 1))
	echo "ok $count - $1"
}

# Name, and what there is to say about it.
not_ok() {
	count=$((count + 1))
	failed=$((failed + 1))
	echo "not ok $count - $1"
	[ $# -lt 2 ] || awk '{ print "# " $0 }' <<<"$2"
}

skip() { # name reason
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

skip_all() { # reason
	echo "1..0 # SKIP $1"
	exit 0
}

is() { # name got wanted
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "got:    $2"$'\n'"wanted: $3"; fi
}

like() { # name text extended-regex
	if grep -Eq -e "$3" <<<"$2"; then ok "$1"; else not_ok "$1" "no line like: $3"$'\n'"$2"; fi
}

unlike() { # name text extended-regex
	if grep -Eq -e "$3" <<<"$2"; then not_ok "$1" "a line like: $3"$'\n'"$2"; else ok "$1"; fi
}

# The command succeeds; what it says is shown if it does not.
holds() { # name command...
	local name=$1 text status
	shift
	text=$("$@" 2>&1)
	status=$?
	if [ $status -eq 0 ]; then ok "$name"; else not_ok "$name" "$* ended with $status"$'\n'"$text"; fi
}

# A jq filter that yields true for the JSON text.
json() { # name text filter
	if jq -es "$3" >/dev/null 2>&1 <<<"$2"; then ok "$1"; else not_ok "$1" "not: $3"$'\n'"$(shortened "$2")"; fi
}

# A long trace fails at its beginning, or at its end.
shortened() { # text
	if [ ${#1} -le 8000 ]; then echo "$1"; else printf '%s\n...\n%s\n' "${1:0:2000}" "${1: -6000}"; fi
}

has() {
	command -v "$1" >/dev/null
}

# Root of a user namespace that knows nobody else: daemons there cannot become another user.
is_alone() {
	[ "$(awk '{ n += $3 } END { print n }' /proc/self/uid_map)" = 1 ]
}

done_testing() {
	echo "1..$count"
	[ $failed -eq 0 ]
	exit
}

# Waits up to some seconds for a command to succeed.
wait_for() { # seconds command...
	local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
	shift
	until "$@"; do
		[ "${EPOCHREALTIME/./}" -lt $end ] || return 1
		sleep 0.02
	done
}

# netlab, bounded (NL_SECONDS). What it says is in $out, its errors in $err, its exit status in $rc.
nl() {
	timeout -k 5 "${NL_SECONDS:-20}" "$NETLAB" "$@" >"$T/out" 2>"$T/err" </dev/null
	rc=$?
	out=$(<"$T/out")
	err=$(<"$T/err")
}

# It exits as wanted, and has nothing to complain about if that is 0.
nl_is() { # name status netlab's-arguments...
	local name=$1 want=$2
	shift 2
	nl "$@"
	if [ $rc -eq "$want" ] && { [ $rc -ne 0 ] || [ -z "$err" ]; }; then
		ok "$name"
	else
		not_ok "$name" "netlab $*: exit status $rc, not $want"$'\n'"$out"$'\n'"$err"
	fi
}

run_dir() {
	if [ "$mode" = root ]; then echo /run/netlab; else echo "$XDG_RUNTIME_DIR/netlab"; fi
}

# Processes of the program that still live; a zombie is its parent's.
processes() {
	ps -eo pid=,stat=,uid=,args= | awk -v name="$NETLAB" -v uid="$(id -u)" '
		$2 !~ /^Z/ && $4 == name && (uid == 0 || $3 == uid) { print }'
}

# All that a lab could leave on the machine, processes aside.
snapshot() {
	echo "namespaces:"
	ip netns list 2>/dev/null | awk '{ print $1 }' | sort
	(cd /run/netns 2>/dev/null && ls -A)
	echo "links:"
	ip -o link show 2>/dev/null | awk -F': ' '{ print $2 }' | sort
	echo "mounts:"
	awk '{ print $2, $3 }' /proc/self/mounts | sort
	echo "run directory:"
	find "$(run_dir)" -mindepth 1 ! -name .lock 2>/dev/null | sort
	echo "temporary files:"
	find /tmp -mindepth 1 -uid "$(id -u)" ! -path "$T*" 2>/dev/null | sort
}

no_process() {
	local now
	now=$(processes)
	# Without a pid namespace of our own, labs of the same user are not our business.
	[ -z "$now" ] || [ "$now" = "$processes_before" ]
}

# From here on, what is there is not the lab's.
remember() {
	processes_before=$(processes)
	before=$(snapshot)
}

# Names, mounts and files are gone now; packet sockets take the processes a moment.
nothing_left() { # name
	local now difference
	now=$(snapshot)
	if difference=$(diff <(echo "$before") <(echo "$now")); then
		if wait_for 3 no_process; then
			ok "$1"
		else
			not_ok "$1" "processes:"$'\n'"$(processes)"
		fi
	else
		not_ok "$1" "$difference"
	fi
}

# For ends that nobody waits for, as that of a killed `up`: up to 3 seconds for everything.
left_alone() {
	[ "$(snapshot)" = "$before" ] && no_process
}

nothing_left_soon() { # name
	if wait_for 3 left_alone; then
		ok "$1"
	else
		not_ok "$1" "$(diff <(echo "$before") <(snapshot))"$'\n'"$(processes)"
	fi
}

# Neither a sanitizer nor the C library had anything to say inside the lab.
log_is_empty() { # lab
	local log
	log=$(run_dir)/$1/log
	if [ -f "$log" ] && [ ! -s "$log" ]; then
		ok "$1: nothing in its log"
	else
		not_ok "$1: nothing in its log" "$(cat "$log" 2>&1)"
	fi
}

# The usual end of a test.
down() { # lab
	log_is_empty "$1"
	nl_is "$1: down" 0 down "$1"
	nothing_left "$1: nothing is left after down"
}

monitor_of() { # lab
	head -n 1 "$(run_dir)/$1/state" | jq .monitor
}

agent_of() { # lab
	ps -o pid= --ppid "$(monitor_of "$1")" | tr -d ' '
}

# A command in a node, whatever the mode.
in_node() { # node command...
	local node=$1
	shift
	timeout -k 5 20 "$NETLAB" exec "$node" -- "$@"
}

# A server and so many clients on one switch; some of the labs here have to be bigger.
switch_scenario() { # clients
	cat <<-END
		[Lab]
		FormatVersion=1
		[Node srv c[1-$1]]
		[Switch sw]
		[Wiring]
		Cable=srv:eth0 sw:p0
		Cable=c[1-$1]:eth0 sw:p[1-$1]
		[Network srv:eth0]
		Address=10.1.0.1/16
		DHCPServer=yes
		[DHCPServer srv:eth0]
		PoolStart=10.1.1.0
		PoolEnd=10.1.8.255
		DefaultLeaseTimeSec=1h
		[Network c[1-$1]:eth0]
		DHCP=ipv4
	END
}

# Nobody answers this client.
lonely_scenario() {
	cat <<-END
		[Lab]
		FormatVersion=1
		[Node deaf host]
		[Wiring]
		Cable=deaf:eth0 host:eth0
		[Network deaf:eth0]
		Address=10.9.0.1/24
		[Network host:eth0]
		DHCP=ipv4
	END
}

# ---- The private machine -------------------------------------------------

# With root: the program and the sources stay visible beside an empty /run and /tmp, for anyone.
make_machine() {
	mount --make-rprivate /
	# The machine's own namespaces: hidden below, they would still come and go in the list of mounts.
	while umount -R /run/netns 2>/dev/null; do :; done
	mount -t tmpfs -o mode=755 tmpfs /mnt
	mkdir /mnt/bin /mnt/top /mnt/t /mnt/xdg
	mount --bind "$(dirname "$NETLAB")" /mnt/bin
	mount --bind "$top" /mnt/top
	# Whoever has checked them out: here they are root's, as installed ones are.
	cp -r "$top/scenarios" /mnt/scenarios
	chown -R 0:0 /mnt/scenarios
	chmod -R go-w /mnt/scenarios
	mount --bind /mnt/scenarios /mnt/top/scenarios
	local library
	for library in NO_VETH FAIL_NTH_LIBRARY EVIL_AGENT NO_SANDBOX FORBID; do
		[ -n "${!library:-}" ] || continue
		cp "${!library}" "/mnt/$library"
		export "$library=/mnt/$library"
	done
	mount -t tmpfs -o mode=755 tmpfs /run
	mount -t tmpfs -o mode=1777 tmpfs /tmp
	ip link set lo up
	NETLAB=/mnt/bin/$(basename "$NETLAB")
	# The source tree may be in /tmp itself.
	self=/mnt/top${self#"$top"}
	top=/mnt/top
	T=/mnt/t
	XDG_RUNTIME_DIR=/mnt/xdg
	HOME=/mnt/t
	chmod 700 /mnt/xdg
	export NETLAB T XDG_RUNTIME_DIR HOME
	unset TMPDIR
	# As a machine on which `ip netns` has been used.
	ip netns add once && ip netns del once
}

become_nobody() {
	chown 65534:65534 /mnt/t /mnt/xdg
	exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all \
		bash "$self" "$mode"
}

can_unshare() { # options...
	unshare "$@" true 2>/dev/null
}

self=$(realpath "$0")
top=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
: "${NETLAB:=$top/build/src/cli/netlab}"

[ -x "$NETLAB" ] || {
	echo "Bail out! $NETLAB is not there: build it, or name another in NETLAB"
	exit 1
}
for program in ip jq ps unshare setpriv timeout; do
	has $program || skip_all "$program is missing"
done

# Each stage executes the script again, in the next one.
case $mode-$(id -u)-${SYSTEM_TEST_STAGE:-outside} in
*-0-outside)
	can_unshare -n -m -p -f || skip_all "root, but namespaces are forbidden here"
	SYSTEM_TEST_STAGE=machine exec unshare -n -m -p -f --mount-proc --kill-child bash "$self" "$mode"
	;;
root-0-machine)
	make_machine
	;;
user-0-machine)
	make_machine
	export SYSTEM_TEST_STAGE=user
	become_nobody
	;;
root-*-outside)
	can_unshare -r -n -m -p -f || skip_all "neither root nor user namespaces"
	SYSTEM_TEST_STAGE=machine exec unshare -r -n -m -p -f --mount-proc --kill-child bash "$self" "$mode"
	;;
user-*-outside)
	T=$(mktemp -d)
	XDG_RUNTIME_DIR=$T/xdg
	HOME=$T
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	trap 'rm -rf "$T"' EXIT
	export T XDG_RUNTIME_DIR HOME
	;;
esac
if [ "$mode" = user ]; then
	can_unshare -U -n || skip_all "user namespaces are forbidden here"
fi
cd "${top}" || exit 1
remember

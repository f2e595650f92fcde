#!/bin/bash
# SPDX-License-Identifier: MIT
# A machine that cannot, names that are taken, labs that are not there: the
# right words and exit status, and nothing left behind.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

switch_scenario 6 >"$T/six.ini"

# Runs netlab as an ordinary user of a user namespace whose limits a shell command sets. The one
# capability that is left is what root needs to give its own number away.
nl_limited() { # shell-command netlab's-arguments...
	local limit=$1
	shift
	timeout -k 5 20 unshare -U -r sh -c "$limit"' || exit 99
		exec setpriv --bounding-set=-all,+setfcap --inh-caps=-all "$@"' sh "$NETLAB" "$@" \
		>"$T/out" 2>"$T/err" </dev/null
	rc=$?
	out=$(<"$T/out")
	err=$(<"$T/err")
}

test_no_user_namespaces() {
	# Of its own: files in it belong to whoever is root in there.
	nl_limited 'echo 0 >/proc/sys/user/max_user_namespaces' up dhcptest
	if [ $rc -eq 99 ]; then
		skip "user namespaces are forbidden" "cannot set limits here"
		return
	fi
	is "user namespaces are forbidden: status" $rc 4
	like "user namespaces are forbidden: why" "$err" 'user\.max_user_namespaces=0'
	like "user namespaces are forbidden: what to do" "$err" 'sudo'
	nothing_left "user namespaces are forbidden: nothing is left"
}

# The kernel refuses in the middle of building.
test_too_few_namespaces() {
	nl_limited 'echo 4 >/proc/sys/user/max_net_namespaces' up "$T/six.ini"
	if [ $rc -eq 99 ]; then
		skip "no more network namespaces" "cannot set limits here"
		return
	fi
	# The limit is counted per user namespace, and the lab makes one below this one.
	is "no more network namespaces: status" $rc 4
	like "no more network namespaces: why" "$err" 'max_net_namespaces'
	nothing_left "no more network namespaces: what stood is gone"
}

test_name_taken() {
	local inode
	if [ "$mode" = user ]; then
		skip "a namespace's name is taken" "names are private without privilege"
		return
	fi
	ip netns add dhcptest
	inode=$(stat -L -c %i /run/netns/dhcptest)
	remember
	nl_is "a namespace's name is taken" 5 up dhcptest
	like "it says which" "$err" 'dhcptest'
	nothing_left "nothing of ours is left"
	is "theirs is untouched" "$(stat -L -c %i /run/netns/dhcptest)" "$inode"
	ip netns del dhcptest
	# The second one of the plan: the first was ours, and has to go.
	ip netns add dhcptest-host
	remember
	nl_is "the second name is taken" 5 up dhcptest
	nothing_left "the first namespace is gone again"
	ip netns del dhcptest-host
	# Theirs came under our name while the lab was up.
	remember
	nl_is "up" 0 up dhcptest
	ip netns del dhcptest
	ip netns add dhcptest
	nl down dhcptest
	holds "down leaves a namespace that is not the lab's" test -e /run/netns/dhcptest
	holds "and removes what is" test ! -e /run/netns/dhcptest-host
	ip netns del dhcptest
	nl down dhcptest
	nothing_left "nothing else is left"
}

test_no_netns_folder() {
	if [ "$mode" = root ]; then
		umount /run/netns
		rmdir /run/netns
	elif [ -e /run/netns ]; then
		skip "/run/netns is absent" "it is there, and not ours to remove"
		return
	fi
	nl_is "/run/netns is absent: up" 0 up dhcptest
	nl_is "/run/netns is absent: check" 0 check
	[ "$mode" = user ] || is "/run/netns is absent: anyone may list the new one" \
		"$(stat -c %a /run/netns)" 755
	nl_is "/run/netns is absent: down" 0 down
	is "nothing is left in it" "$(ls /run/netns 2>/dev/null)" ""
	remember
}

test_run_dir() {
	local dir
	if [ "$mode" = root ]; then
		dir=/run/netlab
		mount -t tmpfs -o ro tmpfs "$dir"
	else
		dir=$T/readonly
		mkdir -m 500 "$dir"
		XDG_RUNTIME_DIR=$dir
	fi
	nl_is "the run directory is read-only" 4 up dhcptest
	like "it says where" "$err" "$dir"
	is "no namespace was made" "$(ls /run/netns 2>/dev/null)" ""
	if [ "$mode" = root ]; then
		umount "$dir"
	else
		XDG_RUNTIME_DIR=$xdg
		rmdir "$dir"
	fi
	nothing_left "the run directory is read-only: nothing is left"
}

test_others_run_dir() {
	[ "$mode" = user ] || return
	mkdir -m 755 "$T/open"
	XDG_RUNTIME_DIR=$T/open
	mkdir -m 777 "$T/open/netlab"
	chmod 777 "$T/open/netlab"
	nl up dhcptest
	unlike "a run directory that others can write to is refused" "$rc" '^0$'
	like "it says why" "$err" 'yours alone'
	XDG_RUNTIME_DIR=$xdg
	rm -rf "$T/open"
}

test_not_there() {
	nl_is "status of an unknown lab" 2 status nosuchlab
	nl_is "trace of an unknown lab" 2 trace nosuchlab
	nl_is "exec in an unknown lab" 2 exec nosuchlab/host -- true
	nl_is "check without a lab" 2 check
	like "no lab is up, it says" "$err" 'no lab is up'
	nl_is "up of an unknown scenario" 2 up dhpctest
	like "the nearest scenario" "$err" '"dhcptest"'
	nl_is "up" 0 up dhcptest
	nl_is "a slip in the lab's name" 2 status dhpctest
	like "the nearest lab" "$err" '"dhcptest"'
	nl_is "down with a slip touches nothing" 2 down dhcptset
	nl_is "exec in an unknown node" 2 exec dhcptest/guest -- true
	nl_is "check of an unknown expectation" 2 check dhcptest leese
	nl_is "the lab is well" 0 check
	down dhcptest
}

# Another user's lab is nobody's business. Root has a run directory of its own.
test_control_socket() {
	nl_is "up" 0 up dhcptest
	is "the control socket is private" "$(stat -c %a "$(run_dir)/dhcptest/ctl")" 600
	is "the run directory is private" "$(stat -c %a "$(run_dir)/dhcptest")" 700
	is "the agent has no capability" \
		"$(awk '/^Cap(Eff|Prm|Bnd|Amb)/ { print $2 }' "/proc/$(agent_of dhcptest)/status" | sort -u)" \
		0000000000000000
	is "the agent can get no new privilege, and is filtered" \
		"$(awk '/^(NoNewPrivs|Seccomp):/ { print $2 }' "/proc/$(agent_of dhcptest)/status" | xargs)" "1 2"
	down dhcptest
}

xdg=$XDG_RUNTIME_DIR
# A kernel that knows no veth says so itself: see no_veth.c.
test_no_veth() {
	if [ -z "${NO_VETH:-}" ]; then
		skip "a kernel without veth" "NO_VETH names no library that takes it away"
		return
	fi
	export LD_PRELOAD=$NO_VETH ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
	nl up dhcptest
	unset LD_PRELOAD ASAN_OPTIONS
	is "a kernel without veth: status" $rc 4
	like "a kernel without veth: which cable" "$err" 'dhcptest:guest--host:host'
	like "a kernel without veth: the kernel's words" "$err" 'not supported'
	nothing_left "a kernel without veth: nothing is left"
}

test_no_user_namespaces
test_too_few_namespaces
test_name_taken
test_no_netns_folder
test_run_dir
test_others_run_dir
test_no_veth
test_not_there
test_control_socket
done_testing

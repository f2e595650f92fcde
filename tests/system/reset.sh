#!/bin/bash
# SPDX-License-Identifier: MIT
# netlab reset, labs of before a boot, and labs whose privilege was chosen.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

nl_is "there is nothing to reset" 0 reset
like "which it says" "$out" '^no lab has left anything$'
nl_is "both kinds at once" 2 up --rootless --rootful dhcptest

if [ "$mode" = root ]; then
	nl_is "a rootless lab, of root" 0 up --rootless dhcptest
	nl status --json
	json "status knows" "$out" '.[0].labs[0].rootless'
	holds "no name is pinned" test ! -e /run/netns/dhcptest
	nl_is "its nodes can be entered" 0 exec host -- ip -br addr
	nl_is "its expectations are met" 0 check
	down dhcptest
	nl_is "rootful, as ever" 0 up --rootful dhcptest
	holds "the name is pinned" test -e /run/netns/dhcptest
	down dhcptest
else
	nl_is "rootful without privilege" 4 up --rootful dhcptest
	like "says what it needs" "$err" 'CAP_SYS_ADMIN'
fi

# The state file is that of an earlier boot: the names can only be somebody else's.
nl_is "up" 0 up dhcptest
dir=$(run_dir)/dhcptest
pid=$(monitor_of dhcptest)
kill -9 "$pid"
wait_for 3 no_process
sed -i '1s/"boot":"[^"]*"/"boot":"00000000-0000-0000-0000-000000000000"/' "$dir/state"
nl reset
is "without a terminal it only lists" $rc 2
like "what is from before the boot" "$out" 'dhcptest is from before this machine was started'
holds "nothing was touched" test -e "$dir/state"
nl_is "reset" 0 reset --yes
holds "the folder is gone" test ! -e "$dir"
if [ "$mode" = root ]; then
	holds "the names are not touched" test -e /run/netns/dhcptest
	ip netns del dhcptest
	ip netns del dhcptest-host
fi
nothing_left "nothing is left"

if [ "$mode" = root ]; then
	# The number of a namespace that is gone is given to the next one.
	nl_is "up" 0 up dhcptest
	kill -9 "$(monitor_of dhcptest)"
	wait_for 3 no_process
	ip netns del dhcptest
	ip netns add dhcptest
	ino=$(stat -L -c %i /run/netns/dhcptest)
	sed -i "s/\(\"name\":\"dhcptest\",\"ino\":\)[0-9]*/\1$ino/" /run/netlab/dhcptest/state
	nl_is "another namespace under the same name and number" 5 down dhcptest
	like "is left alone" "$err" 'somebody else'
	holds "it is there" test -e /run/netns/dhcptest
	ip netns del dhcptest
	nl_is "down again" 0 down dhcptest
	nothing_left "nothing is left"
fi

# One that lives, but does not answer, and one that does.
nl_is "up" 0 up dhcptest
lonely_scenario >"$T/lonely.ini"
nl_is "up, another" 1 up "$T/lonely.ini" --timeout 10ms
kill -STOP "$(monitor_of dhcptest)"
timeout 60 "$NETLAB" reset --yes >"$T/out" 2>"$T/err" </dev/null
is "reset of both" $? 0
like "the one by force" "$(<"$T/err")" 'dhcptest was ended by force'
nothing_left "nothing is left after reset"
nl_is "a word too many" 2 reset dhcptest
done_testing

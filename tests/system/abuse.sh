#!/bin/bash
# SPDX-License-Identifier: MIT
# What nobody should do to a lab, and what comes of it: hostile packets, stopped
# and killed processes, full disks, damaged files, closed streams.
# shellcheck source=tests/system/lib.sh
. "$(dirname "$0")/lib.sh"

R=$(run_dir)/dhcptest

test_hostile_packets() {
	local client kind
	if ! has python3; then
		skip "hostile packets" "no python3"
		return
	fi
	nl_is "packets: up" 0 up dhcptest
	client=$(in_node host cat /sys/class/net/host/address)
	in_node host ip link set host mtu 9000
	in_node dhcptest ip link set guest mtu 9000
	for kind in "host host broken 3000" "host host flood 5000" "host host jumbo 100" \
		"dhcptest guest forged 1000 $client"; do
		# shellcheck disable=SC2086
		set -- $kind
		holds "packets: $3 are sent" in_node "$1" python3 "$top/tests/system/hostile.py" "${@:2}"
		nl_is "packets: $3: the lab answers" 0 status --json
		json "packets: $3: the client keeps its lease" "$out" '[.[0].labs[0].nodes[].interfaces[]
			| .client // empty | .state] == ["BOUND"]'
	done
	nl_is "packets: check still passes" 0 check
	nl trace --json
	json "packets: every line of the log is an event" "$out" 'length > 5000 and all(.kind)'
	down dhcptest
}

descriptors() { # pid
	local fd
	for fd in "/proc/$1"/fd/*; do readlink "$fd"; done
}

test_nothing_inherited() {
	(
		trap '' HUP
		exec 9>"$T/held"
		cd "$T" && nl_is "inherited: up" 0 up "$top/scenarios/dhcptest.ini"
	)
	count=$((count + 1))
	unlike "inherited: the monitor has not its caller's files" \
		"$(descriptors "$(monitor_of dhcptest)")" "$T/held"
	is "inherited: nor its folder" "$(readlink "/proc/$(monitor_of dhcptest)/cwd")" /
	if [ "$mode" = root ]; then
		unlike "inherited: the agent has no namespace and no file but its logs" \
			"$(descriptors "$(agent_of dhcptest)")" 'net:|/state|/lock|/held|/run/netlab$'
		like "inherited: the agent has no capability" \
			"$(cat "/proc/$(agent_of dhcptest)/status")" '^CapEff:.0000000000000000$'
	fi
	# Bit 0 alone: a shell without job control that started us in the background ignores two more.
	like "inherited: nohup's SIGHUP stays ignored" \
		"$(trap '' HUP; "$NETLAB" exec host -- grep SigIgn /proc/self/status)" '[13579bdf]$'
	like "inherited: who does not ignore it gets it" \
		"$(env --default-signal=HUP "$NETLAB" exec host -- grep SigIgn /proc/self/status)" '[02468ace]$'
	down dhcptest
}

test_closed_streams() {
	"$NETLAB" up dhcptest >&- 2>&- <&-
	"$NETLAB" status >&- 2>&- <&-
	is "closed streams: status fails" $? 4
	nl_is "closed streams: the lab is up" 0 status dhcptest
	"$NETLAB" down >&- 2>&- <&-
	nothing_left_soon "closed streams: down leaves nothing"
}

# Both queues between monitor and agent were full, and each waited for the other.
test_many_at_once() {
	local n
	{
		printf '[Lab]\nFormatVersion=1\n'
		for n in {1..12}; do
			cat <<-END
				[Node s$n c${n}x[1-30]]
				[Switch w$n]
				[Wiring]
				Cable=s$n:eth0 w$n:p0
				Cable=c${n}x[1-30]:eth0 w$n:p[1-30]
				[Network s$n:eth0]
				Address=10.$n.0.1/24
				DHCPServer=yes
				[Network c${n}x[1-30]:eth0]
				DHCP=ipv4
			END
		done
	} >"$T/many.ini"
	nl_is "many at once: up" 0 up "$T/many.ini"
	like "many at once: all are BOUND" "$out" '^360 of 360 clients are BOUND'
	nl_is "many at once: down" 0 down --wait
	nothing_left "many at once: nothing is left"
}

test_stopped() {
	local monitor status
	nl_is "stopped: up" 0 up dhcptest
	kill -STOP "$(agent_of dhcptest)"
	nl_is "stopped agent: down" 0 down --wait
	nothing_left "stopped agent: nothing is left"

	nl_is "stopped: up again" 0 up dhcptest
	monitor=$(monitor_of dhcptest)
	kill -STOP "$monitor"
	timeout -k 5 40 "$NETLAB" status >/dev/null 2>"$T/err"
	status=$?
	is "stopped monitor: status gives up" $status 5
	like "stopped monitor: it says which process" "$(cat "$T/err")" \
		"process $monitor.*kill -9 $monitor"
	kill -KILL "$monitor"
	nl_is "stopped monitor: down, when it is dead" 0 down
	nothing_left_soon "stopped monitor: nothing is left"
}

test_no_agent() {
	nl_is "no agent: up" 0 up dhcptest
	kill -KILL "$(agent_of dhcptest)"
	sleep 0.2
	nl_is "no agent: status says so" 5 status
	is "no agent: and not that no lab is up" "$out" ""
	holds "no agent: exec works" in_node host true
	nl_is "no agent: down" 0 down
	nothing_left "no agent: nothing is left"
}

kill_monitor() {
	kill -KILL "$(monitor_of dhcptest)"
	sleep 0.2
}

test_damaged_files() {
	nl_is "damaged: up" 0 up dhcptest
	kill_monitor
	: >"$R/state"
	[ "$mode" = user ] || ip netns del dhcptest
	[ "$mode" = user ] || ip netns del dhcptest-host
	nl_is "damaged: down of an empty state file" 0 down
	nothing_left "damaged: nothing is left"

	nl_is "damaged: up again" 0 up dhcptest
	kill_monitor
	head -c 100 /dev/zero | tr '\0' '\n' >>"$R/state"
	: >"$R/scenario.ini"
	nl_is "damaged: status says that the scenario is not what it was" 3 status
	if [ "$mode" = user ]; then
		nl_is "damaged: down, where all is gone with the monitor" 0 down
	else
		nl_is "damaged: down keeps what it does not know" 5 down
		like "damaged: and says so" "$err" '100 lines that netlab did not write.*rm -r'
		rm -r "$R"
	fi
	nothing_left "damaged: what could be read was undone"
}

test_full_disk() {
	if [ "$mode" = user ]; then
		skip "full disk" "a user cannot mount a small one"
		return
	fi
	mkdir -p "$(run_dir)"
	mount -t tmpfs -o size=8k,mode=700 tmpfs "$(run_dir)"
	remember
	head -c 8k /dev/zero >"$(run_dir)/fill" 2>/dev/null
	nl_is "full disk: up fails" 4 up dhcptest
	like "full disk: and says why" "$err" 'No space left on device'
	rm "$(run_dir)/fill"
	nothing_left "full disk: nothing is left"

	mount -o remount,size=40k "$(run_dir)"
	nl_is "full disk: up with little room" 0 up dhcptest
	cat /dev/zero >"$(run_dir)/fill" 2>/dev/null
	in_node host ping -c 60 -i 0.002 -q 10.0.0.1 >/dev/null
	nl_is "full disk: the lab goes on" 0 status
	rm "$(run_dir)/fill"
	in_node host ping -c 1 -q 10.0.0.1 >/dev/null
	nl trace --json
	json "full disk: the log has whole lines" "$out" 'length > 5 and all(.kind)'
	if has capinfos; then
		holds "full disk: the capture has whole blocks" capinfos "$R/capture.pcapng"
	fi
	nl_is "full disk: down" 0 down --wait
	wait_for 3 umount "$(run_dir)"
	remember
}

test_odd_paths() {
	mkdir -p "$T"/$'\xff'
	cp "$top/scenarios/dhcptest.ini" "$T"/$'\xff/odd.ini'
	nl_is "odd paths: a folder whose name is not UTF-8" 0 up "$T"/$'\xff/odd.ini'
	nl_is "odd paths: its status is JSON" 0 status --json
	json "odd paths: with the name escaped" "$out" '.[0].labs[0].scenario | endswith("\\xff/odd.ini")'
	down odd
}

test_hostile_packets
test_nothing_inherited
test_closed_streams
test_many_at_once
test_stopped
test_no_agent
test_damaged_files
test_full_disk
test_odd_paths
done_testing

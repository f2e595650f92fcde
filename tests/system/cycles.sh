#!/bin/bash
# SPDX-License-Identifier: MIT
# Labs come and go, and nothing grows: no descriptor, mount, namespace or file.
# ABUSE_FULL: 1,000 cycles, else a few; and many labs at once.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

cycles=${ABUSE_FULL:+1000}
: "${cycles:=20}"
many=${ABUSE_FULL:+20}
: "${many:=6}"

# Namespaces that the kernel still has; they go a little after their last user.
net_namespaces() {
	awk '$1 == "net_namespace" { print $2 }' /proc/slabinfo 2>/dev/null
}

slab_before=$(net_namespaces)
for ((i = 0; i < cycles; i++)); do
	nl up dhcptest
	[ $rc -eq 0 ] || break
	nl down --wait
	[ $rc -eq 0 ] || break
done
is "$cycles cycles of up and down" "$i $rc" "$cycles 0"
nothing_left "nothing is left after them"
slab_is_back() {
	[ "$(net_namespaces)" -le $((slab_before + 8)) ]
}
if [ -n "$slab_before" ]; then
	holds "the kernel has no more namespaces than before" wait_for 20 slab_is_back
else
	skip "the kernel has no more namespaces than before" "/proc/slabinfo cannot be read"
fi

for ((i = 0; i < many; i++)); do
	nl up dhcptest --name "lab$i" --set "Node dhcptest.Namespace=lab$i"
	[ $rc -eq 0 ] || break
done
is "$many labs at once" "$i $rc" "$many 0"
nl status --json
json "all of them run" "$out" ".[0].labs | length == $many and all(.state == \"up\")"
nl_is "down with all of them" 0 down --all --yes --wait
nothing_left "nothing is left of them"

# A lab that runs for long in its own time: the machines hold what they held.
nl_is "up" 0 up dhcptest
monitor=$(monitor_of dhcptest)
memory() {
	awk '/^Pss:/ { sum += $2 } END { print sum }' "/proc/$monitor/smaps_rollup" \
		"/proc/$(agent_of dhcptest)/smaps_rollup"
}
nl_is "an hour" 0 time +1h
before_kb=$(memory)
nl_is "a day" 0 time +1d
nl_is "and another" 0 time +1d
after_kb=$(memory)
if [ -z "$before_kb" ]; then
	skip "no memory grows in two days" "smaps_rollup cannot be read"
elif [ "$after_kb" -le $((before_kb + 2048)) ]; then
	ok "no memory grows in two days ($before_kb kB, $after_kb kB)"
else
	not_ok "no memory grows in two days" "$before_kb kB, then $after_kb kB"
fi
# The same by a clock that runs: in full, 24 hours at 1,000 times its speed.
if [ -n "${ABUSE_FULL:-}" ]; then
	nl_is "a fast clock" 0 time speed 1000
	before_kb=$(memory)
	sleep 87
	after_kb=$(memory)
	nl trace --json
	json "a day of renewals has passed" "$out" '[.[] | select(.message == "ACK")] | length > 140'
	is "no memory grows in a day of a fast clock ($before_kb kB, $after_kb kB)" \
		$((after_kb <= before_kb + 2048)) 1
	nl_is "the usual clock" 0 time speed 1
fi
fds=$(find "/proc/$(agent_of dhcptest)/fd" | wc -l)
nl_is "a third" 0 time +1d
is "no descriptor is lost" "$(find "/proc/$(agent_of dhcptest)/fd" | wc -l)" "$fds"
down dhcptest
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# StartDelaySec=: a client that starts later than the lab.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

nl_is "up waits for a client that starts late" 0 up dhcptest --set 'DHCPv4 host:host.StartDelaySec=1s'
nl_is "trace" 0 trace --json
json "its first message comes after its delay, not much later" "$out" \
	'[.[] | select(.message == "DISCOVER")][0].t | . >= 1 and . < 3'
nl_is "down" 0 down

nl_is "up tells of one that starts too late" 1 up dhcptest --timeout 1 \
	--set 'DHCPv4 host:host.StartDelaySec=1h'
nl_is "trace" 0 trace --json
json "it has sent nothing" "$out" '[.[] | select(.kind == "message")] == []'
nl_is "down of a client that has not started" 0 down

done_testing

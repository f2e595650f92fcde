#!/bin/bash
# SPDX-License-Identifier: MIT
# The workshop: every lab comes up, passes its check as soon as it can, and goes
# down. One that is broken on purpose fails, and passes with its solution.
# shellcheck source=tests/system/lib.sh
. "$(dirname "$0")/lib.sh"

list=$("$NETLAB" list --json | jq -r '.scenarios[] | select(.lesson > 0) | .name' | sort -u)
like "there are labs" "$list" "^dhcptest$"

# The answers of a student who reads their own trace.
answers() { # lab
	"$NETLAB" trace "$1" --json | jq -rs '
		def first(m): [.[] | select(.kind == "message" and .message == m)][0];
		[ "xid=" + first("DISCOVER").xid, "who-asks=" + first("DISCOVER").src_ip,
		  "to-whom=" + first("DISCOVER").dst_mac, "client-mac=" + first("REQUEST").src_mac,
		  "offered=" + first("OFFER").yiaddr, "offer-to=" + first("OFFER").dst_mac,
		  "server-port=67", "chosen=" + first("REQUEST").options["54"],
		  "promised=" + first("ACK").options["51"] ] | join(" ")'
}

for lab in $list; do
	nl lint --solution "$lab"
	if [ "$rc" -eq 0 ]; then ok "$lab: the proof"; else not_ok "$lab: the proof" "$out$err"; fi
	solved=
	if grep -q "passes with its Solution=" <<<"$out"; then
		nl up "$lab" --timeout 3
		[ "$rc" -le 1 ] || not_ok "$lab: up, as it stands" "$err"
		nl check "$lab"
		is "$lab: it fails as it stands" "$rc" 1
		nl_is "$lab: down, as it stands" 0 down "$lab"
		solved=--solution
	fi
	nl up "$lab" --timeout 3 $solved
	if [ "$rc" -le 1 ]; then ok "$lab: up"; else not_ok "$lab: up" "$err"; fi
	words=
	[ "$lab" = who-is-who ] && words=$(answers "$lab")
	# shellcheck disable=SC2086
	[ -z "$words" ] || nl_is "$lab: the answers" 0 check "$lab" $words
	nl_is "$lab: check" 0 check --wait 15 "$lab"
	[ "$rc" -eq 0 ] || awk '{ print "# " $0 }' <<<"$out"
	nl_is "$lab: down" 0 down "$lab"
done

done_testing

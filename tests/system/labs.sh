#!/bin/bash
# SPDX-License-Identifier: MIT
# The workshop: every lab comes up, passes its check as soon as it can, and goes
# down. One that is broken on purpose fails, and passes with its solution.
# shellcheck source=tests/system/lib.sh
. "$(dirname "$0")/lib.sh"

list=$("$NETLAB" list --json | jq -r '.scenarios[] | select(.lesson > 0) | .name' | sort -u)
like "there are labs" "$list" "^dhcptest$"

# The answers of a student who reads their own trace, NAME=ANSWER, as far as it goes yet.
answers() { # lab
	"$NETLAB" trace "$1" --json | jq -rs --arg lab "$1" '
		def all(m): .[] | select(.kind == "message" and .message == m);
		def nth(m; n): [all(m)][n - 1];
		def from(m; place; n): [all(m) | select(.from | startswith(place + ":"))][n - 1];
		{ homework: { typed: "0" },
		  "who-is-who": {
			xid: nth("DISCOVER"; 1).xid, "who-asks": nth("DISCOVER"; 1).src_ip,
			"to-whom": nth("DISCOVER"; 1).dst_mac,
			"client-mac": nth("REQUEST"; 1).src_mac, offered: nth("OFFER"; 1).yiaddr,
			"offer-to": nth("OFFER"; 1).dst_mac, "server-port": 67,
			chosen: nth("REQUEST"; 1).options["54"],
			promised: nth("ACK"; 1).options["51"] },
		  renew: { "renewed-by": nth("REQUEST"; 2).dst_ip,
			"renewed-for": nth("REQUEST"; 2).ciaddr },
		  moved: { "in-vain": nth("REQUEST"; 2).options["50"], "nak-to": "255.255.255.255" },
		  conflict: { "declined-address": "10.17.0.10" },
		  full: { "given-back": nth("RELEASE"; 1).ciaddr,
			"how-long": from("DISCOVER"; "c3"; 2).secs },
		  rogue: { honest: from("OFFER"; "srv"; 1).yiaddr, trap: "10.21.0.66" },
		  relay: { "back-to": 67, "which-link": "10.1.0.1" }
		}[$lab] // {} | to_entries[] | select(.value != null) | "\(.key)=\(.value)"'
}

# Those that are broken on purpose: the proof of each is in its line of lint.
broken=" wrong-mask homework same-id conflict rogue starve persist "

for lab in $list; do
	nl lint --solution "$lab"
	if [ "$rc" -eq 0 ]; then ok "$lab: the proof"; else not_ok "$lab: the proof" "$out$err"; fi
	solved=
	if grep -q "passes with its Solution=" <<<"$out"; then
		nl up "$lab" --timeout 3
		[ "$rc" -le 1 ] || not_ok "$lab: up, as it stands" "$err"
		nl check "$lab"
		is "$lab: it fails as it stands" "$rc" 1
		[ "$lab" != rogue ] || like "rogue: who listens to the first is taken in" "$out" \
			"FAIL  c1 .* has its lease from 10.21.0.66, not from 10.21.0.1"
		[ "$lab" != starve ] || like "starve: nothing is left for the victim" "$out" \
			"FAIL  victim-bound .*victim:eth0 is SELECTING, not BOUND"
		nl_is "$lab: down, as it stands" 0 down "$lab"
		solved=--solution
	fi
	[[ $broken != *" $lab "* ]] || is "$lab: it has a solution" "$solved" --solution
	nl up "$lab" --timeout 3 $solved
	if [ "$rc" -le 1 ]; then ok "$lab: up"; else not_ok "$lab: up" "$err"; fi
	tasks=$(grep -c '^\[Task ' "$top/scenarios/$lab.ini")
	for ((i = 0; i < 150; i++)); do
		words=$(answers "$lab")
		[ "$(wc -w <<<"$words")" -lt "$tasks" ] || break
		sleep 0.1
	done
	# shellcheck disable=SC2086
	[ -z "$words" ] || nl_is "$lab: the answers" 0 check --wait 15 "$lab" $words
	nl_is "$lab: check" 0 check --wait 15 "$lab"
	[ "$rc" -eq 0 ] || awk '{ print "# " $0 }' <<<"$out"
	nl_is "$lab: down" 0 down "$lab"
done

done_testing

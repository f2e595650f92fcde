#!/bin/bash
# SPDX-License-Identifier: MIT
# What a lab's views say of its messages, each field of it beside tshark's reading of the lab's capture.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/../system/lib.sh"

has tshark || skip_all "no tshark"

# Each message that the lab has seen so far, as each view shows it.
compare() { # lab
	local text view
	mkdir -p "$T/shown"
	for view in json explain hex html=- diagram=mermaid; do
		nl trace "$1" --"$view"
		cp "$T/out" "$T/shown/$(sed 's/=-//; s/.*=//' <<<"$view")"
	done
	cp "$(run_dir)/$1/capture.pcapng" "$T/shown/"
	if text=$(python3 "$top/tests/interop/tshark.py" "$NETLAB" "$top/src/trace/story/bytes.js" \
		"$T/shown"); then
		ok "$1: $(grep -c '^ok' <<<"$text") comparisons with tshark"
	else
		not_ok "$1: as tshark sees it" "$(grep -A 9 '^not' <<<"$text")"
	fi
}

nl_is "a relay agent with option 82, and a renewal" 0 up option82
nl time until T1 host:eth0
nl client release host:eth0
compare option82
down option82

nl_is "many options" 0 up options
compare options
down options

nl_is "two servers" 0 up two-servers
compare two-servers
down two-servers
done_testing

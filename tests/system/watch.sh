#!/bin/bash
# SPDX-License-Identifier: MIT
# netlab status --watch: on a terminal, until Ctrl-C or until the lab is gone.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

has script || skip_all "no script(1) here"

nl_is "no terminal" 2 status --watch
like "which it says" "$err" 'draws on a terminal'
nl_is "two ways at once" 2 status --watch --json
nl_is "up" 0 up dhcptest

# What it has drawn, from a terminal of 24 rows.
TERM=xterm script -qec "stty rows 24 cols 80; exec '$NETLAB' status --watch dhcptest" "$T/screen" >/dev/null 2>&1 </dev/null &
watch=$!
holds "it draws" wait_for 5 grep -q 'client BOUND' "$T/screen"
like "over a screen of its own" "$(<"$T/screen")" $'\033\\[\\?1049h'
like "what is too long for a row goes on below it" "$(tr -d '\r' <"$T/screen")" '^        (.* )?expires in 59min'

# Likewise what is printed once: the same words, no row longer than the terminal.
on_terminal() { # columns command...
	local columns=$1
	shift
	TERM=xterm script -qec "stty cols $columns; export NO_COLOR=1; exec '$NETLAB' $*" /dev/null </dev/null | tr -d '\r'
}
words() { tr -s '[:space:]' '\n' | sed '/^$/d'; }
for columns in 40 60 80 200; do
	nl trace dhcptest
	shown=$(on_terminal $columns trace dhcptest)
	is "trace on a terminal of $columns columns: the same words" "$(words <<<"$shown")" "$(words <<<"$out")"
	is "trace on a terminal of $columns columns: no row is longer" "$(awk -v n=$columns 'length($0) > n' <<<"$shown")" ""
done
is "folded at spaces, further in" "$(on_terminal 60 trace dhcptest | grep -A 2 -F -e '-- INIT -> SELECTING')" \
"   0.000s  host      -- INIT -> SELECTING: the client has no
        address yet, so it sends from 0.0.0.0 to everyone
        (RFC 2131 section 4.4.1)"
nl trace --json dhcptest
is "what is for programs is not" "$(on_terminal 60 trace --json dhcptest)" "$out"
nl_is "release" 0 client host release
holds "it follows" wait_for 5 grep -q 'client INIT' "$T/screen"
down dhcptest
wait $watch
is "it ends with the lab" $? 0
like "and gives the screen back" "$(<"$T/screen")" $'\033\\[\\?1049l'
TERM=xterm script -qec "'$NETLAB' status --watch dhcptest" "$T/screen" >/dev/null 2>&1 </dev/null
is "a lab that is not up" $? 2
done_testing

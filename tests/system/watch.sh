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
nl_is "release" 0 client host release
holds "it follows" wait_for 5 grep -q 'client INIT' "$T/screen"
down dhcptest
wait $watch
is "it ends with the lab" $? 0
like "and gives the screen back" "$(<"$T/screen")" $'\033\\[\\?1049l'
TERM=xterm script -qec "'$NETLAB' status --watch dhcptest" "$T/screen" >/dev/null 2>&1 </dev/null
is "a lab that is not up" $? 2
done_testing

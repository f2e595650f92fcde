#!/bin/sh
# SPDX-License-Identifier: MIT
# What the program says and returns without any privilege: usage, scenarios, help, simulation.
# Usage: cli.sh NETLAB (TAP on standard output)

netlab=$(realpath "$1")
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1

# No labs or scenarios of the user's own, no colours, one language.
XDG_DATA_HOME=$dir/data
XDG_RUNTIME_DIR=$dir
LC_ALL=C
export XDG_DATA_HOME XDG_RUNTIME_DIR LC_ALL
unset NO_COLOR

n=0
failed=0

result() { # NAME STATUS-OF-THE-TEST
	n=$((n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $n - $1"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $n - $1"
	sed 's/^/# out: /' out
	sed 's/^/# err: /' err
}

# expect NAME STATUS [PATTERN-ON-STDOUT [PATTERN-ON-STDERR]] -- ARGUMENT...
# A pattern "" demands silence, "." anything.
expect() {
	name=$1 want=$2
	shift 2
	out=. err=
	[ "$1" = -- ] || { out=$1; shift; }
	[ "$1" = -- ] || { err=$1; shift; }
	shift
	"$netlab" "$@" >out 2>err </dev/null
	got=$?
	good=0
	[ "$got" -eq "$want" ] || { good=1; echo "# status $got, not $want"; }
	matches out "$out" || { good=1; echo "# standard output is not /$out/"; }
	matches err "$err" || { good=1; echo "# standard error is not /$err/"; }
	result "$name" "$good"
}

matches() { # FILE PATTERN
	case $2 in
	'') [ ! -s "$1" ] ;;
	.) true ;;
	*) grep -qE -e "$2" "$1" ;;
	esac
}

# scenario NAME: standard input becomes NAME.ini
scenario() { cat >"$1.ini"; }

# Usage, and words that were meant.
expect 'no verb' 2 '' 'Usage: .* VERB' --
expect 'unknown verb' 2 '' 'no verb "statsu"; did you mean "status"' -- statsu
expect 'verb like no other' 2 '' 'no verb "qqqqqq"' -- qqqqqq
expect 'option before the verb' 2 '' 'no option "--wat"' -- --wat
expect 'unknown option' 2 '' 'Try|usage' -- up --wat
expect 'no scenario' 2 '' 'which SCENARIO' -- up
expect 'two scenarios' 2 '' 'one SCENARIO at a time' -- up dhcptest dhcptest
expect 'nearest scenario' 2 '' 'no scenario "dhpctest"; did you mean "dhcptest"' -- up dhpctest
expect 'bad seed' 2 '' 'seed wants' -- up dhcptest --seed -1
expect 'bad speed' 2 '' 'speed wants' -- up dhcptest --speed 0
expect 'bad timeout' 2 '' 'timeout wants' -- up dhcptest --timeout soon
expect 'bad count' 2 '' '-n wants' -- trace -n 0
expect 'bad colour' 2 '' 'auto, always or never' -- status --color=pink
expect 'bad name' 2 '' 'cannot be a lab.s name' -- up dhcptest --name 'a/b'
expect 'one verb of help' 2 '' 'did you mean "up"' -- help upp
expect 'exec without a command' 2 '' 'which command' -- exec host
expect 'exec without a node' 2 '' 'which NODE' -- exec
expect 'shell with a command' 2 '' 'shell takes no command' -- shell host true

# Help: every verb that the usage text names has one, with an example of a verb that exists.
expect 'usage' 0 '^  up ' -- help
expect 'usage by option' 0 '^  up ' -- --help
verbs=$("$netlab" help | sed -n 's/^  \([a-z]*\) .*/\1/p')
for verb in $verbs; do
	expect "$verb --help" 0 "^Example: netlab $verb" -- "$verb" --help
	cp out help
	expect "help $verb" 0 . -- help "$verb"
	cmp -s out help
	result "help $verb says what $verb --help says" $?
	example=$(sed -n 's/^Example: netlab \([a-z]*\).*/\1/p' help)
	echo "$verbs" | grep -qx "$example"
	result "the example of $verb names a verb" $?
done

# What needs no lab.
expect 'new' 0 '^mine\.ini is written' -- new mine
expect 'new: lint' 0 'mine.ini: ok; it passes' -- lint --solution mine.ini
expect 'new: the file stays' 5 '' 'mine.ini is there already' -- new mine
expect 'new: no name' 2 '' 'cannot be a lab' -- new ../mine
expect 'graph' 0 'guest 10\.0\.0\.1/24, DHCP server .* host:host' -- graph dhcptest
expect 'graph: dot' 0 '^graph "dhcptest" ' -- graph dhcptest --format dot
expect 'graph: no form' 2 '' 'did you mean "svg"' -- graph dhcptest --format svgg
expect 'graph: nothing of that name' 2 '' 'did you mean "dhcptest"' -- graph dhpctest
expect 'lint: the proof' 0 'fails bob-to-carol .*passes with its Solution' -- lint --solution wrong-mask
expect 'sim --check' 1 'FAIL +bob-to-carol' -- sim --check wrong-mask
expect 'up --solution' 2 '' 'dhcptest has no Solution=' -- up dhcptest --solution
expect 'version' 0 '^netlab [0-9]+\.[0-9]' -- version
expect 'version names libraries' 0 'libmnl .*jansson' -- --version
expect 'explain' 0 'OFFER' -- explain
expect 'explain a message' 0 'RFC 2131' -- explain OFFER
expect 'explain an option' 0 'RFC 2132' -- explain 51
expect 'explain a machine' 0 'SELECTING' -- explain client
expect 'explain what is near' 2 '' 'did you mean' -- explain OFER
expect 'list' 0 '^ +6  dhcptest .*four messages' -- list
expect 'show' 0 'dhcptest:guest' -- show dhcptest
expect 'show names the pool' 0 '10\.0\.0\.2-10\.0\.0\.254 for 1h' -- show dhcptest
expect 'show names the expectations' 0 '^  dora .*DISCOVER OFFER REQUEST ACK' -- show dhcptest
expect 'show: three columns' 0 '^  carol-to-alice  carol can ping' -- show static
! grep -q ' $' out
result 'show leaves no blanks at the ends of lines' $?
good=0
for scenario in $("$netlab" list | grep -oE '(two-hosts|rogue|relay|expire|who-is-who)'); do
	"$netlab" show "$scenario" >out || good=1
	! grep -E '^.{81}' out || good=1
done
result 'show: each page fits into 80 columns' "$good"
expect 'lint --solution says what it left out' 0 'check; 2 tasks skipped: nobody' -- lint --solution renew
expect 'sim without clients' 0 'static has no DHCP clients' -- sim static
expect 'a --set has no line' 3 '' 'dhcptest.ini: --set .foo.: write' -- up dhcptest --set foo
expect 'by hand' 0 'ip netns add' -- up dhcptest --show-commands
sh -n out
result 'by hand is a shell script' $?
expect 'lint' 0 'dhcptest.ini: ok' -- lint dhcptest

# Scenario files that can not be, each by its own words; nothing but words happens.
expect 'missing file' 3 '' 'none.ini: No such file' -- lint ./none.ini
mkdir folder.ini
expect 'folder' 3 '' 'is a folder' -- lint folder.ini
: >empty.ini
expect 'empty file' 3 '' 'empty' -- lint empty.ini
head -c 5000 /dev/zero >binary.ini
expect 'binary file' 3 '' 'binary.ini:1:1: ' -- lint binary.ini
head -c 10000000 /dev/zero | tr '\0' '#' >big.ini
expect 'big file' 3 '' 'longer than' -- lint big.ini
echo '[Lab]' >secret.ini
chmod 0 secret.ini
if [ ! -r secret.ini ]; then
	expect 'unreadable file' 3 '' 'Permission denied' -- lint secret.ini
fi
scenario unclosed <<'X'
[Node a
X
expect 'grammar' 3 '' '^unclosed.ini:1:[0-9]+: ' -- lint unclosed.ini
scenario section <<'X'
[Nod a]
X
expect 'unknown section' 3 '' '^section.ini:1:[0-9]+: .*Node' -- lint section.ini
scenario key <<'X'
[Lab]
Titel=x
[Node a]
[Node b]
[Wiring]
Cable=a:x b:y
[Network a:z]
[Network a:x]
Address=10.0.0.300/24
X
expect 'unknown key' 3 '' '^key.ini:2:1: .*Title' -- lint key.ini
expect 'all errors at once' 3 '' '^key.ini:7:' -- lint key.ini
expect 'bad address' 3 '' '^key.ini:9:' -- lint key.ini
expect 'up refuses too' 3 '' '^key.ini:2:1: ' -- up key.ini
expect 'sim refuses too' 3 '' '^key.ini:2:1: ' -- sim key
expect 'set refuses too' 3 '' . -- up dhcptest --set 'Nonsense'
expect 'the first good file of two' 3 'dhcptest.ini: ok' '^key.ini:2:1: ' -- lint key.ini dhcptest
expect 'a broken file is listed' 0 '^ +key .*netlab lint' -- list

# Virtual time: the same seed gives the same bytes.
expect 'sim' 0 'ACK .*is yours for 1h' -- sim dhcptest
expect 'sim ends with a sum' 0 '1 of 1 client BOUND, 4 messages' -- sim dhcptest --seed 3
cp out first
expect 'sim again' 0 . -- sim dhcptest --seed 3
cmp -s out first
result 'same seed, same walkthrough' $?
expect 'sim with another seed' 0 . -- sim dhcptest --seed 4 --json
cp out first
expect 'sim with a third' 0 . -- sim dhcptest --seed 5 --json
! cmp -s out first
result 'another seed, another walkthrough' $?
expect 'sim for a day' 0 'RENEWING' -- sim dhcptest --for 1d

# JSON is JSON.
if command -v jq >/dev/null; then
	expect 'list --json' 0 . -- list --json
	jq -e '.schema == "netlab.list/1" and (.scenarios | map(.name) | index("dhcptest"))' out >/dev/null
	result 'list --json is valid' $?
	expect 'sim --json' 0 . -- sim dhcptest --json
	jq -es 'map(select(.kind == "message") | .message) == ["DISCOVER", "OFFER", "REQUEST", "ACK"]
		and all(.[]; .schema == "netlab.event/1")' out >/dev/null
	result 'sim --json is valid' $?
fi

# No lab: said, and not an error where nothing was wanted of it. Root's labs are
# the machine's: somebody may be at work.
if [ "$("$netlab" status)" = 'no lab is up (netlab list, netlab up SCENARIO)' ]; then
expect 'status of nothing' 0 'no lab is up' -- status
expect 'status --json of nothing' 0 '"labs": \[\]' -- status --json
expect 'down of nothing' 0 'no lab is up' -- down
expect 'down of all of nothing' 0 'no lab is up' -- down --all
expect 'down of what is not up' 0 'dhcptest is not up' -- down dhcptest
expect 'trace of nothing' 2 '' 'no lab' -- trace
expect 'trace of no such lab' 2 '' 'no lab "x"' -- trace x
expect 'check of nothing' 2 '' 'no lab' -- check
expect 'exec in nothing' 2 '' 'no lab' -- exec host -- true
expect 'shell in nothing' 2 '' 'no lab' -- shell host
fi

# Colours: only where asked for, and never against NO_COLOR.
esc=$(printf '\033')
expect 'no colour in a file' 0 . -- sim dhcptest
! grep -q "$esc" out
result 'output in a file has no colours' $?
expect 'colour by option' 0 "$esc" -- sim dhcptest --color=always
expect 'doctor looks for netem, and needs none' 0 'netem .*own wire' -- doctor
if command -v script >/dev/null; then
	TERM=xterm NO_COLOR=1 script -qec "'$netlab' doctor" /dev/null >out 2>err </dev/null
	! grep -q "$esc" out
	result 'NO_COLOR' $?
	TERM=xterm script -qec "'$netlab' doctor" /dev/null >out 2>err </dev/null
	grep -q "$esc" out
	result 'colour on a terminal' $?
	TERM=dumb script -qec "'$netlab' doctor" /dev/null >out 2>err </dev/null
	! grep -q "$esc" out
	result 'TERM=dumb' $?
fi

# A result that can not be written is a failure.
if [ -c /dev/full ]; then
	"$netlab" list >/dev/full 2>err
	[ $? -eq 4 ] && grep -q 'cannot write' err
	result 'full disk' $?
fi

# Without privilege no cable can be put into the caller's own namespace.
if [ "$(id -u)" -ne 0 ]; then
	expect 'caller without privilege' 4 '' '@caller' -- up dhcptest-host
fi

echo "1..$n"
[ "$failed" -eq 0 ]

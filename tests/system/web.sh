#!/bin/bash
# SPDX-License-Identifier: MIT
# netlab web: the live page, for who has its address, and for nobody else.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

has curl || skip_all "no curl here"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
ip link set lo up 2>/dev/null

# Its answer is in $out, the status of HTTP in $code.
ask() { # curl's arguments...
	code=$(curl -s -m 10 -o "$T/answer" -w '%{http_code}' "$@")
	out=$(<"$T/answer")
}

wish() { # JSON
	ask -X POST -d "$1" "$base/do?token=$token"
}

# A child process of the server's has a wish in hand.
at_work() {
	[ -n "$(ps -o pid= --ppid "$web")" ]
}

nl_is "no lab" 2 web
nl_is "up" 0 up dhcptest
"$NETLAB" web >"$T/web.out" 2>"$T/web.err" &
web=$!
holds "it says where it is" wait_for 5 grep -q token "$T/web.out"
url=$(sed 's/^dhcptest: //' "$T/web.out")
token=${url##*=}
base=${url%%/\?*}
like "on this machine only" "$url" '^http://127\.0\.0\.1:[0-9]+/\?token=[0-9a-f]{32}$'

ask "$url"
is "the page" "$code" 200
like "is the lab's" "$out" '<title>dhcptest</title>'
ask "$base/"
is "not without the token" "$code" 403
ask "$base/?token=${token/[0-9a-f]/g}"
is "not with another" "$code" 403
ask -H "Host: evil.example" "$url"
is "not by another name" "$code" 403
ask -H "Origin: http://evil.example" "$url"
is "not for another page" "$code" 403
ask -H "Origin: $base" "$url"
is "for its own" "$code" 200
ask "$base/../../etc/passwd?token=$token"
is "there are no files" "$code" 404
ask -X DELETE "$url"
is "nothing else is allowed" "$code" 501
head -c 100000 /dev/zero >"$T/zeros"
ask -X POST --data-binary "@$T/zeros" "$base/do?token=$token"
is "nor so much" "$code" 413

wish '{"op":"client","iface":1,"action":"renew"}'
is "a wish" "$code $out" '200 {"taken":true,"to":0}'
nl trace
like "is carried out" "$out" 'BOUND -> RENEWING: a client may renew before T1'
for bad in '{"op":"down"}' '{"op":"enter","node":0}' '{"op":"socket","node":0,"kind":"ping"}' '[]' 'x' '{}' \
	'{"op":"client","iface":99,"action":"renew"}' '{"op":"client","iface":1,"action":"explode"}' \
	'{"op":"time","wish":"speed","speed":-1}'; do
	wish "$bad"
	is "no wish: $bad" "$code" 409
done
wish '{"op":"step","command":"hold"}'
json "a step, and what is held" "$out" '.[0] | .taken and .step.held == []'
wish '{"op":"step","command":"x"}'
is "no step" "$code" 409
wish '{"op":"step","command":"q"}'
json "all goes on" "$out" '.[0] | .taken and .step == null'
wish '{"op":"time","wish":"until","moment":"T1","speed":1,"us":0,"iface":4294967295}'
is "the clock can be moved" "$code" 200
ask "$base/check?token=$token"
nl check --json
is "the check, as the verb has it" "$(jq -c '[.schema, .passed, .failed, .points, [.results[] | .name, .result]]' "$T/answer")" \
	"$(jq -c '[.schema, .passed, .failed, .points, [.results[] | .name, .result]]' <<<"$out")"
curl -sN -m 1 "$base/events?token=$token" >"$T/events"
sed -n 's/^data: //p' "$T/events" >"$T/lines"
nl trace --json
is "each event is told, in its order" "$(jq -c .n "$T/lines" | tr '\n' ' ')" "$(jq -c .n <<<"$out" | tr '\n' ' ')"
curl -sN -m 1 "$base/events?token=$token&from=$(($(wc -l <"$T/lines") - 1))" >"$T/events"
is "or only what is new" "$(grep -c '^data: ' "$T/events")" 1
json "a message with its bytes" "$(<"$T/lines")" \
	'[.[] | select(.kind == "message")] | length >= 8 and all(.hex | length > 500)'

# A lab that does not answer keeps who asked it waiting, and nobody else.
monitor=$(monitor_of dhcptest)
kill -STOP "$monitor"
curl -s -m 20 -X POST -d '{"op":"client","iface":1,"action":"renew"}' "$base/do?token=$token" >"$T/late" &
late=$!
wait_for 5 at_work
ask "$url"
is "the page is served while a wish waits" "$code" 200
is "which does wait" "$(<"$T/late")" ""
curl -s -m 20 -X POST -d '{"op":"client","iface":1,"action":"rebind"}' "$base/do?token=$token" >"$T/later" &
later=$!
sleep 0.3
is "the next one waits for it" "$(ps -o pid= --ppid "$web" | wc -l)" 1
kill -CONT "$monitor"
wait $late $later
like "the first is carried out in the end" "$(<"$T/late")" '^{"taken":true,'
like "and the next after it" "$(<"$T/later")" '^{"taken":true,'
nl trace --json
json "in their order" "$out" '[.[] | select(.kind == "state" and .from != .to) | .to] | .[-4:] |
	. == ["RENEWING", "BOUND", "REBINDING", "BOUND"]'

if [ -n "$browser" ]; then
	timeout -k 5 60 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync \
		--disable-dev-shm-usage --user-data-dir="$T/browser" --enable-logging=stderr --v=0 \
		--timeout=3000 --dump-dom "$url" >"$T/dom" 2>"$T/log"
	like "a browser shows the events" "$(<"$T/dom")" 'class="words[^"]*"[^>]*>[^<]*BOUND → RENEWING'
	like "and the buttons" "$(<"$T/dom")" '<button>until T1</button>'
	unlike "and has nothing to complain about" "$(<"$T/log")" 'CONSOLE.*source: (file|http):'
else
	skip "the page in a browser" "no chromium here"
fi

kill -INT $web
wait $web
is "Ctrl-C ends it" $? 0
is "without a word" "$(<"$T/web.err")" ""

rm "$T/web.out"	# what the next one says is waited for
"$NETLAB" web >"$T/web.out" 2>"$T/web.err" &
web=$!
wait_for 5 grep -q token "$T/web.out"
down dhcptest
wait $web
is "it ends with the lab" $? 0

# Pings that nobody answers keep who asked for them waiting, and nobody else.
{
	cat "$top/scenarios/dhcptest.ini"
	for n in 1 2 3; do
		printf '[Expect nobody%d]\nNode=host\nPing=10.0.0.%d\n' $n $((250 + n))
	done
} | sed 's/^Namespace=dhcptest/Namespace=deaf/' >"$T/deaf.ini"
nl_is "a lab whose pings fail" 0 up "$T/deaf.ini"
rm "$T/web.out"
"$NETLAB" web >"$T/web.out" 2>"$T/web.err" &
web=$!
wait_for 5 grep -q token "$T/web.out"
url=$(sed 's/^deaf: //' "$T/web.out")
token=${url##*=}
base=${url%%/\?*}
{
	curl -s -m 20 -w '%{time_total}' "$base/check?token=$token" >"$T/check"
	echo " done" >>"$T/check"
} &
checker=$!
children() {
	pgrep -P "$web" >/dev/null
}
no_children() {
	! children
}
holds "a check begins" wait_for 5 children
slowest=0
for _ in {1..10}; do
	took=$(curl -s -m 20 -o "$T/answer" -w '%{time_total}' "$base/nothing?token=$token" | tr -d .)
	[ "$((10#$took))" -le $slowest ] || slowest=$((10#$took))
	sleep 0.05
done
is "it has not ended yet" "$(cat "$T/check")" ""
holds "in that time others wait for 200 ms at most ($slowest us)" [ $slowest -le 200000 ]
wish '{"op":"client","iface":1,"action":"renew"}'
is "a wish is carried out" "$code" 200
is "and the check goes on" "$(cat "$T/check")" ""
wait $checker
is "until it has its answer" "$(head -n 1 "$T/check" | jq -c '[.passed, .failed]')" '[3,3]'
holds "and no child is left" no_children

curl -s -m 0.3 "$base/check?token=$token" >"$T/check"
holds "a check of who has gone ends, too" wait_for 10 no_children
ask "$base/nothing?token=$token"
is "and harms nobody" "$code" 404
curl -s -m 20 -o "$T/check" "$base/check?token=$token" &
checker=$!
wait_for 5 children
kill -INT $web
wait $web
is "Ctrl-C ends a check, too" $? 0
wait $checker
down deaf
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# netlab trace --html: the page opens in a browser without a complaint, and its
# parts do what they are there for.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)

# What a script finds in the page, as its last words: the text of <pre id="test">. Time is
# the browser's own, unless it is to be measured ("real").
in_page() { # page script [real]
	local clock=--virtual-time-budget=4000
	[ $# -lt 3 ] || clock=--v=0
	cp "$1" "$T/page.html"
	cat >>"$T/page.html" <<-END
	<pre id="test"></pre><script>
	const \$ = id => document.getElementById(id), lines = [];
	const say = x => lines.push(String(x));
	$2
	\$("test").textContent = lines.join("\n");
	</script>
	END
	timeout -k 5 60 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync \
		--disable-dev-shm-usage --user-data-dir="$T/browser" --enable-logging=stderr --v=0 \
		"$clock" --dump-dom "file://$T/page.html" >"$T/dom" 2>"$T/log"
	perl -0777 -ne 'print $1 if m{<pre id="test">(.*?)</pre>}s' "$T/dom"
}

# Hostile words in a title stay words.
sed 's|^Title=.*|Title=</script><img src=x onerror=boom()>|' "$top/scenarios/dhcptest.ini" >"$T/evil.ini"
sed -i 's/^Namespace=dhcptest/Namespace=evil/' "$T/evil.ini"
nl_is "up, with a title that is no title" 0 up "$T/evil.ini"
nl_is "its page" 0 trace --html "$T/evil.html" evil
is "one script of data, one of code" "$(grep -c '</script>' "$T/evil.html")" 2
down evil

nl_is "up" 0 up dhcptest
nl_is "until T1" 0 time until T1
nl_is "the page" 0 trace --html "$T/story.html"
like "where it is" "$out" 'story.html: open it in a browser'
unlike "it needs nothing from anywhere" "$(<"$T/story.html")" '(src|href)="?https?:|@import'
like "and may ask for nothing" "$(<"$T/story.html")" "default-src 'none'.*connect-src 'none'"
# But for the check, which pings anew.
uncheck='s/"check":.*,"live":/"live":/'
holds "it is what standard output gets" bash -c "'$NETLAB' trace --html - | sed '$uncheck' |
	cmp - <(sed '$uncheck' '$T/story.html')"
nl_is "a folder that is not there" 4 trace --html "$T/no/story.html"
like "is named" "$err" 'no/story.html'
nl_is "--html alone" 2 trace --html "$T/x.html" --json

if [ -z "$browser" ]; then
	skip "the page in a browser" "no chromium here"
	down dhcptest
	done_testing
fi

checked=$(nl check --json; jq -r '([.results[] | (if .result == "pass" then "ok" elif .result == "fail" then "FAIL"
	else "skip" end) + " " + .name + " " + "\(.points)/\(.of)"] | join(", ")),
	"\(.passed) passed, \(.failed) failed; \(.points) of \(.of) points"' <<<"$out")
like "there is something to check" "$checked" 'ok lease'

# The browser's own expressions.
# shellcheck disable=SC2016
found=$(in_page "$T/story.html" '
	say($("title").textContent);
	say(document.querySelectorAll("#topology rect.box").length + " nodes");
	$("what").value = "message"; $("what").dispatchEvent(new Event("change"));
	say([...document.querySelectorAll("#rows .name")].map(x => x.textContent).join(" "));
	$("first").click(); say($("detail").querySelector("h3").textContent);
	$("next").click(); say($("detail").querySelector("h3").textContent);
	$("back").click(); say($("clock").textContent.split(",")[0]);
	say($("back").disabled);
	document.querySelectorAll("#rows .row")[3].dispatchEvent(new MouseEvent("click"));
	say($("detail").querySelector("h3").textContent);
	const field = [...document.querySelectorAll("tr.field")].find(x => /^53/.test(x.textContent));
	field.click();
	say(field.textContent);
	say([...document.querySelectorAll(".hex .picked")].map(x => x.textContent).join(" "));
	document.dispatchEvent(new KeyboardEvent("keydown", { key: "End" }));
	say($("next").disabled);
	say(document.querySelector("#machines .state").textContent);
	say([...document.querySelectorAll("#check tr")].map(x => x.children[0].textContent + " " +
		x.children[1].textContent.split(":")[0] + " " + x.children[2].textContent).join(", "));
	say(document.querySelector("#check .sum").textContent);
	$("theme").click(); say(document.documentElement.dataset.theme);
	say(document.documentElement.scrollWidth <= innerWidth);')
is "what the page shows, step by step" "$found" \
"dhcptest: One server, one client, four messages
2 nodes
DISCOVER OFFER REQUEST ACK REQUEST ACK
DISCOVER — is there a DHCP server?
OFFER — $(in_page "$T/story.html" 'say(page.story.events.find(e => e.message === "OFFER").means);')
1 of 6
true
ACK — $(in_page "$T/story.html" 'say(page.story.events.find(e => e.message === "ACK").means);')
53 message typeACK (RFC 2132 section 9.6)
35 01 05
true
RENEWING
$checked
dark
true"
unlike "the browser has nothing to complain about" "$(<"$T/log")" 'CONSOLE.*source: (file|http):'

# On paper: everything, whole, in black on white; then the screen is as it was.
# shellcheck disable=SC2016
found=$(in_page "$T/story.html" '
	page.theme(true);
	page.go(page.rows.findIndex(i => page.story.events[i].message === "OFFER"));
	dispatchEvent(new Event("beforeprint"));
	const rows = [...document.querySelectorAll("#paper .ladder tbody tr")].map(x => x.textContent);
	say(rows.length === page.rows.length);
	say(page.rows.every((i, r) => rows[r].includes(page.story.events[i].means || page.story.events[i].why || "")));
	say(document.querySelectorAll("#paper .arrow").length);
	say($("paper").textContent.includes("…"));
	say([...document.querySelectorAll("#paper .machine b")].map(x => x.textContent).join(" "));
	say(document.querySelectorAll("#paper .lab tr").length === document.querySelectorAll("#check tr").length);
	say(document.querySelector("#paper .opened h3").textContent.split(" ")[0]);
	say(document.documentElement.dataset.theme);
	dispatchEvent(new Event("afterprint"));
	say($("paper").childElementCount + " " + document.documentElement.dataset.theme);')
is "on paper nothing is cut short" "$found" \
"true
true
6
false
BOUND
true
OFFER
light
0 dark"
unlike "nor does the browser complain" "$(<"$T/log")" 'CONSOLE.*source: (file|http):'

# The same exchange by each of a thousand clients, two and a half times over.
perl -0777 -ne 'print $1 if m{id="story">(.*?)</script>}s' "$T/story.html" |
	jq -c '[.events[:12][] | select(.kind != "lab")] as $dora |
	def of($c): if . == "host:host" then $c elif . == "host:host--dhcptest:guest" then "\($c)--sw:p" else . end;
	.nodes += [range(1000) | { name: "c\(.)", kind: "host", addresses: "" }] |
	.cables += [range(1000) | { name: "c\(.):eth0--sw:p\(.)", a: "c\(.)", b: "sw" }] |
	.events = [range(2500) as $r | "c\($r % 1000):eth0" as $c | $dora[] |
		if .kind == "message" then .from |= of($c) | .to |= of($c) else .at |= of($c) end | .t += $r] |
	.events |= [to_entries[] | .value + { n: (.key + 1) }]' | sed 's/</\\u003c/g' >"$T/big.json"
BIG=$T/big.json perl -0777 -pe 'BEGIN { open F, "<", $ENV{BIG}; $big = <F> }
	s{(id="story">).*?(</script>)}{$1$big$2}s' "$T/story.html" >"$T/big.html"
# shellcheck disable=SC2016
found=$(in_page "$T/big.html" '
	const load = performance.now(), took = [];
	const step = fn => { const at = performance.now(); fn(); $("rows").getBBox(); took.push(performance.now() - at); };
	for (let i = 0; i < 20; i++) step(() => page.go(i * 7919 % page.rows.length));
	for (let i = 0; i < 20; i++) step(() => $("next").click());
	for (let i = 0; i < 20; i++) step(() => document.querySelectorAll("#rows .row")[7].dispatchEvent(new MouseEvent("click")));
	const mean = took.reduce((a, b) => a + b) / took.length;
	say(page.story.events.filter(e => e.kind === "message").length + " messages");
	say(document.querySelectorAll("#rows .row").length < 60);
	say(load < 15000 && mean < 500);
	say("loaded in " + load.toFixed() + " ms, a step " + mean.toFixed(1) + " ms");' real)
is "ten thousand messages of a thousand clients: only the rows in sight, and quick" "$(head -n 3 <<<"$found")" \
"10000 messages
true
true"
echo "# $(tail -n 1 <<<"$found")"
unlike "without a complaint" "$(<"$T/log")" 'CONSOLE.*source: file:'
down dhcptest
done_testing

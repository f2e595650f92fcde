#!/bin/bash
# SPDX-License-Identifier: MIT
# What a server has on record: it is there before the ACK, survives a crash and a damaged file,
# and goes with the lab.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

RUN=$(run_dir)

pair() { # more keys of the server
	cat <<-END
		[Lab]
		FormatVersion=1
		[Node srv c d]
		[Switch sw]
		[Wiring]
		Cable=srv:eth0 sw:p1
		Cable=c:eth0 sw:p2
		Cable=d:eth0 sw:p3
		[Network srv:eth0]
		Address=10.0.0.1/24
		DHCPServer=yes
		[DHCPServer srv:eth0]
		PoolStart=10.0.0.10
		PoolEnd=10.0.0.11
		$1
		[Network c:eth0]
		DHCP=ipv4
		[Network d:eth0]
		DHCP=ipv4
		[DHCPv4 d:eth0]
		StartDelaySec=1h
	END
}

events() {
	nl trace --json
	what=$(jq -r 'select(.kind == "lab") | .what' <<<"$out")
}

address_of() { # client
	jq -r --arg c "$1" '[.labs[0].nodes[].interfaces[] | select(.client != null) |
		select(.peer == $c) | .client.address][0]' <<<"$out"
}

# ---- a crash in the middle of a lease ----

pair "" >"$T/keep.ini"
nl_is "keep: up" 1 up "$T/keep.ini" --timeout 1
file=$RUN/keep/leases.srv:eth0
nl status --json
mine=$(address_of sw:p2)
is "the lease is in the file" "$(cut -d' ' -f3,6 "$file")" "$mine active"
is "the file is its owner's alone" "$(stat -c %a "$file")" 600
nl_is "keep: the server crashes" 0 client srv crash
like "and says so" "$out" 'the server has crashed'
nl_is "keep: a second time changes nothing" 0 client srv:eth0 crash
nl status --json
json "a crashed server knows no lease" "$out" '.[0].labs[0] | .leases == [] and
	any(.nodes[].interfaces[].server; . != null and .running == false)'
nl status
like "status says that it is stopped" "$out" 'server stopped'
nl_is "keep: nobody answers" 1 client c renew --timeout 1
nl_is "keep: the server starts" 0 client srv start
like "with what is on record" "$out" 'starts again, with 1 binding on record'
nl status --json
json "it knows the lease, and how long it runs" "$out" '.[0].labs[0].leases |
	length == 1 and .[0].state == "active" and .[0].expires_in > 3500 and .[0].expires_in <= 3600'
nl_is "keep: another client starts" 0 client d start
nl status --json
is "nobody else gets the address" "$(address_of sw:p3)" \
	"$([ "$mine" = 10.0.0.10 ] && echo 10.0.0.11 || echo 10.0.0.10)"
nl_is "keep: the first one's lease is extended" 0 client c renew
nl_is "keep: released" 0 client d release
nl_is "keep: the server stops" 0 client srv stop
nl_is "keep: and starts" 0 client srv start
nl status --json
json "what was released stays so" "$out" \
	'[.[0].labs[0].leases[].state] | sort == ["active", "released"]'
nl_is "a server renews nothing" 2 client srv renew
like "and it says what it can do" "$err" 'runs a server, which can stop, start, crash and forcerenew, but not renew'

# ---- a damaged file ----

nl_is "keep: the server crashes again" 0 client srv crash
{
	sed '1s/10\.0\.0\./10.0.9./' "$file"
	head -c 30 "$file"
} >"$T/damaged"
cat "$T/damaged" >"$file"
nl_is "keep: it starts with a damaged file" 0 client srv start
like "a damaged line is passed over and told" "$out" '1 line of the lease file can not be read \(the first: 1\)'
like "a cut line, too" "$out" 'the last line of the lease file was cut short'
nl status --json
json "the other lines hold" "$out" 'any(.[0].labs[0].leases[]; .state == "active")'
down keep
is "down leaves nothing" "$(ls "$RUN")" ""

# ---- written anew ----

# Twelve clients, whose leases last two minutes; the clock jumps hours.
{
	pair "DefaultLeaseTimeSec=2min"$'\n'MinLeaseTimeSec=1min | sed '/^PoolEnd/s/11/99/'
	echo '[Node m[1-10]]'
	echo '[Wiring]'
	echo 'Cable=m[1-10]:eth0 sw:m[1-10]'
	echo '[Network m[1-10]:eth0]'
	echo DHCP=ipv4
} >"$T/anew.ini"
nl_is "anew: up" 1 up "$T/anew.ini" --timeout 3
first=$RUN/anew/leases.srv:eth0
second=$first:2

known() { # what the server knows, without what time does to it
	nl status --json
	jq -S '[.labs[0].leases[] | {address, state, client_id}] | sort' <<<"$out"
}

anew() { # file: until it is the one
	local i=0
	until [ "$(head -c 8 "$1")" = "journal " ] || [ $((i += 1)) -gt 20 ]; do
		nl time +90min
	done
}

nl_is "anew: one gives its address back" 0 client c release
anew "$second"
like "what has grown is written anew, into the other file" "$(head -n 1 "$second")" '^journal 1 [0-9]+ [0-9a-f]{8}$'
is "and the old one is emptied" "$(stat -c %s "$first")" 0
is "the new one is its owner's alone" "$(stat -c %a "$second")" 600
knew=$(known)
nl_is "anew: crash" 0 client srv crash
nl_is "anew: start" 0 client srv start
like "all is known" "$out" 'with 12 bindings on record'
unlike "no line is a bad one" "$out" 'can not be read|cut short'
is "as it was" "$(known)" "$knew"
anew "$first"
like "the next is in the first file again" "$(head -n 1 "$first")" '^journal 2 '

# What an agent leaves behind that is killed while it writes the next: head and some lines.
knew=$(known)
nl_is "anew: another crash" 0 client srv crash
sum() { # FNV-1a
	local hash=2166136261 i
	for ((i = 0; i < ${#1}; i++)); do
		printf -v c %d "'${1:i:1}"
		hash=$((((hash ^ c) * 16777619) & 0xffffffff))
	done
	printf '%s %08x\n' "$1" "$hash"
}
bytes=$(($(stat -c %s "$first") - $(head -n 1 "$first" | wc -c)))
{
	sum "journal 3 $bytes"
	sed -n 2,4p "$first"
} >"$T/half"
cat "$T/half" >"$second"
nl_is "anew: start with one that was never finished" 0 client srv start
like "nothing is lost with it" "$out" 'with 12 bindings on record'
is "the older one holds" "$(known)" "$knew"

# Killed after the last byte, before the old one was emptied.
nl_is "anew: the third crash" 0 client srv crash
{
	sum "journal 3 $bytes"
	tail -n +2 "$first"
} >"$T/whole"
cat "$T/whole" >"$second"
nl_is "anew: start with two whole ones" 0 client srv start
is "the newer one holds" "$(known)" "$knew"
size=$(stat -c %s "$second")
nl_is "anew: renew" 0 client m1 renew
holds "and is written to" test "$(stat -c %s "$second")" -gt "$size"
down anew

# ---- without a record ----

pair PersistLeases=no >"$T/forget.ini"
nl_is "forget: up" 1 up "$T/forget.ini" --timeout 1
holds "there is no file" test ! -e "$RUN/forget/leases.srv:eth0"
nl_is "forget: the server crashes" 0 client srv crash
nl_is "forget: and starts" 0 client srv start
like "with nothing" "$out" 'knows of no lease'
nl status --json
json "all is forgotten" "$out" '.[0].labs[0].leases == []'
down forget

# ---- a full disk ----

fill() {
	dd if=/dev/zero of="$RUN/fill" bs=4096 2>/dev/null
	while printf x >>"$RUN/fill"; do :; done 2>/dev/null
	return 0
}

if mkdir -p "$RUN" && mount -t tmpfs -o size=1m small "$RUN" 2>/dev/null; then
	chmod 700 "$RUN"
	pair "" >"$T/full.ini"
	nl_is "full: up" 1 up "$T/full.ini" --timeout 1
	# Until the next line needs a page of its own.
	file=$RUN/full/leases.srv:eth0
	for _ in $(seq 120); do
		nl client c renew
		[ $(($(stat -c %s "$file") % 4096)) -le $((4096 - 70)) ] || break
	done
	fill
	nl_is "full: what the log can not tell is not waited for for ever" 1 client c renew --timeout 2
	like "full: and that is told" "$err" \
		'the log does not tell what came of it: is there no room on the disk of .*/full\?'
	nl status --json
	json "full: there comes no ACK" "$out" \
		'[.[0].labs[0].nodes[].interfaces[].client | select(. != null) | .state] == ["RENEWING", "INIT"]'
	rm "$RUN/fill"
	nl_is "full: with room there is an ACK again" 0 client c reboot --timeout 10
	events
	like "full: and the log says why" "$what" 'the lease file takes no more \(No space left on device\): 1 ACK is not sent'
	nl_is "full: the server crashes" 0 client srv crash
	nl_is "full: and starts" 0 client srv start
	unlike "full: no line is half a line" "$out" 'cut short|can not be read'
	nl_is "full: down" 0 down full
	umount "$RUN"
else
	skip "full disk" "no tmpfs can be mounted here"
fi
done_testing

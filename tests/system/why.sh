#!/bin/bash
# SPDX-License-Identifier: MIT
# netlab why: the recorded decisions behind a client's state, one case after the other.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

scenario() { # first last
	cat <<-END
		[Lab]
		FormatVersion=1
		[Node srv a b]
		[Switch sw]
		[Wiring]
		Cable=srv:eth0 sw:p0
		Cable=a:eth0 sw:p1
		Cable=b:eth0 sw:p2
		[Network srv:eth0]
		Address=10.1.0.1/24
		DHCPServer=yes
		[DHCPServer srv:eth0]
		PoolStart=10.1.0.$1
		PoolEnd=10.1.0.$2
		DefaultLeaseTimeSec=1h
	END
}

# All its words on one line.
why() { # node
	nl_is "why $1" 0 why "$1"
	words=$(tr -s ' \n' ' ' <<<"$out")
}

{
	scenario 10 10
	printf '[Network a:eth0 b:eth0]\nDHCP=ipv4\n'
} >"$T/full.ini"
nl_is "full: up, for one of two clients" 1 up "$T/full.ini" --timeout 1s
nl status --json
winner=$(jq -r '[.labs[0].nodes[] | select(.interfaces[].client.state == "BOUND") | .name][0]' <<<"$out")
loser=$([ "$winner" = a ] && echo b || echo a)

why "$winner"
like "BOUND: how things are" "$out" "^$winner:eth0 has 10\.1\.0\.10/24: it is BOUND, next step in (29|30)min"
like "BOUND: it asked" "$words" "#[0-9]+ $winner:eth0 to everyone, DISCOVER: is there a DHCP server\?"
like "BOUND: the server's decision" "$words" '#[0-9]+ srv:eth0 NONE -> OFFERED: a new address from the pool\. RFC 2131 section 4\.3\.1'
like "BOUND: the client's" "$words" '#[0-9]+ REQUESTING -> BOUND: the server gives the address .*\. RFC 2131 section 4\.4\.1'
like "BOUND: the address" "$words" "#[0-9]+ 10\.1\.0\.10/24 came on $winner:eth0"
unlike "BOUND: nothing of the other" "$words" "$loser:eth0"

# cli.md's picture.
why "$loser"
like "full: how things are" "$out" "^$loser:eth0 has no lease\. It is SELECTING, attempt [1-9], next DISCOVER in [0-9]+s\."
like "full: it was asked for" "$words" "#[0-9]+ $loser:eth0 to everyone, DISCOVER: is there a DHCP server\?"
like "full: and by whom it is full" "$words" '#[0-9]+ srv:eth0 made no OFFER: the pool is full; 10\.1\.0\.10(-10\.1\.0\.10)?: 1 of 1 held, the next free in [0-9a-z ]+\. RFC 2131 section 4\.3\.1'
unlike "full: nothing of the other" "$words" "$winner:eth0"

nl_is "why --json" 0 why --json "$loser"
json "its schema" "$out" '.[0] | .schema == "netlab.why/1" and .state == "SELECTING" and .address == null
	and .attempt >= 1 and (.next_in | type) == "number" and .at == "'"$loser"':eth0"'
json "its events are those of the log" "$out" '.[0].events | length >= 2 and
	.[0].kind == "message" and .[0].message == "DISCOVER" and
	(.[-1] | .kind == "drop" and .at == "srv:eth0" and (.why | test("pool is full"))) and
	all(.[]; .schema == "netlab.event/1")'
nl_is "why --json of a lease" 0 why --json "$winner:eth0"
json "it has its address" "$out" '.[0] | .state == "BOUND" and .address == "10.1.0.10/24"'

nl_is "no such node" 2 why nobody
nl_is "no node" 2 why
nl_is "a node that has no client" 2 why srv
like "it says so" "$err" 'srv'
nl_is "two nodes" 2 why a b

# The one that has it gives it back, and says so.
nl_is "released" 0 client "$winner" release
why "$winner"
like "released: how things are" "$out" "^$winner:eth0 has no lease\. It is (INIT|STOPPED)"
like "released: its own doing" "$words" "#[0-9]+ $winner:eth0 to srv:eth0, RELEASE: I give 10\.1\.0\.10 back"
down full

# What was broken on purpose is said to be.
{
	scenario 10 10
	cat <<-END
		[Network a:eth0]
		DHCP=ipv4
		[Fault gone]
		Type=drop
		Message=DISCOVER
	END
} >"$T/lossy.ini"
nl_is "dropped: up" 1 up "$T/lossy.ini" --timeout 100ms
why a
like "dropped: how things are" "$out" '^a:eth0 has no lease\. It is SELECTING, attempt 1, next DISCOVER in'
like "dropped: by which fault" "$words" '#[0-9]+ fault: DISCOVER DROPPED BY FAULT gone'
down lossy

{
	scenario 10 20
	printf '[Network a:eth0]\nDHCP=ipv4\n'
} >"$T/silent.ini"
nl_is "silent: up" 0 up "$T/silent.ini"
in_node srv ip link set eth0 down
"$NETLAB" client a reboot >/dev/null 2>&1 &
waiting=$!
is_asking() {
	nl why a
	grep -q 'REBOOTING' <<<"$out"
}
holds "silent: it asks for its old address" wait_for 15 is_asking
why a
like "silent: nobody has recorded the message" "$out" '^  nobody answered: no server has recorded that the message came'
kill $waiting 2>/dev/null
wait $waiting
down silent

# Somebody uses the only address: it is declined.
{
	scenario 10 10
	cat <<-END
		[Network b:eth0]
		Address=10.1.0.10/24
		[Network a:eth0]
		DHCP=ipv4
		[DHCPv4 a:eth0]
		ConflictDetection=200ms
	END
} >"$T/taken.ini"
nl_is "taken: up" 1 up "$T/taken.ini" --timeout 1s
has_declined() {
	nl trace --json
	jq -es 'any(.[]; .kind == "message" and .message == "DECLINE")' <<<"$out" >/dev/null
}
holds "taken: it declines" wait_for 5 has_declined
why a
like "taken: how things are" "$out" '^a:eth0 has no lease'
like "taken: its own decision" "$words" 'DECLINE: 10\.1\.0\.10 is in use by somebody else|REQUESTING -> INIT: .*ARP'
down taken

# It comes to another net with its old address: NAK, and no other address to have there.
{
	cat <<-END
		[Lab]
		FormatVersion=1
		[Node north south a b]
		[Switch up down]
		[Wiring]
		Cable=north:eth0 up:p0
		Cable=south:eth0 down:p0
		Cable=a:eth0 up:p1
		Cable=b:eth0 down:p2
		[Network north:eth0]
		Address=10.1.0.1/24
		DHCPServer=yes
		[Network south:eth0]
		Address=10.2.0.1/24
		DHCPServer=yes
		[DHCPServer south:eth0]
		Authoritative=yes
		PoolStart=10.2.0.5
		PoolEnd=10.2.0.5
		[Network a:eth0 b:eth0]
		DHCP=ipv4
		[Event walk]
		Node=a
		Action=move
		Switch=down
		AfterSec=1
	END
} >"$T/moved.ini"
nl_is "moved: up" 0 up "$T/moved.ini"
is_refused() {
	nl why a
	grep -q 'made no OFFER' <<<"$out"
}
holds "moved: it is refused" wait_for 20 is_refused
why a
like "moved: how it lost its lease" "$words" '#[0-9]+ (REBOOTING|BOUND|RENEWING) -> INIT: .*RFC 2131'
like "moved: and why it gets no other" "$words" 'south:eth0 made no OFFER: the pool is full'
down moved
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# netlab step: a lab message by message: let go, drop, copy, delay, edit, run on, and back.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/system/others.sh
. "$top/tests/system/others.sh"

steps() { # what rc command...
	local what=$1 rc=$2
	shift 2
	out=$(printf '%s\n' "$@" | "$NETLAB" step 2>&1)
	is "$what" $? "$rc"
}

kernel_address() {
	in_node host ip -4 -o addr show dev host | awk '{ print $4 }'
}

held() { # what is on hold, "AT TYPE" a line, as the next step shows it
	sed -n 's/^\[[0-9]*\] *[0-9hms.]* *\([a-z]*\)[:a-z0-9]* *[-=]> *[:a-z0-9]* *\([A-Z]*\) .*/\1 \2/p' <<<"$out"
}

# Times of a message's lines among those that were shown as having happened.
times() { # type
	sed -n "s/^ *\([0-9.]*\)s  [a-z]* *[-=]> [a-z]* *$1 .*/\1/p" <<<"$out"
}

before=$(snapshot)

nl_is "up --step" 0 up --step dhcptest
is "stops before the first message" "$(held)" "host DISCOVER"
like "says why it is sent" "$out" '^    why: the client has no address yet'
nl status --json
json "lab time stands still" "$out" '.[0].labs[0].state == "paused"'
nl trace --json
unlike "nothing was on the cable" "$out" '"kind":"message"'

nl_is "step without input" 0 step
begun=$(times DISCOVER)
# The commands before took longer than that: the clock did not run meanwhile.
like "lets one message go" "$begun" '^0\.0[0-9]{2}$'
is "and holds its answer" "$(held)" "dhcptest OFFER"

steps "show" 0 s
like "each field" "$out" '^ +yiaddr +10\.0\.0\.'
like "the bytes" "$out" '^ +0f0  35 01 02'
unlike "and nothing happens" "$out" '^ *0\.[0-9]{3}s '

steps "drop the OFFER" 0 d
like "which the log tells" "$out" '!  OFFER DROPPED BY HAND'
like "nothing is held then" "$out" '^nothing is held'
steps "the next step" 0 n
is "rfc2131_4_1_no_answer_the_client_sends_its_discover_again" "$(held)" "host DISCOVER"
like "after its backoff of 4 s, give or take one, in lab time" "$out" '^\[1\] +[345]\.[0-9]+s'

steps "back to before time went on" 0 b
like "is back at that time" "$out" "^ +${begun}s  lab +\*  step: back to before #[0-9]+\$"
steps "and on again" 0 n
is "leads to the same" "$(held)" "host DISCOVER"

steps "the exchange goes on" 0 n n
is "to the REQUEST" "$(held)" $'dhcptest OFFER\nhost REQUEST'
steps "back to before it" 0 b
is "the OFFER is held again" "$(held)" "dhcptest OFFER"
is "the client selects again" "$(client .state)" SELECTING
steps "let go, it leads to the same" 0 n
is "REQUEST" "$(held)" "host REQUEST"

steps "copy" 0 c n n
is "the REQUEST is sent twice" "$(times REQUEST | wc -l)" 2
is "and answered twice" "$(held | tail -2)" $'dhcptest ACK\ndhcptest ACK'
steps "run until the client is BOUND" 0 'r host=BOUND'
address=$(kernel_address)
like "it has its address" "$address" '^10\.0\.0\.[0-9]+/24$'
steps "back" 0 b
is "the kernel has it no longer" "$(kernel_address)" ""
is "nor has the client" "$(client .state)" REQUESTING
steps "on" 0 n
is "the address is back" "$(kernel_address)" "$address"
steps "the second ACK changes nothing" 0 n
is "BOUND" "$(client .state)" BOUND

nl_is "run until the next REQUEST" 0 step --until REQUEST
is "which renews the lease" "$(held)" "host REQUEST"
like "at T1, half an hour on" "$out" '^\[1\] *18[0-9][0-9]\.'
is "T1 has not run away: time stands" "$(client '.t1_in == 0 and .expires_in >= 1799')" true
steps "delay the ACK" 0 n 'y 2s' n
like "is told" "$out" '!  ACK DELAYED BY HAND: 2s'
like "it is held again 2 s later" "$out" '^\[1\] *18[0-9][0-9]\..*ACK'
steps "edit it: a transaction of another" 0 'e xid 1234' n
like "is told too" "$out" '!  ACK EDITED BY HAND: xid 1234'
like "rfc2131_4_4_1_an_ack_with_another_xid_is_discarded" "$out" 'ignores ACK: .*xid'

steps "back to before the edit" 0 b b
steps "edit the address" 0 'e yiaddr 192.168.7.7' 'e option 51 60' s n
like "the option has its new value, and its length" "$out" '33 04 00 00 00 3c'
like "rfc2131_4_4_5_an_ack_with_another_address_is_no_renewal" "$out" \
	'x  ignores ACK: an ACK with another address is no renewal \(RFC 2131 section 4\.4\.5\)'
is "the kernel has the old one" "$(kernel_address)" "$address"

steps "words that are none" 2 nxet 'e yiadr 10.0.0.1' 'n 7' 'r WHAT'
like "the nearest is named" "$out" 'did you mean "next"'
like "of fields too" "$out" 'did you mean "yiaddr"'
like "how many are held" "$out" 'there is no message 7|no message is held'

steps "quit" 0 q
nl status --json
json "time goes on" "$out" '.[0].labs[0].state == "up"'
nl time pause
steps "step begins in a lab that is up, and has no way back" 2 'r' 'b'
like "as it says" "$out" 'there is no step further back'
nl_is "time resume is refused" 5 time resume
like "and says what to do" "$err" 'q in .netlab step. ends'

nl_is "a client is asked, and not waited for" 0 client host release
nl status --json
json "its RELEASE is held" "$out" '.[0].labs[0].state == "paused"'
steps "it goes when it is let go" 0 n
is "RELEASE" "$(times RELEASE | wc -l)" 1
nl_is "down in the middle of a step" 0 down
is "nothing is left" "$(snapshot)" "$before"
is "no process either" "$(processes)" ""

# The same commands in virtual time. It is exact, and so is the way back.
play() { printf '%s\n' "$@" | "$NETLAB" sim --step dhcptest 2>&1; }

out=$(play n d n n n n n)
is "sim: a dropped OFFER is asked for again" "$(times DISCOVER | wc -l)" 2
like "the client is BOUND in the end" "$out" 'REQUESTING -> BOUND'
is "back and on is as if nothing had been" "$(play n n b n n n | tail -4)" "$(play n n n n | tail -4)"
is "four steps back" "$(play n n n n b b b b | tail -3)" "$(play n b | tail -3)"
out=$(play n 'e yiaddr 10.0.0.1' n)
like "rfc2131_3_1_a_servers_own_address_is_refused" "$out" "ignores OFFER: it gives us the server's own"

out=$(play n 'e hlen 99' s n)
like "what can not be read any more is held, shown, let go" "$out" '^ +000  02 01 63 00'
like "and ignored" "$out" 'host +x  ignores '

# A program that is not netlab's: what it sends is held on its wire.
server_scenario 10.4.0.50 >"$T/foreign.ini"
if has udhcpc; then
	nl_is "up --step, with a host for another client" 0 up --step "$T/foreign.ini"
	starts udhcpc host "${udhcpc[@]}" -q -n -t 1 -T 20 -s /bin/true
	other=$!
	# shellcheck disable=SC2016
	holds "its DISCOVER is held" wait_for 5 sh -c '"$0" step </dev/null | grep -q OFFER' "$NETLAB"
	steps "its answer is held" 0 s
	like "netlab's OFFER" "$out" '^    DHCPOFFER '
	steps "an OFFER of another address" 0 'e yiaddr 10.4.0.77' n
	is "the client asks for that" "$(held | tail -n 1)" "host REQUEST"
	like "in its own words" "$out" '10\.4\.0\.77 please'
	steps "which is edited on its way" 0 'e option 50 10.4.0.50' n
	is "and granted" "$(held | tail -n 1)" "srv ACK"
	steps "let go" 0 n
	wait $other
	like "it has what it was given" "$(<"$T/udhcpc.log")" 'lease of 10\.4\.0\.50 obtained'
	nl trace --json
	json "each message was once on the wire" "$out" '[.[] | select(.kind == "message") | .message] ==
		["DISCOVER", "OFFER", "REQUEST", "ACK"]'
	down foreign
else
	skip "messages of others are held" "no udhcpc here"
fi

# A relay agent of others, on a router with two links: what it says itself is held on both,
# what it passes on is not held again.
cat >"$T/relayed.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node srv router host]
	[Wiring]
	Cable=srv:eth0 router:wan
	Cable=router:lan host:eth0
	[Network srv:eth0]
	Address=10.9.0.2/24
	Gateway=10.9.0.1
	DHCPServer=yes
	[DHCPServer srv:eth0]
	PoolStart=10.9.0.50
	PoolEnd=10.9.0.60
	[DHCPServerSubnet srv:eth0]
	Subnet=10.4.0.0/24
	PoolStart=10.4.0.50
	PoolEnd=10.4.0.50
	Router=10.4.0.1
	[Network router:wan]
	Address=10.9.0.1/24
	[Network router:lan]
	Address=10.4.0.1/24
	IPForward=yes
	[Network host:eth0]
	DHCP=ipv4
END
if has dnsmasq && [ "$mode" = root ]; then
	nl_is "up --step, with a router for another relay agent" 0 up --step "$T/relayed.ini"
	timeout 60 "$NETLAB" exec router -- dnsmasq --conf-file=/dev/null --no-daemon --port=0 \
		--dhcp-relay=10.4.0.1,10.9.0.2 --pid-file= --user=root >"$T/dnsmasq" 2>&1 &
	relay=$!
	wait_for 5 grep -q 'DHCP relay' "$T/dnsmasq"
	for want in "router DISCOVER" "srv OFFER" "router OFFER" "host REQUEST" "router REQUEST" "srv ACK" "router ACK"; do
		steps "go on" 0 n
		is "held: $want" "$(held | tail -n 1)" "$want"
	done
	steps "the last one, and on to T1" 0 n n
	is "a renewal is held where it begins" "$(held | tail -n 1)" "host REQUEST"
	steps "not where the router passes it on" 0 n
	is "nor is its answer" "$(held | tail -n 1)" "srv ACK"
	steps "to its end" 0 n
	kill $relay
	wait $relay
	nl trace --json
	json "each message was once on each of its cables" "$out" '
		[.[] | select(.kind == "message") | .message] | sort | group_by(.) | map({(.[0]): length}) | add ==
		{"DISCOVER": 2, "OFFER": 2, "REQUEST": 4, "ACK": 4}'
	down relayed
else
	skip "messages of a relay agent of others are held" "no dnsmasq, or no root"
fi

done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# netlab capture: what Wireshark is given, whole, live, and of one node alone.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

# Fields of each packet, one a line; whatever tshark complains about is in $T/complaints.
fields() { # file field...
	local file=$1
	shift
	tshark -r "$file" -T fields "${@/#/-e}" 2>"$T/complaints"
}

no_complaint() { # name
	is "$1: tshark has nothing to say against it" \
		"$(grep -v '^Running as user' "$T/complaints")" ""
}

# Clients that all ask at once, so that their exchanges are mixed.
nl_is "eight: up" 0 up <(switch_scenario 8)
lab=$(basename "$(echo "$(run_dir)"/*/state | xargs dirname)")
nl_is "eight: capture" 0 capture -w "$T/eight.pcapng"
is "it is a pcapng file" "$(head -c 4 "$T/eight.pcapng" | od -An -tx1)" " 0a 0d 0d 0a"

if ! has tshark; then
	skip "what tshark reads" "no tshark"
else
	found=$(fields "$T/eight.pcapng" frame.interface_name frame.interface_description \
		dhcp.option.dhcp frame.time_epoch frame.comment)
	no_complaint "eight"
	is "an interface is an end of a cable" "$(awk -F'\t' '$3 == 1 { print $1, $2 }' <<<"$found" | sort -u)" \
		"$(for i in 1 2 3 4 5 6 7 8; do echo "c$i:eth0 c$i:eth0--sw:p$i"; done)"
	is "replies come from the server's end" "$(awk -F'\t' '$3 == 2 { print $1 }' <<<"$found" | sort -u)" srv:eth0
	like "stamps have nanoseconds" "$(cut -f4 <<<"$found")" '\.[0-9]{6}(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})$'
	is "each client takes its own offer" \
		"$(grep -oE 'to c[0-9]:eth0: OFFER.*' <<<"$found" | sed -E 's/to (c[0-9]).*\[(c[0-9]):eth0 SELECTING -> REQUESTING\]$/\1 \2/' | sort)" \
		"$(for i in 1 2 3 4 5 6 7 8; do echo "c$i c$i"; done)"
	is "and is BOUND by its own ACK" \
		"$(grep -oE 'to c[0-9]:eth0: ACK.*' <<<"$found" | sed -E 's/to (c[0-9]).*\[(c[0-9]):eth0 REQUESTING -> BOUND\]$/\1 \2/' | sort)" \
		"$(for i in 1 2 3 4 5 6 7 8; do echo "c$i c$i"; done)"
	is "the server's step stands at the client's message" \
		"$(grep -cE 'c[0-9]:eth0 to everyone: (DISCOVER.*\[srv:eth0 NONE -> OFFERED\]|REQUEST.*\[srv:eth0 OFFERED -> ACTIVE\])$' <<<"$found")" 16
	like "the first message has the step that sent it" "$found" \
		'c1:eth0 to everyone: DISCOVER, is there a DHCP server\? \[c1:eth0 INIT -> SELECTING\]'

	nl_is "one node's" 0 capture -w "$T/c3.pcapng" c3
	found=$(fields "$T/c3.pcapng" frame.interface_name eth.dst dhcp.option.dhcp)
	no_complaint "one node's"
	is "it sees all broadcasts, and no unicast of others" "$(awk -F'\t' '
		$3 == 1 || $3 == 3 { asked++ }
		$3 == 2 || $3 == 5 { got++; if (to != "" && $2 != to) mixed++; to = $2 }
		END { print asked, got, mixed + 0 }' <<<"$found")" "16 2 0"
	nl_is "one end's" 0 capture -w "$T/srv.pcapng" srv:eth0
	is "the server's end sees all" "$(fields "$T/srv.pcapng" dhcp.option.dhcp | grep -c .)" 32
fi
timeout 20 "$NETLAB" capture -w - >"$T/out"
holds "-w - is the same, and ends" cmp "$T/out" "$T/eight.pcapng"

# What is refused.
nl_is "no such node" 2 capture -w "$T/x.pcapng" c9
like "the nearest is named" "$err" 'c9.*(did you mean|c[1-8])'
nl_is "no such interface" 2 capture -w "$T/x.pcapng" c1:eth9
nl_is "two nodes" 2 capture -w "$T/x.pcapng" c1 c2
nl_is "a folder that is not there" 4 capture -w "$T/no/x.pcapng"
nl_is "a full disk" 4 capture -w /dev/full
if has script; then
	script -qec "'$NETLAB' capture" /dev/null >"$T/out" 2>&1 </dev/null
	is "a terminal: exit status" $? 2
	like "a terminal: refused" "$(<"$T/out")" 'not for terminals: -w FILE'
else
	skip "a terminal" "no script(1)"
fi

# Live: a pipe is followed while the lab is up.
mkfifo "$T/pipe"
"$NETLAB" capture >"$T/pipe" 2>"$T/err" &
follower=$!
cat "$T/pipe" >"$T/live.pcapng" &
reader=$!
has_size() { # at least, file
	[ "$(stat -c %s "$2")" -ge "$1" ]
}
holds "a pipe has at once what there is" wait_for 3 has_size "$(stat -c %s "$T/eight.pcapng")" "$T/live.pcapng"
nl_is "a client renews" 0 client c1 renew
holds "and it comes" wait_for 3 has_size "$(($(stat -c %s "$T/eight.pcapng") + 800))" "$T/live.pcapng"
holds "the follower goes on" kill -0 $follower
down "$lab"
wait $follower
is "it ends with the lab" $? 0
wait $reader
if has tshark; then
	found=$(fields "$T/live.pcapng" dhcp.option.dhcp frame.comment)
	no_complaint "live"
	is "the end of the lab is in it" "$(cut -f1 <<<"$found" | grep -c '^7$')" 8
	like "with the steps" "$found" 'c1:eth0 to srv:eth0: REQUEST.*\[c1:eth0 BOUND -> RENEWING\]'
fi

# Stamps are of the lab's clock: it runs faster, and jumps.
nl_is "fast: up" 1 up <(lonely_scenario) --timeout 1s
lab=$(basename "$(echo "$(run_dir)"/*/state | xargs dirname)")
nl_is "fast: at sixty times the speed" 0 time speed 60
nl_is "fast: three minutes later" 0 time +3min
nl_is "fast: capture" 0 capture -w "$T/fast.pcapng"
nl_is "fast: decode" 0 decode "$T/fast.pcapng"
like "no message came too early by the lab's clock" "$out" 'no rule was broken'
last=$(grep DISCOVER <<<"$out" | tail -1)
like "the last one came minutes later" "$last" '^ *(9[0-9]|[12][0-9]{2})\.[0-9]+s '
down "$lab"
# A server and a stranger on one cable: what the server takes and sends it writes down itself.
cable_scenario() {
	cat <<-END
		[Lab]
		FormatVersion=1
		[Node srv stranger]
		[Wiring]
		Cable=srv:eth0 stranger:eth0
		[Network srv:eth0]
		Address=10.0.0.1/16
		DHCPServer=yes
		[Network stranger:eth0]
		Address=10.0.0.2/16
	END
}
messages() { # kind from: how many are in the log
	"$NETLAB" trace stranger --json | grep "\"message\":\"$1\"" | grep -c "\"from\":\"$2:eth0\""
}
logged() { # DISCOVERs OFFERs
	[ "$(messages DISCOVER stranger) $(messages OFFER srv)" = "$1 $2" ]
}
asked() { # DISCOVERs
	[ "$(messages DISCOVER stranger)" = "$1" ]
}
ask() { # times
	in_node stranger python3 "$top/tests/system/hostile.py" eth0 flood "$1"
}
if has python3; then
	nl_is "stranger: up" 0 up <(cable_scenario) --name stranger
	holds "stranger: asks" ask 70
	holds "each message is in the log, and once" wait_for 5 logged 70 70
	holds "the stranger is seen by others, too" in_node stranger ping -c 1 -W 2 10.0.0.1
	nl_is "stranger: capture" 0 capture -w "$T/stranger.pcapng"
	if has tshark; then
		found=$(fields "$T/stranger.pcapng" dhcp.option.dhcp icmp.type frame.time_epoch)
		no_complaint "stranger"
		is "so is each frame" "$(awk -F'\t' '{ n[$1 "," $2]++ }
			END { print n["1,"], n["2,"], n[",8"], n[",0"] }' <<<"$found")" "70 70 1 1"
		like "what is sent has nanoseconds" "$(awk -F'\t' '$1 == 2 { print $3 }' <<<"$found")" '\.[0-9]{9}$'
	fi
	if has tc && in_node srv tc qdisc add dev eth0 root tbf rate 1kbit burst 1540 limit 100000; then
		holds "stranger: asks, and the server's frames are queued" ask 20
		holds "all of the stranger's are in the log" wait_for 5 asked 90
		sent=$(messages OFFER srv)
		holds "and of the server's those that left ($sent)" test "$sent" -gt 70 -a "$sent" -lt 85
	else
		skip "a queue" "no tc, or no tbf"
	fi
	down stranger
else
	skip "a server and a stranger" "no python3"
fi
done_testing

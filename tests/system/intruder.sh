#!/bin/bash
# SPDX-License-Identifier: MIT
# Somebody at an interface who sends what he should not: a rogue server, who sits on an
# address, who starves a server; in a lab and in virtual time, from the start and live.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

lab() { # more
	cat <<-END
		[Lab]
		FormatVersion=1
		Speed=10
		[Node srv c evil]
		[Switch sw]
		TrustedPort=p1
		[Wiring]
		Cable=srv:eth0 sw:p1
		Cable=c:eth0 sw:p2
		Cable=evil:eth0 sw:p3
		[Network srv:eth0]
		Address=10.0.0.1/24
		DHCPServer=yes
		[DHCPServer srv:eth0]
		PoolStart=10.0.0.10
		PoolEnd=10.0.0.11
		[Network c:eth0]
		DHCP=ipv4
	END
}

# The honest server is slow.
slow() {
	printf '[NetworkEmulator srv:eth0]\nDelaySec=2s\n'
}

{
	lab
	slow
	cat <<-END
		[Fault mallory]
		Type=rogue
		Node=evil
		[Expect trap]
		Node=c
		Server=10.0.0.254
		Router=10.0.0.254
		DNS=10.0.0.254
		[Expect offer]
		Message=OFFER
		From=evil
		Option=54 10.0.0.254
	END
} >"$T/rogue.ini"
said='[.[] | select(.kind == "fault") | [.at, .what]] == [
	["evil:eth0", "OFFER OF SERVER 10.0.0.254 SENT BY FAULT mallory"],
	["evil:eth0", "ACK OF SERVER 10.0.0.254 SENT BY FAULT mallory"]]'
nl_is "rogue: in virtual time" 0 sim "$T/rogue.ini" --check
nl_is "rogue: in virtual time, as JSON" 0 sim "$T/rogue.ini" --json
json "rogue: what he did, in virtual time" "$out" "$said"
nl_is "rogue: up" 0 up "$T/rogue.ini"
nl_is "rogue: the client is his" 0 check
nl trace --json
json "rogue: what he did" "$out" "$said"
nl_is "rogue: he renews, too, and is found by ARP" 0 client c renew --timeout 5
nl trace --json
json "rogue: the renewal was unicast" "$out" \
	'[.[] | select(.message == "REQUEST") | .dst_ip] == ["255.255.255.255", "10.0.0.254"]'
nl why c
like "rogue: why names the fault" "$out" 'BY FAULT mallory'
nl_is "rogue: list" 0 fault list
like "rogue: what list says of him" "$out" 'mallory +rogue at evil:eth0: has sent 3 messages'
nl_is "rogue: clear" 0 fault clear
nl client c renew --timeout 1
is "rogue: nobody answers any more" "$rc" 1
down rogue

nl_is "rogue: up with snooping" 0 up "$T/rogue.ini" --set 'Switch sw.DHCPSnooping=yes'
nl trace --json
json "rogue: the switch stops him, and says why" "$out" 'any(.[]; .kind == "drop" and .at == "sw:p3" and
	.message == "OFFER" and (.why | test("not trusted")))'
json "rogue: the client has an honest address" "$out" \
	'[.[] | select(.kind == "address") | .address] | length == 1 and (.[0] | test("^10.0.0.1[01]/"))'
down rogue

# The client looks before it takes.
{
	lab
	cat <<-END
		[DHCPv4 c:eth0]
		ConflictDetection=500ms
		[Fault squatter]
		Type=conflict
		Node=evil
	END
} >"$T/conflict.ini"
story='([.[] | select(.kind == "fault") | .what] | length == 2 and all(endswith("BY FAULT squatter"))) and
	([.[] | select(.kind == "message") | .message] ==
	["DISCOVER", "OFFER", "REQUEST", "ACK", "DECLINE", "DISCOVER", "OFFER", "REQUEST", "ACK"]) and
	([.[] | select(.message == "OFFER") | .yiaddr] | unique | length == 2)'
nl_is "conflict: in virtual time" 0 sim "$T/conflict.ini" --for 30s --json
json "conflict: declined, and another, in virtual time" "$out" "$story"
nl_is "conflict: up" 0 up "$T/conflict.ini" --timeout 60
nl trace --json
json "conflict: declined, and another" "$out" "$story"
down conflict

# The server looks before it offers; later somebody takes the address that the client has.
nl_is "taken: up" 0 up "$T/conflict.ini" --timeout 60 --set 'DHCPServer srv:eth0.ConflictDetection=500ms'
nl trace --json
json "taken: the server offers another" "$out" \
	'[.[] | select(.kind == "message") | .message] == ["DISCOVER", "OFFER", "REQUEST", "ACK"]'
address=$(jq -rs '[.[] | select(.message == "ACK") | .yiaddr][0]' <<<"$out")
nl_is "taken: live" 0 fault add conflict --node evil --address "$address" --name late
declined() {
	nl trace --json
	jq -es 'any(.[]; .message == "DECLINE")' <<<"$out" >/dev/null
}
holds "taken: the client defends its address once, and declines it" wait_for 10 declined
nl trace --json
json "taken: who took it is named" "$out" \
	'any(.[]; .kind == "fault" and .what == "'"$address"' TAKEN BY FAULT late")'
down conflict

# Live.
{
	lab
	slow
} >"$T/live.ini"
nl_is "live: up" 0 up "$T/live.ini" --set 'NetworkEmulator evil:eth0.DelaySec=0' --timeout 30
nl_is "live: a rogue" 0 fault add rogue --node evil --address 10.0.0.66 --router 10.0.0.99 --dns 10.0.0.98 \
	--lease 1min --pool-offset 100 --pool-size 5 --count 4 --name eve
nl_is "live: the name is taken" 5 fault add drop --name eve
nl_is "live: for another rogue, too" 5 fault add rogue --node evil --name eve
nl_is "live: again" 0 client c stop
nl_is "live: and start" 0 client c start --timeout 20
nl status --json
json "live: the client is his" "$out" '.[0].labs[0].nodes[] | select(.name == "c") | .interfaces[0].client |
	.server_id == "10.0.0.66" and .router == ["10.0.0.99"] and .dns == ["10.0.0.98"] and
	.lease_seconds == 60 and (.address | test("^10.0.0.10[0-4]$"))'
nl_is "live: list" 0 fault list --json
json "live: list says what he is" "$out" \
	'.[0].faults == [{"name": "eve", "type": "rogue", "node": "evil:eth0", "direction": "from",
	"message": "", "count": 4, "rate": 1, "struck": 2}]'
nl_is "live: who starves" 0 fault add starve --node evil --count 3 --delay 1ms --name thief
nl_is "live: clear" 0 fault clear
nl_is "live: nobody is left" 0 fault list
like "live: says so" "$out" 'has no faults'
nl_is "live: a machine crashes by another verb" 2 fault add crash
like "live: which one" "$err" 'client NODE crash'
nl_is "live: who?" 2 fault add rogue
like "live: needs a node" "$err" 'needs --node'
nl_is "live: a switch" 2 fault add conflict --node sw
like "live: is none" "$err" '^netlab: --node: write NODE:IF of a host'
nl_is "live: taken already" 2 fault add rogue --node evil --address 10.0.0.1
like "live: by whom" "$err" '10.0.0.1 is the address of srv:eth0 already'
nl_is "live: an option of others" 2 fault add rogue --node evil --message ACK
like "live: of whom" "$err" '--message is for faults that strike'
nl_is "live: no address" 2 fault add rogue --node evil --router 10.0.0
like "live: what was wanted" "$err" '--router wants the address of a host'
nl_is "live: no lease" 2 fault add rogue --node evil --lease 1s
nl_is "live: not on a cable that is no wire" 5 fault add rogue --node c
like "live: and how it becomes one" "$err" "no wire.*--set 'NetworkEmulator c:eth0.DelaySec=0'"
down live

# Step by step, and back: what he had said is unsaid, so that his two messages are left.
nl_is "step: up" 0 up "$T/rogue.ini" --step --set 'Fault mallory.Count=2'
out=$(printf 'n\nb\nr c=BOUND\n' | timeout 20 "$NETLAB" step 2>&1)
like "step: the client is bound after a step back" "$out" 'BOUND'
nl trace --json
json "step: he has offered twice, and given once" "$out" \
	'[.[] | select(.kind == "fault" and (.what | test("mallory"))) | .what | split(" ") | .[0] + .[-3]] ==
	["OFFER(1", "OFFER(1", "ACK(2"]'
down rogue
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# CollectOffersSec=: which of several offers is taken (RFC 2131 section 4.4.1).
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

# The first server is near, the second far: left to itself a client takes the first one's offer.
lab() { # name keys-of-the-client events
	cat >"$T/$1.ini" <<-END
		[Lab]
		FormatVersion=1
		[Node near far host]
		[Switch sw]
		[Wiring]
		Cable=near:eth0 sw:p1
		Cable=far:eth0 sw:p2
		Cable=host:eth0 sw:p3
		[NetworkEmulator far:eth0]
		DelaySec=100ms
		[Network near:eth0]
		Address=10.3.0.1/24
		DHCPServer=yes
		[DHCPServer near:eth0]
		PoolStart=10.3.0.10
		PoolEnd=10.3.0.99
		[Network far:eth0]
		Address=10.3.0.2/24
		DHCPServer=yes
		[DHCPServer far:eth0]
		PoolStart=10.3.0.110
		PoolEnd=10.3.0.199
		[Network host:eth0]
		DHCP=ipv4
		[DHCPv4 host:eth0]
		$2
		${3:-}
	END
}

server_of() {
	nl status --json
	jq -r '.labs[0].nodes[] | select(.name == "host").interfaces[0].client |
		"\(.state) \(.server_id)"' <<<"$out"
}

has_server() { # its address
	[ "$(server_of)" = "BOUND $1" ]
}

# A lease of the far one, given back; then both are there again.
come_back() {
	nl client near stop
	nl client host release
	nl client host start
	wait_for 10 has_server 10.3.0.2
	nl client near start
	nl client host release
	nl client host start
}

lab first ""
nl_is "up" 0 up "$T/first.ini"
is "the first good offer wins" "$(server_of)" "BOUND 10.3.0.1"
come_back
holds "also against the address of before" wait_for 10 has_server 10.3.0.1
nl_is "down" 0 down

lab collect CollectOffersSec=1
nl_is "collecting: up" 0 up "$T/collect.ini"
is "without an address of before the first one wins, too" "$(server_of)" "BOUND 10.3.0.1"
nl trace --json
json "a second after it came" "$out" '[.[] | select(.at == "host:eth0" or .from == "host:eth0") |
	select(.kind == "state" or .kind == "message")] |
	(map(select(.message == "REQUEST"))[0].t - map(select(.message == "DISCOVER"))[0].t) | . >= 1 and . < 2'
json "with both offers heard, and both reasons told" "$out" '[.[] | select(.at == "host:eth0" and .kind == "state") | .why] |
	any(test("another server may have")) and any(test("one offer more")) and any(test("wait for offers is over"))'
come_back
holds "the address of before is preferred" wait_for 10 has_server 10.3.0.2
nl trace
like "and the trace says so" "$out" 'the address that the client had before'
nl_is "collecting: down" 0 down

# The same, simulated: the near server is away at first, and the client begins anew after it is back.
lab sim CollectOffersSec=1 "$(cat <<-END
	[Event away]
	Node=near
	Action=stop
	AfterSec=0
	[Event back]
	Node=near
	Action=start
	AfterSec=10
	[Event give]
	Node=host
	Action=release
	AfterSec=11
	[Event again]
	Node=host
	Action=start
	AfterSec=12
END
)"
sed -i 's/^CollectOffersSec=1$/&\nStartDelaySec=1/' "$T/sim.ini"
nl_is "sim" 0 sim "$T/sim.ini" --for 20 --json
json "sim: the far server's address, both times" "$out" '[.[] | select(.kind == "message" and .message == "ACK") | .from] ==
	["far:eth0", "far:eth0"]'
json "sim: though the near one offered first" "$out" '[.[] | select(.kind == "message" and .message == "OFFER") | .from] ==
	["far:eth0", "near:eth0", "far:eth0"]'
sed -i '/^CollectOffersSec/d' "$T/sim.ini"
nl_is "sim without the key" 0 sim "$T/sim.ini" --for 20 --json
json "sim: the near server's then" "$out" '[.[] | select(.kind == "message" and .message == "ACK") | .from] ==
	["far:eth0", "near:eth0"]'
done_testing

#!/bin/bash
# SPDX-License-Identifier: MIT
# Several servers on one node, each with a link of its own: subnets, switches and cables, lives.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

cat >"$T/three.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node srv a b c d]
	[Switch sw]
	[Wiring]
	Cable=srv:one sw:p0
	Cable=a:eth0 sw:p1
	Cable=b:eth0 sw:p2
	Cable=srv:two c:eth0
	Cable=srv:three d:eth0
	[Network srv:one]
	Address=10.1.0.1/24
	[DHCPServer srv:one]
	PoolStart=10.1.0.50
	PoolEnd=10.1.0.60
	[Network srv:two]
	Address=10.2.0.1/24
	[DHCPServer srv:two]
	PoolStart=10.2.0.50
	PoolEnd=10.2.0.60
	[Network srv:three]
	Address=10.3.0.1/24
	[DHCPServer srv:three]
	PoolStart=10.3.0.50
	PoolEnd=10.3.0.60
	[Network srv:one srv:two srv:three]
	DHCPServer=yes
	[DHCPServer srv:one srv:two srv:three]
	DefaultLeaseTimeSec=1min
	[Network a:eth0 b:eth0 c:eth0 d:eth0]
	DHCP=ipv4
END

# One subnet on two links that know nothing of each other.
cat >"$T/twins.ini" <<-END
	[Lab]
	FormatVersion=1
	[Node srv a b]
	[Wiring]
	Cable=srv:one a:eth0
	Cable=srv:two b:eth0
	[Network srv:one]
	Address=10.1.0.1/24
	DHCPServer=yes
	[DHCPServer srv:one]
	PoolStart=10.1.0.50
	PoolEnd=10.1.0.60
	[Network srv:two]
	Address=10.1.0.2/24
	DHCPServer=yes
	[DHCPServer srv:two]
	PoolStart=10.1.0.70
	PoolEnd=10.1.0.80
	[Network a:eth0 b:eth0]
	DHCP=ipv4
END

# Both on one switch.
sed 's/^Cable=srv:one.*/Cable=srv:one sw:p1\nCable=a:eth0 sw:p3/; s/^Cable=srv:two.*/Cable=srv:two sw:p2\nCable=b:eth0 sw:p4/
	s/^\[Wiring\]/[Switch sw]\n&/' "$T/twins.ini" >"$T/rivals.ini"

# "a 10.1.0.1", a line for each client that is BOUND.
served_by() {
	nl status --json
	jq -r '.labs[0].nodes[] | .name as $n | .interfaces[].client // empty |
		select(.state == "BOUND") | "\($n) \(.server_id)"' <<<"$out" | sort
}

each="a 10.1.0.1
b 10.1.0.1
c 10.2.0.1
d 10.3.0.1"
nl_is "three servers on one node: up" 0 up "$T/three.ini"
is "each client is served by the server of its link" "$(served_by)" "$each"
nl_is "two minutes of renewals" 0 time +2min
is "each goes on" "$(served_by)" "$each"
nl trace --json
json "each server has answered only clients of its link" "$out" '[.[] |
	select(.kind == "message" and (.from | startswith("srv:"))) | [.from, .to]] | unique ==
	[["srv:one", "a:eth0"], ["srv:one", "b:eth0"], ["srv:three", "d:eth0"], ["srv:two", "c:eth0"]]'
json "and nobody has lost an address" "$out" '[.[] | select(.kind == "address" and .op != "add")] == []'

nl_is "which one is meant must be said" 2 client srv stop
like "and they are named" "$err" 'srv has several servers: srv:one or srv:two'
nl_is "one of them stops" 0 client srv:two stop
nl_is "its client's lease ends" 0 time +2min
is "and the others' do not" "$(served_by)" "$(sed '/^c/d' <<<"$each")"
nl_is "one crashes" 0 client srv:one crash
nl_is "and is there again" 0 client srv:one start
nl trace
like "with its own leases on record, and no other's" "$out" 'srv:one .*starts again, with 2 bindings on record'
nl_is "the first, too" 0 client srv:two start
nl_is "time for a DISCOVER" 0 time +70s
is "all are served again" "$(served_by)" "$each"
down three

nl_is "sim: the same" 0 sim "$T/three.ini" --for 2min --json
json "sim: each by its own" "$out" '[.[] | select(.kind == "message" and .message == "ACK") | [.from, .to]] | unique ==
	[["srv:one", "a:eth0"], ["srv:one", "b:eth0"], ["srv:three", "d:eth0"], ["srv:two", "c:eth0"]]'

# A renewal is answered by unicast, which must not leave by the other link.
nl_is "one subnet twice: up" 0 up "$T/twins.ini"
nl_is "the one renews" 0 client a renew
nl_is "and the other" 0 client b renew
is "each by its own server" "$(served_by)" $'a 10.1.0.1\nb 10.1.0.2'
down twins
nl_is "sim: likewise" 0 sim "$T/twins.ini" --for 61min --json
json "sim: all renewals are answered" "$out" '[.[] | select(.kind == "message") | .message] |
	[(map(select(. == "REQUEST")) | length), (map(select(. == "ACK")) | length)] == [6, 6]'

nl_is "two servers of one node on one switch: up" 0 up "$T/rivals.ini"
nl trace --json
json "both offer to each" "$out" '[.[] | select(.kind == "message" and .message == "OFFER") | [.from, .to]] |
	sort == [["srv:one", "a:eth0"], ["srv:one", "b:eth0"], ["srv:two", "a:eth0"], ["srv:two", "b:eth0"]]'
json "and the one that was not chosen withdraws" "$out" '[.[] | select(.kind == "state" and
	(.why | test("chose another server: the address is free again")))] | length == 2'
down rivals
done_testing

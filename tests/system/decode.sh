#!/bin/bash
# SPDX-License-Identifier: MIT
# netlab decode: captures of every kind that other programs make, and files that are none.
# shellcheck source=tests/system/lib.sh disable=SC2317
. "$(dirname "$0")/lib.sh"

has python3 || skip_all "python3 writes the captures"

# LINK [OPTION...]: a DISCOVER, an OFFER and an ARP request, in a capture of this link type.
# pcap (or ng: pcapng), big: big-endian, micro: microseconds, snap=N: packets cut to N bytes,
# fragment, badsum: the IP checksum, nosum: UDP's is the hardware's, early: a DISCOVER 1 s later.
cat >"$T/make.py" <<'END'
import struct
import sys

def dhcp(op, kind, yiaddr, options, xid=0x12345678):
    b = struct.pack("!BBBBIHH4s4s4s4s", op, 1, 6, 0, xid, 0, 0, bytes(4), bytes(yiaddr), bytes(4), bytes(4))
    b += bytes([2, 0, 0, 0, 0, 1]) + bytes(10 + 192) + bytes.fromhex("63825363") + bytes([53, 1, kind])
    b += options + b"\xff"
    return b + bytes(300 - len(b))

def datagram(src, dst, sport, dport, payload, words):
    udp = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload
    if "nosum" in words:
        udp = udp[:6] + b"\x12\x34" + udp[8:]
    flags = 0x2000 if "fragment" in words else 0
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, flags, 64, 17, 0, bytes(src), bytes(dst))
    total = sum(struct.unpack("!10H", ip))
    total = (total & 0xffff) + (total >> 16)
    total = ~total & 0xffff
    if "badsum" in words:
        total ^= 1
    return ip[:10] + struct.pack("!H", total) + ip[12:] + udp

CLIENT, SERVER, ALL = bytes([2, 0, 0, 0, 0, 1]), bytes([2, 0, 0, 0, 0, 2]), b"\xff" * 6

def link(kind, src, dst, proto, body):
    if kind == "ether":
        return dst + src + proto + body
    if kind == "vlan":
        return dst + src + b"\x81\x00\x00\x07" + proto + body
    if kind == "qinq":
        return dst + src + b"\x88\xa8\x00\x05\x81\x00\x00\x07" + proto + body
    if kind == "sll":
        return struct.pack("!HHH", 0, 1, 6) + src + b"\0\0" + proto + body
    if kind == "sll2":
        return proto + struct.pack("!HIHBB", 0, 2, 1, 0, 6) + src + b"\0\0" + body
    return body

LINKS = {"ether": 1, "vlan": 1, "qinq": 1, "sll": 113, "sll2": 276, "raw": 101, "ip4": 228, "ppp": 9}

def pcap(packets, number, words):
    e = ">" if "big" in words else "<"
    micro = "micro" in words
    out = struct.pack(e + "IHHiIII", 0xa1b2c3d4 if micro else 0xa1b23c4d, 2, 4, 0, 0, 262144, number)
    for ns, data, wire in packets:
        out += struct.pack(e + "IIII", ns // 10**9, ns % 10**9 // (1000 if micro else 1), len(data), wire) + data
    return out

def block(e, kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack(e + "II", kind, 12 + len(body)) + body + struct.pack(e + "I", 12 + len(body))

def pcapng(packets, number, words):
    e = ">" if "big" in words else "<"
    out = block(e, 0x0a0d0d0a, struct.pack(e + "IHHq", 0x1a2b3c4d, 1, 0, -1))
    out += block(e, 1, struct.pack(e + "HHI", number, 0, 0) + struct.pack(e + "HHBxxx", 9, 1, 9))
    for ns, data, wire in packets:
        out += block(e, 6, struct.pack(e + "IIIII", 0, ns >> 32, ns & 0xffffffff, len(data), wire) + data)
    return out

kind, words = sys.argv[1], sys.argv[2:]
snap = min([int(w[5:]) for w in words if w.startswith("snap=")] + [65535])
lease = bytes([54, 4, 10, 0, 0, 1, 51, 4, 0, 0, 14, 16, 1, 4, 255, 255, 255, 0])
discover = datagram([0] * 4, [255] * 4, 68, 67, dhcp(1, 1, [0] * 4, b""), words)
offer = datagram([10, 0, 0, 1], [10, 0, 0, 9], 67, 68, dhcp(2, 2, [10, 0, 0, 9], lease), words)
packets = [(10**18, link(kind, CLIENT, ALL, b"\x08\x00", discover))]
if "early" in words:
    packets += [(10**18 + 10**9, link(kind, CLIENT, ALL, b"\x08\x00", discover))]
packets += [(10**18 + 1500000, link(kind, SERVER, CLIENT, b"\x08\x00", offer))]
if kind not in ("raw", "ip4"):
    packets += [(10**18 + 2000000, link(kind, CLIENT, ALL, b"\x08\x06", bytes(28)))]
packets.sort()
packets = [(ns, data[:snap], len(data)) for ns, data in packets]
sys.stdout.buffer.write((pcapng if "ng" in words else pcap)(packets, LINKS[kind], words))
END

make() { # file link [option...]
	local file=$1
	shift
	python3 "$T/make.py" "$@" >"$T/$file"
}

# Each link type, in each kind of file.
for kind in ether vlan qinq sll sll2 raw ip4; do
	for format in pcap "pcap big" "pcap micro" ng "ng big"; do
		# shellcheck disable=SC2086
		make cap $kind $format
		nl decode --json "$T/cap"
		if jq -es 'length == 2 and
			(.[0] | .message == "DISCOVER" and .xid == "12345678" and .src_ip == "0.0.0.0" and .t == 0) and
			(.[1] | .message == "OFFER" and .yiaddr == "10.0.0.9" and .options["51"] == "3600"
				and .t == 0.0015 and .frame == 2)' <<<"$out" >/dev/null && [ -z "$err" ]; then
			ok "$kind, $format"
		else
			not_ok "$kind, $format" "$out$err"
		fi
	done
done

# The tags of a frame, in each view that says where it went, and nowhere else.
make cap vlan
nl decode --json "$T/cap"
json "a VLAN is a list of one" "$out" 'map(.vlan) == [[7], [7]]'
nl decode "$T/cap"
like "a VLAN, in the timeline" "$out" 'is there a DHCP server\? \(VLAN 7\)$'
nl decode -x "$T/cap"
like "a VLAN, above the bytes" "$out" 'is there a DHCP server\? \(VLAN 7\)$'
nl decode --explain "$T/cap"
like "a VLAN, at length" "$out" ' 02:00:00:00:00:02 -> 02:00:00:00:00:01   VLAN 7$'
make cap qinq
nl decode --json "$T/cap"
json "two VLANs, the outer one first" "$out" 'map(.vlan) == [[5, 7], [5, 7]]'
nl decode --explain "$T/cap"
like "two VLANs, at length" "$out" '   VLAN 7 in VLAN 5$'
make cap vlan snap=100
nl decode --json "$T/cap"
json "also of what is cut" "$out" 'map([.kind, .vlan]) == [["drop", [7]], ["drop", [7]]]'
make cap ether
nl decode --json "$T/cap"
json "no tags, no key" "$out" 'all(has("vlan") | not)'
nl decode --explain "$T/cap"
unlike "nor a word" "$out" VLAN

make cap ether
nl_is "the timeline" 0 decode "$T/cap"
like "by MAC address" "$out" '^ +0\.000s  02:00:00:00:00:01  => everyone +DISCOVER  is there a DHCP server\?'
like "and the answer" "$out" '^ +0\.00[12]s  02:00:00:00:00:02  -> 02:00:00:00:00:01 +OFFER +10\.0\.0\.9 for 1h, from 10\.0\.0\.1'
like "the sum" "$out" '^2 DHCP messages, 1 other packet'
nl_is "at length" 0 decode --explain "$T/cap"
like "each option" "$out" '^ +51 lease time +1h'
is "in 80 columns" "$(awk 'length > 80' <<<"$out")" ""
like "the datagram under its frame" "$out" '^ {12}10\.0\.0\.1:67 -> 10\.0\.0\.9:68   342 bytes$'
nl_is "bytes" 0 decode -x "$T/cap"
like "with the field below" "$out" '51 lease time: 1h'
nl_is "mermaid" 0 decode --diagram=mermaid "$T/cap"
like "a diagram" "$out" '^sequenceDiagram'
nl_is "svg" 0 decode --diagram=svg "$T/cap"
like "a picture" "$out" '^<svg '
nl_is "only one message" 0 decode -n 1 "$T/cap"
unlike "not the other" "$out" OFFER
nl_is "only one type" 0 decode --message OFFER "$T/cap"
unlike "not the other type" "$out" DISCOVER
make cap raw
nl decode --explain "$T/cap"
like "no MAC address is none" "$out" '^#2  .* 10\.[0-9.]+ -> 10\.[0-9.]+   10\.'
unlike "and no zeros either" "$out" '00:00:00:00:00:00'
nl_is "without MAC addresses" 0 decode "$T/cap"
like "the client is known by its chaddr" "$out" '02:00:00:00:00:01  => everyone'
like "the server by its address" "$out" '10\.0\.0\.1 +-> 10\.0\.0\.9'

# Standard input, and a capture that a program made which is not ours.
make cap ether ng
"$NETLAB" decode - <"$T/cap" >"$T/out" 2>"$T/err"
is "standard input: exit status" $? 0
like "standard input" "$(<"$T/out")" '^2 DHCP messages'
if has editcap; then
	editcap -F pcap "$T/cap" "$T/converted" 2>/dev/null
	nl_is "editcap's pcap" 0 decode --summary "$T/converted"
	like "has the same" "$out" '^2 DHCP messages, 1 other packet'
else
	skip "editcap's pcap" "no editcap"
fi

# Rules, and their words.
make cap ether early
nl_is "a second DISCOVER after one second" 0 decode "$T/cap"
like "came too early" "$out" 'SHOULD.*4, 8, 16, 32, 64 s|too-early|1\.000 s after the one before'
like "in the sum, too" "$out" '^Rules that were broken:'
nl_is "the same as JSON" 0 decode --json "$T/cap"
json "has the rule's name" "$out" 'any(.[]; .message == "DISCOVER" and any(.breaches[]; .rule == "too-early" and .level == "SHOULD"))'

# What cannot be read is said to be, and why.
make cap ether snap=100
nl_is "packets that are cut" 0 decode "$T/cap"
like "are cut" "$out" 'cut: the capture kept a part of the packet only'
like "in the sum, too" "$out" '2 that cannot be read'
nl decode --explain "$T/cap"
is "what is cut, in 80 columns" "$(awk 'length > 80' <<<"$out")" ""
make cap ether fragment
nl_is "fragments" 0 decode "$T/cap"
like "are fragments" "$out" 'a fragment: the rest'
make cap ether badsum
nl_is "a wrong IP checksum" 0 decode "$T/cap"
like "is damage" "$out" 'damaged: a length or a checksum'
make cap ether nosum
nl_is "a UDP checksum that is left to the hardware" 0 decode "$T/cap"
like "does no harm" "$out" '^2 DHCP messages'
# What was before the damage is shown, so this is no failure, but it is said.
cut_short() { # name
	nl decode "$T/cap"
	is "$1: exit status" "$rc" 0
	like "$1: it is said" "$err" 'cap ends too early: '
}
for at in 30 39 50 200; do
	make whole ether
	head -c "$at" "$T/whole" >"$T/cap"
	cut_short "a file that ends after $at bytes"
done
make cap ether ng
printf '\6\0\0\0\374\377\377\177' >>"$T/cap"
cut_short "a block of 2 GB"
like "a block of 2 GB: what was before it is shown" "$out" '^2 DHCP messages'
make cap ether
printf '\0\0\0\0\0\0\0\0\377\377\377\377\377\377\377\377' >>"$T/cap"
cut_short "a packet of 4 GB"
like "a packet of 4 GB: what was before it is shown" "$out" '^2 DHCP messages'

# What is no capture, or of no use.
: >"$T/empty"
nl_is "an empty file" 2 decode "$T/empty"
like "it is named" "$err" 'empty is no capture that can be read'
head -c 4096 /dev/urandom >"$T/noise"
printf 'no' | dd of="$T/noise" conv=notrunc status=none
nl_is "noise" 2 decode "$T/noise"
nl_is "no such file" 2 decode "$T/absent"
like "why" "$err" 'absent: No such file'
nl_is "a folder" 2 decode "$T"
make cap ppp
nl_is "PPP" 2 decode "$T/cap"
like "its link type is named" "$err" 'link type 9 \(PPP\) cannot be read; Ethernet, Linux cooked and raw IP can'
nl_is "no file" 2 decode
nl_is "two files" 2 decode "$T/cap" "$T/cap"
nl_is "two ways to show it" 2 decode --json --summary "$T/cap"
python3 "$T/make.py" ether | head -c 24 >"$T/nothing"
nl_is "a capture without packets" 0 decode "$T/nothing"
like "says so" "$out" '^0 DHCP messages'
done_testing

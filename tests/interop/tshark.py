#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netlab decode against tshark, field by field: a capture with a message for each option of the
table, with the value that `netlab explain` gives as its example. Usage: tshark.py NETLAB (TAP)"""
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

NETLAB = sys.argv[1]
HEADER = {"xid": "dhcp.id", "secs": "dhcp.secs", "flags": "dhcp.flags", "ciaddr": "dhcp.ip.client",
          "yiaddr": "dhcp.ip.your", "siaddr": "dhcp.ip.server", "giaddr": "dhcp.ip.relay",
          "op": "dhcp.type", "hops": "dhcp.hops", "hlen": "dhcp.hw.len", "chaddr": "dhcp.hw.mac_addr",
          "src_ip": "ip.src", "dst_ip": "ip.dst", "src_port": "udp.srcport",
          "dst_port": "udp.dstport", "src_mac": "eth.src", "dst_mac": "eth.dst"}


def example(code):
    """Its bytes, code and length in front; None: nothing to put into a message."""
    run = subprocess.run([NETLAB, "explain", str(code)], stdout=subprocess.PIPE, text=True, check=True)
    found = re.search(r"^  its bytes +([0-9a-f ]+(?:\n +[0-9a-f ]+$)*)", run.stdout, re.M)
    return bytes.fromhex("".join(found.group(1).split())) if found else None


def frame(option, xid):
    reply = xid % 2 == 0
    bootp = struct.pack("!BBBBIHH4s4s4s4s", 2 if reply else 1, 1, 6, xid % 3, xid, xid % 500,
                        0x8000 if xid % 5 == 0 else 0, bytes([10, 0, 0, xid % 256]), bytes([10, 1, 0, 9]),
                        bytes([10, 2, 0, 9]), bytes([10, 3, 0, 9]))
    bootp += bytes([2, 0, 0, 0, 1, xid % 256]) + bytes(10 + 192) + bytes.fromhex("63825363")
    bootp += bytes([53, 1, 5 if reply else 3]) + option + b"\xff"
    bootp += bytes(max(0, 300 - len(bootp)))
    udp = struct.pack("!HHHH", 67 if reply else 68, 68 if reply else 67, 8 + len(bootp), 0) + bootp
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes([10, 0, 0, 1]),
                     b"\xff" * 4)
    total = sum(struct.unpack("!10H", ip))
    total = (total & 0xffff) + (total >> 16)
    ip = ip[:10] + struct.pack("!H", ~total & 0xffff) + ip[12:]
    return b"\xff" * 6 + bytes([2, 0, 0, 0, 0, 1]) + b"\x08\x00" + ip + udp


def leaves(tree, skip=("dhcp.option.type", "dhcp.option.length")):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, skip)
        elif key not in skip:
            yield from (str(v) for v in (value if isinstance(value, list) else [value]))


def same_header(ours, theirs):
    def number(s):
        return int(s, 16) if s.startswith("0x") else int(s)
    for key, field in HEADER.items():
        mine, its = ours[key], theirs[field]
        if key == "xid":
            mine = int(mine, 16)
        if (number(its) if isinstance(mine, int) else its) != mine:
            yield "%s: %s, tshark has %s" % (key, mine, its)


def route(text):
    net, gateway = text.split(" ")
    address, bits = net.split("/")
    return [bytes([int(bits)]) + socket.inet_aton(address)[:(int(bits) + 7) // 8] + socket.inet_aton(gateway)]


def spellings(ours):
    """The bytes that our text can stand for, where tshark shows no more than bytes."""
    if re.fullmatch(r"([0-9.]+/[0-9]+ [0-9.]+,?)+", ours):
        return [b"".join(b for r in ours.split(",") for b in route(r))]
    found = [ours.encode()]
    if re.fullmatch(r"[0-9]+", ours):
        found += [int(ours).to_bytes(n, "big") for n in (1, 2, 4) if int(ours) < 256 ** n]
    if re.fullmatch(r"[0-9.]+", ours) and ours.count(".") == 3:
        found.append(socket.inet_aton(ours))
    return found


def same_option(code, ours, trees):
    for tree in trees:
        if tree.get("dhcp.option.type") != str(code):
            continue
        found = list(leaves(tree))
        if ours == "" or ours == tree.get("dhcp.option.value"):
            return None
        words = set(found) | {w for f in found for w in re.split(r"[ ,()]+", f)}
        if bytes.fromhex(tree.get("dhcp.option.value", "").replace(":", "")) in spellings(ours):
            return None
        missing = [w for w in re.split("[, ]", ours) if w not in words and w.split("/")[0] not in words]
        return "option %d: %s, tshark has %s" % (code, ours, found) if missing else None
    return "option %d: tshark does not see it" % code


def main():
    if not shutil.which("tshark"):
        print("1..0 # SKIP no tshark")
        return 0
    options = [(c, example(c)) for c in range(1, 255) if c != 53 and c != 52]
    options = [(c, e) for c, e in options if e]
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "options.pcap")
        with open(path, "wb") as f:
            f.write(struct.pack("!IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 1))
            for n, (code, option) in enumerate(options, 1):
                data = frame(option, n)
                f.write(struct.pack("!IIII", 1000 + n, n, len(data), len(data)) + data)
        ours = [json.loads(line) for line in subprocess.run(
            [NETLAB, "decode", "--json", path], stdout=subprocess.PIPE, check=True).stdout.splitlines()]
        theirs = json.loads(subprocess.run(
            ["tshark", "-r", path, "-T", "json", "--no-duplicate-keys"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, check=True).stdout)
    failed = len(ours) != len(options) or len(theirs) != len(options)
    print("1..%d" % (len(options) + 1))
    print("%sok 1 - both see %d messages" % ("not " if failed else "", len(options)))
    for n, ((code, _), mine, its) in enumerate(zip(options, ours, theirs), 2):
        layers = its["_source"]["layers"]
        flat = {k: v for layer in ("eth", "ip", "udp", "dhcp") for k, v in layers[layer].items()}
        types = flat.get("dhcp.option.type", [])
        trees = flat.get("dhcp.option.type_tree", [])
        trees = trees if isinstance(trees, list) else [trees]
        types = types if isinstance(types, list) else [types]
        trees = [dict(t, **{"dhcp.option.type": c}) for c, t in zip(types, trees)]
        errors = list(same_header(mine, flat))
        wrong = same_option(code, mine["options"].get(str(code), "missing"), trees)
        errors += [wrong] if wrong else []
        failed = failed or bool(errors)
        print("%sok %d - option %d" % ("not " if errors else "", n, code))
        for error in errors:
            print("# " + error)
    return 1 if failed else 0


sys.exit(main())

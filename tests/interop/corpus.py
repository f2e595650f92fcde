# SPDX-License-Identifier: MIT
"""DHCP as it comes on real networks, and as it should not: captures of each link type, written
byte by byte, so that two readers can be asked what they see in them."""
import socket
import struct

ETHERNET, RAW, COOKED, COOKED2 = 1, 101, 113, 276
COOKIE = bytes.fromhex("63825363")
CLIENT, SERVER, RELAY = (bytes([2, 0, 0, 0, 0, n]) for n in (0x10, 1, 2))
EVERYONE = b"\xff" * 6


class Frame:
    """@name says what is odd about it; @wire_len: its length before the capture cut it."""

    def __init__(self, name, data, link=ETHERNET, wire_len=None):
        self.name, self.data, self.link = name, data, link
        self.wire_len = wire_len or len(data)


def ip4(text):
    return socket.inet_aton(text)


def opt(code, value):
    return bytes([code, len(value)]) + value


def bootp(options=b"", op=1, htype=1, hlen=6, hops=0, xid=0x12345678, secs=0, flags=0, ci="0.0.0.0",
          yi="0.0.0.0", si="0.0.0.0", gi="0.0.0.0", chaddr=CLIENT, sname=b"", file=b"",
          cookie=COOKIE, size=300):
    m = struct.pack("!BBBBIHH", op, htype, hlen, hops, xid, secs, flags)
    m += ip4(ci) + ip4(yi) + ip4(si) + ip4(gi) + chaddr.ljust(16, b"\0")
    m += sname.ljust(64, b"\0") + file.ljust(128, b"\0") + cookie + options
    return m.ljust(size, b"\0")


def message(kind, *options, **header):
    header.setdefault("op", 2 if kind in (2, 5, 6, 9, 11, 12, 13) else 1)
    return bootp(opt(53, bytes([kind])) + b"".join(options) + b"\xff", **header)


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2 + len(data) % 2), data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def udp(payload, sport, dport, src, dst, wrong=0, zero=False):
    head = struct.pack("!HHH", sport, dport, 8 + len(payload))
    whole = src + dst + struct.pack("!BBH", 0, 17, 8 + len(payload)) + head + b"\0\0" + payload
    total = 0 if zero else (checksum(whole) or 0xffff) ^ wrong
    return head + struct.pack("!H", total) + payload


def ip(payload, src, dst, options=b"", ttl=64, tos=0x10, ident=0x1234, fragment=0):
    head = struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, tos, 20 + len(options) + len(payload),
                       ident, fragment, ttl, 17, 0) + src + dst + options
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def datagram(m, src=None, dst=None, sport=None, dport=None, ip_args=None, **udp_args):
    reply = m[0] == 2
    src, dst = ip4(src or ("10.0.0.1" if reply else "0.0.0.0")), ip4(dst or "255.255.255.255")
    sport, dport = sport or (67 if reply else 68), dport or (68 if reply else 67)
    return ip(udp(m, sport, dport, src, dst, **udp_args), src, dst, **(ip_args or {}))


def ethernet(packet, smac=CLIENT, dmac=EVERYONE, tags=(), trailer=b""):
    kinds = b"".join(struct.pack("!HH", *t) for t in tags)
    return dmac + smac + kinds + b"\x08\x00" + packet + trailer


def frame(name, m, tags=(), trailer=b"", smac=None, dmac=EVERYONE, **how):
    smac = smac or (SERVER if m[0] == 2 else CLIENT)
    return Frame(name, ethernet(datagram(m, **how), smac, dmac, tags, trailer))


def labels(*names):
    return b"".join(bytes([len(n)]) + n.encode() for n in names) + b"\0"


def options_by_hand():
    """Values of each form that has one: (name, code, value)."""
    yield "circuit and remote id", 82, opt(1, b"eth0/1/2") + opt(2, bytes.fromhex("0006020000000010"))
    yield "relay info, all kinds", 82, (
        opt(1, bytes([0, 4, 0, 10, 1, 2])) + opt(2, b"switch-7") + opt(4, bytes([0, 0, 0, 1])) +
        opt(5, ip4("10.9.0.0")) + opt(6, b"customer 12") + opt(10, b"\x80") + opt(11, ip4("10.9.0.1")) +
        opt(12, bytes([0, 1, 2, 3])) + opt(9, struct.pack("!IB", 3561, 4) + opt(1, b"ab")))
    yield "relay info that is no list", 82, b"\x01\x20ab"
    yield "client id, MAC", 61, b"\x01" + CLIENT
    yield "client id, text", 61, b"\0printer-3"
    yield "client id, DUID", 61, b"\xff" + bytes.fromhex("00000001000100011a2b3c4d020000000010")
    yield "vendor class", 60, b"MSFT 5.0"
    yield "vendor class, PXE", 60, b"PXEClient:Arch:00007:UNDI:003016"
    yield "user classes", 77, b"\x05staff\x03lab"
    yield "user class that is text", 77, b"iPXE"
    yield "vendor options", 43, opt(1, b"\x01\x02") + opt(2, b"text") + b"\xff"
    yield "vendor options that are no list", 43, b"\x01\x20x"
    yield "name, ASCII", 81, bytes([1, 0, 0]) + b"host.lab.example"
    yield "name, wire form", 81, bytes([5, 255, 255]) + labels("host", "lab", "example")
    yield "name, partial wire form", 81, bytes([4, 0, 0]) + labels("host")[:-1]
    yield "name, N and O", 81, bytes([10, 0, 0]) + b"host"
    yield "no name", 81, bytes([13, 0, 0])
    yield "search list", 119, labels("lab", "example") + labels("example", "org")
    yield "search list, compressed", 119, labels("eng", "apple", "com") + b"\x09marketing\xc0\x04"
    yield "classless routes", 121, (
        b"\0" + ip4("10.0.0.1") + bytes([8, 10]) + ip4("10.0.0.2") + bytes([23, 10, 1, 2]) + ip4("10.0.0.3") +
        bytes([24, 192, 168, 7]) + ip4("0.0.0.0") + bytes([32, 172, 16, 1, 2]) + ip4("10.0.0.4"))
    yield "classless routes of Microsoft", 249, bytes([16, 172, 16]) + ip4("10.0.0.2")
    yield "static routes", 33, ip4("10.1.0.0") + ip4("10.0.0.1") + ip4("10.2.0.0") + ip4("10.0.0.2")
    yield "policy filter", 21, ip4("10.1.0.0") + ip4("255.255.0.0")
    yield "routers", 3, ip4("10.0.0.1") + ip4("10.0.0.2") + ip4("10.0.0.3")
    yield "a router that is cut", 3, ip4("10.0.0.1") + b"\x0a\x00"
    yield "DNS servers", 6, ip4("10.0.0.1") + ip4("9.9.9.9")
    yield "NTP servers", 42, ip4("10.0.0.1") + ip4("10.0.0.7")
    yield "lease for ever", 51, b"\xff" * 4
    yield "lease of an odd length", 51, struct.pack("!I", 93784)
    yield "time offset below zero", 2, struct.pack("!i", -3600)
    yield "text in UTF-8", 15, "caf\u00e9.example".encode()
    yield "text with a NUL at its end", 12, b"host\0"
    yield "text that moves the cursor", 12, b"a\x1b[2Jb\\c\r\n"
    yield "text that is not UTF-8", 14, b"dump\xff\xfe"
    yield "an empty text", 12, b""
    yield "parameter list", 55, bytes([1, 121, 3, 6, 15, 119, 12, 26, 28, 42, 51, 54, 58, 59, 252, 224])
    yield "maximum size", 57, struct.pack("!H", 1500)
    yield "MTU table", 25, struct.pack("!HHH", 68, 576, 1500)
    yield "requested address", 50, ip4("10.0.0.77")
    yield "server id", 54, ip4("10.0.0.1")
    yield "message", 56, b"no address is free"
    yield "SIP servers by address", 120, b"\x01" + ip4("10.0.0.5") + ip4("10.0.0.6")
    yield "SIP servers by name", 120, b"\0" + labels("sip", "example")
    yield "vendor class with a number", 124, struct.pack("!IB", 4491, 6) + b"\x05docsi"
    yield "vendor classes with numbers", 124, (
        struct.pack("!IB", 4491, 4) + b"\x03abc" + struct.pack("!IB", 9, 3) + b"\x02xy")
    yield "vendor options with a number", 125, struct.pack("!IB", 3561, 8) + opt(1, b"ab") + opt(2, b"cd")
    yield "authentication, delayed", 90, bytes([1, 1, 0]) + bytes(range(8)) + struct.pack("!I", 7) + bytes(range(16))
    yield "authentication, reconfigure key", 90, bytes([3, 1, 0]) + bytes(8) + b"\x01" + bytes(range(16))
    yield "architecture", 93, struct.pack("!HH", 7, 9)
    yield "network interface", 94, bytes([1, 3, 16])
    yield "UUID", 97, b"\0" + bytes(range(16))
    yield "rapid commit", 80, b""
    yield "auto configuration", 116, b"\x01"
    yield "subnet selection", 118, ip4("10.0.0.0")
    yield "last transaction", 91, struct.pack("!I", 3600)
    yield "associated addresses", 92, ip4("10.0.0.9") + ip4("10.0.0.10")
    yield "IPv6 only", 108, struct.pack("!I", 1800)
    yield "captive portal", 114, b"https://portal.example/"
    yield "an option of nobody", 224, b"site\x01"
    yield "a boolean that is neither", 19, b"\x02"
    yield "TFTP server", 66, b"tftp.example"
    yield "TFTP addresses", 150, ip4("10.0.0.1") + ip4("10.0.0.2")
    yield "boot file", 67, b"pxelinux.0"
    yield "NetBIOS node type", 46, b"\x08"
    yield "WPAD", 252, b"http://wpad/wpad.dat"


def messages():
    """What is odd in a message, but for its options."""
    addresses = {"ci": "10.0.0.9", "yi": "10.0.0.10", "si": "10.0.0.11", "gi": "10.0.0.12"}
    for kind in range(1, 14):
        yield frame("type %d" % kind, message(kind, xid=kind))
    yield frame("all fields", message(5, hops=3, xid=0xfffffffe, secs=65535, flags=0x8000,
                                      sname=b"boot.example", file=b"/tftp/pxelinux.0", **addresses))
    yield frame("reserved flags", message(1, flags=0xc001))
    yield frame("only reserved flags", message(1, flags=0x0002))
    yield frame("InfiniBand", message(1, htype=32, hlen=0, chaddr=b""))
    yield frame("hardware address of 16 bytes", message(1, htype=0, hlen=16, chaddr=bytes(range(1, 17))))
    yield frame("hardware address of 8 bytes", message(1, htype=27, hlen=8, chaddr=bytes(range(1, 9))))
    yield frame("sname and file full", message(2, sname=b"s" * 64, file=b"f" * 128))
    yield frame("BOOTP, no cookie", bootp(cookie=b"", size=300))
    yield frame("BOOTP, no cookie, reply", bootp(op=2, yi="10.0.0.5", si="10.0.0.1", file=b"/vmunix", cookie=b"\1\2\3\4"))
    yield frame("BOOTP, cookie", bootp(opt(1, ip4("255.255.255.0")) + opt(3, ip4("10.0.0.1")) + b"\xff", op=2))
    yield frame("BOOTP without an END", bootp(opt(1, ip4("255.255.255.0")), op=2))
    yield frame("pads between", message(1, b"\0\0\0" + opt(12, b"host") + b"\0" + opt(60, b"x")))
    yield frame("behind END", message(1, opt(12, b"host")) [:260] + opt(15, b"late").ljust(40, b"\x07"))
    yield frame("short", message(1, size=0))
    yield frame("long", message(1, *[opt(c, bytes([c]) * 100) for c in range(224, 235)]))
    yield frame("RFC 3396", message(5, opt(17, b"/" + b"a" * 254), opt(12, b"host"), opt(17, b"b" * 50)))
    yield frame("RFC 3396, routes in two", message(5, opt(121, bytes([24, 10, 1])), opt(3, ip4("10.0.0.1")),
                                                  opt(121, bytes([2]) + ip4("10.0.0.1"))))
    yield frame("overload of file", message(5, opt(52, b"\1"), sname=b"boot.example",
                                            file=opt(15, b"in.file") + opt(42, ip4("10.0.0.9")) + b"\xff"))
    yield frame("overload of sname", message(5, opt(52, b"\2"), opt(12, b"host"), file=b"/vmunix",
                                             sname=opt(66, b"in.sname") + b"\xff"))
    yield frame("overload of both", message(5, opt(12, b"ho"), opt(52, b"\3"), file=opt(12, b"st") + b"\xff",
                                            sname=opt(15, b"in.sname") + b"\xff"))
    yield frame("overload without an END", message(5, opt(52, b"\1"), file=opt(15, b"x" * 126)))


def carriers():
    """What is odd about what carries it."""
    m, reply = message(1), message(5, opt(54, ip4("10.0.0.1")), yi="10.0.0.5")
    yield frame("to one", reply, dmac=CLIENT, dst="10.0.0.5")
    yield frame("renewal", message(3, ci="10.0.0.5"), src="10.0.0.5", dst="10.0.0.1", dmac=SERVER)
    yield frame("relay to server", message(1, hops=1, gi="10.1.0.1"), src="10.1.0.1", dst="10.0.0.1",
                sport=67, dport=67, smac=RELAY, dmac=SERVER)
    yield frame("server to relay", message(2, yi="10.1.0.5", gi="10.1.0.1"), dst="10.1.0.1", sport=67, dport=67,
                dmac=RELAY)
    yield frame("server with a port of its own", reply, sport=1067)
    yield frame("no UDP checksum", m, zero=True)
    yield frame("wrong UDP checksum", m, wrong=0x0101)
    yield frame("IP options", m, ip_args={"options": b"\x94\x04\0\0"})
    yield frame("do not fragment, TTL 1", m, ip_args={"fragment": 0x4000, "ttl": 1, "tos": 0xc0, "ident": 0})
    yield frame("trailer", message(1, size=0), trailer=b"\x55" * 30)
    yield frame("VLAN", m, tags=((0x8100, 0x6064),))
    yield frame("VLAN 0, a priority", m, tags=((0x8100, 0xa000),))
    yield frame("two VLANs", m, tags=((0x88a8, 5), (0x8100, 4094)))
    yield Frame("raw", datagram(m), RAW)
    yield Frame("raw, reply", datagram(reply, dst="10.0.0.5"), RAW)
    for kind, name in ((4, "to others"), (0, "to us"), (1, "broadcast")):
        cooked = struct.pack("!HHH", kind, 1, 6) + CLIENT + b"\0\0\x08\0"
        yield Frame("cooked, " + name, cooked + datagram(m), COOKED)
        cooked2 = struct.pack("!HHIHBB", 0x0800, 0, 3, 1, kind, 6) + CLIENT + b"\0\0"
        yield Frame("cooked 2, " + name, cooked2 + datagram(reply), COOKED2)
    cooked = struct.pack("!HHH", 0, 1, 6) + CLIENT + b"\0\0\x81\0" + struct.pack("!HH", 7, 0x0800)
    yield Frame("cooked, VLAN", cooked + datagram(m), COOKED)
    yield Frame("cooked, no address", struct.pack("!HHH", 0, 65534, 0) + bytes(8) + b"\x08\0" + datagram(m), COOKED)


def unreadable():
    """netlab must say why; what tshark makes of them differs."""
    whole = frame("", message(5, opt(12, b"host"), yi="10.0.0.5")).data
    for n in (42, 43, 60, 100, 200, 278, 284, 300, len(whole) - 1):
        yield Frame("cut to %d bytes" % n, whole[:n], wire_len=len(whole))
    tagged = frame("", message(1), tags=((0x88a8, 5), (0x8100, 4094))).data
    yield Frame("cut, in two VLANs", tagged[:100], wire_len=len(tagged))
    yield frame("an option past the end", message(1, size=0)[:-1] + b"\x0c\x20ab")
    yield frame("a message type of two bytes", bootp(opt(53, b"\1\1") + b"\xff"))
    for kind in (0, 14, 18, 255):
        yield frame("message type %d" % kind, message(kind))
    yield frame("an overload of 4", message(5, opt(52, b"\4")))
    yield frame("op 3", message(1, op=3))
    yield frame("hlen 17", message(1, hlen=17))
    yield frame("too short", message(1)[:200])
    yield frame("a fragment", message(1), ip_args={"fragment": 0x2000})


def conversation():
    """Two clients, a relay agent and its server, as a diagram shows them: some to one, some to all."""
    for n in (1, 2):
        mac, ask, address = bytes([2, 0, 0, 0, 1, n]), opt(50, ip4("10.1.0.%d" % (10 + n))), "10.1.0.%d" % (10 + n)
        sid, to_server = opt(54, ip4("10.0.0.1")), {"src": "10.1.0.1", "dst": "10.0.0.1", "sport": 67, "dport": 67,
                                                    "smac": RELAY, "dmac": SERVER}
        client = {"xid": 100 + n, "chaddr": mac}
        relayed = dict(client, hops=1, gi="10.1.0.1")
        yield frame("", message(1, **client), smac=mac)
        yield frame("", message(1, **relayed), **to_server)
        yield frame("", message(2, sid, yi=address, **relayed), dst="10.1.0.1", sport=67, dport=67, dmac=RELAY)
        yield frame("", message(2, sid, yi=address, **relayed), dst=address, smac=RELAY, dmac=mac)
        yield frame("", message(3, ask, sid, **client), smac=mac)
        yield frame("", message(3, ask, sid, **relayed), **to_server)
        yield frame("", message(5 if n == 1 else 6, sid, yi=address if n == 1 else "0.0.0.0", **relayed),
                    dst="10.1.0.1", sport=67, dport=67, dmac=RELAY)
        yield frame("", message(5 if n == 1 else 6, sid, yi=address if n == 1 else "0.0.0.0", **relayed),
                    smac=RELAY)
    yield frame("", message(7, opt(54, ip4("10.0.0.1")), ci="10.1.0.11", chaddr=bytes([2, 0, 0, 0, 1, 1])),
                src="10.1.0.11", dst="10.0.0.1", smac=bytes([2, 0, 0, 0, 1, 1]), dmac=RELAY)
    yield frame("", message(8, ci="10.1.0.40", chaddr=bytes([2, 0, 0, 0, 1, 3])), src="10.1.0.40",
                smac=bytes([2, 0, 0, 0, 1, 3]))


def write(path, frames):
    with open(path, "wb") as f:
        f.write(struct.pack("!IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, frames[0].link))
        for n, x in enumerate(frames):
            f.write(struct.pack("!IIII", 1000 + n, 1000 * (n % 1000), len(x.data), x.wire_len) + x.data)

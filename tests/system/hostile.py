#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Frames that no honest host sends: hostile.py INTERFACE KIND COUNT [CLIENT_MAC]

KIND: flood (a DISCOVER from a new MAC each), broken (frames and messages wrong
in every layer), forged (OFFER, ACK and NAK to CLIENT_MAC), jumbo. The same
seed, the same frames.
"""
import random
import socket
import struct
import sys
import time

EVERYONE = b'\xff' * 6
NOWHERE, ALL = b'\0' * 4, b'\xff' * 4
SERVER = bytes([10, 0, 0, 1])
noise = random.randbytes


def checksum(data):
    data += b'\0' * (len(data) % 2)
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def udp(src_mac, payload, dst_mac=EVERYONE, src=NOWHERE, dst=ALL, ports=(68, 67), fragment=0,
        spoil=0, header_words=5, total=None):
    pseudo = src + dst + struct.pack('!BBH', 0, 17, 8 + len(payload))
    segment = struct.pack('!HHHH', *ports, 8 + len(payload), 0) + payload
    segment = segment[:6] + struct.pack('!H', (checksum(pseudo + segment) or 0xffff) ^ spoil) + payload
    head = struct.pack('!BBHHHBBH', 0x40 | header_words, 0,
                       20 + len(segment) if total is None else total,
                       random.getrandbits(16), fragment, 64, 17, 0) + src + dst
    head = head[:10] + struct.pack('!H', checksum(head)) + head[12:]
    return dst_mac + src_mac + b'\x08\0' + head + segment


def option(code, value):
    return bytes([code, len(value)]) + value


def dhcp(op, mac, options, yiaddr=NOWHERE, ciaddr=NOWHERE, giaddr=NOWHERE, hlen=6, sname=b'',
         file=b'', end=b'\xff'):
    return (struct.pack('!BBBBIHH', op, 1, hlen, 0, random.getrandbits(32), 0, 0x8000) +
            ciaddr + yiaddr + NOWHERE + giaddr + mac.ljust(16, b'\0') + sname.ljust(64, b'\0') +
            file.ljust(128, b'\0') + b'\x63\x82\x53\x63' + options + end)


def discover(mac, more=b''):
    return dhcp(1, mac, option(53, b'\1') + more)


def flood(mac):
    return udp(mac, discover(mac, option(12, noise(20))))


def jumbo(mac):
    return udp(mac, discover(mac, option(12, noise(255)) * 30))


def to_server(mac, kind, **fields):
    more = option(50, noise(4)) + option(54, SERVER)
    return udp(mac, dhcp(1, mac, option(53, bytes([kind])) + more, **fields))


BROKEN = [
    lambda mac: noise(random.randrange(14, 1500)),
    lambda mac: udp(mac, discover(mac))[:random.randrange(14, 300)],
    lambda mac: udp(mac, noise(random.randrange(1200))),
    lambda mac: udp(mac, discover(mac), spoil=0x5555),
    lambda mac: udp(mac, discover(mac), fragment=0x2000),
    lambda mac: udp(mac, discover(mac), fragment=5),
    lambda mac: udp(mac, discover(mac))[:12] + b'\x81\0\0\x05' + udp(mac, discover(mac))[12:],
    lambda mac: udp(mac, discover(mac), total=random.getrandbits(16)),
    lambda mac: udp(mac, discover(mac), header_words=random.choice([0, 1, 4, 6, 15])),
    lambda mac: udp(mac, dhcp(1, mac, option(53, b'\1') + noise(200), end=b'')),
    lambda mac: udp(mac, dhcp(1, mac, option(53, noise(1)) + option(52, b'\3') +
                              option(55, noise(200)), sname=noise(64), file=noise(128))),
    lambda mac: to_server(mac, 3),
    lambda mac: to_server(mac, random.choice([4, 7, 8]), ciaddr=SERVER[:3] + noise(1)),
    lambda mac: udp(mac, dhcp(1, mac, option(53, b'\1'), giaddr=SERVER[:3] + noise(1))),
    lambda mac: udp(mac, dhcp(1, mac, option(53, b'\1') + option(61, noise(random.randrange(255))) +
                              option(12, b'\x1b[31m\n\xff\0"\\') + option(57, noise(2)),
                              hlen=random.randrange(256))),
    lambda mac: udp(mac, dhcp(1, mac, b'', end=option(53, b'\1') * 100)),
    lambda mac: EVERYONE + mac + b'\x08\x06' + noise(random.randrange(1, 60)),
]


def broken(mac):
    return random.choice(BROKEN)(mac)


def forged(mac):
    client = bytes.fromhex(sys.argv[4].replace(':', ''))
    options = option(53, random.choice([b'\2', b'\5', b'\6'])) + option(54, SERVER)
    for code, length in ((51, 4), (1, 4), (3, 4), (121, random.randrange(60)), (26, 2), (58, 4)):
        options += option(code, noise(length))
    return udp(mac, dhcp(2, client, options, yiaddr=SERVER[:3] + noise(1)), ports=(67, 68), src=SERVER,
               dst_mac=random.choice([EVERYONE, client]))


def main():
    kinds = {'flood': flood, 'broken': broken, 'forged': forged, 'jumbo': jumbo}
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    random.seed(1)
    sock.bind((sys.argv[1], 0))
    for _ in range(int(sys.argv[3])):
        frame = kinds[sys.argv[2]](b'\2' + noise(5))
        try:
            sock.send(frame)
        except OSError:
            time.sleep(0.001)	# the queue is full, or the frame too long: that is not the point


main()

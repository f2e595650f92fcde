#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each view of netlab's against tshark's decoding of the same frames, field by field.
Usage: tshark.py NETLAB BYTES.JS (TAP): a corpus
       tshark.py NETLAB BYTES.JS FOLDER: what shown.sh has made of a lab"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import compared  # noqa: E402
import corpus  # noqa: E402
import pdml  # noqa: E402
import views  # noqa: E402

NETLAB = sys.argv[1]
BYTES_JS = sys.argv[2] if shutil.which("node") else None
TYPES = views.types(NETLAB)
LABELS = {}
EXAMPLES = {"option %d" % code for code in TYPES}
COMPARED, UNCOMPARED = {}, {}		# by tshark's names
PADS = ("pad", "sname", "file", "behind the end: nobody reads this")
TYPE_NAMES = {1: "DISCOVER", 2: "OFFER", 3: "REQUEST", 4: "DECLINE", 5: "ACK", 6: "NAK", 7: "RELEASE",
              8: "INFORM", 9: "FORCERENEW", 10: "LEASEQUERY", 11: "LEASEUNASSIGNED", 12: "LEASEUNKNOWN",
              13: "LEASEACTIVE"}
TYPE_NUMBERS = {name: number for number, name in TYPE_NAMES.items()}


def differ(what, ours, theirs):
    if ours != theirs:
        yield "%s: netlab has %r, tshark %r" % (what, ours, theirs)


def text_of(field):
    """Of a fixed field: up to the first NUL."""
    return field.value.split(b"\0")[0] if field and field.value else b""


def message_type(packet):
    kind = packet.get("dhcp.option.dhcp")
    return TYPE_NAMES[kind.value[0]] if kind else "BOOTP"


def chaddr(packet):
    parts = [packet.get(n) for n in ("dhcp.hw.mac_addr", "dhcp.hw.addr")]
    # Of hardware that it does not know tshark shows all 16 bytes.
    return next((p.value for p in parts if p), b"")[:int(packet.show("dhcp.hw.len"))]


def vlans(packet):
    """The outer one first."""
    return [int(f.show) for f in packet.fields if f.name in ("vlan.id", "ieee8021ad.id")]


def whole_options(packet):
    """RFC 3396: one value a code, in the order in which they first came."""
    found = {}
    for option in packet.options():
        found[option.code] = found.get(option.code, b"") + option.value
    return found


def same_json(ours, packet, is_lab=False):
    for key, (name, convert) in compared.JSON.items():
        yield from differ(key, ours[key], convert(packet.show(name)))
    yield from differ("message", ours["message"], message_type(packet))
    yield from differ("chaddr", views.hexed(ours["chaddr"]), chaddr(packet))
    for key, name in (("sname", "dhcp.server"), ("file", "dhcp.file")):
        yield from differ(key, views.unescaped(ours.get(key, "")), text_of(packet.get(name)))
    sender = packet.get("eth.src") or packet.get("sll.src.eth")
    receiver = packet.get("eth.dst")
    none = "00:00:00:00:00:00"
    yield from differ("src_mac", ours["src_mac"], sender.show if sender else none)
    yield from differ("dst_mac", ours["dst_mac"], receiver.show if receiver else none)
    # A lab says the names of its nodes, and its own time.
    if sender and not is_lab:
        yield from differ("from", ours["from"], sender.show)
    if receiver and not is_lab:
        to_all = receiver.show == "ff:ff:ff:ff:ff:ff"
        yield from differ("to", ours["to"], "everyone" if to_all else receiver.show)
    yield from differ("vlan", ours.get("vlan"), vlans(packet) or None)
    yield from differ("frame", ours["frame"], int(packet.number))
    if not is_lab:
        yield from differ("t", "%.6f" % ours["t"], "%.6f" % float(packet.time))
    for key in ours:
        if key not in compared.JSON and key not in compared.JSON_OTHERS and key not in compared.JSON_ALONE:
            yield "%s: a key that is compared with nothing" % key
    yield from same_options(ours["options"], packet)


def same_options(ours, packet):
    theirs = whole_options(packet)
    yield from differ("options", list(ours), [str(code) for code in theirs])
    for code, value in theirs.items():
        kind = TYPES[code][0]
        if kind and kind.startswith("text"):
            value = value.rstrip(b"\0")
        mine = views.option_bytes(kind, ours.get(str(code), ""), TYPE_NUMBERS)
        yield from differ("option %d" % code, mine, value)


def words_of(text):
    return re.sub(r"\s", "", text)


def same_leaf(field, words):
    """What tshark says of a part of an option is among netlab's words."""
    own = next((same for pattern, same in compared.WORDS if re.fullmatch(pattern, field.name)), None)
    if own:
        return own(field, words)
    show, flat, value = words_of(field.show), words_of(words), field.value or b""
    return (show in flat or views.unescaped(words) == value.rstrip(b"\0") or compared.octets(field, words) or
            compared.yes_or_no(field, words) or (len(value) == 4 and compared.seconds(field, words)))


def same_explain(ours, packet, wire):
    heading = "%s:%s -> %s:%s   %d bytes" % (packet.show("ip.src"), packet.show("udp.srcport"),
                                              packet.show("ip.dst"), packet.show("udp.dstport"), wire)
    if vlans(packet):
        heading = " in ".join("VLAN %d" % n for n in reversed(vlans(packet))) + "   " + heading
    if packet.get("eth.dst"):
        heading = packet.show("eth.dst") + "   " + heading
    if not ours.heading.endswith(" " + heading):
        yield "heading: netlab has %r, tshark %r" % (ours.heading, heading)
    kind = message_type(packet)
    yield from differ("type", ours.type, kind if kind == "BOOTP" else "DHCP" + kind)
    yield from differ("xid", ours.xid, packet.show("dhcp.id")[2:])
    for name, field in (("hops", "dhcp.hops"), ("secs", "dhcp.secs"), ("ciaddr", "dhcp.ip.client"),
                        ("yiaddr", "dhcp.ip.your"), ("siaddr", "dhcp.ip.server"), ("giaddr", "dhcp.ip.relay")):
        said = re.split("[, ]", ours.says(name))[0]
        yield from differ(name, said or packet.show(field).replace("0.0.0.0", "0"), said and packet.show(field) or "0")
    said = "" if ours.says("chaddr").startswith("none") else ours.says("chaddr").split(",")[0]
    yield from differ("chaddr", said, chaddr(packet).hex(":"))
    yield from differ("broadcast", "BROADCAST" in ours.says("flags"), packet.show("dhcp.flags.bc") == "1")
    for name, field in (("sname", "dhcp.server"), ("file", "dhcp.file")):
        yield from differ(name, words_of(ours.says(name)), words_of(text_of(packet.get(field)).decode()))
    yield from differ("options", [int(r) for r in ours.rows if r.isdigit()], list(whole_options(packet)))
    for option in packet.options():
        said = ours.says(str(option.code), LABELS[option.code]).split("; ")[0]
        for field in option.leaves():
            if not compared.reason(field.name) and field.name not in compared.BY_HAND and \
               not same_leaf(field, said):
                yield "option %d: netlab says %r, tshark %s %r" % (option.code, said, field.name, field.show)


def same_hex(items, packet, explained):
    base, payload = packet.dhcp.pos, packet.get("udp.payload").value
    at = 0
    for item in items:
        yield from differ("-x goes on at", item.at, at)
        at = item.at + item.size
        if item.data is not None:
            yield from differ("-x, bytes of " + item.caption, item.data, payload[item.at:at])
        else:
            yield from differ("-x, zeros of " + item.caption, bytes(item.size), payload[item.at:at])
    yield from differ("-x ends at", at, len(payload))
    ranges = {(i.at, i.size): i.caption for i in items}
    for caption, name in compared.HEX.items():
        field = packet.get(name)
        yield from differ("-x of " + name, ranges.get((field.pos - base, field.size)), caption)
    yield from differ("-x of chaddr", ranges.get((28, 16)), "chaddr")
    for caption, name in (("sname", "dhcp.server"), ("file", "dhcp.file")):
        field = packet.get(name)
        if field:
            yield from differ("-x of " + name, ranges.get((field.pos - base, field.size)), caption)
    for option in packet.options():
        caption = ranges.get((option.pos - base, option.size), "nothing there")
        said = words_of(caption.split(": ", 1)[-1])
        want = words_of(explained.says(str(option.code), LABELS[option.code]).split("; ")[0])
        if not caption.startswith(LABELS[option.code]) or want != said:
            yield "-x of option %d: %r, explained as %r" % (option.code, caption, want)
    for field in packet.fields:
        if field.name == "dhcp.option.padding" and field.size:
            inside = [i for i in items if i.at <= field.pos - base and
                      field.pos - base + field.size <= i.at + i.size and i.caption in PADS]
            yield from differ("-x of pads at %d" % (field.pos - base), len(inside), 1)


def page_fields(bytes_js, events, names):
    """What the page's own script finds in each frame."""
    script = open(bytes_js).read() + """
const events = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(events.map(e => fieldsOf(e, %s))));""" % json.dumps(names)
    run = subprocess.run(["node", "-e", script], input=json.dumps(events).encode(), stdout=subprocess.PIPE,
                         check=True)
    return json.loads(run.stdout)


def same_page(fields, packet, says):
    """Where each field lies, and that none is shown that is not there."""
    places = {(f["layer"], f["name"]): (f["at"], f["length"]) for f in fields if f["layer"] != "options"}
    values = {(f["layer"], f["name"]): f["value"].split(", ")[0] for f in fields}
    for key, name in compared.PAGE.items():
        field = packet.get(name)
        if not field and key == ("DHCP", "magic cookie"):
            yield from differ("page, vendor area", ("DHCP", "vendor area") in places, True)
            continue
        yield from differ("page, " + name, places.get(key), (field.pos, field.size))
        said = values.get(key, "")
        if field.value != hex_or_number(said, field.size):
            yield "page, %s: %r, tshark %r" % (name, said, field.show)
    for key, (first, last) in compared.PAGE_RANGES.items():
        start, end = packet.get(first), packet.get(last)
        yield from differ("page, %s and %s" % (first, last), places.get(key),
                          (start.pos, end.pos + end.size - start.pos))
    yield from differ("page, chaddr", places[("DHCP", "chaddr")], (packet.dhcp.pos + 28, 16))
    for name, field in (("sname", packet.get("dhcp.server")), ("file", packet.get("dhcp.file"))):
        yield from differ("page, " + name, places.get(("DHCP", name)), field and (field.pos, field.size))
    options = [f for f in fields if f["layer"] == "options" and f["name"] != "255 end"]
    yield from differ("page, options", [(f["at"], f["length"], int(f["name"].split()[0])) for f in options],
                      [(o.pos, o.size, o.code) for o in packet.options()])
    for f in options:
        yield from differ("page, " + f["name"], f["value"], says[f["name"].split()[0]])


def hex_or_number(text, size):
    if re.fullmatch(r"[0-9.]+", text) and text.count(".") == 3:
        return corpus.ip4(text)
    if text.startswith("0x"):
        return bytes.fromhex(text[2:])
    return views.hexed(text) if ":" in text else int(text or -1).to_bytes(size, "big")


def ill_formed(packet):
    """What tshark has against an example of `explain`."""
    for field in packet.fields:
        if field.name == "_ws.expert" and "(Error/" in field.showname:
            yield field.showname
    if packet.malformed:
        yield "malformed"


def uncompared(packet):
    """Fields that nobody has thought of."""
    known = {name for name, _ in compared.JSON.values()} | set(compared.PAGE.values()) | compared.BY_HAND
    known |= {n for pair in compared.PAGE_RANGES.values() for n in pair}
    for field in packet.fields:
        why = compared.reason(field.name)
        (COMPARED if why is None else UNCOMPARED)[field.name] = why
        in_option = any(f.name == "dhcp.option.type" for f in ancestors(field))
        if field.name not in known and not in_option and why is None:
            yield "%s is compared with nothing" % field.name


def ancestors(field):
    while field.above:
        field = field.above
        yield field


def key_address(packet):
    """What the label of an arrow names: the address that the message is about."""
    found = [packet.show("dhcp.ip.your"), packet.show("dhcp.option.requested_ip_address"),
             packet.show("dhcp.ip.client")]
    return next((a for a in found if a and a != "0.0.0.0"), None)


def same_diagram(path, packets):
    """Names, order, addresses, and who sent each to whom."""
    labels = [" ".join(filter(None, (message_type(p), key_address(p)))) for p in packets]
    arrows = views.mermaid(views.netlab(NETLAB, "decode", "--diagram", "mermaid", path))
    yield from differ("mermaid, labels", [a[2] for a in arrows], labels)
    for packet, (sender, receiver, _) in zip(packets, arrows):
        if packet.get("eth.src"):
            to = packet.show("eth.dst")
            yield from differ("mermaid, #" + packet.number, (sender, receiver),
                              (packet.show("eth.src"), "everyone" if to == "ff:ff:ff:ff:ff:ff" else to))
    svg = re.findall(r">([A-Z]+(?: [0-9.]+)?)</text>", views.netlab(NETLAB, "decode", "--diagram", "svg", path))
    yield from differ("svg, labels", svg, labels)
    text = re.findall(r"\u2502 ([A-Z]+(?: [0-9][0-9.]+)?)(?= |$)",
                      views.netlab(NETLAB, "decode", "--diagram", "text", path), re.M)
    yield from differ("text, labels", text, labels)


class Tap:
    def __init__(self):
        self.n, self.failed = 0, False

    def check(self, what, errors):
        errors = list(errors)
        self.n += 1
        self.failed |= bool(errors)
        print("%sok %d - %s" % ("not " if errors else "", self.n, what))
        for error in errors:
            print("# " + error)

    def say_what_was_compared(self):
        print("# compared: " + " ".join(sorted(COMPARED)))
        for name, why in sorted(UNCOMPARED.items()):
            if name:
                print("# not compared: %s: %s" % (name, why))


def check_readable(tap, place, frames):
    path = os.path.join(place, "capture.pcap")
    corpus.write(path, frames)
    packets = pdml.read(path)
    ours = views.events(views.netlab(NETLAB, "decode", "--json", path))
    explained = views.explained(views.netlab(NETLAB, "decode", "--explain", path))
    dumps = views.dumps(views.netlab(NETLAB, "decode", "-x", path))
    LABELS.update(views.labels(dumps))
    counts = [len(x) for x in (frames, packets, ours, explained, dumps)]
    tap.check("all see %d messages" % len(frames), ["%s" % counts] if len(set(counts)) > 1 else [])
    tap.check("each in its place in a diagram", same_diagram(path, packets))
    # The page is a lab's: Ethernet, and no tags.
    on_page = BYTES_JS and frames[0].link == corpus.ETHERNET
    seen = [dict(e, hex=f.data.hex()) for e, f in zip(ours, frames)]
    pages = page_fields(BYTES_JS, seen, {}) if on_page else [None] * len(frames)
    for frame, packet, event, text, items, page in zip(frames, packets, ours, explained, dumps, pages):
        errors = list(same_json(event, packet)) + list(same_explain(text, packet, len(frame.data)))
        errors += list(same_hex(items, packet, text)) + list(uncompared(packet))
        if page and "vlan" not in packet.layers:
            errors += list(same_page(page, packet, event["options"]))
        if frame.name in EXAMPLES and frame.name not in compared.ILL_FORMED:
            errors += list(ill_formed(packet))
        tap.check(frame.name, errors)


def check_unreadable(tap, place, frames):
    """netlab has a reason for each; whose it was, and when, it says all the same."""
    path = os.path.join(place, "capture.pcap")
    corpus.write(path, frames)
    packets, ours = pdml.read(path), views.events(views.netlab(NETLAB, "decode", "--json", path))
    tap.check("all see %d that cannot be read" % len(frames), differ("count", len(ours), len(packets)))
    for frame, packet, event in zip(frames, packets, ours):
        errors = list(differ("kind", event["kind"], "drop"))
        errors += differ("at", event["at"], packet.show("eth.src"))
        errors += differ("t", "%.6f" % event["t"], "%.6f" % float(packet.time))
        errors += differ("vlan", event.get("vlan"), vlans(packet) or None)
        errors += differ("why it is cut", "cut" in event["why"], frame.wire_len > len(frame.data))
        tap.check("unreadable: " + frame.name, errors)


def check_lab(tap, folder):
    """What a lab's views say of its capture; @folder has each in a file."""
    def text(name):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            return f.read()
    packets = {int(p.number): p for p in pdml.read(os.path.join(folder, "capture.pcapng"))}
    events = [e for e in views.events(text("json")) if e["kind"] == "message"]
    story = views.story(text("html"))
    told = [e for e in story["events"] if e["kind"] == "message"]
    explained, dumps = views.explained(text("explain")), views.dumps(text("hex"))
    arrows = views.mermaid(text("mermaid"))
    LABELS.update(views.labels(dumps))
    counts = [len(x) for x in (events, told, explained, dumps, arrows)]
    counts.append(sum(1 for p in packets.values() if p.dhcp))
    tap.check("all have %d messages" % len(events), ["%s" % counts] if len(set(counts)) > 1 else [])
    pages = page_fields(BYTES_JS, told, story["options"]) if BYTES_JS else [None] * len(events)
    for event, say, page, in_words, items, arrow in zip(events, told, pages, explained, dumps, arrows):
        packet = packets[event["frame"]]
        errors = list(same_json(event, packet, True)) + list(same_explain(in_words, packet, int(packet.length)))
        errors += list(same_hex(items, packet, in_words)) + list(uncompared(packet))
        errors += differ("page, frame", say["hex"][2 * packet.dhcp.pos:], packet.get("udp.payload").value.hex())
        errors += list(same_page(page, packet, say["says"])) if page else []
        errors += differ("page, event", {k: say[k] for k in event if k != "options"},
                         {k: event[k] for k in event if k != "options"})
        label = " ".join(filter(None, (message_type(packet), key_address(packet))))
        errors += differ("mermaid, label", arrow[2], label)
        errors += differ("mermaid, from", arrow[0], event["from"].split(":")[0])
        for code, words in say["says"].items():
            mine = words_of(in_words.says(code, LABELS[int(code)]))
            errors += differ("page, option " + code, words_of(words), mine)
        tap.check("#%d %s" % (event["n"], label), errors)


def main():
    if not shutil.which("tshark"):
        print("1..0 # SKIP no tshark")
        return 0
    tap = Tap()
    frames = [corpus.frame("option %d" % code, corpus.message(5 if code % 2 else 3, example[1], xid=code))
              for code, example in TYPES.items() if example[1] and code not in (52, 53)]
    frames += [corpus.frame(name, corpus.message(5, corpus.opt(code, value), xid=n))
               for n, (name, code, value) in enumerate(corpus.options_by_hand())]
    frames += list(corpus.messages()) + list(corpus.carriers())
    if len(sys.argv) > 3:
        check_lab(tap, sys.argv[3])
        print("1..%d" % tap.n)
        return 1 if tap.failed else 0
    with tempfile.TemporaryDirectory() as place:
        for link in (corpus.ETHERNET, corpus.RAW, corpus.COOKED, corpus.COOKED2):
            check_readable(tap, place, [f for f in frames if f.link == link])
        check_readable(tap, place, list(corpus.conversation()))
        check_unreadable(tap, place, list(corpus.unreadable()))
    tap.say_what_was_compared()
    print("1..%d" % tap.n)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())

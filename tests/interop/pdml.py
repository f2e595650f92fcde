# SPDX-License-Identifier: MIT
"""What tshark says of a capture: every field of every layer, with its place in the frame."""
import subprocess
import xml.etree.ElementTree as tree

LAYERS = ("eth", "ieee8021ad", "vlan", "sll", "ip", "udp", "dhcp")


class Field:
    """@above: the field that it is a part of, or None. @value: its bytes, None for a bit of them."""

    def __init__(self, node, above):
        self.name, self.show, self.showname = (node.get(k, "") for k in ("name", "show", "showname"))
        self.pos, self.size = int(node.get("pos", 0)), int(node.get("size", 0))
        digits = node.get("value", "")
        self.value = bytes.fromhex(digits) if len(digits) == 2 * self.size else None
        self.above = above
        self.parts = [Field(n, self) for n in node]

    def walk(self):
        yield self
        for part in self.parts:
            yield from part.walk()


class Option:
    """One part of an option as it stands on the wire."""

    def __init__(self, field):
        self.field, self.pos, self.size = field, field.pos, field.size
        self.code, self.value = field.value[0], field.value[2:]

    def leaves(self):
        """What is said of the value."""
        for part in self.field.parts:
            if part.name not in ("dhcp.option.length", "dhcp.option.value") and \
               not is_overloaded(part):
                yield from part.walk()


def is_overloaded(field):
    return field.name == "" and "overload" in field.show


class Packet:
    def __init__(self, node):
        protos = [Field(p, None) for p in node if p.get("name") in LAYERS]
        self.fields = [f for p in protos for f in p.walk() if f is not p]
        self.layers = [p.name for p in protos]
        self.number, self.length, self.time = (
            next(f.get("show") for f in node.iter("field") if f.get("name") == name)
            for name in ("frame.number", "frame.len", "frame.time_relative"))
        self.dhcp = next((p for p in protos if p.name == "dhcp"), None)
        self.malformed = any(p.get("name") == "_ws.malformed" for p in node)

    def get(self, name):
        return next((f for f in self.fields if f.name == name), None)

    def show(self, name):
        field = self.get(name)
        return field.show if field else None

    def options(self):
        """As RFC 2131 section 4.1 orders them: the options field, then file, then sname."""
        found = [Option(f) for f in self.fields if f.name == "dhcp.option.type" and f.value and
                 f.value[0] not in (0, 255)]
        file_at, sname_at = self.dhcp.pos + 108, self.dhcp.pos + 44

        def region(o):
            return 2 if sname_at <= o.pos < file_at else 1 if file_at <= o.pos < file_at + 128 else 0
        return sorted(found, key=lambda o: (region(o), o.pos))


def read(path):
    run = subprocess.run(["tshark", "-r", path, "-T", "pdml"], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True)
    return [Packet(p) for p in tree.fromstring(run.stdout)]

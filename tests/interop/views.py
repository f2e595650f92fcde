# SPDX-License-Identifier: MIT
"""What netlab shows, read back from the text that it prints."""
import json
import re
import socket
import struct
import subprocess

VALUE_COLUMN = 28


def netlab(program, *args):
    run = subprocess.run([program, *args], stdout=subprocess.PIPE, check=True)
    return run.stdout.decode()


def events(text):
    return [json.loads(line) for line in text.splitlines()]


def heading_lines(lines):
    """How many it has: it breaks where it is wide. 0: it is none of a message."""
    return next((n for n in (1, 2, 3) if n < len(lines) and
                 re.search(r":\d+ -> [0-9.]+:\d+   \d+ bytes$", lines[n - 1])), 0)


class Explained:
    """A message of --explain. @rows: label to value; of options the number is the label."""

    def __init__(self, lines):
        size = heading_lines(lines)
        self.heading = "   ".join(line.strip() for line in lines[:size])
        self.type = lines[size].split()[0]
        self.xid = re.search(r"xid ([0-9a-f]{8})", lines[size]).group(1)
        self.rows, row = {}, None
        for line in lines[size + 1:]:
            more = re.match(" {%d}(?=\\S)" % VALUE_COLUMN, line)
            if more and row:
                self.rows[row].append(line[VALUE_COLUMN:])
                continue
            found = re.match(r" {6}(\S.*)", line)
            if not found:
                break
            row = re.match(r"\d+|\S+", found.group(1)).group()
            self.rows[row] = [line[6:]]

    def says(self, row, label=""):
        """Without the RFC; what the moment adds is behind a semicolon. @label is that of an option."""
        text = re.sub(r"^(\d+) +", r"\1 ", " ".join(self.rows.get(row, [])))
        text = text[len(label or row):].strip()
        return re.sub(r" ?\((RFC [^()]*|[A-Z][^()]*)\)$", "", text)


def explained(text):
    return [Explained(part.splitlines()) for part in re.split(r"^(?=#\d+  )", text, flags=re.M)[1:]
            if heading_lines(part.splitlines())]


class Item:
    """A range of bytes of -x and what stands under it; @data is None where they are only counted."""

    def __init__(self, at, size, data):
        self.at, self.size, self.data, self.caption = at, size, data, ""


ZEROS = re.compile(r"(\d+) (?:zero bytes: no (\S.*)|pad bytes?)$")


def header_items(at, data, line):
    """The names of a row of the header, each under its first byte."""
    names = [(m.start() // 3, m.group()) for m in re.finditer(r"\S+", line)]
    ends = [start for start, _ in names[1:]] + [len(data)]
    for (start, name), end in zip(names, ends):
        item = Item(at + start, end - start, data[start:end])
        item.caption = name
        yield item


def dumped(lines):
    """The items of one message, in order."""
    found, in_header = [], True
    for line in lines:
        row = re.match(r"    ([0-9a-f]{3})  (.*)", line)
        if row and ZEROS.match(row.group(2)):
            zeros = ZEROS.match(row.group(2))
            found.append(Item(int(row.group(1), 16), int(zeros.group(1)), None))
            found[-1].caption = zeros.group(2) or "pad"
        elif row:
            at, data = int(row.group(1), 16), bytes.fromhex(row.group(2))
            if found and found[-1].data is not None and not found[-1].caption:
                found[-1].data += data
                found[-1].size += len(data)
            else:
                found.append(Item(at, len(data), data))
        elif line.startswith(" " * 9) and found:
            in_header = in_header and found[-1].at < 28
            if in_header:
                found[-1:] = header_items(found[-1].at, found[-1].data, line[9:])
            else:
                joint = " " if found[-1].caption else ""
                found[-1].caption += joint + line.strip()
    return found


def dumps(text):
    """Of each message that was dumped."""
    messages = []
    for line in text.splitlines():
        if line.startswith("    000  "):
            messages.append([])
        if messages and (re.match(r"    [0-9a-f]{3}  ", line) or re.match(r" {9}\S", line) or
                         re.match(r" {12}\S", line)):
            messages[-1].append(line)
    return [dumped(m) for m in messages]


def labels(messages):
    """What -x calls each option: "12 host name"."""
    captions = [i.caption for items in messages for i in items if re.match(r"\d+ ", i.caption)]
    return {int(c.split()[0]): re.split(", a part|: |:$", c)[0] for c in captions}


def mermaid(text):
    """(from, to, label) of each arrow."""
    names = dict(re.findall(r"participant (\w+) as (.*)", text))
    return [(names[a], names[b], label)
            for a, b, label in re.findall(r"^ +(\w+)->>(\w+): (.*), \S+$", text, re.M)]


def story(html):
    """The data of a page."""
    return json.loads(re.search(r'(\{"schema":"netlab.story/1".*?)</script>', html, re.S).group(1))


def types(program):
    """What a value of each option is, in the words of explain; None for an option of nobody."""
    found = {}
    for code in range(1, 255):
        text = netlab(program, "explain", str(code))
        value = re.search(r"^  value +(.*)", text, re.M)
        example = re.search(r"^  its bytes +([0-9a-f ]+(?:\n +[0-9a-f ]+$)*)", text, re.M)
        found[code] = (value.group(1) if value else None,
                       bytes.fromhex("".join(example.group(1).split())) if example else None)
    return found


def hexed(text):
    return bytes.fromhex(text.replace(":", ""))


def unescaped(text):
    out, at = b"", 0
    for m in re.finditer(r"\\(\\|x([0-9a-f]{2}))", text):
        out += text[at:m.start()].encode() + (b"\\" if m.group(1) == "\\" else bytes.fromhex(m.group(2)))
        at = m.end()
    return out + text[at:].encode()


def routes(text):
    out = b""
    for route in text.split(","):
        net, gateway = route.split(" ")
        address, bits = net.split("/")
        out += bytes([int(bits)]) + socket.inet_aton(address)[:(int(bits) + 7) // 8] + socket.inet_aton(gateway)
    return out


def addresses(text):
    return b"".join(socket.inet_aton(a) for a in re.split("[ ,]", text))


def numbers(form):
    return lambda text: b"".join(struct.pack(form, int(n)) for n in text.split(","))


# How cli.md spells a value of each type, by the beginning of its words.
SPELLINGS = (("0 for no", numbers("!B")), ("a number, one", numbers("!B")), ("a number, two", numbers("!H")),
             ("numbers, two", numbers("!H")), ("a number, four", numbers("!I")),
             ("a number with sign", numbers("!i")), ("seconds", numbers("!I")), ("an IPv4", addresses),
             ("IPv4", addresses), ("pairs", addresses), ("text", unescaped), ("numbers of options", numbers("!B")),
             ("1: file", numbers("!B")), ("routes", routes))


def option_bytes(kind, text, type_numbers):
    """The bytes that a value of `--json` stands for."""
    if kind and kind.startswith("text"):
        return unescaped(text)
    if text.startswith("0x"):
        return bytes.fromhex(text[2:])
    if text == "":
        return b""
    if kind and kind.startswith("the number of"):
        return bytes([type_numbers[text]])
    for start, spell in SPELLINGS:
        if kind and kind.startswith(start):
            return spell(text)
    return hexed(text)

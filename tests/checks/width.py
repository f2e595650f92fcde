#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No line of the sources is wider than 100 columns, tabs being 8."""
import pathlib
import sys

COLUMNS = 100


def wide_lines(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        width = len(line.expandtabs(8))
        if width > COLUMNS:
            yield "%s:%d: %d columns" % (path, number, width)


def main(top):
    failed = 0
    rooms = ("include/netlab", "src")
    print("1..%d" % len(rooms))
    for count, room in enumerate(rooms, 1):
        wide = [w for path in sorted((pathlib.Path(top) / room).rglob("*.[ch]"))
                for w in wide_lines(path)]
        print("%s %d - %s: lines of %d columns" % ("not ok" if wide else "ok", count, room,
                                                  COLUMNS))
        for line in wide:
            print("# " + line)
        failed |= bool(wide)
    return failed


sys.exit(main(sys.argv[1]))

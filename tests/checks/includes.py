#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every #include of src against the table of rooms in docs/architecture.md."""
import pathlib
import re
import sys

import rooms

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')

# Headers of libraries, and the only rooms that may use them.
LIBRARIES = {
    "libmnl/": {"sys"},
    "netlink/": {"sys"},
    "linux/": {"sys"},
    "seccomp.h": {"sys"},
    "cap-ng.h": {"sys"},
    "event2/": {"lab"},
    "jansson.h": {"trace", "lab", "cli"},
    "argp.h": {"cli"},
    "sys/socket.h": {"sys"},
    "net/if.h": {"sys"},
    "arpa/inet.h": {"sys"},
    "netinet/": {"sys"},
    "time.h": {"sys", "cli"},
}


def library_error(room, name):
    for prefix, allowed in LIBRARIES.items():
        if name.startswith(prefix) and room not in allowed:
            return "%s may not use <%s>" % (room, name)
    return None


def include_error(table, room, bracket, name):
    if bracket == "<":
        if name.startswith("netlab/"):
            if room != "include/netlab" and "include/netlab" not in table[room][0]:
                return "%s may not include <%s>" % (room, name)
            return None
        return library_error(room, name)
    if name == "config.h":
        return None if room in ("cli", "lab", "sys") else "%s may not include config.h" % room
    target = name.split("/")[0]
    if target != room and target not in table[room][0]:
        return '%s may not include "%s"' % (room, name)
    return None


def main():
    top = pathlib.Path(sys.argv[1])
    table = rooms.read(top)
    files = sorted(top.glob("src/*/*.[ch]")) + sorted(top.glob("include/netlab/*.h"))
    errors = []
    for path in files:
        room = path.parent.name if path.parent.parent.name == "src" else "include/netlab"
        if room not in table:
            errors.append("%s: no such room in docs/architecture.md" % path)
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            error = match and include_error(table, room, match.group(1), match.group(2))
            if error:
                errors.append("%s:%d: %s" % (path.relative_to(top), number, error))
    print("1..1")
    for error in errors:
        print("# " + error)
    print("%s 1 - %d files include only what their rooms may" % ("not ok" if errors or not files else "ok", len(files)))
    return 1 if errors or not files else 0


sys.exit(main())

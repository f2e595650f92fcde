#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""nm -u on the archives of the pure rooms: nothing that performs I/O, reads time or draws entropy."""
import pathlib
import re
import subprocess
import sys

import rooms

# What a pure room may ask of the C library: memory, strings, formatting, arithmetic.
ALLOWED = re.compile(
    r"^(mem(c?cpy|move|set|cmp|chr|rchr|mem|pcpy)|str(n?len|n?cmp|n?casecmp|r?chr|str|n?dup|c?spn|tod|toul{0,2}|toll?|pbrk|n?cpy|casestr|tok_r|error)|"
    r"stpcpy|v?as?n?printf|v?snprintf|sscanf|malloc|calloc|realloc|reallocarray|free|qsort|bsearch|abort|"
    r"is\w+|to(upper|lower)|__ctype_\w+|__errno_location|__assert_fail|__stack_chk_fail|round|floor|ceil|fabs|"
    r"log|pow|t(search|find|destroy|walk)|isnan|isinf|lround|llround|fmatch|fnmatch|"
    r"_GLOBAL_OFFSET_TABLE_|__(mem|str|stp|v?snprintf|v?asprintf)\w*_chk|__isoc\w+_(sscanf|strtol{1,2}|strtoul{1,2})|"
    r"__(asan|ubsan|lsan|sanitizer)_\w+|__tls_get_addr)$")
# Libraries of a room that are themselves pure in this sense.
LIBRARY = {"trace": re.compile(r"^json(_\w+|p_\w+)?$")}


def undefined(archive):
    """Symbols that the archive needs and does not have."""
    need, have = set(), set()
    out = subprocess.run(["nm", str(archive)], check=True, capture_output=True, text=True).stdout
    for line in out.splitlines():
        words = line.split()
        if len(words) >= 2 and words[-2] in ("U", "w", "v"):
            need.add(words[-1].split("@")[0])
        elif len(words) == 3:
            have.add(words[-1])
    return need, have


def main():
    top, build = sys.argv[1], pathlib.Path(sys.argv[2])
    pure = [r for r, (_, is_pure) in rooms.read(top).items() if is_pure and r != "include/netlab"]
    symbols = {}
    for room in pure:
        symbols[room] = undefined(build / "src" / room / ("libnetlab-%s.a" % room))
    ours = set().union(*(have for _, have in symbols.values()))
    failed = False
    print("1..%d" % len(pure))
    for number, room in enumerate(pure, 1):
        bad = sorted(s for s in symbols[room][0] - ours
                     if not ALLOWED.match(s) and not (room in LIBRARY and LIBRARY[room].match(s)))
        failed = failed or bool(bad) or not symbols[room][1]
        for symbol in bad:
            print("# %s calls %s" % (room, symbol))
        print("%s %d - %s is pure" % ("not ok" if bad or not symbols[room][1] else "ok", number, room))
    return 1 if failed else 0


sys.exit(main())

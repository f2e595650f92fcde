#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every test that the coverage pages name exists; every rule names one, or says later."""
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
PAGES = {"docs/dhcp-coverage.md": "server", "docs/dhcp-coverage-client.md": "client",
         "docs/dhcp-coverage-relay.md": "relay agent"}
tests = set()
for source in (top / "tests/unit").rglob("test_*.c"):
    tests |= set(re.findall(r"cmocka_unit_test\((\w+)\)", source.read_text()))
for place in ("tests/fuzz/corpus/server", "tests/fuzz/corpus/client", "tests/fuzz/corpus/relay",
              "tests/system", "tests/interop"):
    tests |= {p.name for p in (top / place).iterdir()}


def errors(page):
    rules = 0
    for n, line in enumerate((top / page).read_text().splitlines(), 1):
        cells = [c.strip() for c in line.strip("|").split("|")]
        if not line.startswith("|") or cells[0] in ("rule", "requirement", "---"):
            continue
        rules += 1
        named = re.findall(r"`([^`]+)`", cells[-1])
        if len(cells) != 3 or not (named or "*later*" in cells[-1]):
            yield f"line {n}: a rule without a test"
        yield from (f"line {n}: no test {name}" for name in named if name not in tests)
    if not rules:
        yield "no rules found"


print(f"1..{len(PAGES)}")
failed = False
for number, (page, whose) in enumerate(PAGES.items(), 1):
    wrong = list(errors(page))
    failed |= bool(wrong)
    for w in wrong:
        print(f"# {w}")
    print(("not ok" if wrong else "ok") + f" {number} - every rule of the {whose} points to its test")
sys.exit(failed)

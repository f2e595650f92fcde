#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every test that docs/dhcp-coverage*.md name exists; every rule names one, or says later."""
import pathlib
import re
import sys

PAGES = {
    "server": "docs/dhcp-coverage.md",
    "client": "docs/dhcp-coverage-client.md",
    "relay": "docs/dhcp-coverage-relay.md",
}

top = pathlib.Path(sys.argv[1])
tests = set()
for source in (top / "tests/unit").rglob("test_*.c"):
    tests |= set(re.findall(r"cmocka_unit_test\((\w+)\)", source.read_text()))
for folder in ("tests/system", "tests/interop"):
    tests |= {p.name for p in (top / folder).glob("*.sh")}


def check(machine, page):
    """What is wrong with the page of a machine."""
    inputs = {p.name for p in (top / "tests/fuzz/corpus" / machine).iterdir()}
    wrong, rules = [], 0
    for n, line in enumerate((top / page).read_text().splitlines(), 1):
        cells = [c.strip() for c in line.strip("|").split("|")]
        if not line.startswith("|") or cells[0] in ("rule", "requirement", "---"):
            continue
        rules += 1
        named = re.findall(r"`([^`]+)`", cells[-1])
        if len(cells) != 3 or not (named or "*later*" in cells[-1]):
            wrong.append(f"line {n}: a rule without a test")
        wrong += [f"line {n}: no test {name}" for name in named if name not in tests | inputs]
    if not rules:
        wrong.append("no rules found")
    return wrong


print(f"1..{len(PAGES)}")
failed = False
for i, (machine, page) in enumerate(PAGES.items(), 1):
    wrong = check(machine, page)
    failed |= bool(wrong)
    for w in wrong:
        print(f"# {page}: {w}")
    print(("not ok" if wrong else "ok") + f" {i} - every rule of the {machine} points to its test")
sys.exit(failed)

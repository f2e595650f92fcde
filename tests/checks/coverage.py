#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every test that docs/dhcp-coverage.md names exists; every rule names one, or says later."""
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
tests = set()
for source in (top / "tests/unit").rglob("test_*.c"):
    tests |= set(re.findall(r"cmocka_unit_test\((\w+)\)", source.read_text()))
inputs = {p.name for p in (top / "tests/fuzz/corpus/server").iterdir()}

wrong, rules = [], 0
for n, line in enumerate((top / "docs/dhcp-coverage.md").read_text().splitlines(), 1):
    cells = [c.strip() for c in line.strip("|").split("|")]
    if not line.startswith("|") or cells[0] in ("rule", "---"):
        continue
    rules += 1
    named = re.findall(r"`([^`]+)`", cells[-1])
    if len(cells) != 3 or not (named or "*later*" in cells[-1]):
        wrong.append(f"line {n}: a rule without a test")
    wrong += [f"line {n}: no test {name}" for name in named if name not in tests | inputs]
if not rules:
    wrong.append("no rules found")

print("1..1")
for w in wrong:
    print(f"# {w}")
print(("not ok" if wrong else "ok") + " 1 - every rule of the server points to its test")
sys.exit(bool(wrong))

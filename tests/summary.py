#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The last line of a test run, from meson's logs: N passed, N failed, N skipped.

Each line of TAP counts as a test; a program that speaks no TAP, or that died
before it said so, counts as one.
"""
import json
import re
import sys

PLAN_SKIP = re.compile(r"^1\.\.0\s*#\s*skip\S*\s*(.*)$", re.IGNORECASE | re.MULTILINE)
TAP = re.compile(r"^(not )?ok\b[^#\n]*(#\s*skip\b.*)?", re.IGNORECASE | re.MULTILINE)


def count(entry):
    passed = failed = skipped = 0
    for match in TAP.finditer(entry.get("stdout") or ""):
        if match.group(2):
            skipped += 1
            print("skipped: %s: %s" % (entry["name"], match.group(0).strip()))
        elif match.group(1):
            failed += 1
        else:
            passed += 1
    if entry["result"] == "SKIP" and skipped == 0:
        skipped += 1
        reason = PLAN_SKIP.search(entry.get("stdout") or "")
        words = reason.group(1) if reason else (entry.get("stdout") or entry.get("stderr") or "").strip()
        print("skipped: %s: %s" % (entry["name"], words))
    elif entry["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and failed == 0:
        failed += 1
        print("failed: %s: %s" % (entry["name"], entry["result"]))
    elif passed + failed + skipped == 0:
        passed += 1
    return passed, failed, skipped


def main():
    total = [0, 0, 0]
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8", errors="replace") as log:
            for line in log:
                total = [a + b for a, b in zip(total, count(json.loads(line)))]
    print("%d passed, %d failed, %d skipped" % tuple(total))
    return 1 if total[1] or not total[0] else 0


sys.exit(main())

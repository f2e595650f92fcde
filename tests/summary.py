#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The end of a test run, from meson's logs: what was skipped, what failed and
what it said, and the last line, N passed, N failed, N skipped.

Each line of TAP counts as a test; a program that speaks no TAP, or that died
before it said so, counts as one. What failed stands last: of a long run often
nothing but the end is kept.
"""
import json
import re
import sys

PLAN_SKIP = re.compile(r"^1\.\.0\s*#\s*skip\S*\s*(.*)$", re.IGNORECASE | re.MULTILINE)
TAP = re.compile(r"^(not )?ok\b[^#\n]*(#\s*skip\b.*)?", re.IGNORECASE | re.MULTILINE)
# Lines that are shown of a failed test, and of one that spoke no TAP or died.
SAID, LAST_WORDS = 12, 30


def failures(entry):
    """The lines "not ok" with what stands between them and the next test."""
    said = []
    left = 0
    for line in (entry.get("stdout") or "").splitlines():
        if re.match(r"not ok\b", line) and not re.search(r"#\s*skip\b", line, re.IGNORECASE):
            said.append("failed: %s: %s" % (entry["name"], line))
            left = SAID
        elif re.match(r"ok\b", line):
            left = 0
        elif left > 0:
            said.append("  " + line)
            left -= 1
    return said


def last_words(entry):
    said = []
    for stream in ("stdout", "stderr"):
        lines = (entry.get(stream) or "").splitlines()[-LAST_WORDS:]
        said += ["  %s: %s" % (stream, line) for line in lines]
    return said


def count(entry, ret_said):
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
    elif entry["result"] not in ("OK", "SKIP", "EXPECTEDFAIL"):
        ret_said.append("failed: %s: %s, after %.1f s" % (entry["name"], entry["result"], entry["duration"]))
        ret_said += failures(entry) or last_words(entry)
        failed = failed or 1
    elif passed + failed + skipped == 0:
        passed += 1
    return passed, failed, skipped


def main():
    total = [0, 0, 0]
    said = []
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8", errors="replace") as log:
            for line in log:
                total = [a + b for a, b in zip(total, count(json.loads(line), said))]
    print("".join(line + "\n" for line in said), end="")
    print("%d passed, %d failed, %d skipped" % tuple(total))
    return 1 if total[1] or not total[0] else 0


sys.exit(main())

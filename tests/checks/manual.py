#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The man pages name what the program has: every section and key of scenario
files, every verb and long option; no key that is gone; and mandoc likes them.
"""
import pathlib
import re
import shutil
import subprocess
import sys

ROW = re.compile(r'^\s*{ "(\w[\w-]*)",', re.MULTILINE)
SECTION = re.compile(r'^\s*\.name = "(\w+)"', re.MULTILINE)
VERB = re.compile(r'^\s*{ "(\w+)", "[^"]*", "[^"]*", verb_\w+ }', re.MULTILINE)


def read(path):
    return path.read_text(encoding="utf-8")


def rows(files):
    return {name for path in files for name in ROW.findall(read(path))}


def scenario_errors(top):
    page = read(top / "docs/netlab-scenario.5")
    files = sorted(top.glob("src/scenario/sec_*.c")) + sorted(top.glob("src/scenario/*_keys.h"))
    keys = rows(files)
    sections = {name for path in files for name in SECTION.findall(read(path))}
    named = set(re.findall(r"\b([A-Z]\w+)=", "\n".join(re.findall(r"^\.It Ic .*", page, re.M))))
    heads = set(re.findall(r"^\.Ss \[(\w+)", page, re.M))
    yield from ("%s= is not in the page" % k for k in sorted(keys - named))
    yield from ("%s= is in the page only" % k for k in sorted(named - keys))
    yield from ("[%s] differs" % s for s in sorted(sections ^ heads))
    if len(keys) < 50:
        yield "only %d keys were found in the code" % len(keys)


def verb_errors(top):
    page = read(top / "docs/netlab.1")
    verbs = set(VERB.findall(read(top / "src/cli/main.c")))
    named = set(re.findall(r"^\.It Cm (\w+)", page, re.M))
    yield from ("verb %s differs" % v for v in sorted(verbs ^ named))
    options = rows(top / ("src/cli/%s.c" % v) for v in verbs if (top / ("src/cli/%s.c" % v)).exists())
    for option in sorted(options - verbs):
        if "Fl -%s" % option not in page and "Fl %s" % option[0] not in page:
            yield "--%s is not in the page" % option


def mandoc_errors(top):
    pages = [str(p) for p in sorted((top / "docs").glob("*.[1-8]"))]
    run = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"] + pages,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return run.stdout.splitlines()


def main():
    top = pathlib.Path(sys.argv[1])
    checks = [("scenario sections and keys", scenario_errors), ("verbs and options", verb_errors),
              ("mandoc", mandoc_errors)]
    print("1..%d" % len(checks))
    for n, (name, check) in enumerate(checks, 1):
        if check is mandoc_errors and not shutil.which("mandoc"):
            print("ok %d - %s # SKIP mandoc is not installed" % (n, name))
            continue
        errors = list(check(top))
        print("%sok %d - %s" % ("not " if errors else "", n, name))
        for error in errors:
            print("# " + error)


main()

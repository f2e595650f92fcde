#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A page, its style sheet and its scripts as one C string: embed.py OUT HTML CSS JS..."""
import sys


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def main():
    out, html, css, *scripts = sys.argv[1:]
    page = read(html).replace("@CSS@", read(css))
    page = page.replace("@JS@", "\n".join(read(s) for s in scripts))
    data = page.encode() + b"\0"
    with open(out, "w", encoding="ascii") as f:
        f.write("extern const char story_page[];\nconst char story_page[] = {\n")
        for i in range(0, len(data), 16):
            f.write("\t" + " ".join(f"{b if b < 128 else b - 256}," for b in data[i:i + 16]) + "\n")
        f.write("};\n")


main()

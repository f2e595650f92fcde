# SPDX-License-Identifier: MIT
"""The table of rooms in docs/architecture.md, as the checks read it."""
import pathlib


def read(top):
    """{room: (set of rooms that it may include, is it pure)}"""
    rooms = {}
    for line in (pathlib.Path(top) / "docs/architecture.md").read_text().splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 5 or cells[0] in ("room", "---"):
            continue
        may = {c.strip() for c in cells[2].split(",") if c.strip()}
        rooms[cells[0]] = (may, cells[4] == "yes")
    return rooms

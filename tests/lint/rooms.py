#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A file may include its own room and the rooms upstream that rooms.txt names.

Library and probes may also include what the build makes (a name without a
folder); nothing below tools/ may include tools/ or tests/.  The root has the
files below and no others.
"""
import os
import re

import _lint

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


ROOT_FILES = set(
    ".clang-format .clang-tidy .editorconfig .git .gitignore CMakeLists.txt CMakePresets.json "
    "CMakeUserPresets.json LICENSE README.md check compile_commands.json demo".split()
)


def room_map():
    rooms = {}
    for line in _lint.read("tests/lint/rooms.txt").splitlines():
        words = line.split()
        if words:
            rooms[words[0]] = set(words[1:])
    return rooms


def room_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "libdiag" else parts[0]


def main():
    lint = _lint.Lint()
    rooms = room_map()
    for name in os.listdir(_lint.ROOT):
        if name not in ROOT_FILES and os.path.isfile(os.path.join(_lint.ROOT, name)):
            lint.wrong(name, 1, "is no file of the root")
    for path in _lint.files(".c", ".h"):
        room = room_of(path)
        if room not in rooms:
            lint.wrong(path, 1, f'"{room}" is no room of tests/lint/rooms.txt')
            continue
        lint.looked += 1
        for number, line in enumerate(_lint.read(path).splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            name = found.group(1)
            if "/" not in name:
                if room not in ("tools", "tests") and not name.split(".")[
                    0
                ].endswith(("_css", "_json", "_md")) and "explain" not in name:
                    lint.wrong(path, number, f'include "{name}" as "room/{name}"')
                continue
            other = name.split("/")[0]
            if name.startswith(".") or other not in rooms:
                lint.wrong(path, number, f'"{name}" is in no room')
            elif other != room and "*" not in rooms[room] and other not in rooms[room]:
                lint.wrong(
                    path,
                    number,
                    f"{room} may not include {other}/ "
                    f"(only {' '.join(sorted(rooms[room])) or 'itself'})",
                )
    lint.end("rooms")


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every source file starts with its licence; no file carries traces of the
machine it was written on, blanks at line ends, or a missing last newline."""
import json
import re

import _lint

SPDX = "SPDX-License-Identifier: MIT"
CODE = (".c", ".h", ".py", ".sh", ".cmake", ".in", ".scd")
NAMED = {
    "CMakeLists.txt",
    "check",
    "demo",
    "run",
    ".clang-format",
    ".clang-tidy",
    ".editorconfig",
}
# Assembled, so that this file does not find itself.
TRACES = re.compile("/" + r"work/(main|shared)|/" + r"home/\w+/|/" + r"tmp/w/")


def is_code(path):
    name = path.rsplit("/", 1)[-1]
    return name.endswith(CODE) or name in NAMED


def looks_binary(text):
    return "\0" in text or "\ufffd" in text


def main():
    lint = _lint.Lint()
    for path in _lint.files():
        text = _lint.read(path)
        if looks_binary(text):
            continue
        lint.looked += 1
        lines = text.split("\n")
        if is_code(path) and SPDX not in "\n".join(lines[:3]):
            lint.wrong(path, 1, f"no {SPDX} in the first lines")
        if path.endswith((".c", ".h")) and not lines[0].startswith("/* SPDX"):
            lint.wrong(path, 1, "the SPDX line comes first")
        for number, line in enumerate(lines, 1):
            if TRACES.search(line):
                lint.wrong(path, number, "a path of somebody's machine")
            if is_code(path) and line != line.rstrip():
                lint.wrong(path, number, "blanks at the end of the line")
        if text and not text.endswith("\n") and is_code(path):
            lint.wrong(path, len(lines), "no newline at the end")
        if path.endswith(".json"):
            try:
                json.loads(text)
            except ValueError as error:
                lint.wrong(path, 1, f"no JSON: {error}")
    lint.end("text")


main()

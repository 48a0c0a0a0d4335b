#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No file over 500 lines, no function over 60; small is the style."""
import re

import _lint

FILE_MAX = 500
FUNCTION_MAX = 60
# A function's opening brace stands alone in the first column.
OPEN = re.compile(r"^\{\s*$")
CLOSE = re.compile(r"^\}")


def functions(lines):
    start = None
    for number, line in enumerate(lines, 1):
        if OPEN.match(line):
            start = number
        elif start and CLOSE.match(line):
            yield start, number - start - 1
            start = None


def main():
    lint = _lint.Lint()
    for path in _lint.files(".c", ".h"):
        lint.looked += 1
        lines = _lint.read(path).splitlines()
        if len(lines) > FILE_MAX:
            # Tests are lists of cases; they may be twice as long.
            if not path.startswith("tests/") or len(lines) > 2 * FILE_MAX:
                lint.wrong(path, len(lines), f"{len(lines)} lines, over {FILE_MAX}")
        for start, size in functions(lines):
            if size > FUNCTION_MAX and not path.startswith("tests/"):
                lint.wrong(path, start, f"function of {size} lines, over {FUNCTION_MAX}")
    lint.end("sizes")


main()

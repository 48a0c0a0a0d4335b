#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every finding code has a section in docs/findings.md and a lab scenario.

The codes are those that the verdict room can give: string literals of the
form family.name in libdiag/verdict/.  A code that no lab can bring about is
named below with the reason; its rule then has a unit test.
"""
import re

import _lint

FAMILIES = (
    "azure clock dns endpoint hosts http inventory machine net nsg port proxy tcp tls "
    "udp vnet vpn zone"
).split()
CODE = re.compile(r'"((?:%s)\.[a-z][a-z0-9-]+)"' % "|".join(FAMILIES))
HEADING = re.compile(r"^## `?([a-z]+\.[a-z0-9-]+)`?\s*$", re.M)
# Looks like a code, is none.
NOT_CODES = set()
WITHOUT_SCENARIO = {}


def codes():
    found = {}
    for path in _lint.files(".c", under="libdiag/verdict"):
        for number, line in enumerate(_lint.read(path).splitlines(), 1):
            for code in CODE.findall(line):
                if code not in NOT_CODES:
                    found.setdefault(code, (path, number))
    return found


def main():
    lint = _lint.Lint()
    known = codes()
    sections = set(HEADING.findall(_lint.read("docs/findings.md")))
    # Findings that many scenarios share stand once, in sets.json.
    shown = list(_lint.files(".json", under="tests/lab/scenarios"))
    scenarios = "".join(map(_lint.read, shown + ["tests/lab/data/sets.json"]))
    for code, (path, number) in sorted(known.items()):
        lint.looked += 1
        if code not in sections:
            lint.wrong(path, number, f"{code} has no section in docs/findings.md")
        if code in WITHOUT_SCENARIO:
            continue
        if f'"{code}"' not in scenarios:
            lint.wrong(path, number, f"{code} has no scenario in tests/lab/scenarios/")
    for code in sorted(sections - set(known)):
        lint.wrong("docs/findings.md", 1, f"{code} is explained but nothing gives it")
    lint.end("findings")


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Links between our own pages lead somewhere; every tool has a manual page
and a line in the README; every manual page has a tool."""
import os
import re

import _lint

LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")


def check_links(lint):
    for path in _lint.files(".md"):
        lint.looked += 1
        for number, line in enumerate(_lint.read(path).splitlines(), 1):
            for target, _ in LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                full = os.path.join(_lint.ROOT, os.path.dirname(path), target)
                if not os.path.exists(full):
                    lint.wrong(path, number, f"link to {target}, which is not there")


def check_tools(lint):
    tools = {
        os.path.basename(p)[:-2]
        for p in _lint.files(".c", under="tools")
        if os.path.basename(p).startswith("pl-")
    }
    pages = {os.path.basename(p)[:-6] for p in _lint.files(".1.scd", under="docs/man")}
    readme = _lint.read("README.md")
    for tool in sorted(tools):
        lint.looked += 1
        if tool not in pages:
            lint.wrong(f"tools/{tool}.c", 1, f"no manual page docs/man/{tool}.1.scd")
        if tool not in readme:
            lint.wrong("README.md", 1, f"does not name {tool}")
    for page in sorted(pages - tools):
        lint.wrong(f"docs/man/{page}.1.scd", 1, "a manual page without a tool")


def main():
    lint = _lint.Lint()
    check_links(lint)
    check_tools(lint)
    lint.end("docs")


main()

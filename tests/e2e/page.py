#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page that a person reads: it fits the screen, says nothing twice, tells
names apart, and cuts nothing that is there to be compared or copied."""
import json
import os
import random
import re
import sys
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, write  # noqa: E402

e2e.own_network()
COPIED = 11  # the column of lines and commands that are never cut
CI = "ws1103ci1-22.eastus.instances"
ACCOUNT = "quitelongaccountname0001"
TARGETS = [
    {"fqdn": e2e.API, "addresses": ["10.150.0.4"]},
    {"fqdn": e2e.API.replace(".api.", ".cert.api."), "addresses": ["10.150.0.4"]},
    {"fqdn": f"{CI}.azureml.ms", "addresses": ["10.150.0.4"]},
    {"fqdn": f"{CI}.ml.azure.ms", "addresses": ["10.150.0.4"]},
    {"fqdn": f"{ACCOUNT}.blob.core.windows.net", "addresses": ["10.150.0.8"]},
    {"fqdn": f"{ACCOUNT}.file.core.windows.net", "addresses": ["10.150.0.7"]},
]
seen = {"cut": 0, "hosts": 0}
ANSWERS = ("10.150.0.4", "10.150.0.99", "20.62.10.4", None)


def server_of(seed):
    chance = random.Random(seed)
    fates = {}

    def answer(packet, name, kind):
        address = fates.setdefault(name, chance.choice(ANSWERS))
        if address is None:
            return e2e.reply(packet, e2e.NXDOMAIN)
        return e2e.reply(packet, answers=[e2e.record(name, e2e.A, e2e.v4(address))]
                         if kind == e2e.A else [])

    return e2e.NameServer(answer)


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line if not unicodedata.combining(c))


def fits(what, lines):
    """Only what is there to be copied may be longer, and it is whole."""
    for line in lines:
        if width(line) <= 80:
            continue
        indent = len(line) - len(line.lstrip())
        check(indent == COPIED and "…" not in line, f"{what}: too long: {line}")
    for line in lines:
        if len(line) - len(line.lstrip()) == COPIED and re.match(
                r" +[0-9a-f.:]+ [a-z]", line):
            check("…" not in line, f"{what}: a hosts line is cut: {line}")


def once(what, text):
    """No paragraph of a cause, and no list of lines, comes twice."""
    blocks = []
    for part in text.split("\n\n"):
        lines = part.splitlines()
        blocks += [tuple(lines[1:3])] if re.match(r"Cause|Warning|Error", part) else []
        hosts = tuple(l for l in lines if re.match(r" {11}[0-9.]+ [a-z]", l))
        blocks += [hosts] if hosts else []
        seen["hosts"] += bool(hosts)
    for block in blocks:
        check(blocks.count(block) == 1, f"{what}: comes twice: {block}")


def rows_of(lines):
    start = next((n for n, line in enumerate(lines) if line.startswith("  NAME")),
                 len(lines))
    return [line for line in lines[start + 1:] if re.match(r"[✓✗!?] [^0-9]", line)]


def table(what, lines, names):
    """As many different names as there are rows; addresses are whole."""
    shown = [line.split()[1] for line in rows_of(lines)]
    check(len(shown) > 3, f"{what}: {len(shown)} rows")
    seen["cut"] += any("…" in cut for cut in shown)
    check(len(set(shown)) == len(shown), f"{what}: names look alike: {shown}")
    for name, cut in zip(names, shown):
        head, _, tail = cut.partition("…")
        check(name.startswith(head[:8]) and name.endswith(tail.split("…")[-1]),
              f"{what}: {cut} stands for {name}")
    for line in rows_of(lines):
        for word in re.findall(r"\b10\.150[^ ]*", line):
            check(re.fullmatch(r"10\.150\.0\.\d+", word), f"{what}: cut: {word}")


def plurals(what, text):
    wrong = re.search(r"\b1 (names|lines|notes|targets|facts|hosts)\b|"
                      r"\b(?:[02-9]|[1-9]\d+) (name|line|note|target|fact)\b(?! server)"
                      r"|\(s\)|\bnull\b|\(null\)|\{[a-z]+\}|  +\.$", text)
    check(not wrong, f"{what}: says {wrong and wrong[0]!r}")


def main():
    with e2e.folder() as here:
        inventory = write(f"{here}/x.json", json.dumps({
            "schema": "pldiag.inventory/1", "name": "ws1103",
            "networks": ["10.150.0.0/16"], "targets": TARGETS}))
        names = [target["fqdn"] for target in TARGETS]
        for seed in range(12):
            server = server_of(seed)
            case = f"{here}/x.case"
            run("pl-doctor", "--view", server.view, "--no-public", "--timeout", "0.2",
                "--save", case, inventory, want=(0, 1, 3))
            # Where nobody told what the terminal shows, it is plain ASCII.
            for locale, marks in (("C.UTF-8", True), ("C", False)):
                done = run("pl-doctor", "--from", case, want=(0, 1, 3),
                           env={**os.environ, "LC_ALL": locale})
                text = done.stdout.decode()
                what = f"world {seed} {locale}"
                check(marks or text.isascii(), f"{what}: is not ASCII")
                once(what, text)
                plurals(what, text)
                if marks:
                    fits(what, text.splitlines())
                    table(what, text.splitlines(), names)
            full = run("pl-doctor", "-vv", "--from", case).stdout.decode()
            plurals(f"world {seed} -vv", full)
            check("\x1b" not in full, "colour without a terminal")
            colored = run("pl-doctor", "--color", "always", "--from", case).stdout
            check(re.sub(rb"\x1b\[[0-9;]*m", b"", colored) ==
                  run("pl-doctor", "--from", case).stdout, "colour changes the words")
    check(all(seen.values()), f"the worlds are too tame: {seen}")
    e2e.finish("pages are fit to be read")


main()

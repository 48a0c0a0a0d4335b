#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-hosts lint and show: what they print in each format, how they end, and
that --fix writes what lint says, keeps every other byte, and can be undone."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, wrong, write  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
SAMPLES = os.path.join(e2e.SOURCE, "tests", "data", "hosts")
GUIDE = os.path.join(SAMPLES, "guide-faults.txt")

# Each fault by itself: the code, how bad, and can it be fixed for certain?
FAULTS = {
    "glued": (b"10.150.0.4acr.azurecr.io\n", "error", True),
    "trailing-dot": (b"10.0.0.1 a.test.\n", "error", True),
    "wrong-suffix": (b"10.0.0.1 k.vaultcore.azure.net\n", "error", True),
    "wildcard": (b"10.0.0.1 *.test\n", "error", False),
    "bad-address": (b"010.0.0.1 a.test\n", "error", True),
    "bad-name": (b"10.0.0.1 https://a.test/\n", "error", True),
    "conflict": (b"127.0.1.1 a\n10.0.0.1 a\n", "warning", False),
    "bom": (b"\xef\xbb\xbf10.0.0.1 a\n", "error", True),
    "mixed-endings": (b"10.0.0.1 a\r\n10.0.0.2 b\n10.0.0.3 c\n", "info", True),
    "not-utf8": (b"# \xfc\n", "info", False),
    "no-newline": (b"10.0.0.1 a", "info", True),
    "too-many-names": (b"10.0.0.1 1 2 3 4 5 6 7 8 9 10\n", "error", True),
    "old-form": (f"10.0.0.1 ml-w-eastus-{e2e.GUID}.notebooks.azure.net\n".encode(),
                 "info", False),
}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def document(done, command, what):
    try:
        out = e2e.parse(done.stdout)
    except ValueError as error:
        wrong.append(f"{what}: {error} in {done.stdout[:200]!r}")
        return {}
    formats.fits(out, "hosts", what)
    check(out.get("command") == command, f"{what}: command {out.get('command')}")
    return out


def the_guide():
    done = run("pl-hosts", "lint", GUIDE, want=1)
    lines = done.stdout.decode().splitlines()
    want = ["4:12: old-form: ", "    should be: ",
            "6:13: wrong-suffix: ", "    should be: 10.150.0.11 contosomlkv.vault.azure.net",
            "7:12: glued: ",
            "    should be: 10.150.0.13 contosomlacr.eastus.data.azurecr.io",
            "8:13: trailing-dot: ",
            "    should be: 10.150.0.14 contosomlacr.azurecr.io"]
    check(len(lines) == len(want), f"the guide: {lines}")
    for line, start in zip(lines, want):
        where = start if start[0] == " " else f"{GUIDE}:{start}"
        check(line.startswith(where), f"the guide: {line!r} is not {where!r}")
    gcc = run("pl-hosts", "lint", "--format", "gcc", GUIDE, want=1)
    check(f"{GUIDE}:7:12: error: ".encode() in gcc.stdout and
          b" [glued]\n" in gcc.stdout and
          f"{GUIDE}:4:12: note: ".encode() in gcc.stdout,
          f"gcc: {gcc.stdout[:300]!r}")


def every_fault(here):
    for code, (data, severity, fixable) in FAULTS.items():
        path = write(f"{here}/hosts", data)
        system = "windows" if code == "too-many-names" else "linux"
        args = ["--for", system, path]
        bad = severity == "error"
        doc = document(run("pl-hosts", "lint", "--json", *args, want=int(bad)), "lint",
                       code)
        found = doc.get("lint", [])
        check([(f["code"], f["severity"], f["fixable"]) for f in found] ==
              [(code, severity, fixable)], f"{code}: {found}")
        check(doc.get("rules") == system, f"{code}: rules {doc.get('rules')}")
        strict = severity != "info"
        run("pl-hosts", "lint", "--strict", *args, want=int(strict))
        fix(here, code, data, args, fixable, bad)


def fix(here, code, data, args, fixable, bad):
    path, state = args[-1], ["--state", f"{here}/state"]
    dry = document(run("pl-hosts", "lint", "--fix", "--dry-run", "--json", *state, *args,
                       want=int(bad)), "lint", f"{code} dry")
    check(dry.get("outcome") == ("shown" if fixable else "nothing-to-do"),
          f"{code}: dry run: {dry.get('outcome')}")
    check(read(path) == data, f"{code}: a dry run writes")
    doc = document(run("pl-hosts", "lint", "--fix", "--yes", "--json", *state, *args,
                       want=int(bad and not fixable)), "lint", f"{code} fix")
    check(doc.get("outcome") == ("written" if fixable else "nothing-to-do"),
          f"{code}: {doc.get('outcome')} {doc.get('error')}")
    if not fixable:
        check(read(path) == data, f"{code}: written without need")
        return
    left = document(run("pl-hosts", "lint", "--json", *args, want=0), "lint", code)
    check(left.get("lint") == [], f"{code}: after --fix {left.get('lint')}")
    run("pl-hosts", "undo", "--hosts", path, "--yes", *state, want=0)
    check(read(path) == data, f"{code}: undo gives other bytes")


def nothing_else_changes(here):
    data = (b"# \xfc top\r\n\r\n10.0.0.1\ta.test. b \xff# c\r\n \t\r\n"
            b"10.0.0.2  c,\xe2\x80\x8bd.test\r\n\x00\x1b[2J\r\n")
    path = write(f"{here}/hosts", data)
    run("pl-hosts", "lint", "--fix", "--yes", "--state", f"{here}/state", path)
    check(read(path) == data.replace(b"a.test. ", b"a.test "), f"fix: {read(path)!r}")


def hostile_bytes_are_harmless(here):
    path = write(f"{here}/hosts\x1b[1m", b"10.0.0.1\ta.test.\x1b[2Jx y.test. \xff#\x07\n")
    for form in ("text", "gcc"):
        done = run("pl-hosts", "lint", "--format", form, path, want=1)
        check(b"\x1b" not in done.stdout + done.stderr and b"\x07" not in done.stdout,
              f"{form}: raw bytes in {done.stdout!r}")
        check(b"10.0.0.1\t" in done.stdout, f"{form}: the tab is gone: {done.stdout!r}")
    done = run("pl-hosts", "show", "--hosts", path)
    check(b"\x1b" not in done.stdout, f"show: raw bytes in {done.stdout!r}")


def how_it_ends(here):
    fine = os.path.join(SAMPLES, "debian.txt")
    done = run("pl-hosts", "lint", fine, want=0)
    check(not done.stdout, f"lint of a good file says {done.stdout!r}")
    run("pl-hosts", "lint", "--hosts", fine, want=0)
    run("pl-hosts", "lint", f"{here}/none", want=2)
    run("pl-hosts", "lint", here, want=2)
    run("pl-hosts", "lint", "--hosts", fine, fine, want=2)
    run("pl-hosts", "lint", "--dry-run", fine, want=2)
    run("pl-hosts", "lint", "--for", "beos", fine, want=2)
    run("pl-hosts", "lint", "--fix", "-", stdin=b"10.0.0.1 a.\n", want=2)
    done = run("pl-hosts", "lint", "-", stdin=b"10.0.0.1 a.\n", want=1)
    check(done.stdout.startswith(b"-:1:10: trailing-dot: "), f"stdin: {done.stdout!r}")
    path = write(f"{here}/hosts", b"10.0.0.1 a.\n10.0.0.1 *.b\n")
    run("pl-hosts", "lint", "--fix", "--state", f"{here}/state", path, want=2)
    run("pl-hosts", "lint", "--fix", "-y", "--state", f"{here}/state", path, want=1)
    check(read(path) == b"10.0.0.1 a\n10.0.0.1 *.b\n", f"left: {read(path)!r}")
    document(run("pl-hosts", "lint", "--json", fine, want=0), "lint", "a good file")


def show(here):
    path = write(f"{here}/hosts", b"10.0.0.1 a.test b.test\n10.0.0.2 A.Test\n"
                                  b"fd00::1 b.test\n10.0.0.3c.test\n10.0.0.4 d.test.\n")
    inv = write(f"{here}/inv.json", json.dumps({
        "schema": "pldiag.inventory/1", "targets": [
            {"fqdn": n, "addresses": [a]} for n, a in (
                ("a.test", "10.0.0.1"), ("c.test", "10.0.0.3"), ("b.test", "10.0.0.1"),
                ("e.test", "10.0.0.5"))]}))
    done = run("pl-hosts", "show", "--hosts", path, want=0)
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    want = ["ADDRESS LINE ANSWERS NAME", "10.0.0.1 1 everywhere a.test",
            "10.0.0.2 2 not Windows a.test", "10.0.0.1 1 everywhere b.test",
            "fd00::1 3 everywhere b.test", "10.0.0.4 5 everywhere d.test.",
            "- 4 nobody c.test (glued)", "- 5 nobody d.test (trailing-dot)"]
    check(rows == [w.split() for w in want], f"show: {done.stdout.decode()}")
    doc = document(run("pl-hosts", "show", "--hosts", path, "--json", want=0), "show",
                   "show")
    check([(n["name"], n["differs"]) for n in doc.get("names", [])] ==
          [("a.test", True), ("b.test", False), ("d.test.", False)], f"show: {doc}")
    check("targets" not in doc, "show: targets without an inventory")
    done = run("pl-hosts", "show", "--hosts", path, "--inventory", inv, want=1)
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    check("10.0.0.2 2 not Windows wrong (Windows: right) a.test".split() in rows and
          "- - nobody missing e.test (expected: 10.0.0.5)".split() in rows,
          f"show --inventory: {done.stdout.decode()}")
    doc = document(run("pl-hosts", "show", "--hosts", path, "--json", "--inventory", inv,
                       want=1), "show", "show --inventory")
    check({t["name"]: (t["state"], t["windows"]) for t in doc.get("targets", [])} ==
          {"a.test": ("wrong", "right"), "b.test": ("wrong", "wrong"),
           "c.test": ("missing", "missing"), "e.test": ("missing", "missing")},
          f"show --inventory: {doc.get('targets')}")
    good = write(f"{here}/good", b"10.0.0.1 a.test b.test\n10.0.0.3 c.test\n"
                                 b"10.0.0.5 e.test\n")
    run("pl-hosts", "show", "--hosts", good, "--inventory", inv, want=0)
    run("pl-hosts", "show", "--hosts", good, "--inventory", f"{here}/none", want=2)
    run("pl-hosts", "show", "--hosts", f"{here}/none", want=2)


with e2e.folder() as folder:
    the_guide()
    for part in (every_fault, nothing_else_changes, hostile_bytes_are_harmless,
                 how_it_ends, show):
        part(folder)
e2e.finish(f"{len(FAULTS)} kinds of faults, fixed or told")

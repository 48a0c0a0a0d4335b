#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Somebody else's archives: what is wrong is told, nothing is written, and
what another program only packed again is read."""
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _archives  # noqa: E402
import _pldiag as e2e  # noqa: E402
from _pldiag import check, lines_of, run, write  # noqa: E402

formats = e2e.Formats()


def tidy(what, done):
    """Whatever names are in there, they do not steer a terminal."""
    for line in lines_of(done.stdout) + lines_of(done.stderr):
        check(line.isprintable(), f"{what}: steers the terminal: {line[:200]!r}")


def packed_again(here):
    for name, data in _archives.good().items():
        path = write(f"{here}/{name}", data)
        done = run("pl-bundle", "verify", path, want=1)
        tidy(name, done)
        check(b"expected a seal at its end, got none" in done.stdout and
              b"but every item is what the manifest says" in done.stdout,
              f"{name}: verify says {done.stdout!r}")
        shown = run("pl-bundle", "show", path, "machine/resolv.conf", want=0)
        check(shown.stdout == _archives.FILES["machine/resolv.conf"],
              f"{name}: the item is {shown.stdout[:100]!r}")
        check(b"not as it was packed" in shown.stderr, f"{name}: nobody is told")


def hostile(here):
    inside = f"{here}/inside"
    os.mkdir(inside)
    before = sorted(os.listdir("/tmp"))
    for name, (data, status, says) in _archives.hostile().items():
        path = write(f"{here}/hostile", data)
        done = run("pl-bundle", "verify", path, want=status, cwd=inside)
        tidy(name, done)
        told = done.stdout + done.stderr
        check(says.encode() in told, f"{name}: does not say {says!r}: {told[:600]!r}")
        check(status != 1 or b"not as it was packed" in done.stdout,
              f"{name}: no verdict")
        as_json = run("pl-bundle", "verify", "--json", path, want=status, cwd=inside)
        if as_json.stdout:
            document = e2e.parse(as_json.stdout)
            formats.fits(document, "bundle", name)
            check(not document["intact"] and document["flaws"], f"{name}: intact")
        for args in (("show", path), ("show", path, "case.jsonl", "--extract",
                                      f"{inside}/x")):
            shown = run("pl-bundle", *args, want=2, cwd=inside)
            check(not shown.stdout, f"{name}: {args[0]} shows {shown.stdout[:99]!r}")
            tidy(name, shown)
        check(not os.listdir(inside), f"{name}: left {os.listdir(inside)}")
        shutil.rmtree(f"{inside}/x", ignore_errors=True)
    after = sorted(os.listdir("/tmp"))
    check("evil" not in after and "evil" not in before and
          not os.path.exists("/evil"), "something was written outside")


with e2e.folder() as place:
    packed_again(place)
    hostile(place)
e2e.finish(f"{len(_archives.good())} archives packed again, "
           f"{len(_archives.hostile())} hostile ones")

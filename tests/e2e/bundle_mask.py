#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-bundle mask: a bundle that names nobody and says the same, the map beside
it, and nothing at all when something is wrong."""
import hashlib
import json
import os
import stat
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, write  # noqa: E402

DATA = os.path.join(e2e.SOURCE, "tests", "data", "collector")
CASES = ("windows-nrpt", "windows-hosts-override", "windows-inspected")
LEVELS = ("none", "identifiers", "addresses")
NAMES = (b"ws1103", b"bf4ab0bd-2c9f", b"corp.example")
formats = e2e.Formats()
EPOCH = {**os.environ, "SOURCE_DATE_EPOCH": "1795000000"}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def case_of(name):
    return os.path.join(DATA, name + ".jsonl")


def mask(here, source, out, *more, want=0):
    """Whoever masks is told what is in the new one, and its checksum."""
    done = run("pl-bundle", "mask", source, "-o", f"{here}/{out}", *more, want=want,
               env=EPOCH)
    if want:
        check(not os.path.exists(f"{here}/{out}"), f"{out}: written, but exit {want}")
        check(done.stderr, f"{out}: exit {want} without a word")
    else:
        told = hashlib.sha256(read(f"{here}/{out}")).hexdigest().encode()
        check(told in done.stdout and b"case.jsonl" in done.stdout and b"Made by  pl-bundle 0" in done.stdout,
              f"{out}: not told what was made: {done.stdout}")
    return f"{here}/{out}"


def items(here, bundle):
    """Every item's bytes by its path."""
    folder = bundle + ".items"
    run("pl-bundle", "show", bundle, "--extract", folder, want=0)
    found = {}
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            found[os.path.relpath(path, folder)] = read(path)
    return found


def verdict(source):
    done = run("pl-doctor", "--json", "--from", source, want=(0, 1, 3))
    report = json.loads(done.stdout)
    codes = {f["id"]: f["code"] for f in report["findings"]}
    return (done.returncode, report["verdict"], [t["status"] for t in report["targets"]],
            [codes[c["finding"]] for c in report["causes"]])


def says_the_same(here):
    for name in CASES:
        plain = verdict(case_of(name))
        for level in LEVELS:
            bundle = mask(here, case_of(name), f"{name}-{level}.tar.zst", "--mask", level)
            run("pl-bundle", "verify", bundle, want=0)
            found = items(here, bundle)
            what = f"{name} {level}"
            check({"case.jsonl", "report.txt", "report.json", "report.html", "masked.json",
                   "manifest.json"} <= set(found), f"{what}: {sorted(found)}")
            write(f"{here}/case", found["case.jsonl"])
            formats.case(f"{here}/case", what)
            formats.report(found["report.json"], what)
            formats.fits(json.loads(found["masked.json"]), "mask", what)
            check(verdict(f"{here}/case") == plain, f"{what}: judged in another way")
            report = json.loads(found["report.json"])
            check(report["verdict"] == plain[1], f"{what}: its report says another thing")
            left = [n for n in NAMES for data in found.values() if n in data.lower()]
            check(bool(left) == (level == "none"), f"{what}: {left}")
            is_private(bundle, level)


def is_private(bundle, level):
    there = bundle.replace(".tar.zst", ".map.json")
    for path in (bundle, there):
        if path == there and level == "none":
            check(not os.path.exists(path), "a map, but nothing was mapped")
        else:
            check(stat.S_IMODE(os.stat(path).st_mode) == 0o600, f"{path}: mode")


def the_map(here):
    """Its key is not in the bundle; with it the same becomes the same."""
    one = mask(here, case_of(CASES[0]), "one.tar.zst", "--mask", "addresses")
    key = json.loads(read(f"{here}/one.map.json"))["key"].encode()
    check(not any(key in data for data in items(here, one).values()), "the key is in the bundle")
    formats.fits(json.loads(read(f"{here}/one.map.json")), "mask", "map")
    two = mask(here, case_of(CASES[0]), "two.tar.zst", "--mask", "addresses", "--mask-map",
               f"{here}/one.map.json")
    check(read(one) == read(two), "the same case and key, other bytes")
    three = mask(here, case_of(CASES[0]), "three.zip", "--mask", "addresses")
    check(items(here, three)["case.jsonl"] != items(here, two)["case.jsonl"],
          "two keys, but the same names")
    # A masked bundle can be masked again.
    run("pl-bundle", "verify", mask(here, one, "again.tar.zst", "--mask", "addresses"), want=0)


def without_a_key(here):
    """Nothing is called otherwise at "none": the same inputs give the same bytes."""
    one = mask(here, case_of(CASES[0]), "plain-1.tar.zst", "--mask", "none")
    two = mask(here, case_of(CASES[0]), "plain-2.tar.zst", "--mask", "none")
    check(read(one) == read(two), "the same case and no key, other bytes")
    found = items(here, one)
    check(b"key_id" not in found["masked.json"] + found["manifest.json"], "a key is named")


def nothing_is_left(here):
    before = sorted(os.listdir(here))
    case = case_of(CASES[0])
    write(f"{here}/bad", "hide nothing\n")
    check(b"bad:1:1: expected secret, name or keep" in
          run("pl-bundle", "mask", case, "-o", f"{here}/x.zip", "--mask-rules", f"{here}/bad").stderr,
          "a bad rule is not told by its place")
    mask(here, case, "x.zip", "--mask-rules", f"{here}/bad", want=2)
    mask(here, case, "x.zip", "--mask-map", case, want=2)
    for option in ("--mask-map", "--mask-rules"):
        mask(here, case, "x.zip", option, f"{here}/none", want=2)
    mask(here, case, "x.rar", want=2)
    mask(here, f"{here}/none", "x.zip", want=2)
    mask(here, case, "x.zip", "--mask", "all", want=2)
    run("pl-bundle", "mask", case, want=2)
    # A rule that eats what the verdict stands on.
    write(f"{here}/bad", "secret ws1103sa\n")
    mask(here, case, "x.zip", "--mask-rules", f"{here}/bad", want=4)
    os.unlink(f"{here}/bad")
    check(sorted(os.listdir(here)) == before, f"left: {sorted(os.listdir(here))}")


def others_files_stay(here):
    case = case_of(CASES[0])
    for name in ("y.zip", "y.map.json"):
        write(f"{here}/{name}", b"mine")
        done = run("pl-bundle", "mask", case, "-o", f"{here}/y.zip", want=2)
        check(name.encode() in done.stderr and b"--force" in done.stderr, f"{name}: not told: {done.stderr}")
        check(read(f"{here}/{name}") == b"mine", f"{name}: written over")
        os.unlink(f"{here}/{name}")
        os.symlink(f"{here}/target", f"{here}/{name}")
        run("pl-bundle", "mask", case, "-o", f"{here}/y.zip", want=(2, 4))
        check(not os.path.exists(f"{here}/target"), f"{name}: a link was followed")
        os.unlink(f"{here}/{name}")
    write(f"{here}/y.zip", b"mine")
    mask(here, case, "y.zip", "--force")
    run("pl-bundle", "verify", f"{here}/y.zip", want=0)


def main():
    with e2e.folder() as here:
        says_the_same(here)
        the_map(here)
        without_a_key(here)
        nothing_is_left(here)
        others_files_stay(here)
    e2e.finish("a masked bundle says the same and names nobody")


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""verdict = f(case): what pl-doctor says of a run and what it says of the
same run from its file, on another day and without a network, is the same but
for the times of the run, and for how hosts lines are written: by a command on
the machine itself, by its name where only the file is; in worlds on loopback
and in some of the lab's."""
import json
import os
import random
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, wrong, write  # noqa: E402

formats = None
FACES = ("text", "jsonl", "html", "junit", "openmetrics")
LAB = (
    ("client", ()),
    ("client", ("internet-resolver", "nsg-drop:key-vault")),
    ("jumpbox", ("record-missing:storage-blob", "certificate:key-vault=expired-vault")),
    ("corp-client", ("inspection:trusted", "corp-dns:plain")),
    ("client", ("vpn-down",)),
)


def told(report):
    """Without what belongs to the run itself; origins are new with --from."""
    report = json.loads(json.dumps(report))
    report["run"].pop("took_ms", None)
    for fact in report["facts"]:
        fact.pop("origin", None)
    for target in report["targets"]:
        target.pop("origin", None)
    for fix in hosts_fixes(report):
        for key in ("command", "undo", "text"):
            fix.pop(key, None)
    for fix in (f for c in report["causes"] for f in c["fixes"]):
        for key in {"command", "text"} & set(fix):  # what the inventory is called there
            fix[key] = re.sub(r"(pl-zone \w+) \S+", r"\1 INVENTORY", fix[key])
    return report


def hosts_fixes(report):
    """Which lines, who and for how long is the verdict's; how to write them
    depends on where it is told."""
    return [f for c in report["causes"] for f in c["fixes"] if f["kind"] == "hosts"]


def compare_hosts(what, live, again):
    for fix in hosts_fixes(live):
        check(fix["text"] and ("undo" in fix) == ("command" in fix),
              f"{what}: {fix}")
    for fix in hosts_fixes(again):
        check(fix["text"] and "command" not in fix and "undo" not in fix,
              f"{what}: a command for another machine: {fix}")


def compare(what, live, again):
    compare_hosts(what, live, again)
    live, again = told(live), told(again)
    for key in sorted(set(live) | set(again)):
        one, two = live.get(key), again.get(key)
        if one == two:
            continue
        wrong.append(f"{what}: {key} differ:\n  live  {difference(one, two)}\n"
                     f"  saved {difference(two, one)}")


def difference(one, two):
    if isinstance(one, list) and isinstance(two, list):
        one = next((a for a, b in zip(one, two) if a != b), one[len(two):])
    return json.dumps(one, ensure_ascii=False)[:400]


def judge(what, here, args):
    case = f"{here}/kept.case"
    live = e2e.parse(run("pl-doctor", "--json", "--save", case, *args,
                         want=(0, 1, 3)).stdout)
    done = run("pl-doctor", "--json", "--from", case, want=(0, 1, 3))
    compare(what, live, e2e.parse(done.stdout))
    check(len(live["facts"]) > 20 and live["findings"], f"{what}: an empty world")
    # A verdict needs neither the clock nor the machine it is made on.
    for face in FACES:
        one = run("pl-doctor", "--format", face, "--from", case).stdout
        two = run("pl-doctor", "--format", face, "--from", case,
                  env={"PATH": os.environ["PATH"], "TZ": "Pacific/Auckland",
                       "HTTPS_PROXY": "http://198.51.100.1:3128",
                       **{k: v for k, v in os.environ.items()
                          if k.endswith("SAN_OPTIONS") or k.startswith("L")}})
        check(one and one == two.stdout,
              f"{what}: {face} depends on the machine")


# --- worlds on loopback ---------------------------------------------------------

KINDS = ("private", "public", "other", "none", "nodata", "silent", "garbage",
         "refused", "unusable")


def server_of(seed):
    """Each name has a fate of its own."""
    chance = random.Random(seed)
    fates = {}

    def answer(packet, name, kind):
        fate = fates.setdefault(name, chance.choice(KINDS))
        address = {"private": "10.150.0.4", "public": "20.62.10.4",
                   "other": "192.168.7.7", "unusable": "127.0.0.9"}.get(fate)
        if fate == "silent":
            return None
        if fate == "garbage":
            return packet[:2] + bytes(chance.randrange(256) for _ in range(30))
        if fate == "refused":
            return e2e.reply(packet, 5)
        if fate == "none":
            return e2e.reply(packet, e2e.NXDOMAIN)
        if address and kind == e2e.A:
            return e2e.reply(packet, answers=[
                e2e.record(name, e2e.A, e2e.v4(address))])
        return e2e.reply(packet)

    return e2e.NameServer(answer)


def loopback(here):
    write(f"{here}/hosts", f"10.150.0.9 ws1103kv.vault.azure.net\n"
                           f"10.9.9.9 {e2e.API}\n10.150.0.7 a.file.core.windows.net.\n")
    write(f"{here}/resolv.conf", "nameserver 127.0.0.1\nsearch corp.example\n")
    for seed in range(6):
        one, two = server_of(seed), server_of(seed + 100)
        args = ["--view", one.view, "--resolver", two.view, "--timeout", "0.2",
                "--deadline", "1.5", "--clock", f"2026-11-{seed + 10}T00:00:00Z"]
        if seed % 2:
            args += ["--view", "system", "--resolv-conf", f"{here}/resolv.conf",
                     "--hosts", f"{here}/hosts", "--repeat", "2"]
        if seed % 3 == 0:
            args += ["--role", "compute", "--era", "2020"]
        judge(f"world {seed}", here, [*args, e2e.SHORT])


# --- worlds of the lab ------------------------------------------------------------


def lab(here):
    shell = os.path.join(e2e.SOURCE, "tests", "lab", "shell")
    build = os.environ["PLDIAG_BUILD"]
    passed = 0
    for number, (role, faults) in enumerate(LAB):
        live, saved = f"{here}/live{number}", f"{here}/saved{number}"
        doctor = e2e.tool("pl-doctor")
        script = (f'{doctor} "$LAB_INVENTORY" --ca-file "$LAB_CA" --json '
                  f'--save {saved} >{live}; echo "done $?" >&2')
        done = subprocess.run(
            [shell, "--as", role, "--build", build,
             *[w for f in faults for w in ("--fault", f)], "--", "sh", "-c", script],
            capture_output=True, text=True, check=False, timeout=120)
        what = f"lab {role} {' '.join(faults)}"
        if done.returncode == e2e.SKIP or not os.path.exists(live):
            print(f"{what}: left out: {(done.stdout + done.stderr)[-200:].strip()}")
            continue
        with open(live, "rb") as file:
            report = formats.report(file.read(), what)
        again = run("pl-doctor", "--json", "--from", saved, want=(0, 1, 3))
        if report:
            compare(what, report, formats.report(again.stdout, what + " again"))
            check(f"done {again.returncode}" in done.stderr,
                  f"{what}: exit {done.stderr[-40:]!r} live, {again.returncode} saved")
        passed += 1
    return passed


def main():
    global formats
    if os.environ.get(e2e.INSIDE) is None:
        # The lab makes namespaces of its own.
        formats = e2e.Formats()
        with e2e.folder() as here:
            print(f"{lab(here)} worlds of the lab")
        if wrong:
            e2e.finish("")
    e2e.own_network()
    formats = e2e.Formats()
    with e2e.folder() as here:
        loopback(here)
    e2e.finish("a kept run is judged as it was")


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Where pl-hosts takes addresses from: a name server and what it says, a case
and what it proved; what nobody vouches for is told and left out."""
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, wrong, write  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
GOOD, OTHER = "good.vault.azure.net", "two.blob.core.windows.net"
ANSWERS = {
    GOOD: ["10.150.0.9"], OTHER: ["10.7.0.1", "10.7.0.2"],
    "public.vault.azure.net": ["20.62.10.9"],
    "mixed.vault.azure.net": ["10.150.0.9", "20.62.10.9"],
    "loop.vault.azure.net": ["127.0.0.1"],
    "ours.vault.azure.net": ["20.9.0.1"],
    "moved.vault.azure.net": ["10.150.0.77"],
}
WHY = {
    "public.vault.azure.net": "20.62.10.9, which is public",
    "mixed.vault.azure.net": "20.62.10.9, which is public",
    "loop.vault.azure.net": "127.0.0.1, which is loopback",
    "gone.vault.azure.net": "there is no such name",
    "empty.vault.azure.net": "has no IPv4 address",
    "broken.vault.azure.net": "SERVFAIL",
    "closed.vault.azure.net": "REFUSED",
    "late.vault.azure.net": "does not answer in time",
    "*.eastus.inference.ml.azure.com": "wildcards",
}


def answer(packet, name, kind):
    word = name.split(".")[0]
    if word == "late":
        return None
    if word in ("broken", "closed"):
        return e2e.reply(packet, 2 if word == "broken" else 5)
    soa = e2e.record("azure.net", e2e.SOA, e2e.wire("ns") + e2e.wire("a") + bytes(20))
    if word == "empty" or (name in ANSWERS and kind != e2e.A):
        return e2e.reply(packet, authority=[soa])
    if name not in ANSWERS:
        return e2e.reply(packet, e2e.NXDOMAIN, authority=[soa])
    return e2e.reply(packet, answers=[e2e.record(name, e2e.A, e2e.v4(a)) for a in ANSWERS[name]])


def inventory(path, names, **more):
    targets = [{"fqdn": n, "expect": "private"} for n in names]
    for target in targets:
        if target["fqdn"].startswith("moved"):
            target["addresses"] = ["10.150.0.7"]
    return write(path, json.dumps({"schema": "pldiag.inventory/1", "name": "ws1103",
                                   "networks": ["10.150.0.0/16", "20.9.0.0/16"],
                                   "targets": targets, **more}))


def document(done, what):
    try:
        out = e2e.parse(done.stdout)
    except ValueError as error:
        wrong.append(f"{what}: {error} in {done.stdout[:100]!r}")
        return {}
    formats.fits(out, "hosts", what)
    return out


def a_name_server(here):
    server = e2e.NameServer(answer)
    hosts = write(f"{here}/hosts", "127.0.0.1 localhost\n")
    inv = inventory(f"{here}/ws.json", sorted({*ANSWERS, *WHY}))
    args = ("--hosts", hosts, "--from-resolver", server.view, inv)
    doc = document(run("pl-hosts", "plan", "--json", *args, want=0), "a name server")
    got = {n["name"]: n for n in doc.get("names", [])}
    good = {GOOD, OTHER, "ours.vault.azure.net", "moved.vault.azure.net"}
    check(set(got) == good, f"a name server: takes {sorted(got)}")
    for name in good & set(got):
        check(sorted(got[name]["addresses"]) == ANSWERS[name], f"{name}: {got[name]}")
        check(server.view in got[name]["why"], f"{name}: does not say who")
    check("10.150.0.7" in got.get("moved.vault.azure.net", {}).get("warning", ""),
          "a name server that contradicts the inventory is not told")
    left = {n["name"]: n["why"] for n in doc.get("left_out", [])}
    check(set(left) == set(WHY), f"a name server: leaves out {sorted(left)}")
    for name, why in WHY.items():
        check(why in left.get(name, ""), f"{name}: {left.get(name)}")
    talk = run("pl-hosts", "plan", *args, want=0).stderr.decode()
    for name, why in WHY.items():
        check(any(name in line and why in line for line in talk.splitlines()),
              f"{name}: talk does not say {why}")
    run("pl-hosts", "plan", "--strict", *args, want=1)
    done = run("pl-hosts", "apply", "--state", f"{here}/state", "--yes", *args, want=0)
    check(b"4 names" in done.stdout, f"apply: {done.stdout!r}")


def what_nobody_can_tell_stays(here):
    """A line of our block outlives a server that is silent, not one that says
    that the name is gone."""
    hosts = write(f"{here}/hosts", "127.0.0.1 localhost\n")
    inv = inventory(f"{here}/ws.json", [GOOD, "ours.vault.azure.net", "moved.vault.azure.net"])
    args = ("--hosts", hosts, "--state", f"{here}/state", "--yes", inv)
    run("pl-hosts", "apply", *args, "--from-resolver", e2e.NameServer(answer).view, want=0)

    def worse(packet, name, kind):
        if name == GOOD:
            return None
        if name.startswith("moved"):
            return e2e.reply(packet, e2e.NXDOMAIN)
        return answer(packet, name, kind)

    done = run("pl-hosts", "apply", *args, "--from-resolver", e2e.NameServer(worse).view, want=0)
    with open(hosts, encoding="utf-8") as file:
        text = file.read()
    check(f"10.150.0.9 {GOOD}\n" in text, "a silent server takes a line out")
    check("20.9.0.1 ours" in text and "moved." not in text, f"what was told is not written: {text}")
    check(b"for it stays" in done.stderr, "that a line stays is not told")


def nobody_answers(here):
    hosts = write(f"{here}/hosts", "127.0.0.1 localhost\n")
    inv = inventory(f"{here}/ws.json", [GOOD])
    done = run("pl-hosts", "apply", "--hosts", hosts, "--state", f"{here}/state", "--yes",
               "--from-resolver", "127.0.0.1:1", inv, want=2)
    check(b"127.0.0.1:1 " in done.stderr, "a closed port is not told")
    check(os.path.getsize(hosts) == 20, "nothing is known, and it writes")


def cut_short(here):
    """^C while a name server is silent: a document, and nothing written."""
    hosts = write(f"{here}/hosts", "127.0.0.1 localhost\n")
    inv = inventory(f"{here}/ws.json", [GOOD])
    for command in ("plan", "apply"):
        for face in ("json", "text"):
            server = e2e.NameServer(e2e.silent)
            more = ("--yes", "--state", f"{here}/state") if command == "apply" else ()
            with subprocess.Popen(
                    [e2e.tool("pl-hosts"), command, "--format", face, "--hosts", hosts,
                     "--from-resolver", server.view, inv, *more], process_group=0,
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE) as process:
                check(server.asked.wait(e2e.LIMIT_S), f"{command}: nobody was asked")
                os.killpg(process.pid, signal.SIGINT)
                out, err = process.communicate(timeout=e2e.LIMIT_S)
            what = f"^C {command} {face}"
            check(process.returncode == 130, f"{what}: exit {process.returncode} {err!r}")
            check(not err, f"{what}: says {err!r}")
            if face == "json":
                process.stdout = out
                doc = document(process, what)
                check(doc.get("error") == "interrupted", f"{what}: {doc}")
            check(os.path.getsize(hosts) == 20, f"{what}: written")


def a_case(here):
    """A run on this very machine: its hosts file vouches for nothing that TLS
    did not show, but its networks do."""
    hosts = write(f"{here}/hosts", f"127.0.0.1 localhost\n10.150.0.9 {GOOD}\n10.99.0.1 {OTHER}\n")
    inv = inventory(f"{here}/ws.json", [GOOD, OTHER])
    case = f"{here}/a.case"
    run("pl-doctor", "--hosts", hosts, "--resolv-conf", os.devnull, "--no-public", "--timeout",
        "0.2", "--deadline", "1", "--save", case, inv, want=(0, 1, 3))
    target = write(f"{here}/target", "127.0.0.1 localhost\n")
    done = run("pl-hosts", "plan", "--json", "--hosts", target, "--from", case, want=2)
    check(b"proved no private address" in done.stderr,
          f"a case where nothing was reached: {done.stderr!r}")
    cut = write(f"{here}/cut.case", open(case, "rb").read()[:-7])
    done = run("pl-hosts", "plan", "--hosts", target, "--from", cut, want=2)
    check(b"cut.case" in done.stderr, "a case that was cut is not told")


def no_addresses_at_all(here):
    hosts = write(f"{here}/hosts", "")
    done = run("pl-hosts", "plan", "--hosts", hosts, f"https://{e2e.API}/", want=2)
    check(b"no address is known" in done.stderr and not done.stdout, f"a URL: {done.stderr!r}")
    public = write(f"{here}/public.json", json.dumps({
        "schema": "pldiag.inventory/1",
        "targets": [{"fqdn": "x.example", "expect": "public", "addresses": ["10.0.0.1"]}]}))
    done = run("pl-hosts", "plan", "--hosts", hosts, public, want=2)
    check(b"no name of this workspace must be private" in done.stderr, "only public names")


def main():
    with e2e.folder() as here:
        os.chmod(here, 0o755)
        for test in (a_name_server, what_nobody_can_tell_stays, nobody_answers, cut_short, a_case, no_addresses_at_all):
            test(here)
    e2e.finish("addresses come from those who vouch for them")


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whatever happens to a run, what it prints is a whole document that fits its
schema: good, failing, nothing reachable, nothing known, judged again, cut."""
import json
import os
import sys
import xml.etree.ElementTree

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _html  # noqa: E402
import _pldiag as e2e  # noqa: E402
from _pldiag import SHORT, check, run, wrong, write  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
FACES = ("html", "json", "jsonl", "junit", "openmetrics", "text")
OPEN = e2e.API.replace(".api.", ".privatelink.api.")


def says(answers):
    """A name server with these A records; NXDOMAIN for all others."""
    def answer(packet, name, kind):
        soa = e2e.record("example", e2e.SOA, e2e.wire("ns.example") +
                         e2e.wire("admin.example") + bytes(20))
        if name not in answers:
            return e2e.reply(packet, e2e.NXDOMAIN, authority=[soa])
        if kind != e2e.A:
            return e2e.reply(packet, authority=[soa])
        alias = name.replace(".api.", ".privatelink.api.")
        chain = []
        if alias != name:
            chain = [e2e.record(name, e2e.CNAME, e2e.wire(alias))]
        return e2e.reply(packet, answers=chain + [
            e2e.record(alias, e2e.A, e2e.v4(address)) for address in answers[name]])
    return e2e.NameServer(answer)


def garbage(packet, name, kind):
    del name, kind
    return packet[:2] + b"\x84\0" + b"\xff" * 40


def every_face(what, args, want):
    """One world through all faces; gives the report."""
    report = None
    for face in FACES:
        done = run("pl-doctor", "--format", face, *args, want=want)
        here = f"{what} {face}"
        check(done.stdout, f"{here}: prints nothing")
        check(not done.stderr, f"{here}: says {done.stderr[:300]!r}")
        if face == "json":
            report = formats.report(done.stdout, here)
        elif face == "jsonl":
            lines = formats.lines(done.stdout, "report", here, "#/$defs/line")
            check(lines and lines[0].get("line") == "run" and
                  lines[-1].get("line") == "summary", f"{here}: is not whole")
        elif face == "junit":
            try:
                xml.etree.ElementTree.fromstring(done.stdout)
            except xml.etree.ElementTree.ParseError as error:
                wrong.append(f"{here}: {error}")
        elif face == "html":
            wrong.extend(f"{here}: {fault}" for fault in _html.Page(done.stdout).wrong)
        elif face == "openmetrics":
            check(done.stdout.endswith(b"# EOF\n"), f"{here}: no end")
        else:
            check(all(c.isprintable() or c == "\n" for c in done.stdout.decode()),
                  f"{here}: steers the terminal")
    return report


def worlds(here):
    base = ("--resolv-conf", f"{here}/resolv.conf", "--hosts", f"{here}/hosts",
            "--timeout", "0.3", "--deadline", "2")
    write(f"{here}/hosts", "127.0.0.1 localhost\n")
    write(f"{here}/resolv.conf", "nameserver 127.0.0.1\n")

    nothing = every_face("nobody answers", (*base, SHORT), 1)
    check(nothing and nothing["verdict"] == "failed", "nobody answers: not failed")

    url = f"https://{e2e.API}/x?y=z#w"
    unknown = every_face("a URL alone", (*base, "--no-public", url), (1, 3))
    check(unknown and unknown["verdict"] in ("failed", "unknown"),
          "a URL alone: called well")

    server = says({e2e.API: ["20.62.10.4"]})
    bare = (*base, "--view", server.view, "--no-public")
    report = every_face("the internet's answers", (*bare, SHORT), 1)
    check(report and any(f["code"] == "dns.zone-not-visible"
                         for f in report["findings"]),
          "the internet's answers: the zone is not missed")

    noise = e2e.NameServer(garbage)
    # What came back is no answer, so the question waits its three seconds.
    report = every_face("garbage", (*base, "--deadline", "5", "--no-public",
                                    "--view", noise.view, e2e.API), 1)
    check(report and any(f["status"] == "malformed" for f in report["facts"]),
          "garbage: no fact says so")
    check(report and report["run"]["complete"], "garbage: the run did not go on")

    write(f"{here}/none.json", json.dumps({"schema": "pldiag.inventory/1"}))
    empty = every_face("nothing to check", (*base, "--no-public",
                                            f"{here}/none.json"), (0, 2, 3))
    check(empty is None or empty["verdict"] == "unknown",
          "nothing to check: not unknown")
    return bare


def kept(here, bare):
    """--save, and --from of one, several, and what is left of one."""
    one, two = f"{here}/one.case", f"{here}/two.case"
    live = formats.report(run("pl-doctor", "--json", "--save", one, *bare, SHORT,
                              want=1).stdout, "live")
    run("pl-doctor", "--save", two, *bare, e2e.API, want=(1, 3))
    check(os.stat(one).st_mode & 0o777 == 0o600, "a case may be read by others")
    facts = formats.case(one, "one.case")[1:]
    check(live and len(facts) == len(live["facts"]), "one.case: facts are lost")
    formats.case(two, "two.case")

    every_face("judged again", ("--from", one), 1)
    both = every_face("judged together", ("--from", one, "--from", two), 1)
    origins = {fact.get("origin") for fact in both["facts"]} if both else set()
    check(origins == {one, two}, f"judged together: from {origins}")
    ids = [fact["id"] for fact in both["facts"]] if both else []
    check(len(set(ids)) == len(ids), "judged together: facts share a number")
    cut(here, one)


def cut(here, path):
    """A file that ends anywhere is read as far as it goes, or refused; never
    called healthy, never called complete."""
    with open(path, "rb") as file:
        whole = file.read()
    head = whole.index(b"\n") + 1
    for at in (1, head // 2, head - 1, head, head + 1, head + 40, len(whole) // 2,
               len(whole) - 2):
        write(f"{here}/cut.case", whole[:at])
        done = run("pl-doctor", "--json", "--from", f"{here}/cut.case",
                   want=(1, 2, 3))
        if done.returncode == 2:
            check(at <= head and not done.stdout, f"cut at {at}: refused")
            continue
        report = formats.report(done.stdout, f"cut at {at}")
        check(report and not report["run"]["complete"], f"cut at {at}: complete")
        check(report and report["verdict"] != "healthy", f"cut at {at}: healthy")
        check(b"cut.case" in done.stderr, f"cut at {at}: nobody is told")
    lines = whole.split(b"\n")
    broken = b"\n".join([*lines[:3], b'{"probe":"dns"', *lines[3:]])
    write(f"{here}/broken.case", broken)
    done = run("pl-doctor", "--from", f"{here}/broken.case", want=2)
    check(b"broken.case:4:" in done.stderr, "a broken line is not named")


def resolved(bare):
    view = bare[bare.index("--view") + 1]
    for args, want in (((e2e.API,), 0), (("none.example",), 1),
                       ((SHORT, "--no-such"), 2), ((SHORT,), 1)):
        for face in ("json", "jsonl"):
            done = run("pl-resolve", "--format", face, "--view", view, *args,
                       want=want)
            what = f"pl-resolve {face} {e2e.words(args)}"
            if want == 2:
                check(not done.stdout, f"{what}: prints")
            elif face == "jsonl":
                check(formats.lines(done.stdout, "fact", what), f"{what}: empty")
            else:
                try:
                    facts = e2e.parse(done.stdout)
                except ValueError as error:
                    wrong.append(f"{what}: {error}")
                    continue
                for fact in facts:
                    formats.fits(fact, "fact", what)


def expanded():
    for args in (("--json", SHORT), (f"https://{e2e.API}/",),
                 ("--storage", "a", "--network", "10.0.0.0/8")):
        done = run("pl-inventory", "expand", *args, want=0)
        formats.fits(e2e.parse(done.stdout), "inventory", f"expand {args}")
    for args, want in (((SHORT,), 0), (("/none.json",), 2),
                       ((SHORT, "/none.json"), 1)):
        done = run("pl-inventory", "check", "--json", *args, want=want)
        formats.fits(e2e.parse(done.stdout), "inventory-check", f"check {args}")


def main():
    with e2e.folder() as here:
        bare = worlds(here)
        kept(here, bare)
        resolved(bare)
    expanded()
    e2e.finish("all documents fit their schemas")


main()

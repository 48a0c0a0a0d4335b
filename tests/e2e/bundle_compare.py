#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-bundle compare and report: cases and bundles in, the first difference and
the exit status out; the addresses of the good one, which pl-inventory and
pl-hosts take; and what an older report in a bundle said otherwise."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _html  # noqa: E402
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, wrong, write  # noqa: E402

MAKE = os.path.join(os.environ["PLDIAG_BUILD"], "tests", "e2e_bundle_make")
STARTED = "2026-11-23T10:00:00Z"
NAMES = {"ws1103sa.blob.core.windows.net": ("storage-blob", "10.150.0.8"),
         "ws1103kv.vault.azure.net": ("key-vault", "10.150.0.9")}
ESC = "\x1b[31m\u202e<script>"
formats = e2e.Formats()

# --- cases -----------------------------------------------------------------------


def fact(probe, to, status, **more):
    return {"probe": probe, "target": to, "started_ms": 1, "took_ms": 5, "status": status, **more}


def facts_of(name, address, answer, server, port):
    """How one name fares: its answer, and the port of its private endpoint."""
    found = [fact("system-dns", name, "answer", name=name, addresses=[answer]),
             fact("dns", name, "answer", view=f"{server}:53", name=name, type="A", rcode=0, addresses=[answer],
                  chain=[{"name": name, "type": "A", "ttl": 60, "value": answer}]),
             fact("tcp", name, port, address=address, port=443)]
    if port == "open":
        found += [fact("tls", name, "ok", address=address, port=443, sni=name, root="public", server_hello=True),
                  fact("http", name, "answer", address=address, port=443, url=f"https://{name}/", code=400,
                       is_service=True)]
    return found


def case(path, host, server="10.150.0.53", answers=None, ports=None, names=None, known=True, **more):
    names = names or NAMES
    facts, targets = [], []
    for name, (service, address) in names.items():
        facts += facts_of(name, address, (answers or {}).get(name, address), server, (ports or {}).get(name, "open"))
        targets.append({"fqdn": name, "service": service, "expect": "private", "ports": [443],
                        **({"addresses": [address]} if known else {})})
    header = {"schema": "pldiag.case/1", "tool": "pl-doctor", "version": "0.1.0", "host": host, "started": STARTED,
              "took_ms": 200, "complete": True, "role": "client", "no_public": True, "facts": len(facts),
              "views": [{"view": "system"}, {"view": f"{server}:53"}],
              "inventory": {"schema": "pldiag.inventory/1", "name": "ws1103", "region": "eastus",
                            "networks": ["10.150.0.0/16"], "targets": targets},
              "machine": {"host": host, "platform": "linux", "nss_hosts": ["files", "dns"], "servers": [
                  {"at": f"{server}:53", "source": "/etc/resolv.conf", "order": 0, "default_route": True}]}, **more}
    lines = [header] + [{"id": n, **f} for n, f in enumerate(facts, 1)]
    return write(path, "".join(json.dumps(line) + "\n" for line in lines))


BLOB, VAULT = NAMES
PUBLIC = {BLOB: "20.62.10.8", VAULT: "20.62.10.9"}


def compare(good, bad, want, *more):
    done = run("pl-bundle", "compare", "--json", good, bad, *more, want=want)
    told = e2e.parse(done.stdout)
    formats.fits(told, "compare", f"{os.path.basename(good)} {os.path.basename(bad)}")
    return told


def first(told):
    return told["differences"][told["first"]] if "first" in told else {"code": None}


def bundle(out, case_path, mask="none", report=None):
    """A bundle of this case, packed as pl-bundle packs."""
    folder = f"{out}.d"
    os.mkdir(folder)
    with open(case_path, encoding="utf-8") as file:
        items = {"case.jsonl": file.read(), **({"report.json": report} if report else {})}
    for name, text in items.items():
        write(f"{folder}/{name}", text)
    write(f"{folder}/manifest.json", json.dumps({
        "schema": "pldiag.bundle/1", "tool": "pl-bundle", "version": "0.1.0", "created": STARTED, "mask": mask,
        "items": [{"path": name, "origin": "test", "state": "taken", "sort": "json", "size": 1, "sha256": "0" * 64}
                  for name in items]}))
    done = subprocess.run([MAKE, out, folder], capture_output=True, check=False)
    check(done.returncode == 0, f"{out}: {done.stderr!r}")
    return out


# --- compare ---------------------------------------------------------------------


def comparing(here, good, bad):
    told = compare(good, bad, 1)
    check(first(told)["code"] == "dns.other-server", f"first: {first(told)}")
    check("10.150.0.53" in first(told)["good"]["text"] and "198.51.100.53" in first(told)["bad"]["text"],
          f"the servers are not named: {first(told)}")
    check(sorted(first(told)["targets"]) == sorted(NAMES), f"targets: {first(told)['targets']}")
    page = run("pl-bundle", "compare", good, bad, want=1).stdout.decode()
    check("DIFFERENT   dns.other-server" in page and "good.case" in page and "Fix" in page, f"page: {page}")
    check(len(run("pl-bundle", "compare", "-q", good, bad, want=1).stdout.splitlines()) < 12, "-q is long")

    check(compare(good, good, 0)["outcome"] == "none", "a case differs from itself")
    closed = case(f"{here}/closed.case", "c", ports={VAULT: "refused"})
    check(compare(closed, closed, 3)["outcome"] == "unknown", "both fail alike: told")
    check(any("order" in note for note in compare(closed, good, 3)["notes"]), "the wrong order is not told")
    told = compare(good, closed, 1)
    check((first(told)["code"], first(told)["targets"]) == ("tcp.other-port", [VAULT]), f"closed: {first(told)}")

    names = {"a1b2.blob.core.windows.net": ("storage-blob", "10.150.0.8"),
             "c3d4.vault.azure.net": ("key-vault", "10.150.0.9")}
    other = case(f"{here}/other.case", "o", names=names, ports={"c3d4.vault.azure.net": "refused"})
    told = compare(good, other, 1)
    check(told["joined"] == {"by": "service", "targets": 2} and first(told)["code"] == "tcp.other-port" and
          first(told)["targets"] == ["c3d4.vault.azure.net"], f"other names: {told['joined']} {first(told)}")


def hostile(here, good):
    """What others wrote does not steer a terminal."""
    evil = case(f"{here}/evil.case", ESC, server="198.51.100.53", answers=PUBLIC, version=ESC)
    page = run("pl-bundle", "compare", good, evil, want=1).stdout.decode()
    check(all(c.isprintable() or c == "\n" for c in page) and "\u202e" not in page, "the page steers the terminal")
    compare(good, evil, 1)
    html = run("pl-bundle", "compare", "--format", "html", good, evil, want=1).stdout
    wrong.extend(f"html: {fault}" for fault in _html.Page(html).wrong)
    check(b"There and here" in html and b"dns.other-server" in html and b"<script" not in html,
          "html: does not compare")
    for bytes_ in (b"", b"{", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\x00" * 64, b"{}\n"):
        path = write(f"{here}/broken", bytes_)
        done = run("pl-bundle", "compare", good, path, want=2)
        check(done.stderr and not done.stdout, f"{bytes_!r}: {done.stdout!r} {done.stderr!r}")
        run("pl-bundle", "report", path, want=2)
    run("pl-bundle", "compare", good, f"{here}/none", want=2)


def addresses(here, good, bad):
    """GOOD knew no addresses: those that it was answered and met are written."""
    met = case(f"{here}/met.case", "m", known=False, ports={BLOB: "timeout"})
    out = f"{here}/met.json"
    compare(met, bad, (1, 3), "--write-inventory", out)
    with open(out, "rb") as file:
        document = e2e.parse(file.read())
    formats.fits(document, "inventory", "met.json")
    held = {t["fqdn"]: t.get("addresses") for t in document["targets"] if t.get("expect") == "private"}
    check(held[VAULT] == ["10.150.0.9"] and not held[BLOB], f"written: {held}")

    out = f"{here}/all.json"
    compare(good, bad, 1, "--write-inventory", out)
    run("pl-inventory", "check", out, want=0)
    hosts = write(f"{here}/hosts", "127.0.0.1 localhost\n")
    plan = run("pl-hosts", "plan", "--hosts", hosts, "--state", f"{here}/state", out).stdout.decode()
    for name, (_, address) in NAMES.items():
        check(re.search(rf"^\+{address}\s.*{name}", plan, re.M), f"pl-hosts does not plan {name}: {plan}")

    again = run("pl-bundle", "compare", good, bad, "--write-inventory", out, want=2)
    check(b"all.json" in again.stderr, f"an inventory may be overwritten: {again.stderr!r}")
    nothing = run("pl-bundle", "compare", bad, bad, "--write-inventory", f"{here}/no.json", want=2)
    check(b"no private address" in nothing.stderr and not os.path.exists(f"{here}/no.json"), f"{nothing.stderr!r}")
    for mask in ("identifiers", "addresses"):
        masked = bundle(f"{here}/{mask}.tar.zst", good, mask)
        told = run("pl-bundle", "compare", masked, bad, "--write-inventory", f"{here}/no.json", want=2)
        check(b"masked" in told.stderr and not os.path.exists(f"{here}/no.json"), f"{mask}: {told.stderr!r}")
        check(first(compare(masked, bad, 1))["code"] == "dns.other-server", f"{mask}: is not compared")


# --- report ----------------------------------------------------------------------

FACES = ("text", "json", "jsonl", "html", "junit", "openmetrics")


def reporting(here, bad):
    """Each face is what pl-doctor says of the case; and the old report."""
    packed = bundle(f"{here}/plain.zip", bad)
    for face in FACES:
        ours = run("pl-bundle", "report", "--format", face, packed, want=1).stdout
        theirs = run("pl-doctor", "--format", face, "--from", bad, want=1).stdout
        alike = ours.replace(b"pl-bundle", b"pl-doctor")
        alike = alike.replace(b"plain.zip", b"bad.case")
        # The origin of a fact is how its file is called.
        theirs = re.sub(rb"/[^\"<> ]*/bad\.case", b"bad.case", theirs)
        check(alike == theirs, f"{face}: is not what pl-doctor says")
    report = run("pl-doctor", "--json", "--from", bad, want=1).stdout.decode()
    same = run("pl-bundle", "report", "--json", bundle(f"{here}/same.zip", bad, report=report), want=1)
    told = formats.report(same.stdout, "same")
    check(told["before"]["same"] and not told["before"]["targets"] and not same.stderr, f"same: {told['before']}")

    old = json.loads(report)
    old["tool"] = {"name": "pl-doctor", "version": f"0.0.9{ESC}"}
    old["verdict"] = "degraded"
    old["findings"][0]["code"] = "dns.old-code"
    old["targets"][0]["status"] = "ok"
    changed = bundle(f"{here}/old.zip", bad, report=json.dumps(old))
    done = run("pl-bundle", "report", "--json", changed, want=1)
    before = formats.report(done.stdout, "old")["before"]
    check(not before["same"] and before["went"] == ["dns.old-code"] and before["came"] and
          before["verdict"] == "degraded" and [t["was"] for t in before["targets"]] == ["ok"] and
          b"says otherwise" in done.stderr, f"old: {before} {done.stderr!r}")
    page = run("pl-bundle", "report", changed, want=1).stdout.decode()
    page = " ".join(page.split())
    check("says otherwise: degraded" in page and "found then only: dns.old-code" in page and "\x1b" not in page, page)
    html = run("pl-bundle", "report", "--format", "html", changed, want=1).stdout
    wrong.extend(f"html: {fault}" for fault in _html.Page(html).wrong)
    check(b"says otherwise" in html, "html: does not tell of the old report")

    for text in ("{", "[]", '{"schema": "pldiag.report/2"}', '{"schema": "pldiag.report/1", "targets": 7}'):
        path = bundle(f"{here}/{len(text)}.zip", bad, report=text)
        done = run("pl-bundle", "report", "--json", path, want=1)
        check(b"report inside is not told of" in done.stderr and "before" not in e2e.parse(done.stdout),
              f"{text}: {done.stderr!r}")


def codes():
    """The table of rows, its schema and its page know the same codes."""
    read = {}
    for path in ("libdiag/bundle/compare_rows.c", "docs/formats/compare.schema.json", "docs/compare.md"):
        with open(os.path.join(e2e.SOURCE, path), encoding="utf-8") as file:
            read[path] = file.read()
    rows, schema, page = read.values()
    rows = re.findall(r'\.code = "([^"]+)"', rows)
    known = json.loads(schema)["$defs"]["difference"]["properties"]["code"]["enum"]
    check(rows == known, f"codes: {set(rows) ^ set(known) or 'another order'} in the schema")
    told = re.findall(r"^\| `([a-z0-9.-]+)` \|", page, re.M)
    check(rows == told, f"codes: {set(rows) ^ set(told) or 'another order'} in docs/compare.md")


def main():
    codes()
    with e2e.folder() as here:
        good = case(f"{here}/good.case", "good")
        bad = case(f"{here}/bad.case", "bad", server="198.51.100.53", answers=PUBLIC)
        comparing(here, good, bad)
        hostile(here, good)
        addresses(here, good, bad)
        reporting(here, bad)
    e2e.finish("compare and report say what they must")


main()

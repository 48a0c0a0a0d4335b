#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-inventory import as people use it: files, folders and pipes in any order
and encoding give the same bytes, which fit the schema and name no path of this
machine; what is bad is told and does not stop the rest; exit statuses are the
promised ones."""
import json
import os
import random
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import SOURCE, check, parse, run, write  # noqa: E402

DATA = os.path.join(SOURCE, "tests", "data", "azure")
GUID = "0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b"
OTHER = "11111111-aaaa-4bbb-8ccc-222222222222"
API = f"{GUID}.workspace.eastus.api.azureml.ms"
formats = e2e.Formats()


def sample(name):
    return os.path.join(DATA, name)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def samples():
    return sorted(sample(n) for n in os.listdir(DATA) if n.endswith(".json"))


def imported(*args, want=0, stdin=b""):
    done = run("pl-inventory", "import", *args, want=want, stdin=stdin)
    if want == 2:
        check(not done.stdout, f"{args}: a result all the same")
        return None, done.stderr.decode()
    document = parse(done.stdout)
    formats.fits(document, "inventory", f"import {args}")
    return done.stdout, done.stderr.decode()


def names(text):
    return {t["fqdn"]: t.get("addresses", []) for t in parse(text)["targets"]}


def any_order(here):
    first, said = imported(*samples())
    for seed in range(3):
        files = samples()
        random.Random(seed).shuffle(files)
        check(imported("-q", *files)[0] == first, "another order, other bytes")
    again = write(f"{here}/again.json", first)
    check(imported(again)[0] == first, "importing it again changes it")
    run("pl-inventory", "check", again, want=0)
    check(os.sep + "tmp" not in first.decode() and SOURCE not in first.decode(), "a path of this machine")
    check("network interface: 4" in said and "documents" in said, f"no summary: {said}")
    check(names(first)[API] == ["10.150.0.4"], "not the interface's address")
    check(parse(first)["sources"]["region"]["eastus"], "no source of the region")
    codes = {note["code"] for note in parse(first)["notes"]}
    check(codes >= {"inventory.stale-record", "endpoint.not-approved", "zone.ttl", "vnet.custom-dns",
                    "zone.nxdomain-redirect"}, f"notes: {codes}")
    for code in codes:
        check(f"pl-inventory: {code}: " in said, f"{code} is not told")


def any_encoding(here):
    text = read(sample("nic-show.workspace.json"))
    plain = imported(write(f"{here}/x.json", text))[0]
    for mark, code in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"", "utf-16-le"),
                       (b"\xef\xbb\xbf", "utf-8")):
        other = mark + text.decode().replace("\n", "\r\n").encode(code)
        check(imported(write(f"{here}/x.json", other))[0] == plain, f"{mark} {code} differs")
    piped = imported("-", stdin=text)[0]
    check(piped == plain.replace(b"x.json", b"standard input"), "a pipe differs")
    joined = b"".join(read(p) for p in samples())
    found, said = imported(write(f"{here}/all.json", joined))
    one_by_one = imported(*samples())[0]
    for key in ("targets", "storage", "registry", "compute_instances", "nsgs"):
        a, b = parse(found)[key], parse(one_by_one)[key]
        if key == "nsgs":
            a, b = ([{k: v for k, v in g.items() if k != "from"} for g in x] for x in (a, b))
        check(a == b, f"joined, {key} differs")
    check("all.json:" in json.dumps(parse(found)["sources"]), "no line of a later document")


def folders(here):
    base = f"{here}/folder"
    os.makedirs(f"{base}/sub/deep")
    shutil.copy(sample("nic-show.workspace.json"), f"{base}/b.json")
    shutil.copy(sample("nic-show.acr.json"), f"{base}/sub/a.json")
    write(f"{base}/.hidden.json", "{")
    write(f"{base}/sub/deep/too.json", "{")
    os.mkfifo(f"{base}/pipe")
    text, _ = imported(base)
    check(imported("-q", f"{base}/")[0] == text, "a slash at the end differs")
    sources = parse(text)["sources"]["targets"]
    check(sources[API] == ["b.json: $.ipConfigurations[0].privateIPAddress"], f"{sources[API]}")
    check(sources["contosomlacr.azurecr.io"] == ["sub/a.json: $.ipConfigurations[1].privateIPAddress"], "sub-folder")
    if os.geteuid() != 0:
        os.chmod(f"{base}/sub", 0)
        check("Permission denied" in imported(base, want=1)[1], "a closed folder is not told")
        os.chmod(f"{base}/sub", 0o700)
    os.makedirs(f"{here}/empty")
    imported(f"{here}/empty", want=2)


def faults(here):
    nic = read(sample("nic-show.workspace.json"))
    bad = write(f"{here}/nic.json", nic.replace(b'"10.150.0.5"', b'"10.150.0.400"'))
    text, said = imported(bad, want=1)
    line = 'nic.json: $.ipConfigurations[1].privateIPAddress: not an address: "10.150.0.400"'
    check(line in said.splitlines(), f"not told as promised: {said}")
    check(API in names(text), "the other names are lost")
    cut = write(f"{here}/cut.json", nic[:500])
    text, said = imported(cut, sample("nic-show.acr.json"), f"{here}/none.json", want=1)
    check("cut.json:" in said and "none.json" in said, f"not told: {said}")
    check("contosomlacr.azurecr.io" in names(text), "the good file is lost")
    imported(cut, want=2)
    _, said = imported(sample("nic-show.empty-fqdns.json"), want=2)
    check("az network private-endpoint show --ids" in said, f"what would tell more is not asked for: {said}")
    _, said = imported(sample("private-dns.link-vnet-list.none.json"), want=2)
    check("pl-inventory gather" in said, f"no way on is told: {said}")
    imported(f"{here}/none.json", want=2)
    imported(write(f"{here}/vm.json", '{"type": "Microsoft.Compute/virtualMachines"}'), want=2)
    imported(write(f"{here}/text", "Dear all"), want=2)
    run("pl-inventory", "import", want=2)
    evil = write(f"{here}/evil.json", '{"type": "\\u001b]0;x\\u0007"}')
    _, said = imported(evil, want=2)
    check("\x1b" not in said and "\\x1b" in said, f"text from outside is printed raw: {said!r}")


def workspaces(here):
    other = write(f"{here}/other.json", read(sample("nic-show.query-ip-fqdns.json")).replace(
        GUID.encode(), OTHER.encode()).replace(b"10.150.", b"10.151."))
    nic = sample("nic-show.query-ip-fqdns.json")
    _, said = imported(nic, other, want=2)
    check(f"several workspaces: {GUID}, {OTHER}; pick one with --workspace NAME" in said, said)
    text, _ = imported(nic, other, "--workspace", OTHER)
    check(API not in names(text) and parse(text)["workspace"]["id"] == OTHER, "not the one that was picked")
    _, said = imported(nic, other, "--workspace", "third", want=2)
    check("no such workspace" in said, said)
    text, _ = imported(nic, "--era", "2020")
    check(f"{GUID}.workspace.eastus.aether.ms" in names(text), "no names of 2020")
    text, _ = imported(nic, "--region", "West Europe")
    check(parse(text)["region"] == "westeurope", "the region is not taken")
    imported(nic, "--region", "no-region", want=2)


def three_commands(here):
    """As docs/inventory.md has it: what was gathered, an inventory, its names."""
    gathered = write(f"{here}/gathered.json", b"".join(
        read(sample(n + ".json")) for n in (
            "ml-workspace-get.arm", "compute-instance-get.arm", "private-endpoint-show.workspace.zone-group",
            "dns-zone-group-list.workspace", "nic-show.workspace", "nic-show.acr", "private-dns.link-vnet-list")))
    out = f"{here}/ws.json"
    done = run("pl-inventory", "import", gathered, "-o", out, want=0)
    check(not done.stdout and b"az network private-endpoint-connection list --id" in done.stderr, "no question")
    check(run("pl-inventory", "import", gathered, "-q", "-o", out, want=0).stderr == b"", "-q talks")
    expanded = names(run("pl-inventory", "expand", out, want=0).stdout)
    for name in ("contosoci.eastus.instances.azureml.ms", "contosoci-22.eastus.instances.ml.azure.ms"):
        check(expanded.get(name) == ["10.150.0.4"], f"{name}: {expanded.get(name)}")
    check("contosomlsa.file.core.windows.net" in expanded and "ml.azure.com" in expanded, "names are missing")
    done = run("pl-inventory", "import", gathered, "-o", "/dev/full", want=4)
    check(b"No space left" in done.stderr, "a full disk is not told")


def main():
    with e2e.folder() as here:
        any_order(here)
        any_encoding(here)
        folders(here)
        faults(here)
        workspaces(here)
        three_commands(here)
    e2e.finish("pl-inventory import keeps its promises")


main()

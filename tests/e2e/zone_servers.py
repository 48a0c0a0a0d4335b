#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What pl-zone writes is what the servers read: each one's own checker takes
it, and the server started with it, on loopback of a namespace with no way
out, gives the right addresses and no others."""
import json
import os
import shutil
import subprocess

import jsonschema

import _pldiag as e2e
from _dnsd import CHECKS, CONFIGS, STARTS, dig, serving, write

NAMES = {
    "ws1103kv.vault.azure.net": ["10.150.0.9"],
    "ws1103sa.blob.core.windows.net": ["10.150.0.8", "10.150.0.18"],
    "ws1103acr.azurecr.io": ["10.150.0.10"],
}


def inventory(folder):
    path = os.path.join(folder, "ws.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"schema": "pldiag.inventory/1", "name": "ws1103",
                   "targets": [{"fqdn": n, "addresses": a} for n, a in NAMES.items()]}, f)
    return path


def rendered(folder, server, *more):
    out = os.path.join(folder, server)
    os.mkdir(out)
    done = e2e.run("pl-zone", "render", inventory(folder), "--for", server,
                   "-o", out, *more, want=0)
    return out, e2e.lines_of(done.stdout)


def checked(what, *command, cwd):
    if not shutil.which(command[0]):
        return
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    e2e.check(done.returncode == 0, f"{what}: {command[0]} says\n{done.stdout}{done.stderr}")


def serve(server, place):
    if not shutil.which(STARTS[server][0]):
        return
    config, log = CONFIGS[server](place), os.path.join(place, "log")
    checked(server, *[config if word == "FILE" else word for word in CHECKS[server]], cwd=place)
    with serving(server, config, log) as up:
        if not e2e.check(up, f"{server} does not start:\n" + open(log, encoding="utf-8").read()[-1500:]):
            return
        for name, wanted in NAMES.items():
            e2e.check(dig(name, "A") == ("NOERROR", sorted(wanted)), f"{server}: {name}: {dig(name, 'A')}")
            # no address of another kind, and not "no such name"
            e2e.check(dig(name, "AAAA") == ("NOERROR", []), f"{server}: {name} AAAA: {dig(name, 'AAAA')}")
        # a neighbour is nobody's business of ours
        status, found = dig("other.vault.azure.net", "A")
        e2e.check(status in ("REFUSED", "SERVFAIL") and not found, f"{server} hides a neighbour: {status} {found}")


def zone_files(place):
    files = [os.path.join(place, name) for name in sorted(os.listdir(place))]
    for path in files:
        if path.endswith(".zone"):
            zone = os.path.basename(path)[:-len(".zone")]
            checked("zone file", "named-checkzone", "-i", "local", zone, path, cwd=place)
            checked("zone file", "nsd-checkzone", zone, path, cwd=place)
            checked("zone file", "kzonecheck", "-o", zone, path, cwd=place)


def same_bytes(folder):
    for server in ("bind", "unbound", "dnsmasq", "windows", "azure-cli", "hosts", "knot", "nsd", "coredns"):
        args = ["render", inventory(folder), "--for", server]
        first, second = e2e.run("pl-zone", *args, want=0), e2e.run("pl-zone", *args, want=0)
        e2e.check(first.stdout == second.stdout and first.stdout, f"{server}: not the same bytes twice")
        for name in NAMES:
            e2e.check(name.encode() in first.stdout, f"{server} does not speak of {name}")


def azure_cli(folder):
    """sh reads it, and a stand-in for az is called with what was meant."""
    calls = os.path.join(folder, "calls")
    az = write(folder, "az", f"#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done >> '{calls}'\nprintf '\\n' >> '{calls}'\n")
    os.chmod(az, 0o755)
    env = dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}")
    for args in (["render"], ["forwarders", "--to", "10.150.0.53"]):
        text = e2e.run("pl-zone", args[0], inventory(folder), "--for", "azure-cli", "--resource-group", "dns-rg", *args[1:], want=0).stdout
        done = subprocess.run(["sh", "-eu"], input=text, capture_output=True, check=False, env=env)
        e2e.check(done.returncode == 0 and not done.stderr, f"azure-cli {args[0]}: sh says {done.stderr!r}")
        with open(calls, encoding="utf-8") as f:
            words = [line.split("\0")[:-1] for line in f.read().splitlines()]
        os.unlink(calls)
        e2e.check(words and all(w[w.index("-g") + 1] == "dns-rg" for w in words), f"azure-cli {args[0]}: {words[:1]}")
        if args[0] == "forwarders":
            told = [json.loads(w[w.index("--target-dns-servers") + 1]) for w in words]
            e2e.check(all(t == [{"ip-address": "10.150.0.53", "port": 53}] for t in told), f"azure-cli: {told[:1]}")
        else:
            for address in sum(NAMES.values(), []):
                e2e.check(any(address in w for w in words), f"azure-cli: nobody adds {address}")


def forwarders(folder):
    args = ["forwarders", inventory(folder), "--to", "10.150.0.53"]
    place = os.path.join(folder, "forward")
    e2e.run("pl-zone", *args, "--for", "bind", "-o", place, want=0)
    conf = write(place, "named.conf", f"""
options {{ directory "{place}"; include "{place}/pldiag-options.conf"; }};
include "{place}/pldiag-forwarders.conf";
""")
    checked("bind forwarders", "named-checkconf", conf, cwd=place)
    e2e.run("pl-zone", *args, "--for", "unbound", "-o", place, want=0)
    conf = write(place, "unbound.conf", f"server:\n username: \"\"\n chroot: \"\"\n directory: \"{place}\"\n"
                                        f"include: \"{place}/pldiag-forwarders.conf\"\n")
    checked("unbound forwarders", "unbound-checkconf", conf, cwd=place)
    e2e.run("pl-zone", *args, "--for", "dnsmasq", "-o", place, want=0)
    checked("dnsmasq forwarders", "dnsmasq", "--test", f"--conf-file={place}/pldiag-forwarders.conf", cwd=place)


def documents(folder):
    schema = json.load(open(os.path.join(e2e.SOURCE, "docs", "formats", "zone.schema.json"), encoding="utf-8"))
    out = os.path.join(folder, "json")
    for args in (["render", inventory(folder), "--for", "nsd"], ["render", inventory(folder), "--for", "nsd", "-o", out + "/"],
                 ["forwarders", inventory(folder), "--for", "bind", "--to", "10.0.0.1"]):
        done = e2e.run("pl-zone", *args, "--json", want=0)
        try:
            jsonschema.validate(json.loads(done.stdout), schema)
        except (ValueError, jsonschema.ValidationError) as why:
            e2e.check(False, f"{args}: {why}")


def refusals(folder):
    ws = inventory(folder)
    for args in (["render", ws], ["render", ws, "--for", "nobody"], ["forwarders", ws, "--for", "bind"],
                 ["forwarders", ws, "--for", "nsd", "--to", "10.0.0.1"],
                 ["forwarders", ws, "--for", "bind", "--to", "somewhere"],
                 ["render", ws, "--for", "dnsmasq", "--style", "privatelink"],
                 ["render", ws, "--for", "bind", "--style", "parent"],
                 ["render", ws, "--for", "bind", "--ttl", "5"],
                 ["render", ws, "--for", "azure-cli", "--resource-group", "a'b"],
                 ["render", os.path.join(folder, "none.json"), "--for", "bind"]):
        done = e2e.run("pl-zone", *args, want=2)
        e2e.check(done.stderr and not done.stdout, f"{args}: no message, or output all the same")
    done = e2e.run("pl-zone", "render", ws, "--for", "bind", "--style", "parent", "--yes-hide", want=0)
    e2e.check(b"every other name below vault.azure.net" in done.stderr, "a parent zone hides names and says nothing")
    e2e.run("pl-zone", "render", ws, "--for", "bind", "-o", "/dev/full", want=4)


def main():
    e2e.own_network()
    with e2e.folder() as folder:
        for server in CONFIGS:
            serve(server, rendered(folder, server)[0])
        zone_files(os.path.join(folder, "knot"))
        same_bytes(folder)
        azure_cli(folder)
        forwarders(folder)
        documents(folder)
        refusals(folder)
    e2e.finish("five servers serve what pl-zone writes, five checkers take it")


main()

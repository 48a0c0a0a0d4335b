#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-zone on configurations of Unbound, dnsmasq, BIND and CoreDNS's hosts
files, each through the server's own checker; and a BIND that serves a zone
file gives the new addresses when --reload has told it, and the old ones after
undo."""
import json
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _dnsd  # noqa: E402
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, wrong, write  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
ZONE = "vault.azure.net"
KV = f"ws1103kv.{ZONE}"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def inventory(here):
    return write(f"{here}/ws.json", json.dumps({
        "schema": "pldiag.inventory/1", "name": "ws1103", "targets": [
            {"fqdn": KV, "addresses": ["10.150.0.9"]},
            {"fqdn": "ws1103sa.blob.core.windows.net", "addresses": ["10.150.0.8", "10.150.0.18"]}]}))


UNBOUND = b"""server:
\tinterface: 127.0.0.1
\tusername: ""
\tchroot: ""
\tdirectory: "/"
\tdo-ip6: no
\tmsg-cache-size: 1m
\t# Caf\xe9
\tlocal-zone: "corp.example." static
\tlocal-data: "a.corp.example. A 192.0.2.1"
remote-control:
\tcontrol-enable: no
"""
FILES = {
    "unbound": (UNBOUND, UNBOUND + b'server:\n\tlocal-data: "' + KV.encode() + b'. A 10.150.0.99"\n'),
    "dnsmasq": (b"no-resolv\nno-hosts\naddress=/a.corp.example/192.0.2.1\ncache-size=100\ndomain-needed\n",
                b"no-resolv\nno-hosts\ncache-size=100\ndomain-needed\nbogus-priv\n"
                b"host-record=" + KV.encode() + b",10.150.0.99\n"),
    "bind": (b'options {\n\tdirectory "/tmp"; // here\n\trecursion no;\n};\n'
             b'zone "corp.example" { type primary; file "corp"; };\n',),
    "coredns": (b"192.0.2.1 a.corp.example\n192.0.2.2 b.corp.example\n192.0.2.3 c.corp.example\n",
                b"192.0.2.1 a.corp.example\n192.0.2.2 b.corp.example\n192.0.2.3 c.corp.example\n"
                b"10.150.0.99 " + KV.encode() + b"\n"),
}
CHECKERS = {"unbound": "unbound-checkconf", "dnsmasq": "dnsmasq", "bind": "named-checkconf"}


class Config:
    def __init__(self, here, server, data):
        self.path, self.state, self.server = f"{here}/conf", f"{here}/state", server
        self.inv = inventory(here)
        shutil.rmtree(self.state, ignore_errors=True)
        write(self.path, data)

    def run(self, command, *args, want=0):
        words = [command, "--file", self.path]
        words += ["--state", self.state] if command != "plan" else []
        words += [self.inv, "--for", self.server] if command in ("plan", "apply") else []
        return run("pl-zone", *words, *args, want=want)

    def doc(self, command, *args, want=0):
        done = self.run(command, *args, "--json", want=want)
        try:
            out = e2e.parse(done.stdout)
        except ValueError as error:
            wrong.append(f"{self.server} {command}: {error} in {done.stdout[:200]!r}")
            return {}
        formats.fits(out, "zone", f"{self.server} {command} {e2e.words(args)}")
        return out


def patched(c, diff, what):
    out = c.path + ".patched"
    done = subprocess.run(["patch", "--binary", "-s", "-o", out, c.path], input=diff,
                          capture_output=True, check=False)
    check(done.returncode == 0, f"{what}: patch says {done.stdout + done.stderr!r}")
    return read(out) if os.path.exists(out) else None


def every_server(here):
    for server, texts in FILES.items():
        for number, data in enumerate(texts):
            one_file(Config(here, server, data), data, f"{server} {number}", [])
            if server != "coredns":
                one_file(Config(here, server, data), data, f"{server} {number} forward", ["--to", "10.150.0.53"])


def one_file(c, data, what, args):
    plan = c.run("plan", *args)
    c.run("plan", "--check", *args, want=1)
    check(read(c.path) == data, f"{what}: plan writes")
    wanted = patched(c, plan.stdout, what)
    doc = c.doc("apply", "--yes", *args)
    now = read(c.path)
    by = CHECKERS.get(c.server)
    check(doc.get("outcome") == "written", f"{what}: {doc.get('outcome')} {doc.get('error')}")
    check(doc.get("check") == ({"by": by, "result": "good"} if by else {"result": "none"}),
          f"{what}: {doc.get('check')}")
    check(doc.get("kind") == "configuration" and bool(doc.get("forwarded")) == bool(args),
          f"{what}: {doc.get('kind')} {doc.get('forwarded')}")
    check(now == wanted, f"{what}: apply and patch differ")
    check((b"10.150.0.53" if args else KV.encode()) in now, f"{what}: nothing of ours in it")
    c.run("plan", "--check", *args)
    check(c.doc("apply", "--yes", *args).get("outcome") == "nothing-to-do", f"{what}: applied twice")
    c.run("undo", "--yes")
    check(read(c.path) == data, f"{what}: undo gives other bytes")


def a_new_file(here):
    c = Config(here, "unbound", b"")
    os.unlink(c.path)
    check(c.run("plan").stdout.startswith(b"--- /dev/null\n"), "the plan of a new file")
    c.run("apply", "--yes")
    check(os.stat(c.path).st_mode & 0o777 == 0o644, "a new file is not 0644")
    c.run("undo", "--yes")
    check(not os.path.exists(c.path), "undo leaves a file that was not there")


def a_part_of_one(here):
    """A file that is no whole configuration, and that its checker refuses."""
    data = UNBOUND + b'server:\n\tmodule-config: "no such module"\n'
    c = Config(here, "unbound", data)
    doc = c.doc("apply", "--yes")
    check(doc.get("check") == {"by": "unbound-checkconf", "result": "useless"} and
          doc.get("outcome") == "written", f"a part: {doc.get('check')} {doc.get('error')}")


def refusals(here):
    c = Config(here, "unbound", UNBOUND)
    done = c.run("plan", "--style", "parent", want=2)
    check(b"--yes-hide" in done.stderr, f"a parent is hidden: {done.stderr!r}")
    c.run("plan", "--to", "somewhere", want=2)
    c = Config(here, "unbound", b'server:\n\tlocal-data: "a A 1.2.3.4\n')
    done = c.run("plan", want=2)
    check(b"conf:2:" in done.stderr and b"expected" in done.stderr, f"broken: {done.stderr!r}")
    for server in ("knot", "nsd"):
        c = Config(here, server, b"server:\n")
        check(b"--origin" in c.run("plan", want=2).stderr, f"{server}: a configuration is taken")


# --- a served zone ---------------------------------------------------------------------


def dig(name, kind="A"):
    return _dnsd.dig(name, kind)[1]


def until(wanted, name=KV):
    """A server takes its time; the test does not."""
    limit = time.monotonic() + e2e.LIMIT_S
    found = dig(name)
    while found != wanted and time.monotonic() < limit:
        time.sleep(0.05)
        found = dig(name)
    return found


def served(here):
    data = (b"$TTL 60\n@ IN SOA ns1 hostmaster 1 3600 600 86400 60\n NS ns1\nns1 A 192.0.2.1\n"
            b"ws1103kv A 10.150.0.99\nother A 192.0.2.2\n")
    zone, pid, inv = write(f"{here}/zone", data), f"{here}/pid", inventory(here)
    os.chmod(here, 0o755)
    files = ["--file", zone, "--state", f"{here}/state", "--yes", "--reload", f"kill -HUP $(cat {pid})"]
    write(f"{here}/pldiag-zones.conf", f'zone "{ZONE}" {{ type primary; file "{here}/zone"; }};\n')
    with _dnsd.serving("bind", _dnsd.CONFIGS["bind"](here), f"{here}/log"):
        if not check(until(["10.150.0.99"]) == ["10.150.0.99"], f"named does not serve: {read(here + '/log')[-800:]!r}"):
            return
        run("pl-zone", "apply", inv, "--for", "bind", "--origin", ZONE, *files, want=0)
        check(until(["10.150.0.9"]) == ["10.150.0.9"], f"served: {dig(KV)}")
        check(dig(f"other.{ZONE}") == ["192.0.2.2"], "served: another name is gone")
        check([s.split()[2] for s in dig(ZONE, "SOA")] == ["2"], f"served: serial {dig(ZONE, 'SOA')}")
        # A reload that fails: the server is told twice, and serves what it did.
        run("pl-zone", "apply", inv, "--for", "bind", "--origin", ZONE, "--ttl", "77", *files[:-1],
            f"kill -HUP $(cat {pid}); false", want=4)
        check(dig(KV) == ["10.150.0.9"], f"taken back: {dig(KV)}")
        check(b"\t77\t" not in read(zone), "taken back: the file")
        run("pl-zone", "undo", *files, want=0)
        check(read(zone) == data, "undo: the file")
        proved(zone, inv, here, pid)


def proved(zone, inv, here, pid):
    """The server is asked; what it does not say is taken back."""
    check(until(["10.150.0.99"]) == ["10.150.0.99"], f"undone: {dig(KV)}")
    before = read(zone)
    args = ["pl-zone", "apply", inv, "--for", "bind", "--origin", ZONE, "--file", zone, "--state", f"{here}/state", "--yes",
            "--server", f"127.0.0.1:{_dnsd.PORT}"]
    done = run(*args, "--wait", "0.3", "--reload", "true", want=4)
    check(b"10.150.0.99; expected 10.150.0.9" in done.stderr, f"a server that was not told: {done.stderr!r}")
    check(read(zone) == before, "not proved, and not taken back")
    done = run(*args, "--json", "--reload", f"kill -HUP $(cat {pid})", want=0)
    asked = json.loads(done.stdout)["asked"]
    check(asked["outcome"] == "right" and [n["state"] for n in asked["names"] if n["name"] == KV] == ["right"], f"asked: {asked}")
    run(*args[:-2], "--verify", want=2)
    run(*args[:-1], "nobody", want=2)
    run("pl-zone", "undo", "--file", zone, "--server", "127.0.0.1", want=2)


def main():
    with e2e.folder() as here:
        os.chmod(here, 0o755)
        for test in (every_server, a_new_file, a_part_of_one, refusals, served):
            test(here)
            for name in os.listdir(here):
                path = f"{here}/{name}"
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    e2e.finish("configurations are changed and given back, and a server serves what is written")


main()

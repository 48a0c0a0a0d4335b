#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Configuration files edited by a plan: the servers' own checkers take them
exactly when they took them before, what is taken out is as it was, and a
server started with an edited file gives the right addresses at once, whatever
earlier statements said."""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import threading

import _pldiag as e2e
import _dnsd as servers

EDIT = os.path.join(os.environ["PLDIAG_BUILD"], "tests", "e2e_zone_edit")
SAMPLES = os.path.join(e2e.SOURCE, "tests", "data", "zone")
KV, SA = "kv.vault.azure.net", "sa.blob.core.windows.net"
TO = ("10.1.1.1", "10.1.1.2")  # as config_try.h has them
NEIGHBOUR = "other.vault.azure.net"
CHECK = {
    "bind": ["named-checkconf"],
    "unbound": ["unbound-checkconf"],
    "dnsmasq": ["dnsmasq", "--test", "-C"],
}


def edit(server, what, path, want=0):
    done = subprocess.run([EDIT, "config", server, what, path], capture_output=True, text=True, check=False)
    e2e.check(done.returncode == want, f"{server} {what} {os.path.basename(path)}: {done.stderr}{done.stdout}")
    return done


# --- samples --------------------------------------------------------------------


def installed(folder, server):
    """The samples where a system has them, below the folder."""
    base = os.path.join(folder, "etc", server)
    os.makedirs(base, exist_ok=True)
    for place in ("etc/unbound/unbound.conf.d", "etc/dnsmasq.d", "var/cache/bind"):
        os.makedirs(os.path.join(folder, place), exist_ok=True)
    source = os.path.join(SAMPLES, server)
    for name in sorted(os.listdir(source)):
        with open(os.path.join(source, name), "rb") as f:
            data = f.read()
        for place in (b"/etc/", b"/var/"):
            data = data.replace(b'"' + place, b'"' + folder.encode() + place)
            data = data.replace(b"=" + place, b"=" + folder.encode() + place)
        e2e.write(os.path.join(base, name), data)
    return [os.path.join(base, name) for name in sorted(os.listdir(source))]


def read(path):
    with open(path, "rb") as f:
        return f.read()


def accepted(server, path):
    return subprocess.run([*CHECK[server], path], capture_output=True, check=False).returncode == 0


def samples(folder, server):
    if not shutil.which(CHECK[server][0]):
        return 0
    verdicts = set()
    tried = 0
    for path in installed(folder, server):
        before, was = read(path), accepted(server, path)
        verdicts.add(was)
        for what in ("render", "forwarders", "render"):  # one block makes way for the other
            edit(server, what, path)
            tried += 1
            e2e.check(accepted(server, path) == was,
                      f"{server} {what} {os.path.basename(path)}: taken {'before' if was else 'after'} only:\n"
                      + read(path).decode(errors="replace"))
            once = read(path)
            edit(server, what, path)
            e2e.check(read(path) == once, f"{server} {what} {os.path.basename(path)}: twice is not once")
        edit(server, "undo", path)
        e2e.check(read(path) == before, f"{server} {os.path.basename(path)}: it is not as it was")
    e2e.check(verdicts == {True, False}, f"{server}: the samples are all of one kind: {verdicts}")
    return tried


# --- servers --------------------------------------------------------------------
# Each says something else about our names before we come.
BASE = {
    "bind": lambda d, more: f"""
options {{ directory "{d}"; listen-on port {servers.PORT} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
 pid-file "{d}/pid"; session-keyfile "{d}/key"; recursion yes; dnssec-validation no;
 deny-answer-addresses {{ 10.0.0.0/8; }}; }};
controls {{ }};
zone "lan" {{ type primary; file "lan.zone"; }}; {more}
""",
    "unbound": lambda d, more: f"""
server:
 interface: 127.0.0.1@{servers.PORT}
 do-daemonize: no
 username: ""
 chroot: ""
 directory: "{d}"
 pidfile: "{d}/pid"
 do-not-query-localhost: no
 private-address: 10.0.0.0/8
 local-data: "printer.lan A 10.0.0.60" {more}
remote-control:
 control-enable: no
""",
    "dnsmasq": lambda d, more: f"""
port={servers.PORT}
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
stop-dns-rebind
pid-file={d}/pid
user=root
host-record=printer.lan,10.0.0.60
{more}
""",
}
AGAINST = {
    ("bind", "render"): f'zone "{KV}" {{ type forward; forward only; forwarders {{ 127.0.0.1 port 9; }}; }};',
    ("bind", "forwarders"): 'zone "vault.azure.net" { type forward; forwarders { 127.0.0.1 port 9; }; };',
    ("unbound", "render"): f'local-zone: "{KV}" redirect local-data: "{KV} A 10.66.0.1"\n local-data: "{SA} A 10.66.0.2"',
    ("unbound", "forwarders"): '\nforward-zone:\n name: "vault.azure.net"\n forward-addr: 127.0.0.1@9\n',
    ("dnsmasq", "render"): f"address=/vault.azure.net/10.66.0.9\naddress=/{KV}/{SA}/lab.example/10.66.0.1\n"
                           f"host-record=nas,{SA},10.66.0.2",
    ("dnsmasq", "forwarders"): f"server=/vault.azure.net/lab.example/127.0.0.1#9\naddress=/{KV}/10.66.0.1",
}


def zones_of(folder, place):
    """The zone files that BIND's text names."""
    path = e2e.write(os.path.join(folder, "ws.json"), json.dumps({
        "schema": "pldiag.inventory/1", "name": "ws",
        "targets": [{"fqdn": KV, "addresses": ["10.0.0.9"]},
                    {"fqdn": SA, "addresses": ["10.0.0.8", "fd00::8"]}]}))
    e2e.run("pl-zone", "render", path, "--for", "bind", "-o", place + "/", want=0)
    e2e.write(os.path.join(place, "lan.zone"), "$TTL 60\n@ SOA ns n 1 1 1 1 1\n NS ns\nns A 10.0.0.53\nprinter A 10.0.0.60\n")


class Upstream(e2e.NameServer):
    """The name server in the VNet, at its own address."""

    def __init__(self, address):
        self.answer = self.says
        self.asked = threading.Event()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        threading.Thread(target=self.serve, daemon=True).start()

    @staticmethod
    def says(packet, name, kind):
        known = {KV: "10.0.0.9", SA: "10.0.0.8", NEIGHBOUR: "10.0.0.77"}
        if name not in known or kind != e2e.A:
            return e2e.reply(packet)
        return e2e.reply(packet, answers=[e2e.record(name, e2e.A, e2e.v4(known[name]))])


def right(server, what, neighbour):
    for name, wanted in ((KV, "10.0.0.9"), (SA, "10.0.0.8"), ("printer.lan", "10.0.0.60")):
        got = servers.dig(name, "A")
        e2e.check(got == ("NOERROR", [wanted]), f"{server} {what}: {name}: {got}")
    got = servers.dig(NEIGHBOUR, "A")[1]
    e2e.check(got == neighbour, f"{server} {what}: {NEIGHBOUR}: {got}")


def served(folder, server, what):
    if not shutil.which(servers.STARTS[server][0]):
        return
    place = os.path.join(folder, f"{server}-{what}")
    os.mkdir(place)
    if server == "bind":
        zones_of(folder, place)
    path = servers.write(place, "conf", BASE[server](place, AGAINST[server, what]))
    before, log = read(path), os.path.join(place, "log")
    with servers.serving(server, path, log) as up:
        e2e.check(up, f"{server} does not start:\n" + read(log).decode(errors="replace")[-1500:])
        e2e.check(servers.dig(KV, "A") != ("NOERROR", ["10.0.0.9"]), f"{server} {what}: it is right before we came")
    edit(server, what, path)
    with servers.serving(server, path, log) as up:
        if not e2e.check(up, f"{server} {what} does not start:\n" + read(path).decode()
                         + read(log).decode(errors="replace")[-1500:]):
            return
        hidden = ["10.66.0.9"] if (server, what) == ("dnsmasq", "render") else []
        right(server, what, ["10.0.0.77"] if what == "forwarders" else hidden)
    edit(server, "undo", path)
    e2e.check(read(path) == before, f"{server} {what}: it is not as it was")


def upstreams():
    """false: no addresses can be given to this network."""
    for address in TO:
        if subprocess.run(["ip", "addr", "add", address + "/32", "dev", "lo"], capture_output=True,
                          check=False).returncode != 0:
            return False
    with contextlib.suppress(OSError):
        return bool([Upstream(address) for address in TO])
    return False


def main():
    e2e.own_network()
    tried = 0
    with e2e.folder() as folder:
        for server in CHECK:
            tried += samples(folder, server)
        for server in CHECK:
            served(folder, server, "render")
        if upstreams():
            for server in CHECK:
                served(folder, server, "forwarders")
    e2e.finish(f"{tried} edits of real configurations are taken as they were before; servers answer right after them")


main()

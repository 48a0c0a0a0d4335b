#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-hosts on the system's own hosts file, in a mount namespace of our own:
whatever changes it also empties the caches that remember names."""
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, write  # noqa: E402

HOSTS = "/etc/hosts"
VAULT, REGISTRY = "ws1103kv.vault.azure.net", "ws1103acr.azurecr.io"
BEFORE = f"127.0.0.1 localhost\n10.150.0.10{REGISTRY}\n".encode()
LATE_S = 10  # a server that was told to forget does it at once


def own_mounts(here):
    """Start over inside a mount namespace, where /etc and /run are ours."""
    if os.environ.get("PLDIAG_E2E_ETC"):
        return
    if shutil.which("dnsmasq") is None:
        e2e.skip("there is no dnsmasq")
    flags = ["-mn"] if os.geteuid() == 0 else ["-rmn"]
    os.makedirs(f"{here}/etc")
    for name in ("nsswitch.conf", "passwd", "group", "resolv.conf"):
        if os.path.exists(f"/etc/{name}"):
            with open(f"/etc/{name}", "rb") as file:
                write(f"{here}/etc/{name}", file.read())
    mounts = 'mount --bind "$1/etc" /etc && mount -t tmpfs none /run && shift && exec "$@"'
    if subprocess.run(["unshare", *flags, "sh", "-ec", mounts, "sh", here, "true"],
                      capture_output=True, check=False).returncode != 0:
        e2e.skip("this machine lets us mount nothing of our own")
    done = subprocess.run(["unshare", *flags, "sh", "-ec", mounts, "sh", here, sys.executable,
                           *sys.argv], check=False,
                          env={**os.environ, "PLDIAG_E2E_ETC": here})
    sys.exit(done.returncode)


class Server:
    """dnsmasq: it reads the hosts file when it starts, and when it is told to
    forget what it knows."""

    def __init__(self):
        words = ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root",
                 "--no-resolv", "--listen-address=127.0.0.1", "--bind-interfaces",
                 "--pid-file=/run/dnsmasq.pid", "--log-facility=/dev/null"]
        self.process = subprocess.Popen(words)
        until(lambda: self.addresses("localhost") == ["127.0.0.1"], "dnsmasq never answers")

    @staticmethod
    def addresses(name):
        """What it says of a name; None: it says nothing."""
        packet = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + e2e.wire(name) + \
            struct.pack("!HH", e2e.A, 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(0.2)
            s.connect(("127.0.0.1", 53))
            try:
                s.send(packet)
                reply = s.recv(512)
            except OSError:
                return None
        n = struct.unpack("!H", reply[6:8])[0]
        # Every record ends with its four bytes, and nothing is behind the last.
        at = len(packet)
        return [socket.inet_ntoa(reply[at + 16 * k + 12:at + 16 * k + 16]) for k in range(n)]

    def end(self):
        self.process.terminate()
        self.process.wait()


def until(holds, otherwise):
    limit = time.monotonic() + LATE_S
    while not holds():
        if time.monotonic() > limit:
            check(False, otherwise)
            return


def caches_forget(here):
    inv = write(f"{here}/ws.json", json.dumps({
        "schema": "pldiag.inventory/1", "name": "ws1103",
        "targets": [{"fqdn": VAULT, "addresses": ["10.150.0.9"]}]}))
    write(HOSTS, BEFORE)
    server = Server()
    try:
        for words, registry, vault in (
                (["lint", "--fix"], ["10.150.0.10"], []),
                (["apply", inv, "--no-verify"], ["10.150.0.10"], ["10.150.0.9"]),
                (["undo"], ["10.150.0.10"], []),
                (["apply", inv], ["10.150.0.10"], ["10.150.0.9"]),
                (["undo"], ["10.150.0.10"], []),
                (["undo"], [], [])):
            told = json.loads(run("pl-hosts", *words, "--yes", "--json", "--state",
                                  f"{here}/state", want=0).stdout)
            check(told["flushed"] == ["dnsmasq"], f"{e2e.words(words)}: flushed {told['flushed']}")
            until(lambda: server.addresses(REGISTRY) == registry and
                  server.addresses(VAULT) == vault,
                  f"{e2e.words(words)}: the cache keeps what it knew")
    finally:
        server.end()
    with open(HOSTS, "rb") as file:
        check(file.read() == BEFORE, "the first state is not back")


def main():
    with e2e.folder() as folder:
        own_mounts(folder)
        with open("/proc/self/setgroups", encoding="ascii") as f:
            if f.read().strip() == "deny":
                e2e.skip("dnsmasq as it is started by a system wants more than one user")
        e2e.loopback_up()
        caches_forget(os.environ["PLDIAG_E2E_ETC"])
    e2e.finish("what changes the system's file empties the caches")


main()

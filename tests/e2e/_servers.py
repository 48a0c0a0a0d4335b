# SPDX-License-Identifier: MIT
"""Name servers started on loopback, and what they answer."""
import contextlib
import os
import signal
import socket
import subprocess
import time

os.environ["PATH"] += ":/usr/local/sbin:/usr/sbin:/sbin"
PORT = 5399


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


STARTS = {
    "bind": ["named", "-g", "-c"],
    "unbound": ["unbound", "-d", "-c"],
    "dnsmasq": ["dnsmasq", "--keep-in-foreground", "-C"],
    "nsd": ["nsd", "-d", "-c"],
}
CHECKS = {
    "bind": ["named-checkconf", "-z"],
    "unbound": ["unbound-checkconf"],
    "dnsmasq": ["dnsmasq", "--test", "-C"],
    "nsd": ["nsd-checkconf"],
}


# --- asking ---------------------------------------------------------------------
def dig(name, kind):
    done = subprocess.run(["dig", "@127.0.0.1", "-p", str(PORT), name, kind, "+tries=1", "+time=3"],
                          capture_output=True, text=True, check=False)
    status = done.stdout.partition("status: ")[2].partition(",")[0]
    records = [line.split() for line in done.stdout.splitlines() if line.startswith(name)]
    return status, sorted(r[4] for r in records if r[3] == kind)


def answers():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(0.2)
        s.connect(("127.0.0.1", PORT))
        query = b"\0\1\1\0\0\1\0\0\0\0\0\0\1x\0\0\1\0\1"
        with contextlib.suppress(OSError):
            s.send(query)
            return bool(s.recv(512))
    return False


@contextlib.contextmanager
def serving(server, config, log):
    with open(log, "wb") as out:
        child = subprocess.Popen([*STARTS[server], config], stdout=out, stderr=out)
    try:
        until = time.monotonic() + 20
        while not answers() and child.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        yield child.poll() is None
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait()

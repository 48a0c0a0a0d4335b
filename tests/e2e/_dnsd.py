# SPDX-License-Identifier: MIT
"""Real name servers on loopback, each with what pl-zone rendered for it."""
import contextlib
import os
import pwd
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


def user():
    """Knot wants to become somebody; we are who we are."""
    return pwd.getpwuid(os.geteuid()).pw_name


# --- configurations ------------------------------------------------------------
CONFIGS = {
    "bind": lambda d: write(d, "named.conf", f"""
options {{ directory "{d}"; listen-on port {PORT} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
 pid-file "{d}/pid"; session-keyfile "{d}/key"; recursion no; dnssec-validation no; }};
controls {{ }};
include "{d}/pldiag-zones.conf";
"""),
    "unbound": lambda d: write(d, "unbound.conf", f"""
server:
 interface: 127.0.0.1@{PORT}
 do-daemonize: no
 username: ""
 chroot: ""
 directory: "{d}"
 pidfile: "{d}/pid"
 do-not-query-localhost: no
remote-control:
 control-enable: no
include: "{d}/pldiag-zones.conf"
"""),
    "dnsmasq": lambda d: write(d, "dnsmasq.conf", f"""
port={PORT}
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
pid-file={d}/pid
user=root
conf-file={d}/pldiag-names.conf
"""),
    "knot": lambda d: write(d, "knot.conf", f"""
server:
  listen: 127.0.0.1@{PORT}
  rundir: "{d}"
  user: "{user()}"
database:
  storage: "{d}"
template:
  - id: default
    storage: "{d}"
    zonefile-load: whole
include: "{d}/pldiag-zones.conf"
"""),
    "nsd": lambda d: write(d, "nsd.conf", f"""
server:
 ip-address: 127.0.0.1@{PORT}
 username: ""
 zonesdir: "{d}"
 database: ""
 pidfile: "{d}/pid"
 xfrdfile: "{d}/xfrd"
 zonelistfile: "{d}/zonelist"
remote-control:
 control-enable: no
include: "{d}/pldiag-zones.conf"
"""),
}
STARTS = {
    "bind": ["named", "-g", "-c"],
    "unbound": ["unbound", "-d", "-c"],
    "dnsmasq": ["dnsmasq", "--no-daemon", "-C"],
    "nsd": ["nsd", "-d", "-c"],
    "knot": ["knotd", "-c"],
}
CHECKS = {
    "bind": ["named-checkconf", "-z", "FILE"],
    "unbound": ["unbound-checkconf", "FILE"],
    "dnsmasq": ["dnsmasq", "--test", "-C", "FILE"],
    "nsd": ["nsd-checkconf", "FILE"],
    "knot": ["knotc", "-c", "FILE", "conf-check"],
}


# --- asking ---------------------------------------------------------------------
def dig(name, kind):
    done = subprocess.run(["dig", "@127.0.0.1", "-p", str(PORT), name, kind, "+tries=1", "+time=3"],
                          capture_output=True, text=True, check=False)
    status = done.stdout.partition("status: ")[2].partition(",")[0]
    records = [line.split() for line in done.stdout.splitlines() if line.startswith(name)]
    return status, sorted(" ".join(r[4:]) for r in records if r[3] == kind)


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

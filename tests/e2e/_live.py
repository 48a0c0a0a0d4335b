# SPDX-License-Identifier: MIT
"""Name servers that take updates, and somebody in the middle who delays,
swallows or forges what passes."""
import os
import re
import socket
import subprocess
import threading

import _pldiag as e2e
from _dnsd import PORT, serving, user, write

SERVER = f"127.0.0.1:{PORT}"
ALGORITHMS = ("hmac-sha256", "hmac-sha384", "hmac-sha512")
VAULT, BLOB, CLOSED = "vault.azure.net", "privatelink.blob.core.windows.net", "azurecr.io"
ZONES = (VAULT, BLOB, CLOSED)
ZONE = """$TTL 300
@ IN SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60
@ IN NS ns.invalid.
neighbour IN A 10.9.9.9
"""


def make_key(folder, name, algorithm):
    done = subprocess.run(["tsig-keygen", "-a", algorithm, name], capture_output=True, check=True)
    path = e2e.write(os.path.join(folder, f"{name}.{algorithm}.key"), done.stdout)
    os.chmod(path, 0o600)
    return path


def secret_of(path):
    return re.search(r'secret "(.*?)"', e2e_read(path)).group(1)


def e2e_read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def zone_files(place, records=""):
    for zone in ZONES:
        write(place, zone + ".zone", ZONE + (records if zone == VAULT else ""))


def bind(place, keys, records="", more=""):
    zone_files(place, records)
    grants = " ".join(f"grant {name} zonesub any;" for name in keys)
    zones = "".join(
        f'zone "{z}" {{ type primary; file "{place}/{z}.zone";'
        + (f" update-policy {{ {grants} }};" if z != CLOSED else "") + " };\n" for z in ZONES)
    return write(place, "named.conf", "".join(e2e_read(k) for k in keys.values()) + f"""
options {{ directory "{place}"; listen-on port {PORT} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
 pid-file "{place}/pid"; session-keyfile "{place}/key"; recursion no; dnssec-validation no; }};
controls {{ }};
{more or zones}""")


def knot(place, keys, records="", more=""):
    zone_files(place, records)
    ids = ", ".join(keys)
    return write(place, "knot.conf", f"""
server:
  listen: 127.0.0.1@{PORT}
  rundir: "{place}"
  user: "{user()}"
database:
  storage: "{place}"
key:
""" + "".join(f"  - id: {n}\n    algorithm: {k.split('.')[-2]}\n    secret: {secret_of(k)}\n" for n, k in keys.items())
                 + f"""acl:
  - id: updates
    key: [{ids}]
    action: update
zone:
""" + "".join(f'  - domain: {z}\n    storage: "{place}"\n' + ("    acl: updates\n" if z != CLOSED else "")
              for z in ZONES) + more)


CONFIGS = {"bind": bind, "knot": knot}


def keys_in(folder):
    """A key for each algorithm, known to the servers by these names."""
    return {f"k{a[-3:]}.example": make_key(folder, f"k{a[-3:]}.example", a) for a in ALGORITHMS}


def live(server, folder, keys, records="", more=""):
    place = os.path.join(folder, f"{server}-{len(os.listdir(folder))}")
    os.mkdir(place)
    return serving(server, CONFIGS[server](place, keys, records, more), os.path.join(place, "log"))


def nsupdate(key, zone, *lines):
    text = f"server 127.0.0.1 {PORT}\nzone {zone}\n" + "\n".join(lines) + "\nsend\n"
    done = subprocess.run(["nsupdate", "-k", key], input=text, text=True, capture_output=True, check=False)
    e2e.check(done.returncode == 0, f"nsupdate: {done.stderr}")


# --- somebody in the middle -------------------------------------------------------
class Middle:
    """Questions pass; what becomes of an update says mode(wire): the server's
    answer, or other bytes, or None for silence.  reached is set before."""

    def __init__(self, mode=None):
        self.mode = mode
        self.reached = threading.Event()
        self.udp, self.tcp = e2e.one_port()
        self.tcp.listen()
        self.view = "127.0.0.1:%u" % self.udp.getsockname()[1]
        threading.Thread(target=self.questions, daemon=True).start()
        threading.Thread(target=self.updates, daemon=True).start()

    def questions(self):
        while True:
            packet, peer = self.udp.recvfrom(4096)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                s.settimeout(5)
                s.connect(("127.0.0.1", PORT))
                s.send(packet)
                self.udp.sendto(s.recv(4096), peer)

    def updates(self):
        held = []
        while True:
            peer = self.tcp.accept()[0]
            wire = peer.makefile("rb")
            message = wire.read(int.from_bytes(wire.read(2), "big"))
            out = (self.mode or deliver)(message)
            self.reached.set()
            if out is None:
                held.append((peer, wire))
                continue
            peer.sendall(len(out).to_bytes(2, "big") + out)
            peer.close()


def deliver(message):
    """To the server, and its answer."""
    with socket.create_connection(("127.0.0.1", PORT), 5) as s, s.makefile("rb") as wire:
        s.sendall(len(message).to_bytes(2, "big") + message)
        return wire.read(int.from_bytes(wire.read(2), "big"))


def swallow(_):
    return None


def deliver_and_keep(message):
    deliver(message)


def forge(message):
    """"Done", without a signature."""
    return message[:2] + b"\xa8\0" + b"\0" * 8

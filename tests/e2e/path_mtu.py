#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-probe --mtu over a router that takes less than its neighbours: says so, says
nothing, or only seems to.  Both IP versions, over TCP and with datagrams alone."""
import contextlib
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
FOUR, SIX = "10.0.2.2", "2001:db8:2::2"
WAYS = {FOUR: "10.0.1.1", SIX: "2001:db8:1::1"}
# What takes every byte and says nothing, so that only TCP itself answers.
SINK = """
import socket, sys, threading
def take(conn):
    try:
        while conn.recv(65536):
            pass
    except OSError:
        conn.close()
def serve(s):
    while True:
        threading.Thread(target=take, args=(s.accept()[0],), daemon=True).start()
for address, family in (("10.0.2.2", socket.AF_INET), ("2001:db8:2::2", socket.AF_INET6)):
    s = socket.create_server((address, 443), family=family, backlog=64)
    threading.Thread(target=serve, args=(s,), daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
"""


class Place:
    """A network namespace, held by a process that does nothing but read."""

    def __init__(self):
        self.process = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; exec cat"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def enter(self, *argv):
        return ["nsenter", "-t", str(self.process.pid), "-n", *argv]

    def run(self, *argv, text=None):
        subprocess.run(self.enter(*argv), check=True, input=text, text=True)

    def ip(self, lines):
        self.run("ip", "-batch", "-", text=lines)


def cable(router, server):
    """client --c0-- router --s0-- server"""
    r, s = router.process.pid, server.process.pid
    subprocess.run(f"ip link add c0 type veth peer name c1 netns {r}".split(), check=True)
    router.run("ip", "link", "add", "s1", "type", "veth", "peer", "name", "s0", "netns", str(s))
    subprocess.run(["ip", "-batch", "-"], check=True, text=True, input=(
        "addr add 10.0.1.2/24 dev c0\naddr add 2001:db8:1::2/64 dev c0 nodad\nlink set c0 up\n"
        "route add default via 10.0.1.1\nroute add default via 2001:db8:1::1\n"))
    router.ip("addr add 10.0.1.1/24 dev c1\naddr add 2001:db8:1::1/64 dev c1 nodad\nlink set c1 up\n"
              "addr add 10.0.2.1/24 dev s1\naddr add 2001:db8:2::1/64 dev s1 nodad\nlink set s1 up\n")
    server.ip("addr add 10.0.2.2/24 dev s0\naddr add 2001:db8:2::2/64 dev s0 nodad\nlink set s0 up\n"
              "route add default via 10.0.2.1\nroute add default via 2001:db8:2::1\n")
    # The server answers each of our datagrams, and not only one a second.
    server.run("sh", "-c", "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit")
    router.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding; "
                           "echo 1 >/proc/sys/net/netfilter/nf_conntrack_acct 2>/dev/null || true")


@contextlib.contextmanager
def filtered(router, rules):
    router.run("nft", "-f", "-", text=f"table inet t {{ chain f {{ type filter hook forward priority 0; {rules}; }}; }}")
    yield
    router.run("nft", "delete", "table", "inet", "t")


def facts(*words, want=1):
    """The mtu facts by address; each fits the schema."""
    lines = formats.lines(run("pl-probe", *words, "--mtu", "--timeout", "0.1", "--format", "jsonl", want=want).stdout, "fact",
                          "mtu")
    return {f["address"]: f for f in lines if f["probe"] == "mtu"}


def measure():
    """Both addresses by TLS on a port that never answers: what TCP acknowledges is enough."""
    found = facts(f"{FOUR}:443", f"[{SIX}]:443", "--tls")
    check(set(found) == {FOUR, SIX}, f"addresses {sorted(found)}")
    return found


def expect(what, fact, **keys):
    for key, value in keys.items():
        check(fact.get(key) == value, f"{what}: {key} is {fact.get(key)!r}, not {value!r}: {fact}")


def nothing_in_the_way():
    for address, f in measure().items():
        expect("whole way", f, status="ok", mtu=1500, interface="c0", interface_mtu=1500, lost=None, told=None)
        check(f["sends"] < 20, f"{address}: {f['sends']} packets")


def vanish(router):
    with filtered(router, "meta length > 1397 drop"):
        for f in measure().values():
            expect("hole", f, status="black-hole", mtu=1397, how="tcp", lost=1398, told=None)
            check(f["resends"] >= 2 and f["sends"] <= 80, f"resends or sends: {f}")
    # A hole for TCP alone is one: that is what services speak.  Less than most ways take is looked for less closely.
    with filtered(router, "meta l4proto tcp meta length > 700 drop"):
        f = facts(f"{FOUR}:443", "--tls")[FOUR]
        check(f["status"] == "black-hole" and 690 < f["mtu"] <= 700 < f["lost"] < 710, f"small hole: {f}")
    with filtered(router, "meta length > 1397 drop"):
        text = run("pl-probe", f"{FOUR}:443", "--tls", "--mtu", "--timeout", "0.1", want=1).stdout.decode()
        check("packets of 1397 bytes pass, those of 1398 vanish" in text and "sudo ip link set dev c0 mtu 1397" in text, text)


def only_first_bytes(router):
    """A filter that takes the beginning of a connection and no more is no question of size."""
    with filtered(router, "ct direction original ct original bytes > 4000 drop; meta l4proto udp drop"):
        for f in measure().values():
            expect("first bytes", f, status="silent", lost=None)
            check("whatever the size" in f.get("error", ""), f"first bytes: {f}")


def told(router):
    router.run("ip", "link", "set", "s1", "mtu", "1333")
    for address, f in measure().items():
        expect("told", f, status="smaller", mtu=1333, how="icmp", told=1333, lost=None)
        icmp = {"type": 3, "code": 4, "from": WAYS[address]} if address == FOUR else \
            {"type": 2, "code": 0, "from": WAYS[address]}
        expect("told", f, icmp=icmp)
    router.run("ip", "link", "set", "s1", "mtu", "1500")
    for family in ("-4", "-6"):
        subprocess.run(["ip", family, "route", "flush", "cache"], check=True)
    ways = [f"10.0.2.2 via {WAYS[FOUR]} mtu 1300", f"2001:db8:2::2 via {WAYS[SIX]} mtu 1300"]
    subprocess.run(["ip", "-batch", "-"], input="".join(f"route add {w}\n" for w in ways), text=True, check=True)
    for f in measure().values():
        expect("a route's", f, status="smaller", mtu=1300, told=1300, how="kernel", icmp=None)
    subprocess.run(["ip", "-batch", "-"], input="".join(f"route del {w}\n" for w in ways), text=True, check=True)


def clamped(router):
    with filtered(router, "tcp flags syn tcp option maxseg size set 1200; meta l4proto udp drop"):
        for f in measure().values():
            expect("clamped", f, status="ok", how="tcp", lost=None, mtu=1260 if f["address"] == SIX else 1240)
        text = run("pl-probe", f"{FOUR}:443", "--tls", "--mtu", "--timeout", "0.1", want=1).stdout.decode()
        check("TCP sends no larger ones here" in text, text)


def datagrams_alone(router):
    """No TCP port is given: ports where nobody listens answer, or nobody does."""
    words = f"{FOUR}:5831", f"[{SIX}]:5831", "--udp"
    for f in facts(*words).values():
        expect("datagrams", f, status="ok", mtu=1500, how="udp", mss=None, port=None)
    with filtered(router, "meta length > 1397 drop"):
        f = facts(*words)[FOUR]
        expect("datagrams in a hole", f, status="black-hole", how="udp")
        check(f["mtu"] <= 1397 < f["lost"], f"datagrams in a hole: {f}")
    with filtered(router, "meta l4proto udp drop"):
        for f in facts(*words, want=3).values():
            expect("silence", f, status="silent", mtu=None, how=None)


def plain_ports():
    """Where no TLS is spoken no byte is sent; what both ends agreed upon is told."""
    f = facts(f"{FOUR}:443", "--tcp", want=0)[FOUR]
    expect("plain port", f, status="ok", how="udp", mtu=1500, mss=1448)
    f = facts("127.0.0.1:9", "--tls")["127.0.0.1"]
    expect("loopback", f, interface="lo", interface_mtu=65536)
    text = run("pl-probe", "127.0.0.1:9", "--tls", "--mtu", want=1).stdout.decode()
    check("larger ones were not tried" in text and "(0 bytes" not in text, text)


def main():
    if not shutil.which("nft"):
        e2e.skip("there is no nft")
    router, server = Place(), Place()
    cable(router, server)
    sink = subprocess.Popen(server.enter(sys.executable, "-c", SINK), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    sink.stdout.readline()
    nothing_in_the_way()
    vanish(router)
    only_first_bytes(router)
    told(router)
    clamped(router)
    datagrams_alone(router)
    plain_ports()
    for process in (sink, router.process, server.process):
        process.kill()
        process.wait()
    e2e.finish("every way was measured as it is")


main()

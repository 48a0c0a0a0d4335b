#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-capture record: what it takes, what it leaves, whose files it touches,
what it may do while it records, and how it ends."""
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import SHORT, check, run, write, wrong  # noqa: E402

LO = "127.0.0.1"
NANO = 0xA1B23C4D
ETHERNET, COOKED2 = 1, 276
DNS_BYTES = 1200

e2e.own_network()
with open("/proc/self/uid_map", encoding="ascii") as uids:
    root = int(uids.read().split()[2]) > 1  # in a namespace of one uid everybody is called root


class Pcap:
    """A whole file: every record's length fits."""

    def __init__(self, data):
        magic, _, _, _, _, self.snap, self.link = struct.unpack("=IHHiIII", data[:24])
        check(magic == NANO, f"magic {magic:x}: no nanoseconds")
        self.packets, self.times, self.lengths = [], [], []
        at = 24
        while at < len(data):
            head = data[at:at + 16]
            s, ns, size, length = struct.unpack("=IIII", head) if len(head) == 16 else (0, 0, 1 << 30, 0)
            if not check(at + 16 + size <= len(data), f"the file ends in the middle of a packet, at {at}"):
                return
            self.packets.append(data[at + 16:at + 16 + size])
            self.times.append(s + ns / 1e9)
            self.lengths.append(length)
            at += 16 + size


def read(path):
    with open(path, "rb") as f:
        return Pcap(f.read())


class Recorder:
    """pl-capture record, or tcpdump, until it is told to end."""

    def __init__(self, *command, begun=b"recording on"):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.said = b""
        while begun not in self.said:
            line = self.process.stderr.readline()
            if not check(line, f"{e2e.words(command)} does not begin: {self.said!r}"):
                break
            self.said += line

    def end(self, want, number=signal.SIGINT):
        """Gives what it said."""
        if number:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=e2e.LIMIT_S)
        check(self.process.returncode == want, f"exit {self.process.returncode}, not {want}: {err!r}")
        check(not out, f"results {out!r}")
        return self.said + err


def record(*args):
    return Recorder(e2e.tool("pl-capture"), "record", *args)


def udp(text, port=53):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(text, (LO, port))


def flood(number, size=DNS_BYTES):
    for i in range(number):
        udp(struct.pack("!I", i) + bytes(size - 4))


@contextlib.contextmanager
def listener(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((LO, port))
        s.listen(8)
        yield s


def talk(port, asks, says):
    with listener(port) as s, socket.create_connection((LO, port)) as client:
        peer = s.accept()[0]
        client.sendall(asks)
        peer.recv(len(asks))
        peer.sendall(says)
        got = b""
        while len(got) < len(says):
            got += client.recv(65536)
        peer.close()


# --- what is typed ----------------------------------------------------------------


def words(here):
    path = f"{here}/w.pcap"
    for args, says in (((), "-w FILE"), (("-w", ""), "-w FILE"), (("-w", path, "-o", f"{here}/out"), "-w FILE"),
                       (("-w", path, "--snap", "0"), "headers, full or"), (("-w", path, "-s", "some"), "headers, full or"),
                       (("-w", "-", "--ring", "2"), "ring"), (("-w", path, "--ring", "1"), "--ring"),
                       (("-w", path, "-i", "nosuch0"), "nosuch0"), (("nosuch.json", "-w", path), "nosuch.json"),
                       ((write(f"{here}/bad.json", "{"), "-w", path), "bad.json"), (("-w", path, "--for", "0"), "--for")):
        done = run("pl-capture", "record", *args, want=2)
        check(says.encode() in done.stderr, f"{args}: {done.stderr!r}")
        check(not os.path.exists(path), f"{args}: a file is left")
    run("pl-capture", "record", "-w", f"{here}/no/such.pcap", "--for", "0.1", want=2)
    plain = run("pl-capture", "record", "--print-filter", want=0).stdout
    more = run("pl-capture", "record", SHORT, "--print-filter", want=0, env={**os.environ, "HTTPS_PROXY": "proxy:3129"}).stdout
    check(b"tcp port 443" in plain and b"host" not in plain, f"filter {plain!r}")
    targets = [{"fqdn": f"s{i}.blob.core.windows.net", "service": "storage-blob", "addresses": [f"10.150.{i // 250}.{i % 250 + 1}"]}
               for i in range(900)]
    for networks, says in ((["10.150.0.0/16"], b"their networks stand for them"), ([], b"chosen by port alone")):
        big = write(f"{here}/big.json", json.dumps({"schema": "pldiag.inventory/1", "networks": networks, "targets": targets}))
        done = run("pl-capture", "record", big, "--print-filter", want=0)
        check(says in done.stderr and (b"net 10.150.0.0/16" in done.stdout) == bool(networks), f"900 addresses: {done}")
    check(b"host 10.150.0.4" in more and b"tcp port 3129" in more, f"filter {more!r}")


def files(here):
    path, link, victim = f"{here}/f.pcap", f"{here}/link.pcap", f"{here}/victim"
    write(path, "mine")
    old = os.stat(path).st_ino
    done = run("pl-capture", "record", "-w", path, "--for", "0.1", want=2)
    check(b"is there already" in done.stderr and open(path, "rb").read() == b"mine", "a file is overwritten")
    with open(path, "rb") as held:  # the new file is another one
        run("pl-capture", "record", "-w", path, "--for", "0.1", "--force", want=0)
        check(held.read() == b"mine" and os.stat(path).st_ino != old, "the old file is emptied, not replaced")
    check(os.stat(path).st_mode & 0o777 == 0o600, "others may read it")
    read(path)
    os.symlink(victim, link)
    for more in ((), ("--force",)):
        run("pl-capture", "record", "-w", link, "--for", "0.1", *more, want=2)
        check(not os.path.exists(victim), "a link is followed")


# --- what it takes -----------------------------------------------------------------


def takes(here):
    path = f"{here}/t.pcap"
    recorder = record(SHORT, "-i", "lo", "-w", path)
    with open(f"/proc/{recorder.process.pid}/status", encoding="ascii") as status:
        rights = dict(line.split(":", 1) for line in status if ":" in line)
    check(int(rights["CapEff"], 16) == 0 and int(rights["CapPrm"], 16) == 0, "it keeps capabilities")
    check(rights["NoNewPrivs"].strip() == "1", "it may gain rights")
    check(not root or rights["Uid"].split()[0] == "65534", f"it stays {rights['Uid']}")
    udp(b"the question")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((LO, 0))
        udp(b"somebody else's", other.getsockname()[1])
    talk(443, b"\x16\x03\x01\x00\x05hello" + bytes(500), b"\x16\x03\x03" + b"secret" * 20000)
    talk(445, b"GET /secret HTTP/1.1", b"HTTP/1.1 200 OK\r\n\r\nsecret")
    said = recorder.end(128 + signal.SIGINT)
    got = read(path)
    every = b"".join(got.packets)
    check(got.link == ETHERNET and b"the question" in every, "the question is not in it")
    check(b"somebody" not in every, "what nobody asked for is in it")
    check(any(p[-400:] == bytes(400) for p in got.packets), "the hello is not whole")
    check(10000 < every.count(b"secret") * 6 < 40000, f"{every.count(b'secret')} pieces of what was said")
    check(b"GET /sec" in every and b"200 OK" not in every, "plain text is kept")
    check(all(a <= b for a, b in zip(got.times, got.times[1:])), "times go back")
    check(f"t.pcap: {len(got.packets)} packets seen, {len(got.packets)} written, none lost".encode() in said, f"{said!r}")
    done = run("pl-capture", "analyze", path, "--json", want=(1, 3))
    check(b"breaks off" not in done.stderr, f"our own file: {done.stderr!r}")


def beside_tcpdump(here):
    """The same packets as tcpdump with the printed filter, byte for byte."""
    if not root:
        print("tcpdump cannot drop rights here: not compared with it")
        return
    text = run("pl-capture", "record", SHORT, "--print-filter", want=0).stdout.decode().strip()
    for interface, link, more in (("lo", ETHERNET, ()), ("any", COOKED2, ("-y", "LINUX_SLL2"))):
        ours, theirs = f"{here}/ours-{interface}.pcap", f"{here}/theirs-{interface}.pcap"
        one = record(SHORT, "-i", interface, "-s", "full", "-w", ours)
        two = Recorder("tcpdump", "-i", interface, *more, "-n", "-s", "0", "-U", "-Z", "root", "--nano", "-w", theirs,
                       text, begun=b"listening on")
        udp(b"one")
        udp(b"two", 10)
        flood(50)
        talk(443, b"x" * 3000, b"y" * 100000)
        with contextlib.suppress(OSError), socket.create_connection((LO, 8787)):
            pass
        udp(b"the last")
        limit = time.monotonic() + e2e.LIMIT_S
        while b"the last" not in open(theirs, "rb").read() and time.monotonic() < limit:
            time.sleep(0.002)
        two.end(0, signal.SIGTERM)
        one.end(128 + signal.SIGTERM, signal.SIGTERM)
        a, b = read(ours), read(theirs)
        check(a.link == b.link == link, f"{interface}: links {a.link} {b.link}")
        check(len(a.packets) > 60 and a.packets == b.packets and a.lengths == b.lengths,
              f"{interface}: {len(a.packets)} packets, tcpdump has {len(b.packets)}")


# --- ends --------------------------------------------------------------------------


def ends(here):
    path = f"{here}/e.pcap"
    recorder = record("-i", "lo", "-w", path, "-c", "5")
    flood(20)
    recorder.end(0, None)
    check(len(read(path).packets) == 5, "--count 5 is not five")

    recorder = record("-i", "lo", "-w", path, "--force", "--size", "1", "-s", "full")
    flood(1200)
    said = recorder.end(0, None)
    check(b"has its 1 MB" in said and 900000 < os.path.getsize(path) <= 1000000, f"one file of 1 MB: {said!r}")
    read(path)

    recorder = record("-i", "lo", "-w", path, "--force", "-s", "60")
    flood(3)
    recorder.end(128 + signal.SIGTERM, signal.SIGTERM)
    got = read(path)
    check([len(p) for p in got.packets] == [60] * 3 and got.lengths[0] == 14 + 28 + DNS_BYTES, f"snap {got.lengths}")

    # to a pipe, and a pipe that is closed
    done = subprocess.run(f"{e2e.tool('pl-capture')} record -i lo -w - --for 0.2 -q | {e2e.tool('pl-capture')} analyze -",
                          shell=True, capture_output=True, check=False)
    check(done.returncode == 3 and b"0 packets" in done.stderr, f"a pipe: {done}")
    recorder = Recorder(e2e.tool("pl-capture"), "record", "-i", "lo", "-w", "-", "-s", "full")
    recorder.process.stdout.read(24)
    recorder.process.stdout.close()
    flood(200)
    check(recorder.process.wait(e2e.LIMIT_S) == 128 + signal.SIGPIPE, f"a closed pipe: {recorder.process.returncode}")


def ring(here):
    recorder = record("-i", "lo", "-w", f"{here}/r.pcap", "--ring", "3", "--size", "1", "-s", "full")
    for _ in range(4):
        flood(1000)
        time.sleep(0)  # lets the recorder have its turn
    said = recorder.end(128 + signal.SIGINT)
    parts = [read(f"{here}/r-{i}.pcap") for i in (1, 2, 3)]
    check(b"went round" in said, f"the ring: {said!r}")
    for i, part in enumerate(parts, 1):
        check(os.path.getsize(f"{here}/r-{i}.pcap") <= 1000000, f"r-{i}.pcap is too large")
        check(os.stat(f"{here}/r-{i}.pcap").st_mode & 0o777 == 0o600, "others may read a part")
        check(part.packets, f"r-{i}.pcap is empty")
    newest = max(parts, key=lambda p: p.times[0] if p.times else 0)
    check(newest.packets and newest.packets[-1][42:46] == struct.pack("!I", 999), "the newest packet is not in the ring")
    # read in the order of time, whatever their names say
    done = run("pl-capture", "analyze", *[f"{here}/r-{i}.pcap" for i in (1, 2, 3)], want=3)
    spans = [p.times[-1] for p in parts] + [p.times[0] for p in parts]
    check(f"in {max(spans) - min(spans):.1f} s".encode() in done.stderr, f"the ring's span: {done.stderr!r}")


def full_disk(here):
    """A file system with room for some packets; what was written is read."""
    disk, out = f"{here}/disk", f"{here}/full.pcap"
    os.mkdir(disk)
    script = (f"mount -t tmpfs -o size=64k none {disk} && {e2e.tool('pl-capture')} record -i lo -s full "
              f"-w {disk}/x.pcap; status=$?; cp {disk}/x.pcap {out}; exit $status")
    recorder = Recorder("unshare", "-m", "sh", "-c", script)
    flood(200)
    said = recorder.end(4, None)
    check(b"x.pcap: No space left on device" in said, f"a full disk: {said!r}")
    check(40 <= len(read(out).packets) <= 64, "what was written before is not there")
    done = run("pl-capture", "analyze", out, want=3)
    check(b"breaks off" not in done.stderr, f"a full disk leaves half a packet: {done.stderr!r}")


def no_rights(here):
    path = f"{here}/n.pcap"
    without = ["setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw", "--"]
    if subprocess.run([*without, "true"], capture_output=True, check=False).returncode != 0:
        print("rights cannot be taken away here")
        return
    done = subprocess.run([*without, e2e.tool("pl-capture"), "record", "-w", path, "--for", "0.1"], capture_output=True,
                          check=False)
    check(done.returncode == 3 and b"setcap cap_net_raw+ep" in done.stderr and b"sudo" in done.stderr,
          f"without rights: {done}")
    check(not os.path.exists(path), "a file is made without rights")
    done = subprocess.run([*without, e2e.tool("pl-doctor"), SHORT, "--capture", path, "--deadline", "0.5"],
                          capture_output=True, check=False)
    check(done.returncode == 1 and b"goes on without" in done.stderr and b"FAILED" in done.stdout,
          f"pl-doctor without rights: {done.returncode} {done.stderr!r}")


# --- beside pl-doctor ----------------------------------------------------------------


def refused(here, args):
    """A place where nothing can be is told before anything is asked; and a run that cannot be leaves no file."""
    for path, says in ((f"{here}/no/x.pcap", b"No such file"), (here, b"is there already"), (SHORT + "/x", b"Not a directory")):
        done = run("pl-doctor", "--capture", path, *args, want=2)
        check(says in done.stderr and len(done.stderr.splitlines()) == 1 and not done.stdout, f"--capture {path}: {done}")
    for more in (("--ca-file", f"{here}/none"), ("--save", f"{here}/no/case"), ("--view", "x")):
        path = f"{here}/refused.pcap"
        run("pl-doctor", "--capture", path, *more, *args, want=2)
        check(not os.path.exists(path), f"{more[0]}: a file is left")


def beside_doctor(here):
    path, server = f"{here}/d.pcap", e2e.NameServer(lambda packet, *_: e2e.reply(packet, e2e.NXDOMAIN))
    args = ("--view", server.view, "--timeout", "0.3", "--deadline", "2", "--no-public", SHORT)
    plain = run("pl-doctor", "--json", *args, want=1)
    done = run("pl-doctor", "--json", "--capture", path, *args, want=1)
    check(b"written, none lost" in done.stderr and not plain.stderr, f"doctor: {done.stderr!r}")
    check(e2e.parse(done.stdout)["verdict"] == e2e.parse(plain.stdout)["verdict"], "recording changes the verdict")
    read(path)
    done = run("pl-doctor", "--capture", path, *args, want=2)
    check(b"is there already" in done.stderr and not done.stdout, f"a second time: {done.stderr!r}")
    run("pl-doctor", "--capture", "-", *args, want=2)
    refused(here, args)
    run("pl-doctor", "--from", path, "--capture", path, want=2)
    run("pl-doctor", "-q", "--capture", f"{here}/q.pcap", *args, want=1)
    # the recorder ends when whoever holds the leash does
    leashed = subprocess.Popen([e2e.tool("pl-capture"), "record", "--leashed", "-w", f"{here}/l.pcap"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check(leashed.stdout.readline() == b"recording\n", "it does not say that it has begun")
    leashed.send_signal(signal.SIGINT)  # a terminal's ^C goes to both
    udp(b"after ^C")
    leashed.stdin.close()
    leashed.stdin = None
    leashed.communicate(timeout=e2e.LIMIT_S)
    check(leashed.returncode == 0, f"leashed: exit {leashed.returncode}")
    check(b"after ^C" in open(f"{here}/l.pcap", "rb").read(), "^C ends a leashed recording")


def main():
    with e2e.folder() as here, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
        sink.bind((LO, 53))  # nobody there would be answered by ICMP
        for part in (words, files, takes, beside_tcpdump, ends, ring, full_disk, no_rights, beside_doctor):
            part(here)
            if wrong:
                wrong.append(f"in {part.__name__}")
                break
    e2e.finish("recordings are whole, ours and nobody else's")


main()

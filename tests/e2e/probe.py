#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-probe and pl-listen on loopback: what people type, every face, exit
statuses, both ends, and what a stranger may say."""
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, lines_of, run, write, wrong  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
LO = "127.0.0.1"
WORDS = (
    ("127.0.0.1:", "ports behind the colon"),
    ("127.0.0.1:0", "1-65535"),
    ("127.0.0.1:65536", "1-65535"),
    ("127.0.0.1:9-8", "1-65535"),
    ("127.0.0.1:1,,2", "1-65535"),
    ("127.0.0.1:a", "1-65535"),
    ("127.0.0.1:5831/sctp", "/udp"),
    ("127.0.0.1:5831/", "/udp"),
    ("[::1", "[ADDRESS]:PORTS"),
    ("[::1]443", "[ADDRESS]:PORTS"),
    ("a..b:443", "a..b"),
    ("https://", "empty"),
    ("https://127.0.0.1:x/", "1-65535"),
    ("\x1b[31m:443", "\\x1b"),
)


@contextlib.contextmanager
def listener(family=socket.AF_INET, address=LO):
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.bind((address, 0))
        s.listen(64)
        yield s.getsockname()[1]


def closed_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind((LO, 0))
        return s.getsockname()[1]


def bad_words():
    for word, says in WORDS:
        done = run("pl-probe", word, want=2)
        err = lines_of(done.stderr)
        check(len(err) == 1 and says in err[0], f"{word!r}: {err}")
        check(not done.stdout, f"{word!r}: results")
    ranges = ",".join(str(n) for n in range(1, 1100))
    check(b"1024" in run("pl-probe", f"{LO}:{ranges}", want=2).stderr, "no limit of ranges")
    for args in (("--tls", "--udp"), ("--peer", "--http"), ("--peer", "--tls"), ("--source", "x"), ("--address", "x"),
                 ("--workspace-id", e2e.GUID), ("--interval", "0")):
        run("pl-probe", "a.example:1", *args, want=2)
    run("pl-probe", e2e.SHORT, "a.example", want=2)
    run("pl-probe", e2e.SHORT, "--address", LO, want=2)


def faces():
    dead = closed_port()
    with listener() as port:
        both = f"{LO}:{port},{dead}"
        text = run("pl-probe", both, want=1).stdout.decode()
        check(re.search(rf"{port} open .*{dead} refused", text, re.S) or
              re.search(rf"{dead} refused.*{port} open", text, re.S), text)
        check("1 of 2 required ports are open" in text, text)
        facts = formats.lines(run("pl-probe", both, "--format", "jsonl", want=1).stdout, "fact", "jsonl")
        tcp = {f["port"]: f for f in facts if f["probe"] == "tcp"}
        check(tcp[port]["status"] == "open" and tcp[dead]["errno"] == "ECONNREFUSED", f"facts {tcp}")
        for fact in e2e.parse(run("pl-probe", both, "--json", want=1).stdout):
            formats.fits(fact, "fact", "json")
        junit = run("pl-probe", both, "--format", "junit", want=1).stdout.decode()
        check('tests="2" failures="1" errors="0"' in junit and 'message="refused"' in junit, junit)
        # The same host twice is one host; a range is its ports.
        text = run("pl-probe", f"{LO}:{port}", f"{LO}:{port}-{port}", want=0).stdout.decode()
        check("1 of 1" in text, text)
        # An address from the browser is its host, with its port.
        for url in (f"http://{LO}:{port}/a/b:1?c=http://x/", f"https://user:secret@localhost:{port}#x"):
            done = run("pl-probe", url, "--tcp", want=0)
            check(b"1 of 1" in done.stdout and b"secret" not in done.stdout + done.stderr, f"{url}: {done}")
        run("pl-probe", f"{LO}:{port}", "--interface", "lo", "--source", LO, want=0)
        run("pl-probe", f"{LO}:{port}", "--interface", "nosuch0", want=3)
        run("pl-probe", f"{LO}:{port}", "--source", "::1", want=3)
        run("pl-probe", f"[::1]:{port}", want=1)
        run("pl-probe", f"localhost:{port}", want=0)
    with listener(socket.AF_INET6, "::1") as port:
        run("pl-probe", f"[::1]:{port}", want=0)
    run("pl-probe", "nosuch.invalid:443", want=1)


def many():
    """Ranges are joined on the page; the numbers of many rounds are there."""
    with listener() as port:
        low, high = max(1, port - 100), min(65535, port + 100)
        text = run("pl-probe", f"{LO}:{low}-{high}", want=1).stdout.decode()
        check(re.search(rf"{low}-\d+ refused", text) and len(text.splitlines()) < 40, text)
        text = run("pl-probe", f"{LO}:{port}", "-c", "5", "--interval", "0.01", want=0).stdout.decode()
        check("5 of 5 open, 0.0 % lost" in text and re.search(r"min [\d.]+ +avg", text), text)
        for twice in ((f"{LO}:{port},{port}",), (f"{LO}:{port}", f"{LO}:{port}-{port},{port}"),
                      (f"localhost:{port}", f"LocalHost.:{port}", "--address", LO, "--address", LO)):
            done = run("pl-probe", *twice, "--format", "jsonl", want=0)
            tcp = [f for f in formats.lines(done.stdout, "fact", "twice") if f["probe"] == "tcp"]
            check(len(tcp) == 1, f"{twice}: tried {len(tcp)} times")
        facts = formats.lines(run("pl-probe", f"{LO}:{port}", "-c", "5", "--interval", "0.01", "--format", "jsonl",
                                  want=0).stdout, "fact", "rounds")
        check(sum(f["probe"] == "tcp" for f in facts) == 5, "not five rounds")
    # Who refuses answers: nothing of that is lost.
    dead = closed_port()
    for word, says in ((f"{LO}:{dead}", "0 of 3 open, 3 refused, 0.0 % lost"),
                       (f"{LO}:{dead}/udp", "0 of 3 answered, 3 closed, 0.0 % silent")):
        text = run("pl-probe", word, "-c", "3", "--interval", "0.01", want=1).stdout.decode()
        check(says in text, text)
    with listener() as port:
        text = run("pl-probe", f"{LO}:{port}", "--tls", "-c", "2", "--interval", "0.5", "--timeout", "0.2",
                   want=1).stdout.decode()
        check("2 of 2 open, 0.0 % lost, TLS failed in 2" in text, text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((LO, 0))
        text = run("pl-probe", f"{LO}:{s.getsockname()[1]}/udp", "-c", "2", "--interval", "0.01", "--timeout", "0.1",
                   want=3).stdout.decode()
        check("0 of 2 answered, 100.0 % silent" in text, text)


class Listen:
    """pl-listen on free ports; what it says comes line by line."""

    def __init__(self, *args):
        self.process = subprocess.Popen([e2e.tool("pl-listen"), *args], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.said = b""
        while b"listening on" not in self.said:
            line = self.process.stderr.readline()
            if not line:
                break
            self.said += line

    def end(self, want):
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=e2e.LIMIT_S)
        self.said += err
        check(self.process.returncode == want, f"pl-listen: exit {self.process.returncode}, not {want}: {err!r}")
        return out


def strangers(port):
    """Nothing that anybody says harms it; it goes on to answer."""
    for text in (b"", b"\n", b"GET / HTTP/1.1\r\n\r\n", b"\0" * 1000, b"pldiag-probe/1 x\n", b"x" * 100000):
        with socket.create_connection((LO, port)) as s:
            with contextlib.suppress(OSError):
                s.sendall(text)
                s.shutdown(socket.SHUT_WR)
                s.settimeout(e2e.LIMIT_S)
                check(not s.recv(100), f"it answers {text[:20]!r}")


def crowd(port):
    """More than it takes at a time: some are turned away, none for ever."""
    held = [socket.create_connection((LO, port)) for _ in range(100)]
    threads = [threading.Thread(target=s.recv, args=(1,), daemon=True) for s in held]
    for t in threads:
        t.start()
    for t in threads:
        t.join(e2e.LIMIT_S)
        check(not t.is_alive(), "a client is held for ever")
    for s in held:
        s.close()


def both_ends(here):
    port = closed_port()
    client, node = f"{here}/client.jsonl", f"{here}/node.jsonl"
    listen = Listen("--ports", str(port), "--address", LO, "--format", "jsonl", "--save", node)
    with open(f"/proc/{listen.process.pid}/status", encoding="ascii") as status:
        rights = dict(line.split(":", 1) for line in status if ":" in line)
    check(int(rights["CapEff"], 16) == 0 and int(rights["CapPrm"], 16) == 0, "it keeps capabilities")
    check(rights["NoNewPrivs"].strip() == "1", "it may gain rights")
    run("pl-probe", f"{LO}:{port}", "--peer", "--save", client, want=0)
    strangers(port)
    crowd(port)
    facts = formats.lines(listen.end(128 + signal.SIGINT), "fact", "pl-listen")
    formats.case(client, "client")
    formats.case(node, "node")
    tcp = [f for f in formats.lines(open(client, "rb").read(), "case", "client") if f.get("probe") == "tcp"]
    check(tcp[0].get("peer") == "met", f"peer {tcp}")
    check(any(f.get("nonce") == tcp[0]["nonce"] for f in facts if f["status"] == "accepted"),
          "the two ends have different numbers")
    ended = [f for f in facts if f["status"] == "listened" and f["seen_by"] == "socket"]
    check(ended and ended[0]["came"] >= 107 and ended[0].get("dropped", 0) > 0, f"listened: {ended}")
    report = formats.report(run("pl-doctor", "--json", "--from", client, "--from", node, want=(0, 1, 3)).stdout, "both")
    check(report and not [f for f in report["findings"] if f["code"].startswith("port.")
                          and f["severity"] == "error"], "somebody is blamed")


def datagrams(here):
    """Both ends over UDP, beside TCP on the same port; a stranger gets nothing; what nobody answers is not claimed."""
    port, dead = closed_port(socket.SOCK_DGRAM), closed_port(socket.SOCK_DGRAM)
    client, node = f"{here}/udp-client.jsonl", f"{here}/udp-node.jsonl"
    listen = Listen("--ports", f"{port}/udp", "--address", LO, "--format", "jsonl", "--save", node)
    text = run("pl-probe", f"{LO}:{port}/udp,{dead}/udp", "--peer", "--save", client, want=1).stdout.decode()
    check(re.search(rf"{port}/udp reply", text) and re.search(rf"{dead}/udp closed", text), text)
    run("pl-probe", f"{LO}:{port}", "--udp", want=0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect((LO, port))
        for what in (b"", b"\n", b"\0" * 1000, b"pldiag-probe/1 " + b"a" * 32 + b"\n", b"x" * 60000):
            s.send(what)
        run("pl-probe", f"{LO}:{port}/udp", "--peer", want=0)  # all before it was read
        s.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            check(False, f"a stranger is answered: {s.recv(100)!r}")
    facts = formats.lines(listen.end(128 + signal.SIGINT), "fact", "pl-listen")
    formats.case(client, "client")
    formats.case(node, "node")
    udp = [f for f in formats.lines(open(client, "rb").read(), "case", "client") if f.get("probe") == "udp"]
    met = [f for f in udp if f.get("peer") == "met"]
    check(len(met) == 1 and any(f.get("nonce") == met[0]["nonce"] and f["protocol"] == "udp" for f in facts), f"{udp}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((LO, 0))
        run("pl-probe", f"{LO}:{s.getsockname()[1]}/udp", "--peer", "--timeout", "0.2", want=3)
    for ports in ("5831/udp,5831/udp", "5831/sctp", "/udp"):
        run("pl-listen", "--ports", ports, want=2)


def watched(port):
    """A program has the port: who comes is seen all the same, where that is allowed."""
    if os.geteuid() != 0:
        return
    listen = Listen("--ports", str(port), "--address", LO)
    check(b"listening on 0 of 1" in listen.said and b"seen by the capture" in listen.said, f"taken: {listen.said!r}")
    run("pl-probe", f"{LO}:{port}", want=0)
    out = listen.end(128 + signal.SIGINT).decode()
    check("seen, and answered" in out and "somebody came" in out, f"taken, and watched: {out}")


def privileged():
    """A port that takes a right says which; nobody else's ports are told to be locked."""
    if os.geteuid() != 0:
        return
    try:
        done = run("pl-listen", "--ports", "80", "--address", LO, "--capture", "never", want=2, user=65534, group=65534,
                   extra_groups=())
    except OSError as error:
        print(f"left out, nobody cannot run the tools: {error}")
        return
    check(b"Permission denied" in done.stderr and b"setcap cap_net_bind_service" in done.stderr and b"sudo" in done.stderr,
          f"port 80: {done.stderr!r}")


def other_listeners(here):
    with listener() as port:
        done = run("pl-listen", "--ports", str(port), "--address", LO, "--for", "0.1", "--capture", "never", want=2)
        check(b"in use" in done.stderr and f"sudo ss -ltnp 'sport = :{port}'".encode() in done.stderr,
              f"taken: {done.stderr!r}")
        watched(port)
    # Nothing to listen on: it ends, although it could capture and has no --for.
    kept, port = f"{here}/kept.jsonl", closed_port()
    done = run("pl-listen", "--ports", str(port), "--address", "192.0.2.1", "--save", kept, "--json", want=2)
    check(isinstance(e2e.parse(done.stdout), list), f"no such address: {done.stdout!r}")
    check(not os.path.exists(kept), "a file is left of a run that was refused")
    check(b"does not have that address" in done.stderr, f"no such address: {done.stderr!r}")
    both = run("pl-listen", "--ports", str(port), "--address", LO, "--address", "192.0.2.1", "--for", "0.1",
               "--capture", "never", want=3)
    check(b"nobody came" in both.stdout and b"listening on 1 port" in both.stderr, f"one of two: {both}")
    privileged()
    for name in (here, f"{here}/no/kept.jsonl"):
        done = run("pl-listen", "--ports", str(port), "--address", LO, "--save", name, want=2)
        check(name.encode() in done.stderr, f"--save {name}: {done.stderr!r}")
    out = run("pl-listen", "--ports", str(port), "--address", LO, "--for", "0.1", "--capture", "never",
              want=1).stdout.decode()
    check("nobody came" in out, out)
    for args in (("--ports", "0"), ("--ports", "5,5"), ("--ports", "1-2000"), ("--ports", "5", "--address", "x"),
                 ("--ports", "5", "x")):
        run("pl-listen", *args, want=2)
    if os.geteuid() == 0:
        run("pl-listen", "--ports", str(port), "--for", "0.1", "-o", f"{here}/out", want=2)
    link = f"{here}/link"
    os.symlink(write(f"{here}/victim", "mine"), link)
    run("pl-listen", "--ports", str(port), "--for", "0.1", "--save", link, want=2)
    check(open(f"{here}/victim", encoding="ascii").read() == "mine", "a link was followed")
    os.mkfifo(f"{here}/pipe")  # nobody reads it: not waited for
    for name in (link, f"{here}/pipe"):
        done = run("pl-listen", "--ports", str(port), "--for", "0.1", "--save", name, want=2)
        check(b"expected a regular file or none" in done.stderr, f"{name}: {done.stderr!r}")


def a_crowd():
    """More than it takes at a time are turned away, and that is told."""
    port = closed_port()
    listen = Listen("--ports", str(port), "--address", LO, "--capture", "never")
    crowd = [socket.create_connection((LO, port), e2e.LIMIT_S) for _ in range(80)]
    check(crowd[-1].recv(1) == b"", "the last of a crowd is heard")
    for one in crowd:
        one.close()
    listen.end(128 + signal.SIGINT)
    check(b"turned away, too many at once" in listen.said, f"a crowd: {listen.said!r}")


def main():
    bad_words()
    faces()
    many()
    a_crowd()
    with e2e.folder() as here:
        os.chmod(here, 0o755)
        both_ends(here)
        datagrams(here)
        other_listeners(here)
    e2e.finish("ports are tried and watched as they should be")


if __name__ == "__main__":
    del wrong
    main()

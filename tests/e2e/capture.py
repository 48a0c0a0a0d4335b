#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-capture with files as they come: whole, broken off, of the wrong kind, of
one direction, from a pipe; and what it keeps is judged the same again."""
import json
import os
import re
import resource
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run  # noqa: E402

formats = e2e.Formats()
CAPTURES = os.path.join(os.environ["PLDIAG_SOURCE"], "tests/data/captures")


def path(name):
    return os.path.join(CAPTURES, name)


def analyze(*args, want, face="json", **more):
    return run("pl-capture", "analyze", *args, "--format", face, want=want, **more)


def verdict(data, what):
    return formats.report(data, what)


def findings(report):
    return sorted((f["code"], f["severity"], f.get("targets")) for f in report["findings"])


# every file and format fits its schema, and --from judges what was kept alike
with e2e.folder() as here:
    for name, status in (("dns.pcap", 1), ("tls.pcap", 3), ("tcp.pcap", 3), ("connect.pcap", 1), ("ip.pcap", 3),
                         ("mixed.pcap", 1), ("link-cooked2.pcap", 1)):
        kept = os.path.join(here, name + ".jsonl")
        first = verdict(analyze(path(name), "--save", kept, want=status).stdout, name)
        formats.case(kept, name)
        again = verdict(run("pl-doctor", "--from", kept, "--json", want=status).stdout, name)
        check(findings(first) == findings(again), f"{name}: judged otherwise when it was kept")
        check(first["verdict"] == again["verdict"], f"{name}: another verdict when it was kept")
        for face in ("text", "jsonl", "junit", "openmetrics"):
            analyze(path(name), face=face, want=status)

# blames nobody
for name in ("tcp-late.pcap", "tcp-client-only.pcap", "tcp-server-only.pcap", "dns-one-way.pcap", "dns-snap.pcap"):
    done = analyze(path(name), want=3)
    report = verdict(done.stdout, name)
    bad = [f for f in report["findings"] if f["severity"] != "info"]
    check(not bad and report["verdict"] == "unknown", f"{name}: blames somebody: {bad}")
    check(b"not seen: " in done.stderr, f"{name}: does not say what it could not see")

# what a broken file has is judged, and told
done = analyze(path("broken.pcap"), want=1)
check(b"breaks off after 106 packets" in done.stderr, "a broken file is not told")
with e2e.folder() as here:
    with open(path("link-ethernet.pcap"), "rb") as f:
        whole = f.read()
    cut = os.path.join(here, "cut.pcap")
    with open(cut, "wb") as f:
        f.write(whole[:-30])
    check(b"breaks off" in analyze(cut, want=3).stderr, "a cut file passes as a whole one")

# no capture at all
for args, text in (((path("make.py"),), b"expected a pcap or pcapng file"), ((path("link-other.pcap"),), b"link type 105"),
                   ((path("nosuch"),), b"No such file"), ((path("dns.pcap"), "--client", "me"), b"expected an address")):
    check(text in analyze(*args, want=2).stderr, f"{args}: does not say {text!r}")

# names that do not matter are not "no questions"
done = analyze(path("dns.pcap"), "--inventory", os.path.join(os.environ["PLDIAG_SOURCE"], "tests/lab/data/node.json"), want=3)
check(b"all DNS questions here (13) are for names that do not matter" in done.stderr, f"other names: {done.stderr!r}")

# a pipe, several files, one machine of many
with open(path("dns.pcap"), "rb") as f:
    piped = verdict(analyze("-", want=1, stdin=f.read()).stdout, "a pipe")
check(findings(piped) == findings(verdict(analyze(path("dns.pcap"), want=1).stdout, "the file")),
      "a pipe is judged otherwise than the file")
analyze(path("link-ethernet.pcap"), path("link-raw.pcap"), want=1)

# Wi-Fi and a VPN's adapter, as Wireshark keeps both in one file; a link that is not read is told
done = analyze(path("two-links.pcapng"), want=1)
check({f["probe"] for f in verdict(done.stdout, "two links")["facts"]} == {"dns", "tcp"}, "one of two interfaces is not read")
check(b"breaks off" not in done.stderr, "two links are taken for a broken file")
check(b"anything that came to" not in done.stderr, "an answer to the last question is not seen")
done = analyze(path("blocks.pcapng"), want=3)
check(b"not read: 1 packet of an interface with link type 105 (IEEE802_11)" in done.stderr, "an interface is left out in silence")
with open(path("two-links.pcapng"), "rb") as f:
    piped = verdict(analyze("-", want=1, stdin=f.read()).stdout, "pcapng through a pipe")
check(findings(piped) == findings(verdict(analyze(path("two-links.pcapng"), want=1).stdout, "the file")),
      "pcapng through a pipe is judged otherwise")

# several pipes, as `analyze <(zcat a.gz) <(zcat b.gz)` gives them, are read but once
with e2e.folder() as here:
    pipes, writers = [os.path.join(here, n) for n in ("one", "two")], []
    for pipe, name in zip(pipes, ("dns.pcap", "two-links.pcapng")):
        os.mkfifo(pipe)
        writers.append(subprocess.Popen(["cp", path(name), pipe]))
    both = verdict(analyze(*pipes, want=1).stdout, "two pipes")
    check(len(both["facts"]) > len(piped["facts"]), "of two pipes one is read")
    for writer in writers:
        check(writer.wait() == 0, "a pipe is not read to its end")


# what is larger than a buffer is read by a second thread: it is judged as a pipe is, which is read by none, and as far as
# it goes
def record(data):
    return b"\x80\x37\xb1\x6a" + bytes(4) + 2 * len(data).to_bytes(4, "little") + data


with open(path("dns.pcap"), "rb") as f:
    dns = f.read()
BULK = record(bytes(12) + b"\x88\xcc" + bytes(1400))  # LLDP
with e2e.folder() as here:
    large = e2e.write(os.path.join(here, "large.pcap"), dns[:24] + 1000 * BULK + dns[24:])
    with open(large, "rb") as f:
        data = f.read()
    file = analyze(large, want=1)
    check(findings(verdict(file.stdout, "a large file")) == findings(verdict(analyze(path("dns.pcap"), want=1).stdout, "small")),
          "a large file is judged otherwise than a small one")
    check(b"1029 packets" in file.stderr and file.stderr == analyze("-", want=1, stdin=data).stderr, f"a large file is not a pipe: {file.stderr!r}")
    e2e.write(large, data[:1_000_000])
    check(b"breaks off after 699 packets (truncated dump file" in (cut := analyze(large, want=3)).stderr, f"a large file that is cut: {cut.stderr!r}")
    e2e.write(large, data[:900_000 - 900_000 % 1430 + 24] + b"\xff" * 16 + data[-1_000_000:])
    check(b"(invalid packet capture length" in analyze(large, want=3).stderr, "garbage in a large file is not told")

    # nobody else can be made to read: it reads by itself
    e2e.write(large, data)
    alone = shutil.copy(e2e.tool("pl-capture"), here)
    os.chmod(here, 0o755)

    def without_threads():
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
        resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))

    # (the leak checker needs a thread of its own)
    env = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    with open(large, "rb") as f:
        done = subprocess.run([alone, "analyze", "-", "--json"], stdin=f, capture_output=True, check=False, env=env, preexec_fn=without_threads)
    check(done.returncode == 1 and done.stderr == file.stderr, f"without a second thread: {done.returncode} {done.stderr!r}")

# a pipe that stays open is not waited for when it is known what it is
with subprocess.Popen([e2e.tool("pl-capture"), "analyze", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                      stderr=subprocess.PIPE) as child:
    with open(path("link-other.pcap"), "rb") as f:
        child.stdin.write(f.read())
    child.stdin.flush()
    check(child.wait(timeout=60) == 2 and b"link type 105" in child.stderr.read(), "a pipe that stays open is waited for")


def pieces(data, every):
    """The file in pieces of so many packets, each a file."""
    out, at = [], 24
    while at < len(data):
        end = at
        for _ in range(every):
            if end < len(data):
                end += 16 + int.from_bytes(data[end + 8:end + 12], "little")
        out.append(data[:24] + data[at:end])
        at = end
    return out


# a ring that went round: the names say nothing of the order
with e2e.folder() as here:
    with open(path("dns.pcap"), "rb") as f:
        ring = [e2e.write(os.path.join(here, f"{i}.pcap"), data) for i, data in enumerate(pieces(f.read(), 5))]
    check(len(ring) > 3, f"{len(ring)} pieces")
    whole = verdict(analyze(path("dns.pcap"), want=1).stdout, "the whole")
    turned = verdict(analyze(*ring[2:], *ring[:2], want=1).stdout, "a ring")
    check(findings(turned) == findings(whole) and len(turned["facts"]) == len(whole["facts"]),
          "a ring is not read in the order of its packets")
report = verdict(analyze(path("dns.pcap"), "--client", "10.99.99.99", want=3).stdout, "nobody's")
check(not report["facts"], "--client lets others through")



# --- recorded on a node ---------------------------------------------------------------
NODE = ("--node", "10.150.0.20", "--ports", "44224,5831/udp")


def arrivals(data, what):
    facts = json.loads(data)
    for fact in facts:
        formats.fits(fact, "fact", what)
    return facts


def is_watch(fact):
    return fact["status"] == "listened" and fact["seen_by"] == "capture"


done = analyze(path("node.pcap"), *NODE, want=0, face="text")
for line in (rb"0\.000 s  port 44224  from 10\.20\.0\.17:50001  seen, and answered", rb"accepted: pl-probe",
             rb"50002  accepted, and nothing heard", rb"50003  accepted: a TLS hello", rb"50005  accepted: a part of a TLS hello",
             rb"50008  seen, and refused", rb"50009  seen, and not answered by this machine", rb"^port 5831/udp: somebody came$"):
    check(re.search(line, done.stdout, re.M), f"node: does not say {line!r}")
check(b"names that matter" not in done.stderr, "node: speaks of names")
times = [float(line.split()[0]) for line in done.stdout.decode().splitlines() if " s  port " in line]
check(times == sorted(times) and len(times) > 10, "node: not in the order of time")

with e2e.folder() as here:
    kept = os.path.join(here, "node.jsonl")
    whole = arrivals(analyze(path("node.pcap"), *NODE, "--save", kept, want=0).stdout, "node")
    lines = [json.loads(x) for x in analyze(path("node.pcap"), *NODE, want=0, face="jsonl").stdout.splitlines()]
    check(lines == whole, "node: jsonl says something else")
    head, *facts = formats.case(kept, "node", of_node=True)
    check([a["address"] for i in head["machine"]["interfaces"] for a in i["addresses"]] == ["10.150.0.20"], "node: not its address")
    check(len(facts) == len(whole) and head["role"] == "compute", "node: the case is not what was told")
    cut = os.path.join(here, "cut.pcap")
    with open(path("node.pcap"), "rb") as f:
        e2e.write(cut, f.read()[:-5])
    check(b"breaks off" in analyze(cut, *NODE, want=3).stderr, "node: a cut file passes as a whole one")

done = analyze(path("node.pcap"), "--node", "10.150.0.20", "--ports", "29876,44224", want=1)
check(b"port 29876: no packet of it is here" in done.stderr, "node: a port that nobody came to is not told")
done = analyze(path("node.pcap"), "--node", "10.150.0.21", "--ports", "44224", want=3)
check(b"not seen: anything that came to 10.150.0.21" in done.stderr and done.stdout == b"[]\n", "node: another machine is judged")
check(b"not seen: 11 packets were lost by the recorder" in analyze(path("node-lost.pcapng"), *NODE, want=1).stderr, "node: lost")
check(b"port 44224: of 14 that came it is not known of 3 whether" in analyze(path("node.pcap"), *NODE, want=0).stderr,
      "node: what is not told is not counted")
check(b"is not known of" not in analyze(path("node-fast-open.pcap"), *NODE[:3], "44224", want=0).stderr, "node: counts what is told")

# where and when it was recorded
with e2e.folder() as here:
    kept = os.path.join(here, "two.jsonl")
    done = analyze(path("node-client.pcap"), *NODE, "--save", kept, want=3, face="text")
    check(b"not recorded on 10.150.0.20: another machine" in done.stderr and done.stdout == b"", "node: a client's recording is taken for it")
    check(len(formats.case(kept, "a client's", of_node=True)) == 1, "node: a client's recording has facts")
    done = analyze(path("node.pcap"), *NODE, "--node", "10.150.0.21", "--save", kept, want=0)
    check(b"not seen: anything that came to 10.150.0.21" in done.stderr, "node: an address of another interface is not told")
    head = formats.case(kept, "two addresses", of_node=True)[0]
    check([a["address"] for i in head["machine"]["interfaces"] for a in i["addresses"]] == ["10.150.0.20"], "node: has it all the same")
    with open(path("node.pcap"), "rb") as f:
        parts = pieces(f.read(), 8)
    apart = [e2e.write(os.path.join(here, f"{i}.pcap"), parts[i]) for i in (0, 2)]
    watched = [f for f in arrivals(analyze(*apart, *NODE[:3], "44224", want=0).stdout, "two files") if is_watch(f)]
    check(len(watched) == 2 and watched[0]["started_ms"] + watched[0]["took_ms"] < watched[1]["started_ms"],
          f"node: watched between two files: {watched}")
    check(analyze(*apart, *NODE[:3], "44224", want=0, face="text").stdout.count(b"port 44224: somebody came") == 1,
          "node: a port is summed up for each file")
    both = arrivals(analyze(path("node-cut.pcap"), path("node.pcap"), *NODE, want=0).stdout, "files of one time")
    check([f["started_ms"] > 3000 for f in both if is_watch(f)] == [True] * 2, "node: files of one time are not joined")
# others were answered
done = analyze(path("node-listens.pcap"), "--node", "10.150.0.20", "--ports", "44224,5832/udp", want=0, face="text")
check(re.findall(rb"^port (\S+): a program listened from (\S+) to (\S+) s$", done.stdout, re.M) == [(b"44224", b"0.010", b"11.910")],
      f"node: that a program listened is not told, or told of another port: {done.stdout}")
facts = arrivals(analyze(path("node-listens.pcap"), "--node", "10.150.0.20", "--ports", "44224,5831/udp", want=0).stdout, "others are answered")
check([f["address"] for f in facts if f["seen_by"] == "answers"] == ["10.150.0.20"] * 2, "node: no fact of it")
check(not [f for f in facts if f.get("from") == "10.150.0.20"], "node: what it says to itself arrived")
together = arrivals(analyze(path("node.pcap"), path("node-any.pcap"), *NODE, want=0).stdout, "two kinds of link")
check(not [f for f in together if f.get("from") == "10.20.0.99"], "node: of all interfaces only one was recorded, and it is not seen")
dns = arrivals(analyze(path("dns.pcap"), "--node", "10.150.0.53", "--ports", "53/udp", want=0).stdout, "a name server")
check([f for f in dns if f.get("answered") == "reply" and f["port"] == 53], "node: a name server's port is not looked at")
for args, text in ((("--node", "10.150.0.20"), b"expected --ports as well"), (("--node", "fe80::1%eth0", "--ports", "1"), b"expected an address"), (("--ports", "44224"), b"expected --node ADDRESS as well"),
                   (("--node", "me", "--ports", "1"), b"expected an address"), (("--node", "10.150.0.20", "--ports", "0"), b"--ports"),
                   ((*NODE, "--client", "10.20.0.17"), b"no --client"), ((*NODE, "--inventory", "x.json"), b"no --inventory"),
                   (("--node", "10.150.0.20", "--ports", "1-1025"), b"more than 1024 ports")):
    check(text in analyze(path("node.pcap"), *args, want=2).stderr, f"node: {args}: does not say {text!r}")
check(b"html is of verdicts" in analyze(path("node.pcap"), *NODE, want=2, face="html").stderr, "node: a page of no verdict")

e2e.finish("captures are judged as they are")

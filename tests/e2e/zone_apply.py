#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-zone on zone files: what plan shows is what patch(1) makes and what apply
writes; each server's checker takes it; applying twice changes nothing; undo
gives back every byte; what would do harm is refused, in one line."""
import json
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, wrong, write  # noqa: E402
from _terminal import terminal  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
os.environ["PATH"] += ":/usr/local/sbin:/usr/sbin:/sbin"
ZONE = "vault.azure.net"
KV = f"ws1103kv.{ZONE}"
HEAD = (b"$TTL 3600\n@\tIN SOA ns1 hostmaster ( 2026010101 ; serial\n\t\t3600 600 86400 60 )\n"
        b"\tIN NS ns1\nns1\tIN A 192.0.2.1\n")
MANY = b"".join(b"h%d IN A 192.0.2.%d\n" % (n, n) for n in range(20))
OTHER = b"old A 192.0.2.9\nwww CNAME old\n"
STALE = b"ws1103kv A 10.150.0.99 ; mine\n"
ZONES = {
    "plain": HEAD + OTHER,
    "no final newline": HEAD + OTHER[:-1],
    "crlf": (HEAD + OTHER).replace(b"\n", b"\r\n"),
    "comments": b"; Caf\xe9 \xff\n\n" + HEAD + b"\n; end\n\n",
    "stale": HEAD + MANY + STALE,
    "stale crlf": (HEAD + MANY + STALE).replace(b"\n", b"\r\n"),
    "stale in the middle": HEAD + MANY + STALE + b"\tTXT \"a;b\"\n" + OTHER,
    "stale over lines": HEAD + MANY + b"ws1103kv ( IN\n  A 10.150.0.99 )\n",
    "whole names": HEAD + MANY + b"$ORIGIN net.\nWS1103KV.Vault.Azure.net. A 10.150.0.99\n",
}
SERVERS = {"bind": "named-checkzone", "knot": "kzonecheck", "nsd": "nsd-checkzone"}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def inventory(here, **more):
    names = {KV: ["10.150.0.9"], "ws1103sa.blob.core.windows.net": ["10.150.0.8"], **more}
    targets = [{"fqdn": n, "addresses": a} for n, a in names.items()]
    targets.append({"fqdn": f"unknown.{ZONE}"})
    return write(f"{here}/ws.json", json.dumps(
        {"schema": "pldiag.inventory/1", "name": "ws1103", "targets": targets}))


def document(done, command, what):
    try:
        out = e2e.parse(done.stdout)
    except ValueError as error:
        wrong.append(f"{what}: {error} in {done.stdout[:200]!r}")
        return {}
    formats.fits(out, "zone", what)
    check(out.get("command") == command, f"{what}: command {out.get('command')}")
    return out


class Zone:
    """One zone file, its state folder, and the commands on it."""

    def __init__(self, here, data, server="bind", inv=None, origin=ZONE):
        self.here, self.path, self.state = here, f"{here}/zone", f"{here}/state"
        self.server, self.origin = server, origin
        self.inv = inv or inventory(here)
        shutil.rmtree(self.state, ignore_errors=True)
        write(self.path, data)

    def words(self, command, *args):
        words = [command, "--file", self.path]
        if command != "plan":
            words += ["--state", self.state]
        if command in ("plan", "apply"):
            words += [self.inv, "--for", self.server]
            words += ["--origin", self.origin] if self.origin else []
        return [*words, *args]

    def run(self, command, *args, want=0, **more):
        return run("pl-zone", *self.words(command, *args), want=want, **more)

    def doc(self, command, *args, want=0):
        done = self.run(command, *args, "--json", want=want)
        return document(done, command, f"{command} {e2e.words(args)}")

    def apply(self, *args, want=0):
        return self.run("apply", "--yes", *args, want=want)


def patched(z, diff, what):
    """What patch(1) makes of it."""
    out = z.path + ".patched"
    done = subprocess.run(["patch", "--binary", "-s", "-o", out, z.path], input=diff,
                          capture_output=True, check=False)
    check(done.returncode == 0, f"{what}: patch says {done.stdout + done.stderr!r}")
    return read(out) if os.path.exists(out) else None


def says(done, *words):
    """In the last lines of what it says: these words."""
    last = " ".join(done.stderr.decode("utf-8", "replace").splitlines()[-4:])
    for word in words:
        check(word in last, f'not "{word}" in {last[-500:]}')


def untouched(z, data, what):
    check(read(z.path) == data, f"{what}: written all the same")


# --- every kind of file --------------------------------------------------------------


def every_kind(here):
    for server in SERVERS:
        for what, data in ZONES.items():
            one_kind(Zone(here, data, server), data, f"{server}: {what}")


def one_kind(z, data, what):
    os.chmod(z.path, 0o640)
    plan = z.run("plan")
    z.run("plan", "--check", want=1)
    check(read(z.path) == data, f"{what}: plan writes")
    wanted = patched(z, plan.stdout, what)
    doc = z.doc("apply", "--yes")
    now = read(z.path)
    # Knot's scanner takes no CR at the end of a line, in the old text either.
    result = "useless" if z.server == "knot" and b"\r" in data else "good"
    check(doc.get("outcome") == "written" and doc["check"] == {"by": SERVERS[z.server], "result": result},
          f"{what}: {doc.get('outcome')} {doc.get('check')} {doc.get('error')}")
    check(now == wanted, f"{what}: apply and patch differ")
    check(os.stat(z.path).st_mode & 0o777 == 0o640, f"{what}: mode changed")
    check(doc.get("serial") == {"old": 2026010101, "new": 2026010102}, f"{what}: {doc.get('serial')}")
    kept = [line for line in data.splitlines() if b"1103kv" not in line.lower() and b"serial" not in line]
    check(all(line in now for line in kept), f"{what}: a line is lost")
    compiled(z, what)
    z.run("plan", "--check", want=0)
    check(not z.run("plan").stdout, f"{what}: a plan for nothing")
    check(z.doc("apply", "--yes").get("outcome") == "nothing-to-do", f"{what}: applied twice")
    check(read(z.path) == now, f"{what}: the second apply writes")
    z.run("undo", "--yes")
    check(read(z.path) == data, f"{what}: undo gives other bytes")
    changes = z.doc("history").get("changes", [])
    check([c["kind"] for c in changes] == ["apply", "undo"], f"{what}: history {changes}")
    check(b"pl-zone apply" in z.run("history").stdout, f"{what}: history text")


def compiled(z, what):
    """The server's own reading: the one address, and all that was there."""
    done = subprocess.run(["named-compilezone", "-i", "local", "-f", "text", "-o", "-", ZONE, z.path],
                          capture_output=True, text=True, check=False)
    mine = [line.split() for line in done.stdout.splitlines() if line.lower().startswith(KV)]
    found = [r[4] for r in mine if r[3] in ("A", "AAAA")]
    check(found == ["10.150.0.9"], f"{what}: {found} {done.stderr}")


# --- which names, which zone -----------------------------------------------------------


def which_names(here):
    data = b"$ORIGIN privatelink.vaultcore.azure.net.\n" + HEAD
    z = Zone(here, data, origin="privatelink.vaultcore.azure.net")
    doc = z.doc("plan")
    check([n["owner"] for n in doc.get("names", [])] == ["ws1103kv.privatelink.vaultcore.azure.net"],
          f"privatelink: {doc.get('names')}")
    left = {n["name"]: n["why"] for n in doc.get("left_out", [])}
    check("not in the zone" in left["ws1103sa.blob.core.windows.net"], "a name outside is not told")
    check("no address" in left[f"unknown.{ZONE}"], "a name without an address is not told")
    z.run("plan", "--strict", want=1)
    # The file says it itself.
    z.origin = None
    check(z.doc("plan").get("origin") == "privatelink.vaultcore.azure.net", "$ORIGIN is not seen")
    z = Zone(here, HEAD.replace(b"@\t", ZONE.encode() + b".\t"), origin=None)
    check(z.doc("plan").get("origin") == ZONE, "the owner of the SOA record is not seen")
    z = Zone(here, HEAD, origin=None)
    says(z.run("plan", want=2), "--origin ZONE")
    z.origin = "Vault.Azure.NET."
    check(z.doc("plan").get("origin") == ZONE, "--origin is not made normal")


def serials(here):
    z = Zone(here, HEAD)
    for how, least in (("increment", 2026010102), ("date", 2026010102), ("unixtime", 2026010102)):
        new = z.doc("plan", "--serial", how)["serial"]["new"]
        check(new >= least if how == "date" else new == least, f"--serial {how}: {new}")
    check(z.doc("plan", "--serial", "keep")["serial"]["new"] == 2026010101, "--serial keep")
    z = Zone(here, HEAD.replace(b"2026010101", b"7"))
    check(z.doc("plan", "--serial", "unixtime")["serial"]["new"] > 1700000000, "--serial unixtime")


def options(here):
    z = Zone(here, HEAD)
    check(b"\t300\tIN\tA\t" in z.run("plan", "--ttl", "300").stdout, "--ttl")
    check(b"; pldiag: mine" in z.run("plan", "--block", "mine").stdout, "--block")
    for args in (["--block", "a b"], ["--ttl", "5"], ["--to", "10.0.0.1"], ["--serial", "never"],
                 ["--include-dir", f"{here}/none"], ["--origin", "a..b"]):
        done = z.run("plan", *args, want=2)
        check(done.stderr and not done.stdout, f"{args}: no message, or output all the same")


def refusals(here):
    z = Zone(here, HEAD)
    for server, word in (("hosts", "pl-hosts"), ("windows", "render"), ("azure-cli", "render"),
                         ("unbound", "configuration"), ("dnsmasq", "configuration")):
        z.server = server
        says(z.run("plan", want=2), word)
    z = Zone(here, HEAD)
    run("pl-zone", "plan", z.inv, "--file", z.path, want=2)
    run("pl-zone", "plan", z.inv, "--for", "bind", want=2)
    run("pl-zone", "plan", "--for", "bind", "--file", z.path, want=2)
    run("pl-zone", "plan", z.inv, "--for", "bind", "--file", "-", want=2)
    run("pl-zone", "undo", want=2)
    run("pl-zone", "undo", "--file", z.path, "--state", z.state, "--yes", want=2)
    says(z.apply("--no-check", "--check-with", "true", want=2), "--check-with")
    z.origin = "azurecr.io"
    says(z.run("plan", want=2), "no name with a known address")
    z = Zone(here, HEAD)
    os.unlink(z.path)
    says(z.run("plan", want=2), "no such file")
    z.inv = f"{here}/none.json"
    z.run("plan", want=2)
    for text, word in ((b"ws1103kv CNAME x\n", "CNAME"), (b"ws1103kv NS x\n", "NS"),
                       (b"@ DNAME x.\n", "DNAME"), (b"a ( b\n", "zone:6:3:")):
        z = Zone(here, HEAD + text)
        says(z.run("plan", want=2), word)
        doc = z.doc("apply", "--yes", want=2)
        check(doc.get("outcome") == "failed" and word in doc.get("error", ""), f"{word}: {doc}")
        untouched(z, HEAD + text, word)


def too_much(here):
    data = b"@ SOA ns. a. 1 2 3 4 5\n NS ns.\n" + STALE
    z = Zone(here, data)
    doc = z.doc("apply", "--yes", want=4)
    check(doc.get("outcome") == "refused" and doc["files"][0]["foreign"] == {"entries": 3, "changed": 1},
          f"a third: {doc}")
    says(z.apply(want=4), "1 of 3", "--force")
    untouched(z, data, "a third")
    z.apply("--force")
    z.run("undo", "--yes")
    untouched(z, data, "undo")


# --- included files ----------------------------------------------------------------------


def includes(here):
    os.makedirs(f"{here}/sub", exist_ok=True)
    main = HEAD + b"$INCLUDE sub/one\n"
    z = Zone(here, main)
    one = write(f"{here}/sub/one", MANY + b"$INCLUDE sub/two " + ZONE.encode() + b".\n")
    two = write(f"{here}/sub/two", MANY.replace(b"h", b"k") + STALE)
    texts = [read(one), read(two)]
    done = z.run("plan", want=2)
    says(done, "sub/two:21", "--includes")
    doc = z.doc("plan", "--includes")
    check([f["file"] for f in doc.get("files", [])] == [z.path, one, two], f"includes: {doc.get('files')}")
    diff = z.run("plan", "--includes").stdout
    check(diff.count(b"\n+++ ") + diff.startswith(b"+++") == 2, "includes: not two files in the difference")
    wanted = subprocess.run(["patch", "--binary", "-p0", "-o", "-", two], input=diff[diff.rindex(b"--- "):],
                            capture_output=True, check=False, cwd=here).stdout
    done = z.doc("apply", "--includes", "--yes")
    check(done.get("outcome") == "written" and done["check"]["result"] == "good", f"includes: {done}")
    check([f.get("change") for f in done.get("files", [])] == [1, None, 1], "includes: changes")
    check(read(two) == wanted and b"off ws1103: " + STALE in read(two), "includes: not as planned")
    check(b"2026010102" in read(z.path), "includes: the serial stays")
    z.run("plan", "--check")  # and without --includes, it is right as it is
    z.run("plan", "--check", "--includes")
    text = z.run("apply", "--includes", "--yes").stdout
    check(b"nothing to change" in text, "includes: applied twice")
    for path in (z.path, two):
        run("pl-zone", "undo", "--yes", "--file", path, "--state", z.state, want=0)
    check([read(p) for p in (z.path, one, two)] == [main, *texts], "includes: undo")
    included_elsewhere(here, z, main)


def included_elsewhere(here, z, main):
    os.makedirs(f"{here}/far/sub", exist_ok=True)
    shutil.move(f"{here}/sub/one", f"{here}/far/sub/one")
    says(z.run("plan", want=2), "$INCLUDE sub/one", "--include-dir")
    shutil.move(f"{here}/sub/two", f"{here}/far/sub/two")
    z.run("plan", "--includes", "--include-dir", f"{here}/far")
    z.apply("--includes", "--include-dir", f"{here}/far/")
    # One that cannot be written: the other is taken back.
    z.run("undo", "--yes")
    untouched(z, main, "include-dir")
    os.unlink(f"{here}/far/sub/two")
    os.mkfifo(f"{here}/far/sub/two")
    says(z.run("plan", "--include-dir", f"{here}/far", want=2), "no regular file")
    os.unlink(f"{here}/far/sub/two")
    os.symlink(z.path, f"{here}/far/sub/two")
    says(z.run("plan", "--include-dir", f"{here}/far", want=2), "includes itself")


def many_includes(here):
    z = Zone(here, HEAD + b"".join(b"$INCLUDE i%d\n" % n for n in range(65)))
    for n in range(65):
        write(f"{here}/i{n}", b"")
    says(z.run("plan", want=2), "at most 64")
    z = Zone(here, HEAD + b"".join(b"$INCLUDE i%d\n" % n for n in range(64)))
    z.run("plan")
    z.apply("--includes")
    z = Zone(here, HEAD + b"$INCLUDE i0\n")
    for n in range(12):
        write(f"{here}/i{n}", b"$INCLUDE i%d\n" % (n + 1))
    says(z.run("plan", want=2), "deep")


def a_later_one_fails(here):
    """The included file is written first; then the zone file cannot be, and it
    is taken back.  Somebody writes to it while we wait at our question."""
    main = HEAD + b"$INCLUDE one\n"
    z = Zone(here, main)
    one = write(f"{here}/one", MANY + STALE)
    words = [e2e.tool("pl-zone"), *z.words("apply", "--includes")]
    with terminal(words) as (process, say, wait_for, drain):
        wait_for(b"[y/N] ")
        write(z.path, main + b"; edited\n")
        say(b"y\n")
        drain()
        check(process.wait(e2e.LIMIT_S) == 4, "a later one fails: not 4")
    untouched(z, main + b"; edited\n", "a later one fails")
    check(read(one) == MANY + STALE, "a later one fails: the first stays")


# --- checkers and reloads -------------------------------------------------------------------


def checkers(here):
    z = Zone(here, HEAD)
    for server, by in SERVERS.items():
        z = Zone(here, HEAD + b"broken A 1.2.3\n", server)
        doc = z.doc("apply", "--yes")
        check(doc.get("check") == {"by": by, "result": "useless"}, f"{server}: a fragment: {doc.get('check')}")
        check(doc.get("outcome") == "written", f"{server}: a fragment: {doc.get('error')}")
    # A text that is fine, and is not any more.
    z = Zone(here, HEAD)
    grep = "! grep -q 'pldiag: ws1103'"
    doc = z.doc("apply", "--yes", "--check-with", grep, want=4)
    check(doc.get("outcome") == "refused" and "refuses the new text" in doc.get("error", ""), f"{doc}")
    untouched(z, HEAD, "refused")
    # Fragment, new complaint; what it says comes out, harmless, with our file's name.
    done = z.apply("--check-with", "f() { cat $1; printf 'x\\033[2J'; exit 1; }; f", want=4)
    check(b"pldiag: ws1103" in done.stderr and b"\x1b" not in done.stderr, "complaints are not told, or raw")
    says(done, "--no-check")
    untouched(z, HEAD, "new complaint")
    done = z.apply("--check-with", "echo {file} at line $(wc -l <{file}) of {zone}; false")
    check(b"as it is" in done.stderr, "useless is not told")
    z.run("undo", "--yes")
    for command, status in (("no-such-program-at-all", 4), ("kill -9 $$; :", 4)):
        z.apply("--check-with", command, want=status)
        untouched(z, HEAD, command)
    check(z.doc("apply", "--yes", "--no-check").get("check") == {"result": "none"}, "--no-check")
    # It sees the zone file's folder and nothing of the new text is left behind.
    z = Zone(here, HEAD)
    marker = f"{here}/seen"
    before = set(os.listdir("/tmp"))
    z.apply("--check-with", f"pwd >{marker}; ls -l {{file}} >>{marker}; test -f {{file}}")
    seen = read(marker).decode().splitlines()
    check(seen[0] == here and seen[1].startswith("-rw-------"), f"the checker sees {seen}")
    left = [n for n in set(os.listdir("/tmp")) - before if n.startswith("pldiag-")]
    check(not left, f"left behind: {left}")


def reloads(here):
    z = Zone(here, HEAD)
    log = f"{here}/log"
    done = z.apply()
    check(b"rndc reload" in done.stdout, "the next step is not told")
    z.run("undo", "--yes", "--reload", f"grep -c 1103 {z.path} >>{log}; true")
    doc = z.doc("apply", "--yes", "--reload", f"grep -c pldiag {z.path} >>{log}")
    check(doc.get("reloaded") is True and doc.get("outcome") == "written", f"reload: {doc}")
    check(read(log) == b"0\n1\n", f"reload came when? {read(log)!r}")
    z.run("undo", "--yes")
    os.unlink(log)
    # It fails: all as before, and the server is told that, too.
    bad = f"grep -c pldiag {z.path} >>{log}; echo 'rndc: \x1b[2Jbad'; exit 3"
    done = z.apply("--reload", bad, want=4)
    check(b"exit status 3" in done.stderr and b"rndc: \\x1b" in done.stderr, "what it says is not told, or raw")
    untouched(z, HEAD, "reload")
    check(read(log) == b"1\n0\n", f"reload came when? {read(log)!r}")
    check(z.doc("apply", "--yes", "--reload", "false", want=4).get("outcome") == "rolled-back", "rolled back")
    z.apply()
    z.run("undo", "--yes", "--reload", "false", want=4)
    untouched(z, HEAD, "undo")


# --- people, rights, disks -------------------------------------------------------------------


def asks(here):
    for reply, want in ((b"n\n", 1), (b"\x04", 1), (b"\x03", 130), (b"y\n", 0)):
        z = Zone(here, HEAD)
        out = f"{here}/out.json"
        with terminal([e2e.tool("pl-zone"), *z.words("apply", "--json")], out) as (process, say, wait_for, drain):
            wait_for(b"[y/N] ")
            say(reply)
            drain()
            status = process.wait(e2e.LIMIT_S)
        check(status in (want, -(want - 128)), f"{reply!r}: exit {status}, not {want}")
        doc = e2e.parse(read(out))
        formats.fits(doc, "zone", f"{reply!r}")
        check(doc.get("outcome") == ("written" if want == 0 else "declined"), f"{reply!r}: {doc.get('outcome')}")
        check((read(z.path) == HEAD) == (want != 0), f"{reply!r}: the file")
    z = Zone(here, HEAD)
    says(z.run("apply", want=2, stdin=b"y\n"), "--yes")
    untouched(z, HEAD, "nobody to ask")
    for number in (signal.SIGTERM, signal.SIGHUP):
        with terminal([e2e.tool("pl-zone"), *z.words("apply")]) as (process, _, wait_for, drain):
            wait_for(b"[y/N] ")
            process.send_signal(number)
            drain()
            check(process.wait(e2e.LIMIT_S) == 128 + number, f"{number.name}")
        untouched(z, HEAD, number.name)


def edited_since(here):
    z = Zone(here, HEAD)
    z.apply()
    write(z.path, read(z.path) + b"added A 192.0.2.77\n")
    edited = read(z.path)
    doc = z.doc("undo", "--yes", want=4)
    check(doc.get("edited_since") is True and "added" in doc.get("diff", ""), f"edited: {doc}")
    untouched(z, edited, "edited")
    z.run("undo", "--yes", "--force")
    untouched(z, HEAD, "--force")


def in_the_way(here):
    z = Zone(here, HEAD)
    script = (
        'mount -t tmpfs -o size=64k none "$1" && cp "$2" "$1/zone" && '
        'head -c 60000 /dev/zero >"$1/full" 2>/dev/null; shift 2; "$@"; status=$?; '
        'cat "$HERE/zone" >"$OUT"; exit $status')
    os.makedirs(f"{here}/disk", exist_ok=True)
    source = write(f"{here}/source", HEAD + b"; " + b"x" * 4000 + b"\n")
    z.path = f"{here}/disk/zone"
    words = [e2e.tool("pl-zone"), *z.words("apply", "--yes")]
    env = {**os.environ, "HERE": f"{here}/disk", "OUT": f"{here}/after"}
    done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", f"{here}/disk", source, *words],
                          capture_output=True, check=False, env=env)
    check(done.returncode == 4, f"a full disk: exit {done.returncode} {done.stderr[-300:]!r}")
    says(done, "space")
    check(read(f"{here}/after") == read(source), "a full disk: the file is another")
    # read-only
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"; shift; "$@"'
    write(z.path, HEAD)
    done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", f"{here}/disk", *words],
                          capture_output=True, check=False)
    check(done.returncode == 4, f"read-only: exit {done.returncode} {done.stderr[-300:]!r}")
    says(done, "Read-only")
    without_rights(here)


def without_rights(here):
    z = Zone(here, HEAD)
    os.chmod(here, 0o755)
    os.chmod(z.inv, 0o644)
    mine = f"{here}/mine"
    os.makedirs(mine, exist_ok=True)
    z.state = f"{mine}/state"
    try:
        os.chown(mine, 65534, 65534)
        done = subprocess.run([e2e.tool("pl-zone"), *z.words("apply", "--yes")], user=65534, group=65534,
                              capture_output=True, check=False, timeout=e2e.LIMIT_S)
    except (PermissionError, OSError):
        return  # the build is in a folder that others may not enter, or only one uid is here
    check(done.returncode == 4, f"without rights: exit {done.returncode} {done.stderr!r}")
    says(done, "sudo")
    untouched(z, HEAD, "without rights")


def main():
    with e2e.folder() as here:
        os.chmod(here, 0o755)
        for test in (every_kind, which_names, serials, options, refusals, too_much, includes,
                     many_includes, a_later_one_fails, checkers, reloads, asks, edited_since, in_the_way):
            test(here)
            for name in os.listdir(here):
                path = f"{here}/{name}"
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    e2e.finish("zone files are changed and given back, every byte")


main()

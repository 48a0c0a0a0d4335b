#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-hosts on files of every odd kind: what plan shows is what patch(1) makes
and what apply writes; applying twice changes nothing; undo gives back every
byte; every document fits its schema."""
import hashlib
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, wrong, write  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
VAULT = "ws1103kv.vault.azure.net"
BLOB = "ws1103sa.blob.core.windows.net"
STALE = b"10.150.0.99 " + VAULT.encode() + b" other.example # mine\n"
MANY = b"".join(b"192.0.2.%d h%d.example\n" % (n, n) for n in range(20))

FILES = {
    "empty": b"",
    "one line": b"127.0.0.1 localhost\n",
    "no final newline": b"127.0.0.1 localhost",
    "crlf": b"127.0.0.1 localhost\r\n# c\r\n::1 localhost\r\n",
    "mixed": b"127.0.0.1 localhost\r\n::1 localhost\n# x\r\n",
    "cr only": b"127.0.0.1 localhost\r::1 localhost\r",
    "bom": b"\xef\xbb\xbf127.0.0.1 localhost\n",
    "latin-1": b"127.0.0.1 localhost # Caf\xe9\n\xff\xfe\n",
    "nul": b"127.0.0.1 localhost\n\0\0\n10.0.0.1 a\0b\n",
    "long line": b"# " + b"x" * (1 << 20) + b"\n127.0.0.1 localhost\n",
    "tabs and comments": b"#\ttop\n\n\n127.0.0.1\t\tlocalhost\t# c\n\n",
    "no last but blanks": b"127.0.0.1 localhost\n   \t",
    "stale": MANY + STALE + b"# end\n",
    "stale crlf": (MANY + STALE).replace(b"\n", b"\r\n"),
    "right already": MANY + b"10.150.0.9 " + VAULT.encode() + b"\n",
    "capital": MANY + b"10.150.0.99\t" + VAULT.upper().encode() + b"\n",
    "only comments": b"# nothing\n# here\n",
    "escapes": b"127.0.0.1 localhost # \x1b[2J\x1b]0;x\x07\n",
}


def inventory(here, **addresses):
    targets = [{"fqdn": VAULT, "addresses": [addresses.get("vault", "10.150.0.9")]},
               {"fqdn": BLOB, "addresses": ["10.150.0.8", "10.150.0.18"]}]
    return write(f"{here}/ws.json", json.dumps(
        {"schema": "pldiag.inventory/1", "name": "ws1103",
         "networks": ["10.150.0.0/16"], "targets": targets}))


def read(path):
    with open(path, "rb") as file:
        return file.read()


def document(done, command, what):
    try:
        out = e2e.parse(done.stdout)
    except ValueError as error:
        wrong.append(f"{what}: {error} in {done.stdout[:200]!r}")
        return {}
    formats.fits(out, "hosts", what)
    check(out.get("command") == command, f"{what}: command {out.get('command')}")
    return out


class File:
    """One hosts file, its state folder, and the commands on it."""

    def __init__(self, here, data, inv):
        self.path, self.state, self.inv = f"{here}/hosts", f"{here}/state", inv
        for old in (self.path, self.state):
            if os.path.isdir(old):
                shutil.rmtree(old)
        write(self.path, data)

    def run(self, command, *args, want=0, **more):
        files = ["--hosts", self.path]
        if command != "plan":
            files += ["--state", self.state]
        return run("pl-hosts", command, *files, *args, want=want, **more)

    def doc(self, command, *args, want=0):
        done = self.run(command, *args, "--json", want=want)
        return document(done, command, f"{command} {e2e.words(args)}")


def patched(f, diff, what):
    """What patch(1) makes of it."""
    out = f.path + ".patched"
    done = subprocess.run(["patch", "--binary", "-s", "-o", out, f.path], input=diff,
                          capture_output=True, check=False)
    check(done.returncode == 0, f"{what}: patch says {done.stdout + done.stderr!r}")
    return read(out) if os.path.exists(out) else None


def every_kind(here):
    inv = inventory(here)
    for what, data in FILES.items():
        f = File(here, data, inv)
        os.chmod(f.path, 0o640)
        plan = f.run("plan", inv)
        f.run("plan", inv, "--check", want=1)
        doc = f.doc("plan", inv)
        check(doc.get("changes") is True, f"{what}: plan sees no change")
        check(read(f.path) == data, f"{what}: plan writes")
        wanted = patched(f, plan.stdout, what)
        done = f.doc("apply", inv, "--yes")
        now = read(f.path)
        check(done.get("outcome") == "written" and done.get("change") == 1,
              f"{what}: {done.get('outcome')} {done.get('error')}")
        check(now == wanted, f"{what}: apply and patch differ")
        check(os.stat(f.path).st_mode & 0o777 == 0o640, f"{what}: mode changed")
        kept = [line for line in data.split(b"\n") if VAULT.encode() not in line.lower()]
        check(all(line in now for line in kept), f"{what}: a line is lost")
        twice(f, inv, what, now)
        f.run("undo", "--yes")
        check(read(f.path) == data, f"{what}: undo gives other bytes")
        history(f, what, data, now)
        f.run("undo", "--yes", want=2)


def twice(f, inv, what, now):
    f.run("plan", inv, "--check", want=0)
    check(not f.run("plan", inv).stdout, f"{what}: a plan for nothing")
    doc = f.doc("apply", inv, "--yes")
    check(doc.get("outcome") == "nothing-to-do", f"{what}: applied twice")
    check(read(f.path) == now, f"{what}: the second apply writes")


def history(f, what, old, new):
    changes = f.doc("history").get("changes", [])
    if not check(len(changes) == 2, f"{what}: {len(changes)} changes, not 2"):
        return
    first, second = changes
    check((first["kind"], first["undone"], second["kind"], second["undoes"]) ==
          ("apply", True, "undo", 1), f"{what}: history {changes}")
    for side, data in (("old", old), ("new", new)):
        check(first[side] == {"bytes": len(data),
                              "sha256": hashlib.sha256(data).hexdigest()},
              f"{what}: history of the {side} bytes")
    check(b"pl-hosts apply" in f.run("history").stdout, f"{what}: history text")


def what_is_written(here):
    inv = inventory(here)
    f = File(here, FILES["stale"], inv)
    f.run("apply", inv, "--yes")
    lines = read(f.path).decode().splitlines()
    for line in (f"10.150.0.9 {VAULT}", f"10.150.0.8 {BLOB}", f"10.150.0.18 {BLOB}"):
        check(lines.count(line) == 1, f"{line}: not there once")
    begin = [n for n, line in enumerate(lines) if line.startswith("# pldiag: begin ws1103")]
    end = [n for n, line in enumerate(lines) if line.startswith("# pldiag: end ws1103")]
    check(len(begin) == len(end) == 1 and end[0] - begin[0] == 4, "not one block of 3 lines")
    active = [line for line in lines if "other.example" in line and line[0] != "#"]
    check(len(active) == 1 and active[0].startswith("10.150.0.99"),
          f"the other name does not go on: {active}")
    check(not any(VAULT in line and line[0] != "#" and "10.150.0.99" in line
                  for line in lines), "the stale line still counts")
    # A new address: the block is replaced in place, nothing else moves.
    inv = inventory(here, vault="10.150.0.29")
    done = f.doc("apply", inv, "--yes")
    check(done["block_there"] and done["foreign"]["changed"] == 0, "the block is not ours")
    now = read(f.path).decode().splitlines()
    check([line.replace("10.150.0.29 ", "10.150.0.9 ") for line in now] == lines,
          "more than the address changed")
    f.run("undo", "--yes")
    f.run("undo", "--yes")
    check(read(f.path) == FILES["stale"], "two undos are not the first state")


def another_block(here):
    inv = inventory(here)
    f = File(here, b"127.0.0.1 localhost\n", inv)
    f.run("apply", inv, "--yes")
    mine = write(f"{here}/mine.json", json.dumps({
        "schema": "pldiag.inventory/1", "name": "mine",
        "targets": [{"fqdn": "x.vault.azure.net", "addresses": ["10.150.0.30"]}]}))
    f.run("apply", mine, "--yes")
    text = read(f.path).decode()
    check("begin ws1103" in text and "begin mine" in text, "two blocks: one is missing")
    other = inventory(here, vault="10.150.0.77")
    done = f.run("apply", other, "--block", "third", "--yes", want=2)
    check(VAULT.encode() in done.stderr, "a conflict of blocks does not name the name")
    check(read(f.path).decode() == text, "a conflict of blocks writes")


def links(here):
    inv = inventory(here)
    f = File(here, b"127.0.0.1 localhost\n", inv)
    real = f"{here}/real"
    os.replace(f.path, real)
    os.symlink("real", f.path)
    done = f.run("apply", inv, "--yes")
    check(os.path.islink(f.path) and VAULT.encode() in read(real), "the link is replaced")
    check(b"link" in done.stderr, "the link is not told")
    f.run("undo", "--yes")
    check(os.path.islink(f.path) and read(real) == b"127.0.0.1 localhost\n", "undo behind a link")
    os.unlink(f.path)

    f = File(here, b"127.0.0.1 localhost\n", inv)
    os.link(f.path, f"{here}/twin")
    done = f.run("apply", inv, "--yes")
    check(b"2 names" in done.stderr, f"hard links are not told: {done.stderr!r}")


def no_file_yet(here):
    inv = inventory(here)
    f = File(here, b"", inv)
    os.unlink(f.path)
    plan = f.run("plan", inv)
    check(plan.stdout.startswith(b"--- /dev/null\n"), "the plan of a new file")
    check(not os.path.exists(f.path), "plan makes a file")
    f.run("apply", inv, "--yes")
    check(os.stat(f.path).st_mode & 0o777 == 0o644, "a new file is not 0644")
    f.run("undo", "--yes")
    check(not os.path.exists(f.path), "undo leaves a file that was not there")


def edited_since(here):
    inv = inventory(here)
    f = File(here, b"127.0.0.1 localhost\n", inv)
    f.run("apply", inv, "--yes")
    with open(f.path, "ab") as file:
        file.write(b"192.0.2.1 added.example\n")
    edited = read(f.path)
    doc = f.doc("undo", "--yes", want=4)
    check(doc.get("outcome") == "refused" and doc.get("edited_since") is True, f"edited: {doc}")
    check("added.example" in doc.get("diff", ""), "edited: the difference is not shown")
    done = f.run("undo", "--yes", want=4)
    check(b"added.example" in done.stderr and b"--force" in done.stderr, "edited: not told")
    check(read(f.path) == edited, "edited: written all the same")
    f.run("undo", "--yes", "--force")
    check(read(f.path) == b"127.0.0.1 localhost\n", "edited: --force")


def too_many_foreign_lines(here):
    inv = inventory(here)
    data = b"127.0.0.1 localhost\n192.0.2.1 a.example\n" + STALE
    f = File(here, data, inv)
    doc = f.doc("apply", inv, "--yes", want=4)
    check(doc.get("outcome") == "refused" and
          doc.get("foreign") == {"lines": 3, "changed": 1}, f"a third: {doc}")
    done = f.run("apply", inv, "--yes", want=4)
    check(b"1 of 3" in done.stderr and b"--force" in done.stderr, "a third: not told")
    check(read(f.path) == data, "a third: written")
    f.run("apply", inv, "--yes", "--force")
    f.run("undo", "--yes")
    check(read(f.path) == data, "a third: undo")
    f = File(here, b"192.0.2.2 b.example\n" + data, inv)
    f.run("apply", inv, "--yes")  # a quarter is fine


def safe_on_a_terminal(here):
    inv = inventory(here)
    f = File(here, FILES["escapes"] + STALE + MANY, inv)
    done = f.run("apply", inv, "--yes")
    check(b"\x1b" not in done.stderr + done.stdout, "an escape reaches the terminal")


def safe_whatever_it_is_called(here):
    inv = inventory(here)
    f = File(here, b"10.0.0.1 a.\n", inv)
    path = f"{here}/\x1b[2Jhosts"
    os.rename(f.path, path)
    f.path = path
    for command, *args in (("apply", inv), ("apply", inv), ("plan", inv), ("history",)):
        done = f.run(command, *args, *(["--yes"] if command == "apply" else []))
        shown = done.stderr + done.stdout
        check(b"\x1b" not in shown and shown, f"{command}: an escape in {shown!r}")
    done = run("pl-hosts", "lint", "--fix", "--yes", "--state", f.state, path, want=0)
    check(b"\x1b" not in done.stderr + done.stdout, f"lint --fix: an escape in {done.stdout!r}")
    done = f.run("undo", "--yes")
    check(b"\x1b" not in done.stderr + done.stdout, f"undo: an escape in {done.stdout!r}")
    os.unlink(path)
    # The command that takes it back can be typed as it stands.
    f.path = f"{here}/my hosts"
    with open(f.path, "wb") as out:
        out.write(b"10.0.0.1 a.\n")
    done = f.run("apply", inv, "--yes")
    check(f"--hosts '{f.path}'".encode() in done.stdout, f"not quoted: {done.stdout!r}")


def marks_that_do_not_fit(here):
    """Where they are is told, and nothing is written."""
    inv = inventory(here)
    begin, end = b"# pldiag: begin %s\n", b"# pldiag: end %s\n"
    for data, line, says in (
            (begin % b"ws1103" + b"10.0.0.1 a\n", 1, "has no end"),
            (b"\n" + end % b"ws1103", 2, "did not begin"),
            ((begin + end) % (b"ws1103", b"ws1103") * 2, 3, "a second time"),
            (begin % b"x" + begin % b"ws1103", 2, "inside of"),
            (begin % b"x" + b"10.0.0.1 %s\n" % VAULT.encode() + end % b"x", 2, "another address"),
            (b"\xff\xfe1\x000\x00", 1, "UTF-16")):
        f = File(here, data, inv)
        for command, *args in (("plan", inv), ("apply", inv, "--yes"), ("apply", inv, "--yes",
                                                                        "--json")):
            done = f.run(command, *args, want=2)
            text = done.stderr.decode()
            if "--json" in args:
                text = document(done, "apply", says).get("error", "")
            check(f"{f.path}:{line}:1: " in text and says in text, f"{command}: {text!r}")
        check(read(f.path) == data, f"{says}: written")
    f = File(here, b"\n" * ((16 << 20) + 1), inv)
    done = f.run("plan", inv, want=2)
    check(f"{f.path}: more than 16777216 lines".encode() in done.stderr,
          f"too many lines: {done.stderr!r}")


def standard_input(here):
    inv = inventory(here)
    done = run("pl-hosts", "plan", inv, "--hosts", "-", stdin=STALE, want=0)
    check(b"\n+# pldiag: off ws1103: 10.150.0.99 " in done.stdout, f"stdin: {done.stdout!r}")
    run("pl-hosts", "plan", "-", "--hosts", "-", stdin=read(inv), want=2)
    done = run("pl-hosts", "apply", inv, "--hosts", "-", "--yes", cwd=here, want=2)
    check(b"standard input" in done.stderr and not os.path.exists(f"{here}/-"),
          f"apply to standard input: {done.stderr!r}")


def verified(here):
    """A file that is not the system's, computed as if it were."""
    inv = inventory(here)
    f = File(here, b"127.0.0.1 localhost\n", inv)
    doc = f.doc("apply", inv, "--yes", "--verify")
    check(doc.get("verified") is True and doc.get("outcome") == "written", f"verify: {doc}")
    names = {n["name"]: n for n in doc.get("names", [])}
    check(names[BLOB]["resolves_to"] == ["10.150.0.8", "10.150.0.18"], "verify: addresses")
    f.run("undo", "--yes")
    doc = f.doc("apply", inv, "--yes", "--no-verify")
    check("verified" not in doc, "verified without being asked")


def main():
    with e2e.folder() as here:
        os.chmod(here, 0o755)
        for test in (every_kind, what_is_written, another_block, links, no_file_yet,
                     edited_since, too_many_foreign_lines, safe_on_a_terminal,
                     safe_whatever_it_is_called, marks_that_do_not_fit, standard_input, verified):
            test(here)
            for name in os.listdir(here):
                path = f"{here}/{name}"
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    e2e.finish("hosts files are changed and given back, every byte")


main()

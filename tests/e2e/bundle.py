#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A bundle as a file: other programs read it, verify finds what changed, show
shows it harmlessly, and it is written whole or not at all."""
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _archives  # noqa: E402
import _pldiag as e2e  # noqa: E402
import _terminal  # noqa: E402
from _pldiag import check, run, write  # noqa: E402

MAKE = os.path.join(os.environ["PLDIAG_BUILD"], "tests", "e2e_bundle_make")
ENDINGS = ("tar.zst", "zip")
ESC = b"red \x1b[31m \xc2\x9b \xe2\x80\xae\nsecond\n"
FILES = {
    "case.jsonl": b'{"schema": "pldiag.case/1", "tool": "pl-doctor", "version": '
                  b'"0.1.0", "started": "2026-11-18T11:00:00Z", "host": "h-1", '
                  b'"role": "client"}\n',
    "machine/esc.txt": ESC,
    "machine/deep/er/x": b"\xff\xfe not text",
    "machine/empty": b"",
}
formats = e2e.Formats()
REPORT = {}  # as pl-doctor prints it


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def document_of(what, *args, want=0, stdin=b""):
    """What a command prints with --json, which fits the schema."""
    done = run("pl-bundle", *args, "--json", want=want, stdin=stdin)
    if not check(done.stdout, f"{what}: no document: {done.stderr[-300:]!r}"):
        e2e.finish("")
    document = e2e.parse(done.stdout)
    formats.fits(document, "bundle", what)
    return document


def lay_out(folder, files):
    for name, data in files.items():
        os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
        write(f"{folder}/{name}", data)
    return folder


def make(out, folder, *more, want=0, wrapper=(), **options):
    done = subprocess.run([*wrapper, MAKE, out, folder, *more], check=False,
                          capture_output=True, **options)
    check(want is None or done.returncode == want,
          f"make {os.path.basename(out)}: {done.returncode} {done.stderr!r}")
    return done


# --- reading --------------------------------------------------------------------


def other_programs(here, path):
    """What they unpack is what went in, and they find nothing wrong."""
    into = f"{here}/into"
    os.mkdir(into)
    if path.endswith("zip"):
        rows = [["unzip", "-tq", path], ["unzip", "-q", path, "-d", into]]
        with zipfile.ZipFile(path) as file:
            check(file.testzip() is None, "zipfile finds a fault")
            check(file.comment.startswith(b"pldiag.seal/1 sha256 "), "no comment")
    else:
        rows = [["zstd", "-tq", path], ["tar", "--zstd", "-tf", path],
                ["tar", "--zstd", "-C", into, "-xf", path]]
        done = subprocess.run(["unzstd", "-qc", path], check=False, capture_output=True)
        check(done.returncode == 0 and b"manifest.json" in done.stdout[:100], "unzstd")
    if shutil.which("bsdtar"):
        rows.append(["bsdtar", "-tf", path])
    for row in rows:
        done = subprocess.run(row, check=False, capture_output=True)
        check(done.returncode == 0 and not done.stderr,
              f"{' '.join(row[:2])}: {done.returncode} {done.stderr[:300]!r}")
        if "-tf" in row:
            names = done.stdout.decode().split()
            check(names == ["manifest.json", *FILES], f"{row[0]}: {names}")
    for name, data in FILES.items():
        check(read(f"{into}/{name}") == data, f"{path}: {name} came out as another")
    formats.fits(e2e.parse(read(f"{into}/manifest.json")), "bundle", path)
    again = f"{here}/again.tar.gz"
    subprocess.run(["tar", "-C", into, "-czf", again, "."], check=True)
    shutil.rmtree(into)
    done = run("pl-bundle", "verify", again, want=1)
    check(b"but every item is what the manifest says" in done.stdout,
          f"packed again: {done.stdout!r}")


def verified(here, path):
    data = read(path)
    done = run("pl-bundle", "verify", path, want=0)
    check(b"every byte is as it was packed (5 items)" in done.stdout and
          sha256(data).encode() in done.stdout, f"verify says {done.stdout!r}")
    for told, want in ((sha256(data), 0), (sha256(data).upper(), 0),
                       (sha256(b""), 1), ("beef", 2), ("", 2)):
        done = run("pl-bundle", "verify", path, "--sha256", told, want=want)
        check(want != 1 or (told.encode() in done.stdout and
                            done.stdout.count(sha256(data).encode()) == 2),
              f"--sha256: {done.stdout!r}")
    run("pl-bundle", "verify", "-", want=0, stdin=data)
    document = document_of("verify --json", "verify", path)
    check(document["intact"] and document["sealed"] and document["flaws"] == [] and
          document["items"] == 6, f"verify --json: {document}")
    for at in (0, 5, len(data) // 2, len(data) - 80, len(data) - 1):
        other = write(f"{here}/other", data[:at] + bytes([data[at] ^ 4]) + data[at + 1:])
        document = document_of(f"byte {at}", "verify", other, want=1)
        check(not document["intact"] and document["flaws"], f"byte {at}: intact")
        check(document["sha256"] == sha256(read(other)), f"byte {at}: its hash")
    run("pl-bundle", "verify", f"{here}/none", want=2)


def shown(path):
    text = run("pl-bundle", "show", path, want=0).stdout.decode()
    for word in ("pl-bundle 0.1.0, 2026-11-18T11:06:40Z", "h-1, client",
                 f"failed, {', '.join(REPORT['causes'])}; judged by pl-doctor 0.1.0",
                 "identifiers", sha256(read(path)), "machine/deep/er/x",
                 "Operation not permitted"):
        check(word in text, f"show does not say {word!r}: {text}")
    document = document_of("show --json", "show", path)
    check(document["manifest"]["items"][0]["sha256"] == sha256(FILES["case.jsonl"]) and
          document["causes"] == REPORT["causes"], f"show --json: {document}")
    for name, data in FILES.items():
        done = run("pl-bundle", "show", path, name, want=0)
        check(done.stdout == data, f"show {name}: {done.stdout!r}")
        document = document_of(f"show --json {name}", "show", path, name)
        check(document["sha256"] == sha256(data), f"show --json {name}: {document}")
        check(("text" in document) == (b"\xff" not in data), f"{name}: text or not")
    for name, says in (("nothing", b"no such item"), ("../x", b"no such item"),
                       ("machine/nft.txt", b"Operation not permitted")):
        done = run("pl-bundle", "show", path, name, want=2)
        check(says in done.stderr and not done.stdout, f"show {name}: {done.stderr!r}")
    with _terminal.terminal([e2e.tool("pl-bundle"), "show", path, "machine/esc.txt"]
                            ) as (process, _, wait_for, drain):
        wait_for(b"second")
        seen = drain()
        process.wait()
        check(b"\x1b[31m" not in seen and "\u202e".encode() not in seen and
              b"\\x1b[31m" in seen, f"on a terminal: {seen!r}")


def bare_case(here):
    path = write(f"{here}/bare.jsonl", FILES["case.jsonl"])
    text = run("pl-bundle", "show", path, want=0).stdout
    check(b"h-1, client" in text and b"case.jsonl" in text, f"a bare case: {text!r}")
    done = run("pl-bundle", "show", "-", "case.jsonl", want=0,
               stdin=FILES["case.jsonl"])
    check(done.stdout == FILES["case.jsonl"], "a bare case: not its bytes")
    marked = write(f"{here}/marked.jsonl", b"\xef\xbb\xbf" + FILES["case.jsonl"])
    text = run("pl-bundle", "show", marked, want=0).stdout
    check(b"h-1, client" in text, f"a case behind U+FEFF: {text!r}")
    faulty = write(f"{here}/faulty.jsonl", FILES["case.jsonl"] + b"{}\n")
    run("pl-bundle", "show", faulty, want=0)


def neither(here, path):
    """What is no bundle and no case, in one line each, by whoever reads it."""
    whole = read(path)
    files = {
        "text": (b"nameserver 10.0.0.4\n", "a case (of pl-doctor --save)"),
        "empty": (b"", "got an empty file"),
        "other.json": (b'{"a": 1}\n', 'other.json:1: $.schema: expected "pldiag.case/1"'),
        "inventory.json": (b'{"schema": "pldiag.inventory/1"}', '"pldiag.inventory/1"'),
        "cut.jsonl": (FILES["case.jsonl"][:40], "cut.jsonl:1:"),
        "list.json": (b"[1]", "got something else"),
        "plain.tar": (_archives.tar_of({"x": b"x"}), "expected a manifest, got none"),
        "cut.tar.zst": (whole[:len(whole) // 2], "up to the end"),
    }
    for name, (data, says) in files.items():
        bad = write(f"{here}/{name}", data)
        for args in (("show", bad), ("report", bad), ("compare", bad, bad),
                     ("mask", bad, "-o", f"{here}/masked.zip")):
            done = run("pl-bundle", *args, want=2)
            told = done.stderr.decode().splitlines()
            check(len(told) == 1 and says in told[0] and name in told[0],
                  f"{args[0]} {name}: says {told}")
            check(not done.stdout, f"{args[0]} {name}: {done.stdout!r}")
    for bad, says in ((here, b"Is a directory"), (f"{here}/none", b"No such file")):
        done = run("pl-bundle", "show", bad, want=2)
        check(says in done.stderr and not done.stdout, f"show {bad}: {done}")


# --- extracting -------------------------------------------------------------------


def modes(folder):
    return {stat.S_IMODE(os.stat(os.path.join(at, name)).st_mode)
            for at, folders, files in os.walk(folder) for name in files}


def extracted(here, path):
    into = f"{here}/out"
    run("pl-bundle", "show", path, "--extract", into, want=0)
    for name, data in FILES.items():
        check(read(f"{into}/{name}") == data, f"extract: {name}")
    check(modes(into) == {0o600} and stat.S_IMODE(os.stat(into).st_mode) == 0o700,
          "extract: others may read it")
    # The manifest is complete: what was taken out can be packed again.
    again = f"{here}/again.{path.split('.', 1)[1]}"
    make(again, into)
    check(read(again) == read(path), "extracted and packed again: other bytes")
    for taken in (into, here, path):
        done = run("pl-bundle", "show", path, "--extract", taken, want=2)
        check(b"is there already" in done.stderr and not done.stdout,
              f"extract over: {done.stderr!r}")
    os.symlink(f"{here}/elsewhere", f"{here}/link")
    run("pl-bundle", "show", path, "--extract", f"{here}/link", want=2)
    for place in (f"{here}/no/such", f"{path}/file"):
        done = run("pl-bundle", "show", path, "--extract", place, want=2)
        check(b"cannot be made there: N" in done.stderr, f"extract to {place}: {done.stderr!r}")
    check(not os.path.exists(f"{here}/elsewhere"), "extract: through a link")
    os.remove(f"{here}/link")
    shutil.rmtree(into)
    os.remove(again)


# --- writing ----------------------------------------------------------------------


def names(folder):
    return sorted(os.listdir(folder))


def in_the_way(here, folder):
    place = f"{here}/place"
    os.mkdir(place)
    out = f"{place}/b.zip"
    make(out, folder, umask=0)
    check(stat.S_IMODE(os.stat(out).st_mode) == 0o600, "others may read a bundle")
    whole = read(out)
    done = make(out, folder, want=1)
    check(b"is there already" in done.stderr, f"name taken: {done.stderr!r}")
    write(out, "old")
    make(out, folder, want=1)
    check(read(out) == b"old", "written over without force")
    make(out, folder, "force")
    check(read(out) == whole and stat.S_IMODE(os.stat(out).st_mode) == 0o600, "force")
    os.remove(out)

    target = write(f"{here}/target", "theirs")
    for where in (target, f"{here}/nowhere"):
        os.symlink(where, out)
        make(out, folder, want=1)
        check(os.path.islink(out), "a link was replaced without force")
        make(out, folder, "force")
        check(not os.path.islink(out) and read(out) == whole, "force on a link")
        os.remove(out)
    check(read(target) == b"theirs" and not os.path.exists(f"{here}/nowhere"),
          "written through a link")
    os.mkfifo(out)
    make(out, folder, "force", want=1)
    os.remove(out)
    os.mkdir(out)
    make(out, folder, "force", want=1)
    os.rmdir(out)
    for name in ("b.tar", "b", "-", "b.zip/", ".tar.zst/x"):
        make(f"{place}/{name}", folder, want=1)
    check(names(place) == [], f"left: {names(place)}")
    os.rmdir(place)


def traced(inject, folder, out, *more):
    """LeakSanitizer cannot work under a tracer."""
    env = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    wrapper = ["strace", "-qq", "-o", "/dev/null",
               *[word for row in inject for word in ("-e", f"inject={row}")]]
    return make(out, folder, *more, want=None, wrapper=wrapper, env=env)


def torn(here, folder):
    """Errors and death at every step of the writing; with files without a name,
    and on a file system that has none."""
    place = f"{here}/place"
    os.mkdir(place)
    named = "openat:error=EOPNOTSUPP:when="
    at = opens_before(folder, f"{place}/probe.zip")
    os.remove(f"{place}/probe.zip")
    for old in (None, b"old"):
        for base in ([], [f"{named}{at}"]):
            for fault in ("write:error=ENOSPC", "fsync:error=EIO",
                          "linkat:error=EIO", "renameat:error=EIO",
                          "renameat2:error=EIO", "renameat2:error=EEXIST",
                          "renameat2:signal=KILL",
                          "fsync:signal=INT", "write:signal=KILL",
                          "fsync:signal=KILL", "linkat:signal=KILL"):
                one_fault(place, folder, old, [*base, fault])
    os.rmdir(place)


def opens_before(folder, out):
    """Which openat() is the one for a file without a name."""
    env = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    log = f"{out}.log"
    make(out, folder, wrapper=["strace", "-qq", "-o", log, "-e", "trace=openat"], env=env)
    calls = read(log).decode().splitlines()
    os.remove(log)
    return next(n for n, call in enumerate(calls, 1) if "O_TMPFILE" in call)


def one_fault(place, folder, old, faults):
    out = f"{place}/b.zip"
    if old:
        write(out, old)
    done = traced(faults, folder, out, *(["force"] if old else []))
    what = f"{faults} {'over' if old else 'new'}: {done.returncode}"
    left = names(place)
    whole = os.path.exists(out) and read(out) not in (old, None)
    if "INT" not in faults[-1]:  # which may have to wait until all is done
        check((done.returncode == 0) == bool(whole), f"{what}: whole {whole}")
    if whole:
        done = run("pl-bundle", "verify", out, want=0)
    elif old:
        check(read(out) == old, f"{what}: the old one is gone")
    # Only a name of its own, and only after SIGKILL, may be left.
    killed = "KILL" in faults[-1] and (len(faults) > 1 or old)
    temps = [name for name in left if name.startswith(".pldiag-")]
    check(len(left) - len(temps) == (1 if whole or old else 0), f"{what}: left {left}")
    check(not temps or killed, f"{what}: left {temps}")
    for name in left:
        os.remove(f"{place}/{name}")


def full_disk(here, folder):
    disk = f"{here}/disk"
    os.mkdir(disk)
    lay_out(f"{here}/large", {**FILES, "machine/noise": os.urandom(100000)})
    write(f"{here}/large/manifest.json", _archives.with_manifest(
        {**FILES, "machine/noise": read(f"{here}/large/machine/noise")})["manifest.json"])
    large = f"{here}/large.zip"
    make(large, f"{here}/large")
    script = ('mount -t tmpfs -o size=64k none "$1" && cd "$1" && shift && "$@"; '
              'echo "$?"; ls -A')
    rows = [[MAKE, "b.zip", f"{here}/large"],
            [e2e.tool("pl-bundle"), "show", large, "--extract", "x", "-q"]]
    for row in rows:
        done = subprocess.run(["unshare", "-rm", "sh", "-c", script, "sh", disk, *row],
                              capture_output=True, check=False)
        check(b"No space left" in done.stderr, f"a full disk: {done.stderr!r}")
        check(done.stdout in (b"1\n", b"4\n"), f"a full disk: {done.stdout!r}")
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script, "sh", disk, MAKE,
                           "b.zip", folder], capture_output=True, check=False)
    check(done.stdout.endswith(b"0\nb.zip\n"), f"a disk with room: {done!r}")


def report():
    """Of a run in which nobody could be reached."""
    data = run("pl-doctor", "--json", "--deadline", "0.5", "--no-public", e2e.SHORT,
               want=1).stdout
    document = formats.report(data, "the report inside")
    codes = {finding["id"]: finding["code"] for finding in document["findings"]}
    REPORT["causes"] = [codes[cause["finding"]] for cause in document["causes"]]
    check(REPORT["causes"], "the report inside names no cause")
    return data


def main():
    with e2e.folder() as here:
        FILES["report.json"] = report()
        folder = lay_out(f"{here}/in", _archives.with_manifest(FILES))
        for ending in ENDINGS:
            path = f"{here}/b.{ending}"
            printed = make(path, folder).stdout.decode().strip()
            check(printed == sha256(read(path)), "another hash was printed")
            other_programs(here, path)
            verified(here, path)
            shown(path)
            extracted(here, path)
        bare_case(here)
        neither(here, f"{here}/b.tar.zst")
        in_the_way(here, folder)
        torn(here, folder)
        full_disk(here, folder)
    e2e.finish("bundles are read, shown and written as they should be")


e2e.own_network()
main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""^C, a full disk, a reader that leaves, a folder that may not be written:
the output stays whole or the old file stays, one line says why, and the exit
status tells which it was."""
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import SHORT, SOURCE, check, lines_of, run, wrong, write  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
NAMES = b"".join(b"n%d.example\n" % n for n in range(50))


def interrupted(what, number, name, *args, stdin=b""):
    """Send a signal as soon as the first question is out: the server that is
    asked never answers, so everything is under way."""
    server = e2e.NameServer(e2e.silent)
    process = subprocess.Popen(
        [e2e.tool(name), "--view", server.view, *args], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(stdin)
    process.stdin.flush()
    if check(server.asked.wait(e2e.LIMIT_S), f"{what}: nothing was asked"):
        process.send_signal(number)
    out, err = process.communicate(timeout=e2e.LIMIT_S)
    check(process.returncode == 128 + number,
          f"{what}: exit {process.returncode}, not {128 + number}: {err[:300]!r}")
    check(not err, f"{what}: says {err[:300]!r}")
    return out


def signals(here):
    nets = ("--resolv-conf", os.devnull, "--hosts", os.devnull)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        what = f"{number.name} json"
        case = f"{here}/{number.name}.case"
        report = formats.report(interrupted(
            what, number, "pl-doctor", "--json", "--save", case, *nets, SHORT), what)
        check(report and report["run"]["complete"] is False, f"{what}: complete")
        check(report and report["verdict"] in ("failed", "unknown"),
              f"{what}: called {report and report['verdict']}")
        check(report and any(f["status"] == "not-run" for f in report["facts"]),
              f"{what}: nothing is said not to have run")
        head = formats.case(case, f"{what} case")[0]
        check(head.get("complete") is False, f"{what}: the case is complete")
        again = formats.report(run("pl-doctor", "--json", "--from", case,
                                   want=(1, 3)).stdout, f"{what} again")
        check(again and again["run"]["complete"] is False, f"{what}: grew whole")

        lines = formats.lines(interrupted(
            f"{number.name} jsonl", number, "pl-doctor", "--format", "jsonl", *nets,
            SHORT), "report", f"{number.name} jsonl", "#/$defs/line")
        check(lines and lines[-1].get("line") == "summary",
              f"{number.name} jsonl: no summary")
        text = interrupted(f"{number.name} text", number, "pl-doctor", *nets, SHORT)
        check(b"HEALTHY" not in text and b"incomplete" in text,
              f"{number.name} text: does not say that it is incomplete")

        for face in ("json", "jsonl", "csv", "text"):
            what = f"pl-resolve {number.name} {face}"
            out = interrupted(what, number, "pl-resolve", "--format", face,
                              "a.example", "b.example")
            check_facts(what, face, out)
            # The names go on coming: standard input is still open.
            out = interrupted(what + " stream", number, "pl-resolve", "--format",
                              face, "--names", "-", stdin=NAMES)
            check_facts(what + " stream", face, out)


def hung_up_under_nohup():
    """A signal that was ignored when we began stays so: only the next one ends the run."""
    server = e2e.NameServer(e2e.silent)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    process = subprocess.Popen([e2e.tool("pl-resolve"), "--view", server.view, "a.example"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    check(server.asked.wait(e2e.LIMIT_S), "nohup: nothing was asked")
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=e2e.LIMIT_S)
    check(process.returncode == 128 + signal.SIGTERM, f"nohup: exit {process.returncode}")


def check_facts(what, face, out):
    if face == "jsonl":
        facts = formats.lines(out, "fact", what)
    elif face == "json":
        try:
            facts = e2e.parse(out)
        except ValueError as error:
            wrong.append(f"{what}: {error}: {out[-200:]!r}")
            return
        for fact in facts:
            formats.fits(fact, "fact", what)
    else:
        check(not out or out.endswith(b"\n"), f"{what}: a line without its end")
        return
    check(all(fact["status"] in ("not-run", "timeout") for fact in facts),
          f"{what}: answers that nobody gave")


# --- where results cannot go ----------------------------------------------------


def one_line(what, done, says):
    told = lines_of(done.stderr)
    check(len(told) == 1 and says in told[0], f"{what}: says {told[:4]}")


def to(path, name, *args):
    """With standard output there, as the shell's > does it."""
    with open(path, "wb") as out:
        return subprocess.run([e2e.tool(name), *args], stdout=out, check=False,
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              timeout=e2e.LIMIT_S)


def calls(view):
    nets = ("--view", view, "--resolv-conf", os.devnull, "--hosts", os.devnull)
    yield "pl-doctor", (*nets, e2e.API)
    yield "pl-doctor", ("--json", *nets, e2e.API)
    yield "pl-doctor", ("--format", "jsonl", *nets, e2e.API)
    for face in ("text", "json", "jsonl", "csv"):
        yield "pl-resolve", ("--format", face, "--view", view, "a.example")
    yield "pl-inventory", ("expand", SHORT)
    yield "pl-inventory", ("check", SHORT)
    for name in e2e.all_tools():
        for word in ("--help", "--version", "--completion=bash"):
            yield name, (word,)
        yield name, ("--explain", "dns.zone-not-visible")


def full_disk(view, here):
    for name, args in calls(view):
        what = f"{name} {e2e.words(args)}"
        done = to("/dev/full", name, *args)
        check(done.returncode == 4, f"{what} >/dev/full: exit {done.returncode}")
        one_line(f"{what} >/dev/full", done, "No space left")
        for path, says, want in (("/dev/full", "No space left", 4),
                                 (f"{here}/no/out", "No such file", 2),
                                 (here, "Is a directory", 2)):
            done = run(name, *args, "-o", path, want=want)
            one_line(f"{what} -o {path}", done, says)
            check(not done.stdout, f"{what} -o {path}: prints too")
    check(sorted(os.listdir(here)) == [], f"{os.listdir(here)} are left behind")


def saving_fails(view, here):
    nets = ("--view", view, "--resolv-conf", os.devnull, "--hosts", os.devnull)
    done = run("pl-doctor", "--json", "--save", "/dev/full", *nets, e2e.API, want=4)
    one_line("--save /dev/full", done, "/dev/full")
    formats.report(done.stdout, "--save /dev/full")


def saving_is_refused(here):
    """Before anything is asked: nobody waits for what has no place to go to."""
    server = e2e.NameServer(e2e.silent)
    pcap = os.path.join(SOURCE, "tests", "data", "captures", "dns.pcap")
    for name, args in (("pl-doctor", ("--view", server.view, e2e.API)),
                       ("pl-probe", (f"{e2e.API}:443",)),
                       ("pl-capture", ("analyze", pcap))):
        for path, says in ((f"{here}/no/case", "No such file"), (here, "Is a directory"), (SHORT + "/x", "Not a directory")):
            done = run(name, *args, "--save", path, want=2)
            one_line(f"{name} --save {path}", done, says)
            check(not done.stdout, f"{name} --save {path}: prints too")
    for name, args in (("pl-doctor", ("--view", server.view, "--save", f"{here}/f", "-o", f"{here}/f", e2e.API)),
                       ("pl-doctor", ("--view", server.view, "--capture", f"{here}/f", "--save", f"{here}/f", e2e.API)),
                       ("pl-capture", ("analyze", pcap, "--save", f"{here}/f", "-o", f"{here}/f"))):
        done = run(name, *args, want=2)
        one_line(f"{name} twice to one file", done, "is to write there, too")
    run("pl-capture", "analyze", pcap, "--save", os.devnull, "-o", os.devnull, want=1)
    check(not server.asked.is_set(), "a question is asked before")
    check(os.listdir(here) == [], f"{os.listdir(here)} are left behind")


def closed_pipe(view):
    """head -1 and then nothing: no noise, and 141 as for any other program."""
    for name, args in calls(view):
        what = f"{name} {e2e.words(args)} |"
        read_end, write_end = os.pipe()
        os.close(read_end)
        with os.fdopen(write_end, "wb") as out:
            done = subprocess.run([e2e.tool(name), *args], stdout=out, check=False,
                                  stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                  timeout=e2e.LIMIT_S)
        check(done.returncode == 128 + signal.SIGPIPE,
              f"{what}: exit {done.returncode}")
        check(not done.stderr, f"{what}: says {done.stderr[:200]!r}")


def recording_to_nobody():
    """-w - when its reader is gone before the first byte, and when it was never there."""
    command = [e2e.tool("pl-capture"), "record", "-i", "lo", "--for", "0.1", "-w", "-"]
    if subprocess.run([*command[:-1], "/dev/null"], capture_output=True, check=False).returncode == 3:
        return  # no right to capture
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as out:
        done = subprocess.run(command, stdout=out, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
                              timeout=e2e.LIMIT_S)
    check(done.returncode == 128 + signal.SIGPIPE and not done.stderr, f"record to nobody: {done}")
    done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *command], stderr=subprocess.PIPE, check=False,
                          stdin=subprocess.DEVNULL, timeout=e2e.LIMIT_S)
    check(done.returncode == 4, f"record to a closed descriptor: exit {done.returncode}")
    one_line("record to a closed descriptor", done, "Bad file descriptor")


def old_file_stays(view, here):
    """-o and --save replace a file in one step, or not at all."""
    out = write(f"{here}/out", "the old one\n")
    run("pl-doctor", "-o", out, "--no-such", want=2)
    run("pl-doctor", "-o", out, f"{here}/none.json", want=2)
    with open(out, "rb") as file:
        check(file.read() == b"the old one\n", "bad input cost the old file")
    run("pl-inventory", "expand", SHORT, "-o", out, want=0)
    with open(out, "rb") as file:
        formats.fits(e2e.parse(file.read()), "inventory", "-o")
    check(os.listdir(here) == ["out"], f"-o leaves {os.listdir(here)}")
    run("pl-resolve", "--view", view, "-o", f"{here}/new", "a.example", want=1)
    check(os.path.getsize(f"{here}/new") > 0, "-o wrote nothing")


def no_rights(here):
    """As somebody who may not write there."""
    if os.geteuid() != 0:
        return
    locked = f"{here}/locked"
    os.mkdir(locked, 0o555)
    os.chmod(here, 0o755)
    write(f"{locked}/inventory.json", "{}")
    os.chmod(f"{locked}/inventory.json", 0)
    for name, args, want in (
        ("pl-inventory", ("expand", SHORT, "-o", f"{locked}/out"), 2),
        ("pl-probe", ("127.0.0.1:1", "--save", f"{locked}/out"), 2),
        ("pl-doctor", (SHORT, "--capture", f"{locked}/out"), 2),
        ("pl-capture", ("record", "-w", f"{locked}/out"), 2),
        ("pl-bundle", ("collect", "-o", f"{locked}/out.zip"), 2),
        ("pl-inventory", ("check", f"{locked}/inventory.json"), 2),
        ("pl-doctor", (f"{locked}/inventory.json",), 2),
        ("pl-doctor", ("--from", f"{locked}/inventory.json"), 2),
        ("pl-resolve", ("--names", f"{locked}/inventory.json"), 2),
    ):
        try:
            done = run(name, *args, want=want, user=65534, group=65534,
                       extra_groups=())
        except OSError as error:
            print(f"left out, nobody cannot run the tools: {error}")
            return
        one_line(f"{name} {e2e.words(args)} as nobody", done, "Permission denied")


def main():
    server = e2e.NameServer(
        lambda packet, name, kind: e2e.reply(packet, e2e.NXDOMAIN))
    with e2e.folder() as here:
        signals(here)
    hung_up_under_nohup()
    with e2e.folder() as here:
        full_disk(server.view, here)
        saving_fails(server.view, here)
        saving_is_refused(here)
    closed_pipe(server.view)
    recording_to_nobody()
    with e2e.folder() as here:
        old_file_stays(server.view, here)
        no_rights(here)
    e2e.finish("interrupted and refused, everything stays whole")


main()

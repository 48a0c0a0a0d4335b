#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-hosts asks before it writes: on a terminal, and never elsewhere; no, the
end of input and ^C write nothing; two at once take turns; without rights and
on a full disk it says so in one line and changes nothing."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _terminal import terminal  # noqa: E402
from _pldiag import check, run, wrong, write  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
HOSTS = b"127.0.0.1 localhost\n"


def inventory(path, name="ws1103", last=9):
    return write(path, json.dumps({
        "schema": "pldiag.inventory/1", "name": name,
        "targets": [{"fqdn": f"{name}.vault.azure.net", "addresses": [f"10.150.0.{last}"]}]}))


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Place:
    def __init__(self, here):
        self.here, self.hosts, self.state = here, f"{here}/hosts", f"{here}/state"
        self.inv = inventory(f"{here}/ws.json")
        self.fresh()

    def fresh(self):
        shutil.rmtree(self.state, ignore_errors=True)
        write(self.hosts, HOSTS)

    def words(self, command, *args):
        inv = [self.inv] if command == "apply" else []
        return [e2e.tool("pl-hosts"), command, *inv, "--hosts", self.hosts, "--state",
                self.state, *args]

    def run(self, command, *args, want=0, **more):
        return run("pl-hosts", *self.words(command, *args)[1:], want=want, **more)


# --- a person at a terminal -----------------------------------------------------


def asked(place, command, reply, want, json_to=None):
    args = ("--json",) if json_to else ()
    with terminal(place.words(command, *args), json_to) as (process, say, wait_for, drain):
        wait_for(b"[y/N] ")
        say(reply)
        drain()
        status = process.wait(e2e.LIMIT_S)
    check(status in (want, -(want - 128)), f"{command} {reply!r}: exit {status}, not {want}")
    if not json_to:
        return None
    try:
        document = e2e.parse(read(json_to))
    except ValueError as error:
        wrong.append(f"{command} {reply!r}: {error}")
        return {}
    formats.fits(document, "hosts", f"{command} {reply!r}")
    return document


def replies(here):
    place = Place(here)
    out = f"{here}/out.json"
    for reply, want in ((b"n\n", 1), (b"\n", 1), (b"yessir\n", 1), (b"\x04", 1),
                        (b"\x03", 130), (b"no" * 500 + b"\n", 1)):
        document = asked(place, "apply", reply, want, out)
        check(read(place.hosts) == HOSTS, f"{reply!r} writes")
        check(document.get("outcome") == "declined", f"{reply!r}: {document.get('outcome')}")
        asked(place, "apply", reply, want)
        check(read(place.hosts) == HOSTS, f"{reply!r} writes without --json")
    for reply in (b"y\n", b"YES\n"):
        document = asked(place, "apply", reply, 0, out)
        check(document.get("outcome") == "written", f"{reply!r}: {document}")
        check(b"10.150.0.9 ws1103" in read(place.hosts), f"{reply!r} does not write")
        for no in (b"n\n", b"\x03"):
            asked(place, "undo", no, 130 if no == b"\x03" else 1, out)
            check(b"10.150.0.9 ws1103" in read(place.hosts), f"undo {no!r} writes")
        asked(place, "undo", reply, 0, out)
        check(read(place.hosts) == HOSTS, f"undo {reply!r}")


def nobody_to_ask(here):
    place = Place(here)
    for stdin in (b"", b"y\n", b"yes\n"):
        done = place.run("apply", want=2, stdin=stdin)
        check(b"--yes" in done.stderr, "nobody to ask: --yes is not named")
        check(read(place.hosts) == HOSTS, "nobody was asked, and it writes")
    document = e2e.parse(place.run("apply", "--json", want=2).stdout)
    formats.fits(document, "hosts", "nobody to ask")
    check(document.get("outcome") == "refused", f"nobody to ask: {document.get('outcome')}")
    place.run("apply", "--yes")
    done = place.run("undo", want=2, stdin=b"y\n")
    check(b"--yes" in done.stderr, "undo: nobody to ask: --yes is not named")
    check(read(place.hosts) != HOSTS, "undo: nobody was asked, and it writes")


# --- several at once ---------------------------------------------------------------


def eight_at_once(here):
    place = Place(here)
    many = [inventory(f"{here}/{n}.json", f"ws{n}", 100 + n) for n in range(8)]
    running = [subprocess.Popen([e2e.tool("pl-hosts"), "apply", inv, "--yes", "--hosts",
                                 place.hosts, "--state", place.state],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE) for inv in many]
    for number, process in enumerate(running):
        err = process.communicate(timeout=e2e.LIMIT_S)[1]
        check(process.returncode == 0, f"writer {number}: exit {process.returncode} {err[-300:]!r}")
    text = read(place.hosts)
    for n in range(8):
        check(text.count(b"# pldiag: begin ws%d " % n) == 1 and
              b"10.150.0.%d ws%d.vault.azure.net\n" % (100 + n, n) in text, f"writer {n} is lost")
    for _ in range(8):
        place.run("undo", "--yes")
    check(read(place.hosts) == HOSTS, "eight undos are not the first state")


def somebody_holds_it(here):
    """One waits at its question; the other waits five seconds and says for whom."""
    place = Place(here)
    with terminal(place.words("apply")) as (process, say, wait_for, drain):
        wait_for(b"[y/N] ")
        begun = time.monotonic()
        done = place.run("apply", "--yes", want=4)
        check(time.monotonic() - begun >= 4.5, "the lock is not waited for")
        check(b"pl-hosts apply" in done.stderr and str(process.pid).encode() in done.stderr,
              f"who holds the file is not told: {done.stderr!r}")
        say(b"y\n")
        drain()
        check(process.wait(e2e.LIMIT_S) == 0, "the one who was asked fails")


# --- what stands in the way -----------------------------------------------------------


def one_line(done, *says):
    last = done.stderr.decode().splitlines()[-2:]
    for word in says:
        check(any(word in line for line in last), f'not "{word}" in {last}')


def without_rights(here):
    if os.geteuid() != 0:
        return
    place = Place(here)
    os.chmod(here, 0o755)
    os.chmod(place.hosts, 0o644)
    mine = f"{here}/mine"
    os.mkdir(mine)
    place.state = f"{mine}/state"
    try:
        os.chown(mine, 65534, 65534)
        os.chmod(e2e.tool("pl-hosts"), 0o755)
        done = subprocess.run(place.words("apply", "--yes"), user=65534, group=65534,
                              capture_output=True, check=False, timeout=e2e.LIMIT_S)
    except OSError:
        return  # the build is in a folder that others may not enter, or only one uid is here
    check(done.returncode == 4, f"without rights: exit {done.returncode}")
    one_line(done, "sudo")
    check(read(place.hosts) == HOSTS, "without rights: written")


def nowhere_to_print(here):
    """The file is written; that nobody could read the report is told."""
    place = Place(here)
    for command, args, told in (("plan", [place.inv], True), ("apply", ["--yes"], True),
                                ("history", [], True), ("undo", ["--yes"], True)):
        words = place.words(command, *args) if command != "plan" else [
            e2e.tool("pl-hosts"), "plan", "--hosts", place.hosts, *args]
        for more in ([], ["--json"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([*words, *more], stdout=full, check=False,
                                      stderr=subprocess.PIPE, timeout=e2e.LIMIT_S)
            if command in ("apply", "undo") and more:
                continue  # nothing was left to do
            check(done.returncode == 4, f"/dev/full {command} {more}: exit {done.returncode}")
            if told:
                one_line(done, "No space left on device")
    check(read(place.hosts) == HOSTS, "/dev/full: not as before")


def ended_by_a_signal(here):
    """Whenever it ends, the file is the old or the new one."""
    place = Place(here)
    for number in (signal.SIGTERM, signal.SIGHUP):
        with terminal(place.words("apply")) as (process, _, wait_for, drain):
            wait_for(b"[y/N] ")
            process.send_signal(number)
            drain()
            status = process.wait(e2e.LIMIT_S)
        check(status == 128 + number, f"{number.name}: exit {status}")
        check(read(place.hosts) == HOSTS, f"{number.name}: written")


def a_pipe_that_nobody_fills(here):
    """^C ends the wait for the inventory and for the hosts file."""
    place = Place(here)
    pipe = f"{here}/pipe"
    os.mkfifo(pipe)
    for what, words in (("the inventory", ["plan", pipe, "--hosts", place.hosts]),
                        ("the inventory", ["apply", pipe, "--hosts", place.hosts]),
                        ("the hosts file", ["plan", place.inv, "--hosts", pipe]),
                        ("the hosts file", ["lint", pipe]),
                        ("the hosts file", ["show", "--hosts", pipe])):
        with subprocess.Popen([e2e.tool("pl-hosts"), *words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            with open(pipe, "wb"):  # there as soon as it reads
                process.send_signal(signal.SIGINT)
                try:
                    status = process.wait(10)
                except subprocess.TimeoutExpired:
                    status = "none"
                    process.kill()
        check(status in (130, -signal.SIGINT),
              f"^C while {words[0]} waits for {what}: exit {status}")
    check(read(place.hosts) == HOSTS, "a pipe: written")
    os.unlink(pipe)


def main():
    with e2e.folder() as here:
        for test in (replies, nobody_to_ask, eight_at_once, somebody_holds_it, without_rights,
                     nowhere_to_print, ended_by_a_signal, a_pipe_that_nobody_fills):
            test(here)
    e2e.finish("pl-hosts asks, and what is not wanted is not written")


main()

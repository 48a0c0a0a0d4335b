# SPDX-License-Identifier: MIT
"""The packets of pl-doctor's run, recorded by tcpdump, judged by pl-capture: the same must be found.

An ordinary user's tcpdump cannot drop rights in a namespace that has one uid; there `pl-capture record` records.

A scenario says `"capture": "same"`, or gives what differs from its `expect`: what HTTP says inside TLS cannot be
seen.  `"capture_also"` are shell commands whose packets are recorded too, such as a client that speaks TLS 1.2 and so
shows certificates.
"""
import json
import os
import signal
import time

from . import faults, sandbox, scenario

LIMIT_S = 90
# A packet that nobody else sends: once it stands in the file, so does all that came before.
MARK, MARK_TO = b"the-end-of-the-recording", ("127.0.0.1", 9)
_SEND = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto({!r}, {!r})".format(MARK, MARK_TO)


def run(place, s, build, command, keep):
    """Lines that say what differs."""
    file = f"{sandbox.RUN}/recorded.pcap"
    with recording(place, s, build, file):
        _run(place, command)
        for line in s.get("capture_also", []):
            _run(place, ["sh", "-c", faults.service_names(line)])
    done = _run(place, [os.path.join(build, "tools", "pl-capture"), "analyze", file, "--json", *_options(place, s)])
    if keep:
        print(done.stdout, done.stderr)
    try:
        report = json.loads(done.stdout)
    except ValueError as why:
        return [f"capture: no report: {why}; exit {done.returncode}", done.stderr[-1500:]]
    wrong = [f"capture: {line}" for line in scenario.compare(report, done.returncode, _expected(s))]
    return wrong + ([done.stderr[-3000:]] if wrong else [])


def _expected(s):
    differs = s.get("capture")
    expect = {k: v for k, v in s["expect"].items() if k != "role"}
    return {**expect, **(differs if isinstance(differs, dict) else {})}


def _options(place, s):
    inventory = scenario.inventory_file(place, s)
    role = s["expect"].get("role")
    return ["--inventory", inventory, "--ca-file", place.environment()["LAB_CA"], *(["--role", role] if role else [])]


def _run(place, command):
    return place.run_as_role(command, capture_output=True, text=True, timeout=LIMIT_S, cwd=sandbox.RUN)


def recording(place, s, build, file, ports=None):
    """ports: those that our own recorder does not know from the inventory."""
    if os.environ["PLLAB_UID"] == "0":
        return Tcpdump(place, file)
    return Own(place, file, os.path.join(build, "tools", "pl-capture"), scenario.inventory_file(place, s), ports)


class _Recording:
    def __init__(self, place, file, command):
        self.place, self.file, self.command = place, file, command

    def __enter__(self):
        self.log = open(f"{sandbox.RUN}/recorder.out", "wb+")  # pylint: disable=consider-using-with
        self.process = self.place.start_as_role(self.command, self.log)
        self._wait("the recorder does not begin", lambda: self.begun in self._said())
        return self

    def _end(self, want):
        self.process.terminate()
        status = self.process.wait(LIMIT_S)
        said = self._said()
        self.log.close()
        if status not in want:
            raise RuntimeError(f"the recorder ends with {status}: {said.decode(errors='replace')}")

    def _said(self):
        with open(self.log.name, "rb") as f:
            return f.read()

    def _wait(self, what, ready):
        limit = time.monotonic() + LIMIT_S
        while not ready():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"{what}: {self._said().decode(errors='replace')}")
            time.sleep(0.002)


class Tcpdump(_Recording):
    begun = b"listening on"

    def __init__(self, place, file):
        super().__init__(place, file, ["tcpdump", "-i", "any", "-n", "-s", "0", "-U", "-B", "16384", "-Z", "root", "-w", file])

    def __exit__(self, *_):
        self.place.run_as_role(["python3", "-c", _SEND])
        self._wait("tcpdump does not write", self._marked)
        self._end((0,))

    def _marked(self):
        with open(self.file, "rb") as f:
            return MARK in f.read()


class Own(_Recording):
    begun = b"recording on"

    def __init__(self, place, file, program, inventory, ports):
        super().__init__(place, file, [program, "record", *([inventory] if inventory else []),
                                       *(["--ports", ports] if ports else []), "-w", file])

    def __exit__(self, *_):
        self._end((128 + signal.SIGTERM,))

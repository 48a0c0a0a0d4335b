# SPDX-License-Identifier: MIT
"""The packets of pl-doctor's run, recorded by tcpdump, judged by pl-capture: the same must be found.

A scenario says `"capture": "same"`, or gives what differs from its `expect`: what HTTP says inside TLS cannot be
seen.  `"capture_also"` are shell commands whose packets are recorded too, such as a client that speaks TLS 1.2 and so
shows certificates.
"""
import json
import os
import time

from . import faults, sandbox, scenario

LIMIT_S = 90
# A packet that nobody else sends: once it stands in the file, so does all that came before.
MARK, MARK_TO = b"the-end-of-the-recording", ("127.0.0.1", 9)
_SEND = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto({!r}, {!r})".format(MARK, MARK_TO)


def run(place, s, build, command, keep):
    """Lines that say what differs."""
    file = f"{sandbox.RUN}/recorded.pcap"
    with Recording(place, file):
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


class Recording:
    def __init__(self, place, file):
        self.place, self.file = place, file

    def __enter__(self):
        self.log = open(f"{sandbox.RUN}/tcpdump.out", "wb+")  # pylint: disable=consider-using-with
        self.process = self.place.start_as_role(
            ["tcpdump", "-i", "any", "-n", "-s", "0", "-U", "-B", "16384", "-Z", "root", "-w", self.file], self.log)
        self._wait("tcpdump does not listen", lambda: b"listening on" in self._said())
        return self

    def __exit__(self, *_):
        self.place.run_as_role(["python3", "-c", _SEND])
        self._wait("tcpdump does not write", self._marked)
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def _said(self):
        with open(self.log.name, "rb") as f:
            return f.read()

    def _marked(self):
        with open(self.file, "rb") as f:
            return MARK in f.read()

    def _wait(self, what, ready):
        limit = time.monotonic() + LIMIT_S
        while not ready():
            if b"change to 'root'" in self._said():
                raise sandbox.Skip("tcpdump runs only for the machine's own root")
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"{what}: {self._said().decode(errors='replace')}")
            time.sleep(0.002)

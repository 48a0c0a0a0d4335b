# SPDX-License-Identifier: MIT
"""A scenario of several commands on one machine, whose files stay as the commands leave them.

    "etc": true                  its /etc is a copy that can be written, so that files there can be replaced;
                                 without it /etc/hosts is a mount, as in a container
    "steps": [
      { "sh": "cat /etc/hosts", "out": "REGEX", "not": "REGEX", "keep": "NAME", "same": "NAME" },
      { "doctor": { what `expect` of a scenario holds }, "args": ["--save", "{run}/jumpbox.case"] },
      { "run": "pl-hosts apply {inventory} --yes", "exit": 0, "out": "REGEX", "err": "REGEX", "json": {"outcome": "written"} },
      { "start": "pl-listen --ports 44224 --for 4", "at": "vnet", "until": "REGEX of what it says" },
      { "finish": 0, "out": "REGEX" },         the one that was started last ends by itself, with this exit status
      { "run": "pl-probe …", "record": "{run}/a.pcap" },      the packets that it sends and gets, also at
        "record_ports": "44224"                               ports that the inventory does not have
      { "judge": { like doctor }, "from": ["{run}/a.case", "{run}/b.case"] } ]

"at": "vnet" runs a step as a machine inside the VNet instead, "at": "corp" on the corporation's name server, whose
configuration is {run}/corp-dns.conf and whose process {pid:corp-dns}; {pid:started} is what "start" started last;
{"restart": "corp-dns"} starts it anew.  "report" is what a "run" has to print, like doctor.  `keep` remembers what a
step printed, `same` is fulfilled by nothing else.  {inventory}, {run}, {ca} and {SERVICE} are filled in; tools are those of the build.
"""
import json
import os
import re
import shlex
import shutil
import time

from . import capture, faults, kernel, lab, masked, sandbox, world

LIMIT_S = 60
_CASE = f"{sandbox.RUN}/step.case"
# What programs read from /etc, apart from what the lab writes itself.
_ETC = ("passwd", "group", "ssl", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "host.conf", "gai.conf", "alternatives",
        "protocols", "services", "ca-certificates", "ca-certificates.conf")


class Machine:
    """Where the steps run; what they change stays."""

    def __init__(self, place, s, build, inventory):
        self.place, self.s, self.build = place, s, build
        self.words = {"run": sandbox.RUN, "ca": place.environment()["LAB_CA"], "inventory": inventory or ""}
        self.env = {**place.environment(), "XDG_STATE_HOME": f"{sandbox.RUN}/state"}
        os.makedirs(self.env["XDG_STATE_HOME"], mode=0o700)
        self.binds = _own_etc(place) if s.get("etc") else place.role_binds()
        self.vnet = dict(self.binds, **_vnet_files())
        self.kept = {}
        self.started = []  # processes, and where they say what they say

    def start(self, argv, at, until):
        """It goes on while the next steps run; what it says goes to a file."""
        name = f"{sandbox.RUN}/started-{len(self.started)}.out"
        with open(name, "wb") as out:
            process = self.place.start_in(at, self.vnet if at != "client" else self.binds, argv, env=self.env,
                                          stdin=lab.subprocess.DEVNULL, stdout=out, stderr=out, cwd=sandbox.RUN)
        self.started.append((process, name))
        limit = time.monotonic() + LIMIT_S
        while not re.search(until, _text(name), re.S):
            if process.poll() is not None or time.monotonic() > limit:
                return [f"it does not say {until!r}:", _text(name)[-2000:]]
            time.sleep(0.002)
        return []

    def finish(self, step):
        process, name = self.started.pop()
        status = process.wait(LIMIT_S)
        wrong = [] if status == step["finish"] else [f"exit {status}, wanted {step['finish']}"]
        if "out" in step and not re.search(self.fill(step["out"]), _text(name), re.S | re.M):
            wrong.append(f"out has no {step['out']!r}")
        return wrong + ([_text(name)[-3000:]] if wrong else [])

    def run(self, argv, at):
        return self.place.run_in(at, self.vnet if at != "client" else self.binds, argv, env=self.env, capture_output=True,
                                 text=True, timeout=LIMIT_S, cwd=sandbox.RUN, stdin=lab.subprocess.DEVNULL)

    def fill(self, text):
        pids = {f"pid:{spec.key}": str(process.pid) for spec, process in self.place.running}
        if self.started:
            pids["pid:started"] = str(self.started[-1][0].pid)
        for key, value in {**self.words, **pids}.items():
            text = text.replace("{" + key + "}", value)
        return faults.service_names(text)

    def tool(self, words):
        return [os.path.join(self.build, "tools", words[0]), *words[1:]]


def _text(name):
    with open(name, encoding="utf-8", errors="replace") as f:
        return f.read()


def _own_etc(place):
    folder = f"{sandbox.RUN}/etc"
    os.makedirs(folder)
    for name in _ETC:
        source = f"/etc/{name}"
        if os.path.isdir(source):
            shutil.copytree(source, f"{folder}/{name}", symlinks=True, ignore=_unreadable)
        elif os.access(source, os.R_OK):
            shutil.copy(source, f"{folder}/{name}")
    binds = {"/etc": folder}
    for path, source in place.role_binds().items():
        if path.startswith("/etc/") and path.count("/") == 2 and os.path.isfile(source):
            shutil.copy(source, f"{folder}/{path[5:]}")
        else:
            binds[path] = source
    return binds


def _unreadable(folder, names):
    return [n for n in names if not os.access(f"{folder}/{n}", os.R_OK) and not os.path.islink(f"{folder}/{n}")]


def _vnet_files():
    """The machine inside the VNet asks Azure's name server and has a hosts file of its own."""
    files = {"/etc/hosts": world.HOSTS, "/etc/resolv.conf": f"nameserver {world.AZURE_DNS}\n"}
    binds = {}
    for path, text in files.items():
        source = f"{sandbox.RUN}/vnet-{os.path.basename(path)}"
        with open(source, "w", encoding="utf-8") as f:
            f.write(text)
        binds[path] = source
    return binds


def run(place, s, build, inventory, compare):
    """Every step in turn; gives what differed."""
    machine = Machine(place, s, build, inventory)
    for number, step in enumerate(s["steps"], 1):
        wrong = _step(machine, step, compare)
        if wrong:
            return [f"step {number}: {step.get('run') or step.get('sh') or step.get('start') or 'pl-doctor'}", *wrong]
    return []


def _step(machine, step, compare):
    if "restart" in step:
        machine.place.restart(step["restart"])
        return []
    at = step.get("at", "client")
    if "start" in step:
        return machine.start(machine.tool(shlex.split(machine.fill(step["start"]))), at, step["until"])
    if "finish" in step:
        return machine.finish(step)
    if "sh" in step:
        argv = ["sh", "-c", machine.fill(step["sh"])]
    elif "judge" in step:
        argv = machine.tool(["pl-doctor", "--json", *(f"--from={machine.fill(f)}" for f in step["from"])])
    elif "doctor" in step:
        argv = machine.tool(["pl-doctor", machine.words["inventory"], "--json", "--ca-file", machine.words["ca"]])
        if "--save" not in step.get("args", []):
            argv += ["--save", _CASE]
    else:
        argv = machine.tool(shlex.split(machine.fill(step["run"])))
    argv += [machine.fill(a) for a in step.get("args", [])]
    if "record" in step:
        with capture.recording(machine.place, machine.s, machine.build, machine.fill(step["record"]), step.get("record_ports")):
            done = machine.run(argv, at)
    else:
        done = machine.run(argv, at)
    wrong = _compare(machine, step, done)
    if "judge" in step:
        wrong += masked.run(machine.build, *(machine.fill(f) for f in step["from"]))
    elif _CASE in argv:
        wrong += masked.run(machine.build, _CASE)
    expect = step.get("doctor", step.get("judge", step.get("report")))
    if expect:
        try:
            wrong += compare(json.loads(done.stdout), done.returncode, expect)
        except ValueError as why:
            wrong.append(f"no report: {why}")
    return wrong + ([f"exit {done.returncode}", done.stdout[:3000], done.stderr[-3000:]] if wrong else [])


def _compare(machine, step, done):
    wrong = []
    for what, text in (("out", done.stdout), ("err", done.stderr)):
        if what in step and not re.search(machine.fill(step[what]), text, re.S | re.M):
            wrong.append(f"{what} has no {step[what]!r}")
    if "not" in step and re.search(machine.fill(step["not"]), done.stdout + done.stderr, re.S | re.M):
        wrong.append(f"it says {step['not']!r}")
    if "run" in step and done.returncode != step.get("exit", 0):
        wrong.append(f"exit is not {step.get('exit', 0)}")
    if "json" in step:
        wrong += _compare_json(done.stdout, step["json"])
    if "same" in step and done.stdout != machine.kept[step["same"]]:
        wrong.append(f"not the same as {step['same']}: {machine.kept[step['same']]!r}")
    if "keep" in step:
        machine.kept[step["keep"]] = done.stdout
    return wrong


def _compare_json(text, wanted):
    try:
        document = json.loads(text)
    except ValueError as why:
        return [f"no document: {why}"]
    return [f"{key}: {document.get(key)!r}, wanted {value!r}" for key, value in wanted.items() if document.get(key) != value]

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The scripts of --print-collector.  The one for sh is run with the tools that
some machine may have or lack, in several shells and with several awks, in a
network of its own: what it writes is a case, holds what it met byte for byte,
and never makes a healthy machine of one that could not be looked at.  The one
for PowerShell is held to what can be said of it without a PowerShell, and
files as it writes them are judged."""
import glob
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from email.utils import formatdate

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
import _powershell  # noqa: E402
from _pldiag import check, run, write, wrong  # noqa: E402

DATA = os.path.join(e2e.SOURCE, "tests", "data", "collector")
MACOS = os.path.join(DATA, "macos")
BLOB, FILES, API = "ws1103sa.blob.core.windows.net", "ws1103sa.file.core.windows.net", e2e.API
ADDRESSES = {API: "10.150.0.4", API.replace(".api.", ".cert.api."): "10.150.0.4", BLOB: "10.150.0.8", FILES: "10.150.0.7"}
SERVER = "10.150.0.53"
INVENTORY = {
    "schema": "pldiag.inventory/1", "name": "it's \"ws\" \\ caf\u00e9", "region": "eastus", "networks": ["10.150.0.0/16"],
    "public_access": "disabled",
    "targets": [{"fqdn": name, "addresses": [address], "expect": "private", "service": service, "source": "read"}
                for (name, address), service in zip(ADDRESSES.items(), ("workspace-api", "workspace-cert", "storage-blob", "storage-file"))]}
# What every system has, and what the script cannot do without.
BASE = "sh awk cat date find grep head mkdir mktemp mv rm sed sleep sort tr uname".split()
FULL = BASE + "dig perl openssl bash ip timeout".split()
HOSTS = (b"127.0.0.1 localhost\n# 10.1.1.1 " + BLOB.encode() + b" \"quoted\" \\back\\slash\ttab \x01\x7f \xc3\xa9 \xff\xc0\xaf\r\n"
         b"10.9.9.9 nas.home.example\n10.150.0.88other.example\n")
KEPT = "\n# 10.1.1.1 " + BLOB + " \"quoted\" \\back\\slash\ttab \x01\x7f \u00e9 \ufffd\ufffd\ufffd\r\n"
HEADERS = b"x-ms-error-code: a\"b\\c\x01\xff\xc3\xa9\r\nX-MS-Request-Id: 1\r\nx-ms-request-id: 2\r\nServer: it's\r\n"
formats = None


# --- what is printed --------------------------------------------------------------


def printed(*args, language="sh"):
    return run("pl-doctor", "--print-collector", language, *args, want=0).stdout


def scripts(here, inventory):
    for language in ("sh", "powershell"):
        text = printed(inventory, language=language)
        check(text.isascii(), f"{language}: not ASCII")
        left = re.findall(rb"@[A-Z_]+@", text)
        check(not left, f"{language}: marks are left: {left}")
    wrong.extend(f"powershell: {line}" for line in _powershell.faults(printed(inventory, language="powershell").decode()))
    gather = run("pl-inventory", "gather", "--shell", "powershell", want=0).stdout.decode()
    wrong.extend(f"gather: {line}" for line in _powershell.faults(gather))
    data = json.loads(re.search(r"(?s)\$inventoryText = @'\n(.*?)\n'@", printed(inventory, language="powershell").decode())[1])
    check(data["name"] == INVENTORY["name"], f"the inventory's name became {data['name']!r}")
    if shutil.which("shellcheck"):
        path = write(f"{here}/checked.sh", printed(inventory))
        done = subprocess.run(["shellcheck", path], capture_output=True, text=True, check=False)
        check(done.returncode == 0, done.stdout)


def usage(inventory):
    for more in (["--from", "x"], ["--save", "x"], ["--error", "x"], ["--view", "system"], ["--hosts", "x"],
                 ["--clock", "2026-01-01T00:00:00Z"], ["--repeat", "2"]):
        done = run("pl-doctor", "--print-collector", "sh", inventory, *more, want=2)
        check(b"cannot stand beside it" in done.stderr and not done.stdout, f"{more}: {done.stderr}")
    check(b"ws1103" in run("pl-doctor", "--print-collector", "sh", want=2).stderr, "no examples without an inventory")
    run("pl-doctor", "--print-collector", "cmd", inventory, want=2)
    run("pl-doctor", "--print-collector", "sh", inventory, "--ca-file", "/nonexistent", want=2)


def recorded():
    """Files from Windows."""
    with open(f"{DATA}/expected.json", encoding="utf-8") as file:
        expected = json.load(file)
    files = {os.path.basename(path)[:-6]: path for path in glob.glob(f"{DATA}/*.jsonl")}
    check(set(files) == set(expected) - {"about"}, "not every file has its verdict")
    for name, path in sorted(files.items()):
        formats.case(path, name)
        want = dict(expected[name])
        commands = want.pop("commands", [])
        report = judged(run("pl-doctor", "--from", path, "--json"), want, name)
        told = [fix.get("command") for cause in report["causes"] for fix in cause["fixes"]] if report else []
        for command in commands:
            check(command in told, f"{name}: no fix is {command}: {told}")


def judged(done, want, what):
    report = formats.report(done.stdout, what)
    if report is None:
        return None
    codes = {f["id"]: f["code"] for f in report["findings"]}
    # Where the tests run is not what they are about.
    causes = [c for c in (codes[c["finding"]] for c in report["causes"]) if c != "machine.not-the-browser"]
    met = {"exit": done.returncode, "verdict": report["verdict"].replace("degraded", "healthy"), "first_cause": causes[0] if causes else None,
           "failed": [t["service"] for t in report["targets"] if t["status"] == "fail"]}
    for key, value in want.items():
        check(met[key] == value, f"{what}: {key} is {met[key]}, not {value}")
    return report


# --- a small private link on loopback ------------------------------------------------


def addresses_up():
    for address in {*ADDRESSES.values(), SERVER}:
        subprocess.run(["ip", "addr", "add", f"{address}/32", "dev", "lo"], check=True)


class Names(threading.Thread):
    """A name server at its usual port; `silent` makes it so."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((SERVER, 53))
        self.silent = False
        self.asked = threading.Event()
        self.start()

    def run(self):
        while True:
            packet, peer = self.socket.recvfrom(4096)
            self.asked.set()
            if not self.silent:
                self.socket.sendto(self.answer(packet), peer)

    @staticmethod
    def answer(packet):
        name, kind, _ = e2e.question_of(packet)
        soa = e2e.record("privatelink.test", e2e.SOA, e2e.wire("azureprivatedns.net") + e2e.wire("h.microsoft.com")
                         + b"\0\0\0\1" * 4 + b"\0\0\0\x0a", ttl=7)
        if name not in ADDRESSES:
            return e2e.reply(packet, e2e.NXDOMAIN, authority=[soa])
        if kind != e2e.A:
            return e2e.reply(packet, authority=[soa])
        alias = "x.privatelink.test"
        return e2e.reply(packet, answers=[e2e.record(name, e2e.CNAME, e2e.wire(alias)),
                                          e2e.record(alias, e2e.A, e2e.v4(ADDRESSES[name]), ttl=9)])


def certificates(here):
    """A root and a leaf for all names, with what has to be escaped in it."""
    subject = "/O=it's \"quoted\" \\\\ caf\u00e9/CN=leaf"
    write(f"{here}/names", "subjectAltName=" + ",".join(f"DNS:{n}" for n in ADDRESSES) + "\n")
    for command in (
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=Root".split(),
            [*"req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key -out leaf.csr -utf8 -subj".split(), subject],
            "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -out leaf.pem -days 20 -extfile names".split()):
        subprocess.run(["openssl", *command], cwd=here, check=True, capture_output=True)
    return f"{here}/root.pem"


class Web(threading.Thread):
    """HTTPS at each address, and a plain port for files."""

    def __init__(self, here):
        super().__init__(daemon=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(f"{here}/leaf.pem", f"{here}/leaf.key")
        for address in set(ADDRESSES.values()):
            self.listen(address, 443, self.talk)
        self.listen(ADDRESSES[FILES], 445, lambda raw: raw.close())

    def listen(self, address, port, serve):
        server = socket.create_server((address, port), backlog=64)

        def accept():
            while True:
                threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()

    def talk(self, raw):
        try:
            with self.context.wrap_socket(raw, server_side=True) as s:
                if s.recv(4096):
                    s.sendall(b"HTTP/1.1 400 Bad\r\n" + HEADERS + b"Date: " + formatdate(usegmt=True).encode() + b"\r\n\r\n<\x00b>")
        except OSError:
            pass


class Machine:
    """Runs the script with some tools, and files of its own in /etc."""

    def __init__(self, here, inventory, root):
        self.here = here
        self.script = write(f"{here}/collector.sh", printed(inventory, "--no-public", "--timeout", "20", "--ca-file", root))
        self.n = 0
        write(f"{here}/hosts", HOSTS)
        write(f"{here}/resolv.conf", f"# a secret\nnameserver {SERVER}\noptions ndots:1\n")
        write(f"{here}/nsswitch.conf", "passwd: files\nhosts: files dns\n")

    def command(self, tools, shell, case):
        folder = f"{self.here}/tools{self.n}"
        os.mkdir(folder)
        for tool in tools:
            name, _, other = tool.partition("=")
            os.symlink(other if "/" in other else shutil.which(other or name), f"{folder}/{name}")
        mounts = " && ".join(f"mount --bind {self.here}/{n} /etc/{n}" for n in ("hosts", "resolv.conf", "nsswitch.conf"))
        enter = f'{mounts} && cd {self.here} && PATH={folder} exec "$@"'
        return ["unshare", "-m", "sh", "-c", enter, "_", *shell, self.script, case]

    def begin(self, tools, shell=("/bin/sh",), case=None):
        self.n += 1
        os.makedirs(f"{self.here}/tmp{self.n}")
        case = case or f"{self.here}/case{self.n}"
        env = {"PATH": os.environ["PATH"], "TMPDIR": f"{self.here}/tmp{self.n}", "HTTPS_PROXY": "", "STAND_IN": MACOS}
        return case, subprocess.Popen(self.command(tools, shell, case), env=env, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def collect(self, tools, want, what, shell=("/bin/sh",)):
        case, process = self.begin(tools, shell)
        out, err = process.communicate(timeout=120)
        check(process.returncode == 0 and not out, f"{what}: exit {process.returncode}: {err}")
        check(b"awk:" not in err and b"syntax" not in err, f"{what}: {err}")
        left = os.listdir(f"{self.here}/tmp{self.n}")
        check(not left, f"{what}: leaves {left} behind")
        lines = formats.case(case, what)
        report = judged(run("pl-doctor", "--from", case, "--json"), want, what)
        return lines, report


HEALTHY = {"exit": 0, "verdict": "healthy", "first_cause": None, "failed": []}
UNKNOWN = {"exit": 3, "verdict": "unknown", "first_cause": None, "failed": []}


def facts_of(lines, probe, **having):
    return [f for f in lines[1:] if f["probe"] == probe and all(f.get(k) == v for k, v in having.items())]


def byte_for_byte(lines):
    header = lines[0]
    check(header["inventory"]["name"] == INVENTORY["name"], f"name: {header['inventory']['name']!r}")
    check(header["complete"] is True, "a whole run is not called so")
    texts = header["machine"]["texts"]
    check(texts["hosts"] == KEPT, f"hosts: {texts['hosts']!r}")
    check("secret" not in texts["resolv_conf"] and SERVER in texts["resolv_conf"], f"resolv.conf: {texts}")
    answer = facts_of(lines, "dns", name=BLOB, type="A")[0]
    check([r["value"] for r in answer["chain"]] == ["x.privatelink.test", ADDRESSES[BLOB]] and answer["chain"][1]["ttl"] == 9,
          f"chain: {answer}")
    nothing = facts_of(lines, "dns", name=BLOB, type="AAAA")[0]
    check(nothing["status"] == "nodata" and nothing["soa"]["mname"] == "azureprivatedns.net" and nothing["soa"]["minimum"] == 10,
          f"SOA: {nothing}")
    zone = facts_of(lines, "dns", type="SOA")
    check(zone and all(f["status"] == "nxdomain" for f in zone), f"zones: {zone}")
    leaf = facts_of(lines, "tls", target=BLOB)[0]
    check(leaf["root"] == "service" and sorted(leaf["chain"][0]["san"]) == sorted(ADDRESSES), f"certificate: {leaf}")
    check("it's" in leaf["chain"][0]["subject"] and "quoted" in leaf["chain"][0]["subject"], f"subject: {leaf['chain'][0]}")
    http = facts_of(lines, "http", target=BLOB)[0]
    check(http["headers"] == {"x-ms-error-code": "a\"b\\c\x01\ufffd\u00e9", "x-ms-request-id": ["1", "2"]},
          f"headers: {http['headers']}")
    check(http["is_service"] is True and http["code"] == 400 and http["server"] == "it's", f"answer: {http}")


def kinds_of_machine(machine):
    """The same world, seen with other tools: the same verdict."""
    lines, _ = machine.collect(FULL, HEALTHY, "all tools")
    byte_for_byte(lines)
    without = [t for t in FULL if t not in ("dig", "perl", "timeout", "bash")]
    some = [("host, getent, nc", [*without, "host", "getent", "nc"]),
            ("nslookup, getent, curl", [*without, "nslookup", "getent", "curl"])]
    for what, tools in some:
        if all(shutil.which(t) for t in tools):
            machine.collect(tools, HEALTHY, what)
    for awk in ("gawk", "original-awk", "busybox", "mawk"):
        if shutil.which(awk):
            byte_for_byte(machine.collect([t if t != "awk" else f"awk={awk}" for t in FULL], HEALTHY, awk)[0])
    for shell in (["/bin/bash"], ["/bin/busybox", "sh"]):
        if os.path.exists(shell[0]):
            machine.collect(FULL, HEALTHY, " ".join(shell), shell)


def macos(machine):
    """Its own commands, in a world that is not its own."""
    stand_ins = [f"{n}={MACOS}/stand-in" for n in "uname sw_vers scutil ifconfig netstat route dscacheutil".split()]
    tools = [t for t in FULL if t not in ("uname", "perl", "timeout", "ip", "awk")] + stand_ins
    awk = "awk=original-awk" if shutil.which("original-awk") else "awk"
    lines, _ = machine.collect([*tools, awk], {"exit": 0, "first_cause": None}, "macOS")
    header = lines[0]["machine"]
    check((header["platform"], header["os"], header["host"]) == ("darwin", "macOS 15.1", "Ada-MacBook.local"), f"{header}")
    servers = [(s["at"], s.get("order"), s.get("domains"), s.get("default_route")) for s in header["servers"]]
    check(servers == [("10.150.0.53:53", 0, None, True), ("[fe80::1%en0]:53", 1, None, True),
                      ("10.20.0.53:5353", 0, ["corp.example"], None)], f"macOS servers: {servers}")
    check(header["resolv"]["search"] == ["contoso.example"], f"macOS search: {header['resolv']}")
    faces = {i["name"]: i for i in header["interfaces"]}
    check([n for n, i in faces.items() if i["up"]] == ["lo0", "en0", "utun4"], f"macOS up: {faces}")
    check([n for n, i in faces.items() if i.get("tunnel")] == ["utun4"], f"macOS tunnels: {faces}")
    check([a["prefix"] for a in faces["utun4"]["addresses"] + faces["en0"]["addresses"]]
          == ["10.250.0.2/27", "fe80::10a3:5b45:8d20:90aa/64", "192.168.1.50/24"], f"macOS addresses: {faces}")
    routes = [(r["to"], r.get("gateway"), r["interface"]) for r in header["routes"]]
    check(routes == [("0.0.0.0/0", "192.168.1.1", "en0"), ("10.150.0.0/16", None, "utun4"),
                     ("10.250.0.2/32", "10.250.0.2", "utun4"), ("127.0.0.0/8", "127.0.0.1", "lo0"),
                     ("192.168.1.0/24", None, "en0"), ("192.168.1.1/32", None, "en0"), ("224.0.0.0/4", None, "en0"),
                     ("::/0", "fe80::1", "en0")], f"macOS routes: {routes}")
    check([p["url"] for p in header["proxies"]] == ["http://proxy.contoso.example:3128"], f"macOS: {header['proxies']}")
    check("*.azureml.ms" in header["no_proxy"] and not facts_of(lines, "http", proxy="http://proxy.contoso.example:3128"),
          f"macOS: the proxy was asked for names that go past it: {header['no_proxy']}")
    ways = facts_of(lines, "route")
    check(ways and all(f["interface"] == "utun4" and f["is_tunnel"] and f["on_link"] for f in ways), f"macOS: {ways}")


def poor_machine(machine):
    """What could not be asked is noted, and is no sign of health."""
    lines, report = machine.collect(BASE, UNKNOWN, "bare")
    check(lines[0]["complete"] is False and facts_of(lines, "dns"), f"bare: {lines[0]}")
    check(all(f["status"] == "not-run" for f in facts_of(lines, "dns") + facts_of(lines, "tcp") + facts_of(lines, "tls")),
          "bare: something was asked with nothing")
    lines, _ = machine.collect([t for t in FULL if t != "openssl"], UNKNOWN, "without openssl")
    check(facts_of(lines, "tcp", status="open") and facts_of(lines, "tls", status="not-run"), "without openssl: facts")
    lines, _ = machine.collect([t for t in FULL if t != "dig"], UNKNOWN, "without dig")
    check(lines[0]["complete"] is False, "without dig: called complete")


def script(path, text):
    os.chmod(write(path, "#!/bin/sh\n" + text), 0o755)
    return path


def skewed_clock(machine):
    """The clock of the machine is the one that the file goes by."""
    date = script(f"{machine.here}/date", f'exec {shutil.which("date")} -d "+1 hour" "$@"\n')
    lines, _ = machine.collect([*(t for t in FULL if t != "date"), f"date={date}"],
                               {"exit": 1, "verdict": "failed", "first_cause": "clock.skewed"}, "an hour ahead")
    check(facts_of(lines, "http", target=BLOB)[0].get("date"), "an hour ahead: no Date was kept")


def busy_machine(machine):
    """Silence counts only where it is not this machine that is late: each question is lost once."""
    marks = f"{machine.here}/marks"
    os.mkdir(marks)
    sleep, dig = shutil.which("sleep"), shutil.which("dig")
    lossy = script(f"{machine.here}/dig", f'mark={marks}/$(echo "$*" | tr -dc a-zA-Z0-9.)\n'
                   f'[ -e "$mark" ] && exec {dig} "$@"\n: >"$mark"\n{sleep} 4\nexit 124\n')
    late = script(f"{machine.here}/sleep", f'exec {sleep} "$(($1 + 1))"\n')
    tools = [t for t in FULL if t not in ("dig", "sleep")] + [f"dig={lossy}"]
    lines, _ = machine.collect([*tools, f"sleep={late}"], HEALTHY, "busy")
    check(lines[0]["complete"] is True, "busy: not complete")
    shutil.rmtree(marks)
    os.mkdir(marks)
    machine.collect([*tools, "sleep"], {"first_cause": "dns.server-silent"}, "not busy")


def troubled(machine, names):
    """Silence is silence, ^C leaves a case, and no file is written over."""
    names.silent = True
    lines, _ = machine.collect(FULL, {"exit": 1, "verdict": "failed", "first_cause": "dns.server-silent"}, "silent")
    check(all(f["status"] == "timeout" for f in facts_of(lines, "dns")), "silent: another status")
    names.asked.clear()
    case, process = machine.begin(FULL)
    check(names.asked.wait(60), "interrupted: nothing was asked")
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=60)
    lines = formats.case(case, "interrupted")
    check(lines and lines[0]["complete"] is False and process.returncode == 130, f"interrupted: {lines[:1]}")
    check(not os.listdir(f"{machine.here}/tmp{machine.n}"), "interrupted: files are left behind")
    judged(run("pl-doctor", "--from", case, "--json"), {"verdict": "unknown"}, "interrupted")
    names.silent = False
    case, process = machine.begin(FULL, case=write(f"{machine.here}/mine", "mine"))
    _, err = process.communicate(timeout=60)
    with open(case, "rb") as file:
        check(process.returncode == 2 and b"there already" in err and file.read() == b"mine", f"written over: {err}")


def main():
    global formats
    e2e.own_network()
    formats = e2e.Formats()
    with e2e.folder() as here:
        inventory = write(f"{here}/ws.json", json.dumps(INVENTORY))
        scripts(here, inventory)
        usage(inventory)
        recorded()
        if not all(shutil.which(t) for t in FULL):
            e2e.finish("recorded cases are judged; tools to run the script are missing")
        addresses_up()
        root = certificates(here)
        names = Names()
        Web(here)
        machine = Machine(here, inventory, root)
        kinds_of_machine(machine)
        macos(machine)
        poor_machine(machine)
        skewed_clock(machine)
        busy_machine(machine)
        troubled(machine, names)
    e2e.finish("collectors write what they met, and no more")


main()

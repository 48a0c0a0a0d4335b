# SPDX-License-Identifier: MIT
"""What the end-to-end tests share: a network of their own in which nothing
can leave the machine, the tools, the schemas, and a name server that says
what it is told to say."""
import contextlib
import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import warnings

SKIP = 77
SOURCE = os.environ["PLDIAG_SOURCE"]
TOOLS = os.path.join(os.environ["PLDIAG_BUILD"], "tools")
SHORT = os.path.join(SOURCE, "tests", "data", "inventory", "short.json")
GUID = "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"
API = f"{GUID}.workspace.eastus.api.azureml.ms"
LIMIT_S = 60  # of one run; none comes near it
INSIDE = "PLDIAG_E2E_INSIDE"
wrong = []


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIP)


def signals_as_usual():
    """Whoever started us in the background may have had them ignored, and tools keep that."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


signals_as_usual()


def check(condition, text):
    if not condition:
        wrong.append(text)
    return bool(condition)


def finish(praise):
    print("\n".join(wrong) if wrong else praise)
    sys.exit(1 if wrong else 0)


# --- a network of our own -----------------------------------------------------


def own_network(hold="net"):
    """Start over inside namespaces.  There is only loopback in them: whatever
    a tool tries, no packet reaches anybody."""
    if os.environ.get(INSIDE) == hold:
        loopback_up()
        return
    flags = ["-n"] if os.geteuid() == 0 else ["-rn"]
    if subprocess.run(["unshare", *flags, "true"], capture_output=True,
                      check=False).returncode != 0:
        skip("this machine lets us make no network namespace")
    os.environ[INSIDE] = hold
    os.execvp("unshare", ["unshare", *flags, sys.executable, *sys.argv])


def loopback_up():
    """ip link set lo up (netdevice(7))."""
    get_flags, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(s, get_flags, request))[1]
        fcntl.ioctl(s, set_flags, struct.pack("16sh14x", b"lo", flags | up))


# --- tools --------------------------------------------------------------------


def tool(name):
    return os.path.join(TOOLS, name)


def all_tools():
    names = sorted(
        n for n in os.listdir(TOOLS)
        if n.startswith("pl-") and os.access(tool(n), os.X_OK)
    )
    if not names:
        print(f"no tool in {TOOLS}")
        sys.exit(1)
    return names


def words(args):
    return " ".join(os.path.basename(str(a)) or str(a) for a in args)[:160]


def run(name, *args, want=None, stdin=b"", **more):
    """Run a tool; bytes in, bytes out.  want: the exit status or several."""
    done = subprocess.run([tool(name), *args], input=stdin, timeout=LIMIT_S,
                          capture_output=True, check=False, **more)
    wants = (want,) if isinstance(want, int) else want
    if wants and done.returncode not in wants:
        wrong.append(f"{name} {words(args)}: exit {done.returncode}, not {want}\n"
                     f"  {done.stderr[:600].decode(errors='replace')}")
    return done


def lines_of(data):
    return data.decode("utf-8", "replace").splitlines()


@contextlib.contextmanager
def folder():
    path = tempfile.mkdtemp()
    try:
        yield path
    finally:
        shutil.rmtree(path)


def write(path, data):
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return path


# --- documents ----------------------------------------------------------------


def no_key_twice(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError(f"a key comes twice in {[k for k, _ in pairs]}")
    return dict(pairs)


def no_constant(word):
    raise ValueError(f"{word} is no JSON")


def parse(data):
    """As strict as JSON is: no key twice, no NaN, UTF-8."""
    return json.loads(data.decode("utf-8"), object_pairs_hook=no_key_twice,
                      parse_constant=no_constant)


class Formats:
    base = "https://pldiag.invalid/formats/"

    def __init__(self):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import jsonschema

                self.schema = jsonschema.Draft202012Validator
                self.resolver = jsonschema.RefResolver
        except (ImportError, AttributeError):
            skip("python has no jsonschema with draft 2020-12")
        warnings.simplefilter("ignore", DeprecationWarning)
        self.store = {}
        here = os.path.join(SOURCE, "docs", "formats")
        for name in os.listdir(here):
            if not name.endswith(".schema.json"):
                continue
            with open(os.path.join(here, name), "rb") as file:
                schema = parse(file.read())
            self.schema.check_schema(schema)
            # Some name themselves by file, some by the whole address.
            self.store[self.base + name] = schema

    def fits(self, document, name, what, part=""):
        root = self.base + name + ".schema.json"
        ref = {"$ref": root + part}
        resolver = self.resolver(root, self.store[root], store=self.store)
        errors = self.schema(ref, resolver=resolver).iter_errors(document)
        for error in list(errors)[:5]:
            place = "/".join(str(step) for step in error.path)
            wrong.append(f"{what}: {name}: {place}: {error.message[:300]}")

    def report(self, data, what):
        """A whole report and everything in it; None if it is no JSON."""
        try:
            document = parse(data)
        except ValueError as error:
            wrong.append(f"{what}: {error} in {data[:200]!r}")
            return None
        self.fits(document, "report", what)
        facts = {fact["id"] for fact in document["facts"]}
        findings = {finding["id"] for finding in document["findings"]}
        for finding in document["findings"]:
            check(facts.issuperset(finding["evidence"]),
                  f"{what}: {finding['code']}: evidence that is no fact")
        for cause in document["causes"]:
            check(findings.issuperset([cause["finding"], *cause["explains"]]),
                  f"{what}: a cause without its finding")
        return document

    def lines(self, data, name, what, part=""):
        """JSON Lines; gives the documents."""
        out = []
        check(not data or data.endswith(b"\n"), f"{what}: the last line has no end")
        for number, line in enumerate(data.split(b"\n")[:-1], 1):
            try:
                out.append(parse(line))
            except ValueError as error:
                wrong.append(f"{what}: line {number}: {error}: {line[:100]!r}")
                continue
            self.fits(out[-1], name, f"{what}: line {number}", part)
        return out

    def case(self, path, what, of_node=False):
        """A saved case: header, facts, and what lies in the header."""
        with open(path, "rb") as file:
            out = self.lines(file.read(), "case", what)
        if not check(out and out[0].get("schema") == "pldiag.case/1",
                     f"{what}: no header"):
            return out
        if out[0].get("tool") != "pl-listen" and not of_node:  # they know of no workspace
            self.fits(out[0].get("inventory"), "inventory", what + " header")
        self.fits(out[0].get("machine"), "machine", what + " header")
        check(out[0].get("facts") == len(out) - 1, f"{what}: facts are miscounted")
        return out


# --- a name server ------------------------------------------------------------

A, CNAME, SOA, AAAA = 1, 5, 6, 28
NOERROR, NXDOMAIN = 0, 3


def wire(name):
    """A name, or labels as bytes, in wire form (RFC 1035, 3.1)."""
    labels = name if isinstance(name, (list, tuple)) else [
        part.encode() for part in name.split(".") if part
    ]
    return b"".join(bytes([len(part)]) + part for part in labels) + b"\0"


def record(name, kind, data, ttl=60):
    return wire(name) + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data


def question_of(packet):
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]])
        at += packet[at] + 1
    kind = struct.unpack("!H", packet[at + 1:at + 3])[0]
    return ".".join(p.decode("latin-1").lower() for p in labels), kind, at + 5


def reply(packet, rcode=NOERROR, answers=(), authority=()):
    """A reply to the packet; EDNS is not spoken (RFC 6891, 7)."""
    end = question_of(packet)[2]
    head = struct.pack("!2sHHHHH", packet[:2], 0x8580 | rcode, 1, len(answers),
                       len(authority), 0)
    return head + packet[12:end] + b"".join([*answers, *authority])


def one_port(tries=50):
    """UDP and TCP sockets on one port of loopback; the latter does not listen
    yet.  A port free for one may still be held for the other, be it by a
    connection in TIME-WAIT."""
    for left in reversed(range(tries)):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        udp.bind(("127.0.0.1", 0))
        try:
            tcp.bind(udp.getsockname())
            return udp, tcp
        except OSError as e:
            udp.close()
            tcp.close()
            if e.errno != errno.EADDRINUSE or left == 0:
                raise


class NameServer:
    """UDP on loopback.  answer(packet, name, kind) gives a reply or None, for
    silence; asked is set by the first question.  Nobody listens on stream."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = threading.Event()
        self.socket, self.stream = one_port()
        self.view = "127.0.0.1:%u" % self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            packet, peer = self.socket.recvfrom(4096)
            self.asked.set()
            name, kind, _ = question_of(packet)
            out = self.answer(packet, name, kind)
            if out is not None:
                self.socket.sendto(out, peer)


def silent(*_):
    return None


def v4(text):
    return socket.inet_aton(text)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-zone check against real name servers of each kind: names that are right,
wrong, missing and hidden; servers that are silent, closed, slow to learn, or
cut their answers; and what each kind says of itself."""
import json
import os
import shutil
import socket
import subprocess
import sys
import threading

import jsonschema

import _pldiag as e2e
from _dnsd import CONFIGS, PORT, STARTS, serving

SERVER = f"127.0.0.1:{PORT}"
NAMES = {
    "ws1103kv.vault.azure.net": ["10.150.0.9"],
    "ws1103sa.blob.core.windows.net": ["10.150.0.8", "10.150.0.18"],
    "ws1103acr.azurecr.io": ["10.150.0.10"],
}
NEIGHBOUR = "somebody.vault.azure.net"
SCHEMA = json.load(open(os.path.join(e2e.SOURCE, "docs", "formats", "zone.schema.json"), encoding="utf-8"))
SAYS = {"bind": "bind", "knot": "knot", "nsd": "nsd", "unbound": "unbound", "dnsmasq": "dnsmasq"}


def inventory(folder, name="ws.json", **changed):
    """Three private names, and a public one beside them."""
    targets = [{"fqdn": n, "addresses": a} for n, a in {**NAMES, **changed}.items() if a]
    targets.append({"fqdn": NEIGHBOUR, "expect": "public"})
    return e2e.write(os.path.join(folder, name), json.dumps(
        {"schema": "pldiag.inventory/1", "name": "ws1103", "targets": targets}))


def check(ws, *more, want, server=SERVER):
    """The states by name, and the document."""
    done = e2e.run("pl-zone", "check", ws, "--server", server, "--json", *more, want=want)
    try:
        document = e2e.parse(done.stdout)
        jsonschema.validate(document, SCHEMA)
    except (ValueError, jsonschema.ValidationError) as why:
        e2e.check(False, f"check {more}: {why}")
        return {}, {}
    return {n["name"]: n["state"] for n in document["names"]}, document


def ours(states):
    return {name: states.get(name) for name in NAMES}


# --- real servers ---------------------------------------------------------------
PARENT = ["--style", "parent", "--yes-hide"]
MORE = {  # what a server is told beside what was rendered
    "unbound": ("pldiag-zones.conf", 'server:\n local-zone: "." refuse\n'),  # no root to look for
    "dnsmasq": ("pldiag-names.conf", ""),
}
HIDES = {"dnsmasq": "local=/vault.azure.net/\n"}  # it has no zones; this is what hides there


def served(folder, server, ws, hide=False):
    place = os.path.join(folder, f"{server}-{len(os.listdir(folder))}")
    style = PARENT if hide and server not in HIDES else []
    e2e.run("pl-zone", "render", ws, "--for", server, "-o", place + "/", *style, want=0)
    if server in MORE:
        name, text = MORE[server]
        with open(os.path.join(place, name), "a", encoding="utf-8") as f:
            f.write(text + (HIDES.get(server, "") if hide else ""))
    return serving(server, CONFIGS[server](place), os.path.join(place, "log"))


def right(folder, server):
    ws = inventory(folder)
    with served(folder, server, ws) as up:
        e2e.check(up, f"{server} does not start")
        states, document = check(ws, "--wait", "10", "--fingerprint", want=0)
        e2e.check(set(ours(states).values()) == {"right"}, f"{server}, right: {states}")
        e2e.check(states.get(NEIGHBOUR) == "not-served", f"{server}: {states.get(NEIGHBOUR)}")
        e2e.check(document.get("dialect") == SAYS[server],
                  f"{server} says {document.get('software')}: {document.get('dialect')}")
        quiet = check(ws, want=0)[1]
        e2e.check("software" not in quiet, f"{server}: asked what it is without --fingerprint")
        text = e2e.run("pl-zone", "check", ws, "--server", SERVER, want=0).stdout.decode()
        e2e.check("3 right" in text and "10.150.0.18" in text, f"{server}: {text}")


def wrong(folder, server):
    """The server knows another address for one, both for another, none for the third."""
    other = inventory(folder, "other.json", **{
        "ws1103kv.vault.azure.net": ["10.150.0.99"],
        "ws1103sa.blob.core.windows.net": ["10.150.0.8", "20.60.1.1"],
        "ws1103acr.azurecr.io": []})
    with served(folder, server, other) as up:
        e2e.check(up, f"{server} does not start")
        e2e.run("pl-zone", "check", other, "--server", SERVER, "--wait", "10", want=0)
        states, document = check(inventory(folder), want=1)
        e2e.check(ours(states) == {"ws1103kv.vault.azure.net": "wrong",
                                   "ws1103sa.blob.core.windows.net": "wrong",
                                   "ws1103acr.azurecr.io": "missing"}, f"{server}, wrong: {states}")
        answered = {n["name"]: n["answered"] for n in document["names"]}
        e2e.check(answered["ws1103kv.vault.azure.net"] == ["10.150.0.99"], f"{server}: {answered}")


def hidden(folder, server):
    ws = inventory(folder)
    with served(folder, server, ws, hide=True) as up:
        e2e.check(up, f"{server} does not start")
        e2e.run("pl-zone", "check", ws, "--server", SERVER, "--wait", "10", "--no-public", want=0)
        states, _ = check(ws, want=1)
        e2e.check(states.get(NEIGHBOUR) == "hidden", f"{server}, hidden: {states}")
        e2e.check(set(ours(states).values()) == {"right"}, f"{server}, hidden: {states}")
        states, _ = check(ws, "--no-public", want=0)
        e2e.check(NEIGHBOUR not in states, "--no-public asks for public names")


# --- servers that misbehave -------------------------------------------------------
def stray(answer):
    return e2e.NameServer(answer).view


def silent(folder):
    ws = inventory(folder)
    states, document = check(ws, "--timeout", "0.2", want=4, server=stray(e2e.silent))
    e2e.check(document.get("outcome") == "no-answer", f"silent: {document.get('outcome')}")
    e2e.check(set(states.values()) == {"no-answer"}, f"silent: {states}")
    closed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    closed.bind(("127.0.0.1", 0))
    at = "127.0.0.1:%u" % closed.getsockname()[1]
    closed.close()
    _, document = check(ws, want=4, server=at)
    whys = {n["why"] for n in document["names"]}
    e2e.check(whys == {"the port is closed"}, f"closed: {whys}")
    done = e2e.run("pl-zone", "check", ws, "--server", at, want=4)
    e2e.check(b"does not answer" in done.stdout, f"closed: {done.stdout}")


def a_record(name, address):
    return e2e.record(name, e2e.A, e2e.v4(address))


def good_answer(packet, name, kind):
    if name not in NAMES:
        return e2e.reply(packet, 5)
    if kind != e2e.A:
        return e2e.reply(packet)
    return e2e.reply(packet, answers=[a_record(name, a) for a in NAMES[name]])


def failing(folder):
    """SERVFAIL for one name: the server answers, and nobody knows this name."""
    def answer(packet, name, kind):
        if name == "ws1103kv.vault.azure.net":
            return e2e.reply(packet, 2)
        return good_answer(packet, name, kind)
    states, _ = check(inventory(folder), want=1, server=stray(answer))
    e2e.check(states["ws1103kv.vault.azure.net"] == "no-answer", f"failing: {states}")
    e2e.check(states["ws1103acr.azurecr.io"] == "right", f"failing: {states}")


def truncated(folder):
    """TC over UDP: the same question over TCP decides, and without TCP nobody knows."""
    def answer(packet, name, kind):
        out = bytearray(good_answer(packet, name, kind))
        if name == "ws1103kv.vault.azure.net" and kind == e2e.A:
            out[2] |= 0x02
        return bytes(out)
    server = e2e.NameServer(answer)
    states, _ = check(inventory(folder), want=1, server=server.view)
    e2e.check(states["ws1103kv.vault.azure.net"] == "no-answer", f"truncated: {states}")
    server.stream.listen()

    def serve():
        while True:
            peer = server.stream.accept()[0]
            with peer, peer.makefile("rb") as wire:
                packet = wire.read(int.from_bytes(wire.read(2), "big"))
                name, kind, _ = e2e.question_of(packet)
                out = good_answer(packet, name, kind)
                peer.sendall(len(out).to_bytes(2, "big") + out)

    threading.Thread(target=serve, daemon=True).start()
    states, _ = check(inventory(folder), want=0, server=server.view)
    e2e.check(states["ws1103kv.vault.azure.net"] == "right", f"over TCP: {states}")


def wait(folder):
    """What is wrong is asked again, what is right is not; and there is an end."""
    asked = []

    def answer(packet, name, kind):
        asked.append((name, kind))
        if name == "ws1103kv.vault.azure.net" and kind == e2e.A and asked.count((name, kind)) < 4:
            return e2e.reply(packet, e2e.NXDOMAIN)
        return good_answer(packet, name, kind)
    states, _ = check(inventory(folder), "--wait", "30", want=0, server=stray(answer))
    e2e.check(states["ws1103kv.vault.azure.net"] == "right", f"wait: {states}")
    e2e.check(asked.count(("ws1103kv.vault.azure.net", e2e.A)) == 4, f"wait: {asked}")
    e2e.check(asked.count(("ws1103acr.azurecr.io", e2e.A)) == 1, f"wait: {asked}")
    del asked[:]
    check(inventory(folder), want=1, server=stray(answer))
    e2e.check(asked.count(("ws1103kv.vault.azure.net", e2e.A)) == 1, f"no wait: {asked}")
    del asked[:]
    check(inventory(folder), "--wait", "0.4", want=1, server=stray(answer))
    e2e.check(asked.count(("ws1103kv.vault.azure.net", e2e.A)) == 3, f"short wait: {asked}")


def ipv6(folder):
    """An address of the other family that nobody expects leads past the endpoint."""
    def answer(packet, name, kind):
        if name == "ws1103kv.vault.azure.net" and kind == e2e.AAAA:
            return e2e.reply(packet, answers=[e2e.record(name, e2e.AAAA, socket.inet_pton(socket.AF_INET6, "2603:1::9"))])
        return good_answer(packet, name, kind)
    states, _ = check(inventory(folder), want=1, server=stray(answer))
    e2e.check(states["ws1103kv.vault.azure.net"] == "wrong", f"ipv6: {states}")


def alternatives(folder):
    """Of several forms of a name one is enough."""
    forms = ["ws1103ci1.eastus.instances.azureml.ms", "ws1103ci1-22.eastus.instances.azureml.ms"]
    ws = e2e.write(os.path.join(folder, "forms.json"), json.dumps(
        {"schema": "pldiag.inventory/1", "name": "ws1103", "targets": [
            {"fqdn": f, "addresses": ["10.150.0.4"], "any_of": "ci1"} for f in forms]}))

    def only(*there):
        def answer(packet, name, kind):
            if name in there and kind == e2e.A:
                return e2e.reply(packet, answers=[a_record(name, "10.150.0.4")])
            return e2e.reply(packet, e2e.NXDOMAIN if name not in there else 0)
        return stray(answer)
    states, _ = check(ws, "--no-public", want=0, server=only(forms[0]))
    e2e.check([states[f] for f in forms] == ["right", "not-needed"], f"one form: {states}")
    states, _ = check(ws, "--no-public", want=1, server=only())
    e2e.check([states[f] for f in forms] == ["missing", "missing"], f"no form: {states}")


def hostile(folder):
    """What a server says of itself is never printed raw."""
    def answer(packet, name, kind):
        if name == "version.bind":
            text = b"\x1b[31mred\x07"
            return e2e.reply(packet, answers=[
                e2e.wire(name) + b"\0\x10\0\3\0\0\0\0" + (len(text) + 1).to_bytes(2, "big") + bytes([len(text)]) + text])
        return good_answer(packet, name, kind)
    done = e2e.run("pl-zone", "check", inventory(folder), "--server", stray(answer), "--fingerprint", want=0)
    e2e.check(b"red" in done.stdout and b"\x1b" not in done.stdout and b"\x07" not in done.stdout,
              f"hostile: {done.stdout}")


def interrupted(folder):
    server = e2e.NameServer(e2e.silent)
    child = subprocess.Popen([e2e.tool("pl-zone"), "check", inventory(folder), "--server", server.view,
                              "--wait", "60", "--timeout", "60", "--json"], stdout=subprocess.PIPE)
    server.asked.wait(20)
    child.send_signal(2)
    out = child.communicate(timeout=20)[0]
    e2e.check(child.returncode == 130, f"interrupted: {child.returncode}")
    e2e.parse(out)


def refusals(folder):
    ws = inventory(folder)
    for args in ([ws], [ws, "--server", "somewhere"], ["--server", SERVER],
                 [os.path.join(folder, "none.json"), "--server", SERVER]):
        done = e2e.run("pl-zone", "check", *args, want=2)
        e2e.check(done.stderr and not done.stdout, f"{args}: no message, or output all the same")


def main():
    e2e.own_network()
    with e2e.folder() as folder:
        for server in SAYS:
            if not shutil.which(STARTS[server][0]):
                print(f"left out: {server} is not installed", file=sys.stderr)
                continue
            right(folder, server)
            wrong(folder, server)
            hidden(folder, server)
        for one in (silent, failing, truncated, wait, ipv6, alternatives, hostile, interrupted, refusals):
            one(folder)
    e2e.finish("five servers are told right from wrong, missing and hidden")


main()

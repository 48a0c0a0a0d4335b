#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-doctor --fingerprint asks each name server once which software it is, and
writes the repair in its language; without it nobody is asked, and no server is
blamed for keeping to itself."""
import json
import os

import _pldiag as e2e

ALIAS = "ws1103sa.privatelink.blob.core.windows.net"
NAME = "ws1103sa.blob.core.windows.net"


def cname(name, target):
    return e2e.record(name, e2e.CNAME, e2e.wire(target))


def text(name, said):
    said = said.encode()
    return (e2e.wire(name) + b"\0\x10\0\3\0\0\0\0" + (len(said) + 1).to_bytes(2, "big")
            + bytes([len(said)]) + said)


class Server(e2e.NameServer):
    """A server of a company, which does not see the private zone."""

    def __init__(self, says):
        self.says, self.questions = says, []
        super().__init__(self.speak)

    def speak(self, packet, name, kind):
        if name == "version.bind":
            end = e2e.question_of(packet)[2]
            self.questions.append((kind, packet[end - 2:end]))
            return e2e.reply(packet, answers=[text(name, self.says)]) if self.says else e2e.reply(packet, 5)
        if name == NAME and kind == e2e.A:
            return e2e.reply(packet, answers=[cname(name, ALIAS), e2e.record(ALIAS, e2e.A, e2e.v4("20.60.1.1"))])
        if kind == e2e.SOA:
            return e2e.reply(packet, authority=[])
        return e2e.reply(packet)


def doctor(folder, server, *more):
    ws = e2e.write(os.path.join(folder, "ws1103.json"), json.dumps(
        {"schema": "pldiag.inventory/1", "name": "ws1103", "networks": ["10.150.0.0/16"],
         "targets": [{"fqdn": NAME, "service": "storage-blob", "addresses": ["10.150.0.8"], "ports": [443]}]}))
    done = e2e.run("pl-doctor", ws, "--view", server.view, "--no-public", "--json",
                   "--deadline", "20", *more, want=1)
    return e2e.parse(done.stdout)


def commands(document):
    return [f["command"] for c in document["causes"] for f in c["fixes"] if "pl-zone" in f.get("command", "")]


def expect(folder, says, *words):
    server = Server(says)
    document = doctor(folder, server, "--fingerprint")
    e2e.check(server.questions == [(16, b"\0\3")], f"{says}: asked {server.questions}")
    for word in words:
        e2e.check(any(word in c for c in commands(document)), f"{says}: no {word!r} in {commands(document)}")
    facts = [f for f in document["facts"] if f.get("name") == "version.bind"]
    e2e.check(len(facts) == 1 and facts[0]["type"] == "TXT", f"{says}: {facts}")
    codes = {f["code"] for f in document["findings"]}
    e2e.check("dns.server-failing" not in codes, f"{says}: {codes}")


def main():
    e2e.own_network()
    with e2e.folder() as folder:
        server = Server("unbound 1.17.1")
        document = doctor(folder, server)
        e2e.check(server.questions == [], f"asked without --fingerprint: {server.questions}")
        e2e.check(any("--for SERVER" in c for c in commands(document)), f"unknown: {commands(document)}")
        expect(folder, "unbound 1.17.1", "pl-zone forwarders", "--for unbound")
        expect(folder, "9.18.41-1~deb12u1-Debian", "--for bind")
        expect(folder, "NSD 4.6.1", "pl-zone render", "--for nsd")
        expect(folder, "nobody's business", "--for SERVER")
        expect(folder, None, "--for SERVER")
    e2e.finish("repairs are told in the server's language")


main()

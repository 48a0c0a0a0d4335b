#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-zone update and undo against BIND and Knot: with every algorithm, wrong
keys, refused zones, races that are lost, answers that are never seen, and
somebody else's hands in between."""
import json
import os
import pty
import shutil
import subprocess
import sys

import jsonschema

import _pldiag as e2e
from _dnsd import dig
from _live import (ALGORITHMS, BLOB, CLOSED, SERVER, VAULT, Middle, deliver, deliver_and_keep, forge,
                   keys_in, live, make_key, nsupdate, swallow)

KV, SA = "ws1103kv." + VAULT, "ws1103sa." + BLOB
NAMES = {KV: ["10.150.0.9"], "ws1103sa.blob.core.windows.net": ["10.150.0.8", "10.150.0.18"],
         "ws1103acr.azurecr.io": ["10.150.0.10"]}
SCHEMA = json.load(open(os.path.join(e2e.SOURCE, "docs", "formats", "zone.schema.json"), encoding="utf-8"))


class Scene:
    """A running server, keys, an inventory and a state folder of its own."""

    def __init__(self, folder, server, keys):
        self.folder, self.server, self.keys = folder, server, keys
        self.key = keys["k256.example"]
        self.ws = e2e.write(os.path.join(folder, "ws.json"), json.dumps(
            {"schema": "pldiag.inventory/1", "name": "ws1103",
             "targets": [{"fqdn": n, "addresses": a} for n, a in NAMES.items()]}))
        self.state = os.path.join(folder, f"state-{server}-{len(os.listdir(folder))}")

    def flags(self, zone, key, at):
        sign = ["--unsigned"] if key is None else ["--tsig-key", key]
        return ["--server", at, "--zone", zone, "--state", self.state, *sign]

    def run(self, *args, want, zone=VAULT, key="", at=SERVER):
        command, *more = args
        words = [command, *([self.ws] if command == "update" else []),
                 *self.flags(zone, self.key if key == "" else key, at), *more]
        done = e2e.run("pl-zone", *words, "--json", want=want)
        try:
            document = e2e.parse(done.stdout)
            jsonschema.validate(document, SCHEMA)
        except (ValueError, jsonschema.ValidationError) as why:
            e2e.check(False, f"{self.server} {args}: {why}")
            document = {}
        document["said"] = done.stderr.decode()
        return document

    def is_now(self, name, *wanted, what=""):
        found = dig(name, "A")[1]
        e2e.check(found == sorted(wanted), f"{self.server} {what}: {name} is {found}, not {wanted}")

    def expect(self, document, what, outcome, *said):
        e2e.check(document.get("outcome") == outcome,
                  f"{self.server} {what}: {document.get('outcome')}, not {outcome}: {document.get('error')}")
        for part in said:
            e2e.check(part in document["said"], f"{self.server} {what}: no word of {part!r} in {document['said']!r}")

    def clean(self, zone=VAULT, name=KV):
        nsupdate(self.key, zone, f"update delete {name}. A")


# --- the good way ----------------------------------------------------------------
def there_and_back(s):
    for algorithm in ALGORITHMS:
        key = s.keys[f"k{algorithm[-3:]}.example"]
        done = s.run("update", "--yes", want=0, key=key)
        s.expect(done, algorithm, "done", "nothing -> 10.150.0.9")
        e2e.check(done.get("verified") is True and done.get("rcode") == 0, f"{algorithm}: {done}")
        s.is_now(KV, "10.150.0.9", what=algorithm)
        s.expect(s.run("update", "--yes", want=0, key=key), algorithm + " twice", "nothing-to-do")
        s.expect(s.run("undo", "--yes", want=0, key=key), algorithm + " undo", "done")
        s.is_now(KV, what=algorithm + " undone")
        s.expect(s.run("undo", "--yes", want=2, key=key), algorithm + " undo twice", "nothing-to-do", "nothing to undo")
    s.is_now("neighbour." + VAULT, "10.9.9.9", what="a neighbour")


def replaced_and_restored(s):
    """What was there, with its TTL, comes back."""
    nsupdate(s.key, VAULT, f"update add {KV}. 1234 A 10.9.0.1", f"update add {KV}. 1234 A 10.9.0.2")
    s.expect(s.run("update", "--yes", "--ttl", "30", want=0), "replace", "done", "10.9.0.1")
    s.is_now(KV, "10.150.0.9", what="replaced")
    e2e.check(ttl(KV) == 30, f"{s.server}: TTL {ttl(KV)}")
    s.expect(s.run("undo", "--yes", want=0), "restore", "done")
    s.is_now(KV, "10.9.0.1", "10.9.0.2", what="restored")
    e2e.check(ttl(KV) == 1234, f"{s.server}: TTL {ttl(KV)}")
    s.clean()


def ttl(name):
    port = SERVER.rpartition(":")[2]
    done = subprocess.run(["dig", "@127.0.0.1", "-p", port, name, "A", "+noall", "+answer"],
                          capture_output=True, text=True, check=True)
    return int(done.stdout.split()[1])


def privatelink(s):
    """In a privatelink zone the record is what the alias leads to."""
    s.expect(s.run("update", "--yes", want=0, zone=BLOB), "privatelink", "done")
    s.is_now(SA, "10.150.0.8", "10.150.0.18", what="privatelink")
    s.expect(s.run("undo", "--yes", want=0, zone=BLOB), "privatelink undo", "done")
    s.is_now(SA, what="privatelink undone")


def dry_run(s):
    """Nothing is sent, nothing is kept, and nsupdate makes of it what we would."""
    shown = s.run("update", "--dry-run", want=0)
    s.expect(shown, "dry run", "shown")
    s.is_now(KV, what="dry run")
    e2e.check(not os.path.exists(s.state), "a dry run keeps something")
    text = e2e.run("pl-zone", "update", s.ws, "--server", SERVER, "--zone", VAULT, "--dry-run", want=0).stdout
    e2e.check(text.decode() == shown.get("nsupdate"), "the text of a dry run is not nsupdate's alone")
    done = subprocess.run(["nsupdate", "-k", s.key], input=text, capture_output=True, check=False)
    e2e.check(done.returncode == 0, f"nsupdate does not take it: {done.stderr}")
    s.is_now(KV, "10.150.0.9", what="nsupdate")
    again = subprocess.run(["nsupdate", "-k", s.key], input=text, capture_output=True, check=False)
    e2e.check(b"YXRRSET" in again.stderr, f"nsupdate takes it twice: {again.stderr}")
    s.clean()


# --- refusals ----------------------------------------------------------------------
def wrong_keys(s):
    elsewhere = os.path.join(s.folder, f"elsewhere-{s.server}")
    os.mkdir(elsewhere)
    other = make_key(elsewhere, "k256.example", "hmac-sha256")
    stranger = make_key(s.folder, "stranger.example", "hmac-sha256")
    algorithm = e2e.write(os.path.join(s.folder, "alg.key"), open(s.keys["k384.example"], "rb").read()
                          .replace(b"k384.example", b"k256.example"))
    for key, word in ((other, "BADSIG"), (stranger, "BADKEY"), (algorithm, "BADKEY")):
        got = s.run("update", "--yes", want=4, key=key)
        s.expect(got, word, "refused", word)
        e2e.check(got.get("rcode") == 9, f"{word}: {got}")
        s.is_now(KV, what=word)
    os.chmod(s.key, 0o644)
    s.expect(s.run("update", "--dry-run", want=0), "open key", "shown", "everybody on this machine can read this key")
    os.chmod(s.key, 0o600)
    done = e2e.run("pl-zone", "update", s.ws, "--server", SERVER, "--zone", VAULT, "--yes", "--tsig-key",
                   e2e.write(os.path.join(s.folder, "bad.key"), "key k {\n secret 123;\n};\n"), want=2)
    e2e.check(b"bad.key:2:9: expected a secret in base64" in done.stderr, f"bad key: {done.stderr}")
    e2e.run("pl-zone", "undo", "--server", SERVER, "--zone", VAULT, "--state", s.state, "--tsig-key", s.key,
            "--yes", want=2)


def refused(s):
    s.expect(s.run("update", "--yes", want=4, zone=CLOSED), "closed zone", "refused", "nothing was changed")
    s.expect(s.run("update", "--yes", want=4, key=None), "unsigned", "refused", "REFUSED" if s.server == "bind" else "NOTAUTH")
    s.expect(s.run("update", "--yes", want=4, zone="azure.net"), "no such zone", "failed", "does not hold the zone")
    s.expect(s.run("update", "--yes", want=4, at="127.0.0.1:1"), "nobody there", "failed", "the port is closed")
    s.is_now(KV, what="refused")
    for args in (["update", s.ws], ["update", s.ws, "--server", SERVER], ["undo"],
                 ["update", s.ws, "--server", SERVER, "--zone", "no zone", "--unsigned"],
                 ["update", s.ws, "--server", SERVER, "--zone", VAULT],
                 ["update", s.ws, "--server", SERVER, "--zone", VAULT, "--tsig-key", s.key, "--unsigned"],
                 ["update", s.ws, *s.flags("example.net", s.key, SERVER)],
                 ["update", s.ws, *s.flags(VAULT, os.path.join(s.folder, "none.key"), SERVER)],
                 ["update", s.ws, *s.flags(VAULT, s.key, SERVER)]):  # nobody to ask
        done = e2e.run("pl-zone", *args, want=2)
        e2e.check(done.stderr, f"{args}: no message")
    s.is_now(KV, what="usage")


def alias(s):
    nsupdate(s.key, VAULT, f"update add {KV}. 60 CNAME neighbour.{VAULT}.")
    s.expect(s.run("update", "--yes", want=4), "alias", "failed", "is an alias (CNAME) to neighbour." + VAULT)
    nsupdate(s.key, VAULT, f"update delete {KV}. CNAME")


# --- races --------------------------------------------------------------------------
def heard(terminal, until):
    """What was said up to these words, or to the end."""
    said = b""
    while until is None or until not in said:
        try:
            said += os.read(terminal, 4096)
        except OSError:  # nobody has it open any more
            break
    return said


def at_the_prompt(s, command, between, reply):
    """Runs the command on a terminal, does something while it asks, answers."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [e2e.tool("pl-zone"), *command, *s.flags(VAULT, s.key, SERVER)],
        stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, close_fds=True)
    os.close(theirs)
    said = heard(ours, b"[y/N]")
    between()
    os.write(ours, reply)
    out = child.communicate(timeout=30)[0]
    said += heard(ours, None)
    os.close(ours)
    return child.returncode, said.decode(), out.decode()


def race(s):
    def somebody():
        nsupdate(s.key, VAULT, f"update add {KV}. 60 A 10.66.0.1")
    status, said, _ = at_the_prompt(s, ["update", s.ws], somebody, b"y\n")
    e2e.check(status == 4 and "YXRRSET" in said, f"{s.server}: lost race: {status} {said}")
    s.is_now(KV, "10.66.0.1", what="a race that was lost")
    status, said, _ = at_the_prompt(s, ["update", s.ws], s.clean, b"y\n")
    e2e.check(status == 4 and "NXRRSET" in said, f"{s.server}: lost race: {status} {said}")
    s.is_now(KV, what="a race that was lost")
    status, said, _ = at_the_prompt(s, ["update", s.ws], lambda: None, b"n\n")
    e2e.check(status == 1 and "nothing is sent" in said, f"{s.server}: no: {status} {said}")
    s.is_now(KV, what="no")
    status, said, out = at_the_prompt(s, ["update", s.ws], lambda: None, b"y\n")
    e2e.check(status == 0 and "pl-zone undo" in out, f"{s.server}: yes: {status} {said} {out}")
    s.is_now(KV, "10.150.0.9", what="yes")
    status, said, _ = at_the_prompt(s, ["undo"], somebody, b"y\n")
    e2e.check(status == 4 and "NXRRSET" in said, f"{s.server}: undo race: {status} {said}")
    s.is_now(KV, "10.150.0.9", "10.66.0.1", what="undo race")
    s.clean()


def foreign_change(s):
    """Undo takes back only what is still there."""
    s.run("update", "--yes", want=0)
    nsupdate(s.key, VAULT, f"update delete {KV}. A", f"update add {KV}. 60 A 10.66.0.2")
    s.expect(s.run("undo", "--yes", want=4), "foreign", "refused", "now it is 10.66.0.2", "somebody changed these names")
    s.is_now(KV, "10.66.0.2", what="foreign")
    nsupdate(s.key, VAULT, f"update delete {KV}. A", f"update add {KV}. 60 A 10.150.0.9")
    s.expect(s.run("undo", "--yes", want=0), "put right", "done")
    s.is_now(KV, what="put right")


# --- answers that are never seen -------------------------------------------------------
def killed(s, mode, settled):
    """Killed between journal and answer; the next run asks the server."""
    middle = Middle(mode)
    child = subprocess.Popen([e2e.tool("pl-zone"), "update", s.ws, *s.flags(VAULT, s.key, middle.view), "--yes",
                              "--timeout", "60"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    e2e.check(middle.reached.wait(30), "the update never came")
    child.kill()
    child.wait()
    middle.mode = deliver
    got = s.run("undo", "--yes", want=0 if settled == "done" else 2, at=middle.view)
    s.expect(got, f"killed, {settled}", "done" if settled == "done" else "nothing-to-do",
             "an update was sent whose answer was never seen")
    e2e.check(got.get("settled") == settled, f"{s.server}: {got.get('settled')}, not {settled}")
    s.is_now(KV, what="killed, " + settled)


def killed_and_changed(s):
    middle = Middle(swallow)
    child = subprocess.Popen([e2e.tool("pl-zone"), "update", s.ws, *s.flags(VAULT, s.key, middle.view), "--yes",
                              "--timeout", "60"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    e2e.check(middle.reached.wait(30), "the update never came")
    child.kill()
    child.wait()
    middle.mode = deliver
    nsupdate(s.key, VAULT, f"update add {KV}. 60 A 10.66.0.3")
    got = s.run("undo", "--yes", want=2, at=middle.view)
    e2e.check(got.get("settled") == "changed-since", f"{s.server}: {got}")
    s.is_now(KV, "10.66.0.3", what="killed and changed")
    s.clean()


def silence(s):
    """No answer comes: the same run asks what became of it."""
    got = s.run("update", "--yes", "--timeout", "0.5", want=4, at=Middle(swallow).view)
    s.expect(got, "swallowed", "refused", "no answer came that counts", "it was not made")
    s.is_now(KV, what="swallowed")
    got = s.run("update", "--yes", "--timeout", "0.5", want=0, at=Middle(deliver_and_keep).view)
    s.expect(got, "kept", "done", "no answer came that counts", "it was made")
    s.is_now(KV, "10.150.0.9", what="kept")
    s.clean()
    got = s.run("update", "--yes", want=4, at=Middle(forge).view)
    s.expect(got, "forged", "refused", "it is not signed: it may be forged")
    s.is_now(KV, what="forged")


def interrupted(s):
    middle = Middle(swallow)
    child = subprocess.Popen([e2e.tool("pl-zone"), "update", s.ws, *s.flags(VAULT, s.key, middle.view), "--yes",
                              "--timeout", "60", "--json"], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    middle.reached.wait(30)
    child.send_signal(2)
    out = child.communicate(timeout=30)[0]
    e2e.check(child.returncode == 130, f"interrupted: {child.returncode}")
    e2e.check(e2e.parse(out).get("outcome") == "unknown", f"interrupted: {out}")
    middle.mode = deliver
    got = s.run("update", "--yes", want=0, at=middle.view)
    e2e.check(got.get("settled") == "not-done" and got.get("outcome") == "done", f"interrupted: {got}")
    s.run("undo", "--yes", want=0, at=middle.view)


# --- a server of two faces ---------------------------------------------------------------
def two_views(folder, keys):
    """The update lands in one view, questions are answered from another: the
    change does not prove right and is taken back."""
    place = os.path.join(folder, "views")
    os.mkdir(place)
    for name in ("a", "b"):
        e2e.write(os.path.join(place, name), "$TTL 60\n@ IN SOA ns.invalid. h.invalid. 1 60 60 60 60\n"
                                             "@ IN NS ns.invalid.\n")
    views = f"""
view "keyed" {{ match-clients {{ key k256.example; }};
 zone "{VAULT}" {{ type primary; file "{place}/a"; update-policy {{ grant k256.example zonesub any; }}; }}; }};
view "rest" {{ match-clients {{ any; }}; zone "{VAULT}" {{ type primary; file "{place}/b"; }}; }};
"""
    with live("bind", folder, keys, more=views) as up:
        e2e.check(up, "bind with two views does not start")
        s = Scene(folder, "bind", keys)
        got = s.run("update", "--yes", want=4)
        s.expect(got, "views", "rolled-back", "missing at", "taken back")
        e2e.check(got.get("verified") is False, f"views: {got}")
        signed = subprocess.run(["dig", "@127.0.0.1", "-p", SERVER.rpartition(":")[2], "-k", s.key, KV, "A", "+short"],
                                capture_output=True, text=True, check=False).stdout
        e2e.check(signed.strip() == "", f"views: not taken back: {signed}")
        s.run("undo", "--yes", want=2)
        s.expect(s.run("update", "--yes", "--no-verify", want=0), "views", "done")


def wildcard(folder, keys):
    with live("bind", folder, keys, records="* IN A 10.5.5.5\n") as up:
        e2e.check(up, "bind with a wildcard does not start")
        s = Scene(folder, "bind", keys)
        s.expect(s.run("update", "--yes", want=4), "wildcard", "refused", "a wildcard")
        s.is_now(KV, "10.5.5.5", what="wildcard")


def many(folder, keys):
    """More names than one message holds go in parts, and all come back."""
    with live("bind", folder, keys) as up:
        e2e.check(up, "bind does not start")
        s = Scene(folder, "bind", keys)
        names = [f"a-vault-with-a-long-name-{i:05}.{VAULT}" for i in range(1500)]
        e2e.write(s.ws, json.dumps({"schema": "pldiag.inventory/1", "name": "ws1103", "targets": [
            {"fqdn": n, "addresses": ["10.150.1.9"]} for n in names]}))
        s.expect(s.run("update", "--yes", want=0), "many", "done", "too many for one message")
        s.is_now(names[0], "10.150.1.9", what="many")
        s.is_now(names[-1], "10.150.1.9", what="many")
        s.expect(s.run("undo", "--yes", want=0), "many back", "done")
        s.is_now(names[0], what="many back")
        s.is_now(names[-1], what="many back")
        nsupdate(s.key, VAULT, f"update add {names[-1]}. 60 CNAME neighbour.{VAULT}.")
        s.expect(s.run("update", "--yes", want=4), "many, an alias", "failed")


def main():
    e2e.own_network()
    if not shutil.which("tsig-keygen") or not shutil.which("nsupdate"):
        e2e.skip("no tsig-keygen or nsupdate")
    with e2e.folder() as folder:
        keys = keys_in(folder)
        for server, program in (("bind", "named"), ("knot", "knotd")):
            if not shutil.which(program):
                print(f"left out: {server} is not installed", file=sys.stderr)
                continue
            with live(server, folder, keys) as up:
                e2e.check(up, f"{server} does not start")
                for one in (dry_run, there_and_back, replaced_and_restored, privatelink, wrong_keys, refused, alias,
                            race, foreign_change, killed_and_changed, silence, interrupted):
                    one(Scene(folder, server, keys))
                killed(Scene(folder, server, keys), swallow, "not-done")
                killed(Scene(folder, server, keys), deliver_and_keep, "done")
        for one in (two_views, wildcard, many):
            one(folder, keys)
    e2e.finish("BIND and Knot are changed and changed back")


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad options and bad files: exit 2, nothing on standard output, one clear
line for each fault, and not a byte of it that could steer a terminal."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import SHORT, check, lines_of, run, write  # noqa: E402

e2e.own_network()
WS = ("--workspace-id", e2e.GUID, "--region", "eastus")
CASE = '{"schema":"pldiag.case/1"'


def refused(name, *args, says=(), lines=1, stdin=b""):
    """Every word in `says` must be in what the tool says."""
    done = run(name, *args, want=2, stdin=stdin)
    what = f"{name} {e2e.words(args)}"
    check(not done.stdout, f"{what}: a result for bad input")
    told = lines_of(done.stderr)
    check(len(told) == lines,
          f"{what}: {len(told)} lines, not {lines}: {told[:4]}")
    for line in told:
        check(len(line) <= 400, f"{what}: a line of {len(line)} characters")
        check(line.isprintable(), f"{what}: steers the terminal: {line!r}")
    for word in (says,) if isinstance(says, str) else says:
        check(word in done.stderr.decode("utf-8", "replace"),
              f'{what}: does not say "{word}": {told[:4]}')
    return done


def options():
    for name in e2e.all_tools():
        refused(name, "--no-such", says=("--no-such", "--help"))
        refused(name, "--no-such\x1b[2J", says="--no-such")
        refused(name, "-Z", says=("-Z", "--help"))
        refused(name, "--format", "xml", says=("xml", "text"))
        refused(name, "--format", "", says="text")
        refused(name, "--color", "pink", says=("always", "never"))
        refused(name, "--output", says=("--output", "FILE"))
        refused(name, "-o", says="FILE")
        refused(name, "--json=1", says="--json takes no value")
        refused(name, "--explain", says="CODE")
    refused("pl-doctor", "--colour", "never", SHORT, says="did you mean --color")
    refused("pl-doctor", "--rol", "client", SHORT, says="did you mean --role")


def numbers():
    for value in ("-1", "0", "0.01", "1e9", "1e1", "abc", "", "4 ", " 4", "+4",
                  "0x4", "4x", "4.", ".5", "4.0001", "99999999999999999999",
                  "nan", "inf", "61"):
        refused("pl-doctor", "--timeout", value, SHORT, says="0.1 to 60")
    for value in ("-1", "0", "0.4", "1e9", "abc", "601"):
        refused("pl-doctor", f"--deadline={value}", SHORT, says="0.5 to 600")
    for value in ("-1", "0", "21", "abc", "1.5", "4294967297"):
        refused("pl-doctor", "--repeat", value, SHORT, says="1-20")
    for value in ("-1", "abc", "1e9"):
        refused("pl-resolve", "--timeout", value, "a.example", says="0.1 to 60")


def words():
    refused("pl-doctor", "--role", "king", SHORT, says=("king", "jumpbox"))
    refused("pl-doctor", "--era", "1999", SHORT, says=("1999", "2020"))
    refused("pl-doctor", "--cloud", "moon", *WS, says=("moon", "usgov"))
    for value in ("yesterday", "", "2026-11-23", "2026-13-01T00:00:00Z",
                  "2026-02-30T00:00:00Z", "2026-11-23T25:00:00Z"):
        refused("pl-doctor", "--clock", value, SHORT, says="2026-11-23T10:00:00Z")
    for name, word in (("pl-doctor", SHORT), ("pl-resolve", "a.example")):
        for value in ("nonsense", "", "10.0.0.4:99999", "10.0.0.4:0", "10.0.0.4:",
                      "10.0.0", "10.0.0.4/24", "[::1", "[::1]:x", "dns.example",
                      "10.0.0.4\x1b[31m", "010.0.0.4"):
            refused(name, "--resolver", value, word, says=("--resolver", "10.0.0.4"))
        for value in ("sys", "SYSTEM", "", "10.0.0.4:53:53", "::1:53:x"):
            refused(name, "--view", value, word, says=("--view", "10.0.0.4"))
    refused("pl-doctor", "--storage", "a/b", "--network", "10.0.0.0/8",
            says=("--storage", "a/b"))
    refused("pl-doctor", "--network", "10.0.0.0/8", says="nothing to check")
    refused("pl-doctor", "--workspace-id", "x", "--region", "eastus",
            "--network", "10.0.0.1/8", "--key-vault", "-", lines=3,
            says=("--workspace-id", "--network", "--key-vault"))
    refused("pl-doctor", "nope", says="nope")
    refused("pl-doctor", "a.example", "b.example", says="b.example")
    refused("pl-doctor", SHORT, *WS, says="not both")
    refused("pl-resolve", "", says="empty")
    refused("pl-resolve", "a..b", says="a..b")
    refused("pl-resolve", "x" * 64 + ".example", says="63")
    refused("pl-resolve", "x." * 127 + "example", says="253")
    refused("pl-resolve", "--type", "MX", "a.example", says=("MX", "AAAA"))
    for name, args in (("pl-doctor", (SHORT,)), ("pl-probe", ("127.0.0.1:1",)),
                       ("pl-capture", ("analyze", SHORT))):
        for option in ("--save", "--output"):
            refused(name, *args, option, "", says=(option[2:], 'name of a file, got ""'))
    refused("pl-doctor", SHORT, "--capture", "", says='name of a file, got ""')
    for option in ("--from", "--machine", "--hosts", "--ca-file"):
        refused("pl-doctor", *(() if option == "--from" else (SHORT,)), option, "", says='read: "": No such')
    refused("pl-probe", "127.0.0.1:1", SHORT, says=("beside the inventory", SHORT))
    refused("pl-probe", "127.0.0.1:1", "none.json", says=("beside the inventory", "none.json"))
    refused("pl-inventory", "chekc", says="did you mean check")
    refused("pl-inventory", "check", says="FILE")


def inventories(here):
    tools = (("pl-doctor",), ("pl-resolve",), ("pl-inventory", "expand"),
             ("pl-inventory", "check"), ("pl-hosts", "plan"),
             ("pl-hosts", "show", "--inventory"))
    big = write(f"{here}/big.json", b" " * (100 << 20))
    files = {
        f"{here}/none.json": "No such file",
        write(f"{here}/empty.json", ""): "empty.json:1:1:",
        write(f"{here}/blank.json", " \n\n"): "blank.json:3:1:",
        write(f"{here}/binary.json", bytes(range(256)) * 64): "binary.json:1:1:",
        write(f"{here}/utf16.json", "{}".encode("utf-16")):
            "utf16.json:1:1: expected UTF-8, got UTF-16",
        write(f"{here}/nul.json", b'{"schema":\0}'): "nul.json:1:11:",
        write(f"{here}/list.json", "[]"): "list.json",
        write(f"{here}/half.json", '{"schema":"pldiag.inventory/1",'): "half.json:1:",
        write(f"{here}/deep.json", "[" * 100000): "nested",
        write(f"{here}/object.json", '{"a":' * 100000): "nested",
        write(f"{here}/two.json", '{"a":1,"a":2}'): "two.json",
        write(f"{here}/after.json", "{} {}"): "after.json:1:4:",
        write(f"{here}/number.json", '{"n":1e999}'): "number.json",
        write(f"{here}/other.json", '{"schema":"pldiag.report/1"}'):
            "pldiag.inventory/1",
        big: "more than",
        here: "Is a directory",
        SHORT + "/x.json": "Not a directory",
    }
    for words_ in tools:
        for path, says in files.items():
            refused(*words_, path, says=says)
        refused(*words_, "-", stdin=b"{", says="standard input")
        refused(*words_, "-", says="standard input")
    os.unlink(big)


def all_faults_at_once(here):
    text = {
        "schema": "pldiag.inventory/1", "cloud": "moon", "networks": ["x"],
        "targets": [{"fqdn": "a.example", "ports": ["https"]}, {"fqdn": 1},
                    {"addresses": ["1.2.3"]}],
        "storage": "no-list",
    }
    path = write(f"{here}/faults.json", json.dumps(text))
    says = (f"{path}: $.cloud:", f"{path}: $.networks[0]:", "$.targets[1].fqdn:",
            f'{path}: $.targets[0].ports[0]: expected a port number 1-65535, '
            'got "https"', "$.targets[2].addresses[0]:", "$.storage:")
    refused("pl-doctor", path, lines=6, says=says)
    refused("pl-resolve", path, lines=6, says=says)
    # More than anybody reads are counted.
    text["targets"] = [{"fqdn": n} for n in range(5000)]
    path = write(f"{here}/many.json", json.dumps(text))
    done = run("pl-doctor", path, want=2)
    check(len(lines_of(done.stderr)) < 1000 and b"more" in done.stderr,
          "5,000 faults are neither all told nor counted")
    text = {"schema": "pldiag.inventory/1", "targets": [
        {"fqdn": "\x1b[2Jevil\u202e.example"}]}
    refused("pl-doctor", write(f"{here}/evil.json", json.dumps(text)),
            says="$.targets[0].fqdn")


def not_to_be_read(here):
    path = write(f"{here}/locked.json", "{}")
    os.chmod(path, 0)
    if os.access(path, os.R_OK):
        return  # root reads everything
    for name in ("pl-doctor", "pl-resolve"):
        refused(name, path, says="Permission denied")


def machines(here):
    bad = write(f"{here}/machine.json", '{"schema":"pldiag.machine/1","servers":5}')
    refused("pl-doctor", "--machine", bad, SHORT, says="$.servers")
    refused("pl-doctor", "--machine", SHORT, SHORT, says="pldiag.machine/1")
    refused("pl-doctor", "--machine", bad, "--hosts", bad, SHORT, says="--machine")
    for option in ("--machine", "--hosts", "--resolv-conf", "--ca-file"):
        refused("pl-doctor", option, f"{here}/none", SHORT, says=f"{here}/none")
        refused("pl-doctor", option, here, SHORT, says=here)
    for name, word in (("pl-doctor", SHORT), ("pl-probe", "127.0.0.1:1")):
        for path, says in ((f"{here}/none", "No such file"), (here, "Is a directory"),
                           (SHORT, "no PEM certificate")):
            refused(name, word, "--json", "--ca-file", path, says=(path, says))
    bare = write(f"{here}/bare.json", '{"schema":"pldiag.machine/1"}')
    refused("pl-resolve", "--machine", bare, "--view", "configured", "a.example",
            says="--view ADDR")


def cases(here):
    def case(text):
        return write(f"{here}/x.case", text)

    refused("pl-doctor", "--from", f"{here}/none", says="none")
    refused("pl-doctor", "--from", here, says="directory")
    refused("pl-doctor", "--from", case(""), says="no case")
    refused("pl-doctor", "--from", SHORT, says=("short.json", "case"))
    refused("pl-doctor", "--from", case('{"schema":"pldiag.case/2"}\n'),
            says=("pldiag.case/1", "pldiag.case/2"))
    refused("pl-doctor", "--from", case(CASE + "}\n{\n{}\n"), lines=2,
            says=("x.case:2:", "x.case:3: $.probe"))
    refused("pl-doctor", "--from", case('{"schema":"pldiag.report/1"}\n'),
            says=("pldiag.case/1", "pldiag.report/1"))
    refused("pl-doctor", "--from", case(b"\x89PNG\r\n\x1a\n" * 100),
            says="x.case:1:")
    good = case(CASE + '}\n')
    refused("pl-doctor", "--from", good, SHORT, says="--from")
    refused("pl-doctor", "--from", good, *WS, says="--from")
    refused("pl-doctor", "--from", good, "--save", f"{here}/y.case", says="--from")
    refused("pl-doctor", "--from", good, "--error", "ECONNREFUSED", says="--from")


def bundles(here):
    """--dry-run, too, is about something that is there."""
    bad = write(f"{here}/bad.json", "{")
    for more in ((), ("--dry-run",)):
        for path, says in ((f"{here}/none.json", "No such file"), (here, "Is a directory"), (bad, "bad.json:1:")):
            refused("pl-bundle", "collect", path, "-o", f"{here}/b.zip", *more, says=says)
            refused("pl-bundle", "collect", "--from", path, "-o", f"{here}/b.zip", *more, says=says)
    empty = write(f"{here}/empty", "")
    refused("pl-bundle", "verify", empty, says="got an empty file")
    check(not os.path.exists(f"{here}/b.zip"), "a bundle is left")


def imports(here):
    for path in (f"{here}/none.json", SHORT + "/x"):
        for command in ("import", "check"):
            done = refused("pl-inventory", command, path, says=path)
            check(done.stderr.startswith(path.encode()), f"{command}: begins not with its file: {done.stderr!r}")
    bad = write(f"{here}/bad.json", "{")
    refused("pl-inventory", "import", bad, lines=2, says=("bad.json:1:2:", "pl-inventory gather"))


def names(here):
    refused("pl-resolve", "--names", f"{here}/none", says="none")
    refused("pl-resolve", "--names", here, says="directory")
    view = ("--view", "127.0.0.1:1")
    refused("pl-resolve", "--names", os.devnull, *view, says="no name")
    bad = write(f"{here}/names", "# only bad ones\n\na..b\n-\x1b[2J\n" + "x" * 70000)
    refused("pl-resolve", "--names", bad, *view, lines=3,
            says=(f"{bad}:3:", f"{bad}:4:", f"{bad}:5:"))


def hosts_files(here):
    """Of plan; apply reads the same, and needs no --yes to refuse."""
    hosts = write(f"{here}/hosts", "127.0.0.1 localhost\n")
    for command in ("plan", "apply"):
        def no(*args, **more):
            refused("pl-hosts", command, "--hosts", hosts, *args, **more)

        no("--from", f"{here}/none", says="none")
        no("--from", SHORT, says="short.json")
        no("--from", write(f"{here}/y.case", CASE + "}\n{\n"), says="y.case:2:")
        no("--from", f"{here}/none", "--from-resolver", "10.0.0.4", says="not both")
        for server in ("", "nope", "10.0.0.4:", "10.0.0.4:99999", "1.2.3", "a:b:c"):
            no(SHORT, "--from-resolver", server, says="10.0.0.4:53")
        for block in ("", "a b", "x" * 64, "a\nb", "\x1b[2J"):
            no(SHORT, "--block", block, says="--block")
        no(SHORT, *WS, says="not both")
        no(SHORT, SHORT, says="short.json")
        no("--workspace-id", "x", says="--workspace-id")
    refused("pl-hosts", "apply", SHORT, "--verify", "--no-verify", says="--no-verify")
    for value in ("0", "-1", "x", "1.5", "4294967296"):
        refused("pl-hosts", "undo", "--hosts", hosts, "--id", value, says="--id")
    refused("pl-hosts", "plan", SHORT, "--hosts", here, says=here)
    mark = "# pldiag: begin ws1103 (written by pl-hosts; undo: pl-hosts undo)\n"
    write(hosts, mark + "10.0.0.1 a\n")
    refused("pl-hosts", "plan", SHORT, "--hosts", hosts, "-q", says=":1:1: ")
    refused("pl-hosts", "apply", SHORT, "--hosts", hosts, "--state", f"{here}/state", "-q",
            says=":1:1: ")
    check(os.path.getsize(hosts) == len(mark) + 11, "a file that cannot be planned is written")


def main():
    options()
    numbers()
    words()
    with e2e.folder() as here:
        inventories(here)
        all_faults_at_once(here)
        not_to_be_read(here)
        machines(here)
        cases(here)
        bundles(here)
        imports(here)
        names(here)
        hosts_files(here)
    e2e.finish("bad input is told in one line each")


main()

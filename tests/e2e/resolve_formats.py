#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-resolve among hostile names and answers, and with lists of names as
people write them: every format stays readable for the program that reads it,
and nothing steers a terminal or a spreadsheet."""
import csv
import io
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, lines_of, run, wrong, write  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
COLUMNS = ("name type view transport status rcode took_ms addresses scope "
           "judgement chain").split()
HOSTILE = {
    "escape": [b"\x1b[2J\x1b]0;x\x07", b"evil"],
    "quote": [b'a"b,c;d\'e', b"evil"],
    "lines": [b"a\r\nb\nc\td", b"evil"],
    "formula": [b'=cmd|"/C calc"!A0', b"evil"],
    "plus": [b"+1+1", b"-2", b"@SUM(1)"],
    "nul": [b"a\0b", b"evil"],
    "dots": [b"a.b.c", b"evil"],
    "backslash": [b"a\\b\\032", b"evil"],
    "latin": [b"caf\xe9\xff\xfe", b"evil"],
    "utf8": ["\u202emoc.elpmaxe\u2066".encode(), b"evil"],
    "markup": [b"<script>alert(1)</script>", b"&evil;"],
    "long": [b"\x80" * 63, b"\x80" * 63, b"\x80" * 60],
    "format": [b"%s%n%100000d", b"evil"],
}
NAMES = [f"{word}.example" for word in HOSTILE]


def hostile(packet, name, kind):
    alias = e2e.wire(HOSTILE.get(name.split(".")[0], [b"plain", b"example"]))
    chain = e2e.record(name, e2e.CNAME, alias)
    if kind != e2e.A:
        return e2e.reply(packet, answers=[chain])
    address = alias + e2e.record("", e2e.A, e2e.v4("10.150.0.4"))[1:]
    return e2e.reply(packet, answers=[chain, address])


def ask(view, face, *args, want=0, **more):
    return run("pl-resolve", "--view", view, "--format", face, *args, want=want,
               **more)


def steers_nothing(data, what, also=""):
    text = data.decode("utf-8", "replace")
    for char in set(text):
        check(char.isprintable() or char in "\n" + also,
              f"{what}: prints {char!r}")


def rows_of(data, what):
    rows = list(csv.reader(io.StringIO(data.decode("ascii"), newline=""),
                           strict=True))
    check(rows and rows[0] == COLUMNS, f"{what}: columns {rows[:1]}")
    for row in rows:
        check(len(row) == len(COLUMNS), f"{what}: {len(row)} fields in {row}")
        for field in row:
            check(not field or field[0] not in "=+-@\t\r",
                  f"{what}: a spreadsheet would compute {field!r}")
    check(data.count(b"\r\n") == data.count(b"\n") == len(rows),
          f"{what}: lines end in several ways")
    return [dict(zip(COLUMNS, row)) for row in rows[1:]]


def hostile_answers(view):
    lines = formats.lines(ask(view, "jsonl", *NAMES).stdout, "fact", "hostile jsonl")
    check(len(lines) == 2 * len(NAMES), f"{len(lines)} facts of {2 * len(NAMES)}")
    done = ask(view, "json", *NAMES)
    key = lambda fact: (fact["name"], fact["type"])  # noqa: E731
    whole = e2e.parse(done.stdout)
    check(sorted(map(key, whole)) == sorted(map(key, lines)), "json and jsonl differ")
    chains = {key(f): [r["value"] for r in f.get("chain", []) if r["type"] == "CNAME"]
              for f in lines}
    for row in rows_of(ask(view, "csv", *NAMES).stdout, "hostile csv"):
        check(row["chain"].split(" ") == chains[row["name"], row["type"]],
              f"csv and jsonl differ: {row['chain']!r}")
        check(row["addresses"] == ("10.150.0.4" if row["type"] == "A" else ""),
              f"{row['name']}: addresses {row['addresses']!r}")
    for face in ("text", "json", "jsonl", "csv"):
        out = ask(view, face, *NAMES).stdout
        steers_nothing(out, f"hostile {face}", "\r" if face == "csv" else "")
        listed = ask(view, face, "--names", "-", stdin="\n".join(NAMES).encode())
        steers_nothing(listed.stdout, f"listed {face}", "\r" if face == "csv" else "")
    # What is different stays different: a dot in a label is no border.
    dots = chains["dots.example", "A"]
    check(dots == ["a\\046b\\046c.evil"], f"dots in a label become {dots}")
    check(len({tuple(c) for c in chains.values()}) == len(NAMES), "two names look alike")


def names_as_people_write_them(view, here):
    text = (b"\xef\xbb\xbf# names of ws1103\r\n\r\n  WWW.Example.  \r\n"
            b"\tb.example A\r\nc.example # and why\r\n#d.example\r\n"
            b"a..b\r\n*.e.example\r\nbad name\x1b.example\r\n"
            + b"x" * 64 + b".example\r\nf.example")
    path = write(f"{here}/names", text)
    done = ask(view, "jsonl", "--names", path, "--type", "A", want=1)
    facts = formats.lines(done.stdout, "fact", "names")
    asked = sorted(fact["name"] for fact in facts)
    check(asked == ["*.e.example", "b.example", "bad", "c.example", "f.example", "www.example"],
          f"asked {asked}")
    told = lines_of(done.stderr)
    check([line.split(":")[-2] for line in told] == ["7", "10"],
          f"bad lines: {told}")
    for line in told:
        check(line.isprintable() and path in line, f"bad line: {line!r}")
    again = ask(view, "jsonl", "--names", "-", "--type", "A", want=1, stdin=text)
    check(len(formats.lines(again.stdout, "fact", "stdin")) == len(facts),
          "standard input and a file differ")
    check(b"standard input:7:" in again.stderr, "standard input is not named")


def many(view):
    """More than are ever in flight, in whatever order, each asked once."""
    names = [f"n{n}.example" for n in range(20000)]
    done = ask(view, "csv", "--names", "-", "--type", "A",
               stdin="\n".join(names).encode())
    rows = rows_of(done.stdout, "many")
    check(sorted(row["name"] for row in rows) == sorted(names),
          f"{len(rows)} of {len(names)} names")


def main():
    server = e2e.NameServer(hostile)
    hostile_answers(server.view)
    with e2e.folder() as here:
        names_as_people_write_them(server.view, here)
    many(server.view)
    for word in ("\x1b[31m.example", "a\nb.example", 'a"b.example'):
        done = ask(server.view, "jsonl", word, want=(0, 2))
        steers_nothing(done.stdout + done.stderr, repr(word))
    e2e.finish("hostile names stay text" if not wrong else "")


main()

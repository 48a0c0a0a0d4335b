#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--help, --version, --explain, completions and manual pages: all there, all
of them say the same, and the examples in them work."""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _archives  # noqa: E402
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, write  # noqa: E402

e2e.own_network()
OPTION = re.compile(r"^ +(?:-(\w), )?--([a-z0-9-]+)", re.M)
NIC = os.path.join(e2e.SOURCE, "tests/data/azure/nic-show.workspace.json")
PCAP = os.path.join(e2e.SOURCE, "tests/data/captures/dns.pcap")
NODE_PCAP = os.path.join(e2e.SOURCE, "tests/data/captures/node.pcap")
NSG = os.path.join(e2e.SOURCE, "tests/data/azure/nsg-show.era-2020.json")
MENTION = re.compile(r"(?<![\w-])--([a-z][a-z0-9-]*)")
TOOL = re.compile(r"pl-[a-z]+")
PROGRAM = re.compile(r"pl-[a-z]+|\b(?:az|dnsmasq|cmake|ctest|git|tshark)(?= )")
COMMAND = re.compile(r"^  ([a-z]+) ", re.M)


def help_of(name, *command):
    done = run(name, *command, "--help", want=0)
    text = done.stdout.decode()
    what = f"{name} {' '.join(command)} --help"
    check(not done.stderr, f"{what}: talks on standard error")
    check(text.startswith("Usage: " + " ".join((name, *command)) + " "),
          f"{what}: begins with {text[:40]!r}")
    for line in text.splitlines():
        check(len(line) <= 80, f"{what}: too long: {line}")
        check(line == line.rstrip(), f"{what}: blanks behind: {line}")
    check("Exit status: 0 " in text, f"{what}: no exit statuses")
    check(run(name, *command, "-h").stdout == done.stdout, f"{what}: -h differs")
    return text


def commands_of(text):
    part = re.search(r"^Commands:\n(.*?)\n\n", text, re.M | re.S)
    return COMMAND.findall(part[1] + "\n") if part else []


def helps():
    """All options of each tool: {tool: {long: letter}}, and its commands."""
    options, commands = {}, {}
    for name in e2e.all_tools():
        text = help_of(name)
        options[name] = {o[1]: o[0] for o in OPTION.findall(text)}
        commands[name] = commands_of(text)
        for command in commands[name]:
            own = OPTION.findall(help_of(name, command))
            options[name].update({o[1]: o[0] for o in own})
        for common in ("help", "version", "format", "json", "output", "color",
                       "quiet", "verbose", "strict", "explain"):
            check(common in options[name], f"{name}: no --{common}")
        version = run(name, "--version", want=0).stdout.decode()
        check(re.fullmatch(rf"{name} \(pldiag\) \d+\.\d+\.\d+\n", version),
              f"{name}: version {version!r}")
    return options, commands


def bundle(here):
    """A bundle of a run in which nobody answered."""
    run("pl-doctor", "--deadline", "0.5", "--save", f"{here}/case.jsonl", e2e.SHORT,
        want=1)
    with open(f"{here}/case.jsonl", "rb") as file:
        manifest = _archives.manifest({"case.jsonl": file.read()})
    write(f"{here}/manifest.json", json.dumps(manifest))
    make = os.path.join(os.environ["PLDIAG_BUILD"], "tests", "e2e_bundle_make")
    subprocess.run([make, f"{here}/b.tar.zst", here], check=True, capture_output=True)
    return f"{here}/b.tar.zst"


def examples(a_bundle):
    """What --help shows as an example is accepted, with real values in it."""
    for name in e2e.all_tools():
        text = run(name, "--help").stdout.decode()
        part = re.search(r"^Examples:\n(.*?)\n\n", text, re.M | re.S)
        if not check(part, f"{name}: no examples"):
            continue
        lines = [x for x in part[1].splitlines() if x.startswith(f"  {name}")]
        check(len(lines) >= 3, f"{name}: {len(lines)} examples")
        for line in lines:
            command = shlex.split(line.replace("GUID", e2e.GUID).replace(
                "ACCOUNT", "ws1103sa"))
            command = [e2e.SHORT if w == "ws1103.json" else w for w in command]
            command = [NSG if w == "nsg.json" else w for w in command]
            command = ["-" if w == "names.txt" else w for w in command]
            command = [NIC if w == "gathered.json" else w for w in command]
            command = [PCAP if w in ("laptop.pcapng", "ring-*.pcap") else w for w in command]
            command = [NODE_PCAP if w == "node.pcap" else w for w in command]
            command = [a_bundle if w.endswith(".tar.zst") else w for w in command]
            if "-o" in command:  # no example writes over our own data
                command[command.index("-o") + 1] = os.devnull
            if "--save" in command:
                command[command.index("--save") + 1] = os.devnull
            more = {"pl-doctor": ("--deadline", "0.5"), "pl-listen": ("--for", "0.1"),
                    "pl-probe": ("--timeout", "0.1", "--count", "1")}.get(name, ())
            # a server that is asked is not there
            want = (4,) if "--server" in command else (0, 1, 3)
            run(name, *command[1:], *more, want=want, stdin=b"a.example\n")


def explains():
    with open(os.path.join(e2e.SOURCE, "docs", "findings.md"), encoding="utf-8") as f:
        codes = re.findall(r"^## ([a-z.-]+)$", f.read(), re.M)
    check(len(codes) > 50, f"{len(codes)} codes in docs/findings.md")
    tools = e2e.all_tools()
    for number, code in enumerate(codes):
        name = tools[number % len(tools)]
        done = run(name, "--explain", code, want=0)
        text = done.stdout.decode()
        check(text.startswith(code), f"--explain {code}: begins with {text[:40]!r}")
        check(len(text.splitlines()) >= 4, f"--explain {code}: says little")
        check(not re.search(r"^#|\*\*|\]\(", text, re.M), f"--explain {code}: marks")
        for line in text.splitlines():
            check(len(line) <= 80, f"--explain {code}: too long: {line}")
    done = run(tools[0], "--explain", "dns.zone-not-visable", want=2)
    check(b"dns.zone-not-visible" in done.stderr and not done.stdout,
          "--explain of a slip does not say what was meant")
    # Every code that exists is shown by a tool that knows the table.
    listed = run(tools[0], "--explain", "dns.", want=2).stderr.decode()
    for code in codes:
        if code.startswith("dns."):
            check(code in listed, f"--explain dns. does not list {code}")


# --- completions ------------------------------------------------------------------


def script(name, shell, here):
    text = run(name, f"--completion={shell}", want=0).stdout
    check(text.endswith(b"\n"), f"{name} {shell}: no end")
    return write(f"{here}/{name}.{shell}", text), text.decode()


def parses(shell, path):
    if not shutil.which(shell):
        print(f"{shell} is not here: its completions are not parsed")
        return
    done = subprocess.run([shell, "-n", path], capture_output=True, check=False)
    check(done.returncode == 0 and not done.stderr,
          f"{shell} cannot read {os.path.basename(path)}: {done.stderr[:300]!r}")


def completed(path, name, *typed):
    """What bash offers for the last word."""
    code = (f'. "{path}"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
            f'_{name.replace("-", "_")}; printf "%s\\n" "${{COMPREPLY[@]}}"')
    done = subprocess.run(["bash", "-c", code, "bash", name, *typed],
                          capture_output=True, text=True, check=False)
    check(not done.stderr, f"bash completion of {name}: {done.stderr[:300]}")
    return done.stdout.split()


def completions(options, commands):
    with e2e.folder() as here:
        for name, known in options.items():
            for shell in ("bash", "zsh", "fish"):
                path, text = script(name, shell, here)
                parses(shell, path)
                for option in known:
                    mark = f"-l {option}" if shell == "fish" else f"--{option}"
                    check(re.search(rf"{mark}\b", text),
                          f"{name} {shell}: no --{option}")
                for command in commands[name]:
                    check(command in text, f"{name} {shell}: no {command}")
                check("man-options" not in text, f"{name} {shell}: offers too much")
            path = f"{here}/{name}.bash"
            offered = completed(path, name, "--")
            check(sorted(offered) == sorted(f"--{o}" for o in known),
                  f"{name}: bash offers {offered}")
            ver = sorted(f"--{o}" for o in known if o.startswith("ver"))
            check(len(ver) > 1 and sorted(completed(path, name, "--ver")) == ver,
                  f"{name}: bash does not complete --ver")
            check("json" in completed(path, name, "--format", ""),
                  f"{name}: bash knows no formats")
            for command in commands[name]:
                check(command in completed(path, name, command[:2]),
                      f"{name}: bash does not complete {command}")


# --- manual pages -------------------------------------------------------------------


def manuals(options, commands):
    folder = os.path.join(os.environ["PLDIAG_BUILD"], "docs", "man")
    if not os.path.isdir(folder):
        print("there are no manual pages in this build (scdoc is not here)")
        return
    for name, known in options.items():
        path = f"{folder}/{name}.1"
        if not check(os.path.exists(path), f"{name}: no manual page"):
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("\\-", "-").replace("\\fB", "").replace(
                "\\fR", "").replace("\\&", "").replace("\\", "")
        for option, letter in known.items():
            check(re.search(rf"--{option}\b", text), f"{name}.1: no --{option}")
            check(not letter or re.search(rf"^-{letter}\b", text, re.M),
                  f"{name}.1: no -{letter}")
        for command in commands[name]:
            check(f"{name} {command}" in text, f"{name}.1: no {command}")
        for title in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS"):
            check(re.search(rf'^\.SH "?{title}', text, re.M), f"{name}.1: no {title}")
        rendered(path, name)


def rendered(path, name):
    if not shutil.which("man"):
        return
    done = subprocess.run(["man", "--warnings", "-l", path], check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
    if done.returncode == 0:  # a container may have a man that refuses to work
        check(not done.stderr.strip(), f"{name}.1: {done.stderr[:300]}")


# --- what pages say of options ------------------------------------------------------


def belongs(option, before, line, own, options):
    """To the program whose command line it stands in; on a manual page also to
    its own tool, or to one that the line names."""
    last = PROGRAM.findall(before)[-1:]
    if last and last[0] not in options:
        return True
    who = {*last, own, *TOOL.findall(line)} if own else {*last}
    return not who or any(option in options.get(name, ()) for name in who)


def pages():
    man = os.path.join(e2e.SOURCE, "docs", "man")
    for name in sorted(os.listdir(man)):
        if name.endswith(".1.scd"):
            yield os.path.join(man, name), name[:-len(".1.scd")]
    yield os.path.join(e2e.SOURCE, "README.md"), None
    docs = os.path.join(e2e.SOURCE, "docs")
    for name in sorted(os.listdir(docs)):
        if name.endswith(".md"):
            yield os.path.join(docs, name), None


def mentions(options):
    """No page tells of an option that there is not."""
    seen = 0
    for path, own in pages():
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        for number, line in enumerate(lines, 1):
            for hit in MENTION.finditer(line):
                before = re.split(r"[|`]", line[:hit.start()])[-1]
                seen += 1
                check(belongs(hit[1], before, line, own, options),
                      f"{path}:{number}: there is no --{hit[1]}: {line.strip()}")
    check(seen > 100, f"only {seen} options are mentioned anywhere")


def main():
    options, commands = helps()
    mentions(options)
    with e2e.folder() as here:
        examples(bundle(here))
    explains()
    completions(options, commands)
    manuals(options, commands)
    e2e.finish("words agree with the tools")


main()

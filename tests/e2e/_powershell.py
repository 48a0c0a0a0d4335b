# SPDX-License-Identifier: MIT
"""What can be said of a PowerShell script without a PowerShell: its words,
strings and brackets (about_Parsing, about_Quoting_Rules)."""
import re

CLOSES = {")": "(", "]": "[", "}": "{"}
# Cmdlets of Windows PowerShell 5.1 on every Windows 10.
CMDLETS = set("""Add-Type ConvertFrom-Json ConvertTo-Json ForEach-Object Get-CimInstance Get-Command Get-Content
    Get-DnsClient Get-DnsClientGlobalSetting Get-DnsClientNrptPolicy Get-DnsClientServerAddress Get-NetIPInterface
    Find-NetRoute Get-NetRoute Get-Random Join-Path New-Object Remove-Item Resolve-DnsName Select-Object Set-StrictMode
    Sort-Object Test-Path Where-Object""".split())
ALIASES = set("""% ? ac cat cd clc clear cls copy cp curl del diff dir echo epal fc fl foreach-object ft gc gci gcm gi
    gip gl gm gp gps group gsv gv gwmi h history iex ihy ii ipmo irm iwr kill ls man md measure mi mount move mp mv ni
    oh pop ps push pwd r rd ren ri rm rmdir sal sc select set si sl sleep sort sp sv tee type wget where
    write""".split()) - {"foreach-object"}
NEW = ("&&", "||", "??", "?.", "?[", "-Parallel")  # words of PowerShell 7


def pieces(text):
    """(kind, text, line): code, string, comment."""
    at, line, start = 0, 1, 0
    out = []

    def give(kind, end):
        nonlocal at, line
        if end > at:
            out.append((kind, text[at:end], line))
        line += text.count("\n", at, end)
        at = end

    while start < len(text):
        for opening, kind, finish in (("<#", "comment", _until("#>")), ("#", "comment", _until("\n", keep=True)),
                                      ("@'", "string", _until("\n'@")), ('@"', "string", _until('\n"@')),
                                      ("'", "string", _single), ('"', "string", _double)):
            if text.startswith(opening, start) and not (opening == "#" and text[start - 1:start] not in ("", " ", "\n")):
                give("code", start)
                start = finish(text, start + len(opening))
                give(kind, start)
                break
        else:
            start += 2 if text[start] == "`" else 1
    give("code", len(text))
    return out


def _until(mark, keep=False):
    def finish(text, at):
        end = text.find(mark, at)
        if end < 0:
            raise ValueError(f"{mark!r} is missing after {text[at:at + 40]!r}")
        return end if keep else end + len(mark)
    return finish


def _single(text, at):
    while True:
        at = text.index("'", at) + 1
        if text[at:at + 1] != "'":
            return at
        at += 1


def _double(text, at):
    while text[at] != '"' or text[at + 1:at + 2] == '"':
        at += 2 if text[at] in '`"' else 1
    return at + 1


def faults(text):
    """Lines that say what is wrong."""
    wrong = []
    try:
        parts = pieces(text)
    except (ValueError, IndexError) as why:
        return [f"a string does not end: {why}"]
    code = "".join(t if kind == "code" else re.sub(r"[^\n]", " ", t) for kind, t, _ in parts)
    wrong += _brackets(code)
    own = set(re.findall(r"(?m)^\s*function ([\w-]+)", code))
    for word in sorted(set(re.findall(r"(?<![\w$.-])[A-Z][a-z]+(?:-[A-Z]\w+)+", code))):
        if word not in CMDLETS and word not in own:
            wrong.append(f"{word} is no cmdlet of Windows PowerShell 5.1 that we know, and no function of the script")
    for name in own - {"Tell"}:
        if len(re.findall(r"(?<![\w$-])" + re.escape(name) + r"(?![\w-])", code)) < 2:
            wrong.append(f"nobody calls {name}")
    for word in re.findall(r"(?m)(?:^|[|;{(=])[ \t]*(%|\?|[a-z]+)(?=[ \t}|)]|$)(?![ \t]*=)", code):
        if word in ALIASES:
            wrong.append(f"{word} is an alias")
    wrong += [f"{word} is not in Windows PowerShell 5.1" for word in NEW if word in code]
    return wrong


def _brackets(code):
    stack, wrong = [], []
    for number, line in enumerate(code.split("\n"), 1):
        for c in line:
            if c in "([{":
                stack.append((c, number))
            elif c in CLOSES:
                if not stack or stack.pop()[0] != CLOSES[c]:
                    return [f"line {number}: {c} closes nothing"]
    return wrong + [f"line {number}: {c} is never closed" for c, number in stack]

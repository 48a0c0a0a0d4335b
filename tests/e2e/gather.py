#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The script of pl-inventory gather, run against a stand-in of the Azure CLI:
it asks for what import reads, each thing once, goes on where an answer is
missing, changes nothing, and takes every name for a name."""
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run, write  # noqa: E402

AZ = os.path.join(os.path.dirname(os.path.realpath(__file__)), "_az.py")
WANTED = (  # each is asked exactly once
    r"^resource show --ids \S+/workspaces/contoso-ml$", r"^ml workspace show ", r"^ml workspace diagnose ",
    r"/computes\?api-version=", r"/onlineEndpoints\?", r"/outboundNetworkDependenciesEndpoints\?",
    r"^network private-endpoint show --ids \S+/pe-ml$", r"^network private-endpoint show --ids \S+/pe-acr$",
    r"dns-zone-group list --endpoint-name=pe-ml ", r"dns-zone-group list --endpoint-name=pe-acr ",
    r"^network nic show .*/pe-ml", r"^network nic show .*/pe-acr",
    r"record-set a list .*=privatelink.api", r"record-set a list .*=privatelink.notebooks",
    r"record-set a list .*=privatelink.azurecr.io ", r"link vnet list .*=privatelink.api",
    r"link vnet list .*=privatelink.notebooks", r"link vnet list .*=privatelink.azurecr",
    r"zone show --name=privatelink.api", r"zone show --name=privatelink.notebooks", r"zone show --name=privatelink.azurecr",
    r"endpoint-connection list --id \S+/contosomlsa$", r"endpoint-connection list --id \S+/contosomlkv$",
    r"endpoint-connection list --id \S+/contosomlacr$",
    r"^network vnet show .*/virtualNetworks/hub$", r"^network nsg show .*/contosonsg$",
)
HOSTILE = ("it's", "a b", "-x", "--help", "\u2019 exit 9 \u2018", "(rg)", "caf\u00e9", "\U0001f511", "@FILE@", "#x")
REFUSED = ("a\nb", "$(id)", "`id`", "a&b", "a|b", 'a"b', "a;b", "%PATH%", "../x", "", "x" * 300, b"\xff\xfe")


class Place:
    """A folder with a stand-in az in its PATH and nothing logged yet."""

    def __init__(self, here):
        self.here = here
        self.log = f"{here}/log"
        os.makedirs(f"{here}/bin")
        os.makedirs(f"{here}/tmp")
        write(f"{here}/bin/az", f'#!/bin/sh\nexec {sys.executable} -IS {AZ} "$@"\n')
        os.chmod(f"{here}/bin/az", 0o755)

    def gather(self, shell, args, *words, fail="", want=0, **env):
        if os.path.exists(self.log):
            os.remove(self.log)
        script = write(f"{self.here}/gather.sh", run("pl-inventory", "gather", *args, want=0).stdout)
        done = subprocess.run([*shell, script, *words], cwd=self.here, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=120,
                              env={**os.environ, "PATH": f"{self.here}/bin:{os.environ['PATH']}", "AZ_LOG": self.log,
                                   "AZ_FAIL": fail, "TMPDIR": f"{self.here}/tmp", **env})
        check(done.returncode == want, f"{shell} {args}: exit {done.returncode}, not {want}: {done.stderr}")
        check(os.listdir(f"{self.here}/tmp") == [], f"{args}: left {os.listdir(f'{self.here}/tmp')} behind")
        return done

    def asked(self):
        with open(self.log, encoding="utf-8") as file:
            return [[w for w in json.loads(line) if w not in ("--output", "json", "none")] for line in file]


def documents(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found, at = [], 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        document, at = json.JSONDecoder().raw_decode(text, at)
        found.append(document)
    return found


def everything(place, shell):
    done = place.gather(shell, ["--workspace", "contoso-ml", "--resource-group", "rg-ml"], "all.json")
    found = documents(f"{place.here}/all.json")
    asked = [" ".join(words) for words in place.asked()]
    for pattern in WANTED:
        n = len([line for line in asked if re.search(pattern, line)])
        check(n == 1, f"{shell}: {pattern} was asked {n} times")
    check(len(found) == len(WANTED), f"{shell}: {len(found)} documents, not {len(WANTED)}")
    check(f"{len(found)} documents in all.json" in done.stderr, f"{shell}: says {done.stderr}")
    check(not any("corp.example" in line for line in asked), "a zone of somebody else was read")
    check(os.stat(f"{place.here}/all.json").st_mode & 0o077 == 0, "others may read the file")
    again = place.gather(shell, ["--workspace", "contoso-ml"], "all.json", want=2)
    check("is there already" in again.stderr and documents(f"{place.here}/all.json") == found,
          "a file that was there is not left alone")
    imported(f"{place.here}/all.json", shell)
    os.remove(f"{place.here}/all.json")


def imported(path, shell):
    """import reads all of it, and knows what az would know."""
    done = run("pl-inventory", "import", path, want=0)
    n = len(WANTED)
    check(f"read {n} of {n} documents".encode() in done.stderr, f"{shell}: import: {done.stderr}")
    check(b"zone.not-linked" in done.stderr, f"{shell}: the zone without links is not told: {done.stderr}")
    inventory = e2e.parse(done.stdout)
    private = {t["fqdn"]: t["addresses"] for t in inventory["targets"] if t.get("addresses")}
    check(private.get("contosomlacr.azurecr.io") == ["10.150.0.14"] and inventory["workspace"]["name"] == "contoso-ml"
          and inventory["networks"] == ["10.150.0.0/16"], f"{shell}: import made {inventory}")
    check(inventory.get("nsgs"), f"{shell}: no security group in {list(inventory)}")


def goes_on(place):
    for pattern, missing in (("ml workspace", 2), ("nic show .*acr", 1), ("zone list", 0), ("rest ", 3),
                             ("private-endpoint show|dns-zone-group", 9), ("connection list .*registries", 4)):
        done = place.gather(["sh"], [], "some.json", fail=pattern, want=1)
        n = len(documents(f"{place.here}/some.json"))
        what = f"without {pattern}: {n} documents\n{done.stderr}"
        if pattern == "zone list":
            check(n == len(WANTED) - 3, what)  # those of the zone group are left
        else:
            check(n <= len(WANTED) - missing, what)
        check(n >= 6, what)
        check("left out: az" in done.stderr and "AuthorizationFailed" in done.stderr, what)
        os.remove(f"{place.here}/some.json")
    done = place.gather(["sh"], [], fail="account show", want=2)
    check("az login" in done.stderr, f"not logged in: {done.stderr}")
    check(not [n for n in os.listdir(place.here) if n.endswith(".json")], "a file without anything in it")


def which(place):
    one = "/subscriptions/1/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
    done = place.gather(["sh"], ["--workspace", "w"], want=2, AZ_FOUND="[]")
    check("no such workspace" in done.stderr, done.stderr)
    done = place.gather(["sh"], ["--subscription", "Bob's"], want=2, AZ_FOUND=json.dumps([one, one + "2"]))
    check("several workspaces" in done.stderr and one + "2" in done.stderr, done.stderr)
    check("--subscription=Bob's" in place.asked()[1], f"asked {place.asked()[1]}")


def hostile(place):
    """Whatever it is, it arrives as it is, as one word, and nothing runs."""
    for name in HOSTILE:
        place.gather(["sh"], [f"--workspace={name}", f"--resource-group={name}"], want=2, AZ_FOUND="[]")
        words = place.asked()[1]
        check(f"--name={name}" in words and f"--resource-group={name}" in words, f"{name!r} became {words}")
        text = run("pl-inventory", "gather", f"--workspace={name}", "--shell", "powershell", want=0).stdout
        check(text.isascii(), f"{name!r}: a script for Windows that is not ASCII")
        line = next(n for n in text.decode().splitlines() if n.startswith("$workspace = "))
        check(powershell_text(line[len("$workspace = "):]) == name, f"{name!r} became {line}")
    for name in REFUSED:
        done = run("pl-inventory", "gather", b"--workspace=" + name if isinstance(name, bytes) else f"--workspace={name}",
                   want=2)
        check(b"no Azure name" in done.stderr and not done.stdout, f"{name!r}: {done.stderr}")


def powershell_text(word):
    """What PowerShell makes of ('...'+[char]0xNNNN+'...')."""
    inside = re.fullmatch(r"\((.*)\)", word)[1]
    units = []
    for part in re.findall(r"'((?:[^']|'')*)'|\[char\]0x([0-9a-f]{4})|\+", inside):
        units += [ord(c) for c in part[0].replace("''", "'")] if not part[1] else [int(part[1], 16)]
    return b"".join(u.to_bytes(2, "little") for u in units).decode("utf-16-le")


def lint(here):
    """What is printed is as clean as a script of our own."""
    if not shutil.which("shellcheck"):
        return
    script = write(f"{here}/checked.sh", run("pl-inventory", "gather", "--workspace", "it's", want=0).stdout)
    done = subprocess.run(["shellcheck", script], capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stdout)


def main():
    shells = [[s] for s in ("sh", "bash", "dash", "ksh", "zsh") if shutil.which(s)]
    if shutil.which("busybox"):
        shells.append(["busybox", "sh"])
    with e2e.folder() as here:
        place = Place(here)
        for shell in shells:
            everything(place, shell)
        goes_on(place)
        which(place)
        hostile(place)
        lint(here)
    e2e.finish(f"gather asks {len(WANTED)} things in {len(shells)} shells")


main()

# SPDX-License-Identifier: MIT
"""A data scientist's laptop on the VPN, broken, diagnosed, repaired: inside the lab only."""
import json
import re
import subprocess
import sys

from . import faults, lab, sandbox, scenario, world

_SETTING = {"inventory": "ws1103.json"}
_LINE = re.compile(r"^\s*\d+\.\d+\.\d+\.\d+[ \t]+\S+.*$", re.M)


def say(text):
    print(text, flush=True)


def run(kit, build, tunnel):
    w = world.World("client", kit)
    if not tunnel:
        faults.apply(w, "site-to-site")
    w.resolv = f"nameserver {world.INTERNET_DNS}\n"
    place = lab.Lab(w)
    place.up()
    say(_scene(tunnel))
    command = scenario.doctor_command(place, _SETTING, build, [])
    show(place, ["getent", "ahostsv4", world.NOTEBOOK])
    broken = show(place, command)
    lines = suggested_lines(place, command)
    if not lines:
        say("pl-doctor suggested no hosts lines: this is a fault of pl-doctor")
        return 1
    w.hosts += "".join(line + "\n" for line in lines)
    say("── the quick repair that pl-doctor suggests, applied to the lab's laptop ─────\n\n# /etc/hosts")
    say("\n".join(lines) + "\n")
    repaired = show(place, command)
    say("The lab is gone again; nothing outside of it was touched.")
    return 0 if (broken, repaired) == (1, 0) else 1


def _scene(tunnel):
    way = "It is on the VPN, and the tunnel works" if tunnel else \
        "Its home router is connected to the VNet (this user may not open /dev/net/tun,\nso this laptop needs no tunnel), and that works"
    return ("── the scene ─────────────────────────────────────────────────────────────────\n\n"
            "A laptop wants to use the private-link workspace ws1103. The studio only says\n"
            "\"REQUEST_SEND_ERROR: Your request for data wasn't sent\".\n"
            f"{way}. Its name server is the internet's.\n"
            "All this is namespaces and real servers on this machine; --ca-file names the lab's\n"
            "own certificate authority.\n")


def show(place, command):
    """Run as the laptop, as a person would; gives the exit status."""
    shown = " ".join(c.rsplit("/", 1)[-1] if c.startswith("/") else c for c in command)
    say(f"$ {shown}\n")
    done = place.run_as_role(command, cwd=sandbox.RUN, stderr=sys.stderr)
    say(f"\n(exit {done.returncode})\n")
    return done.returncode


def suggested_lines(place, command):
    done = place.run_as_role(command + ["--json"], cwd=sandbox.RUN, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             text=True)
    for cause in json.loads(done.stdout).get("causes", []):
        for fix in cause.get("fixes", []):
            if fix.get("kind") == "hosts":
                return fix.get("lines") or _LINE.findall(fix.get("text") or "")
    return []

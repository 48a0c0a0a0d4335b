# SPDX-License-Identifier: MIT
"""A data scientist's laptop on the VPN, broken, diagnosed, repaired: inside the lab only."""
import json
import os
import shlex
import subprocess
import sys

from . import faults, lab, sandbox, scenario, steps, world

# Its /etc is a copy that can be written, as on a real laptop.
_SETTING = {"inventory": "ws1103.json", "etc": True}


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
    doctor = scenario.doctor_command(place, _SETTING, build, [])
    laptop = steps.Machine(place, _SETTING, build, _SETTING["inventory"])
    before = hosts_file(laptop)
    show(laptop, ["getent", "ahostsv4", world.NOTEBOOK])
    broken = show(laptop, doctor)
    fix = suggested_fix(laptop, doctor)
    if fix is None:
        say("pl-doctor suggested no command for the hosts file: this is a fault of pl-doctor")
        return 1
    say("── the quick repair that pl-doctor suggests, made on the lab's laptop ─────────\n")
    written = show(laptop, command_of(laptop, fix["command"]))
    repaired = show(laptop, doctor)
    say("── and taken back ────────────────────────────────────────────────────────────\n")
    undone = show(laptop, command_of(laptop, fix["undo"]))
    if hosts_file(laptop) != before:
        say("the hosts file is not what it was before: this is a fault of pl-hosts")
        return 1
    say("The lab is gone again; nothing outside of it was touched.")
    return 0 if (broken, written, repaired, undone) == (1, 0, 0, 0) else 1


def _scene(tunnel):
    way = "It is on the VPN, and the tunnel works" if tunnel else \
        "Its home router is connected to the VNet (this user may not open /dev/net/tun,\nso this laptop needs no tunnel), and that works"
    return ("── the scene ─────────────────────────────────────────────────────────────────\n\n"
            "A laptop wants to use the private-link workspace ws1103. The studio only says\n"
            "\"REQUEST_SEND_ERROR: Your request for data wasn't sent\".\n"
            f"{way}. Its name server is the internet's.\n"
            "All this is namespaces and real servers on this machine; --ca-file names the lab's\n"
            "own certificate authority.\n")


def hosts_file(laptop):
    return laptop.run(["cat", "/etc/hosts"], "client").stdout


def command_of(laptop, text):
    """A fix as a person would type it; in the lab everybody is root, and nobody is there to say yes."""
    words = shlex.split(text)
    return laptop.tool(words[1:] if words[0] == "sudo" else words) + ["--yes"]


def show(laptop, command):
    """Run on the laptop, as a person would; gives the exit status."""
    shown = " ".join(os.path.basename(c) if c.startswith("/") else c for c in command)
    say(f"$ {shown}\n")
    done = laptop.place.run_in("client", laptop.binds, command, env=laptop.env, cwd=sandbox.RUN, stderr=sys.stderr)
    say(f"\n(exit {done.returncode})\n")
    return done.returncode


def suggested_fix(laptop, doctor):
    done = laptop.place.run_in("client", laptop.binds, doctor + ["--json"], env=laptop.env, cwd=sandbox.RUN,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for cause in json.loads(done.stdout).get("causes", []):
        for fix in cause.get("fixes", []):
            if fix.get("kind") == "hosts" and fix.get("command") and fix.get("undo"):
                return fix
    return None

# SPDX-License-Identifier: MIT
"""The script of `pl-doctor --print-collector sh`, run as the role's own user would, and its file judged.

What the script cannot do is left out of its options: other views, repeated questions; and so is a short time limit,
because it starts a process for each question.  `--clock` becomes a `date` that tells it.
"""
import json
import os
import shutil
from datetime import datetime, timezone

from . import sandbox, scenario

LIMIT_S = 90
KEPT = ("--role", "--era", "--resolver", "--ca-file")
KEPT_ALONE = ("--no-public",)


def run(place, s, command, keep):
    """Lines that say what differs from the scenario's `expect`."""
    script, case, temporary = (f"{sandbox.RUN}/{n}" for n in ("collector.sh", "collected.jsonl", "collector.tmp"))
    os.makedirs(temporary)
    place.w.env["TMPDIR"] = temporary
    printed = _run(place, [command[0], *_arguments(command[1:]), *_role(s, command), "--print-collector", "sh", "-o", script])
    collected = _run(place, [*_clock(command), "sh", script, case])
    done = _run(place, [command[0], "--from", case, "--json"])
    if keep:
        print(done.stdout)
    try:
        report = json.loads(done.stdout)
    except ValueError as why:
        return [f"collector: no report: {why}"] + [f"  {d.returncode}: {d.stderr[-1500:]}" for d in (printed, collected, done)]
    wrong = [f"collector: {line}" for line in scenario.compare(report, done.returncode, _expected(s))]
    if os.listdir(temporary):
        wrong.append(f"collector: leaves {os.listdir(temporary)} behind")
    return wrong + ([collected.stderr[-3000:]] if wrong and collected.stderr else [])


def _expected(s):
    if s.get("collector") == "cause":
        # What is not told about causes is not compared.
        e = {k: v for k, v in s["expect"].items() if k in ("exit", "verdict", "first_cause")}
        return {**e, "any_finding": True}
    return s["expect"]


def _run(place, command):
    return place.run_as_role(command, capture_output=True, text=True, timeout=LIMIT_S, cwd=sandbox.RUN)


def _arguments(words):
    kept, words = [], list(words)
    while words:
        word = words.pop(0)
        if word in KEPT:
            kept += [word, words.pop(0)]
        elif word in KEPT_ALONE:
            kept.append(word)
        elif word.startswith("--"):
            if words and not words[0].startswith("--"):
                words.pop(0)
        else:
            kept.append(word)
    return kept


def _clock(command):
    if "--clock" not in command:
        return []
    told = datetime.fromisoformat(command[command.index("--clock") + 1].replace("Z", "+00:00"))
    ahead = round((told - datetime.now(timezone.utc)).total_seconds())
    folder = f"{sandbox.RUN}/clock"
    os.makedirs(folder)
    with open(f"{folder}/date", "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nexec {shutil.which("date")} -d "{ahead} seconds" "$@"\n')
    os.chmod(f"{folder}/date", 0o755)
    return ["env", f"PATH={folder}:{os.environ['PATH']}"]


def _role(s, command):
    """A live run sees where it stands; a script is told."""
    role = s["expect"].get("role") or {"jumpbox": "jumpbox", "compute": "jumpbox"}.get(s.get("as"))
    return ["--role", role] if role and "--role" not in command else []

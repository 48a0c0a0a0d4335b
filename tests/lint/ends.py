#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whoever saw it, live or from packets, the owner of a lost port is the same.

In a scenario of two ends each judgement of the client's part (client.jsonl,
live; packets.jsonl) and the node's (node.jsonl; node-packets.jsonl) has the same
first cause and exit status.
"""
import json

import _lint

CLIENT = {"client.jsonl", "packets.jsonl"}
NODE = {"node.jsonl", "node-packets.jsonl"}


def both_ends(step):
    names = {path.rsplit("/", 1)[-1] for path in step.get("from", ())}
    return "judge" in step and len(names) == 2 and names & CLIENT and names & NODE


def main():
    lint = _lint.Lint()
    for path in _lint.files(".json", under="tests/lab/scenarios"):
        steps = json.loads(_lint.read(path)).get("steps", ())
        told = {}
        for step in filter(both_ends, steps):
            verdict = step["judge"].get("first_cause"), step["judge"]["exit"]
            told.setdefault(verdict, " and ".join(step["from"]))
        lint.looked += len(told) > 0
        if len(told) > 1:
            lint.wrong(path, 1, f"both ends are not judged alike: {told}")
    lint.end("ends")


main()

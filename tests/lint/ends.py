#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whoever saw it, live or from packets, the owner of a lost port is the same.

In a scenario of two ends each judgement of the client's part (client.jsonl,
live; packets.jsonl) and the node's (node.jsonl; node-packets.jsonl) has the same
first cause and exit status; and each of the client's part alone the same cause.
"""
import json

import _lint

CLIENT = {"client.jsonl", "packets.jsonl"}
NODE = {"node.jsonl", "node-packets.jsonl"}


def names(step):
    return {path.rsplit("/", 1)[-1] for path in step.get("from", ())} if "judge" in step else set()


def told(steps, *parts):
    """Each verdict of judgements that have one file of each part, and who gave it."""
    verdicts = {}
    for step in steps:
        files = names(step)
        if len(files) == len(parts) and all(files & part for part in parts):
            verdict = [step["judge"].get("first_cause")]
            if len(parts) == 2:
                verdict.append(step["judge"]["exit"])
            verdicts.setdefault(tuple(verdict), " and ".join(sorted(files)))
    return verdicts


def main():
    lint = _lint.Lint()
    for path in _lint.files(".json", under="tests/lab/scenarios"):
        steps = json.loads(_lint.read(path)).get("steps", ())
        for parts in ((CLIENT,), (CLIENT, NODE)):
            verdicts = told(steps, *parts)
            lint.looked += len(verdicts) > 0
            if len(verdicts) > 1:
                lint.wrong(path, 1, f"not judged alike: {verdicts}")
    lint.end("ends")


main()

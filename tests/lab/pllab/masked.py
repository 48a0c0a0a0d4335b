# SPDX-License-Identifier: MIT
"""Saved cases of a scenario, masked at every level, must be judged as they were: e2e_mask_case tells."""
import os
import subprocess

LIMIT_S = 60


def run(build, *cases):
    """Of cases that are judged together: lines that say what differs."""
    program = os.path.join(build, "tests", "e2e_mask_case")
    if not os.path.exists(program):  # an installed tool is tested, without its tests
        return []
    done = subprocess.run([program, *cases], capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if done.returncode == 0:
        return []
    return [f"masked: exit {done.returncode}", done.stdout[-2000:], done.stderr[-3000:]]

# SPDX-License-Identifier: MIT
"""The saved case of a scenario, masked at every level, must be judged as it was: e2e_mask_case tells."""
import os
import shutil
import subprocess

LIMIT_S = 60
KEEP = "--keep-cases="


def run(build, case):
    """Lines that say what differs."""
    program = os.path.join(build, "tests", "e2e_mask_case")
    if not os.path.exists(program):  # an installed tool is tested, without its tests
        return []
    done = subprocess.run([program, case], capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if done.returncode == 0:
        return []
    return [f"masked: exit {done.returncode}", done.stdout[-2000:], done.stderr[-3000:]]


def keep(case, name, options):
    """--keep-cases=DIR: for whoever compares cases later."""
    for folder in (o[len(KEEP):] for o in options if o.startswith(KEEP)):
        if os.path.exists(case):
            shutil.copyfile(case, os.path.join(folder, name + ".case"))

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""5,000 generated zone files are loadable by named exactly when they were
before a plan was applied: named-checkconf -z loads hundreds of them at once,
each in a view of its own."""
import os
import re
import shutil
import subprocess

import _pldiag as e2e
import _dnsd  # where servers' programs are

FILES = 5000
AT_ONCE = 500
EDIT = os.path.join(os.environ["PLDIAG_BUILD"], "tests", "e2e_zone_edit")
BAD = re.compile(r"^v(\d+)/vault\.azure\.net/IN: ", re.M)


def config(folder, which, first):
    zones = "".join(
        f'view "v{i}" {{ match-clients {{ any; }}; zone "vault.azure.net" '
        f'{{ type primary; file "{i}.{which}"; }}; }};\n'
        for i in range(first, min(first + AT_ONCE, FILES + 1)))
    return _dnsd.write(folder, f"{which}.conf",
                          f'options {{ directory "{folder}"; check-names primary ignore; }};\n' + zones)


def bad(folder, which):
    """The numbers of those that named does not load."""
    out, loaded = set(), 0
    for first in range(1, FILES + 1, AT_ONCE):
        done = subprocess.run(["named-checkconf", "-z", config(folder, which, first)],
                              capture_output=True, text=True, check=False, cwd=folder)
        out |= {int(n) for n in BAD.findall(done.stdout + done.stderr)}
        loaded += done.stdout.count(": loaded serial ")
    e2e.check(loaded + len(out) == FILES, f"{which}: {loaded} loaded and {len(out)} not, of {FILES}")
    return out


def main():
    e2e.own_network()
    if not shutil.which("named-checkconf"):
        e2e.skip("no named-checkconf")
    with e2e.folder() as folder:
        subprocess.run([EDIT, "zones", str(FILES), folder], check=True)
        before, after = bad(folder, "before"), bad(folder, "after")
        for i in sorted(before ^ after)[:5]:
            with open(os.path.join(folder, f"{i}.after"), encoding="utf-8") as f:
                e2e.check(False, f"zone {i}: loadable {'after' if i in before else 'before'} only:\n{f.read()}")
        changed = sum(open(os.path.join(folder, f"{i}.before"), "rb").read()
                      != open(os.path.join(folder, f"{i}.after"), "rb").read() for i in range(1, FILES + 1))
        e2e.check(len(before) > FILES // 20, f"only {len(before)} of {FILES} are not loadable: that proves little")
        e2e.check(len(before) < FILES // 2, f"{len(before)} of {FILES} are not loadable: that proves little")
        e2e.check(changed > FILES // 2, f"only {changed} of {FILES} change")
    e2e.finish(f"of {FILES} zones, {changed} edited, the same {len(before)} do not load")


main()

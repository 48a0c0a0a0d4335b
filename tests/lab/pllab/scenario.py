# SPDX-License-Identifier: MIT
"""A scenario: which machine, which faults, and exactly what pl-doctor must find.

    { "title": "…", "as": "client", "faults": ["vpn-down"], "inventory": "ws1103.json",
      "args": ["--timeout", "1"], "hosts": ["@all"], "resolv": "…", "env": {}, "edit": [["old", "new"]],
      "add": {"notes": […], "nsgs": […]},
      "checks": [{"sh": "dig …", "out": "REGEX"}],
      "expect": { "exit": 1, "verdict": "failed", "role": "client", "first_cause": "CODE",
                  "findings": [{"code": "…", "severity": "error", "targets": ["SERVICE or FQDN"]}],
                  "also": ["NAME"], "may": [{"code": "…", "severity": "…"}], "ignore_info": false,
                  "targets_default": "ok", "targets": {"SERVICE or FQDN": "fail"} } }

The set of findings is exact: (code, severity), and the targets where given.  `also` names sets of
data/sets.json, for what many scenarios have in common; `add` is put into the inventory; `may` are findings
that depend on chance.  `checks` are shell commands of the role that prove the lab itself; a scenario without
`expect` has only these.  `steps` instead of `expect`: see steps.py.  With `"collector": "same"` the script of
--print-collector must bring about all of this too; with `"cause"` the same verdict and first cause.  With
`"capture"` pl-capture must find it in the recorded packets: see capture.py.
"""
import json
import os
import re
import shutil
import time

from . import capture, collector, faults, lab, masked, sandbox, steps, world

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(HERE, "scenarios")
CHECK_LIMIT_S = 30
KEEP = "--keep-cases="


def load(name):
    with open(os.path.join(FOLDER, name + ".json"), encoding="utf-8") as f:
        return json.load(f)


def names():
    return sorted(n[:-5] for n in os.listdir(FOLDER) if n.endswith(".json"))


def make_world(role, kit, names_of_faults):
    w = world.World(role, kit)
    for name in names_of_faults:
        faults.apply(w, faults.service_names(name))
    return w


def build_world(s, kit):
    w = make_world(s.get("as", "client"), kit, s.get("faults", []))
    if "hosts" in s:
        w.hosts += hosts_text(w, s["hosts"])
    if "resolv" in s:
        faults.apply(w, "resolv:" + s["resolv"])
    w.env.update(s.get("env", {}))
    return w


def hosts_text(w, lines):
    """@all: every private name; @only:S,S and @but:S,S choose; {SERVICE} is that service's name."""
    text = ""
    for line in lines:
        if line.startswith("@"):
            what, _, some = line[1:].partition(":")
            some = some.split(",") if some else []
            for key, (name, last) in world.SERVICES.items():
                if what == "all" or (key in some) == (what == "only"):
                    text += f"{w.private(last)} {name}\n"
        else:
            text += faults.service_names(line) + "\n"
    return text


def run(kit, build, name, options):
    s = load(name)
    place = lab.Lab(build_world(s, kit))
    place.up()
    wrong = _checks(place, s.get("checks", []))
    if "expect" in s and not wrong and "--checks-only" not in options:
        wrong = _doctor(place, s, build, "--keep-output" in options)
        _keep(f"{sandbox.RUN}/saved.case", name, options)
        if "collector" in s or "--collector" in options:
            wrong += collector.run(place, s, doctor_command(place, s, build, []), "--keep-output" in options)
        if "capture" in s or "--capture" in options:
            wrong += capture.run(place, s, build, doctor_command(place, s, build, []), "--keep-output" in options)
    if "steps" in s and not wrong and "--checks-only" not in options:
        wrong = steps.run(place, s, build, inventory_file(place, s), compare_some)
    for line in wrong:
        print(f"  {line}")
    return 1 if wrong else 0


def _checks(place, checks):
    wrong = []
    for check in checks:
        command = faults.service_names(check["sh"])
        done = place.run_as_role(["sh", "-c", command], capture_output=True, text=True, timeout=CHECK_LIMIT_S)
        if not re.search(faults.service_names(check["out"]), done.stdout + done.stderr, re.S):
            wrong.append(f"check: {command}\n    gave:  {(done.stdout + done.stderr).strip()!r}\n    wanted: {check['out']!r}")
    return wrong


# --- pl-doctor -----------------------------------------------------------------
def inventory_file(place, s):
    """Written where the role runs; gives its path, or None for a scenario without one."""
    if s.get("inventory", "ws1103.json") is None:
        return None
    name = s.get("inventory", "ws1103.json")
    with open(os.path.join(HERE, "data", name), encoding="utf-8") as f:
        text = f.read()
    for old, new in place.w.inventory_edits + [tuple(e) for e in s.get("edit", [])]:
        if old not in text:
            raise ValueError(f"inventory edit: {old!r} is not in {name}")
        text = text.replace(old, new)
    if "add" in s:
        added = json.loads(faults.service_names(json.dumps(s["add"])))
        text = json.dumps({**json.loads(text), **added}, indent=2)
    path = f"{sandbox.RUN}/{name}"
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def doctor_command(place, s, build, extra):
    program = os.path.join(build, "tools", "pl-doctor")
    if not os.path.exists(program):
        raise FileNotFoundError(program)
    inventory = inventory_file(place, s)
    return [program, *([os.path.basename(inventory)] if inventory else []), *extra, "--ca-file", place.environment()["LAB_CA"],
            *(_argument(a) for a in s.get("args", []))]


def _argument(text):
    """{clock+S} is the time S seconds from now, as --clock takes it."""
    later = re.fullmatch(r"\{clock([+-]\d+)\}", text)
    if later:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + int(later[1])))
    return faults.service_names(text)


def _keep(case, name, options):
    """--keep-cases=DIR: for whoever compares cases later."""
    for folder in (o[len(KEEP):] for o in options if o.startswith(KEEP)):
        if os.path.exists(case):
            os.makedirs(folder, exist_ok=True)
            shutil.copyfile(case, os.path.join(folder, name + ".case"))


def _doctor(place, s, build, keep):
    case = f"{sandbox.RUN}/saved.case"
    command = doctor_command(place, s, build, ["--json", "--save", case])
    done = place.run_as_role(command, capture_output=True, text=True, timeout=60, cwd=sandbox.RUN)
    if keep:
        print(done.stdout)
    try:
        report = json.loads(done.stdout)
    except ValueError as why:
        return [f"no report: {why}; exit {done.returncode}", done.stderr[-3000:], done.stdout[:300]]
    wrong = compare(report, done.returncode, s["expect"])
    return wrong + ([done.stderr[-3000:]] if wrong and done.stderr else []) + masked.run(build, case)


def compare(report, status, expect):
    wrong = compare_head(report, status, expect)
    if expect.get("any_finding"):
        return wrong
    return wrong + _compare_findings(report, expect) + _compare_targets(report, expect)


def compare_some(report, status, expect):
    """Only what is expected at all: one of several steps."""
    wrong = compare_head(report, status, expect) + _compare_targets(report, expect)
    return wrong + (_compare_findings(report, expect) if "findings" in expect else [])


def compare_head(report, status, expect):
    wrong = []
    codes = {f["id"]: f["code"] for f in report.get("findings", [])}
    causes = [codes.get(c["finding"], "?") for c in report.get("causes", [])]
    for what, is_, wanted in (("exit", status, expect.get("exit")), ("verdict", report.get("verdict"), expect.get("verdict")),
                              ("role", report.get("run", {}).get("role"), expect.get("role")),
                              ("first cause", causes[0] if causes else None, expect.get("first_cause"))):
        if wanted is not None and is_ != wanted:
            wrong.append(f"{what}: {is_}, wanted {wanted}")
    if "first_cause" in expect and expect["first_cause"] is None and causes:
        wrong.append(f"causes: {causes}, wanted none")
    return wrong


def _wanted_findings(expect):
    wanted = list(expect.get("findings", []))
    with open(os.path.join(HERE, "data", "sets.json"), encoding="utf-8") as f:
        sets = json.load(f)
    for name in expect.get("also", []):
        wanted += sets[name]
    return wanted


def _compare_findings(report, expect):
    found = [f for f in report.get("findings", []) if not (expect.get("ignore_info") and f["severity"] == "info")]
    wanted = _wanted_findings(expect)
    keys = {(f["code"], f["severity"]) for f in found}
    wanted_keys = {(f["code"], f["severity"]) for f in wanted}
    wrong = [f"finding missing: {c} ({s})" for c, s in sorted(wanted_keys - keys)]
    may = {(f["code"], f["severity"]) for f in expect.get("may", [])}
    for code, severity in sorted(keys - wanted_keys - may):
        details = [f"      {f.get('detail', f.get('title', ''))} {_short(f.get('targets', []))}" for f in found
                   if (f["code"], f["severity"]) == (code, severity)]
        wrong.append("\n".join([f"finding not wanted: {code} ({severity})"] + details))
    for f in wanted:
        if "targets" in f and (f["code"], f["severity"]) in keys:
            wrong += _compare_finding_targets(report, found, f)
    return wrong


def _compare_finding_targets(report, found, wanted):
    met = {t for f in found if (f["code"], f["severity"]) == (wanted["code"], wanted["severity"]) for t in f["targets"]}
    should = {fqdn for key in wanted["targets"] for fqdn in _targets_of(report, key)}
    wrong = []
    if met - should:
        wrong.append(f"{wanted['code']} also blames {_short(sorted(met - should))}")
    if should - met:
        wrong.append(f"{wanted['code']} does not name {_short(sorted(should - met))}")
    return wrong


def _targets_of(report, key):
    key = faults.service_names(key)
    fits = [t["fqdn"] for t in report.get("targets", []) if t.get("fqdn") and key in (t["fqdn"], t["service"])]
    return fits or [key]


def _compare_targets(report, expect):
    if "targets" not in expect and "targets_default" not in expect:
        return []
    wrong = []
    special = {fqdn: status for key, status in expect.get("targets", {}).items() for fqdn in _targets_of(report, key)}
    for t in report.get("targets", []):
        if not t.get("fqdn"):  # compute nodes: addresses only
            continue
        wanted = special.pop(t["fqdn"], expect.get("targets_default"))
        if wanted and t["status"] != wanted:
            wrong.append(f"target {_short([t['fqdn']])} ({t['service']}): {t['status']}, wanted {wanted}; "
                         f"addresses {t.get('addresses')}")
    return wrong + [f"target {fqdn}: not in the report" for fqdn in special]


def _short(fqdns):
    return " ".join(f if len(f) < 40 else f[:12] + "…" + f[-24:] for f in fqdns)

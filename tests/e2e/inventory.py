#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-inventory as people call it: what it prints fits its schema, the schema
and the parser agree about good and bad files, exit statuses are the promised
ones, and expanding what was expanded changes nothing."""
import glob
import json
import os
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not here")
    sys.exit(77)

SOURCE = os.environ["PLDIAG_SOURCE"]
TOOL = os.path.join(os.environ["PLDIAG_BUILD"], "tools", "pl-inventory")
DATA = os.path.join(SOURCE, "tests", "data", "inventory")
GUID = "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"
wrong = []


def schema(name):
    path = os.path.join(SOURCE, "docs", "formats", f"{name}.schema.json")
    with open(path, encoding="utf-8") as file:
        text = json.load(file)
    jsonschema.Draft202012Validator.check_schema(text)
    return jsonschema.Draft202012Validator(text)


def run(*args, want=0, stdin=None):
    done = subprocess.run(
        [TOOL, *args], input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode != want:
        wrong.append(f"{args}: exit {done.returncode}, not {want}\n{done.stderr}")
    return done


def check(condition, text):
    if not condition:
        wrong.append(text)


def fits(validator, document, what):
    for error in validator.iter_errors(document):
        wrong.append(f"{what}: the schema says {error.message}")


def check_good_files(inventory):
    for path in sorted(glob.glob(f"{DATA}/*.json")):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        fits(inventory, document, path)
        run("check", path)
        for role in ("client", "jumpbox", "compute", "aks"):
            era = "2020" if role in ("jumpbox", "compute") else "current"
            options = ("--role", role, "--era", era)
            once = run("expand", path, *options).stdout
            fits(inventory, json.loads(once), f"{path} {role} {era}")
            again = run("expand", "-", *options, stdin=once).stdout
            check(again == once, f"{path}: a second expand differs")


def check_bad_files(inventory):
    for path in sorted(glob.glob(f"{DATA}/bad/*.json")):
        done = run("check", path, want=2)
        check(not done.stdout, f"{path}: a result for a bad file")
        check(os.path.basename(path) in done.stderr, f"{path}: not named")
        run("expand", path, want=2)
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        # What JSON itself or the whole document forbids no schema can see.
        if os.path.basename(path) in ("same-key.json", "no-region.json"):
            continue
        check(not inventory.is_valid(document), f"{path}: the schema takes it")


def check_check():
    validator = schema("inventory-check")
    good, bad = f"{DATA}/short.json", f"{DATA}/bad/list.json"
    done = run("check", good, want=0)
    check("short.json: good: public, eastus, " in done.stdout, "no summary")
    done = run("check", good, bad, f"{DATA}/none.json", want=1)
    check("none.json" in done.stderr, "an unreadable file is not named")
    done = run("check", "--json", good, bad, want=1)
    report = json.loads(done.stdout)
    fits(validator, report, "check --json")
    check([f["good"] for f in report["files"]] == [True, False], "wrong report")
    run("check", f"{DATA}/none.json", want=2)
    run("check", want=2)
    run("check", f"{DATA}/empty.json")
    run("check", "--strict", f"{DATA}/empty.json", want=1)
    done = run("check", f"{DATA}/bad/everything.json", want=2)
    check("problems" in done.stderr, "the problems are not counted")


def check_urls(inventory):
    url = f"https://{GUID}.workspace.eastus.api.azureml.ms/x?y=z"
    document = json.loads(run("expand", url).stdout)
    fits(inventory, document, "expanded URL")
    names = [t["fqdn"] for t in document["targets"]]
    check(f"{GUID}.workspace.eastus.cert.api.azureml.ms" in names, "no cert name")
    check("ml.azure.com" in names, "no public names")
    document = json.loads(run("expand", url, "--no-public").stdout)
    check(len(document["targets"]) == 2, "--no-public leaves public names")
    done = run("expand", "https://ml.azure.com/?wsid=/subscriptions/s/"
               "resourcegroups/g/workspaces/ws1", want=2)
    check("--workspace-id" in done.stderr and "ws1" in done.stderr, "no advice")
    check(len(done.stderr.splitlines()) == 1, "more than one line of advice")
    document = json.loads(
        run("expand", "--workspace-id", GUID, "--region", "usgovvirginia",
            "--storage", "acct:dfs").stdout
    )
    check(document["cloud"] == "usgov", "the region does not tell the cloud")
    run("expand", "--workspace-id", GUID, want=2)
    run("expand", f"{DATA}/short.json", "--region", "eastus", want=2)


def check_text():
    done = run("expand", "--format", "text", f"{DATA}/short.json")
    lines = done.stdout.splitlines()
    check(lines[0].startswith("ws1103 (eastus, public), client"), "no headline")
    check(any(l.split()[:3] == ["workspace-api", "10.150.0.4", "443"]
              for l in lines), "no row of the API")
    done = run("expand", "--format", "text", "--role", "compute", "--era", "2020",
               f"{DATA}/short.json")
    check("in  29876-29877 from BatchNodeManagement" in done.stdout, "no flows")


def check_output():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out.json")
        run("expand", f"{DATA}/short.json", "-o", path)
        run("check", path)


def main():
    inventory = schema("inventory")
    check_good_files(inventory)
    check_bad_files(inventory)
    check_check()
    check_urls(inventory)
    check_text()
    check_output()
    print("\n".join(wrong) if wrong else "pl-inventory keeps its promises")
    sys.exit(1 if wrong else 0)


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pl-nsg as people call it: what it prints fits its schema, exit statuses are
the promised ones, one bad document does not stop the others, a repair that was
given repairs, and nothing from a document reaches a terminal or a shell."""
import json
import os
import shlex
import xml.dom.minidom

import _pldiag as e2e
from _pldiag import check, run, write

DATA = os.path.join(e2e.SOURCE, "tests", "data", "azure")
ERA_2020 = f"{DATA}/nsg-show.era-2020.json"
TODAY = f"{DATA}/nsg-show.today-outbound.json"
formats = e2e.Formats()


def judged(*args, want, stdin=b""):
    """The document; it fits, and the other faces agree about the status."""
    done = run("pl-nsg", "check", "--json", *args, want=want, stdin=stdin)
    what = "pl-nsg " + e2e.words(args)
    try:
        document = e2e.parse(done.stdout)
    except ValueError as error:
        e2e.wrong.append(f"{what}: {error}")
        return {"flows": [], "warnings": []}
    formats.fits(document, "nsg", what)
    text = run("pl-nsg", "check", *args, want=want, stdin=stdin).stdout.decode()
    for line in text.splitlines():
        check(len(line) <= 80 or line.startswith("  "), f"{what}: long: {line}")
    junit = run("pl-nsg", "check", "--format", "junit", *args, want=want,
                stdin=stdin).stdout
    suites = xml.dom.minidom.parseString(junit).documentElement
    check(int(suites.getAttribute("tests")) == len(document["flows"]),
          f"{what}: junit counts otherwise")
    bad = [f for f in document["flows"] if f["required"] and
           f["result"] in ("denied", "partly")]
    check(int(suites.getAttribute("failures")) == len(bad),
          f"{what}: junit fails otherwise")
    return document


def flow(document, **keys):
    found = [f for f in document["flows"]
             if all(f[key] == value for key, value in keys.items())]
    if not check(len(found) == 1, f"{keys}: {len(found)} flows"):
        return {"result": None, "rule": None}
    return found[0]


def samples():
    document = judged(ERA_2020, "--era", "2020", want=0)
    batch = flow(document, peer="BatchNodeManagement")
    check(list(batch)[:6] == ["direction", "protocol", "peer", "ports", "result",
                              "rule"], f"keys: {list(batch)}")
    check((batch["direction"], batch["protocol"], batch["ports"],
           batch["result"], batch["rule"]["name"], batch["rule"]["priority"]) ==
          ("in", "tcp", "29876-29877", "allowed", "batch", 400), f"{batch}")
    check(document["region"] == "eastus", "the region is not that of the group")
    flow(document, peer="Storage.eastus")
    document = judged(ERA_2020, "--era", "2020", "--region", "West US 2", want=0)
    flow(document, peer="Storage.westus2")

    document = judged(TODAY, want=1)
    arm = flow(document, peer="AzureResourceManager")
    check(arm["result"] == "denied" and arm["rule"]["name"] == "deny-internet",
          f"{arm}")
    check(arm["repairs"][0]["command"] ==
          "az network nsg rule create -g rg-ml --nsg-name contosonsg "
          "-n allow-AzureResourceManager-tcp-443-out --priority 250 "
          "--direction Outbound --access Allow --protocol Tcp "
          "--source-address-prefixes '*' --source-port-ranges '*' "
          "--destination-address-prefixes AzureResourceManager "
          "--destination-port-ranges 443", f"{arm['repairs']}")
    for role in ("client", "jumpbox", "aks"):
        for era in ("2020", "current"):
            judged(TODAY, "--role", role, "--era", era, want=1)
            judged(ERA_2020, "--role", role, "--era", era, want=0)


def apply(document, command):
    """What `az` would do, for the options we print."""
    words = shlex.split(command)
    check(words[:5] == ["az", "network", "nsg", "rule", "create"], command)
    options = dict(zip(words[5::2], words[6::2]))
    check(options["-g"] == document["resourceGroup"] and
          options["--nsg-name"] == document["name"], command)
    document["securityRules"].append({
        "name": options["-n"], "priority": int(options["--priority"]),
        "direction": options["--direction"], "access": options["--access"],
        "protocol": options["--protocol"],
        "sourceAddressPrefix": options["--source-address-prefixes"],
        "sourcePortRange": options["--source-port-ranges"],
        "destinationAddressPrefix": options["--destination-address-prefixes"],
        "destinationPortRange": options["--destination-port-ranges"],
    })


def repaired():
    with open(TODAY, encoding="utf-8") as file:
        group = json.load(file)
    for rule in group["securityRules"]:
        rule["access"] = "Deny"
    before = json.dumps(group).encode()
    document = judged("-", want=1, stdin=before)
    for item in document["flows"]:
        for repair in item.get("repairs", []):
            apply(group, repair["command"])
    priorities = [(r["direction"], r["priority"]) for r in group["securityRules"]]
    check(len(set(priorities)) == len(priorities), "a priority comes twice")
    document = judged("-", want=0, stdin=json.dumps(group).encode())
    check(all(f["result"] == "allowed" for f in document["flows"]),
          "not all repairs repair")


def statuses(here):
    some = ("--flow", "out tcp * Fresh.eastus 443")
    document = judged(TODAY, *some, want=3)
    check(len(document["flows"]) == 1, "flows of a role that was not given")
    check("Fresh" in document["flows"][0]["unknown"], "no reason")
    judged(TODAY, *some, "--flow", "in udp * * 1", want=1)
    document = judged(TODAY, *some, "--role", "client", want=1)
    check(document["role"] == "client", "no role")
    document = judged(TODAY, "--flow", "out tcp * AzureActiveDirectory 79-81", want=1)
    check([p["ports"] for p in document["flows"][0]["parts"]] ==
          ["79", "80", "81"], "no parts")

    broken = write(f"{here}/broken.json", '{"securityRules":[')
    document = judged(broken, ERA_2020, "--era", "2020", want=1)
    check(document["skipped"] == 1 and len(document["groups"]) == 1, "skipped")
    half = write(f"{here}/half.json", json.dumps([
        json.load(open(ERA_2020, encoding="utf-8")),
        {"name": "b", "securityRules": [{"name": "r", "access": "Allow"}]}]))
    done = run("pl-nsg", "check", half, "--era", "2020", want=1)
    check(b"half.json: $[1].securityRules[0].priority: " in done.stderr,
          f"no place: {done.stderr}")
    for args in ((broken,), (f"{here}/none.json",), (here,),
                 (write(f"{here}/other.json", '{"name":"vm1"}'),),
                 (ERA_2020, "--flow", "in tcp x"), (ERA_2020, "--vnet", "10.0.0.1/8"),
                 (ERA_2020, "--region", "east-us"), (ERA_2020, "--group", "x"),
                 (ERA_2020, "--service-tags", ERA_2020),
                 (ERA_2020, "--inventory", f"{here}/none.json"),
                 (ERA_2020, "--flow", "in tcp 10.0.0.999 * 1")):
        done = run("pl-nsg", "check", *args, want=2)
        check(not done.stdout, f"{args}: a result")
        check(1 <= len(e2e.lines_of(done.stderr)) <= 2,
              f"{args}: {done.stderr.decode()}")


def wide_rules(here):
    rule = {"name": "aml", "priority": 300, "direction": "Inbound",
            "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "*",
            "sourcePortRange": "*", "destinationAddressPrefix": "*",
            "destinationPortRange": "44224"}
    path = write(f"{here}/wide.json", json.dumps(
        {"name": "wide", "resourceGroup": "rg", "location": "eastus",
         "securityRules": [rule]}))
    document = judged(path, want=0)
    wide = document["warnings"]
    check(len(wide) == 1 and wide[0]["lets_in"] == "Internet" and
          wide[0]["command"] == "az network nsg rule update -g rg --nsg-name wide "
          "-n aml --source-address-prefixes AzureMachineLearning", f"{wide}")
    judged(path, "--strict", want=1)
    rule["sourceAddressPrefix"] = "AzureCloud"
    rule["destinationPortRange"] = "1-60000"
    write(path, json.dumps({"name": "wide", "securityRules": [rule]}))
    wide = judged(path, "--region", "eastus", want=0)["warnings"]
    check(len(wide) == 1 and wide[0]["lets_in"] == "AzureCloud" and
          "command" not in wide[0], f"{wide}")
    rule["sourceAddressPrefix"] = "AzureMachineLearning"
    write(path, json.dumps({"name": "n", "location": "eastus",
                            "securityRules": [rule]}))
    check(not judged(path, "--strict", want=0)["warnings"], "a false warning")


def worlds(here):
    """What --vnet, --inventory and --service-tags make known."""
    question = ("--flow", "in tcp 172.16.201.5 * 443")
    judged(ERA_2020, *question, want=3)
    judged(ERA_2020, *question, "--vnet", "172.16.201.0/24", want=0)
    inventory = write(f"{here}/inventory.json", json.dumps({
        "schema": "pldiag.inventory/1", "region": "westus",
        "networks": ["172.16.201.0/24"], "nsgs": [json.load(
            open(ERA_2020, encoding="utf-8"))]}))
    judged("--inventory", inventory, *question, want=0)
    document = judged("--inventory", inventory, "--era", "2020", want=0)
    flow(document, peer="Storage.westus")
    judged(inventory, *question, "--vnet", "172.16.201.0/24", want=0)

    question = ("--flow", "out tcp * 20.60.0.7 443")
    group = json.load(open(TODAY, encoding="utf-8"))
    path = write(f"{here}/bom.json", b"\xef\xbb\xbf" + json.dumps(group).encode())
    judged(path, *question, want=3)
    tags = write(f"{here}/tags.json", json.dumps({"values": [
        {"name": name, "properties": {"addressPrefixes": prefixes}}
        for name, prefixes in (
            ("Storage.EastUS", ["20.60.0.0/24"]), ("AzureActiveDirectory", []),
            ("AzureMachineLearning", ["20.70.0.0/16"]),
            ("BatchNodeManagement.EastUS", []))]}))
    judged(path, *question, "--service-tags", tags, want=0)
    judged(path, "--flow", "out tcp * 20.70.0.7 445", "--service-tags", tags, want=1)


def series(here):
    def group(name, place, ports):
        return {"name": name, "location": "eastus", **place, "securityRules": [{
            "name": "r", "priority": 100, "direction": "Inbound",
            "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*",
            "sourcePortRange": "*", "destinationAddressPrefix": "*",
            "destinationPortRange": ports}]}

    a = group("a", {"subnets": [{"id": "/s/a"}]}, "1-2")
    b = group("b", {"networkInterfaces": [{"id": "/n/b"}]}, "2-3")
    c = group("c", {"subnets": [{"id": "/s/c"}]}, "9")
    path = write(f"{here}/series.json", json.dumps({"value": [b, a]}))
    document = judged(path, "--flow", "in tcp VirtualNetwork * 2", want=1)
    item = document["flows"][0]
    check(item["rule"]["group"] == "a" and item["groups"] == ["a", "b"], f"{item}")
    check(len(item["repairs"]) == 2, "not a repair for each group")
    path = write(f"{here}/ways.json", json.dumps([a, c]))
    document = judged(path, "--flow", "in tcp VirtualNetwork * 9", want=1)
    check([(f["groups"], f["result"]) for f in document["flows"]] ==
          [(["a"], "allowed"), (["c"], "denied")], f"{document['flows']}")
    judged(path, "--flow", "in tcp VirtualNetwork * 9", "--group", "A", want=0)


def hostile(here):
    name = "x\u001b[31m'; reboot\u202e"
    path = write(f"{here}/hostile.json", json.dumps(
        {"name": name, "resourceGroup": "my group", "location": "eastus",
         "securityRules": [{
             "name": name, "priority": 100, "direction": "Inbound",
             "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*",
             "sourcePortRange": "*", "destinationAddressPrefix": "*",
             "destinationPortRange": "*"}]}))
    document = judged(path, "--era", "2020", want=1)
    repair = flow(document, peer="BatchNodeManagement")["repairs"][0]
    check("command" not in repair, f"a command from a hostile name: {repair}")
    for face in ("text", "junit"):
        out = run("pl-nsg", "check", "--format", face, path, "--era", "2020",
                  "-v", want=1).stdout
        check(b"\x1b" not in out and "\u202e".encode() not in out,
              f"{face}: not made safe")
    text = json.loads(open(path, encoding="utf-8").read())
    text["name"] = "it's & my nsg"
    write(path, json.dumps(text))
    document = judged(path, "--era", "2020", want=1)
    repair = flow(document, peer="BatchNodeManagement")["repairs"][0]
    check("problem" in repair and "(100)" in repair["problem"], f"{repair}")
    text["securityRules"][0]["priority"] = 101
    write(path, json.dumps(text))
    document = judged(path, "--era", "2020", want=1)
    words = shlex.split(
        flow(document, peer="AzureMachineLearning",
             direction="in")["repairs"][0]["command"])
    check(words[words.index("--nsg-name") + 1] == text["name"] and
          words[words.index("-g") + 1] == "my group" and
          words[words.index("--priority") + 1] == "100", f"{words}")


def main():
    with e2e.folder() as here:
        samples()
        repaired()
        statuses(here)
        wide_rules(here)
        worlds(here)
        series(here)
        hostile(here)
    e2e.finish("pl-nsg keeps its promises")


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A stand-in for the Azure CLI: prints recorded answers of tests/data/azure,
logs what it was asked (a line of JSON each in $AZ_LOG), and fails for the
commands that fit $AZ_FAIL, a regular expression."""
import json
import os
import re
import sys

DATA = os.path.join(os.environ["PLDIAG_SOURCE"], "tests", "data", "azure")
GROUP = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-ml/providers/"
NETWORK = GROUP + "Microsoft.Network/"
WORKSPACE = GROUP + "Microsoft.MachineLearningServices/workspaces/contoso-ml"
ZONE = NETWORK + "privateDnsZones/"
# What names a secret or needs more than Reader never belongs to this script.
FORBIDDEN = re.compile(r"keys|secrets?|.*token.*|credentials?|.*connection-string.*|create|update|delete|set|post|put|patch|"
                       r"install|add|remove|regenerate.*|assign.*")


def sample(name):
    with open(os.path.join(DATA, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def connected(document, *endpoints):
    document["properties"]["privateEndpointConnections"] = [
        {"properties": {"privateEndpoint": {"id": NETWORK + "privateEndpoints/" + name}}} for name in endpoints]
    return document


def resource(words):
    if words.lower().endswith("workspaces/contoso-ml"):
        return connected(sample("ml-workspace-get.arm"), "pe-ml")
    raise SystemExit("ERROR: (ResourceNotFound)")


def connections(words):
    """The registry has an endpoint, storage one whose name is spelled in another case, the vault none."""
    owner = words.split()[-1]
    names = {"registries": ["pe-acr"], "storageaccounts": ["PE-ML"]}.get(owner.lower().split("/")[-2], [])
    return [{"id": f"{owner}/privateEndpointConnections/{n}.1", "name": f"{n}.1",
             "properties": {"privateEndpoint": {"id": NETWORK + "privateEndpoints/" + n}, "provisioningState": "Succeeded",
                            "privateLinkServiceConnectionState": {"status": "Approved", "description": ""}}} for n in names]


def zone(words):
    name = re.search(r"--name=(\S+)", words)[1]
    return {"id": ZONE + name, "name": name, "type": "Microsoft.Network/privateDnsZones", "location": "global",
            "numberOfRecordSets": 4, "numberOfVirtualNetworkLinks": 1 if "api" in name else 0}


def network(prefix):
    subnet = {"id": NETWORK + "virtualNetworks/hub/subnets/training", "name": "training",
              "addressPrefix": "10.150.0.0/24",
              "networkSecurityGroup": {"id": NETWORK + "networkSecurityGroups/contosonsg"}}
    return {"id": NETWORK + "virtualNetworks/hub", "name": "hub", "location": "eastus", "subnets": [subnet],
            "addressSpace": {"addressPrefixes": [prefix]}, "type": "Microsoft.Network/virtualNetworks"}


ANSWERS = (  # the first that fits
    (r"account show", lambda w: None),
    (r"resource list", lambda w: json.loads(os.environ.get("AZ_FOUND", json.dumps([WORKSPACE])))),
    (r"resource show", resource),
    (r"ml workspace show", lambda w: sample("ml-workspace-show.v2")),
    (r"ml workspace diagnose", lambda w: sample("ml-workspace-diagnose.cli-v2.custom-dns")),
    (r"rest .*/computes\?", lambda w: {"value": [sample("compute-instance-get.arm")]}),
    (r"rest .*/onlineEndpoints\?", lambda w: {"value": []}),
    (r"rest .*/outboundNetwork", lambda w: sample("outbound-network-dependencies.rest")),
    (r"private-endpoint show .*/pe-ml$", lambda w: sample("private-endpoint-show.workspace.zone-group")),
    (r"private-endpoint show .*/pe-acr$", lambda w: sample("private-endpoint-show.acr.old-cli-nulls")),
    (r"dns-zone-group list .*=pe-ml ", lambda w: sample("dns-zone-group-list.workspace")),
    (r"dns-zone-group list", lambda w: sample("dns-zone-group-list.none")),
    (r"nic show .*/pe-ml", lambda w: sample("nic-show.workspace")),
    (r"nic show .*/pe-acr", lambda w: sample("nic-show.acr")),
    (r"private-endpoint-connection list --id", connections),
    (r"private-dns zone show", zone),
    (r"private-dns zone list", lambda w: [{"id": ZONE + name} for name in (
        "privatelink.API.azureml.ms", "privatelink.azurecr.io", "corp.example")]),
    (r"record-set a list .*privatelink\.api", lambda w: sample("private-dns.record-set-a-list.api-zone")),
    (r"record-set a list .*notebooks", lambda w: sample("private-dns.record-set-a-list.notebooks-zone")),
    (r"record-set a list", lambda w: []),
    (r"link vnet list .*privatelink\.api", lambda w: sample("private-dns.link-vnet-list")),
    (r"link vnet list", lambda w: sample("private-dns.link-vnet-list.none")),
    (r"vnet show", lambda w: network("10.150.0.0/16")),
    (r"nsg show", lambda w: sample("nsg-show.today-outbound")),
)


def main():
    arguments = sys.argv[1:]
    with open(os.environ["AZ_LOG"], "a", encoding="utf-8") as log:
        log.write(json.dumps(arguments) + "\n")
    words = " ".join(w for w in arguments if w not in ("--output", "json", "none"))
    if any(FORBIDDEN.fullmatch(w) for w in arguments):
        sys.exit(f"the stand-in does not do that: {words}")
    if re.search(os.environ.get("AZ_FAIL") or r"(?!)", words):
        sys.exit("ERROR: (AuthorizationFailed) The client does not have authorization\nto perform this action.")
    for pattern, answer in ANSWERS:
        if re.search(pattern, words, re.IGNORECASE):
            document = answer(words)
            if document is not None:
                json.dump(document, sys.stdout, indent=2)
            return
    sys.exit(f"ERROR: '{words}' is misspelled or not recognized by the system.")


main()

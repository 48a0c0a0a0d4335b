#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The machine document that test_machine_json prints and reads back fits
docs/formats/machine.schema.json, uses every key of it, and what the parser
refuses the schema refuses too."""
import copy
import json
import os
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not here")
    sys.exit(77)

SOURCE = os.environ["PLDIAG_SOURCE"]
wrong = []


def load(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return json.load(file)


SCHEMA = load("docs", "formats", "machine.schema.json")
jsonschema.Draft202012Validator.check_schema(SCHEMA)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def resolve(node):
    ref = node.get("$ref", "")
    return SCHEMA["$defs"][ref.rsplit("/", 1)[1]] if ref else node


# Read, and printed as something else (hosts, servers).
ONLY_READ = {"texts"}


def unused(node, values, path):
    """Every key that the schema names stands somewhere in the document."""
    node = resolve(node)
    if "items" in node:
        unused(node["items"], [v for list_ in values for v in list_], path + "[]")
    for key, below in node.get("properties", {}).items():
        if path == "$" and key in ONLY_READ:
            continue
        found = [v[key] for v in values if key in v]
        if not found:
            wrong.append(f"{path}.{key}: not in full.json")
        elif isinstance(found[0], (dict, list)):
            unused(below, found, f"{path}.{key}")


def unknown(node, value, path):
    """And the other way: nothing is printed that the schema does not name."""
    node = resolve(node)
    if isinstance(value, list):
        for item in value:
            unknown(node["items"], item, path + "[]")
    elif isinstance(value, dict):
        for key, below in value.items():
            if key not in node.get("properties", {}):
                wrong.append(f"{path}.{key}: not in the schema")
            else:
                unknown(node["properties"][key], below, f"{path}.{key}")


full = load("tests", "data", "machine", "full.json")
for error in VALIDATOR.iter_errors(full):
    wrong.append(f"full.json: {error.message}")
unused(SCHEMA, [full], "$")
unknown(SCHEMA, full, "$")

for key, value in {
    "schema": "pldiag.machine/2",
    "host": 1,
    "servers": [{}],
    "resolv": {"ndots": 99},
    "hosts": {"edges": [{"name": "a"}]},
    "interfaces": [{}],
    "routes": [{}],
    "proxies": [{"scheme": "https"}],
    "no_proxy": [1],
    "emulated": "yes",
}.items():
    bad = copy.deepcopy(full)
    bad[key] = value
    if VALIDATOR.is_valid(bad):
        wrong.append(f"a bad {key} passes the schema")

for line in wrong:
    print(line)
sys.exit(1 if wrong else 0)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Read what the renderers wrote, as its users would: check_formats.py FOLDER.

The folder holds SCENE.FACE files, written by test_faces.  JSON is checked
against docs/formats, XML is parsed, OpenMetrics is read line by line.
Exit status 77 (skipped) when python has no jsonschema.
"""
import json
import pathlib
import re
import sys
import warnings
import xml.etree.ElementTree

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from jsonschema import Draft202012Validator, RefResolver
except ImportError:
    print("python has no jsonschema with draft 2020-12")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import _html  # noqa: E402

FORMATS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "formats"
BASE = "https://pldiag.invalid/formats/"
LABEL = r'[a-z_]+="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(
    r"^([a-z_]+)(\{" + LABEL + "(?:," + LABEL + r")*\})? ([0-9.]+)$"
)
wrongs = 0


def wrong(path, text):
    global wrongs
    wrongs += 1
    print(f"{path.name}: {text}")


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key comes twice in {keys}")
    return dict(pairs)


def load(text):
    return json.loads(text, object_pairs_hook=unique)


class Schemas:
    def __init__(self):
        self.store = {}
        for path in FORMATS.glob("*.schema.json"):
            schema = load(path.read_text(encoding="utf-8"))
            Draft202012Validator.check_schema(schema)
            self.store[schema["$id"]] = schema

    def check(self, path, document, name, part=""):
        root = self.store[BASE + name]
        schema = {"$ref": BASE + name + part}
        resolver = RefResolver(root["$id"], root, store=self.store)
        for error in Draft202012Validator(schema, resolver=resolver).iter_errors(
            document
        ):
            place = "/".join(str(step) for step in error.path)
            wrong(path, f"{place}: {error.message[:200]}")


def check_json(schemas, path, text):
    report = load(text)
    schemas.check(path, report, "report.schema.json")
    order = ["schema", "tool", "run", "verdict", "targets", "findings", "causes"]
    if list(report)[:7] != order or list(report)[-1] != "facts":
        wrong(path, f"keys are in another order: {list(report)}")
    known = {finding["id"] for finding in report["findings"]}
    for cause in report["causes"]:
        for finding in [cause["finding"], *cause["explains"]]:
            if finding not in known:
                wrong(path, f"there is no finding {finding}")


def check_jsonl(schemas, path, text):
    if not text.endswith("\n"):
        wrong(path, "the last line has no end")
    lines = [load(line) for line in text.split("\n")[:-1]]
    for line in lines:
        schemas.check(path, line, "report.schema.json", "#/$defs/line")
    kinds = [line["line"] for line in lines]
    if kinds[0] != "run" or kinds[-1] != "summary" or kinds.count("run") != 1:
        wrong(path, f"lines are in another order: {kinds}")


def check_case(schemas, path, text):
    for line in text.split("\n")[:-1]:
        schemas.check(path, load(line), "case.schema.json")


def check_html(_, path, text):
    for fault in _html.Page(text.encode("utf-8")).wrong:
        wrong(path, fault)


def check_junit(_, path, text):
    root = xml.etree.ElementTree.fromstring(text.encode("utf-8"))
    suite = root.find("testsuite")
    counts = {
        "tests": len(suite.findall("testcase")),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
    }
    for element in (root, suite):
        for key, count in counts.items():
            if int(element.get(key)) != count:
                wrong(path, f"{element.tag} says {key}={element.get(key)}")
    for bad in suite.iterfind("testcase/*[@type]"):
        if not bad.get("message"):
            wrong(path, "a failure without a message")


def check_openmetrics(_, path, text):
    lines = text.split("\n")
    families, series, current = set(), set(), None
    if lines[-2:] != ["# EOF", ""]:
        wrong(path, "no # EOF at the end")
    for line in lines[:-2]:
        word = line.split(" ")
        if word[:2] == ["#", "TYPE"]:
            current = word[2]
            if current in families:
                wrong(path, f"{current} comes twice")
            families.add(current)
        elif word[0] == "#":
            if word[2] != current:
                wrong(path, f"{line} is not about {current}")
            if word[1] == "UNIT" and not current.endswith("_" + word[3]):
                wrong(path, f"{current} does not end in its unit")
        else:
            match = SAMPLE.match(line)
            if not match:
                wrong(path, f"no sample: {line}")
                continue
            if match[1] not in (current, f"{current}_info"):
                wrong(path, f"{line} is not of {current}")
            if match[1] + (match[2] or "") in series:
                wrong(path, f"{line} comes twice")
            series.add(match[1] + (match[2] or ""))


CHECKS = {
    ".json": check_json,
    ".jsonl": check_jsonl,
    ".case": check_case,
    ".html": check_html,
    ".junit": check_junit,
    ".openmetrics": check_openmetrics,
}


def main():
    schemas = Schemas()
    looked = 0
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        if path.suffix not in CHECKS:
            continue
        looked += 1
        try:
            text = path.read_bytes().decode("utf-8")
            CHECKS[path.suffix](schemas, path, text)
        except (ValueError, xml.etree.ElementTree.ParseError) as error:
            wrong(path, f"cannot be read: {error}")
    print(f"{looked} files, {wrongs} wrong")
    sys.exit(1 if wrongs or looked < 50 else 0)


warnings.simplefilter("ignore")
main()

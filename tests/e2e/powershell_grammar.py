#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every PowerShell script that these tools print is PowerShell, by a grammar of
it: npm's @vscode/tree-sitter-wasm, run by node.  Skipped where either is
missing; _powershell.py says everywhere what can be said without."""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run  # noqa: E402

PACKAGE = "@vscode/tree-sitter-wasm"
# For each script of the list on standard input, the lines that the grammar
# does not know.  One process for all: loading the grammar takes longest.
PARSE = r"""
const path = require("path");
const folder = path.join(path.dirname(require.resolve("PACKAGE/package.json")), "wasm");
const { Parser, Language } = require(path.join(folder, "tree-sitter.js"));
(async () => {
	await Parser.init();
	const parser = new Parser();
	parser.setLanguage(await Language.load(path.join(folder, "tree-sitter-powershell.wasm")));
	const look = (text) => {
		const faults = [];
		const visit = (node) => {
			if (node.isError || node.isMissing)
				faults.push(`line ${node.startPosition.row + 1}: ${text.slice(node.startIndex).split("\n")[0].slice(0, 60)}`);
			else if (node.hasError)
				node.children.forEach(visit);
		};
		visit(parser.parse(text).rootNode);
		return faults;
	};
	console.log(JSON.stringify(JSON.parse(require("fs").readFileSync(0, "utf8")).map(look)));
})();
""".replace("PACKAGE", PACKAGE)


def environment():
    """With the packages that ./check got, or that were installed for everybody."""
    env = dict(os.environ)
    own = os.path.join(e2e.SOURCE, "build", "npm", "node_modules")
    if os.path.isdir(own):
        env["NODE_PATH"] = os.pathsep.join(p for p in (own, env.get("NODE_PATH")) if p)
    elif shutil.which("npm"):
        root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=False).stdout.strip()
        env["NODE_PATH"] = os.pathsep.join(p for p in (env.get("NODE_PATH"), root) if p)
    return env


def faults(texts, env):
    done = subprocess.run(["node", "-e", PARSE], input=json.dumps(texts).encode(), capture_output=True, env=env, check=False)
    if done.returncode:
        return [[done.stderr.decode(errors="replace")[-400:]]] * len(texts)
    return json.loads(done.stdout)


def scripts(here):
    inventory = os.path.join(e2e.SOURCE, "tests", "data", "inventory", "short.json")
    yield "collector", run("pl-doctor", "--print-collector", "powershell", inventory, want=0).stdout
    yield "gather", run("pl-inventory", "gather", "--shell", "powershell", want=0).stdout
    run("pl-zone", "forwarders", inventory, "--for", "windows", "-o", here, "--to", "10.150.0.53", want=0)
    run("pl-zone", "render", inventory, "--for", "windows", "-o", here, want=0)
    for name in sorted(n for n in os.listdir(here) if n.endswith(".ps1")):
        with open(os.path.join(here, name), "rb") as file:
            # To the grammar, and to it alone, a digit ends the name of a parameter.
            yield name, file.read().replace(b" -IPv4Address ", b" -Address ").replace(b" -IPv6Address ", b" -Address ")


def main():
    env = environment()
    if not shutil.which("node") or subprocess.run(["node", "-e", f'require.resolve("{PACKAGE}/package.json")'], env=env,
                                                  capture_output=True, check=False).returncode:
        print(f"skipped: node or {PACKAGE} is missing")
        sys.exit(77)
    with e2e.folder() as here:
        told = [("broken", "if (1 { foo\n"), *((name, text.decode()) for name, text in scripts(here))]
    for (name, _), lines in zip(told, faults([text for _, text in told], env)):
        if name == "broken":
            check(lines, "the grammar takes anything")
        else:
            check(not lines, f"{name}: {lines}")
    check(len(told) >= 5, f"only {[name for name, _ in told]}")
    e2e.finish("all scripts are PowerShell")


main()

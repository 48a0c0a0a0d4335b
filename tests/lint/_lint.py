# SPDX-License-Identifier: MIT
"""What the lint tests share: the files of the project, and how to complain."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIP = {".git", "build", "__pycache__", ".cache", "corpus", "data"}


def files(*endings, under=""):
    """Paths relative to the root; endings like ".c"; none: all files."""
    top = os.path.join(ROOT, under)
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(
            d for d in folders if d not in SKIP and not d.startswith("build-")
        )
        for name in sorted(names):
            if name == ".git":  # a file in a linked work tree
                continue
            if not endings or name.endswith(endings):
                yield os.path.relpath(os.path.join(folder, name), ROOT)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def strip_comments(text):
    """C text with comments and string contents blanked, lines kept."""
    out = []
    i, n = 0, len(text)
    while i < n:
        c = text[i]
        if text.startswith("/*", i) or text.startswith("//", i):
            end = text.find("*/", i) + 2 if text[i + 1] == "*" else text.find("\n", i)
            end = n if end <= 1 else end
            out.append("".join(x if x == "\n" else " " for x in text[i:end]))
            i = end
        elif c in "\"'":
            j = i + 1
            while j < n and text[j] != c and text[j] != "\n":
                j += 2 if text[j] == "\\" else 1
            out.append(c + " " * (min(j, n) - i - 1) + c)
            i = j + 1
        else:
            out.append(c)
            i += 1
    return "".join(out)


class Lint:
    """Collects complaints; end() prints them and leaves."""

    def __init__(self):
        self.n = 0
        self.looked = 0

    def wrong(self, path, line, text):
        print(f"{path}:{line}: {text}")
        self.n += 1

    def end(self, what):
        if self.looked == 0:
            print(f"{what}: nothing to look at, which cannot be right")
            sys.exit(1)
        print(f"{what}: {self.looked} looked at, {self.n} wrong")
        sys.exit(1 if self.n else 0)

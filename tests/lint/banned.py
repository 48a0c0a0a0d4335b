#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Calls that have no place here, and what to use instead.

A line that must have one says so: /* lint: NAME allowed, because ... */
"""
import re

import _lint

EVERYWHERE = {
    "strtok": "a cursor (base/cursor.h)",
    "strtok_r": "a cursor (base/cursor.h)",
    "atoi": "diag_slice_number()",
    "atol": "diag_slice_number()",
    "atoll": "diag_slice_number()",
    "atof": "diag_slice_number()",
    "sscanf": "a cursor (base/cursor.h)",
    "vsscanf": "a cursor (base/cursor.h)",
    "sprintf": "snprintf() or a diag_buf",
    "vsprintf": "vsnprintf() or a diag_buf",
    "strcpy": "a diag_buf or an arena",
    "strcat": "a diag_buf or an arena",
    "strncpy": "a diag_buf or an arena",
    "strncat": "a diag_buf or an arena",
    "stpcpy": "a diag_buf or an arena",
    "gets": "diag_file_read()",
    "alloca": "an arena",
    "system": "run/exec, which takes an argv and no shell",
    "popen": "run/exec, which takes an argv and no shell",
    "tmpnam": "mkstemp() or tmpfile()",
    "mktemp": "mkstemp() or tmpfile()",
}
# Only base may.
OUTSIDE_BASE = {
    "strtol": "diag_slice_number()",
    "strtoul": "diag_slice_number()",
    "strtoll": "diag_slice_number()",
    "strtoull": "diag_slice_number()",
    "strtod": "diag_slice_number()",
    "malloc": "diag_alloc() or an arena",
    "calloc": "diag_alloc() or an arena",
    "realloc": "diag_realloc() or an arena",
    "strdup": "diag_strdup() or an arena",
    "free": "diag_free()",
    "time": "diag_time_now_s(), or better: be handed the time",
    "gettimeofday": "diag_time_now_s(), or better: be handed the time",
}
# The library never prints and never ends the program.
IN_LIBRARY = {
    "printf": "return it",
    "puts": "return it",
    "putchar": "return it",
    "perror": "fill the diag_err",
    "exit": "return false and fill the diag_err",
    "_exit": "return false and fill the diag_err",
    "abort": "return false and fill the diag_err",
    "assert": "return false and fill the diag_err",
}
# Not everywhere where we want to go (Windows); platform files may.
NOT_PORTABLE = {
    "strndup": "diag_memdup_str()",
    "getline": "a cursor",
    "strsep": "a cursor",
    "strcasestr": "diag_text_find_nocase()",
    "memmem": "diag_text_find_nocase()",
    "gmtime_r": "base/time.h",
    "gmtime": "base/time.h",
    "localtime": "base/time.h",
    "strcasecmp": "diag_text_eq_nocase()",
    "strncasecmp": "diag_text_eq_nocase()",
}
PLATFORM = re.compile(r"(_posix|_linux|_windows|_darwin|/linux|/posix|/sock_\w+)")


def rules(path):
    banned = dict(EVERYWHERE)
    if path.startswith("tests/"):
        return banned
    if not path.startswith("libdiag/base/"):
        banned.update(OUTSIDE_BASE)
    if path.startswith(("libdiag/", "probes/")):
        banned.update(IN_LIBRARY)
    if not PLATFORM.search(path):
        banned.update(NOT_PORTABLE)
    return banned


def main():
    lint = _lint.Lint()
    for path in _lint.files(".c", ".h"):
        lint.looked += 1
        banned = rules(path)
        call = re.compile(
            r"(?<![\w.>])(" + "|".join(sorted(map(re.escape, banned))) + r")\s*\("
        )
        text = _lint.read(path)
        lines = text.splitlines()
        for number, line in enumerate(_lint.strip_comments(text).splitlines(), 1):
            for found in call.finditer(line):
                name = found.group(1)
                if f"lint: {name} allowed" in lines[number - 1]:
                    continue
                lint.wrong(path, number, f"{name}() is banned here; use {banned[name]}")
    lint.end("banned calls")


main()

# SPDX-License-Identifier: MIT
"""What can go wrong.  A fault is a name, an argument after a colon if it takes one, and a
function that changes the World before it is built.  To add one: a function with a row above it."""
import importlib

from ..world import SERVICES

FAULTS = {}  # name -> (function, what it takes, one line for people)


def fault(name, takes=""):
    def keep(function):
        FAULTS[name] = (function, takes, (function.__doc__ or "").strip())
        return function
    return keep


def apply(w, text):
    """`text` is NAME or NAME:ARGUMENT."""
    name, _, argument = text.partition(":")
    if name not in FAULTS:
        raise KeyError(f"no such fault: {name}")
    function, takes, _doc = FAULTS[name]
    if bool(takes) != bool(argument):
        raise ValueError(f"fault {name} takes {takes or 'nothing'}")
    if takes:
        function(w, argument)
    else:
        function(w)


def service_names(text):
    """{workspace-api} and the like become the names of the example workspace."""
    for key, (name, _last) in SERVICES.items():
        text = text.replace("{" + key + "}", name)
    return text


for _family in ("names", "resolvers", "path", "answers", "machine", "ports"):
    importlib.import_module("." + _family, __name__)

# SPDX-License-Identifier: MIT
"""What is made once and used by every run: certificates and the relay.

Kept in the build directory under a name that is the hash of the recipes, so that a changed
recipe makes a new kit.  Without a build directory that one can write, it is made for this run only.
"""
import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile

from . import certs, world

_LAB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_RELAY = os.path.join(_LAB, "relay.c")
_USUAL = ("build", "build/release", "build/dev", "build-release", "build-dev")


def build_directory(given=None):
    """The one given, else a usual one that has pl-doctor, else ""."""
    if given:
        return os.path.abspath(given)
    places = [os.path.join(world.root_of_project(), d) for d in _USUAL]
    return next((p for p in places if os.path.exists(f"{p}/tools/pl-doctor")), "")


@contextlib.contextmanager
def kit(build):
    """The kit's directory, as a context: one that could not be kept is removed at the end."""
    try:
        kept = _kept(os.path.join(build, "tests", "lab"))
    except (PermissionError, NotADirectoryError):
        kept = None
    if kept:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="pldiag-lab-") as place:
        _make(place)
        yield place


def _kept(parent):
    if not os.path.isdir(os.path.dirname(os.path.dirname(parent))):
        raise NotADirectoryError(parent)
    final = os.path.join(parent, _digest())
    if not os.path.isdir(final):
        os.makedirs(parent, exist_ok=True)
        work = tempfile.mkdtemp(dir=parent)
        _make(work)
        try:
            os.rename(work, final)
        except OSError:  # somebody else was faster
            shutil.rmtree(work)
    return final


def _digest():
    with open(_RELAY, "rb") as f:
        return hashlib.sha256(f.read() + certs.digest().encode()).hexdigest()[:12]


def _make(out):
    os.chmod(out, 0o755)
    certs.make(out)
    subprocess.run(["cc", "-O2", "-std=c11", "-D_GNU_SOURCE", "-o", f"{out}/relay", _RELAY], check=True)

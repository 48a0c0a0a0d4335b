# SPDX-License-Identifier: MIT
"""The few system calls that python's standard library lacks before 3.12."""
import contextlib
import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWNET = 0x40000000
MS_BIND = 4096
MS_REC = 16384
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result, what):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), what)


def setns(path, kind):
    """Enter the namespace kept at path; only the calling thread moves."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _check(_libc.setns(fd, kind), path)
    finally:
        os.close(fd)


def unshare(kind):
    _check(_libc.unshare(kind), "unshare")


def mount(source, target, fstype=None, flags=0, data=None):
    enc = [None if s is None else str(s).encode() for s in (source, target, fstype, data)]
    _check(_libc.mount(enc[0], enc[1], enc[2], ctypes.c_ulong(flags), enc[3]), str(target))


def bind(source, target):
    mount(source, target, flags=MS_BIND | MS_REC)


class _MountAttr(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def read_only(path):
    """The mount at path and all below, where the kernel knows mount_setattr(2) (5.12)."""
    attr = _MountAttr(set=1)
    _libc.syscall(442, -100, path.encode(), 0x8000, ctypes.byref(attr), ctypes.sizeof(attr))


def die_with_parent():
    """For preexec_fn: a killed parent takes us along."""
    _libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)


def netns_path(name):
    return "/run/netns/" + name


@contextlib.contextmanager
def inside(name):
    """Sockets made in this block belong to the network namespace `name`."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        setns(netns_path(name), CLONE_NEWNET)
        yield
    finally:
        _check(_libc.setns(home, CLONE_NEWNET), "setns back")
        os.close(home)

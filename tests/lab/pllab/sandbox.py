# SPDX-License-Identifier: MIT
"""A place from which nothing can get out.

The whole lab lives below one `unshare`: own mount, network, host-name and
process namespaces (and an own user namespace for an ordinary user).  The first
process of the process namespace is ours, so when it ends, however it ends,
the kernel ends every server too.  All files of a run live on a tmpfs that only this
mount namespace knows, so nothing can be left behind, not even by SIGKILL.
The network namespace has no link to the outside.

The root directory is put together anew from bind mounts: the machine's own
container marks (/.dockerenv) and run-time files (/run) must not be seen by the
programs under test.
"""
import os
import shutil
import signal
import subprocess
import sys

from . import kernel

SKIP = 77
RUN = "/run/pllab"
_NEEDED = ("unshare", "ip", "nft", "nsd", "unbound", "dnsmasq", "named", "nginx", "tinyproxy",
           "openssl", "dig", "curl", "nc", "cc", "tcpdump")
_SYSTEM = ("/bin", "/boot", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/sbin", "/usr", "/var")
SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Skip(Exception):
    """This machine cannot do it; the text says why, in one line."""


def may_tunnel():
    return os.access("/dev/net/tun", os.R_OK | os.W_OK)


def missing_programs():
    return [p for p in _NEEDED if not shutil.which(p, path=SEARCH_PATH)]


def unshare_command(uid):
    command = ["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child"]
    return command if uid == 0 else command + ["--user", "--map-root-user"]


def run(arguments, timeout=120):
    """Run `python -m pllab.inside ARGUMENTS` in a fresh sandbox; gives its exit status."""
    lacking = missing_programs()
    if lacking:
        # ./check installs them: where it ran, a skipped lab would be a hole
        # in its own list that nobody sees.
        hole = os.environ.get("CI") == "true"
        print(f"{'failed' if hole else 'skipped'}: programs are missing: " + " ".join(lacking))
        return 1 if hole else SKIP
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    env = {"PATH": SEARCH_PATH, "LANG": "C.UTF-8", "PYTHONPATH": here, "PLLAB_UID": str(os.getuid()),
           "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("TERM", "COLUMNS", "LINES"):
        if name in os.environ:
            env[name] = os.environ[name]
    command = unshare_command(os.getuid()) + [sys.executable, "-m", "pllab.inside"] + arguments
    child = subprocess.Popen(command, env=env, preexec_fn=kernel.die_with_parent)
    return _wait(child, timeout)


def _wait(child, timeout):
    """^C reaches the child as well, which then ends by itself; other signals end it here."""
    told = []

    def stop(number, _frame):
        told.append(number)
        child.kill()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    signal.signal(signal.SIGINT, lambda *_: None)
    try:
        status = child.wait(timeout)
    except subprocess.TimeoutExpired:
        print(f"the lab did not end within {timeout} s", file=sys.stderr)
        child.kill()
        child.wait()
        return 1
    if told:
        return 128 + told[0]
    if status == 1 and not _namespaces_work():
        print("skipped: this user may not make namespaces (unshare refused)")
        return SKIP
    return status if status >= 0 else 128 - status


def _namespaces_work():
    """Asked only after a failure, so that a good run does not pay for it."""
    probe = unshare_command(os.getuid()) + ["mount", "-t", "tmpfs", "none", "/run"]
    done = subprocess.run(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def build_root():
    """Called first inside: a root directory of our own, with an empty /run."""
    cwd, root = os.getcwd(), "/run/root"
    kernel.mount("none", "/run", "tmpfs", data="mode=755")
    os.mkdir(root)
    kernel.mount("none", root, "tmpfs", data="mode=755")
    for name in os.listdir("/"):
        _graft("/" + name, f"{root}/{name}")
    os.chroot(root)
    for path in ("/run/netns", RUN):
        os.makedirs(path)
    _cover("/proc/1/cgroup", "0::/\n")
    os.chdir(cwd if os.path.isdir(cwd) else "/")


def _cover(path, text):
    """Also a mark of containers, where there is one."""
    cover = RUN + "/" + path.replace("/", "-")
    with open(cover, "w", encoding="ascii") as f:
        f.write(text)
    try:
        kernel.bind(cover, path)
    except OSError:
        pass


def _graft(source, target):
    """Plain files in / are left out: they are marks of containers.  The system's own folders can only be read."""
    if os.path.islink(source):
        os.symlink(os.readlink(source), target)
    elif os.path.isdir(source):
        os.mkdir(target)
        if source == "/dev":
            _devices(target)
        elif source == "/proc":
            _processes(target)
        elif source != "/run":
            kernel.bind(source, target)
            if source in _SYSTEM:
                kernel.read_only(target)


def _processes(target):
    """Of our own process namespace; where a container hides parts of /proc the kernel refuses that."""
    try:
        kernel.mount("proc", target, "proc")
    except OSError:
        kernel.bind("/proc", target)


def _devices(target):
    """Node by node, so that a server with root's rights cannot replace one of the machine's."""
    for name in ("null", "zero", "full", "random", "urandom", "tty", "net/tun"):
        if os.path.exists("/dev/" + name):
            os.makedirs(os.path.dirname(f"{target}/{name}"), exist_ok=True)
            with open(f"{target}/{name}", "w", encoding="ascii"):
                pass
            kernel.bind("/dev/" + name, f"{target}/{name}")
    for name in ("pts", "shm"):
        os.mkdir(f"{target}/{name}")
    if os.path.isdir("/dev/pts"):
        kernel.bind("/dev/pts", f"{target}/pts")
    kernel.mount("none", f"{target}/shm", "tmpfs")
    for name, to in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2"), ("ptmx", "pts/ptmx")):
        os.symlink(to, f"{target}/{name}")

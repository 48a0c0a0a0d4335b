# SPDX-License-Identifier: MIT
"""A person at a terminal: what a tool asks is seen, and answered."""
import contextlib
import fcntl
import os
import pty
import select
import subprocess
import time

import _pldiag as e2e
from _pldiag import check


def enter_terminal(slave):
    os.setsid()
    fcntl.ioctl(slave, 0x540E, 0)  # TIOCSCTTY


@contextlib.contextmanager
def terminal(words, json_to=None):
    """The tool with a terminal for input and talk; gives (process, talk to, wait for)."""
    master, slave = pty.openpty()
    out = open(json_to, "wb") if json_to else slave  # pylint: disable=consider-using-with
    process = subprocess.Popen(words, stdin=slave, stdout=out, stderr=slave,
                               preexec_fn=lambda: enter_terminal(slave))
    os.close(slave)
    seen = bytearray()

    def wait_for(text):
        limit = time.monotonic() + e2e.LIMIT_S
        while text not in seen and time.monotonic() < limit:
            if select.select([master], [], [], 1)[0]:
                try:
                    seen.extend(os.read(master, 4096))
                except OSError:
                    break
        return check(text in seen, f"never said {text!r}: {bytes(seen)[-400:]!r}")

    def drain():
        with contextlib.suppress(OSError):
            while True:
                more = os.read(master, 4096)
                if not more:
                    break
                seen.extend(more)
        return bytes(seen)
    try:
        yield process, lambda text: os.write(master, text), wait_for, drain
    finally:
        os.close(master)
        if json_to:
            out.close()
        if process.poll() is None:
            process.kill()
            process.wait()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every way in which a port can end, at once and after a while: a near machine answers
before anybody waits for it, a far one later, and both must say the same."""
import os
import shutil
import socket
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import _pldiag as e2e  # noqa: E402
from _pldiag import check, run  # noqa: E402

e2e.own_network()
formats = e2e.Formats()
LO4, LO6 = "127.0.0.1", "::1"
# The first SYN is swallowed (60 and 80 bytes), the next one is not: the loop has to wait a second.
LATE = "quota until 100 bytes drop"
RULES = f"""
table inet t {{ chain i {{ type filter hook input priority 0;
  tcp dport 2000 reject with icmpx type admin-prohibited
  tcp dport 2001 reject with icmpx type port-unreachable
  tcp dport 2002 reject with tcp reset
  tcp dport 2003 tcp flags syn drop
  meta nfproto ipv4 tcp dport 2005 tcp flags syn {LATE}
  meta nfproto ipv6 tcp dport 2005 tcp flags syn {LATE}
  meta nfproto ipv4 tcp dport 2006 tcp flags syn {LATE}
  meta nfproto ipv6 tcp dport 2006 tcp flags syn {LATE}
}}; }}
"""
WANTED = {2000: "unreachable", 2001: "unreachable", 2002: "refused", 2003: "timeout", 2004: "open", 2005: "open",
          2006: "refused", 2007: "refused"}


def listen(address, port):
    """Nobody accepts: the kernel opens connections all the same."""
    return socket.create_server((address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET)


def main():
    if not shutil.which("nft"):
        e2e.skip("there is no nft")
    subprocess.run(["nft", "-f", "-"], input=RULES, text=True, check=True)
    listeners = [listen(address, port) for address in (LO4, LO6) for port in (2004, 2005)]
    out = run("pl-probe", f"{LO4}:2000-2007", f"[{LO6}]:2000-2007", "--timeout", "3", "--format", "jsonl", want=1).stdout
    facts = {(f["address"], f["port"]): f for f in formats.lines(out, "fact", "ends") if f["probe"] == "tcp"}
    check(len(facts) == 2 * len(WANTED), f"{len(facts)} facts")
    for (address, port), f in facts.items():
        check(f["status"] == WANTED[port], f"{address} {port}: {f['status']}, not {WANTED[port]}: {f}")
        check(("icmp" in f) == (port in (2000, 2001)), f"{address} {port}: {f}")
        check(port not in (2000, 2001) or f["icmp"].get("from") == address, f"{address} {port}: {f}")
        check(f["status"] != "open" or f.get("local_address") == address, f"{address} {port}: {f}")
    run("pl-probe", f"{LO4}:2004", "--source", LO4, "--interface", "lo", want=0)
    run("pl-probe", f"{LO4}:2004", "--source", LO6, want=3)
    for s in listeners:
        s.close()
    e2e.finish("each port ended as it was made to")


main()

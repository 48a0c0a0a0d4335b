# SPDX-License-Identifier: MIT
"""Faults of the machine itself: stubs, containers, families of addresses."""
from .. import servers, world
from ..world import INTERNET_DNS, PARENTS
from . import fault

_STUB = "127.0.0.53"
_MARK = "# This is private data. Do not parse.\n"


def _stub(w, lines, address=_STUB):
    w.resolv = f"nameserver {address}\noptions edns0 trust-ad\nsearch .\n" if address == _STUB else f"nameserver {address}\n"
    w.dns["stub"] = lambda w: servers.dnsmasq("stub", "client", address, lines)


def _resolved_files(w, links):
    """What systemd-resolved leaves in /run; links: ifname -> (servers, domains, default route)."""
    upstream = []
    for name, (addresses, domains, default) in links.items():
        w.link_files[name] = (f"{_MARK}LLMNR=yes\nDEFAULT_ROUTE={'yes' if default else 'no'}\nSERVERS={' '.join(addresses)}\n"
                              + (f"DOMAINS={' '.join(domains)}\n" if domains else ""))
        upstream += addresses
    w.files["/run/systemd/resolve/resolv.conf"] = "".join(f"nameserver {a}\n" for a in upstream) + "search .\n"
    w.files["/run/systemd/resolve/stub-resolv.conf"] = f"nameserver {_STUB}\noptions edns0 trust-ad\nsearch .\n"


@fault("split-dns")
def split_dns(w):
    """systemd-resolved: the workspace's parents go to the VNet's server by the tunnel, the rest to the internet's"""
    link = "tun0" if w.tunnel else "wlan0"
    vnet = w.private(53)
    _stub(w, [f"server={INTERNET_DNS}", *(f"server=/{p}/{vnet}" for p in PARENTS)])
    if link == "tun0":
        _resolved_files(w, {"wlan0": ([INTERNET_DNS], [], True), "tun0": ([vnet], ["~" + p for p in PARENTS], False)})


@fault("stale-stub", "SERVICE=ADDRESS")
def stale_stub(w, argument):
    """the machine's stub still holds an old answer; the server behind it has the right one"""
    service, address = argument.split("=")
    upstream = w.name_servers()
    _stub(w, [f"server={upstream}", f"host-record={world.SERVICES[service][0]},{address}"])
    _resolved_files(w, {"eth0" if w.place != "home" else "wlan0": ([upstream], [], True)})


@fault("container")
def container(w):
    """the machine is a container: 127.0.0.11, and the mark of one"""
    upstream = w.name_servers()
    _stub(w, [f"server={upstream}"], "127.0.0.11")
    w.marks.append("/.dockerenv")


@fault("docker-bridge", "ADDRESS/LENGTH")
def docker_bridge(w, address):
    """the machine has Docker's bridge, with this address and nothing behind it"""
    w.ip += [("client", line) for line in (
        "link add docker0 type bridge", f"addr add {address} dev docker0", "link set docker0 up")]


@fault("ipv6-only")
def ipv6_only(w):
    """the network has no IPv4 and no NAT64"""
    w.tunnel = False
    w.ipv6_only = True
    w.resolv = "nameserver 2001:db8:53::53\n"
    w.isp_listen.append("2001:db8:53::53")


@fault("resolv", "LINE|LINE")
def resolv(w, text):
    """the lines of /etc/resolv.conf; a bare address is a name server"""
    lines = [line if line[:1].isalpha() and " " in line else f"nameserver {line}" for line in text.split("|")]
    w.resolv = "\n".join(lines) + "\n"
    w.isp_needed = w.isp_needed or INTERNET_DNS in text


@fault("trusts-corp")
def trusts_corp(w):
    """the inspecting proxy's CA is in the machine's store"""
    w.trusts_corp = True


@fault("nsswitch", "WORDS")
def nsswitch(w, words):
    """where names are sought, in order: the words of the line hosts: of /etc/nsswitch.conf"""
    w.nsswitch = "".join(f"hosts: {words}\n" if line.startswith("hosts:") else line + "\n"
                         for line in w.nsswitch.splitlines())

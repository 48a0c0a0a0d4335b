# SPDX-License-Identifier: MIT
"""Faults of name servers: whom the machine asks, and how that one answers."""
from .. import servers, world
from ..world import AZURE_DNS, CORP_DNS, HOME_DNS, INTERNET_DNS, PARENTS
from . import fault

_OWNER = {AZURE_DNS: "vnet", INTERNET_DNS: "inet", CORP_DNS: "corp", HOME_DNS: "home"}


def owner(w, address):
    return _OWNER.get(address) or ("vnet" if address.startswith(w.prefix + ".") else "client")


@fault("dns-silent", "ADDRESS")
def dns_silent(w, address):
    """this name server swallows every question"""
    name = "quiet_" + address.replace(".", "_")
    w.nft.append((owner(w, address), f"table ip {name} {{ chain in {{ type filter hook input priority 0; "
                  f"ip daddr {address} meta l4proto {{ tcp, udp }} th dport 53 drop; }}; }}"))


@fault("internet-resolver")
def internet_resolver(w):
    """the machine asks the internet's resolver"""
    w.isp_needed = True
    w.resolv = f"nameserver {INTERNET_DNS}\n"


@fault("custom-dns", "KIND")
def custom_dns(w, kind):
    """the VNet's own name server, PREFIX.54, is: honest public servfail refused private-refused garbage truncating flapping dns64
    blocking closed"""
    address = w.private(54)
    w.resolv = f"nameserver {address}\n"
    w.ip.append(("vnet", f"addr add {address}/32 dev lo"))
    make = _CUSTOM[kind](w, address)
    if make:
        w.dns["custom-dns"] = lambda w: make


def _forward_all(address, lines=(), modules="iterator"):
    return servers.unbound("custom-dns", "vnet", [address], upstream=AZURE_DNS, lines=lines, modules=modules)


def _helper(w, spec):
    w.helpers.append(("vnet", spec))


def _truncating(w, address):
    _helper(w, f"dns-truncate@{address}:53={AZURE_DNS}")
    w.nft.append(("vnet", f"table ip no_tcp_dns {{ chain in {{ type filter hook input priority 0; ip daddr {address} tcp dport 53 "
                  "reject with tcp reset; }; }"))


def _flapping(w, address):
    w.isp_needed = True
    _helper(w, f"dns-alternate@{address}:53={AZURE_DNS},{INTERNET_DNS}")


def _public(w, address):
    return servers.unbound("custom-dns", "vnet", [address])


def _broken_nsd(address, with_zone):
    """NSD with a zone it cannot load answers SERVFAIL; without any zone, REFUSED."""
    run = servers.RUN
    text = (f"server:\n ip-address: {address}\n username: \"\"\n chroot: \"\"\n server-count: 1\n database: \"\"\n"
            f" zonesdir: \"{run}\"\n pidfile: \"{run}/nsd2.pid\"\n xfrdfile: \"\"\n zonelistfile: \"{run}/nsd2.zones\"\n"
            f" xfrdir: \"{run}\"\n rrl-ratelimit: 0\nremote-control:\n control-enable: no\n")
    if with_zone:
        text += "zone:\n name: \".\"\n zonefile: \"there-is-none\"\n"
    path = f"{run}/nsd2.conf"
    with open(path, "w", encoding="ascii") as f:
        f.write(text)
    return servers.Server("custom-dns", "vnet", ["nsd", "-d", "-c", path], [("dns", address)])


def _private_refused(w, address):
    """REFUSED for the private names only, as filters against rebinding in some appliances do."""
    lines = [f"local-zone: \"{zone}\" refuse" for zone in (
        "workspace.eastus.api.azureml.ms", "workspace.eastus.cert.api.azureml.ms", "eastus.notebooks.azure.net",
        "eastus.instances.azureml.ms", "ws1103sa.blob.core.windows.net", "ws1103sa.file.core.windows.net",
        "ws1103kv.vault.azure.net", "ws1103acr.azurecr.io", "ws1103acr.eastus.data.azurecr.io")]
    return _forward_all(address, lines)


def _blocking(w, address):
    """A filter that answers 127.0.0.1 for what it does not like."""
    return _forward_all(address, [f"local-zone: \"{world.BLOB}\" redirect", f"local-data: \"{world.BLOB} 10 A 127.0.0.1\""])


_CUSTOM = {
    "honest": lambda w, a: _forward_all(a),
    "public": _public,
    "servfail": lambda w, a: _broken_nsd(a, True),
    "refused": lambda w, a: _broken_nsd(a, False),
    "private-refused": _private_refused,
    "garbage": lambda w, a: _helper(w, f"dns-garbage@{a}:53"),
    "truncating": _truncating,
    "flapping": _flapping,
    "dns64": lambda w, a: _forward_all(a, ["dns64-prefix: 64:ff9b::/96"], "dns64 iterator"),
    "blocking": _blocking,
    "closed": lambda w, a: None,
}


# --- the corporation's BIND ----------------------------------------------------
_TO_ISP = f"forwarders {{ {INTERNET_DNS}; }}; forward only;"


@fault("corp-dns", "KIND")
def corp_dns(w, kind):
    """the corporate server: plain (no forwarders), parent (hosts api.azureml.ms itself), isolated (knows no internet name),
    search (answers anything below corp.example), old-zone (forwards, but hosts the key vault's name itself, with an
    old address), unbound or dnsmasq (another server without forwarders)"""
    others = {"unbound": _corp_unbound, "dnsmasq": _corp_dnsmasq}
    w.dns["corp-dns"] = others.get(kind) or (lambda w: servers.bind("corp-dns", "corp", CORP_DNS, *_CORP[kind](w)))


def _corp_plain(_w):
    return "", _TO_ISP


def _corp_unbound(_w):
    return servers.unbound("corp-dns", "corp", [CORP_DNS], upstream=INTERNET_DNS)


def _corp_dnsmasq(_w):
    return servers.dnsmasq("corp-dns", "corp", CORP_DNS, [f"server={INTERNET_DNS}"])


def _corp_old_zone(w):
    zone = servers.bind_primary("corp", world.VAULT, f"@ IN A {w.private(99)} ; moved?\n")
    return servers.bind_forwards(PARENTS, w.private(53)) + zone, _TO_ISP


def _corp_parent(w):
    others = [p for p in PARENTS if p != "api.azureml.ms"]
    records = f"{world.STEM} IN A {w.private(4)}\n{world.STEM}.cert IN A {w.private(4)}\n"
    return servers.bind_forwards(others, w.private(53)) + servers.bind_primary("corp", "api.azureml.ms", records), _TO_ISP


def _corp_isolated(w):
    private = [p for p in PARENTS if p not in ("api.azureml.ms", "aznbcontent.net")]
    private += [f"workspace.{world.REGION}.api.azureml.ms", f"workspace.{world.REGION}.cert.api.azureml.ms"]
    private += [world.CERT, world.API] + list(world.PRIVATE_ZONES)
    # BIND forwards below a zone of its own only where that zone delegates.
    cuts = "".join(f"{name} IN NS ns.corp.example.\n" for name in private)
    return servers.bind_forwards(private, w.private(53)) + servers.bind_primary("corp", ".", cuts), ""


def _corp_search(w):
    zone = servers.bind_primary("corp", "corp.example", "*.core.windows.net IN A 10.20.0.80\n")
    return servers.bind_forwards(PARENTS, w.private(53)) + zone, _TO_ISP


_CORP = {"plain": _corp_plain, "parent": _corp_parent, "isolated": _corp_isolated, "search": _corp_search,
         "old-zone": _corp_old_zone}


# --- home routers ----------------------------------------------------------------
@fault("home-dns", "KIND")
def home_dns(w, kind):
    """the home router is the name server: plain, dnsmasq-rebind, unbound-rebind (both forward to the VNet's)"""
    w.resolv = f"nameserver {HOME_DNS}\n"
    w.dns["home-dns"] = lambda w: _HOME[kind](w)


def _home_plain(_w):
    return servers.dnsmasq("home-dns", "home", HOME_DNS, [f"server={INTERNET_DNS}"])


def _home_dnsmasq(w):
    return servers.dnsmasq("home-dns", "home", HOME_DNS, [
        "stop-dns-rebind", f"server={INTERNET_DNS}", *(f"server=/{p}/{w.private(53)}" for p in PARENTS)])


def _home_unbound(w):
    lines = [f"private-address: {net}" for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
    return servers.unbound("home-dns", "home", [HOME_DNS], upstream=INTERNET_DNS, lines=lines,
                           clauses=servers.forward_clauses(PARENTS, w.private(53)))


_HOME = {"plain": _home_plain, "dnsmasq-rebind": _home_dnsmasq, "unbound-rebind": _home_unbound}

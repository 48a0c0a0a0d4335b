# SPDX-License-Identifier: MIT
"""Faults of the way: tunnels, routes, filters."""
from .. import world
from ..world import SERVICES
from . import fault


@fault("vpn-down")
def vpn_down(w):
    """the VPN is not connected"""
    w.tunnel = False


@fault("site-to-site")
def site_to_site(w):
    """no tunnel on the machine: the home router itself is connected to the VNet"""
    w.tunnel, w.site_to_site = False, True


@fault("full-tunnel")
def full_tunnel(w):
    """everything goes through the tunnel"""
    w.tunnel_routes = ["default"]


@fault("tunnel-lacks-range")
def tunnel_lacks_range(w):
    """the VPN profile has only another VNet's range"""
    w.tunnel_routes = ["10.151.0.0/16"]


@fault("delay", "MS")
def delay(w, argument):
    """round-trip time of the tunnel"""
    w.delay_ms = float(argument) / 2


@fault("loss", "PERCENT")
def loss(w, argument):
    """packets lost in the tunnel"""
    w.loss = float(argument) / 100


@fault("lan-overlap")
def lan_overlap(w):
    """the home network uses the addresses of the VNet"""
    w.lan = w.prefix
    w.resolv = f"nameserver {world.INTERNET_DNS}\n"


@fault("mtu-hole", "BYTES")
def mtu_hole(w, size):
    """larger packets vanish on the way, in both directions, and nobody says so"""
    _long_chains(w)
    if w.place == "home":
        w.largest = int(size)
    else:
        _forward(w, "hole", f"ip length > {size} drop")
        _one_by_one(w)


@fault("mtu-hole-back", "BYTES")
def mtu_hole_back(w, size):
    """larger packets vanish, but only on their way to the machine"""
    _long_chains(w)
    _forward(w, "hole", f"iifname er0 ip length > {size} drop")
    _one_by_one(w)


@fault("mtu-told", "BYTES")
def mtu_told(w, size):
    """a link on the way takes less than the others, and its router says so"""
    _long_chains(w)
    w.ip += [(ns, f"link set er0 mtu {size}") for ns in ("corp", "vnet")]
    _one_by_one(w)


def _long_chains(w):
    """As real servers have them: more than one packet."""
    for e in w.endpoints.values():
        e.cert += "-long"


def _one_by_one(w):
    """Cables of the lab carry many packets as one, whose length says nothing."""
    w.ip += [("client", "link set eth0 gso_max_segs 1"), ("vnet", "link set er0 gso_max_segs 1")]


@fault("no-route")
def no_route(w):
    """a machine of the VNet whose routes do not cover its endpoints, and without a default route"""
    me = w.private(20 if w.role == "compute" else 30)
    w.ip += [("client", line) for line in (
        "route del default", f"addr del {me}/{w.vnet_len} dev eth0", f"addr add {me}/28 dev eth0",
        f"route add {world.AZURE_DNS} dev eth0")]


@fault("offline")
def offline(w):
    """the machine is in no network at all"""
    device = "eth0" if w.role in ("jumpbox", "compute", "corp-client") else "wlan0"
    w.ip += [("client", f"link set {device} down")]


@fault("vnet-range", "PREFIX/LENGTH")
def vnet_range(w, argument):
    """the VNet lies in this /24"""
    w.prefix = argument
    w.vnet_len = 24
    w.inventory_edits += [("10.150.0.0/16", f"{argument}.0/24"), ("10.150.0.", f"{argument}.")]


@fault("zero-trust")
def zero_trust(w):
    """a zero-trust client answers with addresses of its own, 100.64.0.x, and carries them through its tunnel"""
    from .. import servers
    w.tunnel_routes = ["100.64.0.0/16"]
    lines = []
    for name, last in SERVICES.values():
        lines.append(f"local-data: \"{name} 10 A 100.64.0.{last}\"")
    for last, personality in world.PERSONALITIES.items():
        w.endpoints[f"100.64.0.{last}"] = world.Endpoint(personality)
    w.ip.append(("vnet", "addr add 100.64.0.53/32 dev lo"))
    w.resolv = "nameserver 100.64.0.53\n"
    w.dns["zero-trust"] = lambda w: servers.unbound("zero-trust", "vnet", ["100.64.0.53"], lines=lines)


@fault("ipv6-internet")
def ipv6_internet(w):
    """the machine has an IPv6 way into the internet, where nothing answers"""
    w.ip += [("client", "addr add 2001:db8:2::30/64 dev eth0 nodad"), ("vnet", "addr add 2001:db8:2::1/64 dev sub0 nodad"),
             ("client", "route add default via 2001:db8:2::1"), ("vnet", "route add blackhole 2000::/3")]


# --- filters -------------------------------------------------------------------
def _drop(w, name, match):
    w.nft.append(("vnet", f"table ip {name} {{ chain in {{ type filter hook input priority 0; iifname != \"lo\" {match} drop; }}; }}"))


@fault("nsg-drop", "SERVICE[:PORT]")
def nsg_drop(w, argument):
    """a network security group swallows what goes to this endpoint"""
    service, _, port = argument.partition(":")
    match = f"ip daddr {w.private(SERVICES[service][1])}" + (f" tcp dport {port}" if port else "")
    _drop(w, "nsg_" + service.replace("-", "_"), match)


@fault("drop-address", "ADDRESS")
def drop_address(w, address):
    """what goes to this address is swallowed at the VNet"""
    _drop(w, "drop_" + address.replace(".", "_"), f"ip daddr {address}")


@fault("nsg-drop-all")
def nsg_drop_all(w):
    """a network security group swallows everything to the endpoints' subnet, but not to its name server"""
    _drop(w, "nsg_all", f"ip daddr {w.private(4)}-{w.private(11)}")


def _forward(w, name, rule):
    w.nft.append(("corp", f"table ip {name} {{ chain forward {{ type filter hook forward priority 0; {rule}; }}; }}"))


@fault("firewall-rejects", "SERVICE|all")
def firewall_rejects(w, which):
    """the corporate firewall refuses with ICMP administratively prohibited"""
    to = f"{w.private(4)}-{w.private(11)}" if which == "all" else w.private(SERVICES[which][1])
    _forward(w, "firewall", f"ip daddr {to} meta l4proto tcp reject with icmp type admin-prohibited")


@fault("internet-closed")
def internet_closed(w):
    """the corporate firewall lets nobody but the proxy into the internet"""
    _forward(w, "closed", "oifname \"wan0\" meta l4proto tcp drop")

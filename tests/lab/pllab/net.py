# SPDX-License-Identifier: MIT
"""Namespaces, links, addresses and routes of a World, as lines for `ip -batch`.

    client --wlan0-- home --.                       .-- jumpbox / compute
       |                     inet (internet, ISP) --- vnet (endpoints, Azure DNS)
       '------ tun0 (relay) --------------------------'
    client --eth0-- corp ---- inet, and ---- vnet (a private circuit)

There is no NAT but the VNet's own way out; the internet knows the way back to homes and
offices, and swallows what is sent to private ranges, as the real one does.
"""
import subprocess

from . import kernel, world

TUNNEL_NET = "10.250.0"
_LINKS = {  # name -> (ns, device, address, peer ns, device, address)
    "home-inet": ("home", "wan0", "198.51.100.129/30", "inet", "home0", "198.51.100.130/30"),
    "corp-inet": ("corp", "wan0", "198.51.100.133/30", "inet", "corp0", "198.51.100.134/30"),
    "vnet-inet": ("vnet", "wan0", "198.51.100.137/30", "inet", "vnet0", "198.51.100.138/30"),
    "corp-vnet": ("corp", "er0", "10.255.0.1/30", "vnet", "er0", "10.255.0.2/30"),
    "home-vnet": ("home", "s2s0", "10.255.0.5/30", "vnet", "s2s0", "10.255.0.6/30"),
}
_PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")


_SETTINGS = (("ipv4/ip_forward", "1"), ("ipv6/conf/all/forwarding", "1"), ("ipv6/conf/default/accept_dad", "0"),
             ("ipv4/icmp_ratelimit", "0"), ("ipv4/conf/all/rp_filter", "0"), ("ipv4/conf/default/rp_filter", "0"))


class Net:
    """Collects lines; build() runs them."""

    def __init__(self, w):
        self.w = w
        self.vnet = f"{w.prefix.rsplit('.', 1)[0]}.0.0/16" if w.vnet_len == 16 else f"{w.prefix}.0/{w.vnet_len}"
        self.links = []
        self.lines = {"client": [], "vnet": [], "inet": []}

    def add(self, ns, *lines):
        self.lines.setdefault(ns, []).extend(lines)

    def link(self, ns, device, address, peer_ns, peer_device, peer_address):
        self.links.append(f"link add {device} netns {ns} type veth peer name {peer_device} netns {peer_ns}")
        for where, dev, addr in ((ns, device, address), (peer_ns, peer_device, peer_address)):
            self.add(where, f"addr add {addr} dev {dev}", f"link set {dev} up")

    def plan(self):
        for ns in list(self.lines):
            self.add(ns, "link set lo up")
        getattr(self, "_" + self.w.place)()
        self._internet()
        self._azure()
        for ns, line in self.w.ip:
            if ns in self.lines:
                self.add(ns, line)

    def _home(self):
        lan = self.w.lan
        self.add("home", "link set lo up")
        self.link("client", "wlan0", f"{lan}.50/24", "home", "lan0", f"{lan}.1/24")
        self.link(*_LINKS["home-inet"])
        if self.w.ipv6_only:
            self._six()
            return
        self.add("client", f"route add default via {lan}.1")
        self.add("home", "route add default via 198.51.100.130")
        self.add("inet", f"route add {lan}.0/24 via 198.51.100.129")
        if self.w.site_to_site:
            self.link(*_LINKS["home-vnet"])
            self.add("home", f"route add {self.vnet} via 10.255.0.6")
            self.add("vnet", f"route add {lan}.0/24 via 10.255.0.5")

    def _six(self):
        """IPv6 beside what was planned, and the client without IPv4."""
        self.add("client", f"addr del {self.w.lan}.50/24 dev wlan0", "addr add 2001:db8:1::50/64 dev wlan0 nodad",
                 "route add default via 2001:db8:1::1")
        self.add("home", "addr add 2001:db8:1::1/64 dev lan0 nodad", "addr add 2001:db8:9::1/64 dev wan0 nodad",
                 "route add default via 2001:db8:9::2")
        self.add("inet", "addr add 2001:db8:9::2/64 dev home0 nodad", "addr add 2001:db8:53::53/128 dev lo nodad",
                 "route add 2001:db8:1::/64 via 2001:db8:9::1")

    def _corp(self):
        self.add("corp", "link set lo up", f"addr add {world.CORP_DNS}/32 dev lo", f"addr add {world.PROXY}/32 dev lo")
        self.link("client", "eth0", "10.20.0.50/24", "corp", "lan0", "10.20.0.1/24")
        self.link(*_LINKS["corp-inet"])
        self.link(*_LINKS["corp-vnet"])
        self.add("client", "route add default via 10.20.0.1")
        self.add("corp", "route add default via 198.51.100.134", f"route add {self.vnet} via 10.255.0.2")
        self.add("inet", "route add 10.20.0.0/16 via 198.51.100.133")
        self.add("vnet", "route add 10.20.0.0/16 via 10.255.0.1")

    def _vnet(self):
        last = 20 if self.w.role == "compute" else 30
        size = self.w.vnet_len
        near, far = (f"{self.w.private(n)}/{size}" for n in (last, 1))
        if self.w.fabric:
            self._bridged(near, far)
        else:
            self.link("client", "eth0", near, "vnet", "sub0", far)
        self.add("client", f"route add default via {self.w.private(1)}")

    def _bridged(self, near, far):
        """What lies between two machines of a network and is neither's: a bridge.  It learns a second late that its
        ports are up: the first packets wait for that."""
        for ns, device, address in (("client", "eth0", near), ("vnet", "sub0", far)):
            self.links.append(f"link add {device} netns {ns} type veth peer name {ns} netns fabric")
            self.add(ns, f"addr add {address} dev {device}", f"link set {device} up")
        self.add("fabric", "link set lo up", "link add br0 type bridge", "link set br0 up",
                 *(f"link set {port} master br0 up" for port in ("client", "vnet")))

    def _internet(self):
        fronts = [self.w.front(n) for n in self.w.fronts]
        self.add("inet", *(f"addr add {a}/32 dev lo" for a in fronts + [
            world.PUBLIC_HOST, world.INTERNET_DNS, world.ROOT_DNS]))
        self.add("inet", *(f"route add blackhole {r} metric 4000" for r in _PRIVATE_RANGES))
        self.add("inet", "route add blackhole default metric 4000")

    def _azure(self):
        w = self.w
        self.link(*_LINKS["vnet-inet"])
        mine = [53] + list(w.endpoints) + ([20] if w.role != "compute" else []) + ([1] if w.place != "vnet" else [])
        self.add("vnet", *(f"addr add {w.private(n)}/32 dev lo" for n in mine))
        self.add("vnet", f"addr add {world.AZURE_DNS}/32 dev lo", "route add default via 198.51.100.138")

    def build(self):
        names = list(self.lines)
        _batch(None, [f"netns add {n}" for n in names] + self.links)
        for ns in names:
            _set(ns, _SETTINGS)
            _batch(ns, self.lines[ns])
            _set(ns, [(key, value) for where, key, value in self.w.settings if where == ns])
        _nft("vnet", "table ip way_out { chain post { type nat hook postrouting priority 100; oifname wan0 masquerade; }; }")
        for ns, rules in self.w.nft:
            if ns in self.lines:
                _nft(ns, rules)

    def tunnel_cable(self):
        """A veth pair of the tunnel's name.  As on a tunnel nobody asks for neighbours: without ARP a frame
        is addressed to the sender's own address, so both ends have the same."""
        _batch(None, ["link add tun0 netns client type veth peer name tun0 netns vnet"])
        for ns in ("client", "vnet"):
            _batch(ns, ["link set tun0 address 02:00:00:00:00:01 arp off"])

    def tunnel_up(self):
        """After the relay made the devices."""
        routes = self.w.tunnel_routes if self.w.tunnel_routes is not None else [self.vnet]
        _batch("vnet", [f"addr add {TUNNEL_NET}.1/24 dev tun0", "link set tun0 up"])
        _batch("client", [f"addr add {TUNNEL_NET}.2/24 dev tun0", "link set tun0 up"] + [
            f"route replace {r} dev tun0" for r in routes])


def _set(ns, settings):
    with kernel.inside(ns):
        for key, value in settings:
            with open(f"/proc/sys/net/{key}", "r+", encoding="ascii") as f:
                if f.read().strip() != value:
                    f.seek(0)
                    f.write(value)


def _batch(ns, lines):
    _run(ns, ["ip", "-batch", "-"], "\n".join(lines) + "\n")


def _nft(ns, rules):
    _run(ns, ["nft", "-f", "-"], rules + "\n")


def _run(ns, command, text):
    enter = (lambda: kernel.setns(kernel.netns_path(ns), kernel.CLONE_NEWNET)) if ns else None
    done = subprocess.run(command, input=text, text=True, capture_output=True, check=False, preexec_fn=enter)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} in {ns}: {done.stderr.strip()}\n{text}")

# SPDX-License-Identifier: MIT
"""Ports of the compute node that get lost: on the way, on the machine, on the way back."""
from . import fault


def _forward(w, name, rule):
    w.nft.append(("corp", f"table ip {name} {{ chain forward {{ type filter hook forward priority 0; {rule}; }}; }}"))


def _node(w, name, rule, hook="input"):
    w.nft.append(("vnet", f"table ip {name} {{ chain {hook} {{ type filter hook {hook} priority 0; {rule}; }}; }}"))


def _to(w, port, side="d"):
    """44224 or 5831/udp, as a match."""
    number, _, proto = port.partition("/")
    return f"ip {side}addr {w.private(20)} {proto or 'tcp'} {side}port {number}"


def _reset(port):
    return "reject with icmp port-unreachable" if port.endswith("/udp") else "reject with tcp reset"


@fault("node-free")
def node_free(w):
    """nothing but SSH listens on the compute node"""
    w.node_ports = [22]


# --- on the way ----------------------------------------------------------------
@fault("node-way-drops", "PORT[/udp]")
def node_way_drops(w, port):
    """something between the client and the compute node swallows this port"""
    _forward(w, "way_drops", f"{_to(w, port)} drop")


@fault("node-way-refuses", "PORT[/udp]")
def node_way_refuses(w, port):
    """something between the client and the compute node refuses this port, in the node's name"""
    if port.endswith("/udp"):  # what is sent on to a closed port here is refused, and translated back
        _redirect(w, port, ":9")
    else:
        _forward(w, "way_refuses", f"{_to(w, port)} {_reset(port)}")


def _redirect(w, port, to=""):
    w.nft.append(("corp", f"table ip way_takes {{ chain pre {{ type nat hook prerouting priority -100; "
                          f"{_to(w, port)} redirect{' to ' + to if to else ''}; }}; }}"))


@fault("node-way-takes", "PORT[/udp]")
def node_way_takes(w, port):
    """a middlebox takes the connections for this port, and says nothing; datagrams it sends back"""
    number, _, proto = port.partition("/")
    _redirect(w, port)
    w.helpers.append(("corp", f"{'udp-echo' if proto else 'silent'}@10.20.0.1:{number}"))


@fault("node-way-filters", "PORT=NAME")
def node_way_filters(w, argument):
    """a firewall on the way takes connections for this port, resets those whose hello has this name, and passes the others on"""
    port, _, name = argument.partition("=")
    _redirect(w, port)
    w.helpers.append(("corp", f"name-filter@10.20.0.1:{port}={w.private(20)},{name}"))


@fault("node-way-small", "PORT=BYTES")
def node_way_small(w, argument):
    """packets to this port that are larger than this are lost on the way, and no ICMP says so"""
    port, _, size = argument.partition("=")
    _forward(w, "way_small", f"{_to(w, port)} meta length > {size} drop")


@fault("node-way-cuts", "PORT=BYTES")
def node_way_cuts(w, argument):
    """packets to this port that are larger than this, as a hello is, are answered with a reset on the way"""
    port, _, size = argument.partition("=")
    _forward(w, "way_cuts", f"{_to(w, port)} meta length > {size} reject with tcp reset")


@fault("node-way-translates")
def node_way_translates(w):
    """NAT between the client and the VNet: the node sees another address and another port"""
    w.nft.append(("corp", "table ip way_nat { chain post { type nat hook postrouting priority 100; "
                          "oifname er0 ip protocol { tcp, udp } masquerade to :20000-20999 random; }; }"))


@fault("node-balanced", "ADDRESS:PORT")
def node_balanced(w, argument):
    """a load balancer at this address: every other connection goes to the compute node, the others to a machine where
    nobody listens"""
    address, _, port = argument.rpartition(":")
    w.nft.append(("corp", f"table ip balanced {{ chain pre {{ type nat hook prerouting priority -100; ip daddr {address} "
                          f"tcp dport {port} dnat to numgen inc mod 2 map {{ 0: {w.private(20)}, 1: {w.private(53)} }}; }}; }}"))


# --- on the machine ------------------------------------------------------------
@fault("node-drops", "PORT[/udp]")
def node_drops(w, port):
    """the compute node's own firewall swallows this port; but not for itself, as ufw and firewalld do"""
    _node(w, "node_drops", f'iifname != "lo" {_to(w, port)} drop')


@fault("node-rejects", "PORT[/udp]")
def node_rejects(w, port):
    """the compute node's own firewall answers this port with a reset, datagrams with ICMP; but not to itself, as ufw and
    firewalld do"""
    _node(w, "node_rejects", f'iifname != "lo" {_to(w, port)} {_reset(port)}')


@fault("node-prohibits", "PORT")
def node_prohibits(w, port):
    """the compute node's own firewall answers this port with ICMP, as ufw and firewalld do"""
    _node(w, "node_prohibits", f"{_to(w, port)} reject with icmp port-unreachable")


@fault("node-mute", "PORT[/udp]")
def node_mute(w, port):
    """the compute node's own firewall swallows what the node answers at this port"""
    _node(w, "node_mute", f"{_to(w, port, 's')} drop", "output")


@fault("node-hangs", "PORT")
def node_hangs(w, port):
    """the program that has this port of the compute node hangs: its queue is full"""
    w.helpers.append(("vnet", f"hung@{w.private(20)}:{port}"))


@fault("node-no-way-back")
def node_no_way_back(w):
    """the compute node has no route to the corporate network"""
    w.ip.append(("vnet", "route add blackhole 10.20.0.50/32"))


@fault("node-reverse-path")
def node_reverse_path(w):
    """the compute node knows a way back to the client through another interface, and drops what does not come by it"""
    w.ip += [("vnet", "link add other type veth peer name far"), ("vnet", "link set far up"), ("vnet", "link set other up"),
             ("vnet", "addr add 10.99.0.1/24 dev other"), ("vnet", "route add 10.20.0.50/32 dev other")]
    w.settings.append(("vnet", "ipv4/conf/all/rp_filter", "1"))


@fault("node-udp-drops", "PORT")
def node_udp_drops(w, port):
    """the compute node's own firewall swallows this UDP port"""
    node_drops(w, f"{port}/udp")


# --- on the way back, and at the other end ---------------------------------------
@fault("node-answers-lost", "PORT[/udp]")
def node_answers_lost(w, port):
    """what the compute node answers at this port does not come back"""
    _forward(w, "answers_lost", f"{_to(w, port, 's')} drop")


@fault("client-drops", "PORT[/udp]")
def client_drops(w, port):
    """the client's own firewall swallows what goes out to this port of the node"""
    w.nft.append(("client", f"table ip client_drops {{ chain out {{ type filter hook postrouting priority 0; "
                            f"{_to(w, port)} drop; }}; }}"))


@fault("client-group-drops", "PORT[/udp]")
def client_group_drops(w, port):
    """the security group of a machine inside lets nothing out to this port of the node: outside of the machine"""
    w.fabric = True
    w.nft.append(("fabric", f"table bridge group {{ chain way {{ type filter hook forward priority 0; {_to(w, port)} drop; }}; }}"))


@fault("no-cors")
def no_cors(w):
    """the storage account has no CORS rule"""
    for last in (7, 8):
        w.endpoints[last].mode = "no-cors"

# SPDX-License-Identifier: MIT
"""Ports of the compute node that get lost: on the way, on the machine, on the way back."""
from . import fault


def _forward(w, name, rule):
    w.nft.append(("corp", f"table ip {name} {{ chain forward {{ type filter hook forward priority 0; {rule}; }}; }}"))


def _input(w, name, rule):
    w.nft.append(("vnet", f"table ip {name} {{ chain input {{ type filter hook input priority 0; {rule}; }}; }}"))


@fault("node-free")
def node_free(w):
    """nothing but SSH listens on the compute node"""
    w.node_ports = [22]


@fault("node-way-drops", "PORT")
def node_way_drops(w, port):
    """something between the client and the compute node swallows this port"""
    _forward(w, "way_drops", f"ip daddr {w.private(20)} tcp dport {port} drop")


@fault("node-way-refuses", "PORT")
def node_way_refuses(w, port):
    """something between the client and the compute node answers this port with a reset"""
    _forward(w, "way_refuses", f"ip daddr {w.private(20)} tcp dport {port} reject with tcp reset")


@fault("node-way-takes", "PORT")
def node_way_takes(w, port):
    """a middlebox takes the connections for this port, and says nothing"""
    w.nft.append(("corp", f"table ip way_takes {{ chain pre {{ type nat hook prerouting priority -100; "
                          f"ip daddr {w.private(20)} tcp dport {port} redirect; }}; }}"))
    w.helpers.append(("corp", f"silent@10.20.0.1:{port}"))


@fault("node-drops", "PORT")
def node_drops(w, port):
    """the compute node's own firewall swallows this port"""
    _input(w, "node_drops", f"ip daddr {w.private(20)} tcp dport {port} drop")


@fault("node-rejects", "PORT")
def node_rejects(w, port):
    """the compute node's own firewall answers this port with a reset"""
    _input(w, "node_rejects", f"ip daddr {w.private(20)} tcp dport {port} reject with tcp reset")


@fault("node-answers-lost", "PORT")
def node_answers_lost(w, port):
    """what the compute node answers at this port does not come back"""
    _forward(w, "answers_lost", f"ip saddr {w.private(20)} tcp sport {port} drop")


@fault("node-udp-drops", "PORT")
def node_udp_drops(w, port):
    """the compute node's own firewall swallows this UDP port"""
    _input(w, "node_udp", f"ip daddr {w.private(20)} udp dport {port} drop")


@fault("no-cors")
def no_cors(w):
    """the storage account has no CORS rule"""
    for last in (7, 8):
        w.endpoints[last].mode = "no-cors"

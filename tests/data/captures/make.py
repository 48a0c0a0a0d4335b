#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Make the captures beside this file, and counts.txt, what tshark counts in them.

    apt-get install python3-scapy tshark tcpdump openssl; sudo ./make.py

Packets come from scapy, the handshakes from OpenSSL over loopback, recorded by tcpdump in a network namespace; the
counts from tshark.  None of them is needed to run the tests, only to make these files again.
"""
import os
import random
import struct
import subprocess
import sys
import tempfile

from scapy.all import (AH, CookedLinux, DNS, DNSQR, DNSRR, DNSRRSOA, Dot1Q, Ether, ICMP, ICMPv6DestUnreach, ICMPv6PacketTooBig, IP, IPOption,
                       IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, Raw, TCP, UDP, fragment)
from scapy.layers.inet6 import IPv6ExtHdrRouting
from scapy.layers.ppp import PPP, PPPoE
from scapy.utils import RawPcapWriter

HERE = os.path.dirname(os.path.realpath(__file__))
CLIENT, SERVER, PEER = "10.20.0.17", "10.150.0.53", "10.150.0.4"
CLIENT6, PEER6 = "2001:db8::17", "2001:db8::4"
NAME = "ws1103kv.vault.azure.net"
BEGIN = 1_790_000_000.0
ETHERNET, NULL, PPP_LINK, RAW, SLL, LOOP, SLL2 = 1, 0, 9, 101, 113, 108, 276


def write(name, packets, link=ETHERNET, snap=None):
    """packets: (seconds since the beginning, packet)."""
    with RawPcapWriter(os.path.join(HERE, name), linktype=link, snaplen=snap or 65535, sync=True) as out:
        out.write_header(None)
        for at, packet in packets:
            data = bytes(packet)
            stamp = BEGIN + at
            out.write_packet(data[:snap], sec=int(stamp), usec=round(stamp % 1 * 1e6), wirelen=len(data))


def ether(packet):
    return Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / packet


# --- pieces --------------------------------------------------------------------------------------
def ask(number, name, kind="A", port=None, server=SERVER, client=CLIENT):
    return (IP(src=client, dst=server) / UDP(sport=port or 40000 + number, dport=53)
            / DNS(id=number, rd=1, qd=DNSQR(qname=name, qtype=kind)))


def reply(question, answers=(), authority=None, rcode=0, **more):
    message = DNS(id=question[DNS].id, qr=1, rd=1, ra=1, rcode=rcode, qd=question[DNS].qd, **more)
    for owner, kind, data in answers:
        rr = DNSRR(rrname=owner, type=kind, ttl=60, rdata=data)
        message.an = message.an / rr if message.an else rr
    message.ancount = len(answers)
    if authority:
        message.ns = DNSRRSOA(rrname=authority, mname="azureprivatedns.net", rname="host.example", serial=1, ttl=10)
        message.nscount = 1
    return IP(src=question[IP].dst, dst=question[IP].src) / UDP(sport=53, dport=question[UDP].sport) / message


class Flow:
    def __init__(self, port, peer=PEER, peer_port=443, client=CLIENT, layer=IP):
        self.c = dict(sport=port, dport=peer_port)
        self.s = dict(sport=peer_port, dport=port)
        self.to, self.back = layer(src=client, dst=peer), layer(src=peer, dst=client)
        self.seq, self.ack = 1000 + port, 5000 + port

    def syn(self):
        return self.to / TCP(flags="S", seq=self.seq, options=[("MSS", 1460), ("Timestamp", (1, 0))], **self.c)

    def syn_ack(self):
        return self.back / TCP(flags="SA", seq=self.ack, ack=self.seq + 1, **self.s)

    def refuse(self):
        return self.back / TCP(flags="RA", seq=0, ack=self.seq + 1, **self.s)

    def client(self, data=b"", flags="A", at=0, seen=0):
        return self.to / TCP(flags=flags, seq=self.seq + 1 + at, ack=self.ack + 1 + seen, **self.c) / Raw(data)

    def server(self, data=b"", flags="A", at=0, seen=0):
        return self.back / TCP(flags=flags, seq=self.ack + 1 + at, ack=self.seq + 1 + seen, **self.s) / Raw(data)

    def handshake(self, at):
        return [(at, self.syn()), (at + .01, self.syn_ack()), (at + .02, self.client())]


def hello(name, size=0):
    """A ClientHello with this name, padded (RFC 7685)."""
    host = name.encode()
    sni = (len(host) + 3).to_bytes(2, "big") + b"\0" + len(host).to_bytes(2, "big") + host
    ext = b"\0\0" + len(sni).to_bytes(2, "big") + sni + b"\0\x15" + size.to_bytes(2, "big") + bytes(size)
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\2\x13\x01" + b"\1\0" + len(ext).to_bytes(2, "big") + ext
    return record(22, b"\1" + len(body).to_bytes(3, "big") + body)


def server_hello(version):
    ext = b"\0\x2b\0\2" + version if version == b"\3\4" else b""
    body = b"\3\3" + bytes(32) + b"\0" + b"\x13\x01\0" + len(ext).to_bytes(2, "big") + ext
    return record(22, b"\2" + len(body).to_bytes(3, "big") + body)


def record(kind, data):
    return bytes([kind]) + b"\3\3" + len(data).to_bytes(2, "big") + data


# --- files ---------------------------------------------------------------------------------------
def links():
    """One question with its answer and a refused connection, on every link."""
    question = ask(1, NAME)
    flow = Flow(50001)
    packets = [(0, question), (.01, reply(question, [(NAME, "A", PEER)])), (.02, flow.syn()), (.03, flow.refuse())]

    def each(name, link, wrap):
        write(f"link-{name}.pcap", [(at, wrap(p)) for at, p in packets], link)

    each("ethernet", ETHERNET, ether)
    each("vlan", ETHERNET, lambda p: ether(Dot1Q(vlan=7) / p))
    each("vlan-stacked", ETHERNET, lambda p: Ether(type=0x88a8) / Dot1Q(vlan=9, type=0x8100) / Dot1Q(vlan=7) / p)
    each("pppoe", ETHERNET, lambda p: ether(PPPoE(sessionid=5) / PPP(proto=0x21) / p))
    each("cooked", SLL, lambda p: CookedLinux(pkttype=4, lladdrtype=1, src=b"\2\0\0\0\0\1\0\0") / p)
    each("cooked2", SLL2, lambda p: Raw(b"\x08\0\0\0\0\0\0\2\0\1\4\6" + b"\2\0\0\0\0\1\0\0" + bytes(p)))
    each("raw", RAW, lambda p: p)
    each("null", NULL, lambda p: Raw((2).to_bytes(4, "little") + bytes(p)))
    each("null-swapped", NULL, lambda p: Raw((2).to_bytes(4, "big") + bytes(p)))
    each("loop", LOOP, lambda p: Raw((2).to_bytes(4, "big") + bytes(p)))
    each("ppp", PPP_LINK, lambda p: Raw(b"\xff\3\0\x21" + bytes(p)))
    each("ppp-short", PPP_LINK, lambda p: Raw(b"\x21" + bytes(p)))
    write("link-other.pcap", [(0, question)], 105)  # 802.11: not read


def ip():
    """Options, extension headers, fragments."""
    packets = []
    with_options = ask(1, NAME)
    with_options[IP].options = [IPOption(b"\x94\4\0\0")]
    packets += [(0, with_options), (.01, reply(with_options, [(NAME, "A", PEER)]))]
    six = Flow(50002, PEER6, 443, CLIENT6, IPv6)
    syn, answer = six.syn(), six.refuse()
    syn = IPv6(src=CLIENT6, dst=PEER6) / IPv6ExtHdrHopByHop() / IPv6ExtHdrRouting() / IPv6ExtHdrDestOpt() / syn[TCP]
    answer = IPv6(src=PEER6, dst=CLIENT6) / IPv6ExtHdrFragment(m=0, offset=0) / AH(nh=6, payloadlen=4, icv=bytes(12)) / answer[TCP]
    question = (IPv6(src=CLIENT6, dst="2001:db8::53") / UDP(sport=40002, dport=53)
                / DNS(id=2, rd=1, qd=DNSQR(qname=NAME, qtype="AAAA")))
    said = (IPv6(src="2001:db8::53", dst=CLIENT6) / UDP(sport=53, dport=40002)
            / DNS(id=2, qr=1, qd=question[DNS].qd, an=DNSRR(rrname=NAME, type="AAAA", ttl=60, rdata=PEER6), ancount=1))
    packets += [(.1, question), (.11, said), (.2, syn), (.21, answer)]
    long = ask(3, NAME, "A")
    answers = [(NAME, "A", f"10.150.1.{n}") for n in range(80)]
    packets.append((.3, long))
    packets += [(.31, p) for p in fragment(reply(long, answers), fragsize=600)]
    write("ip.pcap", [(at, ether(p)) for at, p in packets])


def dns():
    packets = []
    alias = "ws1103kv.privatelink.vaultcore.azure.net"
    q = ask(1, NAME)
    packets += [(0, q), (.02, reply(q, [(NAME, "CNAME", alias), (alias, "A", PEER)]))]
    q = ask(2, "missing.blob.core.windows.net")
    packets += [(.1, q), (.12, reply(q, rcode=3, authority="privatelink.blob.core.windows.net"))]
    q = ask(3, NAME, "AAAA")
    packets += [(.2, q), (.22, reply(q, authority="privatelink.vaultcore.azure.net"))]
    q = ask(4, "silent.azurecr.io")  # sent again after a second, never answered
    packets += [(.3, q), (1.3, q)]
    q = ask(5, "closed.azurecr.io", server="10.150.0.99")
    packets += [(.4, q), (.41, IP(src="10.150.0.99", dst=CLIENT) / ICMP(type=3, code=3) / q)]
    q = ask(6, "far.azurecr.io", server="10.150.0.98")
    packets += [(.5, q), (.51, IP(src="10.20.0.1", dst=CLIENT) / ICMP(type=3, code=1) / Raw(bytes(q)[:28]))]
    q = ask(7, "refused.azurecr.io")
    packets += [(.6, q), (.61, reply(q, rcode=5))]
    q = ask(8, "cut.azurecr.io")  # truncated, then over TCP in two pieces
    packets += [(.7, q), (.71, reply(q, tc=1))]
    flow = Flow(50008, SERVER, 53)
    query, answer = (bytes(m) for m in (ask(9, "cut.azurecr.io")[DNS],
                                        reply(ask(9, "cut.azurecr.io"), [("cut.azurecr.io", "A", PEER)])[DNS]))
    query, answer = (len(m).to_bytes(2, "big") + m for m in (query, answer))
    packets += flow.handshake(.72)
    packets += [(.75, flow.client(query)), (.77, flow.server(answer[20:], at=20, seen=len(query))),
                (.78, flow.server(answer[:20], seen=len(query)))]
    q = ask(10, "twice.azurecr.io")  # seen twice, answered twice
    r = reply(q, [("twice.azurecr.io", "A", PEER)])
    packets += [(.8, q), (.8001, q), (.82, r), (.8201, r)]
    q = ask(11, "typed.azurecr.io", "HTTPS")
    packets += [(.9, q), (.91, reply(q))]
    q = ask(12, "young.azurecr.io")  # the capture ends at once
    packets.append((1.4, q))
    write("dns.pcap", [(at, ether(p)) for at, p in sorted(packets, key=lambda x: x[0])])
    lone = ask(1, "late.azurecr.io")
    write("dns-late.pcap", [(0, ether(reply(lone, [("late.azurecr.io", "A", PEER)])))])
    write("dns-one-way.pcap", [(n, ether(ask(4, "silent.azurecr.io"))) for n in range(9)])
    cut = ask(1, NAME)
    write("dns-snap.pcap", [(0, ether(cut)), (.01, ether(reply(cut, [(NAME, "A", PEER)])))], snap=90)


def tcp():
    packets = []
    flow = Flow(50001)
    packets += flow.handshake(0) + [(.03, flow.client(b"hello, I am no TLS")), (.04, flow.server(b"nor am I"))]
    flow = Flow(50002, peer_port=444)
    packets += [(.1, flow.syn()), (.11, flow.refuse())]
    flow = Flow(50003, "10.150.0.5")
    packets += [(.2, flow.syn()), (1.2, flow.syn()), (3.2, flow.syn())]
    flow = Flow(50004, "10.150.0.6", 22)
    packets += flow.handshake(.3) + [(.33, flow.server(flags="RA"))]
    flow = Flow(50005, "10.150.0.7")
    packets += [(.4, flow.syn()), (.41, IP(src="10.20.0.1", dst=CLIENT) / ICMP(type=3, code=13) / Raw(bytes(flow.syn())[:28]))]
    flow = Flow(50006, PEER6, 443, CLIENT6, IPv6)
    packets += [(.5, flow.syn()), (.51, IPv6(src="2001:db8::1", dst=CLIENT6) / ICMPv6DestUnreach(code=1) / flow.syn())]
    flow = Flow(50007, "10.150.0.8")  # a reset that is not about this SYN
    packets += [(.6, flow.syn()), (.61, flow.back / TCP(flags="RA", seq=0, ack=77, **flow.s)), (1.6, flow.syn())]
    flow = Flow(50008, "10.150.0.9")  # the same packet on two interfaces: no second try
    packets += [(4.9, flow.syn()), (4.9001, flow.syn())]
    flow = Flow(50009, "10.150.0.10")  # fragmentation needed is no refusal
    packets += [(.8, flow.syn()), (.81, IP(src="10.20.0.1", dst=CLIENT) / ICMP(type=3, code=4) / Raw(bytes(flow.syn())[:28])),
                (.82, flow.syn_ack()), (.83, flow.client())]
    write("tcp.pcap", [(at, ether(p)) for at, p in sorted(packets, key=lambda x: x[0])])
    write("tcp-late.pcap", [(n, ether(p)) for n, p in enumerate(
        [Flow(50001).client(b"x" * 100), Flow(50001).server(b"y" * 100, seen=100), Flow(50001).server(flags="RA")])])
    flow = Flow(50001)
    write("tcp-client-only.pcap", [(n, ether(p)) for n, p in enumerate(
        [flow.syn(), flow.client(), flow.client(hello(NAME)), flow.client(flags="FA", at=600),
         Flow(50002, "10.150.0.5").syn(), Flow(50002, "10.150.0.5").syn()])])
    write("tcp-server-only.pcap", [(n, ether(p)) for n, p in enumerate(
        [flow.syn_ack(), flow.server(server_hello(b"\3\4")), flow.server(flags="RA", at=600)])])


def datagrams():
    """UDP to a node: each end, a neighbour that has a name, and a port of the same number over TCP."""
    node, router = "10.150.0.20", "10.20.0.1"

    def to(port, sport, peer=node):
        return IP(src=CLIENT, dst=peer) / UDP(sport=sport, dport=port) / Raw(b"question\n")

    def error(about, sender, code):
        return IP(src=sender, dst=CLIENT) / ICMP(type=3, code=code) / Raw(bytes(about)[:28])

    packets = [(0, to(5831, 40001)), (.05, IP(src=node, dst=CLIENT) / UDP(sport=5831, dport=40001) / Raw(b"answer\n")),
               (.06, IP(src=node, dst=CLIENT) / UDP(sport=5831, dport=40001) / Raw(b"answer\n")),
               (.1, to(5832, 40002)), (.11, error(to(5832, 40002), node, 3)),
               (.2, to(5833, 40003)), (.21, error(to(5833, 40003), router, 3)),
               (.3, to(5834, 40004)), (.31, error(to(5834, 40004), node, 13)),
               (.4, to(5835, 40005)), (.8, to(5835, 40005)),
               (.5, to(443, 40006, PEER)),
               (.6, IP(src=node, dst=CLIENT) / UDP(sport=5836, dport=40007) / Raw(b"nobody asked\n")),
               (.7, to(5838, 40009)), (3.8, to(5837, 40008))]
    write("udp.pcap", [(at, ether(p)) for at, p in sorted(packets, key=lambda x: x[0])])


def node():
    """Recorded on the node itself: what comes to it, on one interface, on all, and cut."""
    at, stranger = "10.150.0.20", "10.20.0.99"
    flows = {number: Flow(50000 + number, at, 44224) for number in range(1, 16)}
    flows[10] = Flow(50010, at, 44224, stranger)
    flows[13] = Flow(50013, at, 22)
    own = Flow(50020, PEER, 443, at)
    first, words = hello(NAME), b"pldiag-probe/1 " + b"0123456789abcdef" * 2 + b"\n"

    def udp(sport, dport, data):
        return IP(src=CLIENT, dst=at) / UDP(sport=sport, dport=dport) / Raw(data)

    def error(about, sender=at):
        return IP(src=sender, dst=CLIENT) / ICMP(type=3, code=3) / Raw(bytes(about)[:28])

    packets = []
    for number, begin in ((1, 0), (2, 1), (3, 1.2), (4, 1.4), (5, 1.6), (6, 1.8), (7, 2), (13, 2.1)):
        packets += flows[number].handshake(begin)
    packets += [(.1, flows[1].client(words)), (.11, flows[1].server(words.replace(b"probe", b"listen"), seen=len(words))),
                (1.3, flows[3].client(first)), (1.31, flows[3].server(seen=len(first))),
                (1.5, flows[4].client(first[40:], at=40)), (1.51, flows[4].server()),
                (1.7, flows[5].client(first[:40])), (1.71, flows[5].server(seen=40)),
                (1.9, flows[6].server(seen=517)),
                (2.05, flows[7].client(b"GET / HTTP/1.1\r\n\r\n")), (2.06, flows[7].server(seen=18)),
                (2.2, flows[8].syn()), (2.21, flows[8].refuse()),
                (2.4, flows[9].syn()), (3.4, flows[9].syn()), (2.6, flows[10].syn()),
                (2.8, flows[11].syn()), (2.81, error(flows[11].syn())),
                (2.85, flows[12].syn()), (2.86, error(flows[12].syn(), "10.150.0.1")),
                (2.9, own.syn()), (2.91, own.syn_ack()), (3, flows[14].syn_ack()),
                (3.1, udp(40001, 5831, words + b"\n" * 8)), (3.11, IP(src=at, dst=CLIENT) / UDP(sport=5831, dport=40001) / Raw(words)),
                (3.2, udp(40002, 5831, words + b"\n" * 8)), (3.21, error(udp(40002, 5831, b""))),
                (3.22, udp(40004, 5832, b"a stranger's")), (3.23, error(udp(40004, 5832, b"a stranger's"), "10.150.0.1")),
                (3.3, udp(40003, 5832, b"a stranger's")), (4.9, flows[15].syn()), (5, flows[13].client(b"the end"))]
    packets += Flow(50021, at, 44224, at).handshake(3.5)  # its own, over loopback
    packets.sort(key=lambda x: x[0])
    write("node.pcap", [(at, ether(p)) for at, p in packets])
    def cooked(way, packet):
        return Raw(b"\x08\0\0\0\0\0\0\2\0\1" + bytes((way, 6)) + b"\2\0\0\0\0\1\0\0" + bytes(packet))

    def many(here):
        return [(when, cooked(4 if p[IP].src == here else 0, p)) for when, p in packets]

    write("node-any.pcap", many(at), SLL2)
    write("node-client.pcap", many(CLIENT), SLL2)
    write("node-heard.pcap", [(at, Raw(b"\x08\0\0\0\0\0\0\2\0\1\0\6" + b"\2\0\0\0\0\2\0\0" + bytes(p))) for at, p in packets
                              if p[IP].dst == "10.150.0.20" and ICMP not in p], SLL2)
    write("node-cut.pcap", [(at, ether(p)) for at, p in packets if UDP in p or p is packets[-1][1]], snap=60)


def node_parts():
    """Recorded on the node, or so it is said: what would blame the wrong one."""
    at = "10.150.0.20"

    def cooked(packet):
        return Raw(b"\x08\0\0\0\0\0\0\2\0\1" + bytes((4 if packet[IP].src == at else 0, 6)) + b"\2\0\0\0\0\1\0\0" + bytes(packet))

    flows = {number: Flow(50000 + number, at, 44224) for number in range(1, 9)}
    ssh, own, end = Flow(50020, at, 22), Flow(50021, PEER, 443, at), Flow(50022, at, 22)
    alive = ssh.handshake(0) + end.handshake(5)
    far = [(when, p.copy()) for when, p in alive + [(1, flows[1].syn())]]
    for _, p in far:  # on the client, three routers away
        p[IP].ttl = 61 if p[IP].src == at else 64
    write("node-far.pcap", [(when, ether(p)) for when, p in sorted(far, key=lambda x: x[0])])

    fast, refused, accepts, refuses = flows[1].syn() / Raw(b"hello"), flows[2].syn() / Raw(b"hello"), flows[1].syn_ack(), flows[2].refuse()
    accepts[TCP].ack += 5
    refuses[TCP].ack += 5
    packets = alive + [(1, fast), (1.01, accepts), (1.2, refused), (1.21, refuses)]
    write("node-fast-open.pcap", [(when, cooked(p)) for when, p in sorted(packets, key=lambda x: x[0])], SLL2)

    write("node-syns.pcap", [(0, cooked(own.syn())), (1, cooked(flows[1].syn())), (5, cooked(end.syn()))], SLL2)
    write("node-late.pcap", [(when, cooked(p)) for when, p in [(0, end.syn()), (1, flows[1].client(b"more")), (1.1, flows[2].server(b"more"))]], SLL2)
    flows[3].c["sport"] = flows[3].s["dport"] = 40003  # below the node's
    write("node-late-low.pcap", [(0, cooked(end.syn())), (1, cooked(flows[3].client(b"more")))], SLL2)

    sent = Raw(b"\x08\0\0\0\0\0\0\2\0\1\4\6" + b"\2\0\0\0\0\1\0\0" + bytes(flows[1].syn()))
    write("node-sent.pcap", [(when, sent) for when in (0, 1, 3)], SLL2)

    old = flows[6].server(seen=77_000_000)  # the node still has a connection of these ports
    write("node-old.pcap", [(when, cooked(p)) for when, p in alive[:3] + [(1, flows[6].syn()), (1.01, old), (2, flows[6].syn()),
                                                                         (2.01, old)] + alive[3:]], SLL2)

    said = hello(NAME)
    packets = flows[4].handshake(0) + [(.1, flows[4].client(said)), (.4, flows[4].client(said))] + flows[5].handshake(2)
    write("node-cut-hello.pcap", [(when, ether(p)) for when, p in packets], snap=66)
    write("node-cut-part.pcap", [(when, ether(p)) for when, p in packets], snap=90)
    def number(digit, port):
        return IP(src=CLIENT, dst=at) / UDP(sport=40001, dport=port) / Raw(b"pldiag-probe/1 " + digit * 32 + b"\n" * 9)

    packets.append((3, number(b"1", 5831)))
    write("node-cut-ports.pcap", [(when, ether(p)) for when, p in packets], snap=40)
    write("node-cut-all.pcap", [(when, ether(p)) for when, p in packets], snap=35)

    back = IP(src=at, dst=CLIENT) / UDP(sport=5831, dport=40001) / Raw(b"pldiag-listen/1 ")
    write("node-again.pcap", [(when, cooked(p)) for when, p in
                              [(0, number(b"1", 5831)), (.01, back), (1, number(b"2", 5831)), (1.5, number(b"2", 5831)), (5, end.syn())]], SLL2)


def node_listens():
    """Recorded on a node: ports that refuse somebody, and answer others (another, or the node itself) before and after, or not so."""
    at, other, far = "10.150.0.20", "10.20.0.99", "10.20.0.98"
    packets, last = [], [50000]

    def cooked(packet):
        return Raw(b"\x08\0\0\0\0\0\0\2\0\1" + bytes((4 if packet[IP].src == at else 0, 6)) + b"\2\0\0\0\0\1\0\0" + bytes(packet))

    def opens(port, who, *times):
        for when in times:
            last[0] += 1
            packets.extend(Flow(last[0], at, port, who).handshake(when))

    def refused(port, who, *times):
        for when in times:
            last[0] += 1
            flow = Flow(last[0], at, port, who)
            packets.extend([(when, flow.syn()), (when + .01, flow.refuse())])

    def asks(port, who, when, answered):
        last[0] += 1
        number = b" %032x\n" % last[0]
        ask = IP(src=who, dst=at) / UDP(sport=last[0], dport=port) / Raw(b"pldiag-probe/1" + number + b"\n" * 9)
        error = IP(src=at, dst=who) / ICMP(type=3, code=3) / Raw(bytes(ask)[:28])
        reply = IP(src=at, dst=who) / UDP(sport=port, dport=last[0]) / Raw(answered or b"pldiag-listen/1" + number)
        packets.extend([(when, ask), (when + .01, error if answered is None else reply)])

    def holds(port, who, when, until):
        last[0] += 1
        flow = Flow(last[0], at, port, who)
        packets.extend(flow.handshake(when) + [(until, flow.client(flags="FA")), (until + .01, flow.server(flags="FA", seen=1))])

    opens(44224, at, 0, .5, 2, 11.9)  # the node itself
    refused(44224, CLIENT, 1, 3)
    opens(44224, at, 22)  # too late to tell of the time between
    refused(29876, CLIENT, 1)  # started anew: others are refused as well, now and then
    opens(29876, other, 0, 3)
    refused(29876, other, 1.1, 1.2)
    opens(29876, far, 5, 6)
    refused(29876, CLIENT, 5.5)
    opens(29876, CLIENT, 6.8)  # so the refusal before was not for who it is
    refused(44224, far, 2.5)  # to whom another port is open
    asks(5831, at, 0, b"")
    asks(5831, CLIENT, 1, None)
    asks(5831, other, 2, b"")
    asks(5831, CLIENT, 3.5, None)
    opens(5831, other, 4, 5.5)  # over TCP
    asks(5832, other, 0, b"")
    asks(5832, CLIENT, .5, None)
    asks(5832, other, .9, b"")
    for when, said in ((4, b"an answer"), (6, b"another"), (8, b"pldiag-listen/1 " + b"0" * 32 + b"\n"), (9.5, b"pldiag-listen/1 " + b"1" * 32 + b"\n")):
        asks(5832, other, when, said)  # other programs
    packets.sort(key=lambda x: x[0])
    write("node-listens.pcap", [(when, cooked(p)) for when, p in packets], SLL2)
    for _, p in packets:  # the same, three routers away
        p[IP].ttl = 61 if p[IP].src == at else 64
    write("node-listens-far.pcap", [(when, ether(p)) for when, p in packets])

    packets.clear()  # one connection at a time (nc -l), and several
    for port, times in ((44224, (0, 4)), (29876, (0, 2.2, 4))):
        for when in times:
            holds(port, at, when, when + .02)
        holds(port, other, 1, 3)
        refused(port, CLIENT, 2)
    asks(5832, other, 0, b"an answer")
    packets.sort(key=lambda x: x[0])
    write("node-one-at-a-time.pcap", [(when, cooked(p)) for when, p in packets], SLL2)


def node_lost():
    """A recorder that says how much it lost: of one interface, later more, and of another one not known."""
    ticks, flow = int(BEGIN * 1e6), Flow(50001, "10.150.0.20", 44224)

    def statistics(number, *options):
        tail = b"".join(struct.pack("<HHQ", code, 8, value) for code, value in options)
        return block("<", 5, struct.pack("<III", number, ticks >> 32, ticks & 0xffffffff) + tail + struct.pack("<HH", 0, 0))

    out = section("<") + interface("<", ETHERNET) + interface("<", ETHERNET) + stamped("<", 0, ticks, ether(flow.syn()))
    out += statistics(0, (4, 99), (5, 2)) + statistics(0, (5, 7), (7, 3)) + statistics(1, (5, 2**64 - 1)) + statistics(9, (5, 1))
    out += section("<") + interface("<", ETHERNET) + statistics(0, (7, 1))
    with open(os.path.join(HERE, "node-lost.pcapng"), "wb") as file:
        file.write(out)


def tls():
    first = hello(NAME, 2000)
    packets = []

    def begin(port, at, data=hello(NAME), peer=PEER):
        flow = Flow(port, peer)
        packets.extend(flow.handshake(at))
        packets.append((at + .03, flow.client(data)))
        return flow

    n = len(hello(NAME))
    begin(50001, 0, peer="10.150.0.11")  # nothing comes back
    flow = begin(50002, .1, peer="10.150.0.12")
    packets.append((.2, flow.server(flags="FA", seen=n)))
    packets.append((.21, flow.client(flags="FA", at=n, seen=1)))
    flow = begin(50003, .3, peer="10.150.0.13")
    packets.append((.4, flow.server(flags="R", seen=n)))
    flow = begin(50004, .5, peer="10.150.0.14")
    packets.append((.6, flow.server(record(21, b"\2\x70"), seen=n)))
    flow = begin(50005, .7, peer="10.150.0.15")
    packets.append((.8, flow.server(b"HTTP/1.1 400 Bad Request\r\n\r\n", seen=n)))
    flow = begin(50006, .9, peer="10.150.0.16")  # TLS 1.3, the client refuses
    said = server_hello(b"\3\4")
    packets += [(1, flow.server(said, seen=n)), (1.01, flow.client(record(23, bytes(19)), at=n, seen=len(said))),
                (1.02, flow.client(flags="RA", at=n + 24, seen=len(said)))]
    flow = begin(50007, 1.1, peer="10.150.0.17")  # TLS 1.2, the client refuses
    said = server_hello(b"\3\3")
    packets += [(1.2, flow.server(said, seen=n)), (1.21, flow.client(record(21, b"\2\x30"), at=n, seen=len(said))),
                (1.22, flow.client(flags="FA", at=n + 7, seen=len(said))), (1.23, flow.server(flags="FA", at=len(said)))]
    flow = Flow(50008, "10.150.0.18")  # a large hello in three segments, out of order, one twice; TLS 1.3, all well
    packets += flow.handshake(1.3)
    packets += [(1.33, flow.client(first[1400:], at=1400)), (1.34, flow.client(first[:700])),
                (1.35, flow.client(first[:700])), (1.36, flow.client(first[600:1400], at=600))]
    said = server_hello(b"\3\4") + record(23, bytes(800))
    packets += [(1.4, flow.server(said, seen=len(first))),
                (1.41, flow.client(record(20, b"\1") + record(23, bytes(53)), at=len(first), seen=len(said)))]
    flow = begin(50009, 1.5, peer="10.150.0.19")  # a piece of the server's flight is in no packet, and the client has it
    said = server_hello(b"\3\3")
    packets += [(1.6, flow.server(said[:40], seen=n)), (1.61, flow.client(at=n, seen=2000)),
                (1.62, flow.server(flags="RA", at=2000, seen=n))]
    packets.append((6, ask(1, NAME)))
    write("tls.pcap", [(at, ether(p)) for at, p in sorted(packets, key=lambda x: x[0])])


def tls_unheard():
    """A server that tires of waiting: of a hello that it never had, and of one that it has."""
    first, packets = hello(NAME), []
    for port, peer, heard, after in ((50001, "10.150.0.4", False, 5), (50002, "10.150.0.5", True, 5), (50003, "10.150.0.6", False, 1)):
        flow = Flow(port, peer)
        packets += flow.handshake(0)
        packets += [(.1, flow.client(first)), (.4, flow.client(first))]
        if heard:
            packets.append((.41, flow.server(seen=len(first))))
        packets += [(after, flow.server(flags="FA", seen=len(first) if heard else 0)), (after + .01, flow.client(flags="FA", at=len(first), seen=1))]
    flow = Flow(50004, "10.150.0.7")  # somebody between closes at once; the hello is said again and again
    packets += flow.handshake(0) + [(.1, flow.client(first)), (.15, flow.server(flags="FA"))]
    packets += [(when, flow.client(first, seen=1)) for when in (.4, 1, 2.2, 4.6)] + [(6, flow.client(flags="RA", at=len(first), seen=1))]
    packets.append((7, ask(1, NAME)))
    write("tls-unheard.pcap", [(at, ether(p)) for at, p in sorted(packets, key=lambda x: x[0])])


def connect():
    packets = []

    def through(port, at, *turns):
        flow, sent, got = Flow(port, "10.20.0.8", 3128), 0, 0
        packets.extend(flow.handshake(at))
        for number, (who, data) in enumerate(turns):
            make = flow.client if who == "c" else flow.server
            packets.append((at + .03 + number / 100, make(data, at=sent if who == "c" else got, seen=got if who == "c" else sent)))
            sent, got = sent + len(data) * (who == "c"), got + len(data) * (who == "s")
        return flow

    def request(name):
        return f"CONNECT {name}:443 HTTP/1.1\r\nHost: {name}:443\r\n\r\n".encode()

    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\nno!\n"
    ok = b"HTTP/1.1 200 Connection established\r\n\r\n"
    sealed = server_hello(b"\3\4") + record(23, bytes(800))
    through(50001, 0, ("c", request("denied.azurecr.io")), ("s", b"HTTP/1.1 403 Forbidden\r\n\r\n"))
    through(50002, .2, ("c", request("auth.azurecr.io")), ("s", refusal))
    through(50003, .4, ("c", request("again.azurecr.io")), ("s", refusal), ("c", request("again.azurecr.io")), ("s", ok),
            ("c", hello("again.azurecr.io")), ("s", sealed), ("c", record(23, bytes(53))))
    flow = through(50004, .6, ("c", request("cut.azurecr.io")), ("s", ok), ("c", hello("cut.azurecr.io")))
    packets.append((.8, flow.server(flags="R", at=len(ok))))
    through(50005, .9, ("c", request("silent.azurecr.io")))
    packets.append((5, ask(1, "end.azurecr.io")))
    write("connect.pcap", [(at, ether(p)) for at, p in sorted(packets, key=lambda x: x[0])])


def sizes():
    """Handshakes in small packets between usual ones, and routers that say what they take."""
    packets = []
    one, said = hello(NAME), server_hello(b"\3\4") + record(23, bytes(800))

    def begin(port, at, options, peer=PEER, answered=False):
        flow = Flow(port, peer)
        syn = flow.syn()
        syn[TCP].options = options
        packets.extend([(at, syn)] + flow.handshake(at)[1:] + [(at + .03, flow.client(one))])
        if answered:
            packets.extend([(at + .05, flow.server(said, seen=len(one))),
                            (at + .06, flow.client(record(23, bytes(53)), at=len(one), seen=len(said)))])
        return flow

    usual, small = [("MSS", 1460), ("Timestamp", (1, 0))], [("NOP", None), ("NOP", None), ("MSS", 960)]
    for port, at, options, answered in ((50001, 0, usual, False), (50002, 5, small, True), (50003, 6, usual, False),
                                        (50004, 12, usual, False), (50005, 18, usual, True)):
        flow = begin(port, at, options, answered=answered)
        packets += [(at + 4, flow.client(flags="FA", at=len(one))), (at + 4.01, flow.server(flags="FA", seen=len(one)))]
    # Just more than small; options that make no sense, and that end before they begin.
    begin(50006, 20, [("MSS", 961)], "10.150.0.5", True)
    begin(50007, 21, [(253, b""), ("MSS", 900)], "10.150.0.6", True)
    flow = Flow(50008, "10.150.0.7")
    syn = bytearray(bytes(flow.syn()))
    syn[40:42] = b"\2\0"
    packets += [(22, IP(bytes(syn))), (22.01, flow.refuse())]
    big = Flow(50009, PEER).client(bytes(1460))
    for n, size in enumerate((1400, 1400, 0)):
        packets.append((23 + n / 10, IP(src="10.20.0.1", dst=CLIENT) / ICMP(type=3, code=4, nexthopmtu=size) / Raw(bytes(big)[:28])))
    packets.append((23.5, IP(src="10.20.0.1", dst=CLIENT) / ICMP(type=3, code=4, length=7, nexthopmtu=1300) / Raw(bytes(big)[:28])))
    big = Flow(50010, "10.150.9.9").client(bytes(1460))  # an address of which nobody knows a name
    packets.append((24, IP(src="10.20.0.1", dst=CLIENT) / ICMP(type=3, code=4, nexthopmtu=1400) / Raw(bytes(big)[:28])))
    big = Flow(50011, PEER6, 443, CLIENT6, IPv6).client(bytes(1440))
    packets.append((24.1, IPv6(src="2001:db8::1", dst=CLIENT6) / ICMPv6PacketTooBig(mtu=1350) / Raw(bytes(big)[:60])))
    packets.append((24.2, IPv6(src="2001:db8::1", dst=CLIENT6) / ICMPv6PacketTooBig(mtu=0x10400) / Raw(bytes(big)[:60])))
    write("sizes.pcap", [(at, ether(p)) for at, p in sorted(packets, key=lambda x: x[0])])
    # The usual one begins before the one in small packets, and ends after it.
    del packets[:]
    first = begin(50001, 0, usual)
    begin(50002, 2, small, answered=True)
    packets += [(6, first.client(flags="FA", at=len(one))), (6.01, first.server(flags="FA", seen=len(one)))]
    write("sizes-late.pcap", [(at, ether(p)) for at, p in sorted(packets, key=lambda x: x[0])])


def mixed():
    """Many exchanges of all kinds, woven into each other."""
    dice = random.Random(7)
    packets = []
    for n in range(400):
        at = dice.random() * 30
        kind = dice.randrange(6)
        name = f"n{n}.blob.core.windows.net"
        flow = Flow(20000 + n, f"10.150.2.{n % 250}")
        if kind == 0:
            q = ask(n, name)
            packets += [(at, q), (at + .02, reply(q, [(name, "A", PEER)]))]
        elif kind == 1:
            packets += [(at, ask(n, name)), (at + 1, ask(n, name))]
        elif kind == 2:
            packets += [(at, flow.syn()), (at + .01, flow.refuse())]
        elif kind == 3:
            packets += [(at, flow.syn()), (at + 1, flow.syn())]
        else:
            said = server_hello(b"\3\4") + record(23, bytes(800))
            one, size = hello(name), len(hello(name))
            packets += flow.handshake(at) + [(at + .03, flow.client(one)), (at + .05, flow.server(said, seen=size))]
            if kind == 4:
                packets.append((at + .06, flow.client(record(23, bytes(53)), at=size, seen=len(said))))
    write("mixed.pcap", [(at, ether(p)) for at, p in sorted(packets, key=lambda x: x[0])])


# --- real handshakes -------------------------------------------------------------------------------
# --- pcapng --------------------------------------------------------------------------------------
def block(order, kind, body):
    body += b"\0" * (-len(body) % 4)
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def section(order):
    return block(order, 0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1))


def interface(order, link, *options, snap=0):
    tail = b"".join(struct.pack(order + "HH", code, len(data)) + data + b"\0" * (-len(data) % 4) for code, data in options)
    return block(order, 1, struct.pack(order + "HHI", link, 0, snap) + tail + (struct.pack(order + "HH", 0, 0) if options else b""))


def stamped(order, number, ticks, packet):
    data = bytes(packet)
    return block(order, 6, struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xffffffff, len(data), len(data)) + data)


def blocks():
    """Interfaces of three links and three clocks, in two sections of both byte orders; each refuses at its own moment."""
    us, out = int(BEGIN * 1e6), section("<")
    out += interface("<", ETHERNET) + interface("<", RAW, (2, b"tun0"), (9, b"\x09"), (14, struct.pack("<q", 1_000_000_000)))
    out += interface("<", 105)  # 802.11: not read
    one, two, three, four = (Flow(50001 + i, peer_port=443 + i) for i in range(4))
    out += stamped("<", 0, us, ether(one.syn())) + stamped("<", 2, us, b"wifi") + block("<", 0x80000001, b"others")
    out += stamped("<", 1, (us - 10**15) * 1000 + 250_000_000, two.syn())
    out += stamped("<", 0, us + 500_000, ether(one.refuse()))
    out += stamped("<", 1, (us - 10**15) * 1000 + 750_000_999, two.refuse())
    out += section(">") + interface(">", LOOP, (9, b"\x94"))
    loops = [struct.pack(">I", 2) + bytes(p) for p in (three.syn(), three.refuse(), four.syn(), four.refuse())]
    ticks = int(BEGIN) + 1 << 20
    out += stamped(">", 0, ticks, loops[0]) + stamped(">", 0, ticks + (1 << 19), loops[1])
    size, later = len(loops[2]), ticks + (1 << 20)
    out += block(">", 2, struct.pack(">HHIIII", 0, 0xffff, later >> 32, later & 0xffffffff, size, size) + loops[2])
    out += block(">", 3, struct.pack(">I", len(loops[3])) + loops[3])
    with open(os.path.join(HERE, "blocks.pcapng"), "wb") as file:
        file.write(out)


def two_links():
    """What Wireshark writes when Wi-Fi and a tunnel are recorded together."""
    files = [os.path.join(HERE, name) for name in ("udp.pcap", "link-raw.pcap")]
    subprocess.run(["mergecap", "-F", "pcapng", "-w", os.path.join(HERE, "two-links.pcapng"), *files], check=True)


def handshake(version):
    """openssl s_server and s_client in a network namespace of their own, recorded by tcpdump."""
    name = f"openssl-{version}.pcap"
    script = f"""
ip link set lo up
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout k -out c -days 3650 \
    -subj "/CN={NAME}" -addext "subjectAltName=DNS:{NAME}" 2>/dev/null
openssl s_server -accept 4433 -key k -cert c -quiet >/dev/null 2>&1 & server=$!
until openssl s_client -connect 127.0.0.1:4433 </dev/null >/dev/null 2>&1; do :; done
tcpdump -i lo -n -U -Z root -w {HERE}/{name} port 4433 2>log & dump=$!
until grep -q listening log || ! kill -0 $dump; do :; done
(echo GET /; sleep 1) | openssl s_client -connect 127.0.0.1:4433 -servername {NAME} -{version} >out 2>&1
kill $server
sleep 2
kill $dump
wait $dump
"""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["unshare", "-n", "sh", "-c", script], cwd=folder, check=True, stdin=subprocess.DEVNULL, timeout=60)


# --- what tshark counts ----------------------------------------------------------------------------
COUNTS = (("dns_queries", "dns.flags.response==0 and (dns.qry.type in {1,6,28}) and not icmp"),
          ("dns_replies", "dns.flags.response==1 and (dns.qry.type in {1,6,28}) and not icmp"),
          ("tcp_syns", "tcp.flags.syn==1 and tcp.flags.ack==0 and not tcp.analysis.retransmission and not icmp and not icmpv6"),
          ("tcp_open", "tcp.flags.syn==1 and tcp.flags.ack==1"),
          ("tls_hellos", "tls.handshake.type==1"), ("tls_servers", "tls.handshake.type==2"))
COUNTED = ("mixed.pcap", "link-cooked2.pcap", "openssl-tls1_2.pcap", "openssl-tls1_3.pcap")


def counts():
    with open(os.path.join(HERE, "counts.txt"), "w", encoding="utf-8") as out:
        print("file", *(key for key, _ in COUNTS), file=out)
        for name in COUNTED:
            row = [subprocess.run(["tshark", "-r", name, "-d", "tcp.port==4433,tls", "-Y", what], cwd=HERE, text=True,
                                  capture_output=True, check=True).stdout.count("\n") for _, what in COUNTS]
            print(name, *row, file=out)


def main():
    for step in (links, ip, dns, tcp, datagrams, node, node_parts, node_listens, tls, tls_unheard, connect, sizes, mixed, blocks, two_links, node_lost):
        step()
    for version in ("tls1_2", "tls1_3"):
        handshake(version)
    with open(os.path.join(HERE, "mixed.pcap"), "rb") as whole, open(os.path.join(HERE, "broken.pcap"), "wb") as half:
        half.write(whole.read()[:20000])
    counts()
    return 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: MIT
"""Each server: the files it needs, the command, and how one knows that it answers.

A server is (key, namespace, argv, ready, binds).  All run in the foreground, with
no change of user (an ordinary user's namespace has only one), no chroot and
no syslog; ready is a list of ("tcp"|"dns", address) to wait for.
"""
import base64
import dataclasses
import os
import sys

from . import sandbox, world, zones

RUN = sandbox.RUN


@dataclasses.dataclass
class Server:
    key: str
    ns: str
    argv: list
    ready: list
    binds: dict = dataclasses.field(default_factory=dict)


def _file(name, text):
    path = f"{RUN}/{name}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def nsd(w):
    text = (f"server:\n ip-address: {world.ROOT_DNS}\n username: \"\"\n chroot: \"\"\n server-count: 1\n database: \"\"\n"
            f" zonesdir: \"{RUN}/public\"\n pidfile: \"{RUN}/nsd.pid\"\n xfrdfile: \"\"\n zonelistfile: \"{RUN}/nsd.zones\"\n"
            f" xfrdir: \"{RUN}\"\n rrl-ratelimit: 0\n verbosity: 0\n logfile: \"{RUN}/nsd.log\"\n"
            "remote-control:\n control-enable: no\n")
    for zone, records in zones.public_zones(w).items():
        name = "root" if zone == "." else zone
        _file("public/" + name, f"$ORIGIN {zone.rstrip('.')}.\n{records}")
        text += f"zone:\n name: \"{zone}\"\n zonefile: \"{name}\"\n"
    conf = _file("nsd.conf", text)
    return Server("nsd", "inet", ["nsd", "-d", "-c", conf], [("dns", world.ROOT_DNS)])


_UNBOUND = """server:
 do-daemonize: no
 use-syslog: no
 logfile: ""
 username: ""
 chroot: ""
 pidfile: ""
 directory: "{run}"
 num-threads: 1
 so-reuseport: no
 ip-freebind: yes
 access-control: 0.0.0.0/0 allow
 access-control: ::0/0 allow
 module-config: "{modules}"
 do-not-query-localhost: no
 qname-minimisation: no
 unblock-lan-zones: yes
 insecure-lan-zones: yes
 infra-keep-probing: yes
{interfaces}{lines}
{extra}
remote-control:
 control-enable: no
"""


def unbound(key, ns, listen, *, upstream=world.ROOT_DNS, private=None, lines=(), clauses=(), modules="iterator"):
    """private: zone -> text, answered as a VNet's own; every other name is resolved from the root, or forwarded."""
    extra = list(clauses)
    for zone, text in (private or {}).items():
        path = _file(f"{key}-zones/{zone}", f"$ORIGIN {zone}.\n{text}")
        extra.append(f"auth-zone:\n name: {zone}\n zonefile: \"{path}\"\n for-downstream: no\n for-upstream: yes\n"
                     " fallback-enabled: no")
    if upstream:
        kind, key_word = ("stub-zone", "stub-addr") if upstream == world.ROOT_DNS else ("forward-zone", "forward-addr")
        extra.append(f"{kind}:\n name: \".\"\n {key_word}: {upstream}")
    conf = _file(f"{key}.conf", _UNBOUND.format(
        run=RUN, modules=modules, interfaces="".join(f" interface: {a}\n" for a in listen),
        lines="".join(f" {line}\n" for line in lines), extra="\n".join(extra)))
    return Server(key, ns, ["unbound", "-d", "-c", conf], [("dns", a) for a in listen])


def forward_clauses(names, to, kind="forward-zone"):
    return [f"{kind}:\n name: \"{name}\"\n {'forward' if kind == 'forward-zone' else 'stub'}-addr: {to}" for name in names]


def dnsmasq(key, ns, listen, lines):
    conf = _file(f"{key}.conf", "\n".join([
        "no-hosts", "no-resolv", "bind-interfaces", "except-interface=lo", f"listen-address={listen}",
        f"pid-file={RUN}/{key}.pid", *lines]) + "\n")
    return Server(key, ns, ["dnsmasq", "-d", "-C", conf], [("dns", listen)])


def bind(key, ns, listen, zone_text, options=""):
    """Told by `rndc -k {run}/rndc.key`, on its own machine."""
    rndc_key = _file("rndc.key", f"key lab {{ algorithm hmac-sha256; secret \"{base64.b64encode(b'lab').decode()}\"; }};\n")
    conf = _file(f"{key}.conf", (
        f"options {{ directory \"{RUN}\"; pid-file none; session-keyfile none; listen-on {{ {listen}; }}; listen-on-v6 {{ none; }};"
        f" recursion yes; allow-recursion {{ any; }}; dnssec-validation no; empty-zones-enable no; {options} }};\n"
        f"include \"{rndc_key}\";\ncontrols {{ inet 127.0.0.1 port 953 allow {{ 127.0.0.1; }} keys {{ lab; }}; }};\n"
        f"statistics-channels {{ }};\n{zone_text}\n"))
    return Server(key, ns, ["named", "-g", "-n", "1", "-c", conf], [("dns", listen)])


def bind_forwards(names, to):
    return "".join(f"zone \"{n}\" {{ type forward; forward only; forwarders {{ {to}; }}; }};\n" for n in names)


def bind_primary(key, zone, records, listen=world.CORP_DNS):
    """BIND does not load a zone whose own name server has no address in it."""
    path = _file(f"{key}-zones/{zone.strip('.') or 'root'}", f"$ORIGIN {zone.strip('.')}.\n$TTL 300\n"
                 "@ IN SOA ns.corp.example. hostmaster.corp.example. 1 3600 300 2419200 300\n@ IN NS ns.corp.example.\n" + records
                 + (f"ns.corp.example. IN A {listen}\n" if zone in (".", "corp.example") else ""))
    return f"zone \"{zone}\" {{ type primary; file \"{path}\"; }};\n"


def nginx(key, ns, text, ready):
    conf = _file(f"nginx-{key}.conf", text + "}\n")
    return Server(f"nginx-{key}", ns, ["nginx", "-e", "stderr", "-c", conf, "-p", RUN], [("tcp", a) for a in ready])


def tinyproxy(ns, address, dns, settings):
    conf = _file("tinyproxy.conf", f"Port 3128\nListen {address}\nTimeout 20\nLogLevel Warning\nMaxClients 200\n"
                 + "".join(f"{k} {v}\n" for k, v in settings.items()))
    resolv = _file("tinyproxy.resolv", f"nameserver {dns}\noptions timeout:1 attempts:1\n")
    return Server("tinyproxy", ns, ["tinyproxy", "-d", "-c", conf], [("tcp", f"{address}:3128")],
                  {"/etc/resolv.conf": resolv, "/etc/nsswitch.conf": _file("tinyproxy.nss", world.NSSWITCH),
                   "/etc/hosts": _file("tinyproxy.hosts", world.HOSTS)})


def misbehave(ns, specs, certs):
    """specs: KIND@ADDRESS:PORT[=ARGUMENT] as misbehave.py takes them."""
    ready = []
    for spec in specs:
        kind, rest = spec.split("@", 1)
        where = rest.split("=", 1)[0]
        ready.append(("up", where) if kind.startswith(("dns-", "udp-", "hung")) else ("tcp", where))
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "misbehave.py")
    return Server(f"misbehave-{ns}", ns, [sys.executable, "-S", "-E", script, "--certs", certs, *specs],
                  [r for r in ready if r[0] != "up"] + [("line", "ready")])

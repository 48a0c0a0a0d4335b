# SPDX-License-Identifier: MIT
"""A World brought to life: networks, servers, and a way to run a command as somebody."""
import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import time

from . import kernel, net, sandbox, servers, web, world, zones

START_LIMIT_S = 20
RUN = sandbox.RUN
_SOA_ROOT = struct.pack("!HHHHHH", 0x4242, 0x0100, 1, 0, 0, 0) + b"\0" + struct.pack("!HH", 6, 1)


class Lab:
    def __init__(self, w):
        self.w = w
        self.certs = w.kit
        self.running = []  # (Server, Popen)

    # --- up -----------------------------------------------------------------
    def up(self):
        w = self.w
        network = net.Net(w)
        network.plan()
        network.build()
        if w.tunnel:
            self._tunnel(network)
        self._files()
        self.start(self._servers())
        for hook in w.hooks:
            hook(self)

    def _files(self):
        w = self.w
        for name, text in w.texts.items():
            _write(f"{RUN}/{name}", text)
        for mark in w.marks:
            _write(mark, "")
        with kernel.inside("client"):
            for device, text in w.link_files.items():
                w.files[f"/run/systemd/resolve/netif/{socket.if_nametoindex(device)}"] = text

    def _tunnel(self, network):
        """The relay, or where this user may not have TUN devices, a cable that delays nothing."""
        w = self.w
        if sandbox.may_tunnel():
            self._relay()
        elif w.delay_ms or w.loss or w.largest:
            raise sandbox.Skip("/dev/net/tun is not open to this user, so no tunnel can delay or lose packets")
        else:
            network.tunnel_cable()
        network.tunnel_up()

    def _relay(self):
        w = self.w
        relay = servers.Server("relay", "client", [
            f"{self.certs}/relay", kernel.netns_path("client"), "tun0", kernel.netns_path("vnet"), "tun0",
            str(int(w.delay_ms * 1000)), str(int(w.loss * 1000)), str(w.largest)], [("line", "ready")])
        self.start([relay])

    def _servers(self):
        w = self.w
        specs = [servers.nsd(w), servers.nginx("inet", "inet", self._front_text(), [f"{world.PUBLIC_HOST}:443"])]
        specs.append(servers.nginx("vnet", "vnet", self._private_text(), [f"{w.private(4)}:8787"]))
        if w.azure_dns:
            specs.append(servers.unbound("azure-dns", "vnet", [world.AZURE_DNS, w.private(53)],
                                         private=zones.private_zones(w), lines=w.azure_lines, modules=w.azure_modules))
        if w.place != "vnet" or w.isp_needed:
            specs.append(servers.unbound("isp-dns", "inet", w.isp_listen, lines=w.isp_lines))
        if w.place == "corp" and "corp-dns" not in w.dns:
            specs.append(servers.bind("corp-dns", "corp", world.CORP_DNS, servers.bind_forwards(
                world.PARENTS, w.private(53)), f"forwarders {{ {world.INTERNET_DNS}; }}; forward only;"))
        specs += [make(w) for make in w.dns.values() if make]
        if w.proxy is not None:
            specs.append(servers.tinyproxy("corp", world.PROXY, w.proxy_dns or world.CORP_DNS, w.proxy))
        if w.inspect:
            text = web.head(RUN, "inspect") + web.inspector(self.certs, w.private(53))
            specs.append(servers.nginx("inspect", "corp", text, ["127.0.0.1:8443"]))
        return specs + self._misbehaving()

    def _private_text(self):
        w = self.w
        text = web.head(RUN, "vnet")
        for last, e in w.endpoints.items():
            text += web.endpoint(self.certs, w.private(last), e)
        if w.role != "compute":
            text += web.plain_ports(w.private(20), w.node_ports)
        return text

    def _front_text(self):
        w = self.w
        text = web.head(RUN, "inet") + web.public_host(self.certs)
        for last, e in w.fronts.items():
            text += web.endpoint(self.certs, w.front(last), e)
        return text

    def _misbehaving(self):
        w, specs = self.w, {}
        for ns, table, address in (("vnet", w.endpoints, w.private), ("inet", w.fronts, w.front)):
            for last, e in table.items():
                for port, kind in e.misbehave.items():
                    if kind == "closed":
                        continue
                    name, _, argument = kind.partition("=")
                    specs.setdefault(ns, []).append(f"{name}@{address(last)}:{port}" + (f"={argument}" if argument else ""))
        for ns, spec in w.helpers:
            specs.setdefault(ns, []).append(spec)
        return [servers.misbehave(ns, some, self.certs) for ns, some in specs.items()]

    # --- servers --------------------------------------------------------------
    def start(self, specs):
        begun = [(s, self._spawn(s)) for s in specs]
        self.running += begun
        for spec, process in begun:
            for kind, where in spec.ready:
                _wait_ready(spec, process, kind, where)

    def _spawn(self, spec):
        log = open(f"{RUN}/{spec.key}.out", "wb")  # pylint: disable=consider-using-with
        return subprocess.Popen([_unconfined(spec.argv[0]), *spec.argv[1:]], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                preexec_fn=lambda: _enter(spec.ns, spec.binds))

    def stop(self, key):
        for spec, process in self.running:
            if spec.key == key:
                process.kill()
                process.wait()

    def restart(self, key):
        specs = [spec for spec, _ in self.running if spec.key == key]
        self.stop(key)
        self.running = [(spec, process) for spec, process in self.running if spec.key != key]
        self.start(specs)

    # --- a command as the role --------------------------------------------------
    def role_binds(self):
        w = self.w
        files = {"/etc/hosts": w.hosts, "/etc/resolv.conf": w.resolv_text(), "/etc/nsswitch.conf": w.nsswitch,
                 **w.files}
        binds = {}
        for number, (path, text) in enumerate(files.items()):
            source = f"{RUN}/role-{number}"
            _write(source, text)
            binds[path] = source
        if w.trusts_corp:
            binds["/etc/ssl/certs"] = f"{self.certs}/store"
            binds["/usr/local/share/ca-certificates"] = f"{self.certs}/local"
        return binds

    def environment(self):
        env = {"PATH": sandbox.SEARCH_PATH, "LANG": "C.UTF-8", "HOME": RUN, "LAB_CA": f"{self.certs}/root.pem",
               "LAB_ROLE": self.w.role, **self.w.env}
        for name in ("TERM", "COLUMNS", "LINES"):
            if name in os.environ:
                env[name] = os.environ[name]
        return env

    def run_as_role(self, argv, **options):
        """^C is the command's own business."""
        return self.run_in("client", self.role_binds(), argv, env=self.environment(), **options)

    def start_as_role(self, argv, log):
        """A program of the role that goes on beside the others; whoever starts it ends it."""
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment(),
                                preexec_fn=lambda: _enter("client", self.role_binds()))

    @staticmethod
    def start_in(ns, binds, argv, **options):
        """A command that goes on; the sandbox's end is its end."""
        def enter():
            _enter(ns, binds)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        return subprocess.Popen(argv, preexec_fn=enter, **options)

    @staticmethod
    def run_in(ns, binds, argv, **options):
        """The same in any network namespace, with these files laid over the machine's."""
        def enter():
            _enter(ns, binds)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return subprocess.run(argv, check=False, preexec_fn=enter, **options)
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _unconfined(program):
    """Distributions confine some of these servers, by path, to their own directories (AppArmor): run a copy."""
    if program not in ("unbound", "named", "nsd", "dnsmasq", "tinyproxy"):
        return program
    copy = f"{RUN}/bin/{program}"
    if not os.path.exists(copy):
        os.makedirs(f"{RUN}/bin", exist_ok=True)
        shutil.copy(shutil.which(program, path=sandbox.SEARCH_PATH), copy)
    return copy


def _write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)


def _enter(ns, binds):
    kernel.setns(kernel.netns_path(ns), kernel.CLONE_NEWNET)
    if binds:
        kernel.unshare(kernel.CLONE_NEWNS)
        for path, source in binds.items():
            target = os.path.realpath(path)
            if not os.path.exists(target):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                _write(target, "")
            kernel.bind(source, target)


# --- readiness: ask until it answers ---------------------------------------------
def _wait_ready(spec, process, kind, where):
    check = {"tcp": _tcp_answers, "dns": _dns_answers, "line": _said_line}[kind]
    limit = time.monotonic() + START_LIMIT_S
    with kernel.inside(spec.ns):
        while not check(spec, where):
            if process.poll() is not None or time.monotonic() > limit:
                with open(f"{RUN}/{spec.key}.out", encoding="utf-8", errors="replace") as f:
                    raise RuntimeError(f"{spec.key} did not start ({kind} {where}):\n{f.read()[-2000:]}")
            time.sleep(0.002)


def _said_line(spec, line):
    with open(f"{RUN}/{spec.key}.out", encoding="utf-8", errors="replace") as f:
        return line in f.read()


def _tcp_answers(_spec, where):
    address, port = where.rsplit(":", 1)
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as s:
        return s.connect_ex((address, int(port))) == 0


def _dns_answers(_spec, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_DGRAM)) as s:
        s.settimeout(0.05)
        try:
            s.connect((address, 53))
            s.send(_SOA_ROOT)
            return len(s.recv(512)) >= 12
        except OSError:
            return False

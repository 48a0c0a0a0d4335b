# SPDX-License-Identifier: MIT
"""Faults of what stands at an address: ports, certificates, HTTP."""
from .. import world
from ..world import SERVICES
from . import fault


def _endpoint(w, service):
    return w.endpoints[SERVICES[service][1]]


@fault("port", "SERVICE:PORT=KIND")
def port(w, argument):
    """a port of the private endpoint behaves as misbehave.py's KIND, or is closed (nobody listens)"""
    service, rest = argument.split(":", 1)
    number, kind = rest.split("=", 1)
    _endpoint(w, service).misbehave[int(number)] = kind


@fault("answer", "SERVICE=MODE")
def answer(w, argument):
    """the private endpoint's HTTP answers: ok, denied, other (another service's), plain (no TLS)"""
    service, mode = argument.split("=")
    _endpoint(w, service).mode = mode


@fault("certificate", "SERVICE=NAME")
def certificate(w, argument):
    """the private endpoint shows this certificate (see certs.py)"""
    service, name = argument.split("=")
    _endpoint(w, service).cert = name


@fault("public-access-open")
def public_access_open(w):
    """the public front ends serve everybody"""
    for front in w.fronts.values():
        front.mode = "ok"


@fault("second-endpoint", "SERVICE")
def second_endpoint(w, service):
    """the resource has another private endpoint, PREFIX.40, and the record points there"""
    w.endpoints[40] = world.Endpoint(_endpoint(w, service).personality)
    zone, record = world.RECORDS[service]
    w.private_zones[zone][record] = [40]


# --- between: inspection and proxies (corporate network) -------------------------
@fault("inspection", "trusted|untrusted")
def inspection(w, how):
    """the corporation opens TLS; its CA is, or is not, in the machine's store"""
    w.inspect = True
    w.trusts_corp = how == "trusted"
    w.nft.append(("corp", "table ip inspect { chain pre { type nat hook prerouting priority -100; "
                  "iifname \"lan0\" tcp dport 443 redirect to :8443; }; }"))


DIRECT = ".workspace.eastus.api.azureml.ms,.workspace.eastus.cert.api.azureml.ms,.notebooks.azure.net,.instances.azureml.ms," \
    ".instances.ml.azure.ms,.core.windows.net,.vault.azure.net,.azurecr.io"


@fault("proxy", "KIND")
def proxy(w, kind):
    """the machine is told to use a proxy, which: working, wants-password, forbids, bad-gateway, dead"""
    url = f"http://{world.PROXY}:3128"
    w.env.update({"https_proxy": url, "HTTPS_PROXY": url, "http_proxy": url})
    if kind == "bad-gateway":
        w.helpers.append(("corp", f"proxy-502@{world.PROXY}:3128"))
    elif kind != "dead":
        w.proxy = dict(_PROXIES[kind])
    if kind == "forbids":
        w.texts["proxy.filter"] = "^nothing$\n"


_PROXIES = {
    "working": {},
    "wants-password": {"BasicAuth": "someone secret"},
    "forbids": {"FilterDefaultDeny": "Yes", "Filter": "\"/run/pllab/proxy.filter\""},
}


@fault("proxy-not-for-private")
def proxy_not_for_private(w):
    """NO_PROXY names the private names"""
    w.env.update({"no_proxy": DIRECT, "NO_PROXY": DIRECT})


@fault("proxy-resolver", "ADDRESS")
def proxy_resolver(w, address):
    """the proxy asks this name server"""
    w.proxy_dns = address

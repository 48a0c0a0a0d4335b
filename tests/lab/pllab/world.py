# SPDX-License-Identifier: MIT
"""What there is: names, addresses, endpoints, machines.  Faults change a World
before it is built; nothing here starts anything.

The example workspace is ws1103 in eastus.  Private addresses are PREFIX.4 to PREFIX.11
(PREFIX is 10.150.0), its public front ends 20.62.10.4 to 20.62.10.12.
"""
import os

GUID = "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"
REGION = "eastus"
STEM = f"{GUID}.workspace.{REGION}"
API = f"{STEM}.api.azureml.ms"
CERT = f"{STEM}.cert.api.azureml.ms"
NOTEBOOK = f"ml-ws1103-{REGION}-{GUID}.{REGION}.notebooks.azure.net"
INSTANCE = f"ws1103ci1.{REGION}.instances.azureml.ms"
INSTANCE_SSH = f"ws1103ci1-22.{REGION}.instances.azureml.ms"
ONLINE = f"ws1103ep.{REGION}.inference.ml.azure.com"
BLOB = "ws1103sa.blob.core.windows.net"
FILE = "ws1103sa.file.core.windows.net"
VAULT = "ws1103kv.vault.azure.net"
REGISTRY = "ws1103acr.azurecr.io"
REGISTRY_DATA = f"ws1103acr.{REGION}.data.azurecr.io"

# service key -> (name asked for, last label of its private address)
SERVICES = {
    "workspace-api": (API, 4), "workspace-cert": (CERT, 4), "notebook": (NOTEBOOK, 5),
    "compute-instance": (INSTANCE, 4), "compute-instance-ssh": (INSTANCE_SSH, 4),
    "online-endpoint": (ONLINE, 6), "storage-file": (FILE, 7), "storage-blob": (BLOB, 8),
    "key-vault": (VAULT, 9), "registry": (REGISTRY, 10), "registry-data": (REGISTRY_DATA, 11),
}

# The private zones a correct VNet is linked to: zone -> {record: last label}.
PRIVATE_ZONES = {
    "privatelink.api.azureml.ms": {STEM: 4, f"{STEM}.cert": 4, f"*.{GUID}.inference.{REGION}": 6},
    "privatelink.notebooks.azure.net": {f"ml-ws1103-{REGION}-{GUID}.{REGION}": 5},
    "privatelink.file.core.windows.net": {"ws1103sa": 7},
    "privatelink.blob.core.windows.net": {"ws1103sa": 8},
    "privatelink.vaultcore.azure.net": {"ws1103kv": 9},
    "privatelink.azurecr.io": {"ws1103acr": 10, f"ws1103acr.{REGION}.data": 11},
}

# service key -> (zone, record) in the above
RECORDS = {
    "workspace-api": ("privatelink.api.azureml.ms", STEM),
    "workspace-cert": ("privatelink.api.azureml.ms", f"{STEM}.cert"),
    "online-endpoint": ("privatelink.api.azureml.ms", f"*.{GUID}.inference.{REGION}"),
    "notebook": ("privatelink.notebooks.azure.net", f"ml-ws1103-{REGION}-{GUID}.{REGION}"),
    "storage-file": ("privatelink.file.core.windows.net", "ws1103sa"),
    "storage-blob": ("privatelink.blob.core.windows.net", "ws1103sa"),
    "key-vault": ("privatelink.vaultcore.azure.net", "ws1103kv"),
    "registry": ("privatelink.azurecr.io", "ws1103acr"),
    "registry-data": ("privatelink.azurecr.io", f"ws1103acr.{REGION}.data"),
}

# What stands behind each private address (by last label) and each front end.
PERSONALITIES = {4: "workspace", 5: "notebook", 6: "online", 7: "file", 8: "blob", 9: "vault",
                 10: "registry", 11: "registry-data"}

# Public names that every role needs; all on one host.
PUBLIC_HOST = "20.62.20.1"
PUBLIC_NAMES = [
    "ml.azure.com", "studio.ml.azure.com", "login.microsoftonline.com", "login.windows.net", "management.azure.com",
    "graph.microsoft.com", "graph.windows.net", f"{REGION}.api.azureml.ms",
    "*.modelmanagement.azureml.net", f"{REGION}.experiments.azureml.net", "*.aznbcontent.net",
    f"{REGION}.tundra.azureml.ms", f"*.tundra.{REGION}.api.azureml.ms", "mcr.microsoft.com",
    "*.data.mcr.microsoft.com", f"{REGION}.batch.azure.com", f"*.{REGION}.batch.azure.com",
    f"{REGION}.service.batch.azure.com", f"*.{REGION}.service.batch.azure.com", "aka.ms",
    "automlresources-prod.azureedge.net", "dc.applicationinsights.azure.com", "dc.applicationinsights.microsoft.com",
    "dc.services.visualstudio.com", "*.in.applicationinsights.azure.com", "ipv4only.arpa",
]

# What a name server outside has to forward to the VNet (azure.md 7.1).
PARENTS = ["api.azureml.ms", "notebooks.azure.net", "instances.azureml.ms", "instances.ml.azure.ms", "aznbcontent.net",
           "inference.ml.azure.com", "blob.core.windows.net", "file.core.windows.net", "vault.azure.net",
           "vaultcore.azure.net", "azurecr.io"]

AZURE_DNS = "168.63.129.16"
INTERNET_DNS = "198.51.100.53"
ROOT_DNS = "198.51.100.2"
HOME_DNS = "192.168.1.1"
CORP_DNS = "10.20.0.53"
PROXY = "10.20.0.8"

# Each role: network namespace, and what its machine says by itself.
ROLES = {"client": "home", "corp-client": "corp", "jumpbox": "vnet", "compute": "vnet"}
NSSWITCH = "passwd: files\ngroup: files\nhosts: files dns\nnetworks: files\n"
HOSTS = "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"


class Endpoint:
    """One address that serves one personality, honestly or not."""

    def __init__(self, personality, cert=None):
        self.personality = personality
        self.cert = cert or personality
        self.mode = "ok"       # ok | denied | other | plain | no-cors
        self.misbehave = {}    # port -> kind, see misbehave.py


class World:
    def __init__(self, role, kit):
        self.role = role
        self.place = ROLES[role]
        self.kit = kit                   # directory of kit.py
        self.prefix = "10.150.0"
        self.vnet_len = 16
        self.tunnel = role == "client"   # a VPN that is up
        self.tunnel_routes = None        # None: the VNet's range
        self.site_to_site = False
        self.delay_ms = 0                # one way, on the tunnel
        self.loss = 0.0
        self.largest = 0                 # bytes of a packet that the tunnel carries, 0: any
        self.lan = "192.168.1"           # the home network
        self.private_zones = {z: {r: [n] for r, n in rs.items()} for z, rs in PRIVATE_ZONES.items()}
        self.private_aaaa = {}           # (zone, record) -> address
        self.instances = {INSTANCE: 4, INSTANCE_SSH: 4}
        self.no_alias = set()            # services without a private endpoint
        self.gone = set()                # names missing in the public DNS
        self.endpoints = {n: Endpoint(p) for n, p in PERSONALITIES.items()}
        self.fronts = {n: Endpoint(p) for n, p in PERSONALITIES.items()}
        for front in self.fronts.values():
            front.mode = "denied"
        self.hosts = HOSTS
        self.resolv = None               # None: what the place gives
        self.nsswitch = NSSWITCH
        self.files = {}                  # further files of the role's machine: path -> text
        self.link_files = {}             # interface -> what systemd-resolved keeps of it
        self.marks = []                  # empty files the machine has
        self.env = {}
        self.texts = {}                  # files for servers, in the run directory
        self.ipv6_only = False
        self.trusts_corp = False         # the inspecting proxy's CA is in the machine's store
        self.fabric = False              # a machine inside is joined by a bridge of its own
        self.settings = []               # (namespace, file below /proc/sys/net, value)
        self.ip = []                     # (namespace, `ip` batch line) after everything else
        self.nft = []                    # (namespace, ruleset text)
        self.hooks = []                  # called with the Lab just before the roles' commands run
        self.dns = {}                    # extra name servers: key -> servers.py spec
        self.azure_dns = True
        self.azure_lines = []            # further lines of its `server:` clause
        self.azure_modules = "iterator"
        self.isp_lines = []
        self.isp_listen = [INTERNET_DNS]
        self.isp_needed = False          # the internet's resolver, also in the VNet
        self.helpers = []                # (namespace, misbehave.py arguments)
        self.proxy = None                # tinyproxy: None | dict of settings
        self.proxy_dns = None
        self.inspect = False             # TLS is opened on the way (corp)
        self.inventory_edits = []        # (old, new) on the inventory's text
        self.node_ports = [22, 44224, 29876, 29877]  # that the compute node serves
        self.accounts = []               # further storage accounts, all behind the blob endpoint

    def private(self, last):
        """The private address with this last label; text is passed through."""
        return last if isinstance(last, str) else f"{self.prefix}.{last}"

    @staticmethod
    def front(last):
        return f"20.62.10.{last}"

    def name_servers(self):
        return {"vnet": AZURE_DNS, "corp": CORP_DNS, "home": self.private(53) if self.tunnel else INTERNET_DNS}[
            self.place]

    def resolv_text(self):
        return self.resolv if self.resolv is not None else f"nameserver {self.name_servers()}\n"


def root_of_project():
    here = os.path.dirname(os.path.abspath(__file__))
    return os.path.dirname(os.path.dirname(os.path.dirname(here)))

# SPDX-License-Identifier: MIT
"""Zone files: what the public DNS says, and what the private zones say.

Public chains are those that Azure documents: the name, its `privatelink` alias
(only when the resource has a private endpoint), hops of the service's own, and
the public front end.
"""
from . import world

PRIVATE_SOA = ("@ 3600 IN SOA azureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10\n"
               "@ 172800 IN NS azureprivatedns.net.\n")
PUBLIC_SOA = ("@ 3600 IN SOA ns1-01.azure-dns.com. azuredns-hostmaster.microsoft.com. 1 3600 300 2419200 300\n"
              "@ 172800 IN NS ns1-01.azure-dns.com.\n")

# Zones that stand in the public DNS by themselves; a name lives in the longest that fits.
PUBLIC_ZONES = list(world.PRIVATE_ZONES) + [
    ".", "azureml.ms", "api.azureml.ms", "instances.azureml.ms", "ml.azure.ms", "instances.ml.azure.ms", "notebooks.azure.net",
    "inference.ml.azure.com", "core.windows.net", "blob.core.windows.net", "file.core.windows.net", "windows.net",
    "vault.azure.net", "vaultcore.azure.net", "azure.net", "azurecr.io", "azure.com", "ml.azure.com", "azureml.net",
    "microsoftonline.com", "microsoft.com", "aznbcontent.net", "aka.ms", "azureedge.net", "visualstudio.com",
    "trafficmanager.net", "cloudapp.azure.com", "store.core.windows.net", "arpa", "example",
]

_BLOB = "privatelink.blob.core.windows.net"

# service key -> hops after the `privatelink` name, then the front end's last label
_HOPS = {
    "workspace-api": (["vienna-eastus.trafficmanager.net", "eastus-frontend.eastus.cloudapp.azure.com"], 4),
    "workspace-cert": (["vienna-eastus.trafficmanager.net", "eastus-frontend.eastus.cloudapp.azure.com"], 4),
    "notebook": (["notebooks-eastus.trafficmanager.net"], 5),
    "online-endpoint": (["inference-eastus.trafficmanager.net"], 6),
    "storage-file": (["file.bl6prdstr05a.store.core.windows.net"], 7),
    "storage-blob": (["blob.bl6prdstr05a.store.core.windows.net"], 8),
    "key-vault": (["data-prod-eus.vaultcore.azure.net", "data-prod-eus-region.vaultcore.azure.net"], 9),
    "registry": (["eus.fe.azcr.trafficmanager.net"], 10),
    "registry-data": (["eusdata.fe.azcr.trafficmanager.net"], 11),
}


def alias_of(service):
    zone, record = world.RECORDS[service]
    return f"{record.replace('*', 'ws1103ep')}.{zone}"


def first_public_hop(service):
    return _HOPS[service][0][0]


def public_zones(w):
    """zone -> text of its file."""
    rows = []
    for service, (hops, last) in _HOPS.items():
        name = world.SERVICES[service][0]
        if name not in w.gone:
            chain = [name] + ([] if service in w.no_alias else [alias_of(service)]) + hops
            rows += [(a, f"300 IN CNAME {b}.") for a, b in zip(chain, chain[1:])]
            rows.append((chain[-1], f"300 IN A {w.front(last)}"))
    for name in (world.INSTANCE, world.INSTANCE_SSH):
        if name not in w.gone:
            rows.append((name, f"300 IN A {w.front(4)}"))
    for account in w.accounts:
        rows.append((f"{account}.blob.core.windows.net", f"300 IN CNAME {account}.{_BLOB}."))
        rows.append((f"{account}.{_BLOB}", f"300 IN CNAME {first_public_hop('storage-blob')}."))
    rows += [(name, f"300 IN A {world.PUBLIC_HOST}") for name in world.PUBLIC_NAMES if name not in w.gone]
    texts = {zone: PUBLIC_SOA for zone in PUBLIC_ZONES}
    for name, rest in dict.fromkeys(rows):
        texts[zone_for(name)] += f"{name}. {rest}\n"
    return texts


def zone_for(name):
    fits = [z for z in PUBLIC_ZONES if z == "." or name == z or name.endswith("." + z)]
    return max(fits, key=len)


def private_zones(w):
    """zone -> text, for the zones the VNet is linked to.  A record's values are last labels, whole addresses,
    or `cname NAME` (what NxDomainRedirect gives: the public answer)."""
    texts = {}
    for zone, records in w.private_zones.items():
        text = PRIVATE_SOA
        for record, values in records.items():
            text += "".join(f"{record} 10 IN {_value(w, v)}\n" for v in values)
            if (zone, record) in w.private_aaaa:
                text += f"{record} 10 IN AAAA {w.private_aaaa[zone, record]}\n"
        texts[zone] = text
    for name, last in w.instances.items():
        texts[name] = PRIVATE_SOA + f"@ 10 IN A {w.private(last)}\n"
    return texts


def _value(w, value):
    if isinstance(value, str) and value.startswith("cname "):
        return f"CNAME {value[6:]}."
    return f"A {w.private(value)}"

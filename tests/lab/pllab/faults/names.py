# SPDX-License-Identifier: MIT
"""Faults of the zones: records, links, aliases."""
from .. import zones
from ..world import RECORDS
from . import fault


def _set(w, service, values):
    zone, record = RECORDS[service]
    w.private_zones[zone][record] = values


@fault("record", "SERVICE=VALUE[,VALUE]")
def record(w, argument):
    """the private record holds these addresses (or last labels)"""
    service, values = argument.split("=", 1)
    _set(w, service, [int(v) if v.isdigit() else v for v in values.split(",")])


@fault("record-missing", "SERVICE")
def record_missing(w, service):
    """the private zone is linked, the record is not in it"""
    zone, name = RECORDS[service]
    del w.private_zones[zone][name]


@fault("nxdomain-redirect", "SERVICE")
def nxdomain_redirect(w, service):
    """the record is missing, and the link's NxDomainRedirect gives the public answer instead"""
    _set(w, service, ["cname " + zones.first_public_hop(service)])


@fault("empty-zone", "SERVICE")
def empty_zone(w, service):
    """a duplicate of the service's zone is linked, and it is empty"""
    w.private_zones[RECORDS[service][0]] = {}


@fault("zone-not-linked", "SERVICE")
def zone_not_linked(w, service):
    """the service's zone is not linked to the VNet"""
    w.private_zones.pop(RECORDS[service][0], None)


@fault("no-zones")
def no_zones(w):
    """no private zone is linked, and instances have no record"""
    w.private_zones, w.instances = {}, {}


@fault("no-private-endpoint", "SERVICE")
def no_private_endpoint(w, service):
    """the resource has no private endpoint: no alias in public, no record in private"""
    w.no_alias.add(service)
    record_missing(w, service)


@fault("instance-public")
def instance_public(w):
    """nobody made a record for the compute instance"""
    w.instances = {}


@fault("aaaa", "SERVICE=ADDRESS")
def aaaa(w, argument):
    """the private record has an AAAA beside its A"""
    service, address = argument.split("=", 1)
    w.private_aaaa[RECORDS[service]] = address


@fault("accounts", "N")
def accounts(w, number):
    """no fault: N more storage accounts behind the blob endpoint, also in the inventory"""
    w.accounts = [f"ws1103sa{n:05d}" for n in range(int(number))]
    zone, _ = RECORDS["storage-blob"]
    w.private_zones[zone].update({account: [8] for account in w.accounts})
    one = ('{{ "fqdn": "{}.blob.core.windows.net", "service": "storage-blob", "addresses": ["10.150.0.8"], '
           '"expect": "private", "ports": [443], "source": "read" }},')
    w.inventory_edits.append(('"targets": [', '"targets": [' + "".join(one.format(a) for a in w.accounts)))


@fault("public-name-gone", "NAME")
def public_name_gone(w, name):
    """the public DNS does not have this name"""
    w.gone.add(name)

/* SPDX-License-Identifier: MIT */
/* dialects.h - one row per dialect, each in a file of its own.  Private to
 * this room. */
#ifndef DIAG_FIX_ZONE_DIALECTS_H
#define DIAG_FIX_ZONE_DIALECTS_H

#include "fix/zone/dialect.h"

extern const struct diag_dialect zone_azure_cli, zone_bind, zone_coredns,
    zone_dnsmasq, zone_hosts, zone_knot, zone_nsd, zone_unbound, zone_windows;

#endif

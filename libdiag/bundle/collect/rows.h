/* SPDX-License-Identifier: MIT */
/* rows.h - one collector, one file; private to this room. */
#ifndef DIAG_BUNDLE_COLLECT_ROWS_H
#define DIAG_BUNDLE_COLLECT_ROWS_H

#include "bundle/collect.h"

extern const struct diag_collector collect_resolver;
extern const struct diag_collector collect_resolved;
extern const struct diag_collector collect_network;
extern const struct diag_collector collect_hosts;
extern const struct diag_collector collect_routes;
extern const struct diag_collector collect_interfaces;
extern const struct diag_collector collect_vpn;
extern const struct diag_collector collect_proxies;
extern const struct diag_collector collect_browsers;
extern const struct diag_collector collect_clock;
extern const struct diag_collector collect_roots;
extern const struct diag_collector collect_system;
extern const struct diag_collector collect_firewall;
extern const struct diag_collector collect_ports;

#endif

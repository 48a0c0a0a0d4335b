/* SPDX-License-Identifier: MIT */
/* probes.h - every probe's one symbol, a row each. */
#ifndef PROBES_PROBES_H
#define PROBES_PROBES_H

#include "run/probe.h"

extern const struct diag_probe_ops probe_dns;	      /* dns.c */
extern const struct diag_probe_ops probe_system_dns;  /* system_dns.c */
extern const struct diag_probe_ops probe_route;	      /* route.c */
extern const struct diag_probe_ops probe_connect;     /* connect.c */
extern const struct diag_probe_ops probe_http_proxy;  /* http_proxy.c */
extern const struct diag_probe_ops probe_arrival;     /* arrival.c */
extern const struct diag_probe_ops probe_arrival_udp; /* arrival_udp.c */
extern const struct diag_probe_ops probe_sniff;	      /* sniff_linux.c */
extern const struct diag_probe_ops probe_udp;	      /* udp.c */
extern const struct diag_probe_ops probe_mtu;	      /* mtu.c */

#endif

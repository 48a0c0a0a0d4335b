/* SPDX-License-Identifier: MIT */
/* where.h - does this machine stand inside the virtual network?  Private. */
#ifndef DIAG_VERDICT_WHERE_H
#define DIAG_VERDICT_WHERE_H

#include "verdict/rule.h"

/* The service was met at this address: a whole handshake with a certificate
 * for the name, or an open port where the service speaks no TLS. */
bool where_met(const struct ev_target *t, const struct ev_addr *a);

/* Something of the virtual network was met through this interface. */
bool where_is_inside(const struct judge *j, const struct ev_origin *o,
		     const char *interface);

/* Some name server of the virtual network answers this machine, or one that
 * sees the private zones. */
bool where_has_vnet_dns(const struct judge *j, const struct ev_origin *o);

/* The server shows the SOA of one of Azure's private zones. */
bool where_sees_zone(const struct ev_origin *o, const struct ev_view *v);

/* A filter says that it prohibits the connection, and it is not one of the
 * internet's routers: there is a path, and somebody closed it. */
bool where_is_closed(const struct diag_fact *tcp);
/* Silence, or an error that says that nobody knows the way. */
bool where_is_lost(const struct diag_fact *tcp);

/* All connections of a capture to private endpoints were lost, and nothing else
 * shows the virtual network.  Packets do not tell whether a tunnel is up. */
bool where_vpn_is_unknown(const struct judge *j, const struct ev_origin *o);

/* The interface an address is reached through, "?" if unknown. */
const char *where_interface(struct judge *j, const struct ev_origin *o,
			    const struct ev_addr *a);

#endif

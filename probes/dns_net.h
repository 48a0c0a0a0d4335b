/* SPDX-License-Identifier: MIT */
/* dns_net.h - sockets to name servers, and what their errors mean.
 *
 * What c-ares' sockets (dns_sock.c) and one message of our own (exchange.c)
 * have in common.  The sockets are connected, so that the kernel lets only the
 * server's own datagrams in and tells ICMP errors.
 */
#ifndef PROBES_DNS_NET_H
#define PROBES_DNS_NET_H

#include "fact/fact.h"
#include "net/sock.h"

/* Nothing is wrong, only not yet. */
bool dns_net_is_wait(int error);
/* type is SOCK_DGRAM or SOCK_STREAM; never blocks; -1 with errno. */
int dns_net_socket(enum diag_family family, int type);
/* As connect(2), with the zone of a link-local address. */
int dns_net_connect(int fd, const struct diag_endpoint *server);
/* The last ICMP error that was seen, if any. */
void dns_net_take_icmp(int fd, struct diag_icmp *icmp);
enum diag_status dns_net_status(int error, const struct diag_icmp *icmp,
				const struct diag_addr *server);

#endif

/* SPDX-License-Identifier: MIT */
/* dns_net.c - see dns_net.h. */
#include "probes/dns_net.h"

#include <errno.h>
#include <sys/socket.h>

bool dns_net_is_wait(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK ||
	       error == EINPROGRESS || error == EINTR;
}

int dns_net_socket(enum diag_family family, int type)
{
	int fd = socket(family == DIAG_IPV6 ? AF_INET6 : AF_INET,
			type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0)
		diag_sock_want_icmp(fd, family);
	return fd;
}

int dns_net_connect(int fd, const struct diag_endpoint *server)
{
	struct sockaddr_storage to;
	socklen_t len = diag_sock_of(&server->addr, server->port, &to);

	return connect(fd, (const struct sockaddr *)&to, len);
}

void dns_net_take_icmp(int fd, struct diag_icmp *icmp)
{
	struct diag_icmp one;

	while (diag_sock_take_icmp(fd, &one))
		if (one.seen)
			*icmp = one;
}

enum diag_status dns_net_status(int error, const struct diag_icmp *icmp,
				const struct diag_addr *server)
{
	bool by_other = icmp->seen && icmp->from.family != DIAG_NOFAM &&
			!diag_addr_eq(&icmp->from, server);

	switch (error) {
	case ECONNREFUSED:
		/* A firewall that says "port unreachable" for somebody else
		 * signs with its own address. */
		return by_other ? DIAG_ST_UNREACHABLE : DIAG_ST_PORT_CLOSED;
	case ECONNRESET:
	case EPIPE:
		return DIAG_ST_PORT_CLOSED;
	case ETIMEDOUT:
		return DIAG_ST_TIMEOUT;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case ENOBUFS:
		return DIAG_ST_NOT_RUN; /* our own trouble */
	default:
		return DIAG_ST_UNREACHABLE;
	}
}

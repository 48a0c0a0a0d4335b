/* SPDX-License-Identifier: MIT */
/* sock_linux.c - the socket layer of Linux.
 *
 * Linux keeps ICMP errors for a socket in a queue of its own, when asked
 * (ip(7), IP_RECVERR): type, code and who sent the message.  That tells
 * "administratively prohibited by 10.0.0.1" from "no route here", where
 * connect(2) has only one errno for both.
 */
#include "net/sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <linux/errqueue.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "base/cursor.h"

/* An interface name, or its number as getaddrinfo(3) takes it. */
static uint32_t scope_id_of(const char *zone)
{
	uint64_t number;

	if (zone[0] == '\0')
		return 0;
	if (diag_slice_number(diag_slice_of(zone), 1, UINT32_MAX, &number))
		return (uint32_t)number;
	return if_nametoindex(zone);
}

unsigned diag_sock_of(const struct diag_addr *a, uint16_t port,
		      struct sockaddr_storage *out)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(port) };

	memset(out, 0, sizeof(*out));
	if (a->family == DIAG_IPV4) {
		memcpy(&in.sin_addr, a->bytes, 4);
		memcpy(out, &in, sizeof(in));
		return sizeof(in);
	}
	if (a->family != DIAG_IPV6)
		return 0;
	memcpy(&in6.sin6_addr, a->bytes, 16);
	in6.sin6_scope_id = scope_id_of(a->zone);
	memcpy(out, &in6, sizeof(in6));
	return sizeof(in6);
}

static void zone_of(uint32_t scope_id, char *out, size_t size)
{
	char name[IF_NAMESIZE];

	if (scope_id == 0)
		return;
	if (if_indextoname(scope_id, name) != NULL)
		(void)snprintf(out, size, "%s", name);
	else
		(void)snprintf(out, size, "%u", (unsigned)scope_id);
}

bool diag_sock_to(const struct sockaddr *sa, struct diag_addr *a,
		  uint16_t *port)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (sa->sa_family == AF_INET) {
		memcpy(&in, sa, sizeof(in));
		*a = (struct diag_addr){ .family = DIAG_IPV4 };
		memcpy(a->bytes, &in.sin_addr, 4);
		*port = ntohs(in.sin_port);
		return true;
	}
	if (sa->sa_family != AF_INET6)
		return false;
	memcpy(&in6, sa, sizeof(in6));
	*a = (struct diag_addr){ .family = DIAG_IPV6 };
	memcpy(a->bytes, &in6.sin6_addr, 16);
	if (IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr))
		zone_of(in6.sin6_scope_id, a->zone, sizeof(a->zone));
	*port = ntohs(in6.sin6_port);
	return true;
}

void diag_sock_want_icmp(int fd, enum diag_family family)
{
	int on = 1;

	/* A socket that cannot do it has no queue: then nothing is told. */
	if (family == DIAG_IPV6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on,
				 sizeof(on));
	else
		(void)setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
}

/* The sender's address lies behind the record (SO_EE_OFFENDER); its family is
 * AF_UNSPEC when it is not known. */
static void note(const unsigned char *data, size_t len, struct diag_icmp *out)
{
	struct sock_extended_err ee;
	struct sockaddr_storage from;
	size_t rest;
	uint16_t port;

	if (len < sizeof(ee))
		return;
	memcpy(&ee, data, sizeof(ee));
	if (ee.ee_origin != SO_EE_ORIGIN_ICMP &&
	    ee.ee_origin != SO_EE_ORIGIN_ICMP6)
		return;
	out->seen = true;
	out->type = ee.ee_type;
	out->code = ee.ee_code;
	/* ip(7), ee_info: the discovered MTU, with EMSGSIZE */
	out->mtu = ee.ee_errno == EMSGSIZE ? ee.ee_info : 0;
	rest = len - sizeof(ee);
	memset(&from, 0, sizeof(from));
	memcpy(&from, data + sizeof(ee),
	       rest < sizeof(from) ? rest : sizeof(from));
	(void)diag_sock_to((const struct sockaddr *)&from, &out->from, &port);
}

static bool is_error(const struct cmsghdr *c)
{
	return (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
	       (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
}

bool diag_sock_take_icmp(int fd, struct diag_icmp *out)
{
	_Alignas(struct cmsghdr) unsigned char control[512];
	unsigned char payload[1]; /* our own datagram comes back; cut it */
	struct iovec iov = { payload, sizeof(payload) };
	struct sockaddr_storage to = { .ss_family = AF_UNSPEC };
	struct diag_addr addr;
	struct msghdr msg = { .msg_name = &to,
			      .msg_namelen = sizeof(to),
			      .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };

	if (recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	*out = (struct diag_icmp){ .seen = false };
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c != NULL;
	     c = CMSG_NXTHDR(&msg, c))
		if (is_error(c) && c->cmsg_len >= CMSG_LEN(0))
			note(CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0), out);
	(void)diag_sock_to((const struct sockaddr *)&to, &addr, &out->to_port);
	return true;
}

/* --- datagrams with both ends ---------------------------------------------
 */

bool diag_sock_want_to(int fd, enum diag_family family)
{
	int on = 1;

	if (family == DIAG_IPV6)
		return setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on,
				  sizeof(on)) == 0;
	return setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) == 0;
}

static void learn_to(const struct cmsghdr *c, struct diag_datagram *out)
{
	struct in_pktinfo in;
	struct in6_pktinfo in6;

	if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
		memcpy(&in, CMSG_DATA(c), sizeof(in));
		out->to = (struct diag_addr){ .family = DIAG_IPV4 };
		memcpy(out->to.bytes, &in.ipi_spec_dst, 4);
		out->direct = in.ipi_addr.s_addr == in.ipi_spec_dst.s_addr;
	} else if (c->cmsg_level == IPPROTO_IPV6 &&
		   c->cmsg_type == IPV6_PKTINFO) {
		memcpy(&in6, CMSG_DATA(c), sizeof(in6));
		out->to = (struct diag_addr){ .family = DIAG_IPV6 };
		memcpy(out->to.bytes, &in6.ipi6_addr, 16);
		out->direct = !IN6_IS_ADDR_MULTICAST(&in6.ipi6_addr);
	}
}

bool diag_sock_take(int fd, void *bytes, size_t size, struct diag_datagram *out)
{
	_Alignas(struct cmsghdr) unsigned char control[256];
	struct sockaddr_storage from = { .ss_family = AF_UNSPEC };
	struct iovec iov = { bytes, size };
	struct msghdr msg = { .msg_name = &from,
			      .msg_namelen = sizeof(from),
			      .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_TRUNC);

	if (n < 0)
		return false;
	*out = (struct diag_datagram){ .len = (size_t)n };
	(void)diag_sock_to((const struct sockaddr *)&from, &out->from,
			   &out->from_port);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c != NULL;
	     c = CMSG_NXTHDR(&msg, c))
		learn_to(c, out);
	return true;
}

/* The interface is the routing table's choice (0). */
static void say_from(struct cmsghdr *c, const struct diag_addr *from)
{
	struct in_pktinfo in = { .ipi_ifindex = 0 };
	struct in6_pktinfo in6 = { .ipi6_ifindex = 0 };

	if (from->family == DIAG_IPV4) {
		c->cmsg_level = IPPROTO_IP;
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(in));
		memcpy(&in.ipi_spec_dst, from->bytes, 4);
		memcpy(CMSG_DATA(c), &in, sizeof(in));
	} else {
		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(in6));
		memcpy(&in6.ipi6_addr, from->bytes, 16);
		memcpy(CMSG_DATA(c), &in6, sizeof(in6));
	}
}

bool diag_sock_answer(int fd, const struct diag_datagram *d, const void *bytes,
		      size_t len)
{
	_Alignas(struct cmsghdr) unsigned char
	    control[CMSG_SPACE(sizeof(struct in6_pktinfo))] = { 0 };
	struct sockaddr_storage to;
	struct iovec iov = { (void *)(uintptr_t)bytes, len };
	struct msghdr msg = { .msg_name = &to,
			      .msg_namelen = (socklen_t)diag_sock_of(
				  &d->from, d->from_port, &to),
			      .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control };

	if (d->to.family != DIAG_NOFAM) {
		msg.msg_controllen = d->to.family == DIAG_IPV4
					 ? CMSG_SPACE(sizeof(struct in_pktinfo))
					 : sizeof(control);
		say_from(CMSG_FIRSTHDR(&msg), &d->to);
	}
	return sendmsg(fd, &msg, MSG_DONTWAIT) == (ssize_t)len;
}

/* socket(7): since Linux 5.7 anybody may. */
bool diag_sock_use_interface(int fd, const char *name)
{
	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name,
			  (socklen_t)strlen(name)) == 0;
}

int diag_sock_take_error(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error
								       : 0;
}

bool diag_sock_rtt_ms(int fd, double *ms)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
	    info.tcpi_rtt == 0)
		return false;
	*ms = info.tcpi_rtt / 1000.0;
	return true;
}

unsigned diag_sock_raise_limit(unsigned n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	if (limit.rlim_cur < n) {
		rlim_t before = limit.rlim_cur;

		limit.rlim_cur = n < limit.rlim_max ? n : limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			limit.rlim_cur = before;
	}
	return limit.rlim_cur < UINT_MAX ? (unsigned)limit.rlim_cur : UINT_MAX;
}

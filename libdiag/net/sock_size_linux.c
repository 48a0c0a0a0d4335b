/* SPDX-License-Identifier: MIT */
/* sock_size_linux.c - how large packets may be, as Linux tells it.
 *
 * A file of its own: linux/tcp.h, which knows what became of sent bytes, and
 * the C library's netinet/tcp.h cannot stand side by side.
 */
#include "net/sock.h"

#include <ifaddrs.h>
#include <linux/tcp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* RFC 791, 3.1; RFC 8200, 3; RFC 9293, 3.1; RFC 7323, 3.2 with its padding */
#define IPV4_HEADER    20u
#define IPV6_HEADER    40u
#define TCP_HEADER     20u
#define TCP_TIMESTAMPS 12u

static unsigned headers(enum diag_family family)
{
	return TCP_HEADER + (family == DIAG_IPV6 ? IPV6_HEADER : IPV4_HEADER);
}

/* tcp(7), TCP_MAXSEG: what we announce and what we send; options such as
 * timestamps are inside of it (RFC 6691). */
bool diag_sock_limit_packets(int fd, enum diag_family family, unsigned max)
{
	int mss = (int)(max - headers(family));

	return setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof(mss)) == 0;
}

bool diag_sock_want_whole(int fd, enum diag_family family)
{
	int how = family == DIAG_IPV6 ? IPV6_PMTUDISC_PROBE : IP_PMTUDISC_PROBE;

	if (family == DIAG_IPV6)
		return setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &how,
				  sizeof(how)) == 0;
	return setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &how, sizeof(how)) ==
	       0;
}

static bool has(const struct ifaddrs *i, const struct diag_addr *local)
{
	struct diag_addr a;
	uint16_t port;

	return i->ifa_addr != NULL && diag_sock_to(i->ifa_addr, &a, &port) &&
	       diag_addr_eq(&a, local);
}

static bool mtu_of(const char *name, unsigned *mtu)
{
	struct ifreq r = { .ifr_mtu = 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	if (fd < 0)
		return false;
	(void)snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	ok = ioctl(fd, SIOCGIFMTU, &r) == 0 && r.ifr_mtu > 0;
	(void)close(fd);
	if (ok)
		*mtu = (unsigned)r.ifr_mtu;
	return ok;
}

bool diag_sock_interface_of(const struct diag_addr *local,
			    char name[DIAG_SOCK_NAME], unsigned *mtu)
{
	struct ifaddrs *all = NULL;
	bool ok = false;

	_Static_assert(DIAG_SOCK_NAME >= IF_NAMESIZE, "an interface's name");
	if (getifaddrs(&all) != 0)
		return false;
	for (const struct ifaddrs *i = all; i != NULL && !ok; i = i->ifa_next) {
		if (!has(i, local) || !mtu_of(i->ifa_name, mtu))
			continue;
		(void)snprintf(name, DIAG_SOCK_NAME, "%s", i->ifa_name);
		ok = true;
	}
	freeifaddrs(all);
	return ok;
}

bool diag_sock_sent(int fd, enum diag_family family, struct diag_sock_sent *out)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
		return false;
	*out = (struct diag_sock_sent){
		.open = info.tcpi_bytes_acked > 0,
		.mss = info.tcpi_snd_mss,
		.overhead = headers(family),
		.path_mtu = info.tcpi_pmtu,
		.acked = info.tcpi_bytes_acked,
		.resends = info.tcpi_total_retrans,
		.gap = info.tcpi_sacked > 0,
	};
	if (info.tcpi_options & TCPI_OPT_TIMESTAMPS)
		out->overhead += TCP_TIMESTAMPS;
	return true;
}

/* tcp(7) does not know it; send(2): "MSG_EOR terminates a record", which ends
 * the segment too, so that nothing is joined with it, not even when it is sent
 * again. */
bool diag_sock_send_whole(int fd, const void *data, size_t n)
{
	return send(fd, data, n, MSG_EOR | MSG_DONTWAIT | MSG_NOSIGNAL) ==
	       (ssize_t)n;
}

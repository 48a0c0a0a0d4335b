/* SPDX-License-Identifier: MIT */
/* mtu, with datagrams: who complains about which size?
 *
 * Datagrams that must not be cut (RFC 1191, 4; RFC 8201, 4) go to ports where
 * nobody listens, as traceroute(8) does; each size has a port of its own, by
 * which its answer is known.  What comes back:
 *
 *   too big		from a router on the way, with the size that it takes.
 *			That size is tried next: a narrower link may follow
 *   port closed	from the address: this size came through
 *   nothing		proves little.  Private endpoints and most firewalls
 *			answer no datagram at all, and hosts that do, answer few
 *			in a second (Linux: six, then one a second).  So in each
 *			round the smallest goes last: if it is answered, those
 *			before it would have been.  A size is lost if that
 *			happened three times
 */
#include "probes/mtu_internal.h"

#include "probes/from.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST_PORT 33434u /* traceroute(8) */
#define ROUNDS	   4
#define CONTROLS   3	  /* rounds that count, for a size to be lost */
#define ROUND_MS   1200.0 /* an answer a second is what a Linux host gives */
#define HOPS_MAX   4	  /* narrower links that we follow */
#define TAKEN_MAX  32	  /* messages of one look */
#define UDP_HEADER 8u

#define ICMP_UNREACHABLE   3
#define ICMP_PORT	   3
#define ICMPV6_UNREACHABLE 1
#define ICMPV6_PORT	   4

static unsigned headers(const struct mtu_udp *u)
{
	return UDP_HEADER + (u->step->addr.family == DIAG_IPV6 ? 40u : 20u);
}

static void send_rung(struct mtu_udp *u, unsigned i)
{
	static const char zeros[MTU_MAX];
	struct sockaddr_storage to;
	socklen_t len = (socklen_t)diag_sock_of(
	    &u->step->addr, (uint16_t)(FIRST_PORT + i), &to);
	size_t n = u->ladder.sizes[i] - headers(u);

	/* What this machine itself refuses is not sent; a pending error of
	 * another datagram is told once and has nothing to do with it. */
	for (unsigned tries = 0; tries < 2; tries++)
		if (sendto(u->fd, zeros, n, MSG_DONTWAIT,
			   (struct sockaddr *)&to, len) >= 0)
			break;
	u->asked |= UINT32_C(1) << i;
	u->seen.sends++;
}

static void send_round(struct mtu_udp *u)
{
	u->rounds++;
	for (unsigned i = u->ladder.n; i-- > 0;) {
		bool smaller =
		    u->seen.told == 0 || u->ladder.sizes[i] <= u->seen.told;

		if (i == 0 || (smaller && !(u->answered >> i & 1)))
			send_rung(u, i);
	}
}

/* --- what comes back --------------------------------------------------------
 */

static void is_answered(struct mtu_udp *u, unsigned port)
{
	unsigned i = port - FIRST_PORT;

	if (port < FIRST_PORT || i >= u->ladder.n)
		return;
	u->controls += i == 0 ? 1 : 0;
	u->answered |= UINT32_C(1) << i;
	if (u->ladder.sizes[i] > u->seen.passed)
		u->seen.passed = u->ladder.sizes[i];
}

static void is_too_big(struct mtu_udp *u, const struct diag_icmp *icmp)
{
	unsigned last = u->ladder.n - 1;

	/* RFC 1191, 5: an old router tells none; and smaller than any path may
	 * be is nobody's word. */
	if (icmp->mtu < u->ladder.sizes[0] ||
	    icmp->mtu >= u->ladder.sizes[last] ||
	    (u->seen.told != 0 && icmp->mtu >= u->seen.told))
		return;
	u->seen.told = icmp->mtu;
	u->seen.icmp =
	    (struct diag_icmp_seen){ true, icmp->type, icmp->code, icmp->from };
	if (u->hops++ >= HOPS_MAX)
		return;
	u->ladder.sizes[last] = icmp->mtu;
	u->answered &= ~(UINT32_C(1) << last);
	send_rung(u, last);
}

static bool is_port_closed(const struct mtu_udp *u,
			   const struct diag_icmp *icmp)
{
	bool port =
	    u->step->addr.family == DIAG_IPV6
		? icmp->type == ICMPV6_UNREACHABLE && icmp->code == ICMPV6_PORT
		: icmp->type == ICMP_UNREACHABLE && icmp->code == ICMP_PORT;

	return port && diag_addr_eq(&icmp->from, &u->step->addr);
}

static void take(struct mtu_udp *u)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	struct diag_icmp icmp;
	struct diag_addr addr;
	uint16_t port;
	char byte;

	for (unsigned i = 0; i < TAKEN_MAX; i++) {
		if (!diag_sock_take_icmp(u->fd, &icmp))
			break;
		if (icmp.mtu > 0)
			is_too_big(u, &icmp);
		else if (is_port_closed(u, &icmp))
			is_answered(u, icmp.to_port);
	}
	for (unsigned i = 0; i < TAKEN_MAX; i++) {
		ssize_t n = recvfrom(u->fd, &byte, sizeof(byte), MSG_DONTWAIT,
				     (struct sockaddr *)&from, &len);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n >= 0 &&
		    diag_sock_to((struct sockaddr *)&from, &addr, &port) &&
		    diag_addr_eq(&addr, &u->step->addr))
			is_answered(u, port);
	}
}

/* The first size beyond those that were answered, if silence about it means
 * anything. */
static void find_lost(struct mtu_udp *u)
{
	if (u->controls < CONTROLS)
		return;
	for (unsigned i = 1; i < u->ladder.n; i++) {
		if (u->answered >> i & 1 ||
		    u->ladder.sizes[i] <= u->seen.passed)
			continue;
		u->seen.lost = u->ladder.sizes[i];
		u->seen.resends = u->rounds - 1;
		return;
	}
}

void mtu_udp_look(struct mtu_udp *u, double ms)
{
	unsigned last = u->ladder.n - 1;

	if (u->fd < 0 || u->settled)
		return;
	take(u);
	if (u->answered >> last & 1) {
		u->settled = true;
	} else if (ms >= u->rounds * ROUND_MS && u->rounds < ROUNDS) {
		send_round(u);
	} else if (ms >= u->rounds * ROUND_MS) {
		find_lost(u);
		u->settled = true;
	}
}

bool mtu_udp_start(struct mtu_udp *u, const struct diag_step *step,
		   const struct mtu_ladder *ladder, struct diag_err *err)
{
	int family = step->addr.family == DIAG_IPV6 ? AF_INET6 : AF_INET;

	*u = (struct mtu_udp){ .step = step, .ladder = *ladder };
	u->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (u->fd < 0)
		return diag_fail_sys(err, "mtu", "socket");
	diag_sock_want_icmp(u->fd, step->addr.family);
	if (!diag_sock_want_whole(u->fd, step->addr.family))
		return diag_fail_sys(err, "mtu", "do not fragment");
	if (!from_here(u->fd, step, err))
		return false;
	send_round(u);
	return true;
}

void mtu_udp_close(struct mtu_udp *u)
{
	if (u->fd >= 0)
		(void)close(u->fd);
	u->fd = -1;
}

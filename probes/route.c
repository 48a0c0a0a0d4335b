/* SPDX-License-Identifier: MIT */
/* route - which way would the kernel send a packet to this address?
 *
 * The kernel is asked, not the table: policy rules, VRFs and prohibit routes
 * are its business.  Two questions on one netlink socket, both answered before
 * sendmsg(2) returns: where to (interface, gateway, source), and by which
 * entry (its prefix length tells a default route from one meant for this
 * network).  Source: rtnetlink(7), RTM_GETROUTE, RTM_F_FIB_MATCH.
 *
 * Linux only; other platforms have a file of their own beside this one.
 */
#include "probes/probes.h"

#include "base/mem.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REPLY_MAX 8192

struct route_shared {
	int fd;
	uint32_t seq;
};

struct answer {
	int error; /* errno of the kernel, 0 fine */
	unsigned oif;
	unsigned char dst_len, type;
	struct diag_addr gateway, source;
};

static void put_addr(struct nlmsghdr *h, const struct diag_addr *a)
{
	size_t n = diag_addr_len(a);
	struct rtattr *rta = (void *)((char *)h + NLMSG_ALIGN(h->nlmsg_len));

	rta->rta_type = RTA_DST;
	rta->rta_len = (unsigned short)RTA_LENGTH(n);
	memcpy(RTA_DATA(rta), a->bytes, n);
	h->nlmsg_len = NLMSG_ALIGN(h->nlmsg_len) + rta->rta_len;
}

static bool ask(struct route_shared *s, const struct diag_addr *a,
		unsigned flags)
{
	struct {
		struct nlmsghdr h;
		struct rtmsg rtm;
		char attrs[64];
	} q = { 0 };

	q.h.nlmsg_len = NLMSG_LENGTH(sizeof(q.rtm));
	q.h.nlmsg_type = RTM_GETROUTE;
	q.h.nlmsg_flags = NLM_F_REQUEST;
	q.h.nlmsg_seq = ++s->seq;
	q.rtm.rtm_family = a->family == DIAG_IPV6 ? AF_INET6 : AF_INET;
	q.rtm.rtm_dst_len = (unsigned char)(diag_addr_len(a) * 8);
	q.rtm.rtm_flags = flags;
	put_addr(&q.h, a);
	return send(s->fd, &q, q.h.nlmsg_len, 0) == (ssize_t)q.h.nlmsg_len;
}

static void take_addr(struct rtattr *rta, struct diag_addr *out)
{
	size_t n = RTA_PAYLOAD(rta);

	if (n != 4 && n != 16)
		return;
	memset(out, 0, sizeof(*out));
	out->family = n == 4 ? DIAG_IPV4 : DIAG_IPV6;
	memcpy(out->bytes, RTA_DATA(rta), n);
}

/* RTA_VIA (RFC 5549 style): an IPv6 gateway for an IPv4 route. */
static void take_via(struct rtattr *rta, struct diag_addr *out)
{
	const struct rtvia *via = RTA_DATA(rta);
	size_t n = RTA_PAYLOAD(rta);

	if (n < sizeof(*via) + 4)
		return;
	memset(out, 0, sizeof(*out));
	out->family = via->rtvia_family == AF_INET6 ? DIAG_IPV6 : DIAG_IPV4;
	if (n - sizeof(*via) >= diag_addr_len(out))
		memcpy(out->bytes, via->rtvia_addr, diag_addr_len(out));
}

static void take_route(struct nlmsghdr *h, struct answer *out)
{
	struct rtmsg *rtm = NLMSG_DATA(h);
	size_t left = h->nlmsg_len - NLMSG_LENGTH(sizeof(*rtm));
	struct rtattr *rta = RTM_RTA(rtm);

	out->dst_len = rtm->rtm_dst_len;
	out->type = rtm->rtm_type;
	for (; RTA_OK(rta, left); rta = RTA_NEXT(rta, left)) {
		if (rta->rta_type == RTA_OIF && RTA_PAYLOAD(rta) == 4)
			memcpy(&out->oif, RTA_DATA(rta), 4);
		else if (rta->rta_type == RTA_GATEWAY)
			take_addr(rta, &out->gateway);
		else if (rta->rta_type == RTA_PREFSRC)
			take_addr(rta, &out->source);
		else if (rta->rta_type == RTA_VIA)
			take_via(rta, &out->gateway);
	}
}

static bool receive(struct route_shared *s, struct answer *out)
{
	union {
		struct nlmsghdr h;
		char bytes[REPLY_MAX];
	} r;
	ssize_t n = recv(s->fd, &r, sizeof(r), MSG_DONTWAIT);

	if (n < 0 || !NLMSG_OK(&r.h, (size_t)n) || r.h.nlmsg_seq != s->seq)
		return false;
	if (r.h.nlmsg_type == NLMSG_ERROR &&
	    r.h.nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr))) {
		const struct nlmsgerr *e = NLMSG_DATA(&r.h);

		out->error = -e->error;
		return true;
	}
	if (r.h.nlmsg_type != RTM_NEWROUTE ||
	    r.h.nlmsg_len < NLMSG_LENGTH(sizeof(struct rtmsg)))
		return false;
	take_route(&r.h, out);
	return true;
}

static bool route_of(struct route_shared *s, const struct diag_addr *a,
		     struct answer *way, struct answer *entry)
{
	if (!ask(s, a, 0) || !receive(s, way))
		return false;
	if (way->error != 0)
		return true;
	/* An old kernel does not know the flag and answers as before, with a
	 * host prefix: then we cannot tell a default route. */
	return ask(s, a, RTM_F_FIB_MATCH) && receive(s, entry);
}

static bool is_tunnel(const struct diag_probe *p, const char *name)
{
	const struct diag_machine *m = diag_run_machine(p->run);
	const struct diag_interface *i =
	    m ? diag_machine_interface(m, name) : NULL;

	return i && i->tunnel;
}

static bool route_start(struct diag_probe *p, struct diag_err *err)
{
	struct answer way = { 0 }, entry = { 0 };
	char name[IF_NAMESIZE] = "";
	struct diag_fact f = { .kind = DIAG_FACT_ROUTE };

	if (!route_of(p->shared, &p->step->addr, &way, &entry))
		return diag_fail_sys(err, "route", "netlink");
	f.route.address = p->step->addr;
	f.status = way.error ? DIAG_ST_NONE : DIAG_ST_OK;
	f.sys_errno = way.error;
	if (way.error)
		f.error = strerror(way.error);
	if (way.oif && if_indextoname(way.oif, name))
		f.route.interface = name;
	f.route.source = way.source;
	f.route.gateway = way.gateway;
	f.route.on_link = !way.error && way.gateway.family == DIAG_NOFAM;
	f.route.is_default =
	    !way.error && entry.error == 0 && entry.dst_len == 0;
	f.route.is_tunnel = name[0] && is_tunnel(p, name);
	diag_probe_emit(p, &f);
	diag_probe_done(p);
	return true;
}

static bool route_open(struct diag_run *run, void **shared,
		       struct diag_err *err)
{
	struct route_shared *s = diag_alloc(sizeof(*s));
	struct sockaddr_nl me = { .nl_family = AF_NETLINK };

	(void)run;
	if (!s)
		return diag_fail_nomem(err, "route");
	s->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&me, sizeof(me)) != 0) {
		(void)diag_fail_sys(err, "route", "netlink socket");
		if (s->fd >= 0)
			(void)close(s->fd);
		diag_free(s);
		return false;
	}
	*shared = s;
	return true;
}

static void route_close(void *shared)
{
	struct route_shared *s = shared;

	if (!s)
		return;
	(void)close(s->fd);
	diag_free(s);
}

static void route_expire(struct diag_probe *p)
{
	diag_probe_done(p);
}

static void route_stop(struct diag_probe *p)
{
	diag_probe_released(p);
}

static const enum diag_fact_kind gives[] = { DIAG_FACT_ROUTE };

const struct diag_probe_ops probe_route = {
	.kind = DIAG_PROBE_ROUTE,
	.name = "route",
	.summary = "ask the kernel which way an address is",
	.gives = gives,
	.n_gives = 1,
	.open = route_open,
	.close = route_close,
	.start = route_start,
	.expire = route_expire,
	.stop = route_stop,
};

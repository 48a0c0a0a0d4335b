/* SPDX-License-Identifier: MIT */
/* routes_linux.c - the main routing table, by rtnetlink(7).
 *
 * Only unicast routes of the main table: it explains; the truth about one
 * address (policy rules, other tables) is what the route probe asks the
 * kernel.  A route over several next hops is one route for each.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "machine/internal.h"
#include "machine/netlink_linux.h"

struct routes {
	struct diag_machine *m;
	bool no_memory, cut;
};

/* One RTM_NEWROUTE, or one next hop of it. */
struct hop {
	struct diag_addr gateway;
	uint32_t index;
};

/* RTA_VIA: an IPv4 route over an IPv6 gateway (RFC 5549). */
static void read_via(struct diag_slice value, struct diag_addr *out)
{
	uint16_t family;

	if (value.len < sizeof(family))
		return;
	memcpy(&family, value.p, sizeof(family));
	value.p += sizeof(family);
	value.len -= sizeof(family);
	(void)nl_address(family, value, out);
}

static void read_hop(unsigned family, uint16_t type, struct diag_slice value,
		     struct hop *hop)
{
	if (type == RTA_GATEWAY)
		(void)nl_address(family, value, &hop->gateway);
	else if (type == RTA_VIA)
		read_via(value, &hop->gateway);
	else if (type == RTA_OIF)
		hop->index = nl_u32(value);
}

static void add_route(struct routes *routes, const struct diag_route *route,
		      const struct hop *hop)
{
	struct diag_machine *m = routes->m;
	char name[MACHINE_IF_NAME];
	struct diag_route *to;

	if (m->n_routes >= MACHINE_ROUTES) {
		routes->cut = true;
		return;
	}
	to = diag_arena_push(&m->arena, &m->routes, &m->n_routes, sizeof(*to));
	if (to == NULL) {
		routes->no_memory = true;
		return;
	}
	*to = *route;
	to->gateway = hop->gateway;
	to->interface = diag_arena_strdup(
	    &m->arena,
	    hop->index != 0 ? machine_index_name(hop->index, name) : "");
	routes->no_memory |= to->interface == NULL;
}

static void add_hops(struct routes *routes, const struct diag_route *route,
		     unsigned family, struct diag_slice hops)
{
	struct diag_cursor c = diag_cursor_of(hops.p, hops.len);
	struct rtnexthop head;

	while (nl_take(&c, &head, sizeof(head))) {
		struct hop hop = { .index = (uint32_t)head.rtnh_ifindex };
		size_t len = head.rtnh_len - sizeof(head);
		struct diag_cursor attributes;
		struct diag_slice value;
		uint16_t type;

		if (head.rtnh_len < sizeof(head) || len > diag_cursor_left(&c))
			return;
		attributes = diag_cursor_of(c.at, len);
		while (nl_attribute(&attributes, &type, &value))
			read_hop(family, type, value, &hop);
		add_route(routes, route, &hop);
		(void)diag_cursor_skip(&c, len); /* multiples of four */
	}
}

static bool wanted(const struct rtmsg *head)
{
	return head->rtm_type == RTN_UNICAST &&
	       (head->rtm_flags & RTM_F_CLONED) == 0;
}

static bool each_route(void *ctx, const struct nl_message *msg)
{
	struct diag_cursor c = msg->body;
	struct routes *routes = ctx;
	struct diag_route route = { 0 };
	struct diag_slice value, hops = { 0 };
	struct hop hop = { 0 };
	uint32_t table;
	struct rtmsg head;
	uint16_t type;

	if (msg->type != RTM_NEWROUTE || !nl_take(&c, &head, sizeof(head)) ||
	    !wanted(&head))
		return true;
	table = head.rtm_table;
	route.to.len = head.rtm_dst_len;
	route.to.addr.family =
	    head.rtm_family == AF_INET ? DIAG_IPV4 : DIAG_IPV6;
	while (nl_attribute(&c, &type, &value)) {
		read_hop(head.rtm_family, type, value, &hop);
		if (type == RTA_TABLE)
			table = nl_u32(value);
		else if (type == RTA_PRIORITY)
			route.metric = nl_u32(value);
		else if (type == RTA_MULTIPATH)
			hops = value;
		else if (type == RTA_DST &&
			 !nl_address(head.rtm_family, value, &route.to.addr))
			return true;
	}
	if (table != RT_TABLE_MAIN)
		return true;
	if (hops.len > 0)
		add_hops(routes, &route, head.rtm_family, hops);
	else
		add_route(routes, &route, &hop);
	return !routes->no_memory && !routes->cut;
}

bool machine_read_routes(struct machine_reader *r)
{
	static const unsigned char families[] = { AF_INET, AF_INET6 };
	struct routes routes = { .m = r->m };

	for (size_t i = 0; i < sizeof(families); i++) {
		int sys;
		bool ok = nl_dump(RTM_GETROUTE, families[i], each_route,
				  &routes, &sys);

		if (routes.no_memory || (!ok && sys == ENOMEM))
			return diag_fail_nomem(r->err, "machine");
		if (!ok)
			machine_note(r, "routes: %s", strerror(sys));
	}
	if (routes.cut)
		machine_note(r, "only the first %d routes are kept",
			     MACHINE_ROUTES);
	return true;
}

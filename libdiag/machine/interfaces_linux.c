/* SPDX-License-Identifier: MIT */
/* interfaces_linux.c - links and their addresses, by rtnetlink(7).
 *
 * A tunnel is a link that carries packets inside others: the kernel says so
 * by the kind of a virtual link (tun, wireguard …) or by its ARP hardware
 * type (PPP, none).  A tap that is a port of a bridge belongs to a virtual
 * machine, not to a VPN.
 */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>

#include "machine/internal.h"
#include "machine/netlink_linux.h"

struct links {
	struct diag_machine *m;
	unsigned *indexes; /* same order as m->interfaces */
	size_t n;
	bool no_memory;
};

/* What one RTM_NEWLINK says. */
struct link {
	char name[MACHINE_IF_NAME], kind[24];
	uint32_t mtu, master;
};

static bool is_tunnel_kind(const char *kind)
{
	static const char *const kinds[] = {
		"tun",	"wireguard", "ipip",   "sit",  "ip6tnl",
		"gre",	"ip6gre",    "gretap", "vti",  "vti6",
		"xfrm", "ppp",	     "amt",    "ovpn", "erspan",
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kind, kinds[i]) == 0)
			return true;
	return false;
}

static bool is_tunnel_type(unsigned type)
{
	return type == ARPHRD_PPP || type == ARPHRD_NONE ||
	       type == ARPHRD_TUNNEL || type == ARPHRD_TUNNEL6 ||
	       type == ARPHRD_SIT || type == ARPHRD_IPGRE;
}

/* Text with or without its NUL; too long is cut. */
static void copy_text(struct diag_slice from, char *out, size_t size)
{
	size_t n = 0;

	while (n < from.len && n + 1 < size && from.p[n] != '\0') {
		out[n] = from.p[n];
		n++;
	}
	out[n] = '\0';
}

static void read_link_info(struct diag_slice info, struct link *out)
{
	struct diag_cursor c = diag_cursor_of(info.p, info.len);
	struct diag_slice value;
	uint16_t type;

	while (nl_attribute(&c, &type, &value))
		if (type == IFLA_INFO_KIND)
			copy_text(value, out->kind, sizeof(out->kind));
}

static void read_link(struct diag_cursor c, struct link *out)
{
	struct diag_slice value;
	uint16_t type;

	memset(out, 0, sizeof(*out));
	while (nl_attribute(&c, &type, &value)) {
		if (type == IFLA_IFNAME)
			copy_text(value, out->name, sizeof(out->name));
		else if (type == IFLA_MTU)
			out->mtu = nl_u32(value);
		else if (type == IFLA_MASTER)
			out->master = nl_u32(value);
		else if (type == IFLA_LINKINFO)
			read_link_info(value, out);
	}
}

static bool is_tunnel(const struct link *l, const struct ifinfomsg *head)
{
	return l->master == 0 && !machine_name_is_container(l->name) &&
	       (head->ifi_flags & IFF_LOOPBACK) == 0 &&
	       (is_tunnel_kind(l->kind) || is_tunnel_type(head->ifi_type) ||
		machine_name_is_tunnel(l->name));
}

static bool add_link(struct links *links, const struct ifinfomsg *head,
		     const struct link *l)
{
	const unsigned up = IFF_UP | IFF_RUNNING;
	struct diag_machine *m = links->m;
	unsigned *index;
	struct diag_interface *f;

	index = diag_arena_push(&m->arena, &links->indexes, &links->n,
				sizeof(*index));
	f = diag_arena_push(&m->arena, &m->interfaces, &m->n_interfaces,
			    sizeof(*f));
	if (index == NULL || f == NULL)
		return false;
	*index = (unsigned)head->ifi_index;
	f->name = diag_arena_strdup(&m->arena, l->name);
	f->up = (head->ifi_flags & up) == up;
	f->loopback = (head->ifi_flags & IFF_LOOPBACK) != 0;
	f->container = machine_name_is_container(l->name);
	f->tunnel = is_tunnel(l, head);
	f->mtu = l->mtu;
	return f->name != NULL;
}

static bool each_link(void *ctx, const struct nl_message *msg)
{
	struct diag_cursor c = msg->body;
	struct links *links = ctx;
	struct ifinfomsg head;
	struct link l;

	if (msg->type != RTM_NEWLINK || !nl_take(&c, &head, sizeof(head)))
		return true;
	read_link(c, &l);
	if (l.name[0] != '\0' && !add_link(links, &head, &l))
		links->no_memory = true;
	return !links->no_memory && links->n < MACHINE_LINKS;
}

static void mask(struct diag_cidr *c)
{
	for (size_t bit = c->len; bit < 8 * diag_addr_len(&c->addr); bit++)
		c->addr.bytes[bit / 8] &= (uint8_t) ~(0x80U >> (bit % 8));
}

static bool add_address(struct links *links, struct diag_interface *f,
			const struct diag_addr *addr,
			const struct diag_cidr *prefix)
{
	size_t n = f->n_addresses, k = n;
	struct diag_addr *a =
	    diag_arena_push(&links->m->arena, &f->addresses, &n, sizeof(*a));
	struct diag_cidr *c =
	    diag_arena_push(&links->m->arena, &f->prefixes, &k, sizeof(*c));

	if (a == NULL || c == NULL)
		return false;
	*a = *addr;
	*c = *prefix;
	mask(c);
	f->n_addresses = n;
	return true;
}

static struct diag_interface *by_index(const struct links *links,
				       unsigned index)
{
	for (size_t i = 0; i < links->n; i++)
		if (links->indexes[i] == index)
			return &links->m->interfaces[i];
	return NULL;
}

/* On a point-to-point link IFA_LOCAL is ours and IFA_ADDRESS the peer's; IPv6
 * has IFA_ADDRESS only.  The prefix is that of IFA_ADDRESS. */
static bool each_address(void *ctx, const struct nl_message *msg)
{
	struct diag_cursor c = msg->body;
	struct links *links = ctx;
	struct diag_interface *f;
	struct diag_addr own = { 0 };
	struct diag_cidr net = { 0 };
	struct ifaddrmsg head;
	struct diag_slice value;
	uint16_t type;

	if (msg->type != RTM_NEWADDR || !nl_take(&c, &head, sizeof(head)))
		return true;
	while (nl_attribute(&c, &type, &value)) {
		if (type == IFA_LOCAL)
			(void)nl_address(head.ifa_family, value, &own);
		else if (type == IFA_ADDRESS)
			(void)nl_address(head.ifa_family, value, &net.addr);
	}
	if (own.family == DIAG_NOFAM)
		own = net.addr;
	net.len = head.ifa_prefixlen;
	f = by_index(links, head.ifa_index);
	if (f != NULL && net.addr.family != DIAG_NOFAM &&
	    !add_address(links, f, &own, &net))
		links->no_memory = true;
	return !links->no_memory;
}

const char *machine_index_name(unsigned index, char out[MACHINE_IF_NAME])
{
	char name[IF_NAMESIZE];

	if (if_indextoname(index, name) != NULL)
		(void)snprintf(out, MACHINE_IF_NAME, "%.15s", name);
	else
		(void)snprintf(out, MACHINE_IF_NAME, "if%u", index);
	return out;
}

static bool dump(struct machine_reader *r, struct links *links, uint16_t type,
		 unsigned char family,
		 bool (*each)(void *ctx, const struct nl_message *msg))
{
	int sys;
	bool ok = nl_dump(type, family, each, links, &sys);

	if (links->no_memory || (!ok && sys == ENOMEM))
		return diag_fail_nomem(r->err, "machine");
	if (!ok)
		machine_note(r, "interfaces: %s", strerror(sys));
	return true;
}

bool machine_read_interfaces(struct machine_reader *r)
{
	struct links links = { .m = r->m };

	return dump(r, &links, RTM_GETLINK, AF_UNSPEC, each_link) &&
	       dump(r, &links, RTM_GETADDR, AF_INET, each_address) &&
	       dump(r, &links, RTM_GETADDR, AF_INET6, each_address);
}

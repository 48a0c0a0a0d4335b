/* SPDX-License-Identifier: MIT */
/* filter.c - see filter.h; the language is pcap-filter(7). */
#include "record/filter.h"

/* Instructions that libpcap 1.10 makes of one term, measured; each counts twice
 * where VLAN tags are looked behind.  With BUDGET of them the optimiser takes
 * well under a second (3600 on Ethernet: 51 s). */
enum { COST_4 = 4, COST_6 = 19, COST_PORT = 10, BUDGET = 1600 };

/* RFC 792 and RFC 4443, 2.1: errors are 3, 11, 12, and all below 128.  Those
 * of ICMPv6 that are in use are 1 to 4. */
static const char always[] = "port 53 or tcp port 853"
			     " or icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12"
			     " or (icmp6 and ip6[40] >= 1 and ip6[40] <= 4)";

/* --- ports ---------------------------------------------------------------- */

static bool is_first(const struct diag_filter_want *w, size_t i)
{
	const struct diag_filter_ports *p = &w->ports[i];

	for (size_t k = 0; k < w->n_ports; k++) {
		const struct diag_filter_ports *o = &w->ports[k];
		bool covers = o->udp == p->udp && o->first <= p->first &&
			      o->last >= p->last;
		bool same = o->first == p->first && o->last == p->last;

		if (covers && k != i && (!same || k < i))
			return false;
	}
	return true;
}

static void put_ports(const struct diag_filter_want *w, struct diag_buf *out)
{
	for (size_t i = 0; i < w->n_ports; i++) {
		const struct diag_filter_ports *p = &w->ports[i];
		const char *proto = p->udp ? "udp" : "tcp";

		if (!is_first(w, i))
			continue;
		if (p->first == p->last)
			diag_buf_printf(out, " or %s port %u", proto, p->first);
		else
			diag_buf_printf(out, " or %s portrange %u-%u", proto,
					p->first, p->last);
	}
}

/* --- addresses ------------------------------------------------------------ */

/* The zone of a link-local is no part of a packet. */
static const char *host_text(const struct diag_addr *a,
			     char text[DIAG_ADDR_TEXT])
{
	struct diag_addr bare = *a;

	bare.zone[0] = '\0';
	return diag_addr_text(&bare, text);
}

static void put_hosts(const struct diag_filter_want *w, enum diag_family f,
		      struct diag_buf *out)
{
	const char *word = f == DIAG_IPV4 ? " or (ip and (" : " or (ip6 and (";
	char text[DIAG_ADDR_TEXT];
	bool any = false;

	for (size_t i = 0; i < w->n_addresses; i++) {
		if (w->addresses[i].family != f)
			continue;
		diag_buf_printf(out, "%shost %s", any ? " or " : word,
				host_text(&w->addresses[i], text));
		any = true;
	}
	diag_buf_puts(out, any ? "))" : "");
}

static void put_networks(const struct diag_filter_want *w, struct diag_buf *out)
{
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < w->n_networks; i++)
		diag_buf_printf(out, " or %s net %s",
				w->networks[i].addr.family == DIAG_IPV4 ? "ip"
									: "ip6",
				diag_cidr_text(&w->networks[i], text));
}

/* --- the whole ------------------------------------------------------------ */

static size_t cost_of(enum diag_family f)
{
	return f == DIAG_IPV4 ? COST_4 : COST_6;
}

static enum diag_filter_grain grain_of(const struct diag_filter_want *w)
{
	size_t ports = w->n_ports * COST_PORT, hosts = ports, nets = ports;
	size_t most = w->ethernet ? BUDGET / 2 : BUDGET;

	for (size_t i = 0; i < w->n_addresses; i++)
		hosts += cost_of(w->addresses[i].family);
	for (size_t i = 0; i < w->n_networks; i++)
		nets += cost_of(w->networks[i].addr.family);
	if (w->n_addresses == 0 || hosts <= most)
		return DIAG_FILTER_ADDRESSES;
	return w->n_networks > 0 && nets <= most ? DIAG_FILTER_NETWORKS
						 : DIAG_FILTER_PORTS;
}

static void put_all(const struct diag_filter_want *w,
		    enum diag_filter_grain grain, struct diag_buf *out)
{
	diag_buf_puts(out, always);
	put_ports(w, out);
	if (grain == DIAG_FILTER_ADDRESSES) {
		put_hosts(w, DIAG_IPV4, out);
		put_hosts(w, DIAG_IPV6, out);
	} else if (grain == DIAG_FILTER_NETWORKS) {
		put_networks(w, out);
	}
}

enum diag_filter_grain diag_filter_text(const struct diag_filter_want *want,
					struct diag_buf *out)
{
	enum diag_filter_grain grain = grain_of(want);

	if (!want->ethernet) {
		put_all(want, grain, out);
		return grain;
	}
	/* "vlan" moves all that follows it, so it comes last. */
	diag_buf_puts(out, "(");
	put_all(want, grain, out);
	diag_buf_puts(out, ") or (vlan and (");
	put_all(want, grain, out);
	diag_buf_puts(out, "))");
	return grain;
}

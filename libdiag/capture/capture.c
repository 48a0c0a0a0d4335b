/* SPDX-License-Identifier: MIT */
/* capture.c - see capture.h: a packet on its way through the dissectors. */
#include "capture/internal.h"

#include <pcap/dlt.h>
#include <stdio.h>

#include "base/mem.h"

/* Beginnings of all connections together, bytes. */
#define BUDGET ((size_t)12 << 20)
#define ARENA  ((size_t)24 << 20)

static const struct {
	int dlt;
	cap_link_read *read;
} links[] = {
	{ DLT_EN10MB, cap_ethernet },
	{ DLT_LINUX_SLL, cap_cooked1 },
	{ DLT_LINUX_SLL2, cap_cooked2 },
	{ DLT_RAW, cap_raw },
	{ DLT_IPV4, cap_raw },
	{ DLT_IPV6, cap_raw },
	{ DLT_NULL, cap_null },
	{ DLT_LOOP, cap_loop },
	{ DLT_PPP, cap_ppp },
	{ DLT_PPP_SERIAL, cap_ppp },
	{ DLT_PPP_PPPD, cap_ppp },
};

static bool make_tables(struct diag_capture *c)
{
	c->handshake = diag_alloc(STREAM_MAX);
	return c->handshake != NULL && cap_facts_init(c) && cap_names_init(c) &&
	       cap_dns_init(c) && cap_datagrams_init(c) &&
	       cap_arrivals_init(c) && cap_flows_init(c);
}

bool diag_capture_new(const struct diag_capture_options *o,
		      struct diag_capture **out, struct diag_err *err)
{
	struct diag_capture *c = diag_alloc(sizeof(*c));

	if (c == NULL)
		return diag_fail_nomem(err, "capture");
	c->o = *o;
	c->budget.max = BUDGET;
	diag_arena_init(&c->arena, ARENA);
	diag_arena_init(&c->scratch, (size_t)4 << 20);
	if (!make_tables(c)) {
		diag_capture_free(c);
		return diag_fail_nomem(err, "capture");
	}
	for (size_t i = 0; i < o->n_pins; i++)
		cap_names_add(c, &o->pins[i].addr, o->pins[i].name);
	*out = c;
	return true;
}

void diag_capture_free(struct diag_capture *c)
{
	if (c == NULL)
		return;
	cap_flows_free(c);
	cap_dns_free(c);
	cap_datagrams_free(c);
	cap_arrivals_free(c);
	cap_names_free(c);
	cap_facts_free(c);
	diag_free(c->who);
	diag_free(c->handshake);
	diag_arena_clear(&c->arena);
	diag_arena_clear(&c->scratch);
	diag_free(c);
}

cap_link_read *cap_link_of(int dlt)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (links[i].dlt == dlt)
			return links[i].read;
	return NULL;
}

bool diag_capture_link(struct diag_capture *c, int dlt, const char *name,
		       struct diag_err *err)
{
	cap_link_read *read = cap_link_of(dlt);

	if (read != NULL) {
		c->link = read;
		c->all_interfaces =
		    (c->all_interfaces || !c->linked) && dlt == DLT_LINUX_SLL2;
		c->linked = true;
		return true;
	}
	return diag_fail(err, DIAG_EPARSE, "capture",
			 "expected Ethernet, Linux cooked, raw IP, loopback or "
			 "PPP packets, got link type %d (%s)",
			 dlt, name != NULL ? name : "unknown");
}

static void transport(struct diag_capture *c, struct cap_packet *p)
{
	cap_node_packet(c, p);
	if (p->proto == PROTO_TCP)
		cap_tcp(c, p);
	else if (p->proto == PROTO_UDP)
		cap_udp(c, p);
	else if (p->proto == PROTO_ICMP || p->proto == PROTO_ICMP6)
		cap_icmp(c, p);
}

static void network(struct diag_capture *c, struct cap_packet *p,
		    unsigned ethertype)
{
	enum cap_ip ip = ethertype == ETHERTYPE_IP4 ? cap_ip4(p) : cap_ip6(p);

	c->seen.counts.cut += p->missing > 0;
	if (ip == CAP_IP_BAD) {
		c->seen.counts.malformed++;
		return;
	}
	c->seen.counts.fragments += ip == CAP_IP_FRAGMENT || p->fragment;
	if (ip == CAP_IP_WHOLE)
		transport(c, p);
}

static void note_time(struct diag_capture_seen *s, int64_t at_us)
{
	if (s->counts.packets == 0)
		s->first_us = s->last_us = at_us;
	if (at_us > s->last_us)
		s->last_us = at_us;
}

bool diag_capture_feed(struct diag_capture *c,
		       const struct diag_capture_packet *packet,
		       struct diag_err *err)
{
	static const struct cap_packet blank; /* copied faster than cleared */
	struct cap_packet p = blank;
	struct diag_capture_counts *n = &c->seen.counts;
	unsigned ethertype = 0;

	p.at_us = packet->at_us;
	note_time(&c->seen, packet->at_us);
	cap_node_time(c, packet->at_us);
	n->packets++;
	n->bytes += packet->wire_len;
	p.at = diag_cursor_of(packet->bytes, packet->len);
	if (packet->wire_len > packet->len)
		p.missing = packet->wire_len - packet->len;
	if (c->recorded != NULL)
		cap_cooked_way(c->link, &p);
	if (c->link == NULL || !c->link(&p.at, &ethertype) ||
	    !cap_inner_type(&p.at, &ethertype))
		n->malformed++;
	else if (ethertype != ETHERTYPE_IP4 && ethertype != ETHERTYPE_IP6)
		n->not_ip++;
	else
		network(c, &p, ethertype);
	if (!c->failed)
		return true;
	if (err != NULL && err->code == DIAG_OK)
		*err = c->err;
	return false;
}

bool diag_capture_end(struct diag_capture *c, struct diag_err *err)
{
	struct cap_flow *f;

	cap_clients_end(c);
	cap_dns_end(c);
	cap_datagrams_end(c);
	for (f = c->flows.oldest; f != NULL; f = f->newer)
		cap_flow_end(c, f);
	cap_arrivals_end(c);
	if (!c->failed)
		return true;
	if (err != NULL && err->code == DIAG_OK)
		*err = c->err;
	return false;
}

void diag_capture_lost(struct diag_capture *c, uint64_t n)
{
	c->seen.counts.lost += n;
}

const struct diag_capture_seen *diag_capture_seen(const struct diag_capture *c)
{
	return &c->seen;
}

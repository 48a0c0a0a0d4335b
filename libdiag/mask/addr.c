/* SPDX-License-Identifier: MIT */
/* addr.c - addresses become addresses of the same sort.
 *
 * A private one is changed bit by bit: whether bit n is turned over depends on
 * the key and the n bits before it, so two addresses share as many leading bits
 * afterwards as before (Xu, Fan, Ammar, Moon: Prefix-preserving IP address
 * anonymization, 2002).  Bits that make it what it is (10/8, 172.17/16, …) are
 * left alone.
 *
 * A public one that belongs to a known network (the inventory's, an
 * interface's) goes to a network of the same size, and the rest of its bits as
 * above; any other goes alone to a documentation address (RFC 5737), and when
 * those are used up to DIAG_SCOPE_STAND_IN.  IPv6: to 2001:db8::/32 (RFC 3849),
 * by the site (/48).
 */
#include <stdio.h>
#include <string.h>

#include "mask/internal.h"
#include "net/scope.h"

#define V4_BITS	      32
#define DOC_TRIES     4
#define NET_TRIES     64
#define NET_MIN	      12 /* a shorter prefix is much of the Internet: nobody */
#define SITE_BITS     48
#define STAND_IN_BITS 6
#define NETS_MAX      4096

#define V4(a, b, c, d, n)                                           \
	{                                                           \
		{ .family = DIAG_IPV4, .bytes = { a, b, c, d } }, n \
	}
#define V6(n, ...)                                                   \
	{                                                            \
		{ .family = DIAG_IPV6, .bytes = { __VA_ARGS__ } }, n \
	}

/* Nothing inside changes: they name nobody. */
static const struct diag_cidr fixed[] = {
	V4(192, 0, 0, 0, 24), /* RFC 6890: 192.0.0.170 of ipv4only.arpa */
	V4(100, 64, 0, 0, 16),
	V4(6, 6, 0, 0, 16),
	V4(198, 18, 0, 0, 15),
	V4(169, 254, 169, 254, 32),
	V4(8, 8, 8, 8, 32),
	V4(8, 8, 4, 4, 32),
	V4(1, 1, 1, 1, 32),
	V4(1, 0, 0, 1, 32),
	V4(1, 1, 1, 2, 32),
	V4(1, 0, 0, 2, 32),
	V4(9, 9, 9, 9, 32),
	V4(149, 112, 112, 112, 32),
	V4(208, 67, 222, 222, 32),
	V4(208, 67, 220, 220, 32),
	V4(94, 140, 14, 14, 32),
	V4(94, 140, 15, 15, 32),
	V4(4, 2, 2, 1, 32),
	V4(4, 2, 2, 2, 32),
	V6(128, 0x20, 0x01, 0x48, 0x60, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0,
	   0x88, 0x88),
	V6(128, 0x20, 0x01, 0x48, 0x60, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0,
	   0x88, 0x44),
	V6(128, 0x26, 0x06, 0x47, 0, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11,
	   0x11),
	V6(128, 0x26, 0x06, 0x47, 0, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
	   0x01),
	V6(128, 0x26, 0x20, 0, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfe),
	V6(128, 0x26, 0x20, 0, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x09),
};

/* Bits up to these lengths are what makes an address what it is. */
static const struct diag_cidr classes[] = {
	V4(10, 0, 0, 0, 8),
	V4(172, 16, 0, 0, 12),
	V4(172, 17, 0, 0, 16),
	V4(192, 168, 0, 0, 16),
	V4(100, 64, 0, 0, 10),
	V4(100, 64, 0, 0, 16),
	V4(169, 254, 0, 0, 16),
	V4(169, 254, 169, 254, 32),
	V6(8, 0xfc),
	V6(8, 0xfd),
	V6(64, 0xfe, 0x80),
};

#define N(list) (sizeof(list) / sizeof(*(list)))

static bool is_fixed(const struct diag_addr *a)
{
	for (size_t i = 0; i < N(fixed); i++)
		if (diag_cidr_has(&fixed[i], a))
			return true;
	return false;
}

static unsigned bit(const struct diag_addr *a, unsigned n)
{
	return a->bytes[n / 8] >> (7 - n % 8) & 1;
}

static unsigned common(const struct diag_addr *a, const struct diag_addr *b,
		       unsigned most)
{
	unsigned n = 0;

	while (n < most && bit(a, n) == bit(b, n))
		n++;
	return n;
}

/* The first bits that may be turned over: behind the longest part that it
 * shares with a class on the way to it. */
static bool is_pinned(const struct diag_addr *a, unsigned n)
{
	for (size_t i = 0; i < N(classes); i++)
		if (classes[i].addr.family == a->family && classes[i].len > n &&
		    common(a, &classes[i].addr, n) == n)
			return true;
	return false;
}

static const unsigned char *node_of(struct diag_mask *m,
				    const struct diag_addr *a, unsigned bytes)
{
	struct mask_node wanted = { .family = (uint8_t)a->family,
				    .bytes = (uint8_t)(bytes + 1) };
	unsigned at = (unsigned)a->family * 31 + bytes;
	struct mask_node *n;
	char what[16];

	memcpy(wanted.prefix, a->bytes, bytes);
	for (unsigned i = 0; i < bytes; i++)
		at = at * 31 + a->bytes[i];
	n = &m->nodes[at % MASK_NODES];
	if (memcmp(n, &wanted, offsetof(struct mask_node, sum)) != 0) {
		*n = wanted;
		(void)snprintf(what, sizeof(what), "v%d/%u", (int)a->family,
			       bytes * 8);
		mask_hash(m, what, a->bytes, bytes, n->sum);
	}
	return n->sum;
}

/* Turn over the bits from first on.  One hash decides for the 255 nodes below
 * each whole byte: the heap's numbers are the hash's bits. */
static struct diag_addr turned(struct diag_mask *m, const struct diag_addr *a,
			       unsigned first)
{
	unsigned bits = (unsigned)diag_addr_len(a) * 8;
	const unsigned char *sum = node_of(m, a, first / 8);
	struct diag_addr out = *a;
	unsigned node = 1;

	for (unsigned n = first / 8 * 8; n < bits; n++) {
		if (n % 8 == 0 && n > 0) {
			sum = node_of(m, a, n / 8);
			node = 1;
		}
		if (n >= first && (sum[node / 8] >> node % 8 & 1) != 0 &&
		    !is_pinned(a, n))
			out.bytes[n / 8] ^= (uint8_t)(1U << (7 - n % 8));
		node = node * 2 + bit(a, n);
	}
	return out;
}

/* --- public addresses ----------------------------------------------------- */

static void copy_bits(struct diag_addr *to, const struct diag_addr *from,
		      unsigned len)
{
	for (unsigned n = 0; n < len; n++) {
		uint8_t one = (uint8_t)(1U << (7 - n % 8));

		to->bytes[n / 8] = (uint8_t)((to->bytes[n / 8] & ~one) |
					     (from->bytes[n / 8] & one));
	}
}

static void clear_bits(struct diag_addr *a, unsigned from)
{
	struct diag_addr keep = { .family = a->family };

	copy_bits(&keep, a, from);
	memcpy(a->bytes, keep.bytes, sizeof(a->bytes));
}

/* A place of len bits for a network: try number i. */
static struct diag_cidr stand_in(struct diag_mask *m,
				 const struct diag_cidr *net, unsigned i)
{
	static const struct diag_cidr v4 = V4(244, 0, 0, 0, STAND_IN_BITS);
	static const struct diag_cidr v6 = V6(32, 0x20, 0x01, 0x0d, 0xb8);
	static const uint8_t docs[][3] = { { 192, 0, 2 },
					   { 198, 51, 100 },
					   { 203, 0, 113 } };
	const struct diag_cidr *room =
	    net->addr.family == DIAG_IPV4 ? &v4 : &v6;
	struct diag_cidr to = { .addr.family = net->addr.family,
				.len = net->len };
	unsigned char sum[MASK_HASH];
	char what[32];

	(void)snprintf(what, sizeof(what), "net/%u/%u", (unsigned)net->len, i);
	mask_hash(m, what, net->addr.bytes, diag_addr_len(&net->addr), sum);
	if (net->addr.family == DIAG_IPV4 && net->len == V4_BITS &&
	    i < DOC_TRIES) {
		memcpy(to.addr.bytes, docs[sum[0] % 3], 3);
		to.addr.bytes[3] = (uint8_t)(1 + sum[1] % 254);
		return to;
	}
	memcpy(to.addr.bytes, sum, diag_addr_len(&net->addr));
	copy_bits(&to.addr, &room->addr, room->len);
	clear_bits(&to.addr, net->len);
	return to;
}

static bool is_free(const struct diag_mask *m, const struct diag_cidr *to)
{
	for (size_t i = 0; i < m->n_nets; i++)
		if (diag_cidr_overlaps(&m->nets[i].to, to))
			return false;
	return true;
}

static const struct mask_net *net_of(const struct diag_mask *m,
				     const struct diag_addr *a)
{
	for (size_t i = 0; i < m->n_nets; i++)
		if (diag_cidr_has(&m->nets[i].from, a))
			return &m->nets[i];
	return NULL;
}

static const struct mask_net *add_net(struct diag_mask *m,
				      const struct diag_cidr *net)
{
	struct mask_net *n;
	struct diag_cidr to = { .len = 0 };
	bool found = false;

	for (unsigned i = 0; i < NET_TRIES && !found; i++) {
		to = stand_in(m, net, i);
		found = is_free(m, &to);
	}
	if (!found || m->n_nets >= NETS_MAX) {
		m->failed = DIAG_ELIMIT;
		return NULL;
	}
	n = diag_arena_push(&m->arena, &m->nets, &m->n_nets, sizeof(*n));
	if (n == NULL) {
		m->failed = DIAG_ENOMEM;
		return NULL;
	}
	n->from = *net;
	n->to = to;
	return n;
}

static bool is_public(const struct diag_addr *a)
{
	return diag_scope_of(a) == DIAG_SCOPE_PUBLIC && !is_fixed(a);
}

void mask_learn_net(struct diag_mask *m, const struct diag_cidr *net)
{
	unsigned least = net->addr.family == DIAG_IPV4 ? NET_MIN : SITE_BITS;

	if (net->len >= least && is_public(&net->addr) &&
	    net_of(m, &net->addr) == NULL)
		(void)add_net(m, net);
}

/* One address by itself: a place that no other has. */
static struct diag_addr alone(struct diag_mask *m, const struct diag_addr *a)
{
	struct diag_cidr from = { .addr = *a, .len = V4_BITS };
	char text[DIAG_ADDR_TEXT];

	for (unsigned i = 0; i < NET_TRIES; i++) {
		struct diag_cidr to = stand_in(m, &from, i);

		(void)diag_addr_text(&to.addr, text);
		if (is_free(m, &to) &&
		    mask_table_find(&m->taken, text, strlen(text)) == NULL)
			return to.addr;
	}
	m->failed = DIAG_ELIMIT;
	return *a;
}

static struct diag_addr public_addr(struct diag_mask *m,
				    const struct diag_addr *a)
{
	const struct mask_net *n = net_of(m, a);
	struct diag_cidr site = { .addr = *a, .len = SITE_BITS };
	struct diag_addr out;

	if (n == NULL && a->family == DIAG_IPV4)
		return alone(m, a);
	clear_bits(&site.addr, SITE_BITS);
	if (n == NULL)
		n = add_net(m, &site);
	if (n == NULL)
		return *a;
	out = turned(m, a, n->from.len);
	copy_bits(&out, &n->to.addr, n->to.len);
	return out;
}

/* --- any address ---------------------------------------------------------- */

/* ::ffff:0:0/96 (RFC 4291, 2.5.5.2) and the NAT64 prefixes (RFC 6052) hold an
 * IPv4 address in their last four bytes. */
static bool embeds(const struct diag_mask *m, const struct diag_addr *a)
{
	static const struct diag_cidr mapped =
	    V6(96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);
	struct diag_addr v4;

	if (a->family != DIAG_IPV6)
		return false;
	for (size_t i = 0; i < m->n_nat64; i++)
		if (diag_cidr_has(&m->nat64[i], a))
			return true;
	return diag_cidr_has(&mapped, a) || diag_scope_dns64(a, NULL, &v4);
}

static struct diag_addr plain_addr(struct diag_mask *m,
				   const struct diag_addr *a)
{
	enum diag_scope scope = diag_scope_of(a);

	if (is_fixed(a))
		return *a;
	if (scope == DIAG_SCOPE_PUBLIC)
		return public_addr(m, a);
	if (diag_scope_is_private(scope) || scope == DIAG_SCOPE_DOCKER ||
	    scope == DIAG_SCOPE_LINK_LOCAL)
		return turned(m, a, 0);
	return *a;
}

/* As it was mapped before, or now for the first time. */
static struct diag_addr paired(struct diag_mask *m, const struct diag_addr *a)
{
	char from[DIAG_ADDR_TEXT], to[DIAG_ADDR_TEXT];
	struct diag_slice key = { diag_addr_text(a, from), 0 };
	const struct mask_entry *e;
	struct diag_addr out = *a;

	key.len = strlen(from);
	e = mask_table_find(&m->pairs, from, key.len);
	if (mask_is_kept(m, from, key.len) ||
	    (e != NULL && !diag_addr_parse(e->value, &out)))
		return *a;
	if (e != NULL)
		return out;
	out = plain_addr(m, a);
	if (!mask_pair(m, MASK_ADDRESS, key, diag_addr_text(&out, to)))
		m->failed = DIAG_ELIMIT;
	return out;
}

static struct diag_addr embedded(struct diag_mask *m, const struct diag_addr *a)
{
	struct diag_addr v4 = diag_addr_v4(a->bytes[12], a->bytes[13],
					   a->bytes[14], a->bytes[15]);
	struct diag_addr in = paired(m, &v4), out = *a;
	bool own = false;

	for (size_t i = 0; i < m->n_nat64; i++)
		own |= diag_cidr_has(&m->nat64[i], a);
	if (own) { /* the prefix is this network's own */
		memset(out.bytes + 12, 0, 4);
		out = plain_addr(m, &out);
	}
	memcpy(out.bytes + 12, in.bytes, 4);
	return out;
}

struct diag_addr mask_addr(struct diag_mask *m, const struct diag_addr *a)
{
	struct diag_addr out, bare = *a;

	memset(bare.zone, 0, sizeof(bare.zone));
	out = embeds(m, &bare) ? embedded(m, &bare) : paired(m, &bare);
	memcpy(out.zone, a->zone, sizeof(out.zone));
	return out;
}

struct diag_cidr mask_cidr(struct diag_mask *m, const struct diag_cidr *c)
{
	struct diag_cidr out = *c;
	unsigned least = c->addr.family == DIAG_IPV4 ? NET_MIN : SITE_BITS;

	if (c->len == 0 ||
	    (diag_scope_of(&c->addr) == DIAG_SCOPE_PUBLIC && c->len < least))
		return out;
	if (c->len < diag_addr_len(&c->addr) * 8)
		mask_learn_net(m, c);
	else {
		out.addr = mask_addr(m, &c->addr);
		return out;
	}
	out.addr = embeds(m, &c->addr) ? embedded(m, &c->addr)
				       : plain_addr(m, &c->addr);
	clear_bits(&out.addr, c->len);
	return out;
}

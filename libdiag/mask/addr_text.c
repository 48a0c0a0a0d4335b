/* SPDX-License-Identifier: MIT */
/* addr_text.c - addresses in text, in all the ways they are written. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define QUAD_MAX   15
#define V6_MAX	   45
#define LENGTH_MAX 3
#define NIBBLES	   32
#define MAC_BYTES  6
#define LOCAL_BIT  2 /* of a MAC's first byte; turned in an address */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* "/24" behind an address: how many bytes, and the number. */
static size_t length_at(const struct mask_scan *s, size_t at, unsigned *bits)
{
	size_t n = 0;

	*bits = 0;
	if (mask_byte(s, at) != '/')
		return 0;
	while (n < LENGTH_MAX && is_digit(mask_byte(s, at + 1 + n)))
		*bits =
		    *bits * 10 + (unsigned)(mask_byte(s, at + 1 + n++) - '0');
	if (n == 0 || is_digit(mask_byte(s, at + 1 + n)) ||
	    mask_byte(s, at + 1 + n) == '.')
		return 0;
	return n + 1;
}

static bool is_network(const struct diag_addr *a, unsigned bits,
		       struct diag_cidr *out)
{
	char text[DIAG_ADDR_TEXT + 8];
	char bare[DIAG_ADDR_TEXT];

	if (a->zone[0] != '\0' || bits > diag_addr_len(a) * 8)
		return false;
	(void)snprintf(text, sizeof(text), "%s/%u", diag_addr_text(a, bare),
		       bits);
	return diag_cidr_parse(text, false, out);
}

/* Put the address, and a prefix length as it is.  Gives where it ends. */
static size_t put_addr(struct mask_scan *s, size_t from, size_t to,
		       const struct diag_addr *a)
{
	struct diag_addr masked;
	struct diag_cidr net;
	char text[DIAG_ADDR_TEXT];
	unsigned bits;
	size_t more = length_at(s, to, &bits);

	if (more > 0 && is_network(a, bits, &net)) {
		net = mask_cidr(s->m, &net);
		masked = net.addr;
	} else {
		masked = mask_addr(s->m, a);
	}
	if (!diag_addr_eq(&masked, a))
		mask_put(s, from, to, MASK_ADDRESS,
			 diag_addr_text(&masked, text));
	return to + more;
}

/* A dotted quad: its length.  What stands behind must not go on with it. */
static size_t quad_at(const char *text, size_t len, struct diag_addr *out)
{
	size_t n = 0, dots = 0;

	while (n < len && n < QUAD_MAX &&
	       (is_digit(text[n]) || (text[n] == '.' && dots < 3)))
		dots += text[n++] == '.';
	if (dots < 3 ||
	    (n < len && (mask_is_word(text[n]) || text[n] == '_')) ||
	    (n + 1 < len && text[n] == '.' && is_digit(text[n + 1])))
		return 0;
	return diag_addr_parse_n(text, n, out) ? n : 0;
}

/* A quad without a length, as it was masked before. */
static bool remembered(struct mask_scan *s, size_t from, size_t to)
{
	const struct mask_entry *e =
	    mask_table_find(&s->m->quads, s->text + from, to - from);

	if (e == NULL || mask_byte(s, to) == '/')
		return false;
	if (e->value != NULL)
		mask_put(s, from, to, MASK_ADDRESS, e->value);
	return true;
}

static void remember(struct mask_scan *s, size_t from, size_t to,
		     const struct diag_addr *a)
{
	struct diag_addr masked = mask_addr(s->m, a);
	char text[DIAG_ADDR_TEXT];
	struct mask_entry *e;

	if (s->m->quads.n >= DIAG_MASK_PAIRS || s->m->failed != DIAG_OK)
		return;
	e = mask_table_put(&s->m->quads, &s->m->arena, s->text + from,
			   to - from);
	if (e != NULL && !diag_addr_eq(&masked, a))
		e->value = diag_arena_strdup(&s->m->arena,
					     diag_addr_text(&masked, text));
	if (e == NULL || (e->value == NULL && !diag_addr_eq(&masked, a)))
		s->m->failed = DIAG_ENOMEM;
}

/* Digits and dots, and what stands behind does not go on with them. */
static size_t quad_end(const struct mask_scan *s, size_t at, size_t end)
{
	size_t n = at;

	while (n < end && (is_digit(s->text[n]) || s->text[n] == '.'))
		n++;
	while (n > at && s->text[n - 1] == '.')
		n--;
	return n < end && (mask_is_word(s->text[n]) || s->text[n] == '_') ? at
									  : n;
}

bool mask_ipv4(struct mask_scan *s, struct mask_run *r)
{
	if ((r->has & MASK_HAS_DIGIT) == 0)
		return false;
	for (size_t at = r->at; at < r->end; at++) {
		struct diag_addr a;
		size_t n;

		if (!is_digit(s->text[at]) ||
		    (at > r->at &&
		     (mask_is_word(s->text[at - 1]) || s->text[at - 1] == '.')))
			continue;
		n = quad_end(s, at, r->end);
		if (at == r->at && n > at && remembered(s, at, n)) {
			r->end = n;
			return true;
		}
		n = quad_at(s->text + at, r->end - at, &a);
		if (n == 0)
			continue;
		mask_put_pieces(s, r->at, at);
		remember(s, at, at + n, &a);
		r->end = put_addr(s, at, at + n, &a);
		return true;
	}
	return false;
}

/* The longest beginning that is an address; a zone (RFC 4007) is kept. */
static size_t v6_at(const struct mask_scan *s, size_t at, struct diag_addr *out)
{
	size_t n = 0, colons = 0;
	bool gap = false;

	while (n < V6_MAX &&
	       (is_hex(mask_byte(s, at + n)) || mask_byte(s, at + n) == ':' ||
		(mask_byte(s, at + n) == '.' && colons > 1))) {
		bool colon = mask_byte(s, at + n) == ':';

		gap |= colon && mask_byte(s, at + n + 1) == ':';
		colons += colon;
		n++;
	}
	/* "12:34:56": without "::" there are six before an IPv4 address. */
	if (colons < (gap ? 2 : 6) || mask_is_word(mask_byte(s, at + n)))
		return 0;
	while (n > 1 && !diag_addr_parse_n(s->text + at, n, out)) {
		char last = s->text[at + n - 1];

		if (last != ':' && last != '.')
			return 0;
		n--;
	}
	return n > 1 ? n : 0;
}

bool mask_ipv6(struct mask_scan *s, struct mask_run *r)
{
	struct diag_addr a;
	size_t n, from = r->at;

	/* "addr-fe80::1" is nobody's way to write it. */
	if (from > 0 &&
	    (mask_is_run(s->text[from - 1]) || s->text[from - 1] == ':') &&
	    s->text[from] != ':')
		return false;
	n = v6_at(s, from, &a);
	if (n == 0 || a.family != DIAG_IPV6 ||
	    mask_is_here(s, from + n, "-mask")) /* "::add-mask::", of GitHub */
		return false;
	r->end = put_addr(s, from, from + n, &a);
	return true;
}

static unsigned hex_value(char c)
{
	return is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

/* The address of a link that is made of its MAC (RFC 4291, A): it names the
 * machine as the MAC does. */
bool mask_eui64(struct mask_scan *s, struct mask_run *r)
{
	char hex[2 * MAC_BYTES + 1], text[DIAG_ADDR_TEXT];
	struct diag_addr a;
	uint8_t *id = a.bytes + 8;
	size_t n, from = r->at;
	const char *to;

	if (s->level >= DIAG_MASK_ADDRESSES ||
	    (from > 0 &&
	     (mask_is_run(s->text[from - 1]) || s->text[from - 1] == ':')))
		return false;
	n = v6_at(s, from, &a);
	if (n == 0 || a.family != DIAG_IPV6 || id[3] != 0xff || id[4] != 0xfe)
		return false;
	(void)snprintf(hex, sizeof(hex), "%02x%02x%02x%02x%02x%02x",
		       id[0] ^ LOCAL_BIT, id[1], id[2], id[5], id[6], id[7]);
	to = mask_mac(s->m, hex);
	for (size_t i = 0; i < MAC_BYTES && to[0] != '\0'; i++)
		id[i < 3 ? i : i + 2] = (uint8_t)(hex_value(to[2 * i]) << 4 |
						  hex_value(to[2 * i + 1]));
	id[0] ^= LOCAL_BIT;
	mask_put(s, from, from + n, MASK_MAC, diag_addr_text(&a, text));
	r->end = from + n;
	return true;
}

/* --- reverse names (RFC 1035, 3.5; RFC 3596, 2.5) ------------------------- */

/* "4.0.0.10": as many of an address' bytes as there are, the last first. */
static size_t reverse_v4(const char *text, size_t len, struct diag_addr *a,
			 unsigned *bytes)
{
	unsigned given[4] = { 0 };
	size_t n = 0;

	for (*bytes = 0; *bytes < 4; (*bytes)++) {
		size_t from = n;

		while (n < len && is_digit(text[n]) && n - from < 3)
			given[*bytes] =
			    given[*bytes] * 10 + (unsigned)(text[n++] - '0');
		if (n == from || given[*bytes] > 255 || n == len ||
		    text[n] != '.')
			break;
		n++;
	}
	*a = diag_addr_v4(0, 0, 0, 0);
	for (unsigned i = 0; i < *bytes; i++)
		a->bytes[*bytes - 1 - i] = (uint8_t)given[i];
	return n;
}

static size_t reverse_v6(const char *text, size_t len, struct diag_addr *a,
			 unsigned *nibbles)
{
	char given[NIBBLES];
	size_t n = 0;

	*nibbles = 0;
	while (*nibbles < NIBBLES && n + 1 < len && is_hex(text[n]) &&
	       text[n + 1] == '.') {
		given[(*nibbles)++] = text[n];
		n += 2;
	}
	*a = (struct diag_addr){ .family = DIAG_IPV6 };
	for (unsigned i = 0; i < *nibbles; i++) {
		char c = mask_small(given[*nibbles - 1 - i]);
		unsigned v = (unsigned)(is_digit(c) ? c - '0' : c - 'a' + 10);

		a->bytes[i / 2] |= (uint8_t)(i % 2 == 0 ? v << 4 : v);
	}
	return n;
}

static void put_reverse(struct mask_scan *s, const struct mask_run *r, size_t n,
			const struct diag_cidr *net)
{
	struct diag_cidr to = mask_cidr(s->m, net);
	char text[NIBBLES * 2 + 1] = "";
	size_t at = 0;

	for (unsigned i = net->len; i > 0;) {
		unsigned byte;

		i -= net->addr.family == DIAG_IPV4 ? 8 : 4;
		byte = to.addr.bytes[i / 8];
		if (net->addr.family == DIAG_IPV6)
			byte = i % 8 == 0 ? byte >> 4 : byte & 15;
		at += (size_t)snprintf(
		    text + at, sizeof(text) - at,
		    net->addr.family == DIAG_IPV4 ? "%u." : "%x.", byte);
	}
	if (n != at || memcmp(text, s->text + r->at, n) != 0)
		mask_put(s, r->at, r->at + n, MASK_ADDRESS, text);
}

bool mask_reverse(struct mask_scan *s, struct mask_run *r)
{
	const char *text = s->text + r->at;
	size_t len = r->end - r->at, n;
	struct diag_cidr net = { .len = 0 };
	unsigned parts = 0;

	if (len < 8 || (mask_small(text[len - 1]) != 'a' &&
			mask_small(text[len - 2]) != 'a'))
		return false; /* no ".arpa" and no ".arpa." */
	n = reverse_v4(text, len, &net.addr, &parts);
	if (diag_text_find_nocase(text + n, len - n, "in-addr.arpa") ==
	    text + n) {
		net.len = (uint8_t)(parts * 8);
	} else {
		n = reverse_v6(text, len, &net.addr, &parts);
		if (diag_text_find_nocase(text + n, len - n, "ip6.arpa") !=
		    text + n)
			return false;
		net.len = (uint8_t)(parts * 4);
	}
	if (parts == 0)
		return false;
	put_reverse(s, r, n, &net);
	return true;
}

/* --- "ip-10-0-0-4" -------------------------------------------------------- */

/* Four numbers with dashes; "1-2-3-4-5" are five. */
static size_t dashed_at(const struct mask_scan *s, size_t at, size_t end,
			struct diag_addr *out)
{
	char quad[QUAD_MAX + 1];
	size_t n = 0, dashes = 0;

	while (at + n < end && n < QUAD_MAX &&
	       (is_digit(s->text[at + n]) ||
		(s->text[at + n] == '-' && dashes < 3))) {
		quad[n] = s->text[at + n];
		if (quad[n] == '-') {
			quad[n] = '.';
			dashes++;
		}
		n++;
	}
	if (dashes < 3 || (at + n < end && (s->text[at + n] == '-' ||
					    mask_is_word(s->text[at + n]))))
		return 0;
	return diag_addr_parse_n(quad, n, out) ? n : 0;
}

bool mask_dashed(struct mask_scan *s, struct mask_run *r)
{
	for (size_t at = r->at; at < r->end; at++) {
		char text[DIAG_ADDR_TEXT];
		struct diag_addr a, to;
		size_t n;

		if (!is_digit(s->text[at]) ||
		    (at > r->at && mask_is_word(s->text[at - 1])))
			continue;
		n = dashed_at(s, at, r->end, &a);
		if (n == 0)
			continue;
		mask_put_pieces(s, r->at, at);
		to = mask_addr(s->m, &a);
		(void)diag_addr_text(&to, text);
		for (char *p = text; *p != '\0'; p++)
			if (*p == '.')
				*p = '-';
		if (!diag_addr_eq(&a, &to))
			mask_put(s, at, at + n, MASK_ADDRESS, text);
		r->end = at + n;
		return true;
	}
	return false;
}

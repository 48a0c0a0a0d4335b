/* SPDX-License-Identifier: MIT */
/* cidr.c - prefixes (RFC 4632, RFC 4291 section 2.3) and end points. */
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "net/addr.h"

static uint8_t all_bits(const struct diag_addr *a)
{
	return (uint8_t)(diag_addr_len(a) * 8);
}

/* The bits of byte i that a prefix of len bits covers. */
static uint8_t mask_of(unsigned len, size_t i)
{
	size_t before = i * 8;

	if (len >= before + 8)
		return 0xff;
	if (len <= before)
		return 0;
	return (uint8_t)(0xff00U >> (len - before) & 0xff);
}

static bool clear_host_bits(struct diag_cidr *c)
{
	bool were_set = false;

	for (size_t i = 0; i < diag_addr_len(&c->addr); i++) {
		uint8_t mask = mask_of(c->len, i);

		were_set = were_set || (c->addr.bytes[i] & ~mask) != 0;
		c->addr.bytes[i] &= mask;
	}
	return were_set;
}

static bool parse_len(struct diag_slice s, uint8_t max, uint8_t *out)
{
	uint64_t n;

	if ((s.len > 1 && s.p[0] == '0') || !diag_slice_number(s, 0, max, &n))
		return false;
	*out = (uint8_t)n;
	return true;
}

bool diag_cidr_parse(const char *text, bool mask, struct diag_cidr *out)
{
	struct diag_cursor c = diag_cursor_of(text, strlen(text));
	struct diag_slice addr = diag_slice_of(text);
	bool has_len = diag_cursor_until(&c, '/', &addr);
	struct diag_slice len = { (const char *)c.at, diag_cursor_left(&c) };
	struct diag_cidr net = { 0 };

	if (!diag_addr_parse_n(addr.p, addr.len, &net.addr) ||
	    net.addr.zone[0] != '\0')
		return false;
	net.len = all_bits(&net.addr);
	if (has_len && !parse_len(len, net.len, &net.len))
		return false;
	if (clear_host_bits(&net) && !mask)
		return false;
	*out = net;
	return true;
}

const char *diag_cidr_text(const struct diag_cidr *c, char out[DIAG_ADDR_TEXT])
{
	size_t len = strlen(diag_addr_text(&c->addr, out));

	(void)snprintf(out + len, DIAG_ADDR_TEXT - len, "/%u", c->len);
	return out;
}

bool diag_cidr_has(const struct diag_cidr *c, const struct diag_addr *a)
{
	if (c->addr.family != a->family || a->family == DIAG_NOFAM)
		return false;
	for (size_t i = 0; i < diag_addr_len(a); i++)
		if (((c->addr.bytes[i] ^ a->bytes[i]) & mask_of(c->len, i)) !=
		    0)
			return false;
	return true;
}

bool diag_cidr_overlaps(const struct diag_cidr *a, const struct diag_cidr *b)
{
	return a->len <= b->len ? diag_cidr_has(a, &b->addr)
				: diag_cidr_has(b, &a->addr);
}

static bool parse_port(struct diag_slice s, uint16_t *out)
{
	uint64_t n;

	if ((s.len > 1 && s.p[0] == '0') ||
	    !diag_slice_number(s, 1, UINT16_MAX, &n))
		return false;
	*out = (uint16_t)n;
	return true;
}

/* "[ADDR]" or "[ADDR]:PORT"; the bracket is taken already. */
static bool parse_bracketed(struct diag_cursor *c, struct diag_endpoint *e)
{
	struct diag_slice addr;
	struct diag_slice port;

	if (!diag_cursor_until(c, ']', &addr) ||
	    !diag_addr_parse_n(addr.p, addr.len, &e->addr) ||
	    e->addr.family != DIAG_IPV6)
		return false;
	if (diag_cursor_left(c) == 0)
		return true;
	if (!diag_cursor_take(c, ":"))
		return false;
	port = (struct diag_slice){ (const char *)c->at, diag_cursor_left(c) };
	return parse_port(port, &e->port);
}

bool diag_endpoint_parse(const char *text, uint16_t default_port,
			 struct diag_endpoint *out)
{
	struct diag_cursor c = diag_cursor_of(text, strlen(text));
	struct diag_endpoint e = { .port = default_port };
	struct diag_slice addr;
	bool ok;

	if (diag_cursor_take(&c, "[")) {
		ok = parse_bracketed(&c, &e);
	} else if (diag_addr_parse(text, &e.addr)) {
		ok = true;
	} else {
		/* One colon only: IPv6 with a port must stand in brackets. */
		ok = diag_cursor_until(&c, ':', &addr) &&
		     diag_addr_parse_n(addr.p, addr.len, &e.addr) &&
		     parse_port((struct diag_slice){ (const char *)c.at,
						     diag_cursor_left(&c) },
				&e.port);
	}
	if (ok)
		*out = e;
	return ok;
}

const char *diag_endpoint_text(const struct diag_endpoint *e,
			       char out[DIAG_ENDPOINT_TEXT])
{
	bool v6 = e->addr.family == DIAG_IPV6;
	char addr[DIAG_ADDR_TEXT];

	(void)snprintf(out, DIAG_ENDPOINT_TEXT, "%s%s%s:%u", v6 ? "[" : "",
		       diag_addr_text(&e->addr, addr), v6 ? "]" : "", e->port);
	return out;
}

bool diag_endpoint_eq(const struct diag_endpoint *a,
		      const struct diag_endpoint *b)
{
	return a->port == b->port && diag_addr_eq(&a->addr, &b->addr);
}

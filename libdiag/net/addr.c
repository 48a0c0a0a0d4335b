/* SPDX-License-Identifier: MIT */
/* addr.c - addresses read and written by hand.
 *
 * inet_pton(3) differs in small ways between systems and wants headers that
 * are not everywhere; the grammar is short.  IPv4: four decimal parts without
 * leading zeros (a zero in front once meant octal).  IPv6: RFC 4291, section
 * 2.2; written as RFC 5952 says: lower case, no leading zeros, the longest
 * run of two or more zero groups as "::" (the first of equals), and
 * ::ffff:a.b.c.d for mapped addresses.
 */
#include "net/addr.h"

#include <stdio.h>
#include <string.h>

#include "base/cursor.h"

#define GROUPS 8

static bool take_octet(struct diag_cursor *c, uint8_t *out)
{
	unsigned n = 0;
	int len = 0;

	while (diag_cursor_left(c) > 0 && *c->at >= '0' && *c->at <= '9') {
		if (len == 3 || (len == 1 && n == 0))
			return false;
		n = n * 10 + (*c->at++ - (unsigned)'0');
		len++;
	}
	if (len == 0 || n > 255)
		return false;
	*out = (uint8_t)n;
	return true;
}

/* All of s is a dotted quad. */
static bool parse_v4(struct diag_slice s, uint8_t out[4])
{
	struct diag_cursor c = diag_cursor_of(s.p, s.len);

	for (int i = 0; i < 4; i++)
		if ((i > 0 && !diag_cursor_take(&c, ".")) ||
		    !take_octet(&c, &out[i]))
			return false;
	return diag_cursor_left(&c) == 0;
}

static int hex_of(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* What is read so far of an IPv6 text. */
struct v6 {
	uint8_t bytes[16];
	size_t n;   /* bytes read */
	size_t gap; /* where "::" stood, in bytes; 16: nowhere */
};

static bool take_group(struct diag_cursor *c, struct v6 *v)
{
	unsigned n = 0;
	int len = 0;

	while (diag_cursor_left(c) > 0 && hex_of(*c->at) >= 0) {
		if (++len > 4)
			return false;
		n = n * 16 + (unsigned)hex_of(*c->at++);
	}
	if (len == 0 || v->n + 2 > 16)
		return false;
	v->bytes[v->n++] = (uint8_t)(n >> 8);
	v->bytes[v->n++] = (uint8_t)(n & 0xff);
	return true;
}

/* The last 32 bits may be a dotted quad (RFC 4291, 2.2, form 3). */
static bool take_quad(struct diag_cursor *c, struct v6 *v)
{
	struct diag_slice rest = { (const char *)c->at, diag_cursor_left(c) };

	if (v->n + 4 > 16 || !parse_v4(rest, v->bytes + v->n))
		return false;
	v->n += 4;
	c->at = c->end;
	return true;
}

/* A colon, or the one double colon. */
static bool take_colon(struct diag_cursor *c, struct v6 *v)
{
	if (diag_cursor_take(c, "::")) {
		/* Once, and only where a group is left to stand for. */
		if (v->gap != 16 || v->n > 14)
			return false;
		v->gap = v->n;
		return true;
	}
	return v->n > 0 && diag_cursor_take(c, ":") && diag_cursor_left(c) > 0;
}

static bool parse_v6(struct diag_slice s, uint8_t out[16])
{
	struct diag_cursor c = diag_cursor_of(s.p, s.len);
	struct v6 v = { .gap = 16 };
	size_t tail;

	while (diag_cursor_left(&c) > 0) {
		if ((v.n > 0 || *c.at == ':') && !take_colon(&c, &v))
			return false;
		if (diag_cursor_left(&c) > 0 && !take_quad(&c, &v) &&
		    !take_group(&c, &v))
			return false;
	}
	/* "::" stands for at least one group. */
	if (v.gap == 16 ? v.n != 16 : v.n > 14)
		return false;
	tail = v.gap == 16 ? 0 : v.n - v.gap;
	memset(out, 0, 16);
	memcpy(out, v.bytes, v.n - tail);
	memcpy(out + 16 - tail, v.bytes + v.n - tail, tail);
	return true;
}

/* RFC 4007: only where the scope is a link does a zone mean something. */
static bool has_link_scope(const uint8_t b[16])
{
	if (b[0] == 0xfe)
		return (b[1] & 0xc0) == 0x80;
	return b[0] == 0xff && ((b[1] & 15) == 1 || (b[1] & 15) == 2);
}

static bool copy_zone(struct diag_slice zone, struct diag_addr *a)
{
	if (zone.len == 0 || zone.len >= sizeof(a->zone) ||
	    !has_link_scope(a->bytes))
		return false;
	for (size_t i = 0; i < zone.len; i++)
		if (zone.p[i] <= ' ' || zone.p[i] > '~' ||
		    strchr("%/[]", zone.p[i]) != NULL)
			return false;
	memcpy(a->zone, zone.p, zone.len);
	return true;
}

static bool parse_slice(struct diag_slice s, struct diag_addr *out)
{
	struct diag_cursor c = diag_cursor_of(s.p, s.len);
	struct diag_addr a = { .family = DIAG_IPV4 };
	struct diag_slice number = s;
	bool zoned = diag_cursor_until(&c, '%', &number);

	if (zoned || !parse_v4(number, a.bytes)) {
		struct diag_slice zone = { (const char *)c.at,
					   diag_cursor_left(&c) };

		memset(&a, 0, sizeof(a));
		a.family = DIAG_IPV6;
		if (!parse_v6(number, a.bytes) ||
		    (zoned && !copy_zone(zone, &a)))
			return false;
	}
	*out = a;
	return true;
}

bool diag_addr_parse_n(const char *text, size_t len, struct diag_addr *out)
{
	return parse_slice((struct diag_slice){ text, len }, out);
}

bool diag_addr_parse(const char *text, struct diag_addr *out)
{
	return parse_slice(diag_slice_of(text), out);
}

static unsigned group_of(const uint8_t *b, int i)
{
	size_t at = (size_t)i * 2;

	return (unsigned)b[at] << 8 | b[at + 1];
}

static int zeros_from(const uint8_t *b, int i)
{
	int n = 0;

	while (i + n < GROUPS && group_of(b, i + n) == 0)
		n++;
	return n;
}

/* RFC 5952, 4.2: the longest run of zero groups, two at least. */
static void find_gap(const uint8_t *b, int *gap, int *gap_len)
{
	*gap = -1;
	*gap_len = 1;
	for (int i = 0; i < GROUPS; i++) {
		int n = zeros_from(b, i);

		if (n > *gap_len) {
			*gap = i;
			*gap_len = n;
		}
	}
}

/* Lower-case hex of one group without leading zeros. */
static char *put_group(char *p, unsigned group)
{
	static const char hex[] = "0123456789abcdef";
	int shift = 12;

	while (shift > 0 && group >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*p++ = hex[group >> shift & 15];
	return p;
}

static void text_v6(const uint8_t *b, char *out)
{
	int gap;
	int gap_len;
	char *p = out;

	find_gap(b, &gap, &gap_len);
	if (gap == 0 && gap_len == 5 && group_of(b, 5) == 0xffff) {
		(void)snprintf(out, DIAG_ADDR_TEXT, "::ffff:%u.%u.%u.%u", b[12],
			       b[13], b[14], b[15]);
		return;
	}
	for (int i = 0; i < GROUPS; i++) {
		if (i == gap) {
			*p++ = ':';
			*p++ = ':';
			i += gap_len - 1;
			continue;
		}
		if (i > 0 && p[-1] != ':')
			*p++ = ':';
		p = put_group(p, group_of(b, i));
	}
	*p = '\0';
}

static char *put_decimal(char *at, uint8_t n)
{
	if (n >= 100)
		*at++ = (char)('0' + n / 100);
	if (n >= 10)
		*at++ = (char)('0' + n / 10 % 10);
	*at++ = (char)('0' + n % 10);
	return at;
}

/* By hand: a stream of answers writes millions of these. */
static void text_v4(const uint8_t *bytes, char *at)
{
	for (unsigned i = 0; i < 4; i++) {
		if (i > 0)
			*at++ = '.';
		at = put_decimal(at, bytes[i]);
	}
	*at = '\0';
}

const char *diag_addr_text(const struct diag_addr *a, char out[DIAG_ADDR_TEXT])
{
	size_t len;

	out[0] = '\0';
	if (a->family == DIAG_IPV4)
		text_v4(a->bytes, out);
	if (a->family != DIAG_IPV6)
		return out;
	text_v6(a->bytes, out);
	len = strlen(out);
	if (a->zone[0] != '\0')
		(void)snprintf(out + len, DIAG_ADDR_TEXT - len, "%%%.15s",
			       a->zone);
	return out;
}

int diag_addr_cmp(const struct diag_addr *a, const struct diag_addr *b)
{
	int order;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	order = memcmp(a->bytes, b->bytes, diag_addr_len(a));
	if (order == 0)
		order = strncmp(a->zone, b->zone, sizeof(a->zone));
	return (order > 0) - (order < 0);
}

struct diag_addr diag_addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct diag_addr){ .family = DIAG_IPV4,
				   .bytes = { a, b, c, d } };
}

size_t diag_addr_len(const struct diag_addr *a)
{
	if (a->family == DIAG_IPV4)
		return 4;
	return a->family == DIAG_IPV6 ? 16 : 0;
}

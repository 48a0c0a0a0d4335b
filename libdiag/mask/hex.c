/* SPDX-License-Identifier: MIT */
/* hex.c - MAC addresses and fingerprints: hexadecimal with colons, with
 * dashes, or in one. */
#include <string.h>

#include "mask/internal.h"

#define MAC_BYTES 6
#define BYTES_MAX 64

static const char digits[] = "0123456789abcdef";

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

/* How many pairs of digits with sep between them begin here. */
static size_t pairs_at(const struct mask_scan *s, size_t at, char sep)
{
	size_t n = 0;

	while (n < BYTES_MAX && is_hex(mask_byte(s, at)) &&
	       is_hex(mask_byte(s, at + 1))) {
		n++;
		at += 2;
		if (mask_byte(s, at) != sep)
			break;
		at++;
	}
	if (n == 0 || mask_is_word(mask_byte(s, at)) ||
	    (mask_byte(s, at) == sep && sep == '-'))
		return 0;
	return mask_byte(s, at - 1) == sep ? 0 : n;
}

/* The bytes of a text without its separators, in lower case. */
static size_t bare(const struct mask_scan *s, size_t at, size_t len, char *out)
{
	char lower[BYTES_MAX * 3 + 1];
	size_t n = 0;

	if (!mask_lower(s->text + at, len, lower, sizeof(lower)))
		return 0;
	for (size_t i = 0; i < len; i++)
		if (is_hex(lower[i]))
			out[n++] = lower[i];
	return n;
}

static bool is_everybodys(const char *hex, size_t n)
{
	bool zeros = true, ones = true;

	for (size_t i = 0; i < n; i++) {
		zeros &= hex[i] == '0';
		ones &= hex[i] == 'f';
	}
	return zeros || ones ||
	       (n == 12 &&
		(memcmp(hex, "01005e", 6) == 0 || memcmp(hex, "3333", 4) == 0));
}

/* As many digits; a MAC says of itself that somebody made it up (IEEE 802,
 * local bit) and that it is one machine's. */
static const char *hex_for(struct diag_mask *m, enum mask_kind kind,
			   const char *hex, size_t n)
{
	struct diag_slice from = { hex, n };
	const struct mask_entry *e = mask_table_find(&m->pairs, hex, n);
	unsigned char sum[MASK_HASH];
	char to[BYTES_MAX * 2 + 1];

	if (e != NULL)
		return e->value;
	mask_hash(m, "hex", hex, n, sum);
	for (size_t i = 0; i < n; i++)
		to[i] = digits[sum[i / 2 % MASK_HASH] >> (i % 2 ? 0 : 4) & 15];
	if (kind == MASK_MAC)
		to[1] = digits[((unsigned)sum[0] & 12) | 2];
	to[n] = '\0';
	if (!mask_pair(m, kind, from, to))
		m->failed = DIAG_ELIMIT;
	e = mask_table_find(&m->pairs, hex, n);
	return e != NULL ? e->value : "";
}

/* Written as it was: the same signs at the same places. */
static void put_hex(struct mask_scan *s, size_t at, size_t len,
		    enum mask_kind kind)
{
	char hex[BYTES_MAX * 3 + 1], out[BYTES_MAX * 3 + 1];
	size_t n = bare(s, at, len, hex), k = 0;
	const char *to;
	bool upper = false;

	if (n == 0 || is_everybodys(hex, n) || mask_is_kept(s->m, hex, n))
		return;
	to = hex_for(s->m, kind, hex, n);
	for (size_t i = 0; i < len; i++)
		upper |= s->text[at + i] >= 'A' && s->text[at + i] <= 'F';
	for (size_t i = 0; i < len && strlen(to) == n; i++) {
		char c = s->text[at + i];

		if (is_hex(c)) {
			c = to[k++];
			if (upper && c >= 'a')
				c = (char)(c - 'a' + 'A');
		}
		out[i] = c;
	}
	out[len] = '\0';
	if (strlen(to) == n)
		mask_put(s, at, at + len, kind, out);
}

static bool separated(struct mask_scan *s, struct mask_run *r, char sep)
{
	size_t n = pairs_at(s, r->at, sep);

	/* 6: a MAC; 16, 20, 32: MD5, SHA-1, SHA-256 */
	if (n != MAC_BYTES && n != 16 && n != 20 && n != 32)
		return false;
	put_hex(s, r->at, n * 3 - 1, n == MAC_BYTES ? MASK_MAC : MASK_DIGEST);
	r->end = r->at + n * 3 - 1;
	return true;
}

const char *mask_mac(struct diag_mask *m, const char *hex)
{
	return hex_for(m, MASK_MAC, hex, (size_t)MAC_BYTES * 2);
}

size_t mask_mac_name(struct mask_scan *s, size_t at, size_t to)
{
	static const char *const heads[] = { "enx", "wlx", "wwx", "slx" };
	const char *p = s->text + at;
	size_t n = 3;

	if (to - at < MASK_MAC_NAME ||
	    (to - at > MASK_MAC_NAME && mask_is_word(p[MASK_MAC_NAME])))
		return 0;
	while (n < MASK_MAC_NAME && is_hex(p[n]))
		n++;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (n == MASK_MAC_NAME && memcmp(p, heads[i], 3) == 0) {
			put_hex(s, at + 3, n - 3, MASK_MAC);
			return n;
		}
	return 0;
}

bool mask_hex(struct mask_scan *s, struct mask_run *r)
{
	size_t n = 0, len = r->end - r->at;

	if (r->at > 0 && r->at < r->end && s->text[r->at - 1] == ':')
		return false; /* the rest of an address */
	if ((r->has & MASK_AT_COLON) != 0 && separated(s, r, ':'))
		return true;
	if ((r->has & MASK_HAS_DASH) != 0 && separated(s, r, '-'))
		return true;
	if (len != 32 && len != 40 && len != 64 && len != 96 && len != 128)
		return false;
	while (n < len && is_hex(s->text[r->at + n]))
		n++;
	if (n < len || strspn(s->text + r->at, "0123456789") >= len)
		return false;
	put_hex(s, r->at, len, MASK_DIGEST);
	return true;
}

/* SPDX-License-Identifier: MIT */
/* repair.c - first words that were meant to be an address.
 *
 * Guides and chats are where hosts lines come from.  What happens on the way:
 * the blank between address and name is lost, or it becomes one that only
 * looks like a blank (a no-break space), or a comma; a prefix length, a port
 * or brackets stay behind; an octet grows too large; zeros are put in front.
 */
#include <string.h>

#include "hosts/internal.h"
#include "inventory/catalogue.h"

#define ADDR_LONGEST  45 /* characters of an IPv6 address with an IPv4 tail */
#define ADDR_SHORTEST 2	 /* "::" */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* One of a list of characters in UTF-8, as its length. */
static size_t one_of(const char *p, size_t left, const char *const *list)
{
	for (; *list != NULL; list++) {
		size_t len = strlen(*list);

		if (left >= len && memcmp(p, *list, len) == 0)
			return len;
	}
	return 0;
}

size_t hosts_separator(const char *p, size_t left)
{
	/* no-break, ogham, narrow no-break, mathematical, ideographic */
	static const char *const wide[] = { "\xc2\xa0",	    "\xe1\x9a\x80",
					    "\xe2\x80\xaf", "\xe2\x81\x9f",
					    "\xe3\x80\x80", NULL };

	if (left >= 1 && p[0] != '\0' && strchr(",;=|", p[0]) != NULL)
		return 1;
	if (left >= 3 && memcmp(p, "\xe2\x80", 2) == 0 &&
	    (unsigned char)p[2] <= 0x8a)
		return 3; /* U+2000 to U+200A */
	return one_of(p, left, wide);
}

size_t hosts_invisible(const char *p, size_t left)
{
	/* soft hyphen, word joiner, byte-order mark */
	static const char *const none[] = { "\xc2\xad", "\xe2\x81\xa0",
					    HOSTS_BOM, NULL };

	if (left >= 3 && memcmp(p, "\xe2\x80", 2) == 0 &&
	    (((unsigned char)p[2] >= 0x8b && (unsigned char)p[2] <= 0x8f) ||
	     ((unsigned char)p[2] >= 0xaa && (unsigned char)p[2] <= 0xae)))
		return 3; /* U+200B to U+200F, U+202A to U+202E */
	return one_of(p, left, none);
}

static size_t separator(const char *p, size_t left)
{
	size_t n = hosts_separator(p, left);

	return n > 0 ? n : hosts_invisible(p, left);
}

static struct diag_slice after_separators(struct diag_slice s)
{
	size_t n;

	while ((n = separator(s.p, s.len)) > 0) {
		s.p += n;
		s.len -= n;
	}
	return s;
}

/* rest can be a name: it has a dot, or (after an IPv4 address, where no letter
 * can belong to the address) at least a letter. */
static bool can_be_name(struct diag_slice rest, enum diag_family family)
{
	char normal[DIAG_FQDN_MAX];
	bool letter = false;

	for (size_t i = 0; i < rest.len; i++)
		letter |= is_letter(rest.p[i]);
	if (!letter || !diag_fqdn_normal(rest.p, rest.len, normal, NULL))
		return false;
	return family == DIAG_IPV4 || strchr(normal, '.') != NULL;
}

static bool split_at(struct diag_slice word, size_t k, struct hosts_glued *out)
{
	struct diag_slice rest = { word.p + k, word.len - k };
	struct diag_addr addr;

	rest = after_separators(rest);
	if (!diag_addr_parse_n(word.p, k, &addr) || addr.zone[0] != '\0' ||
	    !can_be_name(rest, addr.family))
		return false;
	out->addr = (struct diag_slice){ word.p, k };
	out->name = rest;
	return true;
}

static bool in_catalogue(struct diag_slice name)
{
	char normal[DIAG_FQDN_MAX], client[DIAG_FQDN_MAX];
	struct diag_cat_match match;

	return diag_fqdn_normal(name.p, name.len, normal, NULL) &&
	       (diag_cat_match(normal, &match) ||
		hosts_client_name(normal, client));
}

/* Three dots between digits, or two colons, before anything is tried: lists of
 * bare names are full of words that begin with a digit. */
static bool may_begin_with_address(struct diag_slice w)
{
	size_t dots = 0, colons = 0, i = 0;

	for (; i < w.len && (is_digit(w.p[i]) || w.p[i] == '.'); i++)
		dots += w.p[i] == '.';
	for (; i < w.len && dots < 3 && colons < 2; i++)
		colons += w.p[i] == ':';
	return dots >= 3 || colons >= 2;
}

/* "10.150.0.40f1e2d3c-…" can be cut in two places.  The longest address wins,
 * unless a shorter one leaves a name that the catalogue knows.  Names seldom
 * begin with a digit, so a known name behind an IPv4 address is certain; the
 * letters of an IPv6 address may always be the name's. */
bool hosts_split_glued(struct diag_slice word, struct hosts_glued *out)
{
	struct hosts_glued one = { .sure = false };
	size_t k = word.len > ADDR_LONGEST ? ADDR_LONGEST : word.len;
	bool v4 = memchr(word.p, ':', k) == NULL, known = false;
	unsigned found = 0;

	if (!may_begin_with_address(word))
		return false;
	for (; k >= ADDR_SHORTEST && !(known && v4); k--) {
		if (!split_at(word, k, &one))
			continue;
		if (found++ > 0 && (known || !in_catalogue(one.name)))
			continue;
		*out = one;
		known = in_catalogue(one.name);
	}
	out->sure = found == 1 || (known && v4);
	return found > 0;
}

/* What often stays behind an address: "]", "/24", ":443", a separator. */
static bool harmless(struct diag_slice s)
{
	size_t i = 0;

	if (i < s.len && s.p[i] == ']')
		i++;
	if (i < s.len && s.p[i] == '/')
		i++;
	while (i < s.len && (is_digit(s.p[i]) || s.p[i] == ':'))
		i++;
	return separator(s.p + i, s.len - i) == s.len - i;
}

/* Digits and dots, or hex digits and at least two colons. */
bool hosts_address_like(struct diag_slice w)
{
	size_t dots = 0, colons = 0, i = w.len > 0 && w.p[0] == '[';
	bool letters = false;

	for (; i < w.len; i++) {
		if (!is_hex(w.p[i]) && w.p[i] != '.' && w.p[i] != ':')
			break;
		dots += w.p[i] == '.';
		colons += w.p[i] == ':';
		letters |= is_letter(w.p[i]);
	}
	if (colons < 2 && (dots == 0 || letters || !is_digit(w.p[0])))
		return false;
	return harmless((struct diag_slice){ w.p + i, w.len - i });
}

/* "010.150.000.004" without the zeros in front. */
static void without_zeros(struct diag_slice w, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < w.len && n + 1 < size; i++) {
		bool starts = i == 0 || !is_digit(w.p[i - 1]);
		bool more = i + 1 < w.len && is_digit(w.p[i + 1]);

		while (starts && more && w.p[i] == '0') {
			i++;
			more = i + 1 < w.len && is_digit(w.p[i + 1]);
		}
		out[n++] = w.p[i];
	}
	out[n] = '\0';
}

/* The longest piece that is an address, if only harmless things follow. */
static bool leading_address(struct diag_slice w, struct diag_addr *out)
{
	size_t k = w.len > ADDR_LONGEST ? ADDR_LONGEST : w.len;

	for (; k >= ADDR_SHORTEST; k--) {
		if (!diag_addr_parse_n(w.p, k, out))
			continue;
		return k == w.len || w.p[k] == '/' || w.p[k] == ']' ||
		       (w.p[k] == ':' && out->family == DIAG_IPV4) ||
		       separator(w.p + k, w.len - k) > 0;
	}
	return false;
}

bool hosts_repair_address(struct diag_slice word, char out[DIAG_ADDR_TEXT])
{
	char digits[DIAG_ADDR_TEXT];
	struct diag_slice w = after_separators(word);
	struct diag_addr addr;

	if (w.len > 0 && w.p[0] == '[') {
		w.p++;
		w.len--;
	}
	without_zeros(w, digits, sizeof(digits));
	if (!leading_address(w, &addr) &&
	    !leading_address(diag_slice_of(digits), &addr)) {
		memcpy(out, "ADDRESS", sizeof("ADDRESS"));
		return false;
	}
	(void)diag_addr_text(&addr, out);
	return true;
}

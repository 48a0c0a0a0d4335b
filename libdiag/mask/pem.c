/* SPDX-License-Identifier: MIT */
/* pem.c - blocks between BEGIN and END (RFC 7468): private keys always,
 * certificates from identifiers on, because names stand in them; and lines of
 * SSH's public keys, which end in who uses them. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

static const char begin[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";

/* Labels of what is secret at every level. */
static bool is_secret(const char *label, size_t len)
{
	static const char *const words[] = { "PRIVATE", "Static key",
					     "client key", "server key" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (diag_text_find_nocase(label, len, words[i]) != NULL)
			return true;
	return false;
}

static size_t block_end(const struct mask_scan *s, size_t at)
{
	const char *p =
	    diag_text_find_nocase(s->text + at, s->len - at, end_mark);
	size_t end;

	if (p == NULL)
		return s->len;
	end = (size_t)(p - s->text) + strlen(end_mark);
	while (end < s->len && s->text[end] != '\n' && s->text[end] != '"' &&
	       s->text[end] != '-' && s->text[end] != '\\')
		end++;
	while (mask_byte(s, end) == '-')
		end++;
	return end;
}

bool mask_pem(struct mask_scan *s, struct mask_run *r)
{
	size_t n = strlen(begin), left = s->len - r->at, at = r->at, name = n;
	bool key;

	if (left < n || memcmp(s->text + at, begin, n) != 0)
		return false;
	while (name < left && name < 80 && s->text[at + name] != '\n' &&
	       s->text[at + name] != '\\')
		name++;
	key = is_secret(s->text + at, name);
	if (!key && s->level < DIAG_MASK_IDENTIFIERS)
		return false;
	r->end = block_end(s, at);
	mask_put_secret(s, at, r->end,
			key ? MASK_PRIVATE_KEY : MASK_CERTIFICATE);
	return true;
}

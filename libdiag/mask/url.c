/* SPDX-License-Identifier: MIT */
/* url.c - who signs in with a URL, and what a signed one carries. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define URL_MAX	   8192
#define VALUE_FROM ((size_t)16)

static bool ends_url(char c)
{
	return (unsigned char)c <= ' ' || strchr("\"'<>`", c) != NULL;
}

/* A slash in it should have been written as percent; a port it is not. */
static bool in_password(const struct mask_scan *s, size_t from, size_t to)
{
	const char *colon = memchr(s->text + from, ':', to - from);
	size_t at = colon != NULL ? (size_t)(colon - s->text) + 1 : to;

	if (s->text[from] == '[')
		return false;
	while (at < to && s->text[at] >= '0' && s->text[at] <= '9')
		at++;
	return at < to;
}

/* "user:password@" before the host (RFC 3986, 3.2.1). */
static bool userinfo(struct mask_scan *s, struct mask_run *r, size_t from)
{
	size_t at = from, sign = 0;

	for (; at < s->len && at - from < URL_MAX; at++) {
		char c = s->text[at];

		if (c == '@')
			sign = at;
		else if (ends_url(c) || (strchr("/?#\\", c) != NULL &&
					 !in_password(s, from, at)))
			break;
	}
	if (sign <= from)
		return false;
	mask_put_secret(s, from, sign, MASK_USERINFO);
	r->end = sign + 1;
	return true;
}

/* "http://fileserver/": a name without a dot, which nothing else shows to be
 * one. */
static bool bare_host(struct mask_scan *s, struct mask_run *r, size_t from)
{
	size_t to = from;
	struct diag_buf out;
	bool ok;

	while (mask_is_word(mask_byte(s, to)) || mask_byte(s, to) == '-')
		to++;
	if (s->level < DIAG_MASK_IDENTIFIERS || to == from ||
	    diag_text_find_nocase(s->text + r->at, r->end - r->at, "http") !=
		s->text + r->at ||
	    strchr(":/?#\"',;)", mask_byte(s, to)) == NULL)
		return false;
	diag_buf_init(&out, MASK_NAME_MAX * 4);
	ok = mask_name(s->m, s->text + from, to - from, &out);
	if (ok)
		mask_putn(s, from, to, MASK_NAME,
			  (struct diag_slice){ diag_buf_str(&out), out.len });
	diag_buf_clear(&out);
	if (ok)
		r->end = to;
	return ok;
}

/* "code=…" of Azure's functions and of OAuth, "key=…" of others: a long value.
 */
static bool has_key(const struct mask_scan *s, size_t from, size_t to)
{
	static const char *const names[] = { "code=", "key=", "sid=" };

	while (from < to) {
		size_t end = from;

		while (end < to && s->text[end] != '&')
			end++;
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
			size_t n = strlen(names[i]);

			if (end - from >= n + VALUE_FROM &&
			    memcmp(s->text + from, names[i], n) == 0)
				return true;
		}
		from = end + 1;
	}
	return false;
}

/* A query with a signature: all of it belongs to the signature (Azure: shared
 * access signatures; AWS: X-Amz-Signature). */
static bool signed_query(struct mask_scan *s, struct mask_run *r)
{
	static const char *const signs[] = { "sig=", "signature=",
					     "x-amz-credential=" };
	size_t from = r->at + 1, at = from;

	while (at < s->len && at - from < URL_MAX && !ends_url(s->text[at]))
		at++;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (diag_text_find_nocase(s->text + from, at - from,
					  signs[i]) != NULL) {
			mask_put_secret(s, from, at, MASK_SAS);
			r->end = at;
			return true;
		}
	if (!has_key(s, from, at))
		return false;
	mask_put_secret(s, from, at, MASK_KEY);
	r->end = at;
	return true;
}

bool mask_url(struct mask_scan *s, struct mask_run *r)
{
	if (mask_byte(s, r->at) == '?' && r->at == r->end)
		return signed_query(s, r);
	if (mask_byte(s, r->end) != ':' || mask_byte(s, r->end + 1) != '/' ||
	    mask_byte(s, r->end + 2) != '/' || r->end == r->at)
		return false;
	return userinfo(s, r, r->end + 3) || mask_secret_path(s, r) ||
	       bare_host(s, r, r->end + 3);
}

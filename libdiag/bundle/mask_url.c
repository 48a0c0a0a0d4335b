/* SPDX-License-Identifier: MIT */
/* mask_url.c - who signs in with a URL, and what a signed one carries. */
#include <string.h>

#include "base/text.h"
#include "bundle/mask_internal.h"

#define URL_MAX 8192

static bool ends_url(char c)
{
	return (unsigned char)c <= ' ' || strchr("\"'<>`", c) != NULL;
}

/* "user:password@" before the host (RFC 3986, 3.2.1). */
static bool userinfo(struct mask_scan *s, struct mask_run *r, size_t from)
{
	size_t at = from, sign = 0;

	for (; at < s->len && at - from < URL_MAX; at++) {
		char c = s->text[at];

		if (c == '@')
			sign = at;
		else if (ends_url(c) || strchr("/?#\\", c) != NULL)
			break;
	}
	if (sign <= from)
		return false;
	mask_put_secret(s, from, sign, MASK_USERINFO);
	r->end = sign + 1;
	return true;
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
	return false;
}

bool mask_url(struct mask_scan *s, struct mask_run *r)
{
	if (mask_byte(s, r->at) == '?' && r->at == r->end)
		return signed_query(s, r);
	if (mask_byte(s, r->end) != ':' || mask_byte(s, r->end + 1) != '/' ||
	    mask_byte(s, r->end + 2) != '/' || r->end == r->at)
		return false;
	return userinfo(s, r, r->end + 3);
}

/* SPDX-License-Identifier: MIT */
/* url.c - who signs in with a URL, and what a signed one carries. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define URL_MAX	       8192
#define VALUE_FROM     ((size_t)16)
#define PATH_MAX_BYTES 512
#define USERINFO_MAX   128

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

/* Nothing but small letters and the signs between words. */
static bool is_words(const struct mask_scan *s, size_t from, size_t to)
{
	bool parted = false;

	for (size_t i = from; i < to; i++) {
		char c = s->text[i];

		parted |= c == '.' || c == '-' || c == '_';
		if (c != '.' && c != '-' && c != '_' && (c < 'a' || c > 'z'))
			return false;
	}
	return parted;
}

static bool is_number(const char *p, size_t len)
{
	while (len > 0 && p[len - 1] >= '0' && p[len - 1] <= '9')
		len--;
	return len == 0;
}

static bool is_key(const struct mask_scan *s, size_t from, size_t to,
		   bool of_function)
{
	const char *p = s->text + from;
	size_t len = to - from;

	if (of_function)
		return !is_number(p, len);
	return (len >= VALUE_FROM && !is_words(s, from, to)) ||
	       mask_is_mixed(p, len);
}

/* "https://NAME.azurewebsites.net/api/…" before the query. */
static bool is_functions(const struct mask_scan *s, size_t query)
{
	static const char domain[] = ".azurewebsites.";
	size_t from = query;

	while (from > 0 && query - from < PATH_MAX_BYTES &&
	       !ends_url(s->text[from - 1]))
		from--;
	return diag_text_find_nocase(s->text + from, query - from, domain) !=
	       NULL;
}

/* "code=…" of Azure's functions and of OAuth, "key=…" of others: a long value,
 * or what nobody writes as a word. */
static bool has_key(const struct mask_scan *s, size_t from, size_t to)
{
	static const char *const names[] = { "code=", "key=", "sid=" };
	const bool of_function = is_functions(s, from - 1);

	while (from < to) {
		size_t end = from;

		while (end < to && s->text[end] != '&')
			end++;
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
			size_t n = strlen(names[i]);

			if (end - from >= n &&
			    memcmp(s->text + from, names[i], n) == 0 &&
			    is_key(s, from + n, end, of_function))
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

/* "jdbc:oracle:thin:USER/PASSWORD@HOST" */
static bool oracle(struct mask_scan *s, struct mask_run *r)
{
	size_t from = r->end + 1, to = from;

	if (!mask_is(s->text + r->at, r->end - r->at, "thin"))
		return false;
	while (to - from < USERINFO_MAX && !ends_url(mask_byte(s, to)) &&
	       s->text[to] != '@')
		to++;
	if (mask_byte(s, to) != '@' ||
	    memchr(s->text + from, '/', to - from) == NULL)
		return false;
	mask_put_secret(s, from, to, MASK_USERINFO);
	r->end = to;
	return true;
}

bool mask_url(struct mask_scan *s, struct mask_run *r)
{
	if (mask_byte(s, r->at) == '?' && r->at == r->end)
		return signed_query(s, r);
	if (mask_byte(s, r->end) != ':' || r->end == r->at)
		return false;
	if (mask_byte(s, r->end + 1) != '/' || mask_byte(s, r->end + 2) != '/')
		return oracle(s, r);
	return userinfo(s, r, r->end + 3) || mask_secret_path(s, r) ||
	       bare_host(s, r, r->end + 3);
}

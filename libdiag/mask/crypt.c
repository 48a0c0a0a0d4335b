/* SPDX-License-Identifier: MIT */
/* crypt.c - hashes of passwords, as crypt(5), htpasswd and LDAP have them:
 * "$6$SALT$HASH", "{SSHA}HASH". */
#include <string.h>

#include "mask/internal.h"

#define HASH_FROM  12 /* bytes behind the name of the scheme */
#define SCHEME_MAX 16

static const char *const schemes[] = {
	"1",
	"2a",
	"2b",
	"2x",
	"2y",
	"5",
	"6",
	"7",
	"8",
	"9",
	"y",
	"gy",
	"apr1",
	"argon2i",
	"argon2d",
	"argon2id",
	"scrypt",
	"pbkdf2",
	"pbkdf2-sha256",
	"pbkdf2-sha512",
	"sha1",
	"md5",
};

static const char *const braced[] = {
	"SSHA",		"SHA",		"SMD5",	   "MD5",
	"CRYPT",	"SSHA256",	"SSHA512", "PBKDF2",
	"SHA512-CRYPT", "SHA256-CRYPT", "ARGON2",
};

static bool is_among(const char *const *list, size_t n, const char *p,
		     size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (mask_is(p, len, list[i]))
			return true;
	return false;
}

static size_t hash_end(const struct mask_scan *s, size_t at)
{
	while (mask_is_run(mask_byte(s, at)) ||
	       (at < s->len && s->text[at] != '\0' &&
		strchr("$/+=,", s->text[at]) != NULL))
		at++;
	return at;
}

static bool put_hash(struct mask_scan *s, struct mask_run *r, size_t from,
		     size_t behind)
{
	size_t end = hash_end(s, behind);

	if (end - behind < HASH_FROM)
		return false;
	mask_put_secret(s, from, end, MASK_PASSWORD);
	r->end = end;
	return true;
}

/* At the dollar. */
static bool dollars(struct mask_scan *s, struct mask_run *r)
{
	size_t at = r->at + 1, to = at;

	while (to - at < SCHEME_MAX &&
	       (mask_is_word(mask_byte(s, to)) || mask_byte(s, to) == '-'))
		to++;
	return mask_byte(s, to) == '$' &&
	       is_among(schemes, sizeof(schemes) / sizeof(*schemes),
			s->text + at, to - at) &&
	       put_hash(s, r, r->at, to + 1);
}

bool mask_crypt(struct mask_scan *s, struct mask_run *r)
{
	if (r->at == r->end)
		return mask_byte(s, r->at) == '$' && dollars(s, r);
	return mask_byte(s, r->end) == '}' && r->at > 0 &&
	       s->text[r->at - 1] == '{' &&
	       is_among(braced, sizeof(braced) / sizeof(*braced),
			s->text + r->at, r->end - r->at) &&
	       put_hash(s, r, r->end + 1, r->end + 1);
}

/* SPDX-License-Identifier: MIT */
/* block.c - secrets that have lines to themselves: what OpenVPN's profiles
 * hold between two tags, the private part of PuTTY's keys, a line of .pgpass.
 */
#include <string.h>

#include "mask/internal.h"

#define BLOCK_MAX ((size_t)64 << 10)
#define LINES_MAX 200
#define FIELD_MAX 256 /* of a line of .pgpass */
#define PASS_FROM 4

/* Tags whose content goes (openvpn(8): INLINE FILE SUPPORT); those that are a
 * key's name ("<secret>") go as its value does. */
static const char *const tags[] = {
	"key", "pkcs12", "tls-auth", "tls-crypt", "tls-crypt-v2",
};
#define N_TAGS (sizeof(tags) / sizeof(*tags))

bool mask_is_tag(const char *word, size_t len)
{
	for (size_t i = 0; i < N_TAGS; i++)
		if (mask_is(word, len, tags[i]))
			return true;
	return false;
}

/* Where the line "</tag>" begins; 0: another tag comes first, or none. */
static size_t closed_at(const struct mask_scan *s, size_t at, const char *tag,
			size_t len)
{
	size_t line = at;

	while (line < s->len && line - at < BLOCK_MAX) {
		size_t open = mask_blanks(s, line);
		size_t name = open + mask_sign_here(s, open, '<');

		if (name > open)
			return mask_byte(s, name) == '/' &&
				       s->len - name > len &&
				       memcmp(s->text + name + 1, tag, len) == 0
				   ? line
				   : 0;
		line = mask_spaces(s, mask_line_end(s, line));
	}
	return 0;
}

/* The tag has its line to itself: "<key>" means something else elsewhere. */
static bool inline_file(struct mask_scan *s, struct mask_run *r)
{
	size_t from = r->end + mask_sign_here(s, r->end, '>'), to;

	if (from == r->end || !mask_is_tag(s->text + r->at, r->end - r->at) ||
	    !mask_in_tag(s, r->at) ||
	    !mask_is_end(mask_byte(s, mask_blanks(s, from))))
		return false;
	from = mask_spaces(s, from);
	to = closed_at(s, from, s->text + r->at, r->end - r->at);
	while (to > from && mask_is_end(s->text[to - 1]))
		to--;
	if (to <= from)
		return false;
	mask_put_secret(s, from, to, MASK_PRIVATE_KEY);
	r->end = to;
	return true;
}

/* --- "Private-Lines: 14" -------------------------------------------------- */

static bool private_lines(struct mask_scan *s, struct mask_run *r)
{
	static const char name[] = "Private-Lines";
	size_t at = mask_blanks(s, r->end + 1), to;
	unsigned lines = 0;

	if (r->end - r->at != sizeof(name) - 1 ||
	    memcmp(s->text + r->at, name, sizeof(name) - 1) != 0 ||
	    mask_byte(s, r->end) != ':')
		return false;
	for (; mask_byte(s, at) >= '0' && mask_byte(s, at) <= '9'; at++)
		if (lines < LINES_MAX)
			lines = lines * 10 + (unsigned)(s->text[at] - '0');
	at = mask_spaces(s, at);
	to = mask_line_end(s, at);
	for (unsigned i = 1; i < lines && to < s->len; i++)
		to = mask_line_end(s, mask_spaces(s, to));
	if (lines == 0 || to == at)
		return false;
	mask_put_secret(s, at, to, MASK_PRIVATE_KEY);
	r->end = to;
	return true;
}

/* --- "host:port:database:user:password" ----------------------------------- */

static size_t field_end(const struct mask_scan *s, size_t at)
{
	size_t to = at;

	while (to - at < FIELD_MAX && !mask_is_end(mask_byte(s, to)) &&
	       s->text[to] != ':' && !mask_is_blank(s->text[to]))
		to += s->text[to] == '\\' && to + 1 < s->len ? 2 : 1;
	return to;
}

static bool is_port(const struct mask_scan *s, size_t from, size_t to)
{
	if (to - from == 1 && s->text[from] == '*')
		return true;
	for (size_t i = from; i < to; i++)
		if (s->text[i] < '0' || s->text[i] > '9')
			return false;
	return to > from && to - from <= 5;
}

/* Five fields, the second one a port, and no blanks: where the last one begins,
 * or 0.  The first one is a name, not a part of an address. */
static size_t last_field(const struct mask_scan *s, size_t at)
{
	bool name = false, port = false;

	for (unsigned i = 0; i < 4; i++) {
		size_t to = field_end(s, at);

		if (to == at || mask_byte(s, to) != ':')
			return 0;
		if (i == 0)
			name = to - at > 4 || s->text[at] == '*';
		if (i == 1)
			port = is_port(s, at, to);
		at = to + 1;
	}
	return name && port ? at : 0;
}

/* Where the line begins, if no more than three fields are in front. */
static size_t first_field(const struct mask_scan *s, size_t at)
{
	unsigned colons = 0;

	while (at > 0 && colons <= 3 && !mask_is_end(s->text[at - 1]) &&
	       !mask_is_blank(s->text[at - 1])) {
		at--;
		colons += s->text[at] == ':';
	}
	return at;
}

/* At the fourth field, somebody's name, which a colon parts from the third. */
static bool pgpass(struct mask_scan *s, struct mask_run *r)
{
	size_t begin, end;

	if ((r->has & (MASK_HAS_LOWER | MASK_HAS_UPPER)) == 0 || r->at < 2 ||
	    s->text[r->at - 1] != ':' || mask_byte(s, r->end) != ':')
		return false;
	begin = first_field(s, r->at);
	if ((begin > 0 && !mask_is_end(s->text[begin - 1])) ||
	    last_field(s, begin) != r->end + 1)
		return false;
	end = field_end(s, r->end + 1);
	if (!mask_is_end(mask_byte(s, end)) || end - r->end <= PASS_FROM)
		return false;
	mask_put_secret(s, r->end + 1, end, MASK_PASSWORD);
	r->end = end;
	return true;
}

bool mask_block(struct mask_scan *s, struct mask_run *r)
{
	return r->end > r->at &&
	       (inline_file(s, r) || private_lines(s, r) || pgpass(s, r));
}

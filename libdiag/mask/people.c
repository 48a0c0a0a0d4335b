/* SPDX-License-Identifier: MIT */
/* people.c - e-mail addresses, and whose folder it is. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define USER_MAX 64

static bool is_local(char c)
{
	return mask_is_run(c) || (c != '\0' && strchr("+%'&~!#$*", c) != NULL);
}

/* "getty@tty1.service", "getty@.service": units of systemd; "@openssh.com" is
 * whose algorithm it is (RFC 4251, section 6). */
static bool is_no_host(const char *domain, size_t len)
{
	static const char *const units[] = { ".service",   ".socket", ".target",
					     ".slice",	   ".mount",  ".timer",
					     ".device",	   ".scope",  ".path",
					     "openssh.com" };

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		size_t n = strlen(units[i]);

		if (len >= n && memcmp(domain + len - n, units[i], n) == 0)
			return true;
	}
	return false;
}

static bool is_domain(const char *p, size_t len)
{
	size_t last = len;

	while (last > 0 && p[last - 1] != '.')
		last--;
	if (last == 0 || len - last < 2 || is_no_host(p, len))
		return false;
	for (size_t i = last; i < len; i++)
		if (!mask_is_word(p[i]) || (p[i] >= '0' && p[i] <= '9'))
			return false;
	return true;
}

bool mask_email(struct mask_scan *s, struct mask_run *r)
{
	size_t at = r->end, from = r->at, to;

	while (is_local(mask_byte(s, at)))
		at++;
	if (mask_byte(s, at) != '@')
		return false;
	while (from > s->done && is_local(s->text[from - 1]))
		from--;
	to = at + 1;
	while (mask_is_run(mask_byte(s, to)))
		to++;
	while (to > at + 1 && !mask_is_word(s->text[to - 1]))
		to--;
	if (!is_domain(s->text + at + 1, to - at - 1))
		return false;
	mask_put_secret(s, from, to, MASK_EMAIL);
	r->end = to;
	return true;
}

/* --- folders -------------------------------------------------------------- */

static bool is_folder_of_users(const char *p, size_t len)
{
	return (len == 4 && memcmp(p, "home", 4) == 0) ||
	       (len == 5 && diag_text_find_nocase(p, len, "users") == p);
}

/* Of a name with blanks in it ("John Doe") up to the next separator, if there
 * is one in the line. */
static size_t user_end(const struct mask_scan *s, size_t from, char sep)
{
	size_t at = from;
	bool blank = false;

	while (at < s->len && at - from < USER_MAX) {
		char c = s->text[at];

		if (c == sep)
			return at;
		if (c == '\n' || c == '\r' || c == '"' || c == '\'' ||
		    c == ':' || c == ';' || c == ',' || c == '<' || c == '>')
			break;
		blank |= c == ' ' || c == '\t';
		at++;
	}
	if (blank) {
		at = from;
		while (at < s->len && s->text[at] != ' ' && s->text[at] != '\t')
			at++;
	}
	return at;
}

bool mask_user_path(struct mask_scan *s, struct mask_run *r)
{
	char sep = mask_byte(s, r->end);
	size_t from = r->end, to;

	if ((sep != '/' && sep != '\\') ||
	    !is_folder_of_users(s->text + r->at, r->end - r->at))
		return false;
	while (mask_byte(s, from) == sep)
		from++;
	to = user_end(s, from, sep);
	if (to == from)
		return false;
	mask_put_secret(s, from, to, MASK_USER);
	r->end = to;
	return true;
}

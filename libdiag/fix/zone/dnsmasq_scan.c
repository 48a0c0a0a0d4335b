/* SPDX-License-Identifier: MIT */
/* dnsmasq_scan.c - see conf_scan.h. */
#include "fix/zone/conf_scan.h"

#include <string.h>

/* isspace(3) in the C locale. */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Behind the closing quote; 0: there is none. */
static size_t past_string(const struct conf_scan *s, size_t at, size_t end)
{
	for (at++; at < end; at++) {
		if (s->text.p[at] == '"')
			return at + 1;
		if (s->text.p[at] == '\\' && at + 1 < end &&
		    s->text.p[at + 1] != '\0' &&
		    strchr("\"tnebr\\", s->text.p[at + 1]) != NULL)
			at++;
	}
	return 0;
}

bool dnsmasq_next(struct conf_scan *s, struct dnsmasq_line *out)
{
	const char *p = s->text.p + s->at;
	const char *lf =
	    s->end > s->at ? memchr(p, '\n', s->end - s->at) : NULL;
	bool white = true;
	size_t at = s->at;

	memset(out, 0, sizeof(*out));
	out->begin = s->at;
	out->end = lf != NULL ? (size_t)(lf - s->text.p) : s->end;
	out->next = lf != NULL ? out->end + 1 : out->end;
	while (at < out->end && !(white && s->text.p[at] == '#')) {
		white = is_blank(s->text.p[at]);
		if (s->text.p[at] != '"') {
			at++;
			continue;
		}
		out->quoted = true;
		s->at = at;
		s->expected = "this string to be closed on its line";
		at = past_string(s, at, out->end);
		if (at == 0)
			return false;
	}
	out->comment = at;
	s->at = out->next;
	return true;
}

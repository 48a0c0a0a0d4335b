/* SPDX-License-Identifier: MIT */
/* conf_scan.c - see conf_scan.h. */
#include "fix/zone/conf_scan.h"

#include <string.h>

#define BOM "\xef\xbb\xbf"

void conf_scan_init(struct conf_scan *s, struct diag_slice text, size_t from,
		    size_t end)
{
	s->text = text;
	s->at = from;
	s->end = end;
	s->expected = NULL;
}

bool conf_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

size_t conf_blanks(const struct conf_scan *s)
{
	size_t at = s->at;

	if (at == 0 && s->end >= strlen(BOM) &&
	    memcmp(s->text.p, BOM, strlen(BOM)) == 0)
		at += strlen(BOM);
	while (at < s->end && conf_is_blank(s->text.p[at]))
		at++;
	return at - s->at;
}

size_t conf_line_len(const struct conf_scan *s)
{
	const char *p = s->text.p + s->at;
	const char *lf = memchr(p, '\n', s->end - s->at);

	return lf != NULL ? (size_t)(lf - p) : s->end - s->at;
}

bool conf_take(struct conf_scan *s, enum conf_kind kind, size_t len,
	       struct conf_token *out)
{
	size_t inner = kind == CONF_STRING ? 1 : 0;

	if (len == 0)
		return false;
	out->kind = kind;
	out->at = s->at;
	out->len = len;
	out->value.p = s->text.p + s->at + inner;
	out->value.len = len - 2 * inner - (kind == CONF_KEY ? 1 : 0);
	s->at += len;
	return true;
}

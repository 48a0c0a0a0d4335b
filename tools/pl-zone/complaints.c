/* SPDX-License-Identifier: MIT */
/* complaints.c - what a checker says of the new text and did not say
 * of the old one (checker.h). */
#include <string.h>

#include "base/cursor.h"
#include "tools/pl-zone/checker.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct diag_slice next_line(struct diag_slice *rest)
{
	const char *lf = memchr(rest->p, '\n', rest->len);
	struct diag_slice line = { rest->p, rest->len };

	if (lf)
		line.len = (size_t)(lf - rest->p);
	rest->p += line.len + (lf ? 1 : 0);
	rest->len -= line.len + (lf ? 1 : 0);
	return line;
}

static size_t skip_number(struct diag_slice s, size_t i)
{
	while (i < s.len && is_digit(s.p[i]))
		i++;
	return i;
}

/* A number is as good as any other. */
static bool is_alike(struct diag_slice a, struct diag_slice b)
{
	size_t i = 0, k = 0;

	while (i < a.len && k < b.len) {
		if (is_digit(a.p[i]) && is_digit(b.p[k])) {
			i = skip_number(a, i);
			k = skip_number(b, k);
		} else if (a.p[i++] != b.p[k++]) {
			return false;
		}
	}
	return i == a.len && k == b.len;
}

static size_t count(struct diag_slice text, struct diag_slice line)
{
	size_t n = 0;

	while (text.len > 0)
		n += is_alike(next_line(&text), line);
	return n;
}

const char *zone_new_complaint(const struct diag_buf *before,
			       const struct diag_buf *now, size_t *len)
{
	const struct diag_slice old = { diag_buf_str(before), before->len };
	const struct diag_slice all = { diag_buf_str(now), now->len };
	struct diag_slice rest = all;

	while (rest.len > 0) {
		struct diag_slice line = next_line(&rest);

		if (line.len == 0 || count(all, line) <= count(old, line))
			continue;
		*len = line.len;
		return line.p;
	}
	return NULL;
}

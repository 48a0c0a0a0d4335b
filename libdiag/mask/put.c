/* SPDX-License-Identifier: MIT */
/* put.c - what a masker took, as it comes out. */
#include <stdio.h>
#include <string.h>

#include "mask/internal.h"

void mask_putn(struct mask_scan *s, size_t from, size_t to, enum mask_kind kind,
	       struct diag_slice by)
{
	diag_buf_put(s->out, s->text + s->done, from - s->done);
	diag_buf_put(s->out, by.p, by.len);
	s->done = to;
	s->put_from = from;
	s->put_kind = kind;
	s->replaced++;
	if (s->counts != NULL)
		s->counts->n[kind]++;
}

void mask_put(struct mask_scan *s, size_t from, size_t to, enum mask_kind kind,
	      const char *by)
{
	mask_putn(s, from, to, kind, diag_slice_of(by));
}

/* Bytes of "[masked:KIND]" that an earlier mask has put here; 0: none. */
static size_t put_before(const struct mask_scan *s, size_t at)
{
	static const char head[] = "[masked:";
	size_t kind = at + sizeof(head) - 1;

	if (!mask_is_here(s, at, head))
		return 0;
	for (int k = 0; k < MASK_N_KINDS; k++) {
		const char *key = mask_kind_key((enum mask_kind)k);
		size_t end = kind + strlen(key);

		if (mask_is_here(s, kind, key) && mask_byte(s, end) == ']')
			return end + 1 - at;
	}
	return 0;
}

void mask_put_secret(struct mask_scan *s, size_t from, size_t to,
		     enum mask_kind kind)
{
	size_t before = put_before(s, from);
	char by[40];

	if (before > 0) { /* what is behind it is looked at anew */
		s->was_put = from + before;
		return;
	}
	(void)snprintf(by, sizeof(by), "[masked:%s]", mask_kind_key(kind));
	mask_put(s, from, to, kind, by);
}

bool mask_put_between(struct mask_scan *s, size_t from, size_t to)
{
	struct mask_scan part = *s;

	if (s->ahead >= MASK_DEPTH)
		return false;
	part.ahead++;
	part.len = to;
	mask_walk(&part, from);
	part.done = to;
	part.len = s->len;
	part.ahead = s->ahead;
	*s = part;
	return true;
}

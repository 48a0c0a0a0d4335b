/* SPDX-License-Identifier: MIT */
/* stream.c - see internal.h: the first bytes of one direction, in order. */
#include "capture/internal.h"

#include <string.h>

#include "base/mem.h"

#define FIRST_SIZE 2048u

static bool grow(struct cap_stream *s, struct cap_budget *b, uint32_t need)
{
	uint32_t size = s->size > 0 ? s->size : FIRST_SIZE;
	uint8_t *data;

	if (need <= s->size)
		return true;
	while (size < need)
		size *= 2;
	if (size > s->max)
		size = s->max;
	if (b->used + (size - s->size) > b->max)
		return false;
	data = diag_realloc(s->data, size);
	if (data == NULL)
		return false;
	b->used += size - s->size;
	s->data = data;
	s->size = size;
	return true;
}

/* Take [at, end) into the list; runs that touch become one. */
static bool add_run(struct cap_stream *s, uint32_t at, uint32_t end)
{
	unsigned i = 0, k;

	while (i < s->n_runs && s->runs[i].end < at)
		i++;
	for (k = i; k < s->n_runs && s->runs[k].at <= end; k++) {
		at = s->runs[k].at < at ? s->runs[k].at : at;
		end = s->runs[k].end > end ? s->runs[k].end : end;
	}
	if (k == i && s->n_runs == STREAM_RUNS)
		return false;
	memmove(&s->runs[i + 1], &s->runs[k],
		(s->n_runs - k) * sizeof(*s->runs));
	s->n_runs = s->n_runs - (k - i) + 1;
	s->runs[i].at = at;
	s->runs[i].end = end;
	return true;
}

bool cap_stream_put(struct cap_stream *s, struct cap_budget *b, uint32_t at,
		    const uint8_t *p, size_t len)
{
	bool fits = true;

	if (at >= s->max)
		return false;
	if (len > s->max - at) {
		len = s->max - at;
		fits = false;
	}
	if (len == 0)
		return fits;
	if (!grow(s, b, at + (uint32_t)len) ||
	    !add_run(s, at, at + (uint32_t)len))
		return false;
	memcpy(s->data + at, p, len);
	return fits;
}

size_t cap_stream_len(const struct cap_stream *s)
{
	return s->n_runs > 0 && s->runs[0].at == 0 ? s->runs[0].end : 0;
}

bool cap_stream_gap(const struct cap_stream *s)
{
	return s->n_runs > (cap_stream_len(s) > 0 ? 1u : 0u);
}

void cap_stream_drop(struct cap_stream *s, size_t n)
{
	size_t have = cap_stream_len(s);
	uint32_t last;

	n = n < have ? n : have;
	if (n == 0)
		return;
	last = s->runs[s->n_runs - 1].end;
	memmove(s->data, s->data + n, last - n);
	for (unsigned i = 0; i < s->n_runs; i++) {
		s->runs[i].at -= i > 0 ? (uint32_t)n : 0;
		s->runs[i].end -= (uint32_t)n;
	}
	if (s->runs[0].end == 0) {
		s->n_runs--;
		memmove(&s->runs[0], &s->runs[1], s->n_runs * sizeof(*s->runs));
	}
}

void cap_stream_clear(struct cap_stream *s, struct cap_budget *b)
{
	diag_free(s->data);
	b->used -= s->size;
	*s = (struct cap_stream){ .max = s->max };
}

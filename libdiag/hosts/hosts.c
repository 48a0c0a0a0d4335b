/* SPDX-License-Identifier: MIT */
/* hosts.c - hosts text to edges, in one pass.
 *
 * Names are copied in lower case, one behind the other, into one zeroed piece
 * of memory as long as the text: at least one byte of the text, a blank or its
 * end, stands behind each name, so their terminators fit in.
 */
#include "hosts/hosts.h"

#include <string.h>

#include "hosts/internal.h"

struct reader {
	struct diag_arena *arena;
	struct hosts_scan scan;
	char
	    *low; /* as long as text, and one NUL more; the next name's place */
	struct diag_hosts_edge *edges;
	size_t n_edges, cap_edges;
	struct diag_hosts_suspect *suspects;
	size_t n_suspects;
};

static struct diag_hosts_edge *new_edge(struct reader *r)
{
	struct diag_hosts_edge *more;
	size_t cap = r->cap_edges * 2;

	if (r->n_edges < r->cap_edges)
		return &r->edges[r->n_edges++];
	more = diag_arena_array(r->arena, cap, sizeof(*more));
	if (more == NULL)
		return NULL;
	if (r->n_edges > 0)
		memcpy(more, r->edges, r->n_edges * sizeof(*more));
	r->edges = more;
	r->cap_edges = cap;
	return &r->edges[r->n_edges++];
}

static const char *copy_name(struct reader *r, const char *p, size_t len)
{
	char *out = r->low;

	for (size_t i = 0; i < len; i++)
		out[i] =
		    p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] | 0x20) : p[i];
	r->low += len + 1;
	return out;
}

static bool read_names(struct reader *r, struct hosts_line *line)
{
	struct hosts_name name;
	size_t at = line->names;
	bool first = true;

	while (hosts_scan_name(r->scan.text, line->end, &at, &name)) {
		struct diag_hosts_edge *e = new_edge(r);

		if (e == NULL)
			return false;
		e->name = copy_name(r, r->scan.text + name.at, name.len);
		e->addr = r->scan.addr;
		e->line = line->number;
		e->column = (unsigned)(name.at - line->at) + 1;
		e->canonical = first;
		first = false;
		line->odd |= name.odd;
	}
	return true;
}

static bool read_lines(struct reader *r)
{
	struct hosts_line line;

	while (hosts_scan_line(&r->scan, &line)) {
		struct diag_hosts_suspect *s;

		if (line.entry && !read_names(r, &line))
			return false;
		if (!line.odd)
			continue;
		s = diag_arena_push(r->arena, &r->suspects, &r->n_suspects,
				    sizeof(*s));
		if (s == NULL)
			return false;
		s->at = line.at;
		s->line = line.number;
	}
	return true;
}

static bool held(const void *names, const char *name)
{
	return diag_hosts_lookup(names, name, DIAG_NOFAM, 0) != NULL;
}

static bool find_faults(struct reader *r, struct diag_hosts *h,
			struct diag_err *err)
{
	struct hosts_judge j = { .arena = r->arena,
				 .text = { r->scan.text, r->scan.len },
				 .only_lost = true,
				 .eol = "\n",
				 .held = held,
				 .names = h };

	if (!hosts_judge_lines(&j, r->suspects, r->n_suspects, err))
		return false;
	h->faults = j.faults;
	h->n_faults = j.n_faults;
	return true;
}

bool diag_hosts_parse(struct diag_arena *arena, const char *text, size_t len,
		      struct diag_hosts *out, struct diag_err *err)
{
	struct reader r = { .arena = arena,
			    .scan = { .text = text, .len = len } };
	struct diag_hosts h = { 0 };
	size_t n_lines;

	if (len > DIAG_HOSTS_BYTES)
		return diag_fail(err, DIAG_ELIMIT, "hosts",
				 "more than %zu bytes", DIAG_HOSTS_BYTES);
	n_lines = hosts_count_lines(text, len);
	if (n_lines > DIAG_HOSTS_LINES)
		return diag_fail(err, DIAG_ELIMIT, "hosts",
				 "more than %zu lines", DIAG_HOSTS_LINES);
	r.cap_edges = hosts_guess_names(text, len, n_lines);
	r.low = diag_arena_alloc(arena, len + 1);
	r.edges = diag_arena_array(arena, r.cap_edges, sizeof(*r.edges));
	if (r.low == NULL || r.edges == NULL || !read_lines(&r))
		return diag_fail_nomem(err, "hosts");
	h.edges = r.edges;
	h.n_edges = r.n_edges;
	if (!diag_hosts_make_index(arena, &h, err) || !find_faults(&r, &h, err))
		return false;
	*out = h;
	return true;
}

/* SPDX-License-Identifier: MIT */
/* hosts.c - hosts text to edges, in one pass.
 *
 * A block list is a hundred thousand names with one address, and whoever reads
 * it may have little memory: names are copied in lower case one behind the
 * other into pieces that hold thousands, and edges share equal addresses.  A
 * small table of those met lately finds nearly all that are equal; one that it
 * forgets is only held twice.
 */
#include "hosts/hosts.h"

#include <string.h>

#include "hosts/internal.h"

#define NAMES_PIECE 65536 /* bytes */
#define ADDRS_PIECE 64
#define ADDRS_MET   256 /* a power of two */

struct reader {
	struct diag_arena *arena;
	struct hosts_scan scan;
	char *low; /* the next name's place, and what is left of its piece */
	size_t low_left;
	struct diag_addr *addrs; /* the next address's place, the same */
	size_t addrs_left;
	const struct diag_addr *met[ADDRS_MET];
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

/* A piece is never longer than what is left of the text: behind each name is
 * a blank or the end, so all terminators fit in. */
static const char *copy_name(struct reader *r, const struct hosts_name *name)
{
	const char *p = r->scan.text + name->at;
	size_t left = r->scan.len - name->at + 1;
	char *out;

	if (name->len >= r->low_left) {
		if (left > NAMES_PIECE)
			left = name->len < NAMES_PIECE ? NAMES_PIECE
						       : name->len + 1;
		r->low = diag_arena_alloc(r->arena, left);
		r->low_left = r->low != NULL ? left : 0;
	}
	out = r->low;
	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < name->len; i++)
		out[i] =
		    p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] | 0x20) : p[i];
	r->low += name->len + 1;
	r->low_left -= name->len + 1;
	return out;
}

static const struct diag_addr **met_place(struct reader *r)
{
	const uint8_t *bytes = r->scan.addr.bytes;
	uint32_t h = 0;

	for (size_t i = 0; i < sizeof(r->scan.addr.bytes); i++)
		h = h * 31 + bytes[i];
	return &r->met[(h ^ h >> 8) % ADDRS_MET];
}

/* The address of the line, where it stays. */
static const struct diag_addr *keep_address(struct reader *r)
{
	const struct diag_addr **met = met_place(r);

	if (*met != NULL && diag_addr_eq(*met, &r->scan.addr))
		return *met;
	if (r->addrs_left == 0) {
		r->addrs =
		    diag_arena_array(r->arena, ADDRS_PIECE, sizeof(*r->addrs));
		if (r->addrs == NULL)
			return NULL;
		r->addrs_left = ADDRS_PIECE;
	}
	*r->addrs = r->scan.addr;
	*met = r->addrs++;
	r->addrs_left--;
	return *met;
}

static bool read_names(struct reader *r, struct hosts_line *line)
{
	const struct diag_addr *addr = NULL;
	struct hosts_name name;
	size_t at = line->names;

	while (hosts_scan_name(r->scan.text, line->end, &at, &name)) {
		bool first = addr == NULL;
		struct diag_hosts_edge *e = new_edge(r);

		if (first)
			addr = keep_address(r);
		if (e == NULL || addr == NULL)
			return false;
		e->name = copy_name(r, &name);
		if (e->name == NULL)
			return false;
		e->addr = addr;
		e->line = line->number;
		e->column =
		    (unsigned)(name.at - line->at + 1) & DIAG_HOSTS_COLUMN_MAX;
		e->canonical = first;
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
	r.edges = diag_arena_array(arena, r.cap_edges, sizeof(*r.edges));
	if (r.edges == NULL || !read_lines(&r))
		return diag_fail_nomem(err, "hosts");
	h.edges = r.edges;
	h.n_edges = r.n_edges;
	if (!diag_hosts_make_index(arena, &h, err) || !find_faults(&r, &h, err))
		return false;
	*out = h;
	return true;
}

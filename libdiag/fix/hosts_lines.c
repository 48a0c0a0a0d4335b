/* SPDX-License-Identifier: MIT */
/* hosts_lines.c - lines of others, put out and put back.
 *
 * A line that contradicts a pin becomes "# pldiag: off BLOCK: " and itself;
 * its names that no block speaks of go on in a line of their own right behind,
 * the rest.  The rest carries a mark, so that it can go when the line comes
 * back.
 *
 * Blocks of several inventories may share a name, and so a line.  Therefore a
 * line does not simply come back when its block no longer wants it out: where
 * it would contradict another block it is handed over to that one, and its
 * rest gets back what only our block took.  So blocks may be taken out in any
 * order, and with the last one every byte is as it was.
 */
#include "base/buf.h"
#include "fix/hosts_internal.h"

#define MARK_MAX 256 /* bytes of a mark: a few words and a block's name */

uint32_t hosts_contradicts(struct diag_slice body,
			   const struct hosts_names *names)
{
	const char *at = body.p, *end = body.p + body.len;
	struct diag_slice word;
	struct diag_addr addr;

	if (!hosts_word(&at, end, &word) ||
	    !diag_addr_parse_n(word.p, word.len, &addr))
		return 0;
	while (hosts_word(&at, end, &word)) {
		uint32_t first = hosts_names_find(names, word);

		if (first != 0 && hosts_names_with(names, first, &addr) == 0)
			return first;
	}
	return 0;
}

static bool speaks_of(struct diag_slice body, const struct hosts_names *names)
{
	const char *at = body.p, *end = body.p + body.len;
	struct diag_slice word;

	if (!hosts_word(&at, end, &word))
		return false;
	while (hosts_word(&at, end, &word))
		if (hosts_names_find(names, word) != 0)
			return true;
	return false;
}

/* --- the rest ------------------------------------------------------------- */

/* The names of a spot, one by one, with what is known of each. */
struct walk {
	const char *at, *end;
	const char *rest_at, *rest_end;
	struct diag_slice rest_word; /* next on the rest that stands there */
};

static void step_rest(struct walk *w)
{
	if (!hosts_word(&w->rest_at, w->rest_end, &w->rest_word))
		w->rest_word = (struct diag_slice){ NULL, 0 };
}

static void walk_start(const struct hosts_planner *p,
		       const struct hosts_spot *spot, struct walk *w,
		       struct diag_slice *address)
{
	w->at = spot->body.p;
	w->end = spot->body.p + spot->body.len;
	(void)hosts_word(&w->at, w->end, address);
	w->rest_at = p->text.p + spot->rest.at;
	w->rest_end = w->rest_at + spot->rest.len;
	if (spot->rest.number == 0)
		w->rest_end = w->rest_at;
	step_rest(w); /* the address */
	step_rest(w);
}

/* Next name; *stood: the rest has it. */
static bool walk_next(struct walk *w, struct diag_slice *name, bool *stood)
{
	if (!hosts_word(&w->at, w->end, name))
		return false;
	*stood = w->rest_word.p != NULL && hosts_same(w->rest_word, *name);
	if (*stood)
		step_rest(w);
	return true;
}

/* Shall a name of a line that is out go on?  Not if a block speaks of it; and
 * of a line that was out before only what went on already, or stopped for our
 * block: the remaining names were taken out by hand. */
static bool goes_on(const struct hosts_planner *p,
		    const struct hosts_spot *spot, struct diag_slice name,
		    bool stood)
{
	if (hosts_names_find(&p->pins, name) != 0 ||
	    hosts_names_find(&p->others, name) != 0)
		return false;
	return !spot->off || stood || hosts_names_find(&p->old, name) != 0;
}

/* The rest that shall stand, without its mark; false: it stands already, name
 * by name.  No name goes on: out stays empty. */
static bool make_rest(const struct hosts_planner *p,
		      const struct hosts_spot *spot, struct diag_buf *out)
{
	struct diag_slice address, name;
	struct walk w;
	bool stood, same = spot->off;

	walk_start(p, spot, &w, &address);
	while (walk_next(&w, &name, &stood)) {
		bool on = goes_on(p, spot, name, stood);

		same = same && on == stood;
		if (!on)
			continue;
		if (out->len == 0)
			diag_buf_put(out, address.p, address.len);
		diag_buf_putc(out, ' ');
		diag_buf_put(out, name.p, name.len);
	}
	return !same;
}

/* The rest stands behind the line: what is between the end of the line's text
 * and the end of the rest's changes, so that the last newline stays the
 * owner's, even if there is none. */
static const char *newline_of(const struct hosts_planner *p,
			      const struct hosts_line *line)
{
	if (line->ending == 2)
		return "\r\n";
	if (line->ending == 1)
		return "\n";
	/* A bare CR at the end of the file must not melt with our LF. */
	return line->len > 0 && p->text.p[line->at + line->len - 1] == '\r'
		   ? "\r\n"
		   : p->eol;
}

static void edit_rest(struct hosts_planner *p, const struct hosts_spot *spot,
		      struct diag_buf *put)
{
	const struct hosts_line *line = &spot->line, *rest = &spot->rest;
	size_t at = line->at + line->len, end = at;

	if (rest->number != 0)
		end = rest->at + rest->len;
	if (put->code != DIAG_OK)
		p->failed = true;
	else
		hosts_edit(p, at, end - at,
			   (struct diag_slice){ diag_buf_str(put), put->len });
}

static void put_rest(struct hosts_planner *p, const struct hosts_spot *spot,
		     struct diag_slice owner, bool renamed)
{
	struct diag_buf put, names;

	diag_buf_init(&names, p->text.len + 1);
	diag_buf_init(&put, p->text.len + MARK_MAX);
	if (make_rest(p, spot, &names) || renamed) {
		if (names.len > 0) {
			diag_buf_puts(&put, newline_of(p, &spot->line));
			diag_buf_put(&put, names.data, names.len);
			diag_buf_puts(&put,
				      " " DIAG_HOSTS_MARK DIAG_HOSTS_REST);
			diag_buf_put(&put, owner.p, owner.len);
		}
		edit_rest(p, spot, &put);
	}
	p->failed |= names.code != DIAG_OK;
	diag_buf_clear(&put);
	diag_buf_clear(&names);
}

static void drop_rest(struct hosts_planner *p, const struct hosts_spot *spot)
{
	struct diag_buf none;

	diag_buf_init(&none, 0);
	edit_rest(p, spot, &none);
}

/* --- the line ------------------------------------------------------------- */

static void put_mark(struct hosts_planner *p, const struct hosts_spot *spot,
		     struct diag_slice owner)
{
	size_t at = spot->line.at;
	size_t len = (size_t)(spot->body.p - (p->text.p + at));
	struct diag_buf put;

	diag_buf_init(&put, MARK_MAX);
	diag_buf_puts(&put, DIAG_HOSTS_MARK DIAG_HOSTS_OFF);
	diag_buf_put(&put, owner.p, owner.len);
	diag_buf_puts(&put, ": ");
	if (put.code == DIAG_OK)
		hosts_edit(p, at, len,
			   (struct diag_slice){ put.data, put.len });
	else
		p->failed = true;
	diag_buf_clear(&put);
}

/* A line that was put out for our block. */
static void plan_ours(struct hosts_planner *p, const struct hosts_spot *spot)
{
	size_t len = (size_t)(spot->body.p - (p->text.p + spot->line.at));
	uint32_t other;

	if (hosts_contradicts(spot->body, &p->pins) != 0) {
		put_rest(p, spot, p->block, false);
		return;
	}
	other = hosts_contradicts(spot->body, &p->others);
	if (other != 0) {
		struct diag_slice owner = p->others.claims[other - 1].block;

		put_mark(p, spot, owner);
		put_rest(p, spot, owner, spot->rest.number != 0);
		return;
	}
	hosts_edit(p, spot->line.at, len, (struct diag_slice){ "", 0 });
	drop_rest(p, spot);
}

void hosts_plan_spot(struct hosts_planner *p, const struct hosts_spot *spot)
{
	size_t n = p->n_edits;

	if (!spot->off) {
		put_mark(p, spot, p->block);
		if (p->n_edits > n)
			p->edits[n].foreign = true;
		p->out->foreign_changed++;
		put_rest(p, spot, p->block, false);
	} else if (hosts_same(spot->owner, p->block)) {
		plan_ours(p, spot);
	} else if (speaks_of(spot->body, &p->pins) ||
		   speaks_of(spot->body, &p->old)) {
		put_rest(p, spot, spot->owner, false);
	}
}

/* SPDX-License-Identifier: MIT */
/* hosts_plan.c - from what the scan saw to edits.
 *
 * Two kinds of place change, each worked out anew from scratch and compared
 * with the bytes that stand there, so that planning twice is planning once:
 *
 * - a line of somebody else that contradicts our pins, or did when it was put
 *   out: it becomes "# pldiag: off BLOCK: " and itself, and behind it, if it
 *   has names that we do not contradict, a line with those.  When nothing
 *   contradicts any more, it is itself again;
 * - our block.
 *
 * The last line of a file may lack its newline, and taking the block out must
 * give that back: the block then begins with the missing newline and its own
 * last line has none.
 */
#include "fix/hosts_internal.h"

#include <string.h>

#define LINE_MAX_BYTES ((size_t)512 << 20)

struct planner {
	struct diag_arena *arena;
	struct diag_slice text;
	const char *block;
	struct hosts_pins pins;
	struct hosts_scan scan;
	struct diag_hosts_plan *out;
	struct diag_edit *edits;
	size_t n_edits;
	struct diag_buf put;
	const char *eol;
	bool failed; /* no memory */
};

static const char *ending_of(const struct planner *p,
			     const struct hosts_line *line)
{
	if (line->ending == 2)
		return "\r\n";
	if (line->ending == 1)
		return "\n";
	/* A bare CR at the end of the file must not melt with our LF. */
	return p->text.p[line->at + line->len - 1] == '\r' ? "\r\n" : p->eol;
}

/* What stands at [at, at + len) becomes p->put, unless it is that already. */
static bool edit(struct planner *p, size_t at, size_t len, bool foreign)
{
	struct diag_edit *e;

	if (len == p->put.len &&
	    (len == 0 || memcmp(p->text.p + at, p->put.data, len) == 0))
		return false;
	e = diag_arena_push(p->arena, &p->edits, &p->n_edits, sizeof(*e));
	if (e == NULL || p->put.code != DIAG_OK) {
		p->failed = true;
		return false;
	}
	e->at = at;
	e->len = len;
	e->foreign = foreign;
	e->put_len = p->put.len;
	e->put = diag_arena_strn(p->arena, diag_buf_str(&p->put), p->put.len);
	p->failed |= e->put == NULL;
	return true;
}

/* --- lines of others ------------------------------------------------------ */

/* The names of a line: how many we contradict, and "ADDRESS NAME…" of the
 * others into rest. */
static size_t sort_names(struct planner *p, struct diag_slice body,
			 struct diag_buf *rest, size_t *kept)
{
	const char *at = body.p, *end = body.p + body.len;
	struct diag_slice word, text;
	struct diag_addr addr;
	size_t wrong = 0, which;

	*kept = 0;
	if (!hosts_word(&at, end, &text) ||
	    !diag_addr_parse_n(text.p, text.len, &addr) || addr.zone[0] != '\0')
		return 0;
	diag_buf_put(rest, text.p, text.len);
	while (hosts_word(&at, end, &word)) {
		uint32_t first = hosts_pins_find(&p->pins, word);

		if (first != 0 &&
		    !hosts_pins_has(&p->pins, first, &addr, &which)) {
			wrong++;
			continue;
		}
		diag_buf_putc(rest, ' ');
		diag_buf_put(rest, word.p, word.len);
		(*kept)++;
	}
	return wrong;
}

static void plan_entry(struct planner *p, const struct hosts_entry *e)
{
	struct diag_slice body = { p->text.p + e->body, e->body_len };
	const struct hosts_line *last = e->has_on ? &e->on : &e->line;
	size_t end = last->at + last->len; /* its ending stays */
	struct diag_buf names;
	size_t kept, wrong;

	diag_buf_init(&names, LINE_MAX_BYTES);
	wrong = sort_names(p, body, &names, &kept);
	diag_buf_reset(&p->put);
	if (wrong > 0)
		diag_buf_printf(&p->put, HOSTS_MARK HOSTS_OFF "%s: ", p->block);
	diag_buf_put(&p->put, body.p, body.len);
	if (wrong > 0 && kept > 0) {
		diag_buf_puts(&p->put, ending_of(p, &e->line));
		diag_buf_put(&p->put, names.data, names.len);
		diag_buf_printf(&p->put, " " HOSTS_MARK HOSTS_ON "%s",
				p->block);
	}
	p->failed |= names.code != DIAG_OK;
	diag_buf_clear(&names);
	if (edit(p, e->line.at, end - e->line.at, true))
		p->out->foreign_changed++;
}

/* --- our block ------------------------------------------------------------ */

/* A pin that another line holds already needs no line of ours; one that stands
 * in our block stays there, whoever else holds it. */
static bool wanted(const struct planner *p, size_t i)
{
	return p->scan.in_block[i] || !p->scan.elsewhere[i];
}

static void put_block(struct planner *p)
{
	diag_buf_printf(&p->put,
			HOSTS_MARK HOSTS_BEGIN
			"%s (written by pl-hosts; undo: pl-hosts undo)%s",
			p->block, p->eol);
	for (size_t i = 0; i < p->pins.n; i++) {
		char addr[DIAG_ADDR_TEXT];

		if (wanted(p, i))
			diag_buf_printf(
			    &p->put, "%s %s%s",
			    diag_addr_text(&p->pins.pins[i].addr, addr),
			    p->pins.pins[i].name, p->eol);
	}
	diag_buf_printf(&p->put, HOSTS_MARK HOSTS_END "%s", p->block);
}

static bool any_wanted(const struct planner *p)
{
	for (size_t i = 0; i < p->pins.n; i++)
		if (wanted(p, i))
			return true;
	return false;
}

static bool ends_without_newline(const struct planner *p, size_t at)
{
	return at > 0 && p->text.p[at - 1] != '\n';
}

static void replace_block(struct planner *p)
{
	const struct hosts_block *b = &p->scan.block;
	bool bare = ends_without_newline(p, b->end);
	size_t begin = b->begin;

	if (any_wanted(p)) {
		put_block(p);
		if (!bare)
			diag_buf_puts(&p->put, p->eol);
	} else if (bare && begin > 0) { /* it was put with the block */
		begin--;
		if (b->ending == 2 && ends_without_newline(p, begin) &&
		    p->text.p[begin - 1] == '\r')
			begin--;
	}
	(void)edit(p, begin, b->end - begin, false);
}

static void append_block(struct planner *p)
{
	bool bare = ends_without_newline(p, p->text.len);

	if (!any_wanted(p))
		return;
	if (bare)
		diag_buf_puts(&p->put, p->eol);
	put_block(p);
	if (!bare)
		diag_buf_puts(&p->put, p->eol);
	(void)edit(p, p->text.len, 0, false);
}

static void plan_block(struct planner *p)
{
	diag_buf_reset(&p->put);
	if (p->scan.has_block)
		replace_block(p);
	else
		append_block(p);
}

/* --- all of it ------------------------------------------------------------ */

static void plan_all(struct planner *p)
{
	bool block_done = false;

	for (size_t i = 0; i < p->scan.n_entries; i++) {
		const struct hosts_entry *e = &p->scan.entries[i];

		if (p->scan.has_block && !block_done &&
		    p->scan.block.begin < e->line.at) {
			plan_block(p);
			block_done = true;
		}
		plan_entry(p, e);
	}
	if (!block_done)
		plan_block(p);
}

static bool good_block(const char *block)
{
	size_t n = strlen(block);

	for (size_t i = 0; i < n; i++) {
		char c = block[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '.' || c == '_' ||
			    c == '-';

		if (!fine)
			return false;
	}
	return n > 0 && n <= DIAG_HOSTS_BLOCK_MAX;
}

/* How our own lines end: as our block does, else as most lines do. */
static const char *eol_of(const struct hosts_scan *scan)
{
	if (scan->has_block)
		return scan->block.ending == 2 ? "\r\n" : "\n";
	return scan->crlf > scan->lf ? "\r\n" : "\n";
}

static bool tell_states(struct planner *p)
{
	enum diag_pin_state *states =
	    diag_arena_array(p->arena, p->pins.n + 1, sizeof(*states));

	for (size_t i = 0; states != NULL && i < p->pins.n; i++) {
		if (p->scan.contradicted[i])
			states[i] = DIAG_PIN_WRONG;
		else if (p->scan.in_block[i] || p->scan.elsewhere[i])
			states[i] = DIAG_PIN_RIGHT;
		else
			states[i] = DIAG_PIN_MISSING;
	}
	p->out->states = states;
	return states != NULL;
}

/* NOLINTNEXTLINE(readability-function-size): one text, one block, its pins */
bool diag_hosts_plan(struct diag_arena *arena, const char *text, size_t len,
		     const char *block, const struct diag_pin *pins, size_t n,
		     struct diag_hosts_plan *out, struct diag_err *err)
{
	struct planner p = { .arena = arena,
			     .text = { text, len },
			     .block = block,
			     .out = out };

	memset(out, 0, sizeof(*out));
	if (!good_block(block))
		return diag_fail(err, DIAG_EUSAGE, "hosts",
				 "%s: a block's name has letters, digits, '.', "
				 "'_' and '-', at most %d",
				 block, DIAG_HOSTS_BLOCK_MAX);
	if (!hosts_pins_make(arena, pins, n, &p.pins, err) ||
	    !hosts_scan(arena, p.text, block, &p.pins, &p.scan, err))
		return false;
	p.eol = eol_of(&p.scan);
	diag_buf_init(&p.put, LINE_MAX_BYTES);
	plan_all(&p);
	diag_buf_clear(&p.put);
	if (p.failed || !tell_states(&p))
		return diag_fail_nomem(err, "hosts");
	out->edits.items = p.edits;
	out->edits.n = p.n_edits;
	out->foreign_lines = p.scan.foreign;
	out->block_there = p.scan.has_block;
	return true;
}

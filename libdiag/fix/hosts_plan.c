/* SPDX-License-Identifier: MIT */
/* hosts_plan.c - from what the scan saw to edits.
 *
 * Each place that may change (a line that contradicts our pins or did so when
 * it was put out: hosts_lines.c; our block: here) is worked out anew from what
 * the file says and compared with what stands there, so that planning twice is
 * planning once, and planning no pins gives back what was.
 *
 * A block holds all pins of its inventory, whoever else says some of them: a
 * line of somebody else may go tomorrow, and another inventory's block goes
 * with that inventory.  Only when lines outside of blocks say all of them, and
 * nothing in the file is ours, there is nothing to write.
 */
#include "fix/hosts_internal.h"

#include "base/buf.h"
#include "net/fqdn.h"

/* A line of the block: an address, a name, a newline. */
#define PIN_MAX	  (DIAG_ADDR_TEXT + DIAG_FQDN_MAX + 4)
#define BLOCK_MAX ((size_t)(DIAG_HOSTS_PINS_MAX + 2) * PIN_MAX)

void hosts_edit(struct hosts_planner *p, size_t at, size_t len,
		struct diag_slice put)
{
	struct diag_edit *e;
	struct diag_slice old = { p->text.p + at, len };

	if (hosts_same(old, put))
		return;
	e = diag_arena_push(p->arena, &p->edits, &p->n_edits, sizeof(*e));
	if (e == NULL) {
		p->failed = true;
		return;
	}
	e->at = at;
	e->len = len;
	e->put = diag_arena_strn(p->arena, put.p, put.len);
	e->put_len = put.len;
	p->failed |= e->put == NULL;
}

/* --- our block ------------------------------------------------------------ */

static void put_pins(const struct hosts_planner *p, const char *eol,
		     struct diag_buf *put)
{
	for (size_t i = 0; i < p->pins.n; i++) {
		const struct hosts_claim *c = &p->pins.claims[i];
		char addr[DIAG_ADDR_TEXT];

		diag_buf_puts(put, diag_addr_text(&c->addr, addr));
		diag_buf_putc(put, ' ');
		diag_buf_put(put, c->name.p, c->name.len);
		diag_buf_puts(put, eol);
	}
}

static void finish(struct hosts_planner *p, size_t at, size_t len,
		   struct diag_buf *put)
{
	if (put->code == DIAG_OK)
		hosts_edit(p, at, len,
			   (struct diag_slice){ diag_buf_str(put), put->len });
	else
		p->failed = true;
	diag_buf_clear(put);
}

/* The marks stay as they are: somebody may have written behind them. */
static void refill_block(struct hosts_planner *p)
{
	const struct hosts_line *first = &p->scan.block.first;
	size_t at = first->at + first->len + first->ending;
	struct diag_buf put;

	if (p->scan.block_same)
		return;
	diag_buf_init(&put, BLOCK_MAX);
	put_pins(p, first->ending == 2 ? "\r\n" : "\n", &put);
	finish(p, at, p->scan.block.last.at - at, &put);
}

static void append_block(struct hosts_planner *p)
{
	bool bare = p->scan.ends_bare;
	struct diag_buf put;

	diag_buf_init(&put, BLOCK_MAX);
	if (bare)
		diag_buf_puts(&put, p->eol);
	diag_buf_puts(&put, DIAG_HOSTS_MARK DIAG_HOSTS_BEGIN);
	diag_buf_put(&put, p->block.p, p->block.len);
	diag_buf_puts(&put, DIAG_HOSTS_NOTE);
	diag_buf_puts(&put, bare ? DIAG_HOSTS_BARE : "");
	diag_buf_puts(&put, p->eol);
	put_pins(p, p->eol, &put);
	diag_buf_puts(&put, DIAG_HOSTS_MARK DIAG_HOSTS_END);
	diag_buf_put(&put, p->block.p, p->block.len);
	diag_buf_puts(&put, p->eol);
	finish(p, p->text.len, 0, &put);
}

/* How long the newline is that we put before the block. */
static size_t newline_before(const struct hosts_planner *p, size_t at,
			     size_t ending)
{
	const char *t = p->text.p;

	if (at == 0 || t[at - 1] != '\n')
		return 0;
	return ending == 2 && at > 1 && t[at - 2] == '\r' ? 2 : 1;
}

/* A newline that we put before the block goes with it, or, if another block
 * follows, with that one; if somebody wrote on behind it, it is needed. */
static void remove_block(struct hosts_planner *p)
{
	const struct hosts_block *b = &p->scan.block;
	const struct diag_slice none = { "", 0 };
	const struct diag_slice bare = { DIAG_HOSTS_BARE,
					 sizeof(DIAG_HOSTS_BARE) - 1 };
	size_t at = b->first.at;
	size_t end = b->last.at + b->last.len + b->last.ending;

	if (b->bare && end == p->text.len)
		at -= newline_before(p, at, b->first.ending);
	hosts_edit(p, at, end - at, none);
	if (b->bare && b->next_mark_end != 0)
		hosts_edit(p, b->next_mark_end, 0, bare);
}

static void plan_block(struct hosts_planner *p)
{
	if (p->pins.n == 0 && p->scan.has_block)
		remove_block(p);
	else if (p->scan.has_block)
		refill_block(p);
	else if (p->pins.n > 0)
		append_block(p);
}

/* --- all of it ------------------------------------------------------------ */

static void plan_all(struct hosts_planner *p)
{
	bool done = false;

	for (size_t i = 0; i < p->scan.n_spots; i++) {
		const struct hosts_spot *spot = &p->scan.spots[i];

		if (p->scan.has_block && !done &&
		    p->scan.block.first.at < spot->line.at) {
			plan_block(p);
			done = true;
		}
		hosts_plan_spot(p, spot);
	}
	if (!done)
		plan_block(p);
}

static enum diag_pin_state state_of(unsigned seen)
{
	if (seen & HOSTS_CONTRADICTED)
		return DIAG_PIN_WRONG;
	return seen & HOSTS_SEEN ? DIAG_PIN_RIGHT : DIAG_PIN_MISSING;
}

/* A line that is put out, for whatever block, and must not come back. */
static bool must_stay_out(const struct hosts_planner *p)
{
	for (size_t i = 0; i < p->scan.n_spots; i++) {
		const struct hosts_spot *spot = &p->scan.spots[i];

		if (spot->off && (hosts_same(spot->owner, p->block) ||
				  hosts_contradicts(spot->body, &p->pins) != 0))
			return true;
	}
	return false;
}

/* *needless: lines of others say every pin, and nothing of ours is there. */
static bool tell_states(struct hosts_planner *p, bool *needless)
{
	size_t n = p->pins.n;
	enum diag_pin_state *states =
	    diag_arena_array(p->arena, n, sizeof(*states));

	*needless = n > 0 && !p->scan.has_block && !must_stay_out(p);
	for (size_t i = 0; states != NULL && i < n; i++) {
		unsigned seen = p->scan.seen[i];

		states[i] = state_of(seen);
		if (states[i] != DIAG_PIN_RIGHT ||
		    (seen & HOSTS_SEEN_OUTSIDE) == 0)
			*needless = false;
	}
	p->out->states = states;
	return states != NULL;
}

/* Another inventory's block is not ours to change. */
static bool no_conflict(const struct hosts_planner *p, struct diag_err *err)
{
	for (size_t i = 0; i < p->others.n; i++) {
		const struct hosts_claim *c = &p->others.claims[i];
		uint32_t first = hosts_names_find(&p->pins, c->name);
		char addr[DIAG_ADDR_TEXT];

		if (first != 0 &&
		    hosts_names_with(&p->pins, first, &c->addr) == 0)
			return diag_fail(
			    err, DIAG_EUSAGE, "hosts",
			    "line %u: block %.*s gives %.*s another address: "
			    "%s",
			    c->line, (int)c->block.len, c->block.p,
			    c->name.len < 90 ? (int)c->name.len : 90, c->name.p,
			    diag_addr_text(&c->addr, addr));
	}
	return true;
}

static bool good_pin(const struct diag_pin *pin)
{
	char normal[DIAG_FQDN_MAX];
	struct diag_slice name;

	if (pin->name == NULL || pin->addr.family == DIAG_NOFAM ||
	    pin->addr.zone[0] != '\0' || pin->name[0] == '*')
		return false;
	name = diag_slice_of(pin->name);
	return diag_fqdn_normal(name.p, name.len, normal, NULL) &&
	       diag_slice_eq(name, normal);
}

static bool not_twice(const struct hosts_names *names, struct diag_err *err)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct hosts_claim *c = &names->claims[i];

		if (hosts_names_with(names, c->next, &c->addr) != 0)
			return diag_fail(err, DIAG_EUSAGE, "hosts",
					 "%.*s: the same address twice",
					 (int)c->name.len, c->name.p);
	}
	return true;
}

static bool take_pins(struct hosts_planner *p, const struct diag_pin *pins,
		      size_t n, struct diag_err *err)
{
	struct hosts_claim *claims;

	if (n > DIAG_HOSTS_PINS_MAX)
		return diag_fail(err, DIAG_ELIMIT, "hosts",
				 "more than %d addresses for names",
				 DIAG_HOSTS_PINS_MAX);
	claims = diag_arena_array(p->arena, n, sizeof(*claims));
	if (claims == NULL)
		return diag_fail_nomem(err, "hosts");
	for (size_t i = 0; i < n; i++) {
		if (!good_pin(&pins[i]))
			return diag_fail(
			    err, DIAG_EUSAGE, "hosts",
			    "%s: no name or no address for a hosts line",
			    pins[i].name != NULL ? pins[i].name : "?");
		claims[i].name = diag_slice_of(pins[i].name);
		claims[i].addr = pins[i].addr;
	}
	if (!hosts_names_make(p->arena, claims, n, &p->pins))
		return diag_fail_nomem(err, "hosts");
	return not_twice(&p->pins, err);
}

/* As most lines end; but behind another block as that ends, because a newline
 * may pass from one to the other (remove_block()). */
static const char *eol_of(const struct hosts_scan *s)
{
	if (s->ends_block != 0)
		return s->ends_block == 2 ? "\r\n" : "\n";
	return s->crlf > s->lf ? "\r\n" : "\n";
}

static bool read_file(struct hosts_planner *p, struct diag_err *err)
{
	struct hosts_scan *s = &p->scan;

	if (!hosts_scan(p->arena, p->text, p->block.p, &p->pins, s, err))
		return false;
	if (!hosts_names_make(p->arena, s->old, s->n_old, &p->old) ||
	    !hosts_names_make(p->arena, s->others, s->n_others, &p->others))
		return diag_fail_nomem(err, "hosts");
	p->eol = eol_of(s);
	p->out->foreign_lines = s->foreign;
	p->out->block_there = s->has_block;
	return no_conflict(p, err);
}

/* NOLINTNEXTLINE(readability-function-size): one text, one block, its pins */
bool diag_hosts_plan(struct diag_arena *arena, const char *text, size_t len,
		     const char *block, const struct diag_pin *pins, size_t n,
		     struct diag_hosts_plan *out, struct diag_err *err)
{
	struct hosts_planner p = { .arena = arena,
				   .text = { text, len },
				   .block = diag_slice_of(block),
				   .out = out };
	bool needless;

	*out = (struct diag_hosts_plan){ .foreign_lines = 0 };
	if (!diag_hosts_block_name(p.block))
		return diag_fail(err, DIAG_EUSAGE, "hosts",
				 "%s: a block's name has letters, digits, '.', "
				 "'_' and '-', at most %d",
				 block, DIAG_HOSTS_BLOCK_MAX);
	if (!take_pins(&p, pins, n, err) || !read_file(&p, err))
		return false;
	if (!tell_states(&p, &needless))
		return diag_fail_nomem(err, "hosts");
	if (!needless)
		plan_all(&p);
	if (p.failed)
		return diag_fail_nomem(err, "hosts");
	out->edits.items = p.edits;
	out->edits.n = p.n_edits;
	return true;
}

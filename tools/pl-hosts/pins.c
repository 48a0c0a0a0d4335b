/* SPDX-License-Identifier: MIT */
/* pins.c - names and addresses as the planner takes them. */
#include <string.h>

#include "base/cursor.h"
#include "hosts/hosts.h"
#include "tools/pl-hosts/wanted.h"

bool hosts_pins(struct diag_arena *arena, const struct hosts_wanted *wanted,
		struct hosts_pinned *out, struct diag_err *err)
{
	struct diag_pin *pins;
	size_t n = 0;

	for (size_t i = 0; i < wanted->n_names; i++)
		n += wanted->names[i].n;
	pins = diag_arena_array(arena, n + 1, sizeof(*pins));
	if (pins == NULL)
		return diag_fail_nomem(err, "pl-hosts");
	*out = (struct hosts_pinned){ .wanted = wanted, .pins = pins };
	for (size_t i = 0; i < wanted->n_names; i++)
		for (size_t k = 0; k < wanted->names[i].n; k++)
			pins[out->n++] = (struct diag_pin){
				.name = wanted->names[i].name,
				.addr = wanted->names[i].addresses[k],
			};
	return true;
}

/* --- what stays ---------------------------------------------------------- */

static bool is_mark(struct diag_slice line, const char *word, const char *block)
{
	struct diag_cursor c = diag_cursor_of(line.p, line.len);
	struct diag_slice name;

	return diag_cursor_take(&c, "# pldiag: ") &&
	       diag_cursor_take(&c, word) && diag_cursor_take(&c, " ") &&
	       diag_cursor_word(&c, &name) && diag_slice_eq(name, block);
}

/* The lines between the marks of our block; empty without one. */
static struct diag_slice block_of(const char *text, size_t len,
				  const char *block)
{
	struct diag_cursor c = diag_cursor_of(text, len);
	struct diag_slice line, out = { NULL, 0 };

	while (diag_cursor_line(&c, &line)) {
		if (out.p == NULL && is_mark(line, "begin", block))
			out.p = (const char *)c.at;
		else if (out.p != NULL && is_mark(line, "end", block))
			return (struct diag_slice){ out.p,
						    (size_t)(line.p - out.p) };
	}
	return (struct diag_slice){ NULL, 0 };
}

static bool is_kept(const struct hosts_wanted *wanted)
{
	for (size_t i = 0; i < wanted->n_left; i++)
		if (wanted->left[i].unknown)
			return true;
	return false;
}

static bool is_there(const struct hosts_pinned *p, const struct diag_pin *pins,
		     const struct diag_hosts_edge *edge, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (diag_addr_eq(&pins[i].addr, edge->addr) &&
		    strcmp(pins[i].name, name) == 0)
			return true;
	return false;
}

static void keep(struct hosts_pinned *p, struct diag_pin *pins,
		 const struct diag_hosts *block, const char *name)
{
	const struct diag_hosts_edge *edge;

	for (size_t i = 0; p->n < DIAG_HOSTS_PINS_MAX; i++) {
		edge = diag_hosts_lookup(block, name, DIAG_NOFAM, i);
		if (edge == NULL)
			return;
		if (is_there(p, pins, edge, name))
			continue;
		pins[p->n++] =
		    (struct diag_pin){ .name = name, .addr = *edge->addr };
	}
}

/* The pins, and behind them what our block has for names of which nobody could
 * tell anything now. */
static bool with_kept(struct diag_arena *arena, struct diag_slice lines,
		      struct hosts_pinned *p, struct diag_err *err)
{
	const struct hosts_wanted *wanted = p->wanted;
	struct diag_pin *pins =
	    diag_arena_array(arena, DIAG_HOSTS_PINS_MAX, sizeof(*pins));
	struct diag_hosts block;

	if (pins == NULL)
		return diag_fail_nomem(err, "pl-hosts");
	if (!diag_hosts_parse(arena, lines.p, lines.len, &block, err))
		return false;
	if (p->n > 0)
		memcpy(pins, p->pins, p->n * sizeof(*pins));
	for (size_t i = 0; i < wanted->n_left; i++)
		if (wanted->left[i].unknown)
			keep(p, pins, &block, wanted->left[i].name);
	p->pins = pins;
	return true;
}

bool hosts_plan_pins(void *ctx, struct diag_arena *arena, const char *text,
		     size_t len, struct diag_hosts_plan *out,
		     struct diag_err *err)
{
	struct hosts_pinned p = *(const struct hosts_pinned *)ctx;
	const char *block = p.wanted->block;
	struct diag_slice lines = { NULL, 0 };

	if (is_kept(p.wanted))
		lines = block_of(text, len, block);
	if (lines.len > 0 && !with_kept(arena, lines, &p, err))
		return false;
	return diag_hosts_plan(arena, text, len, block, p.pins, p.n, out, err);
}

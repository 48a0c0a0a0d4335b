/* SPDX-License-Identifier: MIT */
/* tell.c - what is to become of the names, for people and programs. */
#include "net/addr_json.h"
#include "tools/pl-zone/draft.h"

bool zone_leaves_out(const struct zone_draft *draft)
{
	return draft->n_left > 0;
}

static void tell_what(const struct tool_call *call, const struct zone_draft *d)
{
	const char *s = d->n_rows == 1 ? "" : "s";

	if (d->n_parents > 0)
		tool_note(call, "%s: forwarders for %zu parent%s", d->block,
			  d->n_parents, d->n_parents == 1 ? "" : "s");
	else if (d->config)
		tool_note(call, "%s: records for %zu name%s", d->block,
			  d->n_rows, s);
	else
		tool_note(call, "%s: records for %zu name%s in the zone %s",
			  d->block, d->n_rows, s, d->origin);
}

void zone_tell(const struct tool_call *call, const struct zone_draft *d)
{
	tell_what(call, d);
	for (size_t i = 0; i < d->n_notes; i++)
		tool_note(call, "%s", d->notes[i]);
	for (size_t i = 0; i < d->n_left; i++)
		tool_note(call, "%s: left out, %s", d->left[i].name,
			  d->left[i].why);
}

/* --- documents
 * ---------------------------------------------------------------- */

static void put_row(struct diag_jw *w, const struct zone_row *row)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", row->name);
	if (row->owner)
		diag_jw_kstr(w, "owner", row->owner);
	diag_addrs_json(w, "addresses", row->addresses, row->n);
	diag_jw_close(w, '}');
}

static void put_left(struct diag_jw *w, const struct zone_left *left)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", left->name);
	diag_jw_kstr(w, "why", left->why);
	diag_jw_close(w, '}');
}

static void put_serial(struct diag_jw *w, const struct zone_draft *d)
{
	if (d->config || (d->serial_old == 0 && d->serial_new == 0))
		return;
	diag_jw_kopen(w, "serial", '{');
	diag_jw_kuint(w, "old", d->serial_old);
	diag_jw_kuint(w, "new", d->serial_new);
	diag_jw_close(w, '}');
}

void zone_doc(struct diag_jw *w, const struct tool_call *call,
	      const struct zone_draft *d)
{
	const struct pl_zone *o = call->options;

	diag_jw_kstr(w, "server", pl_zone_dialects[o->dialect]);
	diag_jw_kstr(w, "kind", d->config ? "configuration" : "zone-file");
	if (d->origin)
		diag_jw_kstr(w, "origin", d->origin);
	diag_jw_kstr(w, "inventory", d->inventory);
	diag_jw_kstr(w, "block", d->block);
	put_serial(w, d);
	diag_jw_kopen(w, "names", '[');
	for (size_t i = 0; i < d->n_rows; i++)
		put_row(w, &d->rows[i]);
	diag_jw_close(w, ']');
	if (d->n_parents > 0) {
		diag_jw_kopen(w, "forwarded", '[');
		for (size_t i = 0; i < d->n_parents; i++)
			diag_jw_str(w, d->parents[i]);
		diag_jw_close(w, ']');
	}
	diag_jw_kopen(w, "left_out", '[');
	for (size_t i = 0; i < d->n_left; i++)
		put_left(w, &d->left[i]);
	diag_jw_close(w, ']');
}

void zone_doc_file(struct diag_jw *w, const char *path, uint64_t id,
		   const struct zone_edited *e)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "file", path);
	if (id != 0)
		diag_jw_kuint(w, "change", id);
	diag_jw_kopen(w, "foreign", '{');
	diag_jw_kuint(w, "entries", e->foreign);
	diag_jw_kuint(w, "changed", e->foreign_changed);
	diag_jw_close(w, '}');
	diag_jw_key(w, "diff");
	diag_jw_strn(w, e->diff, e->diff_len);
	diag_jw_close(w, '}');
}

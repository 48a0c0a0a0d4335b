/* SPDX-License-Identifier: MIT */
/* print.c - a case as JSON Lines: the header, then a line per fact. */
#include "base/time.h"
#include "case/case.h"
#include "net/fqdn.h"

/* A wildcard in a hosts file does nothing; was it meant for one of ours, at
 * any depth? */
static bool means_ours(const struct diag_inventory *inv, const char *zone)
{
	for (size_t i = 0; i < inv->n_targets; i++)
		if (inv->targets[i].fqdn != NULL &&
		    diag_fqdn_under(inv->targets[i].fqdn, zone))
			return true;
	return false;
}

/* Of the hosts file only what concerns our names leaves the machine. */
static bool is_ours(void *ctx, const char *name)
{
	const struct diag_inventory *inv = ctx;

	if (inv == NULL)
		return false;
	return diag_inventory_target(inv, name) != NULL ||
	       (name[0] == '*' && name[1] == '.' && name[2] != '\0' &&
		means_ours(inv, name + 2));
}

static size_t count_facts(const struct diag_case *c,
			  const struct diag_origin *origin)
{
	size_t n = 0;

	for (size_t i = 0; i < c->facts.n; i++)
		n += diag_case_origin(c, c->facts.facts[i]) == origin;
	return n;
}

static void print_views(const struct diag_origin *o, struct diag_jw *w)
{
	diag_jw_kopen(w, "views", '[');
	for (size_t i = 0; i < o->n_views; i++) {
		diag_jw_open(w, '{');
		diag_jw_kstr(w, "view", o->views[i].text);
		if (o->views[i].added)
			diag_jw_kbool(w, "added", true);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
}

static void print_marks(const struct diag_origin *o, struct diag_jw *w)
{
	char at[DIAG_TIME_TEXT];

	diag_jw_kopen(w, "marks", '[');
	for (size_t i = 0; i < o->n_marks; i++) {
		diag_jw_open(w, '{');
		diag_jw_kstr(w, "at", diag_time_text(o->marks[i].at_s, at));
		diag_jw_kms(w, "at_part_ms", o->marks[i].at_part_ms);
		diag_jw_kstr(w, "text", o->marks[i].text);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
}

static void print_what(const struct diag_case *c, const struct diag_origin *o,
		       struct diag_jw *w)
{
	char started[DIAG_TIME_TEXT];

	diag_jw_kstr(w, "schema", DIAG_CASE_SCHEMA);
	diag_jw_kstr(w, "tool", o->tool);
	diag_jw_kstr(w, "version", o->version);
	diag_jw_kstr(w, "started", diag_time_text(o->started_s, started));
	if (o->started_part_ms > 0)
		diag_jw_kms(w, "started_part_ms", o->started_part_ms);
	diag_jw_kms(w, "took_ms", o->took_ms);
	diag_jw_kbool(w, "complete", o->complete);
	diag_jw_kuint(w, "facts", count_facts(c, o));
	diag_jw_kstr(w, "host", o->host);
	if (o->name != NULL && o->name[0] != '\0')
		diag_jw_kstr(w, "origin", o->name);
	diag_jw_kstr(w, "role", diag_role_key(c->role));
	diag_jw_kstr(w, "era", diag_era_key(c->era));
	if (c->no_public)
		diag_jw_kbool(w, "no_public", true);
	print_views(o, w);
	if (o->n_marks > 0)
		print_marks(o, w);
}

void diag_case_print_header(const struct diag_case *c, size_t origin,
			    struct diag_buf *out)
{
	const struct diag_origin *o = &c->origins[origin];
	struct diag_jw w;

	diag_jw_init(&w, out, 0);
	diag_jw_open(&w, '{');
	print_what(c, o, &w);
	if (c->inventory != NULL && !c->inventory_due) {
		diag_jw_key(&w, "inventory");
		diag_inventory_print(c->inventory, &w);
	}
	if (o->machine != NULL) {
		diag_jw_key(&w, "machine");
		diag_machine_print(o->machine, is_ours, c->inventory, &w);
	}
	diag_jw_close(&w, '}');
	diag_buf_putc(out, '\n');
}

void diag_case_print_facts(const struct diag_case *c, struct diag_buf *out)
{
	for (size_t i = 0; i < c->facts.n; i++) {
		struct diag_jw w;

		diag_jw_init(&w, out, 0);
		diag_fact_print(c->facts.facts[i], &w);
		diag_buf_putc(out, '\n');
	}
}

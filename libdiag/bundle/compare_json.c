/* SPDX-License-Identifier: MIT */
/* compare_json.c - a comparison as one document
 * (docs/formats/compare.schema.json). */
#include "bundle/compare.h"

#include "base/json.h"
#include "base/time.h"
#include "report/report.h"

#include <stdio.h>

#define INDENT 2

static void put_names(struct diag_jw *w, const char *key,
		      const char *const *names, size_t n)
{
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++)
		diag_jw_str(w, names[i]);
	diag_jw_close(w, ']');
}

static void put_side(struct diag_jw *w, const char *key,
		     const struct diag_compare_side *s)
{
	const struct diag_origin *o = &s->c->origins[0];
	char started[DIAG_TIME_TEXT];

	diag_jw_kopen(w, key, '{');
	diag_jw_kstr(w, "name", s->name);
	diag_jw_kstr(w, "tool", o->tool);
	diag_jw_kstr(w, "version", o->version);
	diag_jw_kstr(w, "host", o->host);
	diag_jw_kstr(w, "started", diag_time_text(o->started_s, started));
	diag_jw_kstr(w, "role", diag_role_key(s->c->role));
	diag_jw_kstr(w, "era", diag_era_key(s->c->era));
	diag_jw_kbool(w, "complete", o->complete);
	diag_jw_kstr(w, "verdict", diag_outcome_key(s->v->outcome));
	diag_jw_close(w, '}');
}

static void put_half(struct diag_jw *w, const char *key, const char *text,
		     uint32_t fact)
{
	diag_jw_kopen(w, key, '{');
	diag_jw_kstr(w, "text", text);
	if (fact != 0)
		diag_jw_kuint(w, "fact", fact);
	diag_jw_close(w, '}');
}

static void put_difference(struct diag_jw *w, const struct diag_difference *d)
{
	char id[16];

	diag_jw_open(w, '{');
	diag_jw_kstr(w, "code", d->code);
	diag_jw_kstr(w, "title", d->title);
	put_names(w, "targets", d->targets, d->n_targets);
	put_half(w, "good", d->there, d->good);
	put_half(w, "bad", d->here, d->bad);
	if (d->explains != NULL) {
		diag_jw_kopen(w, "explains", '{');
		(void)snprintf(id, sizeof(id), "f%u", d->explains->finding->id);
		diag_jw_kstr(w, "finding", id);
		diag_jw_kstr(w, "code", d->explains->finding->info->code);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, '}');
}

bool diag_compare_json(const struct diag_comparison *c,
		       const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err)
{
	struct diag_jw w;

	diag_jw_init(&w, out, INDENT);
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "schema", DIAG_COMPARE_SCHEMA);
	diag_jw_kopen(&w, "tool", '{');
	diag_jw_kstr(&w, "name", in->tool);
	diag_jw_kstr(&w, "version", in->version);
	diag_jw_close(&w, '}');
	diag_jw_kstr(&w, "outcome", diag_compare_outcome_key(c->outcome));
	put_side(&w, "good", &c->good);
	put_side(&w, "bad", &c->bad);
	diag_jw_kopen(&w, "joined", '{');
	diag_jw_kstr(&w, "by", c->by_service ? "service" : "name");
	diag_jw_kuint(&w, "targets", c->n_joined);
	diag_jw_close(&w, '}');
	if (c->first != NULL)
		diag_jw_kuint(&w, "first",
			      (uint64_t)(c->first - c->differences));
	diag_jw_kopen(&w, "differences", '[');
	for (size_t i = 0; i < c->n_differences; i++)
		put_difference(&w, &c->differences[i]);
	diag_jw_close(&w, ']');
	put_names(&w, "only_good", c->only_good, c->n_only_good);
	put_names(&w, "only_bad", c->only_bad, c->n_only_bad);
	put_names(&w, "notes", c->notes, c->n_notes);
	diag_jw_close(&w, '}');
	diag_buf_putc(out, '\n');
	return diag_buf_ok(out, err, "compare");
}

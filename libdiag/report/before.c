/* SPDX-License-Identifier: MIT */
/* See before.h. */
#include "report/before.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH 16
#define ITEMS 65536 /* of a list */

/* Sorted, no text twice. */
struct words {
	const char **items;
	size_t n;
};

struct reader {
	struct diag_before *b;
	const struct diag_verdict *v;
	bool no_memory;
};

static const char *kept(struct reader *r, const char *s)
{
	const char *copy = diag_arena_strdup(&r->b->arena, s != NULL ? s : "");

	r->no_memory = r->no_memory || copy == NULL;
	return copy != NULL ? copy : "";
}

static struct words new_words(struct reader *r, size_t n)
{
	struct words w = { .n = 0 };

	w.items = diag_arena_array(&r->b->arena, n + 1, sizeof(const char *));
	r->no_memory = r->no_memory || w.items == NULL;
	return w;
}

static void add(struct words *w, const char *word)
{
	if (w->items != NULL)
		w->items[w->n++] = word;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort(struct words *w)
{
	size_t n = 0;

	if (w->n == 0)
		return;
	qsort(w->items, w->n, sizeof(const char *), by_text);
	for (size_t i = 0; i < w->n; i++)
		if (i == 0 || strcmp(w->items[i], w->items[n - 1]) != 0)
			w->items[n++] = w->items[i];
	w->n = n;
}

/* Those of a that are not in b; both are sorted. */
static struct words without(struct reader *r, const struct words *a,
			    const struct words *b)
{
	struct words rest = new_words(r, a->n);

	for (size_t i = 0; i < a->n; i++)
		if (b->n == 0 || bsearch(&a->items[i], b->items, b->n,
					 sizeof(const char *), by_text) == NULL)
			add(&rest, a->items[i]);
	return rest;
}

/* --- findings and causes -------------------------------------------------- */

/* The code of the finding with this id; "": none.  Few have more than a dozen
 * causes. */
static const char *code_of(const cJSON *findings, const char *id)
{
	const cJSON *f;

	cJSON_ArrayForEach(f, findings)
	{
		const char *its = cJSON_GetStringValue(
		    cJSON_GetObjectItemCaseSensitive(f, "id"));
		const char *code = cJSON_GetStringValue(
		    cJSON_GetObjectItemCaseSensitive(f, "code"));

		if (its != NULL && code != NULL && strcmp(its, id) == 0)
			return code;
	}
	return "";
}

#define CAUSES_MAX 256

static void read_causes(struct reader *r, const struct diag_json_at *at,
			const cJSON *doc)
{
	const cJSON *list = diag_json_array(at, doc, "causes");
	const cJSON *findings = diag_json_array(at, doc, "findings");
	struct words codes = new_words(r, CAUSES_MAX);
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		const char *id = NULL;

		if (codes.n < CAUSES_MAX &&
		    diag_json_str(at, item, "finding", &id))
			add(&codes, kept(r, code_of(findings, id)));
	}
	r->b->causes = codes.items;
	r->b->n_causes = codes.n;
	r->b->same_causes = codes.n == r->v->n_causes;
	for (size_t i = 0; i < codes.n && r->b->same_causes; i++)
		r->b->same_causes =
		    strcmp(codes.items[i],
			   r->v->causes[i].finding->info->code) == 0;
}

static void read_findings(struct reader *r, const struct diag_json_at *at,
			  const cJSON *doc)
{
	const cJSON *list = diag_json_array(at, doc, "findings");
	struct words was = new_words(r, ITEMS);
	struct words is = new_words(r, r->v->n_findings);
	struct words rest;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		const char *code = NULL;

		if (was.n < ITEMS && diag_json_str(at, item, "code", &code))
			add(&was, kept(r, code));
	}
	for (size_t i = 0; i < r->v->n_findings; i++)
		add(&is, r->v->findings[i].info->code);
	sort(&was);
	sort(&is);
	rest = without(r, &is, &was);
	r->b->came = rest.items;
	r->b->n_came = rest.n;
	rest = without(r, &was, &is);
	r->b->went = rest.items;
	r->b->n_went = rest.n;
}

/* --- targets -------------------------------------------------------------- */

static int by_fqdn(const void *a, const void *b)
{
	const struct diag_before_target *x = a;
	const struct diag_before_target *y = b;

	return strcmp(x->fqdn, y->fqdn);
}

static size_t take_was(struct reader *r, const struct diag_json_at *at,
		       const cJSON *list, struct diag_before_target *out)
{
	const cJSON *item;
	size_t n = 0;

	cJSON_ArrayForEach(item, list)
	{
		const char *fqdn = NULL;
		const char *status = NULL;

		if (n < ITEMS && diag_json_str(at, item, "fqdn", &fqdn) &&
		    diag_json_str(at, item, "status", &status))
			out[n++] = (struct diag_before_target){
				.fqdn = kept(r, fqdn), .was = kept(r, status)
			};
	}
	return n;
}

static size_t take_is(const struct diag_verdict *v,
		      struct diag_before_target *out)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_targets && n < ITEMS; i++)
		if (v->targets[i].target->fqdn != NULL)
			out[n++] = (struct diag_before_target){
				.fqdn = v->targets[i].target->fqdn,
				.is =
				    diag_target_status_key(v->targets[i].status)
			};
	return n;
}

/* Both lists in one, sorted: a name that stands twice is in both. */
static void read_targets(struct reader *r, const struct diag_json_at *at,
			 const cJSON *doc)
{
	const cJSON *list = diag_json_array(at, doc, "targets");
	size_t room = (size_t)cJSON_GetArraySize(list) + r->v->n_targets + 1;
	struct diag_before_target *all =
	    diag_arena_array(&r->b->arena, room, sizeof(*all));
	size_t changed = 0;
	size_t n;

	r->no_memory = r->no_memory || all == NULL;
	if (all == NULL)
		return;
	n = take_was(r, at, list, all);
	n += take_is(r->v, all + n);
	qsort(all, n, sizeof(*all), by_fqdn);
	for (size_t i = 0; i < n; i++) {
		struct diag_before_target t = all[i];

		if (i + 1 < n && strcmp(t.fqdn, all[i + 1].fqdn) == 0) {
			i++;
			t.was = t.was != NULL ? t.was : all[i].was;
			t.is = t.is != NULL ? t.is : all[i].is;
		}
		if (t.was == NULL || t.is == NULL || strcmp(t.was, t.is) != 0)
			all[changed++] = t;
	}
	r->b->changed = all;
	r->b->n_changed = changed;
}

/* --- all of it ------------------------------------------------------------ */

static void read_document(struct reader *r, const struct diag_json_at *at,
			  const cJSON *doc)
{
	struct diag_before *b = r->b;
	const cJSON *tool = diag_json_object(at, doc, "tool");
	const char *schema = NULL;
	const char *text = NULL;

	if (!diag_json_str(at, doc, "schema", &schema) ||
	    strcmp(schema, DIAG_REPORT_SCHEMA) != 0) {
		diag_json_wrong(at, doc, "expected a " DIAG_REPORT_SCHEMA);
		return;
	}
	b->tool = b->version = "";
	if (diag_json_str(at, tool, "name", &text))
		b->tool = kept(r, text);
	if (diag_json_str(at, tool, "version", &text))
		b->version = kept(r, text);
	text = NULL;
	(void)diag_json_str(at, doc, "verdict", &text);
	b->verdict = kept(r, text);
	read_causes(r, at, doc);
	read_findings(r, at, doc);
	read_targets(r, at, doc);
	b->same = b->same_causes && b->n_came == 0 && b->n_went == 0 &&
		  b->n_changed == 0 &&
		  strcmp(b->verdict, diag_outcome_key(r->v->outcome)) == 0;
}

static bool parse(struct reader *r, const char *name, struct diag_slice report,
		  struct diag_problems *problems, struct diag_err *err)
{
	static const struct diag_json_limits limits = { .max_len =
							    DIAG_REPORT_BYTES,
							.max_depth = DEPTH };
	struct diag_json_at at = { .file = name, .problems = problems };
	unsigned before = problems->n;
	cJSON *doc = NULL;

	if (!diag_json_parse(name, report.p, report.len, &limits, &doc, err))
		return false;
	if (cJSON_IsObject(doc))
		read_document(r, &at, doc);
	else
		diag_json_wrong(&at, doc, "expected an object");
	cJSON_Delete(doc);
	if (r->no_memory)
		return diag_fail_nomem(err, "report");
	return problems->n == before ||
	       diag_fail(err, DIAG_EPARSE, "report",
			 "%.80s: is no report as it should be", name);
}

bool diag_before_read(const char *name, struct diag_slice report,
		      const struct diag_verdict *v,
		      struct diag_problems *problems, struct diag_before **out,
		      struct diag_err *err)
{
	struct reader r = { .b = diag_alloc(sizeof(*r.b)), .v = v };

	if (r.b == NULL)
		return diag_fail_nomem(err, "report");
	diag_arena_init(&r.b->arena, 0);
	if (!parse(&r, name, report, problems, err)) {
		diag_before_free(r.b);
		return false;
	}
	*out = r.b;
	return true;
}

void diag_before_free(struct diag_before *b)
{
	if (b == NULL)
		return;
	diag_arena_clear(&b->arena);
	diag_free(b);
}

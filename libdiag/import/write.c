/* SPDX-License-Identifier: MIT */
/* write.c - the inventory: filled in, printed, and parsed again.
 *
 * What import gives is what its own document says, byte for byte, and the
 * parser holds us to the rules that people's inventories must keep.
 */
#include <stdlib.h>
#include <string.h>

#include "import/write.h"

#define TREES_MAX ((size_t)256 << 20)

/* --- the two trees -------------------------------------------------------- */

static bool parse_tree(const struct diag_buf *text, cJSON **out,
		       struct diag_err *err)
{
	if (!diag_buf_ok(text, err, "import"))
		return false;
	*out = cJSON_ParseWithLength(diag_buf_str(text), text->len);
	return *out != NULL || diag_fail_nomem(err, "import");
}

static int newest_first(const void *a, const void *b)
{
	const struct import_nsg *x = a;
	const struct import_nsg *y = b;
	int order = strcmp(x->key, y->key);

	if (order == 0)
		order = (int)x->old - (int)y->old;
	return order != 0 ? order : strcmp(x->json, y->json);
}

/* Each group once; what Azure printed counts before an old inventory. */
static bool put_nsgs(struct writing *w, struct diag_err *err)
{
	struct diag_import *im = w->m->im;
	struct diag_buf text;
	bool ok;

	if (im->n_nsgs > 1)
		qsort(im->nsgs, im->n_nsgs, sizeof(*im->nsgs), newest_first);
	diag_buf_init(&text, TREES_MAX);
	diag_buf_putc(&text, '[');
	for (size_t i = 0; i < im->n_nsgs; i++) {
		const struct import_nsg *g = &im->nsgs[i];

		if (i > 0 && strcmp(g->key, g[-1].key) == 0 &&
		    (g->key[0] != '\0' || strcmp(g->json, g[-1].json) == 0))
			continue;
		if (text.len > 1)
			diag_buf_putc(&text, ',');
		diag_buf_puts(&text, g->json);
	}
	diag_buf_putc(&text, ']');
	ok = parse_tree(&text, &w->nsgs, err);
	diag_buf_clear(&text);
	return ok;
}

static void print_sources(const struct import_merge *m, struct diag_jw *w)
{
	const char *section = "";

	for (size_t i = 0; i < m->n_sources;) {
		const struct import_source *s = &m->sources[i];
		const char *last = NULL;

		if (strcmp(section, s->section) != 0) {
			if (section[0] != '\0')
				diag_jw_close(w, '}');
			diag_jw_kopen(w, s->section, '{');
			section = s->section;
		}
		diag_jw_kopen(w, s->value, '[');
		for (;
		     i < m->n_sources && strcmp(m->sources[i].key, s->key) == 0;
		     i++) {
			if (last == NULL ||
			    strcmp(last, m->sources[i].from) != 0)
				diag_jw_str(w, m->sources[i].from);
			last = m->sources[i].from;
		}
		diag_jw_close(w, ']');
	}
	if (section[0] != '\0')
		diag_jw_close(w, '}');
}

static bool put_sources(struct writing *w, struct diag_err *err)
{
	struct diag_buf text;
	struct diag_jw jw;
	bool ok;

	diag_buf_init(&text, TREES_MAX);
	diag_jw_init(&jw, &text, 0);
	diag_jw_open(&jw, '{');
	print_sources(w->m, &jw);
	diag_jw_close(&jw, '}');
	ok = parse_tree(&text, &w->sources, err);
	diag_buf_clear(&text);
	return ok;
}

/* --- all of it ------------------------------------------------------------ */

static const char *name_of(const struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_inventories; i++) {
		const struct diag_inventory *inv = im->inventories[i].inv;

		if (inv->name[0] != '\0' &&
		    !import_is_other(m, "", inv->workspace_id))
			return inv->name;
	}
	return m->pick.name;
}

static bool has_api(const struct writing *w)
{
	for (size_t i = 0; i < w->inv.n_targets; i++) {
		if (w->targets[i].service == DIAG_SVC_WORKSPACE_API)
			return true;
	}
	return false;
}

/* Names cannot be worked out without a region: then the id says nothing. */
static void put_header(struct writing *w)
{
	const struct import_merge *m = w->m;
	bool bare = m->region[0] == '\0' && !has_api(w);

	w->inv.name = name_of(m);
	w->inv.cloud = m->cloud;
	w->inv.region = m->region;
	w->inv.public_access = m->access;
	w->inv.managed_network = m->managed;
	w->inv.workspace_name = m->pick.name;
	w->inv.workspace_id = bare ? "" : m->pick.id;
}

static bool parse_back(const struct writing *w, struct diag_inventory **out,
		       struct diag_err *err)
{
	struct diag_buf text;
	struct diag_jw jw;
	bool ok;

	diag_buf_init(&text, TREES_MAX);
	diag_jw_init(&jw, &text, 0);
	diag_inventory_print(&w->inv, &jw);
	ok =
	    diag_buf_ok(&text, err, "import") &&
	    diag_inventory_parse("the inventory that import makes",
				 diag_buf_str(&text), text.len, NULL, out, err);
	diag_buf_clear(&text);
	return ok;
}

bool import_write(struct import_merge *m, struct diag_inventory **out,
		  struct diag_err *err)
{
	struct writing w = { .m = m };
	bool ok;

	import_put_values(&w);
	import_put_subnets(&w);
	import_put_targets(&w);
	import_put_notes(&w);
	put_header(&w);
	ok = put_nsgs(&w, err) && put_sources(&w, err);
	w.inv.nsgs = w.nsgs;
	w.inv.sources = w.sources;
	if (m->im->nomem)
		ok = diag_fail_nomem(err, "import");
	else if (m->im->over != NULL)
		ok = diag_fail(err, DIAG_ELIMIT, "import", "%s", m->im->over);
	ok = ok && parse_back(&w, out, err);
	cJSON_Delete(w.nsgs);
	cJSON_Delete(w.sources);
	return ok;
}

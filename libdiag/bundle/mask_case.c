/* SPDX-License-Identifier: MIT */
/* mask_case.c - a case that says the same and names nobody. */
#include <string.h>

#include "bundle/mask_internal.h"
#include "verdict/verdict.h"

#define CASE_WHERE DIAG_BUNDLE_CASE

/* --- printed, masked, read again ------------------------------------------ */

static void print_origin(const struct diag_case *c, size_t i,
			 struct diag_buf *out)
{
	diag_case_print_header(c, i, out);
	for (size_t k = 0; k < c->facts.n; k++) {
		struct diag_jw w;

		if (diag_case_origin(c, c->facts.facts[k]) != &c->origins[i])
			continue;
		diag_jw_init(&w, out, 0);
		diag_fact_print(c->facts.facts[k], &w);
		diag_buf_putc(out, '\n');
	}
}

/* Files are called after machines: their names are masked, too. */
static const char *origin_name(struct diag_mask *m, const char *name,
			       struct diag_buf *out)
{
	if (name == NULL || name[0] == '\0')
		return NULL;
	diag_buf_reset(out);
	(void)mask_one(m, NULL, m->level, diag_slice_of(name), out);
	return diag_buf_str(out);
}

static bool add_origin(struct diag_mask *m, const struct diag_case *c, size_t i,
		       struct diag_case *out, struct diag_err *err)
{
	struct diag_buf plain, masked, name;
	struct diag_slice text;
	struct diag_problems problems;
	size_t replaced;
	bool ok;

	diag_buf_init(&plain, DIAG_CASE_BYTES);
	diag_buf_init(&masked, DIAG_CASE_BYTES);
	diag_buf_init(&name, MASK_NAME_MAX * 16);
	diag_problems_init(&problems);
	print_origin(c, i, &plain);
	text = (struct diag_slice){ diag_buf_str(&plain), plain.len };
	ok = diag_buf_ok(&plain, err, MASK_OP) &&
	     diag_mask_json(m, CASE_WHERE, text, &masked, &replaced, err) &&
	     diag_case_add(out, origin_name(m, c->origins[i].name, &name),
			   diag_buf_str(&masked), masked.len, &problems, err);
	diag_problems_clear(&problems);
	diag_buf_clear(&name);
	diag_buf_clear(&masked);
	diag_buf_clear(&plain);
	return ok;
}

bool diag_mask_case(struct diag_mask *m, const struct diag_case *c,
		    struct diag_case **out, struct diag_err *err)
{
	struct diag_case *masked = NULL;
	bool ok = diag_case_new(&masked, err);

	for (size_t i = 0; ok && i < c->n_origins; i++)
		ok = add_origin(m, c, i, masked, err);
	if (!ok) {
		diag_case_free(masked);
		return false;
	}
	*out = masked;
	return true;
}

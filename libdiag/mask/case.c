/* SPDX-License-Identifier: MIT */
/* case.c - a case that says the same and names nobody. */
#include <string.h>

#include "base/json.h"
#include "mask/internal.h"

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

static bool add_origin(struct diag_mask *m, const char *where,
		       const struct diag_case *c, size_t i,
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
	     diag_mask_json(m, where, text, &masked, &replaced, err) &&
	     diag_case_add(out, origin_name(m, c->origins[i].name, &name),
			   diag_buf_str(&masked), masked.len, &problems, err);
	diag_problems_clear(&problems);
	diag_buf_clear(&name);
	diag_buf_clear(&masked);
	diag_buf_clear(&plain);
	return ok;
}

bool diag_mask_case(struct diag_mask *m, const char *where,
		    const struct diag_case *c, struct diag_case **out,
		    struct diag_err *err)
{
	struct diag_case *masked = NULL;
	bool ok = diag_case_new(&masked, err);

	for (size_t i = 0; ok && i < c->n_origins; i++)
		ok = add_origin(m, where, c, i, masked, err);
	if (!ok) {
		diag_case_free(masked);
		return false;
	}
	*out = masked;
	return true;
}

bool diag_mask_is_of(struct diag_mask *m, const char *plain, const char *masked)
{
	struct diag_buf out;
	bool same;

	if (plain == NULL || masked == NULL)
		return plain == masked;
	diag_buf_init(&out, MASK_NAME_MAX * 16);
	if (m->level < DIAG_MASK_IDENTIFIERS ||
	    !mask_name(m, plain, strlen(plain), &out))
		(void)mask_one(m, NULL, m->level, diag_slice_of(plain), &out);
	same = strcmp(diag_buf_str(&out), masked) == 0;
	diag_buf_clear(&out);
	return same;
}

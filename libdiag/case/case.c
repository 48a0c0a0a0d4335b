/* SPDX-License-Identifier: MIT */
/* case.c - a case begins, gains origins, ends. */
#include "case/case.h"

#include <string.h>

#include "base/mem.h"
#include "case/internal.h"

bool diag_case_new(struct diag_case **out, struct diag_err *err)
{
	struct diag_case *c = diag_alloc(sizeof(*c));

	if (c == NULL)
		return diag_fail_nomem(err, "case");
	*c = (struct diag_case){ .n_origins = 0 };
	diag_arena_init(&c->arena, 0);
	diag_store_init(&c->facts);
	/* All at once: pointers to origins stay good. */
	c->origins =
	    diag_arena_array(&c->arena, DIAG_CASES_MAX, sizeof(*c->origins));
	if (c->origins == NULL) {
		diag_case_free(c);
		return diag_fail_nomem(err, "case");
	}
	c->n_origins = 1;
	c->origins[0] = (struct diag_origin){
		.name = "", .tool = "", .version = "", .host = ""
	};
	*out = c;
	return true;
}

void diag_case_free(struct diag_case *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; c->origins != NULL && i < c->n_origins; i++)
		diag_machine_free(c->origins[i].machine);
	diag_inventory_free(c->inventory);
	diag_store_clear(&c->facts);
	diag_arena_clear(&c->arena);
	diag_free(c);
}

static bool name_taken(const struct diag_case *c, const char *name)
{
	for (size_t i = 0; i < c->n_origins; i++)
		if (strcmp(c->origins[i].name, name) == 0)
			return true;
	return false;
}

/* "laptop", "laptop (2)" ...; the one without a name is "case 2". */
static const char *free_name(struct diag_case *c, const char *name)
{
	const char *base = name[0] != '\0' ? name : "case";
	const char *text = name;

	for (size_t i = 2; text != NULL && name_taken(c, text); i++)
		text = diag_arena_printf(&c->arena, "%s (%zu)", base, i);
	return text == name ? diag_arena_strdup(&c->arena, name) : text;
}

static bool is_empty(const struct diag_case *c)
{
	return c->n_origins == 1 && c->inventory == NULL &&
	       c->origins[0].machine == NULL && c->facts.n == 0;
}

bool diag_case_origin_new(struct diag_case *c, const char *name,
			  struct diag_origin **out, struct diag_err *err)
{
	struct diag_origin fresh = { .tool = "", .version = "", .host = "" };

	if (is_empty(c))
		c->n_origins = 0;
	if (c->n_origins == DIAG_CASES_MAX)
		return diag_fail(err, DIAG_ELIMIT, "case", "more than %d cases",
				 DIAG_CASES_MAX);
	fresh.name = free_name(c, name);
	if (fresh.name == NULL)
		fresh.name = "";
	*out = &c->origins[c->n_origins++];
	**out = fresh;
	if (fresh.name[0] == '\0' && name[0] != '\0')
		return diag_fail_nomem(err, "case");
	return true;
}

const struct diag_origin *diag_case_origin(const struct diag_case *c,
					   const struct diag_fact *f)
{
	for (size_t i = 0; f->origin != NULL && i < c->n_origins; i++)
		if (strcmp(c->origins[i].name, f->origin) == 0)
			return &c->origins[i];
	return &c->origins[0];
}

bool diag_case_mark(struct diag_case *c, size_t origin,
		    const struct diag_mark *mark, struct diag_err *err)
{
	struct diag_origin *o = &c->origins[origin];
	struct diag_mark *marks;

	if (o->n_marks == DIAG_MARKS_MAX)
		return diag_fail(err, DIAG_ELIMIT, "case", "more than %d marks",
				 DIAG_MARKS_MAX);
	marks = diag_arena_array(&c->arena, o->n_marks + 1, sizeof(*marks));
	if (marks == NULL)
		return diag_fail_nomem(err, "case");
	if (o->n_marks > 0)
		memcpy(marks, o->marks, o->n_marks * sizeof(*marks));
	marks[o->n_marks] = *mark;
	marks[o->n_marks].text =
	    diag_arena_strdup(&c->arena, mark->text != NULL ? mark->text : "");
	if (marks[o->n_marks].text == NULL)
		return diag_fail_nomem(err, "case");
	o->marks = marks;
	o->n_marks++;
	return true;
}

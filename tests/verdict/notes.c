/* SPDX-License-Identifier: MIT */
/* See notes.h. */
#include "tests/verdict/notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void note_is(struct build *b, const char *code, enum diag_severity severity)
{
	const struct diag_finding *f = build_finding(b, code);

	if (f->severity != severity)
		fail_msg("%s is %s (\"%s\"; said \"%s\")", code,
			 diag_severity_key(f->severity), f->detail, b->said);
}

void note_outcome(struct build *b, enum diag_outcome outcome)
{
	if (b->v->outcome != outcome)
		fail_msg("%s, not %s (said \"%s\")",
			 diag_outcome_key(b->v->outcome),
			 diag_outcome_key(outcome), b->said);
}

void note_explains(struct build *b, const char *code, const char *effects)
{
	const struct diag_cause *c = b->v->causes;
	char said[1024] = "";

	if (b->v->n_causes == 0 || strcmp(c->finding->info->code, code) != 0)
		fail_msg("the first cause is %s (said \"%s\")",
			 b->v->n_causes ? c->finding->info->code : "none",
			 b->said);
	for (size_t i = 0; i < c->n_explains; i++) {
		size_t len = strlen(said);

		(void)snprintf(said + len, sizeof(said) - len, "%s%s",
			       i > 0 ? " " : "", c->explains[i]->info->code);
	}
	assert_string_equal(effects, said);
}

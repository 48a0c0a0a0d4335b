/* SPDX-License-Identifier: MIT */
/* See advice.h.  The rows are advice_dns.c, advice_azure.c and advice_path.c.
 */
#include "verdict/advice.h"

#include <string.h>

static bool code_fits(const char *pattern, const char *code)
{
	size_t n = strlen(pattern);

	if (pattern[n - 1] == '*')
		return strncmp(pattern, code, n - 1) == 0;
	return strcmp(pattern, code) == 0;
}

static bool row_fits(const struct advice *a, const struct advice_row *r)
{
	unsigned role = 1u << a->j->c->role;

	return (r->roles == 0 || (r->roles & role)) && (!r->when || r->when(a));
}

static struct diag_fix fix_of(struct advice *a, const struct advice_row *r)
{
	struct diag_fix f = { .kind = r->kind,
			      .who = r->who,
			      .lasting = r->lasting };

	f.command = advice_text(a, r->command);
	f.undo = advice_text(a, r->undo);
	f.text = advice_text(a, r->text);
	if (r->with == ADVICE_OWN_LINES && !advice_own_lines(a, &f))
		a->j->failed = true;
	if (r->with == ADVICE_LINES) {
		f.lines = a->lines->items;
		f.n_lines = a->lines->n;
	}
	return f;
}

/* A wildcard row serves only codes that have met no row before. */
static bool is_fallback(const struct advice_row *r)
{
	return r->code[strlen(r->code) - 1] == '*';
}

static bool give_from(struct advice *a, struct diag_cause *cause,
		      const struct advice_row *rows)
{
	size_t n = 0;
	struct diag_fix *fixes;

	for (const struct advice_row *r = rows; r->code; r++)
		n += code_fits(r->code, a->d->info->code) ? 1 : 0;
	if (n == 0)
		return true;
	fixes = diag_arena_array(&a->j->v->arena, n, sizeof(*fixes));
	if (!fixes)
		return false;
	cause->fixes = fixes;
	for (const struct advice_row *r = rows; r->code; r++) {
		if (!code_fits(r->code, a->d->info->code) || !row_fits(a, r))
			continue;
		if (!is_fallback(r) || cause->n_fixes == 0)
			fixes[cause->n_fixes++] = fix_of(a, r);
	}
	return true;
}

/* No code has rows in two tables. */
bool advice_give(struct judge *j, const struct advice_lines *lines,
		 struct diag_cause *cause, const struct draft *d)
{
	static const struct advice_row *const tables[] = {
		advice_dns,
		advice_azure,
		advice_path,
	};
	struct advice a;

	advice_init(&a, j, d);
	a.lines = lines;
	a.cause = cause;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (cause->n_fixes == 0 && !give_from(&a, cause, tables[i]))
			return false;
	return true;
}

bool advice_hints(struct judge *j)
{
	static const char *const hints[] = {
		"Secure DNS (DNS over HTTPS) in the browser asks another name "
		"server than this machine does: switch it off for these names.",
		"A proxy script (PAC) can send these names to a proxy: open "
		"the browser's proxy settings.",
		"Chrome and Edge ask before a page may reach private "
		"addresses: allow local network access for the studio.",
		"Extensions (ad blockers, privacy tools) can stop requests: "
		"try a private window.",
	};

	if (j->v->outcome != DIAG_HEALTHY || j->c->role != DIAG_ROLE_CLIENT)
		return true;
	j->v->hints = hints;
	j->v->n_hints = sizeof(hints) / sizeof(hints[0]);
	return true;
}

/* SPDX-License-Identifier: MIT */
/* draft.c - findings while rules still write on them. */
#include "verdict/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define WORD_MAX 65536 /* bytes of one word of a command */
#define N_SLOTS	 (sizeof(((struct judge *)NULL)->slots) / sizeof(struct draft *))

/* --- text ----------------------------------------------------------------- */

DIAG_PRINTF(2, 0)
static const char *vtext(struct judge *j, const char *fmt, va_list args)
{
	char *s = diag_arena_vprintf(&j->v->arena, fmt, args);

	if (s == NULL)
		j->failed = true;
	return s != NULL ? s : "";
}

const char *judge_text(struct judge *j, const char *fmt, ...)
{
	const char *s;
	va_list args;

	va_start(args, fmt);
	s = vtext(j, fmt, args);
	va_end(args);
	return s;
}

const char *judge_addr(struct judge *j, const struct diag_addr *a)
{
	char text[DIAG_ADDR_TEXT];

	return judge_text(j, "%s", diag_addr_text(a, text));
}

/* --- words of a command ----------------------------------------------------
 */

const char *judge_word(struct judge *j, const char *text)
{
	struct diag_buf b;
	const char *out;

	diag_buf_init(&b, WORD_MAX);
	diag_text_word(&b, text);
	out = judge_text(j, "%s", diag_buf_str(&b));
	diag_buf_clear(&b);
	return out;
}

/* --- finding the draft ---------------------------------------------------- */

/* FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint32_t hash(const char *s, uint32_t h)
{
	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

static size_t slot_of(const char *code, enum diag_severity severity,
		      const char *subject)
{
	uint32_t h = hash(code, 2166136261u);

	return (hash(subject, h) + (uint32_t)severity) % N_SLOTS;
}

static struct draft *draft_new(struct judge *j, const char *code,
			       enum diag_severity severity, const char *subject)
{
	struct diag_arena *arena = &j->v->arena;
	struct draft **all;
	struct draft *d = diag_arena_alloc(arena, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->info = diag_code_find(code);
	d->severity = severity;
	d->subject = diag_arena_strdup(arena, subject);
	d->rule = j->rule;
	d->proof = diag_arena_array(arena, JUDGE_PROOF_MAX, sizeof(*d->proof));
	all = diag_arena_push(arena, &j->drafts, &j->n_drafts,
			      sizeof(struct draft *));
	if (d->info == NULL || d->subject == NULL || d->proof == NULL ||
	    all == NULL)
		return NULL;
	*all = d;
	return d;
}

struct draft *judge_find(struct judge *j, const char *code,
			 enum diag_severity severity, const char *subject)
{
	size_t slot;
	struct draft *d;

	if (subject == NULL)
		subject = "";
	if (j->failed)
		return &j->scrap;
	slot = slot_of(code, severity, subject);
	for (d = j->slots[slot]; d != NULL; d = d->next)
		if (d->severity == severity &&
		    strcmp(d->info->code, code) == 0 &&
		    strcmp(d->subject, subject) == 0)
			return d;
	d = draft_new(j, code, severity, subject);
	if (d == NULL) {
		j->failed = true;
		return &j->scrap;
	}
	d->next = j->slots[slot];
	j->slots[slot] = d;
	return d;
}

/* --- writing on it -------------------------------------------------------- */

void draft_detail(struct judge *j, struct draft *d, const char *fmt, ...)
{
	va_list args;

	if (d == &j->scrap || d->detail != NULL)
		return;
	va_start(args, fmt);
	d->detail = vtext(j, fmt, args);
	va_end(args);
}

void draft_redetail(struct judge *j, struct draft *d, const char *fmt, ...)
{
	va_list args;

	if (d == &j->scrap)
		return;
	va_start(args, fmt);
	d->detail = vtext(j, fmt, args);
	va_end(args);
}

void draft_target(struct judge *j, struct draft *d, const struct ev_target *t)
{
	size_t *slot;

	if (d == &j->scrap)
		return;
	if (d->n_targets > 0 && d->targets[d->n_targets - 1] == t->index)
		return;
	slot = diag_arena_push(&j->v->arena, &d->targets, &d->n_targets,
			       sizeof(*slot));
	if (slot != NULL)
		*slot = t->index;
	else
		j->failed = true;
}

void draft_fact(struct judge *j, struct draft *d, const struct diag_fact *f)
{
	uint32_t *slot;

	if (d == &j->scrap || f == NULL || d->n_facts == JUDGE_EVIDENCE_MAX)
		return;
	slot = diag_arena_push(&j->v->arena, &d->facts, &d->n_facts,
			       sizeof(*slot));
	if (slot != NULL)
		*slot = f->id;
	else
		j->failed = true;
}

void draft_proof(struct judge *j, struct draft *d, const struct diag_fact *f,
		 const char *fmt, ...)
{
	va_list args;

	draft_fact(j, d, f);
	if (d == &j->scrap || d->n_proof == JUDGE_PROOF_MAX)
		return;
	va_start(args, fmt);
	d->proof[d->n_proof].text = vtext(j, fmt, args);
	va_end(args);
	d->proof[d->n_proof++].fact = f != NULL ? f->id : 0;
}

enum diag_severity judge_cap(const struct ev_target *t,
			     enum diag_severity severity)
{
	return t->optional && severity == DIAG_ERROR ? DIAG_WARNING : severity;
}

/* --- walking -------------------------------------------------------------- */

static bool is_looked_at(const struct ev_target *t)
{
	return t->any_fact && !t->unused;
}

struct ev_target *judge_first(const struct judge *j)
{
	struct evidence *ev = j->ev;
	size_t i;

	for (i = 0; i < ev->n_origins; i++) {
		struct ev_origin *o = &ev->origins[i];

		if (o->n_targets == 0)
			continue;
		return is_looked_at(&o->targets[0]) ? &o->targets[0]
						    : judge_next(j, o->targets);
	}
	return NULL;
}

struct ev_target *judge_next(const struct judge *j, const struct ev_target *t)
{
	size_t origin = t->origin->index, i = t->index + 1;

	for (; origin < j->ev->n_origins; origin++, i = 0) {
		struct ev_origin *o = &j->ev->origins[origin];

		for (; i < o->n_targets; i++)
			if (is_looked_at(&o->targets[i]))
				return &o->targets[i];
	}
	return NULL;
}

/* SPDX-License-Identifier: MIT */
/* answer_views.c - what shows only when all names are looked at together. */
#include "verdict/evidence_build.h"

static void count_private(struct ev_origin *o, const struct ev_target *t)
{
	size_t i;

	if (!ev_wants_private(t->t) || t->row == NULL || t->row->zone == NULL)
		return;
	for (i = 0; i < t->n_answers; i++)
		o->views[i].n_private += ev_kind_is_good(t->answers[i].kind) &&
					 t->answers[i].kind != EV_PUBLIC_WORKS;
}

static void count_asked(struct ev_origin *o, const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_answers; i++)
		o->views[i].n_asked += t->answers[i].asked != DIAG_ASKED_NO;
}

struct census {				       /* of the deciding answers */
	size_t public, public_good, public_no; /* names that must be public */
	size_t others_served;		       /* other names, by DNS */
};

static void count_public(const struct ev_target *t, struct census *n)
{
	if (!t->any_fact || t->deciding == NULL || t->unused ||
	    t->kind <= EV_NOT_RUN)
		return;
	if (!ev_wants_public(t->t)) {
		n->others_served +=
		    !t->from_hosts && !ev_kind_is_server(t->kind);
		return;
	}
	n->public ++;
	n->public_good += ev_kind_is_good(t->kind) || t->deciding->n_addrs > 0;
	n->public_no += t->kind == EV_HIDDEN;
}

/* One name proves nothing about the rest: at least two are needed.  Names that
 * fail like all others are the server's fault, not the internet's. */
void build_view_counts(struct ev_origin *o)
{
	struct census n = { 0 };
	size_t i;

	for (i = 0; i < o->n_targets; i++) {
		count_private(o, &o->targets[i]);
		count_asked(o, &o->targets[i]);
		count_public(&o->targets[i], &n);
	}
	o->no_internet = n.public >= 2 && n.public_good == 0 &&
			 (n.public_no == n.public || n.others_served > 0);
}

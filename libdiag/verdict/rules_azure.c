/* SPDX-License-Identifier: MIT */
/* rules_azure - what Azure's own documents say, held against what was met.
 *
 * Importers keep contradictions and faults as notes (inventory.h).  A row per
 * code says how bad it is where it explains a failure, how to look at a name
 * (claim.h), and the words for each outcome.  The outcome over all names of a
 * note is the one that is told first; only CLAIM_FITS makes an error, so that
 * an old document never turns a working name into a failure.
 */
#include "verdict/blocked.h"
#include "verdict/claim.h"
#include "verdict/rules_dns.h"

#include "base/text.h"

#include <string.h>

/* A sentence around the first name concerned. */
struct words {
	const char *before, *after;
};

struct azure {
	const char *code;
	enum diag_severity fits; /* of CLAIM_FITS */
	enum claim (*look)(const struct claims *c, const struct note *n,
			   const struct ev_target *t); /* NULL: nothing to look
							  at; severity fits */
	bool of_zone;	/* the subject is the zone */
	bool of_record; /* the subject is the old address */
	bool of_vnet;	/* without names it concerns all private ones */
	/* One endpoint: a name that refutes it does so for all, and names at
	 * its addresses are concerned too. */
	bool of_endpoint;
	struct words words[CLAIM_FITS + 1];
};

#define UNSEEN                                                 \
	[CLAIM_UNSEEN] = { "This run did not look at what it " \
			   "concerns.",                        \
			   NULL }
#define BESIDE                                                               \
	[CLAIM_BESIDE] = { "", " fails here too, but not, or not only, for " \
			       "this: look at the other findings." }

static const struct azure table[] = {
	{ .code = "endpoint.not-approved",
	  .fits = DIAG_ERROR,
	  .look = claim_endpoint,
	  .of_endpoint = true,
	  .words = { UNSEEN,
		     [CLAIM_REFUTED] = { "But ",
					 " is reached at its private endpoint "
					 "now: the documents are old; gather "
					 "them again." },
		     [CLAIM_IDLE] = { "",
				      " works all the same, over its public "
				      "address." },
		     BESIDE,
		     [CLAIM_FITS] = { "What was met fits: ",
				      " cannot be reached at its private "
				      "endpoint." } } },
	{ .code = "endpoint.zone-missing",
	  .fits = DIAG_ERROR,
	  .look = claim_missing,
	  .of_zone = true,
	  .words = { UNSEEN,
		     [CLAIM_REFUTED] = { "But ",
					 " has its private answer now: the "
					 "record was made in another way, or "
					 "the documents are old (gather them "
					 "again)." },
		     [CLAIM_IDLE] = { "",
				      " works here all the same, by a hosts "
				      "line or in another way." },
		     BESIDE,
		     [CLAIM_FITS] = { "What was met fits: ",
				      " gets no private answer." } } },
	{ .code = "zone.not-linked",
	  .fits = DIAG_ERROR,
	  .look = claim_unlinked,
	  .of_zone = true,
	  .words = { UNSEEN,
		     [CLAIM_REFUTED] = { "But the zone is seen from here now "
					 "(asked for ",
					 "): the documents are old, another "
					 "copy of the zone is linked, or "
					 "another network is meant; gather "
					 "them again." },
		     [CLAIM_IDLE] = { "",
				      " works here all the same, by a hosts "
				      "line or in another way." },
		     BESIDE,
		     [CLAIM_FITS] = { "What was met fits: ",
				      " is answered with a public "
				      "address." } } },
	{ .code = "inventory.stale-record",
	  .fits = DIAG_ERROR,
	  .look = claim_record,
	  .of_record = true,
	  .words = { UNSEEN,
		     [CLAIM_REFUTED] = { "But ",
					 " is answered with the right address "
					 "now: the documents are old; gather "
					 "them again." },
		     [CLAIM_IDLE] = { "",
				      " works here all the same: by a hosts "
				      "line, or because its service answers "
				      "there too." },
		     BESIDE,
		     [CLAIM_FITS] = { "What was met fits: ",
				      " is led to the old address." } } },
	{ .code = "vnet.docker-range",
	  .fits = DIAG_ERROR,
	  .look = claim_docker,
	  .of_vnet = true,
	  .words = { UNSEEN,
		     [CLAIM_IDLE] = { "Nothing was met here that it would "
				      "explain; what runs in containers on "
				      "compute may not reach these "
				      "addresses.",
				      NULL },
		     [CLAIM_FITS] = { "What was met fits: packets for ",
				      " end at a container's bridge." } } },
	{ .code = "zone.ttl",
	  .fits = DIAG_WARNING,
	  .look = claim_ttl,
	  .words = { UNSEEN,
		     [CLAIM_IDLE] = { "After a change, answers are kept for as "
				      "long as that; 10 to 600 s are good.",
				      NULL },
		     [CLAIM_FITS] = { "What was met fits: an old answer for ",
				      " is still kept here." } } },
	{ .code = "zone.nxdomain-redirect",
	  .fits = DIAG_INFO,
	  .words = { [CLAIM_FITS] = { "A name of that zone without a record is "
				      "then answered publicly.",
				      NULL } } },
	{ .code = "vnet.custom-dns",
	  .fits = DIAG_INFO,
	  .words = { [CLAIM_FITS] = { "That server must forward the public "
				      "parents of the private zones to "
				      "168.63.129.16.",
				      NULL } } },
	{ .code = "nsg.too-wide",
	  .fits = DIAG_WARNING,
	  .words = { [CLAIM_FITS] = { "Narrow it to who needs it.", NULL } } },
	{ .code = "azure.diagnose",
	  .fits = DIAG_INFO,
	  .words = { [CLAIM_FITS] = { "This is Azure's own diagnosis; what was "
				      "met here neither proves nor refutes it.",
				      NULL } } },
	{ .code = NULL },
};

/* --- the whole of a note -------------------------------------------------- */

struct telling {
	const struct claims *c;
	const struct azure *row;
	const struct note *n;
	enum claim claim;
	struct draft *d;
	const struct ev_target *first;
};

static bool is_seen(const struct ev_target *t)
{
	return t->any_fact && !t->unused && ev_wants_private(t->t);
}

/* Every name that the note is about, on every machine. */
static void each(struct telling *w,
		 void (*say)(struct telling *w, const struct ev_target *t))
{
	const struct evidence *ev = w->c->j->ev;
	bool all = w->row->of_vnet && w->n->n->n_targets == 0;
	size_t n = all ? ev->inv->n_targets : w->n->n_targets;

	for (size_t i = 0; i < ev->n_origins; i++)
		for (size_t k = 0; k < n; k++) {
			size_t at = all ? k : w->n->targets[k];
			struct ev_target *t = &ev->origins[i].targets[at];

			if (is_seen(t))
				say(w, t);
		}
}

static void weigh(struct telling *w, const struct ev_target *t)
{
	enum claim c = w->row->look(w->c, w->n, t);
	bool vetoed = w->row->of_endpoint && w->claim == CLAIM_REFUTED;

	if (w->row->of_endpoint && c == CLAIM_REFUTED)
		w->claim = c;
	else if (!vetoed && c > w->claim)
		w->claim = c;
}

static enum diag_severity severity_of(const struct telling *w)
{
	switch (w->claim) {
	case CLAIM_FITS:
		return w->row->fits;
	case CLAIM_BESIDE:
	case CLAIM_IDLE:
		return DIAG_WARNING;
	case CLAIM_UNSEEN:
		/* it says of nothing in particular that it is bad */
		return w->n->n->n_targets == 0 ? DIAG_WARNING : DIAG_INFO;
	case CLAIM_REFUTED:
		break;
	}
	return DIAG_INFO;
}

/* Silence at it has this subject too. */
static const char *old_address(const struct telling *w)
{
	const struct diag_addr *a = claim_old(w->n, w->first);

	return a ? judge_addr(w->c->j, a) : w->n->from;
}

/* What findings of one cause share.  A server that shows no zone at all is
 * told of as one, so the notes about its zones are too. */
static const char *subject_of(const struct telling *w)
{
	const struct ev_answer *a = w->first ? claim_server(w->first) : NULL;

	if (w->row->of_record && w->claim == CLAIM_FITS)
		return old_address(w);
	if (!w->row->of_zone)
		return w->n->from;
	if (w->claim == CLAIM_FITS && a && a->view->n_private == 0)
		return a->view->text;
	return w->n->zone ? w->n->zone : w->n->from;
}

static void find_first(struct telling *w, const struct ev_target *t)
{
	if (!w->first && w->row->look(w->c, w->n, t) == w->claim)
		w->first = t;
}

static void prove(struct telling *w, const struct ev_target *t)
{
	struct judge *j = w->c->j;
	const struct ev_answer *a = claim_server(t);
	const struct ev_addr *silent = claim_silent(t);

	if (a && a->kind > EV_NOT_RUN)
		dns_prove(j, w->d, t, a);
	else if (t->deciding)
		dns_prove(j, w->d, t, t->deciding);
	if (silent)
		draft_proof(j, w->d, silent->conns[0].tcp,
			    "%s port %u: no answer",
			    judge_addr(j, &silent->addr),
			    (unsigned)silent->conns[0].port);
}

static void add_target(struct telling *w, const struct ev_target *t)
{
	bool named = w->n->n->n_targets > 0 || w->claim == CLAIM_FITS;

	if (!named || w->claim == CLAIM_UNSEEN ||
	    w->row->look(w->c, w->n, t) != w->claim)
		return;
	draft_target(w->c->j, w->d, t);
	prove(w, t);
}

static const char *tail_of(const struct telling *w)
{
	const struct words *words = &w->row->words[w->claim];
	const char *name =
	    w->first && w->first->t->fqdn ? w->first->t->fqdn : "a node";

	if (!words->after)
		return words->before;
	return judge_text(w->c->j, "%s%s%s", words->before, name, words->after);
}

static void tell(struct telling *w, enum diag_severity severity)
{
	struct judge *j = w->c->j;
	bool beside = w->claim != CLAIM_FITS;

	w->d = judge_find(j, w->row->code, severity, subject_of(w));
	/* notes of one subject are one finding: it fits if one of them does */
	w->d->beside = beside && (w->d->n_proof == 0 || w->d->beside);
	draft_detail(j, w->d, "The documents say: %s. %s", w->n->says,
		     tail_of(w));
	/* the words of the first one are the detail */
	if (w->d->n_proof == 0)
		draft_proof(j, w->d, NULL, "so says %s", w->n->from);
	else
		draft_proof(j, w->d, NULL, "%s: %s", w->n->from, w->n->says);
}

static void run_claim(const struct claims *c, const struct azure *row,
		      const struct note *n)
{
	struct telling w = { .c = c, .row = row, .n = n };

	each(&w, weigh);
	each(&w, find_first);
	tell(&w, severity_of(&w));
	each(&w, add_target);
}

/* "CODE (Level): message": Azure's levels (azure.md, 5). */
static bool is_alarm(const struct note *n)
{
	size_t len = strlen(n->says);

	return diag_text_find_nocase(n->says, len, "(warning)") ||
	       diag_text_find_nocase(n->says, len, "(error)");
}

static void run_plain(const struct claims *c, const struct azure *row,
		      const struct note *n)
{
	struct telling w = { .c = c, .row = row, .n = n, .claim = CLAIM_FITS };
	bool alarm = strcmp(row->code, "azure.diagnose") == 0 && is_alarm(n);

	tell(&w, alarm ? DIAG_WARNING : row->fits);
}

/* --- all notes ------------------------------------------------------------ */

static const struct azure *row_of(const char *code)
{
	for (const struct azure *r = table; code && r->code; r++)
		if (strcmp(r->code, code) == 0)
			return r;
	return NULL;
}

static void mark(const struct note *n, bool *flags)
{
	for (size_t i = 0; i < n->n_targets; i++)
		flags[n->targets[i]] = true;
}

static void mark_note(struct claims *c, const struct note *n)
{
	const char *code = n->n->code;

	if (code && strcmp(code, "endpoint.not-approved") == 0)
		mark(n, c->pending);
	else if (code && (strcmp(code, "zone.not-linked") == 0 ||
			  strcmp(code, "endpoint.zone-missing") == 0))
		mark(n, c->zoned);
}

static bool is_silent_beside(const struct claims *c, const struct ev_origin *o)
{
	for (size_t i = 0; i < o->n_targets; i++)
		if (o->targets[i].any_fact && !c->pending[i] &&
		    claim_silent(&o->targets[i]))
			return true;
	return false;
}

static bool read_notes(struct claims *c)
{
	struct judge *j = c->j;
	struct diag_arena *arena = &j->v->arena;
	const struct diag_inventory *inv = j->c->inventory;

	c->notes = diag_arena_array(arena, inv->n_notes, sizeof(*c->notes));
	c->zoned = diag_arena_array(arena, inv->n_targets + 1, sizeof(bool));
	c->pending = diag_arena_array(arena, inv->n_targets + 1, sizeof(bool));
	c->silent_beside =
	    diag_arena_array(arena, j->ev->n_origins, sizeof(bool));
	if (!c->notes || !c->zoned || !c->pending || !c->silent_beside)
		return false;
	for (c->n = 0; c->n < inv->n_notes; c->n++) {
		const struct azure *row = row_of(inv->notes[c->n].code);

		note_read(j, &inv->notes[c->n], &c->notes[c->n]);
		if (row && row->of_endpoint)
			note_add_sharing(j, &c->notes[c->n]);
		mark_note(c, &c->notes[c->n]);
	}
	for (size_t i = 0; i < j->ev->n_origins; i++)
		c->silent_beside[i] = is_silent_beside(c, &j->ev->origins[i]);
	return true;
}

static void run_notes(struct judge *j)
{
	struct claims c = { .j = j };

	if (j->c->inventory->n_notes == 0)
		return;
	if (!read_notes(&c)) {
		j->failed = true;
		return;
	}
	for (size_t i = 0; i < c.n && !j->failed; i++) {
		const struct azure *row = row_of(c.notes[i].n->code);

		/* rules_nsg looks at the rules themselves */
		if (row && strcmp(row->code, "nsg.too-wide") == 0 &&
		    blocked_groups(j))
			continue;
		if (row && row->look)
			run_claim(&c, row, &c.notes[i]);
		else if (row)
			run_plain(&c, row, &c.notes[i]);
	}
}

const struct diag_rule rules_azure[] = {
	{ .code = "inventory.stale-record", .run = run_notes },
	{ .code = NULL },
};

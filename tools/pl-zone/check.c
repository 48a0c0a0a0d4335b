/* SPDX-License-Identifier: MIT */
/* check.c - see check.h: the questions and the judgement.
 *
 * Each private name is asked for both families: an IPv6 address that nobody
 * expects leads browsers past the private endpoint.  A public name is asked for
 * IPv4 only; hidden names are hidden for both.
 *
 * A server that refuses a public name hides nothing: it is no resolver, and
 * whoever asks it for its own zones asks another for the rest.  That it refuses
 * a private name means that it does not have it.
 */
#include "tools/pl-zone/check.h"

#include <string.h>

#include "fact/server.h"
#include "tools/pl-resolve/resolve.h"
#include "tools/pl-zone/ask.h"

#define OP "pl-zone check"

struct checking {
	const struct zone_check_job *job;
	struct tool_call *call;
	struct zone_check *out;
	struct zone_checked *names;
	/* A of each name, then AAAA of the private ones, then the server's. */
	struct zone_question *questions;
	size_t n_questions;
	size_t *six;   /* of a name: its second question, 0: none */
	size_t *owner; /* of a question: its name */
	bool failed;   /* no memory */
};

static bool is_public(const struct diag_target *t)
{
	return t->expect == DIAG_EXPECT_PUBLIC;
}

const char *zone_state_key(enum zone_state s)
{
	static const char *const keys[] = {
		[ZONE_RIGHT] = "right",
		[ZONE_WRONG] = "wrong",
		[ZONE_MISSING] = "missing",
		[ZONE_HIDDEN] = "hidden",
		[ZONE_NO_ANSWER] = "no-answer",
		[ZONE_NOT_NEEDED] = "not-needed",
		[ZONE_NOT_SERVED] = "not-served",
	};

	return keys[s];
}

/* --- one name --------------------------------------------------------------
 */

static const struct diag_fact *a_of(const struct checking *c, size_t i)
{
	return c->questions[i].answer;
}

static const struct diag_fact *aaaa_of(const struct checking *c, size_t i)
{
	return c->six[i] != 0 ? c->questions[c->six[i]].answer : NULL;
}

static size_t n_of(const struct diag_fact *f)
{
	return f != NULL && f->status == DIAG_ST_ANSWER ? f->dns.n_addresses
							: 0;
}

static size_t count_suiting(const struct checking *c,
			    const struct diag_target *t,
			    const struct diag_fact *f)
{
	size_t n = n_of(f), good = 0;

	for (size_t i = 0; i < n; i++)
		good += resolve_suits(c->job->inv, t, &f->dns.addresses[i]);
	return good;
}

static enum zone_state of_nothing(const struct diag_target *t,
				  const struct diag_fact *f)
{
	switch (f != NULL ? f->status : DIAG_ST_NOT_RUN) {
	case DIAG_ST_NODATA:
	case DIAG_ST_NXDOMAIN:
	case DIAG_ST_ANSWER: /* an alias alone */
		return is_public(t) ? ZONE_HIDDEN : ZONE_MISSING;
	case DIAG_ST_REFUSED:
		return is_public(t) ? ZONE_NOT_SERVED : ZONE_MISSING;
	default:
		return ZONE_NO_ANSWER;
	}
}

static enum zone_state state_of(const struct checking *c, size_t i)
{
	const struct diag_target *t = c->job->targets[i];
	const struct diag_fact *a = a_of(c, i), *aaaa = aaaa_of(c, i);
	size_t n = n_of(a) + n_of(aaaa);

	if (n == 0)
		return of_nothing(t, a);
	if (count_suiting(c, t, a) + count_suiting(c, t, aaaa) == n)
		return ZONE_RIGHT;
	return is_public(t) ? ZONE_HIDDEN : ZONE_WRONG;
}

static void keep_addresses(struct checking *c, size_t i)
{
	const struct diag_fact *a = a_of(c, i), *aaaa = aaaa_of(c, i);
	struct zone_checked *name = &c->names[i];
	size_t n = n_of(a) + n_of(aaaa);
	struct diag_addr *all =
	    diag_arena_array(&c->call->arena, n + 1, sizeof(*all));

	if (all == NULL) {
		c->failed = true;
		return;
	}
	if (n_of(a) > 0)
		memcpy(all, a->dns.addresses, n_of(a) * sizeof(*all));
	if (n_of(aaaa) > 0)
		memcpy(all + n_of(a), aaaa->dns.addresses,
		       n_of(aaaa) * sizeof(*all));
	name->got = all;
	name->n_got = n;
	name->why = n == 0 ? zone_ask_words(a->status) : NULL;
}

/* --- names that stand for each other ---------------------------------------
 */

static bool group_is_served(const struct checking *c, const char *group)
{
	for (size_t i = 0; i < c->job->n; i++) {
		const struct diag_target *t = c->job->targets[i];

		if (t->any_of && strcmp(t->any_of, group) == 0 &&
		    state_of(c, i) == ZONE_RIGHT)
			return true;
	}
	return false;
}

/* A name that may be guessed wrongly, or of which there are several forms. */
static bool is_needed(const struct checking *c, const struct diag_target *t)
{
	return !t->uncertain &&
	       (t->any_of == NULL || !group_is_served(c, t->any_of));
}

static void judge(struct checking *c)
{
	for (size_t i = 0; i < c->job->n; i++) {
		c->names[i].target = c->job->targets[i];
		c->names[i].state = state_of(c, i);
		keep_addresses(c, i);
	}
	for (size_t i = 0; i < c->job->n; i++)
		if (c->names[i].state == ZONE_MISSING &&
		    !is_needed(c, c->job->targets[i]))
			c->names[i].state = ZONE_NOT_NEEDED;
}

/* --- the questions ---------------------------------------------------------
 */

static bool is_fine(enum zone_state s)
{
	return s == ZONE_RIGHT || s == ZONE_NOT_NEEDED || s == ZONE_NOT_SERVED;
}

/* Both questions of a name are asked again while it is not right. */
static bool is_right(void *ctx, const struct zone_question *q)
{
	const struct checking *c = ctx;
	size_t i = c->owner[q - c->questions];

	if (i >= c->job->n)
		return true; /* the server's own */
	return is_fine(state_of(c, i)) || !is_needed(c, c->job->targets[i]);
}

static void ask_for(struct checking *c, size_t owner, const char *name,
		    enum diag_rrtype type)
{
	c->owner[c->n_questions] = owner;
	c->questions[c->n_questions++] =
	    (struct zone_question){ .name = name, .type = type };
}

static bool make_room(struct checking *c)
{
	struct diag_arena *arena = &c->call->arena;
	size_t n = c->job->n;

	c->questions =
	    diag_arena_array(arena, 2 * n + 1, sizeof(*c->questions));
	c->owner = diag_arena_array(arena, 2 * n + 1, sizeof(*c->owner));
	c->six = diag_arena_array(arena, n + 1, sizeof(*c->six));
	c->names = diag_arena_array(arena, n + 1, sizeof(*c->names));
	return c->questions && c->owner && c->six && c->names;
}

static bool make_questions(struct checking *c, struct diag_err *err)
{
	const struct zone_check_job *job = c->job;

	if (!make_room(c))
		return diag_fail_nomem(err, OP);
	for (size_t i = 0; i < job->n; i++)
		ask_for(c, i, job->targets[i]->fqdn, DIAG_RR_A);
	for (size_t i = 0; i < job->n; i++) {
		if (is_public(job->targets[i]))
			continue;
		c->six[i] = c->n_questions;
		ask_for(c, i, job->targets[i]->fqdn, DIAG_RR_AAAA);
	}
	if (job->fingerprint)
		ask_for(c, job->n, DIAG_SERVER_QUESTION, DIAG_RR_TXT);
	return true;
}

static void sum_up(struct checking *c)
{
	struct zone_check *out = c->out;

	out->names = c->names;
	out->n = c->job->n;
	out->good = true;
	for (size_t i = 0; i < out->n; i++) {
		out->counts[c->names[i].state]++;
		out->good = out->good && is_fine(c->names[i].state);
	}
	for (size_t i = 0; i < c->n_questions; i++)
		out->replied =
		    out->replied || zone_ask_replied(&c->questions[i]);
	if (c->job->fingerprint)
		out->software = diag_fact_server_text(
		    c->questions[c->n_questions - 1].answer);
	out->dialect = diag_server_key(out->software);
}

bool zone_check_run(struct tool_call *call, const struct zone_check_job *job,
		    struct zone_check *out, struct diag_err *err)
{
	struct checking c = { .job = job, .call = call, .out = out };
	struct zone_asking asking = {
		.server = job->server,
		.view = diag_endpoint_text(&job->server, out->server),
		.timeout_ms =
		    job->timeout_ms ? job->timeout_ms : ZONE_CHECK_TIMEOUT_MS,
		.wait_ms = job->wait_ms,
		.right = is_right,
		.ctx = &c,
	};

	*out = (struct zone_check){ .n = 0 };
	diag_store_init(&out->store);
	asking.view = diag_endpoint_text(&job->server, out->server);
	asking.store = &out->store;
	if (!make_questions(&c, err))
		return false;
	asking.questions = c.questions;
	asking.n = c.n_questions;
	if (!zone_ask(&asking, err))
		return false;
	out->signal = asking.signal;
	judge(&c);
	sum_up(&c);
	return !c.failed || diag_fail_nomem(err, OP);
}

void zone_check_clear(struct zone_check *c)
{
	diag_store_clear(&c->store);
}

bool zone_check_targets(struct tool_call *call,
			const struct diag_inventory *inv, bool with_public,
			const struct diag_target *const **out, size_t *n,
			struct diag_err *err)
{
	const struct diag_target **list =
	    diag_arena_array(&call->arena, inv->n_targets + 1, sizeof(*list));

	*n = 0;
	if (list == NULL)
		return diag_fail_nomem(err, OP);
	for (size_t i = 0; i < inv->n_targets; i++) {
		const struct diag_target *t = &inv->targets[i];

		/* A wildcard is no name that anybody can ask for. */
		if (t->fqdn != NULL && t->fqdn[0] != '*' &&
		    (with_public || !is_public(t)))
			list[(*n)++] = t;
	}
	*out = list;
	return true;
}

enum tool_status zone_check_status(const struct zone_check *c)
{
	if (!c->replied)
		return TOOL_TROUBLE;
	return c->good ? TOOL_GOOD : TOOL_WRONG;
}

/* SPDX-License-Identifier: MIT */
/* present.c - what a server says of our names before we touch them.
 *
 * The SOA of the zone is asked for with them: only a server that answers with
 * authority for just this zone can be told to change it.
 */
#include <string.h>

#include "tools/pl-zone/ask.h"
#include "tools/pl-zone/update.h"

#define TEXT_MAX ((size_t)4096)

bool zone_same_addresses(const struct diag_addr *a, size_t n,
			 const struct diag_addr *b, size_t m)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			if (diag_addr_eq(&a[i], &b[k])) {
				found++;
				break;
			}
	return n == m && found == n;
}

const char *zone_addresses_text(struct diag_arena *arena,
				const struct diag_addr *a, size_t n)
{
	char text[DIAG_ADDR_TEXT];
	struct diag_buf b;
	const char *out;

	if (n == 0)
		return "nothing";
	diag_buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < n; i++)
		diag_buf_printf(&b, "%s%s", i > 0 ? ", " : "",
				diag_addr_text(&a[i], text));
	out = diag_arena_strdup(arena, diag_buf_str(&b));
	diag_buf_clear(&b);
	return out != NULL ? out : "addresses";
}

/* --- the questions ---------------------------------------------------------
 */

static enum diag_rrtype type_of(const struct diag_update_set *s)
{
	return s->family == DIAG_IPV6 ? DIAG_RR_AAAA : DIAG_RR_A;
}

static bool ask(struct zone_change *c, struct zone_question *q, size_t n,
		struct diag_store *store)
{
	struct zone_asking asking = { .server = c->server,
				      .view = c->server_text,
				      .timeout_ms = c->o->timeout_ms,
				      .questions = q,
				      .n = n,
				      .store = store };
	bool ok = zone_ask(&asking, c->err);

	signals_hold(); /* the loop has let go of them */
	c->call->signal = asking.signal;
	return ok && asking.signal == 0;
}

/* --- the answers -----------------------------------------------------------
 */

static bool holds_zone(const struct zone_change *c, const struct diag_fact *f)
{
	return f->status == DIAG_ST_ANSWER && f->dns.aa &&
	       f->dns.soa.owner != NULL &&
	       strcmp(f->dns.soa.owner, c->zone) == 0;
}

/* Where the name's zone is, if the server knows. */
static bool check_zone(struct zone_change *c, const struct zone_question *q,
		       enum tool_status *status)
{
	const struct diag_fact *f = q->answer;
	const char *owner = f->dns.soa.owner;

	if (holds_zone(c, f))
		return true;
	if (!zone_ask_replied(q))
		*status = zone_change_fail(
		    c, "failed", TOOL_TROUBLE, "%s does not answer: %s",
		    c->server_text, zone_ask_words(f->status));
	else if (owner != NULL && f->dns.aa)
		*status = zone_change_fail(
		    c, "failed", TOOL_TROUBLE,
		    "%s is no zone of %s, but %s is: say --zone %s", c->zone,
		    c->server_text, owner, owner);
	else
		*status = zone_change_fail(
		    c, "failed", TOOL_TROUBLE,
		    "%s does not hold the zone %s: an update has to go to a "
		    "server that does",
		    c->server_text, c->zone);
	return false;
}

static bool keep(struct zone_change *c, const struct diag_fact *f,
		 struct zone_present *out)
{
	struct diag_arena *arena = &c->call->arena;
	const struct diag_rr *last = NULL;
	struct diag_addr *copy;

	for (size_t i = 0; i < f->dns.n_chain; i++) {
		if (f->dns.chain[i].type == DIAG_RR_CNAME && !out->alias)
			out->alias =
			    diag_arena_strdup(arena, f->dns.chain[i].value);
		last = &f->dns.chain[i];
	}
	if (f->status != DIAG_ST_ANSWER || f->dns.n_addresses == 0)
		return true;
	copy = diag_arena_array(arena, f->dns.n_addresses, sizeof(*copy));
	if (copy == NULL)
		return diag_fail_nomem(c->err, "pl-zone");
	memcpy(copy, f->dns.addresses, f->dns.n_addresses * sizeof(*copy));
	out->addrs = copy;
	out->n = f->dns.n_addresses;
	out->ttl_s = last != NULL ? last->ttl_s : 0;
	return true;
}

static bool is_known(enum diag_status s)
{
	return s == DIAG_ST_ANSWER || s == DIAG_ST_NODATA ||
	       s == DIAG_ST_NXDOMAIN;
}

static bool take(struct zone_change *c, const struct diag_update *u,
		 const struct zone_question *q, struct zone_present *out,
		 enum tool_status *status)
{
	for (size_t i = 0; i < u->n; i++) {
		if (is_known(q[i].answer->status)) {
			if (!keep(c, q[i].answer, &out[i]))
				return false;
			continue;
		}
		*status = zone_change_fail(c, "failed", TOOL_TROUBLE,
					   "%s: %s does not tell: %s",
					   u->sets[i].owner, c->server_text,
					   zone_ask_words(q[i].answer->status));
		return false;
	}
	return true;
}

bool zone_present_ask(struct zone_change *c, const struct diag_update *u,
		      struct zone_present **out, enum tool_status *status)
{
	struct diag_arena *arena = &c->call->arena;
	struct zone_question *q = diag_arena_array(arena, u->n + 1, sizeof(*q));
	struct diag_store store;
	bool ok;

	*status = TOOL_TROUBLE;
	*out = diag_arena_array(arena, u->n + 1, sizeof(**out));
	if (q == NULL || *out == NULL)
		return diag_fail_nomem(c->err, "pl-zone");
	for (size_t i = 0; i < u->n; i++)
		q[i] = (struct zone_question){ .name = u->sets[i].owner,
					       .type = type_of(&u->sets[i]) };
	q[u->n] =
	    (struct zone_question){ .name = c->zone, .type = DIAG_RR_SOA };
	diag_store_init(&store);
	ok = ask(c, q, u->n + 1, &store) && check_zone(c, &q[u->n], status) &&
	     take(c, u, q, *out, status);
	diag_store_clear(&store);
	return ok;
}

/* --- an answer that was never seen -----------------------------------------
 */

static size_t count_same(const struct diag_update *u,
			 const struct zone_present *now, bool will)
{
	size_t n = 0;

	for (size_t i = 0; i < u->n; i++) {
		const struct diag_update_set *s = &u->sets[i];

		n += zone_same_addresses(will ? s->will : s->was,
					 will ? s->n_will : s->n_was,
					 now[i].addrs, now[i].n);
	}
	return n;
}

static enum diag_update_stage judge(struct zone_change *c,
				    const struct diag_update *u,
				    const struct zone_present *now)
{
	if (count_same(u, now, true) == u->n) {
		c->settled = "done";
		return DIAG_UPDATE_DONE;
	}
	if (count_same(u, now, false) == u->n) {
		c->settled = "not-done";
		return DIAG_UPDATE_NOT_DONE;
	}
	c->settled = "changed-since";
	return DIAG_UPDATE_LOST;
}

bool zone_settle(struct zone_change *c, enum tool_status *status)
{
	static const char *const words[] = {
		[DIAG_UPDATE_DONE] = "the server says now that it was made",
		[DIAG_UPDATE_NOT_DONE] =
		    "the server says now that it was not made",
		[DIAG_UPDATE_LOST] =
		    "somebody changed these names since; it stays unknown",
	};
	const struct diag_update_entry *e =
	    c->log != NULL ? diag_update_log_unseen(c->log) : NULL;
	struct zone_present *now;
	enum diag_update_stage stage;

	if (e == NULL)
		return true;
	tool_note(c->call,
		  "%s, %s: an %s was sent whose answer was never seen (%s)",
		  c->server_text, c->zone, e->undoes > 0 ? "undo" : "update",
		  e->about);
	if (!zone_present_ask(c, &e->update, &now, status))
		return false;
	stage = judge(c, &e->update, now);
	tool_note(c->call, "%s, %s: %s", c->server_text, c->zone, words[stage]);
	return diag_update_log_end(c->log, e->id, stage, c->err);
}

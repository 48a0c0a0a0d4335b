/* SPDX-License-Identifier: MIT */
/* change.c - one change of a live server, from begin to end.
 *
 *	key → lock → settle what was never seen → (the caller plans) → ask the
 *	person → journal → send → read the answer → note it → prove → or take
 *back
 */
#include <stdarg.h>
#include <string.h>

#include "fix/writer.h"
#include "tools/pl-zone/check.h"
#include "tools/pl-zone/update.h"

#define PROOF_WAIT_MS 5000 /* for a server that loads a change with delay */

/* --- begin and end ---------------------------------------------------------
 */

static bool read_zone(struct zone_change *c)
{
	const char *zone = c->o->zone;

	if (zone == NULL)
		return diag_fail(c->err, DIAG_EUSAGE, "--zone",
				 "say which zone of the server, such as "
				 "privatelink.blob.core.windows.net");
	return diag_fqdn_normal(zone, strlen(zone), c->zone, NULL) ||
	       diag_fail(c->err, DIAG_EUSAGE, "--zone",
			 "expected the name of a zone, got \"%s\"", zone);
}

static bool read_key(struct zone_change *c)
{
	const struct pl_zone *o = c->o;

	if (o->tsig_key != NULL && o->unsigned_)
		return diag_fail(c->err, DIAG_EUSAGE, "--unsigned",
				 "cannot stand beside --tsig-key");
	if (o->tsig_key == NULL)
		return o->unsigned_ || o->dry_run ||
		       diag_fail(
			   c->err, DIAG_EUSAGE, "--tsig-key",
			   "say which key to sign with (BIND's key file), "
			   "or --unsigned for a server that knows us by "
			   "our address");
	c->has_key = zone_key_read(c->call, o->tsig_key, &c->key, c->err);
	return c->has_key;
}

static bool open_log(struct zone_change *c)
{
	const char *tool = diag_arena_printf(&c->call->arena, "pl-zone %s",
					     c->call->cmd->name);
	const char *state;

	return diag_writer_state_dir(c->o->state, &c->call->arena, &state,
				     c->err) &&
	       diag_update_log_open(state, c->server_text, c->zone,
				    tool ? tool : "pl-zone", &c->log, c->err);
}

bool zone_change_begin(struct zone_change *c, struct tool_call *call,
		       enum tool_status *status, struct diag_err *err)
{
	*c = (struct zone_change){ .call = call,
				   .o = call->options,
				   .outcome = "failed",
				   .err = err };
	*status = TOOL_USAGE;
	if (!pl_zone_server(c->o, &c->server, err) || !read_zone(c) ||
	    !read_key(c)) {
		*status = tool_bad_input(err);
		return false;
	}
	(void)diag_endpoint_text(&c->server, c->server_text);
	c->update.zone = c->zone;
	*status = TOOL_TROUBLE;
	signals_hold();
	return c->o->dry_run || open_log(c);
}

void zone_change_end(struct zone_change *c)
{
	diag_update_log_close(c->log);
	diag_tsig_key_clear(&c->key);
	diag_inventory_free(c->inv);
	diag_inventory_free(c->read);
	if (c->call->signal == 0)
		c->call->signal = signals_seen();
}

enum tool_status zone_change_fail(struct zone_change *c, const char *outcome,
				  enum tool_status status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	c->why = diag_arena_vprintf(&c->call->arena, fmt, args);
	va_end(args);
	if (c->why == NULL)
		c->why = "out of memory";
	c->outcome = outcome;
	tool_error(c->call, "%s", c->why);
	return status;
}

void zone_change_tell(struct zone_change *c)
{
	struct diag_arena *arena = &c->call->arena;

	for (size_t i = 0; i < c->update.n; i++) {
		const struct diag_update_set *s = &c->update.sets[i];

		tool_note(c->call, "%s %s: %s -> %s", s->owner,
			  s->family == DIAG_IPV6 ? "AAAA" : "A",
			  zone_addresses_text(arena, s->was, s->n_was),
			  zone_addresses_text(arena, s->will, s->n_will));
	}
}

/* --- the proof -------------------------------------------------------------
 */

static const struct diag_target *const *targets_of(const struct zone_change *c,
						   size_t *n)
{
	struct diag_arena *arena = &c->call->arena;
	const struct diag_update *u = &c->update;
	struct diag_target *t = diag_arena_array(arena, u->n + 1, sizeof(*t));
	const struct diag_target **list =
	    diag_arena_array(arena, u->n + 1, sizeof(*list));

	*n = 0;
	for (size_t i = 0; t && list && i < u->n; i++) {
		const struct diag_update_set *s = &u->sets[i];

		/* Both families of a name stand side by side. */
		if (s->n_will == 0)
			continue;
		t[*n] = (struct diag_target){ .fqdn = s->owner,
					      .addresses = s->will,
					      .n_addresses = s->n_will,
					      .expect = DIAG_EXPECT_PRIVATE };
		list[*n] = &t[*n];
		(*n)++;
	}
	return list;
}

/* Does the server say now what it was told? */
static bool proves_right(struct zone_change *c)
{
	struct zone_check_job job = { .server = c->server,
				      .timeout_ms = c->o->timeout_ms,
				      .wait_ms = PROOF_WAIT_MS };
	struct zone_check check;
	bool ok;

	job.targets = targets_of(c, &job.n);
	if (job.targets == NULL)
		return diag_fail_nomem(c->err, "pl-zone");
	c->tried_proof = true;
	ok = zone_check_run(c->call, &job, &check, c->err);
	signals_hold();
	if (ok && check.signal != 0)
		c->call->signal = check.signal;
	if (ok && !check.good)
		zone_check_tell(c->call, &check);
	c->proved = ok && check.good;
	zone_check_clear(&check);
	return c->proved;
}

static enum tool_status take_back(struct zone_change *c, uint64_t id)
{
	struct diag_update back;
	enum zone_sent sent = ZONE_SENT_NOT;

	if (diag_update_inverse(&c->update, &c->call->arena, &back, c->err))
		sent = zone_send(c, &back);
	if (sent != ZONE_SENT_DONE)
		return zone_change_fail(
		    c, "done", TOOL_TROUBLE,
		    "%s took the change, does not answer with it, and it could "
		    "not be taken back: %s; try pl-zone undo",
		    c->server_text, c->why ? c->why : "no answer");
	if (!diag_update_log_end(c->log, id, DIAG_UPDATE_NOT_DONE, c->err))
		return TOOL_TROUBLE;
	return zone_change_fail(
	    c, "rolled-back", TOOL_TROUBLE,
	    "%s took the change and does not answer with it (another view, or "
	    "a cache before it?): taken back",
	    c->server_text);
}

/* --- sending ---------------------------------------------------------------
 */

static enum tool_status done(struct zone_change *c, uint64_t id)
{
	if (!diag_update_log_end(c->log, id, DIAG_UPDATE_DONE, c->err))
		return TOOL_TROUBLE;
	c->outcome = "done";
	c->why = NULL;
	if (c->undoes > 0 || c->o->no_verify || proves_right(c))
		return TOOL_GOOD;
	return take_back(c, id);
}

/* RFC 2136, 2.4.2: a prerequisite wants a record of the name's own; answers may
 * come from a wildcard. */
static bool looks_as_before(struct zone_change *c)
{
	struct zone_present *now;
	enum tool_status status;
	size_t same = 0;

	if (c->reply.rcode != 8 ||
	    !zone_present_ask(c, &c->update, &now, &status))
		return false;
	for (size_t i = 0; i < c->update.n; i++)
		same += zone_same_addresses(c->update.sets[i].was,
					    c->update.sets[i].n_was,
					    now[i].addrs, now[i].n);
	return same == c->update.n;
}

static enum tool_status refused(struct zone_change *c, uint64_t id)
{
	const char *why = c->why != NULL ? c->why : "no answer";

	if (!diag_update_log_end(c->log, id, DIAG_UPDATE_NOT_DONE, c->err))
		return TOOL_TROUBLE;
	if (c->answered && looks_as_before(c))
		return zone_change_fail(
		    c, "refused", TOOL_TROUBLE,
		    "nothing was changed: %s answers as before, but not from "
		    "records of these names in %s (a wildcard, or another "
		    "view)",
		    c->server_text, c->zone);
	return zone_change_fail(c, "refused", TOOL_TROUBLE,
				"nothing was changed: %s", why);
}

/* Ask what came of it, as the next run would. */
static enum tool_status unknown(struct zone_change *c)
{
	enum tool_status status = zone_change_fail(
	    c, "unknown", TOOL_TROUBLE,
	    "%s: it was sent, and no answer came that counts: %s",
	    c->server_text, c->why != NULL ? c->why : "silence");
	const char *why = c->why;

	if (c->call->signal != 0 || !zone_settle(c, &status)) {
		c->outcome = "unknown"; /* the next run will ask */
		c->why = why;
		return TOOL_TROUBLE;
	}
	c->why = why;
	if (strcmp(c->settled, "not-done") == 0)
		c->outcome = "refused";
	if (strcmp(c->settled, "done") != 0)
		return TOOL_TROUBLE;
	c->outcome = "done";
	c->proved = true;
	return TOOL_GOOD;
}

static enum tool_status send_it(struct zone_change *c)
{
	uint64_t id;

	if (!diag_update_log_begin(c->log, &c->update, c->about, c->undoes, &id,
				   c->err))
		return TOOL_TROUBLE;
	switch (zone_send(c, &c->update)) {
	case ZONE_SENT_DONE:
		return done(c, id);
	case ZONE_SENT_REFUSED:
	case ZONE_SENT_NOT:
		return refused(c, id);
	case ZONE_SENT_UNKNOWN:
		break;
	}
	return unknown(c);
}

enum tool_status zone_change_make(struct zone_change *c, const char *question)
{
	switch (talk_ask(c->call, c->o->yes, question)) {
	case ANSWER_YES:
		return send_it(c);
	case ANSWER_NOBODY:
		return zone_change_fail(c, "declined", TOOL_USAGE,
					"there is no terminal to ask on: say "
					"--yes to send it");
	case ANSWER_NO:
		break;
	}
	tool_note(c->call, "%s: nothing is sent", c->server_text);
	c->outcome = "declined";
	return TOOL_WRONG;
}

/* --- the report ------------------------------------------------------------
 */

static enum tool_status put_document(struct zone_change *c,
				     enum tool_status status)
{
	struct zone_doc d;
	char text[400];

	zone_doc_begin(&d, c->call, &c->server);
	diag_jw_kstr(&d.w, "zone", c->zone);
	diag_jw_kstr(&d.w, "outcome", c->outcome);
	diag_update_sets_print(&c->update, &d.w);
	if (c->why != NULL || c->err->code != DIAG_OK)
		diag_jw_kstr(&d.w, "error",
			     c->why
				 ? c->why
				 : diag_err_text(c->err, text, sizeof(text)));
	if (c->answered) {
		diag_jw_kuint(&d.w, "rcode", c->reply.rcode);
		diag_jw_kuint(&d.w, "tsig_error", c->reply.tsig_error);
	}
	diag_jw_kstr(&d.w, "settled", c->settled);
	diag_jw_kstr(&d.w, "nsupdate", c->nsupdate);
	if (c->tried_proof)
		diag_jw_kbool(&d.w, "verified", c->proved);
	return zone_doc_end(&d, c->call, c->err) ? status : TOOL_TROUBLE;
}

static void tell_undo(struct zone_change *c)
{
	const struct pl_zone *o = c->o;

	tool_print(c->call,
		   "Take it back with: pl-zone undo --server %s "
		   "--zone %s",
		   c->server_text, c->zone);
	if (c->has_key)
		tool_print(c->call, " --tsig-key %s", o->tsig_key);
	else
		tool_print(c->call, " --unsigned");
	if (o->state != NULL)
		tool_print(c->call, " --state %s", o->state);
	tool_print(c->call, "\n");
}

enum tool_status zone_change_report(struct zone_change *c,
				    enum tool_status status)
{
	size_t n = c->update.n;

	if (zone_doc_wanted(c->call))
		return put_document(c, status);
	if (c->nsupdate != NULL)
		tool_print(c->call, "%s", c->nsupdate);
	if (status != TOOL_GOOD || strcmp(c->outcome, "done") != 0)
		return status;
	tool_print(c->call, "%s, %s: %zu record set%s %s%s\n", c->server_text,
		   c->zone, n, n == 1 ? "" : "s",
		   c->undoes > 0 ? "taken back" : "changed",
		   c->proved ? "; each name answers as planned" : "");
	if (c->undoes == 0)
		tell_undo(c);
	return status;
}

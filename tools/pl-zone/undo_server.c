/* SPDX-License-Identifier: MIT */
/* undo_server.c - pl-zone undo --server: the records that an update
 * found, sent back, if what it made is still there. */
#include "tools/pl-zone/update.h"

/* Each name that somebody changed since is told. */
static size_t tell_changed(struct zone_change *c,
			   const struct zone_present *now)
{
	struct diag_arena *arena = &c->call->arena;
	size_t n = 0;

	for (size_t i = 0; i < c->update.n; i++) {
		const struct diag_update_set *s = &c->update.sets[i];

		if (zone_same_addresses(s->was, s->n_was, now[i].addrs,
					now[i].n))
			continue;
		n++;
		tool_error(c->call, "%s: we made it %s, now it is %s", s->owner,
			   zone_addresses_text(arena, s->was, s->n_was),
			   zone_addresses_text(arena, now[i].addrs, now[i].n));
	}
	return n;
}

static enum tool_status undo(struct zone_change *c)
{
	const struct diag_update_entry *e;
	struct zone_present *now;
	enum tool_status status = TOOL_TROUBLE;

	if (!zone_settle(c, &status))
		return status;
	e = diag_update_log_latest(c->log);
	if (e == NULL)
		return zone_change_fail(
		    c, "nothing-to-do", TOOL_USAGE,
		    "%s, %s: nothing to undo: no update of ours stands there",
		    c->server_text, c->zone);
	if (!diag_update_inverse(&e->update, &c->call->arena, &c->update,
				 c->err) ||
	    !zone_present_ask(c, &c->update, &now, &status))
		return status;
	c->undoes = e->id;
	c->about = e->about;
	if (tell_changed(c, now) > 0)
		return zone_change_fail(
		    c, "refused", TOOL_TROUBLE,
		    "nothing was changed: somebody changed these names since, "
		    "and undo takes back only what is still there");
	zone_change_tell(c);
	return zone_change_make(c, "take this back?");
}

enum tool_status pl_zone_undo_server(struct tool_call *call,
				     struct diag_err *err)
{
	enum tool_status status;
	struct zone_change c;

	if (zone_change_begin(&c, call, &status, err))
		status = zone_change_report(&c, undo(&c));
	zone_change_end(&c);
	return status;
}

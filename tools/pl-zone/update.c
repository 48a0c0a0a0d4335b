/* SPDX-License-Identifier: MIT */
/* update.c - pl-zone update: what a zone of a live server has now,
 * what it is to have, and the one message between them. */
#include <string.h>

#include "tools/pl-zone/update.h"

#define NSUPDATE_MAX ((size_t)64 << 20)

static bool read_sets(struct zone_change *c, enum tool_status *status)
{
	struct diag_zone_names names;

	*status = TOOL_USAGE;
	if (!pl_zone_inventory(c->call, &c->read, &c->inv, c->err) ||
	    !diag_zone_names_of(c->inv, &c->call->arena, &names, c->err) ||
	    !zone_sets_of(c, &names, c->err)) {
		*status = tool_bad_input(c->err);
		return false;
	}
	for (size_t i = 0; i < names.n_unknown; i++)
		tool_note(c->call, "%s: left out, no address is known",
			  names.unknown[i]);
	c->about = c->inv->name;
	return true;
}

/* --- what is to be done ----------------------------------------------------
 */

static bool is_alias(struct zone_change *c, const struct zone_present *now,
		     enum tool_status *status)
{
	for (size_t i = 0; i < c->update.n; i++) {
		if (now[i].alias == NULL)
			continue;
		*status = zone_change_fail(
		    c, "failed", TOOL_TROUBLE,
		    "%s is an alias (CNAME) to %s there, and beside an alias "
		    "there can be no address: remove it first, or change the "
		    "record that it leads to",
		    c->update.sets[i].owner, now[i].alias);
		return true;
	}
	return false;
}

/* Only what is not so already. */
static bool plan(struct zone_change *c, const struct zone_present *now)
{
	struct diag_update_set *sets =
	    diag_arena_array(&c->call->arena, c->update.n + 1, sizeof(*sets));
	size_t n = 0;

	if (sets == NULL)
		return diag_fail_nomem(c->err, "pl-zone");
	for (size_t i = 0; i < c->update.n; i++) {
		struct diag_update_set s = c->update.sets[i];

		s.was = now[i].addrs;
		s.n_was = now[i].n;
		s.was_ttl_s = now[i].ttl_s;
		if (!zone_same_addresses(s.was, s.n_was, s.will, s.n_will))
			sets[n++] = s;
	}
	c->update.sets = sets;
	c->update.n = n;
	return true;
}

static enum tool_status show(struct zone_change *c)
{
	char server[DIAG_ADDR_TEXT];
	struct diag_buf out;
	bool ok;

	diag_buf_init(&out, NSUPDATE_MAX);
	diag_update_print(&c->update, diag_addr_text(&c->server.addr, server),
			  c->server.port, &out);
	ok = diag_buf_ok(&out, c->err, "pl-zone");
	c->nsupdate =
	    ok ? diag_arena_strdup(&c->call->arena, diag_buf_str(&out)) : NULL;
	diag_buf_clear(&out);
	c->outcome = "shown";
	return ok && c->nsupdate ? TOOL_GOOD : TOOL_TROUBLE;
}

static enum tool_status nothing(struct zone_change *c, size_t n)
{
	c->outcome = "nothing-to-do";
	if (!zone_doc_wanted(c->call))
		tool_print(c->call,
			   "%s, %s: nothing to change: %zu record set%s %s "
			   "right\n",
			   c->server_text, c->zone, n, n == 1 ? "" : "s",
			   n == 1 ? "is" : "are");
	return TOOL_GOOD;
}

static enum tool_status update(struct zone_change *c, enum tool_status status)
{
	struct zone_present *now;
	size_t n = c->update.n;
	const char *question;

	if (!zone_settle(c, &status) ||
	    !zone_present_ask(c, &c->update, &now, &status) ||
	    is_alias(c, now, &status))
		return status;
	if (!plan(c, now))
		return TOOL_TROUBLE;
	if (c->update.n == 0)
		return nothing(c, n);
	zone_change_tell(c);
	if (c->o->dry_run)
		return show(c);
	question = diag_arena_printf(&c->call->arena, "send this to %s?",
				     c->server_text);
	return zone_change_make(c, question ? question : "send this?");
}

enum tool_status pl_zone_update(struct tool_call *call, struct diag_err *err)
{
	enum tool_status status;
	struct zone_change c;

	if (zone_change_begin(&c, call, &status, err) && read_sets(&c, &status))
		status = zone_change_report(&c, update(&c, TOOL_TROUBLE));
	zone_change_end(&c);
	return status;
}

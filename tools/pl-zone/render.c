/* SPDX-License-Identifier: MIT */
/* render.c - what an inventory means in a name server's own words. */
#include <string.h>

#include "fix/zone/dialect.h"
#include "tools/pl-zone/zone.h"

const char *const pl_zone_dialects[] = { "none",    "bind",    "unbound",
					 "dnsmasq", "windows", "azure-cli",
					 "hosts",   "knot",    "nsd",
					 "coredns", NULL };

struct rendering {
	const struct pl_zone *options;
	const struct diag_dialect *dialect;
	struct diag_inventory *read, *inv;
	struct diag_zone_names names;
	struct diag_zone_job job;
};

bool pl_zone_dialect(const struct pl_zone *o, const struct diag_dialect **out,
		     struct diag_err *err)
{
	if (o->dialect == 0)
		return diag_fail(err, DIAG_EUSAGE, "--for",
				 "say which name server: bind, unbound, "
				 "dnsmasq, windows, azure-cli, hosts, knot, "
				 "nsd or coredns");
	*out = diag_dialect_find(pl_zone_dialects[o->dialect]);
	return *out != NULL;
}

bool pl_zone_to(const struct pl_zone *o, struct diag_arena *arena,
		const struct diag_addr **out, struct diag_err *err)
{
	struct diag_addr *addrs =
	    diag_arena_array(arena, o->to.n + 1, sizeof(*addrs));

	if (addrs == NULL)
		return diag_fail_nomem(err, "pl-zone");
	for (size_t i = 0; i < o->to.n; i++)
		if (!diag_addr_parse(o->to.at[i], &addrs[i]))
			return diag_fail(err, DIAG_EUSAGE, "--to",
					 "expected an address, got %s",
					 o->to.at[i]);
	*out = addrs;
	return true;
}

static bool find_dialect(const struct pl_zone *o, struct rendering *r,
			 struct diag_err *err)
{
	r->options = o;
	return pl_zone_dialect(o, &r->dialect, err);
}

/* "az ... -g 'GROUP'": what Azure allows has no quote. */
static bool good_group(const char *group)
{
	return group == NULL ||
	       strspn(group, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.()") ==
		   strlen(group);
}

bool pl_zone_inventory(struct tool_call *call, struct diag_inventory **read,
		       struct diag_inventory **inv, struct diag_err *err)
{
	const struct pl_zone *o = call->options;
	const char *word = call->argc > 0 ? call->argv[0] : NULL;

	return tool_inventory_load(call, &o->workspace, word, read, err) &&
	       diag_inventory_expand(*read, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT,
				     false, inv, err);
}

static bool read_inventory(struct tool_call *call, struct rendering *r,
			   struct diag_err *err)
{
	if (!good_group(r->options->resource_group))
		return diag_fail(err, DIAG_EUSAGE, "--resource-group",
				 "letters, digits and - _ . ( ) only");
	return pl_zone_inventory(call, &r->read, &r->inv, err) &&
	       diag_zone_names_of(r->inv, &call->arena, &r->names, err);
}

static bool read_to(struct tool_call *call, struct rendering *r,
		    struct diag_err *err)
{
	r->job.n_to = r->options->to.n;
	return pl_zone_to(r->options, &call->arena, &r->job.to, err);
}

static void fill_job(struct rendering *r)
{
	const char *name = r->inv != NULL ? r->inv->name : "";

	r->job.names = &r->names;
	r->job.style = (enum diag_zone_style)r->options->style;
	r->job.ttl_s = r->options->ttl_s;
	r->job.inventory = name[0] != '\0' ? name : "inventory";
	r->job.resource_group = r->options->resource_group;
}

/* What is left out is said, never guessed. */
static void tell_unknown(const struct tool_call *call,
			 const struct rendering *r)
{
	for (size_t i = 0; i < r->names.n_unknown; i++)
		tool_note(call, "%s: left out, no address is known",
			  r->names.unknown[i]);
}

static void end(struct rendering *r)
{
	diag_inventory_free(r->inv);
	diag_inventory_free(r->read);
}

static enum tool_status put(struct tool_call *call, const struct rendering *r,
			    const struct diag_zone_text *text,
			    struct diag_err *err)
{
	if (!pl_zone_put(call, r->dialect, text, err))
		return TOOL_TROUBLE;
	if (r->dialect->reload != NULL)
		tool_note(call, "once it is included, on the server: %s",
			  r->dialect->reload);
	return TOOL_GOOD;
}

/* --- forwarders ------------------------------------------------------------
 */

static bool can_forward(struct rendering *r, struct diag_err *err)
{
	if (r->dialect->forwarders == NULL)
		return diag_fail(err, DIAG_EUSAGE, "pl-zone forwarders",
				 "%s cannot forward; use pl-zone render",
				 r->dialect->title);
	if (r->options->to.n == 0)
		return diag_fail(err, DIAG_EUSAGE, "--to",
				 "say to which address: a name server in the "
				 "VNet, or 168.63.129.16 if this server "
				 "stands in it");
	if (r->names.n_parents == 0)
		return diag_fail(err, DIAG_EUSAGE, "inventory",
				 "it names nothing that could be forwarded");
	return true;
}

enum tool_status pl_zone_forwarders(struct tool_call *call,
				    struct diag_err *err)
{
	struct rendering r = { .options = NULL };
	struct diag_zone_text text;
	enum tool_status status;

	if (!find_dialect(call->options, &r, err) ||
	    !read_inventory(call, &r, err) || !read_to(call, &r, err) ||
	    !can_forward(&r, err)) {
		status = tool_bad_input(err);
	} else {
		fill_job(&r);
		status = r.dialect->forwarders(&r.job, &call->arena, &text, err)
			     ? put(call, &r, &text, err)
			     : tool_bad_input(err);
	}
	end(&r);
	return status;
}

/* --- render ----------------------------------------------------------------
 */

/* A whole parent answers for every name below it, and has only ours. */
static bool may_hide(const struct tool_call *call, const struct rendering *r,
		     struct diag_err *err)
{
	if (r->job.style == DIAG_STYLE_NAME)
		return true;
	if (r->job.style == DIAG_STYLE_PRIVATELINK) {
		tool_note(call,
			  "a privatelink zone of your own hides the private "
			  "endpoints of everybody else that are not in it");
		return true;
	}
	for (size_t i = 0; i < r->names.n_hidden; i++)
		tool_note(call, "hidden: %s", r->names.hidden[i]);
	for (size_t i = 0; i < r->names.n_parents; i++)
		tool_note(call, "hidden: every other name below %s",
			  r->names.parents[i]);
	if (r->options->yes_hide)
		return true;
	return diag_fail(err, DIAG_EUSAGE, "--style parent",
			 "it hides the public names above; if that is meant, "
			 "say --yes-hide");
}

static bool can_render(const struct tool_call *call, struct rendering *r,
		       struct diag_err *err)
{
	if (r->names.n == 0)
		return diag_fail(err, DIAG_EUSAGE, "inventory",
				 "no name in it has an address; pl-inventory "
				 "import reads them from Azure's own output");
	return may_hide(call, r, err);
}

static bool render(struct tool_call *call, const struct rendering *r,
		   struct diag_zone_text *text, struct diag_err *err)
{
	return r->dialect != NULL &&
	       r->dialect->render(&r->job, &call->arena, text, err);
}

enum tool_status pl_zone_render(struct tool_call *call, struct diag_err *err)
{
	struct rendering r = { .options = NULL };
	struct diag_zone_text text;
	enum tool_status status;

	if (!find_dialect(call->options, &r, err) ||
	    !read_inventory(call, &r, err)) {
		status = tool_bad_input(err);
	} else {
		fill_job(&r);
		tell_unknown(call, &r);
		status =
		    can_render(call, &r, err) && render(call, &r, &text, err)
			? put(call, &r, &text, err)
			: tool_bad_input(err);
	}
	end(&r);
	return status;
}

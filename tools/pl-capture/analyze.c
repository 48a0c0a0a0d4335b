/* SPDX-License-Identifier: MIT */
/* analyze.c - files in, facts, a case, the report of pl-doctor. */
#include "tools/pl-capture/capture.h"

#include "base/rights.h"
#include "capture/file.h"
#include "machine/machine.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- what is to be true --------------------------------------------------- */

static bool load_inventory(struct pl_capture_run *run, struct diag_err *err)
{
	const struct pl_capture *o = run->call->options;
	struct diag_inventory *given = NULL;
	bool ok;

	run->given = o->inventory || tool_inventory_given(&o->workspace);
	if (!run->given)
		return diag_cat_load(err);
	if (!tool_inventory_load(run->call, &o->workspace, o->inventory, &given,
				 err))
		return false;
	ok = diag_inventory_expand(given, run->c->role, run->c->era, false,
				   &run->c->inventory, err);
	diag_inventory_free(given);
	return ok;
}

/* Catalogue names that must stay public and were never met: nobody asked, so
 * there is nothing to judge. */
static bool leave_out_unmet(struct diag_case *c, struct diag_err *err)
{
	struct diag_inventory *inv = c->inventory;
	struct diag_target *to;
	size_t n = 0;

	to = diag_arena_array(&inv->arena, inv->n_targets + 1, sizeof(*to));
	for (size_t i = 0; to != NULL && i < inv->n_targets; i++) {
		const struct diag_target *t = &inv->targets[i];
		bool met = !t->extra;

		for (size_t k = 0; !met && k < c->facts.n; k++) {
			const char *name = c->facts.facts[k]->target;

			met = name && t->fqdn && strcmp(name, t->fqdn) == 0;
		}
		if (met)
			to[n++] = *t;
	}
	if (to == NULL)
		return diag_fail_nomem(err, "analyze");
	inv->targets = to;
	inv->n_targets = n;
	return diag_inventory_seal(inv, err);
}

/* --- roots ---------------------------------------------------------------- */

static bool learn_roots(struct pl_capture_run *run, struct diag_err *err)
{
	struct diag_machine_paths paths = { .root = NULL };
	struct diag_arena *arena = &run->call->arena;
	struct diag_machine *m = NULL;
	const char **local;

	if (!diag_machine_read(&paths, NULL, &m, err))
		return false;
	run->roots_path = diag_arena_strdup(arena, m->roots_path);
	local = diag_arena_array(arena, m->n_local_roots + 1, sizeof(*local));
	for (size_t i = 0; local && i < m->n_local_roots; i++)
		local[i] = diag_arena_strdup(arena, m->local_roots[i]);
	run->local_roots = local;
	run->n_local_roots = local ? m->n_local_roots : 0;
	diag_machine_free(m);
	return local != NULL || diag_fail_nomem(err, "analyze");
}

/* Reading the distribution's list takes 22 ms: only when a chain is met. */
static const struct diag_roots *roots_of(void *ctx)
{
	struct pl_capture_run *run = ctx;

	if (!run->roots_ready && run->roots_path)
		diag_roots_load(&run->roots, run->roots_path);
	run->roots_ready = true;
	return &run->roots;
}

/* --- files ---------------------------------------------------------------- */

/* A zone is of the machine that says it; packets have none. */
bool pl_capture_addresses(struct tool_call *call, const char *option,
			  const struct tool_list *given,
			  const struct diag_addr **out, struct diag_err *err)
{
	struct diag_addr *list =
	    diag_arena_array(&call->arena, given->n + 1, sizeof(*list));

	if (list == NULL)
		return diag_fail_nomem(err, option);
	for (size_t i = 0; i < given->n; i++)
		if (!diag_addr_parse(given->at[i], &list[i]) ||
		    list[i].zone[0] != '\0')
			return diag_fail(err, DIAG_EUSAGE, option,
					 "expected an address like 10.20.0.17, "
					 "got \"%.60s\"",
					 given->at[i]);
	*out = list;
	return true;
}

static bool read_file(struct pl_capture_run *run, const char *path,
		      struct diag_err *err)
{
	struct diag_capture_file_end end;

	if (!diag_capture_file(run->capture, path, &end, err))
		return false;
	if (end.broken) {
		tool_error(run->call,
			   "%s: breaks off after %llu packets (%s); those are "
			   "judged",
			   path, (unsigned long long)end.packets, end.why);
		run->broken = true;
	}
	if (end.unread > 0)
		tool_note(run->call,
			  "%s: not read: %llu %s of an interface with link "
			  "type %s",
			  path, (unsigned long long)end.unread,
			  end.unread == 1 ? "packet" : "packets",
			  end.unread_link);
	return true;
}

struct part {
	const char *path;
	int64_t first_us;
	int place; /* on the command line */
};

static int part_cmp(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	if (x->first_us != y->first_us)
		return x->first_us < y->first_us ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* A ring that went round is not in the order of its names.  What cannot be
 * looked into first comes first. */
static struct part *in_order(const struct tool_call *call,
			     struct diag_arena *arena)
{
	size_t n = (size_t)call->argc;
	struct part *parts = diag_arena_array(arena, n + 1, sizeof(*parts));

	for (int i = 0; parts && i < call->argc; i++) {
		parts[i].path = call->argv[i];
		parts[i].place = i;
		if (n < 2 ||
		    !diag_capture_file_first(parts[i].path, &parts[i].first_us))
			parts[i].first_us = 0;
	}
	if (parts && n > 1)
		qsort(parts, n, sizeof(*parts), part_cmp);
	return parts;
}

bool pl_capture_read(struct pl_capture_run *run,
		     const struct diag_capture_options *o, struct diag_err *err)
{
	struct part *parts = in_order(run->call, &run->call->arena);

	if (parts == NULL)
		return diag_fail_nomem(err, "analyze");
	if (!diag_capture_new(o, &run->capture, err))
		return false;
	for (int i = 0; i < run->call->argc; i++)
		if (!read_file(run, parts[i].path, err))
			return false;
	return diag_capture_end(run->capture, err);
}

static bool read_files(struct pl_capture_run *run, struct diag_err *err)
{
	const struct pl_capture *p = run->call->options;
	struct diag_capture_options o = {
		.sink = diag_store_sink(&run->c->facts),
		.wanted = pl_capture_wanted,
		.roots = roots_of,
		.ctx = run,
		.n_clients = p->client.n,
	};

	return pl_capture_addresses(run->call, "--client", &p->client,
				    &o.clients, err) &&
	       pl_capture_pins(run, &o, err) && pl_capture_read(run, &o, err);
}

/* --- the whole ------------------------------------------------------------ */

/* Some machine that asks has an address in the networks. */
static bool asks_inside(const struct pl_capture_run *run)
{
	const struct diag_capture_seen *s = diag_capture_seen(run->capture);

	for (size_t i = 0; i < s->n_clients; i++)
		if (diag_inventory_has_net(run->c->inventory,
					   &s->clients[i].addr))
			return true;
	return false;
}

static bool make_case(struct pl_capture_run *run, struct diag_err *err)
{
	const struct pl_capture *o = run->call->options;

	run->c->role = tool_role_of(o->role, false);
	run->c->era = tool_era_of(o->era);
	if (!load_inventory(run, err) || !learn_roots(run, err) ||
	    !diag_roots_init(&run->roots, o->ca_file, err))
		return false;
	run->roots.local = run->local_roots;
	run->roots.n_local = run->n_local_roots;
	if (!read_files(run, err))
		return false;
	if (!run->given && !pl_capture_inventory(run, err))
		return false;
	run->c->role = tool_role_of(o->role, asks_inside(run));
	return leave_out_unmet(run->c, err) && pl_capture_fill_case(run, err);
}

static enum tool_status tell(struct pl_capture_run *run, struct diag_err *err)
{
	const struct pl_capture *o = run->call->options;
	bool saved = tool_save_case(o->save, run->c, err);
	enum tool_status status;

	pl_capture_notes(run);
	status = tool_judge_case(run->call, run->c, o->inventory, err);
	return saved ? status : TOOL_TROUBLE;
}

static enum tool_status ports_alone(struct diag_err *err)
{
	(void)diag_fail(err, DIAG_EUSAGE, "--ports",
			"expected --node ADDRESS as well: the machine on which "
			"the packets were recorded");
	return tool_bad_input(err);
}

enum tool_status pl_capture_analyze(struct tool_call *call,
				    struct diag_err *err)
{
	const struct pl_capture *o = call->options;
	struct pl_capture_run run = { .call = call };
	enum tool_status status;

	/* A program with the right to capture does not need it here. */
	if (geteuid() != 0 && diag_rights_any() && !diag_rights_drop()) {
		(void)diag_fail_sys(err, "analyze", "rights cannot be dropped");
		return TOOL_TROUBLE;
	}
	if (!diag_case_new(&run.c, err))
		return tool_bad_input(err);
	if (o->node.n > 0)
		status = pl_capture_node(&run, err);
	else if (o->ports != NULL)
		status = ports_alone(err);
	else
		status = make_case(&run, err) ? tell(&run, err)
					      : tool_bad_input(err);
	diag_capture_free(run.capture);
	diag_roots_clear(&run.roots);
	diag_case_free(run.c);
	return status;
}

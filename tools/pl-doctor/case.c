/* SPDX-License-Identifier: MIT */
/* case.c - what pl-doctor knows before it asks anything. */
#include "tools/pl-doctor/doctor.h"

#include "base/version.h"

#include "base/file.h"
#include "base/text.h"
#include "base/time.h"

/* An error text alone names the workspace by its host, or only an address. */
static bool load_inventory(struct tool_call *call,
			   const struct doctor_error *told,
			   struct diag_inventory **out, struct diag_err *err)
{
	const struct doctor *o = call->options;
	const char *word = call->argc > 0 ? call->argv[0] : NULL;

	if (!told || word || tool_inventory_given(&o->inventory))
		return tool_inventory_load(call, &o->inventory, word, out, err);
	return tool_inventory_load(
	    call, &o->inventory, told->host[0] ? told->host : "address.invalid",
	    out, err);
}

static bool fill_inventory(struct tool_call *call,
			   const struct doctor_error *told, struct diag_case *c,
			   struct diag_err *err)
{
	const struct doctor *o = call->options;
	struct diag_inventory *given = NULL;
	bool ok;

	if (!load_inventory(call, told, &given, err))
		return false;
	c->role = tool_role_of(
	    o->role, tool_stands_inside(c->origins[0].machine, given));
	c->era = tool_era_of(o->era);
	c->no_public = o->no_public;
	ok = diag_inventory_expand(given, c->role, c->era, o->no_public,
				   &c->inventory, err);
	diag_inventory_free(given);
	return ok && (!told || doctor_told_narrow(c->inventory, told, err));
}

static bool read_clock(struct tool_call *call, int64_t *clock_s)
{
	const struct doctor *o = call->options;

	*clock_s = diag_time_now_s();
	if (!o->clock || diag_time_parse(o->clock, clock_s))
		return true;
	tool_error(call,
		   "--clock: expected a time like 2026-11-23T10:00:00Z, got "
		   "\"%s\"",
		   o->clock);
	return false;
}

static bool fill_origin(struct tool_call *call, struct diag_origin *origin,
			struct diag_err *err)
{
	const struct doctor *o = call->options;
	struct tool_views views;

	origin->name = "";
	origin->tool = call->tool->name;
	origin->version = DIAG_VERSION;
	if (!read_clock(call, &origin->started_s) ||
	    !tool_machine_load(call, &o->machine, &origin->machine, err) ||
	    !tool_views_make(call, &o->machine, origin->machine, false, &views,
			     err))
		return false;
	if (o->clock)
		origin->machine->clock_s = origin->started_s;
	else
		tool_began(origin);
	origin->host = origin->machine->host ? origin->machine->host : "";
	origin->views = views.views;
	origin->n_views = views.n;
	return true;
}

bool doctor_new_case(struct tool_call *call, const struct doctor_error *told,
		     struct diag_case **out, struct diag_err *err)
{
	struct diag_case *c = NULL;

	if (!diag_case_new(&c, err))
		return false;
	if (!fill_origin(call, &c->origins[0], err) ||
	    !fill_inventory(call, told, c, err)) {
		diag_case_free(c);
		return false;
	}
	*out = c;
	return true;
}

bool doctor_ask_case(struct tool_call *call, struct diag_case **out,
		     enum tool_status *status, struct diag_err *err)
{
	const struct doctor *o = call->options;
	struct doctor_error told;

	if (o->error_text && !doctor_told_read(call, &told, status, err))
		return false;
	if (doctor_may_trust(o->ca_file, err) &&
	    doctor_new_case(call, o->error_text ? &told : NULL, out, err))
		return true;
	*status = tool_bad_input(err);
	return false;
}

/* --- saved cases ---------------------------------------------------------- */

bool doctor_read_case(struct tool_call *call, const char *path,
		      const char *name, struct diag_case *c,
		      struct diag_err *err)
{
	struct diag_problems problems;
	struct diag_buf text;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_file_read(path, DIAG_CASE_BYTES, &text, err);
	if (ok && name != NULL)
		ok = diag_case_add(c, name, diag_buf_str(&text), text.len,
				   &problems, err);
	else if (ok)
		ok = diag_case_add_as_is(c, path, diag_buf_str(&text), text.len,
					 &problems, err);
	if (problems.n > 0) {
		tool_error_lines(call, diag_buf_str(&problems.text));
		if (!ok)
			*err = (struct diag_err){ .code = DIAG_OK };
	}
	diag_buf_clear(&text);
	diag_problems_clear(&problems);
	return ok;
}

bool doctor_read_cases(struct tool_call *call, struct diag_case **out,
		       struct diag_err *err)
{
	const struct doctor *o = call->options;
	struct diag_case *c = NULL;

	if (!diag_case_new(&c, err))
		return false;
	for (size_t i = 0; i < o->from.n; i++) {
		if (doctor_read_case(call, o->from.at[i], o->from.at[i], c,
				     err))
			continue;
		diag_case_free(c);
		return false;
	}
	*out = c;
	return true;
}

/* What was kept brings its inventory and its facts; asking for others beside
 * it is a mistake, and would pass without a word. */
bool doctor_may_review(const struct tool_call *call, struct diag_err *err)
{
	const struct doctor *o = call->options;
	const char *other = NULL;

	if (call->argc > 0)
		other = call->argv[0];
	else if (tool_inventory_given(&o->inventory))
		other = "flags that name a workspace";
	else if (o->error_text)
		other = "--error";
	else if (o->save)
		other = "--save";
	else if (o->capture)
		other = "--capture";
	return other == NULL ||
	       diag_fail(err, DIAG_EUSAGE, "--from",
			 "judges what was kept; %s cannot stand beside it",
			 other);
}

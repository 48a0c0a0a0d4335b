/* SPDX-License-Identifier: MIT */
/* load.c - groups, networks, tags, region and flows, as given. */
#include "tools/pl-nsg/nsg.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "tools/options_inventory.h"

#define DOCUMENT_MAX   ((size_t)64 << 20)
#define DOCUMENT_DEPTH 64

static const char *name_of(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

static bool no_memory(struct diag_err *err)
{
	return diag_fail_nomem(err, "pl-nsg");
}

/* --- documents -------------------------------------------------------------
 */

/* Gives *doc; err says what is wrong with the file. */
static bool read_json(const char *path, cJSON **doc, struct diag_err *err)
{
	static const struct diag_json_limits limits = { DOCUMENT_MAX,
							DOCUMENT_DEPTH };
	struct diag_buf text;
	bool ok;

	ok = diag_file_read(path, DOCUMENT_MAX, &text, err) &&
	     diag_json_parse(name_of(path), diag_buf_str(&text), text.len,
			     &limits, doc, err);
	diag_buf_clear(&text);
	return ok;
}

static void tell_problems(struct pl_nsg_run *run, struct diag_problems *p)
{
	tool_error_lines(run->call, diag_buf_str(&p->text));
	if (p->n > p->max)
		tool_error(run->call, "and %u more", p->n - p->max);
}

static bool read_groups(struct pl_nsg_run *run, const char *path,
			const cJSON *doc, struct diag_err *err)
{
	struct diag_problems problems;
	struct diag_json_at root = { .file = name_of(path),
				     .problems = &problems };
	unsigned skipped = 0;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_nsg_read_all(&root, doc, &run->call->arena, &run->groups,
			       &skipped, err);
	tell_problems(run, &problems);
	diag_problems_clear(&problems);
	run->skipped += skipped;
	return ok;
}

/* One document that cannot be read does not stop the others. */
static bool add_document(struct pl_nsg_run *run, const char *path,
			 struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };
	cJSON *doc = NULL;
	char line[400];
	bool ok;

	if (!read_json(path, &doc, &why)) {
		if (why.code == DIAG_ENOMEM)
			return no_memory(err);
		tool_error(run->call, "%s",
			   diag_err_text(&why, line, sizeof(line)));
		run->skipped++;
		return true;
	}
	ok = read_groups(run, path, doc, err);
	cJSON_Delete(doc);
	return ok;
}

static bool add_inventory(struct pl_nsg_run *run, const char *path,
			  struct diag_err *err)
{
	static const struct tool_inventory none;

	if (!tool_is_inventory(path))
		return diag_fail(err, DIAG_EUSAGE, "--inventory",
				 "%s: no such file", path);
	return tool_inventory_load(run->call, &none, path, &run->inventory,
				   err) &&
	       diag_nsg_of_inventory(run->inventory, &run->call->arena,
				     &run->groups, err);
}

static bool add_tags(struct pl_nsg_run *run, const char *path,
		     struct diag_err *err)
{
	struct diag_problems problems;
	struct diag_json_at root = { .file = name_of(path),
				     .problems = &problems };
	cJSON *doc = NULL;
	bool ok;

	if (!read_json(path, &doc, err))
		return false;
	diag_problems_init(&problems);
	ok = diag_service_tags_read(&root, doc, &run->tags, err);
	tell_problems(run, &problems);
	if (!ok && problems.n > 0)
		*err = (struct diag_err){ .code = DIAG_OK }; /* told */
	diag_problems_clear(&problems);
	cJSON_Delete(doc);
	return ok;
}

/* --- groups by name --------------------------------------------------------
 */

static bool is_named(const struct tool_list *names, const struct diag_nsg *g)
{
	for (size_t i = 0; i < names->n; i++) {
		if (diag_text_eq_nocase(names->at[i], g->name))
			return true;
	}
	return false;
}

/* What is wrong with documents was told where it was met. */
static bool any_groups(struct pl_nsg_run *run, struct diag_err *err)
{
	if (run->groups.n > 0 && run->skipped > 0)
		tool_error(run->call, "left out: %u of the files or groups",
			   run->skipped);
	if (run->groups.n > 0)
		return true;
	if (run->skipped == 0)
		(void)diag_fail(err, DIAG_EUSAGE, "input",
				"there is no network security group in it");
	return false;
}

static bool choose_groups(struct pl_nsg_run *run, const struct tool_list *names,
			  struct diag_err *err)
{
	size_t n = 0;

	if (!any_groups(run, err) || names->n == 0)
		return run->groups.n > 0;
	for (size_t i = 0; i < run->groups.n; i++) {
		if (is_named(names, &run->groups.items[i]))
			run->groups.items[n++] = run->groups.items[i];
	}
	if (n == 0)
		return diag_fail(err, DIAG_EUSAGE, "--group",
				 "%s: no group of this name; there is %s",
				 names->at[0], run->groups.items[0].name);
	run->groups.n = n;
	return true;
}

/* --- the world -------------------------------------------------------------
 */

static bool add_vnet(struct pl_nsg_run *run, const struct diag_cidr *c,
		     struct diag_err *err)
{
	struct diag_cidr *place = diag_arena_push(&run->call->arena, &run->vnet,
						  &run->n_vnet, sizeof(*place));

	if (place == NULL)
		return no_memory(err);
	*place = *c;
	return true;
}

static bool add_vnets(struct pl_nsg_run *run, const struct tool_list *list,
		      struct diag_err *err)
{
	const struct diag_inventory *inv = run->inventory;

	for (size_t i = 0; i < list->n; i++) {
		struct diag_cidr c;

		if (!diag_cidr_parse(list->at[i], false, &c))
			return diag_fail(err, DIAG_EUSAGE, "--vnet",
					 "\"%s\": expected a prefix such as "
					 "10.150.0.0/16",
					 list->at[i]);
		if (!add_vnet(run, &c, err))
			return false;
	}
	for (size_t i = 0; inv != NULL && i < inv->n_networks; i++) {
		if (!add_vnet(run, &inv->networks[i], err))
			return false;
	}
	return true;
}

/* "East US" is eastus. */
static bool given_region(struct pl_nsg_run *run, const char *text,
			 struct diag_err *err)
{
	char *region = diag_arena_strdup(&run->call->arena, text);
	size_t n = 0;

	if (region == NULL)
		return no_memory(err);
	diag_text_lower(region);
	for (size_t i = 0; region[i] != '\0'; i++) {
		char c = region[i];

		if (c == ' ')
			continue;
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			return diag_fail(err, DIAG_EUSAGE, "--region",
					 "\"%s\": expected a region such as "
					 "eastus",
					 text);
		region[n++] = c;
	}
	region[n] = '\0';
	run->region = region;
	run->region_from = "as given";
	return n > 0 || diag_fail(err, DIAG_EUSAGE, "--region",
				  "expected a region such as eastus");
}

/* Compute stands in the region of its network, and so does the workspace. */
static void region_of_groups(struct pl_nsg_run *run)
{
	const char *region = run->groups.items[0].location;

	for (size_t i = 1; i < run->groups.n; i++) {
		if (strcmp(run->groups.items[i].location, region) != 0)
			return;
	}
	run->region = region;
	run->region_from = "where the groups are";
}

static bool find_region(struct pl_nsg_run *run, const char *given,
			struct diag_err *err)
{
	run->region = "";
	if (given != NULL)
		return given_region(run, given, err);
	if (run->inventory != NULL && run->inventory->region[0] != '\0') {
		run->region = run->inventory->region;
		run->region_from = "the inventory's";
	} else {
		region_of_groups(run);
	}
	return true;
}

/* --- flows -----------------------------------------------------------------
 */

static bool add_flow(struct pl_nsg_run *run, const struct diag_flow *flow,
		     struct diag_err *err)
{
	struct diag_flow *place = diag_arena_push(
	    &run->call->arena, &run->flows, &run->n_flows, sizeof(*place));

	if (place == NULL)
		return no_memory(err);
	*place = *flow;
	return true;
}

static bool add_flows(struct pl_nsg_run *run, const struct tool_list *list,
		      struct diag_err *err)
{
	struct diag_flow_list needed;

	for (size_t i = 0; i < list->n; i++) {
		struct diag_flow flow;

		if (!diag_flow_parse(list->at[i], &run->call->arena, &flow,
				     err) ||
		    !add_flow(run, &flow, err))
			return false;
	}
	if (!run->by_role)
		return true;
	if (!diag_flows_needed(run->role, run->era, run->region,
			       &run->call->arena, &needed, err))
		return false;
	for (size_t i = 0; i < needed.n; i++) {
		if (!add_flow(run, &needed.items[i], err))
			return false;
	}
	return true;
}

/* --- all of it -------------------------------------------------------------
 */

bool pl_nsg_load(struct pl_nsg_run *run, struct diag_err *err)
{
	const struct pl_nsg *opt = run->call->options;

	run->by_role = opt->role >= 0 || opt->flow.n == 0;
	run->role =
	    opt->role >= 0 ? (enum diag_role)opt->role : DIAG_ROLE_COMPUTE;
	run->era = (enum diag_era)opt->era;
	for (int i = 0; i < run->call->argc; i++) {
		if (!add_document(run, run->call->argv[i], err))
			return false;
	}
	if (opt->inventory != NULL && !add_inventory(run, opt->inventory, err))
		return false;
	if (opt->service_tags != NULL && !add_tags(run, opt->service_tags, err))
		return false;
	return choose_groups(run, &opt->group, err) &&
	       add_vnets(run, &opt->vnet, err) &&
	       find_region(run, opt->region, err) &&
	       add_flows(run, &opt->flow, err);
}

void pl_nsg_unload(struct pl_nsg_run *run)
{
	diag_service_tags_free(run->tags);
	diag_inventory_free(run->inventory);
}

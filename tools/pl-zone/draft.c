/* SPDX-License-Identifier: MIT */
/* draft.c - inventory and file become edits, in a process without
 * rights; see draft.h. */
#include "tools/pl-zone/draft.h"

#include <string.h>

#include "base/text.h"
#include "fix/zone/config.h"
#include "net/fqdn.h"
#include "tools/change/block_name.h"
#include "tools/wire.h"

#define NAME_MAX_ 4096
#define DIFF_MAX  ((size_t)1 << 30)

struct work {
	const struct zone_given *given;
	const struct diag_dialect *dialect;
	struct diag_arena arena;
	struct diag_problems problems;
	struct diag_inventory *read, *inv; /* as read, and expanded */
	struct diag_zone_names names;
	struct zone_row *rows;
	struct zone_left *left;
	struct zone_edited *texts;
	struct diag_zone_rr *rrs;
	size_t n_rrs;
	struct zone_draft draft;
	struct diag_err *err;
};

static bool no_memory(const struct work *w)
{
	return diag_fail_nomem(w->err, "pl-zone");
}

static bool leave_out(struct work *w, const char *name, const char *why)
{
	struct zone_left *left = diag_arena_push(
	    &w->arena, &w->left, &w->draft.n_left, sizeof(*left));

	if (left == NULL)
		return no_memory(w);
	*left = (struct zone_left){ name, why };
	return true;
}

static bool note(struct work *w, const char *text)
{
	const char **at;

	if (text == NULL)
		return no_memory(w);
	at = diag_arena_push(&w->arena, &w->draft.notes, &w->draft.n_notes,
			     sizeof(*at));
	if (at == NULL)
		return no_memory(w);
	*at = text;
	return true;
}

/* --- the inventory -------------------------------------------------------- */

static bool read_inventory(struct work *w)
{
	const struct zone_given *g = w->given;

	return tool_inventory_make(&g->options->workspace, g->word,
				   g->is_document ? &g->document : NULL,
				   &w->problems, &w->read, w->err) &&
	       diag_inventory_expand(w->read, DIAG_ROLE_CLIENT,
				     DIAG_ERA_CURRENT, false, &w->inv,
				     w->err) &&
	       diag_zone_names_of(w->inv, &w->arena, &w->names, w->err) &&
	       block_name(&w->arena, g->options->block, w->read,
			  &w->draft.block, w->err);
}

static bool leave_unknown_out(struct work *w)
{
	for (size_t i = 0; i < w->names.n_unknown; i++)
		if (!leave_out(w, w->names.unknown[i], "no address is known"))
			return false;
	return true;
}

static bool add_row(struct work *w, const struct diag_zone_name *name,
		    const char *owner)
{
	struct zone_row *row = diag_arena_push(&w->arena, &w->rows,
					       &w->draft.n_rows, sizeof(*row));

	if (row == NULL)
		return no_memory(w);
	row->name = name->fqdn;
	row->owner = owner;
	row->addresses = name->addresses;
	row->n = name->n_addresses;
	return true;
}

/* --- zone file or configuration? ------------------------------------------ */

static bool wrong_kind(const struct work *w)
{
	const char *instead = zone_instead(w->dialect);

	if (instead != NULL)
		return diag_fail(w->err, DIAG_EUSAGE, "--for", "%s: %s",
				 w->dialect->key, instead);
	if (w->given->options->origin != NULL)
		return diag_fail(w->err, DIAG_EUSAGE, "--origin",
				 "with --for %s the file is a configuration, "
				 "which has no origin",
				 w->dialect->key);
	return diag_fail(w->err, DIAG_EUSAGE, "--origin",
			 "%s does not say whose zone it is; say --origin ZONE",
			 w->given->texts[0].path);
}

static bool read_origin(struct work *w, char origin[DIAG_FQDN_MAX])
{
	const char *given = w->given->options->origin, *why;

	if (diag_fqdn_normal(given, strlen(given), origin, &why))
		return true;
	return diag_fail(w->err, DIAG_EUSAGE, "--origin",
			 "expected a zone, got %s: %s", given, why);
}

static bool take_config(struct work *w, enum diag_zone_says says)
{
	w->draft.config = (zone_takes(w->dialect) & ZONE_TAKES_CONFIG) != 0 &&
			  says == DIAG_ZONE_SAYS_NOTHING;
	return w->draft.config || wrong_kind(w);
}

static bool decide(struct work *w)
{
	const struct zone_text *text = &w->given->texts[0];
	unsigned takes = zone_takes(w->dialect);
	enum diag_zone_says says = DIAG_ZONE_SAYS_NOTHING;
	char origin[256];

	if (takes == ZONE_TAKES_NOTHING)
		return wrong_kind(w);
	if (w->given->options->origin != NULL) {
		if (!(takes & ZONE_TAKES_ZONE))
			return wrong_kind(w);
		if (!read_origin(w, origin))
			return false;
	} else {
		if (takes & ZONE_TAKES_ZONE)
			says =
			    diag_zone_file_says(text->text, text->len, origin);
		if (says != DIAG_ZONE_SAYS_ORIGIN)
			return take_config(w, says);
	}
	if (text->missing)
		return diag_fail(w->err, DIAG_EUSAGE, "--file",
				 "%s: there is no such file; pl-zone render "
				 "makes whole zones",
				 text->path);
	w->draft.origin = diag_arena_strdup(&w->arena, origin);
	return w->draft.origin != NULL || no_memory(w);
}

/* --- zone files ------------------------------------------------------------
 */

/* What the zone calls the name; NULL: it is not in the zone, or no memory. */
static const char *owner_of(struct work *w, const struct diag_zone_name *name)
{
	const char *zone = w->draft.origin;

	if (name->zone != NULL && strcmp(name->zone, zone) == 0)
		return diag_arena_printf(&w->arena, "%s.%s", name->record,
					 zone);
	return diag_fqdn_under(name->fqdn, zone) ? name->fqdn : NULL;
}

static bool has_rr(const struct work *w, const char *owner,
		   const struct diag_addr *addr)
{
	for (size_t i = 0; i < w->n_rrs; i++)
		if (strcmp(w->rrs[i].owner, owner) == 0 &&
		    diag_addr_eq(&w->rrs[i].addr, addr))
			return true;
	return false;
}

/* Two names may be one record of a privatelink zone. */
static bool add_rrs(struct work *w, const char *owner,
		    const struct diag_zone_name *name)
{
	for (size_t i = 0; i < name->n_addresses; i++) {
		struct diag_zone_rr *rr;

		if (has_rr(w, owner, &name->addresses[i]))
			continue;
		rr =
		    diag_arena_push(&w->arena, &w->rrs, &w->n_rrs, sizeof(*rr));
		if (rr == NULL)
			return no_memory(w);
		rr->owner = owner;
		rr->addr = name->addresses[i];
		rr->ttl_s = w->given->options->ttl_s;
	}
	return add_row(w, name, owner);
}

static bool choose_records(struct work *w)
{
	const char *outside = diag_arena_printf(
	    &w->arena, "it is not in the zone %s", w->draft.origin);

	if (outside == NULL)
		return no_memory(w);
	for (size_t i = 0; i < w->names.n; i++) {
		const char *owner = owner_of(w, &w->names.items[i]);

		if (owner == NULL
			? !leave_out(w, w->names.items[i].fqdn, outside)
			: !add_rrs(w, owner, &w->names.items[i]))
			return false;
	}
	if (w->given->options->to.n > 0)
		return diag_fail(
		    w->err, DIAG_EUSAGE, "--to",
		    "a zone file holds records and cannot forward");
	if (w->n_rrs == 0)
		return diag_fail(w->err, DIAG_EUSAGE, "inventory",
				 "no name with a known address is in the zone "
				 "%s",
				 w->draft.origin);
	return true;
}

static bool keep_includes(struct work *w, const struct diag_zone_file_plan *p)
{
	struct zone_include *out =
	    diag_arena_array(&w->arena, p->n_includes + 1, sizeof(*out));

	if (out == NULL)
		return no_memory(w);
	for (size_t i = 0; i < p->n_includes; i++) {
		out[i].path = p->includes[i].path;
		out[i].file = p->includes[i].file;
		out[i].line = p->includes[i].line;
		out[i].in = p->includes[i].in;
		out[i].at = p->includes[i].at;
		out[i].len = p->includes[i].len;
		out[i].text = p->includes[i].text + 1;
		w->draft.lacking |= !p->includes[i].given;
	}
	w->draft.includes = out;
	w->draft.n_includes = p->n_includes;
	return true;
}

static void keep_zone_plan(struct work *w, const struct diag_zone_file_plan *p)
{
	w->draft.serial_old = p->serial_old;
	w->draft.serial_new = p->serial_new;
	for (size_t i = 0; i < w->given->n_texts; i++) {
		const struct diag_zone_text_plan *t = &p->texts[i - 1];
		struct zone_edited *out = &w->texts[i];

		out->edits = i == 0 ? p->edits : t->edits;
		out->foreign = i == 0 ? p->foreign : t->foreign;
		out->foreign_changed =
		    i == 0 ? p->foreign_changed : t->foreign_changed;
	}
}

static bool plan_zone(struct work *w)
{
	const struct zone_given *g = w->given;
	struct diag_zone_text_in *texts =
	    diag_arena_array(&w->arena, g->n_texts, sizeof(*texts));
	struct diag_zone_file_job job = {
		.file = g->texts[0].path,
		.origin = w->draft.origin,
		.block = w->draft.block,
		.rrs = w->rrs,
		.n = w->n_rrs,
		.serial = (enum diag_serial)g->options->serial,
		.now_s = g->now_s,
		.texts = texts,
		.n_texts = g->n_texts - 1,
		.links = g->links,
		.n_links = g->n_links,
		.edit_includes = g->options->includes,
	};
	struct diag_zone_file_plan plan;

	if (texts == NULL)
		return no_memory(w);
	for (size_t i = 1; i < g->n_texts; i++)
		texts[i - 1] = (struct diag_zone_text_in){ g->texts[i].path,
							   g->texts[i].text,
							   g->texts[i].len };
	if (!diag_zone_file_plan(&w->arena, g->texts[0].text, g->texts[0].len,
				 &job, &plan, w->err) ||
	    !keep_includes(w, &plan))
		return false;
	keep_zone_plan(w, &plan);
	return true;
}

/* --- configurations ---------------------------------------------------------
 */

/* A whole parent answers for every name below it, and has only ours. */
static bool may_hide(struct work *w, const struct diag_zone_job *job)
{
	if (job->style == DIAG_STYLE_NAME || job->n_to > 0)
		return true;
	if (job->style == DIAG_STYLE_PRIVATELINK)
		return note(w, "a privatelink zone of your own hides the "
			       "private endpoints of everybody else that are "
			       "not in it");
	for (size_t i = 0; i < w->names.n_parents; i++)
		if (!note(w, diag_arena_printf(
				 &w->arena, "hidden: every other name below %s",
				 w->names.parents[i])))
			return false;
	return w->given->options->yes_hide ||
	       diag_fail(w->err, DIAG_EUSAGE, "--style parent",
			 "it hides the public names below %s%s; if that is "
			 "meant, say --yes-hide",
			 w->names.n_parents > 0 ? w->names.parents[0] : "it",
			 w->names.n_parents > 1 ? " and others" : "");
}

static bool choose_names(struct work *w, const struct diag_zone_job *job)
{
	if (job->n_to > 0) {
		w->draft.parents = (const char **)(uintptr_t)w->names.parents;
		w->draft.n_parents = w->names.n_parents;
		return w->names.n_parents > 0 ||
		       diag_fail(w->err, DIAG_EUSAGE, "inventory",
				 "it names nothing that could be forwarded");
	}
	for (size_t i = 0; i < w->names.n; i++)
		if (!add_row(w, &w->names.items[i], NULL))
			return false;
	return w->names.n > 0 ||
	       diag_fail(w->err, DIAG_EUSAGE, "inventory",
			 "no name in it has an address; pl-inventory import "
			 "reads them from Azure's own output");
}

/* What the editor leaves to a person, and what nobody looked at. */
static bool note_config(struct work *w, const struct diag_zone_config_plan *p)
{
	for (size_t i = 0; i < p->n_notes; i++)
		if (!note(w, p->notes[i]))
			return false;
	for (size_t i = 0; i < p->n_includes; i++)
		if (!note(w,
			  diag_arena_printf(
			      &w->arena, "%s:%u: what %s says is not looked at",
			      w->given->texts[0].path, p->includes[i].line,
			      p->includes[i].path)))
			return false;
	return true;
}

static bool plan_config(struct work *w)
{
	const struct zone_given *g = w->given;
	struct diag_zone_job names = {
		.names = &w->names,
		.n_to = g->options->to.n,
		.style = (enum diag_zone_style)g->options->style,
		.ttl_s = g->options->ttl_s,
		.inventory = w->draft.block,
	};
	const struct diag_zone_config_job job = {
		.file = g->texts[0].path,
		.block = w->draft.block,
		.dialect = w->dialect,
		.job = &names,
		.forwarders = g->options->to.n > 0,
	};
	struct diag_zone_config_plan plan;

	if (!pl_zone_to(g->options, &w->arena, &names.to, w->err) ||
	    !choose_names(w, &names) || !may_hide(w, &names) ||
	    !diag_zone_config_plan(&w->arena, g->texts[0].text, g->texts[0].len,
				   &job, &plan, w->err))
		return false;
	w->texts[0].edits = plan.edits;
	w->texts[0].foreign = plan.foreign;
	w->texts[0].foreign_changed = plan.foreign_changed;
	return note_config(w, &plan);
}

/* --- differences ------------------------------------------------------------
 */

static bool put_diff(struct work *w, size_t i)
{
	const struct zone_text *text = &w->given->texts[i];
	struct zone_edited *e = &w->texts[i];
	char path[NAME_MAX_];
	const char *name = diag_text_safe_z(text->path, path, sizeof(path));
	struct diag_buf diff;
	bool ok;

	diag_buf_init(&diff, DIFF_MAX);
	ok = diag_edits_diff(&e->edits, text->text, text->len,
			     text->missing ? "/dev/null" : name, name, &diff,
			     w->err) &&
	     diag_buf_ok(&diff, w->err, "difference");
	e->diff_len = diff.len;
	e->diff = ok ? diag_arena_strn(&w->arena, diag_buf_str(&diff), diff.len)
		     : NULL;
	diag_buf_clear(&diff);
	return ok && (e->diff != NULL || no_memory(w));
}

static bool put_diffs(struct work *w)
{
	for (size_t i = 0; i < w->given->n_texts && !w->draft.lacking; i++)
		if (!put_diff(w, i))
			return false;
	return true;
}

/* --- all of it --------------------------------------------------------------
 */

static bool draft(struct work *w)
{
	w->texts =
	    diag_arena_array(&w->arena, w->given->n_texts, sizeof(*w->texts));
	if (w->texts == NULL)
		return no_memory(w);
	if (!pl_zone_dialect(w->given->options, &w->dialect, w->err) ||
	    !decide(w) || !read_inventory(w))
		return false;
	if (w->draft.config ? !plan_config(w)
			    : !choose_records(w) || !plan_zone(w))
		return false;
	if (w->draft.n_parents == 0 && !leave_unknown_out(w))
		return false;
	if (!put_diffs(w))
		return false;
	w->draft.inventory = w->read->name;
	w->draft.rows = w->rows;
	w->draft.left = w->left;
	w->draft.texts = w->texts;
	return zone_asked_of(&w->arena, w->inv, &w->draft) || no_memory(w);
}

static void put(const struct work *w, bool ok, struct diag_buf *out)
{
	const struct diag_problems *p = &w->problems;

	wire_put_u32(out, !ok);
	wire_put_text(out, diag_buf_str(&p->text));
	wire_put_u32(out, p->n > p->max ? p->n - p->max : 0);
	if (ok)
		zone_put_draft(out, &w->draft, w->given->n_texts);
	else
		wire_put_err(out, w->err);
}

bool zone_draft_child(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };
	struct work w = { .given = ctx, .err = &why };

	diag_arena_init(&w.arena, 0);
	diag_problems_init(&w.problems);
	put(&w, draft(&w), out);
	diag_inventory_free(w.inv);
	diag_inventory_free(w.read);
	diag_problems_clear(&w.problems);
	diag_arena_clear(&w.arena);
	return diag_buf_ok(out, err, "pl-zone");
}

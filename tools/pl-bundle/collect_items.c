/* SPDX-License-Identifier: MIT */
/* collect_items.c - everything into the bundle, in the order in
 * which somebody would look at it. */
#include "tools/pl-bundle/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "base/version.h"
#include "run/exec.h"

#define VERSION_MAX ((size_t)4096)
#define VERSION_MS  2000
#define LINE_BYTES  400

bool collect_add(struct collecting *s, const struct diag_item *item,
		 struct diag_err *err)
{
	return diag_bundle_add(s->b, item, err);
}

static bool add_text(struct collecting *s, const char *path, const char *origin,
		     enum diag_item_sort sort, struct diag_buf *text,
		     struct diag_err *err)
{
	const struct diag_item item = { .path = path,
					.origin = origin,
					.sort = sort,
					.bytes = diag_buf_str(text),
					.len = text->len };

	return diag_buf_ok(text, err, path) && collect_add(s, &item, err);
}

/* --- the case and what is made of it ----------------------------------------
 */

static bool add_case(struct collecting *s, const struct diag_case *c,
		     const char *path, struct diag_err *err)
{
	struct diag_buf text;
	bool ok;

	diag_buf_init(&text, DIAG_BUNDLE_ITEM_BYTES);
	diag_case_print_header(c, 0, &text);
	diag_case_print_facts(c, &text);
	ok = add_text(s, path, "pl-bundle collect", DIAG_ITEM_JSON, &text, err);
	diag_buf_clear(&text);
	return ok;
}

static bool add_inventory(struct collecting *s, struct diag_err *err)
{
	struct diag_buf text;
	struct diag_jw w;
	bool ok;

	diag_buf_init(&text, DIAG_INVENTORY_BYTES);
	diag_jw_init(&w, &text, 2);
	diag_inventory_print(s->c->inventory, &w);
	diag_buf_putc(&text, '\n');
	ok = add_text(s, DIAG_BUNDLE_INVENTORY, "the case", DIAG_ITEM_JSON,
		      &text, err);
	diag_buf_clear(&text);
	return ok;
}

/* The seal writes them, from the masked case. */
static bool add_reports(struct collecting *s, struct diag_err *err)
{
	static const char *const paths[] = { DIAG_BUNDLE_REPORT ".txt",
					     DIAG_BUNDLE_REPORT ".json",
					     DIAG_BUNDLE_REPORT ".html" };
	struct diag_item item = { .origin = "the case",
				  .sort = DIAG_ITEM_MADE };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		item.path = paths[i];
		if (!collect_add(s, &item, err))
			return false;
	}
	return true;
}

static bool add_all_cases(struct collecting *s, struct diag_err *err)
{
	const struct diag_item none = { .path = DIAG_BUNDLE_CASE,
					.origin = "pl-bundle collect",
					.reason = s->no_case,
					.state = s->o->collect.dry_run
						     ? DIAG_ITEM_MISSING
						     : DIAG_ITEM_FAILED,
					.sort = DIAG_ITEM_JSON };

	if (s->c == NULL)
		return collect_add(s, &none, err);
	return add_case(s, s->c, DIAG_BUNDLE_CASE, err) &&
	       (s->other == NULL ||
		add_case(s, s->other, s->other_path, err)) &&
	       add_inventory(s, err) && add_reports(s, err);
}

/* --- the machine ------------------------------------------------------------
 */

static bool add_taken(struct collecting *s, const struct take_result *r,
		      struct diag_err *err)
{
	char path[DIAG_BUNDLE_PATH + 1];
	struct diag_item item = {
		.path = path,
		.origin = r->origin,
		.reason = r->reason[0] != '\0' ? r->reason : NULL,
		.state = r->state,
		.sort = r->source->sort,
		.bytes =
		    diag_item_is_in(r->state) ? diag_buf_str(&r->bytes) : NULL,
		.len = r->bytes.len,
	};

	(void)snprintf(path, sizeof(path), DIAG_BUNDLE_MACHINE "%s/%s%s",
		       r->collector->key, r->source->item,
		       strchr(r->source->item, '.') == NULL ? ".txt" : "");
	return collect_add(s, &item, err);
}

static bool add_machine(struct collecting *s, struct diag_err *err)
{
	for (size_t i = 0; i < s->taken.n; i++)
		if (!add_taken(s, &s->taken.results[i], err))
			return false;
	return true;
}

/* What the tools beside us say of themselves; a mixture of versions explains
 * much. */
static void ask_version(const char *name, struct diag_buf *out)
{
	char program[DIAG_PATH_LEN];
	const char *argv[] = { program, "--version", NULL };
	const struct diag_exec what = { .argv = argv,
					.timeout_ms = VERSION_MS,
					.max_out = VERSION_MAX,
					.end_when_full = true };
	struct diag_exec_result done;

	if (!diag_path_beside(name, program))
		return;
	if (diag_exec(&what, &done, NULL) && done.status == 0)
		diag_buf_put(out, diag_buf_str(&done.out), done.out.len);
	else
		diag_buf_printf(out, "%s: not there\n", name);
	diag_buf_clear(&done.out);
}

static bool add_versions(struct collecting *s, struct diag_err *err)
{
	static const char *const names[] = { PLDIAG_TOOL_NAMES };
	struct diag_buf text;
	bool ok;

	diag_buf_init(&text, (size_t)64 << 10);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ask_version(names[i], &text);
	ok = add_text(s, "tools.txt", "pl-* --version", DIAG_ITEM_TEXT, &text,
		      err);
	diag_buf_clear(&text);
	return ok;
}

bool collect_items(struct collecting *s, struct diag_err *err)
{
	return add_all_cases(s, err) && collect_packets_add(s, err) &&
	       add_machine(s, err) && add_versions(s, err) &&
	       add_text(s, "log.txt", "pl-bundle collect", DIAG_ITEM_TEXT,
			&s->log, err);
}

/* --- what we say ------------------------------------------------------------
 */

void collect_say(struct collecting *s, const char *fmt, ...)
{
	char line[LINE_BYTES], at[DIAG_TIME_TEXT];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	tool_note(s->call, "%s", line);
	/* The time of a bundle that is to be the same again is a given one. */
	diag_buf_printf(&s->log, "%s %s\n",
			diag_time_text(getenv("SOURCE_DATE_EPOCH") != NULL
					   ? s->b->created_s
					   : diag_time_now_s(),
				       at),
			line);
}

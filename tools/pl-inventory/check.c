/* SPDX-License-Identifier: MIT */
/* check.c - all faults of all files, and one line for each file
 * that is good.
 *
 * Exit status: 0 all are good; 2 none is; 1 some are not.  A good file that
 * gives nothing to check is a warning: it would pass everywhere and prove
 * nothing.
 */
#include "tools/pl-inventory/inventory.h"

#include <string.h>

#include "base/file.h"

#define REPORT_MAX ((size_t)64 << 20)

struct checked {
	const char *file;
	bool good;
	unsigned n_problems;
	size_t n_targets;    /* in any role, without the public names */
	const char *warning; /* NULL: none */
	const struct diag_inventory *inv;
};

struct check {
	struct tool_call *call;
	struct diag_jw *w; /* NULL: for people */
	int good, bad, warnings;
};

static const char *warning_of(const struct diag_inventory *inv, size_t n)
{
	if (inv->workspace_name[0] != '\0' && inv->workspace_id[0] == '\0')
		return "the workspace has a name and no id, so its names "
		       "cannot be worked out";
	if (n == 0)
		return "there is nothing in it that could be checked";
	return NULL;
}

static void say(struct check *c, const struct checked *f)
{
	if (f->good)
		tool_print(c->call, "%s: good: %s%s%s, %zu target%s\n", f->file,
			   diag_cloud_key(f->inv->cloud),
			   f->inv->region[0] != '\0' ? ", " : "",
			   f->inv->region, f->n_targets,
			   f->n_targets == 1 ? "" : "s");
	else if (f->n_problems > 1)
		tool_error(c->call, "%s: %u problems", f->file, f->n_problems);
	if (f->warning != NULL)
		tool_note(c->call, "%s: %s", f->file, f->warning);
}

/* The lines of a text as JSON strings. */
static void put_lines(struct diag_jw *w, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		diag_jw_strn(w, text, len);
		text += len + (text[len] == '\n' ? 1 : 0);
	}
}

static void put(struct check *c, const struct checked *f, const char *problems)
{
	struct diag_jw *w = c->w;

	diag_jw_open(w, '{');
	diag_jw_kstr(w, "file", f->file);
	diag_jw_kbool(w, "good", f->good);
	if (f->good)
		diag_jw_kuint(w, "targets", f->n_targets);
	diag_jw_kopen(w, "problems", '[');
	put_lines(w, problems);
	diag_jw_close(w, ']');
	diag_jw_kstr(w, "warning", f->warning);
	diag_jw_close(w, '}');
}

static void tell(struct check *c, const struct checked *f, const char *problems)
{
	*(f->good ? &c->good : &c->bad) += 1;
	c->warnings += f->warning != NULL;
	if (c->w != NULL) {
		put(c, f, problems);
		return;
	}
	tool_error_lines(c->call, problems);
	say(c, f);
}

/* What the document becomes decides whether there is anything in it. */
static bool count_targets(struct checked *f, struct diag_err *err)
{
	struct diag_inventory *out = NULL;

	if (!diag_inventory_expand(f->inv, DIAG_ROLE_COMPUTE, DIAG_ERA_CURRENT,
				   true, &out, err))
		return false;
	f->n_targets = out->n_targets;
	f->warning = warning_of(f->inv, out->n_targets);
	diag_inventory_free(out);
	return true;
}

/* Read and parse one document; what is wrong goes to problems or err. */
static void judge(struct checked *f, const char *path,
		  struct diag_problems *problems, struct diag_inventory **inv,
		  struct diag_err *err)
{
	struct diag_buf text;

	if (diag_file_read(path, DIAG_INVENTORY_BYTES, &text, err) &&
	    diag_inventory_parse(f->file, diag_buf_str(&text), text.len,
				 problems, inv, err)) {
		f->inv = *inv;
		f->good = count_targets(f, err);
	}
	diag_buf_clear(&text);
}

void pl_inventory_unread(struct diag_problems *problems,
			 const struct diag_err *why)
{
	char line[400];

	if (why->code == DIAG_EIO && why->sys != 0)
		diag_problem(problems, "%s: %s", why->what, strerror(why->sys));
	else
		diag_problem(problems, "%s",
			     diag_err_text(why, line, sizeof(line)));
}

/* false: no memory.  A file that cannot be read is one problem. */
static bool check_file(struct check *c, const char *path, struct diag_err *err)
{
	struct checked f = { .file = strcmp(path, "-") == 0 ? "standard input"
							    : path };
	struct diag_inventory *inv = NULL;
	struct diag_problems problems;
	struct diag_err why = { .code = DIAG_OK };

	diag_problems_init(&problems);
	judge(&f, path, &problems, &inv, &why);
	if (!f.good && problems.n == 0)
		pl_inventory_unread(&problems, &why);
	f.n_problems = problems.n;
	if (why.code != DIAG_ENOMEM)
		tell(c, &f, diag_buf_str(&problems.text));
	diag_problems_clear(&problems);
	diag_inventory_free(inv);
	return why.code != DIAG_ENOMEM ||
	       diag_fail_nomem(err, "pl-inventory check");
}

static enum tool_status status_of(const struct check *c)
{
	if (c->bad > 0)
		return c->good > 0 ? TOOL_WRONG : TOOL_USAGE;
	return c->warnings > 0 && c->call->strict ? TOOL_WRONG : TOOL_GOOD;
}

enum tool_status pl_inventory_check(struct tool_call *call,
				    struct diag_err *err)
{
	struct check c = { .call = call };
	struct diag_buf report;
	struct diag_jw w;
	bool ok = true;

	diag_buf_init(&report, REPORT_MAX);
	diag_jw_init(&w, &report, 2);
	if (strcmp(call->format, "json") == 0)
		c.w = &w;
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "schema", "pldiag.inventory-check/1");
	diag_jw_kopen(&w, "files", '[');
	for (int i = 0; ok && i < call->argc; i++)
		ok = check_file(&c, call->argv[i], err);
	diag_jw_close(&w, ']');
	diag_jw_close(&w, '}');
	diag_buf_putc(&report, '\n');
	ok = ok && diag_buf_ok(&report, err, "pl-inventory check");
	if (ok && c.w != NULL)
		tool_write_buf(call, &report);
	diag_buf_clear(&report);
	return ok ? status_of(&c) : TOOL_TROUBLE;
}

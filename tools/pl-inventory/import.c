/* SPDX-License-Identifier: MIT */
/* import.c - Azure's own documents become an inventory.
 *
 * Exit status: 0 all was read; 1 something was not, and is told; 2 nothing
 * was, or the documents are of several workspaces.  Paths of this machine do
 * not get into the inventory: a file is called by its name, one in a folder
 * by its path below that folder.
 */
#include "import/import.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "tools/pl-inventory/inventory.h"

#define LEVELS	    2  /* a folder and the folders in it */
#define NOTES_SHOWN 20 /* on standard error; all are in the inventory */

static const char *const eras[] = { "current", "2020", NULL };

static const struct tool_option rows[] = {
	{ TOOL_TEXT(struct pl_inventory, import.workspace), .name = "workspace",
	  .arg = "NAME|GUID", .preset = "the only one there is",
	  .help = "Which workspace, if the files speak of several" },
	{ TOOL_TEXT(struct pl_inventory, import.region), .name = "region",
	  .arg = "REGION", .preset = "told by the files",
	  .help = "Its region, such as eastus" },
	{ TOOL_CHOICE(struct pl_inventory, era, eras), .name = "era",
	  .arg = "ERA", .preset = "current",
	  .help = "With 2020, also the names that are gone since" },
	{ .name = NULL },
};

const struct tool_group pl_inventory_import_groups[] = {
	{ "What to import", rows, 0 },
	{ NULL, NULL, 0 },
};

struct importing {
	struct tool_call *call;
	struct diag_import *im;
	struct diag_problems problems;
	size_t files, unreadable;
	struct diag_err *err;
};

/* --- files ---------------------------------------------------------------- */

static void cannot_read(struct importing *x, const struct diag_err *why)
{
	x->unreadable++;
	pl_inventory_unread(&x->problems, why);
}

/* false only without memory or over a limit of the whole. */
static bool add_file(struct importing *x, const char *path, const char *label)
{
	struct diag_err why = { .code = DIAG_OK };
	struct diag_buf text;
	bool ok = true;

	if (++x->files > DIAG_IMPORT_FILES)
		return diag_fail(x->err, DIAG_ELIMIT, "import",
				 "more than %d files", DIAG_IMPORT_FILES);
	if (!diag_file_read(path, DIAG_IMPORT_BYTES, &text, &why))
		cannot_read(x, &why);
	else
		ok = diag_import_add(x->im, label, diag_buf_str(&text),
				     text.len, &x->problems, x->err);
	diag_buf_clear(&text);
	return ok && why.code != DIAG_ENOMEM;
}

/* --- folders -------------------------------------------------------------- */

struct names {
	const char **items;
	size_t n;
};

static int by_text(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

/* What is in a folder, without what is hidden, in a fixed order. */
static bool list_folder(struct importing *x, const char *path,
			struct names *out)
{
	struct diag_arena *arena = &x->call->arena;
	struct diag_err why = { .code = DIAG_OK };
	DIR *dir = opendir(path);
	const struct dirent *e;
	bool ok = true;

	if (dir == NULL) {
		(void)diag_fail_sys(&why, "import", "%s", path);
		cannot_read(x, &why);
		return true;
	}
	while (ok && (e = readdir(dir)) != NULL) {
		const char **place;

		if (e->d_name[0] == '.')
			continue;
		place = diag_arena_push(arena, &out->items, &out->n,
					sizeof(*place));
		if (place != NULL)
			*place = diag_arena_strdup(arena, e->d_name);
		ok = place != NULL && *place != NULL;
	}
	(void)closedir(dir);
	if (out->n > 1)
		qsort(out->items, out->n, sizeof(*out->items), by_text);
	return ok || diag_fail_nomem(x->err, "import");
}

static bool add_folder(struct importing *x, const char *path, const char *label,
		       int levels);

/* Pipes, sockets and devices in a folder are left alone. */
static bool add_entry(struct importing *x, const char *path, const char *label,
		      int levels)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return true;
	if (S_ISREG(st.st_mode))
		return add_file(x, path, label);
	return !S_ISDIR(st.st_mode) || levels <= 1 ||
	       add_folder(x, path, label, levels - 1);
}

static bool add_folder(struct importing *x, const char *path, const char *label,
		       int levels)
{
	struct diag_arena *arena = &x->call->arena;
	struct names names = { NULL, 0 };
	bool ok = list_folder(x, path, &names);

	for (size_t i = 0; ok && i < names.n; i++) {
		const char *full =
		    diag_arena_printf(arena, "%s/%s", path, names.items[i]);
		const char *below = diag_arena_printf(
		    arena, "%s%s%s", label, label[0] != '\0' ? "/" : "",
		    names.items[i]);

		if (full == NULL || below == NULL)
			return diag_fail_nomem(x->err, "import");
		ok = add_entry(x, full, below, levels);
	}
	return ok;
}

static bool add_word(struct importing *x, const char *word)
{
	const char *slash = strrchr(word, '/');
	struct stat st;

	if (strcmp(word, "-") == 0)
		return add_file(x, word, "standard input");
	if (stat(word, &st) == 0 && S_ISDIR(st.st_mode))
		return add_folder(x, word, "", LEVELS);
	return add_file(x, word, slash != NULL ? slash + 1 : word);
}

/* --- what is told --------------------------------------------------------- */

static void tell_seen(const struct tool_call *call,
		      const struct diag_import_summary *s)
{
	struct diag_buf line;

	diag_buf_init(&line, 1024);
	for (size_t i = 0; i < s->n_seen; i++)
		diag_buf_printf(&line, "%s%s: %zu", i > 0 ? ", " : "",
				s->seen[i].kind, s->seen[i].n);
	tool_note(call, "read %zu of %zu document%s%s%s",
		  s->documents - s->skipped, s->documents,
		  s->documents == 1 ? "" : "s", s->n_seen > 0 ? "; " : "",
		  diag_buf_str(&line));
	diag_buf_clear(&line);
}

static void tell_notes(const struct tool_call *call,
		       const struct diag_inventory *inv)
{
	for (size_t i = 0; i < inv->n_notes && i < NOTES_SHOWN; i++) {
		const struct diag_note *n = &inv->notes[i];

		tool_note(call, "%s: %s (%s)",
			  n->code != NULL ? n->code : "note",
			  n->detail != NULL ? n->detail : "",
			  n->from != NULL ? n->from : "an inventory");
	}
	if (inv->n_notes > NOTES_SHOWN)
		tool_note(call, "and %zu more notes",
			  inv->n_notes - NOTES_SHOWN);
}

static void tell_missing(const struct tool_call *call,
			 const struct diag_import_summary *s)
{
	if (s->n_ask == 0 || call->quiet)
		return;
	tool_note(call, "more could be told by");
	for (size_t i = 0; i < s->n_ask; i++) {
		struct diag_buf line;

		diag_buf_init(&line, 8192);
		diag_buf_printf(&line, "  %s", s->ask[i]);
		tool_error_lines(call, diag_buf_str(&line));
		diag_buf_clear(&line);
	}
}

/* What to type instead. */
static void tell_useless(const struct tool_call *call,
			 const struct diag_import_summary *s)
{
	if (s->skipped < s->documents || s->documents == 0)
		tool_error(call, "nothing in it says what should be true");
	if (s->n_ask > 0)
		tell_missing(call, s);
	else
		tool_note(call, "most is told by the network interface of the "
				"private endpoint (az network nic show); "
				"pl-inventory gather prints a script that asks "
				"for all of it");
}

static void tell_problems(struct importing *x)
{
	tool_error_lines(x->call, diag_buf_str(&x->problems.text));
	if (x->problems.n > x->problems.max)
		tool_error(x->call, "and %u more",
			   x->problems.n - x->problems.max);
}

/* Something that a tool could judge by. */
static bool is_usable(const struct diag_inventory *inv)
{
	return inv->n_targets + inv->n_networks + inv->storage.n +
		       inv->key_vault.n + inv->n_registry +
		       inv->compute_instances.n + inv->online_endpoints.n +
		       inv->n_compute_nodes + inv->n_notes >
		   0 ||
	       inv->workspace_id[0] != '\0' || inv->workspace_name[0] != '\0' ||
	       cJSON_GetArraySize(inv->nsgs) > 0;
}

static enum tool_status finish(struct importing *x)
{
	const struct pl_inventory *opt = x->call->options;
	const struct diag_import_options o = {
		.era = (enum diag_era)opt->era,
		.region = opt->import.region,
		.workspace = opt->import.workspace,
	};
	struct diag_inventory *inv = NULL;
	struct diag_import_summary summary;
	enum tool_status status = TOOL_GOOD;

	if (!diag_import_finish(x->im, &o, &inv, &summary, x->err))
		return tool_bad_input(x->err);
	if (summary.documents == 0 && x->problems.n > 0) {
		diag_inventory_free(inv);
		return TOOL_USAGE; /* nothing was read, and it is told why */
	}
	if (summary.skipped < summary.documents)
		tell_seen(x->call, &summary);
	if (!is_usable(inv)) {
		tell_useless(x->call, &summary);
		status = TOOL_USAGE;
	} else {
		tell_notes(x->call, inv);
		tell_missing(x->call, &summary);
		if (!pl_inventory_write(x->call, inv, x->err))
			status = TOOL_TROUBLE;
		else if (x->problems.n > 0)
			status = TOOL_WRONG;
	}
	diag_inventory_free(inv);
	return status;
}

enum tool_status pl_inventory_import(struct tool_call *call,
				     struct diag_err *err)
{
	struct importing x = { .call = call, .err = err };
	enum tool_status status;
	bool ok = diag_import_new(&x.im, err);

	diag_problems_init(&x.problems);
	for (int i = 0; ok && i < call->argc; i++)
		ok = add_word(&x, call->argv[i]);
	tell_problems(&x);
	if (ok)
		status = finish(&x);
	else
		status = tool_bad_input(err);
	diag_problems_clear(&x.problems);
	diag_import_free(x.im);
	return status;
}

/* SPDX-License-Identifier: MIT */
/* given.c - what was given, and the files that a zone file includes.
 * The parent opens and reads bytes, with its rights; the child makes sense of
 * them. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/child.h"
#include "base/file.h"
#include "base/path.h"
#include "base/time.h"
#include "tools/pl-zone/draft.h"

#define SPARE ((size_t)64 << 20) /* of a draft, beside the texts */

/* --- what was given ---------------------------------------------------------
 */

bool zone_is_asked(const struct tool_call *call)
{
	const struct pl_zone *o = call->options;

	return call->argc > 0 || tool_inventory_given(&o->workspace);
}

bool zone_given(struct tool_call *call, struct zone_given *out,
		struct diag_err *err)
{
	const char *word = call->argc > 0 ? call->argv[0] : NULL;

	out->options = call->options;
	out->word = word;
	out->is_document = word != NULL && tool_is_inventory(word);
	out->now_s = diag_time_now_s();
	diag_buf_init(&out->document, 0);
	return !out->is_document ||
	       diag_file_read(word, DIAG_INVENTORY_BYTES, &out->document, err);
}

void zone_given_clear(struct zone_given *given)
{
	diag_buf_clear(&given->document);
	for (size_t i = 0; i < given->n_bufs; i++)
		diag_buf_clear(&given->bufs[i]);
}

bool zone_open_read(void *ctx, const char *path, struct zone_text *out,
		    struct diag_err *err)
{
	struct zone_given *given = ctx;
	struct diag_buf *buf = &given->bufs[given->n_bufs++];

	if (!change_look(path, buf, &out->missing, err))
		return false;
	out->path = path;
	out->text = diag_buf_str(buf);
	out->len = buf->len;
	return true;
}

/* --- included files ----------------------------------------------------------
 */

const char *zone_folder(struct tool_call *call)
{
	const struct pl_zone *o = call->options;
	size_t len = diag_path_folder(o->file);

	if (o->include_dir)
		return o->include_dir;
	return len > 0 ? diag_arena_strn(&call->arena, o->file, len) : ".";
}

static const char *path_of(struct tool_call *call, const char *written)
{
	const char *folder;

	if (written[0] == '/')
		return written;
	folder = zone_folder(call);
	if (folder == NULL || strcmp(folder, ".") == 0)
		return folder == NULL ? NULL : written;
	return diag_arena_printf(&call->arena, "%s%s%s", folder,
				 folder[strlen(folder) - 1] == '/' ? "" : "/",
				 written);
}

static bool fail_include(const struct zone_include *inc, const char *why,
			 struct diag_err *err)
{
	return diag_fail(err, DIAG_EUSAGE, "zone file",
			 "%s:%u: $INCLUDE %s: %s; --include-dir says where it "
			 "is sought",
			 inc->file, inc->line, inc->path, why);
}

/* A pipe or a device would be read for ever. */
static bool is_file(const struct zone_include *inc, const char *path,
		    struct diag_err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return fail_include(inc, strerror(errno), err);
	return S_ISREG(st.st_mode) ||
	       fail_include(inc, "it is no regular file", err);
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* Which text the path leads to: n_texts if it is a new one. */
static size_t find_text(const struct zone_given *g, const char *path)
{
	size_t i = 0;

	while (i < g->n_texts && !is_same_file(g->texts[i].path, path))
		i++;
	return i;
}

static bool is_linked(const struct zone_given *g, const char *written)
{
	for (size_t i = 0; i < g->n_links; i++)
		if (strcmp(g->links[i].path, written) == 0)
			return true;
	return false;
}

/* The draft's words end with its arena; these live on. */
static bool add_include(struct tool_call *call, struct zone_given *g,
			const struct zone_include *inc,
			const struct zone_opener *opener, struct diag_err *err)
{
	const char *path = path_of(call, inc->path);
	size_t at;

	if (path == NULL)
		return diag_fail_nomem(err, "pl-zone");
	if (!is_file(inc, path, err))
		return false;
	at = find_text(g, path);
	if (at == 0)
		return fail_include(inc, "the file includes itself", err);
	if (at == g->n_texts) {
		/* As many links as includes, so there is room for a text. */
		if (!opener->open(opener->ctx, path, &g->texts[at], err))
			return false;
		g->n_texts++;
	}
	g->links[g->n_links].path = inc->path;
	g->links[g->n_links].text = at - 1;
	g->n_links++;
	return true;
}

static bool add_includes(struct tool_call *call, struct zone_given *g,
			 const struct zone_draft *draft,
			 const struct zone_opener *opener, struct diag_err *err)
{
	size_t before = g->n_links;

	for (size_t i = 0; i < draft->n_includes; i++) {
		if (is_linked(g, draft->includes[i].path))
			continue;
		if (g->n_links == DIAG_ZONE_INCLUDES)
			return diag_fail(err, DIAG_ELIMIT, "zone file",
					 "%s: more than %d included files",
					 g->texts[0].path, DIAG_ZONE_INCLUDES);
		if (!add_include(call, g, &draft->includes[i], opener, err))
			return false;
	}
	return g->n_links > before || diag_fail(err, DIAG_EIO, "child process",
						"it lacks what it was given");
}

/* --- asking the child --------------------------------------------------------
 */

static size_t answer_max(const struct zone_given *g)
{
	size_t max = 2 * SPARE;

	for (size_t i = 0; i < g->n_texts; i++)
		max += 2 * g->texts[i].len;
	return max;
}

static void tell_problems(const struct tool_call *call,
			  const struct zone_heard *heard, struct diag_err *err)
{
	tool_error_lines(call, heard->problems);
	if (heard->more > 0)
		tool_error(call, "and %u more", heard->more);
	if (heard->problems[0] == '\0' || heard->err.code == DIAG_ENOMEM)
		*err = heard->err;
}

static bool ask(struct tool_call *call, struct zone_given *g,
		struct zone_heard *heard, enum tool_status *status,
		struct diag_err *err)
{
	struct diag_buf bytes;
	bool ok =
	    diag_child_run(zone_draft_child, g, answer_max(g), &bytes, err) &&
	    zone_heard(&call->arena, &bytes, g->n_texts, heard, err);

	diag_buf_clear(&bytes);
	*status = TOOL_TROUBLE;
	if (!ok)
		return false;
	*status = change_draft_status(&heard->err);
	if (heard->failed)
		tell_problems(call, heard, err);
	return !heard->failed;
}

bool zone_draft_make(struct tool_call *call, struct zone_given *given,
		     const struct zone_opener *opener, struct zone_draft *out,
		     enum tool_status *status, struct diag_err *err)
{
	struct zone_heard heard;

	for (;;) {
		if (!ask(call, given, &heard, status, err))
			return false;
		*out = heard.draft;
		if (!out->lacking) {
			*status = TOOL_GOOD;
			return true;
		}
		if (!add_includes(call, given, out, opener, err)) {
			*status = change_draft_status(err);
			return false;
		}
	}
}

/* SPDX-License-Identifier: MIT */
/* checker.c - see checker.h. */
#include "tools/pl-zone/checker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "tools/pl-zone/words.h"
#include "tools/temp.h"

#define ARGV_MAX    8
#define FILE_MODE   0600
#define WHY_MAX	    300
#define COMMAND_MAX ((size_t)65536)

struct checking {
	struct tool_call *call;
	const struct zone_checker *check;
	const struct change_files *files;
	char folder[TOOL_TEMP_LEN];	   /* ours; "": none */
	const char *paths[ZONE_TEXTS_MAX]; /* in it; of the texts */
	size_t n;
	struct diag_err *err;
};

static const struct pl_zone *options(const struct checking *c)
{
	return c->call->options;
}

/* --- the texts, in a folder of their own -------------------------------------
 */

static bool make_folder(struct checking *c)
{
	if (!tool_temp_folder(c->folder, c->err))
		return false;
	/* Included files that do not change are read where they are. */
	c->n = c->files->n;
	for (size_t i = 0; i < c->n; i++) {
		c->paths[i] = diag_arena_printf(&c->call->arena, "%s/text%zu",
						c->folder, i);
		if (c->paths[i] == NULL)
			return diag_fail_nomem(c->err, "checker");
	}
	return true;
}

static void remove_folder(struct checking *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->paths[i])
			(void)unlink(c->paths[i]);
	if (c->folder[0] != '\0')
		(void)rmdir(c->folder);
}

/* The edits of a text, and its $INCLUDE lines led to our folder.  Neither
 * touches what the other does. */
static bool merge(struct checking *c, size_t text, const struct diag_edits *own,
		  struct diag_edits *out)
{
	const struct zone_draft *d = c->check->draft;
	struct diag_edit *all = diag_arena_array(
	    &c->call->arena, own->n + d->n_includes + 1, sizeof(*all));
	size_t n = 0, k = 0;

	if (all == NULL)
		return diag_fail_nomem(c->err, "checker");
	for (size_t i = 0; i < d->n_includes && c->n > 1; i++) {
		const struct zone_include *inc = &d->includes[i];

		if (inc->in != text || inc->text >= c->n)
			continue;
		while (k < own->n && own->items[k].at < inc->at)
			all[n++] = own->items[k++];
		all[n].at = inc->at;
		all[n].len = inc->len;
		all[n].put = c->paths[inc->text];
		all[n].put_len = strlen(all[n].put);
		n++;
	}
	while (k < own->n)
		all[n++] = own->items[k++];
	*out = (struct diag_edits){ all, n };
	return true;
}

static bool write_text(struct checking *c, size_t i, bool new)
{
	static const struct diag_edits none = { NULL, 0 };
	const struct change_file *f = &c->files->at[i];
	struct diag_edits edits;
	struct diag_buf text;
	bool ok;

	if (!merge(c, i, new ? &f->edits : &none, &edits))
		return false;
	ok = diag_writer_edited(f->w, &edits, &text, c->err) &&
	     diag_file_write(c->paths[i], diag_buf_str(&text), text.len,
			     FILE_MODE, c->err);
	diag_buf_clear(&text);
	return ok;
}

/* --- the command
 * --------------------------------------------------------------
 */

static const char *const *default_argv(const struct checking *c)
{
	return c->check->draft->config ? c->check->dialect->check_config
				       : c->check->dialect->check_zone;
}

/* A template with {file} and {zone}. */
static const char *filled(struct checking *c, const char *template,
			  const char *quote)
{
	const char *zone = c->check->draft->origin;
	struct diag_buf out;
	const char *text;

	diag_buf_init(&out, COMMAND_MAX);
	for (const char *p = template; *p != '\0';) {
		if (diag_text_starts(p, "{file}"))
			diag_buf_printf(&out, "%s%s%s", quote, c->paths[0],
					quote);
		else if (diag_text_starts(p, "{zone}"))
			diag_buf_printf(&out, "%s%s%s", quote, zone ? zone : "",
					quote);
		else
			diag_buf_putc(&out, *p);
		p += diag_text_starts(p, "{file}") ||
			     diag_text_starts(p, "{zone}")
			 ? sizeof("{file}") - 1
			 : 1;
	}
	text =
	    out.code == DIAG_OK
		? diag_arena_strn(&c->call->arena, diag_buf_str(&out), out.len)
		: NULL;
	diag_buf_clear(&out);
	if (text == NULL)
		(void)diag_fail_nomem(c->err, "checker");
	return text;
}

/* The user's words name the file, or get it as their last one. */
static bool run_users(struct checking *c, const char *folder, struct words *out)
{
	const char *words = options(c)->check_with;
	const char *all =
	    strstr(words, "{file}")
		? words
		: diag_arena_printf(&c->call->arena, "%s {file}", words);

	all = all ? filled(c, all, "'") : NULL;
	if (all != NULL)
		return words_run(all, folder, out);
	(void)snprintf(out->end, sizeof(out->end), "out of memory");
	return false;
}

static bool run(struct checking *c, struct words *out)
{
	const char *const *row = default_argv(c);
	const char *folder = zone_folder(c->call);
	const char *argv[ARGV_MAX] = { NULL };

	memset(out, 0, sizeof(*out));
	if (options(c)->check_with)
		return run_users(c, folder, out);
	for (size_t i = 0; row[i] && i + 1 < ARGV_MAX; i++) {
		argv[i] = filled(c, row[i], "");
		if (argv[i] == NULL) {
			(void)snprintf(out->end, sizeof(out->end),
				       "out of memory");
			return false;
		}
	}
	return words_argv(argv, folder, out);
}

/* --- judging -----------------------------------------------------------------
 */

static bool refuse(struct checking *c, struct zone_checker *check,
		   const struct words *now, const char *line, size_t len,
		   const char **why)
{
	char text[WHY_MAX], safe[WHY_MAX];

	check->result = ZONE_CHECK_REFUSED;
	(void)snprintf(text, sizeof(text), "%.*s",
		       (int)(len < WHY_MAX ? len : WHY_MAX - 1), line);
	*why = diag_arena_printf(
	    &c->call->arena,
	    "%s refuses the new text (%s)%s%s; --no-check goes "
	    "without it",
	    check->by, now->end, len > 0 ? ": " : "",
	    diag_text_safe_z(text, safe, sizeof(safe)));
	words_tell(c->call, now, c->paths[0], options(c)->file);
	return false;
}

static bool judge(struct checking *c, struct zone_checker *check,
		  const struct words *before, const struct words *now,
		  const char **why)
{
	const char *line = NULL;
	size_t len = 0;

	check->result = ZONE_CHECK_GOOD;
	if (now->good)
		return true;
	/* What was not heard to its end cannot be compared. */
	if (before->good || before->result.cut || now->result.cut ||
	    now->result.timed_out || now->result.signal != 0)
		return refuse(c, check, now, "", 0, why);
	line = zone_new_complaint(&before->result.out, &now->result.out, &len);
	if (line != NULL)
		return refuse(c, check, now, line, len, why);
	check->result = ZONE_CHECK_USELESS;
	tool_note(c->call,
		  "%s refuses this file as it is (%s), so it says little of "
		  "the new text; it says nothing new of it",
		  check->by, before->end);
	return true;
}

/* There is none, and nobody asked for it: goes on. */
static bool not_there(struct checking *c, struct zone_checker *check,
		      const struct words *w, const char **why)
{
	if (w->missing && !options(c)->check_with) {
		tool_note(c->call,
			  "%s is not installed here: the new text is not "
			  "checked by it",
			  check->by);
		check->by = NULL;
		return true;
	}
	*why = diag_arena_printf(&c->call->arena, "%s: %s", check->by, w->end);
	return false;
}

static bool write_texts(struct checking *c, bool new)
{
	for (size_t i = 0; i < c->n; i++)
		if (!write_text(c, i, new))
			return false;
	return true;
}

static bool compare(struct checking *c, struct zone_checker *check,
		    const char **why)
{
	struct words before, now;
	bool ok = false;

	memset(&before, 0, sizeof(before));
	memset(&now, 0, sizeof(now));
	before.good = true; /* of a file that is not there */
	if (c->files->at[0].state.missing ||
	    (write_texts(c, false) && run(c, &before)))
		ok = write_texts(c, true) &&
		     (run(c, &now) ? judge(c, check, &before, &now, why)
				   : not_there(c, check, &now, why));
	else if (c->err->code == DIAG_OK)
		ok = not_there(c, check, &before, why);
	words_clear(&before);
	words_clear(&now);
	return ok;
}

bool zone_checker_run(struct tool_call *call, struct zone_checker *check,
		      const struct change_files *files, const char **why,
		      struct diag_err *err)
{
	struct checking c = {
		.call = call, .check = check, .files = files, .err = err
	};
	const char *const *argv = default_argv(&c);
	bool ok;

	if (options(&c)->no_check || (!options(&c)->check_with && !argv))
		return true;
	check->by = options(&c)->check_with ? options(&c)->check_with : argv[0];
	ok = make_folder(&c) && compare(&c, check, why);
	remove_folder(&c);
	return ok;
}

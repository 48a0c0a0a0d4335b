/* SPDX-License-Identifier: MIT */
/* source.c - one source: read or run, picked, cut. */
#include "tools/pl-bundle/take.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "run/exec.h"

static size_t cap_of(const struct diag_source *s)
{
	return s->cap > 0 ? s->cap : DIAG_COLLECT_CAP;
}

/* What is read at most: a pick may keep little of a lot. */
static size_t read_of(const struct diag_source *s)
{
	return s->pick != NULL ? DIAG_COLLECT_READ : cap_of(s);
}

static void tell(struct take_result *r, enum diag_item_state state,
		 const char *fmt, ...) DIAG_PRINTF(3, 4);

static void tell(struct take_result *r, enum diag_item_state state,
		 const char *fmt, ...)
{
	va_list args;

	r->state = state;
	va_start(args, fmt);
	(void)vsnprintf(r->reason, sizeof(r->reason), fmt, args);
	va_end(args);
}

/* Whole lines of what was read only in part, max bytes at most. */
static void cut_line(struct diag_buf *text, size_t max)
{
	text->len = diag_source_cut(diag_buf_str(text), text->len, max);
	if (text->data != NULL)
		text->data[text->len] = '\0';
}

/* What a pick leaves of a text; false: *state and *reason tell. */
static bool pick_of(const struct diag_source *s, struct diag_slice text,
		    struct diag_buf *out, enum diag_item_state *state,
		    const char **reason)
{
	struct diag_err err = { .code = DIAG_OK };
	const char *why = NULL;

	diag_buf_init(out, DIAG_COLLECT_READ);
	if (!diag_source_pick(s, text, out, &why, &err)) {
		*state = DIAG_ITEM_FAILED;
		*reason = err.code == DIAG_EPARSE
			      ? "it is not what it should be"
			      : "no memory";
		return false;
	}
	if (why != NULL) {
		*state = DIAG_ITEM_WITHHELD;
		*reason = why;
	}
	return why == NULL;
}

/* The whole of an item is there. */
static void finish(struct take_result *r, bool cut)
{
	size_t cap = cap_of(r->source);

	if (r->bytes.len == 0 && r->source->pick != NULL) {
		tell(r, DIAG_ITEM_MISSING, "nothing of what is taken is in it");
		return;
	}
	cut |= r->bytes.len > cap || r->bytes.code == DIAG_ELIMIT;
	if (cut)
		cut_line(&r->bytes, cap);
	if (cut && r->bytes.len == 0)
		tell(r, DIAG_ITEM_WITHHELD, "one line of it is too long");
	else if (cut)
		tell(r, DIAG_ITEM_CUT, "its first %zu bytes", r->bytes.len);
}

static void finish_text(struct take_result *r, struct diag_slice text, bool cut)
{
	const char *reason = "";

	if (pick_of(r->source, text, &r->bytes, &r->state, &reason)) {
		finish(r, cut);
		return;
	}
	diag_buf_clear(&r->bytes);
	tell(r, r->state, "%s", reason);
}

/* --- files ------------------------------------------------------------------
 */

/* "/etc/resolv.conf -> /run/systemd/resolve/stub-resolv.conf"; a home is "~",
 * since what a user is called is nobody's business. */
static void put_name(const struct take_place *place, const char *path,
		     const struct take_file *f, struct diag_buf *out)
{
	const char *names[] = { path, f->real };
	size_t home = strlen(place->home);

	for (int i = 0; i < 2; i++) {
		const char *name = names[i];

		if (name[0] == '\0' || (i > 0 && strcmp(name, path) == 0))
			continue;
		diag_buf_puts(out, i > 0 ? " -> " : "");
		if (home > 0 && strncmp(name, place->home, home) == 0) {
			diag_buf_putc(out, '~');
			name += home;
		}
		diag_text_safe(out, name, strlen(name));
	}
}

/* The bytes of an open file; *cut: there was more. */
static bool read_file(const struct diag_source *s, struct take_file *f,
		      struct diag_buf *text, bool *cut)
{
	if (!take_read(f, read_of(s), text, cut))
		return false;
	if (*cut)
		cut_line(text, text->len);
	return true;
}

static struct diag_slice slice_of(const struct diag_buf *text)
{
	return (struct diag_slice){ diag_buf_str(text), text->len };
}

static void take_file(const struct take_place *place, struct take_result *r)
{
	const char *path = r->source->paths[0];
	struct take_file f;
	struct diag_buf text, name;
	bool cut = false;

	take_open(place, path, r->source->pick != NULL, &f);
	diag_buf_init(&name, sizeof(r->origin) - 1);
	put_name(place, path, &f, &name);
	(void)snprintf(r->origin, sizeof(r->origin), "%s",
		       name.code == DIAG_OK ? diag_buf_str(&name) : path);
	diag_buf_clear(&name);
	diag_buf_init(&text, 0);
	if (f.fd >= 0 && read_file(r->source, &f, &text, &cut))
		finish_text(r, slice_of(&text), cut);
	else
		tell(r, f.state, "%s", f.reason);
	diag_buf_clear(&text);
}

struct files {
	const struct take_place *place;
	struct take_result *r;
	unsigned seen, kept;
	enum diag_item_state state; /* of the last that was not taken */
	const char *reason;
	bool cut;
};

static void put_piece(struct files *fs, const char *path,
		      const struct take_file *f, const struct diag_buf *piece)
{
	struct diag_buf *out = &fs->r->bytes;

	diag_buf_puts(out, "==> ");
	put_name(fs->place, path, f, out);
	diag_buf_puts(out, " <==\n");
	diag_buf_put(out, piece->data, piece->len);
	if (piece->len > 0 && piece->data[piece->len - 1] != '\n')
		diag_buf_putc(out, '\n');
	fs->kept++;
}

/* A file of several: it stands below its name, if anything of it does. */
static bool take_one(void *ctx, const char *path)
{
	struct files *fs = ctx;
	const struct diag_source *s = fs->r->source;
	struct diag_buf text, piece;
	struct take_file f;
	bool cut = false;

	take_open(fs->place, path, s->pick != NULL, &f);
	if (f.state == DIAG_ITEM_MISSING)
		return true;
	fs->seen++;
	diag_buf_init(&text, 0);
	diag_buf_init(&piece, 0);
	if (f.fd >= 0 && read_file(s, &f, &text, &cut) &&
	    pick_of(s, slice_of(&text), &piece, &f.state, &f.reason) &&
	    (s->pick == NULL || piece.len > 0))
		put_piece(fs, path, &f, &piece);
	if (f.state != DIAG_ITEM_TAKEN) {
		fs->state = f.state;
		fs->reason = f.reason;
	}
	fs->cut |= cut;
	diag_buf_clear(&text);
	diag_buf_clear(&piece);
	return true;
}

static void take_files(const struct take_place *place, struct take_result *r)
{
	struct files fs = { .place = place, .r = r, .reason = NULL };
	bool all = true;

	diag_buf_init(&r->bytes, DIAG_COLLECT_READ);
	for (size_t i = 0; r->source->paths[i] != NULL; i++)
		all &= take_glob(place, r->source->paths[i], take_one, &fs);
	if (fs.kept == 0 && fs.reason != NULL) {
		tell(r, fs.state, "%s", fs.reason);
	} else if (fs.seen == 0) {
		tell(r, DIAG_ITEM_MISSING, "not there");
	} else {
		finish(r, fs.cut || !all);
		if (fs.reason != NULL && r->state == DIAG_ITEM_TAKEN)
			tell(r, DIAG_ITEM_CUT, "%u of %u files; another: %s",
			     fs.kept, fs.seen, fs.reason);
	}
}

/* --- programs ---------------------------------------------------------------
 */

/* Words by which programs say that they want to be started by root. */
static bool wants_rights(const struct diag_buf *text)
{
	static const char *const words[] = { "permitted", "denied", "root",
					     "superuser" };

	for (size_t i = 0; text->len > 0 && i < sizeof(words) / sizeof(*words);
	     i++)
		if (diag_text_find_nocase(text->data, text->len, words[i]))
			return true;
	return false;
}

static void judge_program(struct take_result *r,
			  const struct diag_exec_result *done,
			  unsigned timeout_ms)
{
	struct diag_slice text = slice_of(&done->out);

	if (done->timed_out && text.len == 0)
		tell(r, DIAG_ITEM_FAILED, "no end within %u s",
		     timeout_ms / 1000);
	else if (done->signal != 0 && !done->timed_out && !done->cut)
		tell(r, DIAG_ITEM_FAILED, "ended by signal %d", done->signal);
	else if (done->signal == 0 && done->status != 0 && !r->source->any_exit)
		tell(r, DIAG_ITEM_FAILED, "exit status %d%s", done->status,
		     wants_rights(&done->out) ? ": it wants more rights (sudo)"
					      : "");
	else
		finish_text(r, text, done->cut || done->timed_out);
	if (done->timed_out && r->state == DIAG_ITEM_CUT)
		tell(r, DIAG_ITEM_CUT, "what it said within %u s",
		     timeout_ms / 1000);
}

static void take_program(const struct take_place *place, unsigned timeout_ms,
			 struct take_result *r)
{
	const struct diag_exec what = {
		.argv = r->source->argv,
		.path = place->path[0] != '\0' ? place->path : NULL,
		.folder = "/",
		.timeout_ms = timeout_ms,
		.max_out = read_of(r->source),
		.end_when_full = true,
	};
	struct diag_err err = { .code = DIAG_OK };
	struct diag_exec_result done;

	if (diag_exec(&what, &done, &err)) {
		if (done.cut || done.timed_out)
			cut_line(&done.out, done.out.len);
		judge_program(r, &done, timeout_ms);
	} else if (err.sys == ENOENT) {
		tell(r, DIAG_ITEM_MISSING, "no such program");
	} else {
		tell(r, DIAG_ITEM_FAILED, "it cannot be started");
	}
	diag_buf_clear(&done.out);
}

static void put_words(struct take_result *r)
{
	size_t n = 0;

	for (size_t i = 0; r->source->argv[i] != NULL; i++) {
		int more =
		    snprintf(r->origin + n, sizeof(r->origin) - n, "%s%s",
			     i > 0 ? " " : "", r->source->argv[i]);

		if (more < 0 || (size_t)more >= sizeof(r->origin) - n)
			return;
		n += (size_t)more;
	}
}

/* --- all kinds --------------------------------------------------------------
 */

static void take_environ(struct take_result *r)
{
	struct diag_buf text;

	diag_buf_init(&text, DIAG_COLLECT_READ);
	for (char **v = environ; v != NULL && *v != NULL; v++) {
		diag_buf_puts(&text, *v);
		diag_buf_putc(&text, '\n');
	}
	finish_text(r, slice_of(&text), false);
	diag_buf_clear(&text);
}

void take_name(struct take_result *r)
{
	switch (r->source->kind) {
	case DIAG_SOURCE_FILE:
	case DIAG_SOURCE_FILES:
		(void)snprintf(r->origin, sizeof(r->origin), "%s%s",
			       r->source->paths[0],
			       r->source->paths[1] != NULL ? " …" : "");
		break;
	case DIAG_SOURCE_PROGRAM:
		put_words(r);
		break;
	case DIAG_SOURCE_ENVIRON:
		(void)snprintf(r->origin, sizeof(r->origin), "environment");
		break;
	}
}

void take_source(const struct take_place *place, unsigned timeout_ms,
		 struct take_result *r)
{
	r->state = DIAG_ITEM_TAKEN;
	take_name(r);
	switch (r->source->kind) {
	case DIAG_SOURCE_FILE:
		take_file(place, r);
		break;
	case DIAG_SOURCE_FILES:
		take_files(place, r);
		break;
	case DIAG_SOURCE_PROGRAM:
		take_program(place, timeout_ms, r);
		break;
	case DIAG_SOURCE_ENVIRON:
		take_environ(r);
		break;
	}
	if (!diag_item_is_in(r->state))
		diag_buf_clear(&r->bytes);
}

/* SPDX-License-Identifier: MIT */
/* journal_put.c - the lines of a journal. */
#include <string.h>

#include "base/json.h"
#include "base/sha256.h"
#include "fix/journal.h"
#include "fix/journal_line.h"

/* An object whose end is left open for the sum. */
static struct diag_jw start(struct diag_buf *out, const char *op)
{
	struct diag_jw w;

	diag_jw_init(&w, out, 0);
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "op", op);
	return w;
}

/* from: where the line began. */
static void seal(struct diag_buf *out, size_t from)
{
	char sum[DIAG_SHA256_TEXT];

	if (out->code != DIAG_OK)
		return;
	if (!diag_sha256_of(out->data + from, out->len - from, sum)) {
		out->code = DIAG_ENOMEM;
		return;
	}
	diag_buf_printf(out, ",\"sum\":\"%.*s\"}\n", (int)DIAG_JOURNAL_SUM,
			sum);
}

static void put_state(struct diag_jw *w, const char *const keys[3],
		      const char *sha, uint64_t len, bool missing)
{
	if (missing) {
		diag_jw_kbool(w, keys[2], true);
		return;
	}
	diag_jw_kstr(w, keys[0], sha);
	diag_jw_kuint(w, keys[1], len);
}

/* What somebody says of a change may be long; a line may not. */
static void put_note(struct diag_jw *w, const char *key, const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	diag_jw_key(w, key);
	diag_jw_strn(w, len > 0 ? text : "",
		     len < DIAG_JOURNAL_NOTE ? len : DIAG_JOURNAL_NOTE);
}

void diag_journal_put_file(struct diag_buf *out, const char *path)
{
	size_t from = out->len;
	struct diag_jw w = start(out, "file");

	diag_jw_kstr(&w, "format", DIAG_JOURNAL_FORMAT);
	/* For people; bytes that are not UTF-8 come out as U+FFFD. */
	put_note(&w, "path", path);
	seal(out, from);
}

void diag_journal_put_begin(struct diag_buf *out,
			    const struct diag_journal_entry *e)
{
	static const char *const keys[3] = DIAG_JOURNAL_OLD;
	const struct diag_change *c = &e->change;
	size_t from = out->len;
	struct diag_jw w = start(out, "begin");

	diag_jw_kuint(&w, "id", c->id);
	diag_jw_kstr(&w, "kind",
		     c->kind == DIAG_CHANGE_UNDO ? "undo" : "apply");
	if (c->kind == DIAG_CHANGE_UNDO)
		diag_jw_kuint(&w, "undoes", c->undoes);
	diag_jw_kint(&w, "at", c->at_s);
	put_note(&w, "tool", c->tool);
	put_note(&w, "about", c->about);
	put_state(&w, keys, c->old_sha256, c->old_len, e->old_missing);
	diag_jw_kuint(&w, "mode", e->mode);
	if (e->in_place)
		diag_jw_kbool(&w, "in_place", true);
	else
		diag_jw_kstr(&w, "temp", e->temp);
	seal(out, from);
}

void diag_journal_put_ready(struct diag_buf *out,
			    const struct diag_journal_entry *e)
{
	static const char *const keys[3] = DIAG_JOURNAL_NEW;
	size_t from = out->len;
	struct diag_jw w = start(out, "ready");

	diag_jw_kuint(&w, "id", e->change.id);
	put_state(&w, keys, e->change.new_sha256, e->change.new_len,
		  e->new_missing);
	seal(out, from);
}

void diag_journal_put_end(struct diag_buf *out,
			  const struct diag_journal_entry *e)
{
	size_t from = out->len;
	struct diag_jw w =
	    start(out, e->stage == DIAG_JOURNAL_BACK ? "back" : "done");

	diag_jw_kuint(&w, "id", e->change.id);
	seal(out, from);
}

/* SPDX-License-Identifier: MIT */
/* journal.c - reading a journal.
 *
 * Every line is forced to disk before the next one is written, so a crash can
 * spoil the last one only.  Whatever else is wrong was not us: better no
 * history than a wrong one.
 */
#include "fix/journal.h"

#include <string.h>

#include "base/json.h"
#include "base/sha256.h"
#include "fix/journal_line.h"

#define OP "journal"

/* Where the reader stands. */
struct reader {
	struct diag_arena *arena;
	const char *name;
	size_t line;
	struct diag_journal *out;
	struct diag_err *err;
};

static bool wrong(const struct reader *r, const char *what)
{
	return diag_fail(r->err, DIAG_EPARSE, OP,
			 "%s:%zu: %s; move this file away to start anew",
			 r->name, r->line, what);
}

bool diag_journal_temp_is(const char *name)
{
	return strlen(name) == DIAG_JOURNAL_TEMP - 1 &&
	       memcmp(name, DIAG_JOURNAL_HEAD, DIAG_JOURNAL_HEAD_LEN) == 0 &&
	       strspn(name + DIAG_JOURNAL_HEAD_LEN, "0123456789abcdef") ==
		   DIAG_JOURNAL_TEMP - 1 - DIAG_JOURNAL_HEAD_LEN;
}

/* Does the line carry its sum, as journal_put.c puts it?  false: no memory to
 * tell, which must not look like a line that was cut. */
static bool check_sum(const struct reader *r, const char *line, size_t len,
		      bool *fits)
{
	char sum[DIAG_SHA256_TEXT];
	size_t body = len > DIAG_JOURNAL_SEAL ? len - DIAG_JOURNAL_SEAL : 0;

	*fits = false;
	if (body == 0)
		return true;
	if (!diag_sha256_of(line, body, sum))
		return diag_fail_nomem(r->err, OP);
	*fits = memcmp(line + body, ",\"sum\":\"", 8) == 0 &&
		memcmp(line + body + 8, sum, DIAG_JOURNAL_SUM) == 0 &&
		memcmp(line + len - 2, "\"}", 2) == 0;
	return true;
}

/* Bytes called KEY_sha256 and KEY_len, or a true KEY_missing instead. */
static bool read_state(const struct diag_json_at *at, const cJSON *obj,
		       const char *const keys[3], struct diag_change *c,
		       bool *missing)
{
	bool is_old = keys[0][0] == 'o';
	const char *sha = NULL;
	uint64_t len = 0;

	if (diag_json_bool(at, obj, keys[2], missing) && *missing)
		return true;
	if (!diag_json_str(at, obj, keys[0], &sha) || !diag_sha256_is(sha) ||
	    !diag_json_uint(at, obj, keys[1], 0, DIAG_WRITER_BYTES, &len))
		return false;
	memcpy(is_old ? c->old_sha256 : c->new_sha256, sha, DIAG_SHA256_TEXT);
	*(is_old ? &c->old_len : &c->new_len) = len;
	return true;
}

static bool read_kind(const struct diag_json_at *at, const cJSON *obj,
		      struct diag_journal_entry *e)
{
	const char *kind = NULL;

	if (!diag_json_str(at, obj, "kind", &kind))
		return false;
	if (strcmp(kind, "apply") == 0)
		return true;
	e->change.kind = DIAG_CHANGE_UNDO;
	return strcmp(kind, "undo") == 0 &&
	       diag_json_uint(at, obj, "undoes", 1, e->change.id - 1,
			      &e->change.undoes);
}

static bool read_temp(const struct diag_json_at *at, const cJSON *obj,
		      struct diag_journal_entry *e)
{
	const char *temp = NULL;

	if (diag_json_bool(at, obj, "in_place", &e->in_place) && e->in_place)
		return true;
	if (!diag_json_str(at, obj, "temp", &temp) ||
	    !diag_journal_temp_is(temp))
		return false;
	memcpy(e->temp, temp, sizeof(e->temp));
	return true;
}

static bool read_note(struct diag_arena *arena, const struct diag_json_at *at,
		      const cJSON *obj, struct diag_change *c)
{
	const char *tool = "", *about = "";

	(void)diag_json_str(at, obj, "tool", &tool);
	(void)diag_json_str(at, obj, "about", &about);
	c->tool = diag_arena_strdup(arena, tool);
	c->about = diag_arena_strdup(arena, about);
	return c->tool != NULL && c->about != NULL;
}

static struct diag_journal_entry *last(const struct diag_journal *j)
{
	return j->n > 0 ? &j->items[j->n - 1] : NULL;
}

static bool open_entry(const struct diag_journal *j)
{
	return j->n > 0 && last(j)->stage < DIAG_JOURNAL_DONE;
}

static bool take_begin(const struct reader *r, const struct diag_json_at *at,
		       const cJSON *obj)
{
	static const char *const keys[3] = DIAG_JOURNAL_OLD;
	struct diag_journal_entry e = { 0 }, *slot;
	uint64_t before = r->out->n > 0 ? last(r->out)->change.id : 0;
	uint64_t mode = 0;
	double at_s = 0;

	if (open_entry(r->out))
		return wrong(r, "a change begins inside of another");
	if (!diag_json_uint(at, obj, "id", before + 1, UINT32_MAX,
			    &e.change.id) ||
	    !read_kind(at, obj, &e) || !read_temp(at, obj, &e) ||
	    !diag_json_num(at, obj, "at", -1e11, 1e11, &at_s) ||
	    !read_state(at, obj, keys, &e.change, &e.old_missing) ||
	    !diag_json_uint(at, obj, "mode", 0, 07777, &mode))
		return wrong(r, "not a change that we know");
	e.change.at_s = (int64_t)at_s;
	e.mode = (unsigned)mode;
	if (!read_note(r->arena, at, obj, &e.change))
		return diag_fail_nomem(r->err, OP);
	slot = diag_arena_push(r->arena, &r->out->items, &r->out->n, sizeof(e));
	if (slot == NULL)
		return diag_fail_nomem(r->err, OP);
	*slot = e;
	return true;
}

/* The open change, if the line is about it. */
static struct diag_journal_entry *same_entry(const struct reader *r,
					     const struct diag_json_at *at,
					     const cJSON *obj)
{
	uint64_t id = 0;

	if (open_entry(r->out) &&
	    diag_json_uint(at, obj, "id", 1, UINT32_MAX, &id) &&
	    last(r->out)->change.id == id)
		return last(r->out);
	(void)wrong(r, "about no change that is open");
	return NULL;
}

static bool take_ready(const struct reader *r, const struct diag_json_at *at,
		       const cJSON *obj)
{
	static const char *const keys[3] = DIAG_JOURNAL_NEW;
	struct diag_journal_entry *e = same_entry(r, at, obj);

	if (e == NULL)
		return false;
	if (e->stage != DIAG_JOURNAL_BEGUN ||
	    !read_state(at, obj, keys, &e->change, &e->new_missing))
		return wrong(r, "not what a change is when it is ready");
	e->stage = DIAG_JOURNAL_READY;
	return true;
}

static bool take_done(const struct reader *r, const struct diag_json_at *at,
		      const cJSON *obj)
{
	struct diag_journal_entry *e = same_entry(r, at, obj);

	if (e == NULL)
		return false;
	if (e->stage != DIAG_JOURNAL_READY)
		return wrong(r, "a change is done that was never ready");
	e->stage = DIAG_JOURNAL_DONE;
	return true;
}

static bool take_back(const struct reader *r, const struct diag_json_at *at,
		      const cJSON *obj)
{
	struct diag_journal_entry *e = same_entry(r, at, obj);

	if (e != NULL)
		e->stage = DIAG_JOURNAL_BACK;
	return e != NULL;
}

static bool take_file(const struct reader *r, const struct diag_json_at *at,
		      const cJSON *obj)
{
	const char *format = NULL;

	if (r->line == 1 && diag_json_str(at, obj, "format", &format) &&
	    strcmp(format, DIAG_JOURNAL_FORMAT) == 0)
		return true;
	return wrong(r, "the first line should say " DIAG_JOURNAL_FORMAT);
}

typedef bool take_fn(const struct reader *r, const struct diag_json_at *at,
		     const cJSON *obj);

static const struct {
	const char *op;
	take_fn *take;
} ops[] = {
	{ "file", take_file }, { "begin", take_begin }, { "ready", take_ready },
	{ "done", take_done }, { "back", take_back },
};

static bool take_object(const struct reader *r, const cJSON *obj)
{
	struct diag_problems problems;
	const struct diag_json_at at = { .file = r->name,
					 .problems = &problems };
	const char *op = NULL;
	take_fn *take = NULL;
	bool ok;

	diag_problems_init(&problems);
	if (diag_json_str(&at, obj, "op", &op))
		for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
			if (strcmp(ops[i].op, op) == 0)
				take = ops[i].take;
	if (take == NULL || (r->line == 1 && take != take_file))
		ok = wrong(r, "not a journal that this version can read");
	else
		ok = take(r, &at, obj);
	diag_problems_clear(&problems);
	return ok;
}

static bool take_line(const struct reader *r, const char *line, size_t len)
{
	static const struct diag_json_limits limits = { DIAG_JOURNAL_LINE, 2 };
	cJSON *tree;
	bool ok;

	if (!diag_json_parse(r->name, line, len, &limits, &tree, r->err))
		return false;
	ok = take_object(r, tree);
	cJSON_Delete(tree);
	return ok;
}

/* *end: nothing, or nothing whole, is left. */
static bool next_line(struct reader *r, const char *text, size_t len, bool *end)
{
	const char *line = text + r->out->good_len;
	size_t left = len - r->out->good_len;
	const char *stop = left > 0 ? memchr(line, '\n', left) : NULL;
	size_t size = stop != NULL ? (size_t)(stop - line) : left;
	bool fits;

	*end = stop == NULL;
	if (*end)
		return true;
	if (!check_sum(r, line, size, &fits))
		return false;
	*end = !fits && size + 1 == left;
	if (*end)
		return true;
	if (!fits)
		return wrong(r, "damaged");
	if (!take_line(r, line, size))
		return false;
	r->out->good_len += size + 1;
	r->line++;
	return true;
}

bool diag_journal_parse(struct diag_arena *arena, const char *name,
			const char *text, size_t len, struct diag_journal *out,
			struct diag_err *err)
{
	struct reader r = { arena, name, 1, out, err };
	bool end = false;

	*out = (struct diag_journal){ 0 };
	if (len > DIAG_JOURNAL_BYTES)
		return diag_fail(err, DIAG_ELIMIT, OP,
				 "%s: more than %zu bytes; move this file "
				 "away to start anew",
				 name, DIAG_JOURNAL_BYTES);
	while (!end)
		if (!next_line(&r, text, len, &end))
			return false;
	return true;
}

/* An undo that stands takes back all changes from the one it names up to
 * itself, undos among them.  So, from the latest to the first: what lies at or
 * behind the earliest id named so far is undone, and names nothing any more. */
static void mark_undone(struct diag_change *c, size_t n)
{
	uint64_t cut = UINT64_MAX;

	for (size_t i = n; i-- > 0;) {
		c[i].undone = c[i].id >= cut;
		if (!c[i].undone && c[i].kind == DIAG_CHANGE_UNDO)
			cut = c[i].undoes;
	}
}

static bool copy_change(struct diag_arena *arena,
			const struct diag_change *from, struct diag_change *to)
{
	*to = *from;
	to->tool = diag_arena_strdup(arena, from->tool);
	to->about = diag_arena_strdup(arena, from->about);
	return to->tool != NULL && to->about != NULL;
}

bool diag_journal_changes(const struct diag_journal *journal,
			  struct diag_arena *arena,
			  const struct diag_change **out, size_t *n,
			  struct diag_err *err)
{
	struct diag_change *c = NULL;

	*out = NULL;
	*n = 0;
	for (size_t i = 0; i < journal->n; i++) {
		struct diag_change *slot;

		if (journal->items[i].stage != DIAG_JOURNAL_DONE)
			continue;
		slot = diag_arena_push(arena, &c, n, sizeof(*c));
		if (slot == NULL ||
		    !copy_change(arena, &journal->items[i].change, slot)) {
			*n = 0;
			return diag_fail_nomem(err, OP);
		}
	}
	mark_undone(c, *n);
	*out = c;
	return true;
}

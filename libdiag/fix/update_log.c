/* SPDX-License-Identifier: MIT */
/* update_log.c - see update_log.h. */
#include "fix/update_log.h"

#include <string.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "base/time.h"
#include "fix/writer.h"

#define OP "updates"

struct diag_update_log {
	struct diag_arena arena;
	struct diag_writer *w;
	const char *server, *zone, *tool;
	struct diag_update_list list;
};

/* --- opening ---------------------------------------------------------------
 */

/* Both texts may be long; the document says what they are. */
static const char *path_of(struct diag_arena *arena, const char *state_dir,
			   const char *server, const char *zone)
{
	const char *both = diag_arena_printf(arena, "%s %s", server, zone);
	char sha256[DIAG_SHA256_TEXT];

	if (both == NULL || !diag_sha256_of(both, strlen(both), sha256))
		return NULL;
	return diag_arena_printf(arena, "%s/updates-%s.json", state_dir,
				 sha256);
}

static bool read_list(struct diag_update_log *log, const char *path,
		      struct diag_err *err)
{
	struct diag_file_state state;
	struct diag_buf text;
	bool ok = diag_writer_read(log->w, &text, &state, err);

	if (ok && !state.missing)
		ok = diag_update_list_parse(&log->arena, path,
					    diag_buf_str(&text), text.len,
					    &log->list, err);
	diag_buf_clear(&text);
	return ok;
}

bool diag_update_log_open(const char *state_dir, const char *server,
			  const char *zone, const char *tool,
			  struct diag_update_log **out, struct diag_err *err)
{
	struct diag_update_log *log = diag_alloc(sizeof(*log));
	const char *path;

	*out = NULL;
	if (log == NULL)
		return diag_fail_nomem(err, OP);
	diag_arena_init(&log->arena, 0);
	log->server = diag_arena_strdup(&log->arena, server);
	log->zone = diag_arena_strdup(&log->arena, zone);
	log->tool = diag_arena_strdup(&log->arena, tool);
	path = path_of(&log->arena, state_dir, server, zone);
	if (!log->server || !log->zone || !log->tool || !path)
		(void)diag_fail_nomem(err, OP);
	else if (diag_writer_open(state_dir, path, tool, DIAG_WRITER_WAIT_MS,
				  &log->w, err) &&
		 read_list(log, path, err))
		*out = log;
	if (*out == NULL)
		diag_update_log_close(log);
	return *out != NULL;
}

void diag_update_log_close(struct diag_update_log *log)
{
	if (log == NULL)
		return;
	diag_writer_close(log->w);
	diag_arena_clear(&log->arena);
	diag_free(log);
}

/* --- looking ---------------------------------------------------------------
 */

const struct diag_update_entry *
diag_update_log_unseen(const struct diag_update_log *log)
{
	const struct diag_update_list *l = &log->list;
	const struct diag_update_entry *last =
	    l->n > 0 ? &l->items[l->n - 1] : NULL;

	return last != NULL && last->stage == DIAG_UPDATE_SENT ? last : NULL;
}

const struct diag_update_entry *
diag_update_log_latest(const struct diag_update_log *log)
{
	for (size_t i = log->list.n; i-- > 0;) {
		const struct diag_update_entry *e = &log->list.items[i];

		if (e->stage == DIAG_UPDATE_DONE && e->undoes == 0)
			return e;
	}
	return NULL;
}

/* --- noting ----------------------------------------------------------------
 */

/* *list becomes ours once it is on disk. */
static bool commit(struct diag_update_log *log,
		   const struct diag_update_list *list, const char *about,
		   struct diag_err *err)
{
	const struct diag_change_note note = { .tool = log->tool,
					       .about = about };
	struct diag_buf text;
	uint64_t change;
	bool ok;

	diag_buf_init(&text, DIAG_UPDATE_LOG_BYTES);
	diag_update_list_print(list, log->server, log->zone, &text);
	ok = diag_buf_ok(&text, err, OP) &&
	     diag_writer_commit(log->w, diag_buf_str(&text), text.len, &note,
				&change, err);
	diag_buf_clear(&text);
	if (ok)
		log->list = *list;
	return ok;
}

/* A copy with room for one more; of many only the latest are kept. */
static bool copy_list(struct diag_update_log *log,
		      struct diag_update_entry **items, size_t *n,
		      struct diag_err *err)
{
	const struct diag_update_list *l = &log->list;
	size_t skip =
	    l->n >= DIAG_UPDATE_LOG_KEPT ? l->n - DIAG_UPDATE_LOG_KEPT + 1 : 0;

	*items =
	    diag_arena_array(&log->arena, l->n - skip + 1, sizeof(**items));
	if (*items == NULL)
		return diag_fail_nomem(err, OP);
	*n = l->n - skip;
	if (*n > 0)
		memcpy(*items, l->items + skip, *n * sizeof(**items));
	return true;
}

bool diag_update_log_begin(struct diag_update_log *log,
			   const struct diag_update *u, const char *about,
			   uint64_t undoes, uint64_t *id, struct diag_err *err)
{
	struct diag_update_list list = { .n = 0 };
	struct diag_update_entry *items = NULL;
	size_t n = 0;

	if (!copy_list(log, &items, &n, err))
		return false;
	items[n] = (struct diag_update_entry){
		.id = n > 0 ? items[n - 1].id + 1 : 1,
		.at_s = diag_time_now_s(),
		.about = about,
		.stage = DIAG_UPDATE_SENT,
		.undoes = undoes,
		.update = *u,
	};
	*id = items[n].id;
	list.items = items;
	list.n = n + 1;
	return commit(log, &list, about, err);
}

bool diag_update_log_end(struct diag_update_log *log, uint64_t id,
			 enum diag_update_stage stage, struct diag_err *err)
{
	static const char *const words[] = {
		[DIAG_UPDATE_SENT] = "sent",
		[DIAG_UPDATE_DONE] = "done",
		[DIAG_UPDATE_NOT_DONE] = "not done",
		[DIAG_UPDATE_UNDONE] = "undone",
		[DIAG_UPDATE_LOST] = "not known",
	};
	struct diag_update_list list = log->list;
	struct diag_update_entry *items =
	    diag_arena_array(&log->arena, list.n + 1, sizeof(*items));
	uint64_t undone = 0;

	if (items == NULL)
		return diag_fail_nomem(err, OP);
	if (list.n > 0)
		memcpy(items, list.items, list.n * sizeof(*items));
	for (size_t i = 0; i < list.n; i++) {
		if (items[i].id != id)
			continue;
		items[i].stage = stage;
		undone = stage == DIAG_UPDATE_DONE ? items[i].undoes : 0;
	}
	for (size_t i = 0; i < list.n && undone > 0; i++)
		if (items[i].id == undone)
			items[i].stage = DIAG_UPDATE_UNDONE;
	list.items = items;
	return commit(log, &list, words[stage], err);
}

/* SPDX-License-Identifier: MIT */
/* update_log.h - updates of one zone at one server, kept so that they can be
 * taken back.
 *
 * A document in the writer's state folder, which the writer commits: locked,
 * journaled, forced to disk.  What a name had before is in it before the
 * message leaves; what came of it is noted when the answer is there.  An entry
 * that is still "sent" is an update whose answer was never seen.
 */
#ifndef DIAG_FIX_UPDATE_LOG_H
#define DIAG_FIX_UPDATE_LOG_H

#include "base/json.h"
#include "fix/update.h"

#define DIAG_UPDATE_LOG_KEPT  64 /* entries; the oldest go first */
#define DIAG_UPDATE_LOG_BYTES ((size_t)64 << 20)

enum diag_update_stage {
	DIAG_UPDATE_SENT, /* and no answer seen */
	DIAG_UPDATE_DONE,
	DIAG_UPDATE_NOT_DONE, /* the server changed nothing, or it is taken
				 back again */
	DIAG_UPDATE_UNDONE,   /* done, and undone later */
	DIAG_UPDATE_LOST,     /* somebody changed the names before we could see
				 what came of it */
};

struct diag_update_entry {
	uint64_t id;
	int64_t at_s; /* wall clock */
	const char *about;
	enum diag_update_stage stage;
	uint64_t undoes; /* the entry that this one takes back, 0: none */
	struct diag_update update;
};

/* The entries of a document, oldest first. */
struct diag_update_list {
	const struct diag_update_entry *items;
	size_t n;
};

/* The document: into the arena, and back.  Errors: DIAG_EPARSE with the place,
 * DIAG_ELIMIT, DIAG_ENOMEM. */
DIAG_MUST_USE
bool diag_update_list_parse(struct diag_arena *arena, const char *name,
			    const char *text, size_t len,
			    struct diag_update_list *out, struct diag_err *err);
void diag_update_list_print(const struct diag_update_list *list,
			    const char *server, const char *zone,
			    struct diag_buf *out);
/* "sets": [ … ], a member of an open object. */
void diag_update_sets_print(const struct diag_update *u, struct diag_jw *w);

struct diag_update_log;

/* Locked from here to close.  server is the endpoint's text.  Errors: those of
 * diag_writer_open(), and of the document. */
DIAG_MUST_USE
bool diag_update_log_open(const char *state_dir, const char *server,
			  const char *zone, const char *tool,
			  struct diag_update_log **out, struct diag_err *err);
void diag_update_log_close(struct diag_update_log *log);

/* The last entry if its answer was never seen, else NULL. */
const struct diag_update_entry *
diag_update_log_unseen(const struct diag_update_log *log);
/* What undo takes back: the latest that stands; NULL: nothing does. */
const struct diag_update_entry *
diag_update_log_latest(const struct diag_update_log *log);

/* About to be sent.  On disk when this returns.  *id names it.  Borrows u and
 * about until the log is closed. */
DIAG_MUST_USE
bool diag_update_log_begin(struct diag_update_log *log,
			   const struct diag_update *u, const char *about,
			   uint64_t undoes, uint64_t *id, struct diag_err *err);
/* What came of it.  When an undo is DONE, what it undoes becomes UNDONE. */
DIAG_MUST_USE
bool diag_update_log_end(struct diag_update_log *log, uint64_t id,
			 enum diag_update_stage stage, struct diag_err *err);

#endif

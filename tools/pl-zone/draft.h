/* SPDX-License-Identifier: MIT */
/* draft.h - a change of a name server's file, worked out and not
 * written.
 *
 * Inventory, zone file and configuration are somebody's bytes, so a child
 * without rights reads them; the parent only opens files.  A zone file may
 * include others: the child tells which it lacks, the parent reads them, and
 * it is asked again.
 */
#ifndef DIAG_TOOLS_PL_ZONE_DRAFT_H
#define DIAG_TOOLS_PL_ZONE_DRAFT_H

#include "fix/zone/file.h"
#include "tools/change/change.h"
#include "tools/pl-zone/zone.h"

#define ZONE_TEXTS_MAX CHANGE_FILES_MAX

/* A file, read.  The first is the one in question, the others it includes. */
struct zone_text {
	const char *path;
	const char *text;
	size_t len;
	bool missing; /* there is no such file yet */
};

/* What was given, as bytes. */
struct zone_given {
	const struct pl_zone *options;
	const char *word;
	bool is_document;
	struct diag_buf document;
	int64_t now_s;
	struct zone_text texts[ZONE_TEXTS_MAX];
	size_t n_texts;
	struct diag_zone_link links[DIAG_ZONE_INCLUDES]; /* of texts - 1 */
	size_t n_links;
	struct diag_buf bufs[ZONE_TEXTS_MAX]; /* of zone_open_read() */
	size_t n_bufs;
};

struct zone_row {
	const char *name;  /* what clients ask */
	const char *owner; /* of the record, in a zone file; else NULL */
	const struct diag_addr *addresses;
	size_t n;
};

struct zone_left {
	const char *name, *why;
};

struct zone_edited {
	struct diag_edits edits;
	size_t foreign, foreign_changed;
	const char *diff;
	size_t diff_len;
};

struct zone_include {
	const char *path, *file; /* as written, and the file it stands in */
	uint32_t line;
	size_t in, at, len; /* text, and place in it */
	size_t text;	    /* that it leads to */
};

struct zone_draft {
	bool config; /* a configuration; else a zone file */
	const char *origin;
	const char *inventory, *block;
	const struct zone_row *rows;
	size_t n_rows;
	const struct zone_left *left;
	size_t n_left;
	const char **parents; /* forwarded ones */
	size_t n_parents;
	const char **notes; /* what is to be said of it */
	size_t n_notes;
	uint32_t serial_old, serial_new; /* both 0: none was met */
	/* Includes; lacking: texts that are not there yet, and then no text has
	 * edits. */
	const struct zone_include *includes;
	size_t n_includes;
	bool lacking;
	const struct zone_edited *texts; /* of the given ones */
	/* What the server can be asked for afterwards: names with the addresses
	 * it must give; without addresses, public ones it must not hide. */
	const struct zone_row *asked;
	size_t n_asked;
};

/* What the child hands back. */
struct zone_heard {
	bool failed;	      /* problems and err say why */
	const char *problems; /* lines */
	unsigned more;	      /* that were not kept */
	struct diag_err err;
	struct zone_draft draft;
};

/* A diag_child_fn; ctx is a struct zone_given. */
bool zone_draft_child(void *ctx, struct diag_buf *out, struct diag_err *err);

/* Fill asked of a draft whose rows are known (asked.c).  false: no
 * memory. */
DIAG_MUST_USE
bool zone_asked_of(struct diag_arena *arena, const struct diag_inventory *inv,
		   struct zone_draft *draft);

/* --- as bytes (wire.c) -------------------------------------------- */

void zone_put_draft(struct diag_buf *out, const struct zone_draft *draft,
		    size_t n_texts);
DIAG_MUST_USE
bool zone_heard(struct diag_arena *arena, const struct diag_buf *bytes,
		size_t n_texts, struct zone_heard *out, struct diag_err *err);

/* --- from the command line (given.c) ------------------------------ */

/* Was a workspace named at all? */
bool zone_is_asked(const struct tool_call *call);
/* Read what was given, without the texts.  zone_given_clear() in every case. */
DIAG_MUST_USE
bool zone_given(struct tool_call *call, struct zone_given *out,
		struct diag_err *err);
void zone_given_clear(struct zone_given *given);

/* How one more file is opened; *out is filled.  The bytes live as long as the
 * caller needs them. */
typedef bool zone_open_fn(void *ctx, const char *path, struct zone_text *out,
			  struct diag_err *err);
struct zone_opener {
	zone_open_fn *open;
	void *ctx;
};
/* Read, and kept in the given (ctx). */
bool zone_open_read(void *ctx, const char *path, struct zone_text *out,
		    struct diag_err *err);
/* Ask the child until it lacks nothing.  given->texts[0] is there.  *status is
 * what to leave with when it fails; what is wrong with an inventory is told,
 * and err is empty then. */
DIAG_MUST_USE
bool zone_draft_make(struct tool_call *call, struct zone_given *given,
		     const struct zone_opener *opener, struct zone_draft *out,
		     enum tool_status *status, struct diag_err *err);

/* Where the names in $INCLUDE lines are sought: --include-dir, or the folder
 * of the zone file.  NULL: no memory. */
const char *zone_folder(struct tool_call *call);

/* --- telling -------------------------------------------------------------- */

void zone_tell(const struct tool_call *call, const struct zone_draft *draft);
/* kind, origin, inventory, block, names, left_out, parents, serial. */
void zone_doc(struct diag_jw *w, const struct tool_call *call,
	      const struct zone_draft *draft);
/* One of its files; id 0: nothing of it was written. */
void zone_doc_file(struct diag_jw *w, const char *path, uint64_t id,
		   const struct zone_edited *e);
bool zone_leaves_out(const struct zone_draft *draft);

#endif

/* SPDX-License-Identifier: MIT */
/* change.h - the one way in which a command changes somebody's files, and
 * takes that back.
 *
 *	lock → recover → read → draft → show → can it be written? → check →
 *	ask → commit → flush caches → prove → or take it back
 *
 * What a tool brings along is the draft (edits of each file, worked out in a
 * child without rights), and what proves that they are good.  Only the writer
 * touches files.  SIGINT and its like end it between two of these steps
 * (call->signal), never in one.
 */
#ifndef DIAG_TOOLS_CHANGE_H
#define DIAG_TOOLS_CHANGE_H

#include "base/json.h"
#include "fix/edits.h"
#include "fix/writer.h"
#include "tools/change/caches.h"
#include "tools/tool.h"

#define CHANGE_FILES_MAX   65 /* one, and what it includes */
#define CHANGE_PERCENT_MAX 30 /* of what is not ours, without --force */

/* Which file, and what was said of it. */
struct change_subject {
	const char *path;   /* as it was named */
	const char *state;  /* --state; NULL: the writer's rule */
	const char *schema; /* of documents: "pldiag.hosts/1" */
	bool yes, force;
	/* This system resolves by it: what remembers names is made to forget
	 * once it is written. */
	bool resolves;
};

/* A file of a change.  The draft fills the second part, in the call's arena. */
struct change_file {
	const char *path;
	struct diag_writer *w;
	struct diag_slice text; /* as it is, for a child: diag_writer_view() */
	struct diag_file_state state;

	struct diag_edits edits;
	const char *diff;
	size_t diff_len;
	size_t foreign, foreign_changed; /* what is not ours */
	uint64_t id;			 /* of the history; 0: not written */
};

/* The first is the subject; the others are written before it. */
struct change_files {
	struct change_file at[CHANGE_FILES_MAX];
	size_t n;
};

enum change_outcome {
	CHANGE_FAILED,	 /* something else went wrong; err says what */
	CHANGE_NOTHING,	 /* the file was fine as it is */
	CHANGE_SHOWN,	 /* a dry run */
	CHANGE_DECLINED, /* not written: the person said no */
	CHANGE_REFUSED,	 /* not written: told why */
	CHANGE_WRITTEN,
	CHANGE_ROLLED_BACK, /* written, did not prove right, taken back */
};
const char *change_outcome_key(enum change_outcome o);

struct changing; /* a change under way */

/* A change of one command.  All functions are given ctx; those that may be
 * NULL have nothing to say. */
struct change {
	struct change_subject subject;
	/* Work out what changes.  Must touch nothing. */
	bool (*draft)(void *ctx, struct changing *c, struct change_files *files,
		      struct diag_err *err);
	/* Once it is known what changes, before any of it is shown. */
	void (*tell)(void *ctx, const struct tool_call *call,
		     const struct change_files *files);
	/* Something changes: what is worth a warning.  May be NULL. */
	void (*warn)(void *ctx, const struct tool_call *call,
		     const struct change_files *files);
	/* Is the new text good?  false: nothing is written, *why (or err) says
	 * why not.  May be NULL. */
	bool (*check)(void *ctx, struct tool_call *call,
		      const struct change_files *files, const char **why,
		      struct diag_err *err);
	/* After the write: is all as planned?  false (told, or err says why):
	 * the files become what they were.  May be NULL. */
	bool (*prove)(void *ctx, struct tool_call *call, struct diag_err *err);
	/* After they became that.  May be NULL. */
	void (*restored)(void *ctx, struct tool_call *call);
	void *ctx;
	const char *unit;  /* "lines that are not ours" */
	const char *tool;  /* for the history: "pl-hosts lint --fix" */
	const char *about; /* "3 lines corrected" */
	bool dry_run;	   /* only show */
};

struct change_done {
	enum change_outcome outcome;
	/* In the call's arena; NULL: it did not come so far.  Texts and writers
	 * are gone. */
	const struct change_files *files;
	const char *why; /* one line when it was refused or failed, or NULL */
	struct caches_flushed flushed;
};

/* Gives the status of all that, with *out filled; err is filled where a line is
 * still to be said. */
enum tool_status change_make(struct tool_call *call,
			     const struct change *change,
			     struct change_done *out, struct diag_err *err);

/* For a draft that needs one more file: lock it and read it.  NULL: err. */
DIAG_MUST_USE
struct change_file *change_file_add(struct changing *c, const char *path,
				    struct diag_err *err);
/* The file without a lock, for those who write nothing; *text is initialised
 * here.  One that is not there yet is empty, and would be made. */
DIAG_MUST_USE
bool change_look(const char *path, struct diag_buf *text, bool *missing,
		 struct diag_err *err);
bool change_is_some(const struct change_files *files); /* any edit at all? */
/* What it means that there is no draft: a file or a wish that cannot be is bad
 * input, all else our own trouble. */
enum tool_status change_draft_status(const struct diag_err *err);

/* --- taking it back ------------------------------------------------------- */

struct change_back {
	struct change_subject subject;
	unsigned id;	  /* of the history; 0: the latest */
	const char *tool; /* "pl-hosts undo" */
	/* Once it is written.  false (told, or err says why): not all is well.
	 * May be NULL. */
	bool (*restored)(const struct change_back *back, struct tool_call *call,
			 struct diag_err *err);
};

/* Put back, byte for byte, what was there before, and report it. */
enum tool_status change_undo(struct tool_call *call,
			     const struct change_back *back,
			     struct diag_err *err);
/* Report what we changed in the file, and when. */
enum tool_status change_history(struct tool_call *call,
				const struct change_subject *subject,
				const char *tool, struct diag_err *err);

#endif

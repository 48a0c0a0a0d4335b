/* SPDX-License-Identifier: MIT */
/* journal.h - what was done to a file, a line each; private to this room.
 *
 * Pure: text in, changes out, and lines for the next change.  The writer
 * keeps it on disk.  A line is a JSON object whose last member is a checksum
 * of all before it, so that a line which the power cut is told from one that
 * somebody spoiled:
 *
 *	{"op":"file","format":"pldiag.journal/1","path":"/etc/hosts","sum":"…"}
 *	{"op":"begin","id":1,"kind":"apply",…,"temp":".pldiag-…","sum":"…"}
 *	{"op":"ready","id":1,"new_sha256":"…","new_len":180,"sum":"…"}
 *	{"op":"done","id":1,"sum":"…"}
 *
 * begin says where the new bytes will be made; ready that they are, whole and
 * on disk, and that the next step touches the file; done that the file is the
 * new one; back that it is not, and that nothing is left lying about.
 */
#ifndef DIAG_FIX_JOURNAL_H
#define DIAG_FIX_JOURNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "fix/writer.h"

#define DIAG_JOURNAL_BYTES ((size_t)4 << 20) /* some 6,000 changes */
#define DIAG_JOURNAL_LINE  ((size_t)16 << 10)
#define DIAG_JOURNAL_NOTE  1000 /* bytes of tool and about that are kept */
/* ".pldiag-" and 16 random hex digits, with the NUL: a name that nobody else
 * has, so that what lies under it is ours. */
#define DIAG_JOURNAL_TEMP 25

enum diag_journal_stage {
	DIAG_JOURNAL_BEGUN,
	DIAG_JOURNAL_READY,
	DIAG_JOURNAL_DONE,
	DIAG_JOURNAL_BACK,
};

struct diag_journal_entry {
	struct diag_change change; /* without undone */
	enum diag_journal_stage stage;
	bool in_place;	  /* the file is a mount point: no rename */
	bool old_missing; /* there was no file */
	bool new_missing; /* there shall be none */
	unsigned mode;	  /* of the old file, for one who makes it anew */
	char temp[DIAG_JOURNAL_TEMP];
};

struct diag_journal {
	struct diag_journal_entry *items; /* by id, all stages */
	size_t n;
	size_t good_len; /* bytes up to the end of the last whole line */
};

/* Into the arena.  A last line that was cut is left out; DIAG_EPARSE with
 * "NAME:LINE: …" for anything else that is not a journal, DIAG_ELIMIT. */
DIAG_MUST_USE
bool diag_journal_parse(struct diag_arena *arena, const char *name,
			const char *text, size_t len, struct diag_journal *out,
			struct diag_err *err);

void diag_journal_put_file(struct diag_buf *out, const char *path);
void diag_journal_put_begin(struct diag_buf *out,
			    const struct diag_journal_entry *e);
void diag_journal_put_ready(struct diag_buf *out,
			    const struct diag_journal_entry *e);
/* "done" or "back", as the stage says. */
void diag_journal_put_end(struct diag_buf *out,
			  const struct diag_journal_entry *e);

bool diag_journal_temp_is(const char *name);

/* The changes that came to their end, as the history shows them. */
DIAG_MUST_USE
bool diag_journal_changes(const struct diag_journal *journal,
			  struct diag_arena *arena,
			  const struct diag_change **out, size_t *n,
			  struct diag_err *err);

#endif

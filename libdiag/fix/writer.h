/* SPDX-License-Identifier: MIT */
/* writer.h - the only room that changes other people's files: lock, read,
 * commit, undo, history.
 *
 * A change is open (lock, recover) → read → (caller plans) → commit → (caller
 * verifies) → close, or undo.  The state folder ($XDG_STATE_HOME/pldiag, else
 * ~/.local/state/pldiag; root: /var/lib/pldiag; 0700) holds for each file one
 * journal, one lock and the bytes from before each change.  The journal is
 * written and forced to disk before the file is touched, so that after any
 * crash the next run knows what was under way.
 *
 * The new file is made beside the old one and trades names with it in one
 * step, so the file is the old or the new one, whole, at every instant.  Where
 * a rename is impossible (a bind mount) it is written over; a crash in the
 * middle of that leaves a mix, which the next open makes the old file again.
 */
#ifndef DIAG_FIX_WRITER_H
#define DIAG_FIX_WRITER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "fix/edits.h"

#define DIAG_WRITER_WAIT_MS 5000
#define DIAG_WRITER_BYTES   ((size_t)512 << 20) /* largest file we rewrite */

/* Where journal, history and lock live.  given (NULL: the rule above) becomes
 * *out in the arena; made (0700) when it is not there.  Root follows
 * XDG_STATE_HOME only if that folder is root's and nobody else may write to
 * it: under sudo it may be what the user wished.
 * Errors: DIAG_EIO; DIAG_EUSAGE when the folder is somebody else's. */
DIAG_MUST_USE
bool diag_writer_state_dir(const char *given, struct diag_arena *arena,
			   const char **out, struct diag_err *err);

struct diag_writer; /* one file, locked */

/* Take the lock of the file that path leads to (through links), waiting at
 * most wait_ms, and finish or take back whatever a crash left (recovered).
 * tool ("pl-hosts apply") is who we are to those who wait meanwhile.
 * Errors: DIAG_EIO; DIAG_EPARSE for a damaged journal; DIAG_ELIMIT with sys
 * EWOULDBLOCK when somebody else holds the lock: what is "PATH: in use by
 * pl-hosts apply (pid 4711, since 10:03:12Z)". */
DIAG_MUST_USE
bool diag_writer_open(const char *state_dir, const char *path, const char *tool,
		      unsigned wait_ms, struct diag_writer **out,
		      struct diag_err *err);
void diag_writer_close(struct diag_writer *w); /* gives the lock back */

/* What open found of a change that did not come to its end.  A file that is
 * neither the old nor the new one was edited by somebody after the crash: it
 * is left alone, and undo still has the bytes from before the change. */
enum diag_recovery {
	DIAG_RECOVERED_NOTHING,
	DIAG_RECOVERED_OLD, /* a change that had begun was taken back */
	DIAG_RECOVERED_NEW, /* a change that had happened was noted as done */
};
enum diag_recovery diag_writer_recovered(const struct diag_writer *w);

/* What stands in the way of a write, or is worth telling before one. */
struct diag_file_state {
	const char *real_path; /* behind all links; the writer's own */
	bool symlink;	       /* path itself was one */
	unsigned hard_links;   /* more than 1: the other names keep the old */
	bool mount_point;      /* bind mount: rename impossible, in-place */
	bool read_only_fs, immutable, append_only;
	bool folder_writable, file_writable;
	bool missing;	     /* no such file yet: it will be made, 0644 */
	uint64_t free_bytes; /* for us, on its file system */
	unsigned mode, uid, gid;
};

/* The bytes as they are now and what is known about the file.  *text is
 * initialised here, the caller clears it.  Errors: DIAG_EIO, DIAG_ELIMIT. */
DIAG_MUST_USE
bool diag_writer_read(struct diag_writer *w, struct diag_buf *text,
		      struct diag_file_state *state, struct diag_err *err);

/* The same for one who looks in a child (base/child.h): a big file that was
 * last changed long ago is not read but mapped, and if somebody cuts it off
 * meanwhile that ends who looks at it (base/map.h).  *text is the writer's, and
 * lives until the next view or the close. */
DIAG_MUST_USE
bool diag_writer_view(struct diag_writer *w, struct diag_slice *text,
		      struct diag_file_state *state, struct diag_err *err);
/* Work for the time in which the child is busy: what else the commit does
 * first. */
DIAG_MUST_USE
bool diag_writer_hash(struct diag_writer *w, struct diag_err *err);
/* What was viewed, with these edits; for the parent.  *out is initialised
 * here, the caller clears it. */
DIAG_MUST_USE
bool diag_writer_edited(struct diag_writer *w, const struct diag_edits *edits,
			struct diag_buf *out, struct diag_err *err);

/* Why a write of len bytes would fail, as one sentence in err (DIAG_EIO, sys
 * ENOSPC, EROFS, EPERM, EACCES …), before anything is touched. */
DIAG_MUST_USE
bool diag_writer_can(struct diag_writer *w, size_t len, struct diag_err *err);

/* What the history shows of a change; the first 1000 bytes of each. */
struct diag_change_note {
	const char *tool;  /* "pl-hosts apply" */
	const char *about; /* "ws1103: 10 names" */
};

/* Make the file hold exactly these bytes.  Fails with DIAG_EUSAGE when it is
 * no longer what diag_writer_read() gave, or when another program has it open
 * for writing.  After any failure the file is the old one.  Owner, mode, ACL,
 * SELinux label and other extended attributes stay (what could not be kept
 * fails the commit before the rename); a link stays a link.  *id names the
 * change in the history; it is 0 when the file held these bytes already and
 * nothing was done. */
DIAG_MUST_USE
bool diag_writer_commit(struct diag_writer *w, const void *text, size_t len,
			const struct diag_change_note *note, uint64_t *id,
			struct diag_err *err);

/* The same with edits of what diag_writer_view() gave; what they leave alone
 * goes from file to file. */
DIAG_MUST_USE
bool diag_writer_commit_edits(struct diag_writer *w,
			      const struct diag_edits *edits,
			      const struct diag_change_note *note, uint64_t *id,
			      struct diag_err *err);

enum diag_change_kind { DIAG_CHANGE_APPLY, DIAG_CHANGE_UNDO };

/* One line of the history, oldest first. */
struct diag_change {
	uint64_t id;
	enum diag_change_kind kind;
	int64_t at_s; /* wall clock */
	const char *tool, *about;
	uint64_t undoes; /* kind UNDO: the change it took back, else 0 */
	bool undone;	 /* some later change took it back */
	uint64_t old_len, new_len;
	char old_sha256[65], new_sha256[65];
};

/* All changes of the file, into the arena.  A journal whose last line was cut
 * is read up to it; one that is damaged elsewhere is DIAG_EPARSE with file and
 * line, from diag_writer_open() already. */
DIAG_MUST_USE
bool diag_writer_history(struct diag_writer *w, struct diag_arena *arena,
			 const struct diag_change **out, size_t *n,
			 struct diag_err *err);

/* The text that undo would write, and whether somebody edited the file since
 * our last change (*edited_since).  id 0: the latest apply that is not undone;
 * with an id any change, also an undo.  Taking back a change takes back what
 * we did after it as well.  *text is initialised here, the caller clears it;
 * it is empty when undo would remove the file.  DIAG_EUSAGE: nothing to undo,
 * no such change, undone already. */
DIAG_MUST_USE
bool diag_writer_undo_text(struct diag_writer *w, uint64_t id,
			   struct diag_buf *text, uint64_t *which,
			   bool *edited_since, struct diag_err *err);
/* Write it: byte for byte what was there before that change (no file, if
 * there was none).  It is a change of its own in the history.  DIAG_EUSAGE
 * also when the file is no longer what diag_writer_undo_text() saw. */
DIAG_MUST_USE
bool diag_writer_undo(struct diag_writer *w, uint64_t id,
		      const struct diag_change_note *note,
		      struct diag_err *err);

#endif

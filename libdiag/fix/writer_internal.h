/* SPDX-License-Identifier: MIT */
/* writer_internal.h - inside of the writer; private to this room.
 *
 * The state folder holds a folder for each file, named by the SHA-256 of its
 * real path:
 *
 *	lock	who holds it, for those who wait
 *	journal	what was done (journal.h)
 *	HEX	old and new bytes, named by their SHA-256
 *	part	bytes on their way to such a name
 *
 * All of this is reached through descriptors: no name is looked up twice.
 */
#ifndef DIAG_FIX_WRITER_INTERNAL_H
#define DIAG_FIX_WRITER_INTERNAL_H

#include <sys/stat.h>
#include <sys/types.h>

#include "base/map.h"
#include "base/sha256.h"
#include "fix/journal.h"
#include "fix/writer.h"

#define WRITER_OP "write"

/* The file at the moment of the last look. */
struct writer_seen {
	bool valid, missing;
	struct stat st;	 /* from before the bytes were looked at */
	bool times_tell; /* a change since then shows in its times */
	bool hashed;
	char sha256[DIAG_SHA256_TEXT];
	uint64_t len;
	int fd; /* of one that is not hashed yet; else -1 */
};

struct diag_writer {
	struct diag_arena arena;
	const char *real;     /* absolute, without links */
	const char *name;     /* its last part */
	bool symlink;	      /* the path that was given is one */
	int folder;	      /* where the file is */
	bool folder_readable; /* so that it can be forced to disk */
	int state;	      /* our folder for this file */
	int lock, log;
	const char *log_name;
	struct diag_journal journal;
	bool owed;  /* the last change's end is not in the journal yet */
	bool stuck; /* a change could neither be done nor taken back */
	enum diag_recovery recovered;
	struct writer_seen seen;
	bool viewed; /* edits of one of these can be committed: */
	struct diag_map map;
	struct diag_buf text;
	struct diag_sha256 *marks; /* view_posix.c */
	size_t n_marks;
};

/* What the file holds now; text may be NULL. */
DIAG_MUST_USE
bool writer_see(struct diag_writer *w, struct diag_buf *text,
		struct diag_err *err);
/* err becomes "PATH: sentence" with a path that leaves room for it; sys 0
 * makes DIAG_EUSAGE, another one DIAG_EIO. */
bool writer_fail(const struct diag_writer *w, struct diag_err *err, int sys,
		 const char *fmt, ...) DIAG_PRINTF(4, 5);

/* view_posix.c: that, and what was viewed, is let go. */
void writer_seen_end(struct diag_writer *w);
void writer_view_end(struct diag_writer *w);

/* state_dir_posix.c */
DIAG_MUST_USE
bool writer_state_open(struct diag_writer *w, const char *state_dir,
		       struct diag_err *err);
/* A file in it, made if it is not there; in every case the caller closes *fd
 * if it is not negative. */
DIAG_MUST_USE
bool writer_state_file(const struct diag_writer *w, const char *name, int *fd,
		       struct diag_err *err);

/* lock_posix.c */
DIAG_MUST_USE
bool writer_lock(struct diag_writer *w, const char *tool, unsigned wait_ms,
		 struct diag_err *err);
void writer_unlock(struct diag_writer *w);

/* log_posix.c: the journal on disk.  Each forces what it wrote. */
DIAG_MUST_USE
bool writer_log_load(struct diag_writer *w, struct diag_err *err);
/* A new entry, in memory and on disk. */
DIAG_MUST_USE
bool writer_log_begin(struct diag_writer *w, const struct diag_journal_entry *e,
		      struct diag_err *err);
DIAG_MUST_USE
bool writer_log_ready(struct diag_writer *w, struct diag_err *err);

/* Done, or taken back.  An end that cannot be written is owed: it comes before
 * the next line. */
bool writer_log_end(struct diag_writer *w, enum diag_journal_stage stage,
		    struct diag_err *err);
struct diag_journal_entry *writer_last(const struct diag_writer *w);

/* kept_posix.c: bytes in the state folder.  All are forced to disk. */
DIAG_MUST_USE
bool writer_hash_fd(const struct diag_writer *w, int fd,
		    char sha256[DIAG_SHA256_TEXT], struct diag_err *err);
/* The bytes of fd, which must be those of that name: DIAG_EUSAGE if not. */
DIAG_MUST_USE
bool writer_keep_fd(struct diag_writer *w, int fd, const char *sha256,
		    struct diag_err *err);
DIAG_MUST_USE
bool writer_keep_bytes(struct diag_writer *w, const void *p, size_t len,
		       const char *sha256, struct diag_err *err);
/* The file called temp in the folder goes away from there and is kept. */
DIAG_MUST_USE
bool writer_keep_temp(struct diag_writer *w, const char *temp, int fd,
		      const char *sha256, struct diag_err *err);
/* May the file itself be kept, instead of a copy? */
bool writer_may_move(const struct diag_writer *w, int fd);
DIAG_MUST_USE
bool writer_kept_read(const struct diag_writer *w, const char *sha256,
		      uint64_t len, struct diag_buf *out, struct diag_err *err);
bool writer_kept_there(const struct diag_writer *w, const char *sha256);
/* For reading; -1 with errno. */
int writer_kept_open(const struct diag_writer *w, const char *sha256);
/* kept_prune_posix.c: let go of what nobody will ask for. */
void writer_kept_prune(struct diag_writer *w);

/* look_linux.c */
enum writer_open_elsewhere { WRITER_NOBODY, WRITER_SOMEBODY, WRITER_UNKNOWN };
DIAG_MUST_USE
bool writer_look(const struct diag_writer *w, struct diag_file_state *out,
		 struct stat *st, struct diag_err *err);
/* Has another program the file open for writing? */
enum writer_open_elsewhere writer_elsewhere(int fd);
/* Opens the file for reading; *fd -1: it is missing. */
DIAG_MUST_USE
bool writer_open_file(const struct diag_writer *w, const char *name, int *fd,
		      struct stat *st, struct diag_err *err);
bool writer_same_stat(const struct stat *a, const struct stat *b);

/* can_posix.c */
DIAG_MUST_USE
bool writer_can(const struct diag_writer *w, const struct diag_file_state *file,
		const struct stat *st, size_t len, struct diag_err *err);

/* attrs_linux.c: owner, mode, ACL and other extended attributes of from. */
DIAG_MUST_USE
bool writer_attrs_copy(const struct diag_writer *w, int from, int to,
		       struct diag_err *err);

extern const struct diag_change_note writer_no_note;

/* What a write takes away from a file: set-id bits and capabilities. */
struct writer_rights {
	unsigned mode;
	char caps[64]; /* struct vfs_ns_cap_data has 24 bytes */
	ssize_t caps_len;
};
void writer_rights_take(int fd, struct writer_rights *rights);
DIAG_MUST_USE
bool writer_rights_give(int fd, const struct writer_rights *rights);

/* What shall be done. */
struct writer_order {
	const void *text; /* NULL: edits, or there shall be no file */
	const struct diag_edits *edits; /* of the mapped file, which is known */
	size_t len;			/* of the new text */
	enum diag_change_kind kind;
	uint64_t undoes;
	unsigned mode; /* of a file that is made anew */
	bool last_try; /* it takes back; if it fails nothing else is tried */
	const struct diag_change_note *note;
};

/* One change, from begin to end. */
struct writer_change {
	struct diag_writer *w;
	const struct writer_order *order;
	int old;		     /* the file as it is, -1: there is none */
	struct stat old_st;	     /* of it */
	bool times_tell;	     /* a change of it will show in its times */
	bool known;		     /* it did not change since it was seen */
	int temp;		     /* the new one */
	bool temp_made, replaced;    /* how far we came */
	bool displaced;		     /* the old file has the temporary name */
	bool move_old;		     /* keep the old file itself, not a copy */
	bool busy;		     /* a mount point that we did not see */
	struct writer_rights rights; /* in place only */
	struct diag_buf text;	     /* the same: what edits made */
};

static inline bool writer_removes(const struct writer_order *o)
{
	return o->text == NULL && o->edits == NULL;
}

/* commit_posix.c */
DIAG_MUST_USE
bool writer_change(struct diag_writer *w, const struct writer_order *order,
		   uint64_t *id, struct diag_err *err);

/* same_posix.c: is the file still what was seen?  DIAG_EUSAGE if not. */
bool writer_changed_meanwhile(const struct diag_writer *w,
			      struct diag_err *err);
/* A big file, changed long ago; now_s: from before st, which is from before the
 * bytes are looked at. */
bool writer_times_tell(const struct stat *st, int64_t now_s);
/* How long that is.  A variable for tests, that cannot wait. */
extern int64_t writer_long_ago_s;
/* The same file with the same times: ctime too. */
bool writer_untouched(const struct stat *a, const struct stat *b);
/* The bytes behind c->old. */
DIAG_MUST_USE
bool writer_same_bytes(const struct writer_change *c, struct diag_err *err);
/* The name still leads to it, nobody writes to it: just before the step. */
DIAG_MUST_USE
bool writer_still_same(const struct writer_change *c, struct diag_err *err);
/* Where no look comes after the step: the bytes of a big file as well. */
DIAG_MUST_USE
bool writer_surely_same(const struct writer_change *c, struct diag_err *err);
/* What we displaced is it, and c->old leads there: just after the step. */
DIAG_MUST_USE
bool writer_displaced_same(struct writer_change *c, struct diag_err *err);

/* put_linux.c: the new bytes into c->temp. */
DIAG_MUST_USE
bool writer_put_new(struct writer_change *c, struct diag_err *err);
/* view_posix.c: do the edits say what the file says?  What they made. */
DIAG_MUST_USE
bool writer_edits_same(const struct writer_change *c, bool *same,
		       struct diag_err *err);
DIAG_MUST_USE
bool writer_hash_edited(struct writer_change *c, char sha256[DIAG_SHA256_TEXT],
			struct diag_err *err);

/* What the file will be, into the last entry. */
DIAG_MUST_USE
bool writer_hash_new(struct writer_change *c, struct diag_err *err);

/* swap_linux.c: by rename.  prepare ends with the entry ready. */
DIAG_MUST_USE
bool writer_swap_prepare(struct writer_change *c, struct diag_err *err);
DIAG_MUST_USE
bool writer_swap(struct writer_change *c, struct diag_err *err);
/* Put back what was replaced and remove the temporary file. */
DIAG_MUST_USE
bool writer_swap_back(struct writer_change *c);

/* rename_linux.c: two names of the folder trade places; from one name to
 * another that must not exist; the folder is forced to disk (fd: any file in
 * it, for a folder that cannot be opened).  false with errno. */
DIAG_MUST_USE
bool writer_exchange(const struct diag_writer *w, const char *a, const char *b);
DIAG_MUST_USE
bool writer_rename_new(const struct diag_writer *w, const char *from,
		       const char *to);
DIAG_MUST_USE
bool writer_sync_folder(const struct diag_writer *w, int fd);

/* in_place_posix.c: where no rename is possible. */
DIAG_MUST_USE
bool writer_in_place_prepare(struct writer_change *c, struct diag_err *err);
DIAG_MUST_USE
bool writer_in_place(struct writer_change *c, struct diag_err *err);
DIAG_MUST_USE
bool writer_in_place_back(struct writer_change *c);
/* The kept bytes of that name into fd, and nothing behind them; forced. */
DIAG_MUST_USE
bool writer_in_place_restore(struct diag_writer *w, int fd, const char *sha256,
			     const struct writer_rights *rights);

/* recover_posix.c */
DIAG_MUST_USE
bool writer_recover(struct diag_writer *w, struct diag_err *err);
/* recover_in_place_posix.c: makes a file that a crash left between old and new
 * the old one.  *happened: it is the new one, or somebody edited it since. */
DIAG_MUST_USE
bool writer_in_place_recover(struct diag_writer *w, bool *happened,
			     struct diag_err *err);

#endif

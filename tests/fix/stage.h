/* SPDX-License-Identifier: MIT */
/* stage.h - a folder with a file to change and a state folder, for the tests
 * of the writer. */
#ifndef DIAG_TESTS_FIX_STAGE_H
#define DIAG_TESTS_FIX_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fix/writer.h"

struct stage {
	char top[96];
	char folder[128]; /* top/etc */
	char file[160];	  /* top/etc/hosts */
	char state[128];  /* top/state, or elsewhere */
	bool bound;	  /* the file is a mount point */
};

/* base: where top is made, NULL: the folder for temporary files. */
void stage_make(struct stage *s, const char *base);
void stage_remove(struct stage *s);
/* Once more as it was after stage_make(). */
void stage_reset(struct stage *s);
/* cmocka fixtures; *state is a struct stage with the file "old\n". */
int stage_setup(void **state);
int stage_setup_quick(void **state); /* in memory, if there is some */
int stage_teardown(void **state);

void stage_put(const char *path, const char *text);
void stage_put_bytes(const char *path, const char *p, size_t len);
/* The last line of the one journal there is, "" if there is none. */
void stage_journal(const struct stage *s, char *out, size_t size);
/* Where it is. */
void stage_journal_path(const struct stage *s, char *out, size_t size);
/* NULL: there shall be no file. */
bool stage_holds(const char *path, const char *text);
void stage_assert_holds(const char *path, const char *text);
/* Names in a folder, "." and ".." not counted; with a beginning, or "". */
unsigned stage_names(const char *folder, const char *begins);
/* No temporary file is left beside the file or in the state folder. */
void stage_assert_clean(const struct stage *s);
void stage_remove_tree(const char *path);

/* The whole way: open, read, commit (or undo), close.  false: *err. */
bool stage_apply(const struct stage *s, const char *text, struct diag_err *err);
bool stage_undo(const struct stage *s, uint64_t id, struct diag_err *err);
/* The same by edits of what is viewed. */
bool stage_edit(const struct stage *s, const struct diag_edits *edits,
		struct diag_err *err);
/* From now on every big file was changed long ago. */
void stage_all_is_old(void);
/* The clock of files goes on: what is changed now has another time than what
 * was changed before. */
void stage_tick(const struct stage *s);
/* The same, and it must work. */
void stage_must_apply(const struct stage *s, const char *text);
void stage_must_undo(const struct stage *s, uint64_t id);
struct diag_writer *stage_open(const struct stage *s);
/* It fails: with this code, errno, and these words. */
void stage_assert_error(const struct diag_err *err, enum diag_code code,
			int sys, const char *words);
const char *stage_error(const struct diag_err *err);

/* Mounts of our own: true once there are (root, or a user namespace). */
bool stage_own_mounts(void);
/* Another file is mounted over the file; false: no mounts here. */
bool stage_bind(struct stage *s);

#endif

/* SPDX-License-Identifier: MIT */
/* writer_posix.c - one file, locked: open, read, close.
 *
 * The folder of the file is opened once and everything after goes through
 * that descriptor, so a folder that is renamed or a link that is turned in the
 * middle cannot lead us elsewhere.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/time.h"
#include "fix/writer_internal.h"

#define SENTENCE_MAX 150 /* bytes; the rest of err->what is the path's */
#define PATH_TAIL    48	 /* bytes of a path that are always shown */

_Static_assert(SENTENCE_MAX + PATH_TAIL + 2 <= 200, "err->what holds both");

const struct diag_change_note writer_no_note = { "", "" };

/* A path that does not fit shows its end, which tells more. */
bool writer_fail(const struct diag_writer *w, struct diag_err *err, int sys,
		 const char *fmt, ...)
{
	char sentence[SENTENCE_MAX];
	size_t len = strlen(w->real), room;
	const char *path = w->real;
	const char *dots = "";
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(sentence, sizeof(sentence), fmt, args) < 0)
		sentence[0] = '\0';
	va_end(args);
	room = sizeof(err->what) - strlen(sentence) - sizeof("...: ");
	if (len > room) {
		path += len - room;
		dots = "...";
	}
	if (sys == 0)
		return diag_fail(err, DIAG_EUSAGE, WRITER_OP, "%s%s: %s", dots,
				 path, sentence);
	errno = sys;
	return diag_fail_sys(err, WRITER_OP, "%s%s: %s", dots, path, sentence);
}

static bool resolve(struct diag_writer *w, const char *path,
		    struct diag_err *err)
{
	char real[DIAG_PATH_LEN];
	struct stat st;

	if (!diag_path_real(path, real))
		return diag_fail_sys(err, WRITER_OP, "%s", path);
	w->symlink = lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
	w->real = diag_arena_strdup(&w->arena, real);
	if (w->real == NULL)
		return diag_fail_nomem(err, WRITER_OP);
	w->name = w->real + diag_path_folder(w->real);
	return true;
}

static bool open_folder(struct diag_writer *w, struct diag_err *err)
{
	const char *folder =
	    diag_arena_strn(&w->arena, w->real, diag_path_folder(w->real));

	if (folder == NULL)
		return diag_fail_nomem(err, WRITER_OP);
	w->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	w->folder_readable = w->folder >= 0;
	if (w->folder < 0 && errno == EACCES)
		w->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return w->folder >= 0 || diag_fail_sys(err, WRITER_OP, "%s", folder);
}

/* While we waited for the lock somebody may have turned a link on the way;
 * then it is the lock of another file. */
static bool same_way(struct diag_writer *w, const char *path,
		     struct diag_err *err)
{
	char real[DIAG_PATH_LEN];

	return (diag_path_real(path, real) && strcmp(real, w->real) == 0) ||
	       writer_fail(w, err, 0,
			   "the links that lead to it were changed meanwhile; "
			   "try again");
}

bool diag_writer_open(const char *state_dir, const char *path, const char *tool,
		      unsigned wait_ms, struct diag_writer **out,
		      struct diag_err *err)
{
	struct diag_writer *w = diag_alloc(sizeof(*w));

	*out = NULL;
	if (w == NULL)
		return diag_fail_nomem(err, WRITER_OP);
	diag_arena_init(&w->arena, 0);
	w->folder = w->state = w->lock = w->log = w->seen.fd = -1;
	if (!resolve(w, path, err) || !open_folder(w, err) ||
	    !writer_state_open(w, state_dir, err) ||
	    !writer_lock(w, tool, wait_ms, err) || !same_way(w, path, err) ||
	    !writer_log_load(w, err) || !writer_recover(w, err)) {
		diag_writer_close(w);
		return false;
	}
	*out = w;
	return true;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

void diag_writer_close(struct diag_writer *w)
{
	if (w == NULL)
		return;
	writer_view_end(w);
	close_fd(w->log);
	close_fd(w->folder);
	close_fd(w->state);
	writer_unlock(w); /* the last thing: then others may come */
	diag_arena_clear(&w->arena);
	diag_free(w);
}

enum diag_recovery diag_writer_recovered(const struct diag_writer *w)
{
	return w->recovered;
}

/* All bytes of the file, hashed and, if somebody wants them, read. */
static bool take_bytes(struct diag_writer *w, int fd, struct diag_buf *text,
		       struct writer_seen *seen, struct diag_err *err)
{
	if (text == NULL) {
		seen->len = (uint64_t)seen->st.st_size;
		return writer_hash_fd(w, fd, seen->sha256, err);
	}
	if ((uint64_t)seen->st.st_size <= text->max && !diag_fd_read(fd, text))
		return writer_fail(w, err, errno, "cannot be read");
	if ((uint64_t)seen->st.st_size > text->max || text->code == DIAG_ELIMIT)
		return diag_fail(err, DIAG_ELIMIT, WRITER_OP,
				 "more than %zu bytes", DIAG_WRITER_BYTES);
	seen->len = text->len;
	return diag_buf_ok(text, err, WRITER_OP) &&
	       (diag_sha256_of(diag_buf_str(text), text->len, seen->sha256) ||
		diag_fail_nomem(err, WRITER_OP));
}

bool writer_see(struct diag_writer *w, struct diag_buf *text,
		struct diag_err *err)
{
	struct writer_seen seen = { .valid = true, .hashed = true, .fd = -1 };
	int64_t now = diag_time_now_s();
	int fd;
	bool ok;

	writer_seen_end(w);
	w->viewed = false;
	w->seen.valid = false;
	if (!writer_open_file(w, w->name, &fd, &seen.st, err))
		return false;
	seen.missing = fd < 0;
	seen.times_tell = fd >= 0 && writer_times_tell(&seen.st, now);
	ok = seen.missing || take_bytes(w, fd, text, &seen, err);
	close_fd(fd);
	if (ok)
		w->seen = seen;
	return ok;
}

bool diag_writer_read(struct diag_writer *w, struct diag_buf *text,
		      struct diag_file_state *state, struct diag_err *err)
{
	struct stat st;

	diag_buf_init(text, DIAG_WRITER_BYTES);
	return writer_look(w, state, &st, err) && writer_see(w, text, err);
}

bool diag_writer_can(struct diag_writer *w, size_t len, struct diag_err *err)
{
	struct diag_file_state file;
	struct stat st;

	return writer_look(w, &file, &st, err) &&
	       writer_can(w, &file, &st, len, err);
}

bool diag_writer_commit(struct diag_writer *w, const void *text, size_t len,
			const struct diag_change_note *note, uint64_t *id,
			struct diag_err *err)
{
	const struct writer_order order = {
		.text = text != NULL ? text : "",
		.len = len,
		.kind = DIAG_CHANGE_APPLY,
		.mode = 0644,
		.note = note != NULL ? note : &writer_no_note,
	};

	*id = 0;
	return writer_change(w, &order, id, err);
}

/* Edits of a map go from file to file; those of a text make another. */
bool diag_writer_commit_edits(struct diag_writer *w,
			      const struct diag_edits *edits,
			      const struct diag_change_note *note, uint64_t *id,
			      struct diag_err *err)
{
	struct writer_order order = {
		.edits = edits,
		.kind = DIAG_CHANGE_APPLY,
		.mode = 0644,
		.note = note != NULL ? note : &writer_no_note,
	};
	struct diag_buf text;
	bool ok;

	*id = 0;
	if (!w->viewed)
		return writer_fail(w, err, 0,
				   "has to be viewed before it is edited");
	if (w->map.p != NULL)
		return diag_edits_len(edits, w->map.len, &order.len, err) &&
		       writer_change(w, &order, id, err);
	ok =
	    diag_writer_edited(w, edits, &text, err) &&
	    diag_writer_commit(w, diag_buf_str(&text), text.len, note, id, err);
	diag_buf_clear(&text);
	return ok;
}

bool diag_writer_history(struct diag_writer *w, struct diag_arena *arena,
			 const struct diag_change **out, size_t *n,
			 struct diag_err *err)
{
	return diag_journal_changes(&w->journal, arena, out, n, err);
}

/* SPDX-License-Identifier: MIT */
/* view_posix.c - a big file is looked at where it is.
 *
 * One that was last changed long ago is not read: a child looks at a map of
 * it, meanwhile we hash it through the descriptor, and what becomes of it is
 * edits.  If its times are the same in the end, so are its bytes
 * (same_posix.c). Small ones, and those that somebody is just busy with, are
 * read into memory.
 *
 * What the new file begins with is what the old one begins with, up to the
 * first edit.  So the hash of the old is kept as it was at every MARK bytes,
 * and that of the new one goes on from there.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/time.h"
#include "fix/writer_internal.h"

#define CHUNK ((size_t)256 << 10)
#define MARK  ((uint64_t)1 << 20) /* a multiple of CHUNK */

/* --- marks ---------------------------------------------------------------- */

static void end_marks(struct diag_writer *w)
{
	char sha256[DIAG_SHA256_TEXT];

	for (size_t i = 0; i < w->n_marks; i++)
		(void)!diag_sha256_end(&w->marks[i], sha256);
	w->n_marks = 0;
}

void writer_seen_end(struct diag_writer *w)
{
	end_marks(w);
	if (w->seen.fd >= 0)
		(void)close(w->seen.fd);
	w->seen.fd = -1;
}

void writer_view_end(struct diag_writer *w)
{
	writer_seen_end(w);
	diag_map_clear(&w->map);
	diag_buf_clear(&w->text);
	w->viewed = false;
}

/* Bytes of a file on their way into a hash. */
struct hashing {
	int fd;
	uint64_t at;
	struct diag_sha256 h;
	struct diag_writer *marked; /* whose marks are set; NULL: nobody's */
};

static void mark(const struct hashing *p)
{
	struct diag_writer *w = p->marked;

	if (w != NULL && p->at == w->n_marks * MARK && p->at <= w->seen.len)
		diag_sha256_copy(&p->h, &w->marks[w->n_marks++]);
}

/* To the end of it; false with errno. */
static bool hash_rest(struct hashing *p)
{
	char *chunk = diag_alloc(CHUNK);
	bool ok = chunk != NULL;
	size_t got = CHUNK;
	int sys;

	if (!ok)
		errno = ENOMEM;
	while (ok && got == CHUNK) {
		mark(p);
		ok = diag_fd_read_at(p->fd, chunk, CHUNK, p->at, &got);
		if (ok)
			diag_sha256_put(&p->h, chunk, got);
		p->at += got;
	}
	sys = errno;
	diag_free(chunk);
	errno = sys;
	return ok;
}

static bool hash_to_end(const struct diag_writer *w, struct hashing *p,
			char sha256[DIAG_SHA256_TEXT], struct diag_err *err)
{
	bool ok = hash_rest(p) || writer_fail(w, err, errno, "cannot be read");

	/* In every case: it releases. */
	return (diag_sha256_end(&p->h, sha256) ||
		diag_fail_nomem(err, WRITER_OP)) &&
	       ok;
}

/* --- the file as it is ---------------------------------------------------- */

static bool still_as_seen(const struct diag_writer *w, struct diag_err *err)
{
	struct stat now;

	if (fstat(w->seen.fd, &now) != 0)
		return writer_fail(w, err, errno, "cannot be looked at");
	return writer_untouched(&now, &w->seen.st) ||
	       writer_changed_meanwhile(w, err);
}

bool diag_writer_hash(struct diag_writer *w, struct diag_err *err)
{
	struct writer_seen *seen = &w->seen;
	struct hashing p = { .fd = seen->fd };

	if (!seen->valid || seen->missing || seen->hashed)
		return true;
	end_marks(w);
	w->marks = diag_arena_array(&w->arena, seen->len / MARK + 1,
				    sizeof(*w->marks));
	/* Without memory for them there are none, and more is hashed. */
	p.marked = w->marks != NULL ? w : NULL;
	diag_sha256_start(&p.h);
	seen->hashed =
	    hash_to_end(w, &p, seen->sha256, err) && still_as_seen(w, err);
	return seen->hashed;
}

/* true: it is mapped, or err says why nothing is. */
static bool map_it(struct diag_writer *w, bool *mapped, struct diag_err *err)
{
	struct writer_seen seen = { .valid = true };
	int64_t now = diag_time_now_s();

	*mapped = false;
	if (!writer_open_file(w, w->name, &seen.fd, &seen.st, err))
		return false;
	if (seen.fd < 0)
		return true;
	seen.times_tell = writer_times_tell(&seen.st, now);
	seen.len = (uint64_t)seen.st.st_size;
	if (seen.times_tell && seen.len <= DIAG_WRITER_BYTES &&
	    diag_map_fd(seen.fd, (size_t)seen.len, &w->map)) {
		w->seen = seen;
		*mapped = true;
	} else {
		(void)close(seen.fd);
	}
	return true;
}

bool diag_writer_view(struct diag_writer *w, struct diag_slice *text,
		      struct diag_file_state *state, struct diag_err *err)
{
	struct stat st;
	bool mapped = false;

	*text = (struct diag_slice){ "", 0 };
	writer_view_end(w);
	w->seen.valid = false;
	if (!writer_look(w, state, &st, err) || !map_it(w, &mapped, err))
		return false;
	diag_buf_init(&w->text, DIAG_WRITER_BYTES);
	if (!mapped && !writer_see(w, &w->text, err))
		return false;
	if (mapped)
		*text = (struct diag_slice){ w->map.p, w->map.len };
	else
		*text =
		    (struct diag_slice){ diag_buf_str(&w->text), w->text.len };
	w->viewed = true;
	return true;
}

/* --- the file as it will be ------------------------------------------------
 */

static bool edited_map(struct diag_writer *w, const struct diag_edits *edits,
		       struct diag_buf *out, struct diag_err *err)
{
	struct diag_buf old;
	bool ok;

	diag_buf_init(&old, DIAG_WRITER_BYTES);
	ok = lseek(w->seen.fd, 0, SEEK_SET) == 0 &&
	     diag_fd_read(w->seen.fd, &old);
	if (!ok)
		(void)writer_fail(w, err, errno, "cannot be read");
	ok = ok && diag_buf_ok(&old, err, WRITER_OP) && still_as_seen(w, err) &&
	     diag_edits_apply(edits, diag_buf_str(&old), old.len, out, err);
	diag_buf_clear(&old);
	return ok;
}

bool diag_writer_edited(struct diag_writer *w, const struct diag_edits *edits,
			struct diag_buf *out, struct diag_err *err)
{
	diag_buf_init(out, DIAG_WRITER_BYTES);
	if (w->map.p != NULL)
		return edited_map(w, edits, out, err);
	return diag_edits_apply(edits, diag_buf_str(&w->text), w->text.len, out,
				err);
}

bool writer_edits_same(const struct writer_change *c, bool *same,
		       struct diag_err *err)
{
	const struct diag_edits *edits = c->order->edits;
	struct diag_buf old;
	size_t got;

	*same = true;
	for (size_t i = 0; i < edits->n && *same; i++) {
		const struct diag_edit *e = &edits->items[i];
		char *room;
		bool ok;

		*same = e->len == e->put_len;
		if (!*same || e->len == 0)
			continue;
		diag_buf_init(&old, DIAG_WRITER_BYTES);
		room = diag_buf_room(&old, e->len);
		ok = room != NULL &&
		     diag_fd_read_at(c->old, room, e->len, e->at, &got);
		*same = ok && got == e->len && memcmp(room, e->put, got) == 0;
		diag_buf_clear(&old);
		if (!ok)
			return writer_fail(c->w, err, errno, "cannot be read");
	}
	return true;
}

/* Of the file that edits made: read from there, but for what it begins with. */
bool writer_hash_edited(struct writer_change *c, char sha256[DIAG_SHA256_TEXT],
			struct diag_err *err)
{
	const struct diag_writer *w = c->w;
	uint64_t first = c->order->edits->items[0].at / MARK;
	struct hashing p = { .fd = c->temp };

	if (first >= w->n_marks)
		first = w->n_marks - 1;
	if (w->n_marks > 0) {
		p.at = first * MARK;
		diag_sha256_copy(&w->marks[first], &p.h);
	} else {
		diag_sha256_start(&p.h);
	}
	return hash_to_end(w, &p, sha256, err) &&
	       (p.at == c->order->len || writer_changed_meanwhile(w, err));
}

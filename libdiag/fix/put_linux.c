/* SPDX-License-Identifier: MIT */
/* put_linux.c - the new bytes on their way to the disk.
 *
 * A text as it is; or edits of the old file, whose unchanged parts go from file
 * to file without a way through our memory.  The disk begins with the first
 * piece while we go on with the next, so that there is little left to wait for
 * in the end.
 */
#include <errno.h>
#include <fcntl.h>

#include "base/fd.h"
#include "fix/writer_internal.h"

#define PIECE ((size_t)1 << 20)

struct putting {
	struct writer_change *c;
	uint64_t at, told; /* written; and the disk knows of it */
};

/* What the disk did is asked later, by fsync(2). */
static void went(struct putting *p, size_t len)
{
	p->at += len;
	if (p->at - p->told < PIECE)
		return;
	(void)sync_file_range(p->c->temp, (off_t)p->told,
			      (off_t)(p->at - p->told), SYNC_FILE_RANGE_WRITE);
	p->told = p->at;
}

static bool put_text(struct putting *p, const char *text, size_t len)
{
	while (len > 0) {
		size_t n = len < PIECE ? len : PIECE;

		if (!diag_fd_write(p->c->temp, text, n))
			return false;
		went(p, n);
		text += n;
		len -= n;
	}
	return true;
}

static bool put_old(struct putting *p, uint64_t at, uint64_t len)
{
	while (len > 0) {
		size_t n = len < PIECE ? (size_t)len : PIECE;

		if (!diag_fd_copy(p->c->old, at, p->c->temp, n))
			return false;
		went(p, n);
		at += n;
		len -= n;
	}
	return true;
}

static bool put_edits(struct putting *p, const struct diag_edits *edits,
		      uint64_t len)
{
	uint64_t at = 0;

	for (size_t i = 0; i < edits->n; i++) {
		const struct diag_edit *e = &edits->items[i];

		if (!put_old(p, at, e->at - at) ||
		    !put_text(p, e->put, e->put_len))
			return false;
		at = e->at + e->len;
	}
	return put_old(p, at, len - at);
}

bool writer_put_new(struct writer_change *c, struct diag_err *err)
{
	const struct writer_order *o = c->order;
	struct putting p = { .c = c };
	bool ok = o->edits ? put_edits(&p, o->edits, c->w->seen.len)
			   : put_text(&p, o->text, o->len);

	if (!ok && errno == ENODATA)
		return writer_changed_meanwhile(c->w, err);
	return ok || writer_fail(c->w, err, errno,
				 "the new file beside it cannot be written");
}

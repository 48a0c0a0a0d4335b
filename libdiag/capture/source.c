/* SPDX-License-Identifier: MIT */
/* source.c - see source.h.
 *
 * Reading a file and judging its packets take about as long, so a second thread
 * reads ahead (ahead.c), but only where that pays: not for a file that fits
 * into one buffer, and not for a pipe, at whose other end somebody else works
 * already and whose bytes are to be looked at as soon as they come.
 *
 * A record rarely ends where a buffer does.  What is left of one is copied in
 * front of the next, where there is room for it; one that is larger than a
 * buffer is put together in memory of its own.
 */
#include "capture/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "capture/ahead.h"

static bool is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

bool cap_source_init(struct cap_source *s, int fd, size_t size)
{
	*s = (struct cap_source){ .fd = fd, .size = size };
	s->may_read_ahead = is_file(fd);
	s->room = diag_alloc_array(2, size);
	s->at = s->end = s->room;
	return s->room != NULL;
}

void cap_source_clear(struct cap_source *s)
{
	cap_ahead_end(s->ahead);
	diag_free(s->room);
	diag_free(s->large);
	*s = (struct cap_source){ .fd = -1 };
}

/* --- buffers -------------------------------------------------------------- */

/* Of a file a whole buffer, of a pipe what it has. */
static size_t read_some(struct cap_source *s, uint8_t *to, size_t n)
{
	ssize_t got;

	if (s->may_read_ahead)
		return cap_read_fully(s->fd, to, n, &s->sys);
	do
		got = read(s->fd, to, n);
	while (got < 0 && errno == EINTR);
	s->sys = got < 0 ? errno : 0;
	return got > 0 ? (size_t)got : 0;
}

/* Until n bytes are at hand, which is less than a buffer has. */
static void read_here(struct cap_source *s, size_t n)
{
	size_t left = cap_source_left(s), got = 1;
	uint8_t *own = s->room + s->size, *end = own;

	memmove(own - left, s->at, left);
	while (got > 0 && (size_t)(end - own) + left < n) {
		got = read_some(s, end, s->size - (size_t)(end - own));
		end += got;
	}
	s->at = own - left;
	s->end = end;
	s->last = got == 0;
	s->full = end == own + s->size;
}

static void read_ahead(struct cap_source *s)
{
	struct cap_piece p =
	    cap_ahead_next(s->ahead, s->at, cap_source_left(s));

	s->at = p.at;
	s->end = p.end;
	s->last = p.last;
	s->sys = p.sys;
}

static void refill(struct cap_source *s, size_t n)
{
	if (s->full && s->may_read_ahead && s->ahead == NULL) {
		s->ahead = cap_ahead_begin(s->fd, s->size);
		s->may_read_ahead = s->ahead != NULL;
	}
	if (s->ahead != NULL)
		read_ahead(s);
	else
		read_here(s, n);
}

bool cap_source_has(struct cap_source *s, size_t n)
{
	while (cap_source_left(s) < n && !s->last)
		refill(s, n);
	return cap_source_left(s) >= n;
}

/* --- larger than a buffer ------------------------------------------------- */

static bool make_large(struct cap_source *s, size_t n)
{
	uint8_t *large;

	if (n <= s->large_size)
		return true;
	large = diag_realloc(s->large, n);
	if (large == NULL)
		return false;
	s->large = large;
	s->large_size = n;
	return true;
}

static const uint8_t *fetch_large(struct cap_source *s, size_t n)
{
	size_t have = 0;

	if (!make_large(s, n)) {
		s->sys = ENOMEM;
		return NULL;
	}
	while (have < n && cap_source_has(s, 1)) {
		size_t left = cap_source_left(s);
		size_t part = left < n - have ? left : n - have;

		memcpy(s->large + have, s->at, part);
		s->at += part;
		have += part;
	}
	if (have == n)
		return s->large;
	s->at = s->large;
	s->end = s->large + have;
	return NULL;
}

const uint8_t *cap_source_fetch(struct cap_source *s, size_t n)
{
	if (n > s->size)
		return fetch_large(s, n);
	if (!cap_source_has(s, n))
		return NULL;
	s->at += n;
	return s->at - n;
}

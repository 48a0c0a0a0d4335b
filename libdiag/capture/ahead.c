/* SPDX-License-Identifier: MIT */
/* ahead.c - see ahead.h.
 *
 * A ring of buffers between two threads.  The reading one fills them in turn
 * and waits while all are full; the other takes them in the same order and
 * gives each back when it asks for the next.  Three numbers that only grow say
 * whose a buffer is, and they are looked at under the lock; the bytes belong to
 * one thread at a time and need none.
 *
 * Few and small, so that what is read is still in the processor's cache when it
 * is looked at; enough that neither waits for the other's odd slow moment.
 */
#include "capture/ahead.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define BUFFERS 4u

struct buffer {
	uint8_t *room; /* size bytes for a rest, then size bytes of the file */
	size_t len;
	int sys;
};

struct cap_ahead {
	int fd;
	size_t size;
	struct buffer buffers[BUFFERS];
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t filled_one, freed_one;
	unsigned filled, taken, freed; /* how often; under the lock */
	bool stop;		       /* under the lock */
};

size_t cap_read_fully(int fd, uint8_t *out, size_t n, int *sys)
{
	size_t len = 0;
	ssize_t got = 1;

	while (len < n && got > 0) {
		got = read(fd, out + len, n - len);
		if (got > 0)
			len += (size_t)got;
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	*sys = got < 0 ? errno : 0;
	return len;
}

/* --- the thread that reads ------------------------------------------------ */

/* The next buffer to fill; NULL: nobody wants it any more. */
static struct buffer *wait_for_room(struct cap_ahead *a)
{
	struct buffer *b = NULL;

	(void)pthread_mutex_lock(&a->lock);
	while (!a->stop && a->filled - a->freed == BUFFERS)
		(void)pthread_cond_wait(&a->freed_one, &a->lock);
	if (!a->stop)
		b = &a->buffers[a->filled % BUFFERS];
	(void)pthread_mutex_unlock(&a->lock);
	return b;
}

static void hand_over(struct cap_ahead *a)
{
	(void)pthread_mutex_lock(&a->lock);
	a->filled++;
	(void)pthread_cond_signal(&a->filled_one);
	(void)pthread_mutex_unlock(&a->lock);
}

static void *read_on(void *ctx)
{
	struct cap_ahead *a = ctx;
	struct buffer *b;
	bool more = true;

	while (more && (b = wait_for_room(a)) != NULL) {
		b->len =
		    cap_read_fully(a->fd, b->room + a->size, a->size, &b->sys);
		more = b->len == a->size;
		hand_over(a);
	}
	return NULL;
}

/* --- the other ------------------------------------------------------------ */

static void free_all(struct cap_ahead *a)
{
	for (size_t i = 0; i < BUFFERS; i++)
		diag_free(a->buffers[i].room);
	(void)pthread_cond_destroy(&a->freed_one);
	(void)pthread_cond_destroy(&a->filled_one);
	(void)pthread_mutex_destroy(&a->lock);
	diag_free(a);
}

static bool make_rooms(struct cap_ahead *a)
{
	for (size_t i = 0; i < BUFFERS; i++) {
		a->buffers[i].room = diag_alloc_array(2, a->size);
		if (a->buffers[i].room == NULL)
			return false;
	}
	return true;
}

struct cap_ahead *cap_ahead_begin(int fd, size_t size)
{
	struct cap_ahead *a = diag_alloc(sizeof(*a));

	if (a == NULL)
		return NULL;
	a->fd = fd;
	a->size = size;
	/* On Linux and the BSDs none of these three can fail. */
	(void)pthread_mutex_init(&a->lock, NULL);
	(void)pthread_cond_init(&a->filled_one, NULL);
	(void)pthread_cond_init(&a->freed_one, NULL);
	if (make_rooms(a) && pthread_create(&a->thread, NULL, read_on, a) == 0)
		return a;
	free_all(a);
	return NULL;
}

void cap_ahead_end(struct cap_ahead *a)
{
	if (a == NULL)
		return;
	(void)pthread_mutex_lock(&a->lock);
	a->stop = true;
	(void)pthread_cond_signal(&a->freed_one);
	(void)pthread_mutex_unlock(&a->lock);
	(void)pthread_join(a->thread, NULL);
	free_all(a);
}

static struct buffer *wait_for_bytes(struct cap_ahead *a)
{
	struct buffer *b;

	(void)pthread_mutex_lock(&a->lock);
	while (a->filled == a->taken)
		(void)pthread_cond_wait(&a->filled_one, &a->lock);
	b = &a->buffers[a->taken++ % BUFFERS];
	(void)pthread_mutex_unlock(&a->lock);
	return b;
}

/* All that were taken but the one at hand. */
static void give_back(struct cap_ahead *a)
{
	(void)pthread_mutex_lock(&a->lock);
	a->freed = a->taken - 1;
	(void)pthread_cond_signal(&a->freed_one);
	(void)pthread_mutex_unlock(&a->lock);
}

struct cap_piece cap_ahead_next(struct cap_ahead *a, const uint8_t *rest,
				size_t n)
{
	struct buffer *b = wait_for_bytes(a);
	uint8_t *own = b->room + a->size;

	memcpy(own - n, rest, n);
	give_back(a);
	return (struct cap_piece){ .at = own - n,
				   .end = own + b->len,
				   .last = b->len < a->size,
				   .sys = b->sys };
}

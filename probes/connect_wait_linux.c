/* SPDX-License-Identifier: MIT */
/* connect, waiting: one descriptor of the loop stands for all connections that
 * are under way.
 *
 * libuv asks epoll three times for each descriptor that it watches once; here
 * it watches one, an epoll(7) of our own with all of them in it.  A descriptor
 * that is closed leaves it by itself.
 */
#include "probes/connect_internal.h"

#include "base/mem.h"

#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS 256

struct room {
	uv_poll_t poll;
	int fd;
	bool made;
};

/* Ended ones stay in memory until the loop's next turn, so that no event of
 * this turn can lead to one that is gone. */
static void on_events(uv_poll_t *handle, int status, int events)
{
	struct room *room = handle->data;
	struct epoll_event at[EVENTS];
	int n = epoll_wait(room->fd, at, EVENTS, 0);

	(void)status;
	(void)events;
	for (int i = 0; i < n; i++)
		connect_plain_ready(at[i].data.ptr);
}

static void free_room(uv_handle_t *handle)
{
	struct room *room = handle->data;

	(void)close(room->fd);
	diag_free(room);
}

/* The run turns its loop once more after this. */
static void end_room(void *held)
{
	struct room *room = held;

	if (room->made)
		uv_close((uv_handle_t *)&room->poll, free_room);
	else
		diag_free(room);
}

static bool make_room(struct room *room, uv_loop_t *loop, struct diag_err *err)
{
	int rc;

	room->fd = epoll_create1(EPOLL_CLOEXEC);
	if (room->fd < 0)
		return diag_fail_sys(err, "connect", "epoll");
	rc = uv_poll_init(loop, &room->poll, room->fd);
	if (rc != 0) {
		(void)close(room->fd);
		return diag_fail(err, DIAG_EIO, "connect", "%s",
				 uv_strerror(rc));
	}
	room->poll.data = room;
	room->made = true;
	rc = uv_poll_start(&room->poll, UV_READABLE, on_events);
	return rc == 0 ||
	       diag_fail(err, DIAG_EIO, "connect", "%s", uv_strerror(rc));
}

static struct room *room_of(struct diag_run *run, struct diag_err *err)
{
	void **slot = diag_run_slot(run, end_room);
	struct room *room = slot ? *slot : NULL;

	if (room)
		return room;
	room = slot ? diag_alloc(sizeof(*room)) : NULL;
	if (!room) {
		(void)diag_fail_nomem(err, "connect");
		return NULL;
	}
	if (!make_room(room, diag_run_loop(run), err)) {
		end_room(room);
		return NULL;
	}
	*slot = room;
	return room;
}

bool connect_wait(struct connect *c, struct diag_err *err)
{
	struct room *room = room_of(c->probe->run, err);
	struct epoll_event want = { .events = EPOLLOUT | EPOLLONESHOT,
				    .data.ptr = c };

	if (!room)
		return false;
	return epoll_ctl(room->fd, EPOLL_CTL_ADD, c->fd, &want) == 0 ||
	       diag_fail_sys(err, "connect", "epoll");
}

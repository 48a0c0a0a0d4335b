/* SPDX-License-Identifier: MIT */
/* lock_posix.c - one writer of a file at a time.
 *
 * The lock is the kernel's (flock(2)): it is gone with the process that held
 * it, however that ended.  What is written in the lock file only says to those
 * who wait for whom they wait; by itself it locks nothing.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "fix/writer_internal.h"

#define OP	   "lock"
#define RECORD_MAX ((size_t)2048)
#define NAP_FIRST  5   /* ms; then twice as long each time */
#define NAP_MAX	   100 /* ms */
#define TIME_AT	   11  /* "2026-11-23T10:03:12Z": where the hour is */

struct holder {
	char tool[64];
	uint64_t pid;
	char since[DIAG_TIME_TEXT];
};

static void take_holder(const cJSON *obj, struct holder *h)
{
	struct diag_problems problems;
	const struct diag_json_at at = { .file = OP, .problems = &problems };
	const char *tool = NULL;
	double since = 0;

	diag_problems_init(&problems);
	if (diag_json_str(&at, obj, "tool", &tool) &&
	    diag_json_num(&at, obj, "since", 0, 1e11, &since) &&
	    diag_json_uint(&at, obj, "pid", 1, INT32_MAX, &h->pid)) {
		(void)diag_text_middle(tool, sizeof(h->tool) - 4, true, h->tool,
				       sizeof(h->tool));
		(void)diag_time_text((int64_t)since, h->since);
	}
	diag_problems_clear(&problems);
}

/* pid 0: nobody knows.  The record may be half written, or of a process that
 * died while a child of its goes on holding the lock. */
static struct holder read_holder(int fd)
{
	static const struct diag_json_limits limits = { RECORD_MAX, 2 };
	struct holder h = { .pid = 0 };
	char text[RECORD_MAX];
	cJSON *tree = NULL;
	size_t len = 0;

	if (!diag_fd_read_at(fd, text, sizeof(text), 0, &len) ||
	    !diag_json_parse(OP, text, len, &limits, &tree, NULL))
		return h;
	take_holder(tree, &h);
	cJSON_Delete(tree);
	if (h.pid > 0 && kill((pid_t)h.pid, 0) != 0 && errno == ESRCH)
		h.pid = 0;
	return h;
}

static bool tell_holder(const struct diag_writer *w, struct diag_err *err)
{
	struct holder h = read_holder(w->lock);

	if (h.pid > 0)
		(void)writer_fail(w, err, EWOULDBLOCK,
				  "in use by %s (pid %u, since %s)", h.tool,
				  (unsigned)h.pid, h.since + TIME_AT);
	else
		(void)writer_fail(w, err, EWOULDBLOCK,
				  "in use by another process");
	if (err != NULL && err->sys == EWOULDBLOCK)
		err->code = DIAG_ELIMIT;
	return false;
}

static void nap(unsigned ms)
{
	struct timespec t = { .tv_sec = ms / 1000,
			      .tv_nsec = (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&t, NULL);
}

/* flock(2) cannot wait for a while only, and to be woken by a signal is not
 * for a library: so ask, and ask again more and more seldom. */
static bool wait_for_lock(struct diag_writer *w, unsigned wait_ms,
			  struct diag_err *err)
{
	uint64_t until = diag_time_mono_us() + (uint64_t)wait_ms * 1000;
	unsigned ms = NAP_FIRST;

	while (flock(w->lock, LOCK_EX | LOCK_NB) != 0) {
		uint64_t now = diag_time_mono_us();

		if (errno != EWOULDBLOCK && errno != EINTR)
			return writer_fail(w, err, errno, "cannot be locked");
		if (now >= until)
			return tell_holder(w, err);
		if ((until - now) / 1000 < ms)
			ms = (unsigned)((until - now) / 1000) + 1;
		nap(ms);
		ms = ms * 2 < NAP_MAX ? ms * 2 : NAP_MAX;
	}
	return true;
}

/* Only for those who wait: that it cannot be written stops nobody. */
static void put_holder(int fd, const char *tool)
{
	struct diag_buf text;
	struct diag_jw jw;

	diag_buf_init(&text, RECORD_MAX);
	diag_jw_init(&jw, &text, 0);
	diag_jw_open(&jw, '{');
	diag_jw_kstr(&jw, "tool", tool);
	diag_jw_kuint(&jw, "pid", (uint64_t)getpid());
	diag_jw_kint(&jw, "since", diag_time_now_s());
	diag_jw_close(&jw, '}');
	if (text.code != DIAG_OK || ftruncate(fd, 0) != 0 ||
	    !diag_fd_write_at(fd, text.data, text.len, 0))
		errno = 0;
	diag_buf_clear(&text);
}

bool writer_lock(struct diag_writer *w, const char *tool, unsigned wait_ms,
		 struct diag_err *err)
{
	if (!writer_state_file(w, "lock", &w->lock, err))
		return false;
	if (!wait_for_lock(w, wait_ms, err))
		return false;
	put_holder(w->lock, tool);
	return true;
}

void writer_unlock(struct diag_writer *w)
{
	if (w->lock < 0)
		return;
	(void)close(w->lock);
	w->lock = -1;
}

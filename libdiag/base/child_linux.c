/* SPDX-License-Identifier: MIT */
/* child_linux.c - a child that can compute and answer, and nothing else.
 *
 * What the parent gets is bytes from somebody who may have been taken over by
 * what he parsed: lengths are checked against the ceiling, codes against what
 * there is, and no pointer of his is ever followed.
 *
 * The answer: a header of fixed size, then the bytes of out.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/fd.h"
#include "base/rights.h"

#define OP	 "child"
#define OP_TEXT	 64
#define FD_MAX	 65536 /* descriptors closed one by one, on an old kernel */
#define EXIT_SAD 90    /* could not give up its rights, or not answer */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

struct answer {
	int ok, code, sys;
	size_t len; /* of the bytes that follow */
	char op[OP_TEXT];
	char what[sizeof(((struct diag_err *)0)->what)];
};

struct task {
	void *ctx;
	size_t max; /* bytes of an answer */
	bool asks;  /* may open files and sockets, and start threads */
	const struct diag_meanwhile *meanwhile; /* of the parent; may be NULL */
};

/* --- the child ------------------------------------------------------------ */

/* Handlers are the parent's; what it ignores we do not. */
static void default_signals(void)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		(void)sigaction(sig, &sa, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool close_from(unsigned first, unsigned last)
{
	if (first > last)
		return true;
#ifdef SYS_close_range
	if (syscall(SYS_close_range, first, last, 0U) == 0)
		return true;
#endif
	for (unsigned fd = first; fd <= last && fd < FD_MAX; fd++)
		(void)close((int)fd);
	return true;
}

static bool close_others(int keep)
{
	return (keep == 0 || close_from(0, (unsigned)keep - 1)) &&
	       close_from((unsigned)keep + 1, UINT_MAX);
}

static bool limit(int what, rlim_t most)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)what, &now) != 0)
		return false;
	if (now.rlim_max > most)
		now.rlim_max = most;
	now.rlim_cur = now.rlim_max;
	return setrlimit((__rlimit_resource_t)what, &now) == 0;
}

/* Who asks needs descriptors, and threads whose stacks are address space. */
static bool set_limits(bool asks)
{
	return limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
	       limit(RLIMIT_CPU, DIAG_CHILD_CPU_S) &&
	       (asks || (limit(RLIMIT_NPROC, 0) &&
			 (SANITIZED || limit(RLIMIT_AS, DIAG_CHILD_MEMORY)) &&
			 limit(RLIMIT_NOFILE, 0)));
}

/* A socket must not become standard output. */
static bool hold_standard(int keep)
{
	for (int fd = 0; fd < 3; fd++)
		if (fd != keep && open("/dev/null", O_RDWR) < 0)
			return false;
	return true;
}

/* Others of the same uid may not look into us: we hold what the parent held.
 * The parent's end is ours. */
static bool stand_alone(pid_t parent)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 &&
	       getppid() == parent;
}

static bool give_answer(int fd, bool ok, const struct diag_buf *out,
			const struct diag_err *err)
{
	struct answer a = { .ok = ok,
			    .code = (int)err->code,
			    .sys = err->sys,
			    .len = ok ? out->len : 0 };

	(void)snprintf(a.op, sizeof(a.op), "%s",
		       err->op != NULL ? err->op : "");
	memcpy(a.what, err->what, sizeof(a.what));
	return diag_fd_write(fd, &a, sizeof(a)) &&
	       diag_fd_write(fd, out->data, a.len);
}

static void __attribute__((noreturn)) leave(int status)
{
	_exit(status); /* lint: _exit allowed, it ends a child */
}

static void __attribute__((noreturn))
child(diag_child_fn *fn, const struct task *task, int fd, pid_t parent)
{
	struct diag_err err = { 0 };
	struct diag_buf out;
	bool ok;

	default_signals();
	if (!close_others(fd) || (task->asks && !hold_standard(fd)) ||
	    !diag_rights_drop() || !set_limits(task->asks) ||
	    !stand_alone(parent))
		leave(EXIT_SAD);
	diag_buf_init(&out, task->max);
	ok = fn(task->ctx, &out, &err);
	ok = ok && diag_buf_ok(&out, &err, OP);
	ok = give_answer(fd, ok, &out, &err);
	leave(ok ? 0 : EXIT_SAD);
}

/* --- the parent ----------------------------------------------------------- */

/* false: not all came. */
static bool read_whole(int fd, void *p, size_t len)
{
	char *at = p;

	while (len > 0) {
		ssize_t n = read(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static bool take_bytes(int fd, size_t len, struct diag_buf *out)
{
	char *room;

	if (len == 0)
		return true;
	room = diag_buf_room(out, len);
	if (room == NULL || !read_whole(fd, room, len))
		return false;
	diag_buf_took(out, len);
	return true;
}

static bool plausible(const struct answer *a, size_t max)
{
	return a->len <= max && a->code >= DIAG_OK && a->code <= DIAG_EIO &&
	       (a->ok != 0) == (a->code == DIAG_OK) &&
	       memchr(a->op, '\0', sizeof(a->op)) != NULL &&
	       memchr(a->what, '\0', sizeof(a->what)) != NULL;
}

/* The child's own error; op has to live on, and its pointer is not ours. */
static bool take_error(const struct answer *a, struct diag_err *err)
{
	static _Thread_local char op[OP_TEXT];

	if (err == NULL || err->code != DIAG_OK)
		return false;
	memcpy(op, a->op, sizeof(op));
	err->code = (enum diag_code)a->code;
	err->sys = a->sys;
	err->op = op;
	memcpy(err->what, a->what, sizeof(err->what));
	return false;
}

static int wait_for(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static bool tell_end(int status, struct diag_err *err)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return diag_fail(err, DIAG_ELIMIT, OP,
				 "took more than %d s of processor time",
				 DIAG_CHILD_CPU_S);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS)
		return diag_fail(err, DIAG_EIO, OP,
				 "the file that it looked at was cut off, or "
				 "could not be read (signal %d)",
				 SIGBUS);
	if (WIFSIGNALED(status))
		return diag_fail(err, DIAG_EIO, OP, "ended by signal %d",
				 WTERMSIG(status));
	return diag_fail(err, DIAG_EIO, OP, "ended without an answer (%d)",
			 WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

/* One that made no sense, or more than fits. */
static bool tell_nonsense(const struct diag_buf *out, struct diag_err *err)
{
	return diag_buf_ok(out, err, OP) &&
	       diag_fail(err, DIAG_EIO, OP, "gave an answer without sense");
}

static bool take_answer(pid_t pid, int fd, size_t max, struct diag_buf *out,
			struct diag_err *err)
{
	struct answer a;
	bool came = read_whole(fd, &a, sizeof(a));
	bool sense = came && plausible(&a, max);
	bool whole = sense && take_bytes(fd, a.len, out);
	int status;

	/* It has nothing more to say, and may not keep us waiting.  One that
	 * died by itself keeps the reason that it had. */
	(void)close(fd);
	(void)kill(pid, SIGKILL);
	status = wait_for(pid);
	if (came && (!sense || out->code != DIAG_OK))
		return tell_nonsense(out, err);
	if (!whole)
		return tell_end(status, err);
	return a.ok != 0 || take_error(&a, err);
}

static void do_meanwhile(const struct task *task)
{
	if (task->meanwhile != NULL)
		task->meanwhile->work(task->meanwhile->ctx);
}

static bool run(diag_child_fn *fn, const struct task *task,
		struct diag_buf *out, struct diag_err *err)
{
	pid_t parent = getpid(), pid;
	int fds[2], sys;

	diag_buf_init(out, task->max);
	if (pipe2(fds, O_CLOEXEC) != 0)
		return diag_fail_sys(err, OP, "no pipe");
	pid = fork();
	if (pid == 0) {
		(void)close(fds[0]);
		child(fn, task, fds[1], parent);
	}
	sys = errno;
	(void)close(fds[1]);
	if (pid > 0) {
		do_meanwhile(task);
		return take_answer(pid, fds[0], task->max, out, err);
	}
	(void)close(fds[0]);
	errno = sys;
	return diag_fail_sys(err, OP, "cannot be started");
}

bool diag_child_run(diag_child_fn *fn, void *ctx, size_t max,
		    struct diag_buf *out, struct diag_err *err)
{
	const struct task task = { .ctx = ctx, .max = max };

	return run(fn, &task, out, err);
}

bool diag_child_run_while(diag_child_fn *fn, void *ctx, size_t max,
			  const struct diag_meanwhile *meanwhile,
			  struct diag_buf *out, struct diag_err *err)
{
	const struct task task = { .ctx = ctx,
				   .max = max,
				   .meanwhile = meanwhile };

	return run(fn, &task, out, err);
}

bool diag_child_ask(diag_child_fn *fn, void *ctx, size_t max,
		    struct diag_buf *out, struct diag_err *err)
{
	const struct task task = { .ctx = ctx, .max = max, .asks = true };

	return run(fn, &task, out, err);
}

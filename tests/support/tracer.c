/* SPDX-License-Identifier: MIT */
/* tracer.c - ptrace(2), one child at a time. */
#include "tests/support/tracer.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SYSCALL_STOP (SIGTRAP | 0x80) /* PTRACE_O_TRACESYSGOOD */
#define RETURNED     0
#define NOT_TRACED   99

/* AddressSanitizer keeps 256 MB of what was freed, and a fork copies the page
 * tables of all that.  Found by its name. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=1";
}

static pid_t start(tracer_body *body, void *ctx)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(NOT_TRACED);
	(void)raise(SIGSTOP);
	body(ctx);
	_exit(RETURNED);
}

/* Up to the first stop; false: it cannot be traced. */
static bool seize(pid_t pid)
{
	int status = 0;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return false;
	return ptrace(PTRACE_SETOPTIONS, pid, NULL,
		      PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) == 0;
}

static void end_it(pid_t pid)
{
	int status;

	(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
}

#if defined(__x86_64__)
static long call_of(pid_t pid)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0)
		return -1;
	return (long)r.orig_rax;
}

/* Into the call: make it one that does not exist. */
static bool suppress(pid_t pid)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0)
		return false;
	r.orig_rax = (unsigned long long)-1;
	return ptrace(PTRACE_SETREGS, pid, NULL, &r) == 0;
}

/* Out of it: the result. */
static bool set_result(pid_t pid, int sys)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0)
		return false;
	r.rax = (unsigned long long)-(long long)sys;
	return ptrace(PTRACE_SETREGS, pid, NULL, &r) == 0;
}

bool tracer_can_fail(void)
{
	return tracer_works();
}
#else
static long call_of(pid_t pid)
{
	(void)pid;
	return -1;
}

static bool suppress(pid_t pid)
{
	(void)pid;
	return false;
}

static bool set_result(pid_t pid, int sys)
{
	(void)pid;
	(void)sys;
	return false;
}

bool tracer_can_fail(void)
{
	return false;
}
#endif

/* What a call that is being entered shall fail with; 0: let it be. */
static int fate(const struct tracer_plan *plan, long call,
		struct tracer_end *end)
{
	int sys = plan->always != NULL ? plan->always(call) : 0;

	if (sys != 0 || plan->may_fail == NULL || !plan->may_fail(call))
		return sys;
	end->tries++;
	if (end->tries == plan->fail_at)
		end->failed = call;
	return end->tries == plan->fail_at ||
		       (plan->for_good && end->tries > plan->fail_at)
		   ? plan->sys
		   : 0;
}

/* A stop at a call; pending: what the call we are in shall fail with. */
static void interfere(pid_t pid, const struct tracer_plan *plan, bool entering,
		      int *pending, struct tracer_end *end)
{
	if (!entering) {
		if (*pending != 0)
			assert_true(set_result(pid, *pending));
		*pending = 0;
		return;
	}
	if (plan->always != NULL || plan->may_fail != NULL)
		*pending = fate(plan, call_of(pid), end);
	if (*pending != 0)
		assert_true(suppress(pid));
}

struct tracer_end tracer_run(tracer_body *body, void *ctx,
			     const struct tracer_plan *plan)
{
	struct tracer_end end = { .failed = -1 };
	pid_t pid = start(body, ctx);
	int status = 0, pending = 0, sig = 0;
	bool entering = false;

	assert_true(seize(pid));
	for (;;) {
		assert_int_equal(0, ptrace(PTRACE_SYSCALL, pid, NULL,
					   (void *)(intptr_t)sig));
		assert_int_equal(pid, waitpid(pid, &status, 0));
		if (!WIFSTOPPED(status))
			break;
		sig = WSTOPSIG(status);
		if (sig == SIGTRAP) /* it has become another program */
			sig = 0;
		if (sig != SYSCALL_STOP)
			continue;
		sig = 0;
		entering = !entering;
		end.calls += entering;
		if (entering && end.calls == plan->kill_at) {
			end_it(pid);
			return end;
		}
		if (entering && plan->before != NULL &&
		    plan->before(call_of(pid), ctx)) {
			end_it(pid);
			return end;
		}
		interfere(pid, plan, entering, &pending, &end);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != RETURNED)
		fail_msg("the traced child ended with status %#x", status);
	end.completed = true;
	return end;
}

static void nothing(void *ctx)
{
	(void)ctx;
}

bool tracer_works(void)
{
	static int works = -1;
	pid_t pid;

	if (works < 0) {
		pid = start(nothing, NULL);
		works = seize(pid);
		if (pid > 0)
			end_it(pid);
	}
	return works == 1;
}

/* SPDX-License-Identifier: MIT */
/* A child that may compute and answer; what it tries beyond that fails, and
 * however it ends, the parent goes on with one clear error.  Each thing it is
 * not allowed is tried inside of it, and it answers how that went. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/child.h"

#define MAX ((size_t)1 << 20)

/* What the child answered, or its error. */
struct outcome {
	bool ok;
	struct diag_buf out;
	struct diag_err err;
};

static struct outcome run(diag_child_fn *fn, void *ctx, size_t max)
{
	struct outcome o = { .ok = false };

	o.ok = diag_child_run(fn, ctx, max, &o.out, &o.err);
	assert_int_equal(o.ok, o.err.code == DIAG_OK);
	return o;
}

static void assert_answers(diag_child_fn *fn, void *ctx, const char *want)
{
	struct outcome o = run(fn, ctx, MAX);

	if (!o.ok)
		fail_msg("%s", o.err.what);
	assert_string_equal(want, diag_buf_str(&o.out));
	diag_buf_clear(&o.out);
}

static void assert_fails(diag_child_fn *fn, void *ctx, enum diag_code code,
			 const char *what)
{
	struct outcome o = run(fn, ctx, MAX);

	assert_false(o.ok);
	assert_int_equal(code, o.err.code);
	assert_string_equal(what, o.err.what);
	diag_buf_clear(&o.out);
}

static bool upper(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	(void)err;
	for (const char *s = ctx; *s != '\0'; s++)
		diag_buf_putc(out, *s == 'a' ? 'A' : *s);
	return true;
}

static void the_answer_comes_back(void **state)
{
	char text[] = "banana";

	(void)state;
	assert_answers(upper, text, "bAnAnA");
}

static bool nothing(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	(void)ctx;
	(void)out;
	(void)err;
	return true;
}

static void no_bytes_are_an_answer(void **state)
{
	(void)state;
	assert_answers(nothing, NULL, "");
}

static bool bytes(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	const size_t *n = ctx;

	(void)err;
	for (size_t i = 0; i < *n; i++)
		diag_buf_putc(out, (char)(i * 7));
	return true;
}

static void many_bytes_of_any_value_come_back(void **state)
{
	size_t n = (size_t)5 << 20;
	struct outcome o = run(bytes, &n, n);

	(void)state;
	assert_true(o.ok);
	assert_int_equal(n, o.out.len);
	for (size_t i = 0; i < n; i++)
		if (o.out.data[i] != (char)(i * 7))
			fail_msg("byte %zu", i);
	diag_buf_clear(&o.out);
}

static void more_than_fits_is_a_limit(void **state)
{
	size_t n = 1001;
	struct outcome o = run(bytes, &n, 1000);

	(void)state;
	assert_false(o.ok);
	assert_int_equal(DIAG_ELIMIT, o.err.code);
	assert_string_equal("more than 1000 bytes", o.err.what);
	diag_buf_clear(&o.out);
}

static bool parse_error(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	(void)ctx;
	diag_buf_puts(out, "half");
	return diag_fail(err, DIAG_EPARSE, "hosts", "line %d: glued", 7);
}

/* --- while it is busy ------------------------------------------------------
 */

/* The word comes from the parent.  More than a pipe holds: the answer has to
 * wait as well. */
static bool waits_for_word(void *ctx, struct diag_buf *out,
			   struct diag_err *err)
{
	const char *word = ctx;

	(void)err;
	while (*(const volatile char *)word == '\0')
		;
	for (size_t i = 0; i < MAX / 2; i++)
		diag_buf_putc(out, *word);
	return true;
}

static void gives_word(void *ctx)
{
	char *word = ctx;

	word[0] = 'w';
	word[1]++;
}

static void the_parent_works_while_the_child_is_busy(void **state)
{
	char *word = mmap(NULL, 2, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const struct diag_meanwhile meanwhile = { gives_word, word };
	struct diag_err err = { 0 };
	struct diag_buf out;

	(void)state;
	assert_true(word != MAP_FAILED);
	assert_true(diag_child_run_while(waits_for_word, word, MAX, &meanwhile,
					 &out, &err));
	assert_int_equal(MAX / 2, out.len);
	assert_int_equal('w', out.data[MAX / 2 - 1]);
	assert_int_equal(1, word[1]);
	diag_buf_clear(&out);
	/* Nor is it left out where the child fails. */
	assert_false(diag_child_run_while(parse_error, NULL, MAX, &meanwhile,
					  &out, &err));
	assert_int_equal(2, word[1]);
	(void)munmap(word, 2);
}

static void its_error_is_our_error(void **state)
{
	struct outcome o = run(parse_error, NULL, MAX);
	char text[300];

	(void)state;
	assert_false(o.ok);
	assert_int_equal(DIAG_EPARSE, o.err.code);
	assert_string_equal("hosts: line 7: glued",
			    diag_err_text(&o.err, text, sizeof(text)));
	assert_int_equal(0, o.out.len);
	diag_buf_clear(&o.out);
}

static bool sys_error(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	(void)ctx;
	(void)out;
	errno = ENOTDIR;
	return diag_fail_sys(err, "look", "x");
}

static void its_errno_travels(void **state)
{
	struct outcome o = run(sys_error, NULL, MAX);

	(void)state;
	assert_false(o.ok);
	assert_int_equal(DIAG_EIO, o.err.code);
	assert_int_equal(ENOTDIR, o.err.sys);
	diag_buf_clear(&o.out);
}

static void the_first_error_stays(void **state)
{
	struct diag_err err = { .code = DIAG_EUSAGE, .what = "before" };
	struct diag_buf out;

	(void)state;
	assert_false(diag_child_run(parse_error, NULL, MAX, &out, &err));
	assert_int_equal(DIAG_EUSAGE, err.code);
	assert_string_equal("before", err.what);
	assert_false(diag_child_run(parse_error, NULL, MAX, &out, NULL));
	diag_buf_clear(&out);
}

/* --- how it may end ------------------------------------------------------- */

static bool die(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	const int *sig = ctx;

	(void)out;
	(void)err;
	(void)raise(*sig);
	return true;
}

static void a_child_that_dies_is_an_error(void **state)
{
	int sig = SIGABRT;

	(void)state;
	assert_fails(die, &sig, DIAG_EIO, "ended by signal 6");
	sig = SIGSEGV;
	(void)signal(SIGSEGV, SIG_IGN); /* the child's is its own */
	assert_fails(die, &sig, DIAG_EIO, "ended by signal 11");
	(void)signal(SIGSEGV, SIG_DFL);
	sig = SIGKILL;
	assert_fails(die, &sig, DIAG_EIO, "ended by signal 9");
}

static bool leave(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	(void)ctx;
	(void)out;
	(void)err;
	_exit(7);
}

static void one_that_leaves_without_a_word_is_an_error(void **state)
{
	(void)state;
	assert_fails(leave, NULL, DIAG_EIO, "ended without an answer (7)");
}

static bool false_without_reason(void *ctx, struct diag_buf *out,
				 struct diag_err *err)
{
	(void)ctx;
	(void)out;
	(void)err;
	return false;
}

static void one_that_gives_no_reason_is_not_believed(void **state)
{
	(void)state;
	assert_fails(false_without_reason, NULL, DIAG_EIO,
		     "gave an answer without sense");
}

/* The pipe is the only descriptor: a child that was taken over may write
 * anything into it. */
static int the_pipe(void)
{
	for (int fd = 0; fd < 1000; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return fd;
	return -1;
}

static bool talk_nonsense(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	char junk[5000];

	(void)ctx;
	(void)out;
	(void)err;
	memset(junk, 0xff, sizeof(junk));
	while (write(the_pipe(), junk, sizeof(junk)) > 0)
		;
	_exit(0);
}

static void nonsense_is_refused_and_not_waited_for(void **state)
{
	(void)state;
	assert_fails(talk_nonsense, NULL, DIAG_EIO,
		     "gave an answer without sense");
}

static bool answer_and_stay(void *ctx, struct diag_buf *out,
			    struct diag_err *err)
{
	char junk[1000];

	(void)ctx;
	(void)out;
	(void)err;
	memset(junk, 0xff, sizeof(junk));
	if (write(the_pipe(), junk, sizeof(junk)) != sizeof(junk))
		return false;
	for (;;)
		(void)pause();
}

/* Without that this test would never end. */
static void one_that_stays_after_its_answer_is_ended(void **state)
{
	(void)state;
	assert_fails(answer_and_stay, NULL, DIAG_EIO,
		     "gave an answer without sense");
}

static bool half_answer(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	(void)ctx;
	(void)out;
	(void)err;
	if (write(the_pipe(), "\1\0\0", 3) != 3)
		return false;
	_exit(0);
}

static void half_an_answer_is_none(void **state)
{
	(void)state;
	assert_fails(half_answer, NULL, DIAG_EIO,
		     "ended without an answer (0)");
}

static bool spin(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	struct rlimit now = { 1, 1 };
	volatile unsigned n = 0;

	(void)ctx;
	(void)out;
	(void)err;
	/* The limit is a minute; the same end comes earlier with less. */
	if (setrlimit(RLIMIT_CPU, &now) != 0)
		return false;
	(void)signal(SIGXCPU, SIG_DFL);
	(void)raise(SIGXCPU);
	for (;;)
		n++;
}

static void one_that_computes_for_ever_is_ended(void **state)
{
	(void)state;
	assert_fails(spin, NULL, DIAG_ELIMIT,
		     "took more than 60 s of processor time");
}

/* --- what it is not allowed ----------------------------------------------- */

static bool who_am_i(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	uid_t r, e, s;
	gid_t gr, ge, gs;

	(void)ctx;
	(void)err;
	if (getresuid(&r, &e, &s) != 0 || getresgid(&gr, &ge, &gs) != 0)
		return false;
	diag_buf_printf(out, "%u %u %u %u %u %u %d", r, e, s, gr, ge, gs,
			getgroups(0, NULL));
	return true;
}

/* Root of a namespace that has one uid only is its owner outside. */
static bool root_can_be_nobody(void)
{
	int status = -1;
	pid_t pid;

	if (geteuid() != 0)
		return false;
	pid = fork();
	if (pid == 0)
		_exit(setresuid(65534, 65534, 65534) != 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static void root_becomes_nobody(void **state)
{
	(void)state;
	if (!root_can_be_nobody())
		skip();
	assert_answers(who_am_i, NULL, "65534 65534 65534 65534 65534 65534 0");
}

static void a_user_stays_who_he_is(void **state)
{
	char want[100];

	(void)state;
	if (geteuid() == 0)
		skip();
	(void)snprintf(want, sizeof(want), "%u %u %u %u %u %u %d", getuid(),
		       getuid(), getuid(), getgid(), getgid(), getgid(),
		       getgroups(0, NULL));
	assert_answers(who_am_i, NULL, want);
}

/* "no" and the errno, or "yes". */
static void put_result(struct diag_buf *out, const char *what, bool could)
{
	diag_buf_printf(out, "%s: %s; ", what, could ? "yes" : strerror(errno));
}

static bool try_files(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	const char *path = ctx;

	(void)err;
	put_result(out, "make",
		   open(path, O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0);
	put_result(out, "read", open("/etc/passwd", O_RDONLY) >= 0);
	put_result(out, "socket", socket(AF_INET, SOCK_DGRAM, 0) >= 0);
	put_result(out, "dup", dup(the_pipe()) >= 0);
	return true;
}

static void it_opens_and_makes_no_file(void **state)
{
	char path[64];

	(void)state;
	(void)snprintf(path, sizeof(path), "/tmp/pldiag-child-%d",
		       (int)getpid());
	assert_answers(try_files, path,
		       "make: Too many open files; read: Too many open files; "
		       "socket: Too many open files; "
		       "dup: Too many open files; ");
	assert_int_equal(-1, access(path, F_OK));
}

/* With descriptors allowed again (a limit may not be raised, but say the
 * kernel let it): root's files are still closed to it. */
static bool try_names(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	const char *path = ctx;

	(void)err;
	put_result(out, "unlink", unlink(path) == 0);
	put_result(out, "chmod", chmod(path, 0777) == 0);
	put_result(out, "truncate", truncate(path, 0) == 0);
	put_result(out, "access", access(path, R_OK) == 0);
	return true;
}

static void roots_files_are_closed_to_it(void **state)
{
	char dir[] = "/tmp/pldiag-child-XXXXXX";
	char path[64];
	int fd;

	(void)state;
	if (!root_can_be_nobody())
		skip();
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/secret", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_int_equal(0, chmod(dir, 0755));
	assert_answers(try_names, path,
		       "unlink: Permission denied; "
		       "chmod: Operation not permitted; "
		       "truncate: Permission denied; "
		       "access: Permission denied; ");
	(void)unlink(path);
	(void)rmdir(dir);
}

static bool count_fds(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	unsigned n = 0;

	(void)ctx;
	(void)err;
	for (int fd = 0; fd < 2000; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	diag_buf_printf(out, "%u", n);
	return true;
}

static void it_has_no_descriptor_but_the_pipe(void **state)
{
	int more[2];

	(void)state;
	assert_int_equal(0, pipe(more));
	assert_int_equal(900, fcntl(more[0], F_DUPFD, 900));
	assert_answers(count_fds, NULL, "1");
	(void)close(900);
	(void)close(more[0]);
	(void)close(more[1]);
}

static bool try_limits(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	static const int what[] = { RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_NPROC,
				    RLIMIT_CORE, RLIMIT_CPU };

	(void)ctx;
	(void)err;
	for (size_t i = 0; i < sizeof(what) / sizeof(what[0]); i++) {
		struct rlimit r, more = { 1000, 1000 };

		if (getrlimit((__rlimit_resource_t)what[i], &r) != 0)
			return false;
		diag_buf_printf(out, "%llu %llu %d; ",
				(unsigned long long)r.rlim_cur,
				(unsigned long long)r.rlim_max,
				setrlimit((__rlimit_resource_t)what[i], &more));
	}
	return true;
}

static void its_limits_cannot_be_raised(void **state)
{
	(void)state;
	assert_answers(try_limits, NULL,
		       "0 0 -1; 0 0 -1; 0 0 -1; 0 0 -1; 60 60 -1; ");
}

static bool try_privileges(void *ctx, struct diag_buf *out,
			   struct diag_err *err)
{
	(void)ctx;
	(void)err;
	diag_buf_printf(out, "nnp %d dump %d; ",
			prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
			prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	/* errno differs with who we are. */
	diag_buf_printf(out, "setuid %d setgid %d chroot %d host %d",
			setuid(geteuid() == 0 ? 1 : 0),
			setgid(0) == 0 && getgid() != 0 ? 0 : -1, chroot("/"),
			sethostname("x", 1));
	return true;
}

static void it_has_no_privilege_and_gets_none(void **state)
{
	(void)state;
	assert_answers(try_privileges, NULL,
		       "nnp 1 dump 0; setuid -1 setgid -1 chroot -1 host -1");
}

#if defined(__SANITIZE_ADDRESS__)
#define HAS_AS_LIMIT false
#else
#define HAS_AS_LIMIT true
#endif

static bool take_memory(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	void *p = mmap(NULL, DIAG_CHILD_MEMORY, PROT_READ,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	(void)ctx;
	(void)out;
	return p != MAP_FAILED || diag_fail_nomem(err, "parse");
}

static void its_memory_has_an_end(void **state)
{
	struct outcome o;

	(void)state;
	if (!HAS_AS_LIMIT)
		skip();
	o = run(take_memory, NULL, MAX);
	assert_int_equal(DIAG_ENOMEM, o.err.code);
	assert_string_equal("parse", o.err.op);
	diag_buf_clear(&o.out);
}

static bool try_fork(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	pid_t pid = fork();

	(void)ctx;
	(void)err;
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
	put_result(out, "fork", pid >= 0);
	return true;
}

static void it_starts_no_process(void **state)
{
	(void)state;
	/* The kernel does not count the processes of its own root. */
	if (geteuid() == 0 && !root_can_be_nobody())
		skip();
	assert_answers(try_fork, NULL,
		       "fork: Resource temporarily unavailable; ");
}

static int seven = 7;

static bool write_memory(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	(void)ctx;
	(void)err;
	seven = 8;
	diag_buf_printf(out, "%d", seven);
	return true;
}

static void what_it_writes_to_memory_is_its_own(void **state)
{
	(void)state;
	assert_answers(write_memory, NULL, "8");
	assert_int_equal(7, seven);
}

/* --- the parent ----------------------------------------------------------- */

static void tick(int sig)
{
	(void)sig;
}

static void signals_do_not_disturb_the_parent(void **state)
{
	struct sigaction sa = { .sa_handler = tick }, old;
	struct itimerval often = { { 0, 500 }, { 0, 500 } }, off = { 0 };
	size_t n = (size_t)3 << 20;

	(void)state;
	assert_int_equal(0, sigaction(SIGALRM, &sa, &old)); /* no SA_RESTART */
	assert_int_equal(0, setitimer(ITIMER_REAL, &often, NULL));
	for (int i = 0; i < 5; i++) {
		struct outcome o = run(bytes, &n, n);

		assert_true(o.ok);
		assert_int_equal(n, o.out.len);
		diag_buf_clear(&o.out);
	}
	assert_int_equal(0, setitimer(ITIMER_REAL, &off, NULL));
	assert_int_equal(0, sigaction(SIGALRM, &old, NULL));
}

static void nothing_is_left_of_it(void **state)
{
	char text[] = "x";

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_answers(upper, text, "x");
	assert_int_equal(-1, waitpid(-1, NULL, WNOHANG));
	assert_int_equal(ECHILD, errno);
}

static void without_descriptors_it_says_so(void **state)
{
	struct rlimit old, none;
	struct outcome o;

	(void)state;
	assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &old));
	none = old;
	none.rlim_cur = 0;
	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &none));
	o = run(nothing, NULL, MAX);
	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &old));
	assert_false(o.ok);
	assert_int_equal(EMFILE, o.err.sys);
	diag_buf_clear(&o.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answer_comes_back),
		cmocka_unit_test(no_bytes_are_an_answer),
		cmocka_unit_test(many_bytes_of_any_value_come_back),
		cmocka_unit_test(more_than_fits_is_a_limit),
		cmocka_unit_test(the_parent_works_while_the_child_is_busy),
		cmocka_unit_test(its_error_is_our_error),
		cmocka_unit_test(its_errno_travels),
		cmocka_unit_test(the_first_error_stays),
		cmocka_unit_test(a_child_that_dies_is_an_error),
		cmocka_unit_test(one_that_leaves_without_a_word_is_an_error),
		cmocka_unit_test(one_that_gives_no_reason_is_not_believed),
		cmocka_unit_test(nonsense_is_refused_and_not_waited_for),
		cmocka_unit_test(one_that_stays_after_its_answer_is_ended),
		cmocka_unit_test(half_an_answer_is_none),
		cmocka_unit_test(one_that_computes_for_ever_is_ended),
		cmocka_unit_test(root_becomes_nobody),
		cmocka_unit_test(a_user_stays_who_he_is),
		cmocka_unit_test(it_opens_and_makes_no_file),
		cmocka_unit_test(roots_files_are_closed_to_it),
		cmocka_unit_test(it_has_no_descriptor_but_the_pipe),
		cmocka_unit_test(its_limits_cannot_be_raised),
		cmocka_unit_test(it_has_no_privilege_and_gets_none),
		cmocka_unit_test(its_memory_has_an_end),
		cmocka_unit_test(it_starts_no_process),
		cmocka_unit_test(what_it_writes_to_memory_is_its_own),
		cmocka_unit_test(signals_do_not_disturb_the_parent),
		cmocka_unit_test(nothing_is_left_of_it),
		cmocka_unit_test(without_descriptors_it_says_so),
	};

	return cmocka_run_group_tests_name("base_child", tests, NULL, NULL);
}

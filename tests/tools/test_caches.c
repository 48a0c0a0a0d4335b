/* SPDX-License-Identifier: MIT */
/* Caches that are there are told to forget, by their own program or signal;
 * nobody else is signalled.  The machine is a folder that the test makes. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "run/exec.h"
#include "tools/change/caches.h"

static char root[64], path[200];
static struct caches_env env;
static struct caches_flushed flushed;
static const struct tool tool = { .name = "test" };
static const struct tool_call call = { .tool = &tool, .quiet = true };

static void shell(const char *command)
{
	const char *const argv[] = { "sh", "-c", command, NULL };
	const struct diag_exec what = { .argv = argv, .max_out = 4096 };
	struct diag_exec_result r;

	assert_true(diag_exec(&what, &r, NULL));
	assert_int_equal(0, r.status);
	diag_buf_clear(&r.out);
}

static int set_up(void **unused)
{
	char command[400];

	(void)unused;
	(void)snprintf(root, sizeof(root), "/tmp/pldiag-caches-XXXXXX");
	assert_non_null(mkdtemp(root));
	(void)snprintf(command, sizeof(command), "mkdir -p %s/bin %s/etc", root,
		       root);
	shell(command);
	(void)snprintf(path, sizeof(path), "%s/bin:/usr/bin:/bin", root);
	env = (struct caches_env){ .root = root, .path = path };
	return 0;
}

static int tear_down(void **unused)
{
	char command[100];

	(void)unused;
	(void)snprintf(command, sizeof(command), "rm -r %s", root);
	shell(command);
	return 0;
}

/* A file below the root; its folders too. */
static void put(const char *name, const char *text, mode_t mode)
{
	char command[400], file[200];
	int fd;

	(void)snprintf(command, sizeof(command), "mkdir -p \"$(dirname %s%s)\"",
		       root, name);
	shell(command);
	(void)snprintf(file, sizeof(file), "%s%s", root, name);
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(strlen(text), write(fd, text, strlen(text)));
	assert_int_equal(0, fchmod(fd, mode));
	assert_int_equal(0, close(fd));
}

static bool is_there(const char *name)
{
	char file[200];

	(void)snprintf(file, sizeof(file), "%s%s", root, name);
	return access(file, F_OK) == 0;
}

/* A program that notes how it was called. */
static void program(const char *name, int status)
{
	char text[200], file[64];

	(void)snprintf(text, sizeof(text),
		       "#!/bin/sh\necho \"$@\" > %s/%s.called\nexit %d\n", root,
		       name, status);
	(void)snprintf(file, sizeof(file), "/bin/%s", name);
	put(file, text, 0755);
}

static void without_caches_nothing_is_run(void **unused)
{
	(void)unused;
	program("resolvectl", 0);
	program("nscd", 0);
	caches_flush(&call, &env, &flushed);
	assert_int_equal(0, flushed.n);
	assert_false(is_there("/resolvectl.called"));
	assert_false(is_there("/nscd.called"));
}

static void each_has_its_program(void **unused)
{
	(void)unused;
	program("resolvectl", 0);
	program("nscd", 0);
	put("/run/systemd/resolve/resolv.conf", "", 0644);
	put("/run/nscd/nscd.pid", "1\n", 0644);
	caches_flush(&call, &env, &flushed);
	assert_int_equal(2, flushed.n);
	assert_string_equal("systemd-resolved", flushed.names[0]);
	assert_string_equal("nscd", flushed.names[1]);
	assert_true(is_there("/resolvectl.called"));
	assert_true(is_there("/nscd.called"));
}

static void a_program_that_fails_or_is_missing_flushed_nothing(void **unused)
{
	(void)unused;
	put("/run/systemd/resolve/resolv.conf", "", 0644);
	put("/run/nscd/nscd.pid", "1\n", 0644);
	program("resolvectl", 1);
	program("nscd", 3);
	caches_flush(&call, &env, &flushed);
	assert_int_equal(0, flushed.n);
	assert_true(is_there("/resolvectl.called"));
}

/* --- dnsmasq -------------------------------------------------------------- */

static volatile sig_atomic_t hung_up;

static void on_hup(int number)
{
	(void)number;
	hung_up = 1;
}

/* dnsmasq is this very process, by what the machine's files say. */
static void dnsmasq(const char *comm, const char *cmdline)
{
	char text[32], file[64];
	struct sigaction sa = { .sa_handler = on_hup };

	hung_up = 0;
	assert_int_equal(0, sigaction(SIGHUP, &sa, NULL));
	(void)snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	put("/run/dnsmasq/dnsmasq.pid", text, 0644);
	(void)snprintf(file, sizeof(file), "/proc/%ld/comm", (long)getpid());
	put(file, comm, 0644);
	(void)snprintf(file, sizeof(file), "/proc/%ld/cmdline", (long)getpid());
	put(file, cmdline, 0644);
}

static void dnsmasq_is_signalled(void **unused)
{
	(void)unused;
	dnsmasq("dnsmasq\n", "/usr/sbin/dnsmasq");
	caches_flush(&call, &env, &flushed);
	assert_int_equal(1, flushed.n);
	assert_string_equal("dnsmasq", flushed.names[0]);
	assert_int_equal(1, hung_up);
}

static void a_number_that_went_to_another_process_is_not(void **unused)
{
	(void)unused;
	dnsmasq("sshd\n", "/usr/sbin/sshd");
	caches_flush(&call, &env, &flushed);
	assert_int_equal(0, flushed.n);
	assert_int_equal(0, hung_up);
}

static void one_that_reads_no_hosts_file_is_left_alone(void **unused)
{
	(void)unused;
	dnsmasq("dnsmasq\n", "--no-hosts");
	caches_flush(&call, &env, &flushed);
	assert_int_equal(0, flushed.n);
	dnsmasq("dnsmasq\n", "/usr/sbin/dnsmasq");
	put("/etc/dnsmasq.conf", "# c\n no-hosts \n", 0644);
	caches_flush(&call, &env, &flushed);
	assert_int_equal(0, flushed.n);
	assert_int_equal(0, hung_up);
}

static void a_pid_file_with_nonsense_signals_nobody(void **unused)
{
	static const char *const texts[] = {
		"", "\n", "-1\n", "0\n", "1\n", "12x\n", "99999999999999\n"
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		dnsmasq("dnsmasq\n", "/usr/sbin/dnsmasq");
		put("/run/dnsmasq/dnsmasq.pid", texts[i], 0644);
		caches_flush(&call, &env, &flushed);
		assert_int_equal(0, flushed.n);
		assert_int_equal(0, hung_up);
	}
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(without_caches_nothing_is_run),
		CASE(each_has_its_program),
		CASE(a_program_that_fails_or_is_missing_flushed_nothing),
		CASE(dnsmasq_is_signalled),
		CASE(a_number_that_went_to_another_process_is_not),
		CASE(one_that_reads_no_hosts_file_is_left_alone),
		CASE(a_pid_file_with_nonsense_signals_nobody),
	};

	return cmocka_run_group_tests_name("caches", tests, NULL, NULL);
}

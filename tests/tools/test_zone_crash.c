/* SPDX-License-Identifier: MIT */
/* pl-zone itself, killed at every system call of apply and of undo: the zone
 * file is the old or the new one, byte for byte, and the next run finishes what
 * was under way. */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/support/tracer.h"

#define PATH_LEN  256
#define OPEN_MAX_ 16

struct place {
	char folder[PATH_LEN], zone[PATH_LEN + 8], state[PATH_LEN + 8],
	    inventory[PATH_LEN + 8], tool[PATH_LEN];
	struct diag_buf old, new;
};

struct act {
	struct place *p;
	const char *command;
	bool applied;	      /* before it */
	unsigned seen, first; /* calls, and the first that locks */
};

static const char inventory[] =
    "{\"schema\":\"pldiag.inventory/1\",\"name\":\"ws\",\"targets\":[{"
    "\"fqdn\":\"kv.vault.azure.net\",\"addresses\":[\"10.150.0.9\"]}]}";
static const char zone[] = "$TTL 60\n@ SOA ns. a. 5 1 2 3 4\n NS ns.\n"
			   "a A 192.0.2.1\nkv A 10.0.0.7\n; end\n";

static void put(const char *path, const char *text, size_t len)
{
	struct diag_err err = { .code = DIAG_OK };

	if (!diag_file_write(path, text, len, 0644, &err))
		fail_msg("%s: %s", path, err.what);
}

static bool holds(const struct place *p, const struct diag_buf *text)
{
	struct diag_buf now;
	bool same;

	if (!diag_file_read(p->zone, 1 << 20, &now, NULL))
		fail_msg("%s is gone", p->zone);
	same = now.len == text->len &&
	       memcmp(diag_buf_str(&now), diag_buf_str(text), now.len) == 0;
	diag_buf_clear(&now);
	return same;
}

static void run_tool(const struct place *p, const char *command)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd < 3; fd++)
		(void)dup2(null, fd);
	/* A leak cannot be looked for while somebody traces. */
	(void)setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	if (strcmp(command, "undo") == 0)
		(void)execl(p->tool, "pl-zone", "undo", "--yes", "--file",
			    p->zone, "--state", p->state, (char *)NULL);
	else
		(void)execl(p->tool, "pl-zone", "apply", p->inventory, "--for",
			    "bind", "--origin", "vault.azure.net", "--yes",
			    "--no-check", "--force", "--file", p->zone,
			    "--state", p->state, (char *)NULL);
	_exit(126);
}

static int finish(const struct place *p, const char *command)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		run_tool(p, command);
	assert_int_equal(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void body(void *ctx)
{
	const struct act *act = ctx;

	run_tool(act->p, act->command);
}

static int remove_one(const char *path, const struct stat *st, int kind,
		      struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static void clean(const char *path)
{
	(void)nftw(path, remove_one, OPEN_MAX_, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(-1, access(path, F_OK));
}

static void prepare(const struct act *act)
{
	const struct place *p = act->p;

	clean(p->state);
	put(p->zone, zone, sizeof(zone) - 1);
	if (act->applied)
		assert_int_equal(0, finish(p, "apply"));
}

/* Nothing of ours stays in the folder but what is known. */
static size_t files_in(const struct place *p)
{
	DIR *dir = opendir(p->folder);
	size_t n = 0;

	assert_non_null(dir);
	for (const struct dirent *e = readdir(dir); e; e = readdir(dir))
		n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
	assert_int_equal(0, closedir(dir));
	return n;
}

static void check(const struct act *act, unsigned call, unsigned tally[2])
{
	const struct place *p = act->p;
	const struct diag_buf *old = act->applied ? &p->new : &p->old;
	const struct diag_buf *new = act->applied ? &p->old : &p->new;
	bool is_new = holds(p, new);
	int status;

	if (!is_new && !holds(p, old))
		fail_msg("call %u: neither old nor new", call);
	tally[is_new]++;
	status = finish(p, act->command);
	/* To take back what is taken back is no sensible wish. */
	if (status != 0 && !(is_new && act->applied && status == 2))
		fail_msg("call %u: the next run ends with %d", call, status);
	if (!holds(p, new))
		fail_msg("call %u: the next run does not finish it", call);
	if (files_in(p) != 3)
		fail_msg("call %u: something is left behind", call);
}

/* Told of every call. */
static bool note_lock(long call, void *ctx)
{
	struct act *act = ctx;

	act->seen++;
	if (call == SYS_flock && act->first == 0)
		act->first = act->seen;
	return false;
}

/* Before it locks, it has not so much as looked at the file. */
static void kill_everywhere(struct act *act)
{
	struct tracer_plan plan = { .before = note_lock };
	unsigned tally[2] = { 0, 0 };
	unsigned calls;

	prepare(act);
	calls = tracer_run(body, act, &plan).calls;
	plan.before = NULL;
	act->first += act->first == 0; /* calls are not told here */
	for (plan.kill_at = act->first; plan.kill_at <= calls; plan.kill_at++) {
		prepare(act);
		if (tracer_run(body, act, &plan).completed)
			break;
		check(act, plan.kill_at, tally);
	}
	print_message("calls %u to %u: %u old, %u new\n", act->first, calls,
		      tally[0], tally[1]);
	/* Both ends were seen, or nothing was tested. */
	assert_true(tally[0] > 50 && tally[1] > 2);
}

static void an_apply_is_old_or_new(void **state)
{
	struct act act = { *state, "apply", false, 0, 0 };

	kill_everywhere(&act);
}

static void an_undo_is_old_or_new(void **state)
{
	struct act act = { *state, "undo", true, 0, 0 };

	kill_everywhere(&act);
}

static int setup(void **state)
{
	static struct place p;
	const char *build = getenv("PLDIAG_BUILD");

	(void)snprintf(p.folder, sizeof(p.folder), "/tmp/pldiag-test-XXXXXX");
	assert_non_null(mkdtemp(p.folder));
	(void)snprintf(p.zone, sizeof(p.zone), "%s/zone", p.folder);
	(void)snprintf(p.state, sizeof(p.state), "%s/state", p.folder);
	(void)snprintf(p.inventory, sizeof(p.inventory), "%s/i.json", p.folder);
	(void)snprintf(p.tool, sizeof(p.tool), "%s/tools/pl-zone",
		       build ? build : ".");
	put(p.inventory, inventory, sizeof(inventory) - 1);
	put(p.zone, zone, sizeof(zone) - 1);
	assert_true(diag_file_read(p.zone, 1 << 20, &p.old, NULL));
	assert_int_equal(0, finish(&p, "apply"));
	assert_true(diag_file_read(p.zone, 1 << 20, &p.new, NULL));
	*state = &p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	clean(p->folder);
	diag_buf_clear(&p->old);
	diag_buf_clear(&p->new);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_apply_is_old_or_new),
		cmocka_unit_test(an_undo_is_old_or_new),
	};

	if (!tracer_works()) {
		print_message("no process may be traced here\n");
		return 77;
	}
	return cmocka_run_group_tests_name("zone_crash", tests, setup,
					   teardown);
}

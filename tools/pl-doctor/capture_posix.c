/* SPDX-License-Identifier: MIT */
/* capture_posix.c - --capture: a recorder beside the run.
 *
 * pl-capture records, a process of its own: only it loads libpcap, holds the
 * right to capture for a moment, and may fail without harm to the run.  It gets
 * the inventory as an open file, says one line when it has begun, and ends when
 * its standard input does, so it cannot outlive us.
 */
#include "tools/pl-doctor/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/path.h"
#include "tools/pl-capture/capture.h"

#define RECORDER     "pl-capture"
#define INVENTORY_FD 3
#define INVENTORY    "/dev/fd/3"

extern char **environ;

/* The inventory as the child reads it; a file without a name. */
static FILE *write_inventory(const struct diag_case *c, struct diag_err *err)
{
	FILE *file = tmpfile();
	struct diag_buf text;
	struct diag_jw w;
	bool ok;

	if (file == NULL) {
		(void)diag_fail_sys(err, "--capture", "temporary file");
		return NULL;
	}
	diag_buf_init(&text, DIAG_INVENTORY_BYTES);
	diag_jw_init(&w, &text, 0);
	if (c != NULL) {
		diag_inventory_print(c->inventory, &w);
	} else {
		diag_jw_open(&w, '{');
		diag_jw_kstr(&w, "schema", DIAG_INVENTORY_SCHEMA);
		diag_jw_close(&w, '}');
	}
	ok = diag_buf_ok(&text, err, "--capture") &&
	     ((diag_fd_write(fileno(file), text.data, text.len) &&
	       lseek(fileno(file), 0, SEEK_SET) == 0) ||
	      diag_fail_sys(err, "--capture", "temporary file"));
	diag_buf_clear(&text);
	if (ok)
		return file;
	(void)fclose(file);
	return NULL;
}

struct ends {
	const char *path;  /* it writes */
	int in[2], out[2]; /* of its standard input and output */
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void close_ends(struct ends *e)
{
	for (int i = 0; i < 2; i++) {
		close_fd(&e->in[i]);
		close_fd(&e->out[i]);
	}
}

static int start(const char *path, char *const *argv, const struct ends *e,
		 int inventory, pid_t *pid)
{
	posix_spawn_file_actions_t does;
	int rc = posix_spawn_file_actions_init(&does);

	if (rc != 0)
		return rc;
	rc = posix_spawn_file_actions_adddup2(&does, e->in[0], STDIN_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&does, e->out[1],
						      STDOUT_FILENO);
	/* the last, because it may be where one of the others lies */
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&does, inventory,
						      INVENTORY_FD);
	if (rc == 0)
		rc = posix_spawn(pid, path, &does, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&does);
	return rc;
}

static bool spawn(struct tool_call *call, const struct diag_case *c,
		  struct ends *e, int inventory, pid_t *pid,
		  struct diag_err *err)
{
	const struct doctor *o = call->options;
	const char *argv[] = { RECORDER,
			       "record",
			       INVENTORY,
			       "--write",
			       e->path,
			       "--leashed",
			       "--role",
			       diag_role_key(c != NULL ? c->role
						       : DIAG_ROLE_CLIENT),
			       "--era",
			       tool_eras[o->era],
			       call->quiet ? "-q" : NULL,
			       NULL };
	char path[DIAG_PATH_LEN];
	int rc;

	if (!diag_path_beside(RECORDER, path) || pipe2(e->in, O_CLOEXEC) != 0 ||
	    pipe2(e->out, O_CLOEXEC) != 0)
		return diag_fail_sys(err, "--capture", RECORDER);
	rc = start(path, (char *const *)(uintptr_t)argv, e, inventory, pid);
	errno = rc;
	return rc == 0 || diag_fail_sys(err, "--capture", "%s", path);
}

/* It says its line, or it ends. */
static bool has_begun(int fd)
{
	size_t got = 0;
	char byte = 0;

	while (got < strlen(PL_CAPTURE_BEGUN)) {
		ssize_t n = read(fd, &byte, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || byte != PL_CAPTURE_BEGUN[got++])
			return false;
	}
	return true;
}

/* Its exit status, as the shell counts. */
static int wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return TOOL_TROUBLE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static enum tool_status gave_up(struct tool_call *call,
				struct doctor_capture *d, pid_t pid)
{
	int status = wait_for(pid);

	if (status == TOOL_USAGE)
		return TOOL_USAGE;
	d->failed = status != TOOL_UNDECIDED;
	tool_note(call, "nothing is recorded; the run goes on without");
	return TOOL_GOOD;
}

static enum tool_status begin(struct tool_call *call, const struct diag_case *c,
			      const char *path, int inventory,
			      struct doctor_capture *d, struct diag_err *err)
{
	struct ends e = { path, { -1, -1 }, { -1, -1 } };
	enum tool_status status = TOOL_GOOD;
	pid_t pid = 0;

	if (!spawn(call, c, &e, inventory, &pid, err)) {
		close_ends(&e);
		return TOOL_TROUBLE;
	}
	close_fd(&e.in[0]);
	close_fd(&e.out[1]);
	if (has_begun(e.out[0])) {
		d->pid = pid;
		d->path = path;
		d->leash = e.in[1];
		e.in[1] = -1;
	} else {
		close_fd(&e.in[1]);
		status = gave_up(call, d, pid);
	}
	close_ends(&e);
	return status;
}

enum tool_status doctor_capture_begin(struct tool_call *call,
				      const struct diag_case *c,
				      const char *path,
				      struct doctor_capture *d,
				      struct diag_err *err)
{
	enum tool_status status;
	FILE *inventory;

	*d = (struct doctor_capture){ .leash = -1 };
	if (path == NULL)
		return TOOL_GOOD;
	inventory = write_inventory(c, err);
	if (inventory == NULL)
		return TOOL_TROUBLE;
	status = begin(call, c, path, fileno(inventory), d, err);
	(void)fclose(inventory);
	return status;
}

bool doctor_capture_end(struct tool_call *call, struct doctor_capture *d)
{
	int status;

	if (d->pid == 0)
		return !d->failed;
	close_fd(&d->leash);
	status = wait_for(d->pid);
	d->pid = 0;
	if (status == TOOL_GOOD)
		return true;
	if (status > 128)
		tool_error(call, "--capture: " RECORDER " ended by signal %d",
			   status - 128);
	return false;
}

/* SPDX-License-Identifier: MIT */
/* stage.c - see stage.h. */
#include "tests/fix/stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "fix/writer_internal.h"

static const struct diag_change_note note = { "test apply", "a test" };

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	return type == FTW_DP || type == FTW_D ? rmdir(path) : unlink(path);
}

void stage_remove_tree(const char *path)
{
	(void)nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void stage_make(struct stage *s, const char *base)
{
	if (base == NULL)
		base = "/tmp";
	(void)snprintf(s->top, sizeof(s->top), "%s/pldiag-writer-XXXXXX", base);
	assert_non_null(mkdtemp(s->top));
	(void)snprintf(s->folder, sizeof(s->folder), "%s/etc", s->top);
	(void)snprintf(s->state, sizeof(s->state), "%s/state", s->top);
	(void)snprintf(s->file, sizeof(s->file), "%s/hosts", s->folder);
	s->bound = false;
	assert_int_equal(0, mkdir(s->folder, 0755));
	assert_int_equal(0, mkdir(s->state, 0700));
	stage_put(s->file, "old\n");
}

void stage_remove(struct stage *s)
{
	if (s->bound)
		(void)umount2(s->file, MNT_DETACH);
	stage_remove_tree(s->top);
	if (strncmp(s->state, s->top, strlen(s->top)) != 0)
		stage_remove_tree(s->state);
}

void stage_reset(struct stage *s)
{
	stage_remove_tree(s->state);
	assert_int_equal(0, mkdir(s->state, 0700));
	stage_put(s->file, "old\n");
}

/* Memory is as good as a disk where nobody pulls the plug, and forces to disk
 * at no cost. */
int stage_setup_quick(void **state)
{
	static struct stage s;

	stage_make(&s, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NULL);
	*state = &s;
	return 0;
}

int stage_setup(void **state)
{
	static struct stage s;

	stage_make(&s, NULL);
	*state = &s;
	return 0;
}

int stage_teardown(void **state)
{
	stage_remove(*state);
	return 0;
}

/* In place, so that a mount point can be put as well. */
void stage_put_bytes(const char *path, const char *p, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(len, write(fd, p, len));
	(void)close(fd);
}

void stage_put(const char *path, const char *text)
{
	stage_put_bytes(path, text, strlen(text));
}

void stage_journal_path(const struct stage *s, char *out, size_t size)
{
	DIR *dir = opendir(s->state);

	assert_non_null(dir);
	out[0] = '\0';
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		if (e->d_name[0] != '.')
			(void)snprintf(out, size, "%s/%s/journal", s->state,
				       e->d_name);
	(void)closedir(dir);
}

void stage_journal(const struct stage *s, char *out, size_t size)
{
	char path[512];
	struct diag_buf text = { 0 };
	struct diag_err err = { 0 };
	size_t at;

	out[0] = '\0';
	stage_journal_path(s, path, sizeof(path));
	if (path[0] == '\0' || access(path, F_OK) != 0)
		return;
	assert_true(diag_file_read(path, (size_t)1 << 20, &text, &err));
	at = text.len > 0 ? text.len - 1 : 0;
	while (at > 0 && text.data[at - 1] != '\n')
		at--;
	(void)snprintf(out, size, "%s", diag_buf_str(&text) + at);
	diag_buf_clear(&text);
}

/* Without memory of ours: some tests let that fail. */
bool stage_holds(const char *path, const char *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[65536];
	bool same = true;
	ssize_t n;

	if (text == NULL || fd < 0) {
		same = fd < 0 && errno == ENOENT && text == NULL;
		if (fd >= 0)
			(void)close(fd);
		return same;
	}
	while (same && (n = read(fd, chunk, sizeof(chunk))) > 0) {
		same = strnlen(text, (size_t)n) == (size_t)n &&
		       memcmp(text, chunk, (size_t)n) == 0;
		text += same ? n : 0;
	}
	(void)close(fd);
	return same && *text == '\0';
}

void stage_assert_holds(const char *path, const char *text)
{
	if (!stage_holds(path, text))
		fail_msg("%s does not hold what it should", path);
}

unsigned stage_names(const char *folder, const char *begins)
{
	DIR *dir = opendir(folder);
	unsigned n = 0;

	assert_non_null(dir);
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		n += strcmp(e->d_name, ".") != 0 &&
		     strcmp(e->d_name, "..") != 0 &&
		     strncmp(e->d_name, begins, strlen(begins)) == 0;
	(void)closedir(dir);
	return n;
}

void stage_assert_clean(const struct stage *s)
{
	DIR *dir = opendir(s->state);
	char path[512];

	assert_non_null(dir);
	assert_int_equal(0, stage_names(s->folder, ".pldiag-"));
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
		(void)snprintf(path, sizeof(path), "%s/%s", s->state,
			       e->d_name);
		if (e->d_name[0] != '.')
			assert_int_equal(0, stage_names(path, "part"));
	}
	(void)closedir(dir);
}

const char *stage_error(const struct diag_err *err)
{
	static char text[400];

	return diag_err_text(err, text, sizeof(text));
}

struct diag_writer *stage_open(const struct stage *s)
{
	struct diag_writer *w = NULL;
	struct diag_err err = { 0 };

	if (!diag_writer_open(s->state, s->file, "test", 0, &w, &err))
		fail_msg("%s", stage_error(&err));
	return w;
}

bool stage_apply(const struct stage *s, const char *text, struct diag_err *err)
{
	struct diag_writer *w = NULL;
	struct diag_file_state file;
	struct diag_buf now = { 0 };
	uint64_t id;
	bool ok;

	if (!diag_writer_open(s->state, s->file, "test", 0, &w, err))
		return false;
	ok = diag_writer_read(w, &now, &file, err) &&
	     diag_writer_commit(w, text, strlen(text), &note, &id, err);
	diag_buf_clear(&now);
	diag_writer_close(w);
	return ok;
}

bool stage_edit(const struct stage *s, const struct diag_edits *edits,
		struct diag_err *err)
{
	struct diag_writer *w = NULL;
	struct diag_file_state file;
	struct diag_slice now;
	uint64_t id;
	bool ok;

	if (!diag_writer_open(s->state, s->file, "test", 0, &w, err))
		return false;
	ok = diag_writer_view(w, &now, &file, err) &&
	     diag_writer_hash(w, err) &&
	     diag_writer_commit_edits(w, edits, &note, &id, err);
	diag_writer_close(w);
	return ok;
}

void stage_all_is_old(void)
{
	writer_long_ago_s = -1000;
}

static struct timespec time_of_new(const char *path)
{
	struct stat st;

	stage_put(path, "");
	assert_int_equal(0, stat(path, &st));
	assert_int_equal(0, unlink(path));
	return st.st_mtim;
}

void stage_tick(const struct stage *s)
{
	struct timespec first, now;
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/tick", s->top);
	first = time_of_new(path);
	do
		now = time_of_new(path);
	while (now.tv_sec == first.tv_sec && now.tv_nsec == first.tv_nsec);
}

bool stage_undo(const struct stage *s, uint64_t id, struct diag_err *err)
{
	struct diag_writer *w = NULL;
	bool ok;

	if (!diag_writer_open(s->state, s->file, "test", 0, &w, err))
		return false;
	ok = diag_writer_undo(w, id, &note, err);
	diag_writer_close(w);
	return ok;
}

void stage_must_apply(const struct stage *s, const char *text)
{
	struct diag_err err = { 0 };

	if (!stage_apply(s, text, &err))
		fail_msg("%s", stage_error(&err));
}

void stage_must_undo(const struct stage *s, uint64_t id)
{
	struct diag_err err = { 0 };

	if (!stage_undo(s, id, &err))
		fail_msg("%s", stage_error(&err));
}

void stage_assert_error(const struct diag_err *err, enum diag_code code,
			int sys, const char *words)
{
	if (err->code != code || err->sys != sys ||
	    strstr(err->what, words) == NULL)
		fail_msg("code %d, sys %d: %s", err->code, err->sys,
			 stage_error(err));
	assert_null(strchr(err->what, '\n'));
}

static bool put_map(const char *path, unsigned id)
{
	char text[32];
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int len = snprintf(text, sizeof(text), "0 %u 1\n", id);
	bool ok = fd >= 0 && write(fd, text, (size_t)len) == len;

	if (fd >= 0)
		(void)close(fd);
	return ok;
}

static bool enter(void)
{
	unsigned uid = geteuid(), gid = getegid();
	int fd;

	if (unshare(CLONE_NEWNS) == 0)
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return false;
	fd = open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "deny", 4) != 4)
		return false;
	(void)close(fd);
	return put_map("/proc/self/uid_map", uid) &&
	       put_map("/proc/self/gid_map", gid);
}

bool stage_own_mounts(void)
{
	static int own = -1;

	if (own < 0)
		own = enter() &&
		      mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
	return own == 1;
}

bool stage_bind(struct stage *s)
{
	char under[160];

	if (!stage_own_mounts())
		return false;
	(void)snprintf(under, sizeof(under), "%s/under", s->top);
	stage_put(under, "old\n");
	s->bound = mount(under, s->file, NULL, MS_BIND, NULL) == 0;
	return s->bound;
}

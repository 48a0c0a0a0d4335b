/* SPDX-License-Identifier: MIT */
/* Full disks, read-only disks, and files that are mount points: made with
 * mounts of our own, in a namespace that is gone with us. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/fix/stage.h"
#include "tests/support/tracer.h"

/* A small disk over the folder of the file, or over the state folder. */
static void small_disk(const char *where, const char *size)
{
	char options[64];

	(void)snprintf(options, sizeof(options), "size=%s,mode=0700", size);
	assert_int_equal(0, mount("none", where, "tmpfs", 0, options));
}

static void file_on_small_disk(struct stage *s, const char *size)
{
	small_disk(s->folder, size);
	stage_put(s->file, "old\n");
}

static int leave(void **state)
{
	struct stage *s = *state;

	(void)umount2(s->folder, MNT_DETACH);
	(void)umount2(s->state, MNT_DETACH);
	return stage_teardown(state);
}

static char big[300001];

static void assert_refused(const struct stage *s, const char *text, int sys,
			   const char *words)
{
	struct diag_writer *w = stage_open(s);
	struct diag_err err = { 0 };

	assert_false(diag_writer_can(w, strlen(text), &err));
	stage_assert_error(&err, DIAG_EIO, sys, words);
	diag_writer_close(w);
	err = (struct diag_err){ 0 };
	assert_false(stage_apply(s, text, &err));
	stage_assert_error(&err, DIAG_EIO, sys, words);
	stage_assert_holds(s->file, "old\n");
	stage_assert_clean(s);
}

static struct diag_file_state look(const struct stage *s)
{
	struct diag_writer *w = stage_open(s);
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;

	if (!diag_writer_read(w, &text, &file, &err))
		fail_msg("%s", stage_error(&err));
	diag_buf_clear(&text);
	diag_writer_close(w);
	return file;
}

/* --- full disks
 * ------------------------------------------------------------------ */

static void a_full_disk_is_told_before(void **state)
{
	struct stage *s = *state;

	file_on_small_disk(s, "256k");
	assert_in_range(look(s).free_bytes, 4096, 256 * 1024);
	assert_refused(s, big, ENOSPC,
		       "hosts: the disk that it is on is full: ");
	/* What does fit is written. */
	stage_must_apply(s, "new\n");
	stage_must_undo(s, 0);
}

static void a_full_state_folder_is_told_before(void **state)
{
	struct stage *s = *state;

	stage_put(s->file, big);
	small_disk(s->state, "256k");
	{
		struct diag_writer *w = stage_open(s);
		struct diag_err err = { 0 };

		/* The old bytes would not fit. */
		assert_false(diag_writer_can(w, 4, &err));
		stage_assert_error(&err, DIAG_EIO, ENOSPC,
				   "the disk of the state folder is full: ");
		diag_writer_close(w);
	}
	{
		struct diag_err err = { 0 };

		assert_false(stage_apply(s, "new\n", &err));
	}
	stage_assert_holds(s->file, big);
	stage_assert_clean(s);
}

static void a_disk_without_inodes_leaves_the_old_file(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };

	/* The root and two files; no third. */
	assert_int_equal(0, mount("none", s->folder, "tmpfs", 0,
				  "size=1m,nr_inodes=2,mode=0700"));
	stage_put(s->file, "old\n");
	assert_false(stage_apply(s, "new\n", &err));
	stage_assert_error(&err, DIAG_EIO, ENOSPC,
			   "hosts: no new file can be made beside it");
	stage_assert_holds(s->file, "old\n");
	stage_assert_clean(s);
}

/* Somebody else takes the room between the check and the write. */
struct thief {
	struct stage *s;
	bool stolen;
};

/* The temporary file is there, and is about to be written. */
static bool steal(long call, void *ctx)
{
	struct thief *t = ctx;
	char path[256];
	int fd;

	if (t->stolen || call != SYS_write ||
	    stage_names(t->s->folder, ".pldiag-") == 0)
		return false;
	t->stolen = true;
	(void)snprintf(path, sizeof(path), "%s/thief", t->s->folder);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	while (write(fd, big, 4096) > 0)
		;
	(void)close(fd);
	return false;
}

static void apply_big(void *ctx)
{
	const struct thief *t = ctx;
	struct diag_err err = { 0 };

	if (stage_apply(t->s, big, &err) || err.sys != ENOSPC)
		_exit(3);
}

static void a_disk_that_fills_up_meanwhile_leaves_the_old_file(void **state)
{
	struct stage *s = *state;
	struct thief t = { s, false };
	struct tracer_plan plan = { .before = steal };

	if (!tracer_can_fail())
		skip();
	file_on_small_disk(s, "512k");
	assert_true(tracer_run(apply_big, &t, &plan).completed);
	assert_true(t.stolen);
	stage_assert_holds(s->file, "old\n");
	stage_assert_clean(s);
}

/* --- read-only
 * ------------------------------------------------------------------- */

static void make_read_only(const char *where)
{
	assert_int_equal(0, mount(where, where, NULL, MS_BIND, NULL));
	assert_int_equal(0, mount(NULL, where, NULL,
				  MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
}

static void a_read_only_file_system_is_told(void **state)
{
	struct stage *s = *state;

	make_read_only(s->folder);
	assert_true(look(s).read_only_fs);
	assert_refused(s, "new\n", EROFS,
		       "hosts: the file system it is on is mounted read-only");
}

static void a_read_only_mount_point_is_told(void **state)
{
	struct stage *s = *state;

	make_read_only(s->file);
	assert_true(look(s).read_only_fs);
	assert_true(look(s).mount_point);
	assert_refused(s, "new\n", EROFS, "mounted read-only");
	(void)umount2(s->file, MNT_DETACH);
}

static void a_read_only_state_folder_is_told(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };

	make_read_only(s->state);
	assert_false(stage_apply(s, "new\n", &err));
	stage_assert_error(&err, DIAG_EIO, EROFS, "state");
	stage_assert_holds(s->file, "old\n");
	assert_int_equal(0, stage_names(s->folder, ".pldiag-"));
}

/* --- a file that is a mount point
 * ------------------------------------------------- */

static void bound(struct stage *s)
{
	if (!stage_bind(s))
		skip();
}

/* What is under the mount, as its other side sees it. */
static void assert_under(const struct stage *s, const char *text)
{
	char under[256];

	(void)snprintf(under, sizeof(under), "%s/under", s->top);
	stage_assert_holds(under, text);
}

static void a_mount_point_is_told(void **state)
{
	bound(*state);
	assert_true(look(*state).mount_point);
}

static void a_mount_point_is_written_in_place(void **state)
{
	struct stage *s = *state;
	struct stat before, after;

	bound(s);
	assert_int_equal(0, stat(s->file, &before));
	stage_must_apply(s, "new and longer\n");
	assert_int_equal(0, stat(s->file, &after));
	assert_int_equal(before.st_ino, after.st_ino);
	assert_under(s, "new and longer\n");
	stage_must_apply(s, "x\n");
	assert_under(s, "x\n");
	stage_must_undo(s, 0);
	assert_under(s, "new and longer\n");
	stage_must_undo(s, 0);
	assert_under(s, "old\n");
	stage_assert_clean(s);
}

static void in_place_everything_about_it_stays(void **state)
{
	static const unsigned char caps[20] = { 1, 0, 0, 2, 0, 4 };
	struct stage *s = *state;
	unsigned char now[64];
	struct stat st;
	bool with_caps;

	bound(s);
	assert_int_equal(0, chmod(s->file, 04751));
	with_caps = setxattr(s->file, "security.capability", caps, sizeof(caps),
			     0) == 0;
	stage_must_apply(s, "new\n");
	assert_int_equal(0, stat(s->file, &st));
	assert_int_equal(04751, st.st_mode & 07777);
	if (!with_caps)
		return;
	assert_int_equal(sizeof(caps), getxattr(s->file, "security.capability",
						now, sizeof(now)));
	assert_memory_equal(caps, now, sizeof(caps));
}

/* In a container /etc itself may be read-only, and /etc/hosts not. */
static void in_place_the_folder_may_be_read_only(void **state)
{
	struct stage *s = *state;

	make_read_only(s->folder);
	bound(s);
	assert_false(look(s).read_only_fs);
	stage_must_apply(s, "new\n");
	assert_under(s, "new\n");
}

static void a_full_disk_under_a_mount_point_is_told_before(void **state)
{
	struct stage *s = *state;
	char disk[256], under[300];

	(void)snprintf(disk, sizeof(disk), "%s/disk", s->top);
	assert_int_equal(0, mkdir(disk, 0700));
	small_disk(disk, "64k");
	(void)snprintf(under, sizeof(under), "%s/hosts", disk);
	stage_put(under, "old\n");
	assert_int_equal(0, mount(under, s->file, NULL, MS_BIND, NULL));
	assert_refused(s, big, ENOSPC,
		       "hosts: the disk that it is on is full: ");
	stage_must_apply(s, "new\n");
	stage_assert_holds(under, "new\n");
	(void)umount2(s->file, MNT_DETACH);
	(void)umount2(disk, MNT_DETACH);
}

static void a_mount_point_is_not_removed(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };

	assert_int_equal(0, unlink(s->file));
	stage_must_apply(s, "new\n");
	bound(s);
	stage_put(s->file, "new\n");
	assert_false(stage_undo(s, 0, &err));
	stage_assert_error(&err, DIAG_EIO, EBUSY,
			   "hosts: it is a mount point and cannot be removed");
	stage_assert_holds(s->file, "new\n");
	stage_assert_clean(s);
}

/* A kernel that does not tell mount points: the rename does. */
static int no_statx(long call)
{
	return call == SYS_statx ? ENOSYS : 0;
}

static void apply_new(void *ctx)
{
	struct diag_err err = { 0 };

	if (!stage_apply(ctx, "new\n", &err))
		_exit(3);
}

static void a_mount_point_that_only_the_rename_notices(void **state)
{
	struct stage *s = *state;
	struct tracer_plan plan = { .always = no_statx };

	if (!tracer_can_fail())
		skip();
	bound(s);
	assert_true(tracer_run(apply_new, s, &plan).completed);
	assert_under(s, "new\n");
	stage_assert_clean(s);
	stage_must_undo(s, 0);
	assert_under(s, "old\n");
}

/* --- two disks
 * -------------------------------------------------------------------- */

static void the_state_folder_may_be_on_another_disk(void **state)
{
	struct stage *s = *state;

	small_disk(s->state, "2m");
	stage_must_apply(s, "new\n");
	stage_assert_holds(s->file, "new\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
	stage_must_undo(s, 2);
	stage_assert_holds(s->file, "new\n");
	stage_assert_clean(s);
}

/* What a container has: the file comes from a layer that is not written, and
 * has another number once it was. */
static void a_file_of_an_overlay_is_written(void **state)
{
	static const char *const names[3] = { "lower", "upper", "work" };
	struct stage *s = *state;
	char options[800], dir[3][200];

	for (int i = 0; i < 3; i++) {
		(void)snprintf(dir[i], sizeof(dir[i]), "%s/%s", s->top,
			       names[i]);
		assert_int_equal(0, mkdir(dir[i], 0755));
	}
	small_disk(dir[0], "1m"); /* two disks: the numbers differ */
	(void)snprintf(options, sizeof(options), "%s/hosts", dir[0]);
	stage_put(options, "old\n");
	(void)snprintf(options, sizeof(options),
		       "lowerdir=%s,upperdir=%s,workdir=%s,xino=off", dir[0],
		       dir[1], dir[2]);
	if (mount("none", s->folder, "overlay", 0, options) != 0) {
		(void)umount2(dir[0], MNT_DETACH);
		skip();
	}
	assert_false(look(s).mount_point);
	stage_must_apply(s, "new\n");
	stage_assert_holds(s->file, "new\n");
	stage_assert_clean(s);
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
	(void)umount2(s->folder, MNT_DETACH);
	(void)umount2(dir[0], MNT_DETACH);
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_setup, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(a_full_disk_is_told_before),
		ON_STAGE(a_full_state_folder_is_told_before),
		ON_STAGE(a_disk_without_inodes_leaves_the_old_file),
		ON_STAGE(a_disk_that_fills_up_meanwhile_leaves_the_old_file),
		ON_STAGE(a_read_only_file_system_is_told),
		ON_STAGE(a_read_only_mount_point_is_told),
		ON_STAGE(a_read_only_state_folder_is_told),
		ON_STAGE(a_mount_point_is_told),
		ON_STAGE(a_mount_point_is_written_in_place),
		ON_STAGE(in_place_everything_about_it_stays),
		ON_STAGE(in_place_the_folder_may_be_read_only),
		ON_STAGE(a_full_disk_under_a_mount_point_is_told_before),
		ON_STAGE(a_mount_point_is_not_removed),
		ON_STAGE(a_mount_point_that_only_the_rename_notices),
		ON_STAGE(the_state_folder_may_be_on_another_disk),
		ON_STAGE(a_file_of_an_overlay_is_written),
	};

	if (!stage_own_mounts()) {
		print_message("no mounts of our own here\n");
		return 77;
	}
	memset(big, 'b', sizeof(big) - 1);
	return cmocka_run_group_tests_name("writer_mounts", tests, NULL, NULL);
}

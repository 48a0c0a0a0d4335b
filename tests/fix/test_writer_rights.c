/* SPDX-License-Identifier: MIT */
/* Owner, mode and attributes stay, or nothing is written; what forbids a write
 * is told in a sentence, before anything is touched. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/fix/stage.h"

/* --- what stays
 * ------------------------------------------------------------------ */

static struct stat stat_of(const char *path)
{
	struct stat st;

	assert_int_equal(0, stat(path, &st));
	return st;
}

static void the_mode_stays(void **state)
{
	static const mode_t modes[] = { 0644, 0600,  0640,  0664,  0666,
					0755, 02755, 04755, 01644, 0200 };
	struct stage *s = *state;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (geteuid() != 0 && (modes[i] & 0400) == 0)
			continue;
		assert_int_equal(0, chmod(s->file, modes[i]));
		stage_must_apply(s, "new\n");
		assert_int_equal(modes[i], stat_of(s->file).st_mode & 07777);
		stage_must_undo(s, 0);
		assert_int_equal(modes[i], stat_of(s->file).st_mode & 07777);
	}
}

static void the_umask_takes_nothing_away(void **state)
{
	struct stage *s = *state;
	mode_t mask = umask(0077);

	assert_int_equal(0, chmod(s->file, 0666));
	stage_must_apply(s, "new\n");
	(void)umask(mask);
	assert_int_equal(0666, stat_of(s->file).st_mode & 07777);
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
}

static void the_owner_stays(void **state)
{
	struct stage *s = *state;

	if (geteuid() != 0 || chown(s->file, 1234, 5678) != 0)
		skip(); /* only root can give files away */
	assert_int_equal(0, chmod(s->file, 06755));
	stage_must_apply(s, "new\n");
	assert_int_equal(1234, stat_of(s->file).st_uid);
	assert_int_equal(5678, stat_of(s->file).st_gid);
	assert_int_equal(06755, stat_of(s->file).st_mode & 07777);
	stage_must_undo(s, 0);
	assert_int_equal(1234, stat_of(s->file).st_uid);
	stage_assert_holds(s->file, "old\n");
	stage_assert_clean(s);
}

/* A folder with the set-gid bit gives its group to new files. */
static void the_group_of_the_folder_is_not_taken_over(void **state)
{
	struct stage *s = *state;

	if (geteuid() != 0 || chown(s->folder, 0, 5678) != 0)
		skip();
	assert_int_equal(0, chmod(s->folder, 02755));
	stage_must_apply(s, "new\n");
	assert_int_equal(0, stat_of(s->file).st_gid);
}

static bool set(const char *path, const char *name, const char *value)
{
	return setxattr(path, name, value, strlen(value), 0) == 0;
}

static void assert_attr(const char *path, const char *name, const char *want)
{
	char value[70000];
	ssize_t n = getxattr(path, name, value, sizeof(value) - 1);

	if (n < 0)
		fail_msg("%s is gone: %s", name, strerror(errno));
	value[n] = '\0';
	assert_string_equal(want, value);
}

static void attributes_stay(void **state)
{
	struct stage *s = *state;

	if (!set(s->file, "user.origin", "somewhere") ||
	    !set(s->file, "user.empty", ""))
		skip(); /* the file system has none */
	stage_must_apply(s, "new\n");
	assert_attr(s->file, "user.origin", "somewhere");
	assert_attr(s->file, "user.empty", "");
	stage_must_undo(s, 0);
	assert_attr(s->file, "user.origin", "somewhere");
}

static void a_long_attribute_stays(void **state)
{
	struct stage *s = *state;
	char value[3001];

	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	if (!set(s->file, "user.long", value))
		skip();
	stage_must_apply(s, "new\n");
	assert_attr(s->file, "user.long", value);
}

static void attributes_of_root_stay(void **state)
{
	struct stage *s = *state;

	if (!set(s->file, "trusted.mark", "yes"))
		skip(); /* not root, or not here */
	stage_must_apply(s, "new\n");
	assert_attr(s->file, "trusted.mark", "yes");
}

/* As a label of SELinux; without SELinux the kernel keeps it as it is. */
static void a_label_stays(void **state)
{
	struct stage *s = *state;

	if (!set(s->file, "security.selinux",
		 "system_u:object_r:net_conf_t:s0"))
		skip();
	stage_must_apply(s, "new\n");
	assert_attr(s->file, "security.selinux",
		    "system_u:object_r:net_conf_t:s0");
	stage_must_undo(s, 0);
	assert_attr(s->file, "security.selinux",
		    "system_u:object_r:net_conf_t:s0");
}

/* struct vfs_cap_data of capabilities(7): cap_net_bind_service+ep */
static const unsigned char caps[20] = { 1, 0, 0, 2, 0, 4 };

static void capabilities_stay(void **state)
{
	struct stage *s = *state;
	unsigned char now[64];

	if (setxattr(s->file, "security.capability", caps, sizeof(caps), 0) !=
	    0)
		skip();
	stage_must_apply(s, "new\n");
	assert_int_equal(sizeof(caps), getxattr(s->file, "security.capability",
						now, sizeof(now)));
	assert_memory_equal(caps, now, sizeof(caps));
}

/* acl(5) as the kernel has it: version 2, then tag, permissions, id. */
#define NO_ID 255, 255, 255, 255
static const unsigned char acl[] = {
	2,  0, 0, 0, 1,	    0, 6, 0, NO_ID, /* user::rw- */
	2,  0, 4, 0, 210,   4, 0, 0,	    /* user:1234:r-- */
	4,  0, 4, 0, NO_ID,		    /* group::r-- */
	16, 0, 6, 0, NO_ID,		    /* mask::rw- */
	32, 0, 4, 0, NO_ID,		    /* other::r-- */
};
#define ACCESS	"system.posix_acl_access"
#define DEFAULT "system.posix_acl_default"

static void an_acl_stays(void **state)
{
	struct stage *s = *state;
	unsigned char now[200];

	if (setxattr(s->file, ACCESS, acl, sizeof(acl), 0) != 0)
		skip();
	stage_must_apply(s, "new\n");
	assert_int_equal(sizeof(acl),
			 getxattr(s->file, ACCESS, now, sizeof(now)));
	assert_memory_equal(acl, now, sizeof(acl));
	assert_int_equal(0664, stat_of(s->file).st_mode & 07777);
	stage_must_undo(s, 0);
	assert_int_equal(sizeof(acl),
			 getxattr(s->file, ACCESS, now, sizeof(now)));
}

static void an_acl_that_the_folder_gives_is_not_taken_over(void **state)
{
	struct stage *s = *state;
	unsigned char now[200];

	if (setxattr(s->folder, DEFAULT, acl, sizeof(acl), 0) != 0)
		skip();
	assert_int_equal(0, chmod(s->file, 0644));
	stage_must_apply(s, "new\n");
	assert_int_equal(-1, getxattr(s->file, ACCESS, now, sizeof(now)));
	assert_int_equal(ENODATA, errno);
	assert_int_equal(0644, stat_of(s->file).st_mode & 07777);
}

/* --- what forbids it
 * --------------------------------------------------------------- */

static void assert_refused(const struct stage *s, int sys, const char *words)
{
	struct diag_writer *w = stage_open(s);
	struct diag_err err = { 0 };

	/* Asked before, and told again by one who does not ask. */
	assert_false(diag_writer_can(w, 4, &err));
	stage_assert_error(&err, DIAG_EIO, sys, words);
	diag_writer_close(w);
	err = (struct diag_err){ 0 };
	assert_false(stage_apply(s, "new\n", &err));
	stage_assert_error(&err, DIAG_EIO, sys, words);
	stage_assert_holds(s->file, "old\n");
	stage_assert_clean(s);
}

static bool set_flag(const char *path, int flag, bool on)
{
	int fd = open(path, O_RDONLY);
	int flags = 0;
	bool ok = fd >= 0 && ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0;

	flags = on ? flags | flag : flags & ~flag;
	ok = ok && ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0;
	if (fd >= 0)
		(void)close(fd);
	return ok;
}

static struct diag_file_state look(const struct stage *s)
{
	struct diag_writer *w = stage_open(s);
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;

	assert_true(diag_writer_read(w, &text, &file, &err));
	diag_buf_clear(&text);
	diag_writer_close(w);
	return file;
}

static void an_immutable_file_is_told(void **state)
{
	struct stage *s = *state;

	if (!set_flag(s->file, FS_IMMUTABLE_FL, true))
		skip(); /* not root, or not here */
	assert_refused(s, EPERM, "hosts: it or its folder is immutable");
	assert_true(look(s).immutable);
	assert_true(set_flag(s->file, FS_IMMUTABLE_FL, false));
	assert_false(look(s).immutable);
}

static void an_append_only_file_is_told(void **state)
{
	struct stage *s = *state;

	if (!set_flag(s->file, FS_APPEND_FL, true))
		skip();
	assert_refused(s, EPERM, "hosts: it or its folder is append-only");
	assert_true(look(s).append_only);
	assert_true(set_flag(s->file, FS_APPEND_FL, false));
}

static void an_immutable_folder_is_told(void **state)
{
	struct stage *s = *state;

	if (!set_flag(s->folder, FS_IMMUTABLE_FL, true))
		skip();
	assert_refused(s, EPERM, "hosts: it or its folder is immutable");
	assert_true(set_flag(s->folder, FS_IMMUTABLE_FL, false));
}

/* What an ordinary user may not do, root tries as one in a child. */
static void as_user(const struct stage *s, void (*body)(const struct stage *s))
{
	int status = -1;
	pid_t pid;

	if (geteuid() != 0) {
		body(s);
		return;
	}
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setgid(4242) != 0 || setuid(4242) != 0)
			_exit(77);
		body(s);
		_exit(0);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(0, status);
}

/* Everything is the user's: his file, his folder, his state. */
static void give_all(const struct stage *s)
{
	if (geteuid() != 0)
		return;
	assert_int_equal(0, chown(s->top, 4242, 4242));
	assert_int_equal(0, chown(s->folder, 4242, 4242));
	assert_int_equal(0, chown(s->file, 4242, 4242));
	assert_int_equal(0, chown(s->state, 4242, 4242));
}

static void try_folder(const struct stage *s)
{
	assert_int_equal(0, chmod(s->folder, 0555));
	assert_false(look(s).folder_writable);
	assert_refused(s, EACCES, "hosts: its folder may not be written to");
	assert_int_equal(0, chmod(s->folder, 0755));
}

static void a_folder_that_may_not_be_written_is_told(void **state)
{
	give_all(*state);
	as_user(*state, try_folder);
}

static void try_file(const struct stage *s)
{
	assert_int_equal(0, chmod(s->file, 0444));
	assert_false(look(s).file_writable);
	assert_refused(s, EACCES, "hosts: it may not be written to (mode 0444");
	assert_int_equal(0, chmod(s->file, 0644));
	stage_must_apply(s, "new\n");
}

static void a_file_that_may_not_be_written_is_told(void **state)
{
	give_all(*state);
	as_user(*state, try_file);
}

static void try_owner(const struct stage *s)
{
	assert_refused(s, EPERM, "hosts: its owner (uid 0) could not be kept");
}

static void an_owner_that_would_be_lost_is_told(void **state)
{
	struct stage *s = *state;

	if (geteuid() != 0)
		skip();
	give_all(s);
	assert_int_equal(0, chown(s->file, 0, 0));
	assert_int_equal(0, chmod(s->file, 0666));
	as_user(s, try_owner);
}

static void try_sticky(const struct stage *s)
{
	assert_refused(s, EPERM,
		       "hosts: in a folder like this only its owner (uid 0)");
}

static void a_sticky_folder_is_told(void **state)
{
	struct stage *s = *state;

	if (geteuid() != 0)
		skip();
	give_all(s);
	assert_int_equal(0, chown(s->file, 0, 0));
	assert_int_equal(0, chown(s->folder, 0, 0));
	assert_int_equal(0, chmod(s->file, 0666));
	assert_int_equal(0, chmod(s->folder, 01777));
	as_user(s, try_sticky);
}

static void try_group(const struct stage *s)
{
	struct diag_err err = { 0 };

	assert_false(stage_apply(s, "new\n", &err));
	stage_assert_error(&err, DIAG_EIO, EPERM,
			   "hosts: its owner (uid 4242, gid 0) cannot be kept");
	stage_assert_holds(s->file, "old\n");
	stage_assert_clean(s);
}

/* Only seen when it is tried; still before the file is touched. */
static void a_group_that_would_be_lost_is_told(void **state)
{
	struct stage *s = *state;

	if (geteuid() != 0)
		skip();
	give_all(s);
	assert_int_equal(0, chown(s->file, 4242, 0));
	as_user(s, try_group);
}

static void try_drop_box(const struct stage *s)
{
	assert_int_equal(0, chmod(s->folder, 0300));
	stage_must_apply(s, "new\n");
	stage_assert_holds(s->file, "new\n");
	stage_must_undo(s, 0);
	assert_int_equal(0, chmod(s->folder, 0755));
}

static void a_folder_that_may_not_be_listed_is_no_obstacle(void **state)
{
	give_all(*state);
	as_user(*state, try_drop_box);
	stage_assert_holds(((struct stage *)*state)->file, "old\n");
}

static void try_user(const struct stage *s)
{
	stage_must_apply(s, "new\n");
	stage_must_undo(s, 0);
}

static void a_user_needs_no_rights_for_his_own_file(void **state)
{
	give_all(*state);
	as_user(*state, try_user);
	stage_assert_holds(((struct stage *)*state)->file, "old\n");
}

#define ON_DISK(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(the_mode_stays),
		ON_DISK(the_umask_takes_nothing_away),
		ON_DISK(the_owner_stays),
		ON_DISK(the_group_of_the_folder_is_not_taken_over),
		ON_DISK(attributes_stay),
		ON_DISK(a_long_attribute_stays),
		ON_DISK(attributes_of_root_stay),
		ON_DISK(a_label_stays),
		ON_DISK(capabilities_stay),
		ON_DISK(an_acl_stays),
		ON_DISK(an_acl_that_the_folder_gives_is_not_taken_over),
		ON_DISK(an_immutable_file_is_told),
		ON_DISK(an_append_only_file_is_told),
		ON_DISK(an_immutable_folder_is_told),
		ON_DISK(a_folder_that_may_not_be_written_is_told),
		ON_DISK(a_file_that_may_not_be_written_is_told),
		ON_DISK(an_owner_that_would_be_lost_is_told),
		ON_DISK(a_sticky_folder_is_told),
		ON_DISK(a_group_that_would_be_lost_is_told),
		ON_DISK(a_folder_that_may_not_be_listed_is_no_obstacle),
		ON_DISK(a_user_needs_no_rights_for_his_own_file),
	};

	return cmocka_run_group_tests_name("writer_rights", tests, NULL, NULL);
}

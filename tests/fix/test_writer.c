/* SPDX-License-Identifier: MIT */
/* A file is read, written, and brought back; whatever leads to it stays as it
 * is, and so does every byte that nobody asked to change. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "fix/journal.h"
#include "tests/fix/past.h"
#include "tests/fix/stage.h"
#include "tests/support/torture.h"

static const struct diag_change_note note = { "pl-hosts apply", "ws1103" };

/* What the writer says of path. */
static struct diag_file_state look(const struct stage *s, const char *path)
{
	struct diag_writer *w = NULL;
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;

	if (!diag_writer_open(s->state, path, "test", 0, &w, &err) ||
	    !diag_writer_read(w, &text, &file, &err))
		fail_msg("%s", stage_error(&err));
	diag_buf_clear(&text);
	diag_writer_close(w);
	file.real_path = NULL; /* it was the writer's */
	return file;
}

/* apply through another path to the file */
static void apply_at(const struct stage *s, const char *path, const char *text)
{
	struct stage other = *s;

	(void)snprintf(other.file, sizeof(other.file), "%s", path);
	stage_must_apply(&other, text);
}

static void join(char out[512], const struct stage *s, const char *name)
{
	(void)snprintf(out, 512, "%s/%s", s->folder, name);
}

/* --- reading ----------------------------------------------------------------
 */

static void the_bytes_are_read_as_they_are(void **state)
{
	static const char odd[] = "\xef\xbb\xbfx\r\ny\nz\0\xff\tno end";
	struct stage *s = *state;
	struct diag_writer *w = stage_open(s);
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;

	stage_put_bytes(s->file, odd, sizeof(odd) - 1);
	assert_true(diag_writer_read(w, &text, &file, &err));
	assert_int_equal(sizeof(odd) - 1, text.len);
	assert_memory_equal(odd, text.data, text.len);
	assert_string_equal(s->file, file.real_path);
	diag_buf_clear(&text);
	diag_writer_close(w);
}

static void an_ordinary_file_has_nothing_to_tell(void **state)
{
	struct stage *s = *state;
	struct diag_file_state file;

	assert_int_equal(0, chmod(s->file, 0640));
	file = look(s, s->file);
	assert_false(file.symlink || file.mount_point || file.read_only_fs ||
		     file.immutable || file.append_only || file.missing);
	assert_true(file.folder_writable && file.file_writable);
	assert_int_equal(1, file.hard_links);
	assert_int_equal(0640, file.mode);
	assert_int_equal(geteuid(), file.uid);
	assert_int_equal(getegid(), file.gid);
	assert_true(file.free_bytes > 0);
}

static void a_file_that_is_not_there_is_told(void **state)
{
	struct stage *s = *state;

	assert_int_equal(0, unlink(s->file));
	assert_true(look(s, s->file).missing);
}

static void hard_links_are_counted(void **state)
{
	struct stage *s = *state;
	char other[512];

	join(other, s, "other");
	assert_int_equal(0, link(s->file, other));
	assert_int_equal(2, look(s, s->file).hard_links);
	/* The other name keeps the old, as the header says. */
	stage_must_apply(s, "new\n");
	stage_assert_holds(other, "old\n");
	stage_assert_holds(s->file, "new\n");
	assert_int_equal(1, look(s, s->file).hard_links);
	/* And what is kept for undo is not that file. */
	stage_put(other, "mine\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
	stage_assert_holds(other, "mine\n");
}

static void what_is_no_file_is_refused(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };
	char path[512];

	assert_int_equal(0, unlink(s->file));
	assert_int_equal(0, mkfifo(s->file, 0600));
	assert_false(stage_apply(s, "x", &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "hosts: not a file that can");
	assert_int_equal(0, unlink(s->file));
	assert_int_equal(0, mkdir(s->file, 0700));
	err = (struct diag_err){ 0 };
	assert_false(stage_apply(s, "x", &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "hosts: not a file that can");
	join(path, s, "hosts/");
	err = open_error(s->state, path);
	assert_int_equal(EISDIR, err.sys);
}

static void a_socket_is_refused(void **state)
{
	struct stage *s = *state;
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct diag_err err = { 0 };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(0, unlink(s->file));
	assert_true(strlen(s->file) < sizeof(sun.sun_path));
	memcpy(sun.sun_path, s->file, strlen(s->file) + 1);
	assert_int_equal(0, bind(fd, (struct sockaddr *)&sun, sizeof(sun)));
	assert_false(stage_apply(s, "x", &err));
	assert_int_equal(ENXIO, err.sys);
	(void)close(fd);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
	struct stage *s = *state;
	struct diag_err err;
	char path[512];

	join(path, s, "no/hosts");
	err = open_error(s->state, path);
	stage_assert_error(&err, DIAG_EIO, ENOENT, "no/hosts");
	err = open_error(s->state, "");
	assert_int_equal(ENOENT, err.sys);
}

/* --- the way to it
 * ------------------------------------------------------------ */

static void a_link_stays_a_link_and_its_target_is_written(void **state)
{
	struct stage *s = *state;
	char path[512], to[512];
	ssize_t n;

	join(path, s, "link");
	assert_int_equal(0, symlink("hosts", path));
	assert_true(look(s, path).symlink);
	apply_at(s, path, "new\n");
	stage_assert_holds(s->file, "new\n");
	n = readlink(path, to, sizeof(to));
	assert_int_equal(5, n);
	assert_memory_equal("hosts", to, 5);
	/* It is the same file, with the same history. */
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
}

static void a_chain_of_links_is_followed(void **state)
{
	struct stage *s = *state;
	char path[512], next[512];
	struct stat st;

	join(path, s, "absolute");
	assert_int_equal(0, symlink(s->file, path));
	join(next, s, "../relative");
	assert_int_equal(0, symlink("etc/absolute", next));
	join(path, s, "last");
	assert_int_equal(0, symlink("../relative", path));
	apply_at(s, path, "new\n");
	stage_assert_holds(s->file, "new\n");
	assert_int_equal(0, lstat(path, &st));
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(0, lstat(next, &st));
	assert_true(S_ISLNK(st.st_mode));
}

static void a_link_of_a_folder_on_the_way_is_followed(void **state)
{
	struct stage *s = *state;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/way", s->top);
	assert_int_equal(0, symlink("etc", path));
	(void)snprintf(path, sizeof(path), "%s/way/hosts", s->top);
	assert_false(look(s, path).symlink); /* the file itself is none */
	apply_at(s, path, "new\n");
	stage_must_undo(s, 0); /* by the direct way: one history */
	stage_assert_holds(s->file, "old\n");
}

static void a_link_to_nothing_makes_its_target(void **state)
{
	struct stage *s = *state;
	char path[512], target[512];

	join(path, s, "dangling");
	join(target, s, "made");
	assert_int_equal(0, symlink("made", path));
	assert_true(look(s, path).missing);
	apply_at(s, path, "new\n");
	stage_assert_holds(target, "new\n");
	stage_assert_holds(path, "new\n");
}

static void links_in_a_ring_are_an_error(void **state)
{
	struct stage *s = *state;
	struct diag_err err;
	char a[512], b[512];

	join(a, s, "a");
	join(b, s, "b");
	assert_int_equal(0, symlink("b", a));
	assert_int_equal(0, symlink("a", b));
	err = open_error(s->state, a);
	stage_assert_error(&err, DIAG_EIO, ELOOP, "/a");
}

static void dots_lead_to_the_same_history(void **state)
{
	struct stage *s = *state;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/./../etc//hosts", s->folder);
	apply_at(s, path, "new\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
}

static void a_relative_path_leads_to_the_same_history(void **state)
{
	struct stage *s = *state;
	int here = open(".", O_RDONLY | O_DIRECTORY);

	assert_int_equal(0, chdir(s->folder));
	apply_at(s, "hosts", "new\n");
	assert_int_equal(0, fchdir(here));
	(void)close(here);
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
}

static void two_files_have_two_histories(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };
	char path[512];

	join(path, s, "other");
	stage_put(path, "other\n");
	stage_must_apply(s, "new\n");
	apply_at(s, path, "changed\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
	stage_assert_holds(path, "changed\n");
	assert_false(stage_undo(s, 0, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "nothing to undo");
}

/* An error has room for 200 bytes; a path may be longer. */
static void a_long_path_does_not_hide_what_is_wrong(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = NULL;
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;
	char path[600];

	(void)snprintf(path, sizeof(path), "%s/%0150d", s->top, 1);
	assert_int_equal(0, mkdir(path, 0755));
	(void)snprintf(path, sizeof(path), "%s/%0150d/%0150d", s->top, 1, 2);
	assert_int_equal(0, mkfifo(path, 0600));
	assert_true(diag_writer_open(s->state, path, "t", 0, &w, &err));
	assert_false(diag_writer_read(w, &text, &file, &err));
	diag_buf_clear(&text);
	diag_writer_close(w);
	assert_int_equal('.', err.what[0]);
	stage_assert_error(&err, DIAG_EUSAGE, 0,
			   "0002: not a file that can be rewritten");
}

/* --- writing
 * ------------------------------------------------------------------ */

static void what_is_committed_is_there(void **state)
{
	struct stage *s = *state;

	stage_must_apply(s, "new\n");
	stage_assert_holds(s->file, "new\n");
	stage_assert_clean(s);
	assert_int_equal(1, stage_names(s->folder, ""));
}

static void every_byte_is_written_as_it_is(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = stage_open(s);
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;
	char all[4096];
	uint64_t id;

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)(i * 31 + i / 256);
	assert_true(diag_writer_read(w, &text, &file, &err));
	diag_buf_clear(&text);
	assert_true(diag_writer_commit(w, all, sizeof(all), &note, &id, &err));
	assert_true(diag_file_read(s->file, 8192, &text, &err));
	assert_int_equal(sizeof(all), text.len);
	assert_memory_equal(all, text.data, sizeof(all));
	diag_buf_clear(&text);
	diag_writer_close(w);
}

static void line_ends_and_bom_are_nobodys_business(void **state)
{
	static const char text[] = "\xef\xbb\xbf# a\r\n10.0.0.1 b\r\n# c\nd";
	struct stage *s = *state;

	stage_put(s->file, text);
	stage_must_apply(s, "\xef\xbb\xbfx\r\ny\n");
	stage_assert_holds(s->file, "\xef\xbb\xbfx\r\ny\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, text);
}

static void an_empty_file_can_come_and_go(void **state)
{
	struct stage *s = *state;

	stage_must_apply(s, "");
	stage_assert_holds(s->file, "");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
	stage_must_undo(s, 2);
	stage_assert_holds(s->file, "");
}

static void the_same_bytes_are_no_change(void **state)
{
	struct stage *s = *state;
	struct stat before, after;
	struct diag_err err = { 0 };

	assert_int_equal(0, stat(s->file, &before));
	stage_must_apply(s, "old\n");
	assert_int_equal(0, stat(s->file, &after));
	assert_int_equal(before.st_ino, after.st_ino);
	assert_false(stage_undo(s, 0, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "nothing to undo");
}

static void a_missing_file_is_made_readable_for_all(void **state)
{
	struct stage *s = *state;
	mode_t mask = umask(0077);
	struct stat st;

	assert_int_equal(0, unlink(s->file));
	stage_must_apply(s, "new\n");
	(void)umask(mask);
	assert_int_equal(0, stat(s->file, &st));
	assert_int_equal(0644, st.st_mode & 07777);
	stage_assert_holds(s->file, "new\n");
}

static void undo_removes_what_was_made_and_undo_of_undo_makes_it(void **state)
{
	struct stage *s = *state;
	struct stat st;

	assert_int_equal(0, unlink(s->file));
	stage_must_apply(s, "new\n");
	assert_int_equal(0, chmod(s->file, 0600));
	stage_must_undo(s, 0);
	assert_int_equal(-1, access(s->file, F_OK));
	stage_assert_clean(s);
	stage_must_undo(s, 2);
	stage_assert_holds(s->file, "new\n");
	assert_int_equal(0, stat(s->file, &st));
	assert_int_equal(0600, st.st_mode & 07777);
}

static void two_commits_in_one_go_are_two_changes(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = stage_open(s);
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;
	uint64_t id;

	assert_true(diag_writer_read(w, &text, &file, &err));
	diag_buf_clear(&text);
	assert_true(diag_writer_commit(w, "1\n", 2, &note, &id, &err));
	assert_int_equal(1, id);
	assert_true(diag_writer_commit(w, "2\n", 2, &note, &id, &err));
	assert_int_equal(2, id);
	stage_assert_holds(s->file, "2\n");
	assert_true(diag_writer_undo(w, 0, &note, &err));
	stage_assert_holds(s->file, "1\n");
	assert_true(diag_writer_undo(w, 0, &note, &err));
	stage_assert_holds(s->file, "old\n");
	diag_writer_close(w);
}

static void a_commit_without_a_read_is_refused(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = stage_open(s);
	struct diag_err err = { 0 };
	uint64_t id;

	assert_false(diag_writer_commit(w, "x", 1, &note, &id, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "has to be read before");
	diag_writer_close(w);
	stage_assert_holds(s->file, "old\n");
}

static void a_file_of_many_megabytes_is_written_and_brought_back(void **state)
{
	struct stage *s = *state;
	size_t len = (size_t)9 << 20;
	char *big = malloc(len + 1), *bigger = malloc(len + 1001);

	assert_true(big != NULL && bigger != NULL);
	for (size_t i = 0; i < len; i++)
		big[i] = (char)('a' + i % 23);
	big[len] = '\0';
	memset(bigger, '#', len + 1000);
	bigger[len + 1000] = '\0';
	stage_put(s->file, big);
	stage_must_apply(s, bigger);
	stage_assert_holds(s->file, bigger);
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, big);
	free(big);
	free(bigger);
}

static void a_file_over_the_limit_is_not_read(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };

	if (truncate(s->file, (off_t)DIAG_WRITER_BYTES + 1) != 0)
		skip();
	assert_false(stage_apply(s, "x", &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
}

/* --- history and undo
 * ----------------------------------------------------------- */

static void the_history_tells_what_was_done(void **state)
{
	struct stage *s = *state;
	struct past p = past_of(s);

	assert_int_equal(0, p.n);
	diag_arena_clear(&p.arena);
	stage_must_apply(s, "new line\n");
	stage_must_undo(s, 0);
	p = past_of(s);
	assert_int_equal(2, p.n);
	assert_int_equal(1, p.c[0].id);
	assert_int_equal(DIAG_CHANGE_APPLY, p.c[0].kind);
	assert_string_equal("test apply", p.c[0].tool);
	assert_string_equal("a test", p.c[0].about);
	assert_int_equal(4, p.c[0].old_len);
	assert_int_equal(9, p.c[0].new_len);
	assert_true(p.c[0].undone);
	assert_true(p.c[0].at_s > 1700000000);
	assert_int_equal(DIAG_CHANGE_UNDO, p.c[1].kind);
	assert_int_equal(1, p.c[1].undoes);
	assert_false(p.c[1].undone);
	assert_string_equal(p.c[0].old_sha256, p.c[1].new_sha256);
	assert_string_equal(p.c[0].new_sha256, p.c[1].old_sha256);
	diag_arena_clear(&p.arena);
}

static void undo_without_a_number_goes_back_apply_by_apply(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };

	stage_must_apply(s, "1\n");
	stage_must_apply(s, "2\n");
	stage_must_apply(s, "3\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "2\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "1\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
	assert_false(stage_undo(s, 0, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "hosts: nothing to undo");
}

static void undo_with_a_number_goes_back_all_the_way(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };

	stage_must_apply(s, "1\n");
	stage_must_apply(s, "2\n");
	stage_must_apply(s, "3\n");
	stage_must_undo(s, 2);
	stage_assert_holds(s->file, "1\n");
	assert_false(stage_undo(s, 3, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "change 3 is undone already");
	err = (struct diag_err){ 0 };
	assert_false(stage_undo(s, 99, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "no change 99");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
}

static void an_undo_can_be_undone(void **state)
{
	struct stage *s = *state;

	stage_must_apply(s, "1\n");
	stage_must_undo(s, 0); /* 2 */
	stage_must_undo(s, 2); /* 3: 1 stands again */
	stage_assert_holds(s->file, "1\n");
	stage_must_undo(s, 0); /* 4 undoes 1 */
	stage_assert_holds(s->file, "old\n");
}

static void undo_text_says_what_undo_would_write(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w;
	struct diag_err err = { 0 };
	struct diag_buf text;
	uint64_t which = 0;
	bool edited = true;

	stage_must_apply(s, "new\n");
	w = stage_open(s);
	assert_true(diag_writer_undo_text(w, 0, &text, &which, &edited, &err));
	assert_string_equal("old\n", diag_buf_str(&text));
	assert_int_equal(1, which);
	assert_false(edited);
	diag_buf_clear(&text);
	stage_put(s->file, "mine\n");
	assert_true(diag_writer_undo_text(w, 1, &text, &which, &edited, &err));
	assert_true(edited);
	diag_buf_clear(&text);
	/* Asked for all the same, it is done; and what was there is kept. */
	assert_true(diag_writer_undo(w, 1, &note, &err));
	stage_assert_holds(s->file, "old\n");
	assert_true(diag_writer_undo(w, 2, &note, &err));
	stage_assert_holds(s->file, "mine\n");
	diag_writer_close(w);
}

static void a_removed_file_counts_as_edited(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w;
	struct diag_err err = { 0 };
	struct diag_buf text;
	uint64_t which;
	bool edited = false;

	stage_must_apply(s, "new\n");
	assert_int_equal(0, unlink(s->file));
	w = stage_open(s);
	assert_true(diag_writer_undo_text(w, 0, &text, &which, &edited, &err));
	assert_true(edited);
	diag_buf_clear(&text);
	assert_true(diag_writer_undo(w, 0, &note, &err));
	stage_assert_holds(s->file, "old\n");
	diag_writer_close(w);
}

static void an_edit_after_undo_text_stops_the_undo(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w;
	struct diag_err err = { 0 };
	struct diag_buf text;
	uint64_t which;
	bool edited;

	stage_must_apply(s, "new\n");
	w = stage_open(s);
	assert_true(diag_writer_undo_text(w, 0, &text, &which, &edited, &err));
	diag_buf_clear(&text);
	stage_put(s->file, "mine\n");
	assert_false(diag_writer_undo(w, 0, &note, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "changed by somebody else");
	diag_writer_close(w);
	stage_assert_holds(s->file, "mine\n");
}

/* Somebody took the change back by hand: only the history has to know. */
static void an_undo_of_what_is_undone_by_hand_is_noted(void **state)
{
	struct stage *s = *state;
	struct past p;

	stage_must_apply(s, "new\n");
	stage_put(s->file, "old\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
	p = past_of(s);
	assert_int_equal(2, p.n);
	assert_true(p.c[0].undone);
	diag_arena_clear(&p.arena);
	stage_must_undo(s, 2);
	stage_assert_holds(s->file, "old\n");
}

static void the_same_bytes_are_kept_once(void **state)
{
	struct stage *s = *state;
	char kept[512];

	for (int i = 0; i < 4; i++) {
		stage_must_apply(s, "new\n");
		stage_must_undo(s, 0);
	}
	files_kept(s, kept);
	/* lock, journal, old, new */
	assert_int_equal(4, stage_names(kept, ""));
}

static void spoiled_bytes_are_not_brought_back(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };
	char kept[512], path[600];

	stage_must_apply(s, "new\n");
	files_kept(s, kept);
	(void)snprintf(path, sizeof(path), "%s/" OLD_SHA, kept);
	stage_assert_holds(path, "old\n");
	stage_put(path, "OLD\n");
	assert_false(stage_undo(s, 0, &err));
	stage_assert_error(&err, DIAG_EIO, EIO, "kept from then are damaged");
	stage_assert_holds(s->file, "new\n");
	assert_int_equal(0, unlink(path));
	err = (struct diag_err){ 0 };
	assert_false(stage_undo(s, 0, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "no longer kept");
}

static void spoiled_bytes_are_kept_anew(void **state)
{
	struct stage *s = *state;
	char kept[512], path[600];

	stage_must_apply(s, "new\n");
	stage_must_undo(s, 0);
	files_kept(s, kept);
	(void)snprintf(path, sizeof(path), "%s/" OLD_SHA, kept);
	stage_put(path, "OLD\n");
	stage_must_apply(s, "newer\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
}

static void what_is_kept_is_nobodys_to_read(void **state)
{
	struct stage *s = *state;
	char kept[512], path[600];
	struct stat st;

	assert_int_equal(0, chmod(s->file, 0644));
	stage_must_apply(s, "new\n");
	files_kept(s, kept);
	assert_int_equal(0, stat(kept, &st));
	assert_int_equal(0700, st.st_mode & 07777);
	(void)snprintf(path, sizeof(path), "%s/" OLD_SHA, kept);
	assert_int_equal(0, stat(path, &st));
	assert_int_equal(0600, st.st_mode & 07777);
	(void)snprintf(path, sizeof(path), "%s/journal", kept);
	assert_int_equal(0, stat(path, &st));
	assert_int_equal(0600, st.st_mode & 07777);
}

#define ON_DISK(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)
#define ON_STAGE(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup_quick, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(the_bytes_are_read_as_they_are),
		ON_STAGE(an_ordinary_file_has_nothing_to_tell),
		ON_STAGE(a_file_that_is_not_there_is_told),
		ON_STAGE(hard_links_are_counted),
		ON_STAGE(what_is_no_file_is_refused),
		ON_STAGE(a_socket_is_refused),
		ON_STAGE(a_folder_that_is_not_there_is_an_error),
		ON_STAGE(a_link_stays_a_link_and_its_target_is_written),
		ON_STAGE(a_chain_of_links_is_followed),
		ON_STAGE(a_link_of_a_folder_on_the_way_is_followed),
		ON_STAGE(a_link_to_nothing_makes_its_target),
		ON_STAGE(links_in_a_ring_are_an_error),
		ON_STAGE(dots_lead_to_the_same_history),
		ON_STAGE(a_relative_path_leads_to_the_same_history),
		ON_STAGE(two_files_have_two_histories),
		ON_STAGE(a_long_path_does_not_hide_what_is_wrong),
		ON_DISK(what_is_committed_is_there),
		ON_STAGE(every_byte_is_written_as_it_is),
		ON_STAGE(line_ends_and_bom_are_nobodys_business),
		ON_STAGE(an_empty_file_can_come_and_go),
		ON_STAGE(the_same_bytes_are_no_change),
		ON_STAGE(a_missing_file_is_made_readable_for_all),
		ON_DISK(undo_removes_what_was_made_and_undo_of_undo_makes_it),
		ON_STAGE(two_commits_in_one_go_are_two_changes),
		ON_STAGE(a_commit_without_a_read_is_refused),
		ON_DISK(a_file_of_many_megabytes_is_written_and_brought_back),
		ON_DISK(a_file_over_the_limit_is_not_read),
		ON_STAGE(the_history_tells_what_was_done),
		ON_STAGE(undo_without_a_number_goes_back_apply_by_apply),
		ON_STAGE(undo_with_a_number_goes_back_all_the_way),
		ON_STAGE(an_undo_can_be_undone),
		ON_STAGE(undo_text_says_what_undo_would_write),
		ON_STAGE(a_removed_file_counts_as_edited),
		ON_STAGE(an_edit_after_undo_text_stops_the_undo),
		ON_STAGE(an_undo_of_what_is_undone_by_hand_is_noted),
		ON_STAGE(the_same_bytes_are_kept_once),
		ON_STAGE(spoiled_bytes_are_not_brought_back),
		ON_STAGE(spoiled_bytes_are_kept_anew),
		ON_STAGE(what_is_kept_is_nobodys_to_read),
	};

	return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}

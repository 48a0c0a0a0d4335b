/* SPDX-License-Identifier: MIT */
/* take_posix.c - files opened with care.
 *
 * A path may lead to anything: a pipe that nobody writes to, a device whose
 * opening does something, another file through a link, and it may change while
 * we look.  So it is first held without being opened (O_PATH, open(2)), then
 * asked what it is and where it is, and what was held is opened.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/never.h"
#include "tools/pl-bundle/take.h"

#define FD_NAME 64    /* bytes of "/proc/self/fd/N" */
#define CHUNK	16384 /* bytes read at once */

static void refuse(struct take_file *f, enum diag_item_state state,
		   const char *reason)
{
	f->state = state;
	f->reason = reason;
}

static const char *text_of(int sys)
{
	switch (sys) {
	case EACCES:
	case EPERM:
		return "no right to read it";
	case ELOOP:
		return "links that lead in a circle";
	case ENAMETOOLONG:
		return "its name is too long";
	default:
		return "it cannot be opened";
	}
}

/* May it be taken, by this name? */
static bool may(const char *path, bool in_part, struct take_file *f)
{
	const char *why;
	enum diag_never never = diag_never_path(path, &why);

	if (never == DIAG_NEVER_NOT || (never == DIAG_NEVER_WHOLE && in_part))
		return true;
	refuse(f, DIAG_ITEM_WITHHELD, why);
	return false;
}

/* Where the file is that is held, without the root. */
static bool find_real(const struct take_place *place, int held,
		      struct take_file *f)
{
	char name[FD_NAME];
	size_t root = strlen(place->root);
	ssize_t n;

	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", held);
	n = readlink(name, f->real, sizeof(f->real) - 1);
	if (n <= 0 || f->real[0] != '/') {
		f->real[0] = '\0';
		return false;
	}
	f->real[n] = '\0';
	if (root > 0 && strncmp(f->real, place->root, root) == 0 &&
	    f->real[root] == '/')
		memmove(f->real, f->real + root, strlen(f->real + root) + 1);
	return true;
}

static void open_held(const struct take_place *place, int held, bool in_part,
		      struct take_file *f)
{
	char name[FD_NAME];
	struct stat st;

	if (fstat(held, &st) == 0 && S_ISDIR(st.st_mode)) {
		refuse(f, DIAG_ITEM_MISSING, "a folder");
		return;
	}
	if (fstat(held, &st) != 0 || !S_ISREG(st.st_mode)) {
		refuse(f, DIAG_ITEM_WITHHELD, "not a regular file");
		return;
	}
	if (!find_real(place, held, f)) {
		refuse(f, DIAG_ITEM_WITHHELD, "where it is cannot be told");
		return;
	}
	if (!may(f->real, in_part, f))
		return;
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", held);
	f->fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (f->fd < 0)
		refuse(f, DIAG_ITEM_FAILED, text_of(errno));
}

void take_open(const struct take_place *place, const char *path, bool in_part,
	       struct take_file *out)
{
	char full[2 * TAKE_PATH];
	int held;

	*out = (struct take_file){ .fd = -1, .state = DIAG_ITEM_TAKEN };
	if (!may(path, in_part, out))
		return;
	(void)snprintf(full, sizeof(full), "%s%s", place->root, path);
	held = open(full, O_PATH | O_CLOEXEC);
	if (held < 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			refuse(out, DIAG_ITEM_MISSING, "not there");
		else
			refuse(out, DIAG_ITEM_FAILED, text_of(errno));
		return;
	}
	open_held(place, held, in_part, out);
	(void)close(held);
}

/* Not by diag_fd_read(), which keeps nothing of a piece that does not fit. */
static ssize_t read_some(int fd, size_t max, struct diag_buf *out, bool *cut)
{
	char chunk[CHUNK];
	ssize_t n;

	do {
		n = read(fd, chunk, sizeof(chunk));
		if (n > 0 && (size_t)n > max - out->len) {
			n = (ssize_t)(max - out->len);
			*cut = true;
		}
		if (n > 0)
			diag_buf_put(out, chunk, (size_t)n);
	} while ((n > 0 && !*cut) || (n < 0 && errno == EINTR));
	return n;
}

bool take_read(struct take_file *f, size_t max, struct diag_buf *out, bool *cut)
{
	bool ok;

	*cut = false;
	diag_buf_init(out, max);
	ok = read_some(f->fd, max, out, cut) >= 0 && out->code == DIAG_OK;
	(void)close(f->fd);
	f->fd = -1;
	if (!ok)
		refuse(f, DIAG_ITEM_FAILED, "it cannot be read");
	return ok;
}

/* --- patterns --------------------------------------------------------------
 */

/* What is no pattern of ours must not become one. */
static bool put_plain(char *out, size_t size, const char *text)
{
	size_t n = strlen(out);

	for (; *text != '\0'; text++) {
		if (n + 3 > size)
			return false;
		if (strchr("*?[]\\", *text) != NULL)
			out[n++] = '\\';
		out[n++] = *text;
	}
	out[n] = '\0';
	return true;
}

static bool make_pattern(const struct take_place *place, const char *pattern,
			 char *out, size_t size)
{
	size_t n;

	out[0] = '\0';
	if (!put_plain(out, size, place->root))
		return false;
	if (pattern[0] == '~') {
		if (place->home[0] == '\0' ||
		    !put_plain(out, size, place->home))
			return false;
		pattern++;
	}
	n = strlen(out);
	return snprintf(out + n, size - n, "%s", pattern) < (int)(size - n);
}

bool take_glob(const struct take_place *place, const char *pattern,
	       bool (*each)(void *ctx, const char *path), void *ctx)
{
	char full[4 * TAKE_PATH];
	size_t root = strlen(place->root);
	bool all = true;
	glob_t found;

	if (!make_pattern(place, pattern, full, sizeof(full)))
		return true;
	if (glob(full, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++) {
			all = i < DIAG_COLLECT_MATCHES;
			if (!all || !each(ctx, found.gl_pathv[i] + root))
				break;
		}
	globfree(&found);
	return all;
}

/* SPDX-License-Identifier: MIT */
/* names.c - names from the command line and from a file of any size.
 *
 * The file is read in chunks and never waited for: a pipe that has nothing now
 * says so, and answers to earlier names go on being taken.  A line is a name,
 * maybe followed by more (dnsperf's files have a type); '#' begins a comment.
 */
#include "tools/pl-resolve/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"

bool resolve_names_open(struct resolve_names *n, const char *path,
			struct diag_err *err)
{
	struct stat st;

	n->fd = -1;
	n->ended = path == NULL;
	n->path = path;
	if (path == NULL)
		return true;
	if (strcmp(path, "-") == 0) {
		n->path = "standard input";
		n->fd = STDIN_FILENO;
	} else {
		n->fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (n->fd < 0 || fstat(n->fd, &st) != 0)
		return diag_fail_sys(err, "--names", "%s", n->path);
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return diag_fail_sys(err, "--names", "%s", n->path);
	}
	n->regular = S_ISREG(st.st_mode);
	return true;
}

void resolve_names_close(struct resolve_names *n)
{
	if (n->fd > STDIN_FILENO)
		(void)close(n->fd);
	n->fd = -1;
}

/* --- the command line ----------------------------------------------------- */

/* The host of a URL (RFC 3986, 3.2), or the word itself. */
static struct diag_slice host_of(const char *word)
{
	const char *authority = strstr(word, "://");
	struct diag_slice host = diag_slice_of(word);
	struct diag_slice user;
	struct diag_cursor c;

	if (authority == NULL)
		return host;
	authority += strlen("://");
	c = diag_cursor_of(authority, strcspn(authority, "/?#"));
	(void)diag_cursor_until(&c, '@', &user);
	host.p = (const char *)c.at;
	host.len = diag_cursor_left(&c);
	for (size_t n = 0; n < host.len; n++)
		if (host.p[n] == ':')
			host.len = n;
	return host;
}

bool resolve_names_add(struct resolve_names *n, const char *word,
		       struct diag_err *err)
{
	struct tool_call *call = n->call;
	struct diag_slice host = host_of(word);
	char name[DIAG_FQDN_MAX];
	const char *why = NULL, **at;

	if (!diag_fqdn_normal(host.p, host.len, name, &why))
		return diag_fail(err, DIAG_EUSAGE, "name", "\"%.60s%s\": %s",
				 word, strlen(word) > 60 ? "..." : "", why);
	at = diag_arena_push(&call->arena, &n->given, &n->n_given, sizeof(*at));
	if (at)
		*at = diag_arena_strdup(&call->arena, name);
	return (at && *at) || diag_fail_nomem(err, "names");
}

/* --- the file ------------------------------------------------------------- */

static enum diag_names_got fill(struct resolve_names *n)
{
	struct pollfd now = { .fd = n->fd, .events = POLLIN };
	ssize_t got;

	memmove(n->chunk, n->chunk + n->from, n->to - n->from);
	n->to -= n->from;
	n->from = 0;
	if (n->to == sizeof(n->chunk)) { /* one line fills it all */
		n->skipping = true;
		n->to = 0;
	}
	if (!n->regular && poll(&now, 1, 0) == 0)
		return DIAG_NAMES_LATER;
	got = read(n->fd, n->chunk + n->to, sizeof(n->chunk) - n->to);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return DIAG_NAMES_LATER;
	if (got < 0)
		n->failed = errno;
	if (got <= 0) {
		n->ended = true;
		return DIAG_NAMES_END;
	}
	n->to += (size_t)got;
	return DIAG_NAMES_GOT;
}

/* The next whole line, or the last without its end. */
static bool take_line(struct resolve_names *n, struct diag_slice *line)
{
	char *begin = n->chunk + n->from;
	char *end = memchr(begin, '\n', n->to - n->from);

	if (end == NULL && (!n->ended || n->from == n->to))
		return false;
	if (end == NULL)
		end = n->chunk + n->to;
	*line = (struct diag_slice){ begin, (size_t)(end - begin) };
	n->from = (size_t)(end - n->chunk) + 1;
	if (n->from > n->to)
		n->from = n->to;
	n->line++;
	return true;
}

static void bad_line(struct resolve_names *n, const char *why)
{
	n->bad++;
	tool_error(n->call, "%s:%u: %s", n->path, n->line, why);
}

/* false: the line holds no name. */
static bool name_of_line(struct resolve_names *n, struct diag_slice line,
			 char buf[DIAG_FQDN_MAX])
{
	struct diag_cursor c;
	struct diag_slice word;
	const char *why = NULL;

	if (n->skipping) {
		n->skipping = false;
		bad_line(n, "the line is too long");
		return false;
	}
	if (line.len > 0 && line.p[line.len - 1] == '\r')
		line.len--;
	c = diag_cursor_of(line.p, line.len);
	/* Windows' editors put a byte order mark first. */
	if (n->line == 1 && line.len >= 3 &&
	    memcmp(line.p, "\xef\xbb\xbf", 3) == 0)
		(void)diag_cursor_skip(&c, 3);
	if (!diag_cursor_word(&c, &word) || word.p[0] == '#')
		return false;
	if (diag_fqdn_normal(word.p, word.len, buf, &why))
		return true;
	bad_line(n, why);
	return false;
}

enum diag_names_got resolve_names_next(void *ctx, char buf[DIAG_FQDN_MAX])
{
	struct resolve_names *n = ctx;
	struct diag_slice line;
	enum diag_names_got got;

	if (n->next_given < n->n_given) {
		const char *name = n->given[n->next_given++];

		memcpy(buf, name, strlen(name) + 1);
		return DIAG_NAMES_GOT;
	}
	for (;;) {
		while (n->fd >= 0 && take_line(n, &line))
			if (name_of_line(n, line, buf))
				return DIAG_NAMES_GOT;
		if (n->ended)
			return DIAG_NAMES_END;
		got = fill(n);
		if (got == DIAG_NAMES_LATER)
			return got;
	}
}

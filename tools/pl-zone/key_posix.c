/* SPDX-License-Identifier: MIT */
/* key_posix.c - a key from its file, and nothing of it left behind. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/pl-zone/update.h"

#define OP "key file"

/* A pipe is fine: a password manager may write to it. */
static void warn(const struct tool_call *call, const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & S_IROTH) != 0)
		tool_error(call,
			   "%s: everybody on this machine can read this key; "
			   "chmod o-r %s",
			   path, path);
}

static bool read_all(int fd, char *text, size_t size, size_t *len)
{
	ssize_t n = 1;

	for (*len = 0; *len < size && n != 0;) {
		n = read(fd, text + *len, size - *len);
		if (n < 0 && errno != EINTR)
			return false;
		*len += n > 0 ? (size_t)n : 0;
	}
	return true;
}

bool zone_key_read(const struct tool_call *call, const char *path,
		   struct diag_tsig_key *out, struct diag_err *err)
{
	char text[DIAG_TSIG_KEY_BYTES + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t len = 0;
	bool ok;

	if (fd < 0)
		return diag_fail_sys(err, OP, "%s", path);
	warn(call, path, fd);
	ok = read_all(fd, text, sizeof(text), &len) ||
	     diag_fail_sys(err, OP, "%s", path);
	ok = ok && diag_tsig_key_read(path, text, len, out, err);
	OPENSSL_cleanse(text, sizeof(text));
	(void)close(fd);
	return ok;
}

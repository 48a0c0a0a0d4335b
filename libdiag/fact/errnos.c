/* SPDX-License-Identifier: MIT */
/* errnos.c - errno values by name, because the numbers differ between the
 * machine that saw them and the one that reads the case.
 *
 * The names are those of POSIX and, where a system has them, a few of Linux
 * that sockets give.  Where two names share a number the first one is
 * printed; both are read.
 */
#include "fact/fields.h"

#include <errno.h>
#include <string.h>

#define ROW(name)           \
	{                   \
#name, name \
	}

static const struct {
	const char *name;
	int number;
} rows[] = {
	ROW(ECONNREFUSED),
	ROW(ECONNRESET),
	ROW(ECONNABORTED),
	ROW(ETIMEDOUT),
	ROW(EHOSTUNREACH),
	ROW(ENETUNREACH),
	ROW(ENETDOWN),
	ROW(ENETRESET),
	ROW(EPIPE),
	ROW(EACCES),
	ROW(EPERM),
	ROW(EADDRNOTAVAIL),
	ROW(EADDRINUSE),
	ROW(EAFNOSUPPORT),
	ROW(EAGAIN),
	ROW(EWOULDBLOCK),
	ROW(EALREADY),
	ROW(EBADF),
	ROW(EBADMSG),
	ROW(EBUSY),
	ROW(ECANCELED),
	ROW(EDESTADDRREQ),
	ROW(EDOM),
	ROW(EEXIST),
	ROW(EFAULT),
	ROW(EFBIG),
	ROW(EILSEQ),
	ROW(EINPROGRESS),
	ROW(EINTR),
	ROW(EINVAL),
	ROW(EIO),
	ROW(EISCONN),
	ROW(EISDIR),
	ROW(ELOOP),
	ROW(EMFILE),
	ROW(EMSGSIZE),
	ROW(ENAMETOOLONG),
	ROW(ENFILE),
	ROW(ENOBUFS),
	ROW(ENODEV),
	ROW(ENOENT),
	ROW(ENOMEM),
	ROW(ENOPROTOOPT),
	ROW(ENOSPC),
	ROW(ENOSYS),
	ROW(ENOTCONN),
	ROW(ENOTDIR),
	ROW(ENOTSOCK),
	ROW(ENOTSUP),
	ROW(EOPNOTSUPP),
	ROW(ENOTTY),
	ROW(ENXIO),
	ROW(EOVERFLOW),
	ROW(EPROTO),
	ROW(EPROTONOSUPPORT),
	ROW(EPROTOTYPE),
	ROW(ERANGE),
	ROW(EROFS),
#ifdef EHOSTDOWN
	ROW(EHOSTDOWN),
#endif
#ifdef ENONET
	ROW(ENONET),
#endif
#ifdef ESHUTDOWN
	ROW(ESHUTDOWN),
#endif
#ifdef EPFNOSUPPORT
	ROW(EPFNOSUPPORT),
#endif
#ifdef ESOCKTNOSUPPORT
	ROW(ESOCKTNOSUPPORT),
#endif
#ifdef EREMOTEIO
	ROW(EREMOTEIO),
#endif
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

const char *diag_errno_name(int number)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].number == number)
			return rows[i].name;
	return NULL;
}

bool diag_errno_parse(const char *name, int *number)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			*number = rows[i].number;
			return true;
		}
	}
	return false;
}

/* SPDX-License-Identifier: MIT */
/* See rights.h. */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/rights.h"

#define NOBODY 65534 /* user_namespaces(7): the overflow uid and gid */

bool diag_rights_any(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (geteuid() == 0 || syscall(SYS_capget, &header, held) != 0)
		return true;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		if (held[i].effective != 0 || held[i].permitted != 0)
			return true;
	return false;
}

/* Where only root exists (a user namespace with one uid), or where it may not
 * become another (a container that has lost that right), there is no nobody.
 * Root there is not much more than a user, and loses what is left below. */
static bool no_such_user(void)
{
	return errno == EINVAL || errno == EPERM;
}

static bool become_nobody(void)
{
	if (geteuid() != 0)
		return true;
	if (setgroups(0, NULL) != 0 && !no_such_user())
		return false;
	if (setresgid(NOBODY, NOBODY, NOBODY) != 0)
		return no_such_user();
	if (setresuid(NOBODY, NOBODY, NOBODY) != 0)
		return no_such_user();
	return geteuid() == NOBODY && setuid(0) != 0;
}

static bool drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &header, none) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

bool diag_rights_drop(void)
{
	return become_nobody() && drop_capabilities();
}

/* SPDX-License-Identifier: MIT */
/* pl_hosts_file.c - which file is meant. */
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "machine/machine.h"
#include "tools/pl_hosts.h"

const char *pl_hosts_path(const struct tool_call *call)
{
	const struct pl_hosts *o = call->options;

	if (call->cmd->run == pl_hosts_lint && call->argc > 0)
		return call->argv[0];
	return o->hosts ? o->hosts : diag_machine_hosts_path();
}

const char *pl_hosts_path_text(struct tool_call *call)
{
	const char *path = pl_hosts_path(call);
	struct diag_buf safe;
	const char *out;

	diag_buf_init(&safe, (size_t)4 * PATH_MAX);
	diag_text_safe(&safe, path, strlen(path));
	out = diag_arena_strn(&call->arena, diag_buf_str(&safe), safe.len);
	diag_buf_clear(&safe);
	return out != NULL ? out : "the hosts file";
}

bool pl_hosts_is_system(const struct tool_call *call)
{
	const char *path = pl_hosts_path(call);
	const char *system = diag_machine_hosts_path();
	struct stat a, b;

	if (strcmp(path, system) == 0)
		return true;
	return stat(path, &a) == 0 && stat(system, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

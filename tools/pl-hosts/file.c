/* SPDX-License-Identifier: MIT */
/* file.c - which file is meant. */
#include <string.h>
#include <sys/stat.h>

#include "machine/machine.h"
#include "tools/change/talk.h"
#include "tools/pl-hosts/hosts.h"

const char *pl_hosts_path(const struct tool_call *call)
{
	const struct pl_hosts *o = call->options;

	if (call->cmd->run == pl_hosts_lint && call->argc > 0)
		return call->argv[0];
	return o->hosts ? o->hosts : diag_machine_hosts_path();
}

const char *pl_hosts_path_text(struct tool_call *call)
{
	return talk_path(call, pl_hosts_path(call));
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

struct change_subject pl_hosts_subject(const struct tool_call *call)
{
	const struct pl_hosts *o = call->options;

	return (struct change_subject){ .path = pl_hosts_path(call),
					.state = o->state,
					.schema = PL_HOSTS_SCHEMA,
					.yes = o->yes,
					.force = o->force,
					.resolves = pl_hosts_is_system(call) };
}

void pl_hosts_talk_undo(struct tool_call *call)
{
	const struct change_subject subject = pl_hosts_subject(call);

	talk_undo(call, &subject, pl_hosts_is_system(call) ? NULL : "--hosts");
}

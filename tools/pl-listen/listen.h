/* SPDX-License-Identifier: MIT */
/* listen.h - the parts of pl-listen. */
#ifndef DIAG_TOOLS_LISTEN_H
#define DIAG_TOOLS_LISTEN_H

#include "tools/tool.h"

enum listen_capture { LISTEN_AUTO, LISTEN_ALWAYS, LISTEN_NEVER };

struct listen {
	const char *ports, *save;
	struct tool_list address;
	unsigned for_ms;
	int capture; /* enum listen_capture */
};

enum tool_status listen_run(struct tool_call *call, struct diag_err *err);

#endif

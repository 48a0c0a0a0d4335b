/* SPDX-License-Identifier: MIT */
/* listen.h - the parts of pl-listen. */
#ifndef DIAG_TOOLS_LISTEN_H
#define DIAG_TOOLS_LISTEN_H

#include "fact/fact.h"
#include "tools/tool.h"

enum listen_capture { LISTEN_AUTO, LISTEN_ALWAYS, LISTEN_NEVER };

struct listen {
	const char *ports, *save;
	struct tool_list address;
	unsigned for_ms;
	int capture; /* enum listen_capture */
};

/* Ports that could not be listened on: the first for each reason (deaf.c). */
struct listen_deaf {
	struct listen_deaf_port {
		uint16_t port; /* 0: none */
		bool udp;
	} taken, locked;
	bool not_here; /* the address */
};
void listen_deaf_note(struct listen_deaf *d, const struct diag_fact *f);
/* watched: the capture sees what arrives there. */
void listen_deaf_tell(const struct tool_call *call, const struct listen_deaf *d,
		      bool watched);

enum tool_status listen_run(struct tool_call *call, struct diag_err *err);

#endif

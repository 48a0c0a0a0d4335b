/* SPDX-License-Identifier: MIT */
/* server.h - what the commands share that talk to a name server. */
#ifndef DIAG_TOOLS_PL_ZONE_SERVER_H
#define DIAG_TOOLS_PL_ZONE_SERVER_H

#include "base/json.h"
#include "net/addr.h"
#include "tools/pl-zone/zone.h"

/* --server: an address, or "azure"; port 53 unless said otherwise. */
DIAG_MUST_USE
bool pl_zone_server(const struct pl_zone *o, struct diag_endpoint *out,
		    struct diag_err *err);

/* A document pldiag.zone/1 about this server, and its end. */
struct zone_doc {
	struct diag_buf out;
	struct diag_jw w;
};
void zone_doc_begin(struct zone_doc *d, const struct tool_call *call,
		    const struct diag_endpoint *server);
DIAG_MUST_USE
bool zone_doc_end(struct zone_doc *d, struct tool_call *call,
		  struct diag_err *err);
bool zone_doc_wanted(const struct tool_call *call);

#endif

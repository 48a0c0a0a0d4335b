/* SPDX-License-Identifier: MIT */
/* arrivals.h - facts of kind "arrival" in words: what came to a port of a node,
 * whoever saw it (pl-listen, or a recording). */
#ifndef DIAG_TOOLS_ARRIVALS_H
#define DIAG_TOOLS_ARRIVALS_H

#include "base/buf.h"
#include "fact/fact.h"

bool tool_arrival_is_udp(const struct diag_arrival_fact *a);
/* A line for something that came; nothing for "listened" and "not-run". */
void tool_arrival_text(const struct diag_fact *f, struct diag_buf *out);
/* The last line about a port. */
void tool_arrival_sum(uint16_t port, bool udp, const char *what,
		      struct diag_buf *out);

#endif

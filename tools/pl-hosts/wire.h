/* SPDX-License-Identifier: MIT */
/* wire.h - names and plans of a hosts file, as a child without rights
 * hands them back (wire.h). */
#ifndef DIAG_TOOLS_PL_HOSTS_WIRE_H
#define DIAG_TOOLS_PL_HOSTS_WIRE_H

#include "tools/pl-hosts/wanted.h"
#include "tools/wire.h"

void wire_put_wanted(struct diag_buf *out, const struct hosts_wanted *wanted);
void wire_wanted(struct wire *w, struct hosts_wanted *out);

/* n_states are the pins the plan was made for. */
void wire_put_plan(struct diag_buf *out, const struct diag_hosts_plan *plan,
		   size_t n_states);
void wire_plan(struct wire *w, size_t n_states, struct diag_hosts_plan *out);

#endif

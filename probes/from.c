/* SPDX-License-Identifier: MIT */
/* from.c - see from.h. */
#include "probes/from.h"

#include "net/sock.h"

#include <sys/socket.h>

bool from_here(int fd, const struct diag_step *step, struct diag_err *err)
{
	const struct diag_from *from = step->from;
	struct sockaddr_storage ss;
	socklen_t len;

	if (from == NULL)
		return true;
	if (from->interface && !diag_sock_use_interface(fd, from->interface))
		return diag_fail_sys(err, "interface", "%s", from->interface);
	if (from->source.family == DIAG_NOFAM)
		return true;
	if (from->source.family != step->addr.family)
		return diag_fail(err, DIAG_EUSAGE, "source",
				 "it is of the other IP version");
	len = (socklen_t)diag_sock_of(&from->source, 0, &ss);
	return bind(fd, (struct sockaddr *)&ss, len) == 0 ||
	       diag_fail_sys(err, "source", "bind");
}

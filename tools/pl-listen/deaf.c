/* SPDX-License-Identifier: MIT */
/* deaf.c - what to do about a port that could not be listened on, once for each
 * reason: sixty lines that say why need no sixty that say what helps. */
#include "tools/pl-listen/listen.h"

#include <errno.h>

#include "base/path.h"

#define PRIVILEGED 1024 /* ip(7), ip_unprivileged_port_start */

static bool is_udp(const struct diag_arrival_fact *a)
{
	return a->protocol != NULL && a->protocol[0] == 'u';
}

void listen_deaf_note(struct listen_deaf *d, const struct diag_fact *f)
{
	struct listen_deaf_port port = { f->arrival.port, is_udp(&f->arrival) };

	if (f->sys_errno == EADDRINUSE && d->taken.port == 0)
		d->taken = port;
	if (f->sys_errno == EACCES && d->locked.port == 0)
		d->locked = port;
	d->not_here |= f->sys_errno == EADDRNOTAVAIL;
}

static void tell_taken(const struct tool_call *call,
		       const struct listen_deaf_port *p, bool watched)
{
	tool_note(call,
		  "a program has that port already; which one:  sudo ss -%snp "
		  "'sport = :%u'",
		  p->udp ? "lu" : "lt", p->port);
	if (watched)
		tool_note(call,
			  "what arrives there is seen by the capture all the "
			  "same, and how it is answered");
}

static void tell_locked(const struct tool_call *call,
			const struct listen_deaf_port *p)
{
	char self[DIAG_PATH_LEN] = "";

	if (p->port >= PRIVILEGED)
		return;
	if (!diag_path_self(self))
		self[0] = '\0';
	tool_note(call,
		  "a port below %d takes sudo, or once:  sudo setcap "
		  "cap_net_bind_service,cap_net_raw+ep %s",
		  PRIVILEGED, self[0] != '\0' ? self : "pl-listen");
}

void listen_deaf_tell(const struct tool_call *call, const struct listen_deaf *d,
		      bool watched)
{
	if (d->taken.port > 0)
		tell_taken(call, &d->taken, watched);
	if (d->locked.port > 0)
		tell_locked(call, &d->locked);
	if (d->not_here)
		tool_note(call,
			  "this machine does not have that address; those "
			  "it has:  ip -brief address");
}

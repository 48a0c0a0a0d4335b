/* SPDX-License-Identifier: MIT */
/* advice_zone.c - the pl-zone command for the server at fault. */
#include "verdict/advice.h"

#include <string.h>

#include "fact/server.h"

static const char *dialect_of(const struct advice *a)
{
	return a->server ? diag_server_key(a->server->software) : NULL;
}

/* These serve their own zones and ask nobody. */
static bool cannot_forward(const char *dialect)
{
	return dialect &&
	       (strcmp(dialect, "knot") == 0 || strcmp(dialect, "nsd") == 0);
}

/* To Azure's own from inside the VNet, else to somebody who is there. */
static const char *forward_to(const struct advice *a)
{
	return a->server && diag_inventory_has_net(a->j->c->inventory,
						   &a->server->at.addr)
		   ? "168.63.129.16"
		   : "ADDRESS";
}

const char *advice_word_zone(struct advice *a)
{
	const char *dialect = dialect_of(a);

	if (a->server && a->server->azure)
		return judge_text(a->j, "pl-zone render %s --for azure-cli",
				  advice_word_inv(a));
	if (cannot_forward(dialect))
		return judge_text(a->j, "pl-zone render %s --for %s",
				  advice_word_inv(a), dialect);
	return judge_text(a->j, "pl-zone forwarders %s --for %s --to %s",
			  advice_word_inv(a), dialect ? dialect : "SERVER",
			  forward_to(a));
}

const char *advice_word_zone_file(struct advice *a)
{
	const char *dialect = dialect_of(a);

	/* It has no file that could be changed. */
	if (dialect && strcmp(dialect, "windows") == 0)
		return judge_text(a->j, "pl-zone render %s --for windows",
				  advice_word_inv(a));
	return judge_text(a->j, "pl-zone plan %s --for %s --file FILE",
			  advice_word_inv(a), dialect ? dialect : "SERVER");
}

const char *advice_word_zone_file_choices(struct advice *a)
{
	const char *dialect = dialect_of(a);

	if (dialect && strcmp(dialect, "windows") == 0)
		return "this prints what makes it right";
	if (dialect)
		return "this shows what its zone file or configuration FILE "
		       "needs, and pl-zone apply writes it";
	return "this shows what its zone file or configuration FILE needs, and "
	       "pl-zone apply writes it; SERVER is bind, unbound, dnsmasq, "
	       "knot, nsd or coredns (pl-doctor --fingerprint asks the server "
	       "which)";
}

const char *advice_word_zone_choices(struct advice *a)
{
	const char *dialect = dialect_of(a);

	if (a->server && a->server->azure)
		return "";
	if (cannot_forward(dialect))
		return "  The server says that it is one that cannot forward, "
		       "so it gets records of its own:";
	if (dialect)
		return "";
	return "  SERVER is bind, unbound, dnsmasq, windows or coredns "
	       "(pl-doctor --fingerprint asks the server which):";
}

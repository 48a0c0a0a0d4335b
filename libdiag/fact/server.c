/* SPDX-License-Identifier: MIT */
/* server.c - see server.h. */
#include "fact/server.h"

#include <string.h>

#include "base/text.h"

/* Beginnings of what they say, any case; measured with Debian 12's. */
static const struct {
	const char *begin, *key;
} rows[] = {
	{ "unbound", "unbound" },	/* unbound 1.17.1 */
	{ "dnsmasq", "dnsmasq" },	/* dnsmasq-2.90 */
	{ "nsd", "nsd" },		/* NSD 4.6.1 */
	{ "knot dns", "knot" },		/* Knot DNS 3.2.6 */
	{ "coredns", "coredns" },	/* CoreDNS-1.11.1 */
	{ "microsoft dns", "windows" }, /* Microsoft DNS 10.0.20348 */
	{ "bind", "bind" },		/* as some configure it */
	{ "9.", "bind" },		/* 9.18.41-1~deb12u1-Debian */
};

bool diag_fact_is_server(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_DNS && f->dns.type == DIAG_RR_TXT &&
	       strcmp(f->dns.name, DIAG_SERVER_QUESTION) == 0;
}

const char *diag_fact_server_text(const struct diag_fact *f)
{
	if (!diag_fact_is_server(f) || f->status != DIAG_ST_ANSWER)
		return NULL;
	for (size_t i = 0; i < f->dns.n_chain; i++)
		if (f->dns.chain[i].type == DIAG_RR_TXT)
			return f->dns.chain[i].value;
	return NULL;
}

const char *diag_server_key(const char *text)
{
	for (size_t i = 0; text && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (diag_text_find_nocase(text, strlen(text), rows[i].begin) ==
		    text)
			return rows[i].key;
	return NULL;
}

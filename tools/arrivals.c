/* SPDX-License-Identifier: MIT */
/* See arrivals.h. */
#include "tools/arrivals.h"

#include <string.h>

#include "net/addr.h"

bool tool_arrival_is_udp(const struct diag_arrival_fact *a)
{
	return a->protocol && strcmp(a->protocol, "udp") == 0;
}

struct words {
	const char *key, *text;
};

static const char *accepted(const struct diag_arrival_fact *a)
{
	static const struct words said[] = {
		{ "hello", "accepted: a TLS hello" },
		{ "part", "accepted: a part of a TLS hello" },
		{ "nothing", "accepted, and nothing heard" },
	};

	for (size_t i = 0; a->said && i < sizeof(said) / sizeof(*said); i++)
		if (strcmp(a->said, said[i].key) == 0)
			return said[i].text;
	return a->nonce ? "accepted: pl-probe" : "accepted";
}

static const char *what_came(const struct diag_fact *f)
{
	static const struct words ends[] = {
		{ "syn-ack", "seen, and answered" },
		{ "reply", "seen, and answered" },
		{ "rst", "seen, and refused: nobody listens, or a firewall "
			 "rejects" },
		{ "icmp", "seen, and refused by ICMP: nobody listens, or a "
			  "firewall rejects" },
	};
	const struct diag_arrival_fact *a = &f->arrival;

	if (f->status == DIAG_ST_ACCEPTED)
		return accepted(a);
	for (size_t i = 0; a->answered && i < sizeof(ends) / sizeof(*ends); i++)
		if (strcmp(a->answered, ends[i].key) == 0)
			return ends[i].text;
	return tool_arrival_is_udp(a) && !a->nonce
		   ? "seen: not pl-probe, not answered"
		   : "seen, and not answered by this machine";
}

void tool_arrival_text(const struct diag_fact *f, struct diag_buf *out)
{
	struct diag_endpoint from = { f->arrival.from, f->arrival.from_port };
	char text[DIAG_ENDPOINT_TEXT];

	if (f->status != DIAG_ST_ACCEPTED && f->status != DIAG_ST_SEEN)
		return;
	diag_buf_printf(out, "%8.3f s  port %u%s  from %s  %s\n",
			f->started_ms / 1000.0, f->arrival.port,
			tool_arrival_is_udp(&f->arrival) ? "/udp" : "",
			diag_endpoint_text(&from, text), what_came(f));
}

void tool_arrival_sum(uint16_t port, bool udp, const char *what,
		      struct diag_buf *out)
{
	diag_buf_printf(out, "port %u%s: %s\n", port, udp ? "/udp" : "", what);
}

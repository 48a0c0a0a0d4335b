/* SPDX-License-Identifier: MIT */
/* server.c - see server.h. */
#include "tools/pl-zone/server.h"

#include <string.h>

#define DNS_PORT     53
#define DOCUMENT_MAX ((size_t)64 << 20)

bool pl_zone_server(const struct pl_zone *o, struct diag_endpoint *out,
		    struct diag_err *err)
{
	out->port = DNS_PORT;
	if (o->server == NULL)
		return diag_fail(err, DIAG_EUSAGE, "--server",
				 "say which name server: ADDR or ADDR:PORT");
	if (strcmp(o->server, "azure") == 0) {
		out->addr = diag_addr_v4(168, 63, 129, 16);
		return true;
	}
	return diag_endpoint_parse(o->server, DNS_PORT, out) ||
	       diag_fail(err, DIAG_EUSAGE, "--server",
			 "expected a name server's address, such as 10.0.0.4 "
			 "or 10.0.0.4:53, got \"%s\"",
			 o->server);
}

bool zone_doc_wanted(const struct tool_call *call)
{
	return strcmp(call->format, "json") == 0;
}

void zone_doc_begin(struct zone_doc *d, const struct tool_call *call,
		    const struct diag_endpoint *server)
{
	char text[DIAG_ENDPOINT_TEXT];

	diag_buf_init(&d->out, DOCUMENT_MAX);
	diag_jw_init(&d->w, &d->out, 2);
	diag_jw_open(&d->w, '{');
	diag_jw_kstr(&d->w, "schema", "pldiag.zone/1");
	diag_jw_kstr(&d->w, "command", call->cmd->name);
	diag_jw_kstr(&d->w, "server", diag_endpoint_text(server, text));
}

bool zone_doc_end(struct zone_doc *d, struct tool_call *call,
		  struct diag_err *err)
{
	bool ok;

	diag_jw_close(&d->w, '}');
	diag_buf_putc(&d->out, '\n');
	ok = diag_buf_ok(&d->out, err, "pl-zone");
	if (ok)
		tool_write_buf(call, &d->out);
	diag_buf_clear(&d->out);
	return ok;
}

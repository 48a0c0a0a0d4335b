/* SPDX-License-Identifier: MIT */
/* collect.c - see collect.h. */
#include "bundle/collect.h"

#include <string.h>

#include "bundle/collect/rows.h"
#include "bundle/never.h"

/* In the order of the archive: what decides most often comes first. */
static const struct diag_collector *const all[] = {
	&collect_resolver, &collect_resolved, &collect_network,
	&collect_hosts,	   &collect_routes,   &collect_interfaces,
	&collect_vpn,	   &collect_proxies,  &collect_browsers,
	&collect_clock,	   &collect_roots,    &collect_system,
	&collect_firewall, &collect_ports,
};
#define N_ALL (sizeof(all) / sizeof(all[0]))

size_t diag_collectors(const struct diag_collector *const **rows)
{
	*rows = all;
	return N_ALL;
}

bool diag_source_pick(const struct diag_source *s, struct diag_slice text,
		      struct diag_buf *out, const char **why,
		      struct diag_err *err)
{
	size_t before = out->len;

	*why = NULL;
	if (s->pick != NULL && !s->pick(s, text, out, err))
		return false;
	if (s->pick == NULL)
		diag_buf_put(out, text.p, text.len);
	if (out->code == DIAG_ENOMEM)
		return diag_fail_nomem(err, "collect");
	if (out->len > before)
		*why = diag_never_text(out->data + before, out->len - before);
	return true;
}

size_t diag_source_cut(const char *text, size_t len, size_t max)
{
	size_t at = len < max ? len : max;

	while (at > 0 && text[at - 1] != '\n')
		at--;
	return at;
}

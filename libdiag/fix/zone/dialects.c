/* SPDX-License-Identifier: MIT */
/* dialects.c - all dialects, a row each. */
#include "fix/zone/dialects.h"

#include <string.h>

static const struct diag_dialect *const rows[] = {
	&zone_bind,    &zone_unbound,	&zone_dnsmasq,
	&zone_windows, &zone_azure_cli, &zone_hosts,
	&zone_knot,    &zone_nsd,	&zone_coredns,
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

const struct diag_dialect *diag_dialect_at(size_t i)
{
	return i < N_ROWS ? rows[i] : NULL;
}

const struct diag_dialect *diag_dialect_find(const char *key)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (strcmp(rows[i]->key, key) == 0)
			return rows[i];
	return NULL;
}

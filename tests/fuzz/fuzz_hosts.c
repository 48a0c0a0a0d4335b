/* SPDX-License-Identifier: MIT */
/* The hosts reader: any bytes give edges that point into the text, and every
 * corrected line is one line. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "hosts/hosts.h"

static void check_edges(const struct diag_hosts *h)
{
	for (size_t i = 0; i < h->n_edges && i < 64; i++) {
		const struct diag_hosts_edge *e = &h->edges[i];

		if (e->name[0] == '\0' || e->line == 0 || e->column == 0 ||
		    diag_hosts_lookup(h, e->name, e->addr.family, 0) == NULL)
			abort();
	}
}

static void check_faults(const struct diag_hosts *h)
{
	for (size_t i = 0; i < h->n_faults; i++)
		if (h->faults[i].text == NULL || h->faults[i].meant == NULL ||
		    h->faults[i].corrected == NULL ||
		    strchr(h->faults[i].corrected, '\n') != NULL)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_arena arena;
	struct diag_hosts h;

	diag_arena_init(&arena, 0);
	if (diag_hosts_parse(&arena, (const char *)data, size, &h, NULL)) {
		check_edges(&h);
		check_faults(&h);
	}
	diag_arena_clear(&arena);
	return 0;
}

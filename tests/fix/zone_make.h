/* SPDX-License-Identifier: MIT */
/* zone_make.h - from the text of an inventory to what name servers are told. */
#ifndef DIAG_TESTS_FIX_ZONE_MAKE_H
#define DIAG_TESTS_FIX_ZONE_MAKE_H

#include "fix/zone/names.h"

#define ZONE_ID "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"

/* A workspace, a vault, storage, a registry, an endpoint, an instance. */
extern const char zone_whole[];

struct zone_made {
	struct diag_inventory *inv;
	struct diag_arena arena;
	struct diag_zone_names names;
};
/* false only without memory; zone_end() in every case. */
bool zone_make(struct zone_made *m, const char *text);
void zone_end(struct zone_made *m);

#endif

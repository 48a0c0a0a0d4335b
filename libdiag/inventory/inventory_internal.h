/* SPDX-License-Identifier: MIT */
/* inventory_internal.h - how an inventory is made, step by step.
 *
 * Private to this room: new, fill in what was given, complete, seal.
 */
#ifndef DIAG_INVENTORY_INTERNAL_H
#define DIAG_INVENTORY_INTERNAL_H

#include "inventory/inventory.h"

/* What "an account" has when nothing else is said: blob and file. */
unsigned diag_storage_default(void);
/* The mask as it counts: naming blob or file makes the list exact, anything
 * else comes on top of the two. */
unsigned diag_storage_whole(unsigned named);

/* Empty, with its arena; NULL without memory.  diag_inventory_free() ends. */
struct diag_inventory *diag_inventory_new(void);

/* Work out what the explicit targets say by themselves and nobody stated:
 * cloud (unless has_cloud), region, workspace id.  Then the name. */
DIAG_MUST_USE
bool diag_inventory_complete(struct diag_inventory *inv, bool has_cloud,
			     struct diag_err *err);

/* A copy in an arena of its own, without the targets. */
DIAG_MUST_USE
bool diag_inventory_copy(const struct diag_inventory *inv,
			 struct diag_inventory **out, struct diag_err *err);

/* What one inventory becomes: the state that expand.c and expand_names.c
 * share. */
struct diag_expand {
	const struct diag_inventory *in;
	struct diag_inventory *out;
	enum diag_role role;
	enum diag_era era;
	struct diag_target *targets; /* growing, in out's arena */
	size_t n;
	struct diag_ports ports[DIAG_N_SERVICES][2]; /* [1]: optional */
	bool nomem;
};

/* The targets that follow from the short form (expand_names.c). */
void diag_expand_names(struct diag_expand *x);
void diag_expand_public(struct diag_expand *x);
/* One more target with the ports of its service; NULL without memory. */
struct diag_target *diag_expand_add(struct diag_expand *x, const char *fqdn,
				    enum diag_service s);

#endif

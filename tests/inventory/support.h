/* SPDX-License-Identifier: MIT */
/* support.h - what the tests of this room share. */
#ifndef DIAG_TESTS_INVENTORY_SUPPORT_H
#define DIAG_TESTS_INVENTORY_SUPPORT_H

#include <stddef.h>

#include "base/buf.h"
#include "inventory/inventory.h"

#define G "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"

/* The file tests/data/inventory/NAME; the caller clears it. */
void read_data(const char *name, struct diag_buf *out);
/* A document with n of everything: it takes many blocks of memory.  The
 * caller clears it. */
void big_document(unsigned n, struct diag_buf *out);
/* A document that must be good. */
struct diag_inventory *parse_text(const char *text);
struct diag_inventory *parse_data(const char *name);
/* As one line of JSON; the caller clears it. */
void print_json(const struct diag_inventory *inv, struct diag_buf *out);
/* What it becomes; inv is ended. */
struct diag_inventory *expanded(struct diag_inventory *inv, enum diag_role role,
				enum diag_era era, bool no_public);
/* The target, which must be there. */
const struct diag_target *must_have(const struct diag_inventory *inv,
				    const char *fqdn);
/* All names, one a line, "-" for none; the caller clears it. */
void list_names(const struct diag_inventory *inv, struct diag_buf *out);

#endif

/* SPDX-License-Identifier: MIT */
/* reader.h - what all readers of this room share: an arena to keep things in,
 * a list of problems to add to, and one flag for missing memory.
 *
 * Private to this room.  A reader goes on after a problem so that a person
 * sees all of them; who started it asks at the end.
 */
#ifndef DIAG_INVENTORY_READER_H
#define DIAG_INVENTORY_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"
#include "inventory/inventory.h"

#define DIAG_LIST_MAX 65536 /* entries of any list in one document */

struct diag_reader {
	struct diag_arena *arena;
	struct diag_problems *problems;
	bool nomem;
};

struct diag_json_at diag_at_key(const struct diag_json_at *up, const char *key);
struct diag_json_at diag_at_index(const struct diag_json_at *up,
				  unsigned index);

/* Memory of the reader's arena; on NULL nomem is set.  n may be 0. */
void *diag_read_array(struct diag_reader *r, size_t n, size_t size);
const char *diag_read_dup(struct diag_reader *r, const char *text);
/* A place for one more in a list of names. */
void diag_read_add(struct diag_reader *r, struct diag_names *names,
		   const char *text);

/* The list under key, if it is one and not too long; else NULL. */
const cJSON *diag_read_list(const struct diag_json_at *at, const cJSON *obj,
			    const char *key);

/* --- small texts, the same in documents and flags ------------------------ */

/* One label in lower case: a storage account, a vault, an instance. */
bool diag_read_label(const char *text, char out[64]);
/* "eastus", also written "East US". */
bool diag_read_region(const char *text, char out[64]);
/* A workspace name, as it is. */
bool diag_read_workspace(const char *text, char out[64]);
/* A GUID; comes out in lower case. */
bool diag_read_guid(const char *text, char out[64]);
/* "dfs,queue" to a mask of the storage services; false with what is wrong. */
bool diag_read_storage_service(const char *word, size_t len, unsigned *mask);

/* One port: a number, or an object with port, last, protocol, direction and
 * peer. */
bool diag_read_port(struct diag_reader *r, const struct diag_json_at *at,
		    const cJSON *item, struct diag_port *out);

/* The list of networks under key; *n of them. */
const struct diag_cidr *diag_read_prefixes(struct diag_reader *r,
					   const struct diag_json_at *at,
					   const cJSON *obj, const char *key,
					   size_t *n);

/* --- parts of a document -------------------------------------------------- */

void diag_read_header(struct diag_reader *r, const struct diag_json_at *at,
		      struct diag_inventory *inv);
void diag_read_lists(struct diag_reader *r, const struct diag_json_at *at,
		     struct diag_inventory *inv);
void diag_read_subnets(struct diag_reader *r, const struct diag_json_at *at,
		       struct diag_inventory *inv);
void diag_read_targets(struct diag_reader *r, const struct diag_json_at *at,
		       struct diag_inventory *inv);

#endif

/* SPDX-License-Identifier: MIT */
/* cat_data.h - the catalogue in memory.
 *
 * Private to this room.  Texts point into the parsed document, everything
 * else lives in the arena.
 */
#ifndef DIAG_INVENTORY_CAT_DATA_H
#define DIAG_INVENTORY_CAT_DATA_H

#include "base/arena.h"
#include "base/json.h"
#include "inventory/catalogue.h"
#include "inventory/inventory.h"

#define DIAG_N_ERAS 2

struct cat_row {
	struct diag_cat_row row;
	struct diag_names also, mistaken, legacy, more_parents;
	bool required;
	unsigned roles; /* 1 << enum diag_role */
};

/* One pattern that names are held against.  Nearly all differ from a name at
 * its very end, so that is compared first: a tool may ask for a hundred
 * thousand names. */
struct cat_form {
	const char *pattern;
	const char *tail; /* see diag_pattern_tail() */
	size_t tail_len;
	size_t weight; /* see diag_pattern_weight() */
	const struct diag_cat_row *row;
};

struct cat_port {
	struct diag_port port;
	unsigned roles, eras; /* bits */
	bool optional;
};

struct cat_service {
	struct cat_row *rows[DIAG_N_CLOUDS];
	size_t n_rows[DIAG_N_CLOUDS];
	struct diag_ports ports[DIAG_N_ROLES][DIAG_N_ERAS][2]; /* optional */
};

struct cat {
	struct diag_arena arena;
	cJSON *tree;
	struct cat_service services[DIAG_N_SERVICES];
	const struct diag_cat_public *publics[DIAG_N_CLOUDS];
	size_t n_publics[DIAG_N_CLOUDS];
	struct diag_names parents[DIAG_N_CLOUDS];
	struct cat_form *forms; /* in catalogue order */
	size_t n_forms;
};

/* A value stands in the cloud's row, or in the service for all clouds. */
struct cat_place {
	struct diag_json_at row_at, svc_at;
	const cJSON *row, *svc;
};

struct diag_reader;

/* The rows of service s in cloud c (cat_rows.c). */
void diag_cat_read_rows(struct diag_reader *r, const struct cat_place *p,
			struct cat_service *svc, enum diag_service s,
			enum diag_cloud c);
/* Bits of the roles in a list; no list means all of them. */
unsigned diag_cat_roles(const struct diag_json_at *at, const cJSON *list);

/* Fill *cat from a document; its arena is initialised, and cleared by the
 * caller in every case, like its tree. */
DIAG_MUST_USE
bool diag_cat_read(struct cat *cat, const char *text, size_t len,
		   struct diag_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/* table.h - all names of a hosts text, each found again at once.
 *
 * Pure.  A row is 16 bytes and points into the text, so a table needs less
 * memory than its text; struct diag_hosts (hosts.h) copies every name, for
 * those who must outlive the text.  A row is an entry as glibc reads it.
 */
#ifndef DIAG_HOSTS_TABLE_H
#define DIAG_HOSTS_TABLE_H

#include <stdint.h>

#include "base/cursor.h"
#include "hosts/hosts.h"

#define DIAG_HOSTS_NO_ROW UINT32_MAX

struct diag_hosts_row {
	uint32_t at;	  /* offset of the name */
	uint32_t line_at; /* offset of its line */
	uint32_t next;	  /* of the same name, in a ring */
	uint32_t line : 24;
	uint32_t nth : 4;  /* name of its line: 0 the first; 15 or more */
	uint32_t head : 1; /* the first row of its name */
	/* On heads: not all rows of the name write their address alike. */
	uint32_t mixed : 1;
};

struct diag_hosts_table {
	const char *text; /* borrowed: must live as long as the table */
	size_t len;
	struct diag_hosts_row *rows; /* in file order */
	size_t n_rows;
	size_t n_names; /* different ones */
	size_t n_mixed;
	/* Lines that lint.h looks at again. */
	struct diag_hosts_suspect *suspects;
	size_t n_suspects;
	/* Private: an open table of rows. */
	struct diag_hosts_slot *slots;
	uint32_t mask;
};

/* Read hosts text.  Borrows text for the life of the table.  Errors:
 * DIAG_ELIMIT, DIAG_ENOMEM. */
DIAG_MUST_USE
bool diag_hosts_table_make(struct diag_arena *arena, const char *text,
			   size_t len, struct diag_hosts_table *out,
			   struct diag_err *err);

/* The first row of a name (ASCII case ignored; a final dot counts) and the one
 * behind a row; DIAG_HOSTS_NO_ROW: none. */
uint32_t diag_hosts_table_find(const struct diag_hosts_table *t,
			       struct diag_slice name);
uint32_t diag_hosts_table_next(const struct diag_hosts_table *t, uint32_t row);

/* What a row says.  The name is as written. */
struct diag_slice diag_hosts_row_name(const struct diag_hosts_table *t,
				      uint32_t row);
struct diag_addr diag_hosts_row_addr(const struct diag_hosts_table *t,
				     uint32_t row);
unsigned diag_hosts_row_column(const struct diag_hosts_table *t, uint32_t row);

#endif

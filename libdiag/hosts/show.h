/* SPDX-License-Identifier: MIT */
/* show.h - who answers for a name, and whether that is right.
 *
 * Pure.  glibc and macOS answer with the addresses of all lines that have the
 * name, in file order (getaddrinfo(3) may sort them again by RFC 6724);
 * Windows with the first line of a family, and it reads only the first nine
 * names of a line.
 */
#ifndef DIAG_HOSTS_SHOW_H
#define DIAG_HOSTS_SHOW_H

#include "hosts/table.h"
#include "inventory/inventory.h"

struct diag_hosts_answer {
	struct diag_addr addr;
	unsigned line, column;
	bool windows; /* Windows gives it too */
	bool again;   /* an earlier line gives the same address */
};

struct diag_hosts_name {
	const char *name; /* lower case */
	const struct diag_hosts_answer *answers;
	size_t n;
	bool differs; /* Windows gives not all of the addresses */
};

/* The first rows of names, in file order: begin with from = 0, go on with the
 * row plus one; DIAG_HOSTS_NO_ROW: no more. */
uint32_t diag_hosts_table_head(const struct diag_hosts_table *t, uint32_t from);

/* All that is known of the name whose first row this is, in the arena. */
DIAG_MUST_USE
bool diag_hosts_name_of(struct diag_arena *arena,
			const struct diag_hosts_table *t, uint32_t head,
			struct diag_hosts_name *out, struct diag_err *err);

enum diag_hosts_state {
	DIAG_HOSTS_RIGHT,      /* every answer is an expected address */
	DIAG_HOSTS_WRONG,      /* at least one is not */
	DIAG_HOSTS_MISSING,    /* no line has the name */
	DIAG_HOSTS_OTHER_FORM, /* missing, but another form of it is right */
};
const char *diag_hosts_state_key(enum diag_hosts_state s);

struct diag_hosts_target {
	const struct diag_target *target;
	enum diag_hosts_state state;   /* under Linux and macOS */
	enum diag_hosts_state windows; /* under Windows */
	uint32_t row;		       /* first of the name, or NO_ROW */
};

/* One for every target of the (expanded) inventory that has a name, which is
 * no wildcard, and addresses.  Borrows inv. */
DIAG_MUST_USE
bool diag_hosts_compare(struct diag_arena *arena,
			const struct diag_hosts_table *t,
			const struct diag_inventory *inv,
			const struct diag_hosts_target **out, size_t *n,
			struct diag_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/* table.h - the rows of the table of names; private. */
#ifndef DIAG_REPORT_TABLE_H
#define DIAG_REPORT_TABLE_H

#include "report/page.h"

/* All text is clean. */
struct table_row {
	enum diag_target_status status;
	const char *name, *service;
	const char *fitted; /* name as its column has room for it */
	const char *answer; /* "20.62.10.4 public", "10.0.0.4 (hosts)" */
	bool as_expected;
	const char *expected;
	const char *port; /* "open 52 ms" */
	bool port_good;
	const char *others; /* "port 5831 silent, 445 refused", or "" */
	const struct diag_origin *origin;
	bool shown;
};

struct table {
	struct table_row *rows;
	size_t n, n_shown;
	size_t ok_left_out, public_left_out, unused_left_out, bad_left_out;
	bool only_443; /* no row is about another port */
};

/* false: no memory, which the page knows. */
bool table_make(struct page *p, struct table *t);

/* Is this one of the addresses that the target should have? */
bool table_expects(const struct diag_report_in *in, const struct diag_target *t,
		   const struct diag_addr *a);
/* A word for an address that is not what was expected, or "". */
const char *table_scope_word(const struct diag_report_in *in,
			     const struct diag_target *t,
			     const struct diag_addr *a);

/* The ports of a target, other than the one its row tells of, that did not
 * open (table_ports.c). */
struct table_ports {
	const struct diag_fact **facts; /* tcp, not open; by target */
	size_t n;
};
bool table_ports_find(struct page *p, struct table_ports *ports);
/* "port 5831 silent", or "". */
const char *table_ports_text(struct page *p, const struct table_ports *ports,
			     const char *target, const struct diag_fact *main);

#endif

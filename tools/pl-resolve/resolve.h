/* SPDX-License-Identifier: MIT */
/* resolve.h - the parts of pl-resolve: names in, facts judged, lines out. */
#ifndef DIAG_TOOLS_RESOLVE_H
#define DIAG_TOOLS_RESOLVE_H

#include "fact/store.h"
#include "plan/plan.h"
#include "tools/options_inventory.h"
#include "tools/options_machine.h"
#include "tools/tool.h"

struct resolve {
	struct tool_inventory inventory;
	struct tool_machine machine;
	const char *names;
	int type; /* index in resolve_types */
	unsigned timeout_ms;
};

/* --- names (names.c) ---------------------------------------------- */

#define RESOLVE_CHUNK 65536

/* Where names come from: the command line and the inventory, then a file. */
struct resolve_names {
	struct tool_call *call;
	const char **given; /* in the call's arena */
	size_t n_given, next_given;
	const char *path; /* of --names, or NULL */
	int fd;
	bool regular; /* reading it never waits */
	bool ended;
	bool skipping; /* inside a line that is too long */
	unsigned line, bad;
	int failed;	 /* errno of a failing read */
	size_t from, to; /* what of chunk was not looked at yet */
	char chunk[RESOLVE_CHUNK];
};

DIAG_MUST_USE
bool resolve_names_open(struct resolve_names *n, const char *path,
			struct diag_err *err);
void resolve_names_close(struct resolve_names *n);
/* A name or URL as a person gives it.  false: told on standard error. */
DIAG_MUST_USE
bool resolve_names_add(struct resolve_names *n, const char *word,
		       struct diag_err *err);
/* For the plan (struct diag_names_options). */
enum diag_names_got resolve_names_next(void *ctx, char buf[DIAG_FQDN_MAX]);

/* --- judging (judge.c) -------------------------------------------- */

enum resolve_worth { RESOLVE_FINE, RESOLVE_BAD, RESOLVE_UNKNOWN };

struct resolve_verdict {
	enum resolve_worth worth;
	const char *word; /* "as expected", "wrong", "" … */
};
/* inv may be NULL: then only failures are judged. */
struct resolve_verdict resolve_judge(const struct diag_inventory *inv,
				     const struct diag_fact *f);
/* Is it an address that this target may have?  inv may be NULL. */
bool resolve_suits(const struct diag_inventory *inv,
		   const struct diag_target *t, const struct diag_addr *a);
/* "expected", "private", "public" … */
const char *resolve_scope(const struct diag_inventory *inv,
			  const struct diag_target *t,
			  const struct diag_addr *a);
const struct diag_target *resolve_target(const struct diag_inventory *inv,
					 const char *name);
/* Addresses of either kind of fact. */
const struct diag_addr *resolve_addresses(const struct diag_fact *f, size_t *n);
const char *resolve_view(const struct diag_fact *f);
const char *resolve_name(const struct diag_fact *f);

/* --- lines (text.c) ----------------------------------------------- */

/* One line per fact, for streams. */
void resolve_put_line(const struct diag_inventory *inv,
		      const struct diag_fact *f, bool with_view,
		      struct diag_buf *out);
void resolve_put_csv_head(struct diag_buf *out);
void resolve_put_csv(const struct diag_inventory *inv,
		     const struct diag_fact *f, struct diag_buf *out);
/* Everything about one name: its facts, in order of arrival. */
struct resolve_page {
	const struct tool_call *call;
	const struct diag_inventory *inv;
	const struct diag_view_spec *views;
	size_t n_views;
};
void resolve_put_name(const struct resolve_page *p, const char *name,
		      const struct diag_fact *const *facts, size_t n,
		      struct diag_buf *out);

#endif

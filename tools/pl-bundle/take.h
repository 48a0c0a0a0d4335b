/* SPDX-License-Identifier: MIT */
/* take.h - collectors' sources opened, run and taken.
 *
 * Each source has a thread of its own, a few at once, since a file on a server
 * that is gone can hold whoever reads it for ever; who does not come back in
 * time is given up and left behind.  What is never taken (bundle/never.h) is
 * looked up by the name that was asked for and by the file that was opened.
 */
#ifndef DIAG_TOOLS_PL_BUNDLE_TAKE_H
#define DIAG_TOOLS_PL_BUNDLE_TAKE_H

#include "bundle/bundle.h"
#include "bundle/collect.h"

#define TAKE_PATH 4096

/* Where to look.  In a root other than "" programs of PATH are run all the
 * same: for tests. */
struct take_place {
	char root[TAKE_PATH]; /* before every path, or "" */
	char home[TAKE_PATH]; /* what "~" is, or "" */
	char path[TAKE_PATH]; /* of programs; "": DIAG_EXEC_PATH */
};

/* What became of one source. */
struct take_result {
	const struct diag_collector *collector;
	const struct diag_source *source;
	enum diag_item_state state;
	char origin[400];
	char reason[200]; /* "": whole */
	struct diag_buf bytes;
};

/* Which collectors; those of another platform are passed over. */
struct take_rows {
	const struct diag_collector *const *rows;
	size_t n;
	const char *platform;
};

struct take_limits {
	unsigned each_ms; /* 0: what the collector says */
	unsigned all_ms;  /* 0: DIAG_COLLECT_ALL_MS */
	/* Asked now and then: end at once?  May be NULL. */
	bool (*stop)(void *ctx);
	/* Told after each source, for a person who watches; may be NULL. */
	void (*progress)(void *ctx, size_t done, size_t of);
	void *ctx;
};

struct take_all {
	struct take_result *results; /* in the order of the table */
	size_t n;
	bool abandoned; /* threads are stuck: leave with _exit() */
};

/* All their sources.  Gives *out (take_all_clear). */
DIAG_MUST_USE
bool take_collect(const struct take_rows *rows, const struct take_place *place,
		  const struct take_limits *limits, struct take_all *out,
		  struct diag_err *err);
void take_all_clear(struct take_all *all);

/* --- one source ------------------------------------------------------------
 */

/* r has its collector and source.  Blocks. */
void take_source(const struct take_place *place, unsigned timeout_ms,
		 struct take_result *r);

/* What it is called, before anything is known of it. */
void take_name(struct take_result *r);

/* A file opened without waiting for anybody, if it is one and may be taken. */
struct take_file {
	int fd; /* -1: state and reason tell why */
	enum diag_item_state state;
	const char *reason;   /* a literal, or errno's text */
	char real[TAKE_PATH]; /* what was opened, without the root */
};
void take_open(const struct take_place *place, const char *path, bool in_part,
	       struct take_file *out);
/* Its bytes, max at most, and close it; *cut: there were more.  out is the
 * caller's. */
bool take_read(struct take_file *f, size_t max, struct diag_buf *out,
	       bool *cut);
/* Calls each (which may end it with false) with the paths that fit a pattern,
 * sorted, without the root; false: more than DIAG_COLLECT_MATCHES. */
bool take_glob(const struct take_place *place, const char *pattern,
	       bool (*each)(void *ctx, const char *path), void *ctx);

#endif

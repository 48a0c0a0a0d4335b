/* SPDX-License-Identifier: MIT */
/* html_path.h - the way of one name, from this machine to an answer: what is
 * drawn, and what is told beside the drawing; private. */
#ifndef DIAG_REPORT_HTML_PATH_H
#define DIAG_REPORT_HTML_PATH_H

#include "report/html.h"

enum stop_kind {
	STOP_CLIENT,
	STOP_VIEW,
	STOP_ALIAS,
	STOP_ADDRESS,
	STOP_ROUTE,
	STOP_PORT,
	STOP_TLS,
	STOP_HTTP,
};
#define N_STOPS (STOP_HTTP + 1)

enum stop_state {
	STOP_SKIPPED, /* not reached, or there is nothing to reach */
	STOP_GOOD,
	STOP_BAD,
};

struct stop {
	const char *title;
	const char *value;  /* clean, never NULL */
	const char *beside; /* a second line: what was expected …; or "" */
	enum stop_state state;
	uint32_t fact; /* 0: none */
};

struct path {
	const struct diag_target_verdict *t;
	const struct diag_origin *origin;
	const char *name;
	struct stop stops[N_STOPS];
	int broken; /* the stop where it breaks; -1: nowhere */
	const struct diag_finding *why; /* what is blamed for it, or NULL */
	bool elsewhere; /* the connection went to another address than the
			   answer's: the expected one */
	const struct diag_fact *answer; /* the one whose chain is told, NULL */
};

void html_path(struct html *h, size_t target, struct path *p);

#endif

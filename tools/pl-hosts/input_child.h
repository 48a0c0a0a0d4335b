/* SPDX-License-Identifier: MIT */
/* input_child.h - between the parent that reads bytes and the child
 * that makes sense of them.  Private to pl_hosts_input. */
#ifndef DIAG_TOOLS_PL_HOSTS_INPUT_CHILD_H
#define DIAG_TOOLS_PL_HOSTS_INPUT_CHILD_H

#include "tools/pl-hosts/hosts.h"
#include "tools/pl-hosts/wanted.h"

/* What was given, as bytes. */
struct hosts_files {
	const struct pl_hosts *options;
	const char *word;
	bool is_document;
	struct diag_buf document;
	struct diag_endpoint server; /* family NOFAM: none */
	const char *case_paths[DIAG_CASES_MAX];
	struct diag_buf cases[DIAG_CASES_MAX];
	size_t n_cases;
};

/* What the child hands back. */
struct hosts_heard {
	bool failed;	      /* problems and err say why */
	const char *problems; /* lines */
	unsigned more;	      /* that were not kept */
	struct diag_err err;
	int signal; /* that cut the questions short */
	struct hosts_wanted wanted;
};

/* A diag_child_fn; ctx is a struct hosts_files. */
bool hosts_input_child(void *ctx, struct diag_buf *out, struct diag_err *err);
DIAG_MUST_USE
bool hosts_heard(struct diag_arena *arena, const struct diag_buf *bytes,
		 struct hosts_heard *out, struct diag_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/* capture.h - the parts of pl-capture. */
#ifndef DIAG_TOOLS_PL_CAPTURE_H
#define DIAG_TOOLS_PL_CAPTURE_H

#include "capture/capture.h"
#include "case/case.h"
#include "record/filter.h"
#include "tools/judge_case.h"
#include "tools/options_inventory.h"
#include "tools/tool.h"

struct pl_capture {
	struct tool_inventory workspace;
	int role; /* index in tool_roles */
	int era;  /* index in tool_eras */
	/* analyze */
	struct tool_list client, node;
	const char *inventory, *ca_file, *save, *ports;
	/* record */
	const char *interface, *write, *snap;
	unsigned for_ms, count, files, size_mb;
	bool force, print_filter;
	bool leashed; /* by pl-doctor: says when it has begun, and ends when
			 standard input does */
};

/* One analysis; memory is the call's. */
struct pl_capture_run {
	struct tool_call *call;
	struct diag_case *c;
	bool given; /* an inventory was */
	struct diag_capture *capture;
	struct diag_roots roots;
	bool roots_ready, roots_failed;
	const char *roots_path;
	const char *const *local_roots;
	size_t n_local_roots;
	bool broken; /* some file ends in the middle */
};

enum tool_status pl_capture_analyze(struct tool_call *call,
				    struct diag_err *err);

enum tool_status pl_capture_record(struct tool_call *call,
				   struct diag_err *err);

/* What to record: from the inventory, if any, and this machine's settings.
 * Lists are the call's. */
DIAG_MUST_USE
bool pl_capture_want(struct tool_call *call, struct diag_filter_want *out,
		     struct diag_err *err);
/* A pl-capture that leashed says this on standard output when it has begun. */
#define PL_CAPTURE_BEGUN "recording\n"

/* analyze.c: all files of the command line, oldest first */
DIAG_MUST_USE
bool pl_capture_read(struct pl_capture_run *run,
		     const struct diag_capture_options *o,
		     struct diag_err *err);
/* analyze.c: addresses given with an option; the list is the call's. */
DIAG_MUST_USE
bool pl_capture_addresses(struct tool_call *call, const char *option,
			  const struct tool_list *given,
			  const struct diag_addr **out, struct diag_err *err);
/* node.c: what arrived, instead of a verdict */
enum tool_status pl_capture_node(struct pl_capture_run *run,
				 struct diag_err *err);
/* The fact that tells whether somebody came to a port. */
bool pl_capture_is_sum(const struct diag_store *facts, size_t n);

/* names.c: which names matter */
bool pl_capture_wanted(void *ctx, const char *name);
/* The addresses an inventory expects. */
DIAG_MUST_USE
bool pl_capture_pins(struct pl_capture_run *run, struct diag_capture_options *o,
		     struct diag_err *err);
/* The inventory of the names that were met. */
DIAG_MUST_USE
bool pl_capture_inventory(struct pl_capture_run *run, struct diag_err *err);

/* case.c: what a live run knows of its machine, as far as packets
 * tell */
DIAG_MUST_USE
bool pl_capture_fill_case(struct pl_capture_run *run, struct diag_err *err);

/* notes.c: what was seen, and what could not be */
void pl_capture_notes(const struct pl_capture_run *run);
void pl_capture_node_notes(const struct pl_capture_run *run);

#endif

/* SPDX-License-Identifier: MIT */
/* compare.c - works here, fails there: read both, tell the first
 * difference that matters, keep the addresses that the good one holds. */
#include "tools/pl-bundle/bundle.h"

#include "base/file.h"
#include "base/version.h"
#include "bundle/compare.h"
#include "report/report.h"
#include "tools/pl-bundle/case.h"

#include <string.h>

static const struct tool_option rows[] = {
	{ TOOL_TEXT(struct pl_bundle, write_inventory),
	  .name = "write-inventory", .arg = "FILE", .file = TOOL_FILE_NEW,
	  .help = "Write the private addresses that GOOD holds as an "
		  "inventory, for pl-hosts and pl-zone" },
	{ .name = NULL },
};

const char *const pl_bundle_compare_formats[] = { "text", "json", "html",
						  NULL };

const struct tool_group pl_bundle_compare_groups[] = {
	{ "What to keep", rows, 0 },
	{ NULL, NULL, 0 },
};

typedef bool compare_way(const struct diag_comparison *c,
			 const struct diag_report_in *in, struct diag_buf *out,
			 struct diag_err *err);

/* In the order of the formats. */
static compare_way *way_of(const char *format)
{
	static compare_way *const ways[] = { diag_compare_text,
					     diag_compare_json,
					     diag_compare_html };
	size_t i = 0;

	while (i + 1 < sizeof(ways) / sizeof(ways[0]) &&
	       strcmp(format, pl_bundle_compare_formats[i]) != 0)
		i++;
	return ways[i];
}

static bool print(struct tool_call *call, const struct diag_comparison *c,
		  struct diag_err *err)
{
	const struct diag_report_in in = {
		.tool = call->tool->name,
		.version = DIAG_VERSION,
		.width = call->width,
		.color = call->color,
		.ascii = !call->utf8,
		.verbose = call->quiet ? -1 : (int)call->verbose,
	};
	struct diag_buf out;
	bool ok;

	diag_buf_init(&out, DIAG_CASE_BYTES);
	ok = way_of(call->format)(c, &in, &out, err);
	if (ok)
		tool_write_buf(call, &out);
	diag_buf_clear(&out);
	return ok;
}

/* --- the addresses -------------------------------------------------------- */

/* Names that nobody has are good for no hosts file. */
static bool may_write(const struct pl_bundle_case *good, struct diag_err *err)
{
	return strcmp(good->bundle->mask, "none") == 0 ||
	       diag_fail(err, DIAG_EUSAGE, "--write-inventory",
			 "the names in %.60s are masked (%.20s)", good->name,
			 good->bundle->mask);
}

static bool write_inventory(struct tool_call *call, const char *path,
			    const struct diag_compare_side *good,
			    struct diag_err *err)
{
	struct diag_buf out;
	size_t n;
	bool ok;

	diag_buf_init(&out, DIAG_INVENTORY_BYTES);
	ok = diag_compare_inventory(good, &out, &n, err);
	if (ok && n == 0)
		ok = diag_fail(err, DIAG_EUSAGE, "--write-inventory",
			       "%.90s holds no private address that was judged "
			       "right",
			       good->name);
	if (ok)
		ok = diag_file_create(path, &out, 0644, false, err);
	if (ok)
		tool_note(call, "%s: the addresses of %zu %s", path, n,
			  n == 1 ? "name" : "names");
	diag_buf_clear(&out);
	return ok;
}

/* --- the command ---------------------------------------------------------- */

static enum tool_status status_of(enum diag_compare_outcome o)
{
	static const enum tool_status statuses[] = {
		[DIAG_COMPARE_FOUND] = TOOL_WRONG,
		[DIAG_COMPARE_NONE] = TOOL_GOOD,
		[DIAG_COMPARE_UNKNOWN] = TOOL_UNDECIDED,
	};

	return statuses[o];
}

static enum tool_status compare(struct tool_call *call,
				const struct pl_bundle_case *good,
				const struct pl_bundle_case *bad,
				struct diag_err *err)
{
	const struct pl_bundle *o = call->options;
	const struct diag_compare_side there = { good->name, good->c, good->v };
	const struct diag_compare_side here = { bad->name, bad->c, bad->v };
	struct diag_comparison *c = NULL;
	enum tool_status status = TOOL_TROUBLE;

	if (o->write_inventory != NULL && !may_write(good, err))
		return TOOL_USAGE;
	if (!diag_compare(&there, &here, &c, err))
		return TOOL_TROUBLE;
	if (print(call, c, err))
		status = status_of(c->outcome);
	diag_comparison_free(c);
	if (status != TOOL_TROUBLE && o->write_inventory != NULL &&
	    !write_inventory(call, o->write_inventory, &there, err))
		status = err->code == DIAG_EUSAGE ? TOOL_USAGE : TOOL_TROUBLE;
	return status;
}

enum tool_status pl_bundle_compare(struct tool_call *call, struct diag_err *err)
{
	struct pl_bundle_case good = { .name = NULL };
	struct pl_bundle_case bad = { .name = NULL };
	enum tool_status status;

	if (pl_bundle_case_read(call, call->argv[0], &good, err) &&
	    pl_bundle_case_read(call, call->argv[1], &bad, err))
		status = compare(call, &good, &bad, err);
	else
		status = tool_bad_input(err);
	pl_bundle_case_clear(&good);
	pl_bundle_case_clear(&bad);
	return status;
}

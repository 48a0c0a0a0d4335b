/* SPDX-License-Identifier: MIT */
/* pl-bundle - one file that holds what is needed to decide, safe to send. */
#include "tools/pl-bundle/bundle.h"

/* One row per command; each has a file of its own, with its options. */
static const struct tool_cmd cmds[] = {
	{ .name = "collect",
	  .args = "[INVENTORY | URL]",
	  .help = "Make a bundle of this machine: case, reports, state",
	  .argc_max = 1,
	  .groups = pl_bundle_collect_groups,
	  .makes = true,
	  .run = pl_bundle_collect },
	{ .name = "mask",
	  .args = "BUNDLE",
	  .help = "Make a bundle that tells less of an existing one",
	  .argc_min = 1,
	  .argc_max = 1,
	  .groups = pl_bundle_mask_groups,
	  .makes = true,
	  .run = pl_bundle_mask },
	{ .name = "verify",
	  .args = "BUNDLE",
	  .help = "Find any byte that changed since it was made",
	  .argc_min = 1,
	  .argc_max = 1,
	  .groups = pl_bundle_verify_groups,
	  .run = pl_bundle_verify },
	{ .name = "show",
	  .args = "BUNDLE [ITEM]",
	  .help = "Tell what is in a bundle, or print one item of it",
	  .argc_min = 1,
	  .argc_max = 2,
	  .groups = pl_bundle_show_groups,
	  .run = pl_bundle_show },
	{ .name = "report",
	  .args = "BUNDLE",
	  .help = "Judge it again with today's rules",
	  .argc_min = 1,
	  .argc_max = 1,
	  .formats = pl_bundle_report_formats,
	  .run = pl_bundle_report },
	{ .name = "compare",
	  .args = "GOOD BAD",
	  .help = "Works here, fails there: the first difference that matters",
	  .argc_min = 2,
	  .argc_max = 2,
	  .groups = pl_bundle_compare_groups,
	  .formats = pl_bundle_compare_formats,
	  .run = pl_bundle_compare },
	{ .name = NULL },
};

static const char *const formats[] = { "text", "json", NULL };

int main(int argc, char **argv)
{
	static const struct pl_bundle presets = {
		.doctor = DOCTOR_PRESETS,
		.mask = { .level = DIAG_MASK_IDENTIFIERS },
	};
	static const struct tool pl_bundle = {
		.name = "pl-bundle",
		.about = "pack what is needed to decide into one file that is "
			 "safe to send, and judge it again",
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = formats,
		.examples = "  pl-bundle collect ws1103.json\n"
			    "  pl-bundle verify ws1103.tar.zst\n"
			    "  pl-bundle report ws1103.tar.zst\n"
			    "  pl-bundle compare jumpbox.tar.zst "
			    "laptop.tar.zst\n",
		.cmds = cmds,
	};

	return tool_main(&pl_bundle, argc, argv);
}

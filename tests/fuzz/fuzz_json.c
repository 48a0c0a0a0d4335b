/* SPDX-License-Identifier: MIT */
/* fuzz_json - what the parser takes, the writer must give back: parse, write,
 * parse again, write again, and both texts must agree. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "tests/fuzz/fuzz.h"

static const struct diag_json_limits limits = { .max_len = 1 << 20,
						.max_depth = 100 };

static void write_tree(const cJSON *tree, unsigned indent, struct diag_buf *out)
{
	struct diag_jw w;

	diag_buf_init(out, 1 << 24);
	diag_jw_init(&w, out, indent);
	diag_jw_tree(&w, tree);
}

static void read_members(const cJSON *tree)
{
	struct diag_problems problems;
	struct diag_json_at at = { .file = "fuzz", .problems = &problems };
	const char *s = "";
	uint64_t n;
	double d;
	bool b;

	diag_problems_init(&problems);
	(void)diag_json_str(&at, tree, "s", &s);
	(void)diag_json_uint(&at, tree, "n", 0, UINT64_MAX, &n);
	(void)diag_json_num(&at, tree, "d", -1, 1, &d);
	(void)diag_json_bool(&at, tree, "b", &b);
	(void)diag_json_array(&at, tree, "a");
	(void)diag_json_object(&at, tree, "o");
	diag_problems_clear(&problems);
}

static void round_trip(const cJSON *tree, unsigned indent)
{
	struct diag_buf first;
	struct diag_buf second;
	cJSON *again = NULL;

	write_tree(tree, indent, &first);
	if (first.code != DIAG_OK ||
	    !diag_json_parse("again", first.data, first.len,
			     &(struct diag_json_limits){ 1 << 24, 100 }, &again,
			     NULL))
		abort();
	write_tree(again, indent, &second);
	if (first.len != second.len ||
	    memcmp(first.data, second.data, first.len) != 0)
		abort();
	cJSON_Delete(again);
	diag_buf_clear(&first);
	diag_buf_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_err err = { 0 };
	char text[400];
	cJSON *tree = NULL;

	if (!diag_json_parse("fuzz", (const char *)data, size, &limits, &tree,
			     &err)) {
		(void)diag_err_text(&err, text, sizeof(text));
		/* What passes our grammar cJSON must read: there is memory. */
		if (err.code != DIAG_EPARSE && err.code != DIAG_ELIMIT)
			abort();
		return 0;
	}
	read_members(tree);
	round_trip(tree, 0);
	round_trip(tree, 2);
	cJSON_Delete(tree);
	return 0;
}

/* SPDX-License-Identifier: MIT */
#include "tests/machine/machine_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct diag_machine *machine_of(const char *json)
{
	const struct diag_json_limits limits = { (size_t)1 << 20, 32 };
	struct diag_problems problems;
	struct diag_json_at at = { .file = "test", .problems = &problems };
	struct diag_machine *m = NULL;
	struct diag_err err = { 0 };
	struct diag_buf text;
	cJSON *tree = NULL;

	diag_buf_init(&text, limits.max_len);
	for (; *json != '\0'; json++)
		diag_buf_putc(&text, *json == '\'' ? '"' : *json);
	diag_problems_init(&problems);
	assert_true(diag_json_parse("test", diag_buf_str(&text), text.len,
				    &limits, &tree, &err));
	assert_true(diag_machine_parse(tree, &at, &m, &err));
	cJSON_Delete(tree);
	diag_buf_clear(&text);
	diag_problems_clear(&problems);
	return m;
}

struct diag_buf machine_text(const struct diag_machine *m)
{
	struct diag_buf out;
	struct diag_jw w;

	diag_buf_init(&out, (size_t)16 << 20);
	diag_jw_init(&w, &out, 0);
	diag_machine_print(m, NULL, NULL, &w);
	assert_true(diag_buf_ok(&out, NULL, "test"));
	return out;
}

const char *machine_asks(const struct diag_machine *m, const char *server,
			 const char *name)
{
	struct diag_endpoint at;

	assert_true(diag_endpoint_parse(server, 53, &at));
	return diag_asked_key(diag_machine_asked(m, &at, name));
}

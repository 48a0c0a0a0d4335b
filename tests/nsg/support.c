/* SPDX-License-Identifier: MIT */
#include "tests/nsg/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"

void groups_open(struct groups *g)
{
	*g = (struct groups){ .skipped = 0 };
	diag_arena_init(&g->arena, 0);
	diag_problems_init(&g->problems);
}

void groups_close(struct groups *g)
{
	diag_arena_clear(&g->arena);
	diag_problems_clear(&g->problems);
}

bool groups_read(struct groups *g, const cJSON *doc)
{
	struct diag_json_at root = { .file = "nsg.json",
				     .problems = &g->problems };
	struct diag_err err = { .code = DIAG_OK };
	unsigned before = g->skipped;

	return diag_nsg_read_all(&root, doc, &g->arena, &g->list, &g->skipped,
				 &err) &&
	       g->skipped == before;
}

bool groups_read_text(struct groups *g, const char *text)
{
	static const struct diag_json_limits limits = { (size_t)1 << 20, 64 };
	struct diag_err err = { .code = DIAG_OK };
	cJSON *doc = NULL;
	bool ok;

	if (!diag_json_parse("nsg.json", text, strlen(text), &limits, &doc,
			     &err))
		fail_msg("%s: %s", err.what, text);
	ok = groups_read(g, doc);
	cJSON_Delete(doc);
	return ok;
}

void groups_of_rules(struct groups *g, const char *rules)
{
	struct diag_buf text;

	diag_buf_init(&text, (size_t)1 << 20);
	diag_buf_printf(&text, "{\"name\":\"g%zu\",\"securityRules\":[%s]}",
			g->list.n, rules);
	if (!groups_read_text(g, diag_buf_str(&text)))
		fail_msg("%s", diag_buf_str(&g->problems.text));
	diag_buf_clear(&text);
}

cJSON *azure_data(const char *name)
{
	static const struct diag_json_limits limits = { (size_t)1 << 20, 64 };
	const char *source = getenv("PLDIAG_SOURCE");
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf text;
	char path[4096];
	cJSON *doc = NULL;

	(void)snprintf(path, sizeof(path), "%s/tests/data/azure/%s",
		       source != NULL ? source : ".", name);
	if (!diag_file_read(path, (size_t)1 << 20, &text, &err))
		fail_msg("%s: %s", path, err.what);
	assert_true(
	    diag_json_parse(name, text.data, text.len, &limits, &doc, &err));
	diag_buf_clear(&text);
	return doc;
}

void print_group(const struct diag_nsg *g, struct diag_buf *out)
{
	struct diag_jw w;

	diag_buf_init(out, (size_t)16 << 20);
	diag_jw_init(&w, out, 0);
	diag_nsg_print(g, &w);
	assert_int_equal(DIAG_OK, out->code);
}

const struct diag_nsg_rule *rule_named(const struct diag_nsg *g,
				       const char *name)
{
	for (size_t i = 0; i < g->n_rules; i++) {
		if (strcmp(g->rules[i].name, name) == 0)
			return &g->rules[i];
	}
	fail_msg("no rule %s", name);
	return NULL;
}

/* SPDX-License-Identifier: MIT */
/* Filling patterns and the rule of the notebook label. */
#include "inventory/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/fqdn.h"
#include "tests/inventory/support.h"

static const char notebook[] = "ml-{W}-{R}-{G}.{R}.notebooks.azure.net";

struct label_case {
	const char *workspace, *region;
	const char *cut, *dropped; /* NULL: nothing is left */
	bool was_cut;
};

/* The budgets and the seen names of azure.md, 1.2. */
static const struct label_case labels[] = {
	{ "ws1103", "eastus", "ws1103", "ws1103", false },
	{ "mlworkspace-portal02", "eastus", "mlworkspace-port",
	  "mlworkspace-port", true },
	{ "abcdefghijklmnop", "eastus", "abcdefghijklmnop", "abcdefghijklmnop",
	  false },
	{ "abcdefghijklmnopq", "eastus", "abcdefghijklmnop", "abcdefghijklmnop",
	  true },
	{ "abcdefghijklmnopq", "westus2", "abcdefghijklmno", "abcdefghijklmno",
	  true },
	{ "abcdefghijklmnopq", "westeurope", "abcdefghijkl", "abcdefghijkl",
	  true },
	{ "mype-pltest-more", "chinaeast2", "mype-pltest-", "mype-pltest",
	  true },
	{ "mype-plt-more", "usgovvirginia", "mype-plt-", "mype-plt", true },
	{ "abcdefghijklmnopq", "southcentralus", "abcdefgh", "abcdefgh", true },
	{ "abcdefghijklmnopq", "germanywestcentral", "abcd", "abcd", true },
	{ "ab--ef", "germanywestcentral", "ab--", "ab", true },
	{ "ends-in-dash-", "eastus", "ends-in-dash-", "ends-in-dash-", false },
	{ "w", "a23456789012345678901", "w", "w", false },
	{ "w", "a234567890123456789012", NULL, NULL, false },
	{ "----x", "a23456789012345678", "----", NULL, true },
	{ "", "eastus", NULL, NULL, false },
};

static void check_cut(const struct label_case *c, bool drop, const char *want)
{
	char out[DIAG_LABEL_MAX];
	bool was_cut = false;
	bool ok = diag_cat_cut(c->workspace, c->region, drop, out, &was_cut);

	assert_int_equal(want != NULL, ok);
	if (!ok)
		return;
	assert_string_equal(want, out);
	assert_int_equal(c->was_cut, was_cut);
}

static void the_label_is_cut_by_the_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		check_cut(&labels[i], false, labels[i].cut);
		check_cut(&labels[i], true, labels[i].dropped);
	}
}

static void a_cut_label_has_63_characters(void **state)
{
	static const char *const regions[] = { "eastus", "usgovvirginia",
					       "germanywestcentral" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const struct diag_cat_fill fill = {
			.id = G,
			.region = regions[i],
			.workspace = "abcdefghijklmnopqrstuvwxyz"
		};
		char out[DIAG_FQDN_MAX];

		assert_true(diag_cat_fill(notebook, &fill, out, sizeof(out)));
		assert_int_equal(63, strcspn(out, "."));
	}
}

static void the_seen_name_comes_out(void **state)
{
	const struct diag_cat_fill fill = {
		.id = G, .region = "eastus", .workspace = "MLworkspace-portal02"
	};
	char out[DIAG_FQDN_MAX];

	(void)state;
	assert_true(diag_cat_fill(notebook, &fill, out, sizeof(out)));
	assert_string_equal(
	    "ml-mlworkspace-port-eastus-" G ".eastus.notebooks.azure.net", out);
}

static void missing_facts_fill_nothing(void **state)
{
	struct diag_cat_fill fill = { .id = G, .region = "eastus" };
	char out[DIAG_FQDN_MAX];

	(void)state;
	assert_false(diag_cat_fill(notebook, &fill, out, sizeof(out)));
	fill.workspace = "ws";
	assert_true(diag_cat_fill(notebook, &fill, out, sizeof(out)));
	fill.region = "";
	assert_false(diag_cat_fill(notebook, &fill, out, sizeof(out)));
	fill.region = NULL;
	assert_false(diag_cat_fill("{R}.api", &fill, out, sizeof(out)));
	assert_false(diag_cat_fill("z{Z}.web", &fill, out, sizeof(out)));
	assert_false(diag_cat_fill("{N}.vault", &fill, out, sizeof(out)));
}

static void what_is_no_name_fills_nothing(void **state)
{
	struct diag_cat_fill fill = { .name = "a b" };
	char out[DIAG_FQDN_MAX];
	char longest[80];

	(void)state;
	assert_false(
	    diag_cat_fill("{N}.vault.azure.net", &fill, out, sizeof(out)));
	memset(longest, 'x', sizeof(longest));
	longest[64] = '\0';
	fill.name = longest;
	assert_false(
	    diag_cat_fill("{N}.vault.azure.net", &fill, out, sizeof(out)));
	fill.name = "kv";
	assert_false(diag_cat_fill("{N}.vault.azure.net", &fill, out, 17));
	assert_true(diag_cat_fill("{N}.vault.azure.net", &fill, out, 19));
}

static void a_result_may_be_a_record_with_a_wildcard(void **state)
{
	const struct diag_cat_fill fill = { .id = G, .region = "eastus" };
	char out[DIAG_FQDN_MAX];

	(void)state;
	assert_true(
	    diag_cat_fill("*.{G}.inference.{R}", &fill, out, sizeof(out)));
	assert_string_equal("*." G ".inference.eastus", out);
}

static void a_hole_that_comes_twice_holds_one_text(void **state)
{
	struct diag_cat_match m;

	(void)state;
	assert_true(diag_pattern_match(
	    notebook, "ml-a-b-eastus-" G ".eastus.notebooks.azure.net", &m));
	assert_string_equal("a-b", m.name);
	assert_false(diag_pattern_match(
	    notebook, "ml-a-b-eastus-" G ".westus.notebooks.azure.net", &m));
	assert_false(diag_pattern_match(
	    notebook, "ml-a-b-eastus-" G ".eastus2.notebooks.azure.net", &m));
}

static void a_star_takes_one_label_or_more(void **state)
{
	struct diag_cat_match m;

	(void)state;
	assert_true(diag_pattern_match("*.x.net", "a.x.net", &m));
	assert_true(diag_pattern_match("*.x.net", "a.b.x.net", &m));
	assert_false(diag_pattern_match("*.x.net", "x.net", &m));
	assert_false(diag_pattern_match("*.x.net", ".x.net", &m));
	assert_false(diag_pattern_match("*.x.net", "ax.net", &m));
	assert_true(diag_pattern_match("*.{R}.x.net", "a.b.r1.x.net", &m));
	assert_string_equal("r1", m.region);
}

static void guids_have_one_shape(void **state)
{
	(void)state;
	assert_true(diag_guid_ok(G));
	assert_false(diag_guid_ok(""));
	assert_false(diag_guid_ok(G "0"));
	assert_false(diag_guid_ok("bf4ab0bd-2c9f-4480-abaf-f799f0832c8"));
	assert_false(diag_guid_ok("bf4ab0bd-2c9f-4480-abaf-f799f0832c8g"));
	assert_false(diag_guid_ok("BF4AB0BD-2C9F-4480-ABAF-F799F0832C80"));
	assert_false(diag_guid_ok("bf4ab0bd02c9f-4480-abaf-f799f0832c80"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_label_is_cut_by_the_rule),
		cmocka_unit_test(a_cut_label_has_63_characters),
		cmocka_unit_test(the_seen_name_comes_out),
		cmocka_unit_test(missing_facts_fill_nothing),
		cmocka_unit_test(what_is_no_name_fills_nothing),
		cmocka_unit_test(a_result_may_be_a_record_with_a_wildcard),
		cmocka_unit_test(a_hole_that_comes_twice_holds_one_text),
		cmocka_unit_test(a_star_takes_one_label_or_more),
		cmocka_unit_test(guids_have_one_shape),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}

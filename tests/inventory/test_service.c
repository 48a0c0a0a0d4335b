/* SPDX-License-Identifier: MIT */
/* Keys as documents spell them. */
#include "inventory/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_service_key_is_read_back(void **state)
{
	(void)state;
	for (int s = 0; s < DIAG_N_SERVICES; s++) {
		enum diag_service got = DIAG_SVC_OTHER;

		assert_non_null(diag_service_key((enum diag_service)s));
		assert_true(diag_service_parse(
		    diag_service_key((enum diag_service)s), &got));
		assert_int_equal(s, got);
	}
}

static void small_enums_are_read_back(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		enum diag_role role;
		enum diag_public_access access;

		assert_true(
		    diag_role_parse(diag_role_key((enum diag_role)i), &role));
		assert_int_equal(i, role);
		assert_true(diag_public_access_parse(
		    diag_public_access_key((enum diag_public_access)i),
		    &access));
		assert_int_equal(i, access);
	}
	for (int i = 0; i < 3; i++) {
		enum diag_cloud cloud;
		enum diag_expect expect;

		assert_true(diag_cloud_parse(diag_cloud_key((enum diag_cloud)i),
					     &cloud));
		assert_int_equal(i, cloud);
		assert_true(diag_expect_parse(
		    diag_expect_key((enum diag_expect)i), &expect));
		assert_int_equal(i, expect);
	}
}

static void eras_are_2020_and_current(void **state)
{
	enum diag_era era;

	(void)state;
	assert_true(diag_era_parse("2020", &era));
	assert_int_equal(DIAG_ERA_2020, era);
	assert_string_equal("current", diag_era_key(DIAG_ERA_CURRENT));
}

static void other_words_are_no_keys(void **state)
{
	enum diag_service service = DIAG_SVC_SQL;
	enum diag_cloud cloud;
	enum diag_era era;

	(void)state;
	assert_false(diag_service_parse("", &service));
	assert_false(diag_service_parse("Key-Vault", &service));
	assert_int_equal(DIAG_SVC_SQL, service);
	assert_false(diag_cloud_parse("germany", &cloud));
	assert_false(diag_era_parse("2021", &era));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_service_key_is_read_back),
		cmocka_unit_test(small_enums_are_read_back),
		cmocka_unit_test(eras_are_2020_and_current),
		cmocka_unit_test(other_words_are_no_keys),
	};

	return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}

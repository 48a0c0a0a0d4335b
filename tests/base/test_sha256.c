/* SPDX-License-Identifier: MIT */
/* Hashes of FIPS 180-4, in pieces and in two that part on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"

/* FIPS 180-4, "abc" and the 448 bits of its second example. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define TWO "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"

static const char two[] =
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

static void the_standard_s_own_examples_are_right(void **state)
{
	char sha256[DIAG_SHA256_TEXT];

	(void)state;
	assert_true(diag_sha256_of("abc", 3, sha256));
	assert_string_equal(ABC, sha256);
	assert_true(diag_sha256_of(two, strlen(two), sha256));
	assert_string_equal(TWO, sha256);
	assert_true(diag_sha256_is(sha256));
	sha256[9] = 'A';
	assert_false(diag_sha256_is(sha256));
}

static void a_copy_goes_its_own_way(void **state)
{
	struct diag_sha256 one, other;
	char sha256[DIAG_SHA256_TEXT];

	(void)state;
	diag_sha256_start(&one);
	diag_sha256_put(&one, "abc", 3);
	diag_sha256_copy(&one, &other);
	diag_sha256_put(&other, two + 3, strlen(two) - 3);
	assert_true(diag_sha256_end(&one, sha256));
	assert_string_equal(ABC, sha256);
	assert_true(diag_sha256_end(&other, sha256));
	assert_string_equal(TWO, sha256);
	/* Of one that failed there is no good copy. */
	diag_sha256_copy(&one, &other);
	assert_false(diag_sha256_end(&other, sha256));
	assert_string_equal("", sha256);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_standard_s_own_examples_are_right),
		cmocka_unit_test(a_copy_goes_its_own_way),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* BIND's key files: what is one, and where one goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fix/update.h"

#define SECRET "c2VjcmV0IG9mIHNvbWUgbGVuZ3RoIQ=="
#define PLAIN  "secret of some length!"
#define GOOD                                                                \
	"key \"k.example\" {\n\talgorithm hmac-sha256;\n\tsecret \"" SECRET \
	"\";\n};\n"

static bool reads(const char *text, struct diag_tsig_key *key,
		  struct diag_err *err)
{
	size_t len = strlen(text);
	char *copy = malloc(len + 1); /* so that a read behind it is seen */
	bool ok;

	assert_non_null(copy);
	memcpy(copy, text, len);
	*err = (struct diag_err){ .code = DIAG_OK };
	copy = realloc(copy, len > 0 ? len : 1);
	ok = diag_tsig_key_read("k.key", copy, len, key, err);
	free(copy);
	return ok;
}

static void good(const char *text, enum diag_tsig_alg alg)
{
	struct diag_tsig_key key;
	struct diag_err err;

	if (!reads(text, &key, &err))
		fail_msg("%s", err.what);
	assert_string_equal("k.example", key.name);
	assert_int_equal(alg, key.alg);
	assert_int_equal(strlen(PLAIN), key.secret_len);
	assert_memory_equal(PLAIN, key.secret, key.secret_len);
}

static void what_tsig_keygen_writes_is_read(void **unused)
{
	(void)unused;
	good(GOOD, DIAG_HMAC_SHA256);
}

static void quotes_case_order_and_comments_are_free(void **unused)
{
	(void)unused;
	good("// a\n# b\n/* c\n * d */ KEY K.Example. {secret \"" SECRET
	     "\";algorithm \"HMAC-SHA384\";} ; # e",
	     DIAG_HMAC_SHA384);
	good("key k.example{/**/algorithm hmac-sha512;secret " SECRET ";};",
	     DIAG_HMAC_SHA512);
	good("key k.example {\r\n algorithm hmac-sha256;\r\n secret " SECRET
	     ";\r\n};\r\n/* no end",
	     DIAG_HMAC_SHA256);
}

static void a_fault_is_told_with_its_place(void **unused)
{
	static const struct {
		const char *text, *what;
	} bad[] = {
		{ "", "k.key:1:1: expected \"key\"" },
		{ "\n\n  zone \"x\" {};", "k.key:3:3: expected \"key\"" },
		{ "key {", "k.key:1:5: expected the name" },
		{ "key \"a b\" {", "k.key:1:5: expected the name" },
		{ "key \"k", "k.key:1:5: expected a closing quote" },
		{ "key \"k\n\" {", "k.key:1:5: expected a closing quote" },
		{ "key k [", "k.key:1:7: expected \"{\"" },
		{ "key k { };", "1:9: expected \"algorithm\" or \"secret\"" },
		{ "key k {\n algorithm hmac-md5;",
		  "2:12: expected hmac-sha256, hmac-sha384 or hmac-sha512" },
		{ "key k { algorithm hmac-sha256-128;", "1:19: expected hmac" },
		{ "key k { algorithm hmac-sha256 ", "1:31: expected \";\"" },
		{ "key k { algorithm hmac-sha256; }", "expected \"secret\"" },
		{ "key k { secret AAAA; }", "expected \"algorithm\"" },
		{ "key k { secret AAAA; secret", "1:22: expected \"algorithm" },
		{ "key k { secret \"\";", "1:16: expected a secret in base64" },
		{ "key k { secret AAA;", "expected a secret in base64" },
		{ "key k { secret AAAAA;", "expected a secret in base64" },
		{ "key k { secret A===;", "expected a secret in base64" },
		{ "key k { secret AA=A;", "expected a secret in base64" },
		{ "key k { secret AA-_;", "expected a secret in base64" },
		{ "key k { secret \"AAAA AAAA\";", "a secret in base64" },
		{ "key k { secret AAAA; algorithm hmac-sha256; x",
		  "1:45: expected \"}\"" },
		{ "key k { secret AAAA; algorithm hmac-sha256; }",
		  "1:46: expected \";\"" },
		{ GOOD "key", "k.key:5:1: expected the end of the file" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct diag_tsig_key key;
		struct diag_err err;

		if (reads(bad[i].text, &key, &err))
			fail_msg("%s: was read", bad[i].text);
		assert_int_equal(DIAG_EPARSE, err.code);
		if (strstr(err.what, bad[i].what) == NULL)
			fail_msg("%s: \"%s\" has no \"%s\"", bad[i].text,
				 err.what, bad[i].what);
	}
}

static void no_message_shows_the_secret(void **unused)
{
	char text[] = GOOD;
	size_t len = strlen(text);

	(void)unused;
	for (size_t at = 0; at < len; at++) {
		struct diag_tsig_key key;
		struct diag_err err;
		char kept = text[at];

		text[at] = '}';
		if (!reads(text, &key, &err) &&
		    strstr(err.what, "c2VjcmV0") != NULL)
			fail_msg("%s", err.what);
		text[at] = kept;
	}
}

static void after_a_fault_no_secret_is_left(void **unused)
{
	static const struct diag_tsig_key none;
	struct diag_tsig_key key;
	struct diag_err err;

	(void)unused;
	assert_false(reads("key k.example { algorithm hmac-sha256; secret "
			   "\"" SECRET "\"; } x",
			   &key, &err));
	assert_memory_equal(&none, &key, sizeof(key));
	assert_true(reads(GOOD, &key, &err));
	diag_tsig_key_clear(&key);
	assert_memory_equal(&none, &key, sizeof(key));
}

/* 4 digits are 3 bytes. */
static void secret_of(size_t digits, char *out, size_t size)
{
	static const char head[] = "key k { algorithm hmac-sha256; secret ";

	assert_true(sizeof(head) + digits + 4 < size);
	memcpy(out, head, sizeof(head));
	memset(out + strlen(head), 'A', digits);
	memcpy(out + strlen(head) + digits, "; };", 5);
}

static void a_secret_has_at_most_256_bytes(void **unused)
{
	static char text[1000];
	struct diag_tsig_key key;
	struct diag_err err;

	(void)unused;
	secret_of(340, text, sizeof(text));
	assert_true(reads(text, &key, &err));
	assert_int_equal(255, key.secret_len);
	secret_of(344, text, sizeof(text));
	assert_false(reads(text, &key, &err)); /* 258 */
	assert_non_null(strstr(err.what, "at most 256 bytes"));
	memcpy(strstr(text, "; };") - 2, "==", 2); /* 256 */
	assert_true(reads(text, &key, &err));
	assert_int_equal(256, key.secret_len);
	secret_of(800, text, sizeof(text));
	assert_false(reads(text, &key, &err));
	assert_non_null(strstr(err.what, "at most 256 bytes"));
}

static void a_file_that_is_too_long_is_no_key_file(void **unused)
{
	static char text[DIAG_TSIG_KEY_BYTES + 2];
	struct diag_tsig_key key;
	struct diag_err err;

	(void)unused;
	memset(text, ' ', sizeof(text) - 1);
	memcpy(text, GOOD, strlen(GOOD));
	assert_false(reads(text, &key, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	text[DIAG_TSIG_KEY_BYTES] = '\0';
	assert_true(reads(text, &key, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_tsig_keygen_writes_is_read),
		cmocka_unit_test(quotes_case_order_and_comments_are_free),
		cmocka_unit_test(a_fault_is_told_with_its_place),
		cmocka_unit_test(no_message_shows_the_secret),
		cmocka_unit_test(after_a_fault_no_secret_is_left),
		cmocka_unit_test(a_secret_has_at_most_256_bytes),
		cmocka_unit_test(a_file_that_is_too_long_is_no_key_file),
	};

	return cmocka_run_group_tests_name("update_key", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* What was met before is masked as when it is met first: texts that are put
 * together by chance become the same through a new mask and through one that
 * has met each of their words by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/mask/masked.h"

#define TEXTS	 400
#define ALIKE	 6000
#define WORDS	 60 /* of a text */
#define TEXT_MAX 8192
#define COUNT(x) (sizeof(x) / sizeof((x)[0]))

static const char *const words[] = {
	"ws1103",
	"ws1103sa",
	"access",
	"key",
	"IP4.DOMAIN",
	"WS1103-nic",
	"vpn-laptop",
	"host1.corp.example",
	"host1.corp.example.",
	"ws1103sa.blob.core.windows.net",
	"main.py",
	"10.0.0.4",
	"4.0.0.10.in-addr.arpa",
	"ip-10-0-0-4",
	"fe80",
	"aa-bb-cc-dd-ee-ff",
	"aa",
	"bb",
	"12",
	"password",
	"token",
	"user",
	"hostname",
	"ssid",
	"CN",
	"OU",
	"O",
	"-u",
	"Authorization",
	"home",
	"Users",
	"subscriptions",
	"resourceGroups",
	"providers",
	"joe",
	"joe:xyzzy",
	"https",
	"bf4ab0bd-2c9f-4480-abaf-f799f0832c80",
	"d41d8cd98f00b204e9800998ecf8427e",
	"abc8QqqqqqqqqqqqqQQqqqqq1234qqqq",
	"aB3dE5gH7jK9mN1pQ3sT5vX7zA9cD2fGhJ4kL6mN8pQ",
	"AKIAABCDEFGHIJKLMNOP",
	"cGFzc3dvcmQ9SHVudGVyMiBqb2U",
	"cGFzc3dvcmQ9SHVudGVyMiBqb2U0711",
	"dXNlcm5h",
	"NetworkManager",
	"wpa_supplicant",
	"sshpass",
	"-p",
	"curl",
	"net",
	"use",
	"com2sec",
	"snmp-server",
	"community",
	"enable",
	"secret",
	"7",
	"tls-auth",
	"DB_PASSWORD",
	"value",
	"name",
	"SSHA",
	"ConvertTo-SecureString",
	"data",
	"kind",
	"Secret",
	"d",
	"reg",
	"BasicAuthentication",
	"{\"keyName\"",
	"\"x\"",
};

static const char *const signs[] = {
	" ",  " ",  " ",    " ",  " ", " ",   "\n",	 "\n",	"/",   "/",
	"\\", ":",  ":",    ": ", "=", " = ", "=",	 "@",	"%2F", "+",
	"~",  "\"", "': '", "//", "?", ",",   "\\u002d", "://", "\t",  "(",
	").", "::", "",	    "-",  "_", ".",   "[",	 ">",	"&",
};

/* Always the same numbers. */
static size_t chance(uint32_t *seed, size_t n)
{
	*seed = *seed * 1664525U + 1013904223U;
	return (*seed >> 8) % n;
}

/* A few words and no others, so that they are met again. */
static void some_text(uint32_t *seed, char out[TEXT_MAX])
{
	const char *few[6];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(few); i++)
		few[i] = words[chance(seed, COUNT(words))];
	for (size_t i = 0; i < WORDS; i++)
		n += (size_t)snprintf(out + n, TEXT_MAX - n, "%s%s",
				      few[chance(seed, COUNT(few))],
				      signs[chance(seed, COUNT(signs))]);
}

/* The texts are long: where they differ. */
static void assert_same(const char *anew, const char *before)
{
	size_t at = 0, from;

	while (anew[at] != '\0' && anew[at] == before[at])
		at++;
	from = at > 40 ? at - 40 : 0;
	if (anew[at] != before[at])
		fail_msg("new: …%.80s…\nmet before: …%.80s…", anew + from,
			 before + from);
}

/* A mask that has given all words their pseudonyms, which may depend on where a
 * word is met first; in an encoded text they are met, but not kept. */
static struct diag_mask *meeting(enum diag_mask_level level, const char *head,
				 const char *tail)
{
	struct diag_mask *m = masked_new(level);

	for (size_t i = 0; i < COUNT(words); i++) {
		char text[TEXT_MAX];

		(void)snprintf(text, sizeof(text), "%s%s%s", head, words[i],
			       tail);
		free(masked_text(m, text, NULL));
	}
	return m;
}

static void same_when_met_before(enum diag_mask_level level)
{
	struct diag_mask *before = meeting(level, "(", ")\n\n      ");
	uint32_t seed = 7;

	for (size_t i = 0; i < TEXTS; i++) {
		struct diag_mask *anew = meeting(level, "%28", "%29");
		char text[TEXT_MAX];
		char *a, *b;
		size_t n = 0, k = 0;

		some_text(&seed, text);
		a = masked_text(anew, text, &n);
		b = masked_text(before, text, &k);
		assert_same(a, b);
		assert_int_equal(n, k);
		free(a);
		free(b);
		diag_mask_free(anew);
	}
	diag_mask_free(before);
}

static void no_level_depends_on_what_was_met(void **unused)
{
	(void)unused;
	same_when_met_before(DIAG_MASK_NONE);
	same_when_met_before(DIAG_MASK_IDENTIFIERS);
	same_when_met_before(DIAG_MASK_ADDRESSES);
}

/* A word that was nobody's is looked at again when it is somebody's. */
static void a_name_that_is_learned_later_is_found(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);
	static const char text[] = "the zanzibar of joe, x.zanzibar.example";
	char *before = masked_text(m, text, NULL), *after;

	(void)unused;
	assert_non_null(strstr(before, "the zanzibar of"));
	assert_true(diag_mask_learn_name(m, "zanzibar", NULL));
	after = masked_text(m, text, NULL);
	assert_null(strstr(after, "the zanzibar of"));
	free(before);
	free(after);
	diag_mask_free(m);
}

/* More than are kept, alike in what is compared first. */
static void words_that_are_alike_are_told_apart(void **unused)
{
	static const char *const shapes[] = { "computer", "a-long-computer-" };
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);

	(void)unused;
	for (unsigned i = 0; i < ALIKE; i++) {
		char name[64], plain[160], encoded[96];
		char *a, *b;

		(void)snprintf(name, sizeof(name), "%s%04u.io",
			       shapes[i % COUNT(shapes)], i / 2);
		(void)snprintf(plain, sizeof(plain), "(%s)\n\n\n%40s", name,
			       "");
		(void)snprintf(encoded, sizeof(encoded), "%%28%s%%29", name);
		a = masked_text(m, plain, NULL);
		b = masked_text(m, encoded, NULL);
		assert_memory_equal(a + 1, b + 3, strlen(b) - 6);
		free(a);
		free(b);
	}
	diag_mask_free(m);
}

/* The same word in a member whose names stay, and in one whose do not. */
static void levels_are_told_apart(void **unused)
{
	static const char said[] = "ws1103 was here before us";
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);

	(void)unused;
	for (unsigned i = 0; i < 4; i++) {
		char text[160];
		char *out;

		(void)snprintf(text, sizeof(text), "{\"%s\":\"%s\"}",
			       i % 2 == 0 ? "status" : "said", said);
		out = masked_json(m, text);
		assert_int_equal(i % 2 == 0, strstr(out, said) != NULL);
		free(out);
	}
	diag_mask_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_level_depends_on_what_was_met),
		cmocka_unit_test(a_name_that_is_learned_later_is_found),
		cmocka_unit_test(words_that_are_alike_are_told_apart),
		cmocka_unit_test(levels_are_told_apart),
	};

	return cmocka_run_group_tests_name("mask/memo", tests, NULL, NULL);
}

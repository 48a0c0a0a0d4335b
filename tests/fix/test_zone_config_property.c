/* SPDX-License-Identifier: MIT */
/* What holds for every configuration file: its tokens are all of it, twice is
 * once, what is taken out is as it was, and only our lines differ.  5,000
 * generated files for each language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fix/zone/conf_scan.h"
#include "tests/fix/config_make.h"
#include "tests/support/config_try.h"
#include "tests/support/random.h"

#define FILES 5000

/* Every kind of job in turn. */
static struct config_how how_of(const char *dialect, uint64_t seed)
{
	struct config_how how = { .dialect = dialect, .n = 1 + seed % 2 };

	if (strcmp(dialect, "coredns") == 0)
		return how;
	how.forwarders = seed % 3 == 0;
	if (strcmp(dialect, "dnsmasq") != 0 && !how.forwarders)
		how.style = seed % 9 == 1   ? DIAG_STYLE_PARENT
			    : seed % 9 == 2 ? DIAG_STYLE_PRIVATELINK
					    : DIAG_STYLE_NAME;
	return how;
}

static void files(const char *dialect)
{
	unsigned planned = 0, changed = 0;

	for (uint64_t seed = 1; seed <= FILES; seed++) {
		struct config_how how = how_of(dialect, seed);
		struct config_tried t;
		struct diag_buf text;
		const char *wrong;

		config_make(dialect, seed, &text);
		wrong = config_holds(&how, diag_buf_str(&text), text.len);
		config_try(&t, &how, diag_buf_str(&text), text.len);
		if (wrong != NULL)
			fail_msg("%s, seed %u: %s:\n%s\n---\n%s", dialect,
				 (unsigned)seed, wrong, diag_buf_str(&text),
				 diag_buf_str(&t.out));
		planned += t.ok;
		changed += t.ok && t.plan.foreign_changed > 0;
		config_tried_end(&t);
		diag_buf_clear(&text);
	}
	/* or the above proves nothing */
	assert_true(planned > FILES / 2);
	assert_true(changed > FILES / 10);
}

#define FILES_OF(name, dialect)        \
	static void name(void **state) \
	{                              \
		(void)state;           \
		files(dialect);        \
	}

FILES_OF(unbound_files_come_back, "unbound")
FILES_OF(bind_files_come_back, "bind")
FILES_OF(dnsmasq_files_come_back, "dnsmasq")
FILES_OF(hosts_files_come_back, "coredns")

/* --- tokens -----------------------------------------------------------------
 */

/* Any bytes, those that mean something more often. */
static void garbage(uint64_t seed, struct diag_buf *out)
{
	static const char some[] = "{};\"'\\/*#:=! \t\r\nab";
	uint64_t s = seed * 0x9e3779b97f4a7c15ULL + 7;
	uint64_t n = generate_next(&s) % 200;

	diag_buf_init(out, 1 << 20);
	while (n-- > 0) {
		uint64_t r = generate_next(&s);

		diag_buf_putc(out, r % 8 == 0
				       ? (char)(r >> 8)
				       : some[(r >> 8) % (sizeof(some) - 1)]);
	}
}

/* One token or line; false: the text ends here, in an error. */
static bool piece(const char *dialect, struct conf_scan *s, size_t *len)
{
	struct dnsmasq_line line;
	struct conf_token t;
	size_t at = s->at;
	bool ok;

	if (strcmp(dialect, "dnsmasq") == 0) {
		ok = dnsmasq_next(s, &line);
		if (ok && (line.begin != at || line.end < at ||
			   line.comment > line.end || line.next != s->at))
			fail_msg("a line is not where it is");
	} else {
		ok = strcmp(dialect, "bind") == 0
			 ? bind_token(s, &t)
			 : unbound_token(s, at % 2 == 0, &t);
		if (ok && (t.at != at || t.at + t.len != s->at))
			fail_msg("a token is not where it is");
	}
	*len = s->at - at;
	return ok;
}

static void tokens_cover(const char *dialect, const struct diag_buf *text)
{
	struct diag_slice all = { diag_buf_str(text), text->len };
	struct diag_buf printed;
	struct conf_scan s;
	size_t len;

	diag_buf_init(&printed, 1 << 20);
	conf_scan_init(&s, all, 0, all.len);
	while (s.at < s.end) {
		size_t at = s.at;

		if (!piece(dialect, &s, &len)) {
			assert_non_null(s.expected);
			diag_buf_put(&printed, all.p + at, all.len - at);
			break;
		}
		assert_true(len > 0);
		diag_buf_put(&printed, all.p + at, len);
	}
	if (printed.len != text->len ||
	    (text->len > 0 && memcmp(printed.data, text->data, text->len) != 0))
		fail_msg("%s: printed, it is another text:\n%s", dialect,
			 diag_buf_str(text));
	diag_buf_clear(&printed);
}

static void tokens_are_the_whole_text(void **state)
{
	static const char *const dialects[] = { "unbound", "bind", "dnsmasq" };

	(void)state;
	for (uint64_t seed = 1; seed <= FILES; seed++)
		for (size_t i = 0; i < 3; i++) {
			struct diag_buf text;

			config_make(dialects[i], seed, &text);
			tokens_cover(dialects[i], &text);
			diag_buf_clear(&text);
			garbage(seed, &text);
			tokens_cover(dialects[i], &text);
			diag_buf_clear(&text);
		}
}

/* Whatever the bytes are: refused, or put in and taken out again. */
static void any_bytes_come_back(void **state)
{
	static const char *const dialects[] = { "unbound", "bind", "dnsmasq",
						"coredns" };

	(void)state;
	for (uint64_t seed = 1; seed <= FILES; seed++)
		for (size_t i = 0; i < 4; i++) {
			struct config_how how = how_of(dialects[i], seed);
			struct diag_buf text;
			const char *wrong;

			garbage(seed, &text);
			wrong =
			    config_holds(&how, diag_buf_str(&text), text.len);
			if (wrong != NULL)
				fail_msg("%s, seed %u: %s", dialects[i],
					 (unsigned)seed, wrong);
			diag_buf_clear(&text);
		}
}

int main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(unbound_files_come_back),   T(bind_files_come_back),
		T(dnsmasq_files_come_back),   T(hosts_files_come_back),
		T(tokens_are_the_whole_text), T(any_bytes_come_back),
	};

	return cmocka_run_group_tests_name("zone_config_property", tests, NULL,
					   NULL);
}

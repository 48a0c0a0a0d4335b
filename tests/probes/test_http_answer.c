/* SPDX-License-Identifier: MIT */
/* What the bytes of an HTTP answer say, and whose answer it is. */
#include "probes/http_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum http_parse parse(const char *text, struct http_head *head)
{
	return http_parse(text, strlen(text), head);
}

static void a_whole_head_gives_code_and_length(void **unused)
{
	struct http_head head;
	const char *text = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 12\r\n"
			   "Server: x\r\n\r\nhello";

	(void)unused;
	assert_int_equal(HTTP_HEAD, parse(text, &head));
	assert_int_equal(401, head.code);
	assert_int_equal(12, head.body_len);
	assert_false(head.chunked);
	assert_string_equal("hello", text + head.end);
}

static void every_prefix_of_a_head_asks_for_more(void **unused)
{
	const char *text = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
	struct http_head head;

	(void)unused;
	for (size_t n = 0; n < strlen(text); n++)
		assert_int_equal(HTTP_MORE, http_parse(text, n, &head));
	assert_int_equal(HTTP_HEAD, http_parse(text, strlen(text), &head));
}

static void interim_answers_are_skipped(void **unused)
{
	struct http_head head;

	(void)unused;
	assert_int_equal(HTTP_HEAD,
			 parse("HTTP/1.1 100 Continue\r\n\r\n"
			       "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
			       "HTTP/1.1 403 Forbidden\r\n\r\n",
			       &head));
	assert_int_equal(403, head.code);
	assert_int_equal(HTTP_MORE,
			 parse("HTTP/1.1 100 Continue\r\n\r\n", &head));
}

static void bytes_of_another_protocol_are_not_http(void **unused)
{
	static const char *const not_http[] = {
		"SSH-2.0-OpenSSH_9.2\r\n", "220 mail.example ESMTP\r\n",
		"HTTP/2 200\r\n\r\n",	   "HTTP/1.1 abc\r\n\r\n",
		"HTTP/1.1 20 OK\r\n\r\n",  "\x15\x03\x01",
	};
	struct http_head head;

	(void)unused;
	for (size_t i = 0; i < sizeof(not_http) / sizeof(not_http[0]); i++)
		assert_int_equal(HTTP_NOT_HTTP, parse(not_http[i], &head));
}

static void a_head_without_end_stops_at_its_limit(void **unused)
{
	size_t len = HTTP_HEAD_MAX + 1;
	char *text = malloc(len);
	struct http_head head;

	(void)unused;
	assert_non_null(text);
	memset(text, 'a', len);
	memcpy(text, "HTTP/1.1 200 OK\r\nX: ", 20);
	assert_int_equal(HTTP_MORE, http_parse(text, 1000, &head));
	assert_int_equal(HTTP_NOT_HTTP, http_parse(text, len, &head));
	free(text);
}

/* The shapes of azure.md 3.4. */
static const struct diag_http_marker registry_service[] = {
	{ .header = "docker-distribution-api-version", .confirmed = true },
};
static const struct diag_http_marker denied[] = {
	{ .header = "x-ms-error-code",
	  .value = "AuthorizationFailure",
	  .code = 403,
	  .confirmed = true },
	{ .value = "is not allowed access", .code = 403, .confirmed = true },
};
static const struct diag_http_question question = {
	.method = "GET",
	.path = "/v2/",
	.service = registry_service,
	.n_service = 1,
	.denial = denied,
	.n_denial = 2,
	.confirmed = true,
};

static struct diag_http_fact fill(const char *text, struct diag_arena *arena)
{
	struct diag_http_fact f = { 0 };
	struct http_head head;

	assert_int_equal(HTTP_HEAD, parse(text, &head));
	assert_true(http_fill(&head, text + head.end, strlen(text) - head.end,
			      &question, arena, &f));
	return f;
}

static void the_service_is_known_by_its_header(void **unused)
{
	struct diag_arena arena;
	struct diag_http_fact f;

	(void)unused;
	diag_arena_init(&arena, 0);
	f = fill("HTTP/1.1 401 Unauthorized\r\n"
		 "Docker-Distribution-Api-Version: registry/2.0\r\n"
		 "WWW-Authenticate: Bearer realm=\"https://a/\"\r\n"
		 "Server: nginx\r\nDate: Mon, 23 Nov 2026 10:00:00 GMT\r\n"
		 "Set-Cookie: secret\r\n\r\n",
		 &arena);
	assert_true(f.is_service);
	assert_null(f.denial);
	assert_string_equal("nginx", f.server);
	assert_string_equal("Mon, 23 Nov 2026 10:00:00 GMT", f.date);
	assert_int_equal(2, f.n_headers);
	assert_string_equal("www-authenticate", f.headers[1].name);
	diag_arena_clear(&arena);
}

static void a_denial_needs_its_code_too(void **unused)
{
	struct diag_arena arena;

	(void)unused;
	diag_arena_init(&arena, 0);
	assert_non_null(fill("HTTP/1.1 403 No\r\nx-ms-error-code: "
			     "authorizationfailure\r\n\r\n",
			     &arena)
			    .denial);
	assert_null(fill("HTTP/1.1 401 No\r\nx-ms-error-code: "
			 "AuthorizationFailure\r\n\r\n",
			 &arena)
			.denial);
	assert_non_null(fill("HTTP/1.1 403 No\r\n\r\n{\"errors\":[{\"message\":"
			     "\"client with IP '1.2.3.4' is not allowed "
			     "access\"}]}",
			     &arena)
			    .denial);
	diag_arena_clear(&arena);
}

static void hostile_bytes_come_out_harmless(void **unused)
{
	struct diag_arena arena;
	struct diag_http_fact f;

	(void)unused;
	diag_arena_init(&arena, 0);
	f = fill("HTTP/1.1 200 OK\r\nServer: \x1b[31mred\xff\r\n\r\n\x1b]0;x",
		 &arena);
	assert_null(strchr(f.server, '\x1b'));
	assert_null(strchr(f.body, '\x1b'));
	assert_false(f.is_service);
	diag_arena_clear(&arena);
}

static void the_body_is_awaited_only_for_a_marker_in_it(void **unused)
{
	struct diag_http_question plain = question;
	struct http_head head;

	(void)unused;
	assert_int_equal(
	    HTTP_HEAD,
	    parse("HTTP/1.1 403 No\r\nContent-Length: 10\r\n\r\n", &head));
	assert_true(http_wants_body(&head, &question, "", 0));
	assert_false(http_wants_body(&head, &question, "0123456789", 10));
	plain.n_denial = 1;
	assert_false(http_wants_body(&head, &plain, "", 0));
	assert_false(http_wants_body(&head, NULL, "", 0));
	head.chunked = true;
	assert_true(http_wants_body(&head, &question, "5\r\nhello\r\n", 10));
	assert_false(http_wants_body(&head, &question, "0\r\n\r\n", 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_head_gives_code_and_length),
		cmocka_unit_test(every_prefix_of_a_head_asks_for_more),
		cmocka_unit_test(interim_answers_are_skipped),
		cmocka_unit_test(bytes_of_another_protocol_are_not_http),
		cmocka_unit_test(a_head_without_end_stops_at_its_limit),
		cmocka_unit_test(the_service_is_known_by_its_header),
		cmocka_unit_test(a_denial_needs_its_code_too),
		cmocka_unit_test(hostile_bytes_come_out_harmless),
		cmocka_unit_test(the_body_is_awaited_only_for_a_marker_in_it),
	};

	return cmocka_run_group_tests_name("http_answer", tests, NULL, NULL);
}

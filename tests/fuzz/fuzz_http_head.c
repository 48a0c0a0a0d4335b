/* SPDX-License-Identifier: MIT */
/* The HTTP head reader: any bytes end in one of three words; what is kept is
 * within its limits and harmless to print. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "probes/http_answer.h"

static const struct diag_http_marker markers[] = {
	{ .header = "x-ms-error-code", .value = "AuthorizationFailure" },
	{ .value = "denied", .code = 403 },
};
static const struct diag_http_question question = {
	.method = "GET",
	.path = "/",
	.service = markers,
	.n_service = 1,
	.denial = markers,
	.n_denial = 2,
};

static void check(const struct diag_http_fact *f)
{
	if (f->n_headers > HTTP_KEEP_MAX || f->code < 100 || f->code > 999)
		abort();
	for (size_t i = 0; i < f->n_headers; i++)
		if (strpbrk(f->headers[i].value, "\x1b\r\n") != NULL)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct diag_http_fact f = { 0 };
	struct diag_arena arena;
	struct http_head head;

	diag_arena_init(&arena, 0);
	if (http_parse(bytes, size, &head) == HTTP_HEAD) {
		if (head.end > size)
			abort();
		(void)http_wants_body(&head, &question, bytes + head.end,
				      size - head.end);
		if (http_fill(&head, bytes + head.end, size - head.end,
			      &question, &arena, &f))
			check(&f);
	}
	diag_arena_clear(&arena);
	return 0;
}

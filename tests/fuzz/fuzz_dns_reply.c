/* SPDX-License-Identifier: MIT */
/* Any bytes as the reply to a question: the first two choose the question's
 * type and transport, the rest is the message. */
#include <stddef.h>

#include "tests/fuzz/fuzz.h"
#include "wire/dns_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum diag_rrtype types[] = { DIAG_RR_A, DIAG_RR_AAAA,
						  DIAG_RR_SOA, DIAG_RR_TXT };
	struct diag_fact f = { .kind = DIAG_FACT_DNS };
	struct diag_arena arena;
	struct diag_err err = { 0 };

	if (size < 2)
		return 0;
	diag_arena_init(&arena, (size_t)4 << 20);
	f.dns.name = "a.example";
	f.dns.type = types[data[0] % 4];
	f.dns.tcp = data[1] & 1;
	if (diag_dns_reply_read(data + 2, size - 2, &arena, &f, &err) &&
	    f.status == DIAG_ST_ANSWER && f.dns.n_addresses == 0 &&
	    f.dns.n_chain == 0 && f.dns.soa.owner == NULL)
		__builtin_trap();
	diag_arena_clear(&arena);
	return 0;
}

/* SPDX-License-Identifier: MIT */
#include "tests/support/zone_text.h"

#include "tests/support/random.h"

static const char *const lines[] = {
	"kv A 10.0.0.7",
	"kv 60 IN A 10.0.0.9",
	" A 10.0.0.7",
	"\tIN 60 A 10.0.0.9 ; right",
	"k2 AAAA fd00::7 ; \"",
	"KV.VAULT.azure.net. A 10.9.9.9",
	"x.kv A 10.0.0.1",
	"; comment",
	"",
	"t TXT \"a;b\" ( \"c\"\n \"d\" ) ; e",
	"kv A ( 10.0.0.7\n )",
	"$ORIGIN azure.net.",
	"$ORIGIN vault.azure.net.",
	"kv.vault A 10.0.0.6",
	"k2.vault.azure.net. IN A 10.0.0.8",
	"esc\\;aped\\ x A 10.0.0.2",
	"$GENERATE 1-3 h$ A 10.1.0.$",
	"c CNAME elsewhere.",
	"c A 10.0.0.3",
	"bad A 10.0.0",
	"sub NS ns.sub",
	"ns.sub AAAA fd00::53",
};

void zone_text(uint64_t seed, struct diag_buf *out)
{
	uint64_t s = seed * 0x9e3779b97f4a7c15ULL + 1;
	uint64_t n = generate_next(&s) % 12;
	bool crlf = generate_next(&s) % 4 == 0;

	diag_buf_init(out, 1 << 20);
	/* its own name server, so that no checker looks for it elsewhere */
	diag_buf_puts(out, "@ SOA n. a. 1 1 1 1 1");
	diag_buf_puts(out, crlf ? "\r\n" : "\n");
	diag_buf_puts(out, "@ NS ns");
	diag_buf_puts(out, crlf ? "\r\n" : "\n");
	diag_buf_puts(out, "ns A 10.0.0.53");
	while (n-- > 0) {
		diag_buf_puts(out, crlf ? "\r\n" : "\n");
		diag_buf_puts(out, lines[generate_next(&s) %
					 (sizeof(lines) / sizeof(lines[0]))]);
	}
	if (generate_next(&s) % 3 != 0)
		diag_buf_puts(out, crlf ? "\r\n" : "\n");
}

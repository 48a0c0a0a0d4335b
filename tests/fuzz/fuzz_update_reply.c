/* SPDX-License-Identifier: MIT */
/* The reply reader: any bytes say something or are no reply; and whatever they
 * are, nobody without the key makes us believe that a change was made.  Read
 * once as an answer to a signed and once to an unsigned update; the first two
 * bytes become the id, or hardly any would get past it. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fix/update.h"

#define ID  0x1234
#define NOW 1795858567

static const struct diag_tsig_key key = { .name = "key256.example",
					  .alg = DIAG_HMAC_SHA256,
					  .secret = "not what the corpus knows",
					  .secret_len = 25 };

static void read_as(const struct diag_tsig_key *k, const unsigned char *wire,
		    size_t len)
{
	struct diag_update_wire sent = { .id = ID, .key = k };
	struct diag_update_reply said;
	struct diag_err err = { .code = DIAG_OK };

	sent.mac.len = 32;
	if (!diag_update_read(wire, len, &sent, NOW, &said, &err)) {
		if (err.code == DIAG_OK)
			abort();
		return;
	}
	if (said.words == NULL || (k != NULL && said.rcode == 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy = malloc(size + 1);

	if (copy == NULL)
		return 0;
	memcpy(copy, data, size);
	if (size >= 2) {
		copy[0] = ID >> 8;
		copy[1] = ID & 0xff;
	}
	read_as(&key, copy, size);
	read_as(NULL, copy, size);
	free(copy);
	return 0;
}

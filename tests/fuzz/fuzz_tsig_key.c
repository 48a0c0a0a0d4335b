/* SPDX-License-Identifier: MIT */
/* The key reader: any bytes give a key or a place where they stop to be one;
 * a key that was read is whole, and nothing of one that was not is left. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fix/update.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct diag_tsig_key none;
	struct diag_tsig_key key;
	struct diag_err err = { .code = DIAG_OK };
	char normal[DIAG_FQDN_MAX];

	if (!diag_tsig_key_read("key", (const char *)data, size, &key, &err)) {
		if (err.code == DIAG_OK ||
		    memcmp(&key, &none, sizeof(key)) != 0)
			abort();
		return 0;
	}
	if (key.secret_len == 0 || key.secret_len > DIAG_TSIG_SECRET_MAX ||
	    diag_tsig_alg_key(key.alg) == NULL ||
	    !diag_fqdn_normal(key.name, strlen(key.name), normal, NULL) ||
	    strcmp(normal, key.name) != 0)
		abort();
	diag_tsig_key_clear(&key);
	return 0;
}

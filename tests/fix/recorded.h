/* SPDX-License-Identifier: MIT */
/* recorded.h - answers of real name servers to updates of ours, with the key
 * and the second of the clock that belong to each. */
#ifndef TESTS_FIX_RECORDED_H
#define TESTS_FIX_RECORDED_H

#include "fix/update.h"

#define RECORDED_ID 0x1234

struct recorded {
	const char *what; /* "BIND 9.18, done" */
	const char *key, *alg, *secret, *zone;
	bool there; /* the request says that a record is there */
	int64_t now_s;
	unsigned rcode, tsig_error; /* what the answer says */
	const char *reply;	    /* hex */
};

extern const struct recorded recorded[];
extern const size_t n_recorded;

void recorded_key(const struct recorded *r, struct diag_tsig_key *out);
/* The message that was sent; the caller clears out->bytes. */
void recorded_request(const struct recorded *r, const struct diag_tsig_key *key,
		      struct diag_update_wire *out);
/* Its length in bytes. */
size_t recorded_reply(const struct recorded *r, unsigned char *out,
		      size_t size);

#endif

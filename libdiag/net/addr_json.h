/* SPDX-License-Identifier: MIT */
/* addr_json.h - addresses in a JSON document. */
#ifndef DIAG_NET_ADDR_JSON_H
#define DIAG_NET_ADDR_JSON_H

#include "base/json.h"
#include "net/addr.h"

/* A member of an open object: an array of texts (RFC 5952), empty with n 0. */
void diag_addrs_json(struct diag_jw *w, const char *key,
		     const struct diag_addr *a, size_t n);

#endif

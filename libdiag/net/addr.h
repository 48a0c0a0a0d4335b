/* SPDX-License-Identifier: MIT */
/* addr.h - IP addresses and prefixes.  Address bytes are in network order,
 * ports in host order, everywhere in this project. */
#ifndef DIAG_NET_ADDR_H
#define DIAG_NET_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

enum diag_family { DIAG_NOFAM = 0, DIAG_IPV4 = 4, DIAG_IPV6 = 6 };

struct diag_addr {
	enum diag_family family; /* DIAG_NOFAM: no address */
	uint8_t bytes[16];	 /* 4 or 16 of them used, rest zero */
	char zone[16];		 /* RFC 4007 zone of a link-local, else "" */
};

struct diag_cidr {
	struct diag_addr addr; /* host bits are zero */
	uint8_t len;	       /* bits */
};

/* A name server or proxy as it is named in a view: ADDR:PORT, [V6%zone]:PORT.
 */
struct diag_endpoint {
	struct diag_addr addr;
	uint16_t port;
};

#define DIAG_ADDR_TEXT	   64
#define DIAG_ENDPOINT_TEXT 80

/* Strict: dotted quad without leading zeros, or RFC 4291 with optional %zone.
 * IPv4-mapped IPv6 stays IPv6.  false: not an address, *out untouched. */
bool diag_addr_parse(const char *text, struct diag_addr *out);
bool diag_addr_parse_n(const char *text, size_t len, struct diag_addr *out);
const char *diag_addr_text(const struct diag_addr *a,
			   char out[DIAG_ADDR_TEXT]); /* RFC 5952 */
/* Here and not in addr.c: with each packet of a capture some are compared. */
static inline bool diag_addr_eq(const struct diag_addr *a,
				const struct diag_addr *b)
{
	return a->family == b->family &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0 &&
	       a->zone[0] == b->zone[0] &&
	       (a->zone[0] == '\0' ||
		strncmp(a->zone, b->zone, sizeof(a->zone)) == 0);
}
int diag_addr_cmp(const struct diag_addr *a, const struct diag_addr *b);
struct diag_addr diag_addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d);
size_t diag_addr_len(const struct diag_addr *a); /* 4, 16 or 0 bytes */

/* "10.0.0.0/8"; a bare address is a full-length prefix; host bits set are an
 * error unless they may be masked off (mask = true). */
bool diag_cidr_parse(const char *text, bool mask, struct diag_cidr *out);
const char *diag_cidr_text(const struct diag_cidr *c, char out[DIAG_ADDR_TEXT]);
bool diag_cidr_has(const struct diag_cidr *c, const struct diag_addr *a);
bool diag_cidr_overlaps(const struct diag_cidr *a, const struct diag_cidr *b);

/* "10.0.0.4", "10.0.0.4:53", "[fe80::1%eth0]:53", "fe80::1". */
bool diag_endpoint_parse(const char *text, uint16_t default_port,
			 struct diag_endpoint *out);
const char *diag_endpoint_text(const struct diag_endpoint *e,
			       char out[DIAG_ENDPOINT_TEXT]);
bool diag_endpoint_eq(const struct diag_endpoint *a,
		      const struct diag_endpoint *b);

#endif

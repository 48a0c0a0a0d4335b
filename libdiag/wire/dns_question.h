/* SPDX-License-Identifier: MIT */
/* dns_question.h - what a DNS message asks, without reading the rest of it. */
#ifndef DIAG_WIRE_DNS_QUESTION_H
#define DIAG_WIRE_DNS_QUESTION_H

#include <stddef.h>
#include <stdint.h>

#include "net/fqdn.h"

struct diag_dns_question {
	uint16_t id;
	bool reply;
	bool asks; /* there is one question, and its name is a host name */
	uint16_t type, class;
	char name[DIAG_FQDN_MAX]; /* normal form */
};

/* false: not a DNS message of a query, or of its reply.
 * Source: RFC 1035, 4.1.1 and 4.1.2. */
bool diag_dns_question_read(const uint8_t *wire, size_t len,
			    struct diag_dns_question *out);

#endif

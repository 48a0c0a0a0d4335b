/* SPDX-License-Identifier: MIT */
/* dns_reply.h - a DNS message as it came off the wire, read into a fact.
 *
 * Pure: no socket, no clock.  dns_frame.h takes the message apart; what is
 * decided here is what it says about the question that was asked.
 */
#ifndef DIAG_WIRE_DNS_REPLY_H
#define DIAG_WIRE_DNS_REPLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "fact/fact.h"

/* Longest CNAME chain that is followed; longer ones are malformed. */
#define DNS_CHAIN_MAX 32

/* Read a reply to the question in f->dns (name, type and tcp are set) into the
 * rest of f->dns, f->status and f->error.
 *
 * Shape   the chain begins at the question's name, follows the CNAMEs and
 *         ends with the addresses of the last name; records of other names
 *         are left out.  Bytes that are no reply to this question are status
 *         malformed, never an error.
 * Errors  DIAG_ENOMEM.
 * Owns    borrows wire; what f points to lives in the arena.
 * Source  RFC 1035, 4; RFC 2308 (negative answers); RFC 6891 (EDNS);
 *         RFC 8914 (extended errors). */
DIAG_MUST_USE
bool diag_dns_reply_read(const uint8_t *wire, size_t len,
			 struct diag_arena *arena, struct diag_fact *f,
			 struct diag_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/* dns_frame.h - a DNS message taken apart as far as we look at it.
 * Private to this room.
 *
 * Most of a reply is of no interest here: name servers of the zone, their
 * addresses, signatures.  The frame (header, names, lengths; RFC 1035, 4.1) is
 * walked with the cursor, and only the records that count are given to ldns,
 * which is half of the work of reading a stream of replies.
 */
#ifndef DIAG_WIRE_DNS_FRAME_H
#define DIAG_WIRE_DNS_FRAME_H

#include <ldns/ldns.h>

#include "base/arena.h"
#include "wire/dns_name.h"

#define DNS_FLAG_QR    0x8000u
#define DNS_FLAG_AA    0x0400u
#define DNS_FLAG_TC    0x0200u
#define DNS_FLAG_AD    0x0020u
#define DNS_RCODE_MASK 0x000fu

struct dns_frame {
	unsigned flags;
	unsigned questions;
	struct wname qname; /* of the first; points into the message */
	uint16_t qtype;
	ldns_rr **answers; /* in the arena; CNAMEs and the wanted type */
	size_t n_answers;
	ldns_rr *soa; /* the first of the authority section, or NULL */
	bool edns;
	unsigned extended_rcode; /* upper eight bits */
	int ede;		 /* info code, -1 none */
};

enum dns_frame_end { DNS_FRAME_WHOLE, DNS_FRAME_BROKEN, DNS_FRAME_NO_MEMORY };

/* Borrows wire while the frame is in use.  A broken message leaves the flags
 * if it has a header.  Ended by dns_frame_clear() in every case. */
enum dns_frame_end dns_frame_read(const uint8_t *wire, size_t len,
				  unsigned wanted, struct diag_arena *arena,
				  struct dns_frame *out);
void dns_frame_clear(struct dns_frame *frame);

#endif

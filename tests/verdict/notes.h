/* SPDX-License-Identifier: MIT */
/* notes.h - what importers note, as pieces of an inventory. */
#ifndef TESTS_VERDICT_NOTES_H
#define TESTS_VERDICT_NOTES_H

#include "tests/verdict/paths.h"

/* For b->inventory; targets: "\"" BLOB "\"" or "". */
#define NOTES(list) "\"notes\":[" list "],"
#define NOTE(code, detail, targets)                         \
	"{\"code\":\"" code "\",\"detail\":\"" detail "\"," \
	"\"targets\":[" targets "],\"from\":\"azure.json: $\"}"
#define NAME(n) "\"" n "\""

#define N_PENDING(targets)            \
	NOTE("endpoint.not-approved", \
	     "The connection of private endpoint pe-1 is Pending.", targets)
#define N_UNLINKED(zone, targets) \
	NOTE("zone.not-linked",   \
	     "The private zone " zone " has no link to vnet-1.", targets)
#define N_MISSING(zone, targets)      \
	NOTE("endpoint.zone-missing", \
	     "The zone group of pe-1 lacks " zone ".", targets)
#define N_STALE(name, now, old)                                                \
	NOTE("inventory.stale-record",                                         \
	     "The network interface says " now ", the A record says " old ".", \
	     NAME(name))
#define N_DOCKER(targets)         \
	NOTE("vnet.docker-range", \
	     "vnet-1 has the address space 172.17.0.0/16.", targets)
#define N_TTL(seconds, targets) \
	NOTE("zone.ttl", "The A record has a TTL of " seconds " s.", targets)

/* The finding's severity; fails without it. */
void note_is(struct build *b, const char *code, enum diag_severity severity);
/* The verdict as a whole. */
void note_outcome(struct build *b, enum diag_outcome outcome);
/* The first cause has this code and explains exactly these codes, blank
 * separated, in the order of findings. */
void note_explains(struct build *b, const char *code, const char *effects);

#endif

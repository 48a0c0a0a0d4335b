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

/* In the importer's words. */
#define N_PENDING(targets)                                             \
	NOTE("endpoint.not-approved",                                  \
	     "The connection of private endpoint pe-1 to ws1103sa is " \
	     "Pending, not Approved, so nothing answers at its "       \
	     "addresses.",                                             \
	     targets)
#define N_UNLINKED(zone, targets)                                     \
	NOTE("zone.not-linked",                                       \
	     "The zone " zone " is linked to no virtual network, so " \
	     "nobody sees its records.",                              \
	     targets)
#define N_MISSING(zone, targets)                                            \
	NOTE("endpoint.zone-missing",                                       \
	     "The zone group of private endpoint pe-1 lacks the zone " zone \
	     ", so nobody keeps the record of this name.",                  \
	     targets)
#define N_STALE(name, now, old)                                        \
	NOTE("inventory.stale-record",                                 \
	     name " has the address " now " by the network interface " \
		  "pe-nic, but " old " by the A record in its zone.",  \
	     NAME(name))
#define N_DOCKER(targets)                                             \
	NOTE("vnet.docker-range",                                     \
	     "The virtual network vnet-1 uses 172.17.0.0/24, which "  \
	     "overlaps 172.17.0.0/16, Docker's own network on every " \
	     "compute.",                                              \
	     targets)
#define N_TTL(seconds, targets)                                         \
	NOTE("zone.ttl",                                                \
	     "A record has a TTL of " seconds " seconds; 10 to 600 is " \
	     "advised, so that a change is seen soon.",                 \
	     targets)

/* The finding's severity; fails without it. */
void note_is(struct build *b, const char *code, enum diag_severity severity);
/* The verdict as a whole. */
void note_outcome(struct build *b, enum diag_outcome outcome);
/* The first cause has this code and explains exactly these codes, blank
 * separated, in the order of findings. */
void note_explains(struct build *b, const char *code, const char *effects);

#endif

/* SPDX-License-Identifier: MIT */
/* update.h - the parts of pl-zone update and of undo at a server. */
#ifndef DIAG_TOOLS_PL_ZONE_UPDATE_H
#define DIAG_TOOLS_PL_ZONE_UPDATE_H

#include "fix/update_log.h"
#include "fix/zone/names.h"
#include "tools/change/talk.h"
#include "tools/pl-zone/server.h"

/* One run against one zone of one server. */
struct zone_change {
	struct tool_call *call;
	const struct pl_zone *o;
	struct diag_endpoint server;
	char server_text[DIAG_ENDPOINT_TEXT];
	char zone[DIAG_FQDN_MAX];
	struct diag_tsig_key key;
	bool has_key;
	struct diag_update_log *log;	   /* NULL: a dry run */
	struct diag_inventory *read, *inv; /* update; the sets borrow of it */
	struct diag_update update;	   /* what is to be done */
	const char *about;
	uint64_t undoes; /* the entry that it takes back, or 0 */
	/* for the report */
	const char *outcome; /* "done", "refused" ... */
	const char *why;     /* of an outcome that is none, or NULL */
	const char *settled; /* of the update before, or NULL */
	const char *nsupdate;
	bool answered, proved, tried_proof;
	struct diag_update_reply reply;
	struct diag_err *err;
};

/* --server, --zone and --tsig-key; opens the log unless it is a dry run.
 * Ended by zone_change_end() in every case. */
DIAG_MUST_USE
bool zone_change_begin(struct zone_change *c, struct tool_call *call,
		       enum tool_status *status, struct diag_err *err);
void zone_change_end(struct zone_change *c);
/* The line that says why, kept for the report too.  Gives status. */
enum tool_status zone_change_fail(struct zone_change *c, const char *outcome,
				  enum tool_status status, const char *fmt, ...)
    DIAG_PRINTF(4, 5);
/* Each set, from what it is to what it is to be. */
void zone_change_tell(struct zone_change *c);
/* What came of it, as text or document. */
enum tool_status zone_change_report(struct zone_change *c,
				    enum tool_status status);

/* key_posix.c: the key file.  The text is wiped. */
DIAG_MUST_USE
bool zone_key_read(const struct tool_call *call, const char *path,
		   struct diag_tsig_key *out, struct diag_err *err);

/* sets.c: what the server has to hold, by owner. */
DIAG_MUST_USE
bool zone_sets_of(struct zone_change *c, const struct diag_zone_names *names,
		  struct diag_err *err);

/* --- what the server says now (present.c) --------------------------
 */

/* The addresses of one set of an update, as they are. */
struct zone_present {
	const struct diag_addr *addrs;
	size_t n;
	unsigned ttl_s;
	const char *alias; /* it is one, to this name; or NULL */
};
/* Ask for every set of u.  false: told and noted in c, *status says what it
 * means: the server is silent, or does not hold the zone. */
DIAG_MUST_USE
bool zone_present_ask(struct zone_change *c, const struct diag_update *u,
		      struct zone_present **out, enum tool_status *status);
bool zone_same_addresses(const struct diag_addr *a, size_t n,
			 const struct diag_addr *b, size_t m);
const char *zone_addresses_text(struct diag_arena *arena,
				const struct diag_addr *a, size_t n);
/* What became of an update whose answer was never seen: asked for, told,
 * noted.  false as above. */
DIAG_MUST_USE
bool zone_settle(struct zone_change *c, enum tool_status *status);

/* --- sending (send.c) ----------------------------------------------
 */

/* Ask the person, journal, send, read the answer, prove, or take back: all
 * behind the plan.  Both for an update and for an undo. */
enum tool_status zone_change_make(struct zone_change *c, const char *question);

enum zone_sent {
	ZONE_SENT_DONE,
	ZONE_SENT_REFUSED, /* the server says that it changed nothing */
	ZONE_SENT_NOT,	   /* it never left us */
	ZONE_SENT_UNKNOWN, /* no answer, or none that can be believed */
};
/* One update, in as many messages as it takes. */
enum zone_sent zone_send(struct zone_change *c, const struct diag_update *u);

#endif

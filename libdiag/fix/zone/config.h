/* SPDX-License-Identifier: MIT */
/* config.h - a server's configuration file, changed without touching another
 * byte.
 *
 * Pure.  Unbound, dnsmasq, BIND's named.conf and CoreDNS's hosts file each
 * have an editor (one file, one row): it finds what in the text speaks of our
 * names already (local-data, address=, host-record=, zone "..." ...), puts out
 * what contradicts as marked comments, and keeps what we want in one marked
 * block, in the words of the dialect's own render() or forwarders():
 *
 *	# pldiag: begin ws1103 (written by pl-zone; undo: pl-zone undo)
 *	server:
 *		local-zone: "ws1103kv.vault.azure.net." static
 *	# pldiag: end ws1103
 *
 * A statement that says the same already stays and is not said twice.  BIND has
 * one options { }, so what belongs there is a second block of the same name
 * inside of it.  In a hosts file the marks are those of fix/hosts.h.
 *
 * The marks say all there is to know: without names the block goes, what was
 * put out comes back, and every byte is as it was.  A block that stands stays
 * where it is; a new one comes at the end.  New lines end as the file's first
 * line ends.
 */
#ifndef DIAG_FIX_ZONE_CONFIG_H
#define DIAG_FIX_ZONE_CONFIG_H

#include "fix/edits.h"
#include "fix/zone/dialect.h"

#define DIAG_ZONE_CONFIG_BYTES	  ((size_t)64 << 20)
#define DIAG_ZONE_CONFIG_INCLUDES 64
#define DIAG_ZONE_CONFIG_NOTES	  64
#define DIAG_ZONE_CONFIG_DEPTH	  64 /* braces inside of braces */

struct diag_zone_config_job {
	const char *file;  /* for messages */
	const char *block; /* A-Z a-z 0-9 . _ -, as DIAG_HOSTS_BLOCK_MAX */
	const struct diag_dialect *dialect;
	const struct diag_zone_job *job; /* names n 0: take the block out */
	bool forwarders;		 /* else records of our own */
};

struct diag_zone_config_plan {
	struct diag_edits edits;
	/* Statements of others, also those that are out; and how many of them
	 * this plan puts out that were not out before.  What comes back is not
	 * counted: to take a block out needs nobody's force. */
	size_t foreign;
	size_t foreign_changed;
	/* Files that the text includes, in order: the path as written (with
	 * its wildcards, relative as it is), and the line. */
	const struct diag_zone_config_include {
		const char *path;
		unsigned line;
	} * includes;
	size_t n_includes;
	/* What no edit can see to and a person should look at, a sentence
	 * each: "FILE:LINE: ..." where a line is meant. */
	const char *const *notes;
	size_t n_notes;
};

/* Work out the edits that make the file say what the job wants.
 *
 * Shape   text   any bytes, any line ending.
 *         names  the names of one job and, for forwarders, whom to ask (to).
 * Twice   planning again on the result gives no edits.
 * Back    names n 0, planned on what any names gave, gives the bytes that
 *         were, also where the text itself can no longer be read.
 * Errors  DIAG_EPARSE  "FILE:LINE:COLUMN: expected ...": a string, comment or
 *                      brace that is not closed, a mark of ours without its
 *                      fellow.
 *         DIAG_EUSAGE  what cannot stand beside ours and is no edit's
 *                      business ("FILE:LINE: ..."): an alias for one of our
 *                      names, views (BIND), a local-zone that answers for a
 *                      whole parent (Unbound); a dialect without an editor; a
 *                      bad name for a block.
 *         DIAG_ELIMIT  more bytes, includes, notes or depth than above.
 *         DIAG_ENOMEM
 * Owns    Borrows text and job until it returns; the edits and all else live
 *         in the arena.
 * Source  unbound.conf(5), dnsmasq(8), BIND 9 ARM "Configuration Reference",
 *         CoreDNS plugin/hosts. */
DIAG_MUST_USE
bool diag_zone_config_plan(struct diag_arena *arena, const char *text,
			   size_t len, const struct diag_zone_config_job *job,
			   struct diag_zone_config_plan *out,
			   struct diag_err *err);

#endif

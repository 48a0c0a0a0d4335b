/* SPDX-License-Identifier: MIT */
/* dialect.h - how each name server is told: one file and one row each.
 *
 * Pure: same input, same bytes; no clock.  Names and addresses from outside
 * are checked before they get here (normalised FQDN, parsed address), and
 * every dialect quotes what its language needs quoted.
 */
#ifndef DIAG_FIX_ZONE_DIALECT_H
#define DIAG_FIX_ZONE_DIALECT_H

#include "base/buf.h"
#include "fix/zone/names.h"

enum diag_zone_style {
	DIAG_STYLE_NAME, /* one small zone per full name, A at its root */
	DIAG_STYLE_PRIVATELINK, /* the privatelink zones */
	DIAG_STYLE_PARENT,	/* a whole public parent: hides its others */
};

struct diag_zone_job {
	const struct diag_zone_names *names;
	const struct diag_addr *to; /* forwarders: whom to ask */
	size_t n_to;
	enum diag_zone_style style;
	unsigned ttl_s;
	const char *inventory; /* its name, for comments */
	/* Azure CLI: where records are to be made; NULL: placeholders. */
	const char *resource_group;
};

/* What comes out: files of their own (a zone each), and the text that the
 * server's configuration includes.  Without -o all of it is printed, each
 * part behind a comment that names its file. */
struct diag_zone_part {
	const char *file; /* "ws1103kv.vault.azure.net.zone" */
	const char *text;
	size_t len;
	bool include; /* the configuration, not a zone */
};
struct diag_zone_text {
	const struct diag_zone_part *parts; /* include first */
	size_t n;
};

struct zone_editor; /* private to this room */

struct diag_dialect {
	const char *key;     /* "bind"; the word after --for */
	const char *title;   /* "BIND 9 (named)" */
	const char *comment; /* starts a comment: "//", "#", ";" */
	/* NULL where the server has no such thing. */
	bool (*forwarders)(const struct diag_zone_job *job,
			   struct diag_arena *arena, struct diag_zone_text *out,
			   struct diag_err *err);
	bool (*render)(const struct diag_zone_job *job,
		       struct diag_arena *arena, struct diag_zone_text *out,
		       struct diag_err *err);
	/* The server's own checkers: argv with "{file}" and "{zone}"; for a
	 * zone file, for a configuration; NULL: none. */
	const char *const *check_zone;
	const char *const *check_config;
	const char *reload; /* what an admin types, for people */
	/* Edits the server's configuration file (config.h); NULL: none. */
	const struct zone_editor *editor;
};

/* The i-th row; NULL behind the last. */
const struct diag_dialect *diag_dialect_at(size_t i);
const struct diag_dialect *diag_dialect_find(const char *key);

#endif

/* SPDX-License-Identifier: MIT */
/* bundle.h - one file that holds what is needed to decide (pldiag.bundle/1).
 *
 * A bundle is a list of items with their bytes, and what is told of all of
 * them.  It is made by collecting (tools/), goes through the mask (mask.h),
 * and is packed into an archive and read from one (archive.h).  The manifest
 * is the list itself, printed; it is the first file of an archive.
 */
#ifndef DIAG_BUNDLE_BUNDLE_H
#define DIAG_BUNDLE_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/sha256.h"

#define DIAG_BUNDLE_SCHEMA "pldiag.bundle/1"
#define DIAG_BUNDLE_ITEMS  512
#define DIAG_BUNDLE_PATH   200 /* bytes of a path in an archive */
/* Of one item, and of all: what is packed, and what is unpacked. */
#define DIAG_BUNDLE_ITEM_BYTES ((size_t)256 << 20)
#define DIAG_BUNDLE_BYTES      ((size_t)512 << 20)

/* Paths of the items that other parts look for. */
#define DIAG_BUNDLE_MANIFEST  "manifest.json"
#define DIAG_BUNDLE_CASE      "case.jsonl"
#define DIAG_BUNDLE_INVENTORY "inventory.json"
#define DIAG_BUNDLE_REPORT    "report" /* .txt .json .html */
#define DIAG_BUNDLE_CAPTURE   "capture.pcap"
#define DIAG_BUNDLE_MASKED    "masked.json" /* what was masked where */
#define DIAG_BUNDLE_MACHINE   "machine/"    /* what collectors found */

/* How an item came to be what it is.  Only the first two and "masked" are in
 * the archive; of the others the manifest tells why not. */
enum diag_item_state {
	DIAG_ITEM_TAKEN,    /* whole, and nothing had to be masked */
	DIAG_ITEM_CUT,	    /* its beginning, up to the collector's cap */
	DIAG_ITEM_MASKED,   /* whole, but for what was masked */
	DIAG_ITEM_WITHHELD, /* there, and kept back: the reason says why */
	DIAG_ITEM_MISSING,  /* not there on this machine */
	DIAG_ITEM_FAILED,   /* could not be had: no rights, no time … */
};
#define DIAG_N_ITEM_STATES (DIAG_ITEM_FAILED + 1)
const char *diag_item_state_key(enum diag_item_state s);
bool diag_item_state_parse(const char *key, enum diag_item_state *out);
/* Taken, cut or masked: its bytes are in the archive. */
bool diag_item_is_in(enum diag_item_state s);

/* What sort of text an item is, for the mask. */
enum diag_item_sort {
	DIAG_ITEM_TEXT,	   /* lines: configuration, output of a program */
	DIAG_ITEM_JSON,	   /* one document, or one in each line */
	DIAG_ITEM_MADE,	   /* made of the masked case: no mask of its own */
	DIAG_ITEM_PACKETS, /* pcap */
};
const char *diag_item_sort_key(enum diag_item_sort s);
bool diag_item_sort_parse(const char *key, enum diag_item_sort *out);

struct diag_item {
	const char *path;   /* in the archive: relative, '/' between names */
	const char *origin; /* "/etc/resolv.conf", "ip rule show" … */
	const char *reason; /* one line, NULL for "taken" */
	enum diag_item_state state;
	enum diag_item_sort sort;
	size_t replaced; /* places that were masked in it */
	/* NULL when it is not in the archive; in a bundle a NUL follows. */
	const void *bytes;
	size_t len;
	char sha256[DIAG_SHA256_TEXT]; /* of bytes; "" when there are none */
};

struct diag_bundle {
	struct diag_arena arena;
	const char *tool, *version; /* that made it */
	int64_t created_s;
	const char *ticket, *note; /* --ticket, --note; NULL: none */
	const char *mask;	   /* the level: "identifiers" … */
	const char *key_id;	   /* of the mask's key (mask.h), or NULL */
	struct diag_item *items;   /* in the order they were added */
	size_t n_items;
};

/* An empty bundle.  Gives *out (diag_bundle_free). */
DIAG_MUST_USE
bool diag_bundle_new(struct diag_bundle **out, struct diag_err *err);
void diag_bundle_free(struct diag_bundle *b);

/* Append an item; texts and bytes are copied, len and sha256 are worked out
 * from the bytes.  Of a state that is not in the archive no bytes are taken; of
 * one that is, NULL is an empty item.  Errors: DIAG_EUSAGE (a path that
 * diag_bundle_path_ok() refuses, or one that is there already, be it in other
 * letters or as a folder), DIAG_ELIMIT, DIAG_ENOMEM. */
DIAG_MUST_USE
bool diag_bundle_add(struct diag_bundle *b, const struct diag_item *item,
		     struct diag_err *err);
const struct diag_item *diag_bundle_find(const struct diag_bundle *b,
					 const char *path);
/* Relative, names of [A-Za-z0-9._+-] that are not "." or "..", '/' between
 * them, DIAG_BUNDLE_PATH bytes at most. */
bool diag_bundle_path_ok(const char *path);

/* --- the manifest ----------------------------------------------------------
 */

/* docs/formats/bundle.schema.json.  The manifest does not list itself. */
void diag_manifest_print(const struct diag_bundle *b, struct diag_buf *out);
/* Items without bytes; every problem is noted.  Errors: DIAG_EPARSE (all
 * problems noted, err is the first), DIAG_ELIMIT.  Gives *out. */
DIAG_MUST_USE
bool diag_manifest_parse(const char *name, const char *text, size_t len,
			 struct diag_problems *problems,
			 struct diag_bundle **out, struct diag_err *err);

#endif

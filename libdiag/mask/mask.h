/* SPDX-License-Identifier: MIT */
/* mask.h - take out what is nobody else's business, and keep what decides.
 *
 * Secrets go always.  At "identifiers" names, GUIDs and the like become
 * pseudonyms, at "addresses" addresses as well.  A pseudonym is made by a keyed
 * hash (HMAC, RFC 2104), so the same thing is called the same everywhere, in
 * every file and in every bundle made with that key, and nobody without the key
 * can try out guesses.  What a verdict stands on stays true: the suffix of a
 * name, equal stays equal, a private address stays private, addresses of one
 * subnet stay in one subnet.
 */
#ifndef DIAG_MASK_MASK_H
#define DIAG_MASK_MASK_H

#include "base/buf.h"
#include "base/cursor.h"
#include "case/case.h"

#define DIAG_MASK_SCHEMA "pldiag.mask/1" /* of the map */
#define DIAG_MASK_KEY	 32		 /* bytes */
#define DIAG_MASK_PAIRS	 65536		 /* pseudonyms in one map */

enum diag_mask_level {
	DIAG_MASK_NONE,	       /* secrets only */
	DIAG_MASK_IDENTIFIERS, /* and names, GUIDs, subscriptions … */
	DIAG_MASK_ADDRESSES,   /* and addresses */
};
const char *diag_mask_level_key(enum diag_mask_level l);
bool diag_mask_level_parse(const char *key, enum diag_mask_level *out);

struct diag_mask;

/* key: random bytes, or those of an older map.  Gives *out. */
DIAG_MUST_USE
bool diag_mask_new(enum diag_mask_level level,
		   const unsigned char key[DIAG_MASK_KEY],
		   struct diag_mask **out, struct diag_err *err);
void diag_mask_free(struct diag_mask *m);
enum diag_mask_level diag_mask_level_of(const struct diag_mask *m);

/* Own rules, one per line: "secret REGEX" or "name TEXT" or "keep TEXT";
 * '#' begins a comment.  Errors: DIAG_EPARSE "FILE:LINE:COLUMN: expected …". */
DIAG_MUST_USE
bool diag_mask_rules(struct diag_mask *m, const char *name, const char *text,
		     size_t len, struct diag_err *err);

/* What this case calls things: names of the inventory, of hosts, networks, so
 * that they are known wherever else they stand.  Before any text. */
DIAG_MUST_USE
bool diag_mask_learn(struct diag_mask *m, const struct diag_case *c,
		     struct diag_err *err);
/* One more name or user that only the caller knows (the user's login). */
DIAG_MUST_USE
bool diag_mask_learn_name(struct diag_mask *m, const char *name,
			  struct diag_err *err);
/* Names that only a text tells: "ADDRESS NAME…" of a hosts file, and the Wi-Fi
 * that a file of NetworkManager's is called after, in "==> FILE <==". */
void diag_mask_learn_hosts(struct diag_mask *m, struct diag_slice text);
void diag_mask_learn_profiles(struct diag_mask *m, struct diag_slice text);

/* Put the masked form of a text, or of JSON (a document or JSON Lines), into
 * out; *replaced counts the places.  A JSON that cannot be read is masked as
 * text.  where: the item's path, for the report of what was masked.  Errors:
 * DIAG_EPARSE (no text), DIAG_ELIMIT (more names than a map holds; out is not
 * to be used, other texts are), DIAG_ENOMEM. */
DIAG_MUST_USE
bool diag_mask_text(struct diag_mask *m, const char *where,
		    struct diag_slice text, struct diag_buf *out,
		    size_t *replaced, struct diag_err *err);
DIAG_MUST_USE
bool diag_mask_json(struct diag_mask *m, const char *where,
		    struct diag_slice text, struct diag_buf *out,
		    size_t *replaced, struct diag_err *err);

/* One line about an item, or its path: counted nowhere. */
DIAG_MUST_USE
bool diag_mask_line(struct diag_mask *m, struct diag_slice line,
		    struct diag_buf *out, struct diag_err *err);

/* A case printed, masked and read again.  Gives *out (diag_case_free). */
DIAG_MUST_USE
bool diag_mask_case(struct diag_mask *m, const char *where,
		    const struct diag_case *c, struct diag_case **out,
		    struct diag_err *err);
/* Is masked what a name, or a line of a case, has become? */
bool diag_mask_is_of(struct diag_mask *m, const char *plain,
		     const char *masked);

/* The map with its key, to be kept beside a bundle (0600), never in it; and
 * what of it a later masking needs: the key. */
void diag_mask_map_print(const struct diag_mask *m, struct diag_buf *out);
DIAG_MUST_USE
bool diag_mask_map_read(const char *name, const char *text, size_t len,
			unsigned char key[DIAG_MASK_KEY], struct diag_err *err);
/* Addresses become what they became when this map was made.  After
 * diag_mask_new() with its key, and before anything is learned. */
DIAG_MUST_USE
bool diag_mask_map_recall(struct diag_mask *m, const char *name,
			  const char *text, size_t len, struct diag_err *err);
/* A learned name that is still in a text (the last look before it is sent), or
 * NULL; only those that are no ordinary words. */
const char *diag_mask_leak(const struct diag_mask *m, const void *text,
			   size_t len);
/* 16 hex digits that name the key without telling it. */
void diag_mask_key_id(const struct diag_mask *m, char out[17]);
/* What was masked where: a count per item and kind, no values. */
void diag_mask_report_print(const struct diag_mask *m, struct diag_buf *out);

#endif

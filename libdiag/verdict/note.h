/* SPDX-License-Identifier: MIT */
/* note.h - what an importer noted, read as far as a rule needs it.  Private.
 *
 * A note has a code, the names it is about, and words for people.  The names
 * are the facts of it.  The words are looked at for addresses, the name of a
 * private zone and plain numbers only, and a rule that finds none of these
 * claims less, never more.
 */
#ifndef DIAG_VERDICT_NOTE_H
#define DIAG_VERDICT_NOTE_H

#include "verdict/rule.h"

#define NOTE_WORDS_MAX 8

struct note {
	const struct diag_note *n;
	const char *says; /* its detail without the full stop; never NULL */
	const char *from; /* where it was read; never NULL */
	const char *zone; /* the one private zone it is about, or NULL */
	struct diag_addr addrs[NOTE_WORDS_MAX]; /* in its words */
	size_t n_addrs;
	uint64_t numbers[NOTE_WORDS_MAX];
	size_t n_numbers;
	const size_t *targets; /* of its names, those in the inventory: their
				  indexes, ascending, no duplicates */
	size_t n_targets;
};

/* Lives in the verdict's arena. */
void note_read(struct judge *j, const struct diag_note *n, struct note *out);
/* Add the names that lead to the same addresses: an address belongs to one
 * endpoint, and a compute instance's name is never listed there. */
void note_add_sharing(struct judge *j, struct note *n);
bool note_has_addr(const struct note *n, const struct diag_addr *a);
bool note_has_target(const struct note *n, size_t index);

#endif

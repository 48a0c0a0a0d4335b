/* SPDX-License-Identifier: MIT */
/* masked.h - a bundle through the mask, and the promise that it still says the
 * same. */
#ifndef DIAG_BUNDLE_MASKED_H
#define DIAG_BUNDLE_MASKED_H

#include "bundle/bundle.h"
#include "case/case.h"
#include "mask/mask.h"

/* All of a bundle: every item by its sort; DIAG_ITEM_MADE is left as it is,
 * packets are withheld (told) at any level but "none", and a DIAG_ITEM_TEXT or
 * JSON that the mask fails on is withheld.  The item masked.json is added.
 * Gives *out. */
DIAG_MUST_USE
bool diag_masked_bundle(struct diag_mask *m, const struct diag_bundle *b,
			struct diag_bundle **out, struct diag_err *err);

/* Does the masked case say the same as the plain one: outcome, each target's
 * status, findings with their targets and facts, causes in their order?
 * false with err (DIAG_EUSAGE: what differs first). */
DIAG_MUST_USE
bool diag_masked_same_verdict(struct diag_mask *m,
			      const struct diag_case *plain,
			      const struct diag_case *masked,
			      struct diag_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/* markup.h - text from anywhere, fit to stand in XML and HTML.
 *
 * One escape for both places where text may stand: between tags, and in an
 * attribute in double quotes.  It is made harmless first (base/text.h), which
 * leaves no control character and nothing that turns text around.
 */
#ifndef DIAG_BASE_MARKUP_H
#define DIAG_BASE_MARKUP_H

#include "base/buf.h"

/* Put s; NULL puts nothing.  Of a longer text only the first max bytes and an
 * ellipsis; 0: all of it.  scratch is overwritten. */
void diag_markup_text(struct diag_buf *out, struct diag_buf *scratch,
		      const char *s, size_t max);

#endif

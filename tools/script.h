/* SPDX-License-Identifier: MIT */
/* script.h - scripts that a tool prints and somebody else runs elsewhere.
 *
 * The scripts are files in tools/scripts/, compiled in.  Values take the place
 * of marks (@WORKSPACE@), quoted for the language of the script; what a value
 * says is never looked at again, so that none can bring a mark of its own.
 */
#ifndef DIAG_TOOLS_SCRIPT_H
#define DIAG_TOOLS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum script_language { SCRIPT_SH, SCRIPT_POWERSHELL };

/* What the languages are called on command lines; ends with NULL. */
extern const char *const script_languages[];

struct script_value {
	const char *mark; /* "@WORKSPACE@"; NULL ends a list */
	const char *text; /* put as it is: quote it first */
	size_t len;	  /* bytes */
};

/* Put a script with all its marks replaced. */
void script_put(struct diag_buf *out, const unsigned char *script, size_t len,
		const struct script_value *values);

/* Put text as one word that means just this text: 'it'\''s'.  PowerShell's
 * form is ASCII only, because Windows PowerShell 5.1 reads a script in the
 * code page of its machine; it ends quotes at U+2018 and its likes as well
 * (about_Quoting_Rules).  text is valid UTF-8 (script_is_text). */
void script_quote(struct diag_buf *out, enum script_language language,
		  const char *text);

/* Put JSON with every character beyond ASCII as \uNNNN (RFC 8259, 7). */
void script_ascii(struct diag_buf *out, const char *json, size_t len);

/* Valid UTF-8 without control characters: what may be put into a script. */
bool script_is_text(const char *text);

#endif

/* SPDX-License-Identifier: MIT */
/* marks.h - the comments by which pl-hosts knows its own lines of a hosts file
 * again.  Pure. */
#ifndef DIAG_HOSTS_MARKS_H
#define DIAG_HOSTS_MARKS_H

#include "base/cursor.h"

#define DIAG_HOSTS_BLOCK_MAX 63 /* bytes of a block's name */

/* isspace(3) in the C locale. */
static inline bool diag_hosts_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A person reads them, so they are words; what follows "off NAME: " is the
 * line as its owner wrote it, byte for byte. */
#define DIAG_HOSTS_MARK	 "# pldiag: "
#define DIAG_HOSTS_BEGIN "begin "
#define DIAG_HOSTS_END	 "end "
#define DIAG_HOSTS_OFF	 "off "
#define DIAG_HOSTS_REST	 "rest of the line above, for "
#define DIAG_HOSTS_NOTE	 " (written by pl-hosts; undo: pl-hosts undo)"
/* At the end of a begin mark: we put the newline before it. */
#define DIAG_HOSTS_BARE " (the line above had no newline)"

enum diag_hosts_mark_kind {
	DIAG_HOSTS_MARK_NONE,
	DIAG_HOSTS_MARK_BEGIN,
	DIAG_HOSTS_MARK_END,
	DIAG_HOSTS_MARK_OFF,
};

struct diag_hosts_mark {
	enum diag_hosts_mark_kind kind;
	struct diag_slice block;
	struct diag_slice rest; /* behind the name; of OFF: the owner's line */
};

bool diag_hosts_block_name(struct diag_slice name);
/* Blanks at the places where a person might put or lose some are forgiven.
 * What is damaged beyond that is a comment. */
void diag_hosts_mark_read(struct diag_slice line, struct diag_hosts_mark *out);
bool diag_hosts_mark_bare(const struct diag_hosts_mark *begin);
/* Does line end with the mark of a rest of this block, as comment? */
bool diag_hosts_mark_rest(struct diag_slice line, struct diag_slice block);

#endif

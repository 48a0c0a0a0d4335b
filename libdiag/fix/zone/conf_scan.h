/* SPDX-License-Identifier: MIT */
/* conf_scan.h - configuration files as tokens and statements that keep their
 * bytes.  Private to this room.
 *
 * Every byte of a text belongs to one token, blanks and comments too, and the
 * tokens follow each other without a gap.  Statements are made of them, and
 * know where they begin and end.
 *
 * Errors are told by place: *expected is what a server wants to see at s->at.
 */
#ifndef DIAG_FIX_ZONE_CONF_SCAN_H
#define DIAG_FIX_ZONE_CONF_SCAN_H

#include "base/cursor.h"

#define CONF_WORDS  8 /* kept of a statement; the rest is only passed over */
#define CONF_GROUPS 2

enum conf_kind {
	CONF_END, /* no more bytes; no token */
	CONF_BLANK,
	CONF_COMMENT,
	CONF_KEY, /* Unbound: "name:" */
	CONF_WORD,
	CONF_STRING,
	CONF_PUNCT, /* BIND: one of { } ; = ! / */
};

struct conf_token {
	enum conf_kind kind;
	size_t at, len;
	struct diag_slice value; /* without its quotes */
};

struct conf_scan {
	struct diag_slice text;
	size_t at, end; /* end: where to stop, at most text.len */
	const char *expected;
};

/* A byte-order mark is a blank here; the servers do not like it. */
void conf_scan_init(struct conf_scan *s, struct diag_slice text, size_t from,
		    size_t end);

/* What the scanners share: newlines are blanks. */
bool conf_is_blank(char c);
size_t conf_blanks(const struct conf_scan *s);	 /* bytes of them here */
size_t conf_line_len(const struct conf_scan *s); /* before the newline */
/* len bytes are this token; false: none are. */
bool conf_take(struct conf_scan *s, enum conf_kind kind, size_t len,
	       struct conf_token *out);

/* unbound_scan.c.  unbound.conf(5) and the lexer of Unbound 1.17: a keyword
 * ends with a colon, its values are words or strings in either quote, '#'
 * begins a comment where a token may begin, a newline is a blank like others.
 * wanted: a value must come, even if it looks like a keyword. */
bool unbound_token(struct conf_scan *s, bool wanted, struct conf_token *out);

struct unbound_stmt {
	struct diag_slice key; /* without its colon; empty: the end */
	struct diag_slice values[CONF_WORDS];
	size_t n;
	bool clause; /* "server:" and its like: no values */
	size_t begin, end;
};
bool unbound_next(struct conf_scan *s, struct unbound_stmt *out);

/* bind_scan.c.  BIND's lexer (isc_lex with the options of isccfg): comments of
 * C, C++ and shell begin anywhere outside of strings, in which a backslash
 * takes the next byte as it is. */
bool bind_token(struct conf_scan *s, struct conf_token *out);

struct bind_group { /* { ... } */
	size_t open, close;
};
struct bind_stmt {
	struct diag_slice words[CONF_WORDS]; /* outside of braces */
	size_t n;
	struct bind_group groups[CONF_GROUPS];
	size_t n_groups;
	size_t semicolon;
	size_t begin, end; /* end behind the semicolon; equal: no more */
	bool deep;	   /* too many braces inside of each other: an error */
};
bool bind_next(struct conf_scan *s, struct bind_stmt *out);

/* dnsmasq_scan.c.  dnsmasq(8) and its reader of files: an option is a line,
 * strings are in double quotes with backslashes, '#' begins a comment at the
 * beginning and behind a blank. */
struct dnsmasq_line {
	size_t begin, end; /* without the newline */
	size_t next;	   /* behind it */
	size_t comment;	   /* where it begins; or end */
	bool quoted;
};
bool dnsmasq_next(struct conf_scan *s, struct dnsmasq_line *out);

#endif

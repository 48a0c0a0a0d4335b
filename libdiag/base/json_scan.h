/* SPDX-License-Identifier: MIT */
/* json_scan.h - is this text one JSON document?  Private to this room. */
#ifndef DIAG_BASE_JSON_SCAN_H
#define DIAG_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* cJSON's own CJSON_NESTING_LIMIT: nothing deeper can be parsed anyway. */
#define DIAG_JSON_DEPTH 1000

struct diag_json_scan {
	const unsigned char *at; /* where it stopped */
	const unsigned char *end;
	unsigned max_depth; /* at most DIAG_JSON_DEPTH */
	unsigned depth;
	size_t keys;	  /* object keys met so far */
	size_t stop_key;  /* stop before the key of this number (from 1) */
	const char *want; /* what was wrong, a literal */
	bool first_only;  /* stop behind the value; more may follow */
	bool too_deep;
	bool object[DIAG_JSON_DEPTH]; /* what is open: an object or an array */
};

void diag_json_scan_init(struct diag_json_scan *s, const void *text, size_t len,
			 unsigned max_depth);
/* true: a whole document.  false: at and want tell where and why (want is
 * NULL when stop_key was reached). */
bool diag_json_scan(struct diag_json_scan *s);

#endif

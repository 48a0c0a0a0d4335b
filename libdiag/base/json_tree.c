/* SPDX-License-Identifier: MIT */
/* json_tree.c - a whole cJSON tree through the writer. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_scan.h"
#include "base/json_write.h"

#define WHOLE_TO 9007199254740992.0 /* 2^53 */

/* Any double; 17 digits bring every one back, 15 look better if they do. */
static void put_number(struct diag_jw *w, double d)
{
	char text[40];

	if (!(fabs(d) <= 1.7976931348623157e308)) {
		diag_jw_null(w);
		return;
	}
	if (d == floor(d) && fabs(d) <= WHOLE_TO) {
		diag_jw_int(w, (int64_t)d);
		return;
	}
	(void)snprintf(text, sizeof(text), "%.15g", d);
	if (strtod(text, NULL) != d)
		(void)snprintf(text, sizeof(text), "%.17g", d);
	for (char *p = text; *p != '\0'; p++)
		if (*p == ',') /* the locale's decimal point */
			*p = '.';
	diag_jw_raw(w, text, strlen(text));
}

static void put_leaf(struct diag_jw *w, const cJSON *leaf)
{
	if (cJSON_IsString(leaf)) {
		diag_jw_str(w, leaf->valuestring);
	} else if (cJSON_IsNumber(leaf)) {
		put_number(w, leaf->valuedouble);
	} else if (cJSON_IsBool(leaf)) {
		diag_jw_bool(w, cJSON_IsTrue(leaf));
	} else if (cJSON_IsObject(leaf) && leaf->child == NULL) {
		diag_jw_open(w, '{');
		diag_jw_close(w, '}');
	} else if (cJSON_IsArray(leaf) && leaf->child == NULL) {
		diag_jw_open(w, '[');
		diag_jw_close(w, ']');
	} else {
		diag_jw_null(w); /* also what is nested too deeply to follow */
	}
}

/* The containers that are open, so that no recursion is needed. */
struct walk {
	struct diag_jw *w;
	const cJSON *path[DIAG_JSON_DEPTH];
	unsigned depth;
};

/* Write at, or the beginning of it: then its first child comes next. */
static const cJSON *enter(struct walk *k, const cJSON *at)
{
	if (k->depth > 0 && cJSON_IsObject(k->path[k->depth - 1]))
		diag_jw_key(k->w, at->string != NULL ? at->string : "");
	if (at->child == NULL || k->depth == DIAG_JSON_DEPTH) {
		put_leaf(k->w, at);
		return NULL;
	}
	diag_jw_open(k->w, cJSON_IsObject(at) ? '{' : '[');
	k->path[k->depth++] = at;
	return at->child;
}

/* From a value that is complete to the next, closing what ends with it. */
static const cJSON *leave(struct walk *k, const cJSON *at)
{
	while (k->depth > 0 && at->next == NULL) {
		at = k->path[--k->depth];
		diag_jw_close(k->w, cJSON_IsObject(at) ? '}' : ']');
	}
	return k->depth > 0 ? at->next : NULL;
}

void diag_jw_tree(struct diag_jw *w, const cJSON *tree)
{
	struct walk k = { .w = w };

	if (tree == NULL)
		diag_jw_null(w);
	for (const cJSON *at = tree; at != NULL;) {
		const cJSON *child = enter(&k, at);

		at = child != NULL ? child : leave(&k, at);
	}
}

/* SPDX-License-Identifier: MIT */
/* json_read.c - members by name; every problem is noted with its place. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

#define PROBLEMS_MAX  100		 /* lines; nobody reads more at once */
#define PROBLEMS_TEXT ((size_t)1 << 18)	 /* bytes */
#define PATH_MAX_AT   64		 /* levels printed in a place */
#define SHORT_COLUMNS 40		 /* of a text shown as "got" */
#define WHOLE_MAX     9007199254740992.0 /* 2^53: a double is exact below */

void diag_problems_init(struct diag_problems *p)
{
	diag_buf_init(&p->text, PROBLEMS_TEXT);
	p->n = 0;
	p->max = PROBLEMS_MAX;
}

void diag_problems_clear(struct diag_problems *p)
{
	diag_buf_clear(&p->text);
	p->n = 0;
}

static void add_line(struct diag_problems *p, const char *line)
{
	p->n++;
	if (p->n > p->max)
		return;
	diag_text_safe(&p->text, line, strlen(line));
	diag_buf_putc(&p->text, '\n');
}

void diag_problem(struct diag_problems *p, const char *fmt, ...)
{
	char line[1024];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(line, sizeof(line), fmt, args) < 0)
		line[0] = '\0';
	va_end(args);
	add_line(p, line);
}

/* The root's own key says nothing: a place begins with "$". */
void diag_json_place(struct diag_buf *out, const struct diag_json_at *at)
{
	const struct diag_json_at *path[PATH_MAX_AT];
	size_t n = 0;

	diag_buf_printf(out, "%s: $", at->file != NULL ? at->file : "input");
	for (; at->up != NULL && n < PATH_MAX_AT; at = at->up)
		path[n++] = at;
	while (n-- > 0) {
		if (path[n]->key != NULL)
			diag_buf_printf(out, ".%s", path[n]->key);
		else
			diag_buf_printf(out, "[%u]", path[n]->index);
	}
}

static void put_short(struct diag_buf *out, const cJSON *got)
{
	char cut[SHORT_COLUMNS * 4 + 4];

	if (got == NULL)
		diag_buf_puts(out, "nothing");
	else if (cJSON_IsString(got))
		diag_buf_printf(out, "\"%s\"",
				diag_text_middle(got->valuestring,
						 SHORT_COLUMNS, true, cut,
						 sizeof(cut)));
	else if (cJSON_IsNumber(got))
		diag_buf_printf(out, "%.15g", got->valuedouble);
	else if (cJSON_IsBool(got))
		diag_buf_puts(out, cJSON_IsTrue(got) ? "true" : "false");
	else if (cJSON_IsArray(got))
		diag_buf_puts(out, "a list");
	else
		diag_buf_puts(out, cJSON_IsObject(got) ? "an object" : "null");
}

void diag_json_wrong(const struct diag_json_at *at, const cJSON *got,
		     const char *fmt, ...)
{
	char want[512];
	struct diag_buf line;
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(want, sizeof(want), fmt, args) < 0)
		want[0] = '\0';
	va_end(args);
	diag_buf_init(&line, PROBLEMS_TEXT);
	diag_json_place(&line, at);
	diag_buf_puts(&line, ": ");
	diag_buf_puts(&line, want);
	diag_buf_puts(&line, ", got ");
	put_short(&line, got);
	/* Without memory for the place the sentence alone is told. */
	add_line(at->problems,
		 line.code == DIAG_OK ? diag_buf_str(&line) : want);
	diag_buf_clear(&line);
}

/* The member, or NULL if it is absent or null. */
static const cJSON *member(const cJSON *obj, const char *key)
{
	const cJSON *m = cJSON_IsObject(obj)
			     ? cJSON_GetObjectItemCaseSensitive(obj, key)
			     : NULL;

	return m != NULL && !cJSON_IsNull(m) ? m : NULL;
}

static struct diag_json_at below(const struct diag_json_at *at, const char *key)
{
	return (struct diag_json_at){
		.file = at->file, .up = at, .key = key, .problems = at->problems
	};
}

bool diag_json_str(const struct diag_json_at *at, const cJSON *obj,
		   const char *key, const char **out)
{
	struct diag_json_at here = below(at, key);
	const cJSON *m = member(obj, key);

	if (m == NULL)
		return false;
	if (!cJSON_IsString(m)) {
		diag_json_wrong(&here, m, "expected text");
		return false;
	}
	*out = m->valuestring;
	return true;
}

bool diag_json_bool(const struct diag_json_at *at, const cJSON *obj,
		    const char *key, bool *out)
{
	struct diag_json_at here = below(at, key);
	const cJSON *m = member(obj, key);

	if (m == NULL)
		return false;
	if (!cJSON_IsBool(m)) {
		diag_json_wrong(&here, m, "expected true or false");
		return false;
	}
	*out = cJSON_IsTrue(m);
	return true;
}

bool diag_json_num(const struct diag_json_at *at, const cJSON *obj,
		   const char *key, double min, double max, double *out)
{
	struct diag_json_at here = below(at, key);
	const cJSON *m = member(obj, key);

	if (m == NULL)
		return false;
	if (!cJSON_IsNumber(m) ||
	    !(m->valuedouble >= min && m->valuedouble <= max)) {
		diag_json_wrong(&here, m, "expected a number from %g to %g",
				min, max);
		return false;
	}
	*out = m->valuedouble;
	return true;
}

/* Over 2^53 two whole numbers share one double: it cannot be believed. */
static bool whole(const cJSON *m, uint64_t min, uint64_t max, uint64_t *out)
{
	double d = m->valuedouble;

	if (!cJSON_IsNumber(m) || !(d >= 0 && d <= WHOLE_MAX) || d != floor(d))
		return false;
	if ((uint64_t)d < min || (uint64_t)d > max)
		return false;
	*out = (uint64_t)d;
	return true;
}

bool diag_json_uint(const struct diag_json_at *at, const cJSON *obj,
		    const char *key, uint64_t min, uint64_t max, uint64_t *out)
{
	struct diag_json_at here = below(at, key);
	const cJSON *m = member(obj, key);

	if (m == NULL)
		return false;
	if (!whole(m, min, max, out)) {
		diag_json_wrong(
		    &here, m, "expected a whole number from %llu to %llu",
		    (unsigned long long)min, (unsigned long long)max);
		return false;
	}
	return true;
}

const cJSON *diag_json_array(const struct diag_json_at *at, const cJSON *obj,
			     const char *key)
{
	struct diag_json_at here = below(at, key);
	const cJSON *m = member(obj, key);

	if (m == NULL || cJSON_IsArray(m))
		return m;
	diag_json_wrong(&here, m, "expected a list");
	return NULL;
}

const cJSON *diag_json_object(const struct diag_json_at *at, const cJSON *obj,
			      const char *key)
{
	struct diag_json_at here = below(at, key);
	const cJSON *m = member(obj, key);

	if (m == NULL || cJSON_IsObject(m))
		return m;
	diag_json_wrong(&here, m, "expected an object");
	return NULL;
}

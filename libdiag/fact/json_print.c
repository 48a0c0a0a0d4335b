/* SPDX-License-Identifier: MIT */
/* json_print.c - a fact as one JSON object: a walk over its rows (fields.h).
 *
 * pl-resolve prints hundreds of thousands of these, so nothing here allocates
 * or formats with printf(3).
 */
#include "fact/json.h"

#include <string.h>

#include "base/time.h"
#include "fact/fields.h"

static void print_rows(const struct diag_field *rows, const void *base,
		       struct diag_jw *w);

/* The list of a row: its items and how many. */
static const void *items(const struct diag_field *f, const void *base,
			 size_t *n)
{
	const void *p;

	memcpy(&p, (const char *)base + f->offset, sizeof(p));
	memcpy(n, (const char *)base + f->n, sizeof(*n));
	return p;
}

static void put_key(const struct diag_field *f, struct diag_jw *w)
{
	diag_jw_quoted_key(w, f->quoted, f->quoted_len);
}

static void put_text(const struct diag_field *f, const char *text,
		     struct diag_jw *w)
{
	if (text == NULL)
		return;
	put_key(f, w);
	diag_jw_str(w, text);
}

static void put_int(const struct diag_field *f, int64_t n, struct diag_jw *w)
{
	put_key(f, w);
	diag_jw_int(w, n);
}

static void put_uint(const struct diag_field *f, uint64_t n, struct diag_jw *w)
{
	put_key(f, w);
	diag_jw_uint(w, n);
}

static void put_open(const struct diag_field *f, char bracket,
		     struct diag_jw *w)
{
	put_key(f, w);
	diag_jw_open(w, bracket);
}

static void print_str(const struct diag_field *f, const void *at,
		      struct diag_jw *w)
{
	put_text(f, *(const char *const *)at, w);
}

static void put_addr(const struct diag_addr *a, struct diag_jw *w)
{
	char text[DIAG_ADDR_TEXT];

	diag_jw_str(w, diag_addr_text(a, text));
}

static void print_addr(const struct diag_field *f, const void *at,
		       struct diag_jw *w)
{
	const struct diag_addr *a = at;

	if (a->family == DIAG_NOFAM)
		return;
	put_key(f, w);
	put_addr(a, w);
}

static void print_port(const struct diag_field *f, const void *at,
		       struct diag_jw *w)
{
	if (*(const uint16_t *)at != 0)
		put_uint(f, *(const uint16_t *)at, w);
}

static void print_int(const struct diag_field *f, const void *at,
		      struct diag_jw *w)
{
	int n = *(const int *)at;

	if (n != f->absent || (f->flags & DIAG_FIELD_ALWAYS) != 0)
		put_int(f, n, w);
}

static void print_number(const struct diag_field *f, uint64_t n,
			 struct diag_jw *w)
{
	if (n != 0 || (f->flags & DIAG_FIELD_ALWAYS) != 0)
		put_uint(f, n, w);
}

static void print_uint(const struct diag_field *f, const void *at,
		       struct diag_jw *w)
{
	print_number(f, *(const unsigned *)at, w);
}

static void print_u32(const struct diag_field *f, const void *at,
		      struct diag_jw *w)
{
	print_number(f, *(const uint32_t *)at, w);
}

static void print_u64(const struct diag_field *f, const void *at,
		      struct diag_jw *w)
{
	print_number(f, *(const uint64_t *)at, w);
}

static void print_bool(const struct diag_field *f, const void *at,
		       struct diag_jw *w)
{
	bool b = *(const bool *)at;

	/* A nameless bool says that its object is there (fields.h). */
	if (f->key[0] == '\0' || (!b && (f->flags & DIAG_FIELD_ALWAYS) == 0))
		return;
	put_key(f, w);
	diag_jw_bool(w, b);
}

static void print_ms(const struct diag_field *f, const void *at,
		     struct diag_jw *w)
{
	put_key(f, w);
	diag_jw_ms(w, *(const double *)at);
}

static void print_time(const struct diag_field *f, const void *at,
		       struct diag_jw *w)
{
	char text[DIAG_TIME_TEXT];

	put_text(f, diag_time_text(*(const int64_t *)at, text), w);
}

static void print_errno(const struct diag_field *f, const void *at,
			struct diag_jw *w)
{
	int number = *(const int *)at;
	const char *name;

	if (number == 0)
		return;
	name = diag_errno_name(number);
	if (name != NULL)
		put_text(f, name, w);
	else
		put_int(f, number, w);
}

static void print_kind(const struct diag_field *f, const void *at,
		       struct diag_jw *w)
{
	put_text(f, diag_fact_kind_key(*(const enum diag_fact_kind *)at), w);
}

static void print_status(const struct diag_field *f, const void *at,
			 struct diag_jw *w)
{
	put_text(f, diag_status_key(*(const enum diag_status *)at), w);
}

static void print_transport(const struct diag_field *f, const void *at,
			    struct diag_jw *w)
{
	put_text(f, *(const bool *)at ? "tcp" : "udp", w);
}

static void print_rrtype(const struct diag_field *f, const void *at,
			 struct diag_jw *w)
{
	put_text(f, diag_rrtype_key(*(const enum diag_rrtype *)at), w);
}

static void print_root(const struct diag_field *f, const void *at,
		       struct diag_jw *w)
{
	enum diag_root root = *(const enum diag_root *)at;

	if (root != DIAG_ROOT_UNKNOWN)
		put_text(f, diag_root_key(root), w);
}

static void print_object(const struct diag_field *f, const void *at,
			 struct diag_jw *w)
{
	if (!diag_field_object_there(f, at))
		return;
	put_open(f, '{', w);
	print_rows(f->of, at, w);
	diag_jw_close(w, '}');
}

/* --- lists ---------------------------------------------------------------- */

static void list_strs(const struct diag_field *f, const void *p, size_t n,
		      struct diag_jw *w)
{
	const char *const *strs = p;

	put_open(f, '[', w);
	for (size_t i = 0; i < n; i++)
		diag_jw_str(w, strs[i] != NULL ? strs[i] : "");
	diag_jw_close(w, ']');
}

static void list_addrs(const struct diag_field *f, const void *p, size_t n,
		       struct diag_jw *w)
{
	const struct diag_addr *addrs = p;

	put_open(f, '[', w);
	for (size_t i = 0; i < n; i++)
		put_addr(&addrs[i], w);
	diag_jw_close(w, ']');
}

static void list_statuses(const struct diag_field *f, const void *p, size_t n,
			  struct diag_jw *w)
{
	const enum diag_status *statuses = p;

	put_open(f, '[', w);
	for (size_t i = 0; i < n; i++)
		diag_jw_str(w, diag_status_key(statuses[i]));
	diag_jw_close(w, ']');
}

static void list_structs(const struct diag_field *f, const void *p, size_t n,
			 struct diag_jw *w)
{
	const char *at = p;

	put_open(f, '[', w);
	for (size_t i = 0; i < n; i++, at += f->size) {
		diag_jw_open(w, '{');
		print_rows(f->of, at, w);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
}

static bool met_before(const struct diag_header *h, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(h[k].name, h[i].name) == 0)
			return true;
	return false;
}

static size_t count_name(const struct diag_header *h, size_t n,
			 const char *name)
{
	size_t same = 0;

	for (size_t i = 0; i < n; i++)
		same += strcmp(h[i].name, name) == 0;
	return same;
}

/* A name that comes once has text, one that repeats has a list. */
static void print_header(const struct diag_header *h, size_t n, size_t i,
			 struct diag_jw *w)
{
	bool several = count_name(h, n, h[i].name) > 1;

	diag_jw_key(w, h[i].name);
	if (several)
		diag_jw_open(w, '[');
	for (size_t k = i; k < n; k++)
		if (strcmp(h[k].name, h[i].name) == 0)
			diag_jw_str(w, h[k].value != NULL ? h[k].value : "");
	if (several)
		diag_jw_close(w, ']');
}

/* What is no token is no header; as a key it could also make two keys alike,
 * and no reader would take the object then. */
static void list_headers(const struct diag_field *f, const void *p, size_t n,
			 struct diag_jw *w)
{
	const struct diag_header *h = p;

	put_open(f, '{', w);
	for (size_t i = 0; i < n; i++)
		if (diag_field_is_token(h[i].name) && !met_before(h, i))
			print_header(h, n, i, w);
	diag_jw_close(w, '}');
}

/* --- the walk ------------------------------------------------------------- */

static void (*const printers[DIAG_N_FIELD_TYPES])(const struct diag_field *f,
						  const void *at,
						  struct diag_jw *w) = {
	[DIAG_FIELD_STR] = print_str,
	[DIAG_FIELD_ADDR] = print_addr,
	[DIAG_FIELD_PORT] = print_port,
	[DIAG_FIELD_INT] = print_int,
	[DIAG_FIELD_UINT] = print_uint,
	[DIAG_FIELD_U32] = print_u32,
	[DIAG_FIELD_U64] = print_u64,
	[DIAG_FIELD_BOOL] = print_bool,
	[DIAG_FIELD_MS] = print_ms,
	[DIAG_FIELD_TIME] = print_time,
	[DIAG_FIELD_ERRNO] = print_errno,
	[DIAG_FIELD_KIND] = print_kind,
	[DIAG_FIELD_STATUS] = print_status,
	[DIAG_FIELD_TRANSPORT] = print_transport,
	[DIAG_FIELD_RRTYPE] = print_rrtype,
	[DIAG_FIELD_ROOT] = print_root,
	[DIAG_FIELD_OBJECT] = print_object,
};

static void (*const list_printers[DIAG_N_FIELD_TYPES])(
    const struct diag_field *f, const void *items, size_t n,
    struct diag_jw *w) = {
	[DIAG_FIELD_STRS] = list_strs,	       [DIAG_FIELD_ADDRS] = list_addrs,
	[DIAG_FIELD_STATUSES] = list_statuses, [DIAG_FIELD_LIST] = list_structs,
	[DIAG_FIELD_HEADERS] = list_headers,
};

static void print_rows(const struct diag_field *rows, const void *base,
		       struct diag_jw *w)
{
	for (const struct diag_field *f = rows; f->key != NULL; f++) {
		size_t n;
		const void *p;

		if (list_printers[f->type] == NULL) {
			printers[f->type](f, (const char *)base + f->offset, w);
			continue;
		}
		p = items(f, base, &n);
		if (n > 0)
			list_printers[f->type](f, p, n, w);
	}
}

void diag_fact_print(const struct diag_fact *f, struct diag_jw *w)
{
	diag_jw_open(w, '{');
	print_rows(diag_fact_common, f, w);
	print_rows(diag_fact_kinds[f->kind].fields, f, w);
	diag_jw_close(w, '}');
}

/* SPDX-License-Identifier: MIT */
/* json_parse.c - a fact out of one JSON object: a walk over its rows.
 *
 * Facts come from files that somebody sent us.  Each list has a limit
 * (fields.c), a fault is told with its place, and reading goes on, so that
 * all faults are told at once.
 */
#include "fact/json.h"

#include <string.h>

#include "base/time.h"
#include "fact/json_parse.h"

#define MS_MAX	  1e12
#define JSON_MAX  ((uint64_t)1 << 53) /* whole numbers a double can hold */
#define ERRNO_MAX 99999

/* --- small tools ---------------------------------------------------------- */

static const cJSON *member(const cJSON *obj, const char *key)
{
	const cJSON *m = cJSON_GetObjectItemCaseSensitive(obj, key);

	return m != NULL && !cJSON_IsNull(m) ? m : NULL;
}

void diag_fact_wrong(struct diag_fact_reader *r, const char *key,
		     const cJSON *got, const char *want)
{
	struct diag_json_at here = { .file = r->at.file,
				     .up = &r->at,
				     .key = key,
				     .problems = r->at.problems };

	diag_json_wrong(&here, got, "%s", want);
}

static void must(struct diag_fact_reader *r, const struct diag_field *f,
		 const cJSON *obj, const char *want)
{
	if ((f->flags & DIAG_FIELD_MUST) != 0 && !r->lenient &&
	    member(obj, f->key) == NULL)
		diag_fact_wrong(r, f->key, NULL, want);
}

/* The member as text; NULL if it is absent, or no text (which is told). */
static const char *text_of(struct diag_fact_reader *r,
			   const struct diag_field *f, const cJSON *obj)
{
	const char *s = NULL;

	(void)diag_json_str(&r->at, obj, f->key, &s);
	return s;
}

/* --- one value ------------------------------------------------------------ */

static void read_str(struct diag_fact_reader *r, const struct diag_field *f,
		     const cJSON *obj, void *at)
{
	const char **out = at;

	*out = text_of(r, f, obj);
	must(r, f, obj, "expected text");
	if (*out == NULL && (f->flags & DIAG_FIELD_MUST) != 0)
		*out = "";
}

static void read_addr(struct diag_fact_reader *r, const struct diag_field *f,
		      const cJSON *obj, void *at)
{
	const char *s = text_of(r, f, obj);

	must(r, f, obj, "expected an IP address");
	if (s != NULL && !diag_addr_parse(s, at))
		diag_fact_wrong(r, f->key, member(obj, f->key),
				"expected an IP address");
}

static void read_port(struct diag_fact_reader *r, const struct diag_field *f,
		      const cJSON *obj, void *at)
{
	uint64_t n = 0;

	must(r, f, obj, "expected a port number 1-65535");
	if (diag_json_uint(&r->at, obj, f->key, r->lenient ? 0 : 1, 65535, &n))
		*(uint16_t *)at = (uint16_t)n;
}

static void read_int(struct diag_fact_reader *r, const struct diag_field *f,
		     const cJSON *obj, void *at)
{
	uint64_t n = 0;
	int *out = at;

	*out = f->absent;
	if (diag_json_uint(&r->at, obj, f->key, 0, f->max, &n))
		*out = (int)n;
}

static void read_uint(struct diag_fact_reader *r, const struct diag_field *f,
		      const cJSON *obj, void *at)
{
	uint64_t n = 0;

	if (diag_json_uint(&r->at, obj, f->key, 0, f->max, &n))
		*(unsigned *)at = (unsigned)n;
}

static void read_u32(struct diag_fact_reader *r, const struct diag_field *f,
		     const cJSON *obj, void *at)
{
	uint64_t n = 0;

	if (diag_json_uint(&r->at, obj, f->key, 0, f->max, &n))
		*(uint32_t *)at = (uint32_t)n;
}

static void read_u64(struct diag_fact_reader *r, const struct diag_field *f,
		     const cJSON *obj, void *at)
{
	uint64_t n = 0;

	if (diag_json_uint(&r->at, obj, f->key, 0, JSON_MAX, &n))
		*(uint64_t *)at = n;
}

static void read_bool(struct diag_fact_reader *r, const struct diag_field *f,
		      const cJSON *obj, void *at)
{
	if (f->key[0] == '\0')
		*(bool *)at = true; /* the object is there (fields.h) */
	else
		(void)diag_json_bool(&r->at, obj, f->key, at);
}

static void read_ms(struct diag_fact_reader *r, const struct diag_field *f,
		    const cJSON *obj, void *at)
{
	(void)diag_json_num(&r->at, obj, f->key, 0, MS_MAX, at);
}

static void read_time(struct diag_fact_reader *r, const struct diag_field *f,
		      const cJSON *obj, void *at)
{
	const char *s = text_of(r, f, obj);

	if (s != NULL && !diag_time_parse(s, at))
		diag_fact_wrong(r, f->key, member(obj, f->key),
				"expected a time like 2026-11-23T10:00:00Z");
}

static void read_errno(struct diag_fact_reader *r, const struct diag_field *f,
		       const cJSON *obj, void *at)
{
	const cJSON *m = member(obj, f->key);
	double n = 0;

	if (m == NULL ||
	    (cJSON_IsString(m) && diag_errno_parse(m->valuestring, at)))
		return;
	if (cJSON_IsString(m))
		diag_fact_wrong(r, f->key, m,
				"expected a name like ECONNREFUSED");
	else if (diag_json_num(&r->at, obj, f->key, -ERRNO_MAX, ERRNO_MAX, &n))
		*(int *)at = (int)n;
}

static void read_transport(struct diag_fact_reader *r,
			   const struct diag_field *f, const cJSON *obj,
			   void *at)
{
	const char *s = text_of(r, f, obj);

	if (s == NULL)
		return;
	*(bool *)at = strcmp(s, "tcp") == 0;
	if (!*(bool *)at && strcmp(s, "udp") != 0)
		diag_fact_wrong(r, f->key, member(obj, f->key),
				"expected udp or tcp");
}

static void read_rrtype(struct diag_fact_reader *r, const struct diag_field *f,
			const cJSON *obj, void *at)
{
	const char *s = text_of(r, f, obj);

	*(enum diag_rrtype *)at = DIAG_RR_A;
	if (s == NULL ? !r->lenient : !diag_rrtype_parse(s, at))
		diag_fact_wrong(r, f->key, member(obj, f->key),
				"expected a record type like A or TYPE65");
}

static void read_root(struct diag_fact_reader *r, const struct diag_field *f,
		      const cJSON *obj, void *at)
{
	const char *s = text_of(r, f, obj);

	if (s != NULL && !diag_root_parse(s, at))
		diag_fact_wrong(r, f->key, member(obj, f->key),
				"expected unknown, public, service or local");
}

static void read_object(struct diag_fact_reader *r, const struct diag_field *f,
			const cJSON *obj, void *at)
{
	const cJSON *inner = diag_json_object(&r->at, obj, f->key);
	struct diag_fact_reader below = *r;

	if (inner == NULL)
		return;
	below.at = (struct diag_json_at){ .file = r->at.file,
					  .up = &r->at,
					  .key = f->key,
					  .problems = r->at.problems };
	diag_fact_read_rows(&below, f->of, inner, at);
	r->no_memory = below.no_memory;
}

/* --- the walk ------------------------------------------------------------- */

static void (*const readers[DIAG_N_FIELD_TYPES])(struct diag_fact_reader *r,
						 const struct diag_field *f,
						 const cJSON *obj, void *at) = {
	[DIAG_FIELD_STR] = read_str,
	[DIAG_FIELD_ADDR] = read_addr,
	[DIAG_FIELD_PORT] = read_port,
	[DIAG_FIELD_INT] = read_int,
	[DIAG_FIELD_UINT] = read_uint,
	[DIAG_FIELD_U32] = read_u32,
	[DIAG_FIELD_U64] = read_u64,
	[DIAG_FIELD_BOOL] = read_bool,
	[DIAG_FIELD_MS] = read_ms,
	[DIAG_FIELD_TIME] = read_time,
	[DIAG_FIELD_ERRNO] = read_errno,
	[DIAG_FIELD_TRANSPORT] = read_transport,
	[DIAG_FIELD_RRTYPE] = read_rrtype,
	[DIAG_FIELD_ROOT] = read_root,
	[DIAG_FIELD_OBJECT] = read_object,
};

void diag_fact_read_rows(struct diag_fact_reader *r,
			 const struct diag_field *rows, const cJSON *obj,
			 void *base)
{
	for (const struct diag_field *f = rows; f->key != NULL; f++) {
		if (readers[f->type] != NULL)
			readers[f->type](r, f, obj, (char *)base + f->offset);
		else
			(void)diag_fact_read_list(r, f, obj, base);
	}
}

/* Kind and status come first: they say which rows there are and what may be
 * missing. */
static bool read_what(struct diag_fact_reader *r, const cJSON *obj,
		      struct diag_fact *out)
{
	const char *probe = NULL;
	const char *status = NULL;

	(void)diag_json_str(&r->at, obj, "probe", &probe);
	(void)diag_json_str(&r->at, obj, "status", &status);
	if (probe == NULL || !diag_fact_kind_parse(probe, &out->kind)) {
		diag_fact_wrong(r, "probe", member(obj, "probe"),
				"expected the name of a probe");
		return false;
	}
	if (status == NULL ||
	    !diag_status_parse(out->kind, status, &out->status)) {
		diag_fact_wrong(r, "status", member(obj, "status"),
				"expected a status of this probe");
		return false;
	}
	r->lenient = out->status == DIAG_ST_NOT_RUN;
	return true;
}

bool diag_fact_read(const cJSON *obj, const struct diag_json_at *at,
		    struct diag_arena *arena, struct diag_fact *out,
		    struct diag_err *err)
{
	unsigned before = at->problems->n;
	struct diag_fact_reader r = { .at = *at, .arena = arena };

	memset(out, 0, sizeof(*out));
	if (!cJSON_IsObject(obj)) {
		diag_json_wrong(at, obj, "expected an object");
	} else if (read_what(&r, obj, out)) {
		diag_fact_read_rows(&r, diag_fact_common, obj, out);
		diag_fact_read_rows(&r, diag_fact_kinds[out->kind].fields, obj,
				    out);
	}
	if (r.no_memory)
		return diag_fail_nomem(err, "fact");
	if (at->problems->n != before)
		return diag_fail(err, DIAG_EPARSE, "fact", "%s",
				 at->file != NULL ? at->file : "input");
	return true;
}

bool diag_fact_parse(const cJSON *obj, const struct diag_json_at *at,
		     struct diag_store *store, struct diag_err *err)
{
	struct diag_arena arena;
	struct diag_fact fact;
	bool ok;

	diag_arena_init(&arena, 0);
	ok = diag_fact_read(obj, at, &arena, &fact, err) &&
	     diag_store_add(store, &fact, NULL, err);
	diag_arena_clear(&arena);
	return ok;
}

/* SPDX-License-Identifier: MIT */
/* See http_answer.h. */
#include "probes/http_answer.h"

#include "base/text.h"

#include <string.h>

#define NAME_KEEP  128u	 /* bytes of a field name kept */
#define VALUE_KEEP 1024u /* and of its value */

struct field {
	struct diag_slice name, value;
};

/* RFC 9112, 5: name ":" OWS value OWS.  A line that is none is skipped, as
 * browsers do; obs-fold lines have no name and are skipped too. */
static bool next_field(struct diag_cursor *c, struct field *out)
{
	struct diag_slice line;

	while (diag_cursor_line(c, &line)) {
		struct diag_cursor rest = diag_cursor_of(line.p, line.len);

		if (line.len == 0)
			return false;
		if (!diag_cursor_until(&rest, ':', &out->name) ||
		    out->name.len == 0 || out->name.p[0] == ' ' ||
		    out->name.p[0] == '\t')
			continue;
		out->value = diag_slice_trim((struct diag_slice){
		    (const char *)rest.at, diag_cursor_left(&rest) });
		return true;
	}
	return false;
}

/* Offset just behind the blank line that ends a head, 0 if not there. */
static size_t head_end(const char *bytes, size_t len)
{
	struct diag_cursor c = diag_cursor_of(bytes, len);
	struct diag_slice line;

	while (diag_cursor_line(&c, &line)) {
		const char *after = (const char *)c.at;

		if (after == bytes || after[-1] != '\n')
			return 0; /* the last line has no LF yet */
		if (line.len == 0)
			return (size_t)(after - bytes);
	}
	return 0;
}

/* RFC 9112, 4: "HTTP/1." DIGIT SP 3DIGIT. */
static bool status_line(struct diag_cursor *c, int *code)
{
	struct diag_slice line, version, number;
	struct diag_cursor l;
	uint64_t n;

	if (!diag_cursor_line(c, &line))
		return false;
	l = diag_cursor_of(line.p, line.len);
	if (!diag_cursor_word(&l, &version) || version.len != 8 ||
	    memcmp(version.p, "HTTP/1.", 7) != 0)
		return false;
	if (!diag_cursor_word(&l, &number) || number.len != 3 ||
	    !diag_slice_number(number, 100, 999, &n))
		return false;
	*code = (int)n;
	return true;
}

static void framing(struct http_head *out)
{
	struct diag_cursor c = out->fields;
	struct field f;
	uint64_t n;

	out->body_len = -1;
	out->chunked = false;
	while (next_field(&c, &f)) {
		if (diag_slice_eq_nocase(f.name, "content-length") &&
		    diag_slice_number(f.value, 0, INT64_MAX, &n))
			out->body_len = (int64_t)n;
		else if (diag_slice_eq_nocase(f.name, "transfer-encoding") &&
			 diag_text_find_nocase(f.value.p, f.value.len,
					       "chunked"))
			out->chunked = true;
	}
}

/* Could these first bytes still become "HTTP/1."? */
static bool may_be_http(const char *bytes, size_t len)
{
	size_t n = len < 7 ? len : 7;

	return memcmp(bytes, "HTTP/1.", n) == 0;
}

enum http_parse http_parse(const char *bytes, size_t len, struct http_head *out)
{
	size_t at = 0;

	for (;;) {
		size_t left = len - at;
		size_t end = head_end(bytes + at, left);

		if (left > 0 && !may_be_http(bytes + at, left))
			return HTTP_NOT_HTTP;
		if (end == 0)
			return left >= HTTP_HEAD_MAX ? HTTP_NOT_HTTP
						     : HTTP_MORE;
		out->fields = diag_cursor_of(bytes + at, end);
		if (end > HTTP_HEAD_MAX ||
		    !status_line(&out->fields, &out->code))
			return HTTP_NOT_HTTP;
		at += end;
		/* RFC 9110, 15.2: interim answers come before the final one */
		if (out->code >= 200 || out->code == 101)
			break;
	}
	out->end = at;
	framing(out);
	return HTTP_HEAD;
}

static bool any_body_marker(const struct diag_http_question *q)
{
	for (size_t i = 0; i < q->n_denial; i++)
		if (!q->denial[i].header)
			return true;
	for (size_t i = 0; i < q->n_service; i++)
		if (!q->service[i].header)
			return true;
	return false;
}

bool http_wants_body(const struct http_head *head,
		     const struct diag_http_question *q, const char *body,
		     size_t len)
{
	if (len >= HTTP_BODY_MAX || head->code == 204 || head->code == 304 ||
	    head->code == 101)
		return false;
	if (!q || !any_body_marker(q))
		return false;
	if (head->chunked) /* RFC 9112, 7.1: the last chunk is empty */
		return len < 5 || memcmp(body + len - 5, "0\r\n\r\n", 5) != 0;
	return head->body_len < 0 || (uint64_t)head->body_len > len;
}

static bool header_has(const struct http_head *head, const char *name,
		       const char *value)
{
	struct diag_cursor c = head->fields;
	struct field f;

	while (next_field(&c, &f)) {
		if (!diag_slice_eq_nocase(f.name, name))
			continue;
		if (!value ||
		    diag_text_find_nocase(f.value.p, f.value.len, value))
			return true;
	}
	return false;
}

static bool met(const struct diag_http_marker *m, const struct http_head *head,
		const char *body, size_t len)
{
	if (m->code != 0 && m->code != head->code)
		return false;
	if (m->header)
		return header_has(head, m->header, m->value);
	if (m->value)
		return diag_text_find_nocase(body, len, m->value) != NULL;
	return m->code != 0;
}

static const char *marker_text(struct diag_arena *arena,
			       const struct diag_http_marker *m)
{
	if (m->header)
		return diag_arena_printf(arena, "%s: %s", m->header,
					 m->value ? m->value : "*");
	if (m->value)
		return diag_arena_strdup(arena, m->value);
	return diag_arena_printf(arena, "%d", m->code);
}

static bool starts(struct diag_slice name, const char *prefix)
{
	size_t n = strlen(prefix);

	return name.len >= n &&
	       diag_slice_eq_nocase((struct diag_slice){ name.p, n }, prefix);
}

static bool is_marker(const struct diag_http_question *q, struct diag_slice n)
{
	for (size_t i = 0; q && i < q->n_service; i++)
		if (q->service[i].header &&
		    diag_slice_eq_nocase(n, q->service[i].header))
			return true;
	for (size_t i = 0; q && i < q->n_denial; i++)
		if (q->denial[i].header &&
		    diag_slice_eq_nocase(n, q->denial[i].header))
			return true;
	return false;
}

static bool kept(const struct diag_http_question *q, struct diag_slice name)
{
	return starts(name, "x-ms-") || starts(name, "access-control-") ||
	       diag_slice_eq_nocase(name, "www-authenticate") ||
	       diag_slice_eq_nocase(name, "location") ||
	       diag_slice_eq_nocase(name, "via") || is_marker(q, name);
}

/* Header values may hold any byte; a fact holds text.  Same for bodies. */
static const char *clean(struct diag_arena *arena, struct diag_slice s,
			 size_t max)
{
	struct diag_buf b;
	const char *out;

	diag_buf_init(&b, 8 * max + 16);
	diag_text_safe(&b, s.p, s.len < max ? s.len : max);
	out = diag_arena_strdup(arena, diag_buf_str(&b));
	diag_buf_clear(&b);
	return out;
}

static bool keep_field(const struct field *in, struct diag_arena *arena,
		       struct diag_header *h)
{
	char *name =
	    diag_arena_strdup(arena, clean(arena, in->name, NAME_KEEP));

	if (!name)
		return false;
	diag_text_lower(name);
	h->name = name;
	h->value = clean(arena, in->value, VALUE_KEEP);
	return h->value != NULL;
}

static bool keep_fields(const struct http_head *head,
			const struct diag_http_question *q,
			struct diag_arena *arena, struct diag_http_fact *f)
{
	struct diag_header *out =
	    diag_arena_array(arena, HTTP_KEEP_MAX, sizeof(*out));
	struct diag_cursor c = head->fields;
	struct field in;

	if (!out)
		return false;
	f->headers = out;
	while (next_field(&c, &in)) {
		if (diag_slice_eq_nocase(in.name, "server") && !f->server)
			f->server = clean(arena, in.value, NAME_KEEP);
		if (diag_slice_eq_nocase(in.name, "date") && !f->date)
			f->date = clean(arena, in.value, NAME_KEEP);
		if (f->n_headers == HTTP_KEEP_MAX || !kept(q, in.name))
			continue;
		if (!keep_field(&in, arena, &out[f->n_headers]))
			return false;
		f->n_headers++;
	}
	return true;
}

static void judge_markers(const struct http_head *head, const char *body,
			  size_t len, const struct diag_http_question *q,
			  struct diag_arena *arena, struct diag_http_fact *f)
{
	f->is_service = q->n_service == 0;
	for (size_t i = 0; i < q->n_service && !f->is_service; i++)
		f->is_service = met(&q->service[i], head, body, len);
	for (size_t i = 0; i < q->n_denial && !f->denial; i++)
		if (met(&q->denial[i], head, body, len))
			f->denial = marker_text(arena, &q->denial[i]);
}

bool http_fill(const struct http_head *head, const char *body, size_t body_len,
	       const struct diag_http_question *q, struct diag_arena *arena,
	       struct diag_http_fact *f)
{
	f->code = head->code;
	if (!keep_fields(head, q, arena, f))
		return false;
	if (q)
		judge_markers(head, body, body_len, q, arena, f);
	if (!f->is_service && !f->denial && body_len > 0)
		f->body = clean(arena, (struct diag_slice){ body, body_len },
				HTTP_BODY_KEEP);
	return true;
}

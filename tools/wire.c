/* SPDX-License-Identifier: MIT */
/* wire.c - see wire.h. */
#include "tools/wire.h"

#include <string.h>

#define NO_TEXT 0xffffffffU

/* --- writing ------------------------------------------------------------- */

void wire_put_u32(struct diag_buf *out, uint32_t n)
{
	const unsigned char bytes[4] = { (unsigned char)(n >> 24),
					 (unsigned char)(n >> 16),
					 (unsigned char)(n >> 8),
					 (unsigned char)n };

	diag_buf_put(out, bytes, sizeof(bytes));
}

void wire_put_size(struct diag_buf *out, size_t n)
{
	wire_put_u32(out, (uint32_t)((uint64_t)n >> 32));
	wire_put_u32(out, (uint32_t)n);
}

void wire_put_bytes(struct diag_buf *out, const void *p, size_t len)
{
	if (len >= NO_TEXT)
		out->code = DIAG_ELIMIT;
	wire_put_u32(out, (uint32_t)len);
	diag_buf_put(out, p, len);
}

void wire_put_text(struct diag_buf *out, const char *s)
{
	if (s)
		wire_put_bytes(out, s, strlen(s));
	else
		wire_put_u32(out, NO_TEXT);
}

void wire_put_addrs(struct diag_buf *out, const struct diag_addr *a, size_t n)
{
	char text[DIAG_ADDR_TEXT];

	wire_put_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		wire_put_text(out, diag_addr_text(&a[i], text));
}

/* --- reading ------------------------------------------------------------- */

struct wire wire_of(struct diag_arena *arena, const void *p, size_t len)
{
	return (struct wire){ .c = diag_cursor_of(p, len), .arena = arena };
}

uint32_t wire_u32(struct wire *w)
{
	uint32_t n = 0;

	if (!diag_cursor_u32(&w->c, &n))
		w->bad = true;
	return w->bad ? 0 : n;
}

size_t wire_size(struct wire *w)
{
	uint64_t high = wire_u32(w);

	return (size_t)(high << 32 | wire_u32(w));
}

size_t wire_count(struct wire *w, size_t each)
{
	size_t n = wire_u32(w);

	if (n <= diag_cursor_left(&w->c) / each)
		return n;
	w->bad = true;
	return 0;
}

static const char *take(struct wire *w, size_t len)
{
	const char *out = NULL;

	if (!w->bad && len <= diag_cursor_left(&w->c))
		out = diag_arena_strn(w->arena, (const char *)w->c.at, len);
	if (out == NULL || !diag_cursor_skip(&w->c, len))
		w->bad = true;
	return w->bad ? NULL : out;
}

const char *wire_bytes(struct wire *w, size_t *len)
{
	*len = wire_u32(w);
	return take(w, *len);
}

const char *wire_text(struct wire *w)
{
	uint32_t len = wire_u32(w);

	return len == NO_TEXT ? NULL : take(w, len);
}

const char *wire_needed_text(struct wire *w)
{
	const char *text = wire_text(w);

	if (text == NULL)
		w->bad = true;
	return text ? text : "";
}

void *wire_array(struct wire *w, size_t n, size_t size)
{
	void *out = diag_arena_array(w->arena, n + 1, size);

	if (out == NULL)
		w->bad = true;
	return out;
}

const struct diag_addr *wire_addrs(struct wire *w, size_t *n)
{
	size_t count = wire_count(w, 4);
	struct diag_addr *out = wire_array(w, count, sizeof(*out));

	for (size_t i = 0; i < count && !w->bad; i++)
		if (!diag_addr_parse(wire_needed_text(w), &out[i]))
			w->bad = true;
	*n = w->bad ? 0 : count;
	return out;
}

bool wire_ok(const struct wire *w, struct diag_err *err)
{
	if (!w->bad && diag_cursor_left(&w->c) == 0)
		return true;
	return diag_fail(err, DIAG_EIO, "child process",
			 "it handed back what is no answer");
}

/* --- edits ---------------------------------------------------------------- */

void wire_put_edits(struct diag_buf *out, const struct diag_edits *edits)
{
	wire_put_u32(out, (uint32_t)edits->n);
	for (size_t i = 0; i < edits->n; i++) {
		const struct diag_edit *e = &edits->items[i];

		wire_put_size(out, e->at);
		wire_put_size(out, e->len);
		wire_put_bytes(out, e->put, e->put_len);
		wire_put_u32(out, e->foreign);
	}
}

void wire_edits(struct wire *w, struct diag_edits *out)
{
	size_t n = wire_count(w, 24);
	struct diag_edit *edits = wire_array(w, n, sizeof(*edits));

	for (size_t i = 0; i < n && !w->bad; i++) {
		edits[i].at = wire_size(w);
		edits[i].len = wire_size(w);
		edits[i].put = wire_bytes(w, &edits[i].put_len);
		edits[i].foreign = wire_u32(w) != 0;
	}
	out->items = edits;
	out->n = w->bad ? 0 : n;
}

/* --- failures ------------------------------------------------------------- */

void wire_put_err(struct diag_buf *out, const struct diag_err *err)
{
	wire_put_u32(out, (uint32_t)err->code);
	wire_put_u32(out, (uint32_t)err->sys);
	wire_put_text(out, err->op);
	wire_put_text(out, err->what);
}

void wire_err(struct wire *w, struct diag_err *err)
{
	uint32_t code = wire_u32(w);
	const char *op, *what;

	err->sys = (int)wire_u32(w);
	op = wire_text(w);
	what = wire_text(w);
	if (code == DIAG_OK || code > DIAG_EIO)
		w->bad = true;
	err->code = (enum diag_code)code;
	err->op = op;
	for (size_t i = 0; what && what[i] && i + 1 < sizeof(err->what); i++)
		err->what[i] = what[i];
}

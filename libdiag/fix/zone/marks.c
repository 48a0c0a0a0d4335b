/* SPDX-License-Identifier: MIT */
/* marks.c - see marks.h. */
#include "fix/zone/marks.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool zone_mark_make(struct zone_mark *m, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(m->text, sizeof(m->text), fmt, args);
	va_end(args);
	m->len = n > 0 ? (size_t)n : 0;
	return m->len > 0 && m->len < sizeof(m->text);
}

bool zone_marks_start(struct zone_marks_out *m, const struct zone_marks *marks,
		      struct diag_err *err)
{
	const char *c = marks->comment, *block = marks->block;

	return (zone_mark_make(&m->ours, "%s pldiag: %s", c, block) &&
		zone_mark_make(&m->plus, "%s pldiag: %s +", c, block) &&
		zone_mark_make(&m->off, "%s pldiag: off %s: ", c, block)) ||
	       diag_fail(err, DIAG_EUSAGE, "zone file",
			 "%s: too long a name for a block", block);
}

void zone_marks_take(struct zone_marks_out *m, size_t from, size_t to,
		     bool foreign)
{
	struct diag_edit *e;

	/* The newline before may have gone with the line before. */
	if (m->n > 0 && from < m->edits[m->n - 1].at + m->edits[m->n - 1].len)
		from = m->edits[m->n - 1].at + m->edits[m->n - 1].len;
	e = diag_arena_push(m->arena, &m->edits, &m->n, sizeof(*e));
	if (e == NULL) {
		m->failed = true;
		return;
	}
	e->at = from;
	e->len = to - from;
	e->put = "";
	e->foreign = foreign;
}

size_t zone_newline_before(const char *text, size_t at, size_t ending)
{
	if (ending > 0 || at == 0 || text[at - 1] != '\n')
		return ending < at ? ending : at;
	return at > 1 && text[at - 2] == '\r' ? 2 : 1;
}

bool zone_mark_starts(struct diag_slice line, const struct zone_mark *m)
{
	return line.len >= m->len && memcmp(line.p, m->text, m->len) == 0;
}

bool zone_mark_ends(struct diag_slice line, const struct zone_mark *m)
{
	return line.len >= m->len &&
	       memcmp(line.p + line.len - m->len, m->text, m->len) == 0;
}

size_t zone_line_ending(struct diag_slice line)
{
	if (line.len == 0 || line.p[line.len - 1] != '\n')
		return 0;
	return line.len > 1 && line.p[line.len - 2] == '\r' ? 2 : 1;
}

void zone_marks_line(struct zone_marks_out *m, const char *text, size_t at,
		     size_t end)
{
	struct diag_slice line = { text + at, end - at };
	size_t ending = zone_line_ending(line);

	line.len -= ending;
	/* A line of ours is never put out, so its own mark counts first. */
	if (zone_mark_ends(line, &m->ours)) {
		zone_marks_take(m, at, end, false);
	} else if (zone_mark_ends(line, &m->plus)) {
		size_t before = zone_newline_before(text, at, ending);

		/* Somebody wrote on behind it: the newline is theirs too. */
		zone_marks_take(m, at < m->tail ? at : at - before, end, false);
	} else if (zone_mark_starts(line, &m->off)) {
		zone_marks_take(m, at, at + m->off.len, true);
	}
}

/* Where the lines begin behind which there are none but ours. */
static size_t tail_of(const struct zone_marks_out *m, struct diag_slice text)
{
	size_t tail = text.len;

	while (tail > 0) {
		struct diag_slice line = { text.p, tail };
		const char *lf;

		line.len -= zone_line_ending(line);
		if (!zone_mark_ends(line, &m->ours) &&
		    !zone_mark_ends(line, &m->plus))
			break;
		lf = memrchr(text.p, '\n', line.len);
		tail = lf != NULL ? (size_t)(lf - text.p) + 1 : 0;
	}
	return tail;
}

bool zone_marks_out(struct diag_arena *arena, const struct zone_marks *marks,
		    struct diag_slice text, struct diag_edits *out,
		    struct diag_err *err)
{
	struct zone_marks_out m = { .arena = arena };
	size_t at = 0;

	if (!zone_marks_start(&m, marks, err))
		return false;
	m.tail = tail_of(&m, text);
	/* The first line may be out, behind a byte-order mark. */
	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < text.len) {
		const char *lf = memchr(text.p + at, '\n', text.len - at);
		size_t end = lf != NULL ? (size_t)(lf - text.p) + 1 : text.len;

		zone_marks_line(&m, text.p, at, end);
		at = end;
	}
	if (m.failed)
		return diag_fail_nomem(err, "zone file");
	out->items = m.edits;
	out->n = m.n;
	return true;
}

void zone_mark_off(const struct zone_marks *m, struct diag_slice lines,
		   struct diag_buf *out)
{
	while (lines.len > 0) {
		const char *lf = memchr(lines.p, '\n', lines.len);
		size_t n = lf != NULL ? (size_t)(lf - lines.p) + 1 : lines.len;

		diag_buf_printf(out, "%s pldiag: off %s: ", m->comment,
				m->block);
		diag_buf_put(out, lines.p, n);
		lines.p += n;
		lines.len -= n;
	}
}

void zone_mark_ours(const struct zone_marks *m, bool newline,
		    struct diag_buf *out)
{
	diag_buf_printf(out, " %s pldiag: %s%s", m->comment, m->block,
			newline ? " +" : "");
}

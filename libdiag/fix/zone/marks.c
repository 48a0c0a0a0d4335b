/* SPDX-License-Identifier: MIT */
/* marks.c - see marks.h. */
#include "fix/zone/marks.h"

#include <stdio.h>
#include <string.h>

#define MARK_MAX 160

/* A mark, ready to be compared. */
struct mark {
	char text[MARK_MAX];
	size_t len;
};

struct marks_out {
	struct diag_arena *arena;
	struct mark ours, plus, off;
	struct diag_edit *edits;
	size_t n;
	bool failed;
};

static bool make_marks(struct marks_out *m, const struct zone_marks *marks)
{
	int n = snprintf(m->ours.text, MARK_MAX, "%s pldiag: %s",
			 marks->comment, marks->block);
	int p = snprintf(m->plus.text, MARK_MAX, "%s pldiag: %s +",
			 marks->comment, marks->block);
	int o = snprintf(m->off.text, MARK_MAX,
			 "%s pldiag: off %s: ", marks->comment, marks->block);

	m->ours.len = (size_t)n;
	m->plus.len = (size_t)p;
	m->off.len = (size_t)o;
	return n > 0 && p > 0 && o > 0 && p < MARK_MAX && o < MARK_MAX;
}

static void take(struct marks_out *m, size_t from, size_t to, bool foreign)
{
	struct diag_edit *e =
	    diag_arena_push(m->arena, &m->edits, &m->n, sizeof(*e));

	if (e == NULL) {
		m->failed = true;
		return;
	}
	e->at = from;
	e->len = to - from;
	e->put = "";
	e->foreign = foreign;
}

static void take_out(struct marks_out *m, size_t from, size_t to, bool foreign)
{
	/* The newline before may have gone with the line before. */
	if (m->n > 0 && from < m->edits[m->n - 1].at + m->edits[m->n - 1].len)
		from = m->edits[m->n - 1].at + m->edits[m->n - 1].len;
	take(m, from, to, foreign);
}

/* Bytes of the newline that was put before a line of ours: as its own, or, of
 * the last line of a file, as it stands there. */
static size_t newline_before(const char *text, size_t at, size_t ending)
{
	if (ending > 0 || at == 0 || text[at - 1] != '\n')
		return ending < at ? ending : at;
	return at > 1 && text[at - 2] == '\r' ? 2 : 1;
}

static bool starts(struct diag_slice s, const struct mark *mark)
{
	return s.len >= mark->len && memcmp(s.p, mark->text, mark->len) == 0;
}

static bool ends(struct diag_slice s, const struct mark *mark)
{
	return s.len >= mark->len &&
	       memcmp(s.p + s.len - mark->len, mark->text, mark->len) == 0;
}

/* The line [at, end) with its ending. */
static void one_line(struct marks_out *m, const char *text, size_t at,
		     size_t end)
{
	struct diag_slice line = { text + at, end - at };
	size_t ending;

	if (line.p[line.len - 1] == '\n') {
		line.len--;
		if (line.len > 0 && line.p[line.len - 1] == '\r')
			line.len--;
	}
	ending = end - at - line.len;
	if (starts(line, &m->off)) {
		/* A line of ours is never put out: this is no mark. */
		if (!ends(line, &m->ours) && !ends(line, &m->plus))
			take_out(m, at, at + m->off.len, true);
	} else if (ends(line, &m->ours)) {
		take_out(m, at, end, false);
	} else if (ends(line, &m->plus)) {
		take_out(m, at - newline_before(text, at, ending), end, false);
	}
}

bool zone_marks_out(struct diag_arena *arena, const struct zone_marks *marks,
		    struct diag_slice text, struct diag_edits *out,
		    struct diag_err *err)
{
	struct marks_out m = { .arena = arena };
	size_t at = 0;

	if (!make_marks(&m, marks))
		return diag_fail(err, DIAG_EUSAGE, "zone file",
				 "%s: too long a name for a block",
				 marks->block);
	while (at < text.len) {
		const char *lf = memchr(text.p + at, '\n', text.len - at);
		size_t end = lf != NULL ? (size_t)(lf - text.p) + 1 : text.len;

		one_line(&m, text.p, at, end);
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

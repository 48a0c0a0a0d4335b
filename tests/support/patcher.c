/* SPDX-License-Identifier: MIT */
#include "tests/support/patcher.h"

#include <string.h>

struct side {
	size_t from, n; /* as the hunk's head says */
	size_t line;	/* lines passed so far, of the whole text */
	size_t left;	/* of the hunk */
};

struct patcher {
	struct diag_slice old, diff; /* what is left of both */
	struct side a, b;
	struct diag_buf *out;
};

static bool take_line(struct diag_slice *s, struct diag_slice *line)
{
	const char *lf = s->len > 0 ? memchr(s->p, '\n', s->len) : NULL;

	if (s->len == 0)
		return false;
	line->p = s->p;
	line->len = lf != NULL ? (size_t)(lf - s->p) + 1 : s->len;
	s->p += line->len;
	s->len -= line->len;
	return true;
}

static bool starts(struct diag_slice s, const char *head)
{
	size_t n = strlen(head);

	return s.len >= n && memcmp(s.p, head, n) == 0;
}

static bool take(struct diag_slice *s, const char *head)
{
	size_t n = strlen(head);

	if (!starts(*s, head))
		return false;
	s->p += n;
	s->len -= n;
	return true;
}

static bool take_number(struct diag_slice *s, size_t *out)
{
	uint64_t n;
	size_t len = 0;
	struct diag_slice digits = { s->p, 0 };

	while (len < s->len && s->p[len] >= '0' && s->p[len] <= '9')
		len++;
	digits.len = len;
	s->p += len;
	s->len -= len;
	if (!diag_slice_number(digits, 0, UINT32_MAX, &n))
		return false;
	*out = (size_t)n;
	return true;
}

static bool take_side(struct diag_slice *s, const char *sign, struct side *out)
{
	out->n = 1;
	if (!take(s, sign) || !take_number(s, &out->from))
		return false;
	if (take(s, ",") && !take_number(s, &out->n))
		return false;
	out->left = out->n;
	return true;
}

/* An empty side is told by the line before it. */
static bool stands(const struct side *s)
{
	return s->line + (s->n > 0) == s->from;
}

static const char *copy_old(struct patcher *p)
{
	struct diag_slice line;

	if (!take_line(&p->old, &line))
		return "the old text is too short";
	diag_buf_put(p->out, line.p, line.len);
	p->a.line++;
	p->b.line++;
	return NULL;
}

static const char *hunk_head(struct patcher *p, struct diag_slice line)
{
	const char *wrong = NULL;

	if (!take(&line, "@@ ") || !take_side(&line, "-", &p->a) ||
	    !take(&line, " ") || !take_side(&line, "+", &p->b) ||
	    !take(&line, " @@\n") || line.len != 0)
		return "no head of a hunk";
	while (wrong == NULL && !stands(&p->a) && p->a.line < p->a.from)
		wrong = copy_old(p);
	if (wrong == NULL && (!stands(&p->a) || !stands(&p->b)))
		wrong = "line numbers do not fit";
	return wrong;
}

static bool no_newline(struct patcher *p)
{
	return starts(p->diff, "\\ No newline at end of file\n");
}

static const char *hunk_line(struct patcher *p, struct diag_slice line)
{
	char sign = line.p[0];
	struct diag_slice text = { line.p + 1, line.len - 1 }, old;
	bool bare = no_newline(p);

	if (text.len == 0 || text.p[text.len - 1] != '\n')
		return "a line without an end";
	if (bare) {
		(void)take_line(&p->diff, &old);
		text.len--;
	}
	if (sign != '+') {
		if (!take_line(&p->old, &old) || old.len != text.len ||
		    memcmp(old.p, text.p, old.len) != 0 || p->a.left == 0)
			return "the old text has another line";
		p->a.line++;
		p->a.left--;
	}
	if (sign == '-')
		return NULL;
	if ((sign != '+' && sign != ' ') || p->b.left == 0)
		return "a line too many";
	p->b.line++;
	p->b.left--;
	diag_buf_put(p->out, text.p, text.len);
	return NULL;
}

const char *patcher_apply(struct diag_slice old, struct diag_slice diff,
			  struct diag_buf *out)
{
	struct patcher p = { .old = old, .diff = diff, .out = out };
	const char *wrong = NULL;
	struct diag_slice line;

	diag_buf_init(out, (size_t)1 << 28);
	if (diff.len > 0 &&
	    (!take_line(&p.diff, &line) || !starts(line, "--- ") ||
	     !take_line(&p.diff, &line) || !starts(line, "+++ ")))
		return "no names";
	while (wrong == NULL && take_line(&p.diff, &line))
		wrong = p.a.left + p.b.left == 0 ? hunk_head(&p, line)
						 : hunk_line(&p, line);
	if (wrong == NULL && p.a.left + p.b.left != 0)
		wrong = "a hunk is too short";
	diag_buf_put(out, p.old.p, p.old.len);
	return wrong;
}

/* SPDX-License-Identifier: MIT */
/* whole.c - what concerns the file and no line of it: its line ends, its last
 * line, its encoding, its byte-order mark.
 *
 * All of it works today, so it is said once and as a hint: a script that adds
 * a line, or an editor that saves the file, is what makes it a fault.
 */
#include <string.h>

#include "base/text.h"
#include "hosts/internal.h"

/* --- line ends -------------------------------------------------------------
 */

/* Where the CRs in front of the LF at `lf` begin; "\r\r\n" is one line end. */
static size_t end_of_line(struct diag_slice text, size_t lf)
{
	while (lf > 0 && text.p[lf - 1] == '\r')
		lf--;
	return lf;
}

static bool next_lf(struct diag_slice text, size_t *at)
{
	const char *lf =
	    *at < text.len ? memchr(text.p + *at, '\n', text.len - *at) : NULL;

	if (lf == NULL)
		return false;
	*at = (size_t)(lf - text.p);
	return true;
}

void hosts_count_ends(struct diag_slice text, bool windows,
		      struct hosts_ends *out)
{
	*out = (struct hosts_ends){ 0 };
	for (size_t at = 0; next_lf(text, &at); at++) {
		bool crlf = at > 0 && text.p[at - 1] == '\r';

		*(crlf ? &out->n_crlf : &out->n_lf) += 1;
	}
	out->crlf =
	    out->n_crlf > out->n_lf || (windows && out->n_crlf == out->n_lf);
}

/* Each line end that differs from most becomes like most. */
static bool unify(struct hosts_judge *j, const struct hosts_ends *ends,
		  struct diag_hosts_edit *edits, struct diag_hosts_fault *f)
{
	size_t n = 0, line_at = 0;
	unsigned line = 0;

	for (size_t at = 0; next_lf(j->text, &at); line_at = ++at) {
		size_t from = end_of_line(j->text, at);

		line++;
		if ((from < at) == ends->crlf)
			continue;
		if (n++ == 0) {
			f->line = line;
			f->column = (unsigned)(from - line_at) + 1;
		}
		edits->at = from;
		edits->len = at - from;
		edits->put = ends->crlf ? "\r" : "";
		edits->put_len = ends->crlf ? 1 : 0;
		edits++;
	}
	return n > 0;
}

static bool mixed_endings(struct hosts_judge *j, const struct hosts_ends *ends)
{
	size_t n = ends->crlf ? ends->n_lf : ends->n_crlf;
	size_t most = ends->crlf ? ends->n_crlf : ends->n_lf;
	struct diag_hosts_edit *edits;
	struct diag_hosts_fault f = { .kind = DIAG_HOSTS_MIXED_ENDINGS,
				      .severity = DIAG_HOSTS_INFO,
				      .n_edits = n };

	if (n == 0)
		return true;
	edits = diag_arena_array(j->arena, n, sizeof(*edits));
	if (edits == NULL)
		return false;
	f.edits = edits;
	f.text = diag_arena_printf(
	    j->arena, "%zu line%s with %s, %zu with %s; this is the first", n,
	    n == 1 ? " ends" : "s end", ends->crlf ? "LF" : "CR LF", most,
	    ends->crlf ? "CR LF" : "LF alone");
	return f.text != NULL && unify(j, ends, edits, &f) &&
	       hosts_add_fault(j, &f);
}

/* --- the last line ---------------------------------------------------------
 */

static unsigned last_line(const struct hosts_ends *ends)
{
	return (unsigned)(ends->n_lf + ends->n_crlf) + 1;
}

static bool no_newline(struct hosts_judge *j, const struct hosts_ends *ends)
{
	struct diag_slice text = j->text;
	struct diag_hosts_fault f = { .kind = DIAG_HOSTS_NO_NEWLINE,
				      .severity = DIAG_HOSTS_INFO,
				      .line = last_line(ends) };
	struct diag_hosts_edit *e;
	size_t start = text.len, end = end_of_line(text, text.len);
	size_t i;

	while (start > 0 && text.p[start - 1] != '\n')
		start--;
	for (i = start; i < end; i++)
		if (hosts_class[(unsigned char)text.p[i]] != HOSTS_BLANK)
			break;
	if (i == end)
		return true;
	e = diag_arena_alloc(j->arena, sizeof(*e));
	if (e == NULL)
		return false;
	*e = (struct diag_hosts_edit){ .at = end,
				       .len = text.len - end,
				       .put = j->eol,
				       .put_len = strlen(j->eol) };
	f.column = (unsigned)(end - start) + 1;
	f.text = "the last line has no end: what is added to the file runs "
		 "together with it";
	f.edits = e;
	f.n_edits = 1;
	return hosts_add_fault(j, &f);
}

/* --- encoding --------------------------------------------------------------
 */

static void place_of(struct diag_slice text, size_t at,
		     struct diag_hosts_fault *f)
{
	size_t start = at;

	while (start > 0 && text.p[start - 1] != '\n')
		start--;
	f->column = (unsigned)(at - start) + 1;
	f->line = (unsigned)hosts_count_lines(text.p, start);
}

static bool not_utf8(struct hosts_judge *j)
{
	struct diag_hosts_fault f = {
		.kind = DIAG_HOSTS_NOT_UTF8,
		.severity = DIAG_HOSTS_INFO,
		.text = "bytes that are not UTF-8: some programs take such a "
			"file for an empty one when they change it",
	};
	size_t at = diag_text_not_utf8(j->text.p, j->text.len);

	if (at == j->text.len)
		return true;
	place_of(j->text, at, &f);
	return hosts_add_fault(j, &f);
}

bool hosts_is_utf16(struct diag_slice text)
{
	return text.len >= 2 && (memcmp(text.p, "\xff\xfe", 2) == 0 ||
				 memcmp(text.p, "\xfe\xff", 2) == 0);
}

bool hosts_judge_utf16(struct hosts_judge *j)
{
	static const struct diag_hosts_fault f = {
		.kind = DIAG_HOSTS_NOT_UTF8,
		.severity = DIAG_HOSTS_ERROR,
		.line = 1,
		.column = 1,
		.text = "the file is UTF-16, so no line of it works: save it "
			"as UTF-8 without byte-order mark",
	};

	return hosts_add_fault(j, &f);
}

/* --- byte-order mark -------------------------------------------------------
 */

/* A mark that a finding of the first line takes away is told there. */
static bool told_of_bom(const struct hosts_judge *j)
{
	for (size_t i = 0; i < j->n_faults; i++) {
		const struct diag_hosts_fault *f = &j->faults[i];

		if (f->line == 1 && f->n_edits > 0 && f->edits[0].at == 0 &&
		    f->edits[0].len >= strlen(HOSTS_BOM))
			return true;
	}
	return false;
}

static bool bom(struct hosts_judge *j)
{
	struct diag_hosts_fault f = {
		.kind = DIAG_HOSTS_BOM,
		.severity = DIAG_HOSTS_INFO,
		.line = 1,
		.column = 1,
		.text = "an invisible byte-order mark begins the file: an "
			"entry in this line would be lost",
		.n_edits = 1,
	};
	struct diag_hosts_edit *e;
	size_t len = 0, n = strlen(HOSTS_BOM);

	while (j->text.len - len >= n &&
	       memcmp(j->text.p + len, HOSTS_BOM, n) == 0)
		len += n;
	if (len == 0 || told_of_bom(j))
		return true;
	e = diag_arena_alloc(j->arena, sizeof(*e));
	if (e == NULL)
		return false;
	e->len = len;
	e->put = "";
	f.edits = e;
	return hosts_add_fault(j, &f);
}

bool hosts_judge_whole(struct hosts_judge *j, const struct hosts_ends *ends)
{
	return bom(j) && mixed_endings(j, ends) && not_utf8(j) &&
	       no_newline(j, ends);
}

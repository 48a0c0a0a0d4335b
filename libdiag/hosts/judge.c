/* SPDX-License-Identifier: MIT */
/* judge.c - the findings of one line, and the line as it should be.
 *
 * Only lines that scan.c marked come here.  A line gets one finding for each
 * name that it fails, and one corrected line that repairs them all.  What is
 * repaired is kept as pieces of the text and what they become: all pieces make
 * the line that is shown, those that are certain make the edits.
 */
#include <string.h>

#include "base/buf.h"
#include "hosts/internal.h"
#include "inventory/catalogue.h"

#define COPY_MAX ((size_t)512 << 20) /* a line, and repairs of its names */

struct piece {
	struct diag_hosts_edit edit;
	bool sure;
};

struct line {
	struct hosts_judge *j;
	const char *at, *end; /* without its line end */
	unsigned number;
	struct hosts_start start;
	struct piece *pieces;
	size_t n_pieces;
	const char *done; /* the last word is behind us up to here */
	size_t first;	  /* finding of this line */
	unsigned n_names; /* on the present line, if it is parted */
	bool parted;
};

static bool lost(const struct line *l)
{
	return l->start.kind == HOSTS_START_LOST;
}

static bool replace(struct line *l, struct diag_slice word, const char *put,
		    bool sure)
{
	struct piece *p =
	    diag_arena_push(l->j->arena, &l->pieces, &l->n_pieces, sizeof(*p));

	if (p == NULL)
		return false;
	p->edit = (struct diag_hosts_edit){
		.at = (size_t)(word.p - l->j->text.p),
		.len = word.len,
		.put = put,
		.put_len = strlen(put),
	};
	p->sure = sure && l->start.sure;
	return true;
}

bool hosts_add_fault(struct hosts_judge *j, const struct diag_hosts_fault *f)
{
	struct diag_hosts_fault *to;

	if (j->n_faults >= DIAG_HOSTS_FAULTS) {
		j->cut = true;
		return true;
	}
	to = diag_arena_push(j->arena, &j->faults, &j->n_faults, sizeof(*to));
	if (to == NULL)
		return false;
	*to = *f;
	return true;
}

/* n_edges tells finish_line() that the edits of the line correct this one. */
static bool add(struct line *l, const struct hosts_name_fault *f,
		struct diag_slice word, const char *meant)
{
	struct diag_hosts_fault fault = {
		.kind = lost(l) ? l->start.fault : f->kind,
		.severity = lost(l) ? DIAG_HOSTS_ERROR : f->severity,
		.line = l->number,
		.column = (unsigned)(word.p - l->at) + 1,
		.meant = meant,
		.text = lost(l) ? l->start.why : f->text,
		.n_edits = lost(l) || (f->put != NULL && f->sure),
	};

	if (l->j->only_lost && !diag_hosts_fault_is_lost_name(&fault))
		return true;
	return hosts_add_fault(l->j, &fault);
}

/* A word may have become several names; who only wants to know which names
 * are lost is told of each. */
static bool add_each(struct line *l, const struct hosts_name_fault *f,
		     struct diag_slice word)
{
	const char *at = f->put;
	const char *end = at + strlen(at);
	struct diag_slice one;

	while (hosts_next_word(&at, end, &one)) {
		const char *meant =
		    diag_arena_strn(l->j->arena, one.p, one.len);

		if (meant == NULL || !add(l, f, word, meant))
			return false;
	}
	return true;
}

static bool told(struct line *l, const struct hosts_name_fault *f,
		 struct diag_slice word)
{
	if (lost(l) ? f->comment || (!f->wrong && f->meant == NULL) : !f->wrong)
		return true;
	if (f->put != NULL && f->n_put > 1 && f->kind == DIAG_HOSTS_BAD_NAME &&
	    l->j->only_lost)
		return add_each(l, f, word);
	return add(l, f, word, f->meant);
}

/* Windows reads nine names of a line: the others go on in a line of their
 * own. */
static bool part(struct line *l, struct diag_slice word)
{
	static const struct hosts_name_fault fault = {
		.kind = DIAG_HOSTS_TOO_MANY_NAMES,
		.severity = DIAG_HOSTS_ERROR,
		.text = "Windows reads only the first nine names of a line",
		.put = "",
		.sure = true,
	};
	struct diag_slice gap = { l->done, (size_t)(word.p - l->done) };
	const char *put =
	    diag_arena_printf(l->j->arena, "%s%s ", l->j->eol, l->start.addr);

	if (put == NULL || !replace(l, gap, put, true))
		return false;
	l->n_names = 0;
	if (l->parted || lost(l))
		return true;
	l->parted = true;
	return add(l, &fault, word, NULL);
}

/* macOS takes a '#' that touches a name for a part of it. */
static bool part_comment(struct line *l, struct diag_slice word, bool known)
{
	static const struct hosts_name_fault fault = {
		.kind = DIAG_HOSTS_BAD_NAME,
		.severity = DIAG_HOSTS_ERROR,
		.text = "macOS reads '#' and what touches it as a part of the "
			"name: leave a blank before it",
		.put = " ",
		.sure = true,
	};
	struct diag_slice gap = { word.p + word.len, 0 };

	if (l->j->rules != DIAG_HOSTS_MACOS || gap.p == l->end || *gap.p != '#')
		return true;
	return (known || lost(l) || add(l, &fault, word, NULL)) &&
	       replace(l, gap, fault.put, true);
}

static bool judge_word(struct line *l, struct diag_slice word, bool *stop)
{
	struct hosts_name_fault f;
	unsigned n;

	if (!hosts_judge_name(l->j, word, lost(l), &f))
		return false;
	*stop = f.comment;
	n = f.put != NULL && f.sure ? f.n_put : 1;
	if (l->j->rules == DIAG_HOSTS_WINDOWS && l->start.sure &&
	    l->n_names > 0 && l->n_names + n > HOSTS_WINDOWS_NAMES &&
	    !part(l, word))
		return false;
	l->n_names += n;
	l->done = word.p + word.len;
	return told(l, &f, word) &&
	       (f.put == NULL || replace(l, word, f.put, f.sure)) &&
	       part_comment(l, word, f.wrong);
}

/* The line with all its pieces replaced. */
static const char *corrected_line(const struct line *l)
{
	const char *base = l->j->text.p, *copied = l->at, *out = NULL;
	struct diag_buf copy;

	diag_buf_init(&copy, COPY_MAX);
	for (size_t i = 0; i < l->n_pieces; i++) {
		const struct diag_hosts_edit *e = &l->pieces[i].edit;
		size_t skip = e->put_len > 1 && e->put[0] == '\r';

		diag_buf_put(&copy, copied, (size_t)(base + e->at - copied));
		diag_buf_put(&copy, e->put + skip, e->put_len - skip);
		copied = base + e->at + e->len;
	}
	diag_buf_put(&copy, copied, (size_t)(l->end - copied));
	if (copy.code == DIAG_OK)
		out =
		    diag_arena_strn(l->j->arena, diag_buf_str(&copy), copy.len);
	diag_buf_clear(&copy);
	return out;
}

static bool sure_edits(const struct line *l, struct diag_hosts_edit **out,
		       size_t *n)
{
	size_t k = 0;

	*out = diag_arena_array(l->j->arena, l->n_pieces, sizeof(**out));
	if (*out == NULL)
		return false;
	for (size_t i = 0; i < l->n_pieces; i++)
		if (l->pieces[i].sure)
			(*out)[k++] = l->pieces[i].edit;
	*n = k;
	return true;
}

/* The corrected line, given to every finding of it. */
static bool finish_line(struct line *l)
{
	struct hosts_judge *j = l->j;
	struct diag_hosts_edit *edits = NULL;
	const char *corrected;
	size_t n_edits = 0;

	if (l->first == j->n_faults || l->n_pieces == 0)
		return true;
	corrected = corrected_line(l);
	if (corrected == NULL || !sure_edits(l, &edits, &n_edits))
		return false;
	for (size_t i = l->first; i < j->n_faults; i++) {
		struct diag_hosts_fault *f = &j->faults[i];

		f->corrected = corrected;
		f->n_edits = f->n_edits > 0 ? n_edits : 0;
		f->edits = f->n_edits > 0 ? edits : NULL;
	}
	return true;
}

static bool repair_start(struct line *l)
{
	const struct hosts_start *start = &l->start;
	const char *put;

	if (start->strip.len > 0 && !replace(l, start->strip, "", true))
		return false;
	if (start->cut.len == 0 && start->put[0] == '\0')
		return true;
	put = diag_arena_strdup(l->j->arena, start->put);
	return put != NULL && replace(l, start->cut, put, true);
}

static bool judge_line(struct line *l)
{
	const struct hosts_start *start = &l->start;
	struct diag_slice word;
	const char *at;
	bool stop = false;

	l->first = l->j->n_faults;
	hosts_judge_start(l->at, l->end, &l->start);
	if (start->kind == HOSTS_START_OTHER)
		return true;
	if (!repair_start(l))
		return false;
	at = start->names;
	l->done = at;
	while (!stop && hosts_next_word(&at, l->end, &word))
		if (word.p < start->no_names && !judge_word(l, word, &stop))
			return false;
	if (start->drop.len > 0 && !replace(l, start->drop, "", true))
		return false;
	return finish_line(l);
}

bool hosts_judge_lines(struct hosts_judge *j,
		       const struct diag_hosts_suspect *suspects, size_t n,
		       struct diag_err *err)
{
	if (n > 0 && !diag_cat_load(err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *at = j->text.p + suspects[i].at;
		size_t left = j->text.len - suspects[i].at;
		const char *lf = memchr(at, '\n', left);
		struct line l = { .j = j,
				  .at = at,
				  .end = lf != NULL ? lf : at + left,
				  .number = suspects[i].line };

		if (j->n_faults >= DIAG_HOSTS_FAULTS) {
			j->cut = true;
			break;
		}
		while (l.end > l.at && l.end[-1] == '\r')
			l.end--;
		if (!judge_line(&l))
			return diag_fail_nomem(err, "hosts");
	}
	return true;
}

/* SPDX-License-Identifier: MIT */
/* faults.c - lines that were meant for a name and cannot work.
 *
 * Only lines that hosts.c marked come here.  A line gets one fault per name
 * that it fails, and one corrected line that repairs them all.  Silence is the
 * rule: what only looks strange (a zone's name beside the client's name, a
 * dotted spelling beside the plain one, prose, a macOS line with a zone) works
 * or harms nobody, and a lint that cries wolf is switched off.
 */
#include <string.h>

#include "base/buf.h"
#include "hosts/internal.h"
#include "inventory/catalogue.h"

#define COPY_MAX ((size_t)128 << 20) /* a line, and repairs of its names */

struct finder {
	struct diag_arena *arena;
	struct diag_hosts *h;
	struct diag_hosts_fault *faults;
	size_t n_faults;
	const char *line, *end; /* the line at hand */
	unsigned number;
	struct hosts_start start;
	struct diag_buf copy; /* the corrected line */
	const char *copied;   /* the line is copied up to here */
	size_t first;	      /* fault of this line */
};

static const char *const kinds[] = {
	[DIAG_HOSTS_GLUED] = "glued",
	[DIAG_HOSTS_TRAILING_DOT] = "trailing-dot",
	[DIAG_HOSTS_WRONG_SUFFIX] = "wrong-suffix",
	[DIAG_HOSTS_BAD_ADDRESS] = "bad-address",
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

const char *diag_hosts_fault_key(enum diag_hosts_fault_kind k)
{
	return (size_t)k < N_KINDS ? kinds[k] : "unknown";
}

bool diag_hosts_fault_parse(const char *key, enum diag_hosts_fault_kind *out)
{
	for (size_t i = 0; i < N_KINDS; i++) {
		if (strcmp(key, kinds[i]) != 0)
			continue;
		*out = (enum diag_hosts_fault_kind)i;
		return true;
	}
	return false;
}

/* Copy the line up to the word and put text in its place. */
static void replace(struct finder *f, struct diag_slice word, const char *text)
{
	diag_buf_put(&f->copy, f->copied, (size_t)(word.p - f->copied));
	diag_buf_puts(&f->copy, text);
	f->copied = word.p + word.len;
}

static bool add_fault(struct finder *f, enum diag_hosts_fault_kind kind,
		      const char *at, const char *meant, const char *text)
{
	struct diag_hosts_fault *fault;

	if (f->n_faults >= DIAG_HOSTS_FAULTS)
		return true;
	fault =
	    diag_arena_push(f->arena, &f->faults, &f->n_faults, sizeof(*fault));
	if (fault == NULL)
		return false;
	fault->kind = kind;
	fault->line = f->number;
	fault->column = (unsigned)(at - f->line) + 1;
	fault->text = text;
	fault->meant = diag_arena_strdup(f->arena, meant);
	return meant == NULL || fault->meant != NULL;
}

static bool held(const struct finder *f, const char *name)
{
	return diag_hosts_lookup(f->h, name, DIAG_NOFAM, 0) != NULL;
}

/* A name on a line whose address is fine: only the name can be at fault, and
 * only if no line of the file has the name that was meant. */
static bool fine_name(struct finder *f, struct diag_slice word,
		      const char *normal)
{
	char client[DIAG_FQDN_MAX];
	const char *text;

	if (hosts_client_name(normal, client)) {
		if (held(f, client))
			return true;
		text = diag_arena_printf(
		    f->arena, "clients ask for %s, not for %s", client, normal);
		replace(f, word, client);
		return text != NULL && add_fault(f, DIAG_HOSTS_WRONG_SUFFIX,
						 word.p, client, text);
	}
	if (word.p[word.len - 1] != '.' || held(f, normal))
		return true;
	replace(f, word, normal);
	return add_fault(f, DIAG_HOSTS_TRAILING_DOT, word.p, normal,
			 "a name that ends with a dot answers only to that "
			 "spelling, which programs do not ask");
}

/* A name on a line that is no entry at all. */
static bool lost_name(struct finder *f, struct diag_slice word,
		      const char *normal)
{
	char client[DIAG_FQDN_MAX];
	bool other = hosts_client_name(normal, client);
	enum diag_hosts_fault_kind kind = f->start.kind == HOSTS_START_GLUED
					      ? DIAG_HOSTS_GLUED
					      : DIAG_HOSTS_BAD_ADDRESS;

	if (other || word.p[word.len - 1] == '.')
		replace(f, word, other ? client : normal);
	return add_fault(f, kind, word.p, other ? client : normal,
			 f->start.why);
}

static bool name_faults(struct finder *f, struct diag_slice word)
{
	char normal[DIAG_FQDN_MAX];

	if (!diag_fqdn_normal(word.p, word.len, normal, NULL))
		return true;
	return f->start.kind == HOSTS_START_FINE ? fine_name(f, word, normal)
						 : lost_name(f, word, normal);
}

/* The rest of the line, given to every fault of it. */
static bool finish_line(struct finder *f)
{
	const char *end = f->end;
	const char *corrected;

	if (f->first == f->n_faults)
		return true;
	if (end > f->copied && end[-1] == '\r')
		end--;
	diag_buf_put(&f->copy, f->copied, (size_t)(end - f->copied));
	if (f->copy.code != DIAG_OK)
		return false;
	corrected =
	    diag_arena_strn(f->arena, diag_buf_str(&f->copy), f->copy.len);
	for (size_t i = f->first; i < f->n_faults; i++)
		f->faults[i].corrected = corrected;
	return corrected != NULL;
}

static bool line_faults(struct finder *f, const struct hosts_suspect *s)
{
	struct diag_slice word;
	const char *at;

	f->number = s->line;
	f->copied = f->line;
	f->first = f->n_faults;
	diag_buf_reset(&f->copy);
	hosts_judge_start(f->line, f->end, &f->start);
	if (f->start.kind == HOSTS_START_OTHER)
		return true;
	replace(f, f->start.cut, f->start.put);
	at = f->start.names;
	while (hosts_next_word(&at, f->end, &word))
		if (word.p < f->start.no_names && !name_faults(f, word))
			return false;
	if (f->start.drop.len > 0)
		replace(f, f->start.drop, "");
	return finish_line(f);
}

bool hosts_find_faults(struct diag_arena *arena, struct diag_slice text,
		       const struct hosts_suspect *suspects, size_t n,
		       struct diag_hosts *h, struct diag_err *err)
{
	struct finder f = { .arena = arena, .h = h };
	bool ok = true;

	if (n == 0)
		return true;
	if (!diag_cat_load(err))
		return false;
	diag_buf_init(&f.copy, COPY_MAX);
	for (size_t i = 0; i < n && ok && f.n_faults < DIAG_HOSTS_FAULTS; i++) {
		size_t at = suspects[i].at;
		const char *lf = memchr(text.p + at, '\n', text.len - at);

		f.line = text.p + at;
		f.end = lf != NULL ? lf : text.p + text.len;
		ok = line_faults(&f, &suspects[i]);
	}
	diag_buf_clear(&f.copy);
	h->faults = f.faults;
	h->n_faults = f.n_faults;
	return ok || diag_fail_nomem(err, "hosts");
}

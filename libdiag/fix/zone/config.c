/* SPDX-License-Identifier: MIT */
/* config.c - the plan for a configuration file (config.h): our marks out, read,
 * edit, and both steps as one. */
#include "fix/zone/config_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/hosts_internal.h"
#include "net/fqdn.h"

#define WHAT_MAX 200 /* bytes of a message, as in struct diag_err */

/* --- what an editor says -------------------------------------------------- */

static unsigned line_of(const struct conf *c, size_t at, unsigned *column)
{
	size_t place = zone_edits_back(&c->first, at), begin = 0;
	unsigned line = 1;

	for (size_t i = 0; i < place && i < c->text.len; i++) {
		if (c->text.p[i] != '\n')
			continue;
		line++;
		begin = i + 1;
	}
	*column = (unsigned)(place - begin) + 1;
	return line;
}

void conf_spans(struct conf *c, const char *part, size_t begin, size_t end)
{
	for (size_t i = 0; i < c->n_found; i++) {
		struct conf_found *f = &c->found[i];

		if (strcmp(f->part, part) == 0 && begin < f->at && f->at < end)
			f->inside = true;
	}
}

static bool is_out(const struct conf *c, size_t at)
{
	size_t lo = 0, hi = c->n_was_out; /* the first line that ends behind */

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->was_out[mid].to <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->n_was_out && c->was_out[lo].from <= at;
}

void conf_out(struct conf *c, size_t begin, size_t end, const char *rest)
{
	struct conf_out *o =
	    diag_arena_push(c->arena, &c->outs, &c->n_outs, sizeof(*o));

	if (o == NULL) {
		c->failed = true;
		return;
	}
	*o = (struct conf_out){ begin, end, rest };
	c->out->foreign_changed += !is_out(c, begin);
}

bool conf_include(struct conf *c, struct diag_slice path, size_t at)
{
	struct diag_zone_config_include *inc;
	unsigned column;

	if (c->out->n_includes >= DIAG_ZONE_CONFIG_INCLUDES)
		return diag_fail(c->err, DIAG_ELIMIT, "configuration",
				 "%s: more than %d files are included",
				 c->job->file, DIAG_ZONE_CONFIG_INCLUDES);
	inc = diag_arena_push(c->arena, &c->includes, &c->out->n_includes,
			      sizeof(*inc));
	if (inc == NULL)
		return diag_fail_nomem(c->err, "configuration");
	inc->path = diag_arena_strn(c->arena, path.p, path.len);
	inc->line = line_of(c, at, &column);
	c->failed |= inc->path == NULL;
	return true;
}

bool conf_note(struct conf *c, size_t at, const char *fmt, ...)
{
	const char **note;
	char *said;
	va_list args;
	unsigned column;

	if (c->out->n_notes >= DIAG_ZONE_CONFIG_NOTES)
		return diag_fail(c->err, DIAG_ELIMIT, "configuration",
				 "%s: more than %d things to look at",
				 c->job->file, DIAG_ZONE_CONFIG_NOTES);
	va_start(args, fmt);
	said = diag_arena_vprintf(c->arena, fmt, args);
	va_end(args);
	if (said != NULL && at != CONF_NOWHERE)
		said = diag_arena_printf(c->arena, "%s:%u: %s", c->job->file,
					 line_of(c, at, &column), said);
	else if (said != NULL)
		said =
		    diag_arena_printf(c->arena, "%s: %s", c->job->file, said);
	note = diag_arena_push(c->arena, &c->notes, &c->out->n_notes,
			       sizeof(*note));
	if (note == NULL || said == NULL)
		return diag_fail_nomem(c->err, "configuration");
	*note = said;
	return true;
}

bool conf_note_files(struct conf *c)
{
	return c->n_parts == 0 ||
	       conf_note(c, CONF_NOWHERE,
			 "our zones are read from files NAME.zone in the "
			 "server's directory: write them there with `pl-zone "
			 "render -o`");
}

size_t conf_place(const struct conf *c, const char *part, size_t from,
		  size_t to)
{
	for (size_t i = 0; i < c->n_found; i++) {
		const struct conf_found *f = &c->found[i];

		if (strcmp(f->part, part) == 0 && !f->inside && f->at >= from &&
		    f->at <= to)
			return f->at;
	}
	return CONF_NOWHERE;
}

void conf_part(struct conf *c, const char *name, size_t at,
	       const struct diag_buf *text)
{
	struct conf_part *part;

	if (text->code != DIAG_OK)
		c->failed = true;
	if (text->len == 0)
		return;
	part = diag_arena_push(c->arena, &c->parts, &c->n_parts, sizeof(*part));
	if (part == NULL) {
		c->failed = true;
		return;
	}
	part->name = name;
	part->at = at;
	part->text = diag_arena_strn(c->arena, text->data, text->len);
	part->len = text->len;
	c->failed |= part->text == NULL;
	for (size_t i = 0; i < c->n_found; i++)
		part->bare |= strcmp(c->found[i].part, name) == 0 &&
			      c->found[i].at == at && c->found[i].bare;
}

bool conf_expected(const struct conf *c, size_t at, const char *what)
{
	unsigned column, line = line_of(c, at, &column);

	return diag_fail(c->err, DIAG_EPARSE, "configuration",
			 "%s:%u:%u: expected %s", c->job->file, line, column,
			 what);
}

bool conf_conflict(const struct conf *c, size_t at, const char *fmt, ...)
{
	unsigned column, line = line_of(c, at, &column);
	char said[WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(said, sizeof(said), fmt, args);
	va_end(args);
	return diag_fail(c->err, DIAG_EUSAGE, "configuration", "%s:%u: %s",
			 c->job->file, line, said);
}

/* --- what it asks --------------------------------------------------------- */

bool conf_ours(struct conf *c, size_t i, struct diag_slice *out)
{
	const struct diag_dialect *d = c->job->dialect;
	const struct diag_zone_part *part;
	struct diag_zone_text text = { .n = 0 };
	const char *lf;

	if (!(c->job->forwarders ? d->forwarders : d->render)(
		c->job->job, c->arena, &text, c->err))
		return false;
	part = &text.parts[i];
	*out = (struct diag_slice){ part->text, part->len };
	lf = memchr(out->p, '\n', out->len);
	if (lf != NULL && memcmp(out->p, d->comment, strlen(d->comment)) == 0) {
		out->len -= (size_t)(lf + 1 - out->p);
		out->p = lf + 1;
	}
	return true;
}

bool conf_normal(struct diag_slice name, char out[256])
{
	return diag_fqdn_normal(name.p, name.len, out, NULL);
}

static int by_fqdn(const void *key, const void *item)
{
	return strcmp(key, ((const struct diag_zone_name *)item)->fqdn);
}

const struct diag_zone_name *conf_name(const struct conf *c,
				       struct diag_slice name)
{
	const struct diag_zone_names *names = c->job->job->names;
	char normal[256];

	if (names->n == 0 || !conf_normal(name, normal))
		return NULL;
	return bsearch(normal, names->items, names->n, sizeof(*names->items),
		       by_fqdn);
}

const char *conf_parent(const struct conf *c, struct diag_slice name)
{
	const struct diag_zone_names *names = c->job->job->names;
	char normal[256];

	if (names->n == 0 || !conf_normal(name, normal))
		return NULL;
	for (size_t i = 0; i < names->n_parents; i++)
		if (strcmp(names->parents[i], normal) == 0)
			return names->parents[i];
	return NULL;
}

bool conf_addr_wanted(const struct diag_zone_name *name,
		      const struct diag_addr *addr)
{
	for (size_t i = 0; i < name->n_addresses; i++)
		if (diag_addr_eq(&name->addresses[i], addr))
			return true;
	return false;
}

bool conf_is_to(const struct conf *c, struct diag_slice text, size_t *i)
{
	struct diag_addr addr;

	if (!diag_addr_parse_n(text.p, text.len, &addr))
		return false;
	for (*i = 0; *i < c->job->job->n_to && *i < 64; (*i)++)
		if (diag_addr_eq(&c->job->job->to[*i], &addr))
			return true;
	return false;
}

bool conf_all_to(const struct conf *c, uint64_t bits)
{
	size_t n = c->job->job->n_to;

	return n <= 64 && bits == (n == 64 ? UINT64_MAX : (1ULL << n) - 1);
}

/* --- all of it ------------------------------------------------------------ */

/* As the first line ends.  A bare CR that ends the file must not melt with our
 * LF, and what we put there must end as it begins. */
static const char *eol_of(struct diag_slice t)
{
	const char *lf = t.len > 0 ? memchr(t.p, '\n', t.len) : NULL;

	if (t.len > 0 && t.p[t.len - 1] == '\r')
		return "\r\n";
	return lf != NULL && lf > t.p && lf[-1] == '\r' ? "\r\n" : "\n";
}

/* What can no longer be read can still be taken out. */
static bool read_base(struct conf *c, bool (*read)(struct conf *c))
{
	struct diag_err ignored = { .code = DIAG_OK };
	struct diag_err *err = c->err;
	bool ok;

	if (c->job->job->names->n > 0)
		return read(c);
	c->err = &ignored;
	ok = read(c);
	c->err = err;
	c->n_outs = c->n_parts = 0;
	c->out->foreign_changed = 0;
	return ok || ignored.code == DIAG_EPARSE ||
	       ignored.code == DIAG_EUSAGE ||
	       diag_fail(err, ignored.code, "configuration", "%s",
			 ignored.what);
}

static bool make_base(struct conf *c, struct diag_buf *copy)
{
	if (!conf_marks_out(c))
		return false;
	c->base = c->text;
	diag_buf_reset(copy);
	if (c->first.n > 0) {
		if (!diag_edits_apply(&c->first, c->text.p, c->text.len, copy,
				      c->err))
			return false;
		c->base.p = diag_buf_str(copy);
		c->base.len = copy->len;
	}
	c->eol = eol_of(c->base);
	return true;
}

/* Does a block leave a place where it would leave a newline to another? */
static bool leaves_an_heir(const struct conf *c)
{
	for (size_t i = 0; i < c->n_found; i++) {
		const struct conf_found *f = &c->found[i];
		bool stays = false;

		for (size_t k = 0; k < c->n_parts; k++)
			stays |= c->parts[k].at == f->at &&
				 strcmp(c->parts[k].name, f->part) == 0;
		if (f->heir && !stays)
			return true;
	}
	return false;
}

/* Where our block will stand is known only when all is read; if it goes from
 * its place, all is read once more with that in mind. */
static bool read_text(struct conf *c, struct diag_buf *copy,
		      bool (*read)(struct conf *c))
{
	const struct conf fresh = *c;

	if (!make_base(c, copy) || !read_base(c, read))
		return false;
	if (!leaves_an_heir(c))
		return true;
	*c = fresh;
	c->inherit = true;
	memset(c->out, 0, sizeof(*c->out));
	return make_base(c, copy) && read_base(c, read);
}

static bool plan(struct conf *c, struct diag_buf *copy,
		 bool (*read)(struct conf *c))
{
	struct diag_edits then = { NULL, 0 };
	const struct zone_step now = { c->text, &c->first };
	struct zone_step wanted = { .edits = &then };

	if (!read_text(c, copy, read) || !conf_put(c, &then))
		return false;
	wanted.text = c->base;
	if (!zone_edits_join(c->arena, &now, &wanted, &c->out->edits, c->err))
		return false;
	c->out->includes = c->includes;
	c->out->notes = c->notes;
	return true;
}

bool conf_plan(struct conf *c, struct diag_slice text,
	       bool (*read)(struct conf *c))
{
	struct diag_buf copy;
	bool ok;

	c->text = text;
	c->marks.comment = c->job->dialect->comment;
	c->marks.block = c->job->block;
	if (text.len >= 2 && (memcmp(text.p, "\xff\xfe", 2) == 0 ||
			      memcmp(text.p, "\xfe\xff", 2) == 0))
		return diag_fail(c->err, DIAG_EPARSE, "configuration",
				 "%s:1:1: expected UTF-8 or ASCII, got UTF-16",
				 c->job->file);
	diag_buf_init(&copy, DIAG_ZONE_CONFIG_BYTES);
	ok = plan(c, &copy, read);
	diag_buf_clear(&copy);
	return ok;
}

static bool can(const struct diag_zone_config_job *job, struct diag_err *err)
{
	const struct diag_dialect *d = job->dialect;

	if (d->editor == NULL)
		return diag_fail(err, DIAG_EUSAGE, "configuration",
				 "%s: no editor for its files; include what "
				 "`pl-zone render` writes",
				 d->title);
	if (!diag_hosts_block_name(diag_slice_of(job->block)))
		return diag_fail(err, DIAG_EUSAGE, "configuration",
				 "%s: a block's name has letters, digits, '.', "
				 "'_' and '-', at most %d",
				 job->block, DIAG_HOSTS_BLOCK_MAX);
	return true;
}

/* NOLINTNEXTLINE(readability-function-size): the face of the editors */
bool diag_zone_config_plan(struct diag_arena *arena, const char *text,
			   size_t len, const struct diag_zone_config_job *job,
			   struct diag_zone_config_plan *out,
			   struct diag_err *err)
{
	struct diag_slice all = { len > 0 ? text : "", len };

	memset(out, 0, sizeof(*out));
	if (!can(job, err))
		return false;
	if (len > DIAG_ZONE_CONFIG_BYTES)
		return diag_fail(err, DIAG_ELIMIT, "configuration",
				 "%s: more than %zu bytes", job->file,
				 DIAG_ZONE_CONFIG_BYTES);
	return job->dialect->editor->plan(arena, all, job, out, err);
}

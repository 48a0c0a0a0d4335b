/* SPDX-License-Identifier: MIT */
/* file.c - the plan for a zone file (file.h): our marks out, read, edit, and
 * both steps as one. */
#include "fix/zone/file_internal.h"

#include <stdio.h>
#include <string.h>

#include "net/fqdn.h"

#define PUT_MAX ((size_t)64 << 20)

static void edit_add(struct zone_planner *p, size_t at, size_t len,
		     bool foreign)
{
	struct diag_edit *e = diag_arena_push(p->arena, &p->part->edits,
					      &p->part->n_edits, sizeof(*e));

	if (e == NULL || p->put.code != DIAG_OK) {
		p->failed = true;
		return;
	}
	e->at = at;
	e->len = len;
	e->foreign = foreign;
	e->put_len = p->put.len;
	e->put = diag_arena_strn(p->arena, diag_buf_str(&p->put), p->put.len);
	p->failed |= e->put == NULL;
}

static bool ends_with_cr(struct diag_slice text)
{
	return text.len > 0 && text.p[text.len - 1] == '\r';
}

/* As the first line ends.  A bare CR that ends the file must not melt with our
 * LF; and what we put there must end as it begins, or it could not be told
 * afterwards which of the bytes were ours. */
static const char *eol(const struct zone_planner *p)
{
	return p->part->crlf || ends_with_cr(p->part->scan.text) ? "\r\n"
								 : "\n";
}

static void put_rr(struct zone_planner *p, struct diag_slice owner,
		   const struct diag_zone_rr *rr, bool newline)
{
	char addr[DIAG_ADDR_TEXT];

	diag_buf_put(&p->put, owner.p, owner.len);
	diag_buf_printf(&p->put, "\t%u\tIN\t%s\t%s", rr->ttl_s,
			rr->addr.family == DIAG_IPV6 ? "AAAA" : "A",
			diag_addr_text(&rr->addr, addr));
	zone_mark_ours(&p->marks, newline, &p->put);
}

/* The newline behind an entry. */
static const char *after(const struct zone_planner *p,
			 const struct zone_entry *e)
{
	size_t ending = e->end - e->body_end;

	if (ending > 0)
		return ending == 2 ? "\r\n" : "\n";
	return eol(p);
}

/* The record that takes the place of one that is put out.  The entry's owner
 * as it was written goes on with it, or entries behind it without an owner
 * would get the one before.  A record that stands elsewhere in the zone too
 * does no harm: the same record twice is one (RFC 2181, 5). */
void zone_edit_off(struct zone_planner *p, const struct zone_entry *e,
		   const struct zone_owner *owner, bool carry)
{
	struct diag_slice lines = { p->part->scan.text.p + e->begin,
				    e->body_end - e->begin };
	struct diag_slice name = { "", 0 };
	uint32_t use = 0;

	for (uint32_t i = owner->first; i != 0; i = p->owners.next[i - 1])
		if (use == 0 || (p->seen[use - 1] && !p->seen[i - 1]))
			use = i;
	if (!e->blank_owner) {
		name.p = p->part->scan.text.p + e->tokens[0].at;
		name.len = e->tokens[0].len;
	}
	diag_buf_reset(&p->put);
	zone_mark_off(&p->marks, lines, &p->put);
	if (use != 0 && (carry || !p->seen[use - 1])) {
		diag_buf_puts(&p->put, after(p, e));
		put_rr(p, name, &p->job->rrs[use - 1], e->end == e->body_end);
		p->seen[use - 1] = true;
	}
	/* With its ending: taken out again, our line must touch it. */
	diag_buf_put(&p->put, p->part->scan.text.p + e->body_end,
		     e->end - e->body_end);
	edit_add(p, e->begin, e->end - e->begin, true);
}

void zone_edit_append(struct zone_planner *p)
{
	struct diag_slice text = p->part->scan.text;
	bool bare = text.len > 0 && text.p[text.len - 1] != '\n';
	char name[DIAG_FQDN_MAX + 1];

	diag_buf_reset(&p->put);
	for (size_t i = 0; i < p->job->n; i++) {
		struct diag_slice owner = { name, 0 };

		if (p->seen[i])
			continue;
		owner.len = (size_t)snprintf(name, sizeof(name), "%s.",
					     p->job->rrs[i].owner);
		if (bare)
			diag_buf_puts(&p->put, eol(p));
		put_rr(p, owner, &p->job->rrs[i], bare);
		diag_buf_puts(&p->put, eol(p));
		bare = false;
	}
	if (p->put.len > 0)
		edit_add(p, text.len, 0, false);
}

/* --- the serial ----------------------------------------------------------- */

static int by_place(const struct diag_edit *a, const struct diag_edit *b)
{
	return a->at < b->at ? -1 : a->at > b->at;
}

/* One more edit, in its place. */
static bool insert(struct diag_arena *arena, struct diag_edits *edits,
		   const struct diag_edit *one)
{
	struct diag_edit *all =
	    diag_arena_array(arena, edits->n + 1, sizeof(*all));
	size_t i = 0;

	if (all == NULL)
		return false;
	for (; i < edits->n && by_place(&edits->items[i], one) < 0; i++)
		all[i] = edits->items[i];
	all[i] = *one;
	for (; i < edits->n; i++)
		all[i + 1] = edits->items[i];
	edits->items = all;
	edits->n++;
	return true;
}

static bool changes(const struct zone_planner *p)
{
	for (size_t i = 0; i < p->n_parts; i++)
		if (p->parts[i].out->edits.n > 0)
			return true;
	return false;
}

static bool raise_serial(struct zone_planner *p)
{
	struct diag_zone_file_plan *out = p->out;
	struct zone_part *soa = p->soa;
	struct diag_edit e = { .len = soa ? soa->soa_serial_len : 0 };
	char *text;

	out->serial_new = out->serial_old;
	if (soa == NULL || !changes(p))
		return true;
	out->serial_new =
	    diag_zone_serial(out->serial_old, p->job->serial, p->job->now_s);
	if (out->serial_new == out->serial_old)
		return true;
	if (soa->fixed)
		return diag_fail(p->err, DIAG_EUSAGE, "zone file",
				 "%s: the serial stands in this included file; "
				 "with --includes it is raised, with --serial "
				 "keep it stays",
				 soa->file);
	text = diag_arena_printf(p->arena, "%u", out->serial_new);
	if (text == NULL)
		return diag_fail_nomem(p->err, "zone file");
	e.at = zone_edits_back(&soa->first, soa->soa_serial);
	e.put = text;
	e.put_len = strlen(text);
	return insert(p->arena, &soa->out->edits, &e) ||
	       diag_fail_nomem(p->err, "zone file");
}

/* --- all of it ------------------------------------------------------------ */

/* The base of a part.  A file that we are not to edit is taken as it stands,
 * what we wrote in it among all else. */
static bool make_base(struct zone_planner *p, struct zone_part *part)
{
	struct diag_slice base = part->text;

	diag_buf_init(&part->copy, DIAG_ZONE_BYTES);
	if (base.len > DIAG_ZONE_BYTES)
		return diag_fail(p->err, DIAG_ELIMIT, "zone file",
				 "%s: more than %zu bytes", part->file,
				 DIAG_ZONE_BYTES);
	if (!part->fixed &&
	    !zone_marks_out(p->arena, &p->marks, base, &part->first, p->err))
		return false;
	if (part->first.n > 0) {
		if (!diag_edits_apply(&part->first, base.p, base.len,
				      &part->copy, p->err))
			return false;
		base = (struct diag_slice){ diag_buf_str(&part->copy),
					    part->copy.len };
	}
	zone_scan_init(&part->scan, part->file, base);
	return true;
}

static bool join(struct zone_planner *p, struct zone_part *part)
{
	const struct diag_edits then = { part->edits, part->n_edits };
	const struct zone_step now = { part->text, &part->first };
	const struct zone_step wanted = { part->scan.text, &then };
	struct diag_zone_text_plan *out = part->out;

	if (!zone_edits_join(p->arena, &now, &wanted, &out->edits, p->err))
		return false;
	for (size_t i = 0; i < out->edits.n; i++)
		out->foreign_changed += out->edits.items[i].foreign;
	return true;
}

static bool plan(struct zone_planner *p)
{
	for (size_t i = 0; i < p->n_parts; i++)
		if (!make_base(p, &p->parts[i]))
			return false;
	p->part = p->parts;
	if (!zone_file_read(p))
		return false;
	zone_edit_append(p);
	if (p->failed)
		return diag_fail_nomem(p->err, "zone file");
	for (size_t i = 0; i < p->n_parts; i++)
		if (!join(p, &p->parts[i]))
			return false;
	return raise_serial(p);
}

static bool prepare(struct zone_planner *p, const char *text, size_t len)
{
	const struct diag_zone_file_job *job = p->job;
	struct diag_zone_text_plan *outs;

	p->n_parts = job->n_texts + 1;
	p->parts = diag_arena_array(p->arena, p->n_parts, sizeof(*p->parts));
	outs = diag_arena_array(p->arena, p->n_parts, sizeof(*outs));
	p->seen = diag_arena_array(p->arena, job->n + 1, sizeof(*p->seen));
	if (p->parts == NULL || outs == NULL || p->seen == NULL)
		return diag_fail_nomem(p->err, "zone file");
	p->parts[0].file = job->file;
	p->parts[0].text = (struct diag_slice){ text, len };
	for (size_t i = 0; i < job->n_texts; i++) {
		struct zone_part *part = &p->parts[i + 1];

		part->file = job->texts[i].file;
		part->text.p = job->texts[i].text;
		part->text.len = job->texts[i].len;
		part->fixed = !job->edit_includes;
	}
	for (size_t i = 0; i < p->n_parts; i++)
		p->parts[i].out = &outs[i];
	p->out->texts = outs + 1;
	return true;
}

bool diag_zone_file_plan(struct diag_arena *arena, const char *text, size_t len,
			 const struct diag_zone_file_job *job,
			 struct diag_zone_file_plan *out, struct diag_err *err)
{
	struct zone_planner p = { .arena = arena,
				  .job = job,
				  .marks = { ";", job->block },
				  .out = out,
				  .err = err };
	bool ok;

	memset(out, 0, sizeof(*out));
	if (!zone_owners_make(arena, job, &p.owners, err) ||
	    !prepare(&p, text, len))
		return false;
	(void)snprintf(p.origin, sizeof(p.origin), "%s", job->origin);
	diag_buf_init(&p.put, PUT_MAX);
	ok = plan(&p);
	diag_buf_clear(&p.put);
	for (size_t i = 0; i < p.n_parts; i++)
		diag_buf_clear(&p.parts[i].copy);
	out->edits = p.parts[0].out->edits;
	out->foreign = p.parts[0].out->foreign;
	out->foreign_changed = p.parts[0].out->foreign_changed;
	return ok;
}

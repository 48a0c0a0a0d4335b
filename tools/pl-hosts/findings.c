/* SPDX-License-Identifier: MIT */
/* findings.c - see findings.h. */
#include "tools/pl-hosts/findings.h"

#include <string.h>

#include "base/child.h"
#include "base/text.h"
#include "fix/hosts_fix.h"
#include "tools/pl-hosts/doc.h"
#include "tools/pl-hosts/wire.h"

#define SHOWN_MAX  ((size_t)1 << 30)
#define LINE_SHOWN 2000 /* bytes of a corrected line */

struct linting {
	struct tool_call *call;
	const char *text;
	size_t len;
	struct diag_arena arena;
	struct diag_hosts_lint lint;
};

static enum diag_hosts_rules rules_of(const struct tool_call *call)
{
	const struct pl_hosts *o = call->options;

	/* The first choice is: those of this system. */
	return o->rules == 0 ? diag_hosts_rules_here()
			     : (enum diag_hosts_rules)(o->rules - 1);
}

/* --- text ------------------------------------------------------------------
 */

/* A tab is no danger, and the line is there to be copied. */
static void put_safe(struct diag_buf *out, const char *s, size_t len)
{
	size_t end = len < LINE_SHOWN ? len : LINE_SHOWN;

	for (size_t at = 0; at < end;) {
		const char *tab = memchr(s + at, '\t', end - at);
		size_t n = tab != NULL ? (size_t)(tab - s) - at : end - at;

		diag_text_safe(out, s + at, n);
		if (tab != NULL)
			diag_buf_putc(out, '\t');
		at += n + (tab != NULL ? 1 : 0);
	}
	if (end < len)
		diag_buf_printf(out, " ... (%zu bytes)", len);
}

static void put_place(const struct linting *l, const struct diag_hosts_fault *f,
		      struct diag_buf *out)
{
	const char *path = pl_hosts_path(l->call);

	diag_text_safe(out, path, strlen(path));
	diag_buf_printf(out, ":%u:%u: ", f->line, f->column);
}

/* One line that becomes several is shown as several. */
static void put_corrected(const struct diag_hosts_fault *f, const char *before,
			  const char *again, struct diag_buf *out)
{
	const char *at = f->corrected;

	for (; at != NULL; before = again) {
		const char *lf = strchr(at, '\n');

		diag_buf_puts(out, before);
		put_safe(out, at, lf != NULL ? (size_t)(lf - at) : strlen(at));
		diag_buf_putc(out, '\n');
		at = lf != NULL ? lf + 1 : NULL;
	}
}

static void put_text(const struct linting *l, const struct diag_hosts_fault *f,
		     struct diag_buf *out)
{
	put_place(l, f, out);
	diag_buf_printf(out, "%s: ", diag_hosts_fault_key(f->kind));
	put_safe(out, f->text, strlen(f->text));
	diag_buf_putc(out, '\n');
	put_corrected(f, "    should be: ", "               ", out);
}

/* As compilers write it, for those who read compilers: editors and CI. */
static void put_gcc(const struct linting *l, const struct diag_hosts_fault *f,
		    struct diag_buf *out)
{
	struct diag_buf place;

	diag_buf_init(&place, SHOWN_MAX);
	put_place(l, f, &place);
	diag_buf_printf(out, "%s%s: ", diag_buf_str(&place),
			f->severity == DIAG_HOSTS_INFO
			    ? "note"
			    : diag_hosts_severity_key(f->severity));
	put_safe(out, f->text, strlen(f->text));
	diag_buf_printf(out, " [%s]\n", diag_hosts_fault_key(f->kind));
	diag_buf_puts(&place, "note: should be: ");
	put_corrected(f, diag_buf_str(&place), diag_buf_str(&place), out);
	diag_buf_clear(&place);
}

/* --- document --------------------------------------------------------------
 */

static void put_finding(struct diag_jw *w, const struct diag_hosts_fault *f)
{
	diag_jw_open(w, '{');
	diag_jw_kuint(w, "line", f->line);
	diag_jw_kuint(w, "column", f->column);
	diag_jw_kstr(w, "code", diag_hosts_fault_key(f->kind));
	diag_jw_kstr(w, "severity", diag_hosts_severity_key(f->severity));
	diag_jw_kstr(w, "text", f->text);
	diag_jw_kstr(w, "meant", f->meant);
	diag_jw_kstr(w, "corrected", f->corrected);
	diag_jw_kbool(w, "fixable", f->n_edits > 0);
	diag_jw_close(w, '}');
}

/* Left open: what --fix did comes behind it. */
static void put_document(const struct linting *l, struct diag_buf *out)
{
	struct change_doc d;

	doc_begin(&d, l->call);
	diag_jw_kstr(&d.w, "rules", diag_hosts_rules_key(rules_of(l->call)));
	diag_jw_kuint(&d.w, "errors", l->lint.n_errors);
	diag_jw_kuint(&d.w, "warnings", l->lint.n_warnings);
	diag_jw_kuint(&d.w, "infos", l->lint.n_infos);
	diag_jw_kuint(&d.w, "fixable", l->lint.n_fixable);
	diag_jw_kbool(&d.w, "cut", l->lint.cut);
	diag_jw_kopen(&d.w, "lint", '[');
	for (size_t i = 0; i < l->lint.n; i++)
		put_finding(&d.w, &l->lint.items[i]);
	diag_jw_close(&d.w, ']');
	diag_buf_put(out, diag_buf_str(&d.text), d.text.len);
	if (d.text.code != DIAG_OK)
		out->code = d.text.code;
	diag_buf_clear(&d.text);
}

static void put_findings(const struct linting *l, struct diag_buf *out)
{
	bool gcc = strcmp(l->call->format, "gcc") == 0;

	if (doc_is_json(l->call)) {
		put_document(l, out);
		return;
	}
	for (size_t i = 0; i < l->lint.n; i++)
		(gcc ? put_gcc : put_text)(l, &l->lint.items[i], out);
}

/* --- the child -------------------------------------------------------------
 */

static bool lint(struct diag_arena *arena, const struct linting *l,
		 struct diag_hosts_lint *out, struct diag_err *err)
{
	struct diag_hosts_table table;

	return diag_hosts_table_make(arena, l->text, l->len, &table, err) &&
	       diag_hosts_lint(arena, &table, rules_of(l->call), out, err);
}

static uint32_t count_left(const struct diag_hosts_lint *lint,
			   enum diag_hosts_severity severity)
{
	uint32_t n = 0;

	for (size_t i = 0; i < lint->n; i++)
		n += lint->items[i].severity == severity &&
		     lint->items[i].n_edits == 0;
	return n;
}

static bool say_findings(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	struct linting *l = ctx;
	const struct diag_hosts_lint *found = &l->lint;
	struct diag_buf shown;
	bool ok;

	diag_arena_init(&l->arena, 0);
	diag_buf_init(&shown, SHOWN_MAX);
	ok = lint(&l->arena, l, &l->lint, err);
	if (ok) {
		wire_put_size(out, found->n_errors);
		wire_put_size(out, found->n_warnings);
		wire_put_size(out, found->n_infos);
		wire_put_size(out, found->n_fixable);
		wire_put_u32(out, count_left(found, DIAG_HOSTS_ERROR));
		wire_put_u32(out, count_left(found, DIAG_HOSTS_WARNING));
		wire_put_u32(out, found->cut);
		put_findings(l, &shown);
		wire_put_bytes(out, diag_buf_str(&shown), shown.len);
		ok = diag_buf_ok(&shown, err, "pl-hosts lint");
	}
	diag_buf_clear(&shown);
	diag_arena_clear(&l->arena);
	return ok;
}

bool hosts_findings_of(struct tool_call *call, const char *text, size_t len,
		       struct hosts_findings *out, struct diag_err *err)
{
	struct linting l = { .call = call, .text = text, .len = len };
	struct diag_buf bytes;
	struct wire w;
	bool ok = diag_child_run(say_findings, &l, SHOWN_MAX, &bytes, err);

	if (ok) {
		w = wire_of(&call->arena, diag_buf_str(&bytes), bytes.len);
		out->errors = (uint32_t)wire_size(&w);
		out->warnings = (uint32_t)wire_size(&w);
		out->infos = (uint32_t)wire_size(&w);
		out->fixable = (uint32_t)wire_size(&w);
		out->errors_left = wire_u32(&w);
		out->warnings_left = wire_u32(&w);
		out->cut = wire_u32(&w) != 0;
		out->shown = wire_bytes(&w, &out->len);
		ok = wire_ok(&w, err);
	}
	diag_buf_clear(&bytes);
	return ok;
}

bool hosts_plan_fixes(void *ctx, struct diag_arena *arena, const char *text,
		      size_t len, struct diag_hosts_plan *out,
		      struct diag_err *err)
{
	struct linting l = { .call = ctx, .text = text, .len = len };

	return lint(arena, &l, &l.lint, err) &&
	       diag_hosts_fixes(arena, &l.lint, &out->edits, err);
}

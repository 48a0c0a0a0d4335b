/* SPDX-License-Identifier: MIT */
#include "tests/support/config_try.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "fix/zone/config.h"

#define BYTES ((size_t)1 << 24)

struct job {
	struct diag_addr kv[1], sa[2], to[2];
	struct diag_zone_name items[2];
	struct diag_zone_names names;
	struct diag_zone_job job;
};

static const char *const parents[] = { "blob.core.windows.net",
				       "vault.azure.net",
				       "vaultcore.azure.net" };

static void addr(struct diag_addr *a, const char *text)
{
	if (!diag_addr_parse(text, a))
		fail_msg("%s", text);
}

static void make(struct job *j, const struct config_how *how)
{
	memset(j, 0, sizeof(*j));
	addr(&j->kv[0], "10.0.0.9");
	addr(&j->sa[0], "10.0.0.8");
	addr(&j->sa[1], "fd00::8");
	addr(&j->to[0], "10.1.1.1");
	addr(&j->to[1], "10.1.1.2");
	j->items[0] = (struct diag_zone_name){
		.fqdn = KV,
		.zone = "privatelink.vaultcore.azure.net",
		.record = "kv",
		.parent = "vault.azure.net",
		.addresses = j->kv,
		.n_addresses = 1,
	};
	j->items[1] = (struct diag_zone_name){
		.fqdn = SA,
		.zone = "privatelink.blob.core.windows.net",
		.record = "sa",
		.parent = "blob.core.windows.net",
		.addresses = j->sa,
		.n_addresses = 2,
	};
	j->names = (struct diag_zone_names){ .items = j->items,
					     .n = how->n,
					     .parents = parents,
					     .n_parents = 3 };
	j->job = (struct diag_zone_job){ .names = &j->names,
					 .to = j->to,
					 .n_to = 2,
					 .style = how->style,
					 .ttl_s = 60,
					 .inventory = "ws" };
}

void config_try(struct config_tried *t, const struct config_how *how,
		const char *text, size_t len)
{
	struct job j;
	const struct diag_zone_config_job job = {
		.file = "f",
		.block = "ws",
		.dialect = diag_dialect_find(how->dialect),
		.job = &j.job,
		.forwarders = how->forwarders,
	};

	make(&j, how);
	memset(t, 0, sizeof(*t));
	diag_arena_init(&t->arena, 0);
	diag_buf_init(&t->out, BYTES);
	t->ok = diag_zone_config_plan(&t->arena, text, len, &job, &t->plan,
				      &t->err) &&
		diag_edits_apply(&t->plan.edits, text, len, &t->out, &t->err);
}

void config_tried_end(struct config_tried *t)
{
	diag_buf_clear(&t->out);
	diag_arena_clear(&t->arena);
}

void config_expect(const struct config_how *how, const char *text,
		   const char *want)
{
	struct config_tried t;
	const char *wrong;

	config_try(&t, how, text, strlen(text));
	if (!t.ok)
		fail_msg("%s: %s", t.err.op, t.err.what);
	assert_string_equal(want, diag_buf_str(&t.out));
	config_tried_end(&t);
	wrong = config_holds(how, text, strlen(text));
	if (wrong != NULL)
		fail_msg("%s", wrong);
}

void config_refuse(const struct config_how *how, const char *text,
		   enum diag_code code, const char *what)
{
	struct config_tried t;

	config_try(&t, how, text, strlen(text));
	if (t.ok)
		fail_msg("not refused: %s", diag_buf_str(&t.out));
	if (strstr(t.err.what, what) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", what, t.err.what);
	assert_int_equal(code, t.err.code);
	config_tried_end(&t);
}

void config_noted(const struct config_how *how, const char *text,
		  const char *what)
{
	struct config_tried t;
	bool there = false;

	config_try(&t, how, text, strlen(text));
	if (!t.ok)
		fail_msg("%s: %s", t.err.op, t.err.what);
	for (size_t i = 0; i < t.plan.n_notes; i++)
		there |= strstr(t.plan.notes[i], what) != NULL;
	if (!there)
		fail_msg("no note says \"%s\" (%s)", what,
			 t.plan.n_notes > 0 ? t.plan.notes[0] : "none");
	config_tried_end(&t);
}

/* --- what holds for any text -----------------------------------------------
 */

static bool same(const struct diag_buf *b, const char *text, size_t len)
{
	return b->len == len && (len == 0 || memcmp(b->data, text, len) == 0);
}

static const char *back(const struct config_how *how,
			const struct diag_buf *now,
			const struct diag_buf *before)
{
	const struct config_how none = { .dialect = how->dialect,
					 .forwarders = how->forwarders,
					 .style = how->style };
	struct config_tried t;
	const char *wrong = NULL;

	config_try(&t, &none, diag_buf_str(now), now->len);
	if (!t.ok)
		wrong = "it cannot be taken out";
	else if (!same(&t.out, diag_buf_str(before), before->len))
		wrong = "taken out, it is not as it was";
	else if (t.plan.foreign_changed != 0)
		wrong = "what comes back was counted";
	config_tried_end(&t);
	return wrong;
}

static const char *holds(const struct config_how *how,
			 const struct diag_buf *before,
			 const struct config_tried *once)
{
	struct config_tried twice;
	const char *wrong = NULL;

	config_try(&twice, how, diag_buf_str(&once->out), once->out.len);
	if (!twice.ok)
		wrong = "what we wrote cannot be read";
	else if (twice.plan.edits.n != 0)
		wrong = "twice is not once";
	else if (twice.plan.foreign_changed != 0)
		wrong = "what was out was counted again";
	else if (twice.plan.foreign != once->plan.foreign &&
		 strcmp(how->dialect, "coredns") != 0) /* fix/hosts.h */
		wrong = "statements were miscounted";
	else if (!config_only_ours_differs(how, before, &once->out))
		wrong = "a line changed that is not ours";
	config_tried_end(&twice);
	return wrong != NULL ? wrong : back(how, &once->out, before);
}

/* A mark inside of a mark is nobody's work: what it hides is a mark, and so
 * nothing that could come back. */
static bool has_marks(const struct config_how *none,
		      const struct diag_buf *text)
{
	struct config_tried t;
	bool has;

	config_try(&t, none, diag_buf_str(text), text->len);
	has = !t.ok || t.plan.edits.n > 0;
	config_tried_end(&t);
	return has;
}

const char *config_holds(const struct config_how *how, const char *text,
			 size_t len)
{
	const struct config_how none = { .dialect = how->dialect,
					 .forwarders = how->forwarders,
					 .style = how->style };
	struct config_tried clean, once;
	const char *wrong = NULL;

	/* The text may have marks of ours already: what counts is without. */
	config_try(&clean, &none, text, len);
	config_try(&once, how, text, len);
	if (once.ok && !clean.ok)
		wrong = "it can be put in and not be taken out";
	else if (once.ok && !has_marks(&none, &clean.out))
		wrong = holds(how, &clean.out, &once);
	config_tried_end(&clean);
	config_tried_end(&once);
	return wrong;
}

/* --- lines ------------------------------------------------------------------
 */

static bool starts(struct diag_slice line, const char *comment,
		   const char *mark)
{
	size_t n = strlen(comment), m = strlen(mark);

	return line.len >= n + m && memcmp(line.p, comment, n) == 0 &&
	       memcmp(line.p + n, mark, m) == 0;
}

static bool ends(struct diag_slice line, const char *comment, const char *mark)
{
	size_t n = strlen(comment) + strlen(mark);

	if (line.len < n)
		return false;
	line.p += line.len - n;
	line.len = n;
	return starts(line, comment, mark);
}

/* A CR of a last line without LF becomes a part of the newline; and a block of
 * ours inherits the note of another that it follows. */
static void trim(struct diag_slice *line)
{
	static const char note[] = " (the line above had no newline)";

	if (line->len >= strlen(note) &&
	    memcmp(line->p + line->len - strlen(note), note, strlen(note)) == 0)
		line->len -= strlen(note);
	while (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
}

/* Without our marks, are the lines of now those of before, in their order?
 * Lines that were cut are left to the bytes that come back. */
bool config_only_ours_differs(const struct config_how *how,
			      const struct diag_buf *before,
			      const struct diag_buf *now)
{
	struct diag_cursor a =
	    diag_cursor_of(diag_buf_str(before), before->len);
	struct diag_cursor b = diag_cursor_of(diag_buf_str(now), now->len);
	struct diag_slice was, is;
	const char *c = diag_dialect_find(how->dialect)->comment;
	bool ours = false;

	if (strcmp(how->dialect, "coredns") == 0)
		return true; /* the marks of fix/hosts.h have their own test */
	while (diag_cursor_line(&b, &is)) {
		if (ends(is, c, " pldiag: cut ws") ||
		    starts(is, c, " pldiag: off+ ws: "))
			return true;
		if (starts(is, c, " pldiag: begin ws "))
			ours = true;
		if (starts(is, c, " pldiag: end ws ") ||
		    (starts(is, c, " pldiag: end ws") &&
		     ends(is, c, " pldiag: end ws"))) {
			ours = false;
			continue;
		}
		if (ours || ends(is, c, " pldiag: ws") ||
		    ends(is, c, " pldiag: ws +"))
			continue;
		if (!diag_cursor_line(&a, &was))
			return false;
		trim(&was);
		trim(&is);
		if (starts(is, c, " pldiag: off ws: ")) {
			size_t mark = is.len - was.len;

			if (is.len < was.len)
				return false;
			is.p += mark;
			is.len = was.len;
		}
		if (is.len != was.len || memcmp(is.p, was.p, was.len) != 0)
			return false;
	}
	return !diag_cursor_line(&a, &was);
}

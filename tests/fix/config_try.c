/* SPDX-License-Identifier: MIT */
#include "tests/fix/config_try.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"

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
	else if (once.ok)
		wrong = holds(how, &clean.out, &once);
	config_tried_end(&clean);
	config_tried_end(&once);
	return wrong;
}

/* --- lines ------------------------------------------------------------------
 */

static bool has(struct diag_slice line, const char *what)
{
	size_t n = strlen(what);

	for (size_t i = 0; i + n <= line.len; i++)
		if (memcmp(line.p + i, what, n) == 0)
			return true;
	return false;
}

/* Of a last line without LF it becomes a part of the newline. */
static void no_cr(struct diag_slice *line)
{
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
	bool hosts = strcmp(how->dialect, "coredns") == 0; /* fix/hosts.h */
	bool ours = false;

	while (diag_cursor_line(&b, &is)) {
		if (has(is, "pldiag: cut ws") || has(is, "pldiag: off+ ws"))
			return true;
		if (has(is, "pldiag: begin ws"))
			ours = true;
		if (has(is, "pldiag: end ws")) {
			ours = false;
			continue;
		}
		if (ours || has(is, hosts ? "rest of the line" : "pldiag: ws"))
			continue;
		if (!diag_cursor_line(&a, &was))
			return false;
		no_cr(&was);
		no_cr(&is);
		if (has(is, "pldiag: off ws: ")
			? is.len < was.len || memcmp(is.p + is.len - was.len,
						     was.p, was.len) != 0
			: is.len != was.len ||
			      memcmp(is.p, was.p, was.len) != 0)
			return false;
	}
	return !diag_cursor_line(&a, &was);
}

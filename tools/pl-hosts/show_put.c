/* SPDX-License-Identifier: MIT */
/* show_put.c - names, lines and addresses for people and programs.
 *
 * The name comes last and is never shortened: it is there to be copied.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "net/addr_json.h"
#include "net/fqdn.h"
#include "tools/pl-hosts/doc.h"
#include "tools/pl-hosts/show.h"

#define NAME_SHOWN 4096

struct widths {
	int address, state;
};

/* --- text ------------------------------------------------------------------
 */

static const char *who(const struct diag_hosts_answer *a)
{
	if (a->windows)
		return "everywhere";
	return a->again ? "again" : "not Windows";
}

static const char *state_text(const struct diag_hosts_target *t, char out[64])
{
	const char *state = t ? diag_hosts_state_key(t->state) : "";

	if (t == NULL || t->state == t->windows)
		return state;
	(void)snprintf(out, 64, "%s (Windows: %s)", state,
		       diag_hosts_state_key(t->windows));
	return out;
}

static void put_row(struct tool_call *call, const struct widths *w,
		    const char *const cells[4], const char *name)
{
	char safe[NAME_SHOWN];

	tool_print(call, "%-*s  %5s  %-11s  ", w->address, cells[0], cells[1],
		   cells[2]);
	if (w->state > 0)
		tool_print(call, "%-*s  ", w->state, cells[3]);
	tool_print(call, "%s\n", diag_text_safe_z(name, safe, sizeof(safe)));
}

static void put_name(struct tool_call *call, const struct widths *w,
		     const struct diag_hosts_name *name,
		     const struct diag_hosts_target *target)
{
	char address[DIAG_ADDR_TEXT], line[16], state[64];

	for (size_t i = 0; i < name->n; i++) {
		const struct diag_hosts_answer *a = &name->answers[i];
		const char *const cells[] = { diag_addr_text(&a->addr, address),
					      line, who(a),
					      state_text(target, state) };

		(void)snprintf(line, sizeof(line), "%u", a->line);
		put_row(call, w, cells, name->name);
	}
}

static void put_nobody(struct tool_call *call, const struct widths *w,
		       const struct hosts_shown *s)
{
	char line[16], name[NAME_SHOWN];

	for (size_t i = 0; i < s->n_nobody; i++) {
		const struct diag_hosts_fault *f = s->nobody[i];
		const char *const cells[] = { "-", line, "nobody", "" };

		(void)snprintf(line, sizeof(line), "%u", f->line);
		(void)snprintf(name, sizeof(name), "%s (%s)", f->meant,
			       diag_hosts_fault_key(f->kind));
		put_row(call, w, cells, name);
	}
}

static void put_missing(struct tool_call *call, const struct widths *w,
			const struct hosts_shown *s)
{
	char address[DIAG_ADDR_TEXT], state[64];

	for (size_t i = 0; i < s->n_targets; i++) {
		const struct diag_hosts_target *t = s->targets[i];
		const char *const cells[] = { "-", "-", "nobody",
					      state_text(t, state) };
		char name[DIAG_FQDN_MAX + 80];

		if (t->row != DIAG_HOSTS_NO_ROW)
			continue;
		(void)snprintf(
		    name, sizeof(name), "%s (expected: %s%s)", t->target->fqdn,
		    diag_addr_text(&t->target->addresses[0], address),
		    t->target->n_addresses > 1 ? " ..." : "");
		put_row(call, w, cells, name);
	}
}

static void widen(int *width, const char *text)
{
	int len = (int)strlen(text);

	if (len > *width)
		*width = len;
}

static struct widths measure(const struct hosts_shown *s)
{
	struct widths w = { (int)strlen("ADDRESS"), 0 };
	char text[DIAG_ADDR_TEXT], state[64];

	for (uint32_t i = 0; i < s->table.n_rows; i++) {
		struct diag_addr a = diag_hosts_row_addr(&s->table, i);

		widen(&w.address, diag_addr_text(&a, text));
	}
	if (s->compared)
		w.state = (int)strlen("STATE");
	for (size_t i = 0; i < s->n_targets; i++)
		widen(&w.state, state_text(s->targets[i], state));
	return w;
}

bool hosts_shown_text(struct tool_call *call, struct hosts_shown *s,
		      struct diag_err *err)
{
	static const char *const head[] = { "ADDRESS", "LINE", "ANSWERS",
					    "STATE" };
	struct widths w = measure(s);
	const struct diag_hosts_target *target;
	struct diag_err why = { .code = DIAG_OK };
	struct diag_hosts_name name;
	struct diag_arena arena;
	uint32_t row = 0;

	diag_arena_init(&arena, 0);
	put_row(call, &w, head, "NAME");
	while (!tool_out_failed(call) &&
	       hosts_shown_next(s, &arena, &row, &name, &target, &why)) {
		put_name(call, &w, &name, target);
		diag_arena_reset(&arena);
	}
	diag_arena_clear(&arena);
	put_nobody(call, &w, s);
	put_missing(call, &w, s);
	if (why.code != DIAG_OK)
		*err = why;
	return why.code == DIAG_OK;
}

/* --- document --------------------------------------------------------------
 */

static void put_addr(struct diag_jw *w, const char *key,
		     const struct diag_addr *a)
{
	char text[DIAG_ADDR_TEXT];

	diag_jw_kstr(w, key, diag_addr_text(a, text));
}

static void name_document(struct diag_jw *w, const struct diag_hosts_name *name)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", name->name);
	diag_jw_kbool(w, "differs", name->differs);
	diag_jw_kopen(w, "answers", '[');
	for (size_t i = 0; i < name->n; i++) {
		const struct diag_hosts_answer *a = &name->answers[i];

		diag_jw_open(w, '{');
		put_addr(w, "address", &a->addr);
		diag_jw_kuint(w, "line", a->line);
		diag_jw_kuint(w, "column", a->column);
		diag_jw_kbool(w, "windows", a->windows);
		if (a->again)
			diag_jw_kbool(w, "again", true);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
	diag_jw_close(w, '}');
}

static void nobody_document(struct diag_jw *w, const struct diag_hosts_fault *f)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", f->meant);
	diag_jw_kuint(w, "line", f->line);
	diag_jw_kuint(w, "column", f->column);
	diag_jw_kstr(w, "code", diag_hosts_fault_key(f->kind));
	diag_jw_close(w, '}');
}

static void target_document(struct diag_jw *w,
			    const struct diag_hosts_target *t)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", t->target->fqdn);
	diag_jw_kstr(w, "service", diag_service_key(t->target->service));
	diag_addrs_json(w, "expected", t->target->addresses,
			t->target->n_addresses);
	diag_jw_kstr(w, "state", diag_hosts_state_key(t->state));
	diag_jw_kstr(w, "windows", diag_hosts_state_key(t->windows));
	diag_jw_close(w, '}');
}

static void rest_document(struct diag_jw *w, const struct hosts_shown *s)
{
	diag_jw_kopen(w, "nobody", '[');
	for (size_t i = 0; i < s->n_nobody; i++)
		nobody_document(w, s->nobody[i]);
	diag_jw_close(w, ']');
	if (!s->compared)
		return;
	diag_jw_kopen(w, "targets", '[');
	for (size_t i = 0; i < s->n_targets; i++)
		target_document(w, s->targets[i]);
	diag_jw_close(w, ']');
}

bool hosts_shown_json(struct tool_call *call, struct hosts_shown *s,
		      struct diag_err *err)
{
	const struct diag_hosts_target *target;
	struct diag_err why = { .code = DIAG_OK };
	struct diag_hosts_name name;
	struct diag_arena arena;
	struct change_doc d;
	uint32_t row = 0;

	diag_arena_init(&arena, 0);
	doc_begin(&d, call);
	diag_jw_kopen(&d.w, "names", '[');
	while (hosts_shown_next(s, &arena, &row, &name, &target, &why)) {
		name_document(&d.w, &name);
		diag_arena_reset(&arena);
	}
	diag_jw_close(&d.w, ']');
	diag_arena_clear(&arena);
	rest_document(&d.w, s);
	if (why.code == DIAG_OK)
		return change_doc_end(&d, call, err);
	diag_buf_clear(&d.text);
	*err = why;
	return false;
}

/* SPDX-License-Identifier: MIT */
/* draft.c - see draft.h. */
#include "tools/pl-hosts/draft.h"

#include <string.h>

#include "base/cursor.h"
#include "base/file.h"
#include "base/text.h"
#include "machine/machine.h"
#include "tools/pl-hosts/wire.h"

#define WSL_CONF     "/etc/wsl.conf"
#define WSL_CONF_MAX ((size_t)65536)
#define NAME_MAX_    4096
#define SPARE	     ((size_t)64 << 20) /* of a draft, beside the text */

/* What the machine says of itself, for its own file. */
struct about {
	const char *container, *wsl_conf;
};

struct drafting {
	struct hosts_draft_in in;
	struct about about;
};

/* --- a child that asks the machine --------------------------------------- */

static bool ask_machine(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	const struct diag_machine_paths paths = { .hosts = "/dev/null",
						  .no_roots = true };
	struct diag_machine *m = NULL;
	struct diag_buf wsl;
	bool ok = diag_machine_read(&paths, NULL, &m, err);

	(void)ctx;
	diag_buf_init(&wsl, 0);
	if (ok && !diag_file_read(WSL_CONF, WSL_CONF_MAX, &wsl, NULL))
		diag_buf_reset(&wsl);
	wire_put_text(out, ok ? m->container : "");
	wire_put_text(out, diag_buf_str(&wsl));
	diag_buf_clear(&wsl);
	diag_machine_free(m);
	return ok;
}

/* A machine that says nothing is no reason to stop. */
static struct about about_machine(struct diag_arena *arena)
{
	struct about about = { "", "" };
	struct diag_buf bytes;
	struct wire w;

	if (diag_child_ask(ask_machine, NULL, 2 * WSL_CONF_MAX, &bytes, NULL)) {
		w = wire_of(arena, diag_buf_str(&bytes), bytes.len);
		about.container = wire_text(&w);
		about.wsl_conf = wire_text(&w);
		if (!wire_ok(&w, NULL) || !about.container || !about.wsl_conf)
			about = (struct about){ "", "" };
	}
	diag_buf_clear(&bytes);
	return about;
}

/* --- a child that reads the file ----------------------------------------- */

static void find_makers(const struct drafting *d, struct diag_buf *out)
{
	const struct hosts_regen_in in = {
		.text = d->in.text,
		.len = d->in.len,
		.real_path = d->in.real_path,
		.system = d->in.system,
		.container = d->about.container,
		.wsl_conf = d->about.wsl_conf,
	};
	const struct hosts_regen *found[HOSTS_REGEN_MAX];
	size_t n = hosts_regen(&in, found);

	wire_put_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		wire_put_text(out, found[i]->by);
		wire_put_text(out, found[i]->when);
		wire_put_text(out, found[i]->stop);
	}
}

/* A path that a difference can name, whatever is in it. */
static const char *shown_path(const char *path, char *out, size_t size)
{
	return diag_text_safe_z(path, out, size);
}

static bool put_diff(const struct hosts_draft_in *in,
		     const struct diag_edits *edits, struct diag_buf *out,
		     struct diag_err *err)
{
	char path[NAME_MAX_];
	struct diag_buf diff;
	const char *name = shown_path(in->path, path, sizeof(path));
	bool ok;

	diag_buf_init(&diff, 2 * in->len + SPARE);
	ok = diag_edits_diff(edits, in->text, in->len,
			     in->missing ? "/dev/null" : name, name, &diff,
			     err) &&
	     diag_buf_ok(&diff, err, "difference");
	if (ok)
		wire_put_bytes(out, diag_buf_str(&diff), diff.len);
	diag_buf_clear(&diff);
	return ok;
}

static bool draft(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	const struct drafting *d = ctx;
	const struct hosts_draft_in *in = &d->in;
	const struct pl_hosts_change *change = in->change;
	struct diag_hosts_plan plan = { .foreign_lines = 0 };
	struct diag_arena arena;
	bool ok;

	diag_arena_init(&arena, 0);
	ok = change->plan(change->ctx, &arena, in->text, in->len, &plan, err);
	if (ok) {
		wire_put_plan(out, &plan, change->n_states);
		find_makers(d, out);
		ok = put_diff(in, &plan.edits, out, err) &&
		     diag_buf_ok(out, err, "plan");
	}
	diag_arena_clear(&arena);
	return ok;
}

/* --- hearing it ---------------------------------------------------------- */

static void read_makers(struct wire *w, struct hosts_draft *out)
{
	size_t n = wire_count(w, 12);

	if (n > HOSTS_REGEN_MAX)
		w->bad = true;
	for (size_t i = 0; i < n && !w->bad; i++) {
		out->regens[i].by = wire_text(w);
		out->regens[i].when = wire_text(w);
		out->regens[i].stop = wire_text(w);
		w->bad |= !out->regens[i].by || !out->regens[i].when ||
			  !out->regens[i].stop;
	}
	out->n_regens = w->bad ? 0 : n;
}

static bool read_draft(struct diag_arena *arena, const struct diag_buf *bytes,
		       const struct hosts_draft_in *in, struct hosts_draft *out,
		       struct diag_err *err)
{
	struct wire w = wire_of(arena, diag_buf_str(bytes), bytes->len);

	*out = (struct hosts_draft){ .diff = "" };
	wire_plan(&w, in->change->n_states, &out->plan);
	read_makers(&w, out);
	out->diff = wire_bytes(&w, &out->diff_len);
	return wire_ok(&w, err);
}

/* "hosts: line 4: TEXT", as those say who do not know the file, becomes
 * "FILE:4:1: TEXT": what is wrong is always a whole line.  A limit of the
 * whole file has no line. */
static void name_place(struct diag_arena *arena, const char *path,
		       struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(err->what, strlen(err->what));
	struct diag_slice line, number;
	const char *place;
	uint64_t n;

	if (err->code == DIAG_ELIMIT && strcmp(err->op, "hosts") == 0)
		err->op = path;
	if ((err->code != DIAG_EPARSE && err->code != DIAG_EUSAGE) ||
	    !diag_cursor_until(&c, ' ', &line) ||
	    !diag_slice_eq(line, "line") ||
	    !diag_cursor_until(&c, ':', &number) ||
	    !diag_slice_number(number, 1, UINT32_MAX, &n) ||
	    !diag_cursor_skip(&c, 1))
		return;
	place =
	    diag_arena_printf(arena, "%s:%llu:1", path, (unsigned long long)n);
	if (place == NULL)
		return;
	err->op = place;
	memmove(err->what, c.at, diag_cursor_left(&c) + 1);
}

bool hosts_draft_make(struct diag_arena *arena, const struct hosts_draft_in *in,
		      struct hosts_draft *out, struct diag_err *err)
{
	struct drafting d = { .in = *in, .about = { "", "" } };
	struct diag_buf bytes;
	bool ok;

	if (in->system)
		d.about = about_machine(arena);
	ok = diag_child_run_while(draft, &d, 2 * in->len + 2 * SPARE,
				  in->meanwhile, &bytes, err);
	if (!ok)
		name_place(arena, in->path, err);
	ok = ok && read_draft(arena, &bytes, in, out, err);
	diag_buf_clear(&bytes);
	return ok;
}

/* SPDX-License-Identifier: MIT */
/* pl_hosts_draft.c - see pl_hosts_draft.h. */
#include "tools/pl_hosts_draft.h"

#include "base/child.h"
#include "base/file.h"
#include "base/text.h"
#include "machine/machine.h"
#include "tools/pl_hosts_wire.h"

#define WSL_CONF     "/etc/wsl.conf"
#define WSL_CONF_MAX ((size_t)65536)
#define NAME_MAX_    4096
#define SPARE	     ((size_t)64 << 20) /* of a draft, beside the text */

/* --- in the child -------------------------------------------------------- */

/* What the machine says of itself; where it says nothing, nothing is told. */
static void find_makers(const struct hosts_draft_in *in, struct diag_buf *out)
{
	const struct diag_machine_paths paths = { .hosts = "/dev/null",
						  .no_roots = true };
	struct hosts_regen_in about = { .text = in->text,
					.len = in->len,
					.real_path = in->real_path,
					.system = in->system };
	const struct hosts_regen *found[HOSTS_REGEN_MAX];
	struct diag_machine *m = NULL;
	struct diag_buf wsl;
	size_t n;

	diag_buf_init(&wsl, 0);
	if (in->system && diag_machine_read(&paths, NULL, &m, NULL)) {
		about.container = m->container;
		if (!diag_file_read(WSL_CONF, WSL_CONF_MAX, &wsl, NULL))
			diag_buf_reset(&wsl);
	}
	about.wsl_conf = diag_buf_str(&wsl);
	n = hosts_regen(&about, found);
	wire_put_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		wire_put_text(out, found[i]->by);
		wire_put_text(out, found[i]->when);
		wire_put_text(out, found[i]->stop);
	}
	diag_buf_clear(&wsl);
	diag_machine_free(m);
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
	const struct hosts_draft_in *in = ctx;
	const struct pl_hosts_change *change = in->change;
	struct diag_hosts_plan plan = { .foreign_lines = 0 };
	struct diag_arena arena;
	bool ok;

	diag_arena_init(&arena, 0);
	ok = change->plan(change->ctx, &arena, in->text, in->len, &plan, err);
	if (ok) {
		wire_put_plan(out, &plan, change->n_states);
		find_makers(in, out);
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

bool hosts_draft_make(struct diag_arena *arena, const struct hosts_draft_in *in,
		      struct hosts_draft *out, struct diag_err *err)
{
	struct hosts_draft_in copy = *in;
	struct diag_buf bytes;
	bool ok;

	ok = diag_child_run(draft, &copy, 2 * in->len + 2 * SPARE, &bytes,
			    err) &&
	     read_draft(arena, &bytes, in, out, err);
	diag_buf_clear(&bytes);
	return ok;
}

enum tool_status hosts_draft_status(const struct diag_err *err)
{
	return err->code == DIAG_EPARSE || err->code == DIAG_EUSAGE ||
		       err->code == DIAG_ELIMIT
		   ? TOOL_USAGE
		   : TOOL_TROUBLE;
}

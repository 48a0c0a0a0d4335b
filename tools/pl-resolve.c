/* SPDX-License-Identifier: MIT */
/* pl-resolve - what does every view say about a name, and is it right? */
#include "tools/pl-resolve/resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "fact/json.h"
#include "probes/probes.h"
#include "run/runner.h"

#define LINE_MAX_BYTES ((size_t)4 << 20) /* one fact in any format */
#define STREAM_THREADS 64
#define BURST_MAX      2048 /* questions in flight */

static const char *const types[] = { "both", "A", "AAAA", NULL };

static const struct tool_option rows[] = {
	{ TOOL_TEXT(struct resolve, names), .name = "names", .arg = "FILE",
	  .help = "Read names from FILE (- is standard input), one a line; ask "
		  "name servers only" },
	{ TOOL_CHOICE(struct resolve, type, types), .name = "type",
	  .arg = "TYPE", .preset = "both", .help = "Ask for A or AAAA only" },
	{ TOOL_SECONDS(struct resolve, timeout_ms, 100, 60000),
	  .name = "timeout", .arg = "S", .preset = "3",
	  .help = "Give one question S seconds" },
	{ .name = NULL },
};

static const struct tool_group groups[] = {
	{ "What to ask", rows, 0 },
	{ "Whom to ask", tool_view_rows, offsetof(struct resolve, machine) },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct resolve, inventory) },
	{ "Another machine, for tests and chroots", tool_machine_rows,
	  offsetof(struct resolve, machine) },
	{ NULL, NULL, 0 },
};

/* --- one run -------------------------------------------------------------- */

enum shape { SHAPE_PAGE, SHAPE_LINES, SHAPE_JSON, SHAPE_JSONL, SHAPE_CSV };

struct session {
	struct tool_call *call;
	const struct resolve *o;
	struct diag_inventory *inv;   /* or NULL */
	struct diag_machine *machine; /* or NULL */
	struct tool_views views;
	struct resolve_names names;
	struct diag_store store; /* of a page */
	struct diag_buf line;
	enum shape shape;
	size_t facts, bad, unknown;
};

static enum shape shape_of(const struct tool_call *call)
{
	const struct resolve *o = call->options;

	if (strcmp(call->format, "json") == 0)
		return SHAPE_JSON;
	if (strcmp(call->format, "jsonl") == 0)
		return SHAPE_JSONL;
	if (strcmp(call->format, "csv") == 0)
		return SHAPE_CSV;
	return o->names ? SHAPE_LINES : SHAPE_PAGE;
}

static void count(struct session *s, const struct diag_fact *f)
{
	/* What programs get decides, where it was asked. */
	if (s->views.system && f->kind != DIAG_FACT_SYSTEM_DNS)
		return;
	switch (resolve_judge(s->inv, f).worth) {
	case RESOLVE_BAD:
		s->bad++;
		break;
	case RESOLVE_UNKNOWN:
		s->unknown++;
		break;
	case RESOLVE_FINE:
		break;
	}
}

static void put_json(struct session *s, const struct diag_fact *f)
{
	struct diag_jw w;

	if (s->shape == SHAPE_JSON)
		diag_buf_puts(&s->line, s->facts == 1 ? "[\n" : ",\n");
	diag_jw_init(&w, &s->line, 0);
	diag_fact_print(f, &w);
	if (s->shape == SHAPE_JSONL)
		diag_buf_putc(&s->line, '\n');
}

static void put_streamed(struct session *s, const struct diag_fact *f)
{
	if (s->shape == SHAPE_LINES) {
		resolve_put_line(s->inv, f, s->views.n > 1, &s->line);
	} else if (s->shape == SHAPE_CSV) {
		if (s->facts == 1)
			resolve_put_csv_head(&s->line);
		resolve_put_csv(s->inv, f, &s->line);
	} else {
		put_json(s, f);
	}
}

static bool on_fact(void *ctx, const struct diag_fact *f, struct diag_err *err)
{
	struct session *s = ctx;

	s->facts++;
	count(s, f);
	if (s->shape == SHAPE_PAGE)
		return diag_store_add(&s->store, f, NULL, err);
	diag_buf_reset(&s->line);
	put_streamed(s, f);
	if (!diag_buf_ok(&s->line, err, "output"))
		return false;
	tool_write_buf(s->call, &s->line);
	/* The shell tells why; here it only ends the run. */
	return !tool_out_failed(s->call);
}

/* --- the page ------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	const struct diag_fact *const *x = a;
	const struct diag_fact *const *y = b;
	int order = strcmp((*x)->target, (*y)->target);

	if (order == 0)
		order = (*x)->id < (*y)->id ? -1 : (*x)->id > (*y)->id;
	return order;
}

/* Facts of one name lie together; the names come in the order given. */
static void put_page(struct session *s)
{
	struct resolve_page page = { s->call, s->inv, s->views.specs,
				     s->views.n };
	struct diag_fact **all = s->store.facts;
	size_t n = s->store.n;

	qsort(all, n, sizeof(*all), by_name);
	for (size_t i = 0; i < s->names.n_given; i++) {
		const char *name = s->names.given[i];
		size_t low = 0, high = n, end;

		while (low < high) {
			size_t mid = low + (high - low) / 2;

			if (strcmp(all[mid]->target, name) < 0)
				low = mid + 1;
			else
				high = mid;
		}
		for (end = low; end < n; end++)
			if (strcmp(all[end]->target, name) != 0)
				break;
		diag_buf_reset(&s->line);
		resolve_put_name(&page, name,
				 (const struct diag_fact *const *)all + low,
				 end - low, &s->line);
		tool_write_buf(s->call, &s->line);
	}
}

static void end_output(struct session *s)
{
	if (s->shape == SHAPE_PAGE && s->store.n > 0)
		put_page(s);
	if (s->shape == SHAPE_JSON)
		tool_print(s->call, "%s", s->facts > 0 ? "\n]\n" : "[]\n");
}

/* --- names ---------------------------------------------------------------- */

static bool add_targets(struct session *s, struct diag_err *err)
{
	for (size_t i = 0; s->inv && i < s->inv->n_targets; i++) {
		const char *fqdn = s->inv->targets[i].fqdn;

		if (fqdn && fqdn[0] != '*' &&
		    !resolve_names_add(&s->names, fqdn, err))
			return false;
	}
	return true;
}

/* The first word may be an inventory; flags make one too. */
static bool load_inventory(struct session *s, int *used, struct diag_err *err)
{
	struct diag_inventory *given = NULL;
	struct tool_call *call = s->call;
	const char *word = NULL;
	bool ok;

	*used = 0;
	if (call->argc > 0 && tool_is_inventory(call->argv[0])) {
		word = call->argv[0];
		*used = 1;
	}
	if (word == NULL && !tool_inventory_given(&s->o->inventory))
		return true;
	if (!tool_inventory_load(call, &s->o->inventory, word, &given, err))
		return false;
	ok = diag_inventory_expand(given, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT,
				   false, &s->inv, err);
	diag_inventory_free(given);
	return ok;
}

static bool collect_names(struct session *s, struct diag_err *err)
{
	int used = 0;
	bool only_names;

	s->names.call = s->call;
	if (!resolve_names_open(&s->names, s->o->names, err) ||
	    !load_inventory(s, &used, err))
		return false;
	/* Names beside an inventory are asked instead of its targets. */
	only_names = used < s->call->argc || s->o->names;
	for (int i = used; i < s->call->argc; i++)
		if (!resolve_names_add(&s->names, s->call->argv[i], err))
			return false;
	return only_names || add_targets(s, err);
}

static bool choose_views(struct session *s, struct diag_err *err)
{
	const struct tool_machine *flags = &s->o->machine;

	if (!tool_views_are_given(flags) &&
	    !tool_machine_load(s->call, flags, &s->machine, err))
		return false;
	return tool_views_make(s->call, flags, s->machine, s->o->names != NULL,
			       &s->views, err);
}

/* --- the run -------------------------------------------------------------- */

static bool ask(struct session *s, struct diag_run_result *result,
		struct diag_err *err)
{
	static const struct diag_probe_ops *const probes[] = {
		&probe_dns, &probe_system_dns, NULL
	};
	const struct resolve *o = s->o;
	const struct diag_names_options names = {
		.name = resolve_names_next,
		.ctx = &s->names,
		.views = s->views.specs,
		.n_views = s->views.n,
		.ask_a = strcmp(types[o->type], "AAAA") != 0,
		.ask_aaaa = strcmp(types[o->type], "A") != 0,
		.dns_timeout_ms = o->timeout_ms,
		.system_timeout_ms = 3 * o->timeout_ms,
	};
	const struct diag_run_options options = {
		.probes = probes,
		.sink = { on_fact, s },
		.machine = s->machine,
		.user_agent = "pldiag/" DIAG_VERSION,
		.max_in_flight = BURST_MAX,
		.handle_signals = true,
	};
	struct diag_plan plan;

	if (s->views.system)
		diag_run_prepare(o->names ? STREAM_THREADS : s->names.n_given);
	return diag_plan_names(&names, &plan, err) &&
	       diag_run(&plan, &options, result, err);
}

static enum tool_status outcome(const struct session *s, struct diag_err *err)
{
	if (s->names.failed) {
		errno = s->names.failed;
		(void)diag_fail_sys(err, "--names", "%s", s->names.path);
		return TOOL_USAGE;
	}
	if (s->facts == 0 && s->names.bad > 0)
		return TOOL_USAGE;
	if (s->facts == 0 && s->names.ended) {
		(void)diag_fail(err, DIAG_EUSAGE, "names",
				"there is no name %s%s",
				s->names.path ? "in " : "to ask for",
				s->names.path ? s->names.path : "");
		return TOOL_USAGE;
	}
	if (s->bad > 0 || s->names.bad > 0)
		return TOOL_WRONG;
	return s->unknown > 0 ? TOOL_UNDECIDED : TOOL_GOOD;
}

static enum tool_status resolve(struct session *s, struct diag_err *err)
{
	struct diag_run_result result = { .complete = false };
	enum tool_status status = TOOL_TROUBLE;
	bool ok;

	if (!collect_names(s, err) || !choose_views(s, err))
		return tool_bad_input(err);
	ok = ask(s, &result, err);
	end_output(s);
	if (ok || tool_out_failed(s->call))
		status = outcome(s, err);
	s->call->signal = result.signal;
	s->call->abandoned = result.abandoned;
	return status;
}

static enum tool_status run(struct tool_call *call, struct diag_err *err)
{
	struct session *s;
	enum tool_status status;
	const struct resolve *o = call->options;

	if (call->argc == 0 && !o->names &&
	    !tool_inventory_given(&o->inventory))
		return tool_examples(call);
	s = diag_arena_alloc(&call->arena, sizeof(*s));
	if (s == NULL) {
		(void)diag_fail_nomem(err, "pl-resolve");
		return TOOL_TROUBLE;
	}
	s->call = call;
	s->o = o;
	s->shape = shape_of(call);
	diag_store_init(&s->store);
	diag_buf_init(&s->line, LINE_MAX_BYTES);
	status = resolve(s, err);
	resolve_names_close(&s->names);
	diag_buf_clear(&s->line);
	diag_store_clear(&s->store);
	if (!call->abandoned)
		diag_machine_free(s->machine);
	diag_inventory_free(s->inv);
	return status;
}

int main(int argc, char **argv)
{
	static const char *const formats[] = { "text", "json", "jsonl", "csv",
					       NULL };
	static const struct resolve presets = { .timeout_ms = 3000 };
	static const struct tool pl_resolve = {
		.name = "pl-resolve",
		.about = "ask every view for names, and judge the answers",
		.args = "[INVENTORY] [NAME...]",
		.argc_max = TOOL_ANY,
		.groups = groups,
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = formats,
		.examples =
		    "  pl-resolve ws1103.json\n"
		    "  pl-resolve --view 10.150.0.2 ws1103sa.blob.core.windows."
		    "net\n"
		    "  pl-resolve --names names.txt --format jsonl\n",
		.run = run,
	};

	return tool_main(&pl_resolve, argc, argv);
}

/* SPDX-License-Identifier: MIT */
/* input_child.c - inventories, cases and name servers' answers become
 * names and addresses, in a process without rights. */
#include "tools/pl-hosts/input_child.h"

#include <string.h>

#include "probes/probes.h"
#include "run/runner.h"
#include "tools/pl-hosts/wire.h"

#define DNS_TIMEOUT_MS 3000
#define DEADLINE_MS    30000
#define IN_FLIGHT      1024

struct work {
	const struct hosts_files *in;
	struct diag_arena arena;
	struct diag_problems problems;
	struct diag_inventory *given, *inv; /* as read, and expanded */
	struct diag_case *c;
	struct diag_verdict *v;
	struct diag_store facts;
	int signal;
	struct hosts_wanted wanted;
	struct diag_err *err;
};

/* --- inventory ----------------------------------------------------------- */

static bool has_inventory(const struct hosts_files *in)
{
	return in->word || tool_inventory_given(&in->options->workspace);
}

static bool make_inventory(struct work *w)
{
	const struct hosts_files *in = w->in;

	return tool_inventory_make(&in->options->workspace, in->word,
				   in->is_document ? &in->document : NULL,
				   &w->problems, &w->given, w->err) &&
	       diag_inventory_expand(w->given, DIAG_ROLE_CLIENT,
				     DIAG_ERA_CURRENT, true, &w->inv, w->err);
}

static bool choose(struct work *w, const struct diag_inventory *inv,
		   const struct hosts_source *source)
{
	const struct hosts_question q = {
		.inv = inv,
		.given = w->given,
		.source = source,
		.block = w->in->options->block,
	};

	return hosts_wanted_make(&w->arena, &q, &w->wanted, w->err);
}

static bool from_inventory(struct work *w)
{
	struct hosts_source source;

	if (!make_inventory(w))
		return false;
	source = hosts_source_inventory(w->inv);
	return choose(w, w->inv, &source);
}

/* --- a name server ------------------------------------------------------- */

struct asking {
	const struct diag_inventory *inv;
	size_t next;
};

/* The next name that must be private. */
static enum diag_names_got next_name(void *ctx, char buf[DIAG_FQDN_MAX])
{
	struct asking *a = ctx;

	while (a->next < a->inv->n_targets) {
		const struct diag_target *t = &a->inv->targets[a->next++];

		if (t->fqdn == NULL || t->expect != DIAG_EXPECT_PRIVATE)
			continue;
		memcpy(buf, t->fqdn, strlen(t->fqdn) + 1);
		return DIAG_NAMES_GOT;
	}
	return DIAG_NAMES_END;
}

static bool ask_server(struct work *w, const char *server)
{
	static const struct diag_probe_ops *const probes[] = { &probe_dns,
							       NULL };
	const struct diag_view_spec view = { .text = server,
					     .at = w->in->server };
	struct asking asking = { .inv = w->inv };
	const struct diag_names_options names = {
		.name = next_name,
		.ctx = &asking,
		.views = &view,
		.n_views = 1,
		.ask_a = true,
		.dns_timeout_ms = DNS_TIMEOUT_MS,
	};
	const struct diag_run_options r = {
		.probes = probes,
		.sink = diag_store_sink(&w->facts),
		.inventory = w->inv,
		.deadline_ms = DEADLINE_MS,
		.max_in_flight = IN_FLIGHT,
		.handle_signals = true,
	};
	struct diag_run_result result = { .complete = false };
	struct diag_plan plan;
	bool ok = diag_plan_names(&names, &plan, w->err) &&
		  diag_run(&plan, &r, &result, w->err);

	w->signal = result.signal;
	return ok;
}

static bool from_server(struct work *w)
{
	char server[DIAG_ENDPOINT_TEXT];
	struct hosts_resolver r = { .arena = &w->arena, .facts = &w->facts };
	struct hosts_source source;

	(void)diag_endpoint_text(&w->in->server, server);
	if (!make_inventory(w) || !ask_server(w, server))
		return false;
	r.inv = w->inv;
	r.server = server;
	return hosts_source_resolver(&r, &source, w->err) &&
	       choose(w, w->inv, &source);
}

/* --- cases --------------------------------------------------------------- */

static bool read_cases(struct work *w)
{
	const struct hosts_files *in = w->in;

	if (!diag_cat_load(w->err) || !diag_case_new(&w->c, w->err))
		return false;
	for (size_t i = 0; i < in->n_cases; i++)
		if (!diag_case_add(w->c, in->case_paths[i],
				   diag_buf_str(&in->cases[i]),
				   in->cases[i].len, &w->problems, w->err))
			return false;
	return diag_judge(w->c, NULL, &w->v, w->err);
}

static bool from_cases(struct work *w)
{
	struct hosts_case h = { .arena = &w->arena };
	struct hosts_source source = hosts_source_case(&h);

	if (!read_cases(w) || (has_inventory(w->in) && !make_inventory(w)))
		return false;
	h.c = w->c;
	h.v = w->v;
	return choose(w, w->inv ? w->inv : w->c->inventory, &source);
}

/* --- handing back -------------------------------------------------------- */

static void put(const struct work *w, bool ok, struct diag_buf *out)
{
	const struct diag_problems *p = &w->problems;

	wire_put_u32(out, !ok);
	wire_put_text(out, diag_buf_str(&p->text));
	wire_put_u32(out, p->n > p->max ? p->n - p->max : 0);
	wire_put_u32(out, (uint32_t)w->signal);
	if (ok)
		wire_put_wanted(out, &w->wanted);
	else
		wire_put_err(out, w->err);
}

static void clear(struct work *w)
{
	diag_verdict_free(w->v);
	diag_case_free(w->c);
	diag_inventory_free(w->inv);
	diag_inventory_free(w->given);
	diag_store_clear(&w->facts);
	diag_problems_clear(&w->problems);
	diag_arena_clear(&w->arena);
}

bool hosts_input_child(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };
	struct work w = { .in = ctx, .err = &why };
	bool ok;

	diag_arena_init(&w.arena, 0);
	diag_problems_init(&w.problems);
	diag_store_init(&w.facts);
	if (w.in->server.addr.family != DIAG_NOFAM)
		ok = from_server(&w);
	else
		ok = w.in->n_cases > 0 ? from_cases(&w) : from_inventory(&w);
	put(&w, ok, out);
	clear(&w);
	return diag_buf_ok(out, err, "pl-hosts");
}

/* --- hearing it ---------------------------------------------------------- */

bool hosts_heard(struct diag_arena *arena, const struct diag_buf *bytes,
		 struct hosts_heard *out, struct diag_err *err)
{
	struct wire w = wire_of(arena, diag_buf_str(bytes), bytes->len);

	*out = (struct hosts_heard){ .failed = wire_u32(&w) != 0 };
	out->problems = wire_text(&w);
	out->more = wire_u32(&w);
	out->signal = (int)(wire_u32(&w) & 0x7f);
	if (out->failed)
		wire_err(&w, &out->err);
	else
		wire_wanted(&w, &out->wanted);
	if (out->problems == NULL)
		w.bad = true;
	return wire_ok(&w, err);
}

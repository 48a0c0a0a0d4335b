/* SPDX-License-Identifier: MIT */
/* run.c - one run of pl-probe: a case, a plan, facts, a page. */
#include "tools/pl-probe/probe.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "base/version.h"
#include "fact/json.h"
#include "probes/probes.h"
#include "report/report.h"
#include "run/runner.h"
#include "tools/pl-doctor/doctor.h"

#define LINE_MAX_BYTES ((size_t)4 << 20) /* one fact in any format */
#define PAGE_MAX_BYTES ((size_t)256 << 20)
#define SYSTEM_MS      9500
/* A laptop that sends 512 SYNs at once alarms its security team. */
#define MODEST_ABOVE 100
#define MODEST	     64
#define BOLD	     4096
/* Ports beyond which nobody reads a cause for each: of hosts given by hand,
 * and of an inventory, whose causes join many. */
#define JUDGED_WORDS 32
#define JUDGED_MAX   1024

enum shape { SHAPE_PAGE, SHAPE_JUNIT, SHAPE_JSON, SHAPE_JSONL };

struct session {
	struct tool_call *call;
	const struct probe *o;
	struct diag_case *c;
	struct probe_hosts hosts;
	struct probe_pairs pairs;
	struct diag_from from;
	struct diag_buf line;
	enum shape shape;
	bool words; /* hosts are given, no inventory */
	size_t facts;
	unsigned round;
	uint64_t began_us;
	struct diag_run_result result;
};

static enum shape shape_of(const struct tool_call *call)
{
	static const char *const names[] = { [SHAPE_PAGE] = "text",
					     [SHAPE_JUNIT] = "junit",
					     [SHAPE_JSON] = "json",
					     [SHAPE_JSONL] = "jsonl" };
	int i = SHAPE_JSONL;

	while (i > SHAPE_PAGE && strcmp(call->format, names[i]) != 0)
		i--;
	return (enum shape)i;
}

/* --- facts ---------------------------------------------------------------- */

static bool put_fact(struct session *s, const struct diag_fact *f,
		     struct diag_err *err)
{
	struct diag_jw w;

	if (s->shape != SHAPE_JSON && s->shape != SHAPE_JSONL)
		return true;
	diag_buf_reset(&s->line);
	if (s->shape == SHAPE_JSON)
		diag_buf_puts(&s->line, s->facts == 1 ? "[\n" : ",\n");
	diag_jw_init(&w, &s->line, 0);
	diag_fact_print(f, &w);
	if (s->shape == SHAPE_JSONL)
		diag_buf_putc(&s->line, '\n');
	if (!diag_buf_ok(&s->line, err, "output"))
		return false;
	tool_write_buf(s->call, &s->line);
	return !tool_out_failed(s->call); /* the shell tells why */
}

/* Would the page tell causes?  Not of this many. */
static bool is_judged(const struct session *s)
{
	return s->pairs.n <= (s->words ? JUDGED_WORDS : JUDGED_MAX);
}

/* Of a thousand rounds the page needs what was different. */
static bool is_kept(const struct session *s, const struct diag_fact *f,
		    bool changed)
{
	return s->o->save || (s->shape == SHAPE_PAGE && changed &&
			      (is_judged(s) || f->kind == DIAG_FACT_MTU));
}

static bool on_fact(void *ctx, const struct diag_fact *f, struct diag_err *err)
{
	struct session *s = ctx;
	bool changed = true;

	s->facts++;
	return probe_pairs_learn(&s->pairs, f, &changed, err) &&
	       put_fact(s, f, err) &&
	       (!is_kept(s, f, changed) ||
		diag_store_add(&s->c->facts, f, NULL, err));
}

/* --- the case ------------------------------------------------------------- */

static bool has_other_flags(const struct tool_inventory *flags)
{
	struct tool_inventory others = *flags;

	others.network.n = 0;
	return tool_inventory_given(&others);
}

static bool stands_alone(const char *inventory, struct diag_err *err)
{
	return diag_fail(err, DIAG_EUSAGE, "probe",
			 "nothing can stand beside the inventory %s",
			 inventory);
}

static bool load(struct session *s, struct diag_inventory **out,
		 struct diag_err *err)
{
	const struct probe *o = s->o;
	struct tool_call *call = s->call;

	if (s->words && has_other_flags(&o->inventory))
		return diag_fail(err, DIAG_EUSAGE, "probe",
				 "give hosts or flags that name a workspace, "
				 "not both");
	for (int i = 1; s->words && i < call->argc; i++)
		if (diag_text_ends(call->argv[i], ".json"))
			return stands_alone(call->argv[i], err);
	if (s->words)
		return probe_words(call, out, err);
	if (call->argc > 1)
		return stands_alone(call->argv[0], err);
	if (o->address.n > 0)
		return diag_fail(err, DIAG_EUSAGE, "--address",
				 "an inventory says itself where its names "
				 "should be");
	return tool_inventory_load(call, &o->inventory,
				   call->argc > 0 ? call->argv[0] : NULL, out,
				   err);
}

static bool fill_origin(struct session *s, struct diag_err *err)
{
	struct diag_origin *origin = &s->c->origins[0];
	struct diag_view *view =
	    diag_arena_alloc(&s->call->arena, sizeof(*view));

	if (view == NULL)
		return diag_fail_nomem(err, "probe");
	view->text = "system";
	origin->name = "";
	origin->tool = s->call->tool->name;
	origin->version = DIAG_VERSION;
	tool_began(origin);
	origin->views = view;
	origin->n_views = 1;
	if (!tool_machine_load(s->call, &s->o->machine, &origin->machine, err))
		return false;
	origin->host = origin->machine->host ? origin->machine->host : "";
	return true;
}

static bool make_case(struct session *s, struct diag_err *err)
{
	const struct probe *o = s->o;
	struct diag_inventory *given = NULL;
	struct diag_case *c;
	bool ok;

	if (!diag_case_new(&s->c, err) || !fill_origin(s, err) ||
	    !load(s, &given, err))
		return false;
	c = s->c;
	c->role = tool_role_of(
	    o->role, tool_stands_inside(c->origins[0].machine, given));
	c->era = tool_era_of(o->era);
	c->no_public = o->no_public || s->words;
	ok = diag_inventory_expand(given, c->role, c->era, c->no_public,
				   &c->inventory, err) &&
	     probe_hosts_of(s->call, c->inventory, s->words, &s->hosts, err);
	diag_inventory_free(given);
	if (ok && s->hosts.n == 0)
		return diag_fail(err, DIAG_EUSAGE, "probe",
				 "there is no port that can be tried from "
				 "here");
	s->pairs.inv = c->inventory;
	return ok;
}

static bool read_from(struct session *s, struct diag_err *err)
{
	s->from.interface = s->o->interface;
	return !s->o->source ||
	       diag_addr_parse(s->o->source, &s->from.source) ||
	       diag_fail(err, DIAG_EUSAGE, "--source",
			 "\"%.60s\": expected an IP address", s->o->source);
}

/* --- the run -------------------------------------------------------------- */

static bool is_due(void *ctx, unsigned round)
{
	struct session *s = ctx;
	uint64_t at_us =
	    s->began_us + (uint64_t)(round - 1) * s->o->interval_ms * 1000;

	if (diag_time_mono_us() < at_us)
		return false;
	s->round = round;
	return true;
}

/* Many rounds: how it stands, for a person who watches. */
static void show_rounds(void *ctx, size_t done, size_t in_flight)
{
	const struct session *s = ctx;
	unsigned long long tries = 0, opened = 0;
	char line[100];

	(void)done;
	(void)in_flight;
	for (size_t i = 0; i < s->pairs.n; i++) {
		tries += s->pairs.items[i].tries;
		opened += s->pairs.items[i].ends[PROBE_END_GOOD];
	}
	(void)snprintf(line, sizeof(line), "round %u of %u: %llu of %llu open",
		       s->round > 0 ? s->round : 1, s->o->count, opened, tries);
	tool_progress_line(line);
}

static unsigned in_flight(const struct session *s)
{
	if (s->o->max_parallel > 0)
		return s->o->max_parallel;
	return s->hosts.n_ports > MODEST_ABOVE ? MODEST : BOLD;
}

static size_t count_names(const struct probe_hosts *hosts)
{
	size_t n = 0;

	for (size_t i = 0; i < hosts->n; i++)
		n += hosts->items[i].ask ? 1 : 0;
	return n;
}

static bool ask(struct session *s, struct diag_err *err)
{
	static const struct diag_probe_ops *const probes[] = {
		&probe_system_dns, &probe_route, &probe_connect,
		&probe_udp,	   &probe_mtu,	 NULL
	};
	const struct probe *o = s->o;
	struct diag_origin *origin = &s->c->origins[0];
	const struct diag_probe_options plan_of = {
		.hosts = s->hosts.items,
		.n_hosts = s->hosts.n,
		.machine = origin->machine,
		.from = o->source || o->interface ? &s->from : NULL,
		.peer = o->peer,
		.large = o->large_hello || o->mtu,
		.mtu = o->mtu,
		.timeout_ms = o->timeout_ms,
		.system_timeout_ms = SYSTEM_MS,
		.rounds = o->count,
		.due = is_due,
		.ctx = s,
	};
	const struct diag_run_options options = {
		.probes = probes,
		.sink = { on_fact, s },
		.machine = origin->machine,
		.inventory = s->c->inventory,
		.ca_file = o->ca_file,
		.user_agent = "pldiag/" DIAG_VERSION,
		.max_in_flight = in_flight(s),
		.handle_signals = true,
		.progress = !s->call->progress ? NULL
			    : o->count > 1     ? show_rounds
					       : tool_progress,
		.progress_ctx = s,
	};
	struct diag_plan plan;
	bool ok;

	diag_run_prepare(count_names(&s->hosts));
	s->began_us = diag_time_mono_us();
	ok = diag_plan_probe(&plan_of, &plan, err) &&
	     diag_run(&plan, &options, &s->result, err);
	tool_progress_end(s->call);
	origin->complete = ok && s->result.complete;
	origin->took_ms = s->result.took_ms;
	return ok;
}

/* --- what is told --------------------------------------------------------- */

/* What the rules say of it; the page has told the rest. */
static bool put_causes(struct session *s, struct diag_buf *out,
		       struct diag_err *err)
{
	const struct tool_call *call = s->call;
	struct diag_report_in in = {
		.c = s->c,
		.tool = call->tool->name,
		.version = DIAG_VERSION,
		.width = call->width,
		.color = call->color,
		.ascii = !call->utf8,
		.verbose = (int)call->verbose,
	};
	/* Nobody said what hosts given by hand should be. */
	static const char *const families[] = { "tcp.",	 "tls.",    "http.",
						"port.", "net.mtu", NULL };
	struct diag_verdict *v = NULL;
	bool ok;

	if (call->quiet || !is_judged(s))
		return true;
	ok = diag_judge(
	    s->c, call->argc > 0 && !s->words ? call->argv[0] : NULL, &v, err);
	if (ok && s->words)
		ok = diag_verdict_only(v, families, err);
	in.v = v;
	ok = ok && diag_render_causes(&in, out, err);
	diag_verdict_free(v);
	return ok;
}

static bool put_page(struct session *s, struct diag_err *err)
{
	struct diag_buf out;
	bool ok = true;

	if (s->shape == SHAPE_JSON)
		tool_print(s->call, "%s", s->facts > 0 ? "\n]\n" : "[]\n");
	if (!probe_pairs_sort(&s->pairs, err))
		return false;
	diag_buf_init(&out, PAGE_MAX_BYTES);
	if (s->shape == SHAPE_PAGE) {
		probe_text(s->call, &s->pairs, &out);
		probe_mtu_text(&s->c->facts, &out);
		ok = put_causes(s, &out, err);
	} else if (s->shape == SHAPE_JUNIT) {
		probe_junit(&s->pairs, s->result.took_ms, &out);
	}
	ok = ok && diag_buf_ok(&out, err, "output");
	if (ok)
		tool_write_buf(s->call, &out);
	diag_buf_clear(&out);
	return ok;
}

static enum tool_status outcome(const struct session *s)
{
	struct probe_tally t = probe_tally(&s->pairs);

	if (t.bad > 0)
		return TOOL_WRONG;
	return t.unknown > 0 || !s->result.complete ? TOOL_UNDECIDED
						    : TOOL_GOOD;
}

static enum tool_status tell(struct session *s, struct diag_err *err)
{
	bool told = put_page(s, err);
	bool saved = tool_save_case(s->o->save, s->c, err);

	return told && saved ? outcome(s) : TOOL_TROUBLE;
}

static void clear(struct session *s)
{
	probe_pairs_clear(&s->pairs);
	diag_buf_clear(&s->line);
	if (s->c && !s->call->abandoned)
		diag_case_free(s->c);
}

/* What was printed by then has its end. */
static enum tool_status refuse(struct session *s, const struct diag_err *err)
{
	if (s->shape == SHAPE_JSON && s->facts > 0)
		tool_print(s->call, "\n]\n");
	return tool_bad_input(err);
}

enum tool_status probe_run(struct tool_call *call, struct diag_err *err)
{
	struct session *s = diag_arena_alloc(&call->arena, sizeof(*s));
	enum tool_status status = TOOL_TROUBLE;

	if (s == NULL) {
		(void)diag_fail_nomem(err, "probe");
		return TOOL_TROUBLE;
	}
	s->call = call;
	s->o = call->options;
	s->shape = shape_of(call);
	s->words = call->argc > 0 && !tool_is_inventory(call->argv[0]);
	diag_buf_init(&s->line, LINE_MAX_BYTES);
	if (!doctor_may_trust(s->o->ca_file, err) || !read_from(s, err) ||
	    !make_case(s, err))
		status = tool_bad_input(err);
	else if (ask(s, err) || tool_out_failed(call))
		status = tell(s, err);
	else
		status = refuse(s, err);
	call->signal = s->result.signal;
	call->abandoned = s->result.abandoned;
	clear(s);
	return status;
}

/* SPDX-License-Identifier: MIT */
/* node.c - what arrived at the machine on which the packets were recorded: the
 * case that pl-listen would have kept there, but for what only a program that
 * listens knows. */
#include "tools/pl-capture/capture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fact/json.h"
#include "tools/arrivals.h"
#include "tools/pl-probe/probe.h"

#define PORTS_MAX      1024
#define LINE_MAX_BYTES ((size_t)1 << 20)

/* --- what is asked -------------------------------------------------------- */

static bool is_alone(const struct pl_capture *o, struct diag_err *err)
{
	const char *other = o->inventory      ? "--inventory"
			    : o->client.n > 0 ? "--client"
			    : tool_inventory_given(&o->workspace)
				? "a workspace"
				: NULL;

	if (o->ports == NULL)
		return diag_fail(err, DIAG_EUSAGE, "--node",
				 "expected --ports as well: those of which the "
				 "recording has every packet");
	return other == NULL ||
	       diag_fail(err, DIAG_EUSAGE, "--node",
			 "what arrives needs no %s: leave it out, and give it "
			 "to the client's part",
			 other);
}

static bool is_there(const struct diag_capture_port *list, size_t n,
		     unsigned port, bool udp)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].port == port && list[i].udp == udp)
			return true;
	return false;
}

static bool read_ports(struct pl_capture_run *run,
		       struct diag_capture_options *o, struct diag_err *err)
{
	const struct pl_capture *p = run->call->options;
	struct diag_capture_port *list =
	    diag_arena_array(&run->call->arena, PORTS_MAX, sizeof(*list));
	struct diag_probe_ports *ranges = NULL;
	size_t n_ranges = 0;

	if (list == NULL)
		return diag_fail_nomem(err, "--ports");
	if (!probe_ports(run->call, "--ports", diag_slice_of(p->ports), &ranges,
			 &n_ranges, err))
		return false;
	for (size_t i = 0; i < n_ranges; i++)
		for (unsigned port = ranges[i].port; port <= ranges[i].last;
		     port++) {
			bool udp = ranges[i].proto == DIAG_UDP;

			if (is_there(list, o->n_ports, port, udp))
				continue;
			if (o->n_ports == PORTS_MAX)
				return diag_fail(err, DIAG_ELIMIT, "--ports",
						 "more than %d ports",
						 PORTS_MAX);
			list[o->n_ports++] =
			    (struct diag_capture_port){ .port = (uint16_t)port,
							.udp = udp };
		}
	o->ports = list;
	return true;
}

static bool no_name(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return false;
}

/* --- what came ------------------------------------------------------------ */

static int by_time(const void *a, const void *b)
{
	const struct diag_fact *x = *(const struct diag_fact *const *)a;
	const struct diag_fact *y = *(const struct diag_fact *const *)b;

	if (x->started_ms != y->started_ms)
		return x->started_ms < y->started_ms ? -1 : 1;
	return (x->status == DIAG_ST_ACCEPTED) -
	       (y->status == DIAG_ST_ACCEPTED);
}

static const struct diag_fact **in_order(struct pl_capture_run *run)
{
	const struct diag_store *facts = &run->c->facts;
	const struct diag_fact **list =
	    diag_arena_array(&run->call->arena, facts->n + 1, sizeof(*list));

	for (size_t i = 0; list && i < facts->n; i++)
		list[i] = facts->facts[i];
	if (list && facts->n > 1)
		qsort(list, facts->n, sizeof(*list), by_time);
	return list;
}

/* The recording watched. */
static bool is_watch(const struct diag_fact *f)
{
	return f->status == DIAG_ST_LISTENED &&
	       strcmp(f->arrival.seen_by, "capture") == 0;
}

/* A port is watched once in each span of time: the first tells of all. */
bool pl_capture_is_sum(const struct diag_store *facts, size_t n)
{
	const struct diag_arrival_fact *a = &facts->facts[n]->arrival;
	bool first = is_watch(facts->facts[n]);

	for (size_t i = 0; first && i < n; i++) {
		const struct diag_fact *f = facts->facts[i];

		first =
		    !is_watch(f) || f->arrival.port != a->port ||
		    tool_arrival_is_udp(&f->arrival) != tool_arrival_is_udp(a);
	}
	return first;
}

static void put_listened(const struct diag_fact *f, struct diag_buf *out)
{
	char what[80];

	if (f->status != DIAG_ST_LISTENED || is_watch(f))
		return;
	(void)snprintf(
	    what, sizeof(what), "a program listened from %.3f to %.3f s",
	    f->started_ms / 1000.0, (f->started_ms + f->took_ms) / 1000.0);
	tool_arrival_sum(f->arrival.port, tool_arrival_is_udp(&f->arrival),
			 what, out);
}

static void put_text(struct pl_capture_run *run, const struct diag_fact **list,
		     struct diag_buf *out)
{
	const struct diag_store *facts = &run->c->facts;

	for (size_t i = 0; i < facts->n; i++)
		tool_arrival_text(list[i], out);
	for (size_t i = 0; i < facts->n; i++)
		put_listened(list[i], out);
	for (size_t i = 0; i < facts->n; i++) {
		const struct diag_arrival_fact *a = &facts->facts[i]->arrival;

		if (pl_capture_is_sum(facts, i))
			tool_arrival_sum(
			    a->port, tool_arrival_is_udp(a),
			    a->came > 0 ? "somebody came" : "nobody came", out);
	}
}

static void put_json(struct pl_capture_run *run, const struct diag_fact **list,
		     bool lines, struct diag_buf *out)
{
	size_t n = run->c->facts.n;
	struct diag_jw w;

	if (!lines)
		diag_buf_puts(out, n > 0 ? "[\n" : "[");
	for (size_t i = 0; i < n; i++) {
		diag_jw_init(&w, out, 0);
		diag_fact_print(list[i], &w);
		diag_buf_puts(out, !lines && i + 1 < n ? ",\n" : "\n");
	}
	if (!lines)
		diag_buf_puts(out, "]\n");
}

static bool put(struct pl_capture_run *run, struct diag_err *err)
{
	const struct diag_fact **list = in_order(run);
	const char *format = run->call->format;
	struct diag_buf out;
	bool ok;

	if (list == NULL)
		return diag_fail_nomem(err, "analyze");
	diag_buf_init(&out, DIAG_CASE_BYTES);
	if (strcmp(format, "text") == 0)
		put_text(run, list, &out);
	else
		put_json(run, list, strcmp(format, "jsonl") == 0, &out);
	ok = diag_buf_ok(&out, err, "output");
	if (ok)
		tool_write_buf(run->call, &out);
	diag_buf_clear(&out);
	return ok;
}

/* --- the whole ------------------------------------------------------------ */

/* As pl-listen ends. */
static enum tool_status outcome(const struct pl_capture_run *run)
{
	const struct diag_store *facts = &run->c->facts;
	enum tool_status status = TOOL_GOOD;
	bool watched = false;

	for (size_t i = 0; i < facts->n; i++) {
		const struct diag_fact *f = facts->facts[i];

		if (!is_watch(f))
			continue;
		watched = true;
		if (f->arrival.came == 0)
			status = TOOL_WRONG;
	}
	return watched && !run->broken ? status : TOOL_UNDECIDED;
}

static bool is_format(const struct tool_call *call, struct diag_err *err)
{
	return strcmp(call->format, "text") == 0 ||
	       strncmp(call->format, "json", 4) == 0 ||
	       diag_fail(err, DIAG_EUSAGE, "--node",
			 "%s is of verdicts; expected text, json or jsonl",
			 call->format);
}

static bool make_case(struct pl_capture_run *run, struct diag_err *err)
{
	const struct pl_capture *p = run->call->options;
	struct diag_capture_options o = {
		.sink = diag_store_sink(&run->c->facts),
		.wanted = no_name,
		.n_nodes = p->node.n,
	};

	run->c->role = DIAG_ROLE_COMPUTE;
	return is_format(run->call, err) &&
	       pl_capture_addresses(run->call, "--node", &p->node, &o.nodes,
				    err) &&
	       read_ports(run, &o, err) && pl_capture_read(run, &o, err) &&
	       pl_capture_fill_case(run, err);
}

enum tool_status pl_capture_node(struct pl_capture_run *run,
				 struct diag_err *err)
{
	const struct pl_capture *o = run->call->options;

	if (!is_alone(o, err) || !make_case(run, err))
		return tool_bad_input(err);
	pl_capture_node_notes(run);
	return put(run, err) && tool_save_case(o->save, run->c, err)
		   ? outcome(run)
		   : TOOL_TROUBLE;
}

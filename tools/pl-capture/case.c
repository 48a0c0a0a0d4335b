/* SPDX-License-Identifier: MIT */
/* case.c - the machine of a capture, as far as packets tell.
 *
 * A live run reads what is configured; packets show what was done.  The name
 * servers are those that were asked, in that order: the first that serves is
 * the one that the machine lives on, as a resolver that gets no answer goes on
 * to the next; the others are its fallback.  Behind a local stub, those that
 * the stub asks.  Names that went through a proxy are sent there by settings,
 * all others go past it.  Interfaces and routes are not known, so nothing is
 * said of them.
 */
#include "tools/pl-capture/capture.h"

#include "base/json.h"
#include "base/version.h"
#include "net/scope.h"

#include <stdio.h>
#include <string.h>

static bool is_local(const struct diag_endpoint *at)
{
	return diag_scope_of(&at->addr) == DIAG_SCOPE_LOOPBACK;
}

static bool any_local(const struct diag_capture_seen *s)
{
	for (size_t i = 0; i < s->n_servers; i++)
		if (is_local(&s->servers[i]))
			return true;
	return false;
}

static bool serves(const struct diag_store *facts, const char *view)
{
	for (size_t i = 0; i < facts->n; i++) {
		const struct diag_fact *f = facts->facts[i];

		if (f->kind == DIAG_FACT_DNS &&
		    strcmp(f->dns.view, view) == 0 &&
		    (f->status == DIAG_ST_ANSWER ||
		     f->status == DIAG_ST_NODATA ||
		     f->status == DIAG_ST_NXDOMAIN))
			return true;
	}
	return false;
}

struct order {
	bool stub; /* a local one is asked */
	uint64_t first, behind;
};

static void put_server(struct diag_jw *w, struct order *o, bool local,
		       const char *at)
{
	bool is_behind = o->stub && !local;

	diag_jw_open(w, '{');
	diag_jw_kstr(w, "at", at);
	diag_jw_kstr(w, "source", "the capture");
	diag_jw_kuint(w, "order", is_behind ? o->behind++ : o->first++);
	diag_jw_kbool(w, "stub", local);
	diag_jw_kbool(w, "behind_stub", is_behind);
	diag_jw_kbool(w, "default_route", is_behind);
	diag_jw_close(w, '}');
}

static void put_servers(struct diag_jw *w, const struct diag_capture_seen *s,
			const struct diag_store *facts)
{
	struct order o = { .stub = any_local(s) };
	char text[DIAG_ENDPOINT_TEXT];

	diag_jw_kopen(w, "servers", '[');
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < s->n_servers; i++) {
			(void)diag_endpoint_text(&s->servers[i], text);
			if (serves(facts, text) == (round == 0))
				put_server(w, &o, is_local(&s->servers[i]),
					   text);
		}
	diag_jw_close(w, ']');
}

/* --- proxies -------------------------------------------------------------- */

static bool went_by_proxy(const struct diag_store *facts, const char *name)
{
	for (size_t i = 0; i < facts->n; i++) {
		const struct diag_fact *f = facts->facts[i];

		if (f->kind == DIAG_FACT_HTTP && f->target != NULL &&
		    strcmp(f->target, name) == 0)
			return true;
	}
	return false;
}

static void put_proxies(struct diag_jw *w, const struct diag_capture_seen *s,
			const struct diag_case *c)
{
	char text[DIAG_ENDPOINT_TEXT], url[DIAG_ENDPOINT_TEXT + 8];

	if (s->n_proxies == 0)
		return;
	diag_jw_kopen(w, "proxies", '[');
	for (size_t i = 0; i < s->n_proxies; i++) {
		(void)snprintf(url, sizeof(url), "http://%s",
			       diag_endpoint_text(&s->proxies[i], text));
		diag_jw_open(w, '{');
		diag_jw_kstr(w, "scheme", "https");
		diag_jw_kstr(w, "url", url);
		diag_jw_kstr(w, "source", "the capture");
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
	diag_jw_kopen(w, "no_proxy", '[');
	for (size_t i = 0; i < c->inventory->n_targets; i++) {
		const char *name = c->inventory->targets[i].fqdn;

		if (name != NULL && !went_by_proxy(&c->facts, name))
			diag_jw_str(w, name);
	}
	diag_jw_close(w, ']');
}

static void put_roots(struct diag_jw *w, const struct pl_capture_run *run)
{
	diag_jw_kopen(w, "roots", '{');
	diag_jw_kstr(w, "path", run->roots_path);
	diag_jw_kopen(w, "local", '[');
	for (size_t i = 0; i < run->n_local_roots; i++)
		diag_jw_str(w, run->local_roots[i]);
	diag_jw_close(w, ']');
	diag_jw_close(w, '}');
}

static bool parse_machine(const struct diag_buf *text,
			  struct diag_machine **out, struct diag_err *err)
{
	struct diag_problems problems;
	struct diag_json_at at = { .file = "capture", .problems = &problems };
	cJSON *tree;
	bool ok;

	diag_problems_init(&problems);
	tree = cJSON_ParseWithLength(text->data, text->len);
	ok = tree != NULL ? diag_machine_parse(tree, &at, out, err)
			  : diag_fail_nomem(err, "analyze");
	cJSON_Delete(tree);
	diag_problems_clear(&problems);
	return ok;
}

/* It has these addresses, of those that were recorded; of its networks nothing
 * is known. */
static void put_node(struct diag_jw *w, const struct tool_list *nodes,
		     const bool *heard)
{
	char text[DIAG_ADDR_TEXT], prefix[DIAG_ADDR_TEXT + 4];
	struct diag_addr a;

	diag_jw_kopen(w, "interfaces", '[');
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", "recorded");
	diag_jw_kbool(w, "up", true);
	diag_jw_kopen(w, "addresses", '[');
	for (size_t i = 0; i < nodes->n; i++) {
		if (!heard[i] || !diag_addr_parse(nodes->at[i], &a))
			continue;
		(void)diag_addr_text(&a, text);
		diag_jw_open(w, '{');
		diag_jw_kstr(w, "address", text);
		(void)snprintf(prefix, sizeof(prefix), "%s/%zu", text,
			       8 * diag_addr_len(&a));
		diag_jw_kstr(w, "prefix", prefix);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
	diag_jw_close(w, '}');
	diag_jw_close(w, ']');
}

static bool make_machine(struct pl_capture_run *run, struct diag_err *err)
{
	const struct pl_capture *o = run->call->options;
	const struct diag_capture_seen *s = diag_capture_seen(run->capture);
	struct diag_buf text;
	struct diag_jw w;
	bool ok;

	diag_buf_init(&text, DIAG_INVENTORY_BYTES);
	diag_jw_init(&w, &text, 0);
	diag_jw_open(&w, '{');
	if (o->node.n > 0) {
		put_node(&w, &o->node, s->nodes_heard);
	} else {
		put_servers(&w, s, &run->c->facts);
		put_proxies(&w, s, run->c);
		put_roots(&w, run);
	}
	diag_jw_close(&w, '}');
	ok = diag_buf_ok(&text, err, "analyze") &&
	     parse_machine(&text, &run->c->origins[0].machine, err);
	diag_buf_clear(&text);
	return ok;
}

/* --- header --------------------------------------------------------------- */

static bool fill_views(struct diag_case *c, const struct diag_capture_seen *s,
		       struct diag_err *err)
{
	struct diag_view *views =
	    diag_arena_array(&c->arena, s->n_servers + 1, sizeof(*views));
	char text[DIAG_ENDPOINT_TEXT];

	if (views == NULL)
		return diag_fail_nomem(err, "analyze");
	for (size_t i = 0; i < s->n_servers; i++) {
		views[i].at = s->servers[i];
		views[i].text = diag_arena_strdup(
		    &c->arena, diag_endpoint_text(&views[i].at, text));
		if (views[i].text == NULL)
			return diag_fail_nomem(err, "analyze");
	}
	c->origins[0].views = views;
	c->origins[0].n_views = s->n_servers;
	return true;
}

bool pl_capture_fill_case(struct pl_capture_run *run, struct diag_err *err)
{
	const struct diag_capture_seen *s = diag_capture_seen(run->capture);
	const struct pl_capture *p = run->call->options;
	struct diag_origin *o = &run->c->origins[0];

	o->tool = run->call->tool->name;
	o->version = DIAG_VERSION;
	o->started_s = s->first_us / 1000000;
	o->started_part_ms = (double)(s->first_us % 1000000) / 1000.0;
	o->took_ms = (double)(s->last_us - s->first_us) / 1000.0;
	o->complete = !run->broken && s->counts.facts_left_out == 0;
	if (!make_machine(run, err))
		return false;
	o->machine->clock_s = o->started_s;
	return p->node.n > 0 || fill_views(run->c, s, err);
}

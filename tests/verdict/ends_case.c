/* SPDX-License-Identifier: MIT */
/* See ends_case.h. */
#include "tests/verdict/ends_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "tests/verdict/paths.h"

const struct ends ends_usual = {
	.tcp = "\"status\":\"timeout\"",
	.node_at = NODE,
	.tried_ms = 5000,
	.watched_ms = 20000,
	.capture = "",
	.socket = "",
	.arrivals = "",
	.more = "",
};

struct judged {
	struct diag_case *c;
	struct diag_verdict *v;
};

static void put_try(const struct ends *e, struct diag_buf *out)
{
	diag_buf_printf(out,
			"{\"probe\":\"%s\",\"started_ms\":%d,\"took_ms\":1000,"
			"\"address\":\"" NODE "\",\"port\":44224,%s}\n%s",
			e->udp ? "udp" : "tcp", (int)e->tried_ms,
			e->udp ? e->udp : e->tcp, e->more);
}

static void put_client(const struct ends *e, struct diag_buf *out)
{
	diag_buf_printf(
	    out,
	    "{\"schema\":\"pldiag.case/1\",\"tool\":\"pl-probe\","
	    "\"started\":\"2026-11-23T10:00:00Z\",\"complete\":true,"
	    "\"role\":\"client\",\"inventory\":{\"schema\":"
	    "\"pldiag.inventory/1\",%s\"targets\":[{\"service\":\"%s\","
	    "\"expect\":\"any\",\"addresses\":[\"" NODE "\"],\"ports\":"
	    "[{\"port\":44224%s}]}]},\"machine\":{\"interfaces\":[{\"name\":"
	    "\"eth0\",\"up\":true,\"addresses\":[{\"address\":\"" CLIENT
	    "\",\"prefix\":\"10.20.0.0/24\"}]}]}}\n",
	    e->inventory ? e->inventory : "",
	    e->inventory ? "compute-node" : "other", e->udp ? UDP : "");
	put_try(e, out);
}

static void put_watch(const struct ends *e, const char *by, const char *more,
		      struct diag_buf *out)
{
	if (more == NULL)
		return;
	diag_buf_printf(out,
			"{\"probe\":\"arrival\",\"status\":\"listened\","
			"\"started_ms\":0,\"took_ms\":%d,\"port\":44224%s,"
			"\"seen_by\":\"%s\"%s}\n",
			(int)e->watched_ms, e->udp ? UDP : "", by, more);
}

static void put_node(const struct ends *e, struct diag_buf *out)
{
	diag_buf_printf(
	    out,
	    "{\"schema\":\"pldiag.case/1\",\"tool\":\"pl-listen\","
	    "\"started\":\"2026-11-23T10:00:%02dZ\",\"complete\":true,"
	    "\"host\":\"node\",\"role\":\"compute\",\"machine\":"
	    "{\"interfaces\":[{\"name\":\"eth0\",\"up\":true,\"addresses\":"
	    "[{\"address\":\"%s\",\"prefix\":\"10.150.0.0/24\"}]}]}}\n%s",
	    (int)e->node_later_ms / 1000, e->node_at, e->arrivals);
	put_watch(e, "capture", e->capture, out);
	put_watch(e, "socket", e->socket, out);
}

static void add(struct diag_case *c, const char *name,
		const struct diag_buf *text)
{
	struct diag_problems problems;
	struct diag_err err = { 0 };

	diag_problems_init(&problems);
	if (!diag_case_add(c, name, text->data, text->len, &problems, &err))
		fail_msg("%s", diag_buf_str(&problems.text));
	assert_int_equal(0, problems.n);
	diag_problems_clear(&problems);
}

static struct judged judge(const struct ends *e)
{
	struct diag_buf client, node;
	struct judged r = { .c = NULL };
	struct diag_err err = { 0 };

	diag_buf_init(&client, 65536);
	diag_buf_init(&node, 65536);
	put_client(e, &client);
	put_node(e, &node);
	assert_true(diag_cat_load(&err));
	assert_true(diag_case_new(&r.c, &err));
	add(r.c, e->node_first ? "node" : "client",
	    e->node_first ? &node : &client);
	add(r.c, e->node_first ? "client" : "node",
	    e->node_first ? &client : &node);
	assert_true(diag_judge(r.c, NULL, &r.v, &err));
	diag_buf_clear(&client);
	diag_buf_clear(&node);
	return r;
}

static void clear(struct judged *r)
{
	diag_verdict_free(r->v);
	diag_case_free(r->c);
}

static bool gives(const struct judged *r, const char *code)
{
	for (size_t i = 0; i < r->v->n_findings; i++)
		if (strcmp(r->v->findings[i].info->code, code) == 0)
			return true;
	return false;
}

/* Is it one of the words? */
static bool is_among(const char *code, const char *codes)
{
	size_t n = strlen(code);

	for (const char *at = strstr(codes, code); at;
	     at = strstr(at + 1, code))
		if ((at == codes || at[-1] == ' ') &&
		    (at[n] == ' ' || at[n] == '\0'))
			return true;
	return false;
}

void ends_expect(struct ends e, const char *codes)
{
	static const char *const known[] = {
		"port.never-arrived",	 "port.dropped-by-host",
		"port.refused-by-host",	 "port.answer-lost",
		"port.required-blocked", "tcp.answered-by-other",
		"udp.answered-by-other", "udp.closed",
		"tls.hello-lost",	 "port.not-provable-from-here",
	};
	struct judged r = judge(&e);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (gives(&r, known[i]) != is_among(known[i], codes))
			fail_msg("%s: %s", known[i],
				 gives(&r, known[i]) ? "not wanted"
						     : "is missing");
	if (codes[0] && r.v->n_causes > 0)
		assert_int_equal(
		    0, strncmp(codes, r.v->causes[0].finding->info->code,
			       strlen(r.v->causes[0].finding->info->code)));
	clear(&r);
}

static bool is_proved(const struct ends *e, const char *says)
{
	struct judged r = judge(e);
	bool met = false;

	for (size_t i = 0; i < r.v->n_findings; i++)
		for (size_t k = 0; k < r.v->findings[i].n_proof; k++)
			met |= strstr(r.v->findings[i].proof[k].text, says) !=
			       NULL;
	clear(&r);
	return met;
}

void ends_proof(struct ends e, const char *says)
{
	if (!is_proved(&e, says))
		fail_msg("no proof says: %s", says);
}

void ends_no_proof(struct ends e, const char *says)
{
	if (is_proved(&e, says))
		fail_msg("a proof says: %s", says);
}

bool ends_repair(struct ends e, const char *says)
{
	struct judged r = judge(&e);
	bool met;

	assert_true(r.v->n_causes > 0);
	assert_int_equal(1, r.v->causes[0].n_fixes);
	met = strstr(r.v->causes[0].fixes[0].text, says) != NULL;
	clear(&r);
	return met;
}

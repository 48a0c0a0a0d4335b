/* SPDX-License-Identifier: MIT */
/* Random groups and flows against a second evaluator that only counts points:
 * where everything can be known the answers are the same, and where not, what
 * is said holds in every reality that could be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/nsg/reality.h"
#include "tests/nsg/support.h"

#define EXACT_CASES 5000
#define OPEN_CASES  5000
#define REALITIES   5

static const enum diag_flow_result results[] = {
	[M_ALLOWED] = DIAG_FLOW_ALLOWED,
	[M_DENIED] = DIAG_FLOW_DENIED,
	[M_PARTLY] = DIAG_FLOW_PARTLY,
};

struct bench {
	struct m_case c;
	struct m_reality r;
	struct groups g;
	struct diag_cidr nets[M_NETS];
	struct diag_nsg_world world;
	struct diag_service_tags *tags;
	struct diag_flow flow;
	struct diag_flow_verdict v;
	char text[256];
};

static void load(struct bench *b)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf text;

	groups_open(&b->g);
	diag_buf_init(&text, (size_t)1 << 20);
	for (int i = 0; i < b->c.n_groups; i++) {
		diag_buf_reset(&text);
		m_print_group(&b->c, i, &text);
		if (!groups_read_text(&b->g, diag_buf_str(&text)))
			fail_msg("%s", diag_buf_str(&b->g.problems.text));
	}
	diag_buf_clear(&text);
	b->tags = NULL;
	b->world = (struct diag_nsg_world){ .groups = &b->g.list,
					    .vnet = b->nets,
					    .region = "" };
	for (int i = 0; i < b->c.n_nets; i++) {
		char net[64];

		m_print_peer(&b->c.nets[i], net, sizeof(net));
		assert_true(diag_cidr_parse(net, false, &b->nets[i]));
		b->world.n_vnet++;
	}
	m_print_flow(&b->c.flow, b->text, sizeof(b->text));
	if (!diag_flow_parse(b->text, &b->g.arena, &b->flow, &err))
		fail_msg("%s", err.what);
}

static void load_tags(struct bench *b)
{
	struct diag_json_at root = { .file = "tags",
				     .problems = &b->g.problems };
	struct diag_buf text;
	cJSON *doc;

	diag_buf_init(&text, (size_t)1 << 20);
	m_print_tags(&b->c, &b->r, &text);
	doc = cJSON_Parse(diag_buf_str(&text));
	assert_non_null(doc);
	assert_true(diag_service_tags_read(&root, doc, &b->tags, NULL));
	b->world.tags = b->tags;
	cJSON_Delete(doc);
	diag_buf_clear(&text);
}

static void ask(struct bench *b)
{
	assert_true(
	    diag_nsg_evaluate(&b->world, &b->flow, &b->g.arena, &b->v, NULL));
}

static void unload(struct bench *b)
{
	diag_service_tags_free(b->tags);
	groups_close(&b->g);
}

static void show(struct bench *b)
{
	struct diag_buf text;

	for (size_t i = 0; i < b->g.list.n; i++) {
		print_group(&b->g.list.items[i], &text);
		print_message("%s\n", diag_buf_str(&text));
		diag_buf_clear(&text);
	}
	for (int i = 0; i < b->c.n_nets; i++) {
		char net[64];

		m_print_peer(&b->c.nets[i], net, sizeof(net));
		print_message("vnet %s\n", net);
	}
}

/* The host's own services pass by rules: that is not modelled. */
static bool is_host(const struct m_case *c)
{
	return !c->flow.in && c->flow.peer.kind == M_CIDR &&
	       c->flow.peer.base == 0xa83f8110U && c->flow.peer.len == 32;
}

static void known_worlds_are_judged_as_by_counting(void **unused)
{
	static struct bench b;
	int seen[4] = { 0 };

	(void)unused;
	for (uint64_t seed = 1; seed <= EXACT_CASES; seed++) {
		enum m_result want;

		m_make(&b.c, seed, true);
		m_realise(&b.c, seed, &b.r);
		want = m_judge(&b.c, &b.r);
		if (want == M_NOBODY || is_host(&b.c))
			continue;
		load(&b);
		load_tags(&b);
		ask(&b);
		if (b.v.result != results[want]) {
			show(&b);
			fail_msg("seed %u: %s: %s, not %s (%s)", (unsigned)seed,
				 b.text, diag_flow_result_key(b.v.result),
				 diag_flow_result_key(results[want]),
				 b.v.why_unknown != NULL ? b.v.why_unknown
							 : "");
		}
		seen[want]++;
		unload(&b);
	}
	/* All answers were among them. */
	assert_in_range(seen[M_ALLOWED], EXACT_CASES / 20, EXACT_CASES);
	assert_in_range(seen[M_DENIED], EXACT_CASES / 20, EXACT_CASES);
	assert_in_range(seen[M_PARTLY], EXACT_CASES / 20, EXACT_CASES);
	print_message("allowed %d, denied %d, partly %d\n", seen[M_ALLOWED],
		      seen[M_DENIED], seen[M_PARTLY]);
}

static void what_is_said_holds_in_every_reality(void **unused)
{
	static struct bench b;
	int seen[4] = { 0 };
	int cautious = 0; /* unknown, though all realities agree */
	int blind = 0;	  /* and on a clear yes or no */

	(void)unused;
	for (uint64_t seed = 1; seed <= OPEN_CASES; seed++) {
		bool met[4] = { false };
		bool definite;

		m_make(&b.c, seed + 1000000, false);
		load(&b);
		ask(&b);
		definite = b.v.result != DIAG_FLOW_UNKNOWN;
		for (uint64_t k = 0; k < REALITIES && !is_host(&b.c); k++) {
			enum m_result is;

			m_realise(&b.c, seed * 1000 + k, &b.r);
			is = m_judge(&b.c, &b.r);
			met[is] = true;
			if (!definite || is == M_NOBODY ||
			    results[is] == b.v.result)
				continue;
			show(&b);
			fail_msg("seed %u, reality %u: %s: %s, but it is %s",
				 (unsigned)seed, (unsigned)k, b.text,
				 diag_flow_result_key(b.v.result),
				 diag_flow_result_key(results[is]));
		}
		seen[b.v.result]++;
		if (!definite &&
		    met[M_ALLOWED] + met[M_DENIED] + met[M_PARTLY] == 1)
			cautious++;
		if (!definite && !met[M_PARTLY] &&
		    met[M_ALLOWED] != met[M_DENIED])
			blind++;
		unload(&b);
	}
	print_message("allowed %d, denied %d, partly %d, unknown %d, of which "
		      "all realities agreed in %d, %d of them yes or no\n",
		      seen[DIAG_FLOW_ALLOWED], seen[DIAG_FLOW_DENIED],
		      seen[DIAG_FLOW_PARTLY], seen[DIAG_FLOW_UNKNOWN], cautious,
		      blind);
	assert_in_range(seen[DIAG_FLOW_ALLOWED], OPEN_CASES / 20, OPEN_CASES);
	assert_in_range(seen[DIAG_FLOW_DENIED], OPEN_CASES / 20, OPEN_CASES);
	assert_in_range(seen[DIAG_FLOW_PARTLY], OPEN_CASES / 50, OPEN_CASES);
	assert_in_range(seen[DIAG_FLOW_UNKNOWN], OPEN_CASES / 20,
			OPEN_CASES / 2);
	/* Saying "unknown" is no way out. */
	assert_in_range(cautious, 0, OPEN_CASES / 6);
	assert_in_range(blind, 0, OPEN_CASES / 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_worlds_are_judged_as_by_counting),
		cmocka_unit_test(what_is_said_holds_in_every_reality),
	};

	return cmocka_run_group_tests_name("nsg brute force", tests, NULL,
					   NULL);
}

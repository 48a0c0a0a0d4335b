/* SPDX-License-Identifier: MIT */
/* What must hold of every verdict: the same facts give the same verdict in
 * any order, facts that are missing never make health out of failure, and the
 * work grows with the case, not with its square. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/support/torture.h"
#include "tests/verdict/build.h"

#define LINES_MAX 256

static int set_up(void **state)
{
	static struct build b;

	build_init(&b);
	*state = &b;
	return 0;
}

static int tear_down(void **state)
{
	build_clear(*state);
	return 0;
}

/* --- worlds --------------------------------------------------------------- */

static void add_public(struct build *b)
{
	b->targets = T_API "," T_NOTEBOOK "," T_BLOB "," T_STUDIO "," T_SIGN_IN;
	build_system(b, STUDIO, "20.62.20.1");
	build_dns(b, ISP, STUDIO, "A", "answer", "20.62.20.1");
	build_open(b, STUDIO, "20.62.20.1");
	build_system(b, SIGN_IN, "");
	build_dns_soa(b, ISP, SIGN_IN, "nxdomain", "", "microsoftonline.com",
		      "ns.corp.example");
}

static void healthy(struct build *b)
{
	build_healthy(b, ISP);
}

static void isp_resolver(struct build *b)
{
	build_system(b, API, "20.62.10.4");
	build_system(b, NOTEBOOK, "20.62.10.5");
	build_system(b, BLOB, "20.62.10.8");
	build_public(b, ISP, API);
	build_public(b, ISP, NOTEBOOK);
	build_public(b, ISP, BLOB);
	build_soa(b, ISP, API_ZONE, PUBLIC_MNAME);
	build_soa(b, ISP, NB_ZONE, PUBLIC_MNAME);
	build_soa(b, ISP, BLOB_ZONE, PUBLIC_MNAME);
	build_paths_open(b);
}

static void many_faults(struct build *b)
{
	add_public(b);
	build_system(b, API, "10.150.0.99");
	build_dns(b, ISP, API, "A", "answer", API_ALIAS " 10.150.0.99");
	build_stranger(b, API, "10.150.0.99");
	build_open(b, API, "10.150.0.4");
	build_system(b, NOTEBOOK, "");
	build_dns_soa(b, ISP, NOTEBOOK, "nxdomain", NB_ALIAS, NB_ZONE,
		      PRIVATE_MNAME);
	build_soa(b, ISP, NB_ZONE, PRIVATE_MNAME);
	build_tcp(b, NOTEBOOK, "10.150.0.5", 443, "timeout");
	build_system(b, BLOB, "10.150.0.8");
	/* The later round counts. */
	build_dns(b, ISP, BLOB, "A", "answer", BLOB_ALIAS " 10.150.0.98");
	build_private(b, ISP, BLOB);
	build_open(b, BLOB, "10.150.0.8");
	build_stranger(b, BLOB, "10.150.0.98");
}

static void (*const worlds[])(struct build *) = { healthy, isp_resolver,
						  many_faults };
#define N_WORLDS (sizeof(worlds) / sizeof(*worlds))

/* --- the verdict as text -------------------------------------------------- */

static void tell_finding(struct diag_buf *out, const struct diag_finding *f)
{
	size_t i;

	diag_buf_printf(out, "%s %s [%s] %s:", diag_severity_key(f->severity),
			f->info->code, f->subject != NULL ? f->subject : "",
			f->detail);
	for (i = 0; i < f->n_targets; i++)
		diag_buf_printf(out, " %s", f->targets[i]);
	for (i = 0; i < f->n_evidence; i++)
		diag_buf_printf(out, " #%u", f->evidence[i]);
	for (i = 0; i < f->n_proof; i++)
		diag_buf_printf(out, " (%s)", f->proof[i].text);
	diag_buf_putc(out, '\n');
}

static void tell(const struct diag_verdict *v, struct diag_buf *out)
{
	size_t i;

	diag_buf_init(out, (size_t)16 << 20);
	diag_buf_printf(out, "%s\n", diag_outcome_key(v->outcome));
	for (i = 0; i < v->n_findings; i++)
		tell_finding(out, &v->findings[i]);
	for (i = 0; i < v->n_targets; i++)
		diag_buf_printf(out, "%zu %s\n", i,
				diag_target_status_key(v->targets[i].status));
	for (i = 0; i < v->n_causes; i++)
		diag_buf_printf(out, "cause %s\n",
				v->causes[i].finding->info->code);
}

/* --- facts as lines ------------------------------------------------------- */

struct lines {
	char *text;
	const char *at[LINES_MAX];
	size_t n;
};

static void lines_of(const struct build *b, struct lines *l)
{
	char *p;

	l->n = 0;
	l->text = diag_strdup(diag_buf_str(&b->facts));
	assert_non_null(l->text);
	for (p = l->text; *p != '\0' && l->n < LINES_MAX;) {
		char *end = strchr(p, '\n');

		l->at[l->n++] = p;
		*end = '\0';
		p = end + 1;
	}
}

/* A small generator, so that a failure can be made again (Numerical Recipes,
 * 7.1: the quick and dirty one). */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void shuffle(struct lines *l, uint32_t *seed)
{
	size_t i;

	for (i = l->n; i > 1; i--) {
		size_t k = next_random(seed) % i;
		const char *t = l->at[i - 1];

		l->at[i - 1] = l->at[k];
		l->at[k] = t;
	}
}

static void put_back(struct build *b, const struct lines *l)
{
	size_t i;

	diag_buf_reset(&b->facts);
	for (i = 0; i < l->n; i++)
		if (l->at[i] != NULL)
			diag_buf_printf(&b->facts, "%s\n", l->at[i]);
}

/* --- properties ----------------------------------------------------------- */

static void the_same_case_gives_the_same_verdict(void **state)
{
	struct build *b = *state;
	struct diag_buf first, second;

	many_faults(b);
	build_judge(b);
	tell(b->v, &first);
	build_judge(b);
	tell(b->v, &second);
	assert_string_equal(diag_buf_str(&first), diag_buf_str(&second));
	diag_buf_clear(&first);
	diag_buf_clear(&second);
}

/* Facts of one case keep their ids when they are read in another order?  A
 * case numbers them anew, so evidence is compared without its numbers. */
static void drop_numbers(struct diag_buf *text)
{
	char *in = text->data, *out = text->data;

	while (*in != '\0')
		if (*in == '#')
			in += 1 + strspn(in + 1, "0123456789");
		else
			*out++ = *in++;
	*out = '\0';
}

static void the_order_of_facts_does_not_matter(void **state)
{
	struct build *b = *state;
	struct diag_buf want, got;
	struct lines l;
	uint32_t seed = 1;
	int i;

	many_faults(b);
	build_judge(b);
	tell(b->v, &want);
	drop_numbers(&want);
	for (i = 0; i < 20; i++) {
		lines_of(b, &l);
		shuffle(&l, &seed);
		put_back(b, &l);
		diag_free(l.text);
		build_judge(b);
		tell(b->v, &got);
		drop_numbers(&got);
		assert_string_equal(diag_buf_str(&want), diag_buf_str(&got));
		diag_buf_clear(&got);
	}
	diag_buf_clear(&want);
}

static void evidence_is_sorted_and_without_doubles(void **state)
{
	struct build *b = *state;
	size_t i, k;

	many_faults(b);
	isp_resolver(b);
	build_judge(b);
	for (i = 0; i < b->v->n_findings; i++)
		for (k = 1; k < b->v->findings[i].n_evidence; k++)
			assert_true(b->v->findings[i].evidence[k - 1] <
				    b->v->findings[i].evidence[k]);
}

/* A name that failed may become unknown when its facts are missing, and one
 * that was fine as well; none may become fine. */
static void drop_some(struct build *b, const struct lines *all, uint32_t *seed,
		      unsigned keep_of_8)
{
	struct lines l = *all;
	size_t i;

	for (i = 0; i < l.n; i++)
		if (next_random(seed) % 8 >= keep_of_8)
			l.at[i] = NULL;
	put_back(b, &l);
}

static bool is_fine(enum diag_target_status s)
{
	return s == DIAG_TARGET_OK || s == DIAG_TARGET_WARN;
}

static void compare_states(const struct build *b,
			   const enum diag_target_status *before)
{
	bool unknown = false;
	size_t i;

	for (i = 0; i < b->v->n_targets; i++) {
		unknown |= b->v->targets[i].status == DIAG_TARGET_UNKNOWN;
		if (is_fine(before[i]) || !is_fine(b->v->targets[i].status))
			continue;
		fail_msg("%s was %s and is fine after facts were lost\n%s",
			 b->v->targets[i].target->fqdn,
			 diag_target_status_key(before[i]),
			 diag_buf_str(&b->facts));
	}
	if (unknown)
		assert_int_not_equal(DIAG_HEALTHY, b->v->outcome);
}

static void missing_facts_never_make_health(void **state)
{
	struct build *b = *state;
	enum diag_target_status before[8];
	uint32_t seed = 7;
	struct lines l;
	size_t w, i;
	int round;

	for (w = 0; w < N_WORLDS; w++) {
		diag_buf_reset(&b->facts);
		b->targets = T_API "," T_NOTEBOOK "," T_BLOB;
		worlds[w](b);
		build_judge(b);
		for (i = 0; i < b->v->n_targets; i++)
			before[i] = b->v->targets[i].status;
		lines_of(b, &l);
		for (round = 0; round < 60; round++) {
			drop_some(b, &l, &seed, 2 + (unsigned)round % 6);
			build_judge(b);
			compare_states(b, before);
		}
		diag_free(l.text);
	}
}

static void no_facts_at_all_is_unknown(void **state)
{
	struct build *b = *state;

	build_judge(b);
	assert_int_equal(DIAG_UNKNOWN, b->v->outcome);
	assert_int_equal(3, diag_verdict_exit(b->v, false));
	build_status(b, API, DIAG_TARGET_UNKNOWN);
}

static void questions_that_could_not_run_are_unknown(void **state)
{
	struct build *b = *state;

	b->targets = T_API;
	build_system_status(b, API, "not-run", "", "");
	build_dns(b, ISP, API, "A", "not-run", "");
	build_tcp(b, API, "10.150.0.4", 443, "not-run");
	build_judge(b);
	build_expect(b, "");
	assert_int_equal(DIAG_UNKNOWN, b->v->outcome);
}

static void a_broken_off_run_is_never_healthy(void **state)
{
	struct build *b = *state;

	b->complete = false;
	build_healthy(b, ISP);
	build_judge(b);
	assert_int_equal(DIAG_UNKNOWN, b->v->outcome);
	build_status(b, API, DIAG_TARGET_OK);
}

static void every_code_is_explained(void **state)
{
	const struct diag_code_info *rows;
	size_t i, n = diag_code_all(&rows);

	(void)state;
	assert_in_range(n, 20, 200);
	for (i = 0; i < n; i++) {
		assert_ptr_equal(&rows[i], diag_code_find(rows[i].code));
		assert_int_equal(0, strncmp(rows[i].explain, rows[i].code,
					    strlen(rows[i].code)));
		assert_non_null(strstr(rows[i].explain, "**How we know.**"));
	}
	assert_null(diag_code_find("dns.nonsense"));
}

/* --- size ----------------------------------------------------------------- */

static void many_targets(struct build *b, struct diag_buf *targets, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "sa%u.blob.core.windows.net",
			       i);
		diag_buf_printf(targets,
				"%s{\"fqdn\":\"%s\",\"service\":"
				"\"storage-blob\",\"addresses\":[\"10.150.%u."
				"%u\"],\"expect\":\"private\",\"ports\":[443]}",
				i > 0 ? "," : "", name, i / 200, 4 + i % 200);
		build_system(b, name, "20.62.10.8");
		build_dns(b, ISP, name, "A", "answer",
			  "x.privatelink.blob.core.windows.net 20.62.10.8");
		build_tcp(b, name, "20.62.10.8", 443, "timeout");
	}
}

/* Memory stands for work: both grow with what is looked at. */
static void the_work_grows_with_the_case(void **state)
{
	struct build *b = *state;
	struct diag_buf targets;
	size_t small, large;

	diag_buf_init(&targets, (size_t)16 << 20);
	many_targets(b, &targets, 100);
	b->targets = diag_buf_str(&targets);
	build_judge(b);
	small = b->v->arena.used;
	diag_buf_reset(&targets);
	diag_buf_reset(&b->facts);
	many_targets(b, &targets, 2000);
	b->targets = diag_buf_str(&targets);
	build_judge(b);
	large = b->v->arena.used;
	assert_in_range(large, 1, 40 * small);
	assert_int_equal(2000,
			 build_finding(b, "dns.zone-not-visible")->n_targets);
	diag_buf_clear(&targets);
}

/* --- no memory ------------------------------------------------------------ */

static bool judge_again(void *ctx)
{
	struct build *b = ctx;
	struct diag_verdict *v = NULL;
	struct diag_err err = { 0 };

	if (!diag_judge(b->c, "ws1103.json", &v, &err)) {
		assert_int_equal(DIAG_ENOMEM, err.code);
		return false;
	}
	diag_verdict_free(v);
	return true;
}

static void no_memory_is_an_error_and_nothing_leaks(void **state)
{
	struct build *b = *state;

	many_faults(b);
	build_judge(b);
	assert_in_range(torture(judge_again, b), 3, 100000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_case_gives_the_same_verdict),
		TEST(the_order_of_facts_does_not_matter),
		TEST(evidence_is_sorted_and_without_doubles),
		TEST(missing_facts_never_make_health),
		TEST(no_facts_at_all_is_unknown),
		TEST(questions_that_could_not_run_are_unknown),
		TEST(a_broken_off_run_is_never_healthy),
		TEST(every_code_is_explained),
		TEST(the_work_grows_with_the_case),
		TEST(no_memory_is_an_error_and_nothing_leaks),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}

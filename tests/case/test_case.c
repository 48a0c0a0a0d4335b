/* SPDX-License-Identifier: MIT */
/* A case is written, read back, merged, and survives what files suffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "case/case.h"
#include "tests/support/torture.h"

#define HEADER                                                                 \
	"{\"schema\":\"pldiag.case/1\",\"tool\":\"pl-doctor\",\"version\":"    \
	"\"0.1.0\",\"started\":\"2026-11-23T10:00:00Z\",\"took_ms\":212.5,"    \
	"\"complete\":true,\"host\":\"vpn-laptop\",\"role\":\"jumpbox\","      \
	"\"era\":\"2020\",\"no_public\":true,\"views\":[{\"view\":\"system\"}" \
	",{\"view\":\"198.51.100.53:53\",\"added\":true}],\"inventory\":{"     \
	"\"schema\":\"pldiag.inventory/1\",\"name\":\"ws1103\",\"region\":"    \
	"\"eastus\",\"targets\":[{\"fqdn\":\"a.example\",\"service\":"         \
	"\"other\",\"addresses\":[\"10.0.0.4\"]}]},\"machine\":{\"host\":"     \
	"\"vpn-laptop\"}}\n"
#define FACT(port)                                                            \
	"{\"id\":9,\"probe\":\"tcp\",\"target\":\"a.example\",\"started_ms\"" \
	":1,\"took_ms\":2,\"status\":\"open\",\"address\":\"10.0.0.4\","      \
	"\"port\":" #port "}\n"

struct world {
	struct diag_case *c;
	struct diag_problems problems;
	struct diag_err err;
};

static int set_up(void **state)
{
	struct world *w = diag_alloc(sizeof(*w));

	assert_non_null(w);
	diag_problems_init(&w->problems);
	assert_true(diag_case_new(&w->c, &w->err));
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	diag_case_free(w->c);
	diag_problems_clear(&w->problems);
	diag_free(w);
	return 0;
}

static bool add(struct world *w, const char *name, const char *text)
{
	return diag_case_add(w->c, name, text, strlen(text), &w->problems,
			     &w->err);
}

static const char *told(struct world *w)
{
	return diag_buf_str(&w->problems.text);
}

static void a_saved_case_is_read(void **state)
{
	struct world *w = *state;
	const struct diag_origin *o;

	if (!add(w, "laptop", HEADER FACT(443) FACT(22)))
		fail_msg("%s", told(w));
	assert_int_equal(1, w->c->n_origins);
	o = &w->c->origins[0];
	assert_string_equal("laptop", o->name);
	assert_string_equal("pl-doctor", o->tool);
	assert_string_equal("0.1.0", o->version);
	assert_string_equal("vpn-laptop", o->host);
	assert_string_equal("vpn-laptop", o->machine->host);
	assert_int_equal(1795428000, o->started_s);
	assert_true(o->took_ms == 212.5);
	assert_true(o->complete);
	assert_int_equal(2, o->n_views);
	assert_string_equal("system", o->views[0].text);
	assert_int_equal(DIAG_NOFAM, o->views[0].at.addr.family);
	assert_int_equal(53, o->views[1].at.port);
	assert_true(o->views[1].added);
	assert_int_equal(DIAG_ROLE_JUMPBOX, w->c->role);
	assert_int_equal(DIAG_ERA_2020, w->c->era);
	assert_true(w->c->no_public);
	assert_string_equal("ws1103", w->c->inventory->name);
	assert_int_equal(1, w->c->inventory->n_targets);
	assert_int_equal(2, w->c->facts.n);
	assert_int_equal(1, w->c->facts.facts[0]->id);
	assert_int_equal(2, w->c->facts.facts[1]->id);
	assert_string_equal("laptop", w->c->facts.facts[0]->origin);
	assert_int_equal(0, w->problems.n);
}

static void what_is_written_is_read_as_the_same(void **state)
{
	struct world *w = *state;
	struct world again = { 0 };
	struct diag_buf first;
	struct diag_buf second;

	diag_buf_init(&first, 1 << 20);
	diag_buf_init(&second, 1 << 20);
	diag_problems_init(&again.problems);
	assert_true(diag_case_new(&again.c, NULL));
	assert_true(add(w, "laptop", HEADER FACT(443) FACT(22)));
	diag_case_print_header(w->c, 0, &first);
	diag_case_print_facts(w->c, &first);
	if (!add(&again, NULL, first.data))
		fail_msg("%s\n%s", told(&again), first.data);
	diag_case_print_header(again.c, 0, &second);
	diag_case_print_facts(again.c, &second);
	assert_string_equal(first.data, second.data);
	diag_case_free(again.c);
	diag_problems_clear(&again.problems);
	diag_buf_clear(&first);
	diag_buf_clear(&second);
}

/* What happened beside the run stays with it; readers that do not know marks
 * see a key that they do not know. */
static void marks_stay_in_their_order(void **state)
{
	static const struct diag_mark before = { .at_s = 1700000000,
						 .at_part_ms = 250,
						 .text = "before" };
	struct world *w = *state;
	struct world again = { 0 };
	struct diag_buf out;

	diag_buf_init(&out, 1 << 20);
	diag_problems_init(&again.problems);
	assert_true(diag_case_new(&again.c, NULL));
	assert_true(add(w, NULL, HEADER FACT(443)));
	assert_true(diag_case_mark(w->c, 0, &before, NULL));
	assert_true(diag_case_mark(
	    w->c, 0, &(struct diag_mark){ .at_s = 1700000300, .text = "after" },
	    NULL));
	diag_case_print_header(w->c, 0, &out);
	diag_case_print_facts(w->c, &out);
	assert_non_null(strstr(out.data, "\"marks\":[{\"at\":\""
					 "2023-11-14T22:13:20Z\","
					 "\"at_part_ms\":250"));
	assert_true(add(&again, NULL, out.data));
	assert_int_equal(2, again.c->origins[0].n_marks);
	assert_int_equal(1700000000, again.c->origins[0].marks[0].at_s);
	assert_string_equal("before", again.c->origins[0].marks[0].text);
	assert_string_equal("after", again.c->origins[0].marks[1].text);
	diag_case_free(again.c);
	diag_problems_clear(&again.problems);
	diag_buf_clear(&out);
}

static void marks_are_limited_and_checked(void **state)
{
	struct world *w = *state;
	struct diag_err err = { .code = DIAG_OK };

	assert_false(add(w, "laptop",
			 "{\"schema\":\"pldiag.case/1\",\"marks\":[{\"at\":"
			 "\"yesterday\",\"text\":\"x\"}]}\n"));
	assert_non_null(strstr(told(w), "$.marks[0].at: expected a time"));
	for (int i = 0; i < DIAG_MARKS_MAX; i++)
		assert_true(diag_case_mark(
		    w->c, 0, &(struct diag_mark){ .text = "x" }, NULL));
	assert_false(
	    diag_case_mark(w->c, 0, &(struct diag_mark){ .text = "x" }, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
}

/* Of a hosts file only lines for the targets leave the machine; a wildcard
 * above one of them was meant for it. */
static void hosts_lines_of_others_stay_at_home(void **state)
{
	static const char text[] =
	    "10.0.0.5 b.secret\n10.0.0.6 *.example\n"
	    "10.0.0.7 *.secret\n10.0.0.8c.secret\n10.0.0.9 https://a.example\n";
	struct world *w = *state;
	struct diag_machine *m;
	struct diag_buf out;

	assert_true(add(w, "laptop", HEADER));
	m = w->c->origins[0].machine;
	assert_true(diag_hosts_parse(&m->arena, text, sizeof(text) - 1,
				     &m->hosts, NULL));
	assert_int_equal(4, m->hosts.n_faults);
	diag_buf_init(&out, 1 << 20);
	diag_case_print_header(w->c, 0, &out);
	assert_null(strstr(out.data, "secret"));
	assert_non_null(strstr(out.data, "\"meant\":\"*.example\""));
	assert_non_null(strstr(out.data, "\"kind\":\"bad-name\""));
	diag_buf_clear(&out);
}

static void several_cases_are_judged_by_the_first(void **state)
{
	static const char other[] =
	    "{\"schema\":\"pldiag.case/1\",\"host\":\"vm\",\"role\":\"client\","
	    "\"complete\":false,\"machine\":{\"host\":\"vm\"}}\n" FACT(8787);
	struct world *w = *state;
	struct diag_case *c = w->c;

	assert_true(add(w, "laptop", HEADER FACT(443)));
	assert_true(add(w, "vm", other));
	assert_true(add(w, "vm", other));
	assert_int_equal(3, c->n_origins);
	assert_int_equal(DIAG_ROLE_JUMPBOX, c->role);
	assert_string_equal("vm", c->origins[1].machine->host);
	assert_string_equal("vm (2)", c->origins[2].name);
	assert_int_equal(3, c->facts.facts[2]->id);
	assert_ptr_equal(&c->origins[0],
			 diag_case_origin(c, c->facts.facts[0]));
	assert_ptr_equal(&c->origins[1],
			 diag_case_origin(c, c->facts.facts[1]));
	assert_ptr_equal(&c->origins[2],
			 diag_case_origin(c, c->facts.facts[2]));
}

static void a_last_line_cut_in_the_middle_is_no_error(void **state)
{
	static const char whole[] = HEADER FACT(443) FACT(22);
	size_t head = strlen(HEADER FACT(443));
	struct world *w = *state;

	/* Wherever the last line is cut, the line before is kept. */
	for (size_t len = head + 1; len < sizeof(whole) - 2; len++) {
		w->problems.n = 0;
		assert_true(diag_case_add(w->c, "x", whole, len, &w->problems,
					  &w->err));
		assert_int_equal(1, w->problems.n);
		assert_false(w->c->origins[0].complete);
		assert_int_equal(1, w->c->facts.n);
		diag_case_free(w->c);
		assert_true(diag_case_new(&w->c, NULL));
	}
	/* Only the line feed is lost: nothing is. */
	assert_true(diag_case_add(w->c, "x", whole, sizeof(whole) - 2,
				  &w->problems, &w->err));
	assert_true(w->c->origins[0].complete);
	assert_int_equal(2, w->c->facts.n);
}

static void facts_that_are_missing_make_it_incomplete(void **state)
{
	struct world *w = *state;

	assert_true(add(w, "x",
			"{\"schema\":\"pldiag.case/1\",\"complete\":true,"
			"\"facts\":3}\n" FACT(443) FACT(22)));
	assert_false(w->c->origins[0].complete);
	assert_non_null(strstr(told(w), "1 facts of 3 are missing"));
}

static void all_bad_lines_are_told(void **state)
{
	struct world *w = *state;

	assert_false(add(w, "x.jsonl",
			 "{\"schema\":\"pldiag.case/1\",\"role\":\"king\"}\n"
			 "{\"probe\":\"tcp\"}\n"
			 "{oops}\n"
			 "\n" FACT(443) FACT(0)));
	assert_int_equal(DIAG_EPARSE, w->err.code);
	assert_non_null(strstr(told(w), "x.jsonl:1: $.role: expected client"));
	assert_non_null(strstr(told(w), "x.jsonl:2: $.status: expected"));
	assert_non_null(strstr(told(w), "x.jsonl:3:2: "));
	assert_non_null(strstr(told(w), "x.jsonl:6: $.port: expected"));
	assert_int_equal(0, strncmp(told(w), w->err.what, strlen(w->err.what)));
}

static void what_is_no_case_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"{\"schema\":\"pldiag.ca",
		"[]\n",
		"{}\n",
		"{\"schema\":\"pldiag.case/2\"}\n",
		"{\"schema\":\"pldiag.case/1\",\"machine\":[]}\n",
		"{\"schema\":\"pldiag.case/1\",\"views\":[{\"view\":\"x\"}]}\n",
		"{\"schema\":\"pldiag.case/1\",\"views\":[7]}\n",
		"{\"schema\":\"pldiag.case/1\",\"started\":\"today\"}\n",
		"{\"schema\":\"pldiag.case/1\",\"inventory\":{}}\n",
		"{\"schema\":\"pldiag.inventory/1\"}\n",
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		w->err = (struct diag_err){ 0 };
		if (add(w, "x", texts[i]))
			fail_msg("taken: %s", texts[i]);
		assert_int_equal(DIAG_EPARSE, w->err.code);
		diag_case_free(w->c);
		assert_true(diag_case_new(&w->c, NULL));
	}
}

static void a_case_that_says_little_is_read(void **state)
{
	struct world *w = *state;

	assert_true(add(w, NULL, "{\"schema\":\"pldiag.case/1\"}"));
	assert_non_null(w->c->inventory);
	assert_int_equal(0, w->c->inventory->n_targets);
	assert_non_null(w->c->origins[0].machine);
	assert_string_equal("", w->c->origins[0].name);
	assert_string_equal("", w->c->origins[0].host);
	assert_false(w->c->origins[0].complete);
}

static void there_is_a_limit_of_cases(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < DIAG_CASES_MAX; i++)
		assert_true(add(w, "x", "{\"schema\":\"pldiag.case/1\"}\n"));
	assert_false(add(w, "x", "{\"schema\":\"pldiag.case/1\"}\n"));
	assert_int_equal(DIAG_ELIMIT, w->err.code);
}

static bool write_and_read(void *arg)
{
	static const char text[] = HEADER FACT(443);
	struct diag_case *c = NULL;
	struct diag_problems problems;
	struct diag_buf out;
	bool ok;

	(void)arg;
	diag_problems_init(&problems);
	diag_buf_init(&out, 1 << 20);
	ok = diag_case_new(&c, NULL) &&
	     diag_case_add(c, "x", text, sizeof(text) - 1, &problems, NULL) &&
	     diag_case_add(c, "x", text, sizeof(text) - 1, &problems, NULL);
	if (ok) {
		diag_case_print_header(c, 1, &out);
		diag_case_print_facts(c, &out);
		ok = diag_buf_ok(&out, NULL, "case");
	}
	diag_case_free(c);
	diag_buf_clear(&out);
	diag_problems_clear(&problems);
	return ok;
}

static void no_allocation_that_fails_breaks_it(void **state)
{
	(void)state;
	assert_true(torture(write_and_read, NULL) > 10);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_saved_case_is_read),
		T(marks_stay_in_their_order),
		T(marks_are_limited_and_checked),
		T(what_is_written_is_read_as_the_same),
		T(hosts_lines_of_others_stay_at_home),
		T(several_cases_are_judged_by_the_first),
		T(a_last_line_cut_in_the_middle_is_no_error),
		T(facts_that_are_missing_make_it_incomplete),
		T(all_bad_lines_are_told),
		T(what_is_no_case_is_refused),
		T(a_case_that_says_little_is_read),
		T(there_is_a_limit_of_cases),
		T(no_allocation_that_fails_breaks_it),
	};

	return cmocka_run_group_tests_name("case", tests, NULL, NULL);
}

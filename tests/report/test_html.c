/* SPDX-License-Identifier: MIT */
/* What the page says, part by part.  That it is well formed, loads nothing and
 * has a target for each link is checked by check_formats.py, over all scenes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/report/scenes.h"
#include "tests/support/torture.h"

#define OUT_BYTES ((size_t)16 << 20)

/* --- pages ---------------------------------------------------------------- */

static void put_page(const struct scene_row *row, struct diag_buf *out)
{
	struct diag_report_in in;
	struct diag_err err = { 0 };
	struct scene s;

	scene_open(&s, row);
	in = scene_report(&s);
	diag_buf_init(out, OUT_BYTES);
	assert_true(diag_renderer_find("html")->render(&in, out, &err));
	scene_close(&s);
}

static void put_named(const char *name, struct diag_buf *out)
{
	const struct scene_row *rows;
	size_t n = scene_all(&rows);

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0) {
			put_page(&rows[i], out);
			return;
		}
	fail_msg("no scene %s", name);
}

static void put_made(void (*make)(struct scene *s), struct diag_buf *out)
{
	const struct scene_row row = { "made here", make };

	put_page(&row, out);
}

/* Not strstr: sanitizers measure the whole text each time. */
static size_t count(const char *text, const char *piece)
{
	size_t len = strlen(piece);
	size_t left = strlen(text);
	size_t n = 0;

	for (; left >= len; text++, left--)
		n += memcmp(text, piece, len) == 0;
	return n;
}

static void assert_has(const struct diag_buf *page, const char *piece)
{
	if (strstr(page->data, piece) == NULL)
		fail_msg("the page does not say %s", piece);
}

/* --- verdict, cause, repair ----------------------------------------------- */

static void what_matters_comes_first(void **unused)
{
	static const char *const order[] = {
		"<h1",
		"</span> Failed</span>",
		"3 of 4 names do not reach",
		"Cause and repair",
		"does not see the private DNS",
		"sudo pl-hosts apply ws1103.json",
		"How we know",
		"<svg class=\"way across\"",
		"<table class=\"matrix\">",
		"<table class=\"timings\">",
		"id=\"f1\"",
		"<table class=\"facts\">",
	};
	struct diag_buf page;
	const char *at;

	(void)unused;
	put_named("zone-not-visible", &page);
	at = page.data;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		at = strstr(at, order[i]);
		if (at == NULL)
			fail_msg("%s is missing, or comes too early", order[i]);
	}
	diag_buf_clear(&page);
}

static void a_command_is_whole_and_by_itself(void **unused)
{
	struct diag_buf page;

	(void)unused;
	put_named("zone-not-visible", &page);
	assert_has(&page, "<pre class=\"copy\" tabindex=\"0\"><code>"
			  "sudo pl-hosts apply ws1103.json</code></pre>");
	assert_has(&page, "<code>sudo pl-hosts undo</code></pre>");
	assert_has(&page, ">lasting, DNS admin<");
	diag_buf_clear(&page);
}

static void other_causes_are_folded(void **unused)
{
	struct diag_buf page;

	(void)unused;
	put_named("vpn-down", &page);
	assert_has(&page, "<details><summary>Cause 2 of 2: ");
	assert_has(&page, "<code>10.150.0.4 bf4ab0bd-2c9f-4480-abaf-"
			  "f799f0832c80.workspace.eastus.api.azureml.ms\n"
			  "10.150.0.6 ws1103sa.blob.core.windows.net</code>");
	diag_buf_clear(&page);
}

static void a_healthy_page_tells_what_a_browser_can_block(void **unused)
{
	struct diag_buf page;

	(void)unused;
	put_named("healthy", &page);
	assert_has(&page, "</span> Healthy</span>");
	assert_has(&page, "a proxy script (PAC)");
	assert_null(strstr(page.data, "id=\"cause\""));
	assert_null(strstr(page.data, "href=\"#cause\""));
	diag_buf_clear(&page);
}

/* --- the picture ---------------------------------------------------------- */

static void the_way_breaks_where_the_finding_says(void **unused)
{
	static const struct {
		const char *scene, *says;
	} rows[] = {
		{ "zone-not-visible",
		  ": breaks at Address (20.62.10.4 public)" },
		{ "vpn-down", ": breaks at Route (" },
		{ "degraded", ": breaks at Address (" },
		{ "unknown", ": where it breaks is not known" },
		{ "healthy", ": the whole way is open" },
		{ "several-origins", ": breaks at Route (" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct diag_buf page;
		const char *title, *end, *says;

		put_named(rows[i].scene, &page);
		title = strstr(page.data, "<title id=\"way-1-across\">");
		assert_non_null(title);
		end = strstr(title, "</title>");
		says = strstr(title, rows[i].says);
		if (says == NULL || says > end)
			fail_msg("%s: %.*s", rows[i].scene, (int)(end - title),
				 title);
		diag_buf_clear(&page);
	}
}

/* One drawing: from its beginning to its end. */
static void assert_drawn(const struct diag_buf *page, const char *piece,
			 size_t times)
{
	char *from = strstr(page->data, "<svg class=\"way across\"");
	char *to = strstr(from, "</svg>");
	size_t n;

	*to = '\0';
	n = count(from, piece);
	*to = '<';
	if (n != times)
		fail_msg("%s is drawn %zu times, not %zu", piece, n, times);
}

static void a_break_is_drawn_once_and_what_is_behind_it_is_dashed(void **unused)
{
	struct diag_buf page;

	(void)unused;
	put_named("zone-not-visible", &page);
	assert_drawn(&page, "class=\"torn\"", 1);
	assert_drawn(&page, "class=\"stop fail\"", 1);
	assert_drawn(&page, "class=\"track behind\"", 4);
	assert_drawn(&page, "class=\"track\"", 3);
	/* The expected address was tried, and the page says so. */
	assert_has(&page, "this is the way to 10.150.0.4, which is expected");
	diag_buf_clear(&page);
	put_named("healthy", &page);
	assert_drawn(&page, "class=\"torn\"", 0);
	assert_drawn(&page, "class=\"stop fail\"", 0);
	diag_buf_clear(&page);
}

/* --- views, timings, certificates ----------------------------------------- */

#define NAME "a.blob.core.windows.net"
#define DNS(id, view, status, rest)                                         \
	"{\"id\":" id ",\"probe\":\"dns\",\"target\":\"" NAME               \
	"\",\"name\":\"" NAME "\",\"type\":\"A\",\"view\":\"" view          \
	"\",\"started_ms\":0,\"took_ms\":20,\"status\":\"" status "\"" rest \
	"}\n"
#define CHAIN                                                        \
	",\"chain\":[{\"name\":\"" NAME                              \
	"\",\"type\":\"CNAME\",\"ttl\":300,\"value\":\"a."           \
	"privatelink.blob.core.windows.net\"},{\"name\":\"a."        \
	"privatelink.blob.core.windows.net\",\"type\":\"A\",\"ttl\"" \
	":10,\"value\":\"10.150.0.6\"}],\"addresses\":[\"10.150.0.6\"]"
#define CERT(subject, hash)                                           \
	"{\"subject\":\"" subject "\",\"issuer\":\"CN=Root\",\"san\"" \
	":[\"*.blob.core.windows.net\"],\"not_before\":"              \
	"\"2026-01-01T00:00:00Z\",\"not_after\":"                     \
	"\"2027-01-01T00:00:00Z\",\"sha256\":\"" hash "\"}"
#define TLS(id, status, cert)                                        \
	"{\"id\":" id ",\"probe\":\"tls\",\"target\":\"" NAME        \
	"\",\"started_ms\":60,\"took_ms\":40,\"status\":\"" status   \
	"\",\"address\":\"10.150.0.6\",\"port\":443,\"sni\":\"" NAME \
	"\",\"version\":\"TLSv1.3\",\"chain\":[" cert                \
	"," CERT("CN=Middle", "cc") "]}\n"

static void views(struct scene *s)
{
	static const char text[] =
	    "{\"schema\":\"pldiag.case/1\",\"complete\":true,\"host\":\"h\","
	    "\"took_ms\":100,\"started\":\"2026-11-23T10:00:00Z\",\"views\":"
	    "[{\"view\":\"10.0.0.1:53\"},{\"view\":\"10.0.0.2:53\"},"
	    "{\"view\":\"10.0.0.3:53\"},{\"view\":\"10.0.0.4:53\"}],"
	    "\"inventory\":{\"schema\":\"pldiag.inventory/1\",\"name\":\"w\","
	    "\"networks\":[\"10.150.0.0/16\"],\"targets\":[{\"fqdn\":\"" NAME
	    "\",\"service\":\"storage-blob\",\"addresses\":"
	    "[\"10.150.0.6\"]}]}}\n" DNS("1", "10.0.0.1:53", "answer", CHAIN)
		DNS("2", "10.0.0.2:53", "answer",
		    ",\"addresses\":[\"20.60.0.1\"]")
		    DNS("3", "10.0.0.3:53", "nxdomain", "")
			TLS("4", "ok", CERT("CN=Good", "aa"))
			    TLS("5", "ok", CERT("CN=Good", "aa"))
				TLS("6", "expired", CERT("CN=Bad", "bb"));

	scene_case_text(s, NULL, text);
	s->v.outcome = DIAG_HEALTHY;
	scene_target(s, DIAG_TARGET_OK, "10.150.0.6")->tls = 4;
}

static void a_cell_says_whether_an_answer_is_the_expected_one(void **unused)
{
	struct diag_buf page;

	(void)unused;
	put_made(views, &page);
	assert_has(&page, "<td class=\"ok\">\xe2\x9c\x93\xc2\xa0"
			  "10.150.0.6 "
			  "<a class=\"ref\" href=\"#fact-1\">#1</a></td>");
	assert_has(&page, "<td class=\"off\">\xe2\x89\xa0\xc2\xa0"
			  "20.60.0.1 public "
			  "<a class=\"ref\" href=\"#fact-2\">#2</a></td>");
	assert_has(&page, "<td class=\"off\">\xe2\x89\xa0\xc2\xa0nxdomain ");
	assert_has(&page, "<td>\xe2\x80\x93</td>");
	assert_int_equal(1, count(page.data, "<bdi>10.0.0.4:53</bdi></th>"));
	diag_buf_clear(&page);
}

static void the_chain_is_told_whole(void **unused)
{
	struct diag_buf page;

	(void)unused;
	put_made(views, &page);
	assert_drawn(&page, "privatelink.", 1);
	assert_has(&page, "<li><code>a.<wbr>blob.<wbr>core.<wbr>windows.<wbr>"
			  "net</code> CNAME <code>a.<wbr>privatelink.");
	assert_has(&page, " A <code>10.150.0.6</code> <small>TTL 10 s");
	diag_buf_clear(&page);
}

/* Of 100 ms: DNS is the first fifth, TLS begins at 60 and takes 40. */
static void bars_stand_where_their_time_is(void **unused)
{
	struct diag_buf page;

	(void)unused;
	put_made(views, &page);
	assert_has(&page, "<rect class=\"dns\" x=\"0.0%\" width=\"20.0%\"");
	assert_has(&page, "<rect class=\"tls\" x=\"60.0%\" width=\"40.0%\"");
	assert_has(&page, "<title>TLS, expired: 40 ms</title>");
	diag_buf_clear(&page);
}

static void a_certificate_comes_once_and_the_bad_ones_first(void **unused)
{
	struct diag_buf page;
	const char *bad, *good;

	(void)unused;
	put_made(views, &page);
	bad = strstr(page.data, "<h3><bdi>CN=Bad</bdi></h3>");
	good = strstr(page.data, "<summary><bdi>CN=Good</bdi> (ok, 2 times)");
	assert_non_null(bad);
	assert_non_null(good);
	assert_true(bad < good);
	assert_int_equal(1, count(page.data, "<bdi>CN=Good</bdi>"));
	assert_has(&page, "2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z");
	assert_has(&page, "<bdi>CN=Middle</bdi>, until ");
	diag_buf_clear(&page);
}

/* --- findings and facts --------------------------------------------------- */

static void findings_and_facts_link_to_each_other(void **unused)
{
	struct diag_buf page;
	const char *finding, *row;

	(void)unused;
	put_named("zone-not-visible", &page);
	finding = strstr(page.data, "<article class=\"card\" id=\"f1\">");
	row = strstr(page.data, "<tr id=\"fact-3\">");
	assert_non_null(finding);
	assert_non_null(row);
	assert_non_null(strstr(finding, "href=\"#fact-3\">#3</a>"));
	assert_non_null(strstr(row, "<a href=\"#f1\">f1</a>"));
	/* What follows from a cause says so. */
	assert_has(&page, "<p>It follows from <a href=\"#f1\">dns.zone-not-");
	diag_buf_clear(&page);
}

#define MANY 2000

static void many_facts(struct scene *s)
{
	struct diag_finding *f;

	scene_case(s,
		   "{\"fqdn\":\"" NAME "\",\"service\":\"storage-blob\","
		   "\"addresses\":[\"10.150.0.6\"]}",
		   "");
	for (int i = 0; i < MANY; i++)
		scene_fact(s, &(struct diag_fact){ .kind = DIAG_FACT_TCP,
						   .status = DIAG_ST_OPEN,
						   .target = NAME,
						   .tcp.port = 443 });
	s->v.outcome = DIAG_FAILED;
	(void)scene_target(s, DIAG_TARGET_FAIL, "20.60.0.1");
	f = scene_finding(s, "tcp.filtered", DIAG_ERROR, "Silence.");
	scene_about(s, f, 0, 0);
	scene_proof(s, f, "the last of them", MANY);
	scene_proof(s, f, "none of them", MANY + 7);
}

static void what_is_left_out_is_counted_and_what_is_linked_is_not(void **unused)
{
	struct diag_buf page;

	(void)unused;
	put_made(many_facts, &page);
	assert_has(&page, "<tr id=\"fact-2000\">");
	assert_null(strstr(page.data, "<tr id=\"fact-1999\">"));
	assert_has(&page, "<summary>1500 facts</summary>");
	assert_has(&page, "500 more facts are left out here; the JSON report");
	assert_has(&page, "<span class=\"ref\">#2007</span>");
	assert_int_equal(300, count(page.data, "<summary>as recorded<"));
	diag_buf_clear(&page);
}

static void many_names_are_folded(void **unused)
{
	struct diag_buf page;

	(void)unused;
	put_named("many", &page);
	assert_has(&page, "<details><summary>30 more names</summary>");
	assert_int_equal(70, count(page.data, "<small>storage-blob</small>"));
	assert_has(&page, "58 more names are not drawn");
	diag_buf_clear(&page);
}

/* --- from outside --------------------------------------------------------- */

#define LONG 100000

static void long_texts(struct scene *s)
{
	char *text = scene_alloc(s, LONG + 1, 1);
	struct diag_finding *f;
	struct diag_cause *c;

	memset(text, '<', LONG);
	scene_case(s, "{\"fqdn\":\"" NAME "\",\"service\":\"storage-blob\"}",
		   "");
	s->v.outcome = DIAG_FAILED;
	(void)scene_target(s, DIAG_TARGET_FAIL, "");
	f = scene_finding(s, "dns.wrong-address", DIAG_ERROR, text);
	c = scene_cause(s, f);
	scene_fix(s, c, (struct diag_fix){ .text = "x", .command = text });
}

static void a_long_text_is_cut_but_never_a_command(void **unused)
{
	struct diag_buf page;
	size_t n;

	(void)unused;
	put_made(long_texts, &page);
	n = count(page.data, "&lt;");
	/* The command, and the detail in two places. */
	assert_int_equal(LONG + 2 * 4096, n);
	diag_buf_clear(&page);
}

static void a_page_does_not_depend_on_the_terminal(void **unused)
{
	const struct scene_row *rows;
	size_t n = scene_all(&rows);

	(void)unused;
	for (size_t i = 0; i < n; i++) {
		struct diag_report_in in;
		struct diag_buf first, second;
		struct scene s;

		scene_open(&s, &rows[i]);
		in = scene_report(&s);
		diag_buf_init(&first, OUT_BYTES);
		diag_buf_init(&second, OUT_BYTES);
		assert_true(
		    diag_renderer_find("html")->render(&in, &first, NULL));
		in.width = 44;
		in.color = true;
		in.ascii = true;
		in.verbose = 2;
		assert_true(
		    diag_renderer_find("html")->render(&in, &second, NULL));
		assert_string_equal(first.data, second.data);
		diag_buf_clear(&first);
		diag_buf_clear(&second);
		scene_close(&s);
	}
}

static bool render_once(void *arg)
{
	struct diag_buf out;
	bool ok;

	diag_buf_init(&out, OUT_BYTES);
	ok = diag_renderer_find("html")->render(arg, &out, NULL);
	diag_buf_clear(&out);
	return ok;
}

static void no_allocation_that_fails_gives_half_a_page(void **unused)
{
	const struct scene_row row = { "views", views };
	struct diag_report_in in;
	struct scene s;

	(void)unused;
	scene_open(&s, &row);
	in = scene_report(&s);
	assert_true(torture(render_once, &in) > 10);
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_matters_comes_first),
		cmocka_unit_test(a_command_is_whole_and_by_itself),
		cmocka_unit_test(other_causes_are_folded),
		cmocka_unit_test(a_healthy_page_tells_what_a_browser_can_block),
		cmocka_unit_test(the_way_breaks_where_the_finding_says),
		cmocka_unit_test(
		    a_break_is_drawn_once_and_what_is_behind_it_is_dashed),
		cmocka_unit_test(
		    a_cell_says_whether_an_answer_is_the_expected_one),
		cmocka_unit_test(the_chain_is_told_whole),
		cmocka_unit_test(bars_stand_where_their_time_is),
		cmocka_unit_test(
		    a_certificate_comes_once_and_the_bad_ones_first),
		cmocka_unit_test(findings_and_facts_link_to_each_other),
		cmocka_unit_test(
		    what_is_left_out_is_counted_and_what_is_linked_is_not),
		cmocka_unit_test(many_names_are_folded),
		cmocka_unit_test(a_long_text_is_cut_but_never_a_command),
		cmocka_unit_test(a_page_does_not_depend_on_the_terminal),
		cmocka_unit_test(no_allocation_that_fails_gives_half_a_page),
	};

	return cmocka_run_group_tests_name("report html", tests, NULL, NULL);
}

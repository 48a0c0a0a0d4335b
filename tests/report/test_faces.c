/* SPDX-License-Identifier: MIT */
/* Every face of every scene: valid for its readers, harmless to a terminal,
 * whole when memory is short. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "tests/report/scenes.h"
#include "tests/support/torture.h"

#define OUT_BYTES ((size_t)16 << 20)

static void render(const char *face, const struct diag_report_in *in,
		   struct diag_buf *out)
{
	struct diag_err err = { 0 };

	diag_buf_init(out, OUT_BYTES);
	assert_true(diag_renderer_find(face)->render(in, out, &err));
	assert_int_equal(DIAG_OK, err.code);
}

static const struct scene_row *scene_named(const char *name)
{
	const struct scene_row *rows;
	size_t n = scene_all(&rows);

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	fail_msg("no scene %s", name);
	return NULL;
}

/* --- formats, read by others ---------------------------------------------- */

static void put_file(const char *folder, const char *scene, const char *face,
		     const struct diag_buf *text)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s.%s", folder, scene, face);
	assert_true(
	    diag_file_write(path, diag_buf_str(text), text->len, 0600, NULL));
}

static void put_scene(const char *folder, const struct scene_row *row)
{
	const struct diag_renderer *const *faces;
	size_t n = diag_renderer_all(&faces);
	struct diag_report_in in;
	struct diag_buf out;
	struct scene s;

	scene_open(&s, row);
	in = scene_report(&s);
	in.verbose = 1;
	for (size_t i = 0; i < n; i++) {
		render(faces[i]->name, &in, &out);
		put_file(folder, row->name, faces[i]->name, &out);
		diag_buf_clear(&out);
	}
	diag_buf_init(&out, OUT_BYTES);
	diag_case_print_header(s.c, 0, &out);
	diag_case_print_facts(s.c, &out);
	put_file(folder, row->name, "case", &out);
	diag_buf_clear(&out);
	scene_close(&s);
}

static int remove_one(const char *path, const struct stat *st, int flag,
		      struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int run_checker(const char *folder)
{
	static const char script[] = TEST_DATA "/../report/check_formats.py";
	int status = -1;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)execlp("python3", "python3", script, folder,
			     (char *)NULL);
		_exit(77); /* no python here */
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void each_face_is_read_by_others(void **unused)
{
	const struct scene_row *rows;
	size_t n = scene_all(&rows);
	char folder[] = "/tmp/pldiag-faces-XXXXXX";
	int status;

	(void)unused;
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < n; i++)
		put_scene(folder, &rows[i]);
	status = run_checker(folder);
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	if (status == 77)
		skip();
	assert_int_equal(0, status);
}

/* --- our own reader ------------------------------------------------------- */

static void our_reader_takes_the_json_of_every_scene(void **unused)
{
	const struct diag_json_limits limits = { OUT_BYTES, 32 };
	const struct scene_row *rows;
	size_t n = scene_all(&rows);

	(void)unused;
	for (size_t i = 0; i < n; i++) {
		struct diag_report_in in;
		struct diag_buf out;
		struct scene s;
		cJSON *doc = NULL;
		struct diag_err err = { 0 };

		scene_open(&s, &rows[i]);
		in = scene_report(&s);
		render("json", &in, &out);
		if (!diag_json_parse("report", out.data, out.len, &limits, &doc,
				     &err))
			fail_msg("%s: %s", rows[i].name, err.what);
		cJSON_Delete(doc);
		diag_buf_clear(&out);
		scene_close(&s);
	}
}

/* --- harmless ------------------------------------------------------------- */

/* Only our own line feeds; no byte that steers, and no character that turns
 * text around. */
static void assert_harmless(const char *face, const struct diag_buf *out)
{
	for (size_t i = 0; i < out->len; i++) {
		unsigned char c = (unsigned char)out->data[i];

		if ((c < 0x20 && c != '\n') || c == 0x7f)
			fail_msg("%s: byte 0x%02x at %zu", face, c, i);
	}
	assert_null(strstr(out->data, "\xe2\x80\xae"));
	assert_null(strstr(out->data, "\xc2\x9b"));
}

static void nothing_from_outside_steers_a_terminal(void **unused)
{
	const struct diag_renderer *const *faces;
	size_t n = diag_renderer_all(&faces);

	(void)unused;
	for (size_t i = 0; i < n; i++) {
		for (int verbose = -1; verbose <= 2; verbose++) {
			struct diag_report_in in;
			struct diag_buf out;
			struct scene s;

			scene_open(&s, scene_named("hostile"));
			in = scene_report(&s);
			in.verbose = verbose;
			in.ascii = verbose == 1;
			render(faces[i]->name, &in, &out);
			assert_harmless(faces[i]->name, &out);
			diag_buf_clear(&out);
			scene_close(&s);
		}
	}
}

static void ascii_means_ascii(void **unused)
{
	const struct scene_row *rows;
	size_t n = scene_all(&rows);

	(void)unused;
	for (size_t i = 0; i < n; i++) {
		struct diag_report_in in;
		struct diag_buf out;
		struct scene s;

		scene_open(&s, &rows[i]);
		in = scene_report(&s);
		in.ascii = true;
		in.verbose = 2;
		render("text", &in, &out);
		for (size_t k = 0; k < out.len; k++)
			assert_true((unsigned char)out.data[k] < 0x80);
		diag_buf_clear(&out);
		scene_close(&s);
	}
}

static void without_color_nothing_is_coloured(void **unused)
{
	struct diag_report_in in;
	struct diag_buf with;
	struct diag_buf without;
	struct scene s;
	size_t kept = 0;

	(void)unused;
	scene_open(&s, scene_named("zone-not-visible"));
	in = scene_report(&s);
	render("text", &in, &without);
	in.color = true;
	render("text", &in, &with);
	assert_null(strchr(without.data, '\x1b'));
	assert_non_null(strchr(with.data, '\x1b'));
	/* Colours taken away, both say the same. */
	for (size_t i = 0; i < with.len; i++) {
		if (with.data[i] == '\x1b')
			i += strcspn(with.data + i, "m");
		else
			with.data[kept++] = with.data[i];
	}
	with.data[kept] = '\0';
	assert_string_equal(without.data, with.data);
	diag_buf_clear(&with);
	diag_buf_clear(&without);
	scene_close(&s);
}

/* --- widths --------------------------------------------------------------- */

/* Commands and hosts lines are there to be copied, and these addresses are
 * wider. */
static bool may_be_wider(const char *line)
{
	static const char *const pieces[] = { "pl-",
					      "fd00:", "  10.150.0.4 bf4ab0bd-",
					      "  10.150.0.6 ws1103sa" };

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		if (strstr(line, pieces[i]) != NULL)
			return true;
	return false;
}

static void assert_fits(const char *scene, unsigned width, char *text)
{
	for (char *line = text; *line != '\0';) {
		size_t n = strcspn(line, "\n");

		line[n] = '\0';
		if (diag_text_width(line) > width && !may_be_wider(line))
			fail_msg("%s at %u: %zu columns: %s", scene, width,
				 diag_text_width(line), line);
		line += n + 1;
	}
}

static void every_line_fits_the_page(void **unused)
{
	const struct scene_row *rows;
	size_t n = scene_all(&rows);

	(void)unused;
	for (size_t i = 0; i < n; i++) {
		for (unsigned width = 48; width < 200; width += 3) {
			struct diag_report_in in;
			struct diag_buf out;
			struct scene s;

			if (strcmp(rows[i].name, "hostile") == 0)
				continue; /* no workspace is called so */
			scene_open(&s, &rows[i]);
			in = scene_report(&s);
			in.width = width;
			in.verbose = (int)(width % 2);
			render("text", &in, &out);
			assert_fits(rows[i].name, width, out.data);
			diag_buf_clear(&out);
			scene_close(&s);
		}
	}
}

static void an_address_is_never_cut(void **unused)
{
	static const char *const whole[] = {
		"20.62.10.4", "20.62.10.5", "20.60.0.1",
		"10.150.0.4", "10.150.0.5", "10.150.0.6",
	};

	(void)unused;
	for (unsigned width = 40; width < 130; width++) {
		struct diag_report_in in;
		struct diag_buf out;
		struct scene s;

		scene_open(&s, scene_named("zone-not-visible"));
		in = scene_report(&s);
		in.width = width;
		render("text", &in, &out);
		for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
			assert_non_null(strstr(out.data, whole[i]));
		diag_buf_clear(&out);
		scene_close(&s);
	}
}

/* --- the table of renderers, memory --------------------------------------- */

static void renderers_are_found_by_name(void **unused)
{
	const struct diag_renderer *const *faces;
	size_t n = diag_renderer_all(&faces);

	(void)unused;
	assert_int_equal(6, n);
	for (size_t i = 0; i < n; i++)
		assert_ptr_equal(faces[i], diag_renderer_find(faces[i]->name));
	assert_null(diag_renderer_find("pdf"));
}

static void a_full_buffer_is_an_error(void **unused)
{
	const struct diag_renderer *const *faces;
	size_t n = diag_renderer_all(&faces);

	(void)unused;
	for (size_t i = 0; i < n; i++) {
		struct diag_report_in in;
		struct diag_err err = { 0 };
		struct diag_buf out;
		struct scene s;

		scene_open(&s, scene_named("healthy"));
		in = scene_report(&s);
		diag_buf_init(&out, 100);
		assert_false(faces[i]->render(&in, &out, &err));
		assert_int_equal(DIAG_ELIMIT, err.code);
		diag_buf_clear(&out);
		scene_close(&s);
	}
}

static bool render_once(void *arg)
{
	const struct diag_report_in *in = arg;
	const struct diag_renderer *const *faces;
	size_t n = diag_renderer_all(&faces);
	bool ok = true;

	for (size_t i = 0; ok && i < n; i++) {
		struct diag_buf out;

		diag_buf_init(&out, OUT_BYTES);
		ok = faces[i]->render(in, &out, NULL);
		diag_buf_clear(&out);
	}
	return ok;
}

static void no_allocation_that_fails_breaks_a_renderer(void **unused)
{
	struct diag_report_in in;
	struct scene s;

	(void)unused;
	scene_open(&s, scene_named("zone-not-visible"));
	in = scene_report(&s);
	in.verbose = 2;
	in.ascii = true;
	assert_true(torture(render_once, &in) > 10);
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_face_is_read_by_others),
		cmocka_unit_test(our_reader_takes_the_json_of_every_scene),
		cmocka_unit_test(nothing_from_outside_steers_a_terminal),
		cmocka_unit_test(ascii_means_ascii),
		cmocka_unit_test(without_color_nothing_is_coloured),
		cmocka_unit_test(every_line_fits_the_page),
		cmocka_unit_test(an_address_is_never_cut),
		cmocka_unit_test(renderers_are_found_by_name),
		cmocka_unit_test(a_full_buffer_is_an_error),
		cmocka_unit_test(no_allocation_that_fails_breaks_a_renderer),
	};

	return cmocka_run_group_tests_name("report faces", tests, NULL, NULL);
}

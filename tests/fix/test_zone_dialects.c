/* SPDX-License-Identifier: MIT */
/* What each name server is told, compared with golden/DIALECT.SHAPE.txt;
 * whether the servers agree is for the end-to-end tests.
 *
 * PLDIAG_GOLDEN=update writes these files instead; look at what git says of
 * them before you keep it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "fix/zone/dialect.h"
#include "tests/fix/zone_make.h"
#include "tests/support/torture.h"

#define GOLDEN TEST_DATA "/../fix/golden"

static const struct shape {
	const char *name;
	bool forwarders;
	enum diag_zone_style style;
} shapes[] = {
	{ "forwarders", true, DIAG_STYLE_NAME },
	{ "name", false, DIAG_STYLE_NAME },
	{ "privatelink", false, DIAG_STYLE_PRIVATELINK },
	{ "parent", false, DIAG_STYLE_PARENT },
};
#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static struct diag_zone_job job_of(const struct zone_made *m)
{
	static struct diag_addr to[2];

	to[0] = diag_addr_v4(10, 150, 0, 53);
	to[1] = diag_addr_v4(10, 150, 0, 54);
	return (struct diag_zone_job){
		.names = &m->names,
		.to = to,
		.n_to = 2,
		.ttl_s = DIAG_ZONE_TTL,
		.inventory = "ws1103",
	};
}

static bool write_shape(struct zone_made *m, const struct diag_dialect *d,
			const struct shape *shape, struct diag_zone_text *out,
			struct diag_err *err)
{
	struct diag_zone_job job = job_of(m);

	job.style = shape->style;
	return (shape->forwarders ? d->forwarders : d->render)(&job, &m->arena,
							       out, err);
}

static void whole(const struct diag_zone_text *text, struct diag_buf *out)
{
	diag_buf_init(out, 1 << 20);
	for (size_t i = 0; i < text->n; i++) {
		diag_buf_printf(out, "--- %s%s\n", text->parts[i].file,
				text->parts[i].include ? " (include)" : "");
		diag_buf_put(out, text->parts[i].text, text->parts[i].len);
	}
}

static void compare(const char *path, const struct diag_buf *got)
{
	struct diag_err err = { 0 };
	struct diag_buf want;

	if (getenv("PLDIAG_GOLDEN") != NULL) {
		assert_true(
		    diag_file_write(path, got->data, got->len, 0644, &err));
		return;
	}
	if (!diag_file_read(path, 1 << 20, &want, &err))
		fail_msg("%s: no such golden file", path);
	if (strcmp(diag_buf_str(&want), diag_buf_str(got)) != 0)
		fail_msg("%s differs; now it is:\n%s", path, diag_buf_str(got));
	diag_buf_clear(&want);
}

static void check(const struct diag_dialect *d, const struct shape *shape)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_zone_text text;
	struct zone_made m;
	struct diag_buf out;
	char path[512];

	if ((shape->forwarders ? d->forwarders : d->render) == NULL)
		return;
	assert_true(zone_make(&m, zone_whole));
	if (!write_shape(&m, d, shape, &text, &err)) {
		diag_buf_init(&out, 1 << 20);
		/* A server that cannot, and nothing of our own. */
		assert_int_equal(DIAG_EUSAGE, err.code);
		diag_buf_printf(&out, "refused: %s: %s\n", err.op, err.what);
	} else {
		whole(&text, &out);
	}
	(void)snprintf(path, sizeof(path), "%s/%s.%s.txt", GOLDEN, d->key,
		       shape->name);
	compare(path, &out);
	diag_buf_clear(&out);
	zone_end(&m);
}

static void every_dialect_writes_its_golden_text(void **state)
{
	(void)state;
	for (size_t i = 0; diag_dialect_at(i) != NULL; i++)
		for (size_t k = 0; k < N_SHAPES; k++)
			check(diag_dialect_at(i), &shapes[k]);
}

static void every_dialect_is_found_by_its_key(void **state)
{
	size_t n = 0;

	(void)state;
	for (; diag_dialect_at(n) != NULL; n++)
		assert_ptr_equal(diag_dialect_at(n),
				 diag_dialect_find(diag_dialect_at(n)->key));
	assert_int_equal(9, n);
	assert_null(diag_dialect_find("bind9"));
}

static bool has_line_break_inside(const struct diag_zone_text *text)
{
	for (size_t i = 0; i < text->n; i++)
		if (strstr(text->parts[i].text, "evil") != NULL)
			return strstr(text->parts[i].text, "\nevil") != NULL ||
			       strchr(text->parts[i].text, '`') != NULL;
	fail_msg("the inventory's name is nowhere");
	return true;
}

static void a_hostile_inventory_name_stays_inside_its_comment(void **state)
{
	struct diag_err err = { .code = DIAG_OK };
	struct zone_made m;

	(void)state;
	for (size_t i = 0; diag_dialect_at(i) != NULL; i++) {
		struct diag_zone_text text;
		struct diag_zone_job job;

		assert_true(zone_make(&m, zone_whole));
		job = job_of(&m);
		job.inventory = "x\nevil`'\"$(id)";
		assert_true(
		    diag_dialect_at(i)->render(&job, &m.arena, &text, &err));
		assert_false(has_line_break_inside(&text));
		zone_end(&m);
	}
}

static void the_serial_changes_with_the_content_only(void **state)
{
	static const struct shape name = { "name", false, DIAG_STYLE_NAME };
	const struct diag_dialect *d = diag_dialect_find("nsd");
	struct diag_err err = { .code = DIAG_OK };
	struct diag_zone_text one, same, other;
	struct zone_made m;

	(void)state;
	assert_true(zone_make(&m, zone_whole));
	assert_true(write_shape(&m, d, &name, &one, &err));
	assert_true(write_shape(&m, d, &name, &same, &err));
	assert_string_equal(one.parts[1].text, same.parts[1].text);
	((struct diag_addr *)(uintptr_t)m.names.items[0].addresses)->bytes[3]++;
	assert_true(write_shape(&m, d, &name, &other, &err));
	assert_string_not_equal(strstr(one.parts[1].text, "( "),
				strstr(other.parts[1].text, "( "));
	zone_end(&m);
}

static bool all_shapes(void *arg)
{
	struct diag_err err = { .code = DIAG_OK };
	struct zone_made m;
	bool ok = zone_make(&m, arg);

	for (size_t i = 0; ok && diag_dialect_at(i) != NULL; i++)
		for (size_t k = 0; ok && k < 2; k++) {
			const struct diag_dialect *d = diag_dialect_at(i);
			struct diag_zone_text text;

			if (k == 0 && d->forwarders == NULL)
				continue;
			ok = write_shape(&m, d, &shapes[k], &text, &err);
		}
	zone_end(&m);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	(void)state;
	assert_true(torture(all_shapes, (void *)(uintptr_t)zone_whole) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_dialect_writes_its_golden_text),
		cmocka_unit_test(every_dialect_is_found_by_its_key),
		cmocka_unit_test(
		    a_hostile_inventory_name_stays_inside_its_comment),
		cmocka_unit_test(the_serial_changes_with_the_content_only),
		cmocka_unit_test(memory_may_be_missing_at_any_point),
	};

	return cmocka_run_group_tests_name("zone_dialects", tests, NULL, NULL);
}

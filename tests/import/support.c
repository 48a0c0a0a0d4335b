/* SPDX-License-Identifier: MIT */
#include "tests/import/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>

#include "base/file.h"
#include "net/addr.h"

static const char *data_folder(void)
{
	const char *source = getenv("PLDIAG_SOURCE");
	static char path[1024];

	(void)snprintf(path, sizeof(path), "%s/tests/data/azure",
		       source != NULL ? source : ".");
	return path;
}

void read_azure(const char *name, struct diag_buf *out)
{
	struct diag_err err = { .code = DIAG_OK };
	char path[2048];

	(void)snprintf(path, sizeof(path), "%s/%s", data_folder(), name);
	if (!diag_file_read(path, (size_t)1 << 24, out, &err))
		fail_msg("%s: set PLDIAG_SOURCE", path);
}

void begin(struct imported *x)
{
	memset(x, 0, sizeof(*x));
	assert_true(diag_import_new(&x->im, &x->err));
	diag_problems_init(&x->problems);
}

void end(struct imported *x)
{
	diag_inventory_free(x->inv);
	diag_problems_clear(&x->problems);
	diag_import_free(x->im);
}

void add_bytes(struct imported *x, const char *file, const void *bytes,
	       size_t len)
{
	assert_true(
	    diag_import_add(x->im, file, bytes, len, &x->problems, &x->err));
}

void add_text(struct imported *x, const char *file, const char *text)
{
	add_bytes(x, file, text, strlen(text));
}

void add_sample(struct imported *x, const char *name)
{
	struct diag_buf text;

	read_azure(name, &text);
	add_bytes(x, name, diag_buf_str(&text), text.len);
	diag_buf_clear(&text);
}

void finish(struct imported *x)
{
	if (!diag_import_finish(x->im, &x->o, &x->inv, &x->summary, &x->err))
		fail_msg("%s", x->err.what);
	assert_non_null(x->inv);
}

void fail_to_finish(struct imported *x, const char *what)
{
	assert_false(
	    diag_import_finish(x->im, &x->o, &x->inv, &x->summary, &x->err));
	assert_null(x->inv);
	assert_string_equal(what, x->err.what);
}

void import_samples(struct imported *x, const char *const *names)
{
	begin(x);
	for (; *names != NULL; names++)
		add_sample(x, *names);
	finish(x);
}

void import_text_file(struct imported *x, const char *text)
{
	begin(x);
	add_text(x, "x.json", text);
	finish(x);
}

void print_json(const struct diag_inventory *inv, struct diag_buf *out)
{
	struct diag_jw w;

	diag_buf_init(out, (size_t)256 << 20);
	diag_jw_init(&w, out, 0);
	diag_inventory_print(inv, &w);
	assert_int_equal(DIAG_OK, out->code);
}

void must_have(const struct imported *x, const char *fqdn, const char *addr)
{
	const struct diag_target *t = diag_inventory_target(x->inv, fqdn);
	char text[DIAG_ADDR_TEXT];

	if (t == NULL)
		fail_msg("there is no target %s", fqdn);
	if (addr == NULL) {
		assert_int_equal(0, t->n_addresses);
		return;
	}
	assert_int_equal(1, t->n_addresses);
	assert_string_equal(addr, diag_addr_text(&t->addresses[0], text));
}

void must_not_have(const struct imported *x, const char *fqdn)
{
	if (diag_inventory_target(x->inv, fqdn) != NULL)
		fail_msg("there is a target %s", fqdn);
}

size_t count_notes(const struct imported *x, const char *code)
{
	size_t n = 0;

	for (size_t i = 0; i < x->inv->n_notes; i++)
		n += strcmp(x->inv->notes[i].code, code) == 0;
	return n;
}

const struct diag_note *note_of(const struct imported *x, const char *code)
{
	assert_int_equal(1, count_notes(x, code));
	for (size_t i = 0; i < x->inv->n_notes; i++) {
		if (strcmp(x->inv->notes[i].code, code) == 0)
			return &x->inv->notes[i];
	}
	return NULL;
}

void no_problems(const struct imported *x)
{
	assert_string_equal("", diag_buf_str(&x->problems.text));
	assert_int_equal(0, x->problems.n);
}

void problems_are(const struct imported *x, const char *lines)
{
	assert_string_equal(lines, diag_buf_str(&x->problems.text));
}

void asks_for(const struct imported *x, const char *command)
{
	for (size_t i = 0; i < x->summary.n_ask; i++) {
		if (strcmp(x->summary.ask[i], command) == 0)
			return;
	}
	for (size_t i = 0; i < x->summary.n_ask; i++)
		print_message("asks: %s\n", x->summary.ask[i]);
	fail_msg("does not ask: %s", command);
}

void does_not_ask_for(const struct imported *x, const char *part)
{
	for (size_t i = 0; i < x->summary.n_ask; i++) {
		if (strstr(x->summary.ask[i], part) != NULL)
			fail_msg("asks: %s", x->summary.ask[i]);
	}
}

size_t seen(const struct imported *x, const char *kind)
{
	for (size_t i = 0; i < x->summary.n_seen; i++) {
		if (strcmp(x->summary.seen[i].kind, kind) == 0)
			return x->summary.seen[i].n;
	}
	return 0;
}

const char *sources_of(const struct imported *x, const char *section,
		       const char *value)
{
	static char text[4096];
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(
	    cJSON_GetObjectItemCaseSensitive(x->inv->sources, section), value);
	size_t len = 0;
	const cJSON *item;

	text[0] = '\0';
	cJSON_ArrayForEach(item, list)
	{
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
					len > 0 ? ", " : "", item->valuestring);
	}
	return text;
}

#define SAMPLES_MAX 128

static int by_text(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

static size_t list(const char *below, char names[][96], size_t n)
{
	char path[1200];
	DIR *dir;
	const struct dirent *e;

	(void)snprintf(path, sizeof(path), "%s/%s", data_folder(), below);
	dir = opendir(path);
	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.' || strchr(e->d_name, '.') == NULL)
			continue;
		assert_true(n < SAMPLES_MAX);
		(void)snprintf(names[n++], 96, "%s%.80s", below, e->d_name);
	}
	(void)closedir(dir);
	return n;
}

const char *const *all_samples(size_t *n)
{
	static char names[SAMPLES_MAX][96];
	static const char *sorted[SAMPLES_MAX + 1];
	size_t found = list("", names, 0);

	found = list("text/", names, found);
	for (size_t i = 0; i < found; i++)
		sorted[i] = names[i];
	sorted[found] = NULL;
	qsort(sorted, found, sizeof(*sorted), by_text);
	*n = found;
	return sorted;
}

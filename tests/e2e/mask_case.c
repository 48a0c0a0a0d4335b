/* SPDX-License-Identifier: MIT */
/* e2e_mask_case CASE... - are these cases, judged together, judged in the same
 * way when they are masked, at every level, with two keys?  And is no name of
 * theirs left?
 * Exit: 0 yes, 1 no, 2 a file that is no case. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "bundle/masked.h"
#include "case/case.h"
#include "inventory/catalogue.h"

#define LEVELS (DIAG_MASK_ADDRESSES + 1)
#define KEYS   2

static bool told(const char *path, const char *what, const struct diag_err *err)
{
	char text[400];

	fprintf(stderr, "%s: %s: %s\n", path, what,
		diag_err_text(err, text, sizeof(text)));
	return false;
}

static void printed(const struct diag_case *c, struct diag_buf *out)
{
	for (size_t i = 0; i < c->n_origins; i++)
		diag_case_print_header(c, i, out);
	diag_case_print_facts(c, out);
}

/* Names of resources stand in many others: none may be left. */
static bool is_gone(const char *path, const struct diag_buf *text,
		    const char *name)
{
	if (name == NULL || strlen(name) < 5 ||
	    diag_text_find_nocase(text->data, text->len, name) == NULL)
		return true;
	fprintf(stderr, "%s: \"%s\" is left in the masked case\n", path, name);
	return false;
}

static bool names_gone(const char *path, const struct diag_case *plain,
		       const struct diag_case *masked)
{
	const struct diag_inventory *inv = plain->inventory;
	struct diag_buf text;
	bool ok = true;

	if (inv == NULL)
		return true;
	diag_buf_init(&text, DIAG_CASE_BYTES);
	printed(masked, &text);
	ok &= is_gone(path, &text, inv->workspace_name);
	ok &= is_gone(path, &text, inv->workspace_id);
	for (size_t i = 0; i < inv->storage.n; i++)
		ok &= is_gone(path, &text, inv->storage.items[i]);
	for (size_t i = 0; i < inv->key_vault.n; i++)
		ok &= is_gone(path, &text, inv->key_vault.items[i]);
	for (size_t i = 0; i < inv->n_registry; i++)
		ok &= is_gone(path, &text, inv->registry[i].name);
	ok &= is_gone(path, &text, "corp.example");
	diag_buf_clear(&text);
	return ok;
}

static bool one_level(const char *path, const struct diag_case *c,
		      enum diag_mask_level level, unsigned char first)
{
	unsigned char key[DIAG_MASK_KEY] = { first, 7 };
	struct diag_err err = { 0 };
	struct diag_mask *m = NULL;
	struct diag_case *masked = NULL;
	bool ok = diag_mask_new(level, key, &m, &err) &&
		  diag_mask_learn(m, c, &err) &&
		  diag_mask_case(m, "case.jsonl", c, &masked, &err) &&
		  diag_masked_same_verdict(m, c, masked, &err);

	if (!ok)
		ok = told(path, diag_mask_level_key(level), &err);
	else if (level > DIAG_MASK_NONE)
		ok = names_gone(path, c, masked);
	diag_case_free(masked);
	diag_mask_free(m);
	return ok;
}

static bool read_case(const char *path, struct diag_case *c)
{
	struct diag_problems problems;
	struct diag_err err = { 0 };
	struct diag_buf text;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_file_read(path, DIAG_CASE_BYTES, &text, &err) &&
	     diag_case_add(c, NULL, diag_buf_str(&text), text.len, &problems,
			   &err);
	diag_buf_clear(&text);
	diag_problems_clear(&problems);
	return ok || told(path, "case", &err);
}

int main(int argc, char **argv)
{
	struct diag_err err = { 0 };
	struct diag_case *c = NULL;
	int status = 0;

	if (argc < 2 || !diag_cat_load(NULL) || !diag_case_new(&c, &err))
		return 2;
	for (int i = 1; i < argc && status == 0; i++)
		status = read_case(argv[i], c) ? 0 : 2;
	for (unsigned n = 0; n < LEVELS * KEYS && status != 2; n++)
		if (!one_level(argv[1], c, (enum diag_mask_level)(n % LEVELS),
			       (unsigned char)(n / LEVELS)))
			status = 1;
	diag_case_free(c);
	diag_cat_unload();
	return status;
}

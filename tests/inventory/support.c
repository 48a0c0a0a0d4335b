/* SPDX-License-Identifier: MIT */
#include "tests/inventory/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"

void read_data(const char *name, struct diag_buf *out)
{
	const char *source = getenv("PLDIAG_SOURCE");
	struct diag_err err = { .code = DIAG_OK };
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/tests/data/inventory/%s",
		       source != NULL ? source : ".", name);
	if (!diag_file_read(path, 1 << 20, out, &err))
		fail_msg("%s: %s", path, err.what);
}

static void many(struct diag_buf *out, const char *key, const char *item,
		 unsigned n)
{
	diag_buf_printf(out, ",\"%s\":[", key);
	for (unsigned i = 0; i < n; i++) {
		const char *hash = strchr(item, '#');

		diag_buf_printf(out, "%s%.*s%u%s", i > 0 ? "," : "",
				(int)(hash - item), item, i % 250, hash + 1);
	}
	diag_buf_putc(out, ']');
}

void big_document(unsigned n, struct diag_buf *out)
{
	diag_buf_init(out, (size_t)16 << 20);
	diag_buf_puts(out, "{\"schema\":\"pldiag.inventory/1\","
			   "\"region\":\"eastus\",\"workspace\":{"
			   "\"name\":\"ws\",\"id\":\"" G "\"}");
	many(out, "networks", "\"10.#.0.0/16\"", n);
	many(out, "subnets",
	     "{\"id\":\"/s#\",\"prefixes\":[\"10.0.0.0/24\"],"
	     "\"endpoint_policies\":true}",
	     n);
	many(out, "storage", "\"sa#\"", n);
	many(out, "registry", "{\"name\":\"acr#\",\"regions\":[\"r1\"]}", n);
	many(out, "compute_instances", "\"ci#\"", n);
	many(out, "compute_nodes", "\"10.1.1.#\"", n);
	many(out, "targets",
	     "{\"fqdn\":\"n#.example.org\",\"ports\":[1,{\"port\":2,"
	     "\"peer\":\"X\"}],\"any_of\":\"g\",\"addresses\":["
	     "\"10.0.0.1\"]}",
	     n < 250 ? n : 250);
	many(out, "notes", "{\"code\":\"c#\",\"targets\":[\"t\"]}", n);
	many(out, "nsgs", "{\"name\":\"nsg#\"}", n);
	diag_buf_puts(out, ",\"sources\":{\"a\":\"b\"}}");
}

static struct diag_inventory *parse(const char *name, const char *text,
				    size_t len)
{
	struct diag_problems problems;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };
	bool ok;

	diag_problems_init(&problems);
	ok = diag_inventory_parse(name, text, len, &problems, &inv, &err);
	if (!ok)
		print_error("%s", diag_buf_str(&problems.text));
	diag_problems_clear(&problems);
	assert_true(ok);
	assert_int_equal(DIAG_OK, err.code);
	return inv;
}

struct diag_inventory *parse_text(const char *text)
{
	return parse("test", text, strlen(text));
}

struct diag_inventory *parse_data(const char *name)
{
	struct diag_inventory *inv;
	struct diag_buf text;

	read_data(name, &text);
	inv = parse(name, diag_buf_str(&text), text.len);
	diag_buf_clear(&text);
	return inv;
}

void print_json(const struct diag_inventory *inv, struct diag_buf *out)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_jw w;

	diag_buf_init(out, (size_t)64 << 20);
	diag_jw_init(&w, out, 0);
	diag_inventory_print(inv, &w);
	assert_true(diag_buf_ok(out, &err, "print"));
}

struct diag_inventory *expanded(struct diag_inventory *inv, enum diag_role role,
				enum diag_era era, bool no_public)
{
	struct diag_inventory *out = NULL;
	struct diag_err err = { .code = DIAG_OK };

	assert_true(
	    diag_inventory_expand(inv, role, era, no_public, &out, &err));
	diag_inventory_free(inv);
	return out;
}

const struct diag_target *must_have(const struct diag_inventory *inv,
				    const char *fqdn)
{
	const struct diag_target *t = diag_inventory_target(inv, fqdn);

	if (t == NULL)
		fail_msg("no target %s", fqdn);
	return t;
}

void list_names(const struct diag_inventory *inv, struct diag_buf *out)
{
	diag_buf_init(out, (size_t)1 << 20);
	for (size_t i = 0; i < inv->n_targets; i++) {
		const char *name = inv->targets[i].fqdn;

		diag_buf_printf(out, "%s\n", name != NULL ? name : "-");
	}
}

/* SPDX-License-Identifier: MIT */
/* What people copy from a browser: any text is an inventory or a problem, and
 * an inventory is one that can be printed, read back and expanded. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "inventory/inventory.h"
#include "net/fqdn.h"

static void check_target(const struct diag_target *t)
{
	char name[DIAG_FQDN_MAX];

	if (t->fqdn == NULL || t->fqdn[0] == '*' ||
	    strchr(t->fqdn, '.') == NULL ||
	    !diag_fqdn_normal(t->fqdn, strlen(t->fqdn), name, NULL) ||
	    strcmp(name, t->fqdn) != 0)
		abort();
}

static void check_inventory(const struct diag_inventory *inv)
{
	struct diag_inventory *again = NULL;
	struct diag_inventory *out = NULL;
	struct diag_buf text;
	struct diag_jw w;

	for (size_t i = 0; i < inv->n_targets; i++)
		check_target(&inv->targets[i]);
	diag_buf_init(&text, (size_t)1 << 20);
	diag_jw_init(&w, &text, 0);
	diag_inventory_print(inv, &w);
	if (!diag_inventory_parse("again", text.data, text.len, NULL, &again,
				  NULL) ||
	    !diag_inventory_expand(again, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT,
				   false, &out, NULL))
		abort();
	diag_inventory_free(again);
	diag_inventory_free(out);
	diag_buf_clear(&text);
}

/* The first byte says which flags go with the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_inventory_flags flags = { .cloud = NULL };
	struct diag_inventory *inv = NULL;
	struct diag_problems problems;
	const char *list[2] = { NULL, NULL };
	char *text;

	if (size == 0)
		return 0;
	text = calloc(1, size);
	if (text == NULL)
		abort();
	memcpy(text, data + 1, size - 1);
	flags.url_or_name = data[0] & 1 ? NULL : text;
	list[0] = text;
	if (data[0] & 1) {
		flags.storage = list;
		flags.key_vault = list;
		flags.registry = list;
		flags.compute_instance = list;
		flags.network = list;
	}
	if (data[0] & 2) {
		flags.workspace_id = "bf4ab0bd-2c9f-4480-abaf-f799f0832c80";
		flags.region = "eastus";
	}
	if (data[0] & 4)
		flags.workspace = text;
	diag_problems_init(&problems);
	if (diag_inventory_of_flags(&flags, &problems, &inv, NULL))
		check_inventory(inv);
	else if (problems.n == 0)
		abort();
	diag_inventory_free(inv);
	diag_problems_clear(&problems);
	free(text);
	return 0;
}

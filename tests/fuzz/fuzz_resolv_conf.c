/* SPDX-License-Identifier: MIT */
/* resolv.conf and nsswitch.conf: any bytes give at least one server, and a
 * machine that prints. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "machine/machine.h"

static struct diag_machine *empty_machine(void)
{
	struct diag_problems problems;
	const struct diag_json_at at = { .problems = &problems };
	struct diag_machine *m = NULL;
	cJSON *tree = cJSON_CreateObject();

	diag_problems_init(&problems);
	if (!diag_machine_parse(tree, &at, &m, NULL))
		abort();
	diag_problems_clear(&problems);
	cJSON_Delete(tree);
	return m;
}

static void print(const struct diag_machine *m)
{
	struct diag_buf out;
	struct diag_jw w;

	diag_buf_init(&out, (size_t)64 << 20);
	diag_jw_init(&w, &out, 0);
	diag_machine_print(m, NULL, NULL, &w);
	diag_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct diag_machine *m = empty_machine();

	if (!diag_resolv_parse(m, "fuzz", text, size, NULL) ||
	    !diag_nsswitch_parse(m, text, size, NULL) || m->n_servers == 0)
		abort();
	for (size_t i = 0; i < m->n_servers; i++)
		(void)diag_machine_asked(m, &m->servers[i].at, "a.example");
	print(m);
	diag_machine_free(m);
	return 0;
}

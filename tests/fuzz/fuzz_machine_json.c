/* SPDX-License-Identifier: MIT */
/* A machine document: any bytes are refused or give a machine whose JSON
 * reads back the same. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "machine/machine.h"

#define BYTES ((size_t)1 << 20)

static struct diag_machine *read_machine(const char *text, size_t len)
{
	const struct diag_json_limits limits = { BYTES * 8, 64 };
	struct diag_problems problems;
	const struct diag_json_at at = { .problems = &problems };
	struct diag_machine *m = NULL;
	cJSON *tree = NULL;

	diag_problems_init(&problems);
	if (diag_json_parse("fuzz", text, len, &limits, &tree, NULL) &&
	    !diag_machine_parse(tree, &at, &m, NULL))
		m = NULL;
	cJSON_Delete(tree);
	diag_problems_clear(&problems);
	return m;
}

static void print(const struct diag_machine *m, struct diag_buf *out)
{
	struct diag_jw w;

	diag_buf_init(out, BYTES * 8);
	diag_jw_init(&w, out, 0);
	diag_machine_print(m, NULL, NULL, &w);
}

static void ask(const struct diag_machine *m)
{
	for (size_t i = 0; i < m->n_servers && i < 16; i++)
		(void)diag_machine_asked(m, &m->servers[i].at, "a.b.example");
	for (size_t i = 0; i < m->hosts.n_edges && i < 16; i++)
		(void)diag_hosts_lookup(&m->hosts, m->hosts.edges[i].name,
					DIAG_NOFAM, 0);
	(void)diag_machine_proxy(m, "a.b.example");
	(void)diag_machine_proxy(m, "10.0.0.4");
	(void)diag_machine_files_first(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_machine *m, *back;
	struct diag_buf first, second;

	if (size > BYTES)
		return 0;
	m = read_machine((const char *)data, size);
	if (m == NULL)
		return 0;
	ask(m);
	print(m, &first);
	back = read_machine(diag_buf_str(&first), first.len);
	if (back == NULL)
		abort();
	print(back, &second);
	if (strcmp(diag_buf_str(&first), diag_buf_str(&second)) != 0)
		abort();
	diag_machine_free(m);
	diag_machine_free(back);
	diag_buf_clear(&first);
	diag_buf_clear(&second);
	return 0;
}

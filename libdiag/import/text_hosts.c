/* SPDX-License-Identifier: MIT */
/* text_hosts.c - an existing hosts file.
 *
 * A line that cannot work still says what somebody meant, so it counts as it
 * was meant: telling of the fault is the business of pl-hosts and pl-doctor.
 */
#include "import/internal.h"

#include <string.h>

#include "hosts/hosts.h"

bool import_text_is_hosts(struct diag_slice text)
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct diag_slice line;

	while (diag_cursor_line(&c, &line)) {
		struct diag_cursor words = diag_cursor_of(line.p, line.len);
		struct diag_slice addr;
		struct diag_slice name;
		struct diag_addr ignored;

		if (diag_cursor_word(&words, &addr) &&
		    diag_addr_parse_n(addr.p, addr.len, &ignored) &&
		    diag_cursor_word(&words, &name) && name.p[0] != '#')
			return true;
	}
	return false;
}

static void add(struct diag_import *im, const struct diag_hosts_edge *edge,
		unsigned line)
{
	static const struct import_record_of of = { .rank = IMPORT_TEXT,
						    .who = "the hosts file" };
	char fqdn[DIAG_FQDN_MAX];
	const char *why;

	if (diag_fqdn_normal(edge->name, strlen(edge->name), fqdn, &why) &&
	    strchr(fqdn, '.') != NULL)
		import_add_record(im, fqdn, edge->addr, import_line(im, line),
				  &of);
}

static void add_all(struct diag_import *im, const struct diag_hosts *hosts,
		    unsigned line)
{
	for (size_t i = 0; i < hosts->n_edges; i++)
		add(im, &hosts->edges[i],
		    line > 0 ? line : hosts->edges[i].line);
}

void import_text_read_hosts(struct diag_import *im, struct diag_slice text)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_arena arena;
	struct diag_hosts hosts;
	struct diag_hosts line;
	bool ok;

	diag_arena_init(&arena, 0);
	ok = diag_hosts_parse(&arena, text.p, text.len, &hosts, &err);
	if (ok)
		add_all(im, &hosts, 0);
	for (size_t i = 0; ok && i < hosts.n_faults; i++) {
		const struct diag_hosts_fault *f = &hosts.faults[i];

		if (f->kind != DIAG_HOSTS_GLUED || f->corrected == NULL)
			continue;
		ok = diag_hosts_parse(&arena, f->corrected,
				      strlen(f->corrected), &line, &err);
		if (ok)
			add_all(im, &line, f->line);
	}
	diag_arena_clear(&arena);
	im->nomem = im->nomem || err.code == DIAG_ENOMEM;
	if (err.code == DIAG_ELIMIT)
		diag_problem(im->problems, "%s: %s", im->file, err.what);
}

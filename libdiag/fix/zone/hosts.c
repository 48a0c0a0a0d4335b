/* SPDX-License-Identifier: MIT */
/* hosts.c - lines of a hosts file (hosts(5)), also for servers that read one.
 * pl-hosts edits a file of such lines; this prints them. */
#include "fix/zone/config_internal.h"
#include "fix/zone/dialects.h"
#include "fix/zone/parts.h"

static bool render(const struct diag_zone_job *job, struct diag_arena *arena,
		   struct diag_zone_text *out, struct diag_err *err)
{
	struct parts p;

	if (job->style != DIAG_STYLE_NAME)
		return diag_fail(err, DIAG_EUSAGE, "hosts",
				 "a hosts file has no zones: leave --style "
				 "out");
	parts_init(&p, job, arena);
	parts_begin(&p, true, "pldiag-hosts");
	parts_head(&p, "#", "lines of a hosts file");
	for (size_t i = 0; i < job->names->n; i++) {
		const struct diag_zone_name *name = &job->names->items[i];

		for (size_t k = 0; k < name->n_addresses; k++) {
			struct parts_addr a;

			parts_put(&p, "%s %s\n",
				  parts_addr(&name->addresses[k], &a),
				  name->fqdn);
		}
	}
	return parts_end(&p, out, err);
}

const struct diag_dialect zone_hosts = {
	.key = "hosts",
	.title = "hosts file",
	.comment = "#",
	.render = render,
	.editor = &zone_edit_hosts,
};

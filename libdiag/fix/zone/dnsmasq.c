/* SPDX-License-Identifier: MIT */
/* dnsmasq.c - dnsmasq.  Source: dnsmasq(8).
 *
 * host-record gives a name exactly (address= would cover all names below it);
 * local= keeps the other types of that name from going upstream.  dnsmasq does
 * not look up where an alias leads, so zones of private endpoints mean nothing
 * to it: the full names are the only way. */
#include "fix/zone/config_internal.h"
#include "fix/zone/dialects.h"
#include "fix/zone/parts.h"

static bool forwarders(const struct diag_zone_job *job,
		       struct diag_arena *arena, struct diag_zone_text *out,
		       struct diag_err *err)
{
	struct parts p;

	parts_init(&p, job, arena);
	parts_begin(&p, true, "pldiag-forwarders.conf");
	parts_head(&p, "#", "put it into /etc/dnsmasq.d");
	for (size_t i = 0; i < job->names->n_parents; i++) {
		const char *parent = job->names->parents[i];

		for (size_t k = 0; k < job->n_to; k++) {
			struct parts_addr a;

			parts_put(&p, "server=/%s/%s\n", parent,
				  parts_addr(&job->to[k], &a));
		}
		parts_put(&p, "rebind-domain-ok=/%s/\n", parent);
	}
	return parts_end(&p, out, err);
}

static void put_name(struct parts *p, const struct diag_zone_name *name)
{
	parts_put(p, "local=/%s/\n", name->fqdn);
	for (size_t i = 0; i < name->n_addresses; i++) {
		struct parts_addr a;

		parts_put(p, "host-record=%s,%s,%u\n", name->fqdn,
			  parts_addr(&name->addresses[i], &a), p->job->ttl_s);
	}
}

static bool render(const struct diag_zone_job *job, struct diag_arena *arena,
		   struct diag_zone_text *out, struct diag_err *err)
{
	struct parts p;

	if (job->style != DIAG_STYLE_NAME)
		return diag_fail(err, DIAG_EUSAGE, "dnsmasq",
				 "it has no zones and does not follow aliases: "
				 "leave --style out");
	parts_init(&p, job, arena);
	parts_begin(&p, true, "pldiag-names.conf");
	parts_head(&p, "#", "put it into /etc/dnsmasq.d");
	for (size_t i = 0; i < job->names->n; i++)
		put_name(&p, &job->names->items[i]);
	return parts_end(&p, out, err);
}

static const char *const check_config[] = { "dnsmasq", "--test",
					    "--conf-file={file}", NULL };

const struct diag_dialect zone_dnsmasq = {
	.key = "dnsmasq",
	.title = "dnsmasq",
	.comment = "#",
	.forwarders = forwarders,
	.render = render,
	.check_config = check_config,
	.reload = "systemctl restart dnsmasq",
	.editor = &zone_edit_dnsmasq,
};

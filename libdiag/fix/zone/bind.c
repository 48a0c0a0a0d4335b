/* SPDX-License-Identifier: MIT */
/* bind.c - BIND 9 (named).  Source: BIND 9 ARM, "zone", "forward",
 * "validate-except", "deny-answer-addresses".
 *
 * "forward only": with "forward first" named asks the internet when the
 * forwarder is slow, and the public address is back.  validate-except stands
 * in options {}, of which there is one, so it is a part of its own. */
#include "fix/zone/config_internal.h"
#include "fix/zone/dialects.h"
#include "fix/zone/parts.h"

static void put_to(struct parts *p)
{
	for (size_t i = 0; i < p->job->n_to; i++) {
		struct parts_addr a;

		parts_put(p, " %s;", parts_addr(&p->job->to[i], &a));
	}
}

static void put_parents(struct parts *p)
{
	for (size_t i = 0; i < p->job->names->n_parents; i++)
		parts_put(p, "\t\"%s\";\n", p->job->names->parents[i]);
}

static bool forwarders(const struct diag_zone_job *job,
		       struct diag_arena *arena, struct diag_zone_text *out,
		       struct diag_err *err)
{
	struct parts p;

	parts_init(&p, job, arena);
	parts_begin(&p, true, "pldiag-forwarders.conf");
	parts_head(&p, "//", "include it in named.conf");
	for (size_t i = 0; i < job->names->n_parents; i++) {
		parts_put(&p,
			  "zone \"%s\" {\n\ttype forward;\n"
			  "\tforward only;\n\tforwarders {",
			  job->names->parents[i]);
		put_to(&p);
		parts_put(&p, " };\n};\n");
	}
	parts_begin(&p, true, "pldiag-options.conf");
	parts_head(&p, "//", "include it inside of options { }");
	parts_put(&p, "// Private answers cannot be signed.  If named.conf has "
		      "deny-answer-addresses, add\n// the same names to its "
		      "except-from.\n");
	parts_put(&p, "validate-except {\n");
	put_parents(&p);
	parts_put(&p, "};\n");
	return parts_end(&p, out, err);
}

static bool render(const struct diag_zone_job *job, struct diag_arena *arena,
		   struct diag_zone_text *out, struct diag_err *err)
{
	const struct parts_zone *zones;
	struct parts p;
	size_t n;

	if (!parts_zones(job, arena, &zones, &n, err))
		return false;
	parts_init(&p, job, arena);
	parts_begin(&p, true, "pldiag-zones.conf");
	parts_head(&p, "//", "include it in named.conf");
	for (size_t i = 0; i < n; i++)
		parts_put(&p,
			  "zone \"%s\" {\n\ttype primary;\n"
			  "\tfile \"%s.zone\";\n};\n",
			  zones[i].name, zones[i].name);
	parts_zone_files(&p, zones, n);
	return parts_end(&p, out, err);
}

/* -i local: a checker asks no name server. */
static const char *const check_zone[] = { "named-checkzone", "-i",     "local",
					  "{zone}",	     "{file}", NULL };
static const char *const check_config[] = { "named-checkconf", "{file}", NULL };

const struct diag_dialect zone_bind = {
	.key = "bind",
	.title = "BIND 9 (named)",
	.comment = "//",
	.forwarders = forwarders,
	.render = render,
	.check_zone = check_zone,
	.check_config = check_config,
	/* The cache outlives a reload, and has the public addresses. */
	.reload = "rndc reload && rndc flush",
	.editor = &zone_edit_bind,
};

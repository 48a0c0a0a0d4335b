/* SPDX-License-Identifier: MIT */
/* parse.c - a machine from JSON (pldiag.machine/1): who it is, name servers,
 * roots, clock.  Unknown keys are left alone. */
#include <string.h>

#include "base/time.h"
#include "machine/internal.h"

#define DNS_PORT 53

static struct diag_json_at below(const struct diag_json_at *at, const char *key)
{
	return (struct diag_json_at){
		.file = at->file, .up = at, .key = key, .problems = at->problems
	};
}

static void text_or(struct machine_json *j, const struct diag_json_at *at,
		    const cJSON *obj, const char *key, const char **out)
{
	const char *s = machine_json_text(j, at, obj, key);

	if (s != NULL)
		*out = s;
}

static void parse_schema(const struct diag_json_at *at, const cJSON *obj)
{
	struct diag_json_at here = below(at, "schema");
	const char *s = NULL;

	if (diag_json_str(at, obj, "schema", &s) &&
	    strcmp(s, MACHINE_SCHEMA) != 0)
		diag_json_wrong(&here,
				cJSON_GetObjectItemCaseSensitive(obj, "schema"),
				"expected %s", MACHINE_SCHEMA);
}

static bool parse_at(const struct diag_json_at *at, const cJSON *v,
		     struct diag_endpoint *out)
{
	struct diag_json_at here = below(at, "at");
	const char *s = NULL;

	if (diag_json_str(at, v, "at", &s) &&
	    diag_endpoint_parse(s, DNS_PORT, out))
		return true;
	diag_json_wrong(&here, cJSON_GetObjectItemCaseSensitive(v, "at"),
			"expected an address of a name server");
	return false;
}

static void parse_server(struct machine_json *j, const struct diag_json_at *at,
			 const cJSON *v)
{
	struct machine_names domains = { 0 };
	struct diag_endpoint place;
	struct diag_nameserver *s;
	uint64_t order = 0;

	if (!parse_at(at, v, &place))
		return;
	s = machine_add_server(j->m, &place, "");
	if (s == NULL) {
		j->no_memory = true;
		return;
	}
	s->stub = false;
	s->interface = machine_json_text(j, at, v, "interface");
	text_or(j, at, v, "source", &s->source);
	if (diag_json_uint(at, v, "order", 0, UINT32_MAX, &order))
		s->order = (unsigned)order;
	(void)diag_json_bool(at, v, "stub", &s->stub);
	(void)diag_json_bool(at, v, "behind_stub", &s->behind_stub);
	(void)diag_json_bool(at, v, "default_route", &s->default_route);
	machine_json_names(j, at, v, "domains", &domains);
	s->domains = domains.items;
	s->n_domains = domains.n;
}

static void parse_resolv(struct machine_json *j, const struct diag_json_at *at,
			 const cJSON *obj)
{
	const cJSON *v = diag_json_object(at, obj, "resolv");
	struct diag_json_at here = below(at, "resolv");
	struct diag_resolv *r = &j->m->resolv;
	struct machine_names search = { 0 };
	uint64_t n;

	if (v == NULL)
		return;
	machine_json_names(j, &here, v, "search", &search);
	r->search = search.items;
	r->n_search = search.n;
	if (diag_json_uint(&here, v, "ndots", 0, 15, &n))
		r->ndots = (unsigned)n;
	if (diag_json_uint(&here, v, "timeout_ms", 0, 3600000, &n))
		r->timeout_s = (unsigned)(n / 1000);
	if (diag_json_uint(&here, v, "attempts", 0, 100, &n))
		r->attempts = (unsigned)n;
	(void)diag_json_bool(&here, v, "rotate", &r->rotate);
	(void)diag_json_bool(&here, v, "use_vc", &r->use_vc);
	(void)diag_json_bool(&here, v, "edns0", &r->edns0);
	(void)diag_json_bool(&here, v, "trust_ad", &r->trust_ad);
	(void)diag_json_bool(&here, v, "single_request", &r->single_request);
}

static void parse_roots(struct machine_json *j, const struct diag_json_at *at,
			const cJSON *obj)
{
	const cJSON *v = diag_json_object(at, obj, "roots");
	struct diag_json_at here = below(at, "roots");
	struct machine_names local = { 0 };

	if (v == NULL)
		return;
	j->m->roots_path = machine_json_text(j, &here, v, "path");
	machine_json_names(j, &here, v, "local", &local);
	j->m->local_roots = local.items;
	j->m->n_local_roots = local.n;
}

static void parse_clock(struct machine_json *j, const struct diag_json_at *at,
			const cJSON *obj)
{
	const cJSON *v = diag_json_object(at, obj, "clock");
	struct diag_json_at here = below(at, "clock");
	struct diag_json_at time = below(&here, "time");
	const char *s = NULL;

	if (v == NULL)
		return;
	if (diag_json_str(&here, v, "time", &s) &&
	    !diag_time_parse(s, &j->m->clock_s))
		diag_json_wrong(&time,
				cJSON_GetObjectItemCaseSensitive(v, "time"),
				"expected a time like 2026-11-23T10:00:00Z");
	j->m->clock_sync_known =
	    diag_json_bool(&here, v, "synchronised", &j->m->clock_synchronised);
}

static void parse_all(struct machine_json *j, const struct diag_json_at *at,
		      const cJSON *obj)
{
	struct machine_names nss = { 0 };
	struct diag_machine *m = j->m;

	parse_schema(at, obj);
	text_or(j, at, obj, "host", &m->host);
	text_or(j, at, obj, "platform", &m->platform);
	text_or(j, at, obj, "os", &m->os);
	text_or(j, at, obj, "container", &m->container);
	machine_json_names(j, at, obj, "nss_hosts", &nss);
	m->nss_hosts = nss.items;
	m->n_nss_hosts = nss.n;
	machine_parse_texts(j, at, obj);
	machine_json_each(j, at, obj, "servers", parse_server);
	parse_resolv(j, at, obj);
	machine_parse_hosts(j, at, obj);
	machine_parse_net(j, at, obj);
	parse_roots(j, at, obj);
	parse_clock(j, at, obj);
	(void)diag_json_bool(at, obj, "emulated", &m->emulated);
}

/* The first problem of ours, as the error's text. */
static bool fail_problems(const struct diag_json_at *at, size_t before,
			  struct diag_err *err)
{
	const char *text = diag_buf_str(&at->problems->text);
	size_t len;

	if (at->problems->text.len <= before)
		return diag_fail(err, DIAG_EPARSE, "machine", "%s",
				 at->file != NULL ? at->file : "input");
	text += before;
	len = strcspn(text, "\n");
	return diag_fail(err, DIAG_EPARSE, "machine", "%.*s",
			 (int)(len < 190 ? len : 190), text);
}

bool diag_machine_parse(const cJSON *obj, const struct diag_json_at *at,
			struct diag_machine **out, struct diag_err *err)
{
	struct machine_json j = { .m = machine_new(err) };
	unsigned known = at->problems->n;
	size_t before = at->problems->text.len;

	if (j.m == NULL)
		return false;
	if (!cJSON_IsObject(obj))
		diag_json_wrong(at, obj, "expected a machine object");
	else
		parse_all(&j, at, obj);
	if (!j.no_memory && at->problems->n == known) {
		*out = j.m;
		return true;
	}
	diag_machine_free(j.m);
	return j.no_memory ? diag_fail_nomem(err, "machine")
			   : fail_problems(at, before, err);
}

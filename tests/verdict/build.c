/* SPDX-License-Identifier: MIT */
/* See build.h. */
#include "tests/verdict/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "inventory/catalogue.h"

#define TEXT_MAX  ((size_t)64 << 20)
#define SAID_ROOM 128 /* for one more finding; hundreds are not compared */

void build_init(struct build *b)
{
	struct diag_err err = { 0 };

	*b = (struct build){
		.networks = "\"10.150.0.0/16\"",
		.inventory = "",
		.targets = T_API "," T_NOTEBOOK "," T_BLOB,
		.views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"}",
		.servers = M_SRV_ISP,
		.nss = "\"files\",\"dns\"",
		.interfaces = M_WLAN "," M_TUN,
		.routes = M_DEFAULT "," M_LAN "," M_VNET,
		.machine = "",
		.role = "client",
		.tool = "pl-doctor",
		.inventory_arg = "ws1103.json",
		.origin = "",
		.platform = "linux",
		.complete = true,
	};
	assert_true(diag_cat_load(&err));
	diag_buf_init(&b->facts, TEXT_MAX);
	diag_buf_init(&b->document, TEXT_MAX);
}

void build_clear(struct build *b)
{
	diag_verdict_free(b->v);
	diag_case_free(b->c);
	diag_buf_clear(&b->facts);
	diag_buf_clear(&b->document);
	diag_cat_unload();
}

/* --- facts ---------------------------------------------------------------- */

void build_fact(struct build *b, const char *fmt, ...)
{
	char members[8192];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(members, sizeof(members), fmt, args);
	va_end(args);
	assert_in_range(n, 0, sizeof(members) - 1);
	b->now_ms += 1;
	diag_buf_printf(&b->facts,
			"{\"id\":%u,\"started_ms\":%.0f,\"took_ms\":5,%s}\n",
			++b->n_facts, b->now_ms, members);
}

static void put(char *out, size_t size, const char *fmt, ...) DIAG_PRINTF(3, 4);
static void put(char *out, size_t size, const char *fmt, ...)
{
	size_t len = strlen(out);
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(out + len, size - len, fmt, args);
	va_end(args);
	assert_in_range(n, 0, size - len - 1);
}

struct chain {
	char records[4096], addresses[1024];
};

/* "alias front 20.62.10.4" as chain records and as addresses. */
static void chain_of(const char *name, const char *words, struct chain *c)
{
	char owner[256], word[256];
	struct diag_addr a;
	int used;

	*c = (struct chain){ "", "" };
	(void)snprintf(owner, sizeof(owner), "%s", name);
	while (*words != '\0') {
		used = (int)strcspn(words, " ");
		(void)snprintf(word, sizeof(word), "%.*s", used, words);
		words += used + (words[used] == ' ');
		if (diag_addr_parse(word, &a))
			put(c->addresses, sizeof(c->addresses), "%s\"%s\"",
			    c->addresses[0] != '\0' ? "," : "", word);
		put(c->records, sizeof(c->records),
		    "%s{\"name\":\"%s\",\"type\":\"%s\",\"ttl\":300,"
		    "\"value\":\"%s\"}",
		    c->records[0] != '\0' ? "," : "", owner,
		    !diag_addr_parse(word, &a) ? "CNAME"
		    : a.family == DIAG_IPV4    ? "A"
					       : "AAAA",
		    word);
		if (!diag_addr_parse(word, &a))
			(void)snprintf(owner, sizeof(owner), "%s", word);
	}
}

static int rcode_of(const char *status)
{
	static const struct {
		const char *status;
		int rcode;
	} rows[] = {
		{ "answer", 0 },   { "nodata", 0 },   { "nxdomain", 3 },
		{ "servfail", 2 }, { "refused", 5 },  { "truncated", 0 },
		{ "timeout", -1 }, { "not-run", -1 }, { "port-closed", -1 }
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(rows[i].status, status) == 0)
			return rows[i].rcode;
	return -1;
}

static void dns(struct build *b, const char *view, const char *name,
		const char *type, const char *status, const char *words,
		const char *soa)
{
	char rcode[32] = "";
	struct chain c;

	chain_of(name, words, &c);
	if (rcode_of(status) >= 0)
		(void)snprintf(rcode, sizeof(rcode), "\"rcode\":%d,",
			       rcode_of(status));
	build_fact(b,
		   "\"probe\":\"dns\",\"target\":\"%s\",\"status\":\"%s\","
		   "\"view\":\"%s\",\"name\":\"%s\",\"type\":\"%s\","
		   "\"transport\":\"udp\",%s\"chain\":[%s],"
		   "\"addresses\":[%s]%s",
		   name, status, view, name, type, rcode, c.records,
		   c.addresses, soa);
}

void build_dns(struct build *b, const char *view, const char *name,
	       const char *type, const char *status, const char *words)
{
	dns(b, view, name, type, status, words, "");
}

void build_dns_soa(struct build *b, const char *view, const char *name,
		   const char *status, const char *words, const char *owner,
		   const char *mname)
{
	char soa[1024];

	(void)snprintf(soa, sizeof(soa),
		       ",\"soa\":{\"owner\":\"%s\",\"mname\":\"%s\","
		       "\"rname\":\"hostmaster.example\",\"minimum\":10,"
		       "\"ttl\":10}",
		       owner, mname);
	dns(b, view, name, "A", status, words, soa);
}

void build_soa(struct build *b, const char *view, const char *zone,
	       const char *mname)
{
	build_fact(b,
		   "\"probe\":\"dns\",\"status\":\"answer\",\"view\":\"%s\","
		   "\"name\":\"%s\",\"type\":\"SOA\",\"transport\":\"udp\","
		   "\"rcode\":0,\"soa\":{\"owner\":\"%s\",\"mname\":\"%s\","
		   "\"rname\":\"hostmaster.example\",\"minimum\":10,"
		   "\"ttl\":10}",
		   view, zone, zone, mname);
}

void build_system_status(struct build *b, const char *name, const char *status,
			 const char *addresses, const char *canonical)
{
	struct chain c;

	chain_of(name, addresses, &c);
	build_fact(b,
		   "\"probe\":\"system-dns\",\"target\":\"%s\","
		   "\"name\":\"%s\",\"status\":\"%s\",\"addresses\":[%s]"
		   "%s%s%s",
		   name, name, status, c.addresses,
		   canonical[0] != '\0' ? ",\"canonical\":\"" : "", canonical,
		   canonical[0] != '\0' ? "\"" : "");
}

void build_system(struct build *b, const char *name, const char *addresses)
{
	build_system_status(b, name, addresses[0] != '\0' ? "answer" : "none",
			    addresses, "");
}

void build_tcp(struct build *b, const char *name, const char *address,
	       unsigned port, const char *status)
{
	build_fact(b,
		   "\"probe\":\"tcp\",\"target\":\"%s\",\"status\":\"%s\","
		   "\"address\":\"%s\",\"port\":%u",
		   name, status, address, port);
}

void build_open(struct build *b, const char *name, const char *address)
{
	build_tcp(b, name, address, 443, "open");
	build_fact(b,
		   "\"probe\":\"tls\",\"target\":\"%s\",\"status\":\"ok\","
		   "\"address\":\"%s\",\"port\":443,\"sni\":\"%s\","
		   "\"version\":\"TLSv1.3\",\"root\":\"public\","
		   "\"server_hello\":true",
		   name, address, name);
	build_fact(b,
		   "\"probe\":\"http\",\"target\":\"%s\",\"status\":"
		   "\"answer\",\"address\":\"%s\",\"port\":443,"
		   "\"url\":\"https://%s/\",\"code\":200,\"is_service\":true",
		   name, address, name);
}

void build_stranger(struct build *b, const char *name, const char *address)
{
	build_tcp(b, name, address, 443, "open");
	build_fact(b,
		   "\"probe\":\"tls\",\"target\":\"%s\",\"status\":"
		   "\"name-mismatch\",\"faults\":[\"name-mismatch\"],"
		   "\"address\":\"%s\",\"port\":443,\"sni\":\"%s\","
		   "\"version\":\"TLSv1.3\",\"root\":\"public\","
		   "\"server_hello\":true",
		   name, address, name);
}

void build_route(struct build *b, const char *address, const char *interface,
		 bool tunnel)
{
	build_fact(b,
		   "\"probe\":\"route\",\"status\":\"ok\",\"address\":\"%s\","
		   "\"interface\":\"%s\",\"is_tunnel\":%s",
		   address, interface, tunnel ? "true" : "false");
}

/* --- the three targets ---------------------------------------------------- */

static const struct known {
	const char *name, *alias, *zone, *private, *public;
} known[] = {
	{ API, API_ALIAS, API_ZONE, "10.150.0.4", "20.62.10.4" },
	{ NOTEBOOK, NB_ALIAS, NB_ZONE, "10.150.0.5", "20.62.10.5" },
	{ BLOB, BLOB_ALIAS, BLOB_ZONE, "10.150.0.8", "20.62.10.8" },
};
#define N_KNOWN (sizeof(known) / sizeof(*known))

static const struct known *known_of(const char *name)
{
	size_t i;

	for (i = 0; i < N_KNOWN; i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	fail_msg("%s is none of the three", name);
	return NULL;
}

void build_private(struct build *b, const char *view, const char *name)
{
	const struct known *k = known_of(name);
	char words[512];

	(void)snprintf(words, sizeof(words), "%s %s", k->alias, k->private);
	build_dns(b, view, name, "A", "answer", words);
}

void build_public(struct build *b, const char *view, const char *name)
{
	const struct known *k = known_of(name);
	char words[512];

	(void)snprintf(words, sizeof(words), "%s %s %s", k->alias, FRONT,
		       k->public);
	build_dns(b, view, name, "A", "answer", words);
}

void build_paths_open(struct build *b)
{
	size_t i;

	for (i = 0; i < N_KNOWN; i++) {
		build_route(b, known[i].private, "tun0", true);
		build_open(b, known[i].name, known[i].private);
	}
}

void build_healthy(struct build *b, const char *view)
{
	size_t i;

	for (i = 0; i < N_KNOWN; i++) {
		build_system(b, known[i].name, known[i].private);
		build_private(b, view, known[i].name);
		build_soa(b, view, known[i].zone, PRIVATE_MNAME);
	}
	build_paths_open(b);
}

/* --- judging -------------------------------------------------------------- */

static void build_inventory(const struct build *b, struct diag_buf *out)
{
	if (b->document.len > 0)
		diag_buf_puts(out, diag_buf_str(&b->document));
	else
		diag_buf_printf(out,
				"{\"schema\":\"pldiag.inventory/1\",\"name\":"
				"\"ws1103\",\"region\":\"eastus\",%s"
				"\"networks\":[%s],\"targets\":[%s]}",
				b->inventory, b->networks, b->targets);
}

void build_text(struct build *b, struct diag_buf *out)
{
	diag_buf_printf(
	    out,
	    "{\"schema\":\"pldiag.case/1\",\"tool\":\"%s\","
	    "\"version\":\"0.1.0\",\"started\":\"2026-11-23T10:00:00Z\","
	    "\"took_ms\":200,\"complete\":%s,\"host\":\"laptop\","
	    "\"role\":\"%s\",\"era\":\"current\",\"no_public\":%s,"
	    "\"views\":[%s],\"inventory\":",
	    b->tool, b->complete ? "true" : "false", b->role,
	    b->public_names ? "false" : "true", b->views);
	build_inventory(b, out);
	diag_buf_printf(
	    out,
	    ",\"machine\":{%s\"host\":\"laptop\",\"platform\":\"%s\","
	    "\"nss_hosts\":[%s],\"servers\":[%s],"
	    "\"interfaces\":[%s],\"routes\":[%s]}}\n%s",
	    b->machine, b->platform, b->nss, b->servers, b->interfaces,
	    b->routes, diag_buf_str(&b->facts));
}

/* One line per finding, as build_expect() compares it. */
static void tell(struct build *b)
{
	size_t i;

	b->said[0] = '\0';
	for (i = 0; i < b->v->n_findings &&
		    strlen(b->said) < sizeof(b->said) - SAID_ROOM;
	     i++)
		put(b->said, sizeof(b->said), "%s%s %s", i > 0 ? " " : "",
		    diag_severity_key(b->v->findings[i].severity),
		    b->v->findings[i].info->code);
}

void build_judge(struct build *b)
{
	struct diag_problems problems;
	struct diag_err err = { 0 };
	struct diag_buf text;

	diag_verdict_free(b->v);
	diag_case_free(b->c);
	b->v = NULL;
	b->c = NULL;
	diag_buf_init(&text, TEXT_MAX);
	diag_problems_init(&problems);
	build_text(b, &text);
	assert_true(diag_case_new(&b->c, &err));
	if (!diag_case_add(b->c, b->origin, text.data, text.len, &problems,
			   &err))
		fail_msg("case: %s: %s\n%s", err.op, err.what,
			 diag_buf_str(&problems.text));
	assert_true(diag_judge(b->c, b->inventory_arg, &b->v, &err));
	diag_problems_clear(&problems);
	diag_buf_clear(&text);
	tell(b);
}

static bool same_words(const char *a, const char *b)
{
	static const char blank[] = " \t\n";

	for (;;) {
		size_t n, m;

		a += strspn(a, blank);
		b += strspn(b, blank);
		n = strcspn(a, blank);
		m = strcspn(b, blank);
		if (n != m || strncmp(a, b, n) != 0)
			return false;
		if (n == 0)
			return true;
		a += n;
		b += m;
	}
}

void build_expect(struct build *b, const char *list)
{
	if (!same_words(b->said, list))
		fail_msg("said \"%s\", not \"%s\"", b->said, list);
}

void build_status(struct build *b, const char *fqdn,
		  enum diag_target_status want)
{
	size_t i;

	for (i = 0; i < b->v->n_targets; i++) {
		const struct diag_target_verdict *t = &b->v->targets[i];

		if (t->target->fqdn == NULL ||
		    strcmp(t->target->fqdn, fqdn) != 0)
			continue;
		if (t->status != want)
			fail_msg("%s is %s, not %s (said \"%s\")", fqdn,
				 diag_target_status_key(t->status),
				 diag_target_status_key(want), b->said);
		return;
	}
	fail_msg("no target %s", fqdn);
}

const struct diag_finding *build_finding(struct build *b, const char *code)
{
	size_t i;

	for (i = 0; i < b->v->n_findings; i++)
		if (strcmp(b->v->findings[i].info->code, code) == 0)
			return &b->v->findings[i];
	fail_msg("no finding %s in \"%s\"", code, b->said);
	return NULL;
}

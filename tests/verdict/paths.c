/* SPDX-License-Identifier: MIT */
/* See paths.h. */
#include "tests/verdict/paths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

int path_set_up(void **state)
{
	static struct build b;

	build_init(&b);
	b.machine = M_ROOTS;
	*state = &b;
	return 0;
}

int path_tear_down(void **state)
{
	build_clear(*state);
	return 0;
}

void path_at_home(struct build *b)
{
	b->interfaces = M_WLAN;
	b->routes = M_DEFAULT "," M_LAN;
}

void path_in_vnet(struct build *b)
{
	b->role = "jumpbox";
	b->interfaces = M_ETH;
	b->routes = M_ETH_DEFAULT "," M_ETH_LAN;
	b->servers = M_SRV_AZURE;
	b->views = "{\"view\":\"system\"},{\"view\":\"" AZURE "\"}";
}

void path_right(struct build *b, const char *view, const char *name,
		const char *address)
{
	build_system(b, name, address);
	build_dns(b, view, name, "A", "answer", address);
}

const struct path_known path_three[3] = {
	{ API, AT_API },
	{ NOTEBOOK, AT_NOTEBOOK },
	{ BLOB, AT_BLOB },
};

void path_all_three(struct build *b, const char *view, const char *interface,
		    const char *how, const char *status)
{
	for (size_t i = 0; i < 3; i++) {
		const struct path_known *k = &path_three[i];

		path_right(b, view, k->name, k->address);
		path_route(b, k->address, interface, how);
		build_tcp(b, k->name, k->address, 443, status);
	}
}

static const char *flag(const char *how, const char *word)
{
	return strstr(how, word) ? "true" : "false";
}

void path_route(struct build *b, const char *address, const char *interface,
		const char *how)
{
	if (strstr(how, "none"))
		build_fact(b,
			   "\"probe\":\"route\",\"status\":\"none\","
			   "\"address\":\"%s\",\"errno\":\"ENETUNREACH\"",
			   address);
	else
		build_fact(b,
			   "\"probe\":\"route\",\"status\":\"ok\","
			   "\"address\":\"%s\",\"interface\":\"%s\","
			   "\"on_link\":%s,\"is_default\":%s,\"is_tunnel\":%s",
			   address, interface, flag(how, "on-link"),
			   flag(how, "default"), flag(how, "tunnel"));
}

void path_errno(struct build *b, const char *name, const char *address,
		const char *status, const char *name_of_errno)
{
	build_fact(b,
		   "\"probe\":\"tcp\",\"target\":\"%s\",\"status\":\"%s\","
		   "\"address\":\"%s\",\"port\":443,\"errno\":\"%s\","
		   "\"error\":\"says the kernel\"",
		   name, status, address, name_of_errno);
}

void path_icmp(struct build *b, const char *name, const char *address,
	       unsigned code, const char *from)
{
	build_fact(b,
		   "\"probe\":\"tcp\",\"target\":\"%s\",\"status\":"
		   "\"unreachable\",\"address\":\"%s\",\"port\":443,"
		   "\"errno\":\"EHOSTUNREACH\",\"icmp\":{\"type\":3,"
		   "\"code\":%u,\"from\":\"%s\"}",
		   name, address, code, from);
}

static const char * or (const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

void path_tls(struct build *b, const char *name, const char *address,
	      const struct path_cert *c)
{
	const char *subject = or (c->subject, name);

	build_tcp(b, name, address, 443, "open");
	build_fact(
	    b,
	    "\"probe\":\"tls\",\"target\":\"%s\",\"status\":\"%s\","
	    "\"faults\":[%s],\"address\":\"%s\",\"port\":443,\"sni\":\"%s\","
	    "\"root\":\"%s\",%s\"server_hello\":true,\"chain\":[{"
	    "\"subject\":\"CN=%s\",\"issuer\":\"%s\",\"san\":[\"%s\"],"
	    "\"not_before\":\"%s\",\"not_after\":\"%s\",\"sha256\":\"%s\"}]",
	    name, or (c->status, "ok"), or (c->faults, ""), address, name,
	    or (c->root, "public"), or (c->more, ""), subject,
	    or (c->issuer, "CN=Issuing CA,O=Microsoft Corporation,C=US"),
	    or (c->san, subject), or (c->not_before, "2026-01-01T00:00:00Z"),
	    or (c->not_after, "2027-01-01T00:00:00Z"), or (c->sha256, subject));
}

void path_http(struct build *b, const char *name, const char *address,
	       const char *members)
{
	build_fact(b,
		   "\"probe\":\"http\",\"target\":\"%s\",\"address\":\"%s\","
		   "\"port\":443,\"url\":\"https://%s/\",\"status\":%s",
		   name, address, name, members);
}

void path_proxied(struct build *b, const char *name, const char *members)
{
	build_fact(b,
		   "\"probe\":\"http\",\"target\":\"%s\",\"address\":"
		   "\"192.168.1.9\",\"port\":3128,\"url\":\"https://%s/\","
		   "\"proxy\":\"" PROXY "\",\"status\":%s",
		   name, name, members);
}

/* --- what was said -------------------------------------------------------- */

void path_causes(struct build *b, const char *codes)
{
	char said[4096] = "";

	for (size_t i = 0; i < b->v->n_causes; i++) {
		size_t len = strlen(said);

		(void)snprintf(said + len, sizeof(said) - len, "%s%s",
			       i > 0 ? " " : "",
			       b->v->causes[i].finding->info->code);
	}
	if (strcmp(said, codes) != 0)
		fail_msg("causes \"%s\", not \"%s\" (said \"%s\")", said, codes,
			 b->said);
}

void path_says(struct build *b, const char *code, const char *words)
{
	const struct diag_finding *f = build_finding(b, code);

	if (strstr(f->detail, words))
		return;
	for (size_t i = 0; i < f->n_proof; i++)
		if (strstr(f->proof[i].text, words))
			return;
	fail_msg("\"%s\" is neither in \"%s\" nor in its proof", words,
		 f->detail);
}

void path_blames(struct build *b, const char *code, const char *names)
{
	const struct diag_finding *f = build_finding(b, code);
	char said[4096] = "";

	for (size_t i = 0; i < f->n_targets; i++) {
		size_t len = strlen(said);

		(void)snprintf(said + len, sizeof(said) - len, "%s%s",
			       i > 0 ? " " : "", f->targets[i]);
	}
	assert_string_equal(names, said);
}

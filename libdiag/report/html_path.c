/* SPDX-License-Identifier: MIT */
/* html_path.c - the stops of a name's way, told from its facts.
 *
 * Which finding is to blame was judged long before; a table says at which stop
 * that kind of finding breaks the way.  Stops behind the break show what the
 * expected address does, where it was tried: an open path behind a wrong
 * answer is the best proof that only DNS is wrong.
 */
#include "report/html_path.h"

#include <string.h>

#include "base/text.h"
#include "report/common.h"

/* --- which facts ---------------------------------------------------------- */

static bool has_address(const struct diag_addr *list, size_t n,
			const struct diag_addr *a)
{
	for (size_t i = 0; i < n; i++)
		if (diag_addr_eq(&list[i], a))
			return true;
	return false;
}

static bool is_question(const struct diag_fact *f, const struct path *p)
{
	return f->kind == DIAG_FACT_DNS && f->dns.type != DIAG_RR_SOA &&
	       p->t->target->fqdn != NULL &&
	       strcmp(f->dns.name, p->t->target->fqdn) == 0;
}

/* A server's answer that says what the deciding view says; else any that has a
 * chain; else any. */
static unsigned weight(const struct diag_fact *f, const struct path *p)
{
	bool same = p->t->n_addresses > 0 &&
		    has_address(f->dns.addresses, f->dns.n_addresses,
				&p->t->addresses[0]);

	return same ? 3 : f->dns.n_chain > 0 ? 2 : 1;
}

struct asked {
	const struct diag_fact *system, *server;
};

static struct asked find_answers(struct html *h, const struct path *p)
{
	struct html_slice s = html_facts_of(h, p->name);
	struct asked a = { NULL, NULL };

	for (size_t i = 0; i < s.n; i++) {
		const struct diag_fact *f = s.facts[i];

		if (!html_is_from(h, f, p->origin))
			continue;
		if (f->kind == DIAG_FACT_SYSTEM_DNS)
			a.system = f;
		if (is_question(f, p) &&
		    (a.server == NULL || weight(f, p) > weight(a.server, p)))
			a.server = f;
	}
	return a;
}

static const struct diag_fact *route_to(struct html *h, const struct path *p,
					const struct diag_addr *a)
{
	for (size_t i = 0; a != NULL && i < h->n_routes; i++)
		if (diag_addr_eq(&h->routes[i]->route.address, a) &&
		    html_is_from(h, h->routes[i], p->origin))
			return h->routes[i];
	return NULL;
}

static const struct diag_fact *fact_of(struct html *h, uint32_t id,
				       enum diag_fact_kind kind)
{
	const struct diag_fact *f = diag_store_get(&h->in.c->facts, id);

	return f != NULL && f->kind == kind ? f : NULL;
}

/* --- names ---------------------------------------------------------------- */

static void set(struct stop *s, enum stop_state state, const char *value,
		const struct diag_fact *f)
{
	s->state = state;
	s->value = value;
	s->fact = f != NULL ? f->id : 0;
}

static enum stop_state good_if(bool good)
{
	return good ? STOP_GOOD : STOP_BAD;
}

static void client(struct html *h, struct path *p)
{
	const char *host = page_clean(&h->page, p->origin->host);

	set(&p->stops[STOP_CLIENT], STOP_GOOD,
	    host[0] != '\0' ? host : "this machine", NULL);
	p->stops[STOP_CLIENT].beside = diag_role_key(h->in.c->role);
}

static const char *status_text(struct html *h, const struct diag_fact *f)
{
	return page_text(&h->page, "says %s", diag_status_key(f->status));
}

/* An answer explains the system's only if it says the same. */
static const char *via(struct html *h, const struct path *p,
		       const struct diag_fact *server)
{
	if (p->t->from_hosts)
		return "from the hosts file";
	if (server == NULL || weight(server, p) < 3)
		return "";
	return page_text(&h->page, "%s says so",
			 page_clean(&h->page, server->dns.view));
}

static void view(struct html *h, struct path *p, const struct asked *a)
{
	const struct diag_fact *f = a->system != NULL ? a->system : a->server;
	struct stop *s = &p->stops[STOP_VIEW];

	if (f == NULL) {
		set(s, p->t->target->fqdn != NULL ? STOP_SKIPPED : STOP_GOOD,
		    p->t->target->fqdn != NULL ? "not asked" : "no name", NULL);
		return;
	}
	set(s, good_if(f->status == DIAG_ST_ANSWER),
	    f == a->system ? "the system" : page_clean(&h->page, f->dns.view),
	    f);
	if (f->status == DIAG_ST_NOT_RUN)
		s->state = STOP_SKIPPED;
	if (f->status != DIAG_ST_ANSWER)
		s->beside = status_text(h, f);
	else if (f == a->system)
		s->beside = via(h, p, a->server);
}

static void alias(struct html *h, struct path *p)
{
	struct stop *s = &p->stops[STOP_ALIAS];
	const struct diag_fact *f = p->answer;
	const char *last = NULL;
	const char *link = NULL;
	size_t n = 0;

	for (size_t i = 0; f != NULL && i < f->dns.n_chain; i++) {
		if (f->dns.chain[i].type != DIAG_RR_CNAME)
			continue;
		last = f->dns.chain[i].value;
		if (link == NULL && strstr(last, "privatelink.") != NULL)
			link = strstr(last, "privatelink.");
		n++;
	}
	if (n == 0 || p->t->from_hosts) {
		set(s, STOP_SKIPPED, n == 0 ? "none" : "not used", NULL);
		return;
	}
	set(s, STOP_GOOD, page_clean(&h->page, link != NULL ? link : last), f);
	if (n > 1)
		s->beside = page_text(&h->page, "%zu aliases", n);
}

static void address(struct html *h, struct path *p, const struct table_row *r,
		    const struct asked *a)
{
	struct stop *s = &p->stops[STOP_ADDRESS];
	bool unused = diag_report_is_unused(p->t);

	set(s, unused ? STOP_SKIPPED : good_if(r->as_expected),
	    r->answer[0] != '\0' ? r->answer : r->expected,
	    a->system != NULL ? a->system : a->server);
	if (p->t->n_addresses == 0 && p->t->status == DIAG_TARGET_UNKNOWN)
		s->state = STOP_SKIPPED;
	if (!r->as_expected && !unused)
		s->beside = page_text(&h->page, "expected: %s", r->expected);
}

/* --- connection ----------------------------------------------------------- */

static const struct diag_addr *connected_to(struct html *h,
					    const struct path *p)
{
	const struct diag_fact *tcp = fact_of(h, p->t->tcp, DIAG_FACT_TCP);
	const struct diag_fact *tls = fact_of(h, p->t->tls, DIAG_FACT_TLS);

	if (tcp != NULL)
		return &tcp->tcp.address;
	if (tls != NULL)
		return &tls->tls.address;
	return p->t->n_addresses > 0 ? &p->t->addresses[0] : NULL;
}

static void route(struct html *h, struct path *p, const struct diag_addr *to)
{
	const struct diag_fact *f = route_to(h, p, to);
	struct stop *s = &p->stops[STOP_ROUTE];
	char text[DIAG_ADDR_TEXT];

	if (f == NULL || f->status == DIAG_ST_NOT_RUN) {
		set(s, STOP_SKIPPED, "not looked up", f);
		return;
	}
	set(s, good_if(f->status == DIAG_ST_OK),
	    f->route.interface != NULL
		? page_clean(&h->page, f->route.interface)
		: "no route",
	    f);
	if (f->route.is_tunnel)
		s->beside = "a tunnel";
	else if (f->route.on_link)
		s->beside = "on this link";
	else if (f->route.gateway.family != DIAG_NOFAM)
		s->beside = page_text(&h->page, "via %s",
				      diag_addr_text(&f->route.gateway, text));
}

static void port(struct html *h, struct path *p, const struct table_row *r)
{
	const struct diag_fact *f = fact_of(h, p->t->tcp, DIAG_FACT_TCP);
	struct stop *s = &p->stops[STOP_PORT];

	s->beside = r->others;
	if (f == NULL) {
		bool open = p->t->tls != 0 || p->t->http != 0;

		set(s, open ? STOP_GOOD : STOP_SKIPPED,
		    open ? "open" : "not tried", NULL);
		return;
	}
	set(s, good_if(f->status == DIAG_ST_OPEN),
	    page_text(&h->page, "%u %s", f->tcp.port,
		      diag_report_tcp_word(f->status)),
	    f);
	if (f->status == DIAG_ST_NOT_RUN)
		s->state = STOP_SKIPPED;
	if (s->beside[0] == '\0' && f->status == DIAG_ST_OPEN)
		s->beside = page_ms(&h->page, f->took_ms);
}

static void tls(struct html *h, struct path *p)
{
	const struct diag_fact *f = fact_of(h, p->t->tls, DIAG_FACT_TLS);
	struct stop *s = &p->stops[STOP_TLS];

	if (f == NULL || f->status == DIAG_ST_NOT_RUN) {
		set(s, STOP_SKIPPED, "not reached", f);
		return;
	}
	set(s, good_if(f->status == DIAG_ST_OK),
	    f->status == DIAG_ST_OK
		? page_clean(&h->page, f->tls.version)
		: diag_report_tls_word(f->status) + strlen("TLS "),
	    f);
	if (s->value[0] == '\0')
		s->value = "ok";
	s->beside = page_ms(&h->page, f->took_ms);
}

static void http(struct html *h, struct path *p)
{
	const struct diag_fact *f = fact_of(h, p->t->http, DIAG_FACT_HTTP);
	struct stop *s = &p->stops[STOP_HTTP];

	if (f == NULL || f->status == DIAG_ST_NOT_RUN) {
		set(s, STOP_SKIPPED, "not reached", f);
		return;
	}
	set(s,
	    good_if((f->status == DIAG_ST_ANSWER && f->http.denial == NULL) ||
		    f->status == DIAG_ST_CLIENT_CERT_WANTED),
	    f->http.code > 0 ? page_text(&h->page, "%d", f->http.code)
			     : diag_status_key(f->status),
	    f);
	s->beside =
	    f->http.denial != NULL ? "denied" : page_ms(&h->page, f->took_ms);
}

/* --- the break ------------------------------------------------------------ */

/* Where a family of findings breaks the way; the longest that fits counts. */
static int stop_of(const char *code)
{
	static const struct {
		const char *head;
		enum stop_kind stop;
	} families[] = {
		{ "dns.", STOP_ADDRESS },
		{ "dns.server-", STOP_VIEW },
		{ "dns.tcp-blocked", STOP_VIEW },
		{ "hosts.", STOP_ADDRESS },
		{ "zone.", STOP_ADDRESS },
		{ "endpoint.zone-missing", STOP_ADDRESS },
		{ "inventory.", STOP_ADDRESS },
		{ "net.", STOP_ROUTE },
		{ "vpn.", STOP_ROUTE },
		{ "vnet.", STOP_ROUTE },
		{ "endpoint.", STOP_PORT },
		{ "tcp.", STOP_PORT },
		{ "port.", STOP_PORT },
		{ "nsg.", STOP_PORT },
		{ "tls.", STOP_TLS },
		{ "clock.", STOP_TLS },
		{ "http.", STOP_HTTP },
		{ "proxy.", STOP_HTTP },
	};
	size_t longest = 0;
	int stop = -1;

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		size_t n = strlen(families[i].head);

		if (n > longest && diag_text_starts(code, families[i].head)) {
			longest = n;
			stop = (int)families[i].stop;
		}
	}
	return stop;
}

/* A cause, else the gravest finding about this name: they come in order. */
static const struct diag_finding *blamed(const struct html *h,
					 const struct diag_target_verdict *t)
{
	const struct diag_verdict *v = h->in.v;

	for (size_t i = 0; i < v->n_causes; i++)
		for (size_t k = 0; k < t->n_findings; k++)
			if (t->findings[k] == v->causes[i].finding)
				return t->findings[k];
	return t->n_findings > 0 ? t->findings[0] : NULL;
}

static int first_bad(const struct path *p)
{
	for (int i = 0; i < N_STOPS; i++)
		if (p->stops[i].state == STOP_BAD)
			return i;
	return -1;
}

/* The port that broke it is told first, and the open one beside it. */
static void tell_broken_port(struct stop *s, const struct table_row *r)
{
	const char *open = s->value;

	if (s->state != STOP_GOOD || r->others[0] == '\0')
		return;
	s->value = r->others;
	s->beside = open;
}

static void find_break(const struct html *h, struct path *p,
		       const struct table_row *r)
{
	p->broken = -1;
	if (p->t->status == DIAG_TARGET_OK)
		return;
	p->why = blamed(h, p->t);
	if (p->why != NULL)
		p->broken = stop_of(p->why->info->code);
	if (p->broken < 0)
		p->broken = first_bad(p);
	if (p->broken == STOP_PORT)
		tell_broken_port(&p->stops[STOP_PORT], r);
	if (p->broken >= 0)
		p->stops[p->broken].state = STOP_BAD;
}

void html_path(struct html *h, size_t target, struct path *p)
{
	static const char *const titles[N_STOPS] = {
		[STOP_CLIENT] = "Client", [STOP_VIEW] = "View",
		[STOP_ALIAS] = "Alias",	  [STOP_ADDRESS] = "Address",
		[STOP_ROUTE] = "Route",	  [STOP_PORT] = "Port",
		[STOP_TLS] = "TLS",	  [STOP_HTTP] = "HTTP",
	};
	const struct table_row *r = &h->table.rows[target];
	const struct diag_addr *to;
	struct asked a;

	*p = (struct path){ .t = &h->in.v->targets[target], .broken = -1 };
	p->origin = diag_report_origin(&h->in, p->t);
	p->name = html_target(h, p->t->target);
	for (size_t i = 0; i < N_STOPS; i++)
		p->stops[i] = (struct stop){ titles[i], "", "", 0, 0 };
	a = find_answers(h, p);
	to = connected_to(h, p);
	p->answer = a.server;
	p->elsewhere = to != NULL && p->t->n_addresses > 0 &&
		       !has_address(p->t->addresses, p->t->n_addresses, to);
	client(h, p);
	view(h, p, &a);
	alias(h, p);
	address(h, p, r, &a);
	route(h, p, to);
	port(h, p, r);
	tls(h, p);
	http(h, p);
	find_break(h, p, r);
}

/* SPDX-License-Identifier: MIT */
/* system_emulated.c - the system view, computed from somebody's files.
 *
 * What glibc does with nsswitch.conf, hosts and resolv.conf, step by step:
 *
 *   sources   in nsswitch order; `files` is the hosts file, `dns` and
 *	       `resolve` are the name servers, others never know our names
 *   names     at least ndots dots: the name as it is first, then with each
 *	       search domain; fewer: the other way round (resolv.conf(5))
 *   servers   the first three, in order; a server that is silent or fails is
 *	       followed by the next, one that denies the name is believed
 *   rounds    one second for each server, three times (the RES_OPTIONS that
 *	       our own system view runs with)
 */
#include "probes/system_dns_internal.h"

#include <stdio.h>
#include <string.h>

#include "machine/machine.h"

#define SERVERS_MAX 3 /* MAXNS of glibc */
#define ATTEMPTS    3
#define PATIENCE_MS 1000

static void ask_server(struct emulated *e);

/* --- telling
 * -------------------------------------------------------------------- */

static void tell(struct emulated *e, enum diag_status status, bool from_hosts)
{
	struct diag_fact f = { .kind = DIAG_FACT_SYSTEM_DNS, .status = status };

	e->over = true;
	f.system_dns = (struct diag_system_dns_fact){
		.name = e->probe->step->name,
		.addresses = e->addresses,
		.n_addresses = e->n_addresses,
		.canonical = e->canonical[0] ? e->canonical : NULL,
		.emulated = true,
		.from_hosts = from_hosts,
	};
	diag_probe_emit(e->probe, &f);
	diag_probe_done(e->probe);
}

static void add_address(struct emulated *e, const struct diag_addr *a)
{
	if (e->n_addresses < EMULATED_ADDRESSES)
		e->addresses[e->n_addresses++] = *a;
}

/* --- hosts
 * ----------------------------------------------------------------------- */

static bool in_hosts(struct emulated *e)
{
	const char *name = e->probe->step->name;
	const struct diag_hosts_edge *edge;

	for (size_t i = 0;; i++) {
		edge =
		    diag_hosts_lookup(&e->machine->hosts, name, DIAG_NOFAM, i);
		if (edge == NULL)
			break;
		add_address(e, edge->addr);
	}
	if (e->n_addresses > 0)
		(void)snprintf(e->canonical, sizeof(e->canonical), "%s", name);
	return e->n_addresses > 0;
}

/* No nsswitch.conf means files, then dns. */
static bool has_source(const struct emulated *e, const char *a, const char *b)
{
	const struct diag_machine *m = e->machine;

	for (size_t i = 0; i < m->n_nss_hosts; i++)
		if (strcmp(m->nss_hosts[i], a) == 0 ||
		    strcmp(m->nss_hosts[i], b) == 0)
			return true;
	return m->n_nss_hosts == 0;
}

static void tell_failure(struct emulated *e)
{
	enum diag_status status = DIAG_ST_NONE;

	if (e->silent)
		status = DIAG_ST_TIMEOUT;
	else if (e->failed)
		status = DIAG_ST_FAILED;
	if (!diag_machine_files_first(e->machine) &&
	    has_source(e, "files", "files") && in_hosts(e))
		tell(e, DIAG_ST_ANSWER, true);
	else
		tell(e, status, false);
}

/* --- names to try, servers to ask
 * ---------------------------------------------------- */

static unsigned dots(const char *name)
{
	unsigned n = 0;

	for (; *name; name++)
		n += *name == '.';
	return n;
}

/* The i-th name to try; false: there are no more. */
static bool candidate(struct emulated *e, size_t i)
{
	const struct diag_resolv *r = &e->machine->resolv;
	const char *name = e->probe->step->name;
	bool plain_first = dots(name) >= r->ndots;
	int n;

	if (i > r->n_search)
		return false;
	if (i == (plain_first ? 0 : r->n_search))
		n = snprintf(e->name, sizeof(e->name), "%s", name);
	else
		n = snprintf(e->name, sizeof(e->name), "%s.%s", name,
			     r->search[plain_first ? i - 1 : i]);
	if (n < 0 || (size_t)n >= sizeof(e->name))
		e->name[0] = '\0'; /* too long for a name: skipped */
	return true;
}

/* The i-th server that the system itself asks. */
static const struct diag_nameserver *server(const struct emulated *e, size_t i)
{
	const struct diag_machine *m = e->machine;

	for (size_t k = 0; k < m->n_servers && i < SERVERS_MAX; k++)
		if (!m->servers[k].behind_stub && i-- == 0)
			return &m->servers[k];
	return NULL;
}

static void next_candidate(struct emulated *e)
{
	e->server = 0;
	e->attempt = 0;
	do {
		if (!candidate(e, e->candidate++)) {
			tell_failure(e);
			return;
		}
	} while (e->name[0] == '\0');
	ask_server(e);
}

static void next_server(struct emulated *e)
{
	e->server++;
	if (server(e, e->server) == NULL) {
		e->server = 0;
		e->attempt++;
	}
	if (e->attempt < ATTEMPTS)
		ask_server(e);
	else
		next_candidate(e);
}

/* --- one server
 * ------------------------------------------------------------------------ */

static bool is_denial(enum diag_status s)
{
	return s == DIAG_ST_NODATA || s == DIAG_ST_NXDOMAIN;
}

static bool is_silence(enum diag_status s)
{
	return s == DIAG_ST_TIMEOUT || s == DIAG_ST_NOT_RUN ||
	       s == DIAG_ST_MALFORMED;
}

/* Both halves are in, or patience is over. */
static void judge(struct emulated *e)
{
	enum diag_status a = e->half[0].status, aaaa = e->half[1].status;

	(void)uv_timer_stop(&e->patience);
	dns_ask_drop(e->half[0].ask);
	dns_ask_drop(e->half[1].ask);
	if (e->n_addresses > 0) {
		tell(e, DIAG_ST_ANSWER, false);
	} else if (is_denial(a) && is_denial(aaaa)) {
		next_candidate(e);
	} else {
		bool quiet = is_silence(a) || is_silence(aaaa);

		e->silent |= quiet;
		e->failed |= !quiet;
		next_server(e);
	}
}

static bool ask_half(struct emulated_half *h, bool tcp);

static void on_answer(void *ctx, struct diag_fact *f)
{
	struct emulated_half *h = ctx;
	struct emulated *e = h->e;

	h->status = f->status;
	if (f->status == DIAG_ST_TRUNCATED && ask_half(h, true)) {
		h->status = DIAG_ST_NOT_RUN;
		return;
	}
	for (size_t i = 0; i < f->dns.n_addresses; i++)
		add_address(e, &f->dns.addresses[i]);
	if (f->dns.n_addresses > 0)
		(void)snprintf(e->canonical, sizeof(e->canonical), "%s",
			       f->dns.chain[f->dns.n_chain - 1].name);
	if (--e->pending == 0)
		judge(e);
}

static bool ask_half(struct emulated_half *h, bool tcp)
{
	struct emulated *e = h->e;
	struct dns_question q = {
		.server = server(e, e->server)->at,
		.view = e->view,
		.name = e->name,
		.type = h->type,
		.tcp = tcp,
	};

	return dns_ask(e->pool, &q, on_answer, h, &h->ask, NULL);
}

static void on_patience(uv_timer_t *timer)
{
	judge(timer->data);
}

/* A question may be answered before dns_ask() returns (no way there), so
 * nothing is touched after the second. */
static void ask_server(struct emulated *e)
{
	if (server(e, e->server) == NULL) {
		e->failed = true;
		tell_failure(e);
		return;
	}
	(void)uv_timer_start(&e->patience, on_patience, PATIENCE_MS, 0);
	e->half[0].status = e->half[1].status = DIAG_ST_NOT_RUN;
	e->pending = 2;
	if (!ask_half(&e->half[0], false))
		e->pending--;
	if (!ask_half(&e->half[1], false) && --e->pending == 0)
		judge(e);
}

/* --- the probe's functions
 * ---------------------------------------------------------------- */

bool emulated_start(struct emulated *e, struct diag_probe *p,
		    struct diag_err *err)
{
	e->probe = p;
	e->machine = diag_run_machine(p->run);
	e->half[0] = (struct emulated_half){ .e = e, .type = DIAG_RR_A };
	e->half[1] = (struct emulated_half){ .e = e, .type = DIAG_RR_AAAA };
	if (diag_machine_files_first(e->machine) && in_hosts(e)) {
		tell(e, DIAG_ST_ANSWER, true);
		return true;
	}
	if (!has_source(e, "dns", "resolve")) {
		tell_failure(e);
		return true;
	}
	e->pool = dns_pool_of(p->run, err);
	if (e->pool == NULL)
		return false;
	(void)uv_timer_init(p->loop, &e->patience);
	e->patience.data = e;
	e->timer_made = true;
	next_candidate(e);
	return true;
}

void emulated_expire(struct emulated *e)
{
	e->n_addresses = 0;
	if (!e->probe->cancelled)
		tell(e, DIAG_ST_TIMEOUT, false);
	diag_probe_done(e->probe);
}

static void on_closed(uv_handle_t *handle)
{
	struct emulated *e = handle->data;

	diag_probe_released(e->probe);
}

void emulated_stop(struct emulated *e)
{
	dns_ask_drop(e->half[0].ask);
	dns_ask_drop(e->half[1].ask);
	if (e->timer_made)
		uv_close((uv_handle_t *)&e->patience, on_closed);
	else
		diag_probe_released(e->probe);
}

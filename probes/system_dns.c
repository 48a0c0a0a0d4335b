/* SPDX-License-Identifier: MIT */
/* system-dns - what programs on this machine get: getaddrinfo(3).
 *
 * It blocks, so it runs in libuv's pool through uv_queue_work (uv_getaddrinfo
 * uses half of the pool only).  A call that hangs cannot be taken back: at its
 * deadline the fact is `timeout`, the thread keeps its memory, and the run
 * ends without it (struct diag_run_result, abandoned).
 *
 * With --hosts or --resolv-conf the view is computed instead and marked so
 * (system_emulated.c).
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "machine/machine.h"
#include "net/sock.h"
#include "probes/probes.h"
#include "probes/system_dns_internal.h"

#define ADDRESSES_MAX 64
/* The resolver's own patience with one server is a second or more; a "try
 * again" that comes sooner was an answer. */
#define PATIENCE_MS 900

struct lookup {
	uv_work_t work;
	struct diag_probe *probe;
	struct addrinfo *found;
	int rc, sys;
	bool returned, stopped;
	char name[DIAG_FQDN_MAX]; /* the step may be gone before the thread */
};

struct system_dns {
	bool emulated;
	union {
		struct lookup lookup;
		struct emulated computed;
	};
};

/* In a thread of the pool. */
static void on_work(uv_work_t *work)
{
	struct lookup *l = work->data;
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
				  .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_CANONNAME };

	errno = 0;
	l->rc = getaddrinfo(l->name, NULL, &hints, &l->found);
	l->sys = l->rc == EAI_SYSTEM ? errno : 0;
}

static bool is_known(const struct diag_addr *known, size_t n,
		     const struct diag_addr *a)
{
	for (size_t i = 0; i < n; i++)
		if (diag_addr_eq(&known[i], a))
			return true;
	return false;
}

static size_t take_addresses(const struct addrinfo *ai,
			     struct diag_addr out[ADDRESSES_MAX])
{
	struct diag_addr a;
	uint16_t port;
	size_t n = 0;

	for (; ai && n < ADDRESSES_MAX; ai = ai->ai_next)
		if (diag_sock_to(ai->ai_addr, &a, &port) &&
		    !is_known(out, n, &a))
			out[n++] = a;
	return n;
}

static enum diag_status status_of(int rc, double took_ms)
{
	switch (rc) {
	case 0:
		return DIAG_ST_ANSWER;
	case EAI_NONAME:
#ifdef EAI_NODATA
	case EAI_NODATA:
#endif
#ifdef EAI_ADDRFAMILY
	case EAI_ADDRFAMILY:
#endif
		return DIAG_ST_NONE;
	case EAI_AGAIN:
		return took_ms >= PATIENCE_MS ? DIAG_ST_TIMEOUT
					      : DIAG_ST_FAILED;
	default:
		return DIAG_ST_FAILED;
	}
}

static void tell(struct lookup *l)
{
	struct diag_probe *p = l->probe;
	struct diag_addr addresses[ADDRESSES_MAX];
	char canonical[DIAG_FQDN_MAX];
	struct diag_fact f = { .kind = DIAG_FACT_SYSTEM_DNS };
	const char *said = l->found ? l->found->ai_canonname : NULL;

	f.took_ms = (double)(diag_run_now_ns(p->run) - p->started_ns) / 1e6;
	f.status = status_of(l->rc, f.took_ms);
	f.system_dns.name = l->name;
	f.system_dns.addresses = addresses;
	f.system_dns.n_addresses = take_addresses(l->found, addresses);
	if (said && diag_fqdn_normal(said, strlen(said), canonical, NULL))
		f.system_dns.canonical = canonical;
	if (l->rc != 0) {
		f.sys_errno = l->sys;
		f.error = l->sys ? strerror(l->sys) : gai_strerror(l->rc);
	}
	diag_probe_emit(p, &f);
	diag_probe_done(p);
}

static void lookup_release(struct lookup *l)
{
	if (l->found)
		freeaddrinfo(l->found);
	diag_probe_released(l->probe);
}

/* Back in the loop's thread. */
static void on_returned(uv_work_t *work, int status)
{
	struct lookup *l = work->data;

	l->returned = true;
	if (!l->stopped && status == 0)
		tell(l);
	else if (!l->stopped)
		diag_probe_done(l->probe);
	if (l->stopped)
		lookup_release(l);
}

static bool system_start(struct diag_probe *p, struct diag_err *err)
{
	const struct diag_machine *machine = diag_run_machine(p->run);
	struct system_dns *s = p->state;
	struct lookup *l = &s->lookup;
	int rc;

	s->emulated = machine && machine->emulated;
	if (s->emulated)
		return emulated_start(&s->computed, p, err);
	l->probe = p;
	l->work.data = l;
	(void)snprintf(l->name, sizeof(l->name), "%s", p->step->name);
	rc = uv_queue_work(p->loop, &l->work, on_work, on_returned);
	l->returned = rc != 0;
	return rc == 0 ||
	       diag_fail(err, DIAG_EIO, "system-dns", "%s", uv_strerror(rc));
}

static void system_expire(struct diag_probe *p)
{
	struct system_dns *s = p->state;
	struct diag_fact f = { .kind = DIAG_FACT_SYSTEM_DNS,
			       .status = DIAG_ST_TIMEOUT };

	if (s->emulated) {
		emulated_expire(&s->computed);
		return;
	}
	f.system_dns.name = p->step->name;
	if (!p->cancelled)
		diag_probe_emit(p, &f);
	diag_probe_done(p);
}

static void system_stop(struct diag_probe *p)
{
	struct system_dns *s = p->state;

	if (s->emulated) {
		emulated_stop(&s->computed);
		return;
	}
	s->lookup.stopped = true;
	if (s->lookup.returned)
		lookup_release(&s->lookup);
	else
		(void)uv_cancel((uv_req_t *)&s->lookup.work);
}

static const enum diag_fact_kind gives[] = { DIAG_FACT_SYSTEM_DNS };

const struct diag_probe_ops probe_system_dns = {
	.kind = DIAG_PROBE_SYSTEM_DNS,
	.name = "system-dns",
	.summary = "ask as programs on this machine do (hosts file, then DNS)",
	.gives = gives,
	.n_gives = sizeof(gives) / sizeof(gives[0]),
	.state_size = sizeof(struct system_dns),
	.start = system_start,
	.expire = system_expire,
	.stop = system_stop,
};

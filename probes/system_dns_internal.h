/* SPDX-License-Identifier: MIT */
/* system_dns_internal.h - the computed system view (system_emulated.c). */
#ifndef PROBES_SYSTEM_DNS_INTERNAL_H
#define PROBES_SYSTEM_DNS_INTERNAL_H

#include "net/fqdn.h"
#include "probes/dns_channel.h"

#define EMULATED_ADDRESSES 64

/* One of the two questions about a candidate name. */
struct emulated_half {
	struct emulated *e;
	struct dns_ask *ask;
	enum diag_rrtype type;
	enum diag_status status; /* NOT_RUN: not answered yet */
};

struct emulated {
	struct diag_probe *probe;
	struct dns_pool *pool;
	const struct diag_machine *machine;
	struct emulated_half half[2];
	uv_timer_t patience; /* with one server */
	bool timer_made, over;
	size_t candidate, server;
	unsigned attempt;
	unsigned pending;    /* halves that are not in yet */
	bool failed, silent; /* what some server was, in all this */
	char view[DIAG_ENDPOINT_TEXT];
	char name[DIAG_FQDN_MAX]; /* the candidate asked now */
	char canonical[DIAG_FQDN_MAX];
	struct diag_addr addresses[EMULATED_ADDRESSES];
	size_t n_addresses;
};

DIAG_MUST_USE
bool emulated_start(struct emulated *e, struct diag_probe *p,
		    struct diag_err *err);
void emulated_expire(struct emulated *e);
void emulated_stop(struct emulated *e);

#endif

/* SPDX-License-Identifier: MIT */
/* notrun.c - the fact of a step that was never asked.
 *
 * It carries the whole question, so that a reader of an interrupted case sees
 * what is not known, and never takes a gap for health.
 */
#include <stdio.h>

#include "run/run_internal.h"

static void of_dns(const struct diag_step *step, struct diag_fact *f)
{
	f->kind = DIAG_FACT_DNS;
	f->dns = (struct diag_dns_fact){
		.view = step->view,
		.name = step->name,
		.type = step->type,
		.tcp = step->tcp,
		.rcode = -1,
		.ede = -1,
	};
}

static void of_system_dns(const struct diag_step *step, struct diag_fact *f)
{
	f->kind = DIAG_FACT_SYSTEM_DNS;
	f->system_dns = (struct diag_system_dns_fact){ .name = step->name };
}

static void of_route(const struct diag_step *step, struct diag_fact *f)
{
	f->kind = DIAG_FACT_ROUTE;
	f->route = (struct diag_route_fact){ .address = step->addr };
}

static void of_tcp(const struct diag_step *step, struct diag_fact *f)
{
	f->kind = DIAG_FACT_TCP;
	f->tcp = (struct diag_tcp_fact){
		.address = step->addr,
		.port = step->port,
	};
}

static void of_tls(const struct diag_step *step, struct diag_fact *f)
{
	f->kind = DIAG_FACT_TLS;
	f->tls = (struct diag_tls_fact){
		.address = step->addr,
		.port = step->port,
		.sni = step->name,
		.alert = -1,
		.packet_max = step->packet_max,
		.repeated = step->repeated,
	};
}

static void of_http(const struct diag_step *step, struct diag_fact *f,
		    char text[NOT_RUN_TEXT])
{
	const char *path = step->http ? step->http->path : "/";

	f->kind = DIAG_FACT_HTTP;
	f->http = (struct diag_http_fact){
		.address = step->addr,
		.port = step->port,
		.url = text,
		.proxy = step->proxy ? step->proxy->url : NULL,
	};
	(void)snprintf(text, NOT_RUN_TEXT, "https://%s%s",
		       step->target ? step->target : "", path);
}

static void of_udp(const struct diag_step *step, struct diag_fact *f)
{
	f->kind = DIAG_FACT_UDP;
	f->udp = (struct diag_udp_fact){
		.address = step->addr,
		.port = step->port,
	};
}

static void of_mtu(const struct diag_step *step, struct diag_fact *f)
{
	f->kind = DIAG_FACT_MTU;
	f->mtu = (struct diag_mtu_fact){
		.address = step->addr,
		.port = step->port,
	};
}

static void of_arrival(const struct diag_step *step, struct diag_fact *f)
{
	f->kind = DIAG_FACT_ARRIVAL;
	f->arrival = (struct diag_arrival_fact){
		.address = step->addr,
		.port = step->port,
		.seen_by = "socket",
	};
}

static void of_arrival_udp(const struct diag_step *step, struct diag_fact *f)
{
	of_arrival(step, f);
	f->arrival.protocol = "udp";
}

static void of_sniff(const struct diag_step *step, struct diag_fact *f)
{
	f->kind = DIAG_FACT_ARRIVAL;
	f->arrival = (struct diag_arrival_fact){
		.port = step->port,
		.seen_by = "capture",
	};
}

void not_run_fact(const struct diag_step *step, struct diag_fact *f,
		  char text[NOT_RUN_TEXT])
{
	static void (*const of[DIAG_N_PROBES])(const struct diag_step *,
					       struct diag_fact *) = {
		[DIAG_PROBE_DNS] = of_dns,
		[DIAG_PROBE_SYSTEM_DNS] = of_system_dns,
		[DIAG_PROBE_ROUTE] = of_route,
		[DIAG_PROBE_CONNECT] = of_tcp,
		[DIAG_PROBE_UDP] = of_udp,
		[DIAG_PROBE_ARRIVAL] = of_arrival,
		[DIAG_PROBE_ARRIVAL_UDP] = of_arrival_udp,
		[DIAG_PROBE_SNIFF] = of_sniff,
		[DIAG_PROBE_MTU] = of_mtu,
	};

	*f = (struct diag_fact){ .status = DIAG_ST_NOT_RUN,
				 .target = step->target };
	if (step->probe == DIAG_PROBE_HTTP_PROXY)
		of_http(step, f, text);
	else if (step->repeated)
		of_tls(step, f);
	else
		of[step->probe](step, f);
}

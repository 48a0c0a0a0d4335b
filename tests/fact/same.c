/* SPDX-License-Identifier: MIT */
/* same.c - two facts compared member by member. */
#include <string.h>

#include "tests/fact/make.h"

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_addrs(const struct diag_addr *a, size_t n,
		       const struct diag_addr *b, size_t m)
{
	bool ok = n == m;

	for (size_t i = 0; ok && i < n; i++)
		ok = diag_addr_eq(&a[i], &b[i]);
	return ok;
}

static bool same_icmp(const struct diag_icmp_seen *a,
		      const struct diag_icmp_seen *b)
{
	return a->seen == b->seen && a->type == b->type && a->code == b->code &&
	       diag_addr_eq(&a->from, &b->from);
}

static bool same_chain(const struct diag_dns_fact *a,
		       const struct diag_dns_fact *b)
{
	bool ok = a->n_chain == b->n_chain;

	for (size_t i = 0; ok && i < a->n_chain; i++)
		ok = same(a->chain[i].name, b->chain[i].name) &&
		     a->chain[i].type == b->chain[i].type &&
		     a->chain[i].ttl_s == b->chain[i].ttl_s &&
		     same(a->chain[i].value, b->chain[i].value);
	return ok;
}

static bool same_soa(const struct diag_soa *a, const struct diag_soa *b)
{
	return same(a->owner, b->owner) && same(a->mname, b->mname) &&
	       same(a->rname, b->rname) && a->minimum_s == b->minimum_s &&
	       a->ttl_s == b->ttl_s;
}

static bool same_dns(const struct diag_dns_fact *a,
		     const struct diag_dns_fact *b)
{
	return same(a->view, b->view) && same(a->name, b->name) &&
	       a->type == b->type && a->tcp == b->tcp && a->rcode == b->rcode &&
	       a->ede == b->ede && same_chain(a, b) &&
	       same_addrs(a->addresses, a->n_addresses, b->addresses,
			  b->n_addresses) &&
	       same_soa(&a->soa, &b->soa) && a->sends == b->sends &&
	       a->received == b->received && a->edns == b->edns &&
	       a->ad == b->ad && a->aa == b->aa;
}

static bool same_system_dns(const struct diag_system_dns_fact *a,
			    const struct diag_system_dns_fact *b)
{
	return same(a->name, b->name) && same(a->canonical, b->canonical) &&
	       a->emulated == b->emulated && a->from_hosts == b->from_hosts &&
	       same_addrs(a->addresses, a->n_addresses, b->addresses,
			  b->n_addresses);
}

static bool same_route(const struct diag_route_fact *a,
		       const struct diag_route_fact *b)
{
	return diag_addr_eq(&a->address, &b->address) &&
	       same(a->interface, b->interface) &&
	       diag_addr_eq(&a->source, &b->source) &&
	       diag_addr_eq(&a->gateway, &b->gateway) &&
	       a->on_link == b->on_link && a->is_default == b->is_default &&
	       a->is_tunnel == b->is_tunnel;
}

static bool same_cert(const struct diag_cert *a, const struct diag_cert *b)
{
	bool ok = a->n_san == b->n_san;

	for (size_t i = 0; ok && i < a->n_san; i++)
		ok = same(a->san[i], b->san[i]);
	return ok && same(a->subject, b->subject) &&
	       same(a->issuer, b->issuer) && same(a->sha256, b->sha256) &&
	       a->not_before_s == b->not_before_s &&
	       a->not_after_s == b->not_after_s;
}

static bool same_tls_lists(const struct diag_tls_fact *a,
			   const struct diag_tls_fact *b)
{
	bool ok = a->n_chain == b->n_chain && a->n_faults == b->n_faults;

	for (size_t i = 0; ok && i < a->n_chain; i++)
		ok = same_cert(&a->chain[i], &b->chain[i]);
	for (size_t i = 0; ok && i < a->n_faults; i++)
		ok = a->faults[i] == b->faults[i];
	return ok;
}

static bool same_tls(const struct diag_tls_fact *a,
		     const struct diag_tls_fact *b)
{
	return diag_addr_eq(&a->address, &b->address) && a->port == b->port &&
	       same(a->sni, b->sni) && same(a->version, b->version) &&
	       same(a->cipher, b->cipher) && same(a->alpn, b->alpn) &&
	       same_tls_lists(a, b) && a->root == b->root &&
	       a->alert == b->alert && a->server_hello == b->server_hello &&
	       a->bytes_in == b->bytes_in && a->hello_bytes == b->hello_bytes &&
	       a->packet_max == b->packet_max && a->repeated == b->repeated &&
	       a->client_cert_requested == b->client_cert_requested &&
	       same(a->verify_text, b->verify_text);
}

static bool same_headers(const struct diag_http_fact *a,
			 const struct diag_http_fact *b)
{
	bool ok = a->n_headers == b->n_headers;

	for (size_t i = 0; ok && i < a->n_headers; i++)
		ok = same(a->headers[i].name, b->headers[i].name) &&
		     same(a->headers[i].value, b->headers[i].value);
	return ok;
}

static bool same_http(const struct diag_http_fact *a,
		      const struct diag_http_fact *b)
{
	return diag_addr_eq(&a->address, &b->address) && a->port == b->port &&
	       same(a->method, b->method) && same(a->url, b->url) &&
	       same(a->proxy, b->proxy) && a->connect_code == b->connect_code &&
	       a->code == b->code && same(a->server, b->server) &&
	       same(a->date, b->date) && same_headers(a, b) &&
	       a->is_service == b->is_service && same(a->denial, b->denial) &&
	       same(a->body, b->body);
}

static bool same_tcp(const struct diag_tcp_fact *a,
		     const struct diag_tcp_fact *b)
{
	return diag_addr_eq(&a->address, &b->address) && a->port == b->port &&
	       diag_addr_eq(&a->local_address, &b->local_address) &&
	       a->local_port == b->local_port && a->isn == b->isn &&
	       same_icmp(&a->icmp, &b->icmp) && same(a->peer, b->peer) &&
	       same(a->nonce, b->nonce);
}

static bool same_arrival(const struct diag_arrival_fact *a,
			 const struct diag_arrival_fact *b)
{
	return diag_addr_eq(&a->from, &b->from) &&
	       a->from_port == b->from_port && a->port == b->port &&
	       diag_addr_eq(&a->address, &b->address) &&
	       same(a->protocol, b->protocol) && same(a->seen_by, b->seen_by) &&
	       a->isn == b->isn && same(a->nonce, b->nonce) &&
	       same(a->answered, b->answered) && same(a->said, b->said) &&
	       a->came == b->came && a->dropped == b->dropped &&
	       a->queue_full == b->queue_full &&
	       a->no_way_back == b->no_way_back &&
	       a->reverse_path == b->reverse_path;
}

static bool same_mtu(const struct diag_mtu_fact *a,
		     const struct diag_mtu_fact *b)
{
	return diag_addr_eq(&a->address, &b->address) && a->port == b->port &&
	       same(a->interface, b->interface) &&
	       a->interface_mtu == b->interface_mtu && a->mtu == b->mtu &&
	       same(a->how, b->how) && a->lost == b->lost &&
	       a->resends == b->resends && a->told == b->told &&
	       same_icmp(&a->icmp, &b->icmp) && a->mss == b->mss &&
	       a->sends == b->sends;
}

static bool same_own(const struct diag_fact *a, const struct diag_fact *b)
{
	switch (a->kind) {
	case DIAG_FACT_DNS:
		return same_dns(&a->dns, &b->dns);
	case DIAG_FACT_SYSTEM_DNS:
		return same_system_dns(&a->system_dns, &b->system_dns);
	case DIAG_FACT_ROUTE:
		return same_route(&a->route, &b->route);
	case DIAG_FACT_TCP:
		return same_tcp(&a->tcp, &b->tcp);
	case DIAG_FACT_TLS:
		return same_tls(&a->tls, &b->tls);
	case DIAG_FACT_HTTP:
		return same_http(&a->http, &b->http);
	case DIAG_FACT_UDP:
		return diag_addr_eq(&a->udp.address, &b->udp.address) &&
		       a->udp.port == b->udp.port &&
		       diag_addr_eq(&a->udp.local_address,
				    &b->udp.local_address) &&
		       same_icmp(&a->udp.icmp, &b->udp.icmp) &&
		       same(a->udp.peer, b->udp.peer) &&
		       same(a->udp.nonce, b->udp.nonce);
	case DIAG_FACT_ARRIVAL:
		return same_arrival(&a->arrival, &b->arrival);
	case DIAG_FACT_MTU:
		return same_mtu(&a->mtu, &b->mtu);
	}
	return false;
}

bool same_fact(const struct diag_fact *a, const struct diag_fact *b)
{
	return a->id == b->id && a->kind == b->kind && a->status == b->status &&
	       same(a->target, b->target) && same(a->origin, b->origin) &&
	       a->started_ms == b->started_ms && a->took_ms == b->took_ms &&
	       a->sys_errno == b->sys_errno && same(a->error, b->error) &&
	       same_own(a, b);
}

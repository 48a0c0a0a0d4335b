/* SPDX-License-Identifier: MIT */
/* fields.c - one row per member, in the order in which JSON shows them. */
#include "fact/fields.h"

#include <string.h>

/* What a hostile file may make us allocate.  A DNS message has at most 64 KiB
 * and so fewer than 5,500 records; OpenSSL stops at 100 certificates. */
#define MAX_RECORDS 8192
#define MAX_CERTS   128
#define MAX_SANS    8192
#define MAX_FAULTS  32
#define MAX_HEADERS 256

#define IN(member)	    offsetof(struct diag_fact, member)
#define AT(member)	    .offset = IN(member)
#define LIST(member, count) .offset = IN(member), .n = IN(count)

#define MUST   DIAG_FIELD_MUST
#define ALWAYS DIAG_FIELD_ALWAYS

const struct diag_field diag_fact_common[] = {
	{ "id", DIAG_FIELD_U32, AT(id), .max = UINT32_MAX },
	{ "probe", DIAG_FIELD_KIND, AT(kind) },
	{ "origin", DIAG_FIELD_STR, AT(origin) },
	{ "target", DIAG_FIELD_STR, AT(target) },
	{ "started_ms", DIAG_FIELD_MS, AT(started_ms) },
	{ "took_ms", DIAG_FIELD_MS, AT(took_ms) },
	{ "status", DIAG_FIELD_STATUS, AT(status) },
	{ "errno", DIAG_FIELD_ERRNO, AT(sys_errno) },
	{ "error", DIAG_FIELD_STR, AT(error) },
	{ .key = NULL },
};

#define RR(member) .offset = offsetof(struct diag_rr, member)
static const struct diag_field rr[] = {
	{ "name", DIAG_FIELD_STR, RR(name), .flags = MUST },
	{ "type", DIAG_FIELD_RRTYPE, RR(type) },
	{ "ttl", DIAG_FIELD_U32, RR(ttl_s), .flags = ALWAYS,
	  .max = UINT32_MAX },
	{ "value", DIAG_FIELD_STR, RR(value), .flags = MUST },
	{ .key = NULL },
};

#define SOA(member) .offset = offsetof(struct diag_soa, member)
static const struct diag_field soa[] = {
	{ "owner", DIAG_FIELD_STR, SOA(owner), .flags = MUST },
	{ "mname", DIAG_FIELD_STR, SOA(mname), .flags = MUST },
	{ "rname", DIAG_FIELD_STR, SOA(rname), .flags = MUST },
	{ "minimum", DIAG_FIELD_U32, SOA(minimum_s), .flags = ALWAYS,
	  .max = UINT32_MAX },
	{ "ttl", DIAG_FIELD_U32, SOA(ttl_s), .flags = ALWAYS,
	  .max = UINT32_MAX },
	{ .key = NULL },
};

const struct diag_field diag_fact_dns[] = {
	{ "view", DIAG_FIELD_STR, AT(dns.view), .flags = MUST },
	{ "name", DIAG_FIELD_STR, AT(dns.name), .flags = MUST },
	{ "type", DIAG_FIELD_RRTYPE, AT(dns.type) },
	{ "transport", DIAG_FIELD_TRANSPORT, AT(dns.tcp) },
	{ "rcode", DIAG_FIELD_INT, AT(dns.rcode), .absent = -1, .max = 65535 },
	{ "ede", DIAG_FIELD_INT, AT(dns.ede), .absent = -1, .max = 65535 },
	{ "chain", DIAG_FIELD_LIST, LIST(dns.chain, dns.n_chain), .of = rr,
	  .size = sizeof(struct diag_rr), .max = MAX_RECORDS },
	{ "addresses", DIAG_FIELD_ADDRS, LIST(dns.addresses, dns.n_addresses),
	  .max = MAX_RECORDS },
	{ "soa", DIAG_FIELD_OBJECT, AT(dns.soa), .of = soa },
	{ "sends", DIAG_FIELD_UINT, AT(dns.sends), .flags = ALWAYS,
	  .max = UINT32_MAX },
	{ "received", DIAG_FIELD_UINT, AT(dns.received), .flags = ALWAYS,
	  .max = UINT32_MAX },
	{ "edns", DIAG_FIELD_BOOL, AT(dns.edns) },
	{ "ad", DIAG_FIELD_BOOL, AT(dns.ad) },
	{ "aa", DIAG_FIELD_BOOL, AT(dns.aa) },
	{ .key = NULL },
};

const struct diag_field diag_fact_system_dns[] = {
	{ "name", DIAG_FIELD_STR, AT(system_dns.name), .flags = MUST },
	{ "addresses", DIAG_FIELD_ADDRS,
	  LIST(system_dns.addresses, system_dns.n_addresses),
	  .max = MAX_RECORDS },
	{ "canonical", DIAG_FIELD_STR, AT(system_dns.canonical) },
	{ "emulated", DIAG_FIELD_BOOL, AT(system_dns.emulated) },
	{ "from_hosts", DIAG_FIELD_BOOL, AT(system_dns.from_hosts) },
	{ .key = NULL },
};

const struct diag_field diag_fact_route[] = {
	{ "address", DIAG_FIELD_ADDR, AT(route.address), .flags = MUST },
	{ "interface", DIAG_FIELD_STR, AT(route.interface) },
	{ "source", DIAG_FIELD_ADDR, AT(route.source) },
	{ "gateway", DIAG_FIELD_ADDR, AT(route.gateway) },
	{ "on_link", DIAG_FIELD_BOOL, AT(route.on_link), .flags = ALWAYS },
	{ "is_default", DIAG_FIELD_BOOL, AT(route.is_default),
	  .flags = ALWAYS },
	{ "is_tunnel", DIAG_FIELD_BOOL, AT(route.is_tunnel), .flags = ALWAYS },
	{ .key = NULL },
};

#define ICMP(member) .offset = offsetof(struct diag_icmp_seen, member)
static const struct diag_field icmp[] = {
	{ "", DIAG_FIELD_BOOL, ICMP(seen) },
	{ "type", DIAG_FIELD_INT, ICMP(type), .flags = ALWAYS, .max = 255 },
	{ "code", DIAG_FIELD_INT, ICMP(code), .flags = ALWAYS, .max = 255 },
	{ "from", DIAG_FIELD_ADDR, ICMP(from) },
	{ .key = NULL },
};

const struct diag_field diag_fact_tcp[] = {
	{ "address", DIAG_FIELD_ADDR, AT(tcp.address), .flags = MUST },
	{ "port", DIAG_FIELD_PORT, AT(tcp.port), .flags = MUST },
	{ "local_address", DIAG_FIELD_ADDR, AT(tcp.local_address) },
	{ "icmp", DIAG_FIELD_OBJECT, AT(tcp.icmp), .of = icmp },
	{ .key = NULL },
};

#define CERT(member) .offset = offsetof(struct diag_cert, member)
static const struct diag_field cert[] = {
	{ "subject", DIAG_FIELD_STR, CERT(subject), .flags = MUST },
	{ "issuer", DIAG_FIELD_STR, CERT(issuer), .flags = MUST },
	{ "san", DIAG_FIELD_STRS, CERT(san),
	  .n = offsetof(struct diag_cert, n_san), .max = MAX_SANS },
	{ "not_before", DIAG_FIELD_TIME, CERT(not_before_s) },
	{ "not_after", DIAG_FIELD_TIME, CERT(not_after_s) },
	{ "sha256", DIAG_FIELD_STR, CERT(sha256), .flags = MUST },
	{ .key = NULL },
};

const struct diag_field diag_fact_tls[] = {
	{ "address", DIAG_FIELD_ADDR, AT(tls.address), .flags = MUST },
	{ "port", DIAG_FIELD_PORT, AT(tls.port), .flags = MUST },
	{ "sni", DIAG_FIELD_STR, AT(tls.sni) },
	{ "version", DIAG_FIELD_STR, AT(tls.version) },
	{ "cipher", DIAG_FIELD_STR, AT(tls.cipher) },
	{ "alpn", DIAG_FIELD_STR, AT(tls.alpn) },
	{ "chain", DIAG_FIELD_LIST, LIST(tls.chain, tls.n_chain), .of = cert,
	  .size = sizeof(struct diag_cert), .max = MAX_CERTS },
	{ "root", DIAG_FIELD_ROOT, AT(tls.root) },
	{ "faults", DIAG_FIELD_STATUSES, LIST(tls.faults, tls.n_faults),
	  .max = MAX_FAULTS },
	{ "alert", DIAG_FIELD_INT, AT(tls.alert), .absent = -1, .max = 255 },
	{ "server_hello", DIAG_FIELD_BOOL, AT(tls.server_hello),
	  .flags = ALWAYS },
	{ "bytes_in", DIAG_FIELD_U64, AT(tls.bytes_in), .flags = ALWAYS },
	{ "client_cert_requested", DIAG_FIELD_BOOL,
	  AT(tls.client_cert_requested) },
	{ "verify_text", DIAG_FIELD_STR, AT(tls.verify_text) },
	{ .key = NULL },
};

const struct diag_field diag_fact_http[] = {
	{ "address", DIAG_FIELD_ADDR, AT(http.address) },
	{ "port", DIAG_FIELD_PORT, AT(http.port) },
	{ "url", DIAG_FIELD_STR, AT(http.url), .flags = MUST },
	{ "proxy", DIAG_FIELD_STR, AT(http.proxy) },
	{ "connect_code", DIAG_FIELD_INT, AT(http.connect_code), .max = 999 },
	{ "code", DIAG_FIELD_INT, AT(http.code), .max = 999 },
	{ "server", DIAG_FIELD_STR, AT(http.server) },
	{ "date", DIAG_FIELD_STR, AT(http.date) },
	{ "headers", DIAG_FIELD_HEADERS, LIST(http.headers, http.n_headers),
	  .max = MAX_HEADERS },
	{ "is_service", DIAG_FIELD_BOOL, AT(http.is_service) },
	{ "denial", DIAG_FIELD_STR, AT(http.denial) },
	{ "body", DIAG_FIELD_STR, AT(http.body) },
	{ .key = NULL },
};

const struct diag_field diag_fact_udp[] = {
	{ "address", DIAG_FIELD_ADDR, AT(udp.address), .flags = MUST },
	{ "port", DIAG_FIELD_PORT, AT(udp.port), .flags = MUST },
	{ "icmp", DIAG_FIELD_OBJECT, AT(udp.icmp), .of = icmp },
	{ .key = NULL },
};

const struct diag_field diag_fact_arrival[] = {
	{ "from", DIAG_FIELD_ADDR, AT(arrival.from), .flags = MUST },
	{ "from_port", DIAG_FIELD_PORT, AT(arrival.from_port) },
	{ "port", DIAG_FIELD_PORT, AT(arrival.port), .flags = MUST },
	{ "seen_by", DIAG_FIELD_STR, AT(arrival.seen_by), .flags = MUST },
	{ .key = NULL },
};

bool diag_field_object_there(const struct diag_field *f, const void *object)
{
	const struct diag_field *first = f->of;
	const char *at = (const char *)object + first->offset;

	if (first->type == DIAG_FIELD_BOOL)
		return *(const bool *)(const void *)at;
	return *(const char *const *)(const void *)at != NULL;
}

bool diag_field_is_token(const char *s)
{
	static const char others[] = "!#$%&'*+-.^_`|~";
	const char *p = s;

	for (; *p != '\0'; p++) {
		bool alnum = (*p >= 'a' && *p <= 'z') ||
			     (*p >= 'A' && *p <= 'Z') ||
			     (*p >= '0' && *p <= '9');

		if (!alnum && strchr(others, *p) == NULL)
			return false;
	}
	return p > s;
}

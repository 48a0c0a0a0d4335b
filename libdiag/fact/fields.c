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

#define KEY(text)	    text, "\"" text "\":", sizeof(text) + 2
#define IN(member)	    offsetof(struct diag_fact, member)
#define AT(member)	    .offset = IN(member)
#define LIST(member, count) .offset = IN(member), .n = IN(count)

#define MUST   DIAG_FIELD_MUST
#define ALWAYS DIAG_FIELD_ALWAYS

const struct diag_field diag_fact_common[] = {
	{ KEY("id"), DIAG_FIELD_U32, AT(id), .max = UINT32_MAX },
	{ KEY("probe"), DIAG_FIELD_KIND, AT(kind) },
	{ KEY("origin"), DIAG_FIELD_STR, AT(origin) },
	{ KEY("target"), DIAG_FIELD_STR, AT(target) },
	{ KEY("started_ms"), DIAG_FIELD_MS, AT(started_ms) },
	{ KEY("took_ms"), DIAG_FIELD_MS, AT(took_ms) },
	{ KEY("status"), DIAG_FIELD_STATUS, AT(status) },
	{ KEY("errno"), DIAG_FIELD_ERRNO, AT(sys_errno) },
	{ KEY("error"), DIAG_FIELD_STR, AT(error) },
	{ .key = NULL },
};

#define RR(member) .offset = offsetof(struct diag_rr, member)
static const struct diag_field rr[] = {
	{ KEY("name"), DIAG_FIELD_STR, RR(name), .flags = MUST },
	{ KEY("type"), DIAG_FIELD_RRTYPE, RR(type) },
	{ KEY("ttl"), DIAG_FIELD_U32, RR(ttl_s), .flags = ALWAYS,
	  .max = UINT32_MAX },
	{ KEY("value"), DIAG_FIELD_STR, RR(value), .flags = MUST },
	{ .key = NULL },
};

#define SOA(member) .offset = offsetof(struct diag_soa, member)
static const struct diag_field soa[] = {
	{ KEY("owner"), DIAG_FIELD_STR, SOA(owner), .flags = MUST },
	{ KEY("mname"), DIAG_FIELD_STR, SOA(mname), .flags = MUST },
	{ KEY("rname"), DIAG_FIELD_STR, SOA(rname), .flags = MUST },
	{ KEY("minimum"), DIAG_FIELD_U32, SOA(minimum_s), .flags = ALWAYS,
	  .max = UINT32_MAX },
	{ KEY("ttl"), DIAG_FIELD_U32, SOA(ttl_s), .flags = ALWAYS,
	  .max = UINT32_MAX },
	{ .key = NULL },
};

const struct diag_field diag_fact_dns[] = {
	{ KEY("view"), DIAG_FIELD_STR, AT(dns.view), .flags = MUST },
	{ KEY("name"), DIAG_FIELD_STR, AT(dns.name), .flags = MUST },
	{ KEY("type"), DIAG_FIELD_RRTYPE, AT(dns.type) },
	{ KEY("transport"), DIAG_FIELD_TRANSPORT, AT(dns.tcp) },
	{ KEY("rcode"), DIAG_FIELD_INT, AT(dns.rcode), .absent = -1,
	  .max = 65535 },
	{ KEY("ede"), DIAG_FIELD_INT, AT(dns.ede), .absent = -1, .max = 65535 },
	{ KEY("chain"), DIAG_FIELD_LIST, LIST(dns.chain, dns.n_chain), .of = rr,
	  .size = sizeof(struct diag_rr), .max = MAX_RECORDS },
	{ KEY("addresses"), DIAG_FIELD_ADDRS,
	  LIST(dns.addresses, dns.n_addresses), .max = MAX_RECORDS },
	{ KEY("soa"), DIAG_FIELD_OBJECT, AT(dns.soa), .of = soa },
	{ KEY("sends"), DIAG_FIELD_UINT, AT(dns.sends), .flags = ALWAYS,
	  .max = UINT32_MAX },
	{ KEY("received"), DIAG_FIELD_UINT, AT(dns.received), .flags = ALWAYS,
	  .max = UINT32_MAX },
	{ KEY("edns"), DIAG_FIELD_BOOL, AT(dns.edns) },
	{ KEY("ad"), DIAG_FIELD_BOOL, AT(dns.ad) },
	{ KEY("aa"), DIAG_FIELD_BOOL, AT(dns.aa) },
	{ .key = NULL },
};

const struct diag_field diag_fact_system_dns[] = {
	{ KEY("name"), DIAG_FIELD_STR, AT(system_dns.name), .flags = MUST },
	{ KEY("addresses"), DIAG_FIELD_ADDRS,
	  LIST(system_dns.addresses, system_dns.n_addresses),
	  .max = MAX_RECORDS },
	{ KEY("canonical"), DIAG_FIELD_STR, AT(system_dns.canonical) },
	{ KEY("emulated"), DIAG_FIELD_BOOL, AT(system_dns.emulated) },
	{ KEY("from_hosts"), DIAG_FIELD_BOOL, AT(system_dns.from_hosts) },
	{ .key = NULL },
};

const struct diag_field diag_fact_route[] = {
	{ KEY("address"), DIAG_FIELD_ADDR, AT(route.address), .flags = MUST },
	{ KEY("interface"), DIAG_FIELD_STR, AT(route.interface) },
	{ KEY("source"), DIAG_FIELD_ADDR, AT(route.source) },
	{ KEY("gateway"), DIAG_FIELD_ADDR, AT(route.gateway) },
	{ KEY("on_link"), DIAG_FIELD_BOOL, AT(route.on_link), .flags = ALWAYS },
	{ KEY("is_default"), DIAG_FIELD_BOOL, AT(route.is_default),
	  .flags = ALWAYS },
	{ KEY("is_tunnel"), DIAG_FIELD_BOOL, AT(route.is_tunnel),
	  .flags = ALWAYS },
	{ .key = NULL },
};

#define ICMP(member) .offset = offsetof(struct diag_icmp_seen, member)
static const struct diag_field icmp[] = {
	{ KEY(""), DIAG_FIELD_BOOL, ICMP(seen) },
	{ KEY("type"), DIAG_FIELD_INT, ICMP(type), .flags = ALWAYS,
	  .max = 255 },
	{ KEY("code"), DIAG_FIELD_INT, ICMP(code), .flags = ALWAYS,
	  .max = 255 },
	{ KEY("from"), DIAG_FIELD_ADDR, ICMP(from) },
	{ .key = NULL },
};

const struct diag_field diag_fact_tcp[] = {
	{ KEY("address"), DIAG_FIELD_ADDR, AT(tcp.address), .flags = MUST },
	{ KEY("port"), DIAG_FIELD_PORT, AT(tcp.port), .flags = MUST },
	{ KEY("local_address"), DIAG_FIELD_ADDR, AT(tcp.local_address) },
	{ KEY("local_port"), DIAG_FIELD_PORT, AT(tcp.local_port) },
	{ KEY("isn"), DIAG_FIELD_U32, AT(tcp.isn), .max = UINT32_MAX },
	{ KEY("icmp"), DIAG_FIELD_OBJECT, AT(tcp.icmp), .of = icmp },
	{ KEY("peer"), DIAG_FIELD_STR, AT(tcp.peer) },
	{ KEY("nonce"), DIAG_FIELD_STR, AT(tcp.nonce) },
	{ .key = NULL },
};

#define CERT(member) .offset = offsetof(struct diag_cert, member)
static const struct diag_field cert[] = {
	{ KEY("subject"), DIAG_FIELD_STR, CERT(subject), .flags = MUST },
	{ KEY("issuer"), DIAG_FIELD_STR, CERT(issuer), .flags = MUST },
	{ KEY("san"), DIAG_FIELD_STRS, CERT(san),
	  .n = offsetof(struct diag_cert, n_san), .max = MAX_SANS },
	{ KEY("not_before"), DIAG_FIELD_TIME, CERT(not_before_s) },
	{ KEY("not_after"), DIAG_FIELD_TIME, CERT(not_after_s) },
	{ KEY("sha256"), DIAG_FIELD_STR, CERT(sha256), .flags = MUST },
	{ .key = NULL },
};

const struct diag_field diag_fact_tls[] = {
	{ KEY("address"), DIAG_FIELD_ADDR, AT(tls.address), .flags = MUST },
	{ KEY("port"), DIAG_FIELD_PORT, AT(tls.port), .flags = MUST },
	{ KEY("sni"), DIAG_FIELD_STR, AT(tls.sni) },
	{ KEY("version"), DIAG_FIELD_STR, AT(tls.version) },
	{ KEY("cipher"), DIAG_FIELD_STR, AT(tls.cipher) },
	{ KEY("alpn"), DIAG_FIELD_STR, AT(tls.alpn) },
	{ KEY("chain"), DIAG_FIELD_LIST, LIST(tls.chain, tls.n_chain),
	  .of = cert, .size = sizeof(struct diag_cert), .max = MAX_CERTS },
	{ KEY("root"), DIAG_FIELD_ROOT, AT(tls.root) },
	{ KEY("faults"), DIAG_FIELD_STATUSES, LIST(tls.faults, tls.n_faults),
	  .max = MAX_FAULTS },
	{ KEY("alert"), DIAG_FIELD_INT, AT(tls.alert), .absent = -1,
	  .max = 255 },
	{ KEY("server_hello"), DIAG_FIELD_BOOL, AT(tls.server_hello),
	  .flags = ALWAYS },
	{ KEY("bytes_in"), DIAG_FIELD_U64, AT(tls.bytes_in), .flags = ALWAYS },
	{ KEY("hello_bytes"), DIAG_FIELD_UINT, AT(tls.hello_bytes),
	  .max = 65535 },
	{ KEY("packet_max"), DIAG_FIELD_UINT, AT(tls.packet_max),
	  .max = 65535 },
	{ KEY("repeated"), DIAG_FIELD_BOOL, AT(tls.repeated) },
	{ KEY("client_cert_requested"), DIAG_FIELD_BOOL,
	  AT(tls.client_cert_requested) },
	{ KEY("verify_text"), DIAG_FIELD_STR, AT(tls.verify_text) },
	{ .key = NULL },
};

const struct diag_field diag_fact_http[] = {
	{ KEY("address"), DIAG_FIELD_ADDR, AT(http.address) },
	{ KEY("port"), DIAG_FIELD_PORT, AT(http.port) },
	{ KEY("method"), DIAG_FIELD_STR, AT(http.method) },
	{ KEY("url"), DIAG_FIELD_STR, AT(http.url), .flags = MUST },
	{ KEY("proxy"), DIAG_FIELD_STR, AT(http.proxy) },
	{ KEY("connect_code"), DIAG_FIELD_INT, AT(http.connect_code),
	  .max = 999 },
	{ KEY("code"), DIAG_FIELD_INT, AT(http.code), .max = 999 },
	{ KEY("server"), DIAG_FIELD_STR, AT(http.server) },
	{ KEY("date"), DIAG_FIELD_STR, AT(http.date) },
	{ KEY("headers"), DIAG_FIELD_HEADERS,
	  LIST(http.headers, http.n_headers), .max = MAX_HEADERS },
	{ KEY("is_service"), DIAG_FIELD_BOOL, AT(http.is_service) },
	{ KEY("denial"), DIAG_FIELD_STR, AT(http.denial) },
	{ KEY("body"), DIAG_FIELD_STR, AT(http.body) },
	{ .key = NULL },
};

const struct diag_field diag_fact_udp[] = {
	{ KEY("address"), DIAG_FIELD_ADDR, AT(udp.address), .flags = MUST },
	{ KEY("port"), DIAG_FIELD_PORT, AT(udp.port), .flags = MUST },
	{ KEY("local_address"), DIAG_FIELD_ADDR, AT(udp.local_address) },
	{ KEY("icmp"), DIAG_FIELD_OBJECT, AT(udp.icmp), .of = icmp },
	{ KEY("peer"), DIAG_FIELD_STR, AT(udp.peer) },
	{ KEY("nonce"), DIAG_FIELD_STR, AT(udp.nonce) },
	{ .key = NULL },
};

const struct diag_field diag_fact_arrival[] = {
	{ KEY("from"), DIAG_FIELD_ADDR, AT(arrival.from) },
	{ KEY("from_port"), DIAG_FIELD_PORT, AT(arrival.from_port) },
	{ KEY("address"), DIAG_FIELD_ADDR, AT(arrival.address) },
	{ KEY("port"), DIAG_FIELD_PORT, AT(arrival.port), .flags = MUST },
	{ KEY("protocol"), DIAG_FIELD_STR, AT(arrival.protocol) },
	{ KEY("seen_by"), DIAG_FIELD_STR, AT(arrival.seen_by), .flags = MUST },
	{ KEY("isn"), DIAG_FIELD_U32, AT(arrival.isn), .max = UINT32_MAX },
	{ KEY("nonce"), DIAG_FIELD_STR, AT(arrival.nonce) },
	{ KEY("answered"), DIAG_FIELD_STR, AT(arrival.answered) },
	{ KEY("said"), DIAG_FIELD_STR, AT(arrival.said) },
	{ KEY("came"), DIAG_FIELD_U64, AT(arrival.came) },
	{ KEY("dropped"), DIAG_FIELD_U64, AT(arrival.dropped) },
	{ KEY("queue_full"), DIAG_FIELD_U64, AT(arrival.queue_full) },
	{ KEY("no_way_back"), DIAG_FIELD_U64, AT(arrival.no_way_back) },
	{ KEY("reverse_path"), DIAG_FIELD_U64, AT(arrival.reverse_path) },
	{ .key = NULL },
};

#define SIZE(member) DIAG_FIELD_UINT, AT(mtu.member), .max = 65535
const struct diag_field diag_fact_mtu[] = {
	{ KEY("address"), DIAG_FIELD_ADDR, AT(mtu.address), .flags = MUST },
	{ KEY("port"), DIAG_FIELD_PORT, AT(mtu.port) },
	{ KEY("interface"), DIAG_FIELD_STR, AT(mtu.interface) },
	{ KEY("interface_mtu"), DIAG_FIELD_UINT, AT(mtu.interface_mtu),
	  .max = UINT32_MAX },
	{ KEY("mtu"), SIZE(mtu) },
	{ KEY("how"), DIAG_FIELD_STR, AT(mtu.how) },
	{ KEY("lost"), SIZE(lost) },
	{ KEY("resends"), SIZE(resends) },
	{ KEY("told"), SIZE(told) },
	{ KEY("icmp"), DIAG_FIELD_OBJECT, AT(mtu.icmp), .of = icmp },
	{ KEY("mss"), SIZE(mss) },
	{ KEY("sends"), SIZE(sends) },
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

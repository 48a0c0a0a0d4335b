/* SPDX-License-Identifier: MIT */
/* What the filter takes and leaves: compiled by libpcap for every link that
 * is recorded from, and run over packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pcap/pcap.h>

#include "record/filter.h"

#define BPF_MAXINSNS_ 4096 /* linux/bpf_common.h */
#define SNAP	      65535
#define N_MANY	      900

static const int links[] = { DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2,
			     DLT_RAW };
#define N_LINKS (sizeof(links) / sizeof(*links))

static const struct diag_filter_ports ports[] = {
	{ .first = 443, .last = 443 },
	{ .first = 8704, .last = 8710 },
	{ .first = 5831, .last = 5831, .udp = true },
};

static struct diag_filter_want wanted(void)
{
	static struct diag_addr addr;

	addr = diag_addr_v4(10, 150, 0, 4);
	return (struct diag_filter_want){ .ports = ports,
					  .n_ports = 3,
					  .addresses = &addr,
					  .n_addresses = 1 };
}

static enum diag_filter_grain compile(const struct diag_filter_want *w, int dlt,
				      struct bpf_program *program)
{
	pcap_t *dead = pcap_open_dead(dlt, SNAP);
	enum diag_filter_grain grain;
	struct diag_buf text;

	diag_buf_init(&text, DIAG_FILTER_TEXT_MAX);
	grain = diag_filter_text(w, &text);
	assert_true(diag_buf_ok(&text, NULL, "filter"));
	if (pcap_compile(dead, program, diag_buf_str(&text), 1,
			 PCAP_NETMASK_UNKNOWN) != 0)
		fail_msg("%s: %s", diag_buf_str(&text), pcap_geterr(dead));
	diag_buf_clear(&text);
	pcap_close(dead);
	return grain;
}

/* --- size ----------------------------------------------------------------- */

static struct diag_addr many[N_MANY];

static enum diag_filter_grain size_of(enum diag_family family, size_t n,
				      size_t n_networks, int dlt,
				      unsigned *size)
{
	struct diag_cidr net = { .len = 0 };
	struct diag_filter_want w = wanted();
	enum diag_filter_grain grain;
	struct bpf_program program;

	for (size_t i = 0; i < n; i++) {
		many[i] = diag_addr_v4(10, 150, (uint8_t)(i / 250),
				       (uint8_t)(i % 250 + 1));
		many[i].family = family;
	}
	assert_true(diag_cidr_parse("10.150.0.0/16", false, &net));
	w.addresses = many;
	w.n_addresses = n;
	w.networks = &net;
	w.n_networks = n_networks;
	w.ethernet = dlt == DLT_EN10MB;
	grain = compile(&w, dlt, &program);
	*size = program.bf_len;
	pcap_freecode(&program);
	return grain;
}

static void any_number_of_addresses_fits_the_kernel(void **unused)
{
	static const size_t numbers[] = { 0, 1, 20, 100, 390, N_MANY };
	unsigned size;

	(void)unused;
	for (size_t i = 0; i < N_LINKS; i++)
		for (size_t k = 0; k < sizeof(numbers) / sizeof(*numbers); k++)
			for (int v = 4; v <= 6; v += 2) {
				(void)size_of((enum diag_family)v, numbers[k],
					      1, links[i], &size);
				assert_in_range(size, 1, BPF_MAXINSNS_);
			}
}

static void too_many_addresses_become_networks_then_ports(void **unused)
{
	unsigned size;

	(void)unused;
	assert_int_equal(DIAG_FILTER_ADDRESSES,
			 size_of(DIAG_IPV4, 100, 1, DLT_LINUX_SLL2, &size));
	assert_int_equal(DIAG_FILTER_NETWORKS,
			 size_of(DIAG_IPV4, N_MANY, 1, DLT_LINUX_SLL2, &size));
	assert_int_equal(DIAG_FILTER_PORTS,
			 size_of(DIAG_IPV4, N_MANY, 0, DLT_LINUX_SLL2, &size));
	assert_int_equal(DIAG_FILTER_NETWORKS,
			 size_of(DIAG_IPV6, 100, 1, DLT_EN10MB, &size));
}

/* --- packets -------------------------------------------------------------- */

struct packet {
	const char *what;
	bool taken;
	uint8_t proto;
	uint8_t from[4], to[4];
	uint16_t from_port, to_port; /* ICMP: the type is from_port's */
};

static const struct packet packets[] = {
	{ "a DNS question",
	  true,
	  17,
	  { 10, 9, 9, 9 },
	  { 8, 8, 8, 8 },
	  5000,
	  53 },
	{ "a DNS answer", true, 17, { 8, 8, 8, 8 }, { 10, 9, 9, 9 }, 53, 5000 },
	{ "DNS over TCP", true, 6, { 10, 9, 9, 9 }, { 8, 8, 8, 8 }, 5000, 53 },
	{ "DNS over TLS", true, 6, { 10, 9, 9, 9 }, { 8, 8, 8, 8 }, 5000, 853 },
	{ "mDNS", false, 17, { 10, 9, 9, 9 }, { 224, 0, 0, 251 }, 5353, 5353 },
	{ "HTTPS to anybody",
	  true,
	  6,
	  { 10, 9, 9, 9 },
	  { 20, 62, 10, 4 },
	  5000,
	  443 },
	{ "QUIC", false, 17, { 10, 9, 9, 9 }, { 20, 62, 10, 4 }, 5000, 443 },
	{ "inside a range",
	  true,
	  6,
	  { 10, 9, 9, 9 },
	  { 20, 62, 10, 4 },
	  5000,
	  8706 },
	{ "beside it",
	  false,
	  6,
	  { 10, 9, 9, 9 },
	  { 20, 62, 10, 4 },
	  5000,
	  8711 },
	{ "UDP of a service",
	  true,
	  17,
	  { 10, 9, 9, 9 },
	  { 20, 62, 10, 4 },
	  5000,
	  5831 },
	{ "SSH to anybody",
	  false,
	  6,
	  { 10, 9, 9, 9 },
	  { 20, 62, 10, 4 },
	  5000,
	  22 },
	{ "SSH to an endpoint",
	  true,
	  6,
	  { 10, 9, 9, 9 },
	  { 10, 150, 0, 4 },
	  5000,
	  22 },
	{ "and back", true, 6, { 10, 150, 0, 4 }, { 10, 9, 9, 9 }, 22, 5000 },
	{ "unreachable", true, 1, { 10, 9, 9, 1 }, { 10, 9, 9, 9 }, 0x0301, 0 },
	{ "time exceeded",
	  true,
	  1,
	  { 10, 9, 9, 1 },
	  { 10, 9, 9, 9 },
	  0x0b00,
	  0 },
	{ "a ping", false, 1, { 10, 9, 9, 1 }, { 10, 9, 9, 9 }, 0x0800, 0 },
};

static size_t put_ip(const struct packet *p, uint8_t *out)
{
	memset(out, 0, 60);
	out[0] = 0x45;
	out[3] = 60;
	out[8] = 64;
	out[9] = p->proto;
	memcpy(out + 12, p->from, 4);
	memcpy(out + 16, p->to, 4);
	out[20] = (uint8_t)(p->from_port >> 8);
	out[21] = (uint8_t)p->from_port;
	out[22] = (uint8_t)(p->to_port >> 8);
	out[23] = (uint8_t)p->to_port;
	return 60;
}

static size_t put_link(int dlt, bool tagged, uint8_t *out)
{
	memset(out, 0, 24);
	switch (dlt) {
	case DLT_EN10MB:
		out[12] = tagged ? 0x81 : 0x08;
		out[16] = 0x08;
		return tagged ? 18 : 14;
	case DLT_LINUX_SLL:
		out[14] = 0x08;
		return 16;
	case DLT_LINUX_SLL2:
		out[0] = 0x08;
		return 20;
	default:
		return 0;
	}
}

static bool takes(const struct bpf_program *program, int dlt, bool tagged,
		  const struct packet *p)
{
	struct pcap_pkthdr h = { .len = 0 };
	uint8_t bytes[128];
	size_t n = put_link(dlt, tagged, bytes);

	n += put_ip(p, bytes + n);
	h.len = h.caplen = (bpf_u_int32)n;
	return pcap_offline_filter(program, &h, bytes) != 0;
}

static void packets_are_taken_and_left(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < N_LINKS; i++) {
		struct diag_filter_want w = wanted();
		struct bpf_program program;
		bool ethernet = links[i] == DLT_EN10MB;

		w.ethernet = ethernet;
		(void)compile(&w, links[i], &program);
		for (size_t k = 0; k < sizeof(packets) / sizeof(*packets); k++)
			for (int tagged = 0; tagged <= ethernet; tagged++)
				if (takes(&program, links[i], tagged != 0,
					  &packets[k]) != packets[k].taken)
					fail_msg("%s on link %d",
						 packets[k].what, links[i]);
		pcap_freecode(&program);
	}
}

static void ipv6_errors_are_taken(void **unused)
{
	static const struct {
		uint8_t type;
		bool taken;
	} types[] = { { 1, true },  { 2, true },    { 4, true },
		      { 5, false }, { 128, false }, { 135, false } };
	struct diag_filter_want w = wanted();
	struct bpf_program program;
	uint8_t bytes[64] = { 0x60 };
	struct pcap_pkthdr h = { .len = sizeof(bytes),
				 .caplen = sizeof(bytes) };

	(void)unused;
	(void)compile(&w, DLT_RAW, &program);
	bytes[6] = 58;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		bytes[40] = types[i].type;
		assert_int_equal(types[i].taken,
				 pcap_offline_filter(&program, &h, bytes) != 0);
	}
	pcap_freecode(&program);
}

/* --- text ----------------------------------------------------------------- */

static void ports_stand_once_and_zones_not_at_all(void **unused)
{
	static const struct diag_filter_ports twice[] = {
		{ .first = 443, .last = 443 },
		{ .first = 400, .last = 450 },
		{ .first = 443, .last = 443 },
		{ .first = 445, .last = 445, .udp = true },
		{ .first = 445, .last = 445, .udp = true },
	};
	struct diag_addr a;
	struct diag_filter_want w = {
		.ports = twice, .n_ports = 5, .addresses = &a, .n_addresses = 1
	};
	struct diag_buf text;

	(void)unused;
	assert_true(diag_addr_parse("fe80::1%eth0", &a));
	diag_buf_init(&text, DIAG_FILTER_TEXT_MAX);
	(void)diag_filter_text(&w, &text);
	assert_string_equal("port 53 or tcp port 853"
			    " or icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12"
			    " or (icmp6 and ip6[40] >= 1 and ip6[40] <= 4)"
			    " or tcp portrange 400-450 or udp port 445"
			    " or (ip6 and (host fe80::1))",
			    diag_buf_str(&text));
	diag_buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_of_addresses_fits_the_kernel),
		cmocka_unit_test(too_many_addresses_become_networks_then_ports),
		cmocka_unit_test(packets_are_taken_and_left),
		cmocka_unit_test(ipv6_errors_are_taken),
		cmocka_unit_test(ports_stand_once_and_zones_not_at_all),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}

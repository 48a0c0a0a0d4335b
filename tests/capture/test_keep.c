/* SPDX-License-Identifier: MIT */
/* What a recorder keeps is judged as the whole is, and what was said after a
 * handshake is not kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pcap/pcap.h>

#include "capture/keep.h"
#include "tests/capture/seen.h"

/* Write the file again, cut as a recorder cuts it; gives bytes left out. */
static size_t cut(const char *name, const char *to)
{
	char path[512], why[PCAP_ERRBUF_SIZE];
	struct diag_keep *k = NULL;
	struct pcap_pkthdr *h;
	const u_char *bytes;
	pcap_dumper_t *out;
	size_t left_out = 0;
	pcap_t *in;

	(void)snprintf(path, sizeof(path), TEST_DATA "/captures/%s", name);
	in = pcap_open_offline(path, why);
	assert_non_null(in);
	out = pcap_dump_open(in, to);
	assert_non_null(out);
	assert_true(diag_keep_new(pcap_datalink(in), &k, NULL));
	while (pcap_next_ex(in, &h, &bytes) == 1) {
		struct diag_capture_packet p = { .bytes = bytes,
						 .len = h->caplen,
						 .wire_len = h->len };
		struct pcap_pkthdr less = *h;

		less.caplen = (bpf_u_int32)diag_keep_bytes(k, &p);
		assert_true(less.caplen <= h->caplen);
		left_out += h->caplen - less.caplen;
		pcap_dump((u_char *)out, &less, bytes);
	}
	pcap_dump_close(out);
	pcap_close(in);
	diag_keep_free(k);
	return left_out;
}

static void same(const char *name, const char *cut_file, bool judged)
{
	struct seen *whole = calloc(1, sizeof(*whole));
	struct seen *kept = calloc(1, sizeof(*kept));
	struct diag_err err = { 0 };

	assert_true(whole != NULL && kept != NULL);
	if (judged) {
		assert_true(seen_judged(name, whole, &err));
		assert_true(seen_judged(cut_file, kept, &err));
	} else {
		assert_true(seen_file(name, NULL, whole, &err));
		assert_true(seen_file(cut_file, NULL, kept, &err));
	}
	if (strcmp(whole->text, kept->text) != 0)
		print_error("%s:\n%s\ncut:\n%s", name, whole->text, kept->text);
	assert_string_equal(whole->text, kept->text);
	/* certificates come only where TLS does */
	assert_true(judged || whole->len > 0);
	free(whole);
	free(kept);
}

static void what_is_kept_is_judged_as_the_whole(void **unused)
{
	static const char *const files[] = {
		"dns.pcap",
		"tcp.pcap",
		"tls.pcap",
		"connect.pcap",
		"mixed.pcap",
		"ip.pcap",
		"openssl-tls1_2.pcap",
		"openssl-tls1_3.pcap",
		"link-vlan.pcap",
		"link-pppoe.pcap",
		"link-cooked2.pcap",
		"link-raw.pcap",
	};
	char to[] = "/tmp/keep-XXXXXX";
	size_t left_out = 0;
	int fd = mkstemp(to);

	(void)unused;
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		left_out += cut(files[i], to);
		same(files[i], to, true);
		same(files[i], to, false);
	}
	assert_true(left_out > 0);
	(void)close(fd);
	(void)unlink(to);
}

/* They tell whose a connection at the other end is. */
static void numbers_of_pl_probe_are_kept(void **unused)
{
	struct seen *kept = calloc(1, sizeof(*kept));
	char to[] = "/tmp/keep-XXXXXX";
	struct diag_err err = { 0 };
	int fd = mkstemp(to);

	(void)unused;
	assert_true(fd >= 0 && kept != NULL);
	assert_true(cut("node.pcap", to) > 0);
	assert_true(seen_node(to, 20, kept, &err));
	assert_non_null(strstr(kept->text, " 50001 0123 accepted\n"));
	assert_non_null(strstr(kept->text, " 40001 0123 reply seen\n"));
	/* what a stranger says is not, so it is nobody's */
	assert_null(strstr(kept->text, " 40003"));
	/* and what pl-listen says, which shows that it listened */
	assert_true(cut("node-listens.pcap", to) > 0);
	assert_true(seen_node(to, 20, kept, &err));
	assert_non_null(strstr(kept->text, "5831/udp answers 10 to 2010 ms"));
	free(kept);
	(void)close(fd);
	(void)unlink(to);
}

/* --- packets of our own, without a link --------------------------------- */

struct talk {
	struct diag_keep *k;
	uint8_t bytes[40 + 2000];
	uint32_t seq[2]; /* next of client, server */
};

enum { SYN = 2, PSH_ACK = 24, SYN_ACK = 18 };

static void put32(uint8_t *p, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(n >> (24 - 8 * i));
}

/* Bytes of the payload that are kept. */
static size_t say(struct talk *t, int from, unsigned flags, const char *text,
		  size_t len)
{
	static const uint8_t ends[2][6] = { { 10, 9, 9, 9, 0x13, 0x88 },
					    { 10, 150, 0, 4, 1, 187 } };
	struct diag_capture_packet p = { .bytes = t->bytes,
					 .len = 40 + len,
					 .wire_len = 40 + len };
	uint8_t *b = t->bytes;
	size_t kept;

	memset(b, 0, sizeof(t->bytes));
	b[0] = 0x45;
	b[2] = (uint8_t)((40 + len) >> 8);
	b[3] = (uint8_t)(40 + len);
	b[9] = 6;
	memcpy(b + 12, ends[from], 4);
	memcpy(b + 16, ends[!from], 4);
	memcpy(b + 20, ends[from] + 4, 2);
	memcpy(b + 22, ends[!from] + 4, 2);
	put32(b + 24, t->seq[from]);
	put32(b + 28, t->seq[!from]);
	b[32] = 0x50;
	b[33] = (uint8_t)flags;
	memcpy(b + 40, text, len < strlen(text) ? len : strlen(text));
	t->seq[from] += (uint32_t)len + (flags & SYN ? 1 : 0);
	kept = diag_keep_bytes(t->k, &p);
	assert_in_range(kept, 40, 40 + len);
	return kept - 40;
}

static void open_talk(struct talk *t)
{
	assert_true(diag_keep_new(DLT_RAW, &t->k, NULL));
	t->seq[0] = 0xfffffff0u; /* numbers go round */
	t->seq[1] = 7;
	assert_int_equal(0, say(t, 0, SYN, "", 0));
	assert_int_equal(0, say(t, 1, SYN_ACK, "", 0));
}

static void a_handshake_is_kept_and_what_follows_is_not(void **unused)
{
	struct talk t;
	size_t kept = 0;

	(void)unused;
	open_talk(&t);
	assert_int_equal(1400, say(&t, 0, PSH_ACK, "\x16\x03\x01", 1400));
	assert_int_equal(1400, say(&t, 1, PSH_ACK, "\x16\x03\x03", 1400));
	for (int i = 0; i < 100; i++)
		kept += say(&t, 1, PSH_ACK, "data", 1400);
	assert_in_range(kept, 24576 - 1400, 40000);
	assert_int_equal(0, say(&t, 1, PSH_ACK, "data", 1400));
	diag_keep_free(t.k);
}

static void what_is_no_handshake_is_not_kept(void **unused)
{
	struct talk t;

	(void)unused;
	open_talk(&t);
	assert_int_equal(8, say(&t, 0, PSH_ACK, "GET /?secret=", 100));
	assert_int_equal(0, say(&t, 1, PSH_ACK, "HTTP/1.1 200 OK", 500));
	assert_int_equal(0, say(&t, 0, PSH_ACK, "\x16\x03", 100));
	diag_keep_free(t.k);
}

static void a_connection_that_had_begun_is_not_kept(void **unused)
{
	struct talk t = { .seq = { 5, 5 } };

	(void)unused;
	assert_true(diag_keep_new(DLT_RAW, &t.k, NULL));
	assert_int_equal(0, say(&t, 0, PSH_ACK, "\x16\x03\x01", 100));
	assert_int_equal(0, say(&t, 1, PSH_ACK, "\x16\x03\x01", 100));
	diag_keep_free(t.k);
}

static void a_proxy_is_heard(void **unused)
{
	struct talk t;

	(void)unused;
	open_talk(&t);
	assert_int_equal(80, say(&t, 0, PSH_ACK, "CONNECT a:443 HTTP/1.1", 80));
	assert_int_equal(39, say(&t, 1, PSH_ACK, "HTTP/1.1 407 No", 39));
	diag_keep_free(t.k);
}

static void another_link_is_named(void **unused)
{
	struct diag_err err = { 0 };
	struct diag_keep *k = NULL;

	(void)unused;
	assert_false(diag_keep_new(DLT_IEEE802_11, &k, &err));
	assert_int_equal(DIAG_EPARSE, err.code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_is_judged_as_the_whole),
		cmocka_unit_test(numbers_of_pl_probe_are_kept),
		cmocka_unit_test(a_handshake_is_kept_and_what_follows_is_not),
		cmocka_unit_test(what_is_no_handshake_is_not_kept),
		cmocka_unit_test(a_connection_that_had_begun_is_not_kept),
		cmocka_unit_test(a_proxy_is_heard),
		cmocka_unit_test(another_link_is_named),
	};

	return cmocka_run_group_tests_name("keep", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* What each dissector makes of packets that another program made
 * (tests/data/captures/make.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/capture/seen.h"

#define KV "ws1103kv.vault.azure.net"

/* --- links and IP --------------------------------------------------------- */

static void every_link_gives_the_same(void **unused)
{
	static const char *const files[] = {
		"link-ethernet.pcap",	  "link-vlan.pcap",
		"link-vlan-stacked.pcap", "link-pppoe.pcap",
		"link-cooked.pcap",	  "link-cooked2.pcap",
		"link-raw.pcap",	  "link-null.pcap",
		"link-null-swapped.pcap", "link-loop.pcap",
		"link-ppp.pcap",	  "link-ppp-short.pcap",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		seen_is(files[i],
			"dns " KV " 10.150.0.53:53 A 10.150.0.4 answer\n"
			"tcp four 10.150.0.4 443 refused\n"
			"tcp " KV " 10.150.0.4 443 refused\n");
}

static void another_link_is_named(void **unused)
{
	struct diag_err err = { 0 };
	struct seen *s = calloc(1, sizeof(*s));

	(void)unused;
	assert_non_null(s);
	assert_false(seen_file("link-other.pcap", NULL, s, &err));
	assert_int_equal(DIAG_EPARSE, err.code);
	assert_non_null(strstr(err.what, "got link type 105"));
	free(s);
}

static void options_and_extensions_are_skipped(void **unused)
{
	(void)unused;
	seen_is("ip.pcap",
		"dns " KV " 10.150.0.53:53 A 10.150.0.4 answer\n"
		"dns " KV " [2001:db8::53]:53 AAAA 2001:db8::4 answer\n"
		"tcp v6 2001:db8::4 443 refused\n"
		"tcp " KV " 2001:db8::4 443 refused\n");
}

/* --- datagrams ------------------------------------------------------------ */

/* Who has names speaks QUIC; what nobody asked for is no answer. */
static void datagrams_to_nodes_end_in_five_ways(void **unused)
{
	(void)unused;
	seen_is("udp.pcap", "udp - 10.150.0.20 5831 reply\n"
			    "udp - 10.150.0.20 5832 closed\n"
			    "udp - 10.150.0.20 5833 unreachable\n"
			    "udp - 10.150.0.20 5834 unreachable\n"
			    "udp - 10.150.0.20 5838 silent\n"
			    "udp - 10.150.0.20 5835 silent\n"
			    "udp - 10.150.0.20 5837 not-run\n");
}

/* --- DNS ------------------------------------------------------------------ */

static void questions_and_what_came_back(void **unused)
{
	(void)unused;
	seen_is("dns.pcap",
		"dns " KV " 10.150.0.53:53 A 10.150.0.4 answer\n"
		"dns missing.blob.core.windows.net 10.150.0.53:53 A nxdomain\n"
		"dns " KV " 10.150.0.53:53 AAAA nodata\n"
		"dns closed.azurecr.io 10.150.0.99:53 A port-closed\n"
		"dns far.azurecr.io 10.150.0.98:53 A unreachable\n"
		"dns refused.azurecr.io 10.150.0.53:53 A refused\n"
		"dns cut.azurecr.io 10.150.0.53:53 A truncated\n"
		"dns cut.azurecr.io 10.150.0.53:53 A tcp 10.150.0.4 answer\n"
		"dns twice.azurecr.io 10.150.0.53:53 A 10.150.0.4 answer\n"
		"dns silent.azurecr.io 10.150.0.53:53 A sends 2 timeout\n"
		"dns young.azurecr.io 10.150.0.53:53 A not-run\n");
}

static void a_lone_reply_says_everything(void **unused)
{
	(void)unused;
	seen_is("dns-late.pcap", "dns late.azurecr.io 10.150.0.53:53 A "
				 "10.150.0.4 answer\n");
}

static void one_direction_is_no_silence(void **unused)
{
	(void)unused;
	seen_is("dns-one-way.pcap", "dns silent.azurecr.io 10.150.0.53:53 A "
				    "sends 9 not-run\n");
}

static void a_cut_reply_is_not_judged(void **unused)
{
	(void)unused;
	seen_is("dns-snap.pcap", "dns " KV " 10.150.0.53:53 A not-run\n");
}

/* --- TCP ------------------------------------------------------------------ */

static void connections_and_how_they_end(void **unused)
{
	(void)unused;
	seen_is("tcp.pcap", "tcp four 10.150.0.4 443 open\n"
			    "tcp four 10.150.0.4 444 refused\n"
			    "tcp six 10.150.0.6 22 reset\n"
			    "tcp seven 10.150.0.7 443 unreachable\n"
			    "tcp v6 2001:db8::4 443 unreachable\n"
			    "tcp ten 10.150.0.10 443 open\n"
			    "tcp eight 10.150.0.8 443 timeout\n"
			    "tcp five 10.150.0.5 443 timeout\n"
			    "tcp nine 10.150.0.9 443 not-run\n");
}

static void a_late_start_blames_nobody(void **unused)
{
	(void)unused;
	seen_is("tcp-late.pcap", "");
}

static void one_direction_blames_nobody(void **unused)
{
	(void)unused;
	seen_is("tcp-client-only.pcap", "tcp four 10.150.0.4 443 not-run\n"
					"tcp five 10.150.0.5 443 not-run\n");
	seen_is("tcp-server-only.pcap", "tcp four 10.150.0.4 443 not-run\n");
}

/* --- TLS and proxies ------------------------------------------------------ */

#define OPEN(a)	   "tcp " KV " 10.150.0." a " 443 open\n"
#define TLS(a, is) OPEN(a) "tls " KV " 10.150.0." a " 443 " is "\n"

static void handshakes_and_how_they_end(void **unused)
{
	(void)unused;
	seen_is("tls.pcap",
		TLS("12", "cut") TLS("13", "cut") TLS("14", "alert 112 failed")
		    TLS("15", "failed") TLS("16", "TLSv1.3 not-run") TLS(
			"17", "TLSv1.2 untrusted") TLS("18", "TLSv1.3 ok")
			TLS("19", "not-run") "dns " KV
					     " 10.150.0.53:53 A not-run\n" TLS(
						 "11", "timeout"));
}

/* .4 never had the hello and tired of waiting; .5 had it; .6 did not wait;
 * .7 did not either, though the hello was said for long after. */
static void a_server_that_never_heard_does_not_cut(void **unused)
{
	(void)unused;
	seen_is("tls-unheard.pcap",
		TLS("6", "cut") TLS("4", "timeout") TLS("5", "cut")
		    TLS("7", "cut") "dns " KV " 10.150.0.53:53 A not-run\n");
}

/* One in small packets is a question of its own; the next usual one is told
 * even though it ended as before, and those after it are as any other. */
static void small_handshakes_and_their_controls(void **unused)
{
	(void)unused;
	seen_is("sizes.pcap",
		"tcp " KV " 10.150.0.4 443 open\n"
		"tls " KV " 10.150.0.4 443 timeout\n"
		"tls " KV " 10.150.0.4 443 TLSv1.3 in 1000 again ok\n"
		"tls " KV " 10.150.0.4 443 again timeout\n"
		"tls " KV " 10.150.0.4 443 timeout\n"
		"tls " KV " 10.150.0.4 443 TLSv1.3 ok\n"
		"tcp " KV " 10.150.0.5 443 open\n"
		"tls " KV " 10.150.0.5 443 TLSv1.3 ok\n"
		"tls " KV " 10.150.0.6 443 TLSv1.3 in 940 again ok\n"
		"tcp seven 10.150.0.7 443 refused\n"
		"mtu - 10.150.0.4 1400 icmp by 10.20.0.1 smaller\n"
		"mtu - 10.150.0.4 1300 icmp by 10.20.0.1 smaller\n"
		"mtu - 2001:db8::4 1350 icmp by 2001:db8::1 smaller\n");
}

static void one_that_ends_after_the_small_one_is_no_control(void **unused)
{
	(void)unused;
	seen_is("sizes-late.pcap",
		"tls " KV " 10.150.0.4 443 TLSv1.3 in 1000 again ok\n"
		"tcp " KV " 10.150.0.4 443 open\n"
		"tls " KV " 10.150.0.4 443 timeout\n");
}

static void real_handshakes(void **unused)
{
	(void)unused;
	seen_is("openssl-tls1_2.pcap",
		"tcp " KV " 127.0.0.1 4433 open\n"
		"tls " KV " 127.0.0.1 4433 TLSv1.2 chain 1 ok\n");
	seen_is("openssl-tls1_3.pcap",
		"tcp " KV " 127.0.0.1 4433 open\n"
		"tls " KV " 127.0.0.1 4433 TLSv1.3 ok\n");
}

static void a_visible_chain_is_judged(void **unused)
{
	struct diag_err err = { 0 };
	struct seen *s = calloc(1, sizeof(*s));

	(void)unused;
	assert_non_null(s);
	assert_true(seen_judged("openssl-tls1_2.pcap", s, &err));
	assert_string_equal(s->text, "tcp " KV " 127.0.0.1 4433 open\n"
				     "tls " KV " 127.0.0.1 4433 TLSv1.2 "
				     "chain 1 untrusted\n");
	free(s);
}

static void a_proxy_has_the_last_word(void **unused)
{
	(void)unused;
	seen_is("connect.pcap",
		"http again.azurecr.io http://10.20.0.8:3128 200 not-run\n"
		"http cut.azurecr.io http://10.20.0.8:3128 200 cut\n"
		"dns end.azurecr.io 10.150.0.53:53 A not-run\n"
		"http denied.azurecr.io http://10.20.0.8:3128 403 failed\n"
		"http auth.azurecr.io http://10.20.0.8:3128 407 failed\n"
		"http silent.azurecr.io http://10.20.0.8:3128 0 timeout\n");
}

/* --- files, and another program's counts ---------------------------------- */

static void what_a_broken_file_has_is_read(void **unused)
{
	struct diag_err err = { 0 };
	struct seen *s = calloc(1, sizeof(*s));

	(void)unused;
	assert_non_null(s);
	assert_true(seen_file("broken.pcap", NULL, s, &err));
	assert_true(s->broken);
	assert_true(s->counts.packets > 50);
	free(s);
}

static void check_counts(const char *line)
{
	unsigned long n[6];
	struct diag_err err = { 0 };
	struct seen *s = calloc(1, sizeof(*s));
	char name[64];
	char *end = NULL;

	assert_non_null(s);
	(void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(line, " "),
		       line);
	line += strlen(name);
	for (int i = 0; i < 6; i++, line = end)
		n[i] = strtoul(line, &end, 10);
	assert_true(seen_file(name, NULL, s, &err));
	assert_int_equal(n[0], s->counts.dns_queries);
	assert_int_equal(n[1], s->counts.dns_replies);
	assert_int_equal(n[2], s->counts.tcp_syns);
	assert_int_equal(n[3], s->counts.tcp_open);
	assert_int_equal(n[4], s->counts.tls_hellos);
	assert_int_equal(n[5], s->counts.tls_servers);
	free(s);
}

static void counts_are_those_of_tshark(void **unused)
{
	FILE *file = fopen(TEST_DATA "/captures/counts.txt", "r");
	char line[256];
	int checked = 0;

	(void)unused;
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file)); /* the heading */
	for (; fgets(line, sizeof(line), file); checked++)
		check_counts(line);
	(void)fclose(file);
	assert_int_equal(4, checked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_link_gives_the_same),
		cmocka_unit_test(another_link_is_named),
		cmocka_unit_test(options_and_extensions_are_skipped),
		cmocka_unit_test(datagrams_to_nodes_end_in_five_ways),
		cmocka_unit_test(questions_and_what_came_back),
		cmocka_unit_test(a_lone_reply_says_everything),
		cmocka_unit_test(one_direction_is_no_silence),
		cmocka_unit_test(a_cut_reply_is_not_judged),
		cmocka_unit_test(connections_and_how_they_end),
		cmocka_unit_test(a_late_start_blames_nobody),
		cmocka_unit_test(one_direction_blames_nobody),
		cmocka_unit_test(handshakes_and_how_they_end),
		cmocka_unit_test(a_server_that_never_heard_does_not_cut),
		cmocka_unit_test(small_handshakes_and_their_controls),
		cmocka_unit_test(
		    one_that_ends_after_the_small_one_is_no_control),
		cmocka_unit_test(real_handshakes),
		cmocka_unit_test(a_visible_chain_is_judged),
		cmocka_unit_test(a_proxy_has_the_last_word),
		cmocka_unit_test(what_a_broken_file_has_is_read),
		cmocka_unit_test(counts_are_those_of_tshark),
	};

	return cmocka_run_group_tests_name("capture/files", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Packets as a kernel sent them over loopback, recorded with a packet socket.
 */
#include "probes/sniff_filter.h"
#include "probes/sniff_packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define V4_SYN                                                       \
	"4500003cbd3a400040067f7f7f0000017f0000019350acc047a44b0e00" \
	"000000a002ffd7fe3000000204ffd70402080a519bb0a6000000000103030a"
#define V4_SYN_ACK                                                   \
	"4500003c0000400040063cba7f0000017f000001acc0935041258f3547" \
	"a44b0fa012ffcbfe3000000204ffd70402080ad9571586519bb0a60103030a"
#define V4_FIN                                                       \
	"45000034bd3c400040067f857f0000017f0000019350acc047a44b0f41" \
	"258f3680110040fe2800000101080a519bb0a6d9571586"
#define V4_RST                                                       \
	"450000280000400040063cce7f0000017f000001acc1b99800000000a3" \
	"339b29501400000d170000"
#define V4_UDP "4500001db280400040118a4d7f0000017f0000019ad400090009fe1c78"
#define V6_SYN                                                           \
	"6006f87500280640000000000000000000000000000000010000000000"     \
	"0000000000000000000001e416acc08905c0c200000000a002ffc400300000" \
	"0204ffc40402080a6c8dd318000000000103030a"
#define V6_RST                                                       \
	"60008fa100140640000000000000000000000000000000010000000000" \
	"0000000000000000000001acc19bd000000000e06d05be50140000001c0000"

/* A question of pl-probe, and what a kernel says where nobody listens. */
#define V4_QUESTION                                                    \
	"4500004d7f6940004011bd347f0000017f000001c88016c70039fe4c706c" \
	"646961672d70726f62652f31203031323334353637383961626364656630" \
	"3132333435363738396162636465660a0a"
#define V4_CLOSED                                                      \
	"45c000690d11000040016ec17f0000017f00000103031f13000000004500" \
	"004d7f6940004011bd347f0000017f000001c88016c70039fe4c706c6469" \
	"61672d70726f62652f312030313233343536373839616263646566303132" \
	"333435363738396162636465660a0a"
#define V6_CLOSED                                                      \
	"600183e900693a4000000000000000000000000000000001000000000000" \
	"000000000000000000010104589e00000000600966220039114000000000" \
	"00000000000000000000000100000000000000000000000000000001b6a9" \
	"16c70039004c706c646961672d70726f62652f3120303132333435363738" \
	"39616263646566303132333435363738396162636465660a0a"
/* A SYN that a firewall rejects by ICMP. */
#define V4_REJECTED                                                    \
	"45c000580d4a000040016e997f0000017f0000010303fae5000000004500" \
	"003c743940004006c8807f0000017f000001d064acc04dd96ab200000000" \
	"a002ffd7fe3000000204ffd70402080a220ffa55000000000103030a"

struct packet {
	unsigned char bytes[256];
	size_t len;
};

static unsigned digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

static struct packet packet_of(const char *hex)
{
	struct packet p = { .len = strlen(hex) / 2 };

	assert_true(p.len <= sizeof(p.bytes));
	for (size_t i = 0; i < p.len; i++)
		p.bytes[i] = (unsigned char)(digit(hex[2 * i]) << 4 |
					     digit(hex[2 * i + 1]));
	return p;
}

static struct sniff_packet read_hex(const char *hex)
{
	struct packet p = packet_of(hex);
	struct sniff_packet t;

	assert_true(sniff_read(p.bytes, p.len, &t));
	return t;
}

static void a_syn_tells_both_ends(void **unused)
{
	struct diag_addr lo = diag_addr_v4(127, 0, 0, 1);
	struct sniff_packet t = read_hex(V4_SYN);

	(void)unused;
	assert_true(t.syn && !t.ack && !t.rst);
	assert_int_equal(0x9350, t.from_port);
	assert_int_equal(44224, t.to_port);
	assert_true(diag_addr_eq(&lo, &t.from));
	assert_true(diag_addr_eq(&lo, &t.to));
}

static void answers_are_told_apart(void **unused)
{
	struct sniff_packet t = read_hex(V4_SYN_ACK);

	(void)unused;
	assert_true(t.syn && t.ack && !t.rst);
	assert_int_equal(44224, t.from_port);
	t = read_hex(V4_RST);
	assert_true(t.rst && !t.syn);
	t = read_hex(V4_FIN);
	assert_true(t.ack && !t.syn && !t.rst);
}

static void ipv6_is_read_too(void **unused)
{
	struct diag_addr lo;
	struct sniff_packet t = read_hex(V6_SYN);

	(void)unused;
	assert_true(diag_addr_parse("::1", &lo));
	assert_true(t.syn && !t.ack);
	assert_int_equal(44224, t.to_port);
	assert_true(diag_addr_eq(&lo, &t.from));
	assert_true(read_hex(V6_RST).rst);
}

static void options_are_stepped_over(void **unused)
{
	struct packet p = packet_of(V4_SYN);
	struct sniff_packet t;

	(void)unused;
	memmove(p.bytes + 24, p.bytes + 20, p.len - 20);
	memset(p.bytes + 20, 1, 4); /* no-operation, RFC 791, 3.1 */
	p.bytes[0] = 0x46;
	assert_true(sniff_read(p.bytes, p.len + 4, &t));
	assert_int_equal(44224, t.to_port);
	assert_true(t.syn);
}

static void a_datagram_is_told_with_its_data(void **unused)
{
	struct sniff_packet t = read_hex(V4_QUESTION);
	struct packet p = packet_of(V4_QUESTION);

	(void)unused;
	assert_true(t.udp && !t.refusal && !t.syn);
	assert_int_equal(51328, t.from_port);
	assert_int_equal(5831, t.to_port);
	assert_int_equal(49, t.len);
	assert_true(sniff_read(p.bytes, p.len, &t));
	assert_memory_equal("pldiag-probe/1 0123", t.data, 19);
	assert_true(read_hex(V4_UDP).udp);
	assert_int_equal(9, read_hex(V4_UDP).to_port);
}

static void a_refusal_is_about_the_packet_inside(void **unused)
{
	struct sniff_packet t = read_hex(V4_CLOSED);

	(void)unused;
	assert_true(t.refusal && t.udp);
	assert_int_equal(51328, t.from_port);
	assert_int_equal(5831, t.to_port);
	t = read_hex(V6_CLOSED);
	assert_true(t.refusal && t.udp);
	assert_int_equal(DIAG_IPV6, t.from.family);
	assert_int_equal(5831, t.to_port);
	t = read_hex(V4_REJECTED);
	assert_true(t.refusal && !t.udp && !t.syn);
	assert_int_equal(44224, t.to_port);
}

static void other_messages_of_icmp_are_none(void **unused)
{
	struct packet p = packet_of(V4_CLOSED);
	struct sniff_packet t;

	(void)unused;
	p.bytes[20] = 11; /* time exceeded */
	assert_false(sniff_read(p.bytes, p.len, &t));
	p.bytes[20] = 3;
	p.bytes[28 + 9] = 47; /* about something that has no ports */
	assert_false(sniff_read(p.bytes, p.len, &t));
	p.bytes[28 + 9] = 17;
	for (size_t cut = 0; cut < 52; cut++)
		assert_false(sniff_read(p.bytes, cut, &t));
	assert_true(sniff_read(p.bytes, 52, &t));
}

static void what_has_no_beginning_is_refused(void **unused)
{
	struct packet p = packet_of(V4_SYN);
	struct sniff_packet t;

	(void)unused;
	for (size_t cut = 0; cut < 34; cut++)
		assert_false(sniff_read(p.bytes, cut, &t));
	assert_true(sniff_read(p.bytes, 34, &t));
	p.bytes[7] = 1; /* a later fragment */
	assert_false(sniff_read(p.bytes, p.len, &t));
	p.bytes[7] = 0;
	p.bytes[9] = 47; /* GRE */
	assert_false(sniff_read(p.bytes, p.len, &t));
	p.bytes[9] = 6;
	p.bytes[0] = 0x44; /* a header of 16 bytes */
	assert_false(sniff_read(p.bytes, p.len, &t));
	p.bytes[0] = 0x55;
	assert_false(sniff_read(p.bytes, p.len, &t));
}

/* --- which of them wake us --------------------------------------------------
 */

/* The kernel's own filter, on a socket whose datagrams are the packets. */
static bool passes(int *pair, const struct packet *p)
{
	char byte;

	assert_int_equal(p->len, send(pair[0], p->bytes, p->len, 0));
	return recv(pair[1], &byte, 1, MSG_DONTWAIT) >= 0;
}

static void filter_on(int *pair, const struct diag_probe_ports *ports, size_t n)
{
	struct sock_filter code[SNIFF_FILTER_MAX];
	struct sock_fprog program = { .filter = code };

	program.len = (unsigned short)sniff_filter(ports, n, code);
	assert_in_range(program.len, 1, SNIFF_FILTER_MAX);
	assert_int_equal(0, socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	assert_int_equal(0, setsockopt(pair[1], SOL_SOCKET, SO_ATTACH_FILTER,
				       &program, sizeof(program)));
}

static bool wakes(int *pair, const char *hex)
{
	struct packet p = packet_of(hex);

	return passes(pair, &p);
}

static void end_pair(int *pair)
{
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void only_what_is_read_wakes_us(void **unused)
{
	static const struct diag_probe_ports ports[] = {
		{ .port = 44224, .last = 44224 },
		{ .port = 5000, .last = 5830, .proto = DIAG_UDP },
		{ .port = 5831, .last = 5832, .proto = DIAG_UDP },
	};
	int pair[2];

	(void)unused;
	filter_on(pair, ports, 3);
	assert_true(wakes(pair, V4_SYN) && wakes(pair, V4_SYN_ACK));
	assert_true(wakes(pair, V4_RST) && wakes(pair, V6_RST));
	assert_true(wakes(pair, V6_SYN));
	assert_false(wakes(pair, V4_FIN));
	assert_true(wakes(pair, V4_QUESTION));
	assert_true(wakes(pair, V4_CLOSED) && wakes(pair, V6_CLOSED));
	assert_true(wakes(pair, V4_REJECTED));
	assert_false(wakes(pair, V4_UDP)); /* port 9 */
	end_pair(pair);
	filter_on(pair, ports, 2);
	assert_false(wakes(pair, V4_QUESTION));
	end_pair(pair);
	filter_on(pair, ports, 1);
	assert_false(wakes(pair, V4_QUESTION));
	assert_true(wakes(pair, V4_SYN) && wakes(pair, V4_CLOSED));
	end_pair(pair);
}

static void each_way_of_a_port_wakes_us(void **unused)
{
	static const struct diag_probe_ports one = { 5831, 5831, DIAG_UDP,
						     DIAG_STAGE_TCP };
	struct packet p = packet_of(V4_QUESTION);
	int pair[2];

	(void)unused;
	filter_on(pair, &one, 1);
	memcpy(p.bytes + 20, p.bytes + 22, 2); /* from 5831 */
	p.bytes[23]++;			       /* to 5832 */
	assert_true(passes(pair, &p));
	p.bytes[21]--;
	assert_false(passes(pair, &p));
	p.bytes[23] -= 2; /* to 5830 */
	assert_false(passes(pair, &p));
	p.bytes[0] = 0x55;
	assert_false(passes(pair, &p));
	end_pair(pair);
}

static void more_ranges_than_fit_let_all_datagrams_pass(void **unused)
{
	struct diag_probe_ports many[1000];
	int pair[2];

	(void)unused;
	for (uint16_t i = 0; i < 1000; i++)
		many[i] = (struct diag_probe_ports){ (uint16_t)(20000 + 2 * i),
						     (uint16_t)(20000 + 2 * i),
						     DIAG_UDP, DIAG_STAGE_TCP };
	filter_on(pair, many, 1000);
	assert_true(wakes(pair, V4_UDP) && wakes(pair, V4_QUESTION));
	assert_false(wakes(pair, V4_FIN));
	end_pair(pair);
	filter_on(pair, many, 64);
	assert_false(wakes(pair, V4_UDP));
	end_pair(pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_syn_tells_both_ends),
		cmocka_unit_test(answers_are_told_apart),
		cmocka_unit_test(ipv6_is_read_too),
		cmocka_unit_test(options_are_stepped_over),
		cmocka_unit_test(a_datagram_is_told_with_its_data),
		cmocka_unit_test(a_refusal_is_about_the_packet_inside),
		cmocka_unit_test(other_messages_of_icmp_are_none),
		cmocka_unit_test(what_has_no_beginning_is_refused),
		cmocka_unit_test(only_what_is_read_wakes_us),
		cmocka_unit_test(each_way_of_a_port_wakes_us),
		cmocka_unit_test(more_ranges_than_fit_let_all_datagrams_pass),
	};

	return cmocka_run_group_tests_name("sniff packet", tests, NULL, NULL);
}

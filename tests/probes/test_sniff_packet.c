/* SPDX-License-Identifier: MIT */
/* Packets as a kernel sent them over loopback, recorded with a packet socket.
 */
#include "probes/sniff_packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

struct packet {
	unsigned char bytes[128];
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

static struct sniff_tcp read_hex(const char *hex)
{
	struct packet p = packet_of(hex);
	struct sniff_tcp t;

	assert_true(sniff_read(p.bytes, p.len, &t));
	return t;
}

static void a_syn_tells_both_ends(void **unused)
{
	struct diag_addr lo = diag_addr_v4(127, 0, 0, 1);
	struct sniff_tcp t = read_hex(V4_SYN);

	(void)unused;
	assert_true(t.syn && !t.ack && !t.rst);
	assert_int_equal(0x9350, t.from_port);
	assert_int_equal(44224, t.to_port);
	assert_true(diag_addr_eq(&lo, &t.from));
	assert_true(diag_addr_eq(&lo, &t.to));
}

static void answers_are_told_apart(void **unused)
{
	struct sniff_tcp t = read_hex(V4_SYN_ACK);

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
	struct sniff_tcp t = read_hex(V6_SYN);

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
	struct sniff_tcp t;

	(void)unused;
	memmove(p.bytes + 24, p.bytes + 20, p.len - 20);
	memset(p.bytes + 20, 1, 4); /* no-operation, RFC 791, 3.1 */
	p.bytes[0] = 0x46;
	assert_true(sniff_read(p.bytes, p.len + 4, &t));
	assert_int_equal(44224, t.to_port);
	assert_true(t.syn);
}

static void what_is_not_the_beginning_of_tcp_is_refused(void **unused)
{
	struct packet p = packet_of(V4_SYN), u = packet_of(V4_UDP);
	struct sniff_tcp t;

	(void)unused;
	assert_false(sniff_read(u.bytes, u.len, &t));
	for (size_t cut = 0; cut < 34; cut++)
		assert_false(sniff_read(p.bytes, cut, &t));
	assert_true(sniff_read(p.bytes, 34, &t));
	p.bytes[7] = 1; /* a later fragment */
	assert_false(sniff_read(p.bytes, p.len, &t));
	p.bytes[7] = 0;
	p.bytes[0] = 0x44; /* a header of 16 bytes */
	assert_false(sniff_read(p.bytes, p.len, &t));
	p.bytes[0] = 0x55;
	assert_false(sniff_read(p.bytes, p.len, &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_syn_tells_both_ends),
		cmocka_unit_test(answers_are_told_apart),
		cmocka_unit_test(ipv6_is_read_too),
		cmocka_unit_test(options_are_stepped_over),
		cmocka_unit_test(what_is_not_the_beginning_of_tcp_is_refused),
	};

	return cmocka_run_group_tests_name("sniff packet", tests, NULL, NULL);
}

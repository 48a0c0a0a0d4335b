/* SPDX-License-Identifier: MIT */
/* The socket layer, on loopback only. */
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/sock.h"

static void addresses_go_there_and_back(void **unused)
{
	static const char *const texts[] = { "10.0.0.4", "2001:db8::1",
					     "fe80::1%lo", "fe80::1" };

	(void)unused;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct sockaddr_storage ss;
		struct diag_addr a;
		struct diag_addr back;
		uint16_t port = 0;

		assert_true(diag_addr_parse(texts[i], &a));
		assert_true(diag_sock_of(&a, 443, &ss) > 0);
		assert_true(diag_sock_to((struct sockaddr *)&ss, &back, &port));
		assert_true(diag_addr_eq(&a, &back));
		assert_int_equal(443, port);
	}
}

static void a_zone_that_is_no_interface_is_zero(void **unused)
{
	struct sockaddr_storage ss;
	struct sockaddr_in6 in6;
	struct diag_addr a;

	(void)unused;
	assert_true(diag_addr_parse("fe80::1%nosuch0", &a));
	assert_int_equal(sizeof(in6), diag_sock_of(&a, 1, &ss));
	memcpy(&in6, &ss, sizeof(in6));
	assert_int_equal(0, in6.sin6_scope_id);
	assert_true(diag_addr_parse("fe80::1%77", &a));
	assert_int_equal(sizeof(in6), diag_sock_of(&a, 1, &ss));
	memcpy(&in6, &ss, sizeof(in6));
	assert_int_equal(77, in6.sin6_scope_id);
}

static void other_families_are_refused(void **unused)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNIX };
	struct diag_addr a = { 0 };
	uint16_t port;

	(void)unused;
	assert_false(diag_sock_to((struct sockaddr *)&ss, &a, &port));
	assert_int_equal(0, diag_sock_of(&a, 1, &ss));
}

/* A UDP socket connected to a loopback port that nobody has: the port is
 * taken from a socket that is closed before anything is sent. */
static int closed_port(const char *text, enum diag_family family)
{
	int domain = family == DIAG_IPV6 ? AF_INET6 : AF_INET;
	struct sockaddr_storage ss;
	struct diag_addr a;
	socklen_t len;
	int taken = socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int fd;

	assert_true(diag_addr_parse(text, &a));
	len = diag_sock_of(&a, 0, &ss);
	if (taken < 0 || bind(taken, (struct sockaddr *)&ss, len) != 0)
		return -1; /* no such family here */
	assert_int_equal(0, getsockname(taken, (struct sockaddr *)&ss, &len));
	fd = socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	diag_sock_want_icmp(fd, family);
	assert_int_equal(0, connect(fd, (struct sockaddr *)&ss, len));
	(void)close(taken);
	return fd;
}

static void port_unreachable_is_told(const char *text, enum diag_family family,
				     int type, int code)
{
	struct diag_icmp icmp;
	struct pollfd p = { .events = POLLIN };
	char out[DIAG_ADDR_TEXT];

	p.fd = closed_port(text, family);
	if (p.fd < 0)
		skip();
	assert_false(diag_sock_take_icmp(p.fd, &icmp));
	assert_int_equal(1, send(p.fd, "x", 1, 0));
	assert_int_equal(1, poll(&p, 1, 5000));
	assert_true(diag_sock_take_icmp(p.fd, &icmp));
	assert_true(icmp.seen);
	assert_int_equal(type, icmp.type);
	assert_int_equal(code, icmp.code);
	assert_string_equal(text, diag_addr_text(&icmp.from, out));
	assert_false(diag_sock_take_icmp(p.fd, &icmp));
	(void)close(p.fd);
}

/* RFC 792: type 3, code 3. */
static void an_ipv4_error_names_type_code_and_sender(void **unused)
{
	(void)unused;
	port_unreachable_is_told("127.0.0.1", DIAG_IPV4, 3, 3);
}

/* RFC 4443, 3.1: type 1, code 4. */
static void an_ipv6_error_names_type_code_and_sender(void **unused)
{
	(void)unused;
	port_unreachable_is_told("::1", DIAG_IPV6, 1, 4);
}

static void the_limit_is_raised_as_far_as_it_goes(void **unused)
{
	struct rlimit before;
	struct rlimit small;

	(void)unused;
	assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &before));
	if (before.rlim_max < 64)
		skip();
	small = (struct rlimit){ 32, before.rlim_max };
	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &small));
	assert_int_equal(32, diag_sock_raise_limit(16));
	assert_int_equal(50, diag_sock_raise_limit(50));
	assert_true(diag_sock_raise_limit(0xffffffffU) >= 50);
	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &before));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_go_there_and_back),
		cmocka_unit_test(a_zone_that_is_no_interface_is_zero),
		cmocka_unit_test(other_families_are_refused),
		cmocka_unit_test(an_ipv4_error_names_type_code_and_sender),
		cmocka_unit_test(an_ipv6_error_names_type_code_and_sender),
		cmocka_unit_test(the_limit_is_raised_as_far_as_it_goes),
	};

	return cmocka_run_group_tests_name("net/sock", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* The kernel's counters, as /proc/net has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "probes/drops.h"

static struct drops of(const char *text)
{
	struct drops d = { .queue_full = 0 };

	drops_read(text, strlen(text), &d);
	return d;
}

static void is(const char *text, uint64_t queue_full, uint64_t no_way_back,
	       uint64_t reverse_path)
{
	struct drops d = of(text);

	assert_int_equal(queue_full, d.queue_full);
	assert_int_equal(no_way_back, d.no_way_back);
	assert_int_equal(reverse_path, d.reverse_path);
}

static void numbers_stand_under_their_names(void **unused)
{
	(void)unused;
	is("TcpExt: SyncookiesSent ListenOverflows ListenDrops "
	   "IPReversePathFilter\n"
	   "TcpExt: 1 22 333 4444\n"
	   "IpExt: InNoRoutes\n"
	   "IpExt: 5\n",
	   22, 0, 4444);
	is("Ip: Forwarding OutDiscards OutNoRoutes\n"
	   "Ip: 2 501 7\n"
	   "Icmp: OutNoRoutes\n"
	   "Icmp: 9\n",
	   0, 7, 0);
	is("Ip6InReceives                   \t12\n"
	   "Ip6OutNoRoutes                  \t3\n",
	   0, 3, 0);
}

static void what_does_not_fit_is_not_counted(void **unused)
{
	(void)unused;
	is("", 0, 0, 0);
	is("TcpExt: ListenOverflows", 0, 0, 0);
	is("TcpExt: ListenOverflows\nTcpExt:\n", 0, 0, 0);
	is("TcpExt: ListenOverflows\nUdp: 7\n", 0, 0, 0);
	is("Udp: ListenOverflows\nUdp: 7\n", 0, 0, 0);
	is("TcpExt: ListenOverflows\n\nTcpExt: 7\n", 0, 0, 0);
	is("TcpExt: ListenOverflows\nTcpExt: -7\n", 0, 0, 0);
	is("TcpExt: ListenOverflows\nTcpExt: 99999999999999999999\n", 0, 0, 0);
	/* without the last line's end */
	is("TcpExt: ListenOverflows\nTcpExt: 7", 7, 0, 0);
}

static void a_counter_that_was_reset_says_nothing(void **unused)
{
	const struct drops then = { 5, 5, 5 }, now = { 4, 5, 8 };
	struct drops d = drops_since(&then, &now);

	(void)unused;
	assert_int_equal(0, d.queue_full);
	assert_int_equal(0, d.no_way_back);
	assert_int_equal(3, d.reverse_path);
}

static void this_system_tells(void **unused)
{
	struct drops d;

	(void)unused;
	assert_true(drops_now(&d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_stand_under_their_names),
		cmocka_unit_test(what_does_not_fit_is_not_counted),
		cmocka_unit_test(a_counter_that_was_reset_says_nothing),
		cmocka_unit_test(this_system_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* pcapng as files of several interfaces have it, and broken at every byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pcap/dlt.h>
#include <unistd.h>

#include "capture/pcapng.h"
#include "tests/capture/seen.h"
#include "tests/support/memory_file.h"

#define BEGIN INT64_C(1790000000000000)

struct bytes {
	unsigned char p[8192];
	size_t n;
};

static void load(const char *name, struct bytes *b)
{
	char path[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), TEST_DATA "/captures/%s", name);
	file = fopen(path, "rb");
	assert_non_null(file);
	b->n = fread(b->p, 1, sizeof(b->p), file);
	assert_true(b->n < sizeof(b->p));
	(void)fclose(file);
}

struct read {
	size_t n;
	int64_t at_us[16];
	int dlt[16];
	enum cap_read end;
	bool began;
	const char *why;
};

/* In buffers that are smaller than some blocks. */
static struct read read_all(const struct bytes *b)
{
	int fd = memory_file(b->p, b->n);
	struct diag_capture_packet p;
	struct read r = { .n = 0 };
	struct cap_source from;
	struct cap_ng *ng;

	assert_true(fd >= 0 && cap_source_init(&from, fd, 64));
	cap_ng_open(&from, &ng);
	assert_non_null(ng);
	while ((r.end = cap_ng_next(ng, &p, &r.dlt[r.n])) == CAP_PACKET) {
		r.at_us[r.n++] = p.at_us;
		assert_true(p.wire_len >= p.len);
		assert_true(r.n < 16);
	}
	r.began = cap_ng_began(ng);
	r.why = cap_ng_why(ng);
	cap_ng_free(ng);
	cap_source_clear(&from);
	assert_int_equal(0, close(fd));
	return r;
}

/* What tshark prints of the same file. */
static void each_interface_has_its_link_and_its_clock(void **unused)
{
	static const int64_t at_us[] = { 0,	  0,	   250000,
					 500000,  750000,  1000000,
					 1500000, 2000000, 2000000 };
	static const int dlt[] = { DLT_EN10MB, 105,	 DLT_RAW,
				   DLT_EN10MB, DLT_RAW,	 DLT_LOOP,
				   DLT_LOOP,   DLT_LOOP, DLT_LOOP };
	struct bytes b;
	struct read r;

	(void)unused;
	load("blocks.pcapng", &b);
	r = read_all(&b);
	assert_int_equal(CAP_END, r.end);
	assert_int_equal(9, r.n);
	for (size_t i = 0; i < r.n; i++) {
		assert_int_equal(BEGIN + at_us[i], r.at_us[i]);
		assert_int_equal(dlt[i], r.dlt[i]);
	}
}

static void what_several_interfaces_saw_is_judged_together(void **unused)
{
	(void)unused;
	seen_is("blocks.pcapng", "tcp four 10.150.0.4 443 refused\n"
				 "tcp four 10.150.0.4 444 refused\n"
				 "tcp four 10.150.0.4 445 refused\n"
				 "tcp four 10.150.0.4 446 refused\n");
}

/* Wi-Fi and a tunnel, as mergecap makes one file of two. */
static void ethernet_and_raw_ip_in_one_file(void **unused)
{
	(void)unused;
	seen_is("two-links.pcapng",
		"dns ws1103kv.vault.azure.net 10.150.0.53:53 A 10.150.0.4 "
		"answer\n"
		"tcp four 10.150.0.4 443 refused\n"
		"tcp ws1103kv.vault.azure.net 10.150.0.4 443 refused\n"
		"udp - 10.150.0.20 5831 reply\n"
		"udp - 10.150.0.20 5832 closed\n"
		"udp - 10.150.0.20 5833 unreachable\n"
		"udp - 10.150.0.20 5834 unreachable\n"
		"udp - 10.150.0.20 5838 silent\n"
		"udp - 10.150.0.20 5835 silent\n"
		"udp - 10.150.0.20 5837 not-run\n");
}

/* At the end of a block a file may end. */
static void a_file_that_ends_anywhere_is_told(void **unused)
{
	struct bytes whole, part;
	size_t ends = 0, packets = 0;

	(void)unused;
	load("blocks.pcapng", &whole);
	part = whole;
	for (part.n = 1; part.n < whole.n; part.n++) {
		struct read r = read_all(&part);

		assert_true(r.n >= packets);
		packets = r.n;
		ends += r.end == CAP_END;
		assert_int_equal(part.n >= 12, r.began);
		assert_true(r.end == CAP_END || r.why);
	}
	assert_int_equal(8, packets); /* the last block is one, too */
	assert_int_equal(15, ends);
}

static void is_broken(size_t at, unsigned char byte, const char *why)
{
	struct bytes b;
	struct read r;

	load("blocks.pcapng", &b);
	assert_true(at < b.n);
	b.p[at] = byte;
	r = read_all(&b);
	assert_int_equal(CAP_BROKEN, r.end);
	assert_string_equal(why, r.why);
}

static void what_makes_no_sense_ends_the_file(void **unused)
{
	(void)unused;
	is_broken(0, 9, "unknown file format");
	is_broken(8, 9, "unknown byte order");
	is_broken(4, 27, "a block has no length that can be");
	is_broken(4, 4, "a block has no length that can be");
	is_broken(7, 1, "a block has no length that can be");
	is_broken(24, 32, "a block's two lengths differ");
	is_broken(28, 0, "a block has no type");
	is_broken(28, 6, "a packet's block is too short");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_interface_has_its_link_and_its_clock),
		cmocka_unit_test(
		    what_several_interfaces_saw_is_judged_together),
		cmocka_unit_test(ethernet_and_raw_ip_in_one_file),
		cmocka_unit_test(a_file_that_ends_anywhere_is_told),
		cmocka_unit_test(what_makes_no_sense_ends_the_file),
	};

	return cmocka_run_group_tests_name("capture/pcapng", tests, NULL, NULL);
}

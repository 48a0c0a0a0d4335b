/* SPDX-License-Identifier: MIT */
/* pcap files read here and by libpcap: whole, cut at every byte, of both byte
 * orders and clocks; and those that are left to libpcap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>
#include <pcap/pcap.h>
#include <unistd.h>

#include "capture/internal.h"
#include "capture/pcap.h"
#include "tests/capture/seen.h"
#include "tests/support/memory_file.h"

#define HEADER 24u
#define RECORD 16u

/* Where a number of 32 bits stands in the file's header. */
enum { MAGIC, VERSION, SNAP = 4, LINK };

struct bytes {
	uint8_t p[262144];
	size_t n;
};

static struct bytes file, other;

static void load(const char *path, struct bytes *b)
{
	FILE *in = fopen(path, "rb");

	assert_non_null(in);
	b->n = fread(b->p, 1, sizeof(b->p), in);
	assert_true(b->n > HEADER && b->n < sizeof(b->p));
	(void)fclose(in);
}

static void load_named(const char *name, struct bytes *b)
{
	char path[512];

	(void)snprintf(path, sizeof(path), TEST_DATA "/captures/%s", name);
	load(path, b);
}

static uint32_t get(const struct bytes *b, size_t word)
{
	uint32_t n;

	memcpy(&n, b->p + word * 4, sizeof(n));
	return n;
}

static void set(struct bytes *b, size_t word, uint32_t n)
{
	memcpy(b->p + word * 4, &n, sizeof(n));
}

/* --- side by side --------------------------------------------------------- */

static pcap_t *open_other(const struct bytes *b)
{
	FILE *in = fmemopen((void *)(uintptr_t)b->p, b->n, "rb");
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *pcap;

	assert_non_null(in);
	pcap = pcap_fopen_offline(in, why);
	assert_non_null(pcap);
	return pcap;
}

/* Both see the same packets; gives how many, *broken how it ends. */
static size_t agree(const struct bytes *b, size_t buffer, bool *broken)
{
	int fd = memory_file(b->p, b->n), rc = 0;
	pcap_t *pcap = open_other(b);
	struct diag_capture_packet p;
	struct cap_source from;
	struct pcap_pkthdr *h;
	const u_char *bytes;
	struct cap_pcap f;
	size_t n = 0;

	assert_true(fd >= 0 && cap_source_init(&from, fd, buffer));
	assert_true(cap_pcap_begin(&f, &from));
	assert_int_equal(pcap_datalink(pcap), f.dlt);
	for (; cap_pcap_next(&f, &p) == CAP_PACKET; n++) {
		rc = pcap_next_ex(pcap, &h, &bytes);
		assert_int_equal(1, rc);
		assert_int_equal(h->caplen, p.len);
		assert_memory_equal(bytes, p.bytes, p.len);
		assert_int_equal(
		    (int64_t)h->ts.tv_sec * 1000000 + h->ts.tv_usec, p.at_us);
		assert_int_equal(h->len > h->caplen ? h->len : h->caplen,
				 p.wire_len);
	}
	rc = pcap_next_ex(pcap, &h, &bytes);
	assert_true(rc == PCAP_ERROR || rc == PCAP_ERROR_BREAK);
	*broken = f.why[0] != '\0';
	assert_int_equal(rc == PCAP_ERROR, *broken);
	pcap_close(pcap);
	cap_source_clear(&from);
	assert_int_equal(0, close(fd));
	return n;
}

static void every_capture_is_read_as_libpcap_reads_it(void **unused)
{
	glob_t found;
	size_t packets = 0;
	bool broken;

	(void)unused;
	assert_int_equal(0,
			 glob(TEST_DATA "/captures/*.pcap", 0, NULL, &found));
	for (size_t i = 0; i < found.gl_pathc; i++) {
		if (strstr(found.gl_pathv[i], "link-other") != NULL)
			continue;
		load(found.gl_pathv[i], &file);
		packets += agree(&file, CAP_SOURCE_BUFFER, &broken);
		assert_int_equal(strstr(found.gl_pathv[i], "broken") != NULL,
				 broken);
		(void)agree(&file, 64, &broken);
	}
	assert_true(found.gl_pathc > 30 && packets > 500);
	globfree(&found);
}

/* Each word in the other byte order; the version's two halves each. */
static void turn_all(struct bytes *b)
{
	for (size_t at = HEADER; at + RECORD <= b->n;) {
		size_t len = get(b, at / 4 + 2);

		for (size_t i = 0; i < 4; i++)
			set(b, at / 4 + i, cap_turned(get(b, at / 4 + i)));
		at += RECORD + len;
	}
	for (size_t i = 0; i < HEADER / 4; i++)
		set(b, i, cap_turned(get(b, i)));
	set(b, VERSION, get(b, VERSION) << 16 | get(b, VERSION) >> 16);
}

/* Lengths are whole words, so that words can be turned in their place. */
static void make_words(struct bytes *b)
{
	static const uint32_t records[][4] = { { 1790000000, 999999, 4, 4 },
					       { 1790000001, 5, 60, 1500 },
					       { 0, 0, 0, 0 },
					       { 0x7fffffff, 999, 96, 96 } };

	memset(b, 0, sizeof(*b));
	set(b, MAGIC, 0xa1b2c3d4);
	set(b, VERSION, 4u << 16 | 2);
	set(b, SNAP, 65535);
	set(b, LINK, 1);
	b->n = HEADER;
	for (size_t i = 0; i < 4; i++) {
		memcpy(b->p + b->n, records[i], RECORD);
		memset(b->p + b->n + RECORD, (int)i, records[i][2]);
		b->n += RECORD + records[i][2];
	}
}

static void both_byte_orders_and_clocks_cut_anywhere(void **unused)
{
	static const uint32_t magics[] = { 0xa1b2c3d4, 0xa1b23c4d };
	bool broken;

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		size_t ends = 0;

		make_words(&file);
		set(&file, MAGIC, magics[i / 2]);
		if (i % 2)
			turn_all(&file);
		assert_int_equal(4, agree(&file, 64, &broken));
		for (; file.n >= HEADER; file.n--) {
			(void)agree(&file, 64, &broken);
			ends += !broken;
		}
		assert_int_equal(5, ends);
	}
}

/* The clock goes on after 2038 in both byte orders. */
static void seconds_have_no_sign(void **unused)
{
	struct diag_capture_packet p;
	struct cap_source from;
	struct cap_pcap f;
	int fd;

	(void)unused;
	make_words(&file);
	set(&file, HEADER / 4, 0x80000000);
	fd = memory_file(file.p, file.n);
	assert_true(fd >= 0 && cap_source_init(&from, fd, 64));
	assert_true(cap_pcap_begin(&f, &from));
	assert_int_equal(CAP_PACKET, cap_pcap_next(&f, &p));
	assert_int_equal(INT64_C(2147483648999999), p.at_us);
	cap_source_clear(&from);
	assert_int_equal(0, close(fd));
}

static void what_is_longer_than_the_snap_length_is_cut(void **unused)
{
	bool broken;

	(void)unused;
	make_words(&file);
	set(&file, SNAP, 50);
	assert_int_equal(4, agree(&file, 64, &broken));
	set(&file, SNAP, 0);
	assert_int_equal(4, agree(&file, 64, &broken));
	set(&file, SNAP, 0xffffffff);
	assert_int_equal(4, agree(&file, 64, &broken));
}

static void the_largest_packet_has_a_limit(void **unused)
{
	bool broken;

	(void)unused;
	make_words(&file);
	file.n = sizeof(file.p);
	set(&file, SNAP, 262144);
	set(&file, HEADER / 4 + 2, 262144);
	assert_int_equal(0, agree(&file, 64, &broken)); /* it ends before */
	set(&file, HEADER / 4 + 2, 262144 - HEADER - RECORD);
	assert_int_equal(1, agree(&file, 64, &broken));
	set(&file, HEADER / 4 + 2, 262145);
	assert_int_equal(0, agree(&file, 64, &broken));
	assert_true(broken);
}

/* --- whose file it is ----------------------------------------------------- */

static bool is_ours(const struct bytes *b)
{
	int fd = memory_file(b->p, b->n);
	struct cap_source from;
	struct cap_pcap f;
	bool ours;

	assert_true(fd >= 0 && cap_source_init(&from, fd, 64));
	ours = cap_pcap_begin(&f, &from);
	assert_true(ours || cap_source_left(&from) > 0);
	cap_source_clear(&from);
	assert_int_equal(0, close(fd));
	return ours;
}

static void what_is_rare_is_left_to_libpcap(void **unused)
{
	static const struct {
		size_t word;
		uint32_t n;
		bool ours;
	} rows[] = {
		{ MAGIC, 0xa1b2c3d4, true },
		{ MAGIC, 0xa1b2cd34, false },
		{ VERSION, 3u << 16 | 2, false },
		{ VERSION, 2u << 16 | 4, false },
		{ LINK, 0x14000001, true }, /* each frame ends in an FCS */
		{ LINK, 0x00010001, false },
		{ LINK, 105, false },
		{ LINK, 101, true },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		make_words(&file);
		set(&file, rows[i].word, rows[i].n);
		assert_int_equal(rows[i].ours, is_ours(&file));
	}
}

static void is_read_all_the_same(const struct bytes *b)
{
	char path[] = "/tmp/test_pcap.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(b->n, write(fd, b->p, b->n));
	assert_int_equal(0, close(fd));
	seen_is(path,
		"dns ws1103kv.vault.azure.net 10.150.0.53:53 A 10.150.0.4 "
		"answer\n"
		"tcp four 10.150.0.4 443 refused\n"
		"tcp ws1103kv.vault.azure.net 10.150.0.4 443 refused\n");
	assert_int_equal(0, unlink(path));
}

/* 2.2 had the two lengths in the other order. */
static void old_files_are_read_all_the_same(void **unused)
{
	(void)unused;
	load_named("link-ethernet.pcap", &file);
	set(&file, VERSION, 2u << 16 | 2);
	is_read_all_the_same(&file);
}

/* Eight bytes more before each packet. */
static void patched_headers_are_read_all_the_same(void **unused)
{
	(void)unused;
	load_named("link-ethernet.pcap", &file);
	memcpy(other.p, file.p, HEADER);
	set(&other, MAGIC, 0xa1b2cd34);
	other.n = HEADER;
	for (size_t at = HEADER; at + RECORD <= file.n;) {
		uint32_t len;

		memcpy(&len, file.p + at + 8, sizeof(len));
		memcpy(other.p + other.n, file.p + at, RECORD);
		memset(other.p + other.n + RECORD, 0, 8);
		memcpy(other.p + other.n + RECORD + 8, file.p + at + RECORD,
		       len);
		other.n += RECORD + 8 + len;
		at += RECORD + len;
	}
	is_read_all_the_same(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_capture_is_read_as_libpcap_reads_it),
		cmocka_unit_test(both_byte_orders_and_clocks_cut_anywhere),
		cmocka_unit_test(seconds_have_no_sign),
		cmocka_unit_test(what_is_longer_than_the_snap_length_is_cut),
		cmocka_unit_test(the_largest_packet_has_a_limit),
		cmocka_unit_test(what_is_rare_is_left_to_libpcap),
		cmocka_unit_test(old_files_are_read_all_the_same),
		cmocka_unit_test(patched_headers_are_read_all_the_same),
	};

	return cmocka_run_group_tests_name("capture/pcap", tests, NULL, NULL);
}

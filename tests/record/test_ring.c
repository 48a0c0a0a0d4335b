/* SPDX-License-Identifier: MIT */
/* Files of packets: made anew and for us alone, turned round, and whole
 * whatever happens to the disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/internal.h"
#include "record/ring.h"

#define LEN 100 /* bytes of a packet */

static char folder[64];
static struct diag_live live;

static int setup(void **unused)
{
	(void)unused;
	(void)snprintf(folder, sizeof(folder), "/tmp/ring-XXXXXX");
	assert_non_null(mkdtemp(folder));
	live.pcap = pcap_open_dead_with_tstamp_precision(
	    DLT_RAW, 65535, PCAP_TSTAMP_PRECISION_NANO);
	assert_non_null(live.pcap);
	return 0;
}

static int teardown(void **unused)
{
	char command[128];

	(void)unused;
	pcap_close(live.pcap);
	(void)snprintf(command, sizeof(command), "%s/x", folder);
	for (int i = 0; i < 20; i++) {
		(void)snprintf(command, sizeof(command), "%s/x-%02d.pcap",
			       folder, i);
		(void)unlink(command);
		(void)snprintf(command, sizeof(command), "%s/x-%d.pcap", folder,
			       i);
		(void)unlink(command);
	}
	(void)snprintf(command, sizeof(command), "%s/x.pcap", folder);
	(void)unlink(command);
	return rmdir(folder);
}

static const char *in_folder(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static bool put(struct diag_ring *r, uint32_t number, struct diag_err *err)
{
	uint8_t bytes[LEN] = { 0x45 };
	struct diag_live_packet p = { .s = 1000000 + number,
				      .ns = 123456789,
				      .bytes = bytes,
				      .len = LEN,
				      .wire_len = 1500 };

	memcpy(bytes + 4, &number, sizeof(number));
	return diag_ring_put(r, &p, LEN, err);
}

/* Numbers of the packets in a file, which must be whole; -1 none. */
static int numbers(const char *name, uint32_t *first, uint32_t *last)
{
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const u_char *bytes;
	int n = 0, rc;
	pcap_t *in = pcap_open_offline_with_tstamp_precision(
	    in_folder(name), PCAP_TSTAMP_PRECISION_NANO, why);

	assert_non_null(in);
	while ((rc = pcap_next_ex(in, &h, &bytes)) == 1) {
		assert_int_equal(LEN, h->caplen);
		assert_int_equal(1500, h->len);
		assert_int_equal(123456789, h->ts.tv_usec);
		memcpy(last, bytes + 4, sizeof(*last));
		if (n++ == 0)
			*first = *last;
	}
	assert_int_equal(PCAP_ERROR_BREAK, rc);
	pcap_close(in);
	return n;
}

static struct diag_ring *ring_of(const struct diag_ring_options *o)
{
	struct diag_ring *r = NULL;
	struct diag_err err = { 0 };

	assert_true(diag_ring_open(o, &r, &err));
	assert_true(diag_ring_begin(r, &live, &err));
	return r;
}

static void one_file_holds_all_of_it(void **unused)
{
	const struct diag_ring_options o = { .path = in_folder("x.pcap"),
					     .files = 1 };
	struct diag_ring *r = ring_of(&o);
	uint32_t first = 0, last = 0;
	struct diag_err err = { 0 };
	struct stat st;

	(void)unused;
	assert_int_equal(0, numbers("x.pcap", &first, &last));
	for (uint32_t i = 1; i <= 5000; i++)
		assert_true(put(r, i, &err));
	assert_true(diag_ring_flush(r, &err));
	assert_int_equal(5000, numbers("x.pcap", &first, &last));
	assert_true(put(r, 5001, &err));
	assert_true(diag_ring_end(r, &err));
	assert_int_equal(5001, numbers("x.pcap", &first, &last));
	assert_int_equal(5001, diag_ring_packets(r));
	assert_int_equal(1, first);
	assert_int_equal(5001, last);
	assert_int_equal(0, stat(in_folder("x.pcap"), &st));
	assert_int_equal(0600, st.st_mode & 07777);
	diag_ring_free(r);
}

static void a_ring_keeps_the_newest(void **unused)
{
	const struct diag_ring_options o = {
		.path = in_folder("x.pcap"),
		.files = 3,
		.max_bytes = 24 + 10 * (16 + LEN),
	};
	struct diag_ring *r = ring_of(&o);
	uint32_t first = 0, last = 0;
	struct diag_err err = { 0 };

	(void)unused;
	/* 30 fill it; then the first file again, and half of the second */
	for (uint32_t i = 1; i <= 45; i++)
		assert_true(put(r, i, &err));
	assert_true(diag_ring_end(r, &err));
	assert_int_equal(10, numbers("x-1.pcap", &first, &last));
	assert_int_equal(31, first);
	assert_int_equal(5, numbers("x-2.pcap", &first, &last));
	assert_int_equal(41, first);
	assert_int_equal(45, last);
	assert_int_equal(10, numbers("x-3.pcap", &first, &last));
	assert_int_equal(21, first);
	assert_int_equal(1, diag_ring_rounds(r));
	diag_ring_free(r);
}

static void one_file_with_a_size_is_full_at_last(void **unused)
{
	const struct diag_ring_options o = {
		.path = in_folder("x.pcap"),
		.files = 1,
		.max_bytes = 24 + 10 * (16 + LEN),
	};
	struct diag_ring *r = ring_of(&o);
	uint32_t first, last;
	struct diag_err err = { 0 };

	(void)unused;
	for (uint32_t i = 1; i <= 10; i++)
		assert_true(put(r, i, &err));
	assert_false(diag_ring_is_full(r));
	assert_true(put(r, 11, &err));
	assert_true(diag_ring_is_full(r));
	assert_true(diag_ring_end(r, &err));
	assert_int_equal(10, numbers("x.pcap", &first, &last));
	diag_ring_free(r);
}

/* The limit of a file's size stands in for the end of a disk: writes come
 * short in the same way. */
static void a_full_disk_leaves_whole_packets(void **unused)
{
	static const rlim_t sizes[] = { 24 + 3 * (16 + LEN) + 5,
					24 + 3 * (16 + LEN) + 20, 24 + 116,
					9000, 4096 };
	struct rlimit before, less;

	(void)unused;
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(0, getrlimit(RLIMIT_FSIZE, &before));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		const struct diag_ring_options o = {
			.path = in_folder("x.pcap"), .files = 1, .force = true
		};
		struct diag_ring *r = ring_of(&o);
		struct diag_err err = { 0 };
		uint32_t first = 0, last = 0, n = 0;
		bool ok = true;

		less = before;
		less.rlim_cur = sizes[i];
		assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &less));
		while (ok && n < 1000) {
			ok = put(r, ++n, &err);
			if (ok && n % 7 == 0)
				ok = diag_ring_flush(r, &err);
		}
		assert_false(ok);
		assert_int_equal(DIAG_EIO, err.code);
		assert_int_equal(EFBIG, err.sys);
		assert_non_null(strstr(err.what, "x.pcap"));
		assert_false(put(r, 9999, &err));
		assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &before));
		assert_int_equal((sizes[i] - 24) / (16 + LEN),
				 numbers("x.pcap", &first, &last));
		assert_true(diag_ring_packets(r) <= last);
		diag_ring_free(r);
	}
}

static void refused(const struct diag_ring_options *o, enum diag_code code)
{
	struct diag_ring *r = NULL;
	struct diag_err err = { 0 };

	assert_false(diag_ring_open(o, &r, &err));
	assert_int_equal(code, err.code);
}

static void nobody_elses_file_is_touched(void **unused)
{
	struct diag_ring_options o = { .path = in_folder("x.pcap"),
				       .files = 1 };
	char victim[128];
	struct stat st;
	int fd;

	(void)unused;
	/* a file that is there */
	fd = open(o.path, O_CREAT | O_WRONLY, 0644);
	assert_int_equal(4, write(fd, "mine", 4));
	refused(&o, DIAG_EUSAGE);
	assert_int_equal(0, fstat(fd, &st));
	assert_int_equal(4, st.st_size);
	/* one that is replaced is another file, and not open to all */
	o.force = true;
	diag_ring_free(ring_of(&o));
	assert_int_equal(0, fstat(fd, &st));
	assert_int_equal(0, st.st_nlink);
	assert_int_equal(4, st.st_size);
	assert_int_equal(0, stat(o.path, &st));
	assert_int_equal(0600, st.st_mode & 07777);
	(void)close(fd);
	(void)unlink(o.path);
	/* a link, to something or to nothing */
	(void)snprintf(victim, sizeof(victim), "%s/victim", folder);
	assert_int_equal(0, symlink(victim, o.path));
	refused(&o, DIAG_EUSAGE);
	assert_int_equal(-1, lstat(victim, &st));
	(void)unlink(o.path);
}

static void a_ring_that_cannot_be_made_leaves_nothing(void **unused)
{
	const struct diag_ring_options o = { .path = in_folder("x.pcap"),
					     .files = 12 };
	struct stat st;
	char path[128];
	int fd;

	(void)unused;
	(void)snprintf(path, sizeof(path), "%s/x-07.pcap", folder);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	refused(&o, DIAG_EUSAGE);
	(void)snprintf(path, sizeof(path), "%s/x-01.pcap", folder);
	assert_int_equal(-1, lstat(path, &st));
	(void)close(fd);
}

static void names_of_a_ring(void **unused)
{
	static const struct {
		const char *path;
		unsigned files, i;
		const char *name;
	} names[] = {
		{ "a.pcap", 1, 0, "a.pcap" },
		{ "a.pcap", 2, 0, "a-1.pcap" },
		{ "a.b/c", 10, 9, "a.b/c-10" },
		{ "/x/a.b.pcapng", 100, 6, "/x/a.b-007.pcapng" },
		{ ".hidden", 3, 1, ".hidden-2" },
	};
	char out[DIAG_RING_PATH];

	(void)unused;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct diag_ring_options o = { .path = names[i].path,
						     .files = names[i].files };

		assert_true(diag_ring_path(&o, names[i].i, out));
		assert_string_equal(names[i].name, out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_file_holds_all_of_it, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_ring_keeps_the_newest, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
		    one_file_with_a_size_is_full_at_last, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_full_disk_leaves_whole_packets, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_elses_file_is_touched,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_ring_that_cannot_be_made_leaves_nothing, setup, teardown),
		cmocka_unit_test(names_of_a_ring),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}

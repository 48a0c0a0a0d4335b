/* SPDX-License-Identifier: MIT */
/* zip.c - what libarchive leaves open about zip files.
 *
 * Writing: the time of a file is kept in the form of DOS (APPNOTE 4.4.6), which
 * is local time: libarchive writes what the clock on the wall showed then, so
 * the same bundle would give other bytes in another time zone.  What it writes
 * besides, in UTC, is right.
 *
 * Reading: a zip file is read from its end, and what its end says can be meant
 * in more than one way: bytes before the first entry, a second end inside of a
 * comment, more entries than there are, or the same in 64 bits.  Two programs
 * would then see two different archives in one file, so only an end that can be
 * meant in one way is taken.
 */
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "base/time.h"
#include "bundle/internal.h"

/* Offsets and sizes of APPNOTE 4.3.7, 4.3.12 and 4.3.16. */
#define END_LEN	       22
#define END_DISKS      4 /* two numbers: all parts are this one */
#define END_HERE       8 /* entries in this part */
#define END_COUNT      10
#define END_SIZE       12
#define END_START      16
#define END_COMMENT    20
#define END_FARTHEST   (END_LEN + UINT16_MAX)
#define CENTRAL_LEN    46
#define CENTRAL_MOST   4096 /* with a name and what programs put behind it */
#define CENTRAL_TIME   12
#define CENTRAL_NAME   28 /* lengths of name, extra field, comment */
#define CENTRAL_OFFSET 42
#define LOCAL_LEN      30
#define LOCAL_TIME     10

#define DOS_FIRST 315532800 /* 1980-01-01T00:00:00Z */

static size_t get(const unsigned char *p, unsigned bytes)
{
	size_t n = 0;

	while (bytes-- > 0)
		n = n << 8 | p[bytes];
	return n;
}

static uint64_t number(const char *digits, size_t len)
{
	const struct diag_slice s = { digits, len };
	uint64_t n = 0;

	(void)diag_slice_number(s, 0, UINT16_MAX, &n);
	return n;
}

/* "2026-11-28T12:34:56Z" as DOS keeps it: time, then date. */
static void dos_time(int64_t t_s, unsigned char out[4])
{
	char text[DIAG_TIME_TEXT];
	uint64_t time, date;

	(void)diag_time_text(t_s < DOS_FIRST ? DOS_FIRST : t_s, text);
	time = number(text + 11, 2) << 11 | number(text + 14, 2) << 5 |
	       number(text + 17, 2) / 2;
	date = (number(text, 4) - 1980) << 9 | number(text + 5, 2) << 5 |
	       number(text + 8, 2);
	out[0] = (unsigned char)time;
	out[1] = (unsigned char)(time >> 8);
	out[2] = (unsigned char)date;
	out[3] = (unsigned char)(date >> 8);
}

static void copy_time(unsigned char *to, const unsigned char time[4])
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = time[i];
}

void zip_set_time(struct diag_buf *zip, int64_t t_s)
{
	unsigned char *all = (unsigned char *)zip->data;
	unsigned char time[4];
	size_t at, n;

	if (zip->len < END_LEN)
		return;
	dos_time(t_s, time);
	n = get(all + zip->len - END_LEN + END_COUNT, 2);
	at = get(all + zip->len - END_LEN + END_START, 4);
	for (; n > 0 && at + CENTRAL_LEN <= zip->len; n--) {
		unsigned char *record = all + at;
		size_t local = get(record + CENTRAL_OFFSET, 4);

		copy_time(record + CENTRAL_TIME, time);
		if (local + LOCAL_LEN <= zip->len)
			copy_time(all + local + LOCAL_TIME, time);
		at += CENTRAL_LEN + get(record + CENTRAL_NAME, 2) +
		      get(record + CENTRAL_NAME + 2, 2) +
		      get(record + CENTRAL_NAME + 4, 2);
	}
}

/* Where the last end begins; len: nowhere. */
static size_t find_end(const unsigned char *all, size_t len)
{
	size_t at = len < END_LEN ? 0 : len - END_LEN + 1;
	size_t first = len > END_FARTHEST ? len - END_FARTHEST : 0;

	while (at-- > first)
		if (memcmp(all + at, "PK\5\6", 4) == 0)
			return at;
	return len;
}

bool zip_check_end(const void *bytes, size_t len, size_t *entries,
		   struct diag_verified *v)
{
	const unsigned char *all = bytes;
	size_t at = find_end(all, len);
	const unsigned char *end = all + at;

	if (at == len) {
		flaw(v, "archive", NULL, "the end of a zip file", "none");
		return false;
	}
	*entries = get(end + END_COUNT, 2);
	if (get(end + END_DISKS, 4) == 0 &&
	    get(end + END_HERE, 2) == *entries &&
	    get(end + END_SIZE, 4) <= *entries * CENTRAL_MOST &&
	    get(end + END_START, 4) + get(end + END_SIZE, 4) == at &&
	    at + END_LEN + get(end + END_COMMENT, 2) == len)
		return true;
	flaw(v, "archive", NULL, "a zip file that is whole and nothing else",
	     "an end that belongs to another");
	return false;
}

/* SPDX-License-Identifier: MIT */
/* time.h - wall time as a label; nothing here measures a duration.
 *
 * RFC 3339 in UTC ("2026-11-23T10:00:00Z").  Seconds since the epoch, signed.
 */
#ifndef DIAG_BASE_TIME_H
#define DIAG_BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIAG_TIME_TEXT 40 /* bytes a text needs with its NUL */

/* Reads the wall clock: the one place that does. */
int64_t diag_time_now_s(void);
/* The same in milliseconds. */
int64_t diag_time_now_ms(void);
/* Monotonic microseconds, for tools; inside a run the loop owns the clock. */
uint64_t diag_time_mono_us(void);
/* Civil date arithmetic, no libc time functions, valid for years 0..9999. */
const char *diag_time_text(int64_t t_s, char out[DIAG_TIME_TEXT]);
/* RFC 3339 with Z or an offset, fraction ignored.  false: not such a text. */
bool diag_time_parse(const char *text, int64_t *t_s);
/* HTTP date, IMF-fixdate (RFC 9110, 5.6.7). */
bool diag_time_parse_http(const char *text, int64_t *t_s);
int64_t diag_time_of_civil(int year, int month, int day, int hour, int min,
			   int sec);

#endif

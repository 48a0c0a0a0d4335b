/* SPDX-License-Identifier: MIT */
/* serial.c - the next SOA serial.  Source: RFC 1982, section 3.2 (what is
 * greater), RFC 1912, section 2.2 (YYYYMMDDnn). */
#include "fix/zone/file.h"

#define DAY_S 86400

/* RFC 1982: a is greater than b. */
static bool greater(uint32_t a, uint32_t b)
{
	return a != b && (uint32_t)(a - b) < 0x80000000U;
}

/* Civil date of a day counted from 1970-01-01 (proleptic Gregorian). */
static uint32_t date_serial(int64_t now_s)
{
	int64_t days = now_s / DAY_S + 719468;
	int64_t era = days / 146097;
	int64_t of_era = days - era * 146097;
	int64_t year_of_era =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year =
	    of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted = (5 * of_year + 2) / 153;
	int64_t day = of_year - (153 * shifted + 2) / 5 + 1;
	int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
	int64_t year = year_of_era + era * 400 + (month <= 2);

	return (uint32_t)(((year * 100 + month) * 100 + day) * 100);
}

uint32_t diag_zone_serial(uint32_t old, enum diag_serial policy, int64_t now_s)
{
	uint32_t next = old + 1;

	if (policy == DIAG_SERIAL_KEEP)
		return old;
	if (policy == DIAG_SERIAL_DATE && now_s >= 0)
		next = date_serial(now_s);
	if (policy == DIAG_SERIAL_UNIXTIME && now_s >= 0)
		next = (uint32_t)now_s;
	if (!greater(next, old))
		next = old + 1;
	/* 0 means "unset" to some servers. */
	return next == 0 ? 1 : next;
}

/* SPDX-License-Identifier: MIT */
/* time.c - civil dates as arithmetic, clocks as one call each.
 *
 * Days are counted in years that begin on 1 March, so that the leap day is
 * the last of its year and a month's first day is a straight line:
 * (153 m + 2) / 5.  Eras are 400 years of exactly 146097 days.  (The method
 * is Howard Hinnant's "chrono-compatible low-level date algorithms".)
 */
#include "base/time.h"

#include <string.h>
#include <time.h>

#include "base/cursor.h"

#define DAY_S	      86400
#define DAYS_ERA      146097
#define DAYS_TO_EPOCH 719468	       /* 0000-03-01 to 1970-01-01 */
#define TIME_MIN_S    (-62167219200LL) /* 0000-01-01T00:00:00Z */
#define TIME_MAX_S    253402300799LL   /* 9999-12-31T23:59:59Z */

struct civil {
	int year;
	int month;
	int day;
	int hour;
	int min;
	int sec;
};

int64_t diag_time_now_s(void)
{
	return (int64_t)time(NULL);
}

int64_t diag_time_now_ms(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return diag_time_now_s() * 1000;
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

uint64_t diag_time_mono_us(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		return 0;
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

int64_t diag_time_of_civil(int year, int month, int day, int hour, int min,
			   int sec)
{
	int64_t y = month <= 2 ? (int64_t)year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t in_era = y - era * 400;
	int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day;
	int64_t days = in_era * 365 + in_era / 4 - in_era / 100 + in_year - 1;

	days += era * DAYS_ERA - DAYS_TO_EPOCH;
	return days * DAY_S + hour * 3600L + min * 60L + sec;
}

static struct civil civil_of(int64_t t_s)
{
	int64_t days = (t_s - TIME_MIN_S) / DAY_S; /* since 0000-01-01 */
	int64_t of_day = (t_s - TIME_MIN_S) % DAY_S;
	int64_t z = days - 60 + DAYS_ERA; /* since 1 March, 400 years early */
	int64_t era = z / DAYS_ERA;
	int64_t doe = z % DAYS_ERA;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct civil){
		.year = (int)(yoe + (era - 1) * 400 + (month <= 2)),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.hour = (int)(of_day / 3600),
		.min = (int)(of_day / 60 % 60),
		.sec = (int)(of_day % 60),
	};
}

/* width digits, leading zeros. */
static char *put_digits(char *out, int n, int width)
{
	for (int i = width - 1; i >= 0; i--) {
		out[i] = (char)('0' + n % 10);
		n /= 10;
	}
	return out + width;
}

const char *diag_time_text(int64_t t_s, char out[DIAG_TIME_TEXT])
{
	struct civil c;
	char *p = out;

	/* Years of five digits have no RFC 3339 form: stop at the edge. */
	if (t_s < TIME_MIN_S)
		t_s = TIME_MIN_S;
	if (t_s > TIME_MAX_S)
		t_s = TIME_MAX_S;
	c = civil_of(t_s);
	p = put_digits(p, c.year, 4);
	*p++ = '-';
	p = put_digits(p, c.month, 2);
	*p++ = '-';
	p = put_digits(p, c.day, 2);
	*p++ = 'T';
	p = put_digits(p, c.hour, 2);
	*p++ = ':';
	p = put_digits(p, c.min, 2);
	*p++ = ':';
	p = put_digits(p, c.sec, 2);
	*p++ = 'Z';
	*p = '\0';
	return out;
}

static bool take_digits(struct diag_cursor *c, size_t width, int *out)
{
	struct diag_cursor ahead = *c;
	struct diag_slice s = { (const char *)c->at, width };
	uint64_t n;

	if (!diag_cursor_skip(&ahead, width) ||
	    !diag_slice_number(s, 0, 9999, &n))
		return false;
	*out = (int)n;
	*c = ahead;
	return true;
}

static bool take_clock(struct diag_cursor *c, struct civil *t)
{
	return take_digits(c, 2, &t->hour) && diag_cursor_take(c, ":") &&
	       take_digits(c, 2, &t->min) && diag_cursor_take(c, ":") &&
	       take_digits(c, 2, &t->sec);
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* A leap second (60) is a real second: it is counted as the next one. */
static bool is_real(const struct civil *t)
{
	return t->month >= 1 && t->month <= 12 && t->day >= 1 &&
	       t->day <= days_in(t->year, t->month) && t->hour <= 23 &&
	       t->min <= 59 && t->sec <= 60;
}

static int64_t seconds_of(const struct civil *t)
{
	return diag_time_of_civil(t->year, t->month, t->day, t->hour, t->min,
				  t->sec);
}

/* RFC 3339, 5.6: "." 1*DIGIT, thrown away. */
static bool skip_fraction(struct diag_cursor *c)
{
	int digit;

	if (!diag_cursor_take(c, "."))
		return true;
	if (!take_digits(c, 1, &digit))
		return false;
	while (take_digits(c, 1, &digit))
		;
	return true;
}

static bool take_offset(struct diag_cursor *c, int *offset_s)
{
	bool west = diag_cursor_left(c) > 0 && *c->at == '-';
	int hour = 0;
	int min = 0;

	*offset_s = 0;
	if (diag_cursor_take(c, "z"))
		return true;
	if (!diag_cursor_take(c, west ? "-" : "+") ||
	    !take_digits(c, 2, &hour) || !diag_cursor_take(c, ":") ||
	    !take_digits(c, 2, &min) || hour > 23 || min > 59)
		return false;
	*offset_s = (hour * 3600 + min * 60) * (west ? -1 : 1);
	return true;
}

bool diag_time_parse(const char *text, int64_t *t_s)
{
	struct diag_cursor c = diag_cursor_of(text, strlen(text));
	struct civil t = { 0 };
	int offset_s = 0;

	if (!take_digits(&c, 4, &t.year) || !diag_cursor_take(&c, "-") ||
	    !take_digits(&c, 2, &t.month) || !diag_cursor_take(&c, "-") ||
	    !take_digits(&c, 2, &t.day) || !diag_cursor_take(&c, "t") ||
	    !take_clock(&c, &t) || !skip_fraction(&c) ||
	    !take_offset(&c, &offset_s) || diag_cursor_left(&c) > 0)
		return false;
	if (!is_real(&t))
		return false;
	*t_s = seconds_of(&t) - offset_s;
	return true;
}

static bool take_one_of(struct diag_cursor *c, const char *const *names, int n,
			int *which)
{
	for (int i = 0; i < n; i++) {
		if (diag_cursor_take(c, names[i])) {
			*which = i + 1;
			return true;
		}
	}
	return false;
}

bool diag_time_parse_http(const char *text, int64_t *t_s)
{
	static const char *const days[] = { "Mon, ", "Tue, ", "Wed, ", "Thu, ",
					    "Fri, ", "Sat, ", "Sun, " };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	struct diag_cursor c = diag_cursor_of(text, strlen(text));
	struct civil t = { 0 };
	int weekday; /* checked for its form only: the date says it already */

	if (!take_one_of(&c, days, 7, &weekday) ||
	    !take_digits(&c, 2, &t.day) || !diag_cursor_take(&c, " ") ||
	    !take_one_of(&c, months, 12, &t.month) ||
	    !diag_cursor_take(&c, " ") || !take_digits(&c, 4, &t.year) ||
	    !diag_cursor_take(&c, " ") || !take_clock(&c, &t) ||
	    !diag_cursor_take(&c, " GMT") || diag_cursor_left(&c) > 0)
		return false;
	if (!is_real(&t))
		return false;
	*t_s = seconds_of(&t);
	return true;
}

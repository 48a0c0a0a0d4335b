/* SPDX-License-Identifier: MIT */
/* values.c - what stands after an option, converted and checked. */
#include "tools/shell.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "base/text.h"

static bool wrong(const struct tool_slot *slot, const char *text,
		  const char *expected, char *problem, size_t size)
{
	char safe[80];

	(void)snprintf(problem, size, "--%s: expected %s, got \"%s\"",
		       slot->row->name, expected,
		       diag_text_safe_z(text, safe, sizeof(safe)));
	return false;
}

static bool set_number(const struct tool_slot *slot, const char *text,
		       char *problem, size_t size)
{
	const struct tool_option *row = slot->row;
	char expected[64];
	uint64_t n;

	if (diag_slice_number(diag_slice_of(text), row->min, row->max, &n)) {
		unsigned value = (unsigned)n;

		memcpy(slot->value, &value, sizeof(value));
		return true;
	}
	(void)snprintf(expected, sizeof(expected), "a number %u-%u", row->min,
		       row->max);
	return wrong(slot, text, expected, problem, size);
}

/* "90s", "5m", "1h": whole ones. */
static bool read_unit(const char *text, uint64_t *ms)
{
	static const struct {
		char letter;
		unsigned s;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 } };
	struct diag_slice number = diag_slice_of(text);
	uint64_t n;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (number.len < 2 ||
		    number.p[number.len - 1] != units[i].letter)
			continue;
		number.len--;
		if (!diag_slice_number(number, 0, UINT32_MAX / 1000, &n))
			return false;
		*ms = n * units[i].s * 1000;
		return true;
	}
	return false;
}

/* "2", "2.5" or "0.125", in milliseconds.  At most three places: a fourth
 * would be dropped without a word. */
static bool read_seconds(const char *text, uint64_t *ms)
{
	struct diag_slice whole = diag_slice_of(text);
	const char *dot = strchr(text, '.');
	uint64_t seconds;
	uint64_t part = 0;

	if (dot) {
		struct diag_slice rest = diag_slice_of(dot + 1);

		whole.len = (size_t)(dot - text);
		if (rest.len > 3 || !diag_slice_number(rest, 0, 999, &part))
			return false;
		for (size_t i = rest.len; i < 3; i++)
			part *= 10;
	}
	if (!diag_slice_number(whole, 0, UINT32_MAX / 1000, &seconds))
		return false;
	*ms = seconds * 1000 + part;
	return true;
}

static bool set_seconds(const struct tool_slot *slot, const char *text,
			char *problem, size_t size)
{
	const struct tool_option *row = slot->row;
	char expected[64];
	uint64_t ms;

	if ((read_unit(text, &ms) || read_seconds(text, &ms)) &&
	    ms >= row->min && ms <= row->max) {
		unsigned value = (unsigned)ms;

		memcpy(slot->value, &value, sizeof(value));
		return true;
	}
	(void)snprintf(expected, sizeof(expected), "seconds from %g to %g",
		       row->min / 1000.0, row->max / 1000.0);
	return wrong(slot, text, expected, problem, size);
}

static bool set_choice(const struct tool_slot *slot, const char *text,
		       char *problem, size_t size)
{
	char expected[200] = "";
	size_t len = 0;

	for (int i = 0; slot->choices[i]; i++) {
		if (strcmp(slot->choices[i], text) == 0) {
			memcpy(slot->value, &i, sizeof(i));
			return true;
		}
		if (len < sizeof(expected))
			len += (size_t)snprintf(
			    expected + len, sizeof(expected) - len, "%s%s",
			    i ? ", " : "one of ", slot->choices[i]);
	}
	return wrong(slot, text, expected, problem, size);
}

static bool add_to_list(const struct tool_slot *slot, const char *text,
			struct diag_arena *arena, char *problem, size_t size)
{
	struct tool_list list;
	const char **last;
	const char **end = NULL;

	memcpy(&list, slot->value, sizeof(list));
	last = diag_arena_push(arena, &list.at, &list.n, sizeof(*list.at));
	if (last)
		end =
		    diag_arena_push(arena, &list.at, &list.n, sizeof(*list.at));
	if (!end) {
		(void)snprintf(problem, size, "--%s: out of memory",
			       slot->row->name);
		return false;
	}
	/* The NULL after the last is there but not counted. */
	list.n--;
	list.at[list.n - 1] = text;
	memcpy(slot->value, &list, sizeof(list));
	return true;
}

static bool count(const struct tool_slot *slot)
{
	unsigned n;

	memcpy(&n, slot->value, sizeof(n));
	n++;
	memcpy(slot->value, &n, sizeof(n));
	return true;
}

bool tool_set_value(const struct tool_slot *slot, const char *text,
		    struct diag_arena *arena, char *problem, size_t size)
{
	const bool yes = true;

	switch (slot->row->kind) {
	case TOOL_KIND_FLAG:
		memcpy(slot->value, &yes, sizeof(yes));
		return true;
	case TOOL_KIND_COUNT:
		return count(slot);
	case TOOL_KIND_TEXT:
		memcpy(slot->value, &text, sizeof(text));
		return true;
	case TOOL_KIND_LIST:
		return add_to_list(slot, text, arena, problem, size);
	case TOOL_KIND_NUMBER:
		return set_number(slot, text, problem, size);
	case TOOL_KIND_SECONDS:
		return set_seconds(slot, text, problem, size);
	case TOOL_KIND_CHOICE:
		return set_choice(slot, text, problem, size);
	}
	return false;
}

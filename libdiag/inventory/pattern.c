/* SPDX-License-Identifier: MIT */
/* pattern.c - match a name against a pattern, fill a pattern with facts.
 *
 * A hole is {X} and lives inside one label, so it never spans a dot:
 *
 *	{G}  a GUID			{R}  a region: letters and digits
 *	{W}  a cut workspace name	{N}  the name of a resource
 *	{Z}  digits, never filled
 *
 * A hole that comes twice must hold the same text twice; that, and the fixed
 * shape of a GUID, makes "ml-{W}-{R}-{G}.{R}…" fit in one way only although
 * {W} may hold dashes.  A leading "*" takes one or more labels.
 *
 * The notebook label.  "ml-W-R-G" is one DNS label, so it has at most 63
 * characters (RFC 1035, 2.3.4); Azure cuts W to make it fit.  "ml-", two
 * dashes and the 36 characters of G leave 22 for W and R together, so W gets
 * 22 - len(R).  Seen: "mlworkspace-portal02" in eastus became
 * "mlworkspace-port".  Two documented labels are one shorter than that, as if
 * a dash at the cut were dropped; nobody knows, so callers try both.
 */
#include "inventory/pattern.h"

#include <string.h>

#include "net/fqdn.h"

#define LABEL_BUDGET 22

struct fit {
	const char *name; /* where we stand */
	struct diag_cat_match *out;
	char digits[DIAG_LABEL_MAX]; /* what {Z} took */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

bool diag_guid_ok(const char *text)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	for (size_t i = 0; shape[i] != '\0'; i++) {
		bool hex =
		    is_digit(text[i]) || (text[i] >= 'a' && text[i] <= 'f');

		if (shape[i] == 'x' ? !hex : text[i] != '-')
			return false;
	}
	return text[sizeof(shape) - 1] == '\0';
}

static char *piece(struct fit *f, char hole)
{
	switch (hole) {
	case 'G':
		return f->out->id;
	case 'R':
		return f->out->region;
	case 'Z':
		return f->digits;
	default: /* N and W never stand in one pattern */
		return f->out->name;
	}
}

static bool may_hold(char hole, char c)
{
	if (hole == 'Z')
		return is_digit(c);
	if (is_letter(c) || is_digit(c))
		return true;
	if (c == '*') /* a wildcard name in an inventory: a whole label */
		return hole == 'N';
	return hole != 'R' && (c == '-' || c == '_');
}

static bool fits(struct fit *f, const char *pattern);

/* The hole was met before: the same text must stand here again. */
static bool fits_again(struct fit *f, const char *held, const char *rest)
{
	size_t len = strlen(held);

	if (strncmp(f->name, held, len) != 0)
		return false;
	f->name += len;
	return fits(f, rest);
}

static bool fits_hole(struct fit *f, char hole, const char *rest)
{
	const char *start = f->name;
	char *held = piece(f, hole);

	if (held[0] != '\0')
		return fits_again(f, held, rest);
	for (size_t len = 1; may_hold(hole, start[len - 1]); len++) {
		if (len >= DIAG_LABEL_MAX)
			break;
		memcpy(held, start, len);
		held[len] = '\0';
		f->name = start + len;
		if ((hole != 'G' || diag_guid_ok(held)) && fits(f, rest))
			return true;
	}
	held[0] = '\0';
	f->name = start;
	return false;
}

static bool fits(struct fit *f, const char *pattern)
{
	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '{')
			return fits_hole(f, pattern[1], pattern + 3);
		if (*f->name != *pattern)
			return false;
		f->name++;
	}
	return *f->name == '\0';
}

static void forget(struct fit *f, const char *name)
{
	f->name = name;
	f->out->id[0] = '\0';
	f->out->region[0] = '\0';
	f->out->name[0] = '\0';
	f->digits[0] = '\0';
}

bool diag_pattern_match(const char *pattern, const char *name,
			struct diag_cat_match *out)
{
	struct fit f = { .out = out };

	forget(&f, name);
	if (pattern[0] != '*')
		return fits(&f, pattern);
	for (const char *dot = strchr(name, '.'); dot != NULL;
	     dot = strchr(dot + 1, '.')) {
		forget(&f, dot);
		if (dot > name && fits(&f, pattern + 1))
			return true;
	}
	return false;
}

const char *diag_pattern_tail(const char *pattern)
{
	size_t at = strlen(pattern);

	while (at > 0 && pattern[at - 1] != '}' && pattern[at - 1] != '*')
		at--;
	return pattern + at;
}

size_t diag_pattern_weight(const char *pattern)
{
	size_t weight = 0;

	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '{')
			pattern += 2;
		else
			weight++;
	}
	return weight;
}

bool diag_cat_cut(const char *workspace, const char *region, bool drop_dash,
		  char out[DIAG_LABEL_MAX], bool *was_cut)
{
	size_t have = strlen(workspace);
	size_t taken = strlen(region);
	size_t len;

	if (have == 0 || taken >= LABEL_BUDGET)
		return false;
	len = LABEL_BUDGET - taken;
	*was_cut = have > len;
	if (!*was_cut)
		len = have;
	while (*was_cut && drop_dash && len > 0 && workspace[len - 1] == '-')
		len--;
	memcpy(out, workspace, len);
	out[len] = '\0';
	return len > 0;
}

/* What goes into a hole; NULL: the facts do not say. */
static const char *filling(char hole, const struct diag_cat_fill *with,
			   char cut[DIAG_LABEL_MAX])
{
	bool was_cut;

	switch (hole) {
	case 'G':
		return with->id;
	case 'R':
		return with->region;
	case 'N':
		return with->name;
	case 'W':
		if (with->workspace == NULL || with->region == NULL ||
		    !diag_cat_cut(with->workspace, with->region, false, cut,
				  &was_cut))
			return NULL;
		return cut;
	default:
		return NULL;
	}
}

static bool put(char out[DIAG_FQDN_MAX], size_t *len, const char *text,
		size_t n)
{
	if (n >= DIAG_FQDN_MAX - *len)
		return false;
	memcpy(out + *len, text, n);
	*len += n;
	return true;
}

bool diag_cat_fill(const char *pattern, const struct diag_cat_fill *with,
		   char *out, size_t size)
{
	char raw[DIAG_FQDN_MAX];
	char name[DIAG_FQDN_MAX];
	char cut[DIAG_LABEL_MAX];
	size_t len = 0;

	for (; *pattern != '\0'; pattern++) {
		const char *text = pattern;
		size_t n = 1;

		if (*pattern == '{') {
			text = filling(pattern[1], with, cut);
			if (text == NULL || text[0] == '\0')
				return false;
			n = strlen(text);
			pattern += 2;
		}
		if (!put(raw, &len, text, n))
			return false;
	}
	if (!diag_fqdn_normal(raw, len, name, NULL) || strlen(name) >= size)
		return false;
	memcpy(out, name, strlen(name) + 1);
	return true;
}

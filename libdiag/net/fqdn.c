/* SPDX-License-Identifier: MIT */
/* fqdn.c - one form of a name, so that comparing names is strcmp(3).
 *
 * RFC 1035, 2.3.1 with the digits of RFC 1123, 2.1: labels of 1 to 63 letters,
 * digits and hyphens, no hyphen at either end, 253 bytes in all.  Service
 * names put underscores into labels (RFC 8552), and RFC 4592 a whole "*" in
 * front.  Anything else in a host name is a mistake somebody made.
 */
#include "net/fqdn.h"

#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "net/addr.h"

#define LABEL_MAX  63
#define LINK_LABEL "privatelink"

static bool is_name_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '_';
}

/* NULL, or why this is no label. */
static const char *label_fault(struct diag_slice s)
{
	if (s.len == 0)
		return "two dots without a label between";
	if (s.len > LABEL_MAX)
		return "a label is longer than 63 bytes";
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x80)
			return "letters beyond ASCII: write the xn-- form";
		if (c == '*')
			return "'*' may only be the whole first label";
		if (!is_name_byte(c))
			return "a character that no host name can have";
	}
	if (s.p[0] == '-' || s.p[s.len - 1] == '-')
		return "a label begins or ends with a hyphen";
	return NULL;
}

static const char *name_fault(const char *name, size_t len)
{
	struct diag_cursor c = diag_cursor_of(name, len);
	struct diag_addr addr;
	struct diag_slice label;
	const char *fault = NULL;

	if (diag_addr_parse_n(name, len, &addr))
		return "an address, not a name";
	if (diag_cursor_take(&c, "*.") && diag_cursor_left(&c) == 0)
		return "'*' needs a name behind it";
	while (fault == NULL && diag_cursor_until(&c, '.', &label))
		fault = label_fault(label);
	label = (struct diag_slice){ (const char *)c.at, diag_cursor_left(&c) };
	return fault != NULL ? fault : label_fault(label);
}

bool diag_fqdn_normal(const char *text, size_t len, char out[DIAG_FQDN_MAX],
		      const char **why)
{
	char name[DIAG_FQDN_MAX] = "";
	const char *fault = NULL;

	if (len > 0 && text[len - 1] == '.')
		len--;
	if (len == 0) {
		fault = "an empty name";
	} else if (len >= sizeof(name)) {
		fault = "longer than 253 bytes";
	} else if (memchr(text, '\0', len) != NULL) {
		fault = "a character that no host name can have";
	} else {
		memcpy(name, text, len);
		diag_text_lower(name);
		fault = name_fault(name, len);
	}
	if (fault == NULL)
		memcpy(out, name, len + 1);
	else if (why != NULL)
		*why = fault;
	return fault == NULL;
}

bool diag_fqdn_under(const char *name, const char *zone)
{
	size_t n = strlen(name);
	size_t z = strlen(zone);

	if (z == 0)
		return true; /* the root */
	if (n < z || memcmp(name + n - z, zone, z) != 0)
		return false;
	return n == z || name[n - z - 1] == '.';
}

/* Where a label "privatelink" begins, or NULL. */
static const char *link_label(const char *name)
{
	size_t len = sizeof(LINK_LABEL) - 1;
	const char *at = name;

	while (at != NULL) {
		if (strncmp(at, LINK_LABEL, len) == 0 &&
		    (at[len] == '.' || at[len] == '\0'))
			return at;
		at = strchr(at, '.');
		if (at != NULL)
			at++;
	}
	return NULL;
}

bool diag_fqdn_is_privatelink(const char *name)
{
	return link_label(name) != NULL;
}

const char *diag_fqdn_privatelink_zone(const char *name)
{
	const char *zone = link_label(name);

	/* The bare label is nobody's zone. */
	return zone != NULL && strchr(zone, '.') != NULL ? zone : NULL;
}

/* RFC 9525, 6.3: the wildcard is the whole left-most label and stands for
 * exactly one.  As browsers do, it must leave two labels fixed: "*.net" is
 * for nobody. */
bool diag_fqdn_matches(const char *pattern, const char *name)
{
	const char *rest = strchr(name, '.');
	struct diag_addr addr;

	if (diag_addr_parse(name, &addr))
		return false;
	if (!diag_text_starts(pattern, "*."))
		return name[0] != '\0' && diag_text_eq_nocase(pattern, name);
	return rest != NULL && rest != name &&
	       strchr(pattern + 2, '.') != NULL &&
	       diag_text_eq_nocase(pattern + 1, rest);
}

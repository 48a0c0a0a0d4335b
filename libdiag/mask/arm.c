/* SPDX-License-Identifier: MIT */
/* arm.c - resource ids: /subscriptions/G/resourceGroups/N/providers/
 * NAMESPACE/TYPE/NAME/…  Their names become pseudonyms, the types stay. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define SEGMENTS_MAX 40

static bool is_segment(char c)
{
	return mask_is_run(c) || c == '(' || c == ')' || c == '*';
}

static size_t segment_end(const struct mask_scan *s, size_t at)
{
	while (is_segment(mask_byte(s, at)))
		at++;
	return at;
}

static bool is(const struct mask_scan *s, size_t at, size_t end,
	       const char *word)
{
	return end - at == strlen(word) &&
	       diag_text_find_nocase(s->text + at, end - at, word) ==
		   s->text + at;
}

/* Names that Azure gave, and placeholders: "default", "*". */
static bool is_everybodys(const char *text, size_t len)
{
	static const char *const words[] = { "default", "*",
					     "azurefirewallsubnet",
					     "gatewaysubnet",
					     "azurebastionsubnet" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == len && memcmp(words[i], text, len) == 0)
			return true;
	return false;
}

static void put_name(struct mask_scan *s, size_t at, size_t end)
{
	char text[MASK_NAME_MAX + 1];
	char guid[MASK_GUID_LEN + 1];
	size_t n = end - at;

	if (mask_guid_at(s->text + at, n) && n == MASK_GUID_LEN) {
		mask_guid(s->m, s->text + at, guid);
		mask_put(s, at, end, MASK_GUID, guid);
		return;
	}
	if (n == 0 || !mask_lower(s->text + at, n, text, sizeof(text)) ||
	    is_everybodys(text, n) || mask_is_kept(s->m, text, n))
		return;
	mask_put(s, at, end, MASK_NAME,
		 mask_pseudonym(s->m, MASK_NAME, text, n));
}

/* Type and name in turn; behind "providers" stands a namespace instead. */
bool mask_arm_id(struct mask_scan *s, struct mask_run *r)
{
	size_t at = r->at, end = r->end;

	if (!is(s, at, end, "subscriptions") || mask_byte(s, end) != '/')
		return false;
	for (unsigned i = 0; i < SEGMENTS_MAX; i++) {
		bool space = is(s, at, end, "providers");

		if (mask_byte(s, end) != '/')
			break;
		at = end + 1;
		end = segment_end(s, at);
		if (end == at)
			break;
		if (!space)
			put_name(s, at, end);
		if (mask_byte(s, end) != '/')
			break;
		at = end + 1;
		end = segment_end(s, at);
	}
	r->end = end;
	return true;
}

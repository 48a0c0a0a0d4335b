/* SPDX-License-Identifier: MIT */
/* arm.c - resource ids, whose case means nothing, and the small words.
 *
 *	/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/
 *		privateEndpoints/NAME/privateDnsZoneGroups/default
 */
#include "import/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

struct diag_slice import_part(const char *id, const char *kind)
{
	struct diag_slice none = { "", 0 };
	char piece[80];
	const char *at;

	if (snprintf(piece, sizeof(piece), "/%s/", kind) >= (int)sizeof(piece))
		return none;
	at = diag_text_find_nocase(id, strlen(id), piece);
	if (at == NULL)
		return none;
	at += strlen(piece);
	return (struct diag_slice){ at, strcspn(at, "/") };
}

const char *import_upto(struct diag_import *im, const char *id,
			const char *kind)
{
	struct diag_slice part = import_part(id, kind);

	if (part.len == 0)
		return "";
	return import_text(im, "%.*s", (int)(part.p + part.len - id), id);
}

bool import_is_kind(const char *id, const char *provider, const char *kind)
{
	struct diag_slice of = import_part(id, "providers");
	struct diag_slice name = import_part(id, kind);

	return diag_slice_eq_nocase(of, provider) && name.len > 0 &&
	       name.p[name.len] == '\0';
}

const char *import_last(const char *id)
{
	const char *slash = strrchr(id, '/');

	return slash != NULL ? slash + 1 : id;
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Lower case, without the characters of skip. */
static size_t lowered(const char *text, const char *skip, char out[64])
{
	size_t len = 0;

	for (; *text != '\0'; text++) {
		if (strchr(skip, *text) != NULL)
			continue;
		if (len >= 63)
			return 0;
		out[len++] = *text;
	}
	out[len] = '\0';
	diag_text_lower(out);
	return len;
}

bool import_region(const char *text, char out[64])
{
	size_t len = lowered(text, " ", out);

	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(out[i]))
			return false;
	}
	return len > 0 && strcmp(out, "global") != 0;
}

bool import_label(const char *text, char out[64])
{
	size_t len = lowered(text, "", out);

	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(out[i]) && out[i] != '-' && out[i] != '_')
			return false;
	}
	return len > 0 && out[0] != '-' && out[len - 1] != '-';
}

bool import_guid(const char *text, char out[64])
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (lowered(text, "", out) != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; shape[i] != '\0'; i++) {
		bool hex = is_alnum(out[i]) && out[i] <= 'f';

		if (shape[i] == 'x' ? !hex : out[i] != '-')
			return false;
	}
	return true;
}

bool import_workspace_name(const char *text)
{
	char low[64];
	size_t len = lowered(text, "", low);

	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(low[i]) && low[i] != '-' && low[i] != '_')
			return false;
	}
	return len > 0 && low[0] != '-';
}

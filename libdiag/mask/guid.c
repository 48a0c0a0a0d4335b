/* SPDX-License-Identifier: MIT */
/* guid.c - GUIDs: one goes in, one comes out. */
#include <string.h>

#include "mask/internal.h"

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

bool mask_guid_at(const char *text, size_t len)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	/* Most texts are told apart by one byte. */
	if (len < MASK_GUID_LEN || text[8] != '-')
		return false;
	for (size_t i = 0; i < MASK_GUID_LEN; i++)
		if (shape[i] == 'x' ? !is_hex(text[i]) : text[i] != '-')
			return false;
	return len == MASK_GUID_LEN || !is_hex(text[MASK_GUID_LEN]);
}

static void guid_of(const unsigned char sum[MASK_HASH], char out[37])
{
	static const char digits[] = "0123456789abcdef";
	static const char shape[] = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
	size_t n = 0;

	for (size_t i = 0; i < MASK_GUID_LEN; i++) {
		out[i] = shape[i];
		if (shape[i] != 'x')
			continue;
		out[i] = digits[n % 2 == 0 ? sum[n / 2] >> 4 : sum[n / 2] & 15];
		n++;
	}
	out[MASK_GUID_LEN] = '\0';
}

/* No bit of the zero GUID says anything. */
static bool is_zero(const char *text)
{
	return strspn(text, "0-") == MASK_GUID_LEN;
}

static bool has_upper(const char *text)
{
	for (size_t i = 0; i < MASK_GUID_LEN; i++)
		if (text[i] >= 'A' && text[i] <= 'F')
			return true;
	return false;
}

void mask_guid(struct diag_mask *m, const char *text, char out[37])
{
	char lower[MASK_GUID_LEN + 1];
	struct diag_slice from = { lower, MASK_GUID_LEN };
	unsigned char sum[MASK_HASH];
	const struct mask_entry *e;

	(void)mask_lower(text, MASK_GUID_LEN, lower, sizeof(lower));
	memcpy(out, lower, sizeof(lower));
	if (is_zero(lower) || mask_is_kept(m, lower, MASK_GUID_LEN))
		return;
	e = mask_table_find(&m->pairs, lower, MASK_GUID_LEN);
	if (e == NULL) {
		mask_hash(m, "guid", lower, MASK_GUID_LEN, sum);
		guid_of(sum, out);
		if (!mask_pair(m, MASK_GUID, from, out))
			m->failed = DIAG_ELIMIT;
	} else {
		memcpy(out, e->value, sizeof(lower));
	}
	if (has_upper(text))
		for (size_t i = 0; i < MASK_GUID_LEN; i++)
			if (out[i] >= 'a')
				out[i] = (char)(out[i] - 'a' + 'A');
}

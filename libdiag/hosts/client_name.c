/* SPDX-License-Identifier: MIT */
/* client_name.c - which name clients ask when a line holds the zone's name.
 *
 * A private endpoint's record lives in a zone such as
 * privatelink.vaultcore.azure.net, and its name there is what the Azure
 * portal shows.  Clients never ask it: they ask K.vault.azure.net, and a DNS
 * server follows the alias.  The hosts file knows no aliases, so a line with
 * the zone's name does nothing.  The way back is not always "leave out the
 * privatelink label" (vaultcore for vault; inference names are built anew),
 * so it goes through the catalogue's rows.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "hosts/internal.h"
#include "inventory/catalogue.h"

#define ALIAS "privatelink."

/* What stands before ".zone" in name; false if name is not below zone. */
static bool record_of(const char *name, const char *zone, char *out)
{
	size_t n = strlen(name), z = strlen(zone);

	if (n <= z + 1 || !diag_fqdn_under(name, zone))
		return false;
	memcpy(out, name, n - z - 1);
	out[n - z - 1] = '\0';
	return true;
}

static bool take_label(const char **at, struct diag_slice *label)
{
	size_t len = strcspn(*at, ".");

	if (len == 0)
		return false;
	label->p = *at;
	label->len = len;
	*at += len;
	*at += **at == '.';
	return true;
}

struct pieces {
	char id[DIAG_FQDN_MAX], region[DIAG_FQDN_MAX], name[DIAG_FQDN_MAX];
};

/* One label against one label of a record pattern: a whole placeholder, a
 * wildcard (which stands for the name), or the same text. */
static bool match_label(struct diag_slice label, struct diag_slice pattern,
			struct pieces *got)
{
	char *into = NULL;

	if (diag_slice_eq(pattern, "{G}"))
		into = got->id;
	else if (diag_slice_eq(pattern, "{R}"))
		into = got->region;
	else if (diag_slice_eq(pattern, "{N}") || diag_slice_eq(pattern, "*"))
		into = got->name;
	if (into == NULL)
		return label.len == pattern.len &&
		       memcmp(label.p, pattern.p, label.len) == 0;
	memcpy(into, label.p, label.len);
	into[label.len] = '\0';
	return true;
}

static bool match_record(const char *record, const char *pattern,
			 struct pieces *got)
{
	struct diag_slice label, want;

	while (take_label(&pattern, &want))
		if (!take_label(&record, &label) ||
		    !match_label(label, want, got))
			return false;
	return *record == '\0';
}

/* The client's name for a record of this row: most patterns are the record
 * and a suffix; where they are not, piece by piece. */
static bool client_of(const struct diag_cat_row *row, const char *record,
		      char out[DIAG_FQDN_MAX])
{
	size_t len = strlen(row->record);
	struct pieces got = { { 0 }, { 0 }, { 0 } };
	struct diag_cat_fill fill = { got.id, got.region, got.name, got.name };

	if (strncmp(row->pattern, row->record, len) == 0 &&
	    row->pattern[len] == '.')
		return snprintf(out, DIAG_FQDN_MAX, "%s%s", record,
				row->pattern + len) < DIAG_FQDN_MAX;
	return match_record(record, row->record, &got) &&
	       diag_cat_fill(row->pattern, &fill, out, DIAG_FQDN_MAX);
}

static bool by_row(const struct diag_cat_row *row, const char *name,
		   char out[DIAG_FQDN_MAX])
{
	char record[DIAG_FQDN_MAX];
	struct diag_cat_match match;

	if (row == NULL || row->zone == NULL || row->record == NULL ||
	    row->pattern == NULL || !diag_text_starts(row->zone, ALIAS))
		return false;
	if (!record_of(name, row->zone, record) &&
	    (diag_fqdn_is_privatelink(name) ||
	     !record_of(name, row->zone + strlen(ALIAS), record)))
		return false;
	/* Asking the catalogue back proves that the record has the shape its
	 * row says, and was not any label below the zone. */
	return client_of(row, record, out) && strcmp(out, name) != 0 &&
	       diag_cat_match(out, &match) &&
	       match.row->service == row->service &&
	       match.row->cloud == row->cloud;
}

bool hosts_client_name(const char *name, char out[DIAG_FQDN_MAX])
{
	struct diag_cat_match match;

	if (!hosts_name_suspicious(name, strlen(name)) ||
	    diag_cat_match(name, &match))
		return false;
	for (int c = 0; c < DIAG_N_CLOUDS; c++)
		for (int s = 0; s < DIAG_N_SERVICES; s++)
			if (by_row(diag_cat_row((enum diag_cloud)c,
						(enum diag_service)s),
				   name, out))
				return true;
	return false;
}

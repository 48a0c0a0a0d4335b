/* SPDX-License-Identifier: MIT */
/* block_name.c - see block_name.h. */
#include "tools/change/block_name.h"

#include <string.h>

#include "fix/hosts.h"

static bool may_be_in_name(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* Two inventories without a name must not take each other's block. */
static const char *name_of(const struct diag_inventory *inv)
{
	if (inv->name[0] != '\0')
		return inv->name;
	if (inv->workspace_name[0] != '\0')
		return inv->workspace_name;
	if (inv->workspace_id[0] != '\0')
		return inv->workspace_id;
	for (size_t i = 0; i < inv->n_targets; i++)
		if (inv->targets[i].fqdn && !inv->targets[i].extra)
			return inv->targets[i].fqdn;
	return "workspace";
}

static const char *safe_name(struct diag_arena *arena, const char *name)
{
	size_t len = strlen(name);
	char *out = diag_arena_strn(
	    arena, name,
	    len < DIAG_HOSTS_BLOCK_MAX ? len : DIAG_HOSTS_BLOCK_MAX);

	for (char *c = out; c && *c; c++)
		if (!may_be_in_name(*c))
			*c = '-';
	return out;
}

static bool is_safe(const char *name)
{
	size_t len = 0;

	while (may_be_in_name(name[len]))
		len++;
	return len > 0 && len <= DIAG_HOSTS_BLOCK_MAX && name[len] == '\0';
}

bool block_name(struct diag_arena *arena, const char *given,
		const struct diag_inventory *inv, const char **out,
		struct diag_err *err)
{
	if (given && !is_safe(given))
		return diag_fail(err, DIAG_EUSAGE, "--block",
				 "expected a name of at most %d letters, "
				 "digits and ._-, got \"%s\"",
				 DIAG_HOSTS_BLOCK_MAX, given);
	*out = given ? given : safe_name(arena, name_of(inv));
	return *out != NULL || diag_fail_nomem(err, "block");
}

/* SPDX-License-Identifier: MIT */
/* kinds.c - the words for kinds, severities and rules. */
#include <string.h>

#include "hosts/lint.h"

static const struct {
	const char *key;
	bool lost_name; /* an error of this kind is about a name */
} kinds[] = {
	[DIAG_HOSTS_GLUED] = { "glued", true },
	[DIAG_HOSTS_TRAILING_DOT] = { "trailing-dot", true },
	[DIAG_HOSTS_WRONG_SUFFIX] = { "wrong-suffix", true },
	[DIAG_HOSTS_WILDCARD] = { "wildcard", true },
	[DIAG_HOSTS_BAD_ADDRESS] = { "bad-address", true },
	[DIAG_HOSTS_BAD_NAME] = { "bad-name", true },
	[DIAG_HOSTS_CONFLICT] = { "conflict", false },
	[DIAG_HOSTS_BOM] = { "bom", true },
	[DIAG_HOSTS_MIXED_ENDINGS] = { "mixed-endings", false },
	[DIAG_HOSTS_NOT_UTF8] = { "not-utf8", false },
	[DIAG_HOSTS_NO_NEWLINE] = { "no-newline", false },
	[DIAG_HOSTS_TOO_MANY_NAMES] = { "too-many-names", false },
	[DIAG_HOSTS_OLD_FORM] = { "old-form", false },
};

static const char *const severities[] = {
	[DIAG_HOSTS_INFO] = "info",
	[DIAG_HOSTS_WARNING] = "warning",
	[DIAG_HOSTS_ERROR] = "error",
};

static const char *const rules[] = {
	[DIAG_HOSTS_LINUX] = "linux",
	[DIAG_HOSTS_WINDOWS] = "windows",
	[DIAG_HOSTS_MACOS] = "macos",
};

const char *diag_hosts_fault_key(enum diag_hosts_fault_kind k)
{
	return (size_t)k < DIAG_HOSTS_N_FAULT_KINDS ? kinds[k].key : "unknown";
}

bool diag_hosts_fault_parse(const char *key, enum diag_hosts_fault_kind *out)
{
	for (size_t i = 0; i < DIAG_HOSTS_N_FAULT_KINDS; i++) {
		if (strcmp(key, kinds[i].key) != 0)
			continue;
		*out = (enum diag_hosts_fault_kind)i;
		return true;
	}
	return false;
}

bool diag_hosts_fault_is_lost_name(const struct diag_hosts_fault *f)
{
	return f->severity == DIAG_HOSTS_ERROR && f->meant != NULL &&
	       kinds[f->kind].lost_name;
}

const char *diag_hosts_severity_key(enum diag_hosts_severity s)
{
	return (size_t)s <= DIAG_HOSTS_ERROR ? severities[s] : "unknown";
}

const char *diag_hosts_rules_key(enum diag_hosts_rules r)
{
	return (size_t)r < DIAG_HOSTS_N_RULES ? rules[r] : "unknown";
}

enum diag_hosts_rules diag_hosts_rules_here(void)
{
#if defined(_WIN32)
	return DIAG_HOSTS_WINDOWS;
#elif defined(__APPLE__)
	return DIAG_HOSTS_MACOS;
#else
	return DIAG_HOSTS_LINUX;
#endif
}

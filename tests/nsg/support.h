/* SPDX-License-Identifier: MIT */
/* support.h - what the tests of this room share. */
#ifndef DIAG_TESTS_NSG_SUPPORT_H
#define DIAG_TESTS_NSG_SUPPORT_H

#include <stddef.h>

#include "base/buf.h"
#include "nsg/nsg.h"

/* Documents that were read, with everything they left behind. */
struct groups {
	struct diag_arena arena;
	struct diag_problems problems;
	struct diag_nsg_list list;
	unsigned skipped;
};

void groups_open(struct groups *g);
void groups_close(struct groups *g);
/* Read a document; false when anything in it was not readable. */
bool groups_read(struct groups *g, const cJSON *doc);
bool groups_read_text(struct groups *g, const char *text);
/* One group of rules as the CLI prints them: RULES are the objects of
 * securityRules.  It must be readable. */
void groups_of_rules(struct groups *g, const char *rules);
/* A document of tests/data/azure; cJSON_Delete() ends it. */
cJSON *azure_data(const char *name);
/* The normal form of a group in one line; the caller clears it. */
void print_group(const struct diag_nsg *g, struct diag_buf *out);
const struct diag_nsg_rule *rule_named(const struct diag_nsg *g,
				       const char *name);

#endif

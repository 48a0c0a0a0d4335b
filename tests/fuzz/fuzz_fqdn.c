/* SPDX-License-Identifier: MIT */
/* fuzz_fqdn - names, addresses, prefixes and end points from any bytes.  What
 * has been made normal once must stay as it is. */
#include <stdlib.h>
#include <string.h>

#include "net/addr.h"
#include "net/fqdn.h"
#include "net/scope.h"
#include "tests/fuzz/fuzz.h"

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void name(const char *text, size_t len)
{
	char once[DIAG_FQDN_MAX];
	char twice[DIAG_FQDN_MAX];
	const char *why = NULL;

	if (!diag_fqdn_normal(text, len, once, &why)) {
		must(why != NULL);
		return;
	}
	must(diag_fqdn_normal(once, strlen(once), twice, NULL));
	must(strcmp(once, twice) == 0);
	must(diag_fqdn_under(once, once));
	must(diag_fqdn_privatelink_zone(once) == NULL ||
	     diag_fqdn_is_privatelink(once));
}

static void address(const char *text, size_t len)
{
	struct diag_addr a;
	struct diag_addr again;
	char out[DIAG_ADDR_TEXT];

	if (!diag_addr_parse_n(text, len, &a))
		return;
	must(diag_addr_parse(diag_addr_text(&a, out), &again));
	must(diag_addr_eq(&a, &again));
	must(diag_scope_of(&a) != DIAG_SCOPE_NONE);
}

static void prefix_and_endpoint(const char *text)
{
	struct diag_cidr c;
	struct diag_cidr c2;
	struct diag_endpoint e;
	struct diag_endpoint e2;
	char net[DIAG_ADDR_TEXT];
	char end[DIAG_ENDPOINT_TEXT];

	if (diag_cidr_parse(text, true, &c)) {
		must(diag_cidr_parse(diag_cidr_text(&c, net), false, &c2));
		must(diag_cidr_has(&c, &c2.addr) && c.len == c2.len);
	}
	if (diag_endpoint_parse(text, 53, &e)) {
		must(diag_endpoint_parse(diag_endpoint_text(&e, end), 1, &e2));
		must(diag_endpoint_eq(&e, &e2));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	char *half;

	must(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	name(text, size);
	address(text, size);
	prefix_and_endpoint(text);
	/* "PATTERN NAME": a certificate's name against a host's. */
	half = strchr(text, ' ');
	if (half != NULL) {
		*half = '\0';
		(void)diag_fqdn_matches(text, half + 1);
		(void)diag_fqdn_under(text, half + 1);
	}
	free(text);
	return 0;
}

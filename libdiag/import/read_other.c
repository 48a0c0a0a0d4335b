/* SPDX-License-Identifier: MIT */
/* read_other.c - the workspace's own diagnosis, and what is met but not kept.
 *
 * az ml workspace diagnose prints nine lists, REST puts them in `value`, the
 * v1 SDK writes snake_case there.  Codes are opaque (azure.md 5).
 *
 * Outbound dependencies are those of computes and depend on the role, service
 * tags are a file of their own: both are known, so that nobody is told that
 * they are no good, and both are left out.
 */
#include "import/internal.h"

#include <string.h>

#include "base/text.h"

#define RESULTS_LEAST 3 /* of the nine: enough to be sure */
#define NAME_MAX_LEN  48

/* --- diagnosis ------------------------------------------------------------ */

static const char *const results[] = {
	"applicationInsightsResults", "containerRegistryResults",
	"dnsResolutionResults",	      "keyVaultResults",
	"networkSecurityRuleResults", "otherResults",
	"resourceLockResults",	      "storageAccountResults",
	"userDefinedRouteResults",
};
#define N_RESULTS (sizeof(results) / sizeof(results[0]))

/* dns_resolution_results and dnsResolutionResults are one. */
static bool same_name(const char *given, const char *camel)
{
	char name[NAME_MAX_LEN];
	size_t len = 0;

	for (; *given != '\0'; given++) {
		if (*given == '_')
			continue;
		if (len + 1 >= sizeof(name))
			return false;
		name[len++] = *given;
	}
	name[len] = '\0';
	return diag_text_eq_nocase(name, camel);
}

static const char *area_of(const cJSON *m)
{
	for (size_t i = 0; i < N_RESULTS; i++) {
		if (same_name(m->string, results[i]))
			return results[i];
	}
	return NULL;
}

bool import_is_diagnosis(const struct import_obj *o)
{
	size_t n = 0;
	const cJSON *m;

	cJSON_ArrayForEach(m, o->self)
	{
		n += cJSON_IsArray(m) && area_of(m) != NULL;
	}
	return n >= RESULTS_LEAST;
}

static void read_result(struct diag_import *im, const struct import_obj *o,
			const char *area)
{
	struct import_diagnosis *d = IMPORT_PUSH(im, diagnoses);

	if (d == NULL)
		return;
	d->key = import_keep(im, import_str(o, "code"));
	d->from = import_from(im, &o->at);
	d->level = import_keep(im, import_str(o, "level"));
	d->message = import_keep(im, import_str(o, "message"));
	d->area = area;
}

static void read_results(struct diag_import *im, const struct diag_json_at *at,
			 const cJSON *list, const char *area)
{
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(at, i++);
		struct import_obj o;

		import_obj_init(&o, &here, item);
		if (cJSON_IsObject(item))
			read_result(im, &o, area);
		else
			diag_json_wrong(&here, item, "expected an object");
	}
}

void import_read_diagnosis(struct diag_import *im, const struct import_obj *o)
{
	const cJSON *m;

	cJSON_ArrayForEach(m, o->self)
	{
		struct diag_json_at at = import_at_key(&o->at, m->string);
		const char *area = area_of(m);

		if (area == NULL || cJSON_IsNull(m))
			continue;
		if (cJSON_IsArray(m))
			read_results(im, &at, m, area);
		else
			diag_json_wrong(&at, m, "expected a list");
	}
}

/* --- met, not kept -------------------------------------------------------- */

bool import_is_outbound(const struct import_obj *o)
{
	return import_is_list(o, "endpoints") && import_is_str(o, "category");
}

void import_read_outbound(struct diag_import *im, const struct import_obj *o)
{
	(void)im;
	(void)o;
}

bool import_is_service_tags(const struct import_obj *o)
{
	const struct diag_json_at nowhere = { 0 };
	const cJSON *list = cJSON_GetObjectItem(o->self, "values");
	struct import_obj first;

	if (!cJSON_IsArray(list) || !cJSON_IsObject(list->child))
		return false;
	import_obj_init(&first, &nowhere, list->child);
	return import_is_list(&first, "addressPrefixes");
}

void import_read_service_tags(struct diag_import *im,
			      const struct import_obj *o)
{
	(void)im;
	(void)o;
}

bool import_is_link_resource(const struct import_obj *o)
{
	return import_is_str(o, "groupId") &&
	       import_is_list(o, "requiredMembers");
}

/* Which workspace it is, and nothing else that is not known better. */
void import_read_link_resource(struct diag_import *im,
			       const struct import_obj *o)
{
	(void)im;
	(void)o;
}

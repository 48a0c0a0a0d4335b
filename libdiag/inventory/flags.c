/* SPDX-License-Identifier: MIT */
/* flags.c - an inventory from the command line.
 *
 * Values may be what people have at hand: an account's name or one of its
 * full names, a region as the portal writes it.  What is missing is said
 * together with where to find it.
 */
#include <string.h>

#include "base/cursor.h"
#include "inventory/flags_internal.h"
#include "inventory/inventory_internal.h"
#include "net/fqdn.h"

static void wrong(struct diag_flag_read *f, const char *flag, const char *want,
		  const char *got)
{
	diag_problem(f->r.problems, "--%s: expected %s, got \"%.80s\"", flag,
		     want, got);
}

/* --- names of resources ---------------------------------------------------
 */

/* "acct" from "acct", or from "acct.blob.core.windows.net" when its service
 * lies in the range. */
static bool resource(const char *text, enum diag_service first,
		     enum diag_service last, char out[64])
{
	char name[DIAG_FQDN_MAX];
	struct diag_cat_match match;

	if (diag_read_label(text, out))
		return true;
	if (!diag_fqdn_normal(text, strlen(text), name, NULL) ||
	    !diag_cat_match(name, &match) || match.row->service < first ||
	    match.row->service > last || match.name[0] == '\0')
		return false;
	memcpy(out, match.name, sizeof(match.name));
	return true;
}

/* What stands behind ":", or NULL; the part before it goes to head. */
static const char *split(const char *text, char head[DIAG_FQDN_MAX])
{
	size_t len = strcspn(text, ":");

	if (len >= DIAG_FQDN_MAX)
		len = DIAG_FQDN_MAX - 1;
	memcpy(head, text, len);
	head[len] = '\0';
	return text[len] == ':' ? text + len + 1 : NULL;
}

/* Each word of "a,b,c" in turn; false at the end. */
static bool next_of_list(const char **list, struct diag_slice *word)
{
	if (*list == NULL)
		return false;
	word->p = *list;
	word->len = strcspn(*list, ",");
	*list = word->p[word->len] == ',' ? word->p + word->len + 1 : NULL;
	return true;
}

static void read_plain(struct diag_flag_read *f, const char *flag,
		       const char *const *list, enum diag_service s,
		       struct diag_names *out)
{
	char name[64];

	for (; list != NULL && *list != NULL; list++) {
		if (resource(*list, s, s, name))
			diag_read_add(&f->r, out, name);
		else
			wrong(f, flag, "a name without a domain", *list);
	}
}

static unsigned storage_mask(struct diag_flag_read *f, const char *list)
{
	struct diag_slice word;
	unsigned mask = 0;

	while (next_of_list(&list, &word)) {
		if (!diag_read_storage_service(word.p, word.len, &mask))
			wrong(
			    f, "storage",
			    "blob, file, queue, table, dfs or web after \":\"",
			    word.p);
	}
	return diag_storage_whole(mask);
}

static size_t count(const char *const *list)
{
	size_t n = 0;

	while (list != NULL && list[n] != NULL)
		n++;
	return n;
}

static void read_storage(struct diag_flag_read *f)
{
	const char *const *list = f->flags->storage;
	unsigned *masks = diag_read_array(&f->r, count(list), sizeof(*masks));
	char head[DIAG_FQDN_MAX];
	char name[64];

	f->inv->storage_services = masks;
	for (; masks != NULL && list != NULL && *list != NULL; list++) {
		const char *services = split(*list, head);

		if (!resource(head, DIAG_SVC_STORAGE_BLOB, DIAG_SVC_STORAGE_WEB,
			      name)) {
			wrong(f, "storage",
			      "an account's name, such as \"ws1103sa\" or "
			      "\"ws1103sa:dfs,queue\"",
			      *list);
			continue;
		}
		masks[f->inv->storage.n] = storage_mask(f, services);
		diag_read_add(&f->r, &f->inv->storage, name);
	}
}

static void read_regions(struct diag_flag_read *f, const char *list,
			 struct diag_registry *reg)
{
	struct diag_names regions = { 0 };
	struct diag_slice word;
	char text[64];
	char region[64];

	while (next_of_list(&list, &word)) {
		size_t len = word.len < 63 ? word.len : 63;

		memcpy(text, word.p, len);
		text[len] = '\0';
		if (diag_read_region(text, region))
			diag_read_add(&f->r, &regions, region);
		else
			wrong(f, "registry", "regions after \":\"", word.p);
	}
	reg->regions = regions.items;
	reg->n_regions = regions.n;
}

static void read_registry(struct diag_flag_read *f)
{
	const char *const *list = f->flags->registry;
	struct diag_registry *regs =
	    diag_read_array(&f->r, count(list), sizeof(*regs));
	char head[DIAG_FQDN_MAX];
	char name[64];

	f->inv->registry = regs;
	for (; regs != NULL && list != NULL && *list != NULL; list++) {
		const char *regions = split(*list, head);
		struct diag_registry *reg = &regs[f->inv->n_registry];

		if (!resource(head, DIAG_SVC_REGISTRY, DIAG_SVC_REGISTRY_DATA,
			      name)) {
			wrong(f, "registry",
			      "a registry's name, such as \"ws1103acr\" or "
			      "\"ws1103acr:eastus,westus2\"",
			      *list);
			continue;
		}
		reg->name = diag_read_dup(&f->r, name);
		read_regions(f, regions, reg);
		f->inv->n_registry++;
	}
}

static void read_networks(struct diag_flag_read *f)
{
	const char *const *list = f->flags->network;
	struct diag_cidr *nets =
	    diag_read_array(&f->r, count(list), sizeof(*nets));

	f->inv->networks = nets;
	for (; nets != NULL && list != NULL && *list != NULL; list++) {
		if (diag_cidr_parse(*list, false, &nets[f->inv->n_networks]))
			f->inv->n_networks++;
		else
			wrong(f, "network",
			      "an address space such as 10.150.0.0/16, no bits "
			      "set behind the prefix",
			      *list);
	}
}

/* --- the workspace --------------------------------------------------------
 */

static void read_small(struct diag_flag_read *f, const char *flag,
		       const char *text, const char **out,
		       bool (*read)(const char *text, char out[64]),
		       const char *want)
{
	char small[64];

	if (text == NULL)
		return;
	if (read(text, small))
		*out = diag_read_dup(&f->r, small);
	else
		wrong(f, flag, want, text);
}

static void read_workspace(struct diag_flag_read *f)
{
	const struct diag_inventory_flags *flags = f->flags;

	read_small(f, "workspace-id", flags->workspace_id,
		   &f->inv->workspace_id, diag_read_guid,
		   "32 hexadecimal digits, 8-4-4-4-12");
	read_small(f, "region", flags->region, &f->inv->region,
		   diag_read_region, "a region such as eastus");
	read_small(f, "workspace", flags->workspace, &f->inv->workspace_name,
		   diag_read_workspace,
		   "a name of letters, digits, \"-\" and \"_\"");
	if (flags->cloud == NULL)
		return;
	f->has_cloud = true;
	if (!diag_cloud_parse(flags->cloud, &f->inv->cloud))
		wrong(f, "cloud", "public, usgov or china", flags->cloud);
}

/* --- what is missing ------------------------------------------------------
 */

#define HOW_TO_COPY                                                         \
	"the address of a failed request has both: in the browser press "   \
	"F12, open Network, load the page again, and copy an address with " \
	"\".workspace.\" in it"

static bool has_names(const struct diag_inventory *inv)
{
	return inv->n_targets > 0 || inv->workspace_id[0] != '\0' ||
	       inv->storage.n > 0 || inv->key_vault.n > 0 ||
	       inv->n_registry > 0 || inv->compute_instances.n > 0;
}

static void check_name_only(struct diag_flag_read *f)
{
	const struct diag_inventory *inv = f->inv;

	if (inv->workspace_name[0] != '\0')
		diag_problem(
		    f->r.problems,
		    "%s%sonly the workspace's name (%s) is known; also "
		    "needed: --workspace-id and --region; " HOW_TO_COPY,
		    f->shown, f->shown[0] != '\0' ? ": " : "",
		    inv->workspace_name);
	else
		diag_problem(f->r.problems,
			     "%s: this address names no workspace; give "
			     "--workspace-id and --region; " HOW_TO_COPY,
			     f->shown);
}

/* Names that could not be worked out would silently not be checked. */
static void check_enough(struct diag_flag_read *f)
{
	const struct diag_inventory *inv = f->inv;
	bool id = inv->workspace_id[0] != '\0';

	if ((f->name_only || inv->workspace_name[0] != '\0') && !id)
		check_name_only(f);
	else if (inv->region[0] == '\0' && (id || inv->compute_instances.n > 0))
		diag_problem(f->r.problems,
			     "--region is missing: names of the workspace and "
			     "of compute instances contain it");
	else if (!has_names(inv))
		diag_problem(f->r.problems,
			     "nothing to check: give an inventory, a URL from "
			     "the browser, a name, or --workspace-id and "
			     "--region");
}

static bool read_flags(struct diag_flag_read *f, struct diag_err *err)
{
	unsigned before = f->r.problems->n;

	read_workspace(f);
	read_storage(f);
	read_plain(f, "key-vault", f->flags->key_vault, DIAG_SVC_KEY_VAULT,
		   &f->inv->key_vault);
	read_registry(f);
	read_plain(f, "compute-instance", f->flags->compute_instance,
		   DIAG_SVC_COMPUTE_INSTANCE, &f->inv->compute_instances);
	read_networks(f);
	if (f->flags->url_or_name != NULL && !f->r.nomem)
		diag_flags_url(f);
	if (f->r.nomem)
		return diag_fail_nomem(err, "inventory");
	if (!diag_inventory_complete(f->inv, f->has_cloud, err) ||
	    !diag_inventory_seal(f->inv, err))
		return false;
	if (f->r.problems->n == before)
		check_enough(f);
	return f->r.problems->n == before ||
	       diag_fail(err, DIAG_EUSAGE, "inventory",
			 "the flags do not describe what to check");
}

bool diag_inventory_of_flags(const struct diag_inventory_flags *flags,
			     struct diag_problems *problems,
			     struct diag_inventory **out, struct diag_err *err)
{
	struct diag_flag_read f = { .flags = flags };
	struct diag_problems own;
	bool ok;

	diag_problems_init(&own);
	f.inv = diag_inventory_new();
	if (f.inv == NULL) {
		ok = diag_fail_nomem(err, "inventory");
	} else {
		f.r.arena = &f.inv->arena;
		f.r.problems = problems != NULL ? problems : &own;
		ok = diag_cat_load(err) && read_flags(&f, err);
	}
	if (ok)
		*out = f.inv;
	else
		diag_inventory_free(f.inv);
	diag_problems_clear(&own);
	return ok;
}

/* SPDX-License-Identifier: MIT */
/* flags_url.c - what one copied address says.
 *
 *	G.workspace.R.api.azureml.ms …	id, region, and a target
 *	ml-W-R-G.R.notebooks.azure.net	the same; W too if it was not cut
 *	C.R.instances.azureml.ms …	region and a target
 *	S.blob.core.windows.net …	a target
 *	S.privatelink.blob…, K.vaultcore…  the name clients ask instead
 *	ml.azure.com/?wsid=…		the workspace's name, nothing to check
 *yet portal.azure.com/#…, /subscriptions/…  the same R.api.azureml.ms,
 *management.…	a public target, region anything else			a target
 *of service "other"
 *
 * The copied name becomes an explicit target: the browser asked it, so it is
 * read and not computed.
 */
#include <string.h>

#include "base/text.h"
#include "inventory/flags_internal.h"
#include "inventory/pattern.h"
#include "inventory/url.h"

#define LABEL_BUDGET 22 /* for W and R together, see pattern.c */

static bool is_portal(const char *host)
{
	return diag_fqdn_under(host, "portal.azure.com") ||
	       diag_fqdn_under(host, "portal.azure.us") ||
	       diag_fqdn_under(host, "portal.azure.cn");
}

/* A fact of the name against the same fact of a flag. */
static void agree(struct diag_flag_read *f, const char *flag,
		  const char **known, const char *found)
{
	if (found[0] == '\0')
		return;
	if ((*known)[0] == '\0')
		*known = diag_read_dup(&f->r, found);
	else if (strcmp(*known, found) != 0)
		diag_problem(f->r.problems,
			     "--%s %s contradicts the name, which says %s",
			     flag, *known, found);
}

/* Some names are the same in several clouds: then a flag chooses. */
static void agree_cloud(struct diag_flag_read *f, const char *host,
			struct diag_cat_match *match)
{
	if (!f->has_cloud) {
		f->inv->cloud = match->row->cloud;
		f->has_cloud = true;
	} else if (!diag_cat_match_in(f->inv->cloud, host, match)) {
		diag_problem(f->r.problems,
			     "--cloud %s contradicts the name, which is one of "
			     "cloud %s",
			     diag_cloud_key(f->inv->cloud),
			     diag_cloud_key(match->row->cloud));
	}
}

/* The port of the URL is needed; where TLS is expected, 443 as well. */
static void take_ports(struct diag_flag_read *f, const struct diag_url *url,
		       struct diag_target *t)
{
	uint16_t port = url->port;
	struct diag_port *items;
	size_t n = 0;

	if (port == 0 && url->http && t->service == DIAG_SVC_OTHER)
		port = 80;
	if (port == 0 || port == 443)
		return;
	items = diag_read_array(&f->r, 2, sizeof(*items));
	if (items == NULL)
		return;
	if (t->service != DIAG_SVC_OTHER)
		items[n++] =
		    (struct diag_port){ .port = 443, .port_last = 443 };
	items[n++] = (struct diag_port){ .port = port, .port_last = port };
	t->ports = (struct diag_ports){ items, n };
}

static void add_target(struct diag_flag_read *f, const struct diag_url *url,
		       const struct diag_cat_row *row)
{
	struct diag_target *t = diag_read_array(&f->r, 1, sizeof(*t));

	if (t == NULL)
		return;
	t->fqdn = diag_read_dup(&f->r, url->host);
	t->service = row != NULL ? row->service : DIAG_SVC_OTHER;
	t->expect = row != NULL ? row->expect : DIAG_EXPECT_ANY;
	take_ports(f, url, t);
	f->inv->targets = t;
	f->inv->n_targets = 1;
}

/* The workspace's name from its notebook label, if it cannot have been cut;
 * a cut one still serves as the inventory's own name. */
static void take_label(struct diag_flag_read *f,
		       const struct diag_cat_match *match)
{
	size_t len = strlen(match->name) + strlen(match->region);

	if (match->row->service != DIAG_SVC_NOTEBOOK)
		return;
	if (len + 1 < LABEL_BUDGET && f->inv->workspace_name[0] == '\0')
		f->inv->workspace_name = diag_read_dup(&f->r, match->name);
	f->inv->name = diag_read_dup(&f->r, match->name);
}

static void take_match(struct diag_flag_read *f, const struct diag_url *url,
		       struct diag_cat_match *match)
{
	agree_cloud(f, url->host, match);
	agree(f, "workspace-id", &f->inv->workspace_id, match->id);
	/* A registry may lie in any region. */
	if (match->row->service != DIAG_SVC_REGISTRY_DATA)
		agree(f, "region", &f->inv->region, match->region);
	take_label(f, match);
	if (match->row->service == DIAG_SVC_STUDIO)
		f->name_only = true;
	else
		add_target(f, url, match->row);
}

static void take_workspace_name(struct diag_flag_read *f,
				const struct diag_url *url)
{
	char name[64];

	if (diag_url_workspace(url, name) && f->inv->workspace_name[0] == '\0')
		f->inv->workspace_name = diag_read_dup(&f->r, name);
}

void diag_flags_url(struct diag_flag_read *f)
{
	const char *text = f->flags->url_or_name;
	const char *why = "";
	struct diag_url url;
	struct diag_cat_match match;
	char meant[DIAG_FQDN_MAX];

	(void)diag_url_shown(text, f->shown, sizeof(f->shown));
	if (!diag_url_parse(text, &url, &why)) {
		diag_problem(f->r.problems, "\"%s\": %s", f->shown, why);
		return;
	}
	take_workspace_name(f, &url);
	if (diag_cat_meant(url.host, meant, sizeof(meant)))
		memcpy(url.host, meant, sizeof(meant));
	if (url.host[0] == '\0' || is_portal(url.host))
		f->name_only = true;
	else if (diag_cat_match(url.host, &match))
		take_match(f, &url, &match);
	else
		add_target(f, &url, NULL);
}

/* SPDX-License-Identifier: MIT */
/* note_networks.c - address space that Docker takes, name servers of one's
 * own, and what the workspace's own diagnosis says. */
#include "import/merge.h"

#include <string.h>

#include "base/text.h"

#define SERVERS_SHOWN	 4
#define DIAGNOSES_LOOKED 64
#define SERVERS_LOOKED	 64 /* at most: they may repeat */

bool import_is_azure_dns(const struct diag_addr *a)
{
	const struct diag_addr azure = diag_addr_v4(168, 63, 129, 16);

	return diag_addr_eq(a, &azure);
}

static const struct import_server *servers_of(const struct diag_import *im,
					      const char *network)
{
	return IMPORT_FIRST(im, servers, network);
}

static bool has_own_servers(const struct diag_import *im, const char *network)
{
	const struct import_server *s = servers_of(im, network);

	for (; s != NULL; s = IMPORT_NEXT(im, servers, s)) {
		if (!import_is_azure_dns(&s->addr))
			return true;
	}
	return false;
}

static bool is_custom_dns(const struct import_diagnosis *d)
{
	return diag_text_eq_nocase(d->key, "CustomDnsInUse");
}

/* The workspace's diagnosis may know better than the network; one that names
 * no network may mean this. */
static bool is_diagnosed(const struct diag_import *im, const char *network)
{
	for (size_t i = 0; i < im->n_diagnoses && i < DIAGNOSES_LOOKED; i++) {
		const char *says = im->diagnoses[i].message;
		size_t len = strlen(says);

		if (is_custom_dns(&im->diagnoses[i]) &&
		    (diag_text_find_nocase(says, len, network) != NULL ||
		     diag_text_find_nocase(says, len, "/virtualNetworks/") ==
			 NULL))
			return true;
	}
	return false;
}

bool import_asks_azure(const struct diag_import *im, const char *network)
{
	return IMPORT_FIRST(im, networks, network) != NULL &&
	       !has_own_servers(im, network) && !is_diagnosed(im, network);
}

/* --- name servers --------------------------------------------------------- */

/* The same network may have come twice. */
static bool is_first(const struct import_server *first,
		     const struct import_server *s)
{
	for (; first < s; first++) {
		if (diag_addr_eq(&first->addr, &s->addr))
			return false;
	}
	return true;
}

static void note_servers(struct import_merge *m,
			 const struct import_network *net)
{
	const struct import_server *first = servers_of(m->im, net->key);
	const struct import_server *s = first;
	const char *list = "";
	size_t n = 0;

	if (first == NULL || !has_own_servers(m->im, net->key))
		return;
	for (; s != NULL && n < SERVERS_SHOWN && s < first + SERVERS_LOOKED;
	     s = IMPORT_NEXT(m->im, servers, s)) {
		char text[DIAG_ADDR_TEXT];

		if (!is_first(first, s))
			continue;
		list = import_text(m->im, "%s%s%s", list, n > 0 ? ", " : "",
				   diag_addr_text(&s->addr, text));
		n++;
	}
	import_add_note(m, "vnet.custom-dns",
			import_text(m->im,
				    "The virtual network %s has name servers "
				    "of its own: %s.",
				    net->name, list),
			first->from, NULL);
}

/* --- Docker --------------------------------------------------------------- */

static bool overlaps(const struct import_prefix *p)
{
	const struct diag_cidr docker = { .addr = diag_addr_v4(172, 17, 0, 0),
					  .len = 16 };

	return diag_cidr_overlaps(&p->cidr, &docker);
}

/* Subnets say where machines are; without them the whole space does. */
static void note_docker(struct import_merge *m,
			const struct import_network *net)
{
	const struct diag_import *im = m->im;
	const struct import_prefix *p = IMPORT_FIRST(im, prefixes, net->key);
	const struct import_prefix *space = NULL;
	const struct import_prefix *subnet = NULL;
	bool subnets = false;
	char text[DIAG_ADDR_TEXT];

	for (; p != NULL; p = IMPORT_NEXT(im, prefixes, p)) {
		subnets = subnets || p->kind == IMPORT_SUBNET;
		if (p->kind == IMPORT_SUBNET && overlaps(p) && !subnet)
			subnet = p;
		if (p->kind == IMPORT_OWN && overlaps(p) && !space)
			space = p;
	}
	if (subnets)
		space = subnet;
	if (space == NULL)
		return;
	import_add_note(
	    m, "vnet.docker-range",
	    import_text(m->im,
			"The virtual network %s uses %s, which overlaps "
			"172.17.0.0/16, Docker's own network on every compute.",
			net->name, diag_cidr_text(&space->cidr, text)),
	    space->from, NULL);
}

/* --- the workspace's own diagnosis ---------------------------------------- */

static void note_diagnosis(struct import_merge *m,
			   const struct import_diagnosis *d)
{
	const char *code =
	    is_custom_dns(d) ? "vnet.custom-dns" : "azure.diagnose";

	import_add_note(
	    m, code,
	    import_text(m->im, "%s%s%s%s: %s",
			d->key[0] != '\0' ? d->key : d->area,
			d->level[0] != '\0' ? " (" : "", d->level,
			d->level[0] != '\0' ? ")" : "",
			d->message[0] != '\0' ? d->message : "no message"),
	    d->from, NULL);
}

void import_note_networks(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_networks; i++) {
		const struct import_network *net = &im->networks[i];

		/* The same network may have come twice. */
		if (i > 0 && strcmp(net->key, net[-1].key) == 0)
			continue;
		note_servers(m, net);
		note_docker(m, net);
	}
	for (size_t i = 0; i < im->n_diagnoses; i++)
		note_diagnosis(m, &im->diagnoses[i]);
}

/* SPDX-License-Identifier: MIT */
/* tags.c - service tags by name: spellings, and which holds which.
 *
 *	Tag.Region < Tag < AzureCloud < Internet
 *	Tag.Region < AzureCloud.Region
 *
 * but for tags that are not wholly in datacenters.  VirtualNetwork and Internet
 * have nothing in common: Internet is what is outside of the first, by its
 * definition.  Forced tunnelling can add a default route to VirtualNetwork; who
 * has that must name the networks.  The load balancer's tag is one address, the
 * host's, which VirtualNetwork may hold.  Two services have no address in
 * common if both are in the published lists (tag_data.c); of others nobody
 * knows.
 *
 * Source: Microsoft's "Virtual network service tags", whose table says what
 * each tag means and what the classic names and the odd names of regions are;
 * the published lists.
 */
#include "nsg/internal.h"

#include <string.h>

#include "base/text.h"

/* Tags that are no service's, the classic names, and what the pages about
 * Azure ML print. */
static const struct {
	const char *written, *tag;
	enum nsg_tag_kind kind;
} tag_names[] = {
	{ "VirtualNetwork", "VirtualNetwork", NSG_TAG_VNET },
	{ "VIRTUAL_NETWORK", "VirtualNetwork", NSG_TAG_VNET },
	{ "Internet", "Internet", NSG_TAG_INTERNET },
	{ "AzureLoadBalancer", "AzureLoadBalancer", NSG_TAG_BALANCER },
	{ "AZURE_LOADBALANCER", "AzureLoadBalancer", NSG_TAG_BALANCER },
	{ "AzurePlatformDNS", "AzurePlatformDNS", NSG_TAG_PLATFORM },
	{ "AzurePlatformIMDS", "AzurePlatformIMDS", NSG_TAG_PLATFORM },
	{ "AzureCloud", "AzureCloud", NSG_TAG_CLOUD },
	{ "FrontDoor", "AzureFrontDoor", NSG_TAG_SERVICE },
	{ "Keyvault", "AzureKeyVault", NSG_TAG_SERVICE },
};
#define N_NAMES (sizeof(tag_names) / sizeof(*tag_names))

const char *nsg_tag_canonical(const char *name)
{
	for (size_t i = 0; i < N_NAMES; i++) {
		if (diag_text_eq_nocase(name, tag_names[i].written))
			return tag_names[i].tag;
	}
	return nsg_listed_tag(name);
}

enum nsg_tag_kind nsg_tag_kind(const struct diag_nsg_peer *p)
{
	if (p->tag_kind != NSG_TAG_NOT_SEEN)
		return (enum nsg_tag_kind)p->tag_kind;
	for (size_t i = 0; i < N_NAMES; i++) {
		if (diag_text_eq_nocase(p->tag, tag_names[i].written))
			return tag_names[i].kind;
	}
	return nsg_listed_tag(p->tag) != NULL ? NSG_TAG_SERVICE : NSG_TAG_FRESH;
}

/* AzureCloud calls some regions otherwise than everybody else. */
static const struct {
	const char *written, *region;
} region_names[] = {
	{ "centralfrance", "francecentral" },
	{ "southfrance", "francesouth" },
	{ "germanywc", "germanywestcentral" },
	{ "germanyn", "germanynorth" },
	{ "norwaye", "norwayeast" },
	{ "norwayw", "norwaywest" },
	{ "switzerlandn", "switzerlandnorth" },
	{ "switzerlandw", "switzerlandwest" },
	{ "brazilse", "brazilsoutheast" },
	{ "chilec", "chilecentral" },
	{ "isrealcentral", "israelcentral" },
	{ "italnorth", "italynorth" },
	{ "usstagee", "eastusstg" },
	{ "usstagec", "southcentralusstg" },
};

const char *nsg_region_canonical(const char *region)
{
	for (size_t i = 0; i < sizeof(region_names) / sizeof(*region_names);
	     i++) {
		if (strcmp(region, region_names[i].written) == 0)
			return region_names[i].region;
	}
	return region;
}

/* Parts of services that Azure writes in its own way; places are written in
 * small letters everywhere. */
static const char *const part_names[] = {
	"Backend",	     "FirstParty",	"Frontend",
	"MicrosoftSecurity", "ServiceEndpoint", "Core"
};

const char *nsg_region_spelling(const char *region)
{
	for (size_t i = 0; i < sizeof(part_names) / sizeof(*part_names); i++) {
		if (diag_text_eq_nocase(region, part_names[i]))
			return part_names[i];
	}
	return region;
}

/* --- which holds which ------------------------------------------------------
 */

/* Is the place of a within the place of b?  Only what is known to be a place
 * can be another place: AzureFrontDoor.FirstParty is a part of a service. */
static enum nsg_rel region_rel(const char *a, const char *b)
{
	if (b[0] == '\0' || strcmp(a, b) == 0)
		return strcmp(a, NSG_REGION_UNKNOWN) == 0 && b[0] != '\0'
			   ? NSG_MAYBE
			   : NSG_FULL;
	if (a[0] == '\0')
		return NSG_PART;
	return nsg_listed_region(a) && nsg_listed_region(b) ? NSG_NONE
							    : NSG_MAYBE;
}

static bool listed(const struct diag_nsg_peer *p)
{
	return nsg_tag_kind(p) == NSG_TAG_SERVICE;
}

/* Of a service and AzureCloud. */
static enum nsg_rel in_cloud(const struct diag_nsg_peer *a, enum nsg_rel where)
{
	if (where == NSG_NONE)
		return NSG_NONE;
	if (!listed(a) || nsg_tag_elsewhere(a->tag) || where != NSG_FULL)
		return NSG_MAYBE;
	return NSG_FULL;
}

/* Of two tags with public addresses. */
static enum nsg_rel public_rel(const struct diag_nsg_peer *a,
			       const struct diag_nsg_peer *b)
{
	enum nsg_rel where = region_rel(a->region, b->region);

	if (a->tag == b->tag || diag_text_eq_nocase(a->tag, b->tag))
		return where;
	if (nsg_tag_kind(b) == NSG_TAG_CLOUD)
		return in_cloud(a, where);
	if (nsg_tag_kind(a) == NSG_TAG_CLOUD) {
		where = in_cloud(b, region_rel(b->region, a->region));
		return where == NSG_FULL ? NSG_PART : where;
	}
	if (where == NSG_NONE)
		return NSG_NONE;
	return listed(a) && listed(b) && !nsg_tags_share(a->tag, b->tag)
		   ? NSG_NONE
		   : NSG_MAYBE;
}

static bool is_public(enum nsg_tag_kind k)
{
	return k == NSG_TAG_SERVICE || k == NSG_TAG_FRESH || k == NSG_TAG_CLOUD;
}

enum nsg_rel nsg_tag_rel(const struct diag_nsg_peer *a,
			 const struct diag_nsg_peer *b)
{
	enum nsg_tag_kind ka = nsg_tag_kind(a);
	enum nsg_tag_kind kb = nsg_tag_kind(b);

	if (is_public(ka) && is_public(kb))
		return public_rel(a, b);
	if (ka == kb && ka != NSG_TAG_PLATFORM)
		return NSG_FULL;
	if (ka == kb)
		return diag_text_eq_nocase(a->tag, b->tag) ? NSG_FULL
							   : NSG_NONE;
	if (is_public(ka))
		return kb == NSG_TAG_INTERNET ? NSG_FULL : NSG_NONE;
	if (ka == NSG_TAG_INTERNET)
		return is_public(kb) ? NSG_PART : NSG_NONE;
	if (kb == NSG_TAG_INTERNET || is_public(kb))
		return NSG_NONE;
	return NSG_MAYBE; /* the host's addresses and VirtualNetwork */
}

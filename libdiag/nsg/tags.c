/* SPDX-License-Identifier: MIT */
/* tags.c - service tags by name: spellings, and which holds which.
 *
 *	Tag.Region < Tag < AzureCloud < Internet
 *	Tag.Region < AzureCloud.Region
 *
 * (AzureFrontDoor is not in a datacenter, so whether AzureCloud holds it is
 * left open.)  VirtualNetwork and Internet have nothing in common: Internet is
 * what is outside of the first, by its definition.  Forced tunnelling can add
 * a default route to VirtualNetwork; who has that must give --vnet.  The load
 * balancer's tag is one address, the host's, which VirtualNetwork may hold.
 * Two ordinary tags may overlap: nobody promises that they do not.  Two
 * regions do not: an address is in one place.
 *
 * Source: Microsoft's "Virtual network service tags", whose table says what
 * each tag means and what the classic names and the odd names of regions are.
 */
#include "nsg/internal.h"

#include <string.h>

#include "base/text.h"

/* The classic names, and what the pages about Azure ML print.  A tag that is
 * not here is an ordinary one, with the spelling it came in. */
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
	{ "AzureFrontDoor", "AzureFrontDoor", NSG_TAG_EDGE },
	{ "FrontDoor", "AzureFrontDoor", NSG_TAG_EDGE },
	{ "AzureKeyVault", "AzureKeyVault", NSG_TAG_SERVICE },
	{ "Keyvault", "AzureKeyVault", NSG_TAG_SERVICE },
	{ "AzureActiveDirectory", "AzureActiveDirectory", NSG_TAG_SERVICE },
	{ "AzureContainerRegistry", "AzureContainerRegistry", NSG_TAG_SERVICE },
	{ "AzureMachineLearning", "AzureMachineLearning", NSG_TAG_SERVICE },
	{ "AzureMonitor", "AzureMonitor", NSG_TAG_SERVICE },
	{ "AzureResourceManager", "AzureResourceManager", NSG_TAG_SERVICE },
	{ "BatchNodeManagement", "BatchNodeManagement", NSG_TAG_SERVICE },
	{ "MicrosoftContainerRegistry", "MicrosoftContainerRegistry",
	  NSG_TAG_SERVICE },
	{ "Storage", "Storage", NSG_TAG_SERVICE },
};
#define N_NAMES (sizeof(tag_names) / sizeof(*tag_names))

const char *nsg_tag_canonical(struct diag_slice name)
{
	for (size_t i = 0; i < N_NAMES; i++) {
		if (diag_slice_eq_nocase(name, tag_names[i].written))
			return tag_names[i].tag;
	}
	return NULL;
}

enum nsg_tag_kind nsg_tag_kind(const struct diag_nsg_peer *p)
{
	if (p->tag_kind != NSG_TAG_NOT_SEEN)
		return (enum nsg_tag_kind)p->tag_kind;
	for (size_t i = 0; i < N_NAMES; i++) {
		if (diag_text_eq_nocase(p->tag, tag_names[i].written))
			return tag_names[i].kind;
	}
	return NSG_TAG_SERVICE;
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

/* --- which holds which ------------------------------------------------------
 */

static bool known_region(const char *region)
{
	return strcmp(region, NSG_REGION_UNKNOWN) != 0;
}

/* Early regions have names of their own and share a place with others; and
 * what follows the point may be a part of a service and no place at all. */
static bool odd(const char *region)
{
	static const char *const parts[] = { "euap", "stg", "stage",
					     "endpoint" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (strstr(region, parts[i]) != NULL)
			return true;
	}
	return false;
}

/* Is the place of a within the place of b? */
static enum nsg_rel region_rel(const char *a, const char *b)
{
	if (b[0] == '\0')
		return NSG_FULL;
	if (!known_region(a) || !known_region(b))
		return NSG_MAYBE;
	if (strcmp(a, b) == 0)
		return NSG_FULL;
	if (a[0] == '\0')
		return NSG_PART;
	return odd(a) || odd(b) ? NSG_MAYBE : NSG_NONE;
}

/* Of two tags with public addresses. */
static enum nsg_rel public_rel(const struct diag_nsg_peer *a,
			       const struct diag_nsg_peer *b)
{
	enum nsg_rel where = region_rel(a->region, b->region);
	bool edge =
	    nsg_tag_kind(a) == NSG_TAG_EDGE || nsg_tag_kind(b) == NSG_TAG_EDGE;

	if (diag_text_eq_nocase(a->tag, b->tag))
		return edge && where == NSG_NONE ? NSG_MAYBE : where;
	if (edge) /* what follows the point is no region */
		return NSG_MAYBE;
	if (where == NSG_NONE)
		return NSG_NONE;
	if (nsg_tag_kind(b) == NSG_TAG_CLOUD)
		return where == NSG_PART ? NSG_MAYBE : where;
	if (nsg_tag_kind(a) == NSG_TAG_CLOUD &&
	    region_rel(b->region, a->region) == NSG_FULL)
		return NSG_PART;
	return NSG_MAYBE;
}

static bool is_public(enum nsg_tag_kind k)
{
	return k == NSG_TAG_SERVICE || k == NSG_TAG_CLOUD || k == NSG_TAG_EDGE;
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

/* SPDX-License-Identifier: MIT */
/* tags.c - service tags by name: spellings, and which holds which.
 *
 * Source: Microsoft's "Virtual network service tags", whose table says what
 * each tag means and what the classic names and the odd names of regions are.
 */
#include "nsg/internal.h"

#include <string.h>

#include "base/text.h"

/* The classic names, and what the pages about Azure ML print. */
static const struct {
	const char *written, *tag;
} tag_names[] = {
	{ "VirtualNetwork", NULL },
	{ "Internet", NULL },
	{ "AzureLoadBalancer", NULL },
	{ "AzureCloud", NULL },
	{ "AzureKeyVault", NULL },
	{ "AzureFrontDoor", NULL },
	{ "AzureMachineLearning", NULL },
	{ "BatchNodeManagement", NULL },
	{ "Storage", NULL },
	{ "AzureContainerRegistry", NULL },
	{ "MicrosoftContainerRegistry", NULL },
	{ "AzureResourceManager", NULL },
	{ "AzureActiveDirectory", NULL },
	{ "AzureMonitor", NULL },
	{ "AzurePlatformDNS", NULL },
	{ "AzurePlatformIMDS", NULL },
	{ "AzurePlatformLKM", NULL },
	{ "VIRTUAL_NETWORK", "VirtualNetwork" },
	{ "AZURE_LOADBALANCER", "AzureLoadBalancer" },
	{ "Keyvault", "AzureKeyVault" },
	{ "FrontDoor", "AzureFrontDoor" },
};

const char *nsg_tag_canonical(struct diag_slice name)
{
	for (size_t i = 0; i < sizeof(tag_names) / sizeof(*tag_names); i++) {
		if (!diag_slice_eq_nocase(name, tag_names[i].written))
			continue;
		return tag_names[i].tag != NULL ? tag_names[i].tag
						: tag_names[i].written;
	}
	return NULL;
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

/* SPDX-License-Identifier: MIT */
/* tag_data.c - names out of the lists of service tags that Azure publishes.
 *
 * Read for this: the public cloud's of 2019-07 and of 2020-09 to 2025-10 (14
 * lists), US Government's of 2026-06 and China's of 2026-07.  In none of them
 * do two of these tags share an address, but for the pairs below; none of them
 * has an address in two of these regions; and each regional tag lies within
 * AzureCloud of the region, but for those that are not in datacenters alone.
 * A name that is not here proves nothing.
 */
#include "nsg/internal.h"

#include <stdlib.h>

#include "base/text.h"

/* Both lists are in the order of compare(). */
static const char *const listed_tags[] = {
	"ActionGroup",
	"ApiManagement",
	"AppConfiguration",
	"ApplicationInsightsAvailability",
	"AppService",
	"AppServiceManagement",
	"AutonomousDevelopmentPlatform",
	"AzureActiveDirectory",
	"AzureActiveDirectoryDomainServices",
	"AzureAdvancedThreatProtection",
	"AzureArcInfrastructure",
	"AzureAttestation",
	"AzureBackup",
	"AzureBotService",
	"AzureCloud",
	"AzureCognitiveSearch",
	"AzureConnectors",
	"AzureContainerRegistry",
	"AzureCosmosDB",
	"AzureDatabricks",
	"AzureDataExplorerManagement",
	"AzureDataLake",
	"AzureDeviceUpdate",
	"AzureDevOps",
	"AzureDevSpaces",
	"AzureDigitalTwins",
	"AzureEventGrid",
	"AzureFrontDoor",
	"AzureHealthcareAPIs",
	"AzureInformationProtection",
	"AzureIoTHub",
	"AzureKeyVault",
	"AzureLoadTestingInstanceManagement",
	"AzureMachineLearning",
	"AzureMachineLearningInference",
	"AzureManagedGrafana",
	"AzureMonitor",
	"AzureMonitorForSAP",
	"AzureOpenDatasets",
	"AzurePortal",
	"AzureResourceManager",
	"AzureSecurityCenter",
	"AzureSentinel",
	"AzureSignalR",
	"AzureSiteRecovery",
	"AzureSphere",
	"AzureSpringCloud",
	"AzureStack",
	"AzureTrafficManager",
	"AzureUpdateDelivery",
	"AzureVideoAnalyzerForMedia",
	"AzureWebPubSub",
	"BatchNodeManagement",
	"ChaosStudio",
	"CognitiveServicesFrontend",
	"CognitiveServicesManagement",
	"DataFactory",
	"DataFactoryManagement",
	"Dynamics365BusinessCentral",
	"Dynamics365ForMarketingEmail",
	"EOPExternalPublishedIPs",
	"EventHub",
	"GatewayManager",
	"Grafana",
	"GuestAndHybridManagement",
	"HDInsight",
	"KustoAnalytics",
	"LogicApps",
	"LogicAppsManagement",
	"M365ManagementActivityApi",
	"M365ManagementActivityApiWebhook",
	"Marketplace",
	"MicrosoftAzureFluidRelay",
	"MicrosoftCloudAppSecurity",
	"MicrosoftContainerRegistry",
	"MicrosoftDefenderForEndpoint",
	"MicrosoftPurviewPolicyDistribution",
	"OneDsCollector",
	"PowerBI",
	"PowerPlatformInfra",
	"PowerPlatformPlex",
	"PowerQueryOnline",
	"SCCservice",
	"Scuba",
	"SecurityCopilot",
	"SerialConsole",
	"ServiceBus",
	"ServiceFabric",
	"Sql",
	"SqlManagement",
	"Storage",
	"StorageMover",
	"StorageSyncService",
	"VideoIndexer",
	"WindowsAdminCenter",
	"WindowsVirtualDesktop",
};

static const char *const listed_regions[] = {
	"australiacentral",
	"australiacentral2",
	"australiaeast",
	"australiasoutheast",
	"austriaeast",
	"belgiumcentral",
	"brazilsouth",
	"brazilsoutheast",
	"canadacentral",
	"canadaeast",
	"centralindia",
	"centralus",
	"centraluseuap",
	"chilecentral",
	"chinaeast",
	"chinaeast2",
	"chinaeast3",
	"chinanorth",
	"chinanorth2",
	"chinanorth3",
	"eastasia",
	"eastus",
	"eastus2",
	"eastus2euap",
	"eastusslv",
	"eastusstg",
	"francecentral",
	"francesouth",
	"germanynorth",
	"germanywestcentral",
	"indonesiacentral",
	"israelcentral",
	"israelnorthwest",
	"italynorth",
	"japaneast",
	"japanwest",
	"jioindiacentral",
	"jioindiawest",
	"koreacentral",
	"koreasouth",
	"malaysiasouth",
	"malaysiawest",
	"mexicocentral",
	"newzealandnorth",
	"northcentralus",
	"northeurope",
	"norwayeast",
	"norwaywest",
	"polandcentral",
	"qatarcentral",
	"southafricanorth",
	"southafricawest",
	"southcentralus",
	"southcentralus2",
	"southcentralusstg",
	"southeastasia",
	"southeastus",
	"southeastus3",
	"southindia",
	"spaincentral",
	"swedencentral",
	"swedensouth",
	"switzerlandnorth",
	"switzerlandwest",
	"taiwannorth",
	"taiwannorthwest",
	"uaecentral",
	"uaenorth",
	"uknorth",
	"uksouth",
	"uksouth2",
	"ukwest",
	"usdodcentral",
	"usdodeast",
	"usgovarizona",
	"usgovtexas",
	"usgovvirginia",
	"westcentralus",
	"westeurope",
	"westindia",
	"westus",
	"westus2",
	"westus3",
};

/* The smaller lies within the larger, or they overlap. */
static const char *const sharing[][2] = {
	{ "AzureActiveDirectory", "AzureActiveDirectoryDomainServices" },
	{ "DataFactory", "DataFactoryManagement" },
	{ "LogicApps", "LogicAppsManagement" },
	{ "AzureVideoAnalyzerForMedia", "VideoIndexer" },
};

/* Not wholly within AzureCloud.  (Nor is Storage as a whole, but all of its
 * regions are, and a machine meets those.) */
static const char *const elsewhere[] = {
	"ActionGroup",
	"AzureActiveDirectory",
	"AzureActiveDirectoryDomainServices",
	"AzureFrontDoor",
	"DataFactory",
	"DataFactoryManagement",
	"EOPExternalPublishedIPs",
	"GuestAndHybridManagement",
	"SCCservice",
	"SqlManagement",
	"WindowsVirtualDesktop",
};

int nsg_compare_nocase(const char *a, const char *b)
{
	for (; *a != '\0' && *b != '\0'; a++, b++) {
		int x = *a >= 'A' && *a <= 'Z' ? *a + ('a' - 'A') : *a;
		int y = *b >= 'A' && *b <= 'Z' ? *b + ('a' - 'A') : *b;

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (*a != '\0') - (*b != '\0');
}

static int compare(const void *key, const void *item)
{
	const char *const *text = item;

	return nsg_compare_nocase(key, *text);
}

const char *nsg_listed_tag(const char *name)
{
	const char *const *at = bsearch(
	    name, listed_tags, sizeof(listed_tags) / sizeof(*listed_tags),
	    sizeof(*listed_tags), compare);

	return at != NULL ? *at : NULL;
}

bool nsg_listed_region(const char *region)
{
	return bsearch(region, listed_regions,
		       sizeof(listed_regions) / sizeof(*listed_regions),
		       sizeof(*listed_regions), compare) != NULL;
}

bool nsg_tags_share(const char *a, const char *b)
{
	for (size_t i = 0; i < sizeof(sharing) / sizeof(*sharing); i++) {
		if ((diag_text_eq_nocase(a, sharing[i][0]) &&
		     diag_text_eq_nocase(b, sharing[i][1])) ||
		    (diag_text_eq_nocase(a, sharing[i][1]) &&
		     diag_text_eq_nocase(b, sharing[i][0])))
			return true;
	}
	return false;
}

bool nsg_tag_elsewhere(const char *name)
{
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++) {
		if (diag_text_eq_nocase(name, elsewhere[i]))
			return true;
	}
	return false;
}

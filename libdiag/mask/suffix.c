/* SPDX-License-Identifier: MIT */
/* suffix.c - what names end with: Azure's own suffixes, names that are
 * everybody's, and top-level domains. */
#include <string.h>

#include "inventory/catalogue.h"
#include "mask/internal.h"

/* Whose names tell nothing of who asks. */
static const char *const open_suffixes[] = {
	"microsoft.com",
	"microsoftonline.com",
	"microsoftonline.us",
	"microsoftonline.cn",
	"msidentity.com",
	"msftauth.net",
	"msauth.net",
	"windows.com",
	"live.com",
	"office.com",
	"office.net",
	"office365.com",
	"visualstudio.com",
	"azure-dns.com",
	"azure-dns.net",
	"azure-dns.org",
	"azure-dns.info",
	"store.core.windows.net",
	"aadg.trafficmanager.net",
	"windowsupdate.com",
	"msftconnecttest.com",
	"msftncsi.com",
	"digicert.com",
	"letsencrypt.org",
	"globalsign.com",
	"google.com",
	"googleapis.com",
	"gstatic.com",
	"gvt1.com",
	"mozilla.org",
	"mozilla.com",
	"mozilla.net",
	"firefox.com",
	"cloudflare.com",
	"cloudflare-dns.com",
	"quad9.net",
	"opendns.com",
	"umbrella.com",
	"nextdns.io",
	"adguard-dns.com",
	"dns.google",
	"debian.org",
	"ubuntu.com",
	"canonical.com",
	"fedoraproject.org",
	"redhat.com",
	"suse.com",
	"opensuse.org",
	"archlinux.org",
	"kernel.org",
	"github.com",
	"githubusercontent.com",
	"pypi.org",
	"pythonhosted.org",
	"anaconda.com",
	"anaconda.org",
	"conda.io",
	"npmjs.org",
	"docker.io",
	"docker.com",
	"ntp.org",
	"root-servers.net",
	"iana.org",
	"ietf.org",
	"apple.com",
	"icloud.com",
	"in-addr.arpa",
	"ip6.arpa",
	"ipv4only.arpa",
	"resolver.arpa",
	"home.arpa",
	"aznbcontent.net",
	"azureprivatedns.net",
	"azurecomcdn.net",
};

/* Under which customers have names, beside those of the catalogue. */
static const char *const own_suffixes[] = {
	"azure.com",
	"azure.net",
	"azure.us",
	"azure.cn",
	"azureml.ms",
	"azureml.net",
	"azureml.com",
	"azureml.us",
	"azureml.cn",
	"ml.azure.us",
	"cloudapp.net",
	"cloudapp.azure.com",
	"internal.cloudapp.net",
	"core.windows.net",
	"windows.net",
	"trafficmanager.net",
	"azurefd.net",
	"azureedge.net",
	"azurewebsites.net",
	"azurecr.io",
	"azmk8s.io",
	"azure-api.net",
	"dns.nextdns.io", /* before it stands whose profile it is */
	"azurecontainer.io",
	"azuredatabricks.net",
	"onmicrosoft.com",
	"sharepoint.com",
	"usgovcloudapi.net",
	"chinacloudapi.cn",
	"batch.azure.com",
	"servicebus.windows.net",
	"redis.cache.windows.net",
};

static const char *const labels[] = {
	"privatelink",
	"workspace",
	"cert",
	"api",
	"notebooks",
	"instances",
	"inference",
	"data",
	"blob",
	"file",
	"queue",
	"table",
	"dfs",
	"web",
	"vault",
	"vaultcore",
	"ml",
	"azureml",
	"experiments",
	"studio",
	"studioservice",
	"modelmanagement",
	"aether",
	"tundra",
	"www",
	"scm",
	"store",
	"core",
	"wpad",
	"isatap",
	"gc",
	"dc",
	"pdc",
	"domains",
	"sites",
	"forestdnszones",
	"domaindnszones",
	"default-first-site-name",
	"dhcp",
	"batch",
	"service",
	"jobs",
	"localhost",
};

/* The words that names of regions are put together from. */
static const char *const geographies[] = {
	"us",	     "usgov",	   "usdod",	  "europe", "asia",
	"india",     "jioindia",   "japan",	  "korea",  "australia",
	"uk",	     "france",	   "germany",	  "norway", "switzerland",
	"sweden",    "poland",	   "italy",	  "spain",  "israel",
	"qatar",     "uae",	   "southafrica", "brazil", "canada",
	"mexico",    "newzealand", "china",	  "taiwan", "malaysia",
	"indonesia", "austria",	   "belgium",	  "chile",  "denmark",
	"finland",   "greece",
};
static const char *const directions[] = {
	"east",		"west",		"north",       "south",	    "central",
	"northcentral", "southcentral", "westcentral", "southeast", "northeast",
	"virginia",	"arizona",	"texas",       "iowa",	    "",
};

static const char *const tlds[] = {
	"com",	    "net",     "org",	   "edu",     "gov",
	"mil",	    "int",     "info",	   "biz",     "name",
	"io",	    "dev",     "app",	   "cloud",   "tech",
	"online",   "site",    "xyz",	   "local",   "localdomain",
	"lan",	    "home",    "internal", "intern",  "intranet",
	"intra",    "corp",    "private",  "priv",    "domain",
	"office",   "company", "group",	   "bank",    "example",
	"test",	    "invalid", "arpa",	   "onion",   "work",
	"ad",	    "lab",     "network",  "systems", "solutions",
	"services", "global",  "world",
};

/* Endings of files that are countries as well. */
static const char *const files[] = {
	"sh", "py", "rs", "pl", "so", "md", "cc", "ps", "gz", "bz",
	"js", "ts", "la", "in", "am", "mk", "ac", "id", "no", "so",
	"me", "to", "is", "it", "at", "be", "do", "as", "my",
};

static bool among(const char *const *list, size_t n, const char *text,
		  size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == len && memcmp(list[i], text, len) == 0)
			return true;
	return false;
}
#define AMONG(list, text, len) \
	among((list), sizeof(list) / sizeof(*(list)), (text), (len))

bool mask_label_is_common(const char *label, size_t len)
{
	if (len == 0 || label[0] == '_' || (len == 1 && label[0] == '*'))
		return true;
	if (label[0] == 'z' && len > 1 &&
	    strspn(label + 1, "0123456789") >= len - 1)
		return true; /* z13.web.core.windows.net */
	return AMONG(labels, label, len) || mask_is_region(label, len);
}

static bool is_direction(const char *text, size_t len)
{
	/* eastus2, centraluseuap */
	if (len > 4 && memcmp(text + len - 4, "euap", 4) == 0)
		len -= 4;
	while (len > 0 && text[len - 1] >= '1' && text[len - 1] <= '9')
		len--;
	return AMONG(directions, text, len);
}

/* "eastus2", "westeurope", "uksouth", "usgovvirginia": a direction and where,
 * in either order. */
bool mask_is_region(const char *label, size_t len)
{
	size_t bare = len;

	if (len < 6 || len > 24)
		return false;
	if (memcmp(label + bare - 4, "euap", 4) == 0)
		bare -= 4;
	while (bare > 0 && label[bare - 1] >= '1' && label[bare - 1] <= '9')
		bare--;
	for (size_t i = 0; i < sizeof(geographies) / sizeof(*geographies);
	     i++) {
		const char *g = geographies[i];
		size_t n = strlen(g);

		if (n > bare)
			continue;
		if (memcmp(label, g, n) == 0 &&
		    is_direction(label + n, len - n))
			return true;
		if (memcmp(label + bare - n, g, n) == 0 &&
		    AMONG(directions, label, bare - n))
			return true;
	}
	return false;
}

bool mask_tld_known(const char *label, size_t len)
{
	if (len == 2 && label[0] >= 'a' && label[0] <= 'z' && label[1] >= 'a' &&
	    label[1] <= 'z')
		return !AMONG(files, label, len);
	return AMONG(tlds, label, len);
}

/* --- the table ------------------------------------------------------------ */

static bool add(struct diag_mask *m, const char *suffix, enum mask_suffix kind)
{
	struct mask_entry *e =
	    mask_table_put(&m->suffixes, &m->arena, suffix, strlen(suffix));

	if (e == NULL)
		return false;
	if (e->kind == MASK_SUFFIX_NONE)
		e->kind = (int)kind;
	return true;
}

/* What stands behind the last hole of a pattern: "{N}.{R}.x.y" is "x.y". */
static const char *fixed_end(const char *pattern)
{
	const char *hole = strrchr(pattern, '}');
	const char *star = strrchr(pattern, '*');
	const char *at = hole != NULL ? hole : star;

	if (at == NULL)
		return pattern;
	at = strchr(at, '.');
	return at != NULL ? at + 1 : NULL;
}

static bool add_public(struct diag_mask *m, const char *pattern)
{
	const char *end = fixed_end(pattern);

	/* A name that is public itself, or a domain all of whose are; but
	 * workspaces have theirs beside the regions' own. */
	if (end == NULL || strncmp(pattern, "{R}.", 4) == 0)
		return true;
	return add(m, end, MASK_SUFFIX_OPEN);
}

static bool add_catalogue(struct diag_mask *m, enum diag_cloud c)
{
	const struct diag_cat_public *publics;
	const char *const *parents;
	size_t n = diag_cat_public(c, &publics);
	bool ok = true;

	for (size_t i = 0; i < n && ok; i++)
		ok = add_public(m, publics[i].pattern);
	n = diag_cat_parents(c, &parents);
	for (size_t i = 0; i < n && ok; i++)
		ok = add(m, parents[i], MASK_SUFFIX_OWN);
	for (int s = 0; s < DIAG_N_SERVICES && ok; s++) {
		const struct diag_cat_row *row =
		    diag_cat_row(c, (enum diag_service)s);
		const char *end = row != NULL && row->pattern != NULL &&
					  row->expect != DIAG_EXPECT_PUBLIC
				      ? fixed_end(row->pattern)
				      : NULL;

		ok = end == NULL || add(m, end, MASK_SUFFIX_OWN);
	}
	return ok;
}

bool mask_suffixes_load(struct diag_mask *m, struct diag_err *err)
{
	bool ok = diag_cat_load(err);

	if (!ok)
		return false;
	for (size_t i = 0;
	     i < sizeof(open_suffixes) / sizeof(*open_suffixes) && ok; i++)
		ok = add(m, open_suffixes[i], MASK_SUFFIX_OPEN);
	for (size_t i = 0;
	     i < sizeof(own_suffixes) / sizeof(*own_suffixes) && ok; i++)
		ok = add(m, own_suffixes[i], MASK_SUFFIX_OWN);
	for (int c = 0; c < DIAG_N_CLOUDS && ok; c++)
		ok = add_catalogue(m, (enum diag_cloud)c);
	return ok || diag_fail_nomem(err, MASK_OP);
}

/* Where the last n labels of a name begin. */
static size_t last_labels(const char *name, size_t len, unsigned n)
{
	while (len > 0 && (name[len - 1] != '.' || --n > 0))
		len--;
	return len;
}

enum mask_suffix mask_suffix_of(const struct diag_mask *m, const char *name,
				size_t len, size_t *at)
{
	static const char *const second[] = { "co",  "com", "org", "net",
					      "gov", "edu", "ac" };
	size_t last = last_labels(name, len, 1), both;

	for (size_t i = 0; i < len; i++) {
		const struct mask_entry *e;

		if (i > 0 && name[i - 1] != '.')
			continue;
		e = mask_table_find(&m->suffixes, name + i, len - i);
		if (e != NULL) {
			*at = i;
			return (enum mask_suffix)e->kind;
		}
	}
	*at = last;
	if (!mask_tld_known(name + last, len - last) &&
	    !AMONG(files, name + last, len - last))
		return MASK_SUFFIX_NONE;
	both = last_labels(name, len, 2);
	if (len - last == 2 && last > both &&
	    AMONG(second, name + both, last - both - 1))
		*at = both;
	return MASK_SUFFIX_TLD;
}

/* SPDX-License-Identifier: MIT */
/* browsers.c - how browsers resolve names and reach hosts.
 *
 * Policies of the machine, and of a user's own settings the few that can send
 * a browser another way than every other program: secure DNS, proxies, local
 * network access. Nothing else of a profile is read.
 */
#include "bundle/collect/rows.h"

static const char *const policies[] = {
	"/etc/opt/chrome/policies/managed/*.json",
	"/etc/opt/chrome/policies/recommended/*.json",
	"/etc/chromium/policies/managed/*.json",
	"/etc/chromium/policies/recommended/*.json",
	"/etc/chromium-browser/policies/managed/*.json",
	"/etc/opt/edge/policies/managed/*.json",
	"/etc/opt/edge/policies/recommended/*.json",
	"/etc/brave/policies/managed/*.json",
	NULL,
};
/* https://chromeenterprise.google/policies/ */
static const char *const policy_keys[] = {
	"DnsOverHttps*",
	"BuiltInDnsClientEnabled",
	"AdditionalDnsQueryTypesEnabled",
	"DNSInterceptionChecksEnabled",
	"Proxy*",
	"LocalNetworkAccess*",
	"InsecurePrivateNetworkRequests*",
	"PrivateNetworkAccess*",
	"QuicAllowed",
	"EncryptedClientHelloEnabled",
	"CAPlatformIntegrationEnabled",
	"PostQuantumKeyAgreementEnabled",
	NULL,
};
static const char *const states[] = {
	"~/.config/google-chrome/Local State",
	"~/.config/chromium/Local State",
	"~/.config/microsoft-edge/Local State",
	"~/.config/BraveSoftware/Brave-Browser/Local State",
	"~/snap/chromium/common/chromium/Local State",
	NULL,
};
static const char *const state_keys[] = { "dns_over_https", "async_dns", NULL };
static const char *const firefox[] = {
	"/etc/firefox/policies/policies.json",
	"/usr/lib/firefox/distribution/policies.json",
	"/usr/lib/firefox-esr/distribution/policies.json",
	"/usr/lib64/firefox/distribution/policies.json",
	NULL,
};
/* https://mozilla.github.io/policy-templates/ */
static const char *const firefox_keys[] = {
	"policies.DNSOverHTTPS",
	"policies.Proxy",
	"policies.Certificates.ImportEnterpriseRoots",
	"policies.LocalNetworkAccess",
	"policies.NetworkPrediction",
	NULL
};
static const char *const prefs[] = {
	"~/.mozilla/firefox/*/prefs.js",
	"~/.mozilla/firefox/*/user.js",
	"~/snap/firefox/common/.mozilla/firefox/*/prefs.js",
	"~/snap/firefox/common/.mozilla/firefox/*/user.js",
	"~/.var/app/org.mozilla.firefox/.mozilla/firefox/*/prefs.js",
	"~/.var/app/org.mozilla.firefox/.mozilla/firefox/*/user.js",
	"/etc/firefox/defaults/pref/*.js",
	NULL,
};
static const char *const pref_keys[] = {
	"network.trr.*",
	"network.proxy.*",
	"network.dns.*",
	"network.lna.*",
	"doh-rollout.mode",
	"doh-rollout.disable-heuristics",
	"security.enterprise_roots.enabled",
	NULL,
};

static const struct diag_source sources[] = {
	{ .item = "chromium-policies",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = policies,
	  .pick = diag_pick_json,
	  .keys = policy_keys },
	{ .item = "chromium-settings",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = states,
	  .pick = diag_pick_json,
	  .keys = state_keys },
	{ .item = "firefox-policies",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = firefox,
	  .pick = diag_pick_json,
	  .keys = firefox_keys },
	{ .item = "firefox-prefs",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = prefs,
	  .pick = diag_pick_prefs,
	  .keys = pref_keys },
	{ .item = NULL },
};

const struct diag_collector collect_browsers = {
	.key = "browsers",
	.title = "secure DNS, proxy and local-network settings of Chrome, "
		 "Chromium, Edge, Firefox; nothing else of them",
	.platform = "linux",
	.sources = sources,
};

/* SPDX-License-Identifier: MIT */
/* proxies.c - who is told to go through a proxy, and through which.
 *
 * Names and passwords in front of an '@' stay out (collect/pick.c), and of
 * programs' own files only lines about proxies and certificates are read.
 */
#include "bundle/collect/rows.h"

static const char *const variables[] = {
	"http_proxy",	       "https_proxy",
	"all_proxy",	       "no_proxy",
	"ftp_proxy",	       "auto_proxy",
	"ssl_cert_file",       "ssl_cert_dir",
	"requests_ca_bundle",  "curl_ca_bundle",
	"node_extra_ca_certs", "node_use_env_proxy",
	"res_options",	       "localdomain",
	"hostaliases",	       NULL,
};
static const char *const files[] = { "/etc/environment",
				     "/etc/environment.d/*.conf", NULL };
static const char *const profiles[] = { "/etc/profile.d/*proxy*",
					"/etc/sysconfig/proxy", NULL };
static const char *const profile_keys[] = {
	"export http_proxy", "export https_proxy",
	"export no_proxy",   "export all_proxy",
	"http_proxy",	     "https_proxy",
	"no_proxy",	     "all_proxy",
	"proxy_enabled",     NULL,
};
static const char *const apt[] = { "/etc/apt/apt.conf", "/etc/apt/apt.conf.d/*",
				   NULL };
static const char *const apt_keys[] = { "Acquire::http*", "Acquire::https*",
					"http::proxy*",	  "https::proxy*",
					"proxy",	  NULL };
static const char *const gnome[] = { "gsettings", "list-recursively",
				     "org.gnome.system.proxy", NULL };
static const char *const gnome_keys[] = {
	"org.gnome.system.proxy mode",
	"org.gnome.system.proxy autoconfig-url",
	"org.gnome.system.proxy ignore-hosts",
	"org.gnome.system.proxy use-same-proxy",
	"org.gnome.system.proxy.http host",
	"org.gnome.system.proxy.http port",
	"org.gnome.system.proxy.http enabled",
	"org.gnome.system.proxy.https host",
	"org.gnome.system.proxy.https port",
	"org.gnome.system.proxy.socks host",
	"org.gnome.system.proxy.socks port",
	NULL,
};
static const char *const kde[] = { "~/.config/kioslaverc", NULL };
static const char *const kde_keys[] = { "Proxy Settings.*", NULL };
static const char *const curl[] = { "~/.curlrc", "~/.config/curlrc",
				    "~/.wgetrc", "/etc/wgetrc", NULL };
static const char *const curl_keys[] = {
	"proxy",	  "noproxy",	"cacert",   "capath",
	"https_proxy",	  "http_proxy", "no_proxy", "use_proxy",
	"ca_certificate", "doh-url",	NULL,
};
static const char *const python[] = { "~/.config/pip/pip.conf",
				      "~/.pip/pip.conf", "/etc/pip.conf",
				      "~/.condarc", NULL };
static const char *const python_keys[] = {
	"proxy",	 "cert",  "trusted-host", "ssl_verify",
	"proxy_servers", "http:", "https:",	  NULL
};
static const char *const git[] = { "~/.gitconfig", "~/.config/git/config",
				   "/etc/gitconfig", NULL };
static const char *const git_keys[] = { "http.proxy", "http.sslcainfo",
					"http.sslverify", "https.proxy", NULL };

static const struct diag_source sources[] = {
	{ .item = "environment",
	  .kind = DIAG_SOURCE_ENVIRON,
	  .pick = diag_pick_lines,
	  .keys = variables },
	{ .item = "etc-environment",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = files,
	  .pick = diag_pick_lines,
	  .keys = variables },
	{ .item = "profile",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = profiles,
	  .pick = diag_pick_lines,
	  .keys = profile_keys },
	{ .item = "apt",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = apt,
	  .pick = diag_pick_lines,
	  .keys = apt_keys },
	{ .item = "gnome",
	  .kind = DIAG_SOURCE_PROGRAM,
	  .argv = gnome,
	  .pick = diag_pick_lines,
	  .keys = gnome_keys },
	{ .item = "kde",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = kde,
	  .pick = diag_pick_ini,
	  .keys = kde_keys },
	{ .item = "curl",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = curl,
	  .pick = diag_pick_lines,
	  .keys = curl_keys },
	{ .item = "python",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = python,
	  .pick = diag_pick_lines,
	  .keys = python_keys },
	{ .item = "git",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = git,
	  .pick = diag_pick_ini,
	  .keys = git_keys },
	{ .item = NULL },
};

const struct diag_collector collect_proxies = {
	.key = "proxies",
	.title = "proxies of the environment, the desktop and of programs; "
		 "without credentials",
	.platform = "linux",
	.sources = sources,
};

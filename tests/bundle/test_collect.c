/* SPDX-License-Identifier: MIT */
/* What collectors take of a text, and above all what they leave. */
#include "bundle/collect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "bundle/never.h"

#define SECRET "S3cretS3cret"

/* A collector's source, by both names. */
static const struct diag_source *source(const char *key, const char *item)
{
	const struct diag_collector *const *rows;
	size_t n = diag_collectors(&rows);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; rows[i]->sources[k].item != NULL; k++)
			if (strcmp(rows[i]->key, key) == 0 &&
			    strcmp(rows[i]->sources[k].item, item) == 0)
				return &rows[i]->sources[k];
	fail_msg("no source %s/%s", key, item);
	return NULL;
}

/* What is left of the text is exactly this. */
static void picks(const char *key, const char *item, const char *text,
		  const char *want)
{
	const struct diag_source *s = source(key, item);
	const char *why = "unset";
	struct diag_buf out;

	diag_buf_init(&out, 1 << 20);
	assert_true(diag_source_pick(
	    s, (struct diag_slice){ text, strlen(text) }, &out, &why, NULL));
	assert_null(why);
	assert_string_equal(want, diag_buf_str(&out));
	diag_buf_clear(&out);
}

static void every_row_is_whole(void **unused)
{
	const struct diag_collector *const *rows;
	size_t n = diag_collectors(&rows);

	(void)unused;
	assert_true(n > 10);
	for (size_t i = 0; i < n; i++) {
		assert_non_null(rows[i]->title);
		assert_string_equal("linux", rows[i]->platform);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rows[i]->key, rows[k]->key);
		for (const struct diag_source *s = rows[i]->sources;
		     s->item != NULL; s++) {
			char path[256];

			(void)snprintf(path, sizeof(path),
				       DIAG_BUNDLE_MACHINE "%s/%s.txt",
				       rows[i]->key, s->item);
			assert_true(diag_bundle_path_ok(path));
			assert_true((s->kind == DIAG_SOURCE_PROGRAM) ==
				    (s->argv != NULL));
			assert_true(s->paths != NULL ||
				    s->kind == DIAG_SOURCE_PROGRAM ||
				    s->kind == DIAG_SOURCE_ENVIRON);
			if (s->pick != NULL && s->pick != diag_pick_certs)
				assert_non_null(s->keys);
		}
	}
}

/* Of a home, of the environment and of what is taken only in part nothing is
 * taken whole, and nothing at all of what is never taken. */
static void nothing_private_is_taken_whole(void **unused)
{
	const struct diag_collector *const *rows;
	size_t n = diag_collectors(&rows), homes = 0;

	(void)unused;
	for (size_t i = 0; i < n; i++)
		for (const struct diag_source *s = rows[i]->sources;
		     s->item != NULL; s++) {
			if (s->kind == DIAG_SOURCE_ENVIRON)
				assert_non_null(s->pick);
			for (size_t k = 0; s->paths && s->paths[k]; k++) {
				const char *why;
				enum diag_never never =
				    diag_never_path(s->paths[k], &why);

				assert_int_not_equal(DIAG_NEVER_ANY, never);
				if (s->paths[k][0] == '~' ||
				    never == DIAG_NEVER_WHOLE) {
					assert_non_null(s->pick);
					homes++;
				}
				assert_true(s->paths[k][0] == '/' ||
					    strncmp(s->paths[k], "~/", 2) == 0);
			}
		}
	assert_true(homes > 10);
}

static void profiles_give_names_and_routes_and_no_secrets(void **unused)
{
	static const char profile[] =
	    "[connection]\nid=Home of Ann\nuuid=1-2\ntype=vpn\n"
	    "permissions=user:ann:;\n\n"
	    "[vpn]\nservice-type=org.freedesktop.NetworkManager.openvpn\n"
	    "username=ann\npassword-flags=0\n\n"
	    "[vpn-secrets]\npassword=" SECRET "\n\n"
	    "[802-1x]\npassword=" SECRET "\nprivate-key-password=" SECRET "\n"
	    "[wifi-security]\nkey-mgmt=wpa-psk\npsk=" SECRET "\n"
	    "[wireguard]\nprivate-key=" SECRET "\nmtu=1280\n"
	    "[ipv4]\nmethod=auto\ndns=10.0.0.4;\ndns-search=corp.example;\n"
	    "never-default=true\nroute1=10.150.0.0/16,10.0.0.1\n"
	    "[proxy]\nmethod=1\npac-url=http://ann:" SECRET
	    "@pac.example/p.pac\n";

	(void)unused;
	picks("network", "nm-profiles", profile,
	      "[connection]\ntype=vpn\n"
	      "[vpn]\nservice-type=org.freedesktop.NetworkManager.openvpn\n"
	      "[wireguard]\nmtu=1280\n"
	      "[ipv4]\nmethod=auto\ndns=10.0.0.4;\ndns-search=corp.example;\n"
	      "never-default=true\nroute1=10.150.0.0/16,10.0.0.1\n"
	      "[proxy]\nmethod=1\n"
	      "pac-url=http://[masked:user]@pac.example/p.pac\n");
}

static void devices_are_told_without_names_and_addresses_of_cards(void **unused)
{
	(void)unused;
	picks("network", "nmcli-devices",
	      "GENERAL.DEVICE:wlan0\nGENERAL.HWADDR:AA:BB:CC\n"
	      "GENERAL.MTU:1500\nGENERAL.CONNECTION:Home of Ann\n"
	      "IP4.DNS[1]:192.168.1.1\nIP6.GATEWAY:\n",
	      "GENERAL.DEVICE:wlan0\nGENERAL.MTU:1500\n"
	      "IP4.DNS[1]:192.168.1.1\nIP6.GATEWAY:\n");
}

static void of_a_browser_only_named_settings_are_read(void **unused)
{
	(void)unused;
	picks("browsers", "firefox-prefs",
	      "// Mozilla User Preferences\n"
	      "user_pref(\"browser.startup.homepage\", \"https://x/" SECRET
	      "\");\n"
	      "user_pref(\"network.trr.mode\", 3);\n"
	      "user_pref(\"network.trr.uri\", \"https://dns.example/q\");\n"
	      "user_pref( \"network.proxy.type\", 2);\n"
	      "user_pref(\"network.proxy.autoconfig_url\", "
	      "\"http://ann:" SECRET "@pac.example/\");\n"
	      "user_pref(\"services.sync.username\", \"" SECRET "\");\n"
	      "lockPref(\"network.dns.disableIPv6\", true);\n"
	      "user_pref(\"network.trr.mode\n",
	      "user_pref(\"network.trr.mode\", 3);\n"
	      "user_pref(\"network.trr.uri\", \"https://dns.example/q\");\n"
	      "user_pref( \"network.proxy.type\", 2);\n"
	      "user_pref(\"network.proxy.autoconfig_url\", "
	      "\"http://[masked:user]@pac.example/\");\n"
	      "lockPref(\"network.dns.disableIPv6\", true);\n");
	picks("browsers", "chromium-policies",
	      "{\"DnsOverHttpsMode\":\"secure\",\"Homepage\":\"" SECRET "\","
	      "\"ProxySettings\":{\"ProxyServer\":\"http://a:" SECRET
	      "@p:3128\"},\"LocalNetworkAccessAllowedForUrls\":[\"x\"]}",
	      "{\n  \"DnsOverHttpsMode\": \"secure\",\n"
	      "  \"ProxySettings\": {\n"
	      "    \"ProxyServer\": \"http://[masked:user]@p:3128\"\n  },\n"
	      "  \"LocalNetworkAccessAllowedForUrls\": [\n    \"x\"\n  ]\n}\n");
	picks(
	    "browsers", "chromium-settings",
	    "{\"os_crypt\":{\"encrypted_key\":\"" SECRET "\"},"
	    "\"dns_over_https\":{\"mode\":\"automatic\",\"templates\":\"\"},"
	    "\"profile\":{\"info_cache\":{\"Default\":{\"user_name\":\"" SECRET
	    "\"}}}}",
	    "{\n  \"dns_over_https\": {\n    \"mode\": \"automatic\",\n"
	    "    \"templates\": \"\"\n  }\n}\n");
	picks("browsers", "firefox-policies",
	      "{\"policies\":{\"Proxy\":{\"Mode\":\"none\"},\"Bookmarks\":["
	      "\"" SECRET "\"],\"Certificates\":{\"Install\":[\"" SECRET
	      "\"],\"ImportEnterpriseRoots\":true}}}",
	      "{\n  \"policies\": {\n    \"Proxy\": {\n      \"Mode\": "
	      "\"none\"\n    },\n    \"Certificates\": {\n      "
	      "\"ImportEnterpriseRoots\": true\n    }\n  }\n}\n");
}

static void a_policy_that_is_no_json_is_an_error(void **unused)
{
	const struct diag_source *s = source("browsers", "chromium-policies");
	struct diag_err err = { .code = DIAG_OK };
	const char *why;
	struct diag_buf out;

	(void)unused;
	diag_buf_init(&out, 1 << 20);
	assert_false(diag_source_pick(s, (struct diag_slice){ "{\"a\":", 5 },
				      &out, &why, &err));
	assert_int_equal(DIAG_EPARSE, err.code);
	assert_int_equal(0, out.len);
	diag_buf_clear(&out);
	picks("browsers", "chromium-policies", "{\"Homepage\":\"x\"}", "");
	picks("browsers", "chromium-policies", "[1]", "");
}

static void proxies_lose_their_users(void **unused)
{
	(void)unused;
	picks("proxies", "environment",
	      "HOME=/root\nhttps_proxy=http://ann:" SECRET "@proxy:3128\n"
	      "HTTP_PROXY=ann:" SECRET
	      "@proxy:3128\nno_proxy=.corp,10.0.0.0/8\n"
	      "AWS_SECRET_ACCESS_KEY=" SECRET "\n"
	      "all_proxy=socks5h://ann:pass/with/" SECRET "@p:1080\n"
	      "https_proxy_password=" SECRET "\nPATH=/bin\n",
	      "https_proxy=http://[masked:user]@proxy:3128\n"
	      "HTTP_PROXY=[masked:user]@proxy:3128\n"
	      "no_proxy=.corp,10.0.0.0/8\n"
	      "all_proxy=socks5h://[masked:user]@p:1080\n");
	picks("proxies", "curl",
	      "# comment\nuser = ann:" SECRET "\nproxy = http://ann:" SECRET
	      "@p\nproxy-user = ann:" SECRET "\ncacert=/etc/x.pem\n",
	      "proxy = http://[masked:user]@p\ncacert=/etc/x.pem\n");
	picks("proxies", "python",
	      "[global]\nindex-url = https://__token__:" SECRET "@pypi/x\n"
	      "    https://__token__:" SECRET "@pypi/y\nproxy = http://p:1\n"
	      "channels:\n  - https://conda/t/" SECRET "/x\n"
	      "proxy_servers:\n  https: http://a:" SECRET "@p:8\n",
	      "proxy = http://p:1\nproxy_servers:\n"
	      "  https: http://[masked:user]@p:8\n");
	picks("proxies", "git",
	      "[user]\n\temail = ann@x\n[http]\n\tproxy = http://p\n"
	      "\textraHeader = Authorization: " SECRET "\n",
	      "[http]\nproxy = http://p\n");
	picks("proxies", "apt",
	      "Acquire::http::Proxy \"http://u:" SECRET "@p:3142\";\n"
	      "APT::Install-Recommends \"0\";\n",
	      "Acquire::http::Proxy \"http://[masked:user]@p:3142\";\n");
}

static void vpn_clients_keep_their_keys(void **unused)
{
	(void)unused;
	picks("vpn", "wireguard",
	      "interface: wg0\n  public key: " SECRET "\n  private key: "
	      "(hidden)\n  listening port: 51820\n\npeer: " SECRET "\n"
	      "  preshared key: (hidden)\n  endpoint: 192.0.2.1:51820\n"
	      "  allowed ips: 10.150.0.0/16\n",
	      "interface: wg0\n  listening port: 51820\n"
	      "  endpoint: 192.0.2.1:51820\n  allowed ips: 10.150.0.0/16\n");
	picks("vpn", "wireguard-files",
	      "[Interface]\nPrivateKey = " SECRET "\nDNS = 10.0.0.4\n"
	      "PostUp = curl -H " SECRET "\n[Peer]\nPublicKey=" SECRET "\n"
	      "PresharedKey=" SECRET "\nAllowedIPs = 10.150.0.0/16\n",
	      "[Interface]\nDNS = 10.0.0.4\n[Peer]\n"
	      "AllowedIPs = 10.150.0.0/16\n");
	picks("vpn", "openvpn",
	      "client\nremote vpn.example 1194 udp\nauth-user-pass /x\n"
	      "dhcp-option DNS 10.0.0.4\n<key>\n-----BEGIN PRIVATE "
	      "KEY-----\n" SECRET
	      "\n-----END PRIVATE KEY-----\n</key>\ntun-mtu 1400\n",
	      "client\nremote vpn.example 1194 udp\n"
	      "dhcp-option DNS 10.0.0.4\ntun-mtu 1400\n");
	picks("vpn", "ipsec.conf",
	      "conn azure\n  left=%any\n  leftauth=psk\n  rightdns=10.0.0.4\n"
	      "  xauth_identity=ann\n  eap_identity=" SECRET "\n",
	      "conn azure\n  left=%any\n  rightdns=10.0.0.4\n");
	picks(
	    "vpn", "azure-vpn-client",
	    "<?xml version=\"1.0\"?><AzVpnProfile><any:clientconfig i:x=\"1\">"
	    "<dnssuffixes><dnssuffix>.corp.example</dnssuffix></dnssuffixes>"
	    "<dnsservers><dnsserver>10.0.0.4</dnsserver></dnsservers>"
	    "</any:clientconfig><serversecret>" SECRET "</serversecret>"
	    "<dnssuffix/><name>" SECRET "</name><dnssuffix>a<b></dnssuffix>",
	    "dnssuffix .corp.example\ndnsserver 10.0.0.4\ndnssuffix a\n");
}

static void a_stubs_interface_is_no_user(void **unused)
{
	(void)unused;
	picks("resolver", "dnsmasq",
	      "# server=1.1.1.1\nserver=/corp.example/10.0.0.4@eth0\n"
	      "server=/x/fd00::4@tun0\naddress=/ads/#\nlog-queries\n",
	      "server=/corp.example/10.0.0.4@eth0\n"
	      "server=/x/fd00::4@tun0\naddress=/ads/#\n");
}

static void only_listeners_that_matter_are_told(void **unused)
{
	(void)unused;
	picks("ports", "listening",
	      "udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*\n"
	      "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n"
	      "tcp LISTEN 0 128 [::1]:3128 [::]:*\nbroken line\n",
	      "udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*\n"
	      "tcp LISTEN 0 128 [::1]:3128 [::]:*\n");
}

/* --- certificates -----------------------------------------------------------
 */

static void of_a_certificate_it_is_told_whose_it_is(void **unused)
{
	const struct diag_source *s = source("roots", "added");
	static const char key[] = "-----BEGIN PRIVATE KEY-----\n" SECRET
				  "\n-----END PRIVATE KEY-----\n";
	char text[8192];
	size_t len;
	const char *why;
	struct diag_buf out;
	FILE *file = fopen(TEST_DATA "/collect/root.pem", "rb");

	(void)unused;
	assert_non_null(file);
	len = fread(text, 1, sizeof(text) - sizeof(key), file);
	(void)fclose(file);
	memcpy(text + len, key, sizeof(key));
	diag_buf_init(&out, 1 << 20);
	assert_true(diag_source_pick(
	    s, (struct diag_slice){ text, len + sizeof(key) - 1 }, &out, &why,
	    NULL));
	assert_null(why);
	assert_non_null(strstr(out.data, "  subject CN=Example Root"));
	assert_non_null(strstr(out.data, "  issuer  CN=Example Root"));
	assert_non_null(strstr(out.data, "  sha256  "));
	assert_null(strstr(out.data, "BEGIN"));
	assert_null(strstr(out.data, SECRET));
	diag_buf_clear(&out);
	picks("roots", "added", "no certificate", "");
}

/* --- whole texts
 * -------------------------------------------------------------- */

static void a_text_with_a_key_in_it_is_named(void **unused)
{
	const struct diag_source *s = source("resolver", "resolv.conf");
	static const char text[] = "nameserver 10.0.0.4\n"
				   "-----BEGIN RSA PRIVATE KEY-----\n";
	const char *why = NULL;
	struct diag_buf out;

	(void)unused;
	diag_buf_init(&out, 1 << 20);
	assert_true(
	    diag_source_pick(s, (struct diag_slice){ text, sizeof(text) - 1 },
			     &out, &why, NULL));
	assert_non_null(why);
	diag_buf_clear(&out);
}

static void a_cut_ends_with_a_line(void **unused)
{
	(void)unused;
	assert_int_equal(3, diag_source_cut("ab\ncd", 5, 4));
	assert_int_equal(3, diag_source_cut("ab\ncd", 5, 3));
	assert_int_equal(3, diag_source_cut("ab\ncd", 5, 9));
	assert_int_equal(6, diag_source_cut("ab\ncd\n", 6, 9));
	assert_int_equal(0, diag_source_cut("abcdef", 6, 4));
	assert_int_equal(0, diag_source_cut("", 0, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(nothing_private_is_taken_whole),
		cmocka_unit_test(profiles_give_names_and_routes_and_no_secrets),
		cmocka_unit_test(
		    devices_are_told_without_names_and_addresses_of_cards),
		cmocka_unit_test(of_a_browser_only_named_settings_are_read),
		cmocka_unit_test(a_policy_that_is_no_json_is_an_error),
		cmocka_unit_test(proxies_lose_their_users),
		cmocka_unit_test(vpn_clients_keep_their_keys),
		cmocka_unit_test(a_stubs_interface_is_no_user),
		cmocka_unit_test(only_listeners_that_matter_are_told),
		cmocka_unit_test(of_a_certificate_it_is_told_whose_it_is),
		cmocka_unit_test(a_text_with_a_key_in_it_is_named),
		cmocka_unit_test(a_cut_ends_with_a_line),
	};

	return cmocka_run_group_tests_name("collect", tests, NULL, NULL);
}

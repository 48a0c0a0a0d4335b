/* SPDX-License-Identifier: MIT */
/* What is never taken, by whatever path and with whatever in it. */
#include "bundle/never.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ANN     \
	"/home" \
	"/ann" /* a home that is nobody's */

static void expect(const char *const *paths, enum diag_never want)
{
	for (size_t i = 0; paths[i] != NULL; i++) {
		const char *why = "unset";
		enum diag_never got = diag_never_path(paths[i], &why);

		if (got != want)
			fail_msg("%s: %d, not %d", paths[i], (int)got,
				 (int)want);
		assert_true((why == NULL) == (want == DIAG_NEVER_NOT));
	}
}

static void keys_tokens_and_memory_are_not_even_opened(void **unused)
{
	static const char *const paths[] = {
		ANN "/.ssh/config",
		"/root/.ssh/id_ed25519",
		"/HOME/ANN/.SSH/known_hosts",
		"//home//ann//.ssh//x",
		"/srv/backup/id_rsa.old",
		"/etc/ssh/ssh_host_rsa_key",
		"/etc/ssl/private/ssl-cert-snakeoil.key",
		"/etc/ssl/private/anything",
		"/usr/local/share/ca-certificates/proxy.key",
		ANN "/.azure/msal_token_cache.json",
		ANN "/.aws/credentials",
		ANN "/.kube/config",
		ANN "/.docker/config.json",
		ANN "/.netrc",
		ANN "/.git-credentials",
		ANN "/.config/gcloud/credentials.db",
		ANN "/.password-store/x.gpg",
		ANN "/.local/share/keyrings/login.keyring",
		"/etc/shadow",
		"/etc/shadow-",
		"/etc/gshadow",
		"/etc/sudoers.d/ann",
		"/etc/ipsec.secrets",
		"/etc/ppp/chap-secrets",
		"/run/secrets/kubernetes.io/serviceaccount/token",
		"/etc/apt/auth.conf.d/private.conf",
		"/etc/wpa_supplicant/wpa_supplicant-wlan0.conf",
		"/var/lib/iwd/Home.psk",
		"/srv/app/.env",
		"/proc/1/environ",
		"/proc/self/mem",
		"/dev/sda",
		"/dev/zero",
		"/etc/swanctl/private/key.pem",
		/* Where something else may be taken in part. */
		"/etc/wireguard/.netrc",
		"/etc/openvpn/cookies",
		NULL,
	};

	(void)unused;
	expect(paths, DIAG_NEVER_ANY);
}

static void what_browsers_and_shells_remember_is_not_opened(void **unused)
{
	static const char *const paths[] = {
		ANN "/.config/google-chrome/Default/Cookies",
		ANN "/.config/google-chrome/Default/Cookies-journal",
		ANN "/.config/google-chrome/Default/History",
		ANN "/.config/chromium/Default/Login Data",
		ANN "/.config/chromium/Default/Web Data",
		ANN "/.config/microsoft-edge/Default/Bookmarks",
		ANN "/.mozilla/firefox/x.default/cookies.sqlite",
		ANN "/.mozilla/firefox/x.default/places.sqlite-wal",
		ANN "/.mozilla/firefox/x.default/logins.json",
		ANN "/.mozilla/firefox/x.default/key4.db",
		ANN "/.mozilla/firefox/x.default/sessionstore.jsonlz4",
		ANN "/.bash_history",
		"/root/.zsh_history",
		ANN "/.python_history",
		ANN "/.lesshst",
		ANN "/.viminfo",
		NULL,
	};

	(void)unused;
	expect(paths, DIAG_NEVER_ANY);
}

static void some_are_taken_only_in_part(void **unused)
{
	static const char *const paths[] = {
		"/etc/NetworkManager/system-connections/vpn.nmconnection",
		"/run/NetworkManager/system-connections/x",
		"/etc/wireguard/wg0.conf",
		"/etc/openvpn/client/corp.ovpn",
		ANN "/.mozilla/firefox/x.default/prefs.js",
		ANN "/.config/google-chrome/Local State",
		ANN "/.config/chromium/Local State",
		ANN "/.curlrc",
		ANN "/notes",
		"/root/anything",
		NULL,
	};

	(void)unused;
	expect(paths, DIAG_NEVER_WHOLE);
}

static void configuration_of_the_machine_may_be_taken(void **unused)
{
	static const char *const paths[] = {
		"/etc/resolv.conf",
		"/run/systemd/resolve/stub-resolv.conf",
		"/etc/hosts",
		"/etc/nsswitch.conf",
		"/etc/opt/chrome/policies/managed/dns.json",
		"/usr/local/share/ca-certificates/corp.crt",
		"/proc/sys/net/ipv4/ip_forward",
		"/proc/1/cgroup",
		"/etc/keyboard", /* begins like a key, and is none */
		"/etc/sshx/file",
		"/",
		"",
		NULL,
	};

	(void)unused;
	expect(paths, DIAG_NEVER_NOT);
}

static void a_text_with_a_private_key_is_known(void **unused)
{
	static const char *const texts[] = {
		"x\n-----BEGIN RSA PRIVATE KEY-----\nMIIE",
		"-----BEGIN PRIVATE KEY-----",
		"-----BEGIN ENCRYPTED PRIVATE KEY-----",
		"-----begin openssh private key-----",
		"-----BEGIN PGP PRIVATE KEY BLOCK-----",
		"PuTTY-User-Key-File-3: ssh-ed25519",
		"-----BEGIN OpenVPN Static key V1-----",
		NULL,
	};
	static const char plain[] = "-----BEGIN CERTIFICATE-----\nprivate key";

	(void)unused;
	for (size_t i = 0; texts[i] != NULL; i++)
		assert_non_null(diag_never_text(texts[i], strlen(texts[i])));
	assert_null(diag_never_text(plain, strlen(plain)));
	assert_null(diag_never_text("", 0));
	assert_null(diag_never_text(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_tokens_and_memory_are_not_even_opened),
		cmocka_unit_test(
		    what_browsers_and_shells_remember_is_not_opened),
		cmocka_unit_test(some_are_taken_only_in_part),
		cmocka_unit_test(configuration_of_the_machine_may_be_taken),
		cmocka_unit_test(a_text_with_a_private_key_is_known),
	};

	return cmocka_run_group_tests_name("never", tests, NULL, NULL);
}

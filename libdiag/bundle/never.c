/* SPDX-License-Identifier: MIT */
/* never.c - see never.h. */
#include "bundle/never.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* Names, one after the other somewhere in a path; from its root when it begins
 * with '/'.  '*' stands for any part of a name.  Case is ignored: what is an
 * accident of one file system must not open a door on another. */
struct never {
	const char *pattern;
	enum diag_never what;
	const char *why;
};

static const char keys[] = "private keys";
static const char tokens[] = "tokens and passwords";
static const char browsing[] = "cookies, history and passwords of a browser";
static const char shell[] = "what was typed into a shell";
static const char memory[] = "memory and devices";

/* What is never taken outweighs what may be taken in part. */
static const struct never rows[] = {
	{ ".ssh", DIAG_NEVER_ANY, keys },
	{ "ssh_host_*", DIAG_NEVER_ANY, keys },
	{ "id_rsa*", DIAG_NEVER_ANY, keys },
	{ "id_dsa*", DIAG_NEVER_ANY, keys },
	{ "id_ecdsa*", DIAG_NEVER_ANY, keys },
	{ "id_ed25519*", DIAG_NEVER_ANY, keys },
	{ ".gnupg", DIAG_NEVER_ANY, keys },
	{ "*.key", DIAG_NEVER_ANY, keys },
	{ "*.p12", DIAG_NEVER_ANY, keys },
	{ "*.pfx", DIAG_NEVER_ANY, keys },
	{ "*.jks", DIAG_NEVER_ANY, keys },
	{ "*.ppk", DIAG_NEVER_ANY, keys },
	{ "*.keytab", DIAG_NEVER_ANY, keys },
	{ "ssl/private", DIAG_NEVER_ANY, keys },
	{ "tls/private", DIAG_NEVER_ANY, keys },
	{ "ipsec.d/private", DIAG_NEVER_ANY, keys },
	{ "swanctl/private", DIAG_NEVER_ANY, keys },
	{ "swanctl/rsa", DIAG_NEVER_ANY, keys },
	{ "swanctl/ecdsa", DIAG_NEVER_ANY, keys },
	{ "swanctl/pkcs8", DIAG_NEVER_ANY, keys },
	{ "swanctl/pkcs12", DIAG_NEVER_ANY, keys },
	{ "etc/wireguard", DIAG_NEVER_WHOLE, keys },
	{ ".azure", DIAG_NEVER_ANY, tokens },
	{ ".aws", DIAG_NEVER_ANY, tokens },
	{ ".kube", DIAG_NEVER_ANY, tokens },
	{ ".docker", DIAG_NEVER_ANY, tokens },
	{ ".config/gcloud", DIAG_NEVER_ANY, tokens },
	{ ".config/gh", DIAG_NEVER_ANY, tokens },
	{ ".netrc", DIAG_NEVER_ANY, tokens },
	{ "_netrc", DIAG_NEVER_ANY, tokens },
	{ ".git-credentials", DIAG_NEVER_ANY, tokens },
	{ ".pgpass", DIAG_NEVER_ANY, tokens },
	{ ".password-store", DIAG_NEVER_ANY, tokens },
	{ "keyrings", DIAG_NEVER_ANY, tokens },
	{ "kwalletd", DIAG_NEVER_ANY, tokens },
	{ "*.kdbx", DIAG_NEVER_ANY, tokens },
	{ "*secrets", DIAG_NEVER_ANY, tokens },
	{ "*.secret", DIAG_NEVER_ANY, tokens },
	{ "*credential*", DIAG_NEVER_ANY, tokens },
	{ "/etc/shadow*", DIAG_NEVER_ANY, tokens },
	{ "/etc/gshadow*", DIAG_NEVER_ANY, tokens },
	{ "/etc/sudoers*", DIAG_NEVER_ANY, tokens },
	{ "/etc/security/opasswd", DIAG_NEVER_ANY, tokens },
	{ "/etc/ppp/*secrets", DIAG_NEVER_ANY, tokens },
	{ "/etc/apt/auth.conf*", DIAG_NEVER_ANY, tokens },
	{ "wpa_supplicant*.conf", DIAG_NEVER_ANY, tokens },
	{ "*.psk", DIAG_NEVER_ANY, tokens },
	{ ".env", DIAG_NEVER_ANY, tokens },
	{ "/etc/NetworkManager/system-connections", DIAG_NEVER_WHOLE, tokens },
	{ "NetworkManager/system-connections", DIAG_NEVER_WHOLE, tokens },
	{ "/etc/openvpn", DIAG_NEVER_WHOLE, tokens },
	{ "cookies*", DIAG_NEVER_ANY, browsing },
	{ "history*", DIAG_NEVER_ANY, browsing },
	{ "login data*", DIAG_NEVER_ANY, browsing },
	{ "web data*", DIAG_NEVER_ANY, browsing },
	{ "logins*.json", DIAG_NEVER_ANY, browsing },
	{ "key3.db", DIAG_NEVER_ANY, browsing },
	{ "key4.db", DIAG_NEVER_ANY, browsing },
	{ "cert9.db", DIAG_NEVER_ANY, browsing },
	{ "places.sqlite*", DIAG_NEVER_ANY, browsing },
	{ "formhistory.sqlite*", DIAG_NEVER_ANY, browsing },
	{ "sessionstore*", DIAG_NEVER_ANY, browsing },
	{ "bookmarks*", DIAG_NEVER_ANY, browsing },
	{ "prefs.js", DIAG_NEVER_WHOLE, browsing },
	{ "user.js", DIAG_NEVER_WHOLE, browsing },
	{ "local state", DIAG_NEVER_WHOLE, browsing },
	{ ".mozilla", DIAG_NEVER_WHOLE, browsing },
	{ ".config/*chrom*", DIAG_NEVER_WHOLE, browsing },
	{ ".config/microsoft-edge*", DIAG_NEVER_WHOLE, browsing },
	{ "*_history", DIAG_NEVER_ANY, shell },
	{ ".*_hist", DIAG_NEVER_ANY, shell },
	{ ".lesshst", DIAG_NEVER_ANY, shell },
	{ ".viminfo", DIAG_NEVER_ANY, shell },
	{ "/proc/*/environ", DIAG_NEVER_ANY, memory },
	{ "/proc/*/mem", DIAG_NEVER_ANY, memory },
	{ "/proc/*/cmdline", DIAG_NEVER_ANY, memory },
	{ "/proc/kcore", DIAG_NEVER_ANY, memory },
	{ "/proc/keys", DIAG_NEVER_ANY, keys },
	{ "/dev", DIAG_NEVER_ANY, memory },
	/* Everything else of a home has more in it than anybody would send. */
	{ "/home", DIAG_NEVER_WHOLE, "files of a user" },
	{ "/root", DIAG_NEVER_WHOLE, "files of a user" },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* One name against one part of a pattern; '*' as often as it likes. */
static bool name_fits(const char *pattern, size_t n, const char *name,
		      size_t len)
{
	size_t p = 0, i = 0, star = SIZE_MAX, from = 0;

	while (i < len) {
		if (p < n && pattern[p] == '*') {
			star = p++;
			from = i;
		} else if (p < n && lower(pattern[p]) == lower(name[i])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (p < n && pattern[p] == '*')
		p++;
	return p == n;
}

static const char *skip_slashes(const char *p)
{
	return p + strspn(p, "/");
}

/* All parts of the pattern, from this name of the path on. */
static bool names_fit(const char *pattern, const char *path)
{
	for (;;) {
		size_t n = strcspn(pattern, "/");
		size_t len = strcspn(path, "/");

		if (len == 0 || !name_fits(pattern, n, path, len))
			return false;
		if (pattern[n] == '\0')
			return true;
		pattern += n + 1;
		path = skip_slashes(path + len);
	}
}

static bool path_fits(const char *pattern, const char *path)
{
	path = skip_slashes(path);
	if (pattern[0] == '/')
		return names_fit(pattern + 1, path);
	for (; *path != '\0'; path = skip_slashes(path + strcspn(path, "/")))
		if (names_fit(pattern, path))
			return true;
	return false;
}

enum diag_never diag_never_path(const char *path, const char **why)
{
	const struct never *whole = NULL;

	*why = NULL;
	for (size_t i = 0; i < N_ROWS; i++) {
		if (!path_fits(rows[i].pattern, path))
			continue;
		if (rows[i].what == DIAG_NEVER_ANY) {
			*why = rows[i].why;
			return DIAG_NEVER_ANY;
		}
		if (whole == NULL)
			whole = &rows[i];
	}
	if (whole == NULL)
		return DIAG_NEVER_NOT;
	*why = whole->why;
	return DIAG_NEVER_WHOLE;
}

/* RFC 7468, 10 and 11; OpenSSH's, PGP's and PuTTY's own. */
static const char *const key_texts[] = {
	"PRIVATE KEY-----",
	"PRIVATE KEY BLOCK-----",
	"PuTTY-User-Key-File-",
	"-----BEGIN OpenVPN Static key",
};

const char *diag_never_text(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof(key_texts) / sizeof(key_texts[0]); i++)
		if (len > 0 &&
		    diag_text_find_nocase(text, len, key_texts[i]) != NULL)
			return "it holds a private key";
	return NULL;
}

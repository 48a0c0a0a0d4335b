/* SPDX-License-Identifier: MIT */
/* keys.c - what settings and members of documents are called. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define SESSION_FROM 10 /* bytes */
#define KEY_MAX	     64 /* letters and digits that are looked at: the last ones */

enum place { WHOLE, PART, END };

#define TEXT(text) text, sizeof(text) - 1

/* In letters and digits only, lower case: "client_secret" is "clientsecret". */
static const struct word {
	const char *text;
	size_t len;
	enum place place;
	enum mask_key key;
	enum mask_kind kind;
} words[] = {
	{ TEXT("accesskey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("accountkey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("apikey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("activationkey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("adminkey"), END, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("auth"), WHOLE, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("authsession"), END, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("authkey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("authorization"), END, MASK_KEY_HEADER, MASK_HEADER },
	{ TEXT("anonymousidentity"), WHOLE, MASK_KEY_USER, MASK_USER },
	{ TEXT("basicauth"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("bearer"), END, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("cookie"), END, MASK_KEY_HEADER, MASK_HEADER },
	{ TEXT("cookies"), END, MASK_KEY_HEADER, MASK_HEADER },
	{ TEXT("connectionstring"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("credential"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("contrasena"), PART, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("creds"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("csrf"), PART, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("connectsid"), END, MASK_KEY_SESSION, MASK_TOKEN },
	{ TEXT("computername"), WHOLE, MASK_KEY_HOST, MASK_NAME },
	{ TEXT("estsauth"), PART, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("essid"), WHOLE, MASK_KEY_SSID, MASK_SSID },
	{ TEXT("extpat"), END, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("encryptionkey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("fsazuresas"), PART, MASK_KEY_SECRET, MASK_SAS },
	{ TEXT("functionkeys"), WHOLE, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("fedauth"), WHOLE, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("fromliteral"), WHOLE, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("functionskey"), END, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("hostname"), WHOLE, MASK_KEY_HOST, MASK_NAME },
	{ TEXT("identityheader"), END, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("identity"), WHOLE, MASK_KEY_USER, MASK_USER },
	{ TEXT("instrumentationkey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("kagglekey"), WHOLE, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("kennwort"), PART, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("keycontent"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("keydata"), END, MASK_KEY_SECRET, MASK_PRIVATE_KEY },
	{ TEXT("keymaterial"), WHOLE, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("keystring"), END, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("licensekey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("login"), WHOLE, MASK_KEY_USER, MASK_USER },
	{ TEXT("logname"), WHOLE, MASK_KEY_USER, MASK_USER },
	{ TEXT("masterkey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("mfacode"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("motdepasse"), PART, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("nodename"), WHOLE, MASK_KEY_HOST, MASK_NAME },
	{ TEXT("openaikey"), END, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("otp"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("otpcode"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("passcode"), PART, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("passphrase"), PART, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("passwd"), PART, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("password"), PART, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("passwort"), PART, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("passe"), WHOLE, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("passw"), WHOLE, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("pass"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("pin"), WHOLE, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("pincode"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("presharedkey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("primarykey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("privatemac"), WHOLE, MASK_KEY_SECRET, MASK_PRIVATE_KEY },
	{ TEXT("privatekey"), PART, MASK_KEY_SECRET, MASK_PRIVATE_KEY },
	{ TEXT("privkey"), PART, MASK_KEY_SECRET, MASK_PRIVATE_KEY },
	{ TEXT("psk"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("psw"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("pswd"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("pw"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("pwd"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("secondarykey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("secret"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("sharedkey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("sessid"), END, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("sessionid"), END, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("sessionkey"), END, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("signingkey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("storagekey"), PART, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("signature"), END, MASK_KEY_SECRET, MASK_SAS },
	{ TEXT("sig"), WHOLE, MASK_KEY_SECRET, MASK_SAS },
	{ TEXT("samlresponse"), WHOLE, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("session"), WHOLE, MASK_KEY_SESSION, MASK_TOKEN },
	{ TEXT("sselinhalt"), END, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("sastoken"), PART, MASK_KEY_SECRET, MASK_SAS },
	{ TEXT("sid"), WHOLE, MASK_KEY_SESSION, MASK_TOKEN },
	{ TEXT("ssid"), WHOLE, MASK_KEY_SSID, MASK_SSID },
	{ TEXT("subscriptionkey"), END, MASK_KEY_SECRET, MASK_KEY },
	{ TEXT("sudouser"), WHOLE, MASK_KEY_USER, MASK_USER },
	{ TEXT("token"), PART, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("user"), WHOLE, MASK_KEY_USER, MASK_USER },
	{ TEXT("username"), END, MASK_KEY_USER, MASK_USER },
	{ TEXT("userprincipalname"), WHOLE, MASK_KEY_USER, MASK_USER },
	{ TEXT("wepkey"), PART, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("wpapsk"), PART, MASK_KEY_SECRET, MASK_PASSWORD },
	{ TEXT("xsrf"), PART, MASK_KEY_SECRET, MASK_TOKEN },
};
#define N_WORDS (sizeof(words) / sizeof(words[0]))

/* Words that are so short that others end with them: by themselves, or behind
 * a sign. */
static const struct word tails[] = {
	{ TEXT("pat"), END, MASK_KEY_SECRET, MASK_TOKEN },
	{ TEXT("sas"), END, MASK_KEY_SECRET, MASK_SAS },
	{ TEXT("jwt"), END, MASK_KEY_SECRET, MASK_TOKEN },
};

/* What tells of a secret without being one. */
static const char *const about[] = {
	"type",	    "expiresin", "expireson", "endpoint", "flags",
	"name",	    "bypass",	 "url",	      "uri",	  "ref",
	"class",    "path",	 "file",      "helper",	  "policy",
	"length",   "age",	 "days",      "ttl",	  "timeout",
	"lifetime", "expires",	 "lastset",   "required", "tokencount",
};

/* The same, wherever it stands: what language models call tokens, and what
 * systemd reads from a file. */
static const char *const innocent[] = {
	"tokeniz",	"maxtokens",	  "maxnewtokens",     "numtokens",
	"prompttokens", "outputtokens",	  "completiontokens", "inputtokens",
	"totaltokens",	"tokensper",	  "eostoken",	      "bostoken",
	"padtoken",	"unktoken",	  "septoken",	      "clstoken",
	"masktoken",	"loadcredential", "importcredential",
};

static bool ends(const char *text, size_t len, const char *tail)
{
	size_t n = strlen(tail);

	return n <= len && memcmp(text + len - n, tail, n) == 0;
}

static size_t letters(const char *key, size_t len, char out[KEY_MAX])
{
	size_t n = 0;

	if (len > KEY_MAX) {
		key += len - KEY_MAX;
		len = KEY_MAX;
	}
	for (size_t i = 0; i < len; i++)
		if (mask_is_word(key[i]))
			out[n++] = (char)(key[i] >= 'A' && key[i] <= 'Z'
					      ? key[i] - 'A' + 'a'
					      : key[i]);
	return n;
}

static bool fits(const struct word *w, const char *at, size_t before,
		 size_t left)
{
	size_t n = w->len;

	return n <= left && w->text[1] == at[1] &&
	       memcmp(w->text, at, n) == 0 &&
	       (w->place != WHOLE || (before == 0 && n == left)) &&
	       (w->place != END || n == left);
}

/* The rows that begin with a letter lie together. */
static const struct word *first_with(char c)
{
	static unsigned char at[256]; /* row + 1 */
	static bool made;

	if (!made) {
		for (size_t i = N_WORDS; i > 0; i--)
			at[(unsigned char)words[i - 1].text[0]] =
			    (unsigned char)i;
		made = true;
	}
	return at[(unsigned char)c] != 0 ? &words[at[(unsigned char)c] - 1]
					 : NULL;
}

static const struct word *word_in(const char *text, size_t n)
{
	for (size_t i = 0; i + 2 <= n; i++) {
		const struct word *w = first_with(text[i]);

		for (;
		     w != NULL && w < words + N_WORDS && w->text[0] == text[i];
		     w++)
			if (fits(w, text + i, i, n - i))
				return w;
	}
	return NULL;
}

static bool ends_in_bearer(const char *key, size_t len)
{
	static const char word[] = "bearer";
	size_t n = sizeof(word) - 1;

	for (size_t i = 0; i < n && len >= n; i++)
		if (mask_small(key[len - n + i]) != word[i])
			return false;
	return len >= n;
}

/* Without a sign behind it a key has to end in the word.  Nearly all words of
 * a text are told apart by their last two letters. */
bool mask_key_may_be_bare(const char *key, size_t len)
{
#define BEFORE(a) (UINT32_C(1) << ((a) - 'a'))
	static const uint32_t before[26] = {
		['d' - 'a'] = BEFORE('r') | BEFORE('w'), /* password, passwd */
		['e' - 'a'] = BEFORE('s') | BEFORE('d'), /* passphrase */
		['k' - 'a'] = BEFORE('s'),		 /* psk */
		['n' - 'a'] = BEFORE('e') | BEFORE('i'), /* token, pin */
		['r' - 'a'] = BEFORE('e'),		 /* bearer */
		['s' - 'a'] = BEFORE('s'),		 /* pass */
		['t' - 'a'] = BEFORE('e') | BEFORE('w') | BEFORE('r'), /* jwt */
		['w' - 'a'] = BEFORE('p'),			       /* pw */
		['y' - 'a'] = BEFORE('e'),			       /* key */
	};
#undef BEFORE
	unsigned last, second;

	if (len < 2)
		return false;
	last = (unsigned)mask_small(key[len - 1]) - 'a';
	second = (unsigned)mask_small(key[len - 2]) - 'a';
	if (last == 'r' - 'a' && !ends_in_bearer(key, len))
		return false; /* "server", "other" */
	return last < 26 && second < 26 && (before[last] >> second & 1) != 0;
}

static const struct word *tail_of(const char *key, size_t len)
{
	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		size_t n = tails[i].len;

		if (len >= n && mask_same(key + len - n, tails[i].text, n) &&
		    (len == n || !mask_is_word(key[len - n - 1])))
			return &tails[i];
	}
	return NULL;
}

static bool is_about(const char *text, size_t n)
{
	for (size_t i = 0; i < sizeof(about) / sizeof(*about); i++)
		if (ends(text, n, about[i]))
			return true;
	for (size_t i = 0; i < sizeof(innocent) / sizeof(*innocent); i++)
		if (diag_text_find_nocase(text, n, innocent[i]) != NULL)
			return true;
	return n == 7 && memcmp(text, "ntokens", n) == 0;
}

enum mask_key mask_key_of(const char *key, size_t len, enum mask_kind *kind)
{
	char text[KEY_MAX];
	size_t n = letters(key, len, text);
	const struct word *w = word_in(text, n);

	if (w == NULL)
		w = tail_of(key, len);
	if (w == NULL)
		return MASK_KEY_NONE;
	if (w->key == MASK_KEY_SECRET && is_about(text, n))
		return MASK_KEY_NONE;
	*kind = w->kind;
	return w->key;
}

/* Digits among letters; "S-1-5-18" is an account of Windows. */
bool mask_is_session(const char *value, size_t len)
{
	unsigned has = 0;

	for (size_t i = 0; i < len; i++)
		has |= mask_classes[(unsigned char)value[i]];
	return len >= SESSION_FROM && (has & MASK_HAS_DIGIT) != 0 &&
	       (has & (MASK_HAS_LOWER | MASK_HAS_UPPER)) != 0 &&
	       memcmp(value, "S-1-", 4) != 0;
}

/* --- members of documents ------------------------------------------------- */

static bool listed(const char *const *list, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], key) == 0)
			return true;
	return false;
}

/* Words of our own: they say the same of everybody. */
static const char *const plain[] = {
	"schema",    "probe",	   "status",
	"service",   "services",   "role",
	"era",	     "cloud",	   "region",
	"regions",   "code",	   "severity",
	"kind",	     "verdict",	   "type",
	"transport", "version",	   "cipher",
	"alpn",	     "root",	   "faults",
	"expect",    "platform",   "os",
	"container", "tool",	   "errno",
	"who",	     "direction",  "protocol",
	"seen_by",   "answered",   "nss_hosts",
	"scheme",    "state",	   "sort",
	"mask",	     "method",	   "public_access",
	"denial",    "access",	   "started",
	"date",	     "not_before", "not_after",
	"time",	     "dialect",	   "title",
	"priority",  "format",	   "provisioningState",
};

/* Host names, also those without a dot. */
static const char *const names[] = {
	"fqdn",	 "target", "targets", "canonical", "sni",      "mname",
	"rname", "owner",  "host",    "search",	   "domains",  "no_proxy",
	"san",	 "meant",  "zone",    "fqdns",	   "hostname",
};

enum mask_member mask_member_of(const char *key)
{
	if (listed(plain, sizeof(plain) / sizeof(*plain), key))
		return MASK_MEMBER_PLAIN;
	if (listed(names, sizeof(names) / sizeof(*names), key))
		return MASK_MEMBER_NAME;
	if (strcmp(key, "name") == 0 || strcmp(key, "value") == 0)
		return MASK_MEMBER_DOTTED;
	return MASK_MEMBER_TEXT;
}

/* Every member of docs/formats that is one small word by itself; words with an
 * underscore between them are no host's name. */
static const char *const ours[] = {
	"aa",	     "about",	     "ad",	  "added",	"address",
	"addresses", "again",	     "alert",	  "alpn",	"answer",
	"answered",  "answers",	     "asked",	  "at",		"attempts",
	"block",     "body",	     "by",	  "bytes",	"came",
	"canonical", "causes",	     "chain",	  "change",	"changed",
	"changes",   "check",	     "cipher",	  "clock",	"cloud",
	"code",	     "column",	     "command",	  "complete",	"connection",
	"container", "corrected",    "cut",	  "date",	"default",
	"denial",    "detail",	     "dialect",	  "diff",	"differs",
	"direction", "domains",	     "dropped",	  "ede",	"edges",
	"edns",	     "edns0",	     "emulated",  "entries",	"era",
	"errno",     "error",	     "errors",	  "evidence",	"expect",
	"expected",  "explains",     "extra",	  "fact",	"facts",
	"faults",    "file",	     "files",	  "finding",	"findings",
	"fixable",   "fixes",	     "flows",	  "flushed",	"folder",
	"foreign",   "forwarded",    "fqdn",	  "from",	"gateway",
	"good",	     "group",	     "groups",	  "headers",	"hints",
	"host",	     "hosts",	     "http",	  "icmp",	"id",
	"include",   "infos",	     "interface", "interfaces", "inventory",
	"issuer",    "kind",	     "last",	  "lasting",	"line",
	"lines",     "lint",	     "local",	  "loopback",	"machine",
	"mark",	     "meant",	     "method",	  "metric",	"minimum",
	"mname",     "mtu",	     "name",	  "names",	"ndots",
	"needed",    "networks",     "new",	  "nobody",	"nonce",
	"notes",     "nsgs",	     "nsswitch",  "nsupdate",	"old",
	"order",     "origin",	     "origins",	  "os",		"outcome",
	"owner",     "parts",	     "path",	  "peer",	"platform",
	"port",	     "ports",	     "prefix",	  "prefixes",	"priority",
	"probe",     "problem",	     "problems",  "proof",	"protocol",
	"proxies",   "proxy",	     "public",	  "rcode",	"received",
	"region",    "regions",	     "registry",  "reloaded",	"repairs",
	"required",  "resolv",	     "result",	  "rname",	"role",
	"root",	     "roots",	     "rotate",	  "routes",	"rule",
	"rules",     "run",	     "san",	  "schema",	"scheme",
	"search",    "self",	     "sends",	  "serial",	"server",
	"servers",   "service",	     "services",  "sets",	"settled",
	"severity",  "sha256",	     "skipped",	  "sni",	"soa",
	"software",  "source",	     "sources",	  "started",	"state",
	"status",    "stop",	     "storage",	  "stub",	"subject",
	"subnets",   "synchronised", "target",	  "targets",	"tcp",
	"text",	     "texts",	     "time",	  "title",	"tls",
	"to",	     "tool",	     "transport", "trust",	"ttl",
	"tunnel",    "type",	     "uncertain", "undo",	"undoes",
	"undone",    "unknown",	     "up",	  "url",	"value",
	"verdict",   "verified",     "verify",	  "version",	"view",
	"views",     "warning",	     "warnings",  "was",	"when",
	"who",	     "why",	     "will",	  "windows",	"workspace",
	"zone",	     "items",	     "manifest",  "note",	"ticket",
	"key",	     "mask",	     "level",	  "kinds",	"created",
};

bool mask_key_is_ours(const char *key)
{
	static const char letters_only[] = "abcdefghijklmnopqrstuvwxyz_";

	return (strchr(key, '_') != NULL &&
		key[strspn(key, letters_only)] == '\0') ||
	       listed(ours, sizeof(ours) / sizeof(*ours), key);
}

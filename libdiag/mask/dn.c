/* SPDX-License-Identifier: MIT */
/* dn.c - distinguished names (RFC 4514, and as OpenSSL writes them): who
 * owns a certificate.  Public authorities, Azure's and makers of inspecting
 * proxies stay, because they tell who repairs it; anybody else's do not. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define VALUE_MAX ((size_t)256)

static const char *const known[] = {
	"Microsoft",	 "Azure",	  "DigiCert",
	"Baltimore",	 "GlobalSign",	  "Entrust",
	"Let's Encrypt", "ISRG",	  "Internet Security Research Group",
	"Sectigo",	 "COMODO",	  "USERTRUST",
	"GoDaddy",	 "Starfield",	  "Amazon",
	"Google Trust",	 "GTS ",	  "VeriSign",
	"Thawte",	 "GeoTrust",	  "IdenTrust",
	"SSL.com",	 "QuoVadis",	  "Cloudflare",
	"Certum",	 "Actalis",	  "SwissSign",
	"Buypass",	 "ZeroSSL",	  "Zscaler",
	"Fortinet",	 "FortiGate",	  "Palo Alto",
	"Netskope",	 "goskope",	  "Blue Coat",
	"Symantec",	 "Broadcom",	  "Forcepoint",
	"Websense",	 "McAfee",	  "Skyhigh",
	"Trellix",	 "Sophos",	  "Check Point",
	"Cisco",	 "Umbrella",	  "Barracuda",
	"WatchGuard",	 "SonicWall",	  "Kaspersky",
	"ESET",		 "Avast",	  "AVG ",
	"Bitdefender",	 "Norton",	  "mitmproxy",
	"Charles Proxy", "Fiddler",	  "DO_NOT_TRUST",
	"Burp",		 "PortSwigger",	  "Squid",
	"Cato Networks", "iboss",	  "Lightspeed",
	"Securly",	 "ContentKeeper", "Menlo Security",
	"Trend Micro",	 "Untangle",	  "pfSense",
	"OPNsense",	 "Juniper",	  "F5 ",
};

static const char *const kinds[] = { "CN",	     "O",
				     "OU",	     "L",
				     "ST",	     "S",
				     "STREET",	     "UID",
				     "GN",	     "SN",
				     "DC",	     "title",
				     "postalCode",   "organizationName",
				     "commonName",   "organizationalUnitName",
				     "localityName", "serialNumber" };

bool mask_owner_is_known(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (diag_text_find_nocase(text, len, known[i]) != NULL)
			return true;
	return false;
}

bool mask_dn_is_kind(const char *p, size_t len)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i][0] == p[0] && strlen(kinds[i]) == len &&
		    memcmp(kinds[i], p, len) == 0)
			return true;
	return false;
}

/* "CN", "O" and "OU" are clear; the others only among their like. */
static bool is_clear(const struct mask_scan *s, const struct mask_run *r)
{
	size_t at = r->at;

	if (s->text[at] == 'C' || s->text[at] == 'O' || r->end - at > 5)
		return true;
	while (at > 0 && s->text[at - 1] == ' ')
		at--;
	return at == 0 || strchr(",/+", s->text[at - 1]) != NULL;
}

/* Up to a separator that is not escaped. */
static size_t value_end(const struct mask_scan *s, size_t at)
{
	size_t from = at;
	bool quoted = mask_byte(s, at) == '"';

	if (quoted)
		at++;
	while (at < s->len && at - from < VALUE_MAX) {
		char c = s->text[at];

		if (c == '\n' || c == '\r' || (quoted && c == '"') ||
		    (!quoted && strchr(",/+;\"<>", c) != NULL && c != '\0'))
			break;
		at += c == '\\' && at + 1 < s->len ? 2 : 1;
	}
	if (quoted && mask_byte(s, at) == '"')
		at++;
	return at < s->len ? at : s->len;
}

static void put_value(struct mask_scan *s, size_t from, size_t to)
{
	char text[VALUE_MAX + 4];
	struct diag_buf out;
	size_t n = to - from;

	if (n == 0 || mask_owner_is_known(s->text + from, n) ||
	    !mask_lower(s->text + from, n, text, sizeof(text)))
		return;
	diag_buf_init(&out, VALUE_MAX * 8);
	/* A host's name, an e-mail address, or who it is. */
	if (memchr(text, '.', n) != NULL || memchr(text, '@', n) != NULL)
		(void)mask_inner(s, s->text + from, n, &out);
	if (out.len == 0 || memchr(text, ' ', n) != NULL ||
	    memchr(text, '.', n) == NULL) {
		diag_buf_reset(&out);
		diag_buf_puts(&out, mask_pseudonym(s->m, MASK_OWNER, text, n));
	}
	if (out.len != n || memcmp(diag_buf_str(&out), s->text + from, n) != 0)
		mask_put(s, from, to, MASK_OWNER, diag_buf_str(&out));
	diag_buf_clear(&out);
}

bool mask_dn(struct mask_scan *s, struct mask_run *r)
{
	size_t at = r->end, from, to;

	while (mask_byte(s, at) == ' ')
		at++;
	if (mask_byte(s, at) != '=' ||
	    !mask_dn_is_kind(s->text + r->at, r->end - r->at) ||
	    !is_clear(s, r))
		return false;
	from = at + 1;
	while (mask_byte(s, from) == ' ')
		from++;
	to = value_end(s, from);
	if (to == from)
		return false;
	while (to > from && s->text[to - 1] == ' ')
		to--;
	put_value(s, from, to);
	r->end = to;
	return true;
}

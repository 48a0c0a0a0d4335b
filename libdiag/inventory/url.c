/* SPDX-License-Identifier: MIT */
/* url.c - take apart what people copy (RFC 3986, section 3).
 *
 *	https://user:pass@host:port/path?query#fragment
 *	        \_______/ skipped: secrets are not ours
 *
 * More is let through than the RFC says, because the text comes from a
 * person's clipboard: quotes or angle brackets around it, no scheme, a
 * backslash for a slash (browsers take it so).  What has no name in it (an IP
 * address) is refused with the reason.
 */
#include "inventory/url.h"

#include <string.h>

#include "base/text.h"
#include "inventory/reader.h"
#include "net/addr.h"

static bool fail(const char **why, const char *text)
{
	*why = text;
	return false;
}

static struct diag_slice unwrap(const char *text)
{
	static const char pairs[] = "\"\"''<>``";
	struct diag_slice s = diag_slice_trim(diag_slice_of(text));

	while (s.len > 0 && (s.p[s.len - 1] == '\n' || s.p[s.len - 1] == '\r'))
		s.len--;
	for (size_t i = 0; pairs[i] != '\0'; i += 2) {
		if (s.len < 2 || s.p[0] != pairs[i] ||
		    s.p[s.len - 1] != pairs[i + 1])
			continue;
		s.p++;
		s.len -= 2;
		return diag_slice_trim(s);
	}
	return s;
}

static bool clean(struct diag_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return false;
	}
	return true;
}

static bool scheme_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* "https://" off the front, if something of that shape stands there. */
static void take_scheme(struct diag_slice *s, struct diag_url *out)
{
	struct diag_slice scheme = { s->p, 0 };

	while (scheme.len < s->len && scheme_char(s->p[scheme.len]))
		scheme.len++;
	if (s->len < scheme.len + 3 || s->p[scheme.len] != ':' ||
	    !is_slash(s->p[scheme.len + 1]) ||
	    !is_slash(s->p[scheme.len + 2])) {
		if (s->len < 2 || memcmp(s->p, "//", 2) != 0)
			return;
		s->p += 2;
		s->len -= 2;
		return;
	}
	out->http = diag_slice_eq_nocase(scheme, "http") ||
		    diag_slice_eq_nocase(scheme, "ws");
	s->p += scheme.len + 3;
	s->len -= scheme.len + 3;
}

/* The authority ends where the path, query or fragment begins. */
static struct diag_slice take_authority(struct diag_slice s,
					struct diag_url *out)
{
	struct diag_slice a = { s.p, 0 };

	while (a.len < s.len && strchr("/\\?#", s.p[a.len]) == NULL)
		a.len++;
	out->rest.p = s.p + a.len;
	out->rest.len = s.len - a.len;
	for (size_t i = a.len; i > 0; i--) {
		if (a.p[i - 1] != '@')
			continue;
		a.p += i;
		a.len -= i;
		break;
	}
	return a;
}

static bool take_port(struct diag_slice *host, struct diag_url *out,
		      const char **why)
{
	const char *colon = memchr(host->p, ':', host->len);
	struct diag_slice port;
	uint64_t n;

	if (colon == NULL)
		return true;
	port.p = colon + 1;
	port.len = host->len - (size_t)(colon - host->p) - 1;
	host->len = (size_t)(colon - host->p);
	if (memchr(port.p, ':', port.len) != NULL)
		return fail(why, "an IPv6 address is no name; give the name "
				 "that it stands for");
	if (port.len == 0)
		return true;
	if (!diag_slice_number(port, 1, 65535, &n))
		return fail(why, "what follows \":\" is no port (1-65535)");
	out->port = (uint16_t)n;
	return true;
}

static bool take_host(struct diag_slice host, struct diag_url *out,
		      const char **why)
{
	struct diag_addr addr;

	if (host.len == 0)
		return fail(why, "there is no host name in it");
	if (host.p[0] == '[')
		return fail(why, "an IPv6 address is no name; give the name "
				 "that it stands for");
	if (!take_port(&host, out, why))
		return false;
	if (diag_addr_parse_n(host.p, host.len, &addr))
		return fail(why, "an IP address is no name; give the name "
				 "that it stands for");
	if (!diag_fqdn_normal(host.p, host.len, out->host, why))
		return false;
	if (out->host[0] == '*')
		return fail(why, "a name with \"*\" cannot be asked; give one "
				 "that it covers");
	if (strchr(out->host, '.') == NULL)
		return fail(why, "a full name has dots; a workspace's or "
				 "account's name alone is not enough");
	return true;
}

bool diag_url_parse(const char *text, struct diag_url *out, const char **why)
{
	struct diag_slice s;

	memset(out, 0, sizeof(*out));
	if (strlen(text) > DIAG_URL_MAX)
		return fail(why, "it is too long");
	s = unwrap(text);
	if (s.len == 0)
		return fail(why, "it is empty");
	if (!clean(s))
		return fail(why, "there is a blank or control character in it");
	if (s.len > 15 && diag_slice_eq_nocase((struct diag_slice){ s.p, 15 },
					       "/subscriptions/")) {
		out->rest = s;
		return true;
	}
	take_scheme(&s, out);
	return take_host(take_authority(s, out), out, why);
}

/* --- the workspace in a resource id ---------------------------------------
 *
 *	/subscriptions/S/resourcegroups/G/workspaces/W                  (wsid)
 *	/subscriptions/S/resourceGroups/G/providers/
 *	                     Microsoft.MachineLearningServices/workspaces/W
 *
 * Other providers have workspaces too (log analytics, synapse); letter case
 * differs from one writer to the next.
 */

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One byte, "%2F" undone; a "%" that starts no escape stands for itself. */
static char next_byte(struct diag_slice *s)
{
	char c = *s->p;
	size_t used = 1;

	if (c == '%' && s->len >= 3 && hex(s->p[1]) >= 0 && hex(s->p[2]) >= 0) {
		c = (char)(hex(s->p[1]) * 16 + hex(s->p[2]));
		used = 3;
	}
	s->p += used;
	s->len -= used;
	return c;
}

static bool is_between(char c)
{
	return c == '/' || c == '\\' || c == '?' || c == '&' || c == '=' ||
	       c == '#' || c == '\0';
}

/* The next word between slashes and the like; a long one is cut.  false at
 * the end. */
static bool next_word(struct diag_slice *s, char *word, size_t size)
{
	size_t len = 0;

	while (s->len > 0 && len == 0) {
		char c = next_byte(s);

		while (!is_between(c)) {
			if (len + 1 < size)
				word[len++] = c;
			if (s->len == 0)
				break;
			c = next_byte(s);
		}
	}
	word[len] = '\0';
	return len > 0;
}

bool diag_url_workspace(const struct diag_url *url, char out[64])
{
	struct diag_slice s = url->rest;
	bool in_subscription = false;
	bool ours = true;
	char word[80];

	while (next_word(&s, word, sizeof(word))) {
		if (diag_text_eq_nocase(word, "subscriptions"))
			in_subscription = true;
		if (diag_text_eq_nocase(word, "providers") &&
		    next_word(&s, word, sizeof(word)))
			ours = diag_text_eq_nocase(
			    word, "microsoft.machinelearningservices");
		if (in_subscription && ours &&
		    diag_text_eq_nocase(word, "workspaces") &&
		    next_word(&s, word, sizeof(word)) &&
		    diag_read_workspace(word, out))
			return true;
	}
	return false;
}

const char *diag_url_shown(const char *text, char *out, size_t size)
{
	struct diag_slice s = unwrap(text);
	struct diag_url url = { .port = 0 };
	struct diag_slice host;
	char cut[256];
	size_t len;

	take_scheme(&s, &url);
	host = take_authority(s, &url);
	while (url.rest.len > 0 && *url.rest.p != '?' && *url.rest.p != '#') {
		url.rest.p++;
		url.rest.len--;
	}
	len = (size_t)(url.rest.p - host.p);
	if (len >= sizeof(cut))
		len = sizeof(cut) - 1;
	memcpy(cut, host.p, len);
	cut[len] = '\0';
	/* A password may hold a slash: then its "@" comes late. */
	for (const char *at = strchr(cut, '@'); at != NULL;
	     at = strchr(cut, '@'))
		memmove(cut, at + 1, strlen(at + 1) + 1);
	return diag_text_middle(cut, 60, true, out, size);
}

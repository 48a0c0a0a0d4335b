/* SPDX-License-Identifier: MIT */
/* error.c - see error.h.
 *
 * What went wrong: the first row of the table whose word is in the text, so
 * rows that say more come before rows that say less ("REQUEST_SEND_ERROR:
 * getaddrinfo ENOTFOUND" is about the name).
 *
 * Which host: every run of name characters is looked at.  A text is full of
 * things with dots that are no hosts (requests.exceptions.ConnectionError,
 * index.js), so a word counts only if the catalogue knows it, or if it stands
 * where hosts stand (after "://", "ENOTFOUND ", "host='" …), or if it ends
 * like a name of Azure.  The best reason wins, then the first.
 */
#include "tools/pl-doctor/error.h"

#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "inventory/catalogue.h"

struct word {
	const char *text;
	enum error_kind kind;
};

/* ASCII case ignored. */
static const struct word words[] = {
	/* the service itself, over the public way in */
	{ "private link configuration", ERROR_DENIED },
	{ "designated private link", ERROR_DENIED },
	{ "PublicNetworkAccessDisabled", ERROR_DENIED },
	{ "Public network access is disabled", ERROR_DENIED },
	{ "Public access is disabled", ERROR_DENIED },
	/* names: Node, Chrome, Firefox, Python on each system, curl, .NET */
	{ "ENOTFOUND", ERROR_NAME },
	{ "EAI_AGAIN", ERROR_NAME },
	{ "ERR_NAME_NOT_RESOLVED", ERROR_NAME },
	{ "ERR_NAME_RESOLUTION_FAILED", ERROR_NAME },
	{ "DNS_PROBE_", ERROR_NAME },
	{ "NS_ERROR_UNKNOWN_HOST", ERROR_NAME },
	{ "NameResolutionError", ERROR_NAME },
	{ "Name or service not known", ERROR_NAME },
	{ "nodename nor servname provided", ERROR_NAME },
	{ "Temporary failure in name resolution", ERROR_NAME },
	{ "No such host is known", ERROR_NAME },
	{ "getaddrinfo failed", ERROR_NAME },
	{ "Failed to resolve", ERROR_NAME },
	{ "Could not resolve host", ERROR_NAME },
	{ "could not be resolved", ERROR_NAME },
	/* proxies */
	{ "ERR_TUNNEL_CONNECTION_FAILED", ERROR_PROXY },
	{ "ERR_PROXY_", ERROR_PROXY },
	{ "Proxy Authentication Required", ERROR_PROXY },
	{ "ProxyError", ERROR_PROXY },
	{ "Tunnel connection failed", ERROR_PROXY },
	/* TLS */
	{ "CERTIFICATE_VERIFY_FAILED", ERROR_TLS },
	{ "UNABLE_TO_GET_ISSUER_CERT", ERROR_TLS },
	{ "UNABLE_TO_VERIFY_LEAF_SIGNATURE", ERROR_TLS },
	{ "SELF_SIGNED_CERT", ERROR_TLS },
	{ "unable to get local issuer certificate", ERROR_TLS },
	{ "self signed certificate", ERROR_TLS },
	{ "self-signed certificate", ERROR_TLS },
	{ "ERR_TLS_CERT_ALTNAME_INVALID", ERROR_TLS },
	{ "CERT_HAS_EXPIRED", ERROR_TLS },
	{ "ERR_CERT_", ERROR_TLS },
	{ "ERR_SSL_", ERROR_TLS },
	{ "SEC_ERROR_UNKNOWN_ISSUER", ERROR_TLS },
	{ "SSLError", ERROR_TLS },
	/* connections */
	{ "ECONNREFUSED", ERROR_REFUSED },
	{ "ERR_CONNECTION_REFUSED", ERROR_REFUSED },
	{ "NS_ERROR_CONNECTION_REFUSED", ERROR_REFUSED },
	{ "Connection refused", ERROR_REFUSED },
	{ "actively refused", ERROR_REFUSED },
	{ "WinError 10061", ERROR_REFUSED },
	{ "EHOSTUNREACH", ERROR_UNREACHABLE },
	{ "ENETUNREACH", ERROR_UNREACHABLE },
	{ "ERR_ADDRESS_UNREACHABLE", ERROR_UNREACHABLE },
	{ "ERR_INTERNET_DISCONNECTED", ERROR_UNREACHABLE },
	{ "No route to host", ERROR_UNREACHABLE },
	{ "Network is unreachable", ERROR_UNREACHABLE },
	{ "ETIMEDOUT", ERROR_SILENT },
	{ "ESOCKETTIMEDOUT", ERROR_SILENT },
	{ "ERR_CONNECTION_TIMED_OUT", ERROR_SILENT },
	{ "ERR_TIMED_OUT", ERROR_SILENT },
	{ "NS_ERROR_NET_TIMEOUT", ERROR_SILENT },
	{ "ConnectTimeout", ERROR_SILENT },
	{ "ReadTimeout", ERROR_SILENT },
	{ "Read timed out", ERROR_SILENT },
	{ "timed out", ERROR_SILENT },
	{ "WinError 10060", ERROR_SILENT },
	{ "ECONNRESET", ERROR_CUT },
	{ "ECONNABORTED", ERROR_CUT },
	{ "EPIPE", ERROR_CUT },
	{ "ERR_CONNECTION_RESET", ERROR_CUT },
	{ "ERR_CONNECTION_CLOSED", ERROR_CUT },
	{ "ERR_EMPTY_RESPONSE", ERROR_CUT },
	{ "NS_ERROR_NET_RESET", ERROR_CUT },
	{ "Connection reset by peer", ERROR_CUT },
	{ "forcibly closed", ERROR_CUT },
	{ "RemoteDisconnected", ERROR_CUT },
	{ "socket hang up", ERROR_CUT },
	/* not the network */
	{ "AADSTS", ERROR_NOT_NETWORK },
	{ "AuthorizationFailed", ERROR_NOT_NETWORK },
	{ "InvalidAuthenticationToken", ERROR_NOT_NETWORK },
	{ "ExpiredAuthenticationToken", ERROR_NOT_NETWORK },
	{ "LinkedAuthorizationFailed", ERROR_NOT_NETWORK },
	{ "AuthorizationPermissionMismatch", ERROR_NOT_NETWORK },
	{ "SubscriptionNotFound", ERROR_NOT_NETWORK },
	{ "QuotaExceeded", ERROR_NOT_NETWORK },
	/* no answer came, and no reason is given */
	{ "REQUEST_SEND_ERROR", ERROR_VAGUE },
	{ "request for data wasn", ERROR_VAGUE },
	{ "Failed to fetch", ERROR_VAGUE },
	{ "NetworkError", ERROR_VAGUE },
	{ "ERR_NETWORK", ERROR_VAGUE },
	{ "ERR_FAILED", ERROR_VAGUE },
	{ "Max retries exceeded", ERROR_VAGUE },
	{ "ServiceRequestError", ERROR_VAGUE },
};

static const char *const meanings[] = {
	[ERROR_UNKNOWN] = "it holds no word that says what went wrong",
	[ERROR_VAGUE] = "no answer came back, for whatever reason",
	[ERROR_NAME] = "the name was not resolved",
	[ERROR_REFUSED] = "somebody answered, and refused the connection",
	[ERROR_SILENT] = "nothing came back in time",
	[ERROR_CUT] = "the connection was ended from the other side",
	[ERROR_UNREACHABLE] = "there was no way to the address",
	[ERROR_TLS] = "the certificate was not accepted",
	[ERROR_PROXY] = "a proxy did not let the request through",
	[ERROR_DENIED] = "the service refuses its public way in",
	[ERROR_NOT_NETWORK] = "about signing in, permissions or quota",
};

/* Words that stand right before a host. */
static const char *const before[] = {
	"://",		 "ENOTFOUND ", "EAI_AGAIN ", "ETIMEDOUT ",
	"ECONNREFUSED ", "host='",     "host=\"",    "host: ",
	"hostname: ",	 "resolve '",  "resolve \"", "connect to ",
};

/* Ends that are Azure's, in all clouds. */
static const char *const ends[] = {
	".azureml.ms",	      ".azureml.net",
	".azure.net",	      ".windows.net",
	".azurecr.io",	      ".azure.com",
	".microsoft.com",     ".azure.us",
	".azure.cn",	      ".chinacloudapi.cn",
	".usgovcloudapi.net", ".azurecr.us",
	".azurecr.cn",	      ".microsoftonline.com",
	".azmk8s.io",	      ".azurefd.net",
	".ml.azure.us",
};

/* Where help is, not where the error was. */
static const char *const manuals[] = { "aka.ms", "go.microsoft.com",
				       "learn.microsoft.com",
				       "docs.microsoft.com" };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool is_host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/* The text before at ends with one of the words that announce a host. */
static bool is_announced(const char *text, const char *at)
{
	for (size_t i = 0; i < COUNT(before); i++) {
		size_t len = strlen(before[i]);

		if ((size_t)(at - text) >= len &&
		    memcmp(at - len, before[i], len) == 0)
			return true;
	}
	return false;
}

static bool ends_like_azure(const char *name)
{
	for (size_t i = 0; i < COUNT(ends); i++)
		if (diag_text_ends(name, ends[i]))
			return true;
	return false;
}

static bool is_manual(const char *name)
{
	for (size_t i = 0; i < COUNT(manuals); i++)
		if (strcmp(name, manuals[i]) == 0)
			return true;
	return false;
}

/* How good a reason there is to take this for the host; 0: none. */
static unsigned reason(const char *text, const char *at, const char *name)
{
	struct diag_cat_match match;

	if (strchr(name, '.') == NULL || is_manual(name))
		return 0;
	if (diag_cat_match(name, &match))
		return 3;
	if (is_announced(text, at))
		return 2;
	return ends_like_azure(name) ? 1 : 0;
}

/* ":8889" right behind the host. */
static uint16_t port_behind(const char *at, const char *end)
{
	struct diag_slice digits = { at + 1, 0 };
	uint64_t port;

	if (at == end || *at != ':')
		return 0;
	while (digits.p + digits.len < end && digits.p[digits.len] >= '0' &&
	       digits.p[digits.len] <= '9')
		digits.len++;
	return diag_slice_number(digits, 1, 65535, &port) ? (uint16_t)port : 0;
}

struct reading {
	const char *text, *end;
	struct doctor_error *out;
	unsigned best;
};

static void take_address(struct reading *r, const struct diag_addr *a,
			 const char *behind)
{
	uint16_t port = port_behind(behind, r->end);

	if (r->out->addr.family != DIAG_NOFAM)
		return;
	r->out->addr = *a;
	if (r->out->port == 0)
		r->out->port = port;
}

static void take_word(struct reading *r, const char *at, size_t len)
{
	const char *behind = at + len;
	char name[DIAG_FQDN_MAX];
	struct diag_addr addr;
	unsigned why;

	while (len > 0 && (at[len - 1] == '.' || at[len - 1] == '-'))
		len--;
	if (diag_addr_parse_n(at, len, &addr)) {
		take_address(r, &addr, behind);
		return;
	}
	if (!diag_fqdn_normal(at, len, name, NULL))
		return;
	why = reason(r->text, at, name);
	if (why <= r->best)
		return;
	r->best = why;
	memcpy(r->out->host, name, strlen(name) + 1);
	r->out->port = port_behind(behind, r->end);
}

static void find_host(struct reading *r)
{
	const char *at = r->text;

	while (at < r->end) {
		size_t len = 0;

		while (at + len < r->end && is_host_byte(at[len]))
			len++;
		if (len > 0)
			take_word(r, at, len);
		at += len > 0 ? len : 1;
	}
}

/* "port=443" of Python's urllib3, when the host did not carry one. */
static void find_port(struct reading *r)
{
	size_t len = (size_t)(r->end - r->text);
	const char *at = diag_text_find_nocase(r->text, len, "port=");
	char behind[8] = ":";

	if (r->out->port != 0 || at == NULL)
		return;
	at += strlen("port=");
	for (size_t i = 1; i < sizeof(behind) - 1 && at < r->end; i++)
		behind[i] = *at++;
	r->out->port = port_behind(behind, behind + strlen(behind));
}

void doctor_error_read(const char *text, size_t len, struct doctor_error *out)
{
	struct reading r = { .text = text, .end = text + len, .out = out };

	*out = (struct doctor_error){ .kind = ERROR_UNKNOWN };
	for (size_t i = 0; i < COUNT(words) && out->word == NULL; i++)
		if (diag_text_find_nocase(text, len, words[i].text) != NULL) {
			out->kind = words[i].kind;
			out->word = words[i].text;
		}
	out->meaning = meanings[out->kind];
	find_host(&r);
	find_port(&r);
}

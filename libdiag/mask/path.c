/* SPDX-License-Identifier: MIT */
/* path.c - URLs whose path is a secret: it names whose account a resolver
 * is asked for (NextDNS, ControlD, AdGuard: DNS over HTTPS, RFC 8484), or lets
 * everybody who knows it write into a channel. */
#include <string.h>

#include "mask/internal.h"

#define ID_FROM	 5 /* bytes of an id */
#define HOST_MAX ((size_t)255)

/* Of hosts whose path is an account's, and of those where it may be. */
static const struct path {
	const char *host;   /* or how it begins ("a.") or ends (".a") */
	bool any;	    /* all segments but the words below */
	const char *behind; /* only what follows this segment, or NULL */
} paths[] = {
	{ "dns.nextdns.io", true, NULL },
	{ "apple.dns.nextdns.io", true, NULL },
	{ "chromium.dns.nextdns.io", true, NULL },
	{ "firefox.dns.nextdns.io", true, NULL },
	{ "dns.controld.com", true, NULL },
	{ "d.adguard-dns.com", true, NULL },
	{ "hooks.slack.com", true, NULL },
	{ "conda.anaconda.org", true, "t" },
	{ "repo.anaconda.cloud", true, "t" },
	{ "discord.com", true, "webhooks" },
	{ ".webhook.office.com", true, "webhookb2" },
	{ "doh.", false, NULL },
	{ "dns.", false, NULL },
};

/* What a path says of the protocol and of nobody. */
static const char *const words[] = { "dns-query", "resolve", "services" };

static bool is_host(const char *p, size_t len, const char *host)
{
	size_t n = strlen(host);

	if (host[0] == '.')
		return len > n && mask_same(p + len - n, host, n);
	return host[n - 1] == '.' ? len > n && mask_same(p, host, n)
				  : mask_is(p, len, host);
}

/* Digits among letters; nothing else of a URL does. */
static bool is_id(const char *p, size_t len)
{
	unsigned has = 0;

	for (size_t i = 0; i < len; i++)
		has |= mask_classes[(unsigned char)p[i]];
	return len >= ID_FROM && (has & MASK_HAS_DIGIT) != 0 &&
	       (has & (MASK_HAS_LOWER | MASK_HAS_UPPER)) != 0;
}

static bool is_ordinary(const char *p, size_t len, const struct path *path)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (mask_is(p, len, words[i]))
			return true;
	return !path->any && !is_id(p, len);
}

/* From the first segment that is an account's to the end of the path. */
static bool put_path(struct mask_scan *s, struct mask_run *r, size_t at,
		     const struct path *path)
{
	bool here = path->behind == NULL;

	while (mask_byte(s, at) == '/') {
		size_t from = at + 1, to = from;

		while (mask_is_run(mask_byte(s, to)) || mask_byte(s, to) == '~')
			to++;
		if (!here)
			here = mask_is(s->text + from, to - from, path->behind);
		else if (to > from &&
			 !is_ordinary(s->text + from, to - from, path)) {
			while (mask_is_run(mask_byte(s, to)) ||
			       mask_byte(s, to) == '/')
				to++;
			if (!mask_put_between(s, r->end, from))
				return false;
			mask_put_secret(s, from, to, MASK_TOKEN);
			r->end = to;
			return true;
		}
		at = to;
	}
	return false;
}

/* "https://HOST/t/TOKEN/CHANNEL" of conda, whoever keeps it; forums have a
 * title there, and a number behind it. */
static bool put_channel(struct mask_scan *s, struct mask_run *r, size_t at)
{
	size_t from = at + 3, to = from;

	if (!mask_is_here(s, at, "/t/"))
		return false;
	while (mask_is_word(mask_byte(s, to)))
		to++;
	if (to - from < ID_FROM || mask_byte(s, to) != '/' ||
	    !mask_is_word(mask_byte(s, to + 1)) ||
	    (mask_byte(s, to + 1) >= '0' && mask_byte(s, to + 1) <= '9') ||
	    !mask_put_between(s, r->end, from))
		return false;
	mask_put_secret(s, from, to, MASK_TOKEN);
	r->end = to;
	return true;
}

bool mask_secret_path(struct mask_scan *s, struct mask_run *r)
{
	size_t from = r->end + 3, to = from;

	if (r->end - r->at != 5 || !mask_is(s->text + r->at, 5, "https"))
		return false;
	while (mask_is_run(mask_byte(s, to)) && to - from < HOST_MAX)
		to++;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		size_t path = to;

		if (!is_host(s->text + from, to - from, paths[i].host))
			continue;
		if (mask_byte(s, path) == ':')
			for (path++; mask_byte(s, path) >= '0' &&
				     mask_byte(s, path) <= '9';)
				path++;
		return put_path(s, r, path, &paths[i]);
	}
	return put_channel(s, r, to);
}

/* SPDX-License-Identifier: MIT */
/* proxy.c - proxy variables, and which of them a URL would use.
 *
 * Only scheme, host and port of a proxy are kept.  Whatever stands before the
 * last '@' may be a password, and one with a slash in it defeats every rule
 * about where the authority ends, so everything up to there is dropped.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "machine/internal.h"

#define HTTPS_PORT 443
#define VALUE_MAX  4096 /* bytes of a variable we look at */

static bool is_host_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       strchr(".-_:[]%", c) != NULL;
}

/* "host:port" in lower case; false: not such a thing. */
static bool read_authority(struct diag_slice s, char *out, size_t size)
{
	size_t n = 0;

	while (n < s.len && strchr("/?#", s.p[n]) == NULL)
		n++;
	if (n == 0 || n >= size)
		return false;
	memcpy(out, s.p, n);
	out[n] = '\0';
	diag_text_lower(out);
	for (size_t i = 0; i < n; i++)
		if (out[i] == '\0' || !is_host_byte((unsigned char)out[i]))
			return false;
	return out[0] != ':';
}

/* RFC 3986, 3.1 */
static bool is_scheme_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* "socks5h://" in front, lower case; "http" when there is none (curl). */
static void read_scheme(struct diag_slice *s, char *out, size_t size)
{
	size_t n = 0;

	while (n < s->len && n + 1 < size && is_scheme_byte(s->p[n]))
		n++;
	if (n == 0 || s->len - n < 3 || memcmp(s->p + n, "://", 3) != 0) {
		memcpy(out, "http", sizeof("http"));
		return;
	}
	memcpy(out, s->p, n);
	out[n] = '\0';
	diag_text_lower(out);
	s->p += n + 3;
	s->len -= n + 3;
}

static bool cut_credentials(struct diag_slice *s)
{
	for (size_t i = s->len; i-- > 0;) {
		if (s->p[i] != '@')
			continue;
		s->p += i + 1;
		s->len -= i + 1;
		return true;
	}
	return false;
}

static bool push_proxy(struct diag_machine *m, const struct diag_proxy *from)
{
	struct diag_proxy *p =
	    diag_arena_push(&m->arena, &m->proxies, &m->n_proxies, sizeof(*p));

	if (p == NULL)
		return false;
	p->scheme = diag_arena_strdup(&m->arena, from->scheme);
	p->url = diag_arena_strdup(&m->arena, from->url);
	p->source = diag_arena_strdup(&m->arena, from->source);
	p->has_credentials = from->has_credentials;
	return p->scheme != NULL && p->url != NULL && p->source != NULL;
}

bool machine_add_proxy(struct diag_machine *m, const char *scheme,
		       const char *value, const char *source,
		       struct diag_problems *notes, struct diag_err *err)
{
	struct diag_slice s = diag_slice_trim(diag_slice_of(value));
	struct diag_proxy p = { .scheme = scheme, .source = source };
	char own[16], host[DIAG_FQDN_MAX + 16];
	char url[sizeof(own) + sizeof(host) + 4];

	if (s.len == 0)
		return true; /* an empty variable is as good as none */
	read_scheme(&s, own, sizeof(own));
	p.has_credentials = cut_credentials(&s);
	if (s.len > VALUE_MAX || !read_authority(s, host, sizeof(host))) {
		if (notes != NULL)
			diag_problem(notes, "%s is no proxy URL", source);
		return true;
	}
	(void)snprintf(url, sizeof(url), "%s://%s", own, host);
	p.url = url;
	return push_proxy(m, &p) || diag_fail_nomem(err, "proxy");
}

/* https_proxy before all_proxy, as curl(1) "ENVIRONMENT". */
const struct diag_proxy *diag_machine_proxy(const struct diag_machine *m,
					    const char *name)
{
	static const char *const schemes[] = { "https", "all" };

	if (machine_no_proxy_has(m, name, HTTPS_PORT))
		return NULL;
	for (size_t k = 0; k < sizeof(schemes) / sizeof(schemes[0]); k++)
		for (size_t i = 0; i < m->n_proxies; i++)
			if (strcmp(m->proxies[i].scheme, schemes[k]) == 0)
				return &m->proxies[i];
	return NULL;
}

/* SPDX-License-Identifier: MIT */
/* no_proxy.c - which names go past the proxy.
 *
 * As curl documents it (CURLOPT_NOPROXY): a list split by commas or blanks; a
 * lone "*" is everything; an entry matches the name itself and what ends with
 * a dot and the entry, with or without a dot in front of it; an address
 * matches itself, a prefix ("10.0.0.0/8", curl 7.86) what lies in it.  A port
 * behind an entry (Go, Python) limits it to that port.
 */
#include <string.h>

#include "base/text.h"
#include "machine/internal.h"

bool machine_set_no_proxy(struct diag_machine *m, const char *value,
			  struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(value, strlen(value));
	struct machine_names list = { 0 };
	struct diag_slice word;

	while (machine_list_word(&c, &word))
		if (!machine_names_add_domain(m, &list, word))
			return diag_fail_nomem(err, "no_proxy");
	m->no_proxy = list.items;
	m->n_no_proxy = list.n;
	return true;
}

/* Take ":443" off an entry.  false: it names another port.  A text with two
 * colons and no bracket is an IPv6 address, not a port. */
static bool take_port(struct diag_slice *s, uint16_t port)
{
	const char *colon = memchr(s->p, ':', s->len);
	const char *bracket = memchr(s->p, ']', s->len);
	struct diag_slice digits;
	uint64_t n;

	if (bracket != NULL)
		colon = bracket + 1 < s->p + s->len ? bracket + 1 : NULL;
	if (colon == NULL || *colon != ':')
		return true;
	digits.p = colon + 1;
	digits.len = (size_t)(s->p + s->len - digits.p);
	if (!diag_slice_number(digits, 1, 65535, &n))
		return true;
	s->len = (size_t)(colon - s->p);
	return n == port;
}

static bool matches_address(struct diag_slice entry,
			    const struct diag_addr *addr)
{
	char text[DIAG_ADDR_TEXT];
	struct diag_cidr cidr;

	if (entry.len >= 2 && entry.p[0] == '[' &&
	    entry.p[entry.len - 1] == ']') {
		entry.p++;
		entry.len -= 2;
	}
	if (entry.len >= sizeof(text))
		return false;
	memcpy(text, entry.p, entry.len);
	text[entry.len] = '\0';
	return diag_cidr_parse(text, true, &cidr) && diag_cidr_has(&cidr, addr);
}

static bool matches_name(struct diag_slice entry, const char *name)
{
	size_t len = strlen(name);
	const char *tail;

	while (entry.len > 0 && entry.p[0] == '.') {
		entry.p++;
		entry.len--;
	}
	if (entry.len == 0 || len < entry.len)
		return false;
	tail = name + len - entry.len;
	return memcmp(tail, entry.p, entry.len) == 0 &&
	       (tail == name || tail[-1] == '.');
}

bool machine_no_proxy_has(const struct diag_machine *m, const char *name,
			  uint16_t port)
{
	struct diag_addr addr;
	bool is_address = diag_addr_parse(name, &addr);

	for (size_t i = 0; i < m->n_no_proxy; i++) {
		struct diag_slice entry = diag_slice_of(m->no_proxy[i]);

		if (diag_slice_eq(entry, "*"))
			return true;
		if (!take_port(&entry, port))
			continue;
		if (is_address ? matches_address(entry, &addr)
			       : matches_name(entry, name))
			return true;
	}
	return false;
}

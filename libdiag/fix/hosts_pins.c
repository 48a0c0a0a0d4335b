/* SPDX-License-Identifier: MIT */
/* hosts_pins.c - our names, found at the price of a hash for the few words
 * that have the length of one of them. */
#include "fix/hosts_internal.h"

#include <string.h>

#include "base/text.h"
#include "net/fqdn.h"

static char low(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* FNV-1a. */
static uint32_t hash(const char *p, size_t len)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)low(p[i])) * 16777619U;
	return h;
}

static bool same(const char *name, struct diag_slice word)
{
	for (size_t i = 0; i < word.len; i++)
		if (name[i] != low(word.p[i]))
			return false;
	return name[word.len] == '\0';
}

uint32_t hosts_pins_find(const struct hosts_pins *p, struct diag_slice word)
{
	size_t slot;

	if (word.len >= sizeof(p->lengths) || !p->lengths[word.len])
		return 0;
	slot = hash(word.p, word.len) & p->mask;
	for (; p->slots[slot] != 0; slot = (slot + 1) & p->mask)
		if (same(p->pins[p->slots[slot] - 1].name, word))
			return p->slots[slot];
	return 0;
}

bool hosts_pins_has(const struct hosts_pins *p, uint32_t first,
		    const struct diag_addr *addr, size_t *which)
{
	for (uint32_t i = first; i != 0; i = p->next[i - 1]) {
		if (!diag_addr_eq(&p->pins[i - 1].addr, addr))
			continue;
		*which = i - 1;
		return true;
	}
	return false;
}

static bool good_pin(const struct diag_pin *pin)
{
	char normal[DIAG_FQDN_MAX];

	return pin->name != NULL && pin->addr.family != DIAG_NOFAM &&
	       pin->addr.zone[0] == '\0' && pin->name[0] != '*' &&
	       diag_fqdn_normal(pin->name, strlen(pin->name), normal, NULL) &&
	       strcmp(normal, pin->name) == 0;
}

static bool add(struct hosts_pins *p, uint32_t i, struct diag_err *err)
{
	const struct diag_pin *pin = &p->pins[i];
	struct diag_slice name = diag_slice_of(pin->name);
	uint32_t *at;
	size_t slot, which;
	uint32_t first = hosts_pins_find(p, name);

	if (first != 0 && hosts_pins_has(p, first, &pin->addr, &which))
		return diag_fail(err, DIAG_EUSAGE, "hosts",
				 "%s: the same address twice", pin->name);
	if (first != 0) {
		for (at = &p->next[first - 1]; *at != 0;)
			at = &p->next[*at - 1];
		*at = i + 1;
		return true;
	}
	slot = hash(name.p, name.len) & p->mask;
	while (p->slots[slot] != 0)
		slot = (slot + 1) & p->mask;
	p->slots[slot] = i + 1;
	p->lengths[name.len] = true;
	return true;
}

bool hosts_pins_make(struct diag_arena *arena, const struct diag_pin *pins,
		     size_t n, struct hosts_pins *out, struct diag_err *err)
{
	size_t size = 16;

	memset(out, 0, sizeof(*out));
	if (n > DIAG_HOSTS_PINS_MAX)
		return diag_fail(err, DIAG_ELIMIT, "hosts",
				 "more than %d names", DIAG_HOSTS_PINS_MAX);
	while (size < 2 * n)
		size *= 2;
	out->pins = pins;
	out->n = n;
	out->mask = size - 1;
	out->slots = diag_arena_array(arena, size, sizeof(*out->slots));
	out->next = diag_arena_array(arena, n + 1, sizeof(*out->next));
	if (out->slots == NULL || out->next == NULL)
		return diag_fail_nomem(err, "hosts");
	for (uint32_t i = 0; i < n; i++) {
		if (!good_pin(&pins[i]))
			return diag_fail(err, DIAG_EUSAGE, "hosts",
					 "%s: no name or no address for a "
					 "hosts line",
					 pins[i].name != NULL ? pins[i].name
							      : "?");
		if (!add(out, i, err))
			return false;
	}
	return true;
}

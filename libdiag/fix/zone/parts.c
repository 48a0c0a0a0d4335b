/* SPDX-License-Identifier: MIT */
/* parts.c - see parts.h.
 *
 * The serial.  The same input must give the same bytes, so no clock; but
 * CoreDNS loads a changed file only when its serial has changed, so no
 * constant.  It is made from the content (FNV-1a, kept below 2^31 and above
 * 0).  These are primary zones that nobody transfers; it need not rise.
 */
#include "fix/zone/parts.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/fqdn.h"

#define PART_MAX ((size_t)64 << 20)

/* The inventory's name comes from outside and goes into comments and quotes:
 * only what is harmless in all of these languages stays. */
static const char *label_of(struct diag_arena *arena, const char *name)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-";
	char *label = diag_arena_strdup(arena, name[0] != '\0' ? name : "-");

	for (char *c = label; c != NULL && *c != '\0'; c++)
		if (strchr(fine, *c) == NULL)
			*c = '_';
	return label;
}

void parts_init(struct parts *p, const struct diag_zone_job *job,
		struct diag_arena *arena)
{
	memset(p, 0, sizeof(*p));
	p->arena = arena;
	p->job = job;
	p->label = label_of(arena, job->inventory);
	p->failed = p->label == NULL;
	diag_buf_init(&p->text, PART_MAX);
}

static void close_part(struct parts *p)
{
	struct diag_zone_part *part;

	if (p->n == 0)
		return;
	part = &p->items[p->n - 1];
	part->len = p->text.len;
	part->text =
	    diag_arena_strn(p->arena, diag_buf_str(&p->text), p->text.len);
	p->failed |= part->text == NULL || p->text.code != DIAG_OK;
	diag_buf_reset(&p->text);
}

void parts_begin(struct parts *p, bool include, const char *fmt, ...)
{
	struct diag_zone_part *part;
	va_list args;

	close_part(p);
	part = diag_arena_push(p->arena, &p->items, &p->n, sizeof(*part));
	if (part == NULL) {
		p->failed = true;
		return;
	}
	va_start(args, fmt);
	part->file = diag_arena_vprintf(p->arena, fmt, args);
	va_end(args);
	part->include = include;
	p->failed |= part->file == NULL;
}

void parts_put(struct parts *p, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = diag_arena_vprintf(p->arena, fmt, args);
	va_end(args);
	p->failed |= text == NULL;
	diag_buf_puts(&p->text, text);
}

void parts_head(struct parts *p, const char *comment, const char *what)
{
	parts_put(p, "%s Written by pl-zone for %s: %s\n", comment, p->label,
		  what);
}

bool parts_end(struct parts *p, struct diag_zone_text *out,
	       struct diag_err *err)
{
	close_part(p);
	diag_buf_clear(&p->text);
	if (p->failed)
		return diag_fail_nomem(err, "zone text");
	out->parts = p->items;
	out->n = p->n;
	return true;
}

/* --- zones ---------------------------------------------------------------- */

static const char *zone_of(const struct diag_zone_name *name,
			   enum diag_zone_style style)
{
	if (style == DIAG_STYLE_PRIVATELINK && name->zone != NULL)
		return name->zone;
	if (style == DIAG_STYLE_PARENT && name->parent != NULL)
		return name->parent;
	return name->fqdn;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct parts_zone *)a)->name,
		      ((const struct parts_zone *)b)->name);
}

/* One zone for each name, sorted; neighbours of the same name then melt into
 * the first. */
static size_t melt(struct parts_zone *zones, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept == 0 ||
		    strcmp(zones[kept - 1].name, zones[i].name) != 0)
			zones[kept++] = zones[i];
		else
			zones[kept - 1].n++;
	}
	return kept;
}

static int by_zone_then_name(const void *a, const void *b)
{
	const struct parts_zone *x = a, *y = b;
	int c = by_name(a, b);

	return c != 0 ? c : strcmp(x->names[0]->fqdn, y->names[0]->fqdn);
}

bool parts_zones(const struct diag_zone_job *job, struct diag_arena *arena,
		 const struct parts_zone **out, size_t *n, struct diag_err *err)
{
	size_t all = job->names->n;
	struct parts_zone *zones = diag_arena_array(arena, all, sizeof(*zones));
	const struct diag_zone_name **names =
	    diag_arena_array(arena, all, sizeof(*names));
	const struct diag_zone_name **sorted =
	    diag_arena_array(arena, all, sizeof(*sorted));

	*out = zones;
	*n = 0;
	if (all == 0)
		return true;
	if (zones == NULL || names == NULL || sorted == NULL)
		return diag_fail_nomem(err, "zone text");
	for (size_t i = 0; i < all; i++) {
		names[i] = &job->names->items[i];
		zones[i].name = zone_of(names[i], job->style);
		zones[i].names = &names[i];
		zones[i].n = 1;
	}
	qsort(zones, all, sizeof(*zones), by_zone_then_name);
	for (size_t i = 0; i < all; i++) { /* in the order of the zones */
		sorted[i] = zones[i].names[0];
		zones[i].names = &sorted[i];
	}
	*n = melt(zones, all);
	return true;
}

const char *parts_owner(struct parts *p, const struct parts_zone *zone,
			const struct diag_zone_name *name)
{
	const char *owner;
	size_t len;

	if (strcmp(zone->name, name->fqdn) == 0)
		return "@";
	if (name->zone != NULL && strcmp(zone->name, name->zone) == 0)
		return name->record;
	len = strlen(name->fqdn) - strlen(zone->name) - 1;
	owner = diag_arena_strn(p->arena, name->fqdn, len);
	p->failed |= owner == NULL;
	return owner != NULL ? owner : "";
}

/* --- zone files ----------------------------------------------------------- */

static uint32_t serial_of(const char *text, size_t len)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619U;
	return (h & 0x7fffffffU) | 1U;
}

static void put_records(struct parts *p, const struct parts_zone *zone)
{
	for (size_t i = 0; i < zone->n; i++) {
		const struct diag_zone_name *name = zone->names[i];
		const char *owner = parts_owner(p, zone, name);

		for (size_t k = 0; k < name->n_addresses; k++) {
			struct parts_addr a;

			parts_put(p, "%s\tIN\t%s\t%s\n", owner,
				  parts_type(&name->addresses[k]),
				  parts_addr(&name->addresses[k], &a));
		}
	}
}

/* Records first, to know the serial. */
static void put_zone(struct parts *p, const struct parts_zone *zone)
{
	const char *records;
	uint32_t serial;

	put_records(p, zone);
	serial = serial_of(diag_buf_str(&p->text), p->text.len);
	records =
	    diag_arena_strn(p->arena, diag_buf_str(&p->text), p->text.len);
	p->failed |= records == NULL;
	diag_buf_reset(&p->text);
	parts_head(p, ";", zone->name);
	parts_put(p,
		  "$ORIGIN %s.\n$TTL %u\n"
		  "@\tIN\tSOA\tlocalhost. hostmaster.localhost. ( %u ; from "
		  "the content\n"
		  "\t\t3600 600 86400 %u )\n"
		  "\tIN\tNS\tlocalhost.\n",
		  zone->name, p->job->ttl_s, serial, p->job->ttl_s);
	diag_buf_puts(&p->text, records);
}

void parts_zone_files(struct parts *p, const struct parts_zone *zones, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		parts_begin(p, false, "%s.zone", zones[i].name);
		put_zone(p, &zones[i]);
	}
}

/* --- addresses ------------------------------------------------------------ */

const char *parts_addr(const struct diag_addr *a, struct parts_addr *into)
{
	return diag_addr_text(a, into->text);
}

const char *parts_type(const struct diag_addr *a)
{
	return a->family == DIAG_IPV6 ? "AAAA" : "A";
}

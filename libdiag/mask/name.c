/* SPDX-License-Identifier: MIT */
/* name.c - host names, label by label: so a parent stays the parent of its
 * children, and a host has one pseudonym with its domain and without. */
#include <string.h>

#include "base/text.h"
#include "inventory/catalogue.h"
#include "mask/internal.h"
#include "net/fqdn.h"

#define LABEL_MAX 63

/* --- one label ------------------------------------------------------------ */

static const char *pseudonym(struct diag_mask *m, const char *p, size_t len)
{
	return mask_pseudonym(m, MASK_NAME, p, len);
}

/* W in a label "ml-W-R-G" that DNS takes (RFC 1035, 2.3.4). */
static size_t room_for(size_t region)
{
	size_t room = LABEL_MAX - strlen("ml---") - MASK_GUID_LEN;

	room = region < room ? room - region : 0;
	return room < MASK_PSEUDONYM ? room : MASK_PSEUDONYM;
}

/* "ml-W-R-G", "cert-G": what stands before the GUID.  W may hold dashes, R is
 * the last word before it. */
static void before_guid(struct diag_mask *m, const char *p, size_t len,
			struct diag_buf *out)
{
	size_t head = len > 3 && memcmp(p, "ml-", 3) == 0 ? 3 : 0;
	size_t last = len;

	while (last > head && p[last - 1] != '-')
		last--;
	if (mask_label_is_common(p, len)) {
		diag_buf_put(out, p, len);
		return;
	}
	diag_buf_put(out, p, head);
	if (last > head + 1 && mask_is_region(p + last, len - last)) {
		struct diag_slice w = { p + head, last - 1 - head };

		diag_buf_puts(out, mask_pseudonym_of(m, MASK_NAME, w,
						     room_for(len - last)));
		diag_buf_put(out, p + last - 1, len - last + 1);
		return;
	}
	diag_buf_puts(out, pseudonym(m, p + head, len - head));
}

static bool with_guid(struct diag_mask *m, const char *p, size_t len,
		      struct diag_buf *out)
{
	char guid[MASK_GUID_LEN + 1];
	size_t at = len - MASK_GUID_LEN;

	if (len < MASK_GUID_LEN || !mask_guid_at(p + at, MASK_GUID_LEN))
		return false;
	mask_guid(m, p + at, guid);
	if (at > 1 && p[at - 1] == '-') {
		before_guid(m, p, at - 1, out);
		diag_buf_putc(out, '-');
	} else if (at > 0) {
		return false;
	}
	diag_buf_puts(out, guid);
	return true;
}

void mask_label(struct diag_mask *m, const char *label, size_t len,
		struct diag_buf *out)
{
	size_t stem =
	    len > 3 && memcmp(label + len - 3, "-22", 3) == 0 ? len - 3 : len;

	if (mask_is_kept(m, label, len) || label[0] == '_' ||
	    (len == 1 && *label == '*')) {
		diag_buf_put(out, label, len);
		return;
	}
	if (with_guid(m, label, len, out))
		return;
	/* An instance's name for SSH. */
	if (stem < len && mask_table_find(&m->words, label, len) == NULL) {
		diag_buf_puts(out, pseudonym(m, label, stem));
		diag_buf_put(out, label + stem, len - stem);
		return;
	}
	diag_buf_puts(out, pseudonym(m, label, len));
}

/* --- a name --------------------------------------------------------------- */

/* name[from, to): whole labels with a dot behind each. */
static void put_labels(struct diag_mask *m, const char *name, size_t to,
		       bool own, struct diag_buf *out)
{
	for (size_t at = 0; at < to;) {
		size_t len = strcspn(name + at, ".");

		if (own && mask_label_is_common(name + at, len))
			diag_buf_put(out, name + at, len);
		else
			mask_label(m, name + at, len, out);
		at += len;
		if (name[at] == '.')
			diag_buf_putc(out, '.');
		at++;
	}
}

static bool labels_ok(const char *name, size_t len)
{
	size_t run = 0;

	for (size_t i = 0; i < len; i++) {
		bool ok = mask_is_word(name[i]) || name[i] == '-' ||
			  name[i] == '_' || name[i] == '*';

		run = name[i] == '.' ? 0 : run + 1;
		if ((name[i] != '.' && !ok) || run > LABEL_MAX ||
		    (name[i] == '.' && (i == 0 || name[i - 1] == '.')))
			return false;
	}
	return len > 0 && name[len - 1] != '.';
}

/* Kept by a rule: the name, or one that it ends with. */
static bool is_kept(const struct diag_mask *m, const char *name)
{
	for (const char *at = name; at != NULL;
	     at = strchr(at, '.') != NULL ? strchr(at, '.') + 1 : NULL)
		if (mask_is_kept(m, at, strlen(at)))
			return true;
	return false;
}

/* Public names of the catalogue stay whole; those with a hole are not in the
 * table of suffixes. */
static bool stays(const struct diag_mask *m, const char *name)
{
	return is_kept(m, name) || diag_cat_is_public(name, NULL, NULL);
}

static bool is_numbers(const char *name)
{
	return name[strspn(name, "0123456789.")] == '\0';
}

/* One name, with no other name in it. */
static void put_name(struct diag_mask *m, const char *name, size_t len,
		     struct diag_buf *out)
{
	size_t at = 0;
	enum mask_suffix suffix = mask_suffix_of(m, name, len, &at);

	if (suffix == MASK_SUFFIX_OPEN)
		at = 0;
	else if (suffix == MASK_SUFFIX_NONE || memchr(name, '.', len) == NULL)
		at = len; /* nothing of it is known to be everybody's */
	put_labels(m, name, at, suffix == MASK_SUFFIX_OWN, out);
	diag_buf_put(out, name + at, len - at);
}

/* Where a domain of the search list begins behind one of Azure's names; len:
 * there is none. */
static size_t searched(const struct diag_mask *m, const char *name, size_t len)
{
	char head[MASK_NAME_MAX + 1];
	size_t at = 0;

	if (mask_suffix_of(m, name, len, &at) == MASK_SUFFIX_OWN ||
	    mask_suffix_of(m, name, len, &at) == MASK_SUFFIX_OPEN)
		return len;
	for (size_t i = len - 1; i > 0; i--) {
		enum mask_suffix suffix;

		if (name[i] != '.')
			continue;
		memcpy(head, name, i);
		head[i] = '\0';
		suffix = mask_suffix_of(m, head, i, &at);
		if (suffix == MASK_SUFFIX_OWN || suffix == MASK_SUFFIX_OPEN)
			return i;
	}
	return len;
}

/* A name that stays as it is, or one label that is no machine's. */
static bool is_nobodys(const struct diag_mask *m, const char *name, size_t len)
{
	size_t at = 0;

	if (is_numbers(name) || stays(m, name))
		return true;
	if (strchr(name, '.') != NULL)
		return mask_suffix_of(m, name, len, &at) == MASK_SUFFIX_OPEN;
	return mask_label_is_common(name, len) || strcmp(name, "arpa") == 0;
}

bool mask_name(struct diag_mask *m, const char *text, size_t len,
	       struct diag_buf *out)
{
	char name[MASK_NAME_MAX + 1];
	bool dot = len > 1 && text[len - 1] == '.';
	size_t at;

	if (dot)
		len--;
	if (!mask_lower(text, len, name, sizeof(name)) ||
	    !labels_ok(name, len) || is_nobodys(m, name, len))
		return false;
	at = searched(m, name, len);
	name[at] = '\0';
	if (at < len && stays(m, name))
		diag_buf_puts(out, name);
	else
		put_name(m, name, at, out);
	if (at < len) {
		diag_buf_putc(out, '.');
		put_name(m, name + at + 1, len - at - 1, out);
	}
	if (dot)
		diag_buf_putc(out, '.');
	return true;
}

/* --- names in text -------------------------------------------------------- */

/* In text a dot is no proof: "main.py", "1.2.3", "libssl.so". */
static bool looks_like_name(const struct mask_scan *s, const char *name,
			    size_t len)
{
	size_t at = 0, dots = 0;

	for (size_t i = 0; i < len; i++)
		dots += name[i] == '.';
	switch (mask_suffix_of(s->m, name, len, &at)) {
	case MASK_SUFFIX_NONE:
		return false;
	case MASK_SUFFIX_TLD:
		at = len;
		while (name[at - 1] != '.')
			at--;
		return dots > 1 || mask_tld_known(name + at, len - at);
	default:
		return true;
	}
}

/* What a name becomes, or NULL when it stays; lower case goes in. */
static const char *host_of(struct mask_scan *s, const char *name, size_t len)
{
	struct diag_buf out;
	const char *to = NULL;

	if (memchr(name, '.', len) == NULL || !looks_like_name(s, name, len))
		return NULL;
	diag_buf_init(&out, MASK_NAME_MAX * 4);
	if (mask_name(s->m, name, len, &out) &&
	    strcmp(diag_buf_str(&out), name) != 0) {
		to = diag_arena_strdup(&s->m->arena, diag_buf_str(&out));
		if (to == NULL)
			s->m->failed = DIAG_ENOMEM;
	}
	diag_buf_clear(&out);
	return to;
}

/* A log says the same names over and over. */
static const char *remembered(struct mask_scan *s, const char *name, size_t len)
{
	struct mask_table *t = &s->m->hosts;
	const struct mask_entry *e = mask_table_find(t, name, len);
	struct mask_entry *added;
	const char *to;

	if (e != NULL)
		return e->value;
	to = host_of(s, name, len);
	if (t->n >= DIAG_MASK_PAIRS || s->m->failed != DIAG_OK)
		return to;
	added = mask_table_put(t, &s->m->arena, name, len);
	if (added == NULL)
		s->m->failed = DIAG_ENOMEM;
	else
		added->value = to;
	return to;
}

bool mask_host(struct mask_scan *s, struct mask_run *r)
{
	const char *text = s->text + r->at, *to;
	size_t len = r->end - r->at, skip = 0;
	char name[MASK_NAME_MAX + 1];

	if (mask_byte(s, r->end) == '[')
		return false; /* "IP4.DOMAIN[1]": a key with a number */
	if ((r->has & (MASK_HAS_LOWER | MASK_HAS_UPPER)) == 0)
		return false; /* "10.0.0.4": no name ends with a number */
	while (skip < len && !mask_is_word(text[skip]) && text[skip] != '_')
		skip++; /* ".corp.example", "-host.corp.example" */
	while (len > skip && !mask_is_word(text[len - 1]))
		len--;
	if (!mask_lower(text + skip, len - skip, name, sizeof(name)))
		return false;
	to = remembered(s, name, len - skip);
	if (to == NULL)
		return false;
	mask_put(s, r->at + skip, r->at + len, MASK_NAME, to);
	r->end = r->at + len;
	return true;
}

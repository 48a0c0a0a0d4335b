/* SPDX-License-Identifier: MIT */
/* start.c - what the first word of a line makes of the line. */
#include <string.h>

#include "hosts/internal.h"

#define BOM "\xef\xbb\xbf"

static bool is_name(struct diag_slice word)
{
	char normal[DIAG_FQDN_MAX];

	return diag_fqdn_normal(word.p, word.len, normal, NULL);
}

static bool is_address(struct diag_slice word)
{
	struct diag_addr addr;

	return diag_addr_parse_n(word.p, word.len, &addr);
}

/* An address behind a byte-order mark. */
static bool with_bom(struct diag_slice word, struct hosts_start *out)
{
	struct diag_slice rest;

	if (word.len <= strlen(BOM) || memcmp(word.p, BOM, strlen(BOM)) != 0)
		return false;
	rest.p = word.p + strlen(BOM);
	rest.len = word.len - strlen(BOM);
	if (!is_address(rest))
		return false;
	out->kind = HOSTS_START_BAD;
	out->why = "an invisible byte-order mark stands before the address, "
		   "so the line is no entry";
	out->cut = (struct diag_slice){ word.p, strlen(BOM) };
	out->names = word.p + word.len;
	return true;
}

static bool bad_address(struct diag_slice word, const char *end,
			struct hosts_start *out)
{
	const char *at = word.p + word.len;
	struct diag_slice second;

	if (!hosts_address_like(word) || !hosts_next_word(&at, end, &second) ||
	    !is_name(second))
		return false;
	out->kind = HOSTS_START_BAD;
	out->why = "the first word is no IP address, so the line is no entry";
	out->cut = word;
	hosts_repair_address(word, out->put);
	out->names = word.p + word.len;
	return true;
}

static bool glued(struct diag_slice word, struct hosts_start *out)
{
	struct hosts_glued parts;

	if (!hosts_split_glued(word, &parts))
		return false;
	out->kind = HOSTS_START_GLUED;
	out->why = "the address and the name run together, so the line is no "
		   "entry";
	out->cut.p = parts.addr.p + parts.addr.len;
	out->cut.len = (size_t)(parts.name.p - out->cut.p);
	memcpy(out->put, " ", sizeof(" "));
	out->names = parts.name.p;
	return true;
}

/* One name, then its address, then nothing. */
static bool swapped(struct diag_slice word, const char *end,
		    struct hosts_start *out)
{
	const char *at = word.p + word.len;
	struct diag_slice second, third;

	if (!is_name(word) || memchr(word.p, '.', word.len) == NULL ||
	    !hosts_next_word(&at, end, &second) || !is_address(second) ||
	    second.len + 2 > sizeof(out->put) ||
	    hosts_next_word(&at, end, &third))
		return false;
	out->kind = HOSTS_START_BAD;
	out->why = "the name stands before the address, so the line is no "
		   "entry";
	out->cut = (struct diag_slice){ word.p, 0 };
	memcpy(out->put, second.p, second.len);
	memcpy(out->put + second.len, " ", sizeof(" "));
	out->drop.p = word.p + word.len;
	out->drop.len = (size_t)(second.p + second.len - out->drop.p);
	out->names = word.p;
	out->no_names = out->drop.p;
	return true;
}

void hosts_judge_start(const char *line, const char *end,
		       struct hosts_start *out)
{
	struct diag_slice word;
	struct diag_addr addr;

	*out =
	    (struct hosts_start){ .kind = HOSTS_START_OTHER, .no_names = end };
	if (!hosts_next_word(&line, end, &word))
		return;
	out->cut = (struct diag_slice){ word.p, 0 };
	out->names = line;
	if (diag_addr_parse_n(word.p, word.len, &addr)) {
		/* glibc takes no zone, macOS writes one: fe80::1%lo0. */
		if (addr.zone[0] == '\0')
			out->kind = HOSTS_START_FINE;
		return;
	}
	if (!with_bom(word, out) && !bad_address(word, end, out) &&
	    !glued(word, out))
		(void)swapped(word, end, out);
}

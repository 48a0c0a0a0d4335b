/* SPDX-License-Identifier: MIT */
/* start.c - what the first word of a line makes of the line. */
#include <string.h>

#include "hosts/internal.h"

#define OCTETS 4

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

static void lost(struct hosts_start *out, enum diag_hosts_fault_kind fault,
		 const char *why)
{
	out->kind = HOSTS_START_LOST;
	out->fault = fault;
	out->why = why;
}

static void set_addr(struct hosts_start *out, struct diag_slice addr)
{
	if (addr.len >= sizeof(out->addr))
		return;
	memcpy(out->addr, addr.p, addr.len);
	out->addr[addr.len] = '\0';
}

/* "10.150.0 a.test" was meant to be an address; "1.5 million names" was not. */
static bool is_prose(struct diag_slice first, struct diag_slice second)
{
	unsigned parts = 1;

	for (size_t i = 0; i < first.len; i++) {
		parts += first.p[i] == '.';
		if (first.p[i] == ':')
			return false;
	}
	return parts < OCTETS && memchr(second.p, '.', second.len) == NULL &&
	       !diag_slice_eq_nocase(second, "localhost");
}

static bool bad_address(struct diag_slice word, const char *end,
			struct hosts_start *out)
{
	const char *at = word.p + word.len;
	struct diag_slice second;

	if (!hosts_address_like(word) || !hosts_next_word(&at, end, &second) ||
	    !is_name(second) || is_prose(word, second))
		return false;
	lost(out, DIAG_HOSTS_BAD_ADDRESS,
	     "the first word is no IP address, so the line is no entry");
	out->cut = word;
	out->sure = hosts_repair_address(word, out->put);
	set_addr(out, diag_slice_of(out->put));
	return true;
}

static bool glued(struct diag_slice word, struct hosts_start *out)
{
	struct hosts_glued parts;

	if (!hosts_split_glued(word, &parts))
		return false;
	lost(out, DIAG_HOSTS_GLUED,
	     "the address and the name run together, so the line is no entry");
	out->sure = parts.sure;
	out->cut.p = parts.addr.p + parts.addr.len;
	out->cut.len = (size_t)(parts.name.p - out->cut.p);
	memcpy(out->put, " ", sizeof(" "));
	out->names = parts.name.p;
	set_addr(out, parts.addr);
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
	lost(out, DIAG_HOSTS_BAD_ADDRESS,
	     "the name stands before the address, so the line is no entry");
	out->sure = true;
	out->cut = (struct diag_slice){ word.p, 0 };
	memcpy(out->put, second.p, second.len);
	memcpy(out->put + second.len, " ", sizeof(" "));
	out->drop.p = word.p + word.len;
	out->drop.len = (size_t)(second.p + second.len - out->drop.p);
	out->names = word.p;
	out->no_names = out->drop.p;
	set_addr(out, second);
	return true;
}

/* What nobody sees at the start of a line: a byte-order mark, a no-break
 * space; out of a chat, a web page or an editor. */
static const char *unseen(const char *at, const char *end)
{
	for (;;) {
		size_t left = (size_t)(end - at), n;

		if (left > 0 && (unsigned char)*at < 0x80) {
			if (hosts_class[(unsigned char)*at] != HOSTS_BLANK)
				return at;
			n = 1;
		} else {
			n = hosts_invisible(at, left);
			n = n > 0 ? n : hosts_separator(at, left);
		}
		if (n == 0)
			return at;
		at += n;
	}
}

static void judge_word(struct diag_slice word, const char *end,
		       struct hosts_start *out)
{
	struct diag_addr addr;

	out->cut = (struct diag_slice){ word.p, 0 };
	out->names = word.p + word.len;
	if (diag_addr_parse_n(word.p, word.len, &addr)) {
		/* glibc takes no zone, macOS writes one: fe80::1%lo0. */
		if (addr.zone[0] == '\0')
			out->kind = HOSTS_START_FINE;
		out->sure = true;
		set_addr(out, word);
	} else if (!bad_address(word, end, out) && !glued(word, out)) {
		(void)swapped(word, end, out);
	}
}

void hosts_judge_start(const char *line, const char *end,
		       struct hosts_start *out)
{
	struct diag_slice word;
	const char *at;

	*out =
	    (struct hosts_start){ .kind = HOSTS_START_OTHER, .no_names = end };
	while (line < end && hosts_class[(unsigned char)*line] == HOSTS_BLANK)
		line++;
	at = unseen(line, end);
	out->strip = (struct diag_slice){ line, (size_t)(at - line) };
	if (!hosts_next_word(&at, end, &word))
		return;
	judge_word(word, end, out);
	if (out->strip.len == 0 || out->kind != HOSTS_START_FINE)
		return;
	if (out->strip.len >= strlen(HOSTS_BOM) &&
	    memcmp(line, HOSTS_BOM, strlen(HOSTS_BOM)) == 0)
		lost(out, DIAG_HOSTS_BOM,
		     "an invisible byte-order mark stands before the address, "
		     "so the line is no entry");
	else
		lost(out, DIAG_HOSTS_BAD_ADDRESS,
		     "an invisible character stands before the address, so the "
		     "line is no entry");
}

/* SPDX-License-Identifier: MIT */
/* text_answers.c - what dig, host and nslookup print.
 *
 *	dig       NAME. TTL IN A ADDRESS
 *	host      NAME has address ADDRESS
 *	nslookup  Name: N / Address: A / Aliases: ASKED ...     (Windows)
 *	          Name: N / Address: A                          (BIND)
 *
 * Windows prints the last name of the chain as Name and the one that was
 * asked first among the aliases (azure.md 2.2).  Its labels are in the
 * language of the machine; those of several languages are known.
 */
#include "import/internal.h"

#include <string.h>

#include "base/text.h"

#define WORDS 8

struct words {
	struct diag_slice at[WORDS];
	size_t n;
};

static void split(struct diag_slice line, struct words *out)
{
	struct diag_cursor c = diag_cursor_of(line.p, line.len);

	out->n = 0;
	while (out->n < WORDS && diag_cursor_word(&c, &out->at[out->n]))
		out->n++;
}

static void answered(struct diag_import *im, struct diag_slice name,
		     struct diag_slice addr, unsigned line, const char *who)
{
	char fqdn[DIAG_FQDN_MAX];
	struct diag_addr a;
	const char *why;

	if (diag_fqdn_normal(name.p, name.len, fqdn, &why) &&
	    diag_addr_parse_n(addr.p, addr.len, &a))
		import_answered(im, fqdn, &a, import_line(im, line), who);
}

/* --- dig ------------------------------------------------------------------ */

static bool is_dig(const struct words *w)
{
	struct diag_addr a;

	return w->n == 5 && w->at[0].p[0] != ';' &&
	       diag_slice_eq_nocase(w->at[2], "IN") &&
	       diag_slice_eq_nocase(w->at[3], "A") &&
	       diag_addr_parse_n(w->at[4].p, w->at[4].len, &a);
}

/* --- host ----------------------------------------------------------------- */

static bool is_host(const struct words *w)
{
	return w->n == 4 && diag_slice_eq(w->at[1], "has") &&
	       diag_slice_eq(w->at[2], "address");
}

/* --- both: one line says all ------------------------------------------------
 */

static bool any_line(struct diag_slice text,
		     bool (*is_it)(const struct words *w))
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct diag_slice line;
	struct words w;

	while (diag_cursor_line(&c, &line)) {
		split(line, &w);
		if (is_it(&w))
			return true;
	}
	return false;
}

static void read_lines(struct diag_import *im, struct diag_slice text,
		       bool (*is_it)(const struct words *w), const char *who)
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	unsigned number = 0;
	struct diag_slice line;
	struct words w;

	while (diag_cursor_line(&c, &line)) {
		number++;
		split(line, &w);
		if (is_it(&w))
			answered(im, w.at[0], w.at[w.n - 1], number, who);
	}
}

/* A host that has no answer speaks too. */
static bool is_host_word(const struct words *w)
{
	return is_host(w) || (w->n == 6 && diag_slice_eq(w->at[1], "is") &&
			      diag_slice_eq(w->at[2], "an") &&
			      diag_slice_eq(w->at[3], "alias"));
}

bool import_text_is_dig(struct diag_slice text)
{
	return any_line(text, is_dig) ||
	       diag_text_find_nocase(text.p, text.len, "; <<>> DiG ") != NULL;
}

void import_text_read_dig(struct diag_import *im, struct diag_slice text)
{
	read_lines(im, text, is_dig, "the answer of dig");
}

bool import_text_is_host(struct diag_slice text)
{
	return any_line(text, is_host_word);
}

void import_text_read_host(struct diag_import *im, struct diag_slice text)
{
	read_lines(im, text, is_host, "the answer of host");
}

/* --- nslookup -------------------------------------------------------------
 */

enum label { NO_LABEL, OTHER_LABEL, SERVER, NAME, ADDRESS, ALIASES };

static const struct {
	const char *word;
	enum label label;
} labels[] = {
	{ "Server", SERVER },	 { "Serveur", SERVER },
	{ "Servidor", SERVER },	 { "Name", NAME },
	{ "Nom", NAME },	 { "Nombre", NAME },
	{ "Nome", NAME },	 { "Naam", NAME },
	{ "Address", ADDRESS },	 { "Addresses", ADDRESS },
	{ "Adresse", ADDRESS },	 { "Adressen", ADDRESS },
	{ "Adresses", ADDRESS }, { "Aliases", ALIASES },
	{ "Alias", ALIASES },	 { "Aliasnamen", ALIASES },
};

/* "Name:   x" and the French "Nom :    x"; the value stays in *line. */
static enum label take_label(struct diag_slice *line)
{
	const char *colon = memchr(line->p, ':', line->len);
	struct diag_slice word = { line->p, 0 };

	if (colon == NULL || line->p[0] == ' ' || line->p[0] == '\t')
		return NO_LABEL;
	word.len = (size_t)(colon - line->p);
	word = diag_slice_trim(word);
	line->len -= (size_t)(colon + 1 - line->p);
	line->p = colon + 1;
	*line = diag_slice_trim(*line);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (diag_slice_eq_nocase(word, labels[i].word))
			return labels[i].label;
	}
	return OTHER_LABEL;
}

#define ADDRESSES 16

struct lookup {
	struct diag_import *im;
	enum label label; /* of the last line */
	bool in_answer;
	struct diag_slice name; /* the one that was asked, as far as known */
	bool aliased;
	struct diag_slice addrs[ADDRESSES];
	unsigned lines[ADDRESSES];
	size_t n;
};

static void end_answer(struct lookup *l)
{
	for (size_t i = 0; l->in_answer && i < l->n; i++)
		answered(l->im, l->name, l->addrs[i], l->lines[i],
			 "the answer of nslookup");
	l->in_answer = false;
	l->aliased = false;
	l->n = 0;
}

static void take_value(struct lookup *l, struct diag_slice value,
		       unsigned number)
{
	if (l->label == ADDRESS && l->in_answer && l->n < ADDRESSES) {
		l->addrs[l->n] = value;
		l->lines[l->n++] = number;
	} else if (l->label == ALIASES && l->in_answer && !l->aliased) {
		l->name = value;
		l->aliased = true;
	}
}

static void take_line(struct lookup *l, struct diag_slice line, unsigned number)
{
	enum label label = take_label(&line);

	if (label == NO_LABEL) {
		take_value(l, diag_slice_trim(line), number);
		return;
	}
	if (label == SERVER || label == NAME)
		end_answer(l);
	if (label == NAME) {
		l->name = line;
		l->in_answer = true;
	}
	l->label = label;
	if (label == ADDRESS || label == ALIASES)
		take_value(l, line, number);
}

bool import_text_is_nslookup(struct diag_slice text)
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct diag_slice line;
	bool server = false;

	while (diag_cursor_line(&c, &line)) {
		enum label label = take_label(&line);

		if (label == SERVER)
			server = true;
		else if (server && label == ADDRESS)
			return true;
	}
	return false;
}

/* An empty line ends an answer only when the next one begins: Windows prints
 * one before it, too. */
void import_text_read_nslookup(struct diag_import *im, struct diag_slice text)
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct lookup l = { .im = im };
	unsigned number = 0;
	struct diag_slice line;

	while (diag_cursor_line(&c, &line)) {
		number++;
		if (diag_slice_trim(line).len > 0)
			take_line(&l, line, number);
	}
	end_answer(&l);
}

/* SPDX-License-Identifier: MIT */
/* position.c - secrets that are a word of a command by its number: "net use
 * \\S\D P /user:U", "wandb login K", "poetry config http-basic.R U P". */
#include <string.h>

#include "mask/internal.h"

#define PROGRAM_FROM 2 /* bytes */

/* Words by their number behind the program; what begins with one of skipped is
 * not counted, and one of marks has to be in the command. */
#define MARKS 3
static const struct position {
	const char *program, *word; /* word: what follows it, or NULL */
	const char *marks[MARKS];
	const char *skipped;
	unsigned number;
	enum mask_kind kind;
	char holds; /* what has to be in the value, as of an option */
	bool rest;  /* and all that follows */
} positions[] = {
	{ "net",
	  "use",
	  { "\\\\", "/user" },
	  "/\\*",
	  1,
	  MASK_PASSWORD,
	  0,
	  false },
	{ "net",
	  "user",
	  { "/add", "/domain", "/active" },
	  "/*",
	  2,
	  MASK_PASSWORD,
	  0,
	  false },
	{ "wpa_passphrase", NULL, { "" }, "-", 2, MASK_PASSWORD, 0, false },
	{ "wandb", "login", { "" }, "-", 1, MASK_TOKEN, 0, false },
	{ "htpasswd",
	  NULL,
	  { " -b", " -cb", " -bc" },
	  "-",
	  3,
	  MASK_PASSWORD,
	  0,
	  false },
	{ "htpasswd",
	  NULL,
	  { " -nb", " -bn" },
	  "-",
	  2,
	  MASK_PASSWORD,
	  0,
	  false },
	{ "identified",
	  "by",
	  { "by '", "by \"", "by &" },
	  "",
	  1,
	  MASK_PASSWORD,
	  0,
	  false },
	{ "rasdial", NULL, { "" }, "/", 3, MASK_PASSWORD, 0, false },
	{ "com2sec", NULL, { "" }, "-", 3, MASK_PASSWORD, 0, false },
	{ "com2sec6", NULL, { "" }, "-", 3, MASK_PASSWORD, 0, false },
	{ "poetry",
	  "config",
	  { " http-basic." },
	  "-",
	  3,
	  MASK_PASSWORD,
	  0,
	  false },
	{ "poetry",
	  "config",
	  { " pypi-token." },
	  "-",
	  2,
	  MASK_TOKEN,
	  0,
	  false },
	{ "vault", "kv", { " put ", " patch " }, "-", 3, MASK_KEY, '=', true },
	{ "sqlplus", NULL, { "" }, "-/", 1, MASK_USERINFO, '/', false },
	{ "mc", "alias", { " set " }, "-", 5, MASK_KEY, 0, false },
	{ "rabbitmqctl", "add_user", { "" }, "-", 2, MASK_PASSWORD, 0, false },
	{ "rabbitmqctl",
	  "change_password",
	  { "" },
	  "-",
	  2,
	  MASK_PASSWORD,
	  0,
	  false },
	{ "user-secrets", "set", { "" }, "-", 2, MASK_KEY, 0, false },
};
#define N_POSITIONS (sizeof(positions) / sizeof(*positions))

bool mask_is_program(const char *word, size_t len)
{
	static const uint32_t firsts =
	    MASK_LETTER('n') | MASK_LETTER('w') | MASK_LETTER('h') |
	    MASK_LETTER('c') | MASK_LETTER('i') | MASK_LETTER('r') |
	    MASK_LETTER('p') | MASK_LETTER('v') | MASK_LETTER('s') |
	    MASK_LETTER('m') | MASK_LETTER('u');

	if (len < PROGRAM_FROM || !mask_begins_in(firsts, *word))
		return false;
	for (size_t i = 0; i < N_POSITIONS; i++)
		if (mask_is(word, len, positions[i].program))
			return true;
	return false;
}

static bool has_mark(const struct mask_scan *s, size_t from, size_t to,
		     const struct position *p)
{
	for (size_t i = 0; i < MARKS; i++)
		if (p->marks[i] != NULL &&
		    mask_has_text(s, from, to, p->marks[i]))
			return true;
	return false;
}

/* "Z:" is a drive. */
static bool is_skipped(const struct mask_scan *s, size_t at,
		       const struct position *p)
{
	return strchr(p->skipped, s->text[at]) != NULL ||
	       mask_byte(s, at + 1) == ':';
}

static size_t word_end(const struct mask_scan *s, size_t at, size_t end)
{
	while (at < end && !mask_is_blank(s->text[at]))
		at++;
	return at;
}

static bool ends_well(const struct mask_scan *s, struct mask_value *v,
		      const struct position *p, size_t end)
{
	if (v->to <= v->from ||
	    (p->holds != 0 &&
	     memchr(s->text + v->from, p->holds, v->to - v->from) == NULL))
		return false;
	if (p->rest)
		v->to = end;
	return true;
}

/* Of a command that begins with the program; at: behind it. */
static bool position_value(const struct mask_scan *s, size_t at,
			   const struct position *p, struct mask_value *v)
{
	size_t end = mask_command_end(s, at), word = mask_blanks(s, at);
	unsigned n = 0;

	if (!has_mark(s, at, end, p))
		return false;
	if (p->word != NULL) {
		size_t to = word_end(s, word, end);

		if (!mask_is(s->text + word, to - word, p->word))
			return false;
		word = mask_blanks(s, to);
	}
	while (word < end) {
		n += !is_skipped(s, word, p);
		*v = (struct mask_value){ .from = word, .sign = '-' };
		mask_value_at(s, v, false);
		if (n == p->number && !is_skipped(s, word, p))
			return ends_well(s, v, p, end);
		word = mask_blanks(s, word_end(s, v->to + v->quoted, end));
	}
	return false;
}

bool mask_position(struct mask_scan *s, struct mask_run *r)
{
	size_t len = mask_without_exe(s->text + r->at, r->end - r->at);

	if (!mask_is_program(s->text + r->at, len) ||
	    !mask_is_blank(mask_byte(s, r->end)))
		return false;
	for (size_t i = 0; i < N_POSITIONS; i++) {
		const struct position *p = &positions[i];
		struct mask_value v;

		if (mask_is(s->text + r->at, len, p->program) &&
		    position_value(s, r->end, p, &v) &&
		    mask_put_between(s, r->end, v.from)) {
			mask_put_secret(s, v.from, v.to, p->kind);
			r->end = v.to;
			return true;
		}
	}
	return false;
}

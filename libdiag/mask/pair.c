/* SPDX-License-Identifier: MIT */
/* pair.c - a key and its value with more than a sign between them: in
 * attributes, elements and members of their own. */
#include <string.h>

#include "mask/internal.h"

#define TAG_MAX	   256 /* bytes of the attributes behind the key */
#define PREFIX_MAX 32  /* of a namespace */

/* What stands between, and in front of the key if that matters.  A blank is any
 * number of blanks and ends of lines, a double quote is any quote, letters are
 * of either size. */
static const struct between {
	const char *text;
	const char *before;
	char sign;
} rows[] = {
	{ "\" value = ", NULL, '=' }, /* <add key="K" value="V"/> */
	{ "\" , \" value \" : ", NULL, '=' },
	{ "\" >", "key = \"", '>' }, /* <entry key="K">V</entry> */
	{ "\" >", "name = \"", '>' },
	{ "</key> <string>", NULL, '>' },
	{ "</name> <value>", NULL, '>' },
	{ "</key> <value>", NULL, '>' },
	{ "> <value>", NULL, '>' },
	{ "> <string>", NULL, '>' },
	{ "\" , ", "define ( \"", '=' }, /* define('K', 'V') */
	{ "\" , ", "setProperty ( \"", '=' },
	{ "\" , ", "setdefault ( \"", '=' },
	{ "\" , ", "setenv ( \"", '=' },
	{ "\" , ", "variable ( \"", '=' }, /* SetEnvironmentVariable */
	{ "\" , ", "conf.set ( \"", '=' }, /* of Spark */
	{ "\" , ", ".config ( \"", '=' },
	{ "\" ] = ", "[ \"", '=' },		   /* os.environ["K"] = "V" */
	{ "\" { default = ", "variable \"", '=' }, /* of Terraform */
	{ " value : ", "name : ", '=' },	   /* over two lines of YAML */
	{ "\" value : ", "name : \"", '=' },
};

/* Calls whose arguments are secrets: "AzureKeyCredential("…")". */
static const char *const calls[] = { "credential", "basicauth" };

static bool is_call(const struct mask_scan *s, const struct mask_run *r)
{
	size_t len = r->end - r->at, at = r->end + 1;

	if (mask_byte(s, r->end) != '(' || mask_sign_here(s, at, '"') == 0)
		return false;
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		size_t n = strlen(calls[i]);

		if (len >= n && mask_same(s->text + r->end - n, calls[i], n))
			return true;
	}
	return false;
}

size_t mask_sign_here(const struct mask_scan *s, size_t at, char c)
{
	char here = mask_byte(s, at);

	if (c == '"' && here == '\\')
		return mask_byte(s, at + 1) == '"' ||
			       mask_byte(s, at + 1) == '\''
			   ? 2
			   : 0;
	if (c == '"' && here == '\'')
		return 1;
	if (mask_small(here) == c)
		return 1;
	if (here != '&')
		return 0;
	if (c == '"')
		return mask_quote_entity(s, at);
	return mask_is_here(s, at, c == '<' ? "&lt;" : "&gt;") ? 4 : 0;
}

/* Where the text of a row ends that begins here; 0: another one. */
static size_t text_here(const struct mask_scan *s, size_t at, const char *text)
{
	for (; *text != '\0'; text++) {
		size_t n;

		if (*text == ' ') {
			at = mask_spaces(s, at);
			continue;
		}
		n = mask_sign_here(s, at, mask_small(*text));
		if (n == 0)
			return 0;
		at += n;
	}
	return at;
}

/* Does a text end here?  It begins at most so far before. */
static bool text_before(const struct mask_scan *s, size_t at, const char *text)
{
	size_t back = strlen(text) + PREFIX_MAX;

	for (size_t from = at; from > 0 && at - from < back; from--)
		if (text_here(s, from - 1, text) == at)
			return true;
	return false;
}

/* "<password type="plain">": behind its attributes. */
static size_t tag_end(const struct mask_scan *s, size_t at)
{
	for (size_t n = 0; n < TAG_MAX; n++) {
		size_t sign = mask_sign_here(s, at + n, '>');
		char c = mask_byte(s, at + n);

		if (sign > 0)
			return at + n + sign;
		if (mask_is_end(c) || c == '<' ||
		    (c == '/' && mask_sign_here(s, at + n + 1, '>') > 0))
			break;
	}
	return 0;
}

bool mask_in_tag(const struct mask_scan *s, size_t at)
{
	size_t from = at;

	if (from > 0 && s->text[from - 1] == ':') {
		from--;
		while (from > 0 && at - from < PREFIX_MAX &&
		       mask_is_run(s->text[from - 1]))
			from--;
	}
	return (from > 0 && s->text[from - 1] == '<') ||
	       (from > 3 && mask_is_here(s, from - 4, "&lt;"));
}

static bool may_be_tag(const struct mask_scan *s, size_t at)
{
	char before = at > 0 ? s->text[at - 1] : '\0';

	return before == '<' || before == ':' || before == ';';
}

bool mask_pair_at(const struct mask_scan *s, const struct mask_run *r,
		  struct mask_value *v)
{
	char c = mask_byte(s, r->end);
	bool tag;

	/* Nearly all words have a blank behind them, and no tag before. */
	if (mask_is_word(c) || (mask_is_blank(c) && !may_be_tag(s, r->at)))
		return false;
	if (is_call(s, r)) {
		v->from = r->end;
		v->sign = '=';
		return true;
	}
	tag = mask_in_tag(s, r->at);
	if (mask_is_blank(c) && !tag)
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t end = text_here(s, r->end, rows[i].text);

		if (end > 0 && (rows[i].before == NULL ||
				text_before(s, r->at, rows[i].before))) {
			v->from = end;
			v->sign = rows[i].sign;
			return true;
		}
	}
	if (tag && mask_is_blank(mask_byte(s, r->end)))
		v->from = tag_end(s, r->end);
	else if (tag && mask_sign_here(s, r->end, '>') > 0)
		v->from = r->end + mask_sign_here(s, r->end, '>');
	v->sign = '>';
	return v->from > 0;
}

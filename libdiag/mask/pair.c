/* SPDX-License-Identifier: MIT */
/* pair.c - a key and its value with more than a sign between them: in
 * attributes, elements and members of their own. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define TAG_MAX	   256 /* bytes of the attributes behind the key */
#define PREFIX_MAX 32  /* of a namespace */

/* The key is an option: "--password". */
static const char dashed[] = "-";
/* Between what a call is given; most words in quotes have none behind them. */
static const char comma[] = "\" , ";

/* What stands between, and in front of the key if that matters (texts of
 * mask_text_here()). */
static const struct between {
	const char *text;
	const char *before;
	char sign;
} rows[] = {
	{ "\" value = ", NULL, '=' }, /* <add key="K" value="V"/> */
	{ "\" , \" value \" : ", NULL, '=' },
	{ "\" ; value = ", "name = \"", '=' }, /* transcripts of PowerShell */
	{ "\" >", "key = \"", '>' },	       /* <entry key="K">V</entry> */
	{ "\" >", "name = \"", '>' },
	{ "</key> <string>", NULL, '>' },
	{ "</name> <value>", NULL, '>' },
	{ "</key> <value>", NULL, '>' },
	{ "> <value>", NULL, '>' },
	{ "> <string>", NULL, '>' },
	{ comma, "define ( \"", '=' }, /* define('K', 'V') */
	{ comma, "property ( \"", '=' },
	{ comma, "setdefault ( \"", '=' },
	{ comma, "env ( \"", '=' },
	{ comma, "variable ( \"", '=' }, /* SetEnvironmentVariable */
	{ comma, "set ( \"", '=' },	 /* of Spark */
	{ comma, "config ( \"", '=' },
	{ comma, "option ( \"", '=' },
	{ comma, "text ( \"", '=' }, /* of widgets */
	{ comma, "get ( \"", '=' },  /* os.environ.get("K", "V") */
	{ comma, "add ( \"", '=' },  /* of headers */
	{ comma, "header ( \"", '=' },
	{ comma, dashed, '=' },			   /* ["--K", "V"] */
	{ "\n - ", dashed, '=' },		   /* the same in YAML */
	{ "\" ] = ", "[ \"", '=' },		   /* os.environ["K"] = "V" */
	{ "\" { default = ", "variable \"", '=' }, /* of Terraform */
	{ " value : ", "name : ", '=' },	   /* over two lines of YAML */
	{ "\" value : ", "name : \"", '=' },
};

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

size_t mask_text_here(const struct mask_scan *s, size_t at, const char *text)
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
		if (mask_text_here(s, from - 1, text) == at)
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

/* --- calls ---------------------------------------------------------------- */

/* Calls whose arguments are secrets: "AzureKeyCredential("…")". */
static const char *const calls[] = {
	"credential",	       "basicauth",
	"basicauthentication", "serviceprincipalauthentication",
	"set_password",	       "set_secret",
	"setsecret",	       "getbytes",
};

static bool ends_in(const char *word, size_t len, const char *call)
{
	size_t n = strlen(call);

	return len >= n && mask_same(word + len - n, call, n);
}

bool mask_is_call(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (ends_in(word, len, calls[i]))
			return true;
	return false;
}

/* "(":…" in quotes: what is made into base64 for a header. */
static bool is_userinfo(const struct mask_scan *s, size_t at)
{
	for (size_t n = 0; n < TAG_MAX; n++, at++) {
		char c = mask_byte(s, at);

		if (mask_is_end(c) || mask_is_blank(c) || c == ')')
			break;
		if (c == ':')
			return mask_byte(s, at + 1) != '/';
	}
	return false;
}

/* Behind "New-Object …Credential": "-ArgumentList" may follow. */
static size_t new_object(const struct mask_scan *s, const struct mask_run *r)
{
	static const char word[] = "new-object ";
	size_t at = r->end, end = mask_text_here(s, at, " -argumentlist ");
	size_t before = mask_line_begin(s, r->at);

	if (diag_text_find_nocase(s->text + before, r->at - before, word) ==
	    NULL)
		return at;
	return end > 0 ? end : mask_blanks(s, at);
}

/* The first argument is in quotes; v->from is where the list begins. */
static bool call_at(const struct mask_scan *s, const struct mask_run *r,
		    struct mask_value *v)
{
	const char *word = s->text + r->at;
	size_t len = r->end - r->at, at = r->end, first;
	char last = mask_small(word[len - 1]);

	if (strchr("lhnsdt", last) == NULL || !mask_is_call(word, len))
		return false;
	if (mask_is_here(s, at, "]::new"))
		at += sizeof("]::new") - 1;
	else if (mask_is_blank(mask_byte(s, at)) && last == 'l')
		at = new_object(s, r);
	at += mask_byte(s, at) == '@' && mask_byte(s, at + 1) == '(';
	v->sign = mask_byte(s, at) == '(' ? '(' : ',';
	if (v->sign == ',' && at == r->end)
		return false;
	v->from = at;
	first = mask_blanks(s, at + (v->sign == '('));
	return mask_sign_here(s, first, '"') > 0 &&
	       (!ends_in(word, len, "getbytes") || is_userinfo(s, first));
}

/* --- what stands between ---------------------------------------------------
 */

static bool is_before(const struct mask_scan *s, const struct mask_run *r,
		      const char *before)
{
	if (before == dashed)
		return s->text[r->at] == '-';
	return before == NULL || text_before(s, r->at, before);
}

/* What a call is given has to be a text: "get("token", default)". */
static bool is_text(const struct mask_scan *s, const struct between *row,
		    size_t at)
{
	return row->text != comma || mask_sign_here(s, at, '"') > 0 ||
	       (mask_is_word(mask_byte(s, at)) &&
		mask_sign_here(s, at + 1, '"') > 0);
}

static bool row_at(const struct mask_scan *s, const struct mask_run *r,
		   struct mask_value *v)
{
	size_t behind = mask_text_here(s, r->end, comma);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t end = rows[i].text == comma
				 ? behind
				 : mask_text_here(s, r->end, rows[i].text);

		if (end > 0 && is_before(s, r, rows[i].before) &&
		    is_text(s, &rows[i], end)) {
			v->from = end;
			v->sign = rows[i].sign;
			return true;
		}
	}
	return false;
}

bool mask_pair_at(const struct mask_scan *s, const struct mask_run *r,
		  struct mask_value *v)
{
	char c = mask_byte(s, r->end);
	bool tag;

	if (!mask_is_word(c) && call_at(s, r, v))
		return true;
	/* Nearly all words have a blank behind them, and no tag before. */
	if (mask_is_word(c) || (mask_is_blank(c) && !may_be_tag(s, r->at)))
		return false;
	tag = mask_in_tag(s, r->at);
	if (mask_is_blank(c) && !tag)
		return false;
	if (row_at(s, r, v))
		return true;
	if (tag && mask_is_blank(mask_byte(s, r->end)))
		v->from = tag_end(s, r->end);
	else if (tag && mask_sign_here(s, r->end, '>') > 0)
		v->from = r->end + mask_sign_here(s, r->end, '>');
	else
		return false;
	v->sign = '>';
	return v->from > 0;
}

/* SPDX-License-Identifier: MIT */
/* names.c - what is wrong with a name, and which one was meant.
 *
 * A proper name may be the wrong one: that of the private zone instead of the
 * one clients ask, or one with a dot at its end.  What is no name at all goes
 * to mend.c.
 */
#include <string.h>

#include "base/text.h"
#include "hosts/internal.h"
#include "inventory/catalogue.h"

/* --- names that are names --------------------------------------------------
 */

bool hosts_client_name(const char *name, char out[DIAG_FQDN_MAX])
{
	struct diag_cat_match match;

	return hosts_has_zone_label(name) && !diag_cat_match(name, &match) &&
	       diag_cat_meant(name, out, DIAG_FQDN_MAX) &&
	       !diag_fqdn_is_privatelink(out);
}

/* The notebook name with the region's label behind it, for one without. */
static bool notebook_of_today(const char *name, char out[DIAG_FQDN_MAX])
{
	struct diag_cat_match match;
	struct diag_cat_fill fill = { match.id, match.region, match.name,
				      match.name };

	return hosts_has_zone_label(name) && diag_cat_match(name, &match) &&
	       match.row->service == DIAG_SVC_NOTEBOOK &&
	       diag_cat_fill(match.row->pattern, &fill, out, DIAG_FQDN_MAX) &&
	       strcmp(name, out) != 0;
}

static bool held(const struct hosts_judge *j, const char *name)
{
	return j->held(j->names, name);
}

/* The name should be another one. */
static bool rename_to(struct hosts_judge *j, const char *meant,
		      struct hosts_name_fault *out)
{
	out->wrong = true;
	out->meant = out->put = diag_arena_strdup(j->arena, meant);
	out->n_put = 1;
	return out->put != NULL;
}

static bool old_form(struct hosts_judge *j, const char *normal,
		     const char *today, struct hosts_name_fault *out)
{
	out->wrong = true;
	out->kind = DIAG_HOSTS_OLD_FORM;
	out->severity = DIAG_HOSTS_INFO;
	out->text = "the notebook name of older workspaces; today's has the "
		    "region's label, so give both unless you know which one "
		    "is asked";
	out->meant = diag_arena_strdup(j->arena, today);
	out->put = diag_arena_printf(j->arena, "%s %s", normal, today);
	out->n_put = 2;
	out->sure = false;
	return out->meant != NULL && out->put != NULL;
}

/* A proper name on a line: only if no other line has the name that was meant
 * does it matter, unless the line is lost anyhow. */
static bool judge_normal(struct hosts_judge *j, const char *normal, bool dotted,
			 bool lost, struct hosts_name_fault *out)
{
	char other[DIAG_FQDN_MAX];

	out->severity = DIAG_HOSTS_ERROR;
	out->sure = true;
	if (hosts_client_name(normal, other)) {
		if (!lost && held(j, other))
			return true;
		out->kind = DIAG_HOSTS_WRONG_SUFFIX;
		out->text = diag_arena_printf(
		    j->arena, "clients ask for %s, not for %s", other, normal);
		return out->text != NULL && rename_to(j, other, out);
	}
	if (dotted && (lost || j->rules != DIAG_HOSTS_MACOS)) {
		if (!lost && held(j, normal))
			return true;
		out->kind = DIAG_HOSTS_TRAILING_DOT;
		out->text = "a name that ends with a dot answers only to that "
			    "spelling, which programs do not ask";
		return rename_to(j, normal, out);
	}
	if (!lost && notebook_of_today(normal, other) && !held(j, other))
		return old_form(j, normal, other, out);
	out->meant = diag_arena_strdup(j->arena, normal);
	return out->meant != NULL;
}

/* --- names that are none --------------------------------------------------
 */

/* Some take ';' or "//" for the start of a comment. */
static bool judge_comment(struct hosts_judge *j, struct diag_slice word,
			  struct hosts_name_fault *out)
{
	size_t skip = word.p[0] == ';' ? 1 : 2;

	*out = (struct hosts_name_fault){
		.wrong = true,
		.comment = true,
		.kind = DIAG_HOSTS_BAD_NAME,
		.severity = DIAG_HOSTS_WARNING,
		.text = "only '#' begins a comment; what follows is read as "
			"names",
		.put = diag_arena_printf(j->arena, "#%.*s",
					 (int)(word.len - skip), word.p + skip),
	};
	return out->put != NULL;
}

static bool judge_wildcard(struct hosts_judge *j, struct diag_slice word,
			   struct hosts_name_fault *out)
{
	char normal[DIAG_FQDN_MAX];

	*out = (struct hosts_name_fault){
		.wrong = true,
		.kind = DIAG_HOSTS_WILDCARD,
		.severity = DIAG_HOSTS_ERROR,
		.text = "hosts files know no wildcards: write a line for each "
			"name",
	};
	if (!diag_fqdn_normal(word.p, word.len, normal, NULL))
		return true;
	out->meant = diag_arena_strdup(j->arena, normal);
	return out->meant != NULL;
}

/* The bytes that make a word more than letters, digits, '-', '_' and '.'. */
static bool is_strange(struct diag_slice word, char but)
{
	for (size_t i = 0; i < word.len; i++)
		if ((hosts_class[(unsigned char)word.p[i]] & HOSTS_STRANGE) &&
		    word.p[i] != but)
			return true;
	return false;
}

static bool has_bad_label(struct diag_slice word)
{
	struct diag_cursor c = diag_cursor_of(word.p, word.len);
	struct diag_slice label;

	while (diag_cursor_until(&c, '.', &label))
		if (label.len == 0 || label.len > 63)
			return true;
	return diag_cursor_left(&c) > 63 || word.len >= DIAG_FQDN_MAX;
}

/* A hole of a template, as cloud-init's: somebody fills it in. */
static bool is_template(struct diag_slice word)
{
	return diag_text_find_nocase(word.p, word.len, "{{") != NULL ||
	       diag_text_find_nocase(word.p, word.len, "${") != NULL;
}

/* No host name.  A hyphen at the end of a label or an address in a name's
 * place is odd, but stands in many a list and harms nobody. */
static bool judge_bad(struct hosts_judge *j, struct diag_slice word, bool lost,
		      const char *why, struct hosts_name_fault *out)
{
	bool macos = j->rules == DIAG_HOSTS_MACOS && !lost;
	struct diag_addr addr;

	if (is_strange(word, '\0')) {
		if (diag_addr_parse_n(word.p, word.len, &addr) ||
		    is_template(word) || (macos && !is_strange(word, ',')))
			return true;
		return hosts_mend_name(j, word, lost, why, out);
	}
	if (!has_bad_label(word))
		return true;
	*out = (struct hosts_name_fault){ .wrong = true,
					  .kind = DIAG_HOSTS_BAD_NAME,
					  .severity = DIAG_HOSTS_WARNING,
					  .text = why };
	return true;
}

bool hosts_judge_name(struct hosts_judge *j, struct diag_slice word, bool lost,
		      struct hosts_name_fault *out)
{
	char normal[DIAG_FQDN_MAX];
	const char *why = "";

	*out = (struct hosts_name_fault){ .wrong = false };
	if (word.p[0] == ';' ||
	    (word.len > 1 && word.p[0] == '/' && word.p[1] == '/'))
		return judge_comment(j, word, out);
	if (diag_fqdn_normal(word.p, word.len, normal, &why) &&
	    normal[0] != '*')
		return judge_normal(j, normal, word.p[word.len - 1] == '.',
				    lost, out);
	if (memchr(word.p, '*', word.len) != NULL)
		return judge_wildcard(j, word, out);
	return judge_bad(j, word, lost, why, out);
}

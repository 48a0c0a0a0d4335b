/* SPDX-License-Identifier: MIT */
/* harmless.c - what stands where a secret could, and is none: a word of the
 * program, where the secret comes from, of which type it is. */
#include <string.h>

#include "mask/internal.h"

#define REFERENCE_MAX 128 /* bytes */

static size_t length(const struct mask_value *v)
{
	return v->to - v->from;
}

/* --- words of programs ---------------------------------------------------- */

static bool is_working_folder(const struct mask_scan *s,
			      const struct mask_run *r,
			      const struct mask_value *v)
{
	return mask_byte(s, v->from) == '/' && r->end - r->at >= 3 &&
	       memcmp(s->text + r->end - 3, "PWD", 3) == 0;
}

/* Of nsswitch.conf, which may have more words behind it. */
static const char passwd[] = "passwd";

/* What a setting holds that is called so (letters and digits only): a word, or
 * what begins with it if a blank ends it. */
static const struct word {
	const char *key, *text;
} words[] = {
	{ passwd, "files" },	 { passwd, "compat" },
	{ passwd, "systemd" },	 { passwd, "sss" },
	{ passwd, "ldap" },	 { passwd, "winbind" },
	{ passwd, "db" },	 { passwd, "nis" },
	{ "pin", "release " },	 { "pin", "version " },	 /* apt_preferences */
	{ "pin", "origin " },	 { "idtoken", "write" }, /* GitHub */
	{ "idtoken", "read" },	 { "secrets", "inherit" },
	{ "auth", "basic" },	 { "auth", "digest" },
	{ "auth", "kerberos" },	 { "auth", "ntlm" },
	{ "auth", "negotiate" }, { "auth", "gssapi" },
	{ "auth", "azure_cli" }, { "auth", "managed_identity" },
	{ "auth", "oauth2" },	 { "auth", "sasl" },
};

static bool is_key(const struct mask_scan *s, const struct mask_run *r,
		   const char *key)
{
	for (size_t i = r->at; i < r->end; i++)
		if (mask_is_word(s->text[i]) &&
		    mask_small(s->text[i]) != *key++)
			return false;
	return *key == '\0';
}

static bool is_word(const struct mask_scan *s, const struct mask_run *r,
		    const struct mask_value *v)
{
	size_t end = v->from;

	while (mask_is_run(mask_byte(s, end)))
		end++;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *text = words[i].text;
		size_t n = strlen(text);
		bool begins = text[n - 1] == ' ';

		if ((begins
			 ? mask_is_here(s, v->from, text)
			 : mask_is(s->text + v->from, end - v->from, text)) &&
		    (begins || end >= v->to || words[i].key == passwd) &&
		    is_key(s, r, words[i].key))
			return true;
	}
	return false;
}

/* "accesskey="h"" of HTML, which is one key of the keyboard. */
static bool is_keyboards(const struct mask_scan *s, const struct mask_run *r,
			 const struct mask_value *v)
{
	return length(v) == 1 && v->sign == '=' &&
	       mask_is(s->text + r->at, r->end - r->at, "accesskey");
}

/* The same on every machine. */
static bool is_of_all(const struct mask_scan *s, const struct mask_value *v)
{
	static const char *const users[] = {
		"root",
		"nobody",
		"daemon",
		"systemd-network",
		"systemd-resolve",
		"systemd-timesync",
		"SYSTEM",
		"LocalSystem",
		"dnsmasq",
		"unbound",
		"bind",
		"named",
		"openvpn",
		"nm-openvpn",
		"www-data",
		"SystemAssigned",
		"UserAssigned",
	};

	for (size_t i = 0; i < sizeof(users) / sizeof(*users); i++)
		if (mask_is(s->text + v->from, v->to - v->from, users[i]))
			return true;
	return false;
}

static bool is_challenge(const struct mask_scan *s, const struct mask_value *v)
{
	return v->sign == '=' && v->to - v->from > 4 &&
	       memcmp(s->text + v->from, "http", 4) == 0;
}

/* --- where it comes from -------------------------------------------------- */

/* What may stand in a reference besides its signs. */
enum letters {
	NONE,
	CAPITALS, /* where small letters and digits could be a password */
	ALL,	  /* and digits */
};

/* How references begin and end. */
static const struct reference {
	const char *begin, *end, *signs;
	enum letters letters;
} references[] = {
	{ "${{", "}}", " ._-", ALL }, /* GitHub */
	{ "${", "}", "._-", ALL },
	{ "{{", "}}", " ._-/", ALL }, /* Ansible, Databricks */
	{ "$(", ")", "._-", ALL },    /* Azure Pipelines */
	{ "$env:", "", "_", ALL },
	{ "$", "", "_", CAPITALS },
	{ "%", "%", "_", CAPITALS },
	{ "*", "", "*", NONE },		 /* hidden by somebody else */
	{ "(sensitive", ")", " ", ALL }, /* Terraform */
	{ "(known", ")", " ", ALL },
};

static bool is_in(char c, const struct reference *f)
{
	const unsigned char class = mask_classes[(unsigned char)c];

	if (c == '\0')
		return false;
	if ((class & MASK_HAS_UPPER) != 0)
		return f->letters != NONE;
	return strchr(f->signs, c) != NULL ||
	       (f->letters == ALL && (class & MASK_WORD) != 0);
}

/* Where a reference ends that begins here; 0: none does. */
static size_t reference_end(const struct mask_scan *s, size_t from,
			    const struct reference *f)
{
	size_t body = from + strlen(f->begin), at = body;

	if (!mask_is_here(s, from, f->begin))
		return 0;
	while (is_in(mask_byte(s, at), f) && at - from < REFERENCE_MAX)
		at++;
	if (at == body || !mask_is_here(s, at, f->end))
		return 0;
	at += strlen(f->end);
	while (mask_byte(s, at) != '\0' && strchr(")}]", s->text[at]) != NULL)
		at++; /* of what is around it */
	return at;
}

/* "DefaultAzureCredential()" */
static size_t call_end(const struct mask_scan *s, size_t at)
{
	while (mask_is_run(mask_byte(s, at)))
		at++;
	return mask_is_here(s, at, "()") ? at + 2 : 0;
}

/* All of the value, which a blank may have cut short. */
static bool is_reference(const struct mask_scan *s, const struct mask_value *v)
{
	size_t call = v->quoted ? 0 : call_end(s, v->from);

	if (call > v->from + 2 && call >= v->to)
		return true;
	for (size_t i = 0; i < sizeof(references) / sizeof(*references); i++) {
		size_t end = reference_end(s, v->from, &references[i]);

		if (end > 0 && end >= v->to)
			return true;
	}
	return false;
}

/* --- of which type it is -------------------------------------------------- */

/* "password: str", "token: Optional[str] = None" */
static bool is_type(const struct mask_scan *s, const struct mask_value *v)
{
	static const char *const types[] = { "str",	      "string",
					     "bytes",	      "SecretStr",
					     "Optional[str]", "str | None" };

	if (v->sign != ':' || v->quoted)
		return false;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		size_t end = v->from + strlen(types[i]);

		if (mask_is_here(s, v->from, types[i]) &&
		    (end >= v->to || mask_is_here(s, end, " = None")))
			return true;
	}
	return false;
}

bool mask_is_harmless(const struct mask_scan *s, const struct mask_run *r,
		      const struct mask_value *v, enum mask_key key)
{
	return is_working_folder(s, r, v) || is_keyboards(s, r, v) ||
	       is_word(s, r, v) || is_reference(s, v) || is_type(s, v) ||
	       (key == MASK_KEY_HEADER && is_challenge(s, v)) ||
	       (key == MASK_KEY_USER && is_of_all(s, v));
}

/* SPDX-License-Identifier: MIT */
/* option.c - secrets on command lines: "sshpass -p P", "mysql -pP",
 * "curl -u U:P", "echo P | sudo -S"; position.c has those without an option. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define COMMAND_MAX ((size_t)512) /* bytes of a command that are looked at */
#define WORD_FROM   2
#define WORDS_MAX   40 /* among which the program is */

/* Where an option's value stands. */
enum {
	NEXT = 1 << 0,
	GLUED = 1 << 1, /* "-pP", "/p:P" */
	BOTH = NEXT | GLUED,
	/* next, if what stands behind the other word is called a secret */
	NAMED = NEXT | 1 << 2,
};

/* Of which programs (with a blank behind each; NULL: of any), with which other
 * word if the option means something else without it, and what has to be in the
 * value: "u:p", "a=b". */
static const struct option {
	const char *text;
	const char *programs;
	const char *word;
	unsigned where;
	char holds;
	enum mask_kind kind;
} options[] = {
	{ "-p", "sshpass ", NULL, BOTH, 0, MASK_PASSWORD },
	{ "-p",
	  "mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck "
	  "mysqlsh mysqlslap mysqlbinlog mariadb mariadb-dump mariadb-admin 7z "
	  "7za 7zr 7zz rar unrar ",
	  NULL, GLUED, 0, MASK_PASSWORD },
	{ "-p",
	  "psexec psexec64 paexec winexe mongo mongosh mongodump "
	  "mongorestore mongoimport mongoexport rdesktop crackmapexec "
	  "netexec influx winrs beeline ",
	  NULL, BOTH, 0, MASK_PASSWORD },
	{ "-p", "certutil ", "pfx", NEXT, 0, MASK_PASSWORD },
	{ "-p", "dotnet ", " nuget ", NEXT, 0, MASK_TOKEN },
	{ "-p", "az docker podman buildah skopeo nerdctl helm oc cf ",
	  " login ", NEXT, 0, MASK_PASSWORD },
	{ "-P", "sqlcmd bcp osql isql tsql ipmitool zip unzip zipcloak ", NULL,
	  BOTH, 0, MASK_PASSWORD },
	{ "-w",
	  "ldapsearch ldapmodify ldapadd ldapdelete ldappasswd ldapwhoami "
	  "ldapcompare ldapmodrdn ",
	  NULL, BOTH, 0, MASK_PASSWORD },
	{ "-a", "redis-cli keydb-cli valkey-cli ", NULL, NEXT, 0,
	  MASK_PASSWORD },
	{ "-c",
	  "snmpget snmpwalk snmpset snmpgetnext snmpbulkget snmpbulkwalk "
	  "snmptrap snmpinform snmpstatus snmptable snmpdf ",
	  NULL, BOTH, 0, MASK_PASSWORD },
	{ "-A", "snmpget snmpwalk snmpset snmpbulkget snmpbulkwalk snmptrap ",
	  NULL, BOTH, 0, MASK_PASSWORD },
	{ "-X", "snmpget snmpwalk snmpset snmpbulkget snmpbulkwalk snmptrap ",
	  NULL, BOTH, 0, MASK_PASSWORD },
	{ "-b", "curl ", NULL, BOTH, '=', MASK_HEADER },
	{ "--cookie", "curl ", NULL, NEXT, '=', MASK_HEADER },
	{ "-U", "smbclient rpcclient smbget smbcacls net ", NULL, BOTH, '%',
	  MASK_USERINFO },
	{ "-u", NULL, NULL, NEXT, ':', MASK_USERINFO },
	{ "-u", "curl ", NULL, GLUED, ':', MASK_USERINFO },
	{ "-U", NULL, NULL, NEXT, ':', MASK_USERINFO },
	{ "-U", "curl ", NULL, GLUED, ':', MASK_USERINFO },
	{ "--user", NULL, NULL, NEXT, ':', MASK_USERINFO },
	{ "--proxy-user", NULL, NULL, NEXT, ':', MASK_USERINFO },
	{ "-x", "curl ", NULL, NEXT, '@', MASK_USERINFO },
	{ "--proxy", "curl ", NULL, NEXT, '@', MASK_USERINFO },
	{ "-y", "nsupdate dig kdig delv knsupdate ", NULL, BOTH, ':',
	  MASK_KEY },
	{ "-k", "openssl ", " enc ", NEXT, 0, MASK_PASSWORD },
	{ "-p", "twine ", NULL, BOTH, 0, MASK_TOKEN },
	{ "--body", "gh ", " secret ", NEXT, 0, MASK_KEY },
	{ "--value", "az ", " secret ", NEXT, 0, MASK_KEY },
	{ "--value", "az ", " shared-key ", NEXT, 0, MASK_KEY },
	{ "--key-value", "az ", NULL, NEXT, 0, MASK_KEY },
	{ "--string-value", "databricks ", NULL, NEXT, 0, MASK_KEY },
	{ "-p", "az ", " sql server ", NEXT, 0, MASK_PASSWORD },
	{ "-p", "az ", " sql db ", NEXT, 0, MASK_PASSWORD },
	{ "-p", "az ", " postgres ", NEXT, 0, MASK_PASSWORD },
	{ "-t", "anaconda ", NULL, NEXT, 0, MASK_TOKEN },
	{ "-s", "onboard_agent.sh ", NULL, NEXT, 0, MASK_KEY },
	{ "-N", "ssh-keygen ", NULL, NEXT, 0, MASK_PASSWORD },
	{ "-u", "lftp ", NULL, NEXT, ',', MASK_USERINFO },
	{ "-a", "http https ", NULL, NEXT, ':', MASK_USERINFO },
	{ "--cert", "curl ", NULL, NEXT, ':', MASK_USERINFO },
	{ "-E", "curl ", NULL, NEXT, ':', MASK_USERINFO },
	{ "/rp", "schtasks ", NULL, NEXT, 0, MASK_PASSWORD },
	{ "/d", "reg ", "/v ", NAMED, 0, MASK_PASSWORD },
	{ "/p", "xfreerdp xfreerdp3 wfreerdp freerdp sdl-freerdp ", NULL, GLUED,
	  0, MASK_PASSWORD },
};

/* What reads a secret from a pipe. */
static const char *const sinks[] = {
	"sudo -S",	  "sudo -k -S",
	"passwd --stdin", "convertto-securestring",
	"cryptsetup ",	  "kinit",
	"openconnect ",	  "sudo openconnect ",
	"gh auth login",  "docker login",
	"podman login",	  "chpasswd",
	"sudo chpasswd",  "az devops login",
};

/* --- a command ------------------------------------------------------------ */

static bool parts_commands(const struct mask_scan *s, size_t at)
{
	char c = s->text[at];

	return mask_is_end(c) || c == '|' || c == ';' || c == '`' ||
	       (c == '&' && mask_byte(s, at + 1) == '&');
}

static size_t command_begin(const struct mask_scan *s, size_t at)
{
	size_t from = at;

	while (from > 0 && at - from < COMMAND_MAX &&
	       !parts_commands(s, from - 1))
		from--;
	return from;
}

size_t mask_command_end(const struct mask_scan *s, size_t at)
{
	size_t to = at;

	while (to < s->len && to - at < COMMAND_MAX && !parts_commands(s, to))
		to++;
	return to;
}

bool mask_has_text(const struct mask_scan *s, size_t from, size_t to,
		   const char *text)
{
	return diag_text_find_nocase(s->text + from, to - from, text) != NULL;
}

/* Is a word in a list with a blank behind each? */
static bool listed(const char *list, const char *word, size_t len)
{
	const char *at = list;

	while (*at != '\0') {
		if (mask_small(*word) == *at && strcspn(at, " ") == len &&
		    mask_same(at, word, len))
			return true;
		at = strchr(at, ' ') + 1;
	}
	return false;
}

/* "psexec.exe" is psexec. */
size_t mask_without_exe(const char *word, size_t len)
{
	return len > 4 && mask_is(word + len - 4, 4, ".exe") ? len - 4 : len;
}

static bool is_of(const struct mask_scan *s, size_t from, size_t to,
		  const char *programs)
{
	unsigned words = 0;

	for (size_t at = from; at < to && words < WORDS_MAX; words++) {
		size_t end = at;

		while (end < to && mask_is_run(s->text[end]))
			end++;
		if (end - at >= WORD_FROM && s->text[at] != '-' &&
		    listed(programs, s->text + at,
			   mask_without_exe(s->text + at, end - at)))
			return true;
		at = end + 1;
	}
	return false;
}

/* --- options -------------------------------------------------------------- */

/* Where the option ends that the run is, or begins with; 0: another one. */
static size_t option_end(const struct mask_scan *s, const struct mask_run *r,
			 const struct option *o)
{
	size_t at = o->text[0] == '/' && r->at > 0 ? r->at - 1 : r->at;
	size_t end = at + strlen(o->text);

	if (!mask_is_here(s, at, o->text) || end > r->end)
		return 0;
	if (o->text[0] == '/' && mask_byte(s, end) == ':')
		return end == r->end && (o->where & GLUED) != 0 ? end + 1 : 0;
	if (end < r->end || !mask_is_blank(mask_byte(s, end)))
		return (o->where & GLUED) != 0 ? end : 0;
	return (o->where & NEXT) != 0 ? end : 0;
}

/* "/v DefaultPassword": what stands behind the other word is called a secret.
 */
static bool is_named(const struct mask_scan *s, size_t from, size_t to,
		     const char *word)
{
	const char *at = diag_text_find_nocase(s->text + from, to - from, word);
	struct mask_value v = { .sign = '-' };
	enum mask_kind kind;

	if (at == NULL)
		return false;
	v.from = mask_blanks(s, (size_t)(at - s->text) + strlen(word));
	mask_value_at(s, &v, false);
	return mask_key_of(s->text + v.from, v.to - v.from, &kind) ==
	       MASK_KEY_SECRET;
}

/* Of a program that the row means; from: where the command begins. */
static bool is_meant(const struct mask_scan *s, const struct mask_run *r,
		     const struct option *o, size_t from)
{
	size_t to = mask_command_end(s, r->end);

	if (o->programs != NULL && !is_of(s, from, r->at, o->programs))
		return false;
	return o->word == NULL ||
	       (o->where == NAMED ? is_named(s, from, to, o->word)
				  : mask_has_text(s, from, to, o->word));
}

static bool option_value(const struct mask_scan *s, size_t end,
			 const struct option *o, struct mask_value *v)
{
	*v = (struct mask_value){ .from = mask_blanks(s, end), .sign = '-' };
	mask_value_at(s, v, false);
	return v->to > v->from && !mask_says_nothing(s, v) &&
	       (o->holds == 0 ||
		memchr(s->text + v->from, o->holds, v->to - v->from) != NULL);
}

/* "-p", "--cookie", "/p:" or "/rp"; most runs are none. */
static bool is_option(const struct mask_scan *s, const struct mask_run *r)
{
	if (r->end == r->at || s->text[r->at] == '-')
		return r->end > r->at;
	return r->at > 1 && s->text[r->at - 1] == '/' &&
	       (mask_byte(s, r->end) == ':' ||
		(r->end - r->at <= MASK_SLASHED &&
		 mask_is_blank(s->text[r->at - 2])));
}

bool mask_option(struct mask_scan *s, struct mask_run *r)
{
	size_t begin = SIZE_MAX;

	if (!is_option(s, r))
		return false;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		const struct option *o = &options[i];
		size_t end = option_end(s, r, o);
		struct mask_value v;

		if (end == 0 || !option_value(s, end, o, &v))
			continue;
		if (begin == SIZE_MAX)
			begin = command_begin(s, r->at);
		if (!is_meant(s, r, o, begin))
			continue;
		mask_put_secret(s, v.from, v.to, o->kind);
		r->end = v.to;
		return true;
	}
	return false;
}

/* --- pipes ---------------------------------------------------------------- */

/* Of what ends before at: in quotes, or the last word. */
static size_t value_begin(const struct mask_scan *s, size_t at)
{
	char quote = at > 0 ? s->text[at - 1] : '\0';
	size_t from = at, least = at > COMMAND_MAX ? at - COMMAND_MAX : 0;

	if (quote == '"' || quote == '\'') {
		from--;
		while (from > least && s->text[from - 1] != quote)
			from--;
		if (from > least)
			return from;
		from = at;
	}
	while (from > least && !mask_is_blank(s->text[from - 1]) &&
	       !mask_is_end(s->text[from - 1]))
		from--;
	return from;
}

bool mask_pipe(struct mask_scan *s, struct mask_run *r)
{
	size_t sink, to = r->at, from;
	bool found = false;

	if (mask_byte(s, r->at) != '|' || r->at != r->end)
		return false;
	sink = mask_blanks(s, r->at + 1);
	for (size_t i = 0; i < sizeof(sinks) / sizeof(*sinks); i++) {
		size_t n = strlen(sinks[i]);

		found |=
		    s->len - sink >= n && mask_is(s->text + sink, n, sinks[i]);
	}
	if (!found)
		return false;
	while (to > 0 && mask_is_blank(s->text[to - 1]))
		to--;
	from = value_begin(s, to);
	if (to > from && from > 0 && s->text[from - 1] == s->text[to - 1])
		to--; /* in quotes */
	if (from < s->done)
		from = s->done;
	if (from >= to)
		return false;
	mask_put_secret(s, from, to, MASK_PASSWORD);
	r->end = r->at + 1;
	return true;
}

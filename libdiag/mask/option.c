/* SPDX-License-Identifier: MIT */
/* option.c - secrets on command lines: "sshpass -p P", "mysql -pP",
 * "curl -u U:P", "net use \\S\D P /user:U", "echo P | sudo -S". */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define COMMAND_MAX ((size_t)512) /* bytes of a command that are looked at */
#define WORD_FROM   2
#define WORDS_MAX   40 /* among which the program is */

/* Where an option's value stands. */
enum {
	NEXT = 1 << 0,
	GLUED = 1 << 1, /* "-pP" */
	BOTH = NEXT | GLUED,
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
	  "netexec influx ",
	  NULL, BOTH, 0, MASK_PASSWORD },
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
	{ "-p", "az ", " sql server ", NEXT, 0, MASK_PASSWORD },
	{ "/p", "xfreerdp xfreerdp3 wfreerdp freerdp sdl-freerdp ", NULL, NEXT,
	  0, MASK_PASSWORD },
};

/* Words by their number behind the program; what begins with one of skipped is
 * not counted, and one of marks has to be in the command. */
#define MARKS 3
static const struct position {
	const char *program, *word; /* word: what follows it, or NULL */
	const char *marks[MARKS];
	const char *skipped;
	unsigned number;
	enum mask_kind kind;
} positions[] = {
	{ "net", "use", { "\\\\", "/user" }, "/\\*", 1, MASK_PASSWORD },
	{ "net",
	  "user",
	  { "/add", "/domain", "/active" },
	  "/*",
	  2,
	  MASK_PASSWORD },
	{ "wpa_passphrase", NULL, { "" }, "-", 2, MASK_PASSWORD },
	{ "wandb", "login", { "" }, "-", 1, MASK_TOKEN },
	{ "htpasswd", NULL, { " -b", " -cb", " -bc" }, "-", 3, MASK_PASSWORD },
	{ "htpasswd", NULL, { " -nb", " -bn" }, "-", 2, MASK_PASSWORD },
	{ "identified",
	  "by",
	  { "by '", "by \"", "by &" },
	  "",
	  1,
	  MASK_PASSWORD },
	{ "rasdial", NULL, { "" }, "/", 3, MASK_PASSWORD },
	{ "com2sec", NULL, { "" }, "-", 3, MASK_PASSWORD },
	{ "com2sec6", NULL, { "" }, "-", 3, MASK_PASSWORD },
};
#define N_POSITIONS (sizeof(positions) / sizeof(*positions))

/* What reads a secret from a pipe. */
static const char *const sinks[] = {
	"sudo -S",	  "sudo -k -S",
	"passwd --stdin", "convertto-securestring",
	"cryptsetup ",	  "kinit",
	"openconnect ",	  "sudo openconnect ",
	"gh auth login",  "docker login",
	"podman login",
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

static size_t command_end(const struct mask_scan *s, size_t at)
{
	size_t to = at;

	while (to < s->len && to - at < COMMAND_MAX && !parts_commands(s, to))
		to++;
	return to;
}

static bool has(const struct mask_scan *s, size_t from, size_t to,
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
static size_t without_exe(const char *word, size_t len)
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
			   without_exe(s->text + at, end - at)))
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
	if (o->text[0] == '/')
		return end == r->end && mask_byte(s, end) == ':' ? end + 1 : 0;
	if (end < r->end || !mask_is_blank(mask_byte(s, end)))
		return (o->where & GLUED) != 0 ? end : 0;
	return (o->where & NEXT) != 0 ? end : 0;
}

/* Of a program that the row means; from: where the command begins. */
static bool is_meant(const struct mask_scan *s, const struct mask_run *r,
		     const struct option *o, size_t from)
{
	return (o->programs == NULL || is_of(s, from, r->at, o->programs)) &&
	       (o->word == NULL ||
		has(s, from, command_end(s, r->end), o->word));
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

/* "-p", "--cookie", or "/p:"; most runs are neither. */
static bool is_option(const struct mask_scan *s, const struct mask_run *r)
{
	return r->end > r->at && (s->text[r->at] == '-' ||
				  (mask_byte(s, r->end) == ':' && r->at > 0 &&
				   s->text[r->at - 1] == '/'));
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

/* --- words by their number ------------------------------------------------ */

bool mask_is_program(const char *word, size_t len)
{
	static const uint32_t firsts = MASK_LETTER('n') | MASK_LETTER('w') |
				       MASK_LETTER('h') | MASK_LETTER('c') |
				       MASK_LETTER('i') | MASK_LETTER('r');

	if (len < 3 || !mask_begins_in(firsts, *word))
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
		if (p->marks[i] != NULL && has(s, from, to, p->marks[i]))
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

/* Of a command that begins with the program; at: behind it. */
static bool position_value(const struct mask_scan *s, size_t at,
			   const struct position *p, struct mask_value *v)
{
	size_t end = command_end(s, at), word = mask_blanks(s, at);
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
			return v->to > v->from;
		word = mask_blanks(s, word_end(s, v->to + v->quoted, end));
	}
	return false;
}

bool mask_position(struct mask_scan *s, struct mask_run *r)
{
	size_t len = without_exe(s->text + r->at, r->end - r->at);

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

/* SPDX-License-Identifier: MIT */
/* file.c - which file is meant, what a server's files are, and the
 * server's own reload. */
#include <string.h>
#include <sys/stat.h>

#include "tools/pl-zone/words.h"
#include "tools/pl-zone/zone.h"

struct files {
	const char *dialect;
	unsigned takes;
	const char *instead;
};

static const struct files table[] = {
	{ "bind", ZONE_TAKES_ZONE | ZONE_TAKES_CONFIG, NULL },
	{ "unbound", ZONE_TAKES_CONFIG, NULL },
	{ "dnsmasq", ZONE_TAKES_CONFIG, NULL },
	{ "knot", ZONE_TAKES_ZONE, NULL },
	{ "nsd", ZONE_TAKES_ZONE, NULL },
	{ "coredns", ZONE_TAKES_ZONE | ZONE_TAKES_CONFIG, NULL },
	{ "windows", ZONE_TAKES_NOTHING,
	  "it keeps no file that could be changed; run what pl-zone render "
	  "--for windows prints" },
	{ "azure-cli", ZONE_TAKES_NOTHING,
	  "there is no file to change; run what pl-zone render --for azure-cli "
	  "prints" },
	{ "hosts", ZONE_TAKES_NOTHING,
	  "a hosts file is changed by pl-hosts plan and pl-hosts apply" },
};

static const struct files *files_of(const struct diag_dialect *dialect)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].dialect, dialect->key) == 0)
			return &table[i];
	return NULL;
}

unsigned zone_takes(const struct diag_dialect *dialect)
{
	const struct files *files = files_of(dialect);

	return files ? files->takes : ZONE_TAKES_NOTHING;
}

const char *zone_instead(const struct diag_dialect *dialect)
{
	const struct files *files = files_of(dialect);

	return files ? files->instead : NULL;
}

bool pl_zone_subject(const struct tool_call *call, struct change_subject *out,
		     struct diag_err *err)
{
	const struct pl_zone *o = call->options;
	struct stat st;

	*out = (struct change_subject){ .path = o->file,
					.state = o->state,
					.schema = PL_ZONE_SCHEMA,
					.yes = o->yes,
					.force = o->force };
	if (o->file == NULL)
		return diag_fail(err, DIAG_EUSAGE, "--file",
				 "say which file of the name server");
	if (strcmp(o->file, "-") == 0)
		return diag_fail(err, DIAG_EUSAGE, "--file",
				 "standard input cannot be changed");
	if (o->include_dir &&
	    (stat(o->include_dir, &st) != 0 || !S_ISDIR(st.st_mode)))
		return diag_fail(err, DIAG_EUSAGE, "--include-dir",
				 "%s is no folder", o->include_dir);
	return true;
}

bool pl_zone_reload(struct tool_call *call)
{
	const struct pl_zone *o = call->options;
	struct words words;

	if (o->reload == NULL)
		return true;
	if (words_run(o->reload, NULL, &words) && words.good) {
		tool_note(call, "reloaded: %s", o->reload);
		words_clear(&words);
		return true;
	}
	tool_error(call, "--reload: %s: %s", o->reload, words.end);
	words_tell(call, &words, NULL, NULL);
	words_clear(&words);
	return false;
}

/* SPDX-License-Identifier: MIT */
/* learn_text.c - names that only a text tells: the hosts file calls machines by
 * one word, and NetworkManager a profile like its Wi-Fi. */
#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "mask/internal.h"
#include "net/addr.h"

#define LEAST 4 /* bytes of a host's name that is looked for elsewhere */

static bool is_everybodys(struct diag_slice name)
{
	static const char *const heads[] = { "ip6-", "localhost", "broadcast" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (diag_text_find_nocase(name.p, name.len, heads[i]) == name.p)
			return true;
	return mask_label_is_common(name.p, name.len);
}

/* "10.9.9.9 fileserver fileserver.corp.example # Ann's" */
static void hosts_line(struct diag_mask *m, struct diag_slice line)
{
	struct diag_cursor c = diag_cursor_of(line.p, line.len);
	struct diag_slice word;
	struct diag_addr addr;

	if (!diag_cursor_word(&c, &word) ||
	    !diag_addr_parse_n(word.p, word.len, &addr))
		return;
	while (diag_cursor_word(&c, &word) && word.p[0] != '#')
		if (word.len >= LEAST && !is_everybodys(word) &&
		    memchr(word.p, '.', word.len) == NULL)
			mask_learn_word(m, word.p, word.len);
}

/* "==> /etc/NetworkManager/system-connections/Ann's Wi-Fi.nmconnection <==" */
static void profile_line(struct diag_mask *m, struct diag_slice line)
{
	static const char folder[] = "/system-connections/";
	static const char ending[] = ".nmconnection <==";
	size_t n = sizeof(ending) - 1;
	const char *at;
	char name[MASK_WORD_MAX];
	size_t len;

	if (line.len < n || memcmp(line.p, "==> ", 4) != 0 ||
	    memcmp(line.p + line.len - n, ending, n) != 0)
		return;
	at = diag_text_find_nocase(line.p, line.len, folder);
	if (at == NULL)
		return;
	at += sizeof(folder) - 1;
	if (at >= line.p + line.len - n)
		return;
	len = (size_t)(line.p + line.len - n - at);
	if (mask_lower(at, len, name, sizeof(name)) && !mask_is_systems(name) &&
	    !diag_mask_learn_name(m, name, NULL))
		m->failed = DIAG_ENOMEM;
}

static void each_line(struct diag_mask *m, struct diag_slice text,
		      void (*learn)(struct diag_mask *, struct diag_slice))
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct diag_slice line;

	if (m->level >= DIAG_MASK_IDENTIFIERS)
		while (diag_cursor_line(&c, &line))
			learn(m, line);
}

void diag_mask_learn_hosts(struct diag_mask *m, struct diag_slice text)
{
	each_line(m, text, hosts_line);
}

void diag_mask_learn_profiles(struct diag_mask *m, struct diag_slice text)
{
	each_line(m, text, profile_line);
}

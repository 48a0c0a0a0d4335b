/* SPDX-License-Identifier: MIT */
/* command.c - lines for a shell.
 *
 * Names come from documents: what a shell would read in its own way is quoted,
 * and what no name in Azure has (control characters) is refused.
 */
#include "nsg/command.h"

#include <string.h>

static bool plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("_.:/@%+=,-", c) != NULL;
}

bool nsg_word_ok(const char *word)
{
	for (; *word != '\0'; word++) {
		if ((unsigned char)*word < 0x20 || *word == 0x7f)
			return false;
	}
	return true;
}

void nsg_put_word(struct diag_buf *out, const char *word)
{
	size_t len = 0;

	while (word[len] != '\0' && plain(word[len]))
		len++;
	if (word[len] == '\0' && len > 0) {
		diag_buf_puts(out, word);
		return;
	}
	diag_buf_putc(out, '\'');
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			diag_buf_puts(out, "'\\''");
		else
			diag_buf_putc(out, *word);
	}
	diag_buf_putc(out, '\'');
}

void nsg_put_option(struct diag_buf *out, const char *option, const char *word)
{
	diag_buf_printf(out, " %s ", option);
	nsg_put_word(out, word);
}

void nsg_put_group(struct diag_buf *out, const struct diag_nsg *g)
{
	nsg_put_option(out, "-g",
		       g->resource_group[0] != '\0' ? g->resource_group
						    : "RESOURCE_GROUP");
	nsg_put_option(out, "--nsg-name",
		       g->name[0] != '\0' ? g->name : "GROUP");
}

/* "Storage.?" is no tag. */
void nsg_put_peer(struct diag_buf *out, bool source,
		  const struct diag_nsg_peer *peer)
{
	if (peer->kind == DIAG_PEER_ASG) {
		nsg_put_option(out,
			       source ? "--source-asgs" : "--destination-asgs",
			       peer->text + strlen("asg:"));
		return;
	}
	diag_buf_printf(out, " %s ",
			source ? "--source-address-prefixes"
			       : "--destination-address-prefixes");
	if (peer->kind != DIAG_PEER_TAG) {
		nsg_put_word(out, peer->text);
		return;
	}
	nsg_put_word(out, peer->tag);
	if (peer->region[0] != '\0') {
		diag_buf_putc(out, '.');
		nsg_put_word(out, nsg_region_spelling(peer->region));
	}
}

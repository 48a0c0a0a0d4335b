/* SPDX-License-Identifier: MIT */
/* command.h - lines for a shell; private to this room. */
#ifndef DIAG_NSG_COMMAND_H
#define DIAG_NSG_COMMAND_H

#include "base/buf.h"
#include "nsg/internal.h"

#define NSG_COMMAND_MAX 4096

bool nsg_word_ok(const char *word);
void nsg_put_word(struct diag_buf *out, const char *word);
void nsg_put_option(struct diag_buf *out, const char *option, const char *word);
void nsg_put_group(struct diag_buf *out, const struct diag_nsg *g);
void nsg_put_peer(struct diag_buf *out, bool source,
		  const struct diag_nsg_peer *peer);

#endif

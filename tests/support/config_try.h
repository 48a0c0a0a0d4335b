/* SPDX-License-Identifier: MIT */
/* config_try.h - a plan for a configuration file, made and applied.
 *
 * Two names: KV shall be 10.0.0.9, SA 10.0.0.8 and fd00::8; forwarders go to
 * 10.1.1.1 and 10.1.1.2. */
#ifndef DIAG_TESTS_SUPPORT_CONFIG_TRY_H
#define DIAG_TESTS_SUPPORT_CONFIG_TRY_H

#include "fix/zone/config.h"

#define KV "kv.vault.azure.net"
#define SA "sa.blob.core.windows.net"

struct config_how {
	const char *dialect; /* "bind" */
	size_t n;	     /* names, from KV on; 0: take the block out */
	bool forwarders;
	enum diag_zone_style style;
};

struct config_tried {
	struct diag_arena arena;
	struct diag_zone_config_plan plan;
	struct diag_buf out;
	struct diag_err err;
	bool ok;
};

void config_try(struct config_tried *t, const struct config_how *how,
		const char *text, size_t len);
void config_tried_end(struct config_tried *t);

/* text becomes want, want stays, and without names text is back. */
void config_expect(const struct config_how *how, const char *text,
		   const char *want);
/* The plan is refused, and says this. */
void config_refuse(const struct config_how *how, const char *text,
		   enum diag_code code, const char *what);
/* It is made, and a note says this. */
void config_noted(const struct config_how *how, const char *text,
		  const char *what);

/* Twice is once, and what is taken out is as it was, for any bytes.  Gives
 * what is wrong, or NULL. */
const char *config_holds(const struct config_how *how, const char *text,
			 size_t len);
/* Every line of now stands in before, or is ours, or is put out. */
bool config_only_ours_differs(const struct config_how *how,
			      const struct diag_buf *before,
			      const struct diag_buf *now);

#endif

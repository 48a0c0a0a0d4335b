/* SPDX-License-Identifier: MIT */
/* roots.c - who was added to the trust store.
 *
 * The folders of libdiag/machine/roots_linux.c; names and fingerprints, no
 * certificates.
 */
#include "bundle/collect/rows.h"

static const char *const added[] = {
	"/usr/local/share/ca-certificates/*",
	"/usr/local/share/ca-certificates/*/*",
	"/etc/pki/ca-trust/source/anchors/*",
	"/usr/share/pki/ca-trust-source/anchors/*",
	"/etc/ca-certificates/trust-source/anchors/*",
	"/etc/pki/trust/anchors/*",
	NULL,
};
static const char *const settings[] = { "/etc/ca-certificates.conf", NULL };
static const char *const setting_keys[] = { "!*", NULL }; /* taken out */

static const struct diag_source sources[] = {
	{ .item = "added",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = added,
	  .pick = diag_pick_certs },
	{ .item = "distrusted",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = settings,
	  .pick = diag_pick_lines,
	  .keys = setting_keys },
	{ .item = NULL },
};

const struct diag_collector collect_roots = {
	.key = "roots",
	.title = "certificates that were added to the trust store: subject, "
		 "issuer, time, fingerprint",
	.platform = "linux",
	.sources = sources,
};

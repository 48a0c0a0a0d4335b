/* SPDX-License-Identifier: MIT */
/* support.h - what the tests of this room share. */
#ifndef DIAG_TESTS_IMPORT_SUPPORT_H
#define DIAG_TESTS_IMPORT_SUPPORT_H

#include "base/buf.h"
#include "import/import.h"

#define G	 "0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b"
#define API	 G ".workspace.eastus.api.azureml.ms"
#define CERT	 G ".workspace.eastus.cert.api.azureml.ms"
#define NOTEBOOK "ml-contoso-ml-eastus-" G ".eastus.notebooks.azure.net"
#define WILDCARD "*.eastus.inference.ml.azure.com"
#define GROUP                                                  \
	"/subscriptions/11111111-2222-4333-8444-555555555555/" \
	"resourceGroups/rg-ml/providers/"
#define NET GROUP "Microsoft.Network/"
#define WORKSPACE \
	GROUP "Microsoft.MachineLearningServices/workspaces/contoso-ml"

/* The file tests/data/azure/NAME; the caller clears it. */
void read_azure(const char *name, struct diag_buf *out);

/* An import with all that it says. */
struct imported {
	struct diag_import *im;
	struct diag_problems problems;
	struct diag_import_options o;
	struct diag_inventory *inv; /* after finish() */
	struct diag_import_summary summary;
	struct diag_err err;
};
void begin(struct imported *x);
void end(struct imported *x);
/* Add a sample, by its own name; or a text. */
void add_sample(struct imported *x, const char *name);
void add_text(struct imported *x, const char *file, const char *text);
void add_bytes(struct imported *x, const char *file, const void *bytes,
	       size_t len);
/* Must succeed; or must fail. */
void finish(struct imported *x);
void fail_to_finish(struct imported *x, const char *what);
/* Both in one: samples end with NULL. */
void import_samples(struct imported *x, const char *const *names);
void import_text_file(struct imported *x, const char *text);

/* As one line of JSON; the caller clears it. */
void print_json(const struct diag_inventory *inv, struct diag_buf *out);
/* The target, which must be there with this address (NULL: without any). */
void must_have(const struct imported *x, const char *fqdn, const char *addr);
void must_not_have(const struct imported *x, const char *fqdn);
/* The only note of the code; NULL: there must be none. */
const struct diag_note *note_of(const struct imported *x, const char *code);
size_t count_notes(const struct imported *x, const char *code);
/* No problem at all; or the problems are these lines. */
void no_problems(const struct imported *x);
void problems_are(const struct imported *x, const char *lines);
void asks_for(const struct imported *x, const char *command);
void does_not_ask_for(const struct imported *x, const char *part);
size_t seen(const struct imported *x, const char *kind);
/* The places that say so; "" if there are none, ", " between. */
const char *sources_of(const struct imported *x, const char *section,
		       const char *value);

/* All names of tests/data/azure, sorted; ends with NULL.  Lives on. */
const char *const *all_samples(size_t *n);

#endif

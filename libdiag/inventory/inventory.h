/* SPDX-License-Identifier: MIT */
/* inventory.h - what should be true: pldiag.inventory/1 (design.md, 5.1).
 *
 * An inventory owns an arena; every pointer in it lives there.
 */
#ifndef DIAG_INVENTORY_INVENTORY_H
#define DIAG_INVENTORY_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"
#include "inventory/catalogue.h"
#include "net/addr.h"

#define DIAG_INVENTORY_SCHEMA  "pldiag.inventory/1"
#define DIAG_INVENTORY_BYTES   ((size_t)64 << 20) /* largest document */
#define DIAG_INVENTORY_TARGETS 65536

struct diag_target {
	const char *fqdn; /* NULL: an address only (compute-node) */
	enum diag_service service;
	const struct diag_addr *addresses; /* any of these; may be none */
	size_t n_addresses;
	enum diag_expect expect;
	struct diag_ports ports;
	struct diag_ports optional_ports;
	bool computed;	    /* source: computed (else read) */
	bool uncertain;	    /* computed in a form that may be guessed wrongly */
	bool extra;	    /* came from the catalogue's always-public list */
	const char *any_of; /* group name or NULL */
};

struct diag_registry {
	const char *name;
	const char *const *regions;
	size_t n_regions;
};

struct diag_note {
	const char *code, *detail, *from;
	const char *const *targets;
	size_t n_targets;
};

/* Does a security group on a subnet hold the private endpoints in it?  Only
 * with network policies for them, which are off unless turned on. */
enum diag_policies {
	DIAG_POLICIES_UNKNOWN,
	DIAG_POLICIES_OFF,
	DIAG_POLICIES_ON,
};

/* Which addresses lie in which subnet: security groups hang on subnets. */
struct diag_subnet {
	const char *id; /* ARM id, lower case */
	const struct diag_cidr *prefixes;
	size_t n_prefixes;
	enum diag_policies policies;
};

/* A list of strings owned by the arena. */
struct diag_names {
	const char *const *items;
	size_t n;
};

struct diag_inventory {
	struct diag_arena arena;
	const char *name; /* workspace name, or the document's, or "" */
	enum diag_cloud cloud;
	const char *region; /* "" if unknown */
	const struct diag_cidr *networks;
	size_t n_networks;
	const struct diag_subnet *subnets;
	size_t n_subnets;
	enum diag_public_access public_access;
	bool managed_network;
	const char *workspace_name, *workspace_id; /* "" if unknown */
	struct diag_names storage;		   /* account names */
	const unsigned *storage_services; /* each one's diag_storage_bit()s */
	struct diag_names key_vault;
	const struct diag_registry *registry;
	size_t n_registry;
	struct diag_names compute_instances, online_endpoints;
	const struct diag_addr *compute_nodes;
	size_t n_compute_nodes;
	const struct diag_target *targets; /* explicit ones until expanded */
	size_t n_targets;
	/* The same targets by name (those without one are left out); made by
	 * parse, of_flags and expand, used by diag_inventory_target(). */
	const struct diag_target *const *by_name;
	size_t n_by_name;
	const struct diag_note *notes;
	size_t n_notes;
	const cJSON *nsgs; /* as read: kept for the nsg room; may be NULL */
	const cJSON *sources;
	cJSON *tree; /* the document the two above point into; owned */
};

/* Read a document.  Every fault is one line in problems ("FILE: $.path:
 * expected …"); false when there was any, err then is the first. name is for
 * messages.  Gives *out (diag_inventory_free). */
DIAG_MUST_USE
bool diag_inventory_parse(const char *name, const char *text, size_t len,
			  struct diag_problems *problems,
			  struct diag_inventory **out, struct diag_err *err);
void diag_inventory_free(struct diag_inventory *inv);

/* The same facts from flags (design.md, section 8); every list may be NULL. */
struct diag_inventory_flags {
	const char *workspace_id, *region, *workspace, *cloud;
	const char *const *storage,
	    *const *key_vault, *const *registry,
				   *const *compute_instance,
				       *const *network; /* NULL-terminated */
	const char *url_or_name; /* as copied from a browser, or a bare FQDN */
};
/* A URL or FQDN that fits a catalogue pattern gives workspace id and region
 * by itself (also studio URLs with ?wsid=/subscriptions/…/workspaces/W and
 * &tid=…); one that fits nothing becomes a target of service "other". */
DIAG_MUST_USE
bool diag_inventory_of_flags(const struct diag_inventory_flags *flags,
			     struct diag_problems *problems,
			     struct diag_inventory **out, struct diag_err *err);

/* The bit of a storage service in storage_services; 0 for other services. */
unsigned diag_storage_bit(enum diag_service s);

/* The short form becomes targets through the catalogue; explicit targets win
 * over expanded ones of the same FQDN; with public names unless no_public.
 * Ports are those of role and era unless the target gave its own.  Targets
 * come in a fixed order (catalogue order, then name).  Gives a new one;
 * borrows inv only during the call. */
DIAG_MUST_USE
bool diag_inventory_expand(const struct diag_inventory *inv,
			   enum diag_role role, enum diag_era era,
			   bool no_public, struct diag_inventory **out,
			   struct diag_err *err);

/* As JSON, canonical and deterministic: parse(print(x)) == x. */
void diag_inventory_print(const struct diag_inventory *inv, struct diag_jw *w);
/* Is a inside the networks? */
bool diag_inventory_has_net(const struct diag_inventory *inv,
			    const struct diag_addr *a);
/* The subnet it lies in: that with the longest prefix.  NULL: not known, or two
 * are as likely. */
const struct diag_subnet *
diag_inventory_subnet(const struct diag_inventory *inv,
		      const struct diag_addr *a);
/* A name that must stay public, but without which one can work. */
bool diag_inventory_is_optional(const struct diag_inventory *inv,
				const struct diag_target *t);
/* Make by_name; to be called again by who changes the targets. */
DIAG_MUST_USE
bool diag_inventory_seal(struct diag_inventory *inv, struct diag_err *err);
const struct diag_target *
diag_inventory_target(const struct diag_inventory *inv, const char *fqdn);

#endif

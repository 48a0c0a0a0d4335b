/* SPDX-License-Identifier: MIT */
/* wanted.c - see wanted.h. */
#include "tools/pl-hosts/wanted.h"

#include <stdint.h>
#include <string.h>

#include "net/fqdn.h"
#include "net/scope.h"
#include "tools/change/block_name.h"

#define TEXT_MAX 4096

/* --- addresses ---------------------------------------------------------- */

bool hosts_expected(const struct diag_target *t, const struct diag_addr *a)
{
	for (size_t i = 0; i < t->n_addresses; i++)
		if (diag_addr_eq(&t->addresses[i], a))
			return true;
	return false;
}

const char *hosts_unfit(const struct diag_inventory *inv,
			const struct diag_target *t, const struct diag_addr *a)
{
	enum diag_scope scope = diag_scope_of(a);

	if (hosts_expected(t, a) || diag_inventory_has_net(inv, a))
		return NULL;
	if (diag_scope_is_synthetic(a))
		return "made up by a zero-trust client";
	return diag_scope_is_private(scope) ? NULL : diag_scope_name(scope);
}

const char *hosts_addresses_text(struct diag_arena *arena,
				 const struct diag_addr *a, size_t n)
{
	char one[DIAG_ADDR_TEXT];
	struct diag_buf text;
	const char *out;

	diag_buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < n; i++)
		diag_buf_printf(&text, "%s%s", i > 0 ? ", " : "",
				diag_addr_text(&a[i], one));
	out = diag_arena_strdup(arena, diag_buf_str(&text));
	diag_buf_clear(&text);
	return out ? out : "";
}

/* --- the inventory itself ----------------------------------------------- */

/* What is expected may be any address but one that no client can use. */
static bool ask_inventory(void *ctx, const struct diag_target *t,
			  struct hosts_answer *out)
{
	const struct diag_inventory *inv = ctx;

	out->why = "expected by the inventory";
	out->addresses = t->addresses;
	out->n = t->n_addresses;
	out->why_not = "no address is known: name one in the inventory, or use "
		       "--from-resolver or --from";
	for (size_t i = 0; i < t->n_addresses; i++) {
		const struct diag_addr *a = &t->addresses[i];

		if (diag_inventory_has_net(inv, a) ||
		    !diag_scope_is_unusable(diag_scope_of(a)))
			continue;
		out->n = 0;
		out->why_not = "the inventory expects an address that nobody "
			       "can use there";
	}
	return true;
}

struct hosts_source hosts_source_inventory(const struct diag_inventory *inv)
{
	/* Only read, though a source may have a context that it changes. */
	return (struct hosts_source){ .ask = ask_inventory,
				      .ctx = (void *)(uintptr_t)inv };
}

/* --- asking for every name ---------------------------------------------- */

struct making {
	struct diag_arena *arena;
	const struct hosts_question *q;
	struct hosts_name *names;
	struct hosts_left *left;
	const char **left_groups; /* any_of of what was left out */
	size_t n_names, n_left, n_addresses;
};

static void leave(struct making *mk, const struct diag_target *t,
		  const char *why, bool unknown)
{
	mk->left_groups[mk->n_left] = t->any_of;
	mk->left[mk->n_left++] = (struct hosts_left){ .name = t->fqdn,
						      .why = why,
						      .unknown = unknown };
}

static void take(struct making *mk, const struct diag_target *t,
		 const struct hosts_answer *answer)
{
	mk->n_addresses += answer->n;
	mk->names[mk->n_names++] = (struct hosts_name){
		.name = t->fqdn,
		.service = t->service,
		.addresses = answer->addresses,
		.n = answer->n,
		.why = answer->why,
		.warning = answer->warning,
	};
}

static bool ask(struct making *mk, const struct diag_target *t)
{
	struct hosts_answer answer = { .n = 0 };

	if (t->fqdn == NULL || t->expect == DIAG_EXPECT_PUBLIC)
		return true;
	if (t->expect == DIAG_EXPECT_ANY) {
		leave(mk, t, "nobody says that it must be private", false);
	} else if (!mk->q->source->ask(mk->q->source->ctx, t, &answer)) {
		return false;
	} else if (answer.n > 0) {
		take(mk, t, &answer);
	} else {
		leave(mk, t, answer.why_not, answer.unknown);
	}
	return true;
}

static bool has_form(const struct making *mk, const char *group)
{
	for (size_t i = 0; i < mk->n_names; i++) {
		const struct diag_target *t =
		    diag_inventory_target(mk->q->inv, mk->names[i].name);

		if (t && t->any_of && strcmp(t->any_of, group) == 0)
			return true;
	}
	return false;
}

/* A wildcard became the names that the inventory gives for it, if any. */
static void tell_wildcards(struct making *mk)
{
	const struct diag_inventory *given = mk->q->given;

	for (size_t i = 0; given && i < given->n_targets; i++) {
		const struct diag_target *t = &given->targets[i];

		if (t->fqdn && t->fqdn[0] == '*' &&
		    given->online_endpoints.n == 0)
			leave(mk, t,
			      "a hosts file knows no wildcards: name the "
			      "online endpoints in the inventory",
			      false);
	}
}

static bool ask_all(struct making *mk)
{
	const struct diag_inventory *inv = mk->q->inv;
	size_t n =
	    inv->n_targets + (mk->q->given ? mk->q->given->n_targets : 0) + 1;

	mk->names = diag_arena_array(mk->arena, n, sizeof(*mk->names));
	mk->left = diag_arena_array(mk->arena, n, sizeof(*mk->left));
	mk->left_groups =
	    diag_arena_array(mk->arena, n, sizeof(*mk->left_groups));
	if (!mk->names || !mk->left || !mk->left_groups)
		return false;
	for (size_t i = 0; i < inv->n_targets; i++)
		if (!ask(mk, &inv->targets[i]))
			return false;
	tell_wildcards(mk);
	for (size_t i = 0; i < mk->n_left; i++)
		mk->left[i].needless =
		    mk->left_groups[i] && has_form(mk, mk->left_groups[i]);
	return true;
}

bool hosts_wanted_make(struct diag_arena *arena, const struct hosts_question *q,
		       struct hosts_wanted *out, struct diag_err *err)
{
	struct making mk = { .arena = arena, .q = q };

	*out = (struct hosts_wanted){ .inventory = q->inv->name };
	if (!block_name(arena, q->block, q->inv, &out->block, err))
		return false;
	if (!ask_all(&mk))
		return diag_fail_nomem(err, "pl-hosts");
	if (mk.n_addresses > DIAG_HOSTS_PINS_MAX)
		return diag_fail(err, DIAG_ELIMIT, "pl-hosts",
				 "%zu addresses; a block holds at most %d",
				 mk.n_addresses, DIAG_HOSTS_PINS_MAX);
	out->names = mk.names;
	out->n_names = mk.n_names;
	out->left = mk.left;
	out->n_left = mk.n_left;
	return true;
}

bool hosts_leaves_out(const struct hosts_wanted *wanted)
{
	for (size_t i = 0; i < wanted->n_left; i++)
		if (!wanted->left[i].needless)
			return true;
	return false;
}

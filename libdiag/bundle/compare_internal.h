/* SPDX-License-Identifier: MIT */
/* compare_internal.h - the parts of comparing; private to this room. */
#ifndef DIAG_BUNDLE_COMPARE_INTERNAL_H
#define DIAG_BUNDLE_COMPARE_INTERNAL_H

#include "bundle/compare.h"
#include "net/scope.h"

/* One case, made ready for looking things up. */
struct cmp_side {
	const struct diag_compare_side *s;
	const struct diag_origin *o;	/* the machine's part */
	const struct diag_machine *m;	/* never NULL: an empty one */
	const struct diag_fact **facts; /* with a target: by it, then time */
	size_t n_facts;
	const struct diag_fact **routes; /* by address, then time */
	size_t n_routes;
};

/* What a set of addresses is for a target that should be private. */
enum cmp_class {
	CMP_NONE,
	CMP_RIGHT, /* the target's own */
	CMP_PRIVATE,
	CMP_PUBLIC,
	CMP_UNUSABLE,
	CMP_MIXED,
};

/* How one side came to an address for a name. */
struct cmp_answer {
	const struct diag_addr *addrs; /* the deciding view's */
	size_t n_addrs;
	enum cmp_class cls;
	bool from_hosts;
	const struct diag_fact *system; /* NULL: the system was not asked */
	const struct diag_fact *asked;	/* the server whose answer it is */
	struct diag_endpoint at;	/* that server; NOFAM: none */
	bool stub;			/* it is this machine's own */
};

/* The way to one address, looked at on both sides. */
struct cmp_way {
	struct diag_addr good, bad; /* DIAG_NOFAM: no way to compare */
};

struct cmp_pair {
	const struct diag_target_verdict *good, *bad;
	const char *good_name, *name; /* FQDN or address of each */
	struct cmp_answer ga, ba;
	bool same_answer;
	struct cmp_way way;
};

struct cmp;

/* A row of the table. */
struct cmp_row {
	const char *code, *title;
	/* Findings that it can make, apart by blanks: "dns.* net.no-route". */
	const char *makes;
	/* Once per joined target, or once for the machine (p is NULL). */
	void (*target)(struct cmp *x, const struct cmp_pair *p);
	void (*machine)(struct cmp *x);
};
extern const struct cmp_row cmp_rows[];
extern const size_t cmp_n_rows;

/* What a row has to say. */
struct cmp_said {
	const char *there, *here; /* NULL: no memory */
	const char *key;	  /* equal: the same difference; NULL: "" */
	const struct diag_fact *good, *bad;
	bool harmless;	  /* nothing can stand on it this time */
	const char *only; /* all that it makes this time, or NULL */
};

/* A difference that is still open to more targets. */
struct cmp_found {
	struct diag_difference d;
	const struct cmp_row *row;
	const char *key;
	const char **targets;
	size_t n_targets;
	size_t cause; /* its index in the bad verdict, SIZE_MAX: none */
};

struct cmp {
	struct diag_comparison *out;
	struct diag_arena *arena;
	struct cmp_side good, bad;
	struct cmp_pair *pairs;
	size_t n_pairs;
	const struct cmp_row *row; /* that is looking */
	struct cmp_found *found;
	size_t n_found;
	const char **notes;
	size_t n_notes;
	bool addresses; /* of the two can be compared */
	bool no_memory;
};

/* compare.c */
void cmp_differ(struct cmp *x, const struct cmp_pair *p,
		const struct cmp_said *said);
void cmp_note(struct cmp *x, const char *fmt, ...) DIAG_PRINTF(2, 3);
/* Text in the arena; NULL and no_memory when there is none. */
const char *cmp_text(struct cmp *x, const char *fmt, ...) DIAG_PRINTF(2, 3);

/* compare_cause.c */
/* The first cause of the bad verdict that this row can make of this pair (NULL:
 * of the machine) and that the good one lacks there.  SIZE_MAX: none. */
size_t cmp_cause_of(const struct cmp *x, const struct cmp_row *row,
		    const struct cmp_pair *p, const char *only);
/* A cause that is in the bad verdict only. */
bool cmp_is_open(const struct cmp *x, const struct diag_cause *c);
/* Does the bad verdict say so of the target, and the good one not? */
bool cmp_only_bad(const struct cmp_pair *p, const char *code);
/* Outcome, and notes on what could not be told. */
void cmp_conclude(struct cmp *x);

/* compare_join.c */
bool cmp_join(struct cmp *x);

/* compare_side.c */
bool cmp_side_init(struct cmp *x, struct cmp_side *s,
		   const struct diag_compare_side *from);
/* Facts of a target, in order of time. */
const struct diag_fact *const *cmp_facts(const struct cmp_side *s,
					 const char *target, size_t *n);
/* The last fact of a kind (no route) that was run, to this address (and port;
 * 0: any). */
const struct diag_fact *cmp_fact_to(const struct cmp_side *s,
				    const char *target,
				    enum diag_fact_kind kind,
				    const struct diag_addr *to, uint16_t port);
/* How packets leave for an address, whoever asked; NULL: not looked at. */
const struct diag_fact *cmp_route_to(const struct cmp_side *s,
				     const struct diag_addr *to);
/* The answer of one server for A records; NULL: it was not asked. */
const struct diag_fact *cmp_fact_of_view(const struct cmp_side *s,
					 const char *target, const char *view);

/* compare_answer.c */
/* How each side came to its addresses; then what both together make of it:
 * same answer, way. */
void cmp_answers(struct cmp *x, struct cmp_pair *p);
void cmp_joined(struct cmp *x, struct cmp_pair *p);
enum cmp_class cmp_class_of(const struct cmp_side *s,
			    const struct diag_target *t,
			    const struct diag_addr *addrs, size_t n);
/* The same addresses in any order. */
bool cmp_same_set(const struct diag_addr *a, size_t n_a,
		  const struct diag_addr *b, size_t n_b);
/* Can the addresses of the two cases be compared at all?  Joined by service
 * they may be masked: only if the targets share one. */
bool cmp_addresses_compare(const struct cmp *x);
/* The same server?  Not known: a stub of each machine, or masked addresses. */
enum cmp_same { CMP_SAME, CMP_OTHER, CMP_NOT_KNOWN };
enum cmp_same cmp_same_server(const struct cmp *x, const struct cmp_answer *a,
			      const struct cmp_answer *b);
/* The other case asked this side's server as well, and heard what it heard
 * from its own: the server does not make the difference. */
bool cmp_depends_on_asker(const struct cmp *x, const struct cmp_pair *p);

/* compare_words.c */
const char *cmp_addrs(struct cmp *x, const struct cmp_side *s,
		      const struct diag_target *t,
		      const struct diag_addr *addrs, size_t n);
/* "10.150.0.4 (its private endpoint)", "no such name", "no answer in 3.0 s". */
const char *cmp_answer_text(struct cmp *x, const struct cmp_side *s,
			    const struct diag_target *t,
			    const struct cmp_answer *a);
const char *cmp_fact_text(struct cmp *x, const struct cmp_side *s,
			  const struct diag_target *t,
			  const struct diag_fact *f);
const char *cmp_server_text(struct cmp *x, const struct cmp_answer *a);

/* The rows: compare_rows_*.c */
void cmp_row_clock(struct cmp *x);
void cmp_row_offline(struct cmp *x);
void cmp_row_container(struct cmp *x);
void cmp_row_tunnel(struct cmp *x);
void cmp_row_ipv4(struct cmp *x);
void cmp_row_servers(struct cmp *x);
void cmp_row_search(struct cmp *x);
void cmp_row_documents(struct cmp *x);
void cmp_row_expected(struct cmp *x, const struct cmp_pair *p);
void cmp_row_hosts(struct cmp *x, const struct cmp_pair *p);
void cmp_row_hosts_order(struct cmp *x, const struct cmp_pair *p);
void cmp_row_proxy(struct cmp *x, const struct cmp_pair *p);
void cmp_row_stale(struct cmp *x, const struct cmp_pair *p);
void cmp_row_family(struct cmp *x, const struct cmp_pair *p);
void cmp_row_no_reply(struct cmp *x, const struct cmp_pair *p);
void cmp_row_other_server(struct cmp *x, const struct cmp_pair *p);
void cmp_row_other_answer(struct cmp *x, const struct cmp_pair *p);
void cmp_row_route(struct cmp *x, const struct cmp_pair *p);
void cmp_row_port(struct cmp *x, const struct cmp_pair *p);
void cmp_row_port_asked(struct cmp *x, const struct cmp_pair *p);
void cmp_row_large_hello(struct cmp *x, const struct cmp_pair *p);
void cmp_row_tls(struct cmp *x, const struct cmp_pair *p);
void cmp_row_certificate(struct cmp *x, const struct cmp_pair *p);
void cmp_row_http(struct cmp *x, const struct cmp_pair *p);

#endif

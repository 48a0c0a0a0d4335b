/* SPDX-License-Identifier: MIT */
/* internal.h - what the readers of this room share. */
#ifndef DIAG_MACHINE_INTERNAL_H
#define DIAG_MACHINE_INTERNAL_H

#include "base/cursor.h"
#include "machine/machine.h"
#include "net/fqdn.h"

#define MACHINE_FILE	((size_t)1 << 20) /* largest configuration file */
#define MACHINE_MAXNS	3		  /* glibc asks no more, resolv.h */
#define MACHINE_ROUTES	4096		  /* a full Internet table is cut */
#define MACHINE_LINKS	4096
#define MACHINE_SCHEMA	"pldiag.machine/1"
#define MACHINE_IF_NAME 16 /* bytes with NUL, IFNAMSIZ */

struct diag_machine *machine_new(struct diag_err *err);

/* A list of strings that grows in the machine's arena. */
struct machine_names {
	const char **items;
	size_t n;
};
bool machine_names_add(struct diag_machine *m, struct machine_names *list,
		       const char *s, size_t len);
/* The same in lower case and without a dot at the end (a lone "." stays). */
bool machine_names_add_domain(struct diag_machine *m,
			      struct machine_names *list, struct diag_slice s);

/* The server at this place, or NULL.  interface NULL: on any link. */
struct diag_nameserver *machine_server(struct diag_machine *m,
				       const struct diag_endpoint *at,
				       const char *interface);
/* A new server at the end; NULL: no memory. */
struct diag_nameserver *machine_add_server(struct diag_machine *m,
					   const struct diag_endpoint *at,
					   const char *source);
bool machine_is_loopback(const struct diag_addr *a);

/* Next word of a comma or blank separated list. */
bool machine_list_word(struct diag_cursor *c, struct diag_slice *word);

/* A proxy variable as the environment gives it.  Credentials are cut off
 * before anything is kept.  A value that is no URL is told in notes. */
DIAG_MUST_USE
bool machine_add_proxy(struct diag_machine *m, const char *scheme,
		       const char *value, const char *source,
		       struct diag_problems *notes, struct diag_err *err);
DIAG_MUST_USE
bool machine_set_no_proxy(struct diag_machine *m, const char *value,
			  struct diag_err *err);
bool machine_no_proxy_has(const struct diag_machine *m, const char *name,
			  uint16_t port);

/* Has nsswitch a service, and where?  false: not there. */
bool machine_nss_at(const struct diag_machine *m, const char *service,
		    size_t *at);

/* --- readers of the running machine --------------------------------------- */

struct machine_reader {
	struct diag_machine *m;
	const struct diag_machine_paths *paths; /* never NULL */
	struct diag_problems *notes;		/* may be NULL */
	struct diag_err *err;
};

void machine_note(struct machine_reader *r, const char *fmt, ...)
    DIAG_PRINTF(2, 3);
/* root + path into out; false when it does not fit. */
bool machine_path(const struct machine_reader *r, const char *path, char *out,
		  size_t size);
bool machine_exists(const struct machine_reader *r, const char *path);
/* A file below the root.  *found false: it is not there or cannot be read
 * (noted, unless it is simply not there).  false: no memory.  The caller
 * clears out in every case. */
DIAG_MUST_USE
bool machine_read_file(struct machine_reader *r, const char *path,
		       struct diag_buf *out, bool *found);

/* Names in a folder below the root, sorted, without hidden ones; *sys is
 * errno where it cannot be read, else 0.  false: no memory. */
DIAG_MUST_USE
bool machine_list_folder(struct machine_reader *r, const char *path,
			 struct machine_names *out, int *sys);

/* Each fills its part of the machine; false: no memory. */
DIAG_MUST_USE bool machine_read_resolved(struct machine_reader *r);
DIAG_MUST_USE bool machine_read_proxies(struct machine_reader *r);
DIAG_MUST_USE bool machine_read_container(struct machine_reader *r);
DIAG_MUST_USE bool machine_read_roots(struct machine_reader *r);
DIAG_MUST_USE bool machine_read_os(struct machine_reader *r);
DIAG_MUST_USE bool machine_read_interfaces(struct machine_reader *r);
DIAG_MUST_USE bool machine_read_routes(struct machine_reader *r);
void machine_read_clock(struct machine_reader *r);

/* Is the name one of a container network, of a tunnel? */
bool machine_name_is_container(const char *name);
bool machine_name_is_tunnel(const char *name);
/* "eth0" of 2; "if7" of a number that nobody has. */
const char *machine_index_name(unsigned index, char out[MACHINE_IF_NAME]);

/* --- JSON
 * --------------------------------------------------------------------- */

struct machine_json {
	struct diag_machine *m;
	bool no_memory;
};
/* A list member: calls item for each element with its place; a list longer
 * than max is a problem. */
void machine_json_each(struct machine_json *j, const struct diag_json_at *at,
		       const cJSON *obj, const char *key,
		       void (*item)(struct machine_json *j,
				    const struct diag_json_at *at,
				    const cJSON *value));
/* A copy of a text member, or NULL. */
const char *machine_json_text(struct machine_json *j,
			      const struct diag_json_at *at, const cJSON *obj,
			      const char *key);
void machine_json_names(struct machine_json *j, const struct diag_json_at *at,
			const cJSON *obj, const char *key,
			struct machine_names *out);
/* Address members: absent leaves *out alone, and is a problem if needed. */
bool machine_json_addr(const struct diag_json_at *at, const cJSON *obj,
		       const char *key, bool needed, struct diag_addr *out);
bool machine_json_cidr(const struct diag_json_at *at, const cJSON *obj,
		       const char *key, struct diag_cidr *out);
void machine_parse_net(struct machine_json *j, const struct diag_json_at *at,
		       const cJSON *obj);
/* Files as they are, under "texts": what a collector sends. */
void machine_parse_texts(struct machine_json *j, const struct diag_json_at *at,
			 const cJSON *obj);
void machine_parse_hosts(struct machine_json *j, const struct diag_json_at *at,
			 const cJSON *obj);

#endif

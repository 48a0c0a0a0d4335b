/* SPDX-License-Identifier: MIT */
/* internal.h - what the files of this room share. */
#ifndef DIAG_HOSTS_INTERNAL_H
#define DIAG_HOSTS_INTERNAL_H

#include <stdint.h>

#include "base/cursor.h"
#include "hosts/lint.h"
#include "net/fqdn.h"

#define HOSTS_BOM	    "\xef\xbb\xbf"
#define HOSTS_WINDOWS_NAMES 9 /* Windows reads no more of a line */

/* --- reading (scan.c) ------------------------------------------------------
 */

/* How the bytes of a line are classed; 0: may stand in a host name. */
enum {
	HOSTS_BLANK = 1, /* isspace(3) in the C locale */
	HOSTS_END = 2,	 /* '#' and NUL end what a line says */
	HOSTS_STRANGE = 4,
};
#define HOSTS_STOP (HOSTS_BLANK | HOSTS_END)
extern const uint8_t hosts_class[256];

/* Next word of a line that ends at `end`; false at a comment, a NUL or the
 * end.  *at moves behind the word. */
bool hosts_next_word(const char **at, const char *end, struct diag_slice *word);

/* The lines of a text, one after the other. */
struct hosts_scan {
	const char *text;
	size_t len, at;
	unsigned number;	/* of the line before */
	struct diag_slice last; /* address text met before, and its value */
	struct diag_addr addr;
};
struct hosts_line {
	size_t at, end; /* without its LF */
	unsigned number;
	bool entry;   /* begins with an address: that of the scan */
	bool odd;     /* no entry, but the first word deserves a second look */
	size_t names; /* entry: behind the address */
};
bool hosts_scan_line(struct hosts_scan *s, struct hosts_line *line);

/* Next name of an entry; *at moves behind it. */
struct hosts_name {
	size_t at, len;
	bool odd; /* deserves a second look */
};
bool hosts_scan_name(const char *text, size_t end, size_t *at,
		     struct hosts_name *out);

/* Has name a label behind its first that makes it worth a look in the
 * catalogue: privatelink, vaultcore, notebooks? */
bool hosts_has_zone_label(const char *name);

/* Lines of the text, the one behind the last LF included. */
size_t hosts_count_lines(const char *text, size_t len);
/* How many names they hold, going by the first few.  A vector that doubles
 * from too little holds twice the memory in the end. */
size_t hosts_guess_names(const char *text, size_t len, size_t n_lines);

/* --- a second look at a line -----------------------------------------------
 */

/* A line that deserves a second, slow look. */
struct diag_hosts_suspect {
	size_t at; /* offset of its first byte */
	unsigned line;
};

/* Bytes at p that people take for a blank: punctuation, the no-break and
 * other wide spaces of Unicode; and those that nobody sees at all. */
size_t hosts_separator(const char *p, size_t left);
size_t hosts_invisible(const char *p, size_t left);

/* word is an address and a name with no blank (or one that only looks like
 * it) between them. */
struct hosts_glued {
	struct diag_slice addr, name;
	bool sure; /* it can be cut nowhere else */
};
bool hosts_split_glued(struct diag_slice word, struct hosts_glued *out);

/* Is word meant to be an address, and which?  false, "ADDRESS": nobody can
 * know. */
bool hosts_address_like(struct diag_slice word);
bool hosts_repair_address(struct diag_slice word, char out[DIAG_ADDR_TEXT]);

/* What the first word of a line makes of the whole line. */
enum hosts_start_kind {
	HOSTS_START_FINE,  /* an address: only the names can be at fault */
	HOSTS_START_LOST,  /* no entry, but meant to be one */
	HOSTS_START_OTHER, /* no line of ours */
};
struct hosts_start {
	enum hosts_start_kind kind;
	enum diag_hosts_fault_kind fault; /* of a line that is lost */
	const char *why;		  /* one sentence, of the same */
	bool sure;			  /* the address is known */
	struct diag_slice strip;      /* leave out: invisible bytes in front */
	struct diag_slice cut;	      /* replace this piece ... */
	char put[DIAG_ADDR_TEXT + 1]; /* ... by this */
	struct diag_slice drop;	      /* and leave this out; behind the names */
	char addr[DIAG_ADDR_TEXT];
	const char *names;    /* names begin here */
	const char *no_names; /* and end here */
};
void hosts_judge_start(const char *line, const char *end,
		       struct hosts_start *out);

/* The name clients ask for when name (normalised) is one that only stands in
 * private zones, or is mistaken for it.  false: name is fine. */
bool hosts_client_name(const char *name, char out[DIAG_FQDN_MAX]);

/* What is wrong with one name. */
struct hosts_name_fault {
	bool wrong;
	enum diag_hosts_fault_kind kind;
	enum diag_hosts_severity severity;
	const char *text;  /* one sentence */
	const char *meant; /* what clients ask for, or NULL */
	const char *put;   /* what the word becomes; NULL: stays */
	unsigned n_put;	   /* names in it */
	bool sure;	   /* put is right for certain */
	bool comment;	   /* what follows was not meant to be names */
};

struct hosts_judge {
	struct diag_arena *arena;
	struct diag_slice text;
	enum diag_hosts_rules rules;
	bool only_lost;	 /* leave out what is no lost name of somebody */
	const char *eol; /* how lines of this file end */
	bool (*held)(const void *names, const char *name);
	const void *names; /* for held: does a line have this name? */
	struct diag_hosts_fault *faults;
	size_t n_faults;
	bool cut; /* there are more than are kept */
};

/* lost: the name stands on a line that is no entry, so whatever it is it does
 * not work.  out is in the judge's arena.  false: no memory. */
DIAG_MUST_USE
bool hosts_judge_name(struct hosts_judge *j, struct diag_slice word, bool lost,
		      struct hosts_name_fault *out);

/* The same for a word with strange characters; why it is no name. */
DIAG_MUST_USE
bool hosts_mend_name(struct hosts_judge *j, struct diag_slice word, bool lost,
		     const char *why, struct hosts_name_fault *out);

/* The findings of these lines. */
DIAG_MUST_USE
bool hosts_judge_lines(struct hosts_judge *j,
		       const struct diag_hosts_suspect *suspects, size_t n,
		       struct diag_err *err);

/* A copy of f goes to the findings, if they are not too many.  false: no
 * memory. */
DIAG_MUST_USE
bool hosts_add_fault(struct hosts_judge *j, const struct diag_hosts_fault *f);

/* --- what concerns the whole file (whole.c, conflict.c) --------------------
 */

struct hosts_ends {
	size_t n_lf, n_crlf;
	bool crlf; /* how most lines end */
};
void hosts_count_ends(struct diag_slice text, bool windows,
		      struct hosts_ends *out);
DIAG_MUST_USE
bool hosts_judge_whole(struct hosts_judge *j, const struct hosts_ends *ends);
bool hosts_is_utf16(struct diag_slice text);
DIAG_MUST_USE
bool hosts_judge_utf16(struct hosts_judge *j);

/* j->names is the table. */
DIAG_MUST_USE
bool hosts_judge_conflicts(struct hosts_judge *j, struct diag_err *err);
/* blocks.c: do both rows (in file order), and so all between them, stand in
 * one block of pl-hosts? */
bool hosts_in_one_block(const struct diag_hosts_table *t, uint32_t first,
			uint32_t last);

#endif

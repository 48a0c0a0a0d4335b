/* SPDX-License-Identifier: MIT */
/* config_internal.h - private to this room: the planner of configuration files
 * at work.
 *
 * config.c takes our marks out (config_marks.c), lets the editor of the
 * language read what is left, the base, and puts together what it found
 * (config_put.c).  An editor reads, and says: this goes out, that part of ours
 * goes there, this is worth a note.
 */
#ifndef DIAG_FIX_ZONE_CONFIG_INTERNAL_H
#define DIAG_FIX_ZONE_CONFIG_INTERNAL_H

#include "fix/zone/config.h"
#include "fix/zone/marks.h"

#define CONF_NOWHERE  SIZE_MAX
#define CONF_PART_MAX ((size_t)64 << 20) /* bytes of what we write */

/* A whole way from text to plan; the column of struct diag_dialect. */
struct zone_editor {
	bool (*plan)(struct diag_arena *arena, struct diag_slice text,
		     const struct diag_zone_config_job *job,
		     struct diag_zone_config_plan *out, struct diag_err *err);
};
extern const struct zone_editor zone_edit_bind, zone_edit_dnsmasq,
    zone_edit_hosts, zone_edit_unbound;

/* A statement to put out, bytes of the base. */
struct conf_out {
	size_t begin, end;
	const char *rest; /* a line that goes on in its place, or NULL */
};

/* A block that stood in the text. */
struct conf_found {
	const char *part; /* "": the block itself */
	size_t at;	  /* of the base */
	bool bare;	  /* the newline before it is ours, and needed now */
	bool inside;	  /* a statement goes on around it */
	bool heir;	  /* another block follows, and would get the newline */
};

/* A block that shall stand. */
struct conf_part {
	const char *name;
	size_t at; /* of the base */
	const char *text;
	size_t len;
	bool bare;
};

struct conf {
	struct diag_arena *arena;
	const struct diag_zone_config_job *job;
	struct zone_marks marks;
	struct diag_slice text, base;
	struct diag_edits first; /* text to base */
	bool inherit; /* our block goes from its place: give heirs their own */
	struct conf_found *found;
	size_t n_found;
	struct conf_lines {
		size_t from, to;
	} * was_out; /* lines of the base that are out in the text */
	size_t n_was_out;
	struct conf_out *outs;
	size_t n_outs;
	struct conf_part *parts;
	size_t n_parts;
	const char **notes;
	struct diag_zone_config_include *includes;
	struct diag_zone_config_plan *out;
	const char *eol;
	struct diag_err *err;
	bool failed; /* no memory */
};

/* The way of all languages that have statements: read looks at c->base. */
bool conf_plan(struct conf *c, struct diag_slice text,
	       bool (*read)(struct conf *c));

/* config_marks.c: from text to base. */
bool conf_marks_out(struct conf *c);
void conf_mark_begin(const struct conf *c, const struct conf_part *part,
		     struct diag_buf *out);
void conf_mark_end(const struct conf *c, const struct conf_part *part,
		   struct diag_buf *out);
void conf_mark_cut(const struct conf *c, struct diag_buf *out);
/* Lines of somebody else; last: the newline behind them is ours. */
void conf_mark_off(const struct conf *c, struct diag_slice lines, bool last,
		   struct diag_buf *out);

/* config_put.c: what the reader found, as edits of the base in order. */
bool conf_put(struct conf *c, struct diag_edits *then);

/* --- what an editor says (config.c) ---------------------------------------
 */

/* Here goes a statement; no block of this part may stand inside. */
void conf_spans(struct conf *c, const char *part, size_t begin, size_t end);
void conf_out(struct conf *c, size_t begin, size_t end, const char *rest);
bool conf_include(struct conf *c, struct diag_slice path, size_t at);
bool conf_note(struct conf *c, size_t at, const char *fmt, ...)
    DIAG_PRINTF(3, 4);
/* Our text names zone files: a note, if there is any text. */
bool conf_note_files(struct conf *c);
/* Where the block of this part stood, if that is in [from, to] and between
 * statements; or CONF_NOWHERE. */
size_t conf_place(const struct conf *c, const char *part, size_t from,
		  size_t to);
/* What shall stand there; no text, no block. */
void conf_part(struct conf *c, const char *name, size_t at,
	       const struct diag_buf *text);
/* "FILE:LINE:COLUMN: expected WHAT", and "FILE:LINE: ..."; places of the base
 * in lines of the text.  Both return false. */
bool conf_expected(const struct conf *c, size_t at, const char *what);
bool conf_conflict(const struct conf *c, size_t at, const char *fmt, ...)
    DIAG_PRINTF(3, 4);

/* --- what it asks ---------------------------------------------------------
 */

/* What the dialect writes for this job: the i-th part that is included,
 * without the line of comment that says where to. */
bool conf_ours(struct conf *c, size_t i, struct diag_slice *out);
/* One of our names, or NULL; any case, with or without a dot at its end. */
const struct diag_zone_name *conf_name(const struct conf *c,
				       struct diag_slice name);
/* The parent that is forwarded, or NULL. */
const char *conf_parent(const struct conf *c, struct diag_slice name);
bool conf_addr_wanted(const struct diag_zone_name *name,
		      const struct diag_addr *addr);
/* Of all that the job forwards to: the i-th is this address. */
bool conf_is_to(const struct conf *c, struct diag_slice text, size_t *i);
/* A name in normal form; false: no host name, so none of ours. */
bool conf_normal(struct diag_slice name, char out[256]);
/* n of them are all there are, each once or more: bits as conf_is_to(). */
bool conf_all_to(const struct conf *c, uint64_t bits);

#endif

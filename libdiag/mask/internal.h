/* SPDX-License-Identifier: MIT */
/* internal.h - inside of the mask; private to this room.
 *
 * A text is read once.  Bytes that cannot begin anything are skipped by class;
 * what remains are runs of letters, digits, dots, dashes and underscores, and
 * each run is shown to the maskers in the order of their table (scan.c)
 * until one takes it, or to none when it was met before (memo.c).  A
 * masker is a function and a row; each kind of thing has a file of its own.
 */
#ifndef DIAG_MASK_INTERNAL_H
#define DIAG_MASK_INTERNAL_H

#include <stdint.h>
#include <string.h>

#include "base/cursor.h"
#include "mask/mask.h"

#define MASK_OP	       "mask"
#define MASK_HASH      32	     /* bytes of HMAC-SHA256 */
#define MASK_DEPTH     4	     /* encodings in encodings */
#define MASK_WORD_MAX  128	     /* bytes of a learned name */
#define MASK_PSEUDONYM 10	     /* characters of a name's pseudonym */
#define MASK_NAME_MAX  ((size_t)255) /* bytes of a host name in text */

enum mask_kind {
	/* Secrets, at every level. */
	MASK_SAS,
	MASK_KEY,
	MASK_TOKEN,
	MASK_HEADER,
	MASK_PASSWORD,
	MASK_USERINFO,
	MASK_PRIVATE_KEY,
	MASK_EMAIL,
	MASK_USER,
	MASK_ENCODED,
	MASK_RULE,
	/* Identifiers. */
	MASK_GUID,
	MASK_NAME,
	MASK_SSID,
	MASK_MAC,
	MASK_DIGEST,
	MASK_CERTIFICATE,
	MASK_OWNER,
	/* Addresses. */
	MASK_ADDRESS,
};
#define MASK_N_KINDS (MASK_ADDRESS + 1)
const char *mask_kind_key(enum mask_kind k);

/* --- tables of texts (table.c) -------------------------------------------- */

struct mask_entry {
	const char *key; /* NULL: free */
	const char *value;
	uint32_t len, hash;
	int kind;
};
struct mask_table {
	struct mask_entry *at;
	size_t n, cap; /* cap: a power of two, or 0 */
};
const struct mask_entry *mask_table_find(const struct mask_table *t,
					 const char *key, size_t len);
/* Copies key into the arena; value is borrowed. An entry that is there already
 * is given back as it is.  NULL: no memory. */
struct mask_entry *mask_table_put(struct mask_table *t,
				  struct diag_arena *arena, const char *key,
				  size_t len);

/* --- the mask ------------------------------------------------------------- */

/* A range of public addresses that is one network to somebody. */
struct mask_net {
	struct diag_cidr from, to;
};

struct mask_regex;

/* What decides for the addresses with a prefix of whole bytes. */
#define MASK_NODES 1024
struct mask_node {
	uint8_t family, bytes;
	uint8_t prefix[16];
	unsigned char sum[MASK_HASH];
};

struct mask_counts {
	const char *where;
	size_t n[MASK_N_KINDS];
};

struct diag_mask {
	enum diag_mask_level level;
	enum diag_code failed; /* DIAG_ENOMEM, DIAG_ELIMIT: until told */
	unsigned char key[DIAG_MASK_KEY];
	struct diag_arena arena;
	struct mask_table pairs;    /* real to pseudonym, lower case */
	struct mask_table taken;    /* pseudonyms */
	struct mask_table words;    /* names to look for everywhere */
	struct mask_table suffixes; /* of names: kind is enum mask_suffix */
	struct mask_table keep;	    /* own rules: never masked */
	struct mask_table hosts;   /* runs, and what mask_host() made of them */
	struct mask_table quads;   /* the same of mask_ipv4() */
	struct mask_node *nodes;   /* hashes of prefixes, MASK_NODES of them */
	void *mac;		   /* EVP_MAC_CTX with the key */
	unsigned char first[8192]; /* bits: beginnings of words */
	size_t word_min, word_max; /* lengths */
	struct mask_net *nets;
	size_t n_nets;
	struct diag_cidr *nat64; /* prefixes of this network, /96 */
	size_t n_nat64;
	struct mask_regex *regexes;
	size_t n_regexes;
	const char **phrases; /* names with blanks in them */
	size_t n_phrases;
	bool phrase_first[256]; /* what they begin with, lower case */
	struct mask_counts *items;
	size_t n_items;
	struct mask_met *met;	/* runs that were met (memo.c) */
	uint32_t epoch;		/* of what is in met */
	size_t known;		/* names that were known in this epoch */
	unsigned wide;		/* bits of maskers that look beyond the run */
	uint32_t wants[2][256]; /* maskers by what a run has (scan.c) */
};

/* HMAC of what and the bytes; on failure the mask is marked. */
void mask_hash(struct diag_mask *m, const char *what, const void *p, size_t len,
	       unsigned char out[MASK_HASH]);
/* The pseudonym of a name, made when it is met first; lower case goes in.
 * Borrowed from the mask; "" when it failed. */
const char *mask_pseudonym(struct diag_mask *m, enum mask_kind kind,
			   const char *text, size_t len);
/* The same with so many characters. */
const char *mask_pseudonym_of(struct diag_mask *m, enum mask_kind kind,
			      struct diag_slice text, size_t chars);
/* Remember to as what from becomes.  false: to is another's. */
bool mask_pair(struct diag_mask *m, enum mask_kind kind, struct diag_slice from,
	       const char *to);
bool mask_is_kept(const struct diag_mask *m, const char *text, size_t len);

/* Look for a name everywhere from now on (words.c). */
void mask_learn_word(struct diag_mask *m, const char *text, size_t len);
/* "eth0", "wlp3s0", "tun1": a name that the system gives. */
bool mask_is_systems(const char *name);
void mask_learn_net(struct diag_mask *m, const struct diag_cidr *net);

/* --- one text ------------------------------------------------------------- */

struct mask_scan {
	struct diag_mask *m;
	const char *text;
	size_t len;
	size_t done; /* all before this is in out */
	struct diag_buf *out;
	struct mask_counts *counts;
	size_t replaced;
	enum diag_mask_level level;
	unsigned depth;	       /* encodings that were undone */
	unsigned ahead;	       /* secrets that were seen coming */
	size_t no_base64;      /* up to here there is none */
	unsigned base64_tries; /* in it */
	size_t no_text;	       /* the same of encoded texts (encoded.c) */
	size_t put_from;       /* what was put last, up to done */
	enum mask_kind put_kind;
	size_t was_put; /* to here an earlier mask had; 0: nothing */
};

/* What a run has, and what stands beside it. */
enum {
	MASK_HAS_DIGIT = 1 << 0,
	MASK_HAS_UPPER = 1 << 1,
	MASK_HAS_LOWER = 1 << 2,
	MASK_HAS_DOT = 1 << 3,
	MASK_HAS_DASH = 1 << 4,
	MASK_HAS_UNDER = 1 << 5, /* an underscore */
	MASK_IS_LONG = 1 << 7,	 /* 20 bytes and more */
	MASK_BY_SLASH = 1 << 8,	 /* behind a slash or backslash */
	MASK_AT_COLON = 1 << 9,
	MASK_AT_VALUE = 1 << 10,  /* before '=', ':', '"', a blank … */
	MASK_AT_AT = 1 << 11,	  /* before what can lead to an '@' */
	MASK_AT_ESCAPE = 1 << 12, /* before '%', '\\', '&', '}' */
	MASK_AT_BASE64 = 1 << 13, /* before '+', '/' or '=' */
	MASK_IS_ANY = 1 << 14,
};
struct mask_run {
	size_t at, end;
	unsigned has;
};

/* Take the run, or part of the text from it on: put what it becomes, and move
 * r->end behind what was read.  false: not mine, nothing was put. */
typedef bool mask_find(struct mask_scan *s, struct mask_run *r);
mask_find mask_pem, mask_percent, mask_escape, mask_entity, mask_string,
    mask_url, mask_pipe, mask_option, mask_position, mask_line, mask_crypt,
    mask_block, mask_members, mask_setting, mask_email, mask_token, mask_base64,
    mask_user_path, mask_arm_id, mask_hex, mask_reverse, mask_eui64, mask_ipv6,
    mask_ipv4, mask_dashed, mask_host, mask_dn, mask_pieces;

/* From a place to the text's end; what is left goes to out as it is. */
void mask_walk(struct mask_scan *s, size_t at);
/* Bytes of an option behind a slash and before a blank: "/rp". */
#define MASK_SLASHED 2

/* Which of them want to see a run, by each half of what it has. */
void mask_make_wants(uint32_t wants[2][256]);

/* --- runs that were met before (memo.c) ----------------------------------- */

/* As it was before a run was shown to the maskers. */
struct mask_seen {
	struct mask_met *met; /* where to keep the run, or NULL */
	size_t at, done, out, replaced;
};
bool mask_memo_new(struct diag_mask *m);
/* Before a text: forget, when names were learned. */
void mask_memo_renew(struct diag_mask *m);
/* Put what the run became before.  false: to be shown, then kept. */
bool mask_memo_show(struct mask_scan *s, struct mask_run *r,
		    struct mask_seen *seen);
void mask_memo_keep(struct mask_scan *s, const struct mask_run *r,
		    const struct mask_seen *seen);
/* What maskers that are not known to decide by the run alone want to see. */
unsigned mask_wide(void);

/* Byte at a place, '\0' outside of the text. */
static inline char mask_byte(const struct mask_scan *s, size_t at)
{
	return at < s->len ? s->text[at] : '\0';
}
/* What each byte is: bits of MASK_HAS_…, and MASK_SIGN (scan.c). */
extern const unsigned char mask_classes[256];
#define MASK_SIGN   (1U << 6) /* begins something by itself: "::1", "%2F" */
#define MASK_WORD   (MASK_HAS_DIGIT | MASK_HAS_UPPER | MASK_HAS_LOWER)
#define MASK_PARTED (MASK_HAS_DOT | MASK_HAS_DASH | MASK_HAS_UNDER)
#define MASK_RUN    (MASK_WORD | MASK_PARTED)
/* A letter or digit. */
static inline bool mask_is_word(char c)
{
	return (mask_classes[(unsigned char)c] & MASK_WORD) != 0;
}
/* Or one of ".-_". */
static inline bool mask_is_run(char c)
{
	return (mask_classes[(unsigned char)c] & MASK_RUN) != 0;
}
static inline char mask_small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}
/* The same letters, of either size. */
static inline bool mask_same(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (mask_small(a[i]) != mask_small(b[i]))
			return false;
	return true;
}
static inline bool mask_is(const char *p, size_t len, const char *word)
{
	return len > 0 && mask_small(*p) == mask_small(*word) &&
	       strlen(word) == len && mask_same(p, word, len);
}
/* A set of small letters, as bits, and whether a text begins with one. */
#define MASK_LETTER(c) (UINT32_C(1) << ((c) - 'a'))
static inline bool mask_begins_in(uint32_t letters, char c)
{
	unsigned n = (unsigned char)mask_small(c) - (unsigned)'a';

	return n < 26 && (letters >> n & 1) != 0;
}
/* Letters of text in lower case into out; false: longer than size - 1. */
bool mask_lower(const char *text, size_t len, char *out, size_t size);

/* Put text[from, to) as by. */
void mask_put(struct mask_scan *s, size_t from, size_t to, enum mask_kind kind,
	      const char *by);
void mask_putn(struct mask_scan *s, size_t from, size_t to, enum mask_kind kind,
	       struct diag_slice by);
/* Put it as [masked:KIND]. */
void mask_put_secret(struct mask_scan *s, size_t from, size_t to,
		     enum mask_kind kind);
/* Put a run of letters and digits only. */
void mask_put_word(struct mask_scan *s, size_t from, size_t to);
/* Put a part of a run that no other masker wants: GUIDs and learned names. */
void mask_put_pieces(struct mask_scan *s, size_t from, size_t to);
/* Put what lies between, before a secret that was seen coming.  false: too deep
 * in such, nothing was put. */
bool mask_put_between(struct mask_scan *s, size_t from, size_t to);
/* A text inside of the text: into out; how many places were masked. */
size_t mask_inner(struct mask_scan *s, const char *text, size_t len,
		  struct diag_buf *out);

/* --- values (value.c) ----------------------------------------------------- */

struct mask_value {
	size_t key; /* where its key begins */
	size_t from, to;
	/* '=', ':'; ' ': none; '-': the word behind an option; '>': what an
	 * element holds; '(' and ',': what a call is given */
	char sign;
	bool first; /* the key is the line's first word */
	bool quoted;
};
bool mask_is_blank(char c);
bool mask_is_end(char c); /* of a line or of the text */
size_t mask_blanks(const struct mask_scan *s, size_t at);
size_t mask_spaces(const struct mask_scan *s, size_t at); /* over lines, too */
bool mask_is_here(const struct mask_scan *s, size_t at, const char *text);
size_t mask_line_begin(const struct mask_scan *s, size_t at);
size_t mask_line_end(const struct mask_scan *s, size_t at);
/* Bytes of a quote as HTML writes it; 0: none. */
size_t mask_quote_entity(const struct mask_scan *s, size_t at);
/* From v->from, where it begins, to its end. */
void mask_value_at(const struct mask_scan *s, struct mask_value *v,
		   bool header);
/* "true", "0": not a secret. */
bool mask_says_nothing(const struct mask_scan *s, const struct mask_value *v);
/* Nothing that stands in a sentence: at least so long, and more than small
 * letters. */
bool mask_is_telling(const struct mask_scan *s, const struct mask_value *v,
		     size_t least);
/* The value of a key that no sign shows: "key="K" value="V"", "<K>V</K>"; from
 * and sign (pair.c). */
bool mask_pair_at(const struct mask_scan *s, const struct mask_run *r,
		  struct mask_value *v);
/* Bytes of '<', '>' or '"' (any quote), as they are, as HTML shows them, as
 * JSON has them; 0: not here. */
size_t mask_sign_here(const struct mask_scan *s, size_t at, char c);
/* Digits, capitals and small letters (token.c). */
bool mask_is_mixed(const char *p, size_t len);
/* Where a text ends that begins here; 0: another one.  A blank of it is any
 * number of blanks and ends of lines, a double quote is any quote, letters are
 * of either size. */
size_t mask_text_here(const struct mask_scan *s, size_t at, const char *text);
/* A member that is a secret by what stands beside it (beside.c). */
bool mask_beside(const struct mask_scan *s, const struct mask_run *r);
/* Behind "<", or "<a:". */
bool mask_in_tag(const struct mask_scan *s, size_t at);

/* A URL whose path is a secret, at its scheme (path.c). */
bool mask_secret_path(struct mask_scan *s, struct mask_run *r);

/* Commands (option.c): where the one ends that goes on here, whether a text is
 * in it, and "psexec.exe" as psexec. */
size_t mask_command_end(const struct mask_scan *s, size_t at);
bool mask_has_text(const struct mask_scan *s, size_t from, size_t to,
		   const char *text);
size_t mask_without_exe(const char *word, size_t len);

/* Words that something can follow, so that no memo decides for them. */
bool mask_is_program(const char *word, size_t len);   /* position.c */
bool mask_is_call(const char *word, size_t len);      /* pair.c */
bool mask_is_member(const char *word, size_t len);    /* beside.c */
bool mask_is_data(const char *word, size_t len);      /* members.c */
bool mask_is_line_word(const char *word, size_t len); /* line.c */
bool mask_is_tag(const char *word, size_t len);	      /* block.c */

/* --- names (name.c, suffix.c) --------------------------------------------- */

enum mask_suffix {
	MASK_SUFFIX_NONE,
	MASK_SUFFIX_OPEN, /* whose names are nobody's: microsoft.com */
	MASK_SUFFIX_OWN,  /* under which customers have names */
	MASK_SUFFIX_TLD,  /* all else */
};
bool mask_suffixes_load(struct diag_mask *m, struct diag_err *err);
/* What a lower-case name ends with, and where that begins. */
enum mask_suffix mask_suffix_of(const struct diag_mask *m, const char *name,
				size_t len, size_t *at);
/* A label that says something of Azure or DNS and of nobody. */
bool mask_label_is_common(const char *label, size_t len);
bool mask_is_region(const char *label, size_t len);
bool mask_tld_known(const char *label, size_t len);

/* The masked form of a name that is known to be one, into out.  false: it is
 * none, or nothing of it changes. */
bool mask_name(struct diag_mask *m, const char *text, size_t len,
	       struct diag_buf *out);
/* The masked form of one label. */
void mask_label(struct diag_mask *m, const char *label, size_t len,
		struct diag_buf *out);
/* A GUID here, not in the middle of something longer. */
bool mask_guid_at(const char *text, size_t len);
#define MASK_GUID_LEN 36
void mask_guid(struct diag_mask *m, const char *text, char out[37]);

/* "enxa8bbccddeeff", an interface that is called like its MAC: what of a word
 * is one, or 0, and put it (hex.c). */
#define MASK_MAC_NAME 15
size_t mask_mac_name(struct mask_scan *s, size_t at, size_t to);
/* 12 small hex digits of a MAC for 12 others. */
const char *mask_mac(struct diag_mask *m, const char *hex);

/* --- addresses (addr.c) --------------------------------------------------- */

struct diag_addr mask_addr(struct diag_mask *m, const struct diag_addr *a);
struct diag_cidr mask_cidr(struct diag_mask *m, const struct diag_cidr *c);

/* --- settings (keys.c) ---------------------------------------------------- */

enum mask_key {
	MASK_KEY_NONE,
	MASK_KEY_SECRET, /* what it holds is a password, key or token */
	MASK_KEY_HEADER, /* an HTTP header: the rest of the line */
	MASK_KEY_USER,
	MASK_KEY_SSID,
	MASK_KEY_HOST,
	MASK_KEY_SESSION, /* a secret, if it looks like one */
};
enum mask_key mask_key_of(const char *key, size_t len, enum mask_kind *kind);
/* What stands where a secret could, and is none (harmless.c). */
bool mask_is_harmless(const struct mask_scan *s, const struct mask_run *r,
		      const struct mask_value *v, enum mask_key key);
bool mask_is_session(const char *value, size_t len);
bool mask_key_may_be_bare(const char *key, size_t len);
/* "access key": a word that is a key with those before it (setting.c). */
bool mask_ends_phrase(const char *p, size_t len);

/* How a member of a JSON document is read. */
enum mask_member {
	MASK_MEMBER_TEXT,
	MASK_MEMBER_PLAIN,  /* a word of ours: only secrets go */
	MASK_MEMBER_NAME,   /* a host name, also one without a dot */
	MASK_MEMBER_DOTTED, /* one if there is a dot in it */
};
enum mask_member mask_member_of(const char *key);
/* A key of our own documents: never a name. */
bool mask_key_is_ours(const char *key);

/* --- distinguished names (dn.c) ------------------------------------------- */

/* Organisations whose certificates tell who repairs it. */
bool mask_owner_is_known(const char *text, size_t len);
/* "CN", "O": what follows a '=' belongs to it. */
bool mask_dn_is_kind(const char *text, size_t len);

/* --- own rules (rules.c) -------------------------------------------------- */

/* What regexes and phrases leave of a text; false: nothing changed. */
bool mask_rules_apply(struct mask_scan *s, struct diag_buf *out);
void mask_rules_free(struct diag_mask *m);

/* Where to count for an item. */
struct mask_counts *mask_counts_of(struct diag_mask *m, const char *where);
/* One text at a level of its own; failures stay in the mask until told. */
size_t mask_one(struct diag_mask *m, struct mask_counts *counts,
		enum diag_mask_level level, struct diag_slice text,
		struct diag_buf *out);
/* What went wrong with a text.  That it had too many names is forgotten: the
 * next may have none. */
DIAG_MUST_USE
bool mask_told(struct diag_mask *m, const struct diag_buf *out,
	       struct diag_err *err);

#endif

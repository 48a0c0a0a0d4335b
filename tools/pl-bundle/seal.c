/* SPDX-License-Identifier: MIT */
/* seal.c - learn, mask, judge again, render, look once more, write.
 *
 * Everything is in memory until the last step, so a refusal leaves nothing.
 */
#include "tools/pl-bundle/seal.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/version.h"
#include "bundle/archive.h"
#include "bundle/masked.h"
#include "report/report.h"
#include "tools/pl-bundle/here.h"
#include "tools/pl-bundle/write.h"

#define OP	   "mask"
#define MAP_BYTES  ((size_t)64 << 20)
#define RULE_BYTES ((size_t)64 << 10)
#define MODE	   0600

struct sealing {
	struct tool_call *call;
	const struct pl_bundle_mask_options *options;
	struct diag_mask *mask;
	const struct diag_case *plain;
	struct diag_case *masked;
	struct diag_bundle *bundle;
};

/* --- where it goes -------------------------------------------------------- */

const char *pl_bundle_map_path(struct tool_call *call, const char *out_path)
{
	const struct diag_archive_kind *kind = diag_archive_kind_of(out_path);
	size_t n = strlen(out_path);

	if (kind != NULL)
		n -= strlen(kind->ending);
	return diag_arena_printf(&call->arena, "%.*s.map.json", (int)n,
				 out_path);
}

static bool has_map(const struct pl_bundle_mask_options *options)
{
	return options->level > DIAG_MASK_NONE;
}

/* --- the mask ------------------------------------------------------------- */

/* Without a map nothing is called otherwise, and needs no key to do so. */
static bool new_mask(struct sealing *s, struct diag_err *err)
{
	unsigned char key[DIAG_MASK_KEY] = { 0 };
	bool ok = !has_map(s->options) ||
		  RAND_bytes(key, (int)sizeof(key)) == 1 ||
		  diag_fail(err, DIAG_EIO, OP, "no random numbers");

	ok = ok && diag_mask_new((enum diag_mask_level)s->options->level, key,
				 &s->mask, err);
	OPENSSL_cleanse(key, sizeof(key));
	return ok;
}

static bool mask_of_map(struct sealing *s, struct diag_err *err)
{
	const char *path = s->options->map;
	unsigned char key[DIAG_MASK_KEY];
	struct diag_buf text;
	bool ok =
	    diag_file_read(path, MAP_BYTES, &text, err) &&
	    diag_mask_map_read(path, diag_buf_str(&text), text.len, key, err) &&
	    diag_mask_new((enum diag_mask_level)s->options->level, key,
			  &s->mask, err) &&
	    diag_mask_map_recall(s->mask, path, diag_buf_str(&text), text.len,
				 err);

	OPENSSL_cleanse(key, sizeof(key));
	diag_buf_clear(&text);
	return ok;
}

static bool read_rules(struct sealing *s, struct diag_err *err)
{
	const char *path = s->options->rules;
	struct diag_buf text;
	bool ok;

	if (path == NULL)
		return true;
	ok = diag_file_read(path, RULE_BYTES, &text, err) &&
	     diag_mask_rules(s->mask, path, diag_buf_str(&text), text.len, err);
	diag_buf_clear(&text);
	return ok;
}

/* A wrong rule is told before minutes are spent, not after. */
static bool can_mask(struct tool_call *call,
		     const struct pl_bundle_mask_options *options,
		     struct diag_err *err)
{
	struct sealing s = { .call = call, .options = options };
	bool ok =
	    (options->map != NULL ? mask_of_map(&s, err) : new_mask(&s, err)) &&
	    read_rules(&s, err);

	diag_mask_free(s.mask);
	if (!ok && (options->map != NULL || options->rules != NULL))
		err->code = DIAG_EUSAGE;
	return ok;
}

static bool can_write_map(const char *map, bool force, struct diag_err *err)
{
	struct diag_err why = { 0 };

	if (diag_file_can_create(map, force, &why))
		return true;
	if (why.sys == EEXIST)
		return diag_fail(err, DIAG_EUSAGE, OP,
				 "%s: the map of another bundle is there "
				 "already; take another name, or --force",
				 map);
	*err = why;
	return false;
}

bool pl_bundle_can_seal(struct tool_call *call,
			const struct pl_bundle_mask_options *options,
			const char *out_path, struct diag_err *err)
{
	const char *map = pl_bundle_map_path(call, out_path);

	if (map == NULL)
		return diag_fail_nomem(err, OP);
	return pl_bundle_can_write(out_path, options->force, err) &&
	       (!has_map(options) || can_write_map(map, options->force, err)) &&
	       can_mask(call, options, err);
}

/* Whoever works here may be named anywhere. */
static bool learn_user(struct sealing *s, struct diag_err *err)
{
	static const char *const variables[] = { "USER", "LOGNAME",
						 "SUDO_USER" };
	struct here_user who;

	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
		const char *name = getenv(variables[i]);

		if (name != NULL && strlen(name) > 2 &&
		    !diag_mask_learn_name(s->mask, name, err))
			return false;
	}
	here_who(&who);
	/* "root" is everybody's, and so is a name of one word. */
	return (strlen(who.login) <= 2 ||
		diag_mask_learn_name(s->mask, who.login, err)) &&
	       (strchr(who.name, ' ') == NULL ||
		diag_mask_learn_name(s->mask, who.name, err));
}

static bool prepare(struct sealing *s, struct diag_err *err)
{
	return (s->options->map != NULL ? mask_of_map(s, err)
					: new_mask(s, err)) &&
	       read_rules(s, err) && learn_user(s, err) &&
	       (s->plain == NULL || diag_mask_learn(s->mask, s->plain, err));
}

/* --- the masked case ------------------------------------------------------ */

/* What lies in the bundle is what is judged; a case of several origins is
 * several texts, and is masked by itself. */
static bool read_masked(struct sealing *s, struct diag_err *err)
{
	const struct diag_item *item =
	    diag_bundle_find(s->bundle, DIAG_BUNDLE_CASE);
	struct diag_problems problems;
	bool ok;

	if (item == NULL || item->bytes == NULL || s->plain->n_origins != 1)
		return diag_mask_case(s->mask, DIAG_BUNDLE_CASE, s->plain,
				      &s->masked, err);
	diag_problems_init(&problems);
	ok = diag_case_new(&s->masked, err) &&
	     diag_case_add(s->masked, NULL, item->bytes, item->len, &problems,
			   err);
	diag_problems_clear(&problems);
	return ok;
}

static bool judge_again(struct sealing *s, struct diag_err *err)
{
	struct diag_err why = { 0 };

	if (s->plain == NULL)
		return true;
	if (!read_masked(s, &why))
		/* No fault of what was read: own rules ate too much. */
		return diag_fail(
		    err, why.code == DIAG_EPARSE ? DIAG_EUSAGE : why.code, OP,
		    "the masked case is none: %.150s", why.what);
	return diag_masked_same_verdict(s->mask, s->plain, s->masked, err);
}

/* --- reports -------------------------------------------------------------- */

static const struct face {
	const char *path, *renderer;
} faces[] = {
	{ DIAG_BUNDLE_REPORT ".txt", "text" },
	{ DIAG_BUNDLE_REPORT ".json", "json" },
	{ DIAG_BUNDLE_REPORT ".html", "html" },
};
#define N_FACES (sizeof(faces) / sizeof(faces[0]))

static struct diag_item *item_for(struct diag_bundle *b, const char *path,
				  struct diag_err *err)
{
	const struct diag_item added = { .path = path,
					 .origin = "the case",
					 .sort = DIAG_ITEM_MADE };

	if (diag_bundle_find(b, path) == NULL &&
	    !diag_bundle_add(b, &added, err))
		return NULL;
	for (size_t i = 0; i < b->n_items; i++)
		if (strcmp(b->items[i].path, path) == 0)
			return &b->items[i];
	return NULL;
}

static bool fill(struct diag_bundle *b, struct diag_item *item,
		 const struct diag_buf *text, struct diag_err *err)
{
	item->bytes =
	    diag_arena_memdup(&b->arena, diag_buf_str(text), text->len);
	item->len = text->len;
	item->state = DIAG_ITEM_TAKEN;
	item->sort = DIAG_ITEM_MADE;
	item->reason = NULL;
	item->replaced = 0;
	return (item->bytes != NULL &&
		diag_sha256_of(item->bytes, item->len, item->sha256)) ||
	       diag_fail_nomem(err, OP);
}

static bool render(struct sealing *s, const struct diag_verdict *v,
		   const struct face *face, struct diag_err *err)
{
	struct diag_item *item = item_for(s->bundle, face->path, err);
	const struct diag_report_in in = { .c = s->masked,
					   .v = v,
					   .tool = s->bundle->tool,
					   .version = DIAG_VERSION,
					   .ascii = true };
	struct diag_buf text;
	bool ok;

	if (item == NULL)
		return false;
	diag_buf_init(&text, DIAG_CASE_BYTES);
	ok = diag_renderer_find(face->renderer)->render(&in, &text, err) &&
	     diag_buf_ok(&text, err, OP) && fill(s->bundle, item, &text, err);
	diag_buf_clear(&text);
	return ok;
}

static bool make_reports(struct sealing *s, struct diag_err *err)
{
	struct diag_verdict *v = NULL;
	bool ok;

	if (s->masked == NULL)
		return true;
	ok = diag_judge(s->masked, NULL, &v, err);
	for (size_t i = 0; ok && i < N_FACES; i++)
		ok = render(s, v, &faces[i], err);
	diag_verdict_free(v);
	return ok;
}

static bool is_made_here(const struct sealing *s, const char *path)
{
	if (strcmp(path, DIAG_BUNDLE_MASKED) == 0)
		return true;
	for (size_t i = 0; s->masked != NULL && i < N_FACES; i++)
		if (strcmp(faces[i].path, path) == 0)
			return true;
	return false;
}

/* Somebody else's "made of the masked case" may be anything. */
static void withhold_made(struct sealing *s)
{
	for (size_t i = 0; i < s->bundle->n_items; i++) {
		struct diag_item *item = &s->bundle->items[i];

		if (item->sort != DIAG_ITEM_MADE || item->bytes == NULL ||
		    is_made_here(s, item->path))
			continue;
		item->state = DIAG_ITEM_WITHHELD;
		item->reason = "made of a case that is not here";
		item->bytes = NULL;
		item->len = 0;
		item->sha256[0] = '\0';
	}
}

/* --- a last look, and out ------------------------------------------------- */

static bool no_leak(struct sealing *s, struct diag_err *err)
{
	for (size_t i = 0; i < s->bundle->n_items; i++) {
		const struct diag_item *item = &s->bundle->items[i];

		if (item->bytes != NULL && item->sort != DIAG_ITEM_PACKETS &&
		    diag_mask_leak(s->mask, item->bytes, item->len) != NULL)
			return diag_fail(err, DIAG_EUSAGE, OP,
					 "%s still holds a name that was to be "
					 "masked; nothing is written",
					 item->path);
	}
	return true;
}

static bool write_map(struct sealing *s, const char *path, struct diag_err *err)
{
	struct diag_buf text;
	bool ok;

	diag_buf_init(&text, MAP_BYTES);
	diag_mask_map_print(s->mask, &text);
	ok = diag_buf_ok(&text, err, OP) &&
	     diag_file_create(path, &text, MODE, s->options->force, err);
	if (text.data != NULL)
		OPENSSL_cleanse(text.data, text.len);
	diag_buf_clear(&text);
	return ok;
}

/* The map first: a bundle whose map is lost tells its owner less. */
static bool write_both(struct sealing *s, const char *out_path,
		       struct diag_err *err)
{
	const char *map = pl_bundle_map_path(s->call, out_path);
	char sha256[DIAG_SHA256_TEXT];
	bool ok = map != NULL || diag_fail_nomem(err, OP);

	if (ok && has_map(s->options))
		ok = write_map(s, map, err);
	if (!ok)
		return false;
	ok = pl_bundle_write(s->call, s->bundle, out_path, s->options->force,
			     sha256, err);
	if (map == NULL || !has_map(s->options))
		return ok;
	if (!ok)
		(void)unlink(map);
	else
		tool_note(s->call,
			  "%s names what is masked: keep it, send it to nobody",
			  map);
	return ok;
}

bool pl_bundle_seal(struct tool_call *call, struct diag_bundle *plain,
		    const struct diag_case *c,
		    const struct pl_bundle_mask_options *options,
		    const char *out_path, struct diag_err *err)
{
	struct sealing s = { .call = call, .options = options, .plain = c };
	bool ok = pl_bundle_can_seal(call, options, out_path, err) &&
		  prepare(&s, err) &&
		  diag_masked_bundle(s.mask, plain, &s.bundle, err) &&
		  judge_again(&s, err) && make_reports(&s, err);

	if (ok) {
		withhold_made(&s);
		ok = no_leak(&s, err) && write_both(&s, out_path, err);
	}
	diag_case_free(s.masked);
	diag_bundle_free(s.bundle);
	diag_mask_free(s.mask);
	return ok;
}

/* SPDX-License-Identifier: MIT */
/* show_put.c - the list of items, and what the bundle says of itself.
 *
 * Whose case it is and what it was judged to be stand in two of its items; they
 * are looked into only for these few words.
 */
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "tools/pl-bundle/bundle.h"
#include "tools/pl-bundle/open.h"
#include "tools/pl-bundle/read.h"

#define DEPTH	  64
#define JSON_MAX  ((size_t)256 << 20)
#define COLUMN	  46 /* of a path or an origin in the table */
#define WORDS_MAX ((size_t)64 << 10)

/* What two items tell; the texts are the documents'. */
struct about {
	cJSON *header; /* of the case */
	cJSON *report;
};

static cJSON *parse_item(const struct diag_bundle *b, const char *path,
			 bool first_line)
{
	static const struct diag_json_limits limits = { JSON_MAX, DEPTH };
	const struct diag_item *item = diag_bundle_find(b, path);
	const char *end, *text;
	cJSON *doc = NULL;
	size_t len;

	if (item == NULL || item->bytes == NULL)
		return NULL;
	text = item->bytes;
	end = first_line ? memchr(text, '\n', item->len) : NULL;
	len = end != NULL ? (size_t)(end - text) : item->len;
	return diag_json_parse(path, text, len, &limits, &doc, NULL) ? doc
								     : NULL;
}

static const char *text_of(const cJSON *obj, const char *key)
{
	const cJSON *m = cJSON_GetObjectItemCaseSensitive(obj, key);

	return cJSON_IsString(m) ? m->valuestring : NULL;
}

static const cJSON *causes_of(const struct about *a)
{
	return cJSON_GetObjectItemCaseSensitive(a->report, "causes");
}

/* A cause names a finding by its id, and that has the code; NULL: not so. */
static const char *code_of(const struct about *a, const cJSON *cause)
{
	const cJSON *findings =
	    cJSON_GetObjectItemCaseSensitive(a->report, "findings");
	const char *id = text_of(cause, "finding");
	const cJSON *finding;

	cJSON_ArrayForEach(finding, findings)
	{
		const char *its = text_of(finding, "id");

		if (id != NULL && its != NULL && strcmp(id, its) == 0)
			return text_of(finding, "code");
	}
	return NULL;
}

/* --- text ------------------------------------------------------------------
 */

struct page {
	struct diag_buf *out;
	struct tool_call *call;
};

/* "  Label    text", if there is a text. */
static void put_line(struct page *p, const char *label, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	diag_buf_printf(p->out, "  %-9s", label);
	diag_text_safe(p->out, text, strlen(text));
	diag_buf_putc(p->out, '\n');
}

static void put_words(struct page *p, const char *label, struct diag_buf *words)
{
	put_line(p, label, diag_buf_str(words));
	diag_buf_reset(words);
}

static void add_word(struct diag_buf *words, const char *before,
		     const char *word)
{
	if (word != NULL && word[0] != '\0')
		diag_buf_printf(words, "%s%s", words->len > 0 ? before : "",
				word);
}

static void put_verdict(struct page *p, const struct about *a,
			struct diag_buf *words)
{
	const cJSON *tool = cJSON_GetObjectItemCaseSensitive(a->report, "tool");
	const cJSON *cause;

	add_word(words, "", text_of(a->report, "verdict"));
	cJSON_ArrayForEach(cause, causes_of(a))
	    add_word(words, ", ", code_of(a, cause));
	add_word(words, "; judged by ", text_of(tool, "name"));
	add_word(words, " ", text_of(tool, "version"));
	put_words(p, "Verdict", words);
}

static void put_about(struct page *p, const struct diag_bundle *b,
		      const struct about *a)
{
	char created[DIAG_TIME_TEXT];
	struct diag_buf words;

	diag_buf_init(&words, WORDS_MAX);
	add_word(&words, "", b->tool);
	add_word(&words, " ", b->version);
	if (words.len > 0)
		add_word(&words, ", ", diag_time_text(b->created_s, created));
	put_words(p, "Made by", &words);
	add_word(&words, "", text_of(a->header, "host"));
	add_word(&words, ", ", text_of(a->header, "role"));
	add_word(&words, ", ", text_of(a->header, "started"));
	put_words(p, "Host", &words);
	put_verdict(p, a, &words);
	add_word(&words, "", b->mask);
	add_word(&words, ", key ", b->key_id);
	put_words(p, "Mask", &words);
	put_line(p, "Ticket", b->ticket);
	put_line(p, "Note", b->note);
	diag_buf_clear(&words);
}

/* Made safe, cut in its middle, and padded to width columns. */
static void put_cell(struct page *p, const char *text, size_t width)
{
	char safe[400], cut[400];
	const char *shown =
	    diag_text_middle(diag_text_safe_z(text, safe, sizeof(safe)), COLUMN,
			     !p->call->utf8, cut, sizeof(cut));
	size_t columns = diag_text_width(shown);

	diag_buf_puts(p->out, shown);
	diag_buf_pad(p->out, ' ', columns < width ? width - columns : 0);
	diag_buf_puts(p->out, "  ");
}

static size_t widest(const struct diag_bundle *b, bool origin)
{
	size_t width = 6;

	for (size_t i = 0; i < b->n_items; i++) {
		const char *text =
		    origin ? b->items[i].origin : b->items[i].path;
		char safe[400];
		size_t n =
		    diag_text_width(diag_text_safe_z(text, safe, sizeof(safe)));

		width = n > width ? n : width;
	}
	return width < COLUMN ? width : COLUMN;
}

static void end_line(struct page *p)
{
	while (p->out->len > 0 && p->out->data[p->out->len - 1] == ' ')
		p->out->data[--p->out->len] = '\0';
	diag_buf_putc(p->out, '\n');
}

static void put_table(struct page *p, const struct diag_bundle *b)
{
	const size_t paths = widest(b, false), origins = widest(b, true);

	diag_buf_printf(p->out, "\n  %-*s  State     %9s  %-*s  Reason\n",
			(int)paths, "Item", "Bytes", (int)origins, "Origin");
	for (size_t i = 0; i < b->n_items; i++) {
		const struct diag_item *item = &b->items[i];

		diag_buf_puts(p->out, "  ");
		put_cell(p, item->path, paths);
		diag_buf_printf(p->out, "%-8s  ",
				diag_item_state_key(item->state));
		if (item->bytes != NULL)
			diag_buf_printf(p->out, "%9zu  ", item->len);
		else
			diag_buf_printf(p->out, "%9s  ", "-");
		put_cell(p, item->origin, origins);
		if (item->reason != NULL)
			diag_text_safe(p->out, item->reason,
				       strlen(item->reason));
		end_line(p);
	}
}

static void put_text(struct page *p, const char *file, const char *sha256,
		     const struct diag_bundle *b, const struct about *a)
{
	diag_text_safe(p->out, file, strlen(file));
	diag_buf_putc(p->out, '\n');
	put_about(p, b, a);
	put_line(p, "SHA-256", sha256);
	put_table(p, b);
}

/* --- JSON ------------------------------------------------------------------
 */

static void put_case(struct diag_jw *w, const struct about *a)
{
	static const char *const keys[] = { "host", "role", "started", "tool",
					    "version" };

	if (a->header == NULL)
		return;
	diag_jw_kopen(w, "case", '{');
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		diag_jw_kstr(w, keys[i], text_of(a->header, keys[i]));
	diag_jw_close(w, '}');
}

static void put_judged(struct diag_jw *w, const struct about *a)
{
	const cJSON *tool = cJSON_GetObjectItemCaseSensitive(a->report, "tool");
	const cJSON *cause;

	if (a->report == NULL)
		return;
	diag_jw_kstr(w, "verdict", text_of(a->report, "verdict"));
	diag_jw_kstr(w, "judged_by", text_of(tool, "version"));
	diag_jw_kopen(w, "causes", '[');
	cJSON_ArrayForEach(cause, causes_of(a))
	{
		const char *code = code_of(a, cause);

		if (code != NULL)
			diag_jw_str(w, code);
	}
	diag_jw_close(w, ']');
}

static bool put_manifest(struct diag_jw *w, const struct diag_bundle *b,
			 struct diag_err *err)
{
	static const struct diag_json_limits limits = { JSON_MAX, DEPTH };
	struct diag_buf text;
	cJSON *doc = NULL;
	bool ok;

	diag_buf_init(&text, JSON_MAX);
	diag_manifest_print(b, &text);
	ok = diag_buf_ok(&text, err, "show") &&
	     diag_json_parse(DIAG_BUNDLE_MANIFEST, text.data, text.len, &limits,
			     &doc, err);
	diag_buf_clear(&text);
	if (ok) {
		diag_jw_key(w, "manifest");
		diag_jw_tree(w, doc);
	}
	cJSON_Delete(doc);
	return ok;
}

static bool put_document(struct tool_call *call, const char *file,
			 const char *sha256, const struct diag_bundle *b,
			 const struct about *a, struct diag_err *err)
{
	struct diag_buf out;
	struct diag_jw w;

	pl_bundle_doc(&w, &out, call->cmd->name, file);
	diag_jw_kstr(&w, "sha256", sha256);
	if (sha256 == NULL)
		diag_jw_kbool(&w, "dry_run", true);
	put_case(&w, a);
	put_judged(&w, a);
	if (put_manifest(&w, b, err))
		return pl_bundle_doc_end(call, &w, err);
	diag_buf_clear(&out);
	return false;
}

/* --- the door --------------------------------------------------------------
 */

bool pl_bundle_show_put(struct tool_call *call, const char *file,
			const char *sha256, const struct diag_bundle *b,
			struct diag_err *err)
{
	struct about a = { parse_item(b, DIAG_BUNDLE_CASE, true),
			   parse_item(b, DIAG_BUNDLE_REPORT ".json", false) };
	struct diag_buf out;
	struct page p = { &out, call };
	bool ok;

	diag_buf_init(&out, PL_BUNDLE_DOC_MAX);
	file = pl_bundle_name(file);
	if (strcmp(call->format, "json") == 0) {
		ok = put_document(call, file, sha256, b, &a, err);
	} else {
		put_text(&p, file, sha256, b, &a);
		ok = diag_buf_ok(&out, err, "show");
		if (ok)
			tool_write_buf(call, &out);
	}
	diag_buf_clear(&out);
	cJSON_Delete(a.report);
	cJSON_Delete(a.header);
	return ok;
}

bool pl_bundle_show_made(struct tool_call *call, const char *path,
			 struct diag_err *err)
{
	char sha256[DIAG_SHA256_TEXT];
	struct diag_bundle *written = NULL;
	bool ok = pl_bundle_read_sum(call, path, &written, sha256, err) &&
		  pl_bundle_show_put(call, path, sha256, written, err);

	diag_bundle_free(written);
	return ok;
}

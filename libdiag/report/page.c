/* SPDX-License-Identifier: MIT */
/* page.c - words on a page: cleaned, wrapped, cut, coloured. */
#include "report/page.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN     40
#define WIDTH_MAX     400
#define ARENA_BYTES   ((size_t)256 << 20)
#define CLEAN_BYTES   ((size_t)1 << 20) /* of one text */

void page_init(struct page *p, const struct diag_report_in *in,
	       struct diag_buf *out)
{
	*p = (struct page){ .in = in, .out = out, .width = in->width };
	if (p->width == 0)
		p->width = WIDTH_DEFAULT;
	if (p->width < WIDTH_MIN)
		p->width = WIDTH_MIN;
	if (p->width > WIDTH_MAX)
		p->width = WIDTH_MAX;
	diag_arena_init(&p->arena, ARENA_BYTES);
}

bool page_end(struct page *p, struct diag_err *err)
{
	diag_arena_clear(&p->arena);
	if (p->no_memory)
		return diag_fail_nomem(err, "report");
	return diag_buf_ok(p->out, err, "report");
}

static const char *or_empty(struct page *p, const char *s)
{
	if (s == NULL)
		p->no_memory = true;
	return s != NULL ? s : "";
}

const char *page_text(struct page *p, const char *fmt, ...)
{
	va_list args;
	const char *s;

	va_start(args, fmt);
	s = diag_arena_vprintf(&p->arena, fmt, args);
	va_end(args);
	return or_empty(p, s);
}

/* --- cleaning ------------------------------------------------------------- */

/* What our own texts use beyond ASCII. */
static const struct {
	const char *utf8;
	const char *ascii;
} spelled[] = {
	{ "\xe2\x86\x92", "->" },  /* arrow */
	{ "\xe2\x80\xa6", "..." }, /* ellipsis */
	{ "\xe2\x80\x93", "-" },   /* en dash */
	{ "\xe2\x80\x94", "-" },   /* em dash */
	{ "\xe2\x80\x98", "'" },   { "\xe2\x80\x99", "'" },
	{ "\xe2\x80\x9c", "\"" },  { "\xe2\x80\x9d", "\"" },
	{ "\xc2\xb7", "*" }, /* middle dot */
	{ "\xc3\x97", "x" }, /* times */
};
#define N_SPELLED (sizeof(spelled) / sizeof(spelled[0]))

/* One character beyond ASCII; gives its bytes.  s is UTF-8 already. */
static size_t put_spelled(struct diag_buf *out, const char *s)
{
	size_t n = 1;

	for (size_t i = 0; i < N_SPELLED; i++) {
		if (diag_text_starts(s, spelled[i].utf8)) {
			diag_buf_puts(out, spelled[i].ascii);
			return strlen(spelled[i].utf8);
		}
	}
	diag_buf_putc(out, '?');
	while (((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static void put_ascii(struct diag_buf *out, const char *s)
{
	while (*s != '\0') {
		if ((unsigned char)*s < 0x80)
			diag_buf_putc(out, *s++);
		else
			s += put_spelled(out, s);
	}
}

const char *page_clean(struct page *p, const char *s)
{
	struct diag_buf safe;
	struct diag_buf ascii;
	const char *clean;

	if (s == NULL)
		return "";
	diag_buf_init(&safe, CLEAN_BYTES);
	diag_buf_init(&ascii, CLEAN_BYTES);
	diag_text_safe(&safe, s, strlen(s));
	if (p->in->ascii)
		put_ascii(&ascii, diag_buf_str(&safe));
	clean = diag_arena_strdup(&p->arena,
				  diag_buf_str(p->in->ascii ? &ascii : &safe));
	if (safe.code == DIAG_ENOMEM || ascii.code == DIAG_ENOMEM)
		p->no_memory = true;
	diag_buf_clear(&safe);
	diag_buf_clear(&ascii);
	return or_empty(p, clean);
}

/* --- cutting -------------------------------------------------------------- */

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* "bf4ab0bd-2c9f-4480-abaf-f799f0832c80": RFC 9562, 4. */
#define GUID_LEN 36
static bool is_guid(const char *s)
{
	for (size_t i = 0; i < GUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !is_hex(s[i]))
			return false;
	}
	return true;
}

static const char *dots(const struct page *p)
{
	return p->in->ascii ? "..." : "\xe2\x80\xa6";
}

/* The first eight digits tell workspaces apart well enough for reading. */
static const char *short_guid(struct page *p, const char *s)
{
	for (const char *at = s; *at != '\0'; at++) {
		const char *rest = at + GUID_LEN;
		const char *gap = dots(p);

		if (!is_guid(at))
			continue;
		if (p->in->ascii && *rest == '.')
			gap = ".."; /* with the dot that follows: three */
		return page_text(p, "%.*s%s%s", (int)(at - s + 8), s, gap,
				 rest);
	}
	return s;
}

/* The beginning of a name tells most, its last label the least, but without
 * it a name is no name: "ws1103sa.blob.core...net".  false: no short last
 * label. */
#define LABEL_MAX ((size_t)6)

/* Bytes of a name that take this many columns; 0: this is no name. */
static size_t name_bytes(const char *s, size_t columns)
{
	static const char gap[] = "\xe2\x80\xa6"; /* a shortened id */
	size_t n = 0;

	for (; columns > 0; columns--) {
		if (diag_text_starts(s + n, gap))
			n += strlen(gap);
		else if (s[n] > ' ' && s[n] < 0x7f)
			n++;
		else
			return 0;
	}
	return n;
}

static bool fit_name(struct page *p, const char *s, size_t width,
		     const char **out)
{
	const char *dot = strrchr(s, '.');
	size_t tail = dot != NULL ? strlen(dot + 1) : 0;
	size_t head;

	if (tail < 2 || tail > LABEL_MAX || width < (size_t)3 * LABEL_MAX)
		return false;
	head = name_bytes(s, width - diag_text_width(dots(p)) - tail);
	if (head == 0)
		return false;
	*out = page_text(p, "%.*s%s%s", (int)head, s, dots(p), dot + 1);
	return true;
}

const char *page_middle(struct page *p, const char *s, size_t width)
{
	size_t size = 4 * width + 8;
	char *cut;

	if (diag_text_width(s) > width)
		s = short_guid(p, s);
	if (diag_text_width(s) <= width)
		return s;
	cut = diag_arena_alloc(&p->arena, size);
	if (cut == NULL)
		return or_empty(p, NULL);
	return diag_text_middle(s, width, p->in->ascii, cut, size);
}

const char *page_fit(struct page *p, const char *s, size_t width)
{
	if (diag_text_width(s) > width)
		s = short_guid(p, s);
	if (diag_text_width(s) <= width || fit_name(p, s, width, &s))
		return s;
	return page_middle(p, s, width);
}

/* --- putting -------------------------------------------------------------- */

void page_put(struct page *p, enum page_color color, const char *s)
{
	static const char *const codes[] = {
		[PAGE_PLAIN] = "",  [PAGE_BOLD] = "1",	 [PAGE_DIM] = "2",
		[PAGE_RED] = "31",  [PAGE_GREEN] = "32", [PAGE_YELLOW] = "33",
		[PAGE_CYAN] = "36",
	};
	bool paint = p->in->color && color != PAGE_PLAIN && s[0] != '\0';

	if (paint)
		diag_buf_printf(p->out, "\x1b[%sm", codes[color]);
	diag_buf_puts(p->out, s);
	if (paint)
		diag_buf_puts(p->out, "\x1b[0m");
}

void page_pad(struct page *p, size_t n)
{
	diag_buf_pad(p->out, ' ', n);
}

void page_cell(struct page *p, enum page_color color, const char *s,
	       size_t width)
{
	size_t columns = diag_text_width(s);

	page_put(p, color, s);
	if (columns < width)
		page_pad(p, width - columns);
}

void page_end_line(struct page *p)
{
	while (p->out->len > 0 && p->out->data[p->out->len - 1] == ' ')
		p->out->data[--p->out->len] = '\0';
	diag_buf_putc(p->out, '\n');
}

size_t page_words(struct page *p, size_t left, size_t right, const char *s)
{
	size_t column = left;

	for (;;) {
		size_t n;
		const char *word;

		s += strspn(s, " ");
		n = strcspn(s, " ");
		if (n == 0)
			return column;
		word = or_empty(p, diag_arena_strn(&p->arena, s, n));
		word = page_fit(p, word, right > left ? right - left : 1);
		if (column > left &&
		    column + 1 + diag_text_width(word) > right) {
			page_end_line(p);
			page_pad(p, left);
			column = left;
		}
		if (column > left) {
			page_pad(p, 1);
			column++;
		}
		page_put(p, PAGE_PLAIN, word);
		column += diag_text_width(word);
		s += n;
	}
}

void page_paragraph(struct page *p, size_t left, const char *s)
{
	(void)page_words(p, left, p->width, s);
	page_end_line(p);
}

void page_label(struct page *p, const char *label)
{
	page_pad(p, 2);
	page_cell(p, PAGE_BOLD, label, PAGE_MARGIN - 2);
}

const char *page_plural(size_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

const char *page_ms(struct page *p, double ms)
{
	if (ms < 1)
		return page_text(p, "%.1f ms", ms);
	if (ms < 1000)
		return page_text(p, "%.0f ms", ms);
	return page_text(p, "%.2f s", ms / 1000);
}

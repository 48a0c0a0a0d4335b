/* SPDX-License-Identifier: MIT */
#include "tests/fix/generate.h"

#include <string.h>

static const char *const ours[] = {
	"a.workspace.eastus.api.azureml.ms",
	"ws1103kv.vault.azure.net",
	"ws1103sa.blob.core.windows.net",
	"ws1103sa.file.core.windows.net",
	"ws1103acr.azurecr.io",
	"ci1.eastus.instances.azureml.ms",
};
static const char *const others[] = {
	"localhost",
	"printer.lan",
	"db",
	"www.example.org",
	"ws1103kv.vault.azure.net..", /* one dot would be the same name */
	"other.vault.azure.net",
	"xn--bcher-kva.example",
	"b\374cher",
};
static const char *const addresses[] = {
	"10.150.0.4", "10.150.0.5",
	"10.150.0.9", "192.168.1.7",
	"127.0.0.1",  "::1",
	"0.0.0.0",    "fd00::4",
	"10.150.0.4", "10.150.0.400" /* no address */,
};
#define PICK(list, state) \
	(list)[generate_next(state) % (sizeof(list) / sizeof((list)[0]))]

static bool one_in(uint64_t *s, uint64_t n)
{
	return generate_next(s) % n == 0;
}

static void upper(struct diag_buf *b, const char *name)
{
	for (; *name != '\0'; name++)
		diag_buf_putc(b, *name >= 'a' && *name <= 'z'
				     ? (char)(*name - 32)
				     : *name);
}

static void put_name(uint64_t *s, struct diag_buf *b)
{
	const char *name = one_in(s, 2) ? PICK(ours, s) : PICK(others, s);

	if (one_in(s, 6))
		upper(b, name);
	else
		diag_buf_puts(b, name);
	if (one_in(s, 12) && name[strlen(name) - 1] != '.')
		diag_buf_putc(b, '.');
}

static void put_entry(uint64_t *s, struct diag_buf *b)
{
	uint64_t names = 1 + generate_next(s) % 4;

	if (one_in(s, 5))
		diag_buf_puts(b, " \t");
	diag_buf_puts(b, PICK(addresses, s));
	while (names-- > 0) {
		diag_buf_puts(b, one_in(s, 3) ? "\t" : " ");
		put_name(s, b);
	}
	if (one_in(s, 5))
		diag_buf_puts(b, " # a comment with 10.0.0.1 db");
	if (one_in(s, 40))
		diag_buf_put(b, "\0 10.9.9.9 hidden", 18);
}

/* Almost our marks, and so comments; and what an editor makes of entries. */
static const char *const near_marks[] = {
	"# pldiag: begin",
	"# pldiag: end  ",
	"# pldiag: beginning ws1103",
	"#pldiag begin ws1103",
	"# pldiag: off ws1103",
	"# pldiag: off ws1103: # 10.150.0.9 db",
	"# pldiag: off ws1103: 10.150.0.9",
	"# pldiag: off w/s: 10.150.0.9 db",
	"10.150.0.9 db # pldiag: rest of the line above, for ws1103",
	"10.150.0.9 db # pldiag: off ws1103: 10.150.0.9 www.example.org",
	"\\# pldiag: end ws1103",
	"\v10.150.0.9\fdb\r",
	"fe80::1%eth0 ws1103acr.azurecr.io",
	"010.150.0.9 ws1103acr.azurecr.io",
};

static void put_garbage(uint64_t *s, struct diag_buf *b)
{
	uint64_t n = generate_next(s) % 30;

	while (n-- > 0) {
		char c = (char)generate_next(s);

		/* '#' would write our own marks sooner or later */
		diag_buf_putc(b, c == '\n' || c == '#' ? 'x' : c);
	}
}

static void put_megabyte(uint64_t *s, struct diag_buf *b)
{
	diag_buf_puts(b, "\n10.150.0.9");
	for (size_t end = b->len + 1000000; b->len < end;) {
		diag_buf_putc(b, ' ');
		put_name(s, b);
	}
}

static void put_line(uint64_t *s, struct diag_buf *b)
{
	switch (generate_next(s) % 8) {
	case 0:
		diag_buf_puts(b, "# just a comment");
		break;
	case 1:
		put_garbage(s, b);
		break;
	case 2:
		if (one_in(s, 2)) /* or empty */
			diag_buf_puts(b, PICK(near_marks, s));
		break;
	default:
		put_entry(s, b);
	}
	if (one_in(s, 3000))
		diag_buf_pad(b, 'y', 100000);
	if (one_in(s, 60000))
		put_megabyte(s, b);
}

static void put_text(uint64_t *s, struct diag_buf *b)
{
	uint64_t lines = generate_next(s) % 14;
	uint64_t style = generate_next(s) % 3; /* LF, CRLF, mixed */

	if (one_in(s, 10))
		diag_buf_puts(b, "\xef\xbb\xbf");
	while (lines-- > 0) {
		put_line(s, b);
		if (lines == 0 && one_in(s, 3))
			return; /* no final newline */
		if (style == 1 || (style == 2 && one_in(s, 2)))
			diag_buf_putc(b, '\r');
		diag_buf_putc(b, '\n');
	}
}

static const char *const addresses_of_pins[] = { "10.150.0.4", "10.150.0.5",
						 "fd00::4" };

static void add_pin(struct generated *g, uint64_t *s)
{
	struct diag_pin *pin = &g->pins[g->n_pins];

	pin->name = PICK(ours, s);
	(void)diag_addr_parse(PICK(addresses_of_pins, s), &pin->addr);
	for (size_t i = 0; i < g->n_pins; i++)
		if (strcmp(g->pins[i].name, pin->name) == 0 &&
		    diag_addr_eq(&g->pins[i].addr, &pin->addr))
			return;
	g->n_pins++;
}

/* The first pin of this name, or n_pins. */
static size_t first_of(const struct generated *g, const char *name)
{
	size_t i = 0;

	while (i < g->n_pins && strcmp(g->pins[i].name, name) != 0)
		i++;
	return i;
}

void generate(uint64_t seed, struct generated *out)
{
	uint64_t s = seed * 0x9e3779b97f4a7c15ULL + 1;
	uint64_t pins;

	memset(out, 0, sizeof(*out));
	out->seed = seed;
	diag_buf_init(&out->text, (size_t)4 << 20);
	put_text(&s, &out->text);
	pins = generate_next(&s) % (GENERATED_PINS + 1);
	while (pins-- > 0)
		add_pin(out, &s);
}

size_t generate_shared(uint64_t seed, const struct generated *g,
		       struct diag_pin *pins)
{
	uint64_t s = seed * 0x2545f4914f6cdd1dULL + 1;
	uint64_t shared = generate_next(&s); /* a bit per first pin of a name */
	struct generated more;
	size_t n = 0;

	memset(&more, 0, sizeof(more));
	while (more.n_pins < GENERATED_PINS && !one_in(&s, 6))
		add_pin(&more, &s);
	for (size_t i = 0; i < g->n_pins; i++)
		if ((shared >> (7 + first_of(g, g->pins[i].name)) & 1) != 0)
			pins[n++] = g->pins[i];
	for (size_t i = 0; i < more.n_pins && n < GENERATED_PINS; i++)
		if (first_of(g, more.pins[i].name) == g->n_pins)
			pins[n++] = more.pins[i];
	return n;
}

void generate_edit(uint64_t *s, const struct diag_buf *text,
		   struct diag_buf *out)
{
	const char *at = diag_buf_str(text), *end = at + text->len;

	diag_buf_init(out, (size_t)8 << 20);
	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t len =
		    lf != NULL ? (size_t)(lf - at) + 1 : (size_t)(end - at);

		if (one_in(s, 20)) {
			put_line(s, out);
			diag_buf_putc(out, '\n');
		}
		if (!one_in(s, 20))
			diag_buf_put(out, at, len);
		if (one_in(s, 40) && lf != NULL) {
			out->len -= out->len > 0;
			diag_buf_puts(out, " added.lan\n");
		}
		at += len;
	}
}

void generated_clear(struct generated *g)
{
	diag_buf_clear(&g->text);
}

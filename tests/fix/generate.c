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
	"ws1103kv.vault.azure.net.", /* the dotted spelling is another name */
	"other.vault.azure.net",
	"xn--bcher-kva.example",
	"b\xfc"
	"cher",
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

uint64_t generate_next(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 2685821657736338717ULL;
}

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

static void put_garbage(uint64_t *s, struct diag_buf *b)
{
	uint64_t n = generate_next(s) % 30;

	while (n-- > 0) {
		char c = (char)generate_next(s);

		/* '#' would write our own marks sooner or later */
		diag_buf_putc(b, c == '\n' || c == '#' ? 'x' : c);
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
		break; /* empty */
	default:
		put_entry(s, b);
	}
	if (one_in(s, 2000))
		diag_buf_pad(b, 'y', 100000);
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

static void add_pin(struct generated *g, uint64_t *s)
{
	struct diag_pin *pin = &g->pins[g->n_pins];

	pin->name = PICK(ours, s);
	if (!diag_addr_parse(one_in(s, 3) ? "fd00::4" : "10.150.0.4",
			     &pin->addr) ||
	    one_in(s, 2))
		(void)diag_addr_parse("10.150.0.5", &pin->addr);
	for (size_t i = 0; i < g->n_pins; i++)
		if (strcmp(g->pins[i].name, pin->name) == 0 &&
		    diag_addr_eq(&g->pins[i].addr, &pin->addr))
			return;
	g->n_pins++;
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

void generated_clear(struct generated *g)
{
	diag_buf_clear(&g->text);
}

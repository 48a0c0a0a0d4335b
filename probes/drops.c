/* SPDX-License-Identifier: MIT */
/* See drops.h. */
#include "probes/drops.h"

#include <string.h>

#include "base/cursor.h"
#include "base/file.h"

#define FILE_BYTES ((size_t)256 << 10)

struct counter {
	const char *table, *name;
	size_t at; /* in struct drops */
};

static const struct counter counters[] = {
	{ "TcpExt:", "ListenOverflows", offsetof(struct drops, queue_full) },
	{ "TcpExt:", "IPReversePathFilter",
	  offsetof(struct drops, reverse_path) },
	{ "Ip:", "OutNoRoutes", offsetof(struct drops, no_way_back) },
	/* of snmp6, a line for each */
	{ "", "Ip6OutNoRoutes", offsetof(struct drops, no_way_back) },
};

static void add(struct diag_slice table, struct diag_slice name,
		struct diag_slice number, struct drops *out)
{
	uint64_t n;

	for (size_t i = 0; i < sizeof(counters) / sizeof(*counters); i++) {
		const struct counter *c = &counters[i];

		if (diag_slice_eq(table, c->table) &&
		    diag_slice_eq(name, c->name) &&
		    diag_slice_number(number, 0, UINT64_MAX / 2, &n))
			*(uint64_t *)((char *)out + c->at) += n;
	}
}

/* Two lines, of names and of numbers, that begin with the same word. */
static void add_row(struct diag_slice names, struct diag_slice numbers,
		    struct drops *out)
{
	struct diag_cursor a = diag_cursor_of(names.p, names.len);
	struct diag_cursor b = diag_cursor_of(numbers.p, numbers.len);
	struct diag_slice table, again, name, number;

	if (!diag_cursor_word(&a, &table) || !diag_cursor_word(&b, &again) ||
	    table.len != again.len || memcmp(table.p, again.p, table.len) != 0)
		return;
	while (diag_cursor_word(&a, &name) && diag_cursor_word(&b, &number))
		add(table, name, number, out);
}

void drops_read(const char *text, size_t len, struct drops *out)
{
	struct diag_cursor at = diag_cursor_of(text, len);
	struct diag_slice before = { .p = "", .len = 0 }, line, name, number;

	while (diag_cursor_line(&at, &line)) {
		struct diag_cursor c = diag_cursor_of(line.p, line.len);

		add_row(before, line, out);
		if (diag_cursor_word(&c, &name) &&
		    diag_cursor_word(&c, &number))
			add(diag_slice_of(""), name, number, out);
		before = line;
	}
}

static bool read_file(const char *path, struct drops *out)
{
	struct diag_buf text;
	bool ok = diag_file_read(path, FILE_BYTES, &text, NULL);

	if (ok)
		drops_read(diag_buf_str(&text), text.len, out);
	diag_buf_clear(&text);
	return ok;
}

bool drops_now(struct drops *out)
{
	bool ok;

	*out = (struct drops){ .queue_full = 0 };
	ok = read_file("/proc/net/netstat", out) &&
	     read_file("/proc/net/snmp", out);
	(void)read_file("/proc/net/snmp6", out); /* no IPv6, no file */
	return ok;
}

static uint64_t since(uint64_t then, uint64_t now)
{
	return now > then ? now - then : 0;
}

struct drops drops_since(const struct drops *then, const struct drops *now)
{
	return (struct drops){
		.queue_full = since(then->queue_full, now->queue_full),
		.no_way_back = since(then->no_way_back, now->no_way_back),
		.reverse_path = since(then->reverse_path, now->reverse_path),
	};
}

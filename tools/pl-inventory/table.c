/* SPDX-License-Identifier: MIT */
/* table.c - targets for people.
 *
 * The name comes last and is never shortened: it is there to be copied, and
 * nothing has to be aligned behind it.  Ports in brackets are optional; flows
 * that go to a service tag or come in have a line of their own.
 */
#include "tools/pl-inventory/inventory.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define CELL 120

struct widths {
	size_t service, expected, ports;
};

static void expected(const struct diag_target *t, struct diag_buf *out)
{
	char text[DIAG_ADDR_TEXT];

	diag_buf_reset(out);
	for (size_t i = 0; i < t->n_addresses; i++)
		diag_buf_printf(out, "%s%s", i > 0 ? "," : "",
				diag_addr_text(&t->addresses[i], text));
	if (t->n_addresses == 0)
		diag_buf_puts(out, diag_expect_key(t->expect));
}

static bool is_plain(const struct diag_port *p)
{
	return p->peer == NULL && p->dir == DIAG_OUT;
}

static void put_port(struct diag_buf *out, const struct diag_port *p)
{
	diag_buf_printf(out, "%u", (unsigned)p->port);
	if (p->port_last != p->port)
		diag_buf_printf(out, "-%u", (unsigned)p->port_last);
	if (p->proto == DIAG_UDP)
		diag_buf_puts(out, "/udp");
}

static void put_ports(struct diag_buf *out, const struct diag_ports *ports,
		      const char *before)
{
	for (size_t i = 0; i < ports->n; i++) {
		if (!is_plain(&ports->items[i]))
			continue;
		diag_buf_puts(out, before);
		put_port(out, &ports->items[i]);
		before = ",";
	}
}

static void plain_ports(const struct diag_target *t, struct diag_buf *out)
{
	size_t len;

	diag_buf_reset(out);
	put_ports(out, &t->ports, "");
	len = out->len;
	put_ports(out, &t->optional_ports, len > 0 ? " [" : "[");
	if (out->len > len)
		diag_buf_putc(out, ']');
	if (out->len == 0)
		diag_buf_putc(out, '-');
}

static void print_flows(struct tool_call *call, const struct diag_ports *ports,
			bool optional)
{
	struct diag_buf text;

	diag_buf_init(&text, CELL);
	for (size_t i = 0; i < ports->n; i++) {
		const struct diag_port *p = &ports->items[i];

		if (is_plain(p))
			continue;
		diag_buf_reset(&text);
		put_port(&text, p);
		tool_print(call, "  %-3s %-11s %s %s%s\n",
			   p->dir == DIAG_IN ? "in" : "out",
			   diag_buf_str(&text),
			   p->dir == DIAG_IN ? "from" : "to",
			   p->peer != NULL ? p->peer : "anywhere",
			   optional ? "  [optional]" : "");
	}
	diag_buf_clear(&text);
}

static void print_row(struct tool_call *call, const struct diag_target *t,
		      const struct widths *w)
{
	struct diag_buf address;
	struct diag_buf ports;

	diag_buf_init(&address, (size_t)1 << 16);
	diag_buf_init(&ports, (size_t)1 << 16);
	expected(t, &address);
	plain_ports(t, &ports);
	tool_print(call, "%-*s  %-*s  %-*s  %s%s\n", (int)w->service,
		   diag_service_key(t->service), (int)w->expected,
		   diag_buf_str(&address), (int)w->ports, diag_buf_str(&ports),
		   t->fqdn != NULL ? t->fqdn : "(no name)",
		   t->any_of != NULL ? "  (one of several forms)" : "");
	print_flows(call, &t->ports, false);
	print_flows(call, &t->optional_ports, true);
	diag_buf_clear(&address);
	diag_buf_clear(&ports);
}

static void widen(size_t *width, size_t len)
{
	if (len > *width && len <= 40)
		*width = len;
}

static struct widths measure(const struct diag_inventory *inv)
{
	struct widths w = { sizeof("SERVICE") - 1, sizeof("EXPECTED") - 1,
			    sizeof("PORTS") - 1 };
	struct diag_buf text;

	diag_buf_init(&text, (size_t)1 << 16);
	for (size_t i = 0; i < inv->n_targets; i++) {
		const struct diag_target *t = &inv->targets[i];

		widen(&w.service, strlen(diag_service_key(t->service)));
		expected(t, &text);
		widen(&w.expected, text.len);
		plain_ports(t, &text);
		widen(&w.ports, text.len);
	}
	diag_buf_clear(&text);
	return w;
}

void pl_inventory_table(struct tool_call *call,
			const struct diag_inventory *inv)
{
	const struct pl_inventory *opt = call->options;
	struct widths w = measure(inv);
	char name[128];

	tool_print(call, "%s%s(%s%s%s), %s, %s: %zu targets\n\n",
		   diag_text_safe_z(inv->name, name, sizeof(name)),
		   inv->name[0] != '\0' ? " " : "", inv->region,
		   inv->region[0] != '\0' ? ", " : "",
		   diag_cloud_key(inv->cloud),
		   diag_role_key((enum diag_role)opt->role),
		   diag_era_key((enum diag_era)opt->era), inv->n_targets);
	tool_print(call, "%-*s  %-*s  %-*s  %s\n", (int)w.service, "SERVICE",
		   (int)w.expected, "EXPECTED", (int)w.ports, "PORTS", "NAME");
	for (size_t i = 0; i < inv->n_targets; i++)
		print_row(call, &inv->targets[i], &w);
}

/* SPDX-License-Identifier: MIT */
/* mtu.c - how large packets may be, a line per address, and what that is
 * known by. */
#include "tools/pl-probe/probe.h"

#include "base/text.h"

static const char *interface_of(const struct diag_mtu_fact *m,
				char safe[DIAG_FQDN_MAX])
{
	return m->interface ? diag_text_safe_z(m->interface, safe,
					       DIAG_FQDN_MAX)
			    : "the interface";
}

static void put_ok(const struct diag_mtu_fact *m, struct diag_buf *out)
{
	char safe[DIAG_FQDN_MAX];

	diag_buf_printf(out, "packets of %u bytes pass", m->mtu);
	if (m->mtu >= m->interface_mtu)
		diag_buf_printf(out, ", all that %s sends",
				interface_of(m, safe));
	else if (m->mss == 0)
		diag_buf_printf(out,
				"; larger ones were not tried, %s sends "
				"up to %u",
				interface_of(m, safe), m->interface_mtu);
	else
		diag_buf_printf(out,
				"; TCP sends no larger ones here (%u bytes "
				"of data in one), %s would send %u",
				m->mss, interface_of(m, safe),
				m->interface_mtu);
}

static void put_smaller(const struct diag_mtu_fact *m, struct diag_buf *out)
{
	char safe[DIAG_FQDN_MAX], from[DIAG_ADDR_TEXT];

	diag_buf_printf(out, "packets of %u bytes at most, %s sends up to %u: ",
			m->mtu, interface_of(m, safe), m->interface_mtu);
	if (!m->icmp.seen)
		diag_buf_puts(out, "this machine was told before, or has it "
				   "by a route");
	else
		diag_buf_printf(out, "told by %s (ICMP type %d code %d)",
				diag_addr_text(&m->icmp.from, from),
				m->icmp.type, m->icmp.code);
}

static void put_hole(const struct diag_mtu_fact *m, struct diag_buf *out)
{
	char safe[DIAG_FQDN_MAX];

	diag_buf_printf(out,
			"packets of %u bytes pass, those of %u vanish and "
			"nobody says so; %s sends up to %u",
			m->mtu, m->lost, interface_of(m, safe),
			m->interface_mtu);
}

static void put_silent(const struct diag_fact *f, struct diag_buf *out)
{
	char safe[DIAG_FQDN_MAX];

	diag_buf_puts(out, "not known");
	if (f->mtu.mtu > 0)
		diag_buf_printf(out, ", at least %u bytes", f->mtu.mtu);
	diag_buf_printf(out, ": %s",
			f->error
			    ? diag_text_safe_z(f->error, safe, sizeof(safe))
			    : "nothing answers by which it would be");
}

static void put_way(const struct diag_fact *f, struct diag_buf *out)
{
	char addr[DIAG_ADDR_TEXT];

	diag_buf_printf(out, "  %-15s ", diag_addr_text(&f->mtu.address, addr));
	switch (f->status) {
	case DIAG_ST_OK:
		put_ok(&f->mtu, out);
		break;
	case DIAG_ST_SMALLER:
		put_smaller(&f->mtu, out);
		break;
	case DIAG_ST_BLACK_HOLE:
		put_hole(&f->mtu, out);
		break;
	default:
		put_silent(f, out);
		break;
	}
	diag_buf_putc(out, '\n');
}

void probe_mtu_text(const struct diag_store *facts, struct diag_buf *out)
{
	bool any = false;

	for (size_t i = 0; i < facts->n; i++) {
		const struct diag_fact *f = facts->facts[i];

		if (f->kind != DIAG_FACT_MTU)
			continue;
		if (!any)
			diag_buf_puts(out, "The way there\n");
		any = true;
		put_way(f, out);
	}
}

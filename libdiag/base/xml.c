/* SPDX-License-Identifier: MIT */
/* See xml.h. */
#include "base/xml.h"

#include "base/markup.h"

void diag_xml_text(struct diag_buf *out, const char *s)
{
	struct diag_buf safe;

	if (s == NULL)
		return;
	diag_buf_init(&safe, out->max);
	diag_markup_text(out, &safe, s, 0);
	diag_buf_clear(&safe);
}

void diag_xml_attr(struct diag_buf *out, const char *name, const char *value)
{
	diag_buf_printf(out, " %s=\"", name);
	diag_xml_text(out, value);
	diag_buf_putc(out, '"');
}

void diag_xml_time(struct diag_buf *out, double ms)
{
	/* Not %f: its point depends on the locale. */
	bool sane = ms >= 0 && ms < 1e15;
	unsigned long long thousandths =
	    sane ? (unsigned long long)(ms + 0.5) : 0;

	diag_buf_printf(out, " time=\"%llu.%03llu\"", thousandths / 1000,
			thousandths % 1000);
}

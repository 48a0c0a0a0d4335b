/* SPDX-License-Identifier: MIT */
/* xml.h - text from outside inside XML 1.0.
 *
 * XML 1.0 cannot hold every character, even escaped (section 2.2), so texts
 * are made harmless first, as for a terminal.
 */
#ifndef DIAG_BASE_XML_H
#define DIAG_BASE_XML_H

#include "base/buf.h"

/* As content or inside double quotes; NULL puts nothing. */
void diag_xml_text(struct diag_buf *out, const char *s);
/*  name="value", with the blank before it. */
void diag_xml_attr(struct diag_buf *out, const char *name, const char *value);
/* The attribute in which JUnit tells a duration:  time="1.234" */
void diag_xml_time(struct diag_buf *out, double ms);

#endif

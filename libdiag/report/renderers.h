/* SPDX-License-Identifier: MIT */
/* renderers.h - one function per face; private. */
#ifndef DIAG_REPORT_RENDERERS_H
#define DIAG_REPORT_RENDERERS_H

#include "report/report.h"

bool diag_render_text(const struct diag_report_in *in, struct diag_buf *out,
		      struct diag_err *err);
bool diag_render_json(const struct diag_report_in *in, struct diag_buf *out,
		      struct diag_err *err);
bool diag_render_jsonl(const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err);
bool diag_render_html(const struct diag_report_in *in, struct diag_buf *out,
		      struct diag_err *err);
bool diag_render_junit(const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err);
bool diag_render_openmetrics(const struct diag_report_in *in,
			     struct diag_buf *out, struct diag_err *err);

#endif

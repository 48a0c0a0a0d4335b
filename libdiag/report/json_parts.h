/* SPDX-License-Identifier: MIT */
/* json_parts.h - the objects that json and jsonl share; private.  Each puts
 * members into an object that is open. */
#ifndef DIAG_REPORT_JSON_PARTS_H
#define DIAG_REPORT_JSON_PARTS_H

#include "report/report.h"

void diag_json_tool(const struct diag_report_in *in, struct diag_jw *w);
void diag_json_run(const struct diag_report_in *in, struct diag_jw *w);
void diag_json_target(const struct diag_report_in *in,
		      const struct diag_target_verdict *t, struct diag_jw *w);
void diag_json_finding(const struct diag_finding *f, struct diag_jw *w);
void diag_json_cause(const struct diag_cause *c, struct diag_jw *w);

#endif

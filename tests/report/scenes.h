/* SPDX-License-Identifier: MIT */
/* scenes.h - cases and verdicts made by hand, for every face of a report. */
#ifndef DIAG_TESTS_REPORT_SCENES_H
#define DIAG_TESTS_REPORT_SCENES_H

#include "report/report.h"

struct scene {
	struct diag_case *c;
	struct diag_verdict v;
	struct diag_finding *findings; /* v.findings, still open */
	struct diag_cause *causes;
	struct diag_target_verdict *targets;
};

struct scene_row {
	const char *name;
	void (*make)(struct scene *s);
};
size_t scene_all(const struct scene_row **rows);

void scene_open(struct scene *s, const struct scene_row *row);
void scene_close(struct scene *s);
/* What a tool would hand to a renderer. */
struct diag_report_in scene_report(const struct scene *s);

/* --- what scenes are made of (build.c) ------------------------------------ */

/* A case read from its text: networks 10.150.0.0/16, these targets and facts
 * (JSON pieces). */
void scene_case(struct scene *s, const char *targets, const char *facts);
void scene_case_text(struct scene *s, const char *name, const char *text);
void scene_fact(struct scene *s, const struct diag_fact *f);
/* A target verdict for inventory target i, with this answer ("" for none;
 * a leading '@': from the hosts file). */
struct diag_target_verdict *scene_target(struct scene *s,
					 enum diag_target_status status,
					 const char *answer);
struct diag_finding *scene_finding(struct scene *s, const char *code,
				   enum diag_severity severity,
				   const char *detail);
void scene_about(struct scene *s, struct diag_finding *f, size_t first,
		 size_t last); /* targets by number */
void scene_proof(struct scene *s, struct diag_finding *f, const char *text,
		 uint32_t fact);
struct diag_cause *scene_cause(struct scene *s, const struct diag_finding *f);
void scene_fix(struct scene *s, struct diag_cause *c, struct diag_fix fix);
void scene_explains(struct scene *s, struct diag_cause *c,
		    const struct diag_finding *f);
void *scene_alloc(struct scene *s, size_t n, size_t size);

#endif

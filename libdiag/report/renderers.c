/* SPDX-License-Identifier: MIT */
/* renderers.c - the faces a report has, in the order of the manual. */
#include "report/renderers.h"

#include <string.h>

static const struct diag_renderer text = {
	.name = "text",
	.summary = "for people: verdict, causes, fixes, names",
	.render = diag_render_text,
};
static const struct diag_renderer json = {
	.name = "json",
	.summary = "one document with everything, facts included",
	.render = diag_render_json,
};
static const struct diag_renderer jsonl = {
	.name = "jsonl",
	.summary = "a JSON object per line, the verdict last",
	.render = diag_render_jsonl,
};
static const struct diag_renderer html = {
	.name = "html",
	.summary = "one page for a browser, with pictures; loads nothing",
	.render = diag_render_html,
};
static const struct diag_renderer junit = {
	.name = "junit",
	.summary = "JUnit XML, a test case per name, for build servers",
	.render = diag_render_junit,
};
static const struct diag_renderer openmetrics = {
	.name = "openmetrics",
	.summary = "OpenMetrics text, for Prometheus and its collectors",
	.render = diag_render_openmetrics,
};

static const struct diag_renderer *const all[] = {
	&text, &json, &jsonl, &html, &junit, &openmetrics
};
#define N_ALL (sizeof(all) / sizeof(all[0]))

const struct diag_renderer *diag_renderer_find(const char *name)
{
	for (size_t i = 0; i < N_ALL; i++)
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	return NULL;
}

size_t diag_renderer_all(const struct diag_renderer *const **rows)
{
	*rows = all;
	return N_ALL;
}

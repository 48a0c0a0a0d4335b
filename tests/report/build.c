/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/report/scenes.h"

#define ITEMS 80 /* of anything in a scene */

void *scene_alloc(struct scene *s, size_t n, size_t size)
{
	void *p = diag_arena_array(&s->v.arena, n, size);

	assert_non_null(p);
	return p;
}

void scene_open(struct scene *s, const struct scene_row *row)
{
	memset(s, 0, sizeof(*s));
	diag_arena_init(&s->v.arena, 0);
	assert_true(diag_case_new(&s->c, NULL));
	s->findings = scene_alloc(s, ITEMS, sizeof(*s->findings));
	s->causes = scene_alloc(s, ITEMS, sizeof(*s->causes));
	s->targets = scene_alloc(s, ITEMS, sizeof(*s->targets));
	row->make(s);
	s->v.findings = s->findings;
	s->v.causes = s->causes;
	s->v.targets = s->targets;
}

void scene_close(struct scene *s)
{
	diag_arena_clear(&s->v.arena);
	diag_case_free(s->c);
}

struct diag_report_in scene_report(const struct scene *s)
{
	return (struct diag_report_in){
		.c = s->c, .v = &s->v, .tool = "pl-doctor", .version = "0.1.0"
	};
}

void scene_case_text(struct scene *s, const char *name, const char *text)
{
	struct diag_problems problems;

	diag_problems_init(&problems);
	if (!diag_case_add(s->c, name, text, strlen(text), &problems, NULL))
		fail_msg("%s", diag_buf_str(&problems.text));
	diag_problems_clear(&problems);
}

void scene_case(struct scene *s, const char *targets, const char *facts)
{
	struct diag_buf text;

	diag_buf_init(&text, 1 << 20);
	diag_buf_printf(
	    &text,
	    "{\"schema\":\"pldiag.case/1\",\"tool\":\"pl-doctor\",\"version\":"
	    "\"0.1.0\",\"started\":\"2026-11-23T10:00:00Z\",\"took_ms\":212.4,"
	    "\"complete\":true,\"host\":\"vpn-laptop\",\"role\":\"client\","
	    "\"inventory\":{\"schema\":\"pldiag.inventory/1\",\"name\":"
	    "\"ws1103\",\"region\":\"eastus\",\"networks\":[\"10.150.0.0/16\"]"
	    ",\"targets\":[%s]}}\n%s",
	    targets, facts);
	scene_case_text(s, NULL, diag_buf_str(&text));
	diag_buf_clear(&text);
}

void scene_fact(struct scene *s, const struct diag_fact *f)
{
	assert_true(diag_store_add(&s->c->facts, f, NULL, NULL));
}

struct diag_target_verdict *scene_target(struct scene *s,
					 enum diag_target_status status,
					 const char *answer)
{
	struct diag_target_verdict *t = &s->targets[s->v.n_targets];
	struct diag_addr *a = scene_alloc(s, 1, sizeof(*a));

	assert_true(s->v.n_targets < s->c->inventory->n_targets);
	t->target = &s->c->inventory->targets[s->v.n_targets++];
	t->status = status;
	t->from_hosts = answer[0] == '@';
	if (answer[0] != '\0') {
		assert_true(diag_addr_parse(answer + t->from_hosts, a));
		t->addresses = a;
		t->n_addresses = 1;
	}
	return t;
}

struct diag_finding *scene_finding(struct scene *s, const char *code,
				   enum diag_severity severity,
				   const char *detail)
{
	struct diag_finding *f = &s->findings[s->v.n_findings++];
	struct diag_code_info *info = scene_alloc(s, 1, sizeof(*info));

	info->code = code;
	info->title = "what this code says in one line";
	f->id = (unsigned)s->v.n_findings;
	f->info = info;
	f->severity = severity;
	f->detail = detail;
	return f;
}

static void add_to_target(struct scene *s, struct diag_target_verdict *t,
			  const struct diag_finding *f)
{
	const struct diag_finding **list =
	    scene_alloc(s, t->n_findings + 1, sizeof(*list));

	for (size_t i = 0; i < t->n_findings; i++)
		list[i] = t->findings[i];
	list[t->n_findings++] = f;
	t->findings = list;
}

void scene_about(struct scene *s, struct diag_finding *f, size_t first,
		 size_t last)
{
	const char **names = scene_alloc(s, last - first + 1, sizeof(*names));

	for (size_t i = first; i <= last; i++) {
		names[f->n_targets++] = s->targets[i].target->fqdn;
		add_to_target(s, &s->targets[i], f);
	}
	f->targets = names;
}

void scene_proof(struct scene *s, struct diag_finding *f, const char *text,
		 uint32_t fact)
{
	struct diag_proof *list = scene_alloc(s, f->n_proof + 1, sizeof(*list));
	uint32_t *ids = scene_alloc(s, f->n_evidence + 1, sizeof(*ids));

	if (f->n_proof > 0)
		memcpy(list, f->proof, f->n_proof * sizeof(*list));
	list[f->n_proof++] = (struct diag_proof){ text, fact };
	f->proof = list;
	if (fact == 0 ||
	    (f->n_evidence > 0 && f->evidence[f->n_evidence - 1] == fact))
		return; /* in a scene, equal ones come together */
	if (f->n_evidence > 0)
		memcpy(ids, f->evidence, f->n_evidence * sizeof(*ids));
	ids[f->n_evidence++] = fact;
	f->evidence = ids;
}

struct diag_cause *scene_cause(struct scene *s, const struct diag_finding *f)
{
	struct diag_cause *c = &s->causes[s->v.n_causes++];

	c->finding = f;
	return c;
}

void scene_fix(struct scene *s, struct diag_cause *c, struct diag_fix fix)
{
	struct diag_fix *list = scene_alloc(s, c->n_fixes + 1, sizeof(*list));

	if (c->n_fixes > 0)
		memcpy(list, c->fixes, c->n_fixes * sizeof(*list));
	list[c->n_fixes++] = fix;
	c->fixes = list;
}

void scene_explains(struct scene *s, struct diag_cause *c,
		    const struct diag_finding *f)
{
	const struct diag_finding **list =
	    scene_alloc(s, c->n_explains + 1, sizeof(*list));

	for (size_t i = 0; i < c->n_explains; i++)
		list[i] = c->explains[i];
	list[c->n_explains++] = f;
	c->explains = list;
}

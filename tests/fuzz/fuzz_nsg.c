/* SPDX-License-Identifier: MIT */
/* Network security groups: any document is groups or a list of problems; what
 * is printed is read back as the same; a definite answer about a range holds
 * for each end of it; with a list of service tags too.  A text that is no
 * document is a flow in a person's words. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "nsg/nsg.h"

struct world {
	struct diag_arena arena;
	struct diag_problems problems;
	struct diag_json_at root;
	struct diag_nsg_list groups;
	unsigned skipped;
};

static void open_world(struct world *w)
{
	*w = (struct world){ .skipped = 0 };
	diag_arena_init(&w->arena, (size_t)64 << 20);
	diag_problems_init(&w->problems);
	w->root.file = "fuzz";
	w->root.problems = &w->problems;
}

static void close_world(struct world *w)
{
	diag_arena_clear(&w->arena);
	diag_problems_clear(&w->problems);
}

static void print(const struct diag_nsg *g, struct diag_buf *out)
{
	struct diag_jw w;

	diag_buf_init(out, (size_t)256 << 20);
	diag_jw_init(&w, out, 0);
	diag_nsg_print(g, &w);
	if (out->code != DIAG_OK)
		abort();
}

static void print_is_read_back(const struct diag_nsg *g)
{
	struct diag_buf first;
	struct diag_buf second;
	struct world w;
	cJSON *doc;

	open_world(&w);
	print(g, &first);
	doc = cJSON_Parse(first.data);
	if (doc == NULL || !diag_nsg_recognise(doc) ||
	    !diag_nsg_read(&w.root, doc, &w.arena, &w.groups, NULL) ||
	    w.groups.n != 1 || w.groups.items[0].n_rules != g->n_rules)
		abort();
	print(&w.groups.items[0], &second);
	if (strcmp(first.data, second.data) != 0)
		abort();
	cJSON_Delete(doc);
	diag_buf_clear(&first);
	diag_buf_clear(&second);
	close_world(&w);
}

static enum diag_flow_result ask(struct world *w, const struct diag_flow *flow,
				 const struct diag_service_tags *tags)
{
	const struct diag_nsg_world world = { .groups = &w->groups,
					      .tags = tags,
					      .region = "" };
	struct diag_flow_verdict v = { .result = DIAG_FLOW_UNKNOWN };
	struct diag_err err = { .code = DIAG_OK };

	if (!diag_nsg_evaluate(&world, flow, &w->arena, &v, &err)) {
		if (err.code != DIAG_EUSAGE && err.code != DIAG_ENOMEM)
			abort();
		return DIAG_FLOW_UNKNOWN;
	}
	if ((v.result == DIAG_FLOW_UNKNOWN) != (v.why_unknown != NULL))
		abort();
	if (v.result == DIAG_FLOW_DENIED && w->groups.n > 0 && v.rule == NULL)
		abort();
	return v.result;
}

static void ends_agree(struct world *w, const struct diag_flow *flow,
		       const struct diag_service_tags *tags)
{
	enum diag_flow_result all = ask(w, flow, tags);
	struct diag_flow first = *flow;
	struct diag_flow last = *flow;

	first.port_last = first.port;
	last.port = last.port_last;
	if ((all == DIAG_FLOW_ALLOWED || all == DIAG_FLOW_DENIED) &&
	    (ask(w, &first, tags) != all || ask(w, &last, tags) != all))
		abort();
}

static void judge(struct world *w, const struct diag_service_tags *tags)
{
	static const char *const flows[] = {
		"in tcp BatchNodeManagement * 29876-29877",
		"in tcp Internet * 44224",
		"in udp * 10.0.0.0/24 1-9",
		"out tcp * Storage 443-445",
		"out tcp 10.0.0.4 VirtualNetwork *",
		"out tcp * 2001:db8::/32 443",
	};

	for (size_t i = 0; i < sizeof(flows) / sizeof(*flows); i++) {
		struct diag_flow flow;

		if (diag_flow_parse(flows[i], &w->arena, &flow, NULL))
			ends_agree(w, &flow, tags);
	}
}

static void read_tags(struct world *w, const cJSON *doc)
{
	struct diag_service_tags *tags = NULL;
	unsigned before = w->problems.n;

	if (diag_service_tags_read(&w->root, doc, &tags, NULL)) {
		judge(w, tags);
		diag_service_tags_free(tags);
	} else if (w->problems.n == before) {
		abort();
	}
}

static void read_document(const uint8_t *data, size_t size)
{
	static const struct diag_json_limits limits = { (size_t)1 << 20, 64 };
	struct diag_err err = { .code = DIAG_OK };
	cJSON *doc = NULL;
	struct world w;

	if (!diag_json_parse("fuzz", (const char *)data, size, &limits, &doc,
			     NULL))
		return;
	open_world(&w);
	if (!diag_nsg_read_all(&w.root, doc, &w.arena, &w.groups, &w.skipped,
			       &err) &&
	    err.code != DIAG_ELIMIT && err.code != DIAG_ENOMEM)
		abort();
	if ((w.skipped > 0) != (w.problems.n > 0))
		abort();
	for (size_t i = 0; i < w.groups.n; i++)
		print_is_read_back(&w.groups.items[i]);
	judge(&w, NULL);
	read_tags(&w, doc);
	cJSON_Delete(doc);
	close_world(&w);
}

static void read_flow(const uint8_t *data, size_t size)
{
	struct diag_flow flow;
	struct world w;
	char *text;

	open_world(&w);
	text = diag_arena_strn(&w.arena, (const char *)data, size);
	if (text != NULL && diag_flow_parse(text, &w.arena, &flow, NULL))
		ends_agree(&w, &flow, NULL);
	close_world(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0 && (data[0] == '{' || data[0] == '['))
		read_document(data, size);
	else
		read_flow(data, size);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* What to do, and who: never without a word, never a lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/notes.h"
#include "verdict/advice.h"

#define HOSTS_STALE                                                       \
	"\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{\"name\":\"" BLOB \
	"\",\"address\":\"10.150.0.99\",\"line\":3}]},"

static const struct diag_fix *fix(const struct build *b, size_t cause,
				  const char *kind)
{
	const struct diag_cause *c = &b->v->causes[cause];

	assert_true(cause < b->v->n_causes);
	for (size_t i = 0; i < c->n_fixes; i++)
		if (strcmp(c->fixes[i].kind, kind) == 0)
			return &c->fixes[i];
	return NULL;
}

/* The first cause's fixes, by kind, blank separated. */
static void fixes_are(const struct build *b, const char *kinds)
{
	const struct diag_cause *c = &b->v->causes[0];
	struct diag_buf said;

	assert_true(b->v->n_causes > 0);
	diag_buf_init(&said, 1024);
	for (size_t i = 0; i < c->n_fixes; i++)
		diag_buf_printf(&said, "%s%s", i > 0 ? " " : "",
				c->fixes[i].kind);
	assert_string_equal(kinds, diag_buf_str(&said));
	diag_buf_clear(&said);
}

/* BLOB is public by this server, the rest is right, every path is open. */
static void blob_is_public(struct build *b, const char *view)
{
	static const struct path_cert fine = { .status = "ok" };

	path_right(b, view, API, AT_API);
	path_right(b, view, NOTEBOOK, AT_NOTEBOOK);
	build_system(b, BLOB, "20.62.10.8");
	build_public(b, view, BLOB);
	build_paths_open(b);
	path_tls(b, BLOB, "20.62.10.8", &fine);
}

/* --- whom to ask ---------------------------------------------------------- */

static void azures_own_server_means_that_the_zone_is_not_linked(void **state)
{
	struct build *b = *state;

	path_in_vnet(b);
	blob_is_public(b, AZURE);
	build_soa(b, AZURE, BLOB_ZONE, PUBLIC_MNAME);
	build_judge(b);
	path_causes(b, "dns.zone-not-visible");
	fixes_are(b, "link-zone");
	assert_int_equal(DIAG_WHO_AZURE_ADMIN, b->v->causes[0].fixes[0].who);
	assert_non_null(strstr(b->v->causes[0].fixes[0].command,
			       "--zone-name " BLOB_ZONE " "));
}

/* Of questions alone a capture has no source; the role was chosen by it. */
static void silent_in_a_capture(struct build *b, const char *role)
{
	b->tool = "pl-capture";
	b->role = role;
	b->interfaces = "";
	b->routes = "";
	b->servers = M_SRV_AZURE;
	b->views = "{\"view\":\"" AZURE "\"}";
	build_dns(b, AZURE, API, "A", "timeout", "");
	build_judge(b);
	path_causes(b, "dns.server-silent");
}

static void a_captured_machine_inside_may_ask_azures_server(void **state)
{
	struct build *b = *state;

	silent_in_a_capture(b, "jumpbox");
	assert_null(
	    strstr(b->v->causes[0].fixes[0].text, "only inside a virtual"));
}

static void one_outside_should_not(void **state)
{
	struct build *b = *state;

	silent_in_a_capture(b, "client");
	assert_non_null(
	    strstr(b->v->causes[0].fixes[0].text, "only inside a virtual"));
}

static void a_company_server_needs_a_forwarder(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f;

	path_at_home(b);
	b->servers = M_SRV_CORP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" CORP "\"}";
	blob_is_public(b, CORP);
	build_judge(b);
	fixes_are(b, "hosts forwarder");
	f = fix(b, 0, "forwarder");
	assert_true(f->lasting);
	assert_int_equal(DIAG_WHO_DNS_ADMIN, f->who);
	assert_non_null(strstr(f->text, "On 10.200.0.53"));
	assert_non_null(strstr(f->text, "forward blob.core.windows.net"));
	assert_null(strstr(f->text, "forward privatelink"));
}

static void a_server_of_the_vnet_forwards_to_azures_own(void **state)
{
	struct build *b = *state;

	path_in_vnet(b);
	b->servers = "{\"at\":\"10.150.0.53:53\",\"source\":"
		     "\"/etc/resolv.conf\",\"default_route\":true}";
	b->views = "{\"view\":\"system\"},{\"view\":\"10.150.0.53:53\"}";
	blob_is_public(b, "10.150.0.53:53");
	build_judge(b);
	assert_non_null(
	    strstr(fix(b, 0, "forwarder")->text, "to 168.63.129.16"));
	assert_non_null(
	    strstr(fix(b, 0, "forwarder")->command, "--to 168.63.129.16"));
}

/* What the company's server answers to version.bind; NULL: it was not asked. */
static void says_it_is(struct build *b, const char *says, const char *status)
{
	if (status == NULL)
		return;
	build_fact(b,
		   "\"probe\":\"dns\",\"status\":\"%s\",\"view\":\"" CORP
		   "\",\"name\":\"version.bind\",\"type\":\"TXT\","
		   "\"transport\":\"udp\",\"chain\":[{\"name\":"
		   "\"version.bind\",\"type\":\"TXT\",\"ttl\":0,"
		   "\"value\":\"%s\"}]",
		   status, says);
}

static const struct diag_fix *taught(struct build *b, const char *says,
				     const char *status)
{
	path_at_home(b);
	b->servers = M_SRV_CORP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" CORP "\"}";
	blob_is_public(b, CORP);
	says_it_is(b, says, status);
	build_judge(b);
	return fix(b, 0, "forwarder");
}

static void a_server_that_says_what_it_is_is_told_in_its_language(void **state)
{
	const struct diag_fix *f = taught(*state, "unbound 1.17.1", "answer");

	assert_string_equal("pl-zone forwarders ws1103.json --for unbound --to "
			    "ADDRESS",
			    f->command);
	assert_null(strstr(f->text, "SERVER"));
}

static void one_that_cannot_forward_gets_records(void **state)
{
	const struct diag_fix *f = taught(*state, "NSD 4.6.1", "answer");

	assert_string_equal("pl-zone render ws1103.json --for nsd", f->command);
	assert_non_null(strstr(f->text, "cannot forward"));
}

static void one_that_nobody_asked_leaves_the_choice(void **state)
{
	const struct diag_fix *f = taught(*state, NULL, NULL);

	assert_string_equal("pl-zone forwarders ws1103.json --for SERVER --to "
			    "ADDRESS",
			    f->command);
	assert_non_null(strstr(f->text, "SERVER is bind, unbound, dnsmasq"));
	assert_non_null(strstr(f->text, "--fingerprint"));
}

/* The server holds the record itself, or passes on what another holds. */
static const struct diag_fix *corrected(struct build *b, const char *says,
					const char *status)
{
	path_at_home(b);
	b->servers = M_SRV_CORP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" CORP "\"}";
	path_right(b, CORP, API, AT_API);
	path_right(b, CORP, NOTEBOOK, AT_NOTEBOOK);
	build_system(b, BLOB, "10.150.0.99");
	build_dns(b, CORP, BLOB, "A", "answer", "10.150.0.99");
	build_paths_open(b);
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	says_it_is(b, says, status);
	build_judge(b);
	return fix(b, 0, "zone-record");
}

static void a_wrong_record_is_corrected_in_the_servers_file(void **state)
{
	const struct diag_fix *f = corrected(*state, "NSD 4.6.1", "answer");

	assert_string_equal("pl-zone plan ws1103.json --for nsd --file FILE",
			    f->command);
	assert_non_null(strstr(f->text, "If 10.200.0.53 holds the record"));
	assert_null(strstr(f->text, "SERVER"));
}

static void a_wrong_record_of_an_unknown_server_leaves_the_choice(void **state)
{
	const struct diag_fix *f = corrected(*state, NULL, NULL);

	assert_string_equal("pl-zone plan ws1103.json --for SERVER --file FILE",
			    f->command);
	assert_non_null(strstr(f->text, "SERVER is bind, unbound, dnsmasq"));
}

/* That it does not say what it is makes no finding. */
static void one_that_keeps_to_itself_is_not_to_blame(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f = taught(b, "", "refused");

	assert_non_null(strstr(f->command, "--for SERVER"));
	for (size_t i = 0; i < b->v->n_findings; i++)
		assert_null(strstr(b->v->findings[i].info->code, "failing"));
}

static void a_server_of_the_internet_cannot_be_taught(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	blob_is_public(b, ISP);
	build_judge(b);
	assert_non_null(
	    strstr(fix(b, 0, "forwarder")->text, "never sees private zones"));
	assert_null(fix(b, 0, "forwarder")->command);
}

static void a_vpn_without_a_server_needs_a_better_profile(void **state)
{
	struct build *b = *state;

	blob_is_public(b, ISP);
	build_judge(b);
	fixes_are(b, "hosts vpn forwarder");
	assert_int_equal(DIAG_WHO_VPN_ADMIN, fix(b, 0, "vpn")->who);
}

#define M_NRPT                                                        \
	"{\"at\":\"10.150.0.53:53\",\"source\":\"NRPT\",\"order\":0," \
	"\"domains\":[\"api.azureml.ms\"]}"

/* Windows: a policy sends some names into the network and forgets this one. */
static void a_policy_that_forgets_a_name_needs_another_rule(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f;

	b->platform = "windows";
	b->servers = M_NRPT "," M_SRV_ISP;
	blob_is_public(b, ISP);
	build_judge(b);
	fixes_are(b, "hosts policy forwarder");
	f = fix(b, 0, "policy");
	assert_true(f->lasting);
	assert_string_equal("Add-DnsClientNrptRule -Namespace "
			    "'.blob.core.windows.net' -NameServers 10.150.0.53",
			    f->command);
	assert_non_null(strstr(f->text, "sends other names to 10.150.0.53"));
}

/* Look-alike: the rule is there, and its server does not see the zones. */
static void a_rule_to_the_wrong_server_is_not_what_lacks(void **state)
{
	struct build *b = *state;

	b->platform = "windows";
	b->servers = "{\"at\":\"" ISP "\",\"source\":\"NRPT\",\"order\":0,"
		     "\"domains\":[\"blob.core.windows.net\"]}";
	blob_is_public(b, ISP);
	build_judge(b);
	assert_null(fix(b, 0, "policy"));
}

/* --- hosts lines ---------------------------------------------------------- */

static void hosts_lines_are_a_quick_repair_and_never_alone(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f;

	blob_is_public(b, ISP);
	build_judge(b);
	f = fix(b, 0, "hosts");
	assert_false(f->lasting);
	assert_int_equal(1, f->n_lines);
	assert_string_equal(AT_BLOB " " BLOB, f->lines[0]);
	assert_true(b->v->causes[0].n_fixes > 1);
}

static void the_document_makes_it_a_command_that_can_be_undone(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f;

	blob_is_public(b, ISP);
	build_judge(b);
	f = fix(b, 0, "hosts");
	assert_string_equal("sudo pl-hosts apply ws1103.json", f->command);
	assert_string_equal("sudo pl-hosts undo", f->undo);
	assert_int_equal(1, f->n_lines);
}

static void a_path_that_a_shell_would_read_is_quoted(void **state)
{
	static const struct {
		const char *path, *command;
	} rows[] = {
		{ "my files/ws 1.json",
		  "sudo pl-hosts apply 'my files/ws 1.json'" },
		{ "a'b$(x).json", "sudo pl-hosts apply 'a'\\''b$(x).json'" },
		{ "-x.json", "sudo pl-hosts apply ./-x.json" },
		{ "~/ws.json", "sudo pl-hosts apply '~/ws.json'" },
		{ "../a_b-1.json", "sudo pl-hosts apply ../a_b-1.json" },
	};
	struct build *b = *state;

	blob_is_public(b, ISP);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		b->inventory_arg = rows[i].path;
		build_judge(b);
		assert_string_equal(rows[i].command,
				    fix(b, 0, "hosts")->command);
	}
}

/* What came by flags or through a pipe cannot be named to pl-hosts. */
static void without_a_document_the_lines_and_the_way_are_given(void **state)
{
	static const char *const args[] = { NULL, "-" };
	struct build *b = *state;

	blob_is_public(b, ISP);
	for (size_t i = 0; i < 2; i++) {
		const struct diag_fix *f;

		b->inventory_arg = args[i];
		build_judge(b);
		f = fix(b, 0, "hosts");
		assert_null(f->command);
		assert_null(f->undo);
		assert_int_equal(1, f->n_lines);
		assert_non_null(strstr(f->text, "pl-inventory expand"));
	}
}

/* A case is judged somewhere else than where it is to be repaired. */
static void a_saved_case_names_the_machine_that_is_meant(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f;

	blob_is_public(b, ISP);
	b->origin = "laptop.jsonl";
	b->inventory_arg = NULL;
	build_judge(b);
	f = fix(b, 0, "hosts");
	assert_null(f->command);
	assert_non_null(strstr(f->text, "to be made on laptop"));
	assert_int_equal(1, f->n_lines);
}

static void windows_has_no_pl_hosts(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f;

	blob_is_public(b, ISP);
	b->origin = "laptop.jsonl";
	b->platform = "windows";
	build_judge(b);
	f = fix(b, 0, "hosts");
	assert_null(f->command);
	assert_non_null(strstr(f->text, "drivers\\etc\\hosts"));
	assert_non_null(strstr(f->text, "ipconfig /flushdns"));
	assert_int_equal(1, f->n_lines);
}

static void another_hosts_file_is_named_to_it(void **state)
{
	struct build *b = *state;

	b->machine = M_ROOTS "\"hosts\":{\"path\":\"/srv/root/etc/hosts\","
			     "\"edges\":[]},";
	blob_is_public(b, ISP);
	build_judge(b);
	assert_string_equal("sudo pl-hosts apply ws1103.json --hosts "
			    "/srv/root/etc/hosts",
			    fix(b, 0, "hosts")->command);
	assert_string_equal("sudo pl-hosts undo --hosts /srv/root/etc/hosts",
			    fix(b, 0, "hosts")->undo);
}

static void hosts_lines_need_a_known_address(void **state)
{
	struct build *b = *state;

	b->targets = "{\"fqdn\":\"" BLOB "\",\"service\":\"storage-blob\","
		     "\"expect\":\"private\",\"ports\":[443]}";
	build_system(b, BLOB, "20.62.10.8");
	build_public(b, ISP, BLOB);
	build_judge(b);
	path_causes(b, "dns.zone-not-visible");
	assert_null(fix(b, 0, "hosts"));
	assert_non_null(fix(b, 0, "gather"));
	assert_string_equal("pl-inventory gather --workspace WORKSPACE > "
			    "gather.sh",
			    fix(b, 0, "gather")->command);
}

/* The names are answered rightly; a line would mend nothing. */
static void a_closed_port_is_not_mended_by_hosts_lines(void **state)
{
	struct build *b = *state;

	build_healthy(b, ISP);
	build_tcp(b, BLOB, AT_BLOB, 443, "refused");
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_judge(b);
	for (size_t i = 0; i < b->v->n_causes; i++) {
		const struct diag_fix *f = fix(b, i, "hosts");

		for (size_t k = 0; f && k < f->n_lines; k++)
			assert_null(strstr(f->lines[k], BLOB));
	}
}

/* Two are misled: for one the line is known, and one is enough to begin. */
static void where_some_lines_are_known_they_come_first(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_NOTEBOOK ",{\"fqdn\":\"" BLOB
			   "\",\"service\":\"storage-blob\",\"expect\":"
			   "\"private\",\"ports\":[443]}";
	blob_is_public(b, ISP);
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_judge(b);
	assert_non_null(fix(b, 0, "hosts"));
	assert_null(fix(b, 0, "gather"));
}

/* What a document alone says is looked up again before anything is changed. */
static void a_note_that_explains_nothing_is_gathered_again(void **state)
{
	struct build *b = *state;

	b->machine =
	    M_ROOTS "\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{\"name\":"
		    "\"" BLOB "\",\"address\":\"" AT_BLOB "\",\"line\":3}]},";
	b->inventory = NOTES(N_UNLINKED(BLOB_ZONE, NAME(BLOB)));
	b->targets = T_API "," T_NOTEBOOK ",{\"fqdn\":\"" BLOB
			   "\",\"service\":\"storage-blob\",\"expect\":"
			   "\"private\",\"ports\":[443]}";
	build_healthy(b, ISP);
	build_public(b, ISP, BLOB);
	build_judge(b);
	path_causes(b, "zone.not-linked");
	fixes_are(b, "gather link-zone");
}

static void a_wrong_hosts_line_is_answered_by_the_right_one(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f;

	b->machine = M_ROOTS HOSTS_STALE;
	build_healthy(b, ISP);
	build_system(b, BLOB, "10.150.0.99");
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	build_judge(b);
	path_causes(b, "hosts.overrides-dns");
	f = fix(b, 0, "hosts");
	assert_int_equal(1, f->n_lines);
	assert_string_equal(AT_BLOB " " BLOB, f->lines[0]);
	assert_non_null(strstr(f->text, "/etc/hosts"));
	assert_string_equal("sudo pl-hosts apply ws1103.json", f->command);
}

/* pl-hosts takes addresses from the inventory, and this name has none. */
static void a_wrong_line_of_a_public_name_is_taken_out_by_hand(void **state)
{
	struct build *b = *state;

	b->machine =
	    M_ROOTS "\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{\"name\":"
		    "\"" STUDIO "\",\"address\":\"192.0.2.9\",\"line\":3}]},";
	b->targets = T_STUDIO;
	build_system(b, STUDIO, "192.0.2.9");
	build_dns(b, ISP, STUDIO, "A", "answer", "20.62.20.1");
	build_stranger(b, STUDIO, "192.0.2.9");
	build_judge(b);
	path_causes(b, "hosts.overrides-dns");
	assert_null(fix(b, 0, "hosts")->command);
}

static void a_malformed_line_is_corrected_by_the_linter(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f;

	b->machine =
	    M_ROOTS "\"hosts\":{\"path\":\"/etc/hosts\",\"faults\":[{\"kind\":"
		    "\"glued\",\"meant\":\"" BLOB "\",\"line\":3,\"column\":1,"
		    "\"text\":\"run together\",\"corrected\":\"" AT_BLOB
		    " " BLOB "\"}]},";
	blob_is_public(b, ISP);
	build_judge(b);
	f = fix(b, 0, "hosts");
	assert_string_equal("sudo pl-hosts lint --fix", f->command);
	assert_string_equal("sudo pl-hosts undo", f->undo);
}

static void without_vpn_hosts_lines_are_never_first(void **state)
{
	static const char *const names[] = { API, NOTEBOOK, BLOB };
	static const char *const at[] = { AT_API, AT_NOTEBOOK, AT_BLOB };
	struct build *b = *state;

	path_at_home(b);
	b->machine = M_ROOTS HOSTS_STALE;
	for (size_t i = 0; i < 3; i++) {
		build_system(b, names[i], i == 2 ? "10.150.0.99" : "20.62.1.4");
		build_public(b, ISP, names[i]);
		path_route(b, at[i], "wlan0", "default");
		build_tcp(b, names[i], at[i], 443, "timeout");
	}
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	build_judge(b);
	path_causes(b, "vpn.down hosts.overrides-dns");
	fixes_are(b, "vpn");
}

/* Another DNS cause beside it may not bring them in either. */
static void nor_are_they_offered_by_another_cause(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	build_system(b, API, "20.62.1.4");
	build_public(b, ISP, API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	build_system(b, BLOB, "127.0.0.1");
	build_dns(b, ISP, BLOB, "A", "answer", "127.0.0.1");
	path_route(b, AT_API, "wlan0", "default");
	build_tcp(b, API, AT_API, 443, "timeout");
	build_judge(b);
	path_causes(b, "vpn.down dns.unusable-address");
	assert_null(fix(b, 1, "hosts"));
}

/* --- the rest ------------------------------------------------------------- */

static void a_healthy_client_is_told_what_browsers_can_block(void **state)
{
	struct build *b = *state;

	build_healthy(b, ISP);
	build_judge(b);
	assert_true(b->v->n_hints > 0);
}

static void a_healthy_jumpbox_and_a_sick_client_are_not(void **state)
{
	struct build *b = *state;

	build_healthy(b, ISP);
	b->role = "compute";
	build_judge(b);
	assert_int_equal(0, b->v->n_hints);

	b->role = "client";
	build_tcp(b, BLOB, AT_BLOB, 443, "refused");
	build_judge(b);
	assert_int_equal(0, b->v->n_hints);
}

/* --- every row ------------------------------------------------------------ */

struct world { /* a judge in the middle of its work */
	struct judge j;
	struct diag_verdict v;
	struct draft d;
	struct diag_cause cause;
	struct diag_finding finding;
	struct advice_lines lines;
	size_t targets[2];
};

static void world_init(struct world *w, const struct build *b,
		       const struct diag_code_info *info, const char *subject,
		       size_t n_targets)
{
	*w = (struct world){ .targets = { 0, 1 } };
	diag_arena_init(&w->v.arena, 0);
	w->v.targets = b->v->targets;
	w->v.n_targets = b->v->n_targets;
	w->j.c = b->c;
	w->j.inventory_arg = "ws1103.json";
	w->j.v = &w->v;
	w->j.ev = ev_new(&w->v.arena, b->c);
	assert_non_null(w->j.ev);
	w->d.info = info;
	w->d.severity = DIAG_ERROR;
	w->d.subject = subject;
	w->d.targets = w->targets;
	w->d.n_targets = n_targets;
	w->finding.info = info;
	w->cause.finding = &w->finding;
	assert_true(advice_lines(&w->j, &w->lines));
}

/* "{word}" that nobody filled in; az's own queries have other braces. */
static bool is_unfilled(const char *text)
{
	for (const char *p = text ? strchr(text, '{') : NULL; p;
	     p = strchr(p + 1, '{')) {
		size_t n = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz");

		if (n > 0 && p[1 + n] == '}')
			return true;
	}
	return false;
}

/* Advice names only commands that exist; the sub-commands too. */
static void names_real_tools(const struct advice_row *r, const char *text)
{
	static const char *const real[] = {
		"pl-hosts apply",      "pl-hosts undo",
		"pl-hosts lint",       "pl-inventory gather",
		"pl-inventory import", "pl-inventory expand",
		"pl-zone forwarders",  "pl-zone render",
		"pl-zone plan",	       "pl-zone apply",
		"pl-doctor",
	};

	for (const char *p = text ? strstr(text, "pl-") : NULL; p;
	     p = strstr(p + 1, "pl-")) {
		bool known = false;

		for (size_t i = 0; i < sizeof(real) / sizeof(*real); i++)
			known |= strncmp(p, real[i], strlen(real[i])) == 0;
		if (!known)
			fail_msg("%s: no such command: \"%s\"", r->code, p);
	}
}

static void row_is_filled(struct advice *a, const struct advice_row *r)
{
	if (r->when)
		(void)r->when(a); /* whatever it says, it must not stumble */
	if (is_unfilled(advice_text(a, r->command)) ||
	    is_unfilled(advice_text(a, r->undo)) ||
	    is_unfilled(advice_text(a, r->text)))
		fail_msg("%s: \"%s\"", r->code, advice_text(a, r->text));
	assert_non_null(r->text);
	assert_non_null(r->kind);
	names_real_tools(r, r->text);
	names_real_tools(r, r->command);
	names_real_tools(r, r->undo);
}

static void rows_are_filled(const struct build *b,
			    const struct advice_row *rows, const char *subject,
			    size_t n_targets)
{
	for (const struct advice_row *r = rows; r->code; r++) {
		struct advice a;
		struct world w;

		world_init(&w, b, diag_code_find("tcp.filtered"), subject,
			   n_targets);
		advice_init(&a, &w.j, &w.d);
		a.lines = &w.lines;
		a.cause = &w.cause;
		row_is_filled(&a, r);
		diag_arena_clear(&w.v.arena);
	}
}

static void no_row_leaves_a_word_unfilled(void **state)
{
	struct build *b = *state;

	build_healthy(b, ISP);
	build_judge(b);
	rows_are_filled(b, advice_dns, "", 0);
	rows_are_filled(b, advice_dns, ISP, 2);
	rows_are_filled(b, advice_azure, "", 0);
	rows_are_filled(b, advice_azure, NB_ZONE, 2);
	rows_are_filled(b, advice_path, "", 0);
	rows_are_filled(b, advice_path, "port 443", 2);
}

static void every_code_has_advice_of_its_own_or_the_fallback(void **state)
{
	struct build *b = *state;
	const struct diag_code_info *codes;
	size_t n = diag_code_all(&codes);

	build_healthy(b, ISP);
	build_judge(b);
	for (size_t i = 0; i < n; i++) {
		struct world w;

		world_init(&w, b, &codes[i], "10.150.0.4:443", 2);
		assert_true(advice_give(&w.j, &w.lines, &w.cause, &w.d));
		if (w.cause.n_fixes == 0)
			fail_msg("no advice for %s", codes[i].code);
		diag_arena_clear(&w.v.arena);
	}
}

/* Codes that can be errors deserve more than "read what this means". */
static void every_code_that_can_be_an_error_has_a_row(void **state)
{
	static const char *const infos[] = { "dns.dns64",
					     "dns.unproven",
					     "dns.alternative-unused",
					     "port.not-provable-from-here",
					     "proxy.in-path",
					     "vnet.custom-dns",
					     "zone.nxdomain-redirect" };
	const struct diag_code_info *codes;
	size_t n = diag_code_all(&codes);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		bool found = false;

		for (size_t k = 0; k < sizeof(infos) / sizeof(*infos); k++)
			found |= strcmp(infos[k], codes[i].code) == 0;
		for (const struct advice_row *r = advice_dns; r->code; r++)
			found |= strncmp(r->code, codes[i].code,
					 strcspn(r->code, "*")) == 0;
		for (const struct advice_row *r = advice_azure; r->code; r++)
			found |= strcmp(r->code, codes[i].code) == 0;
		for (const struct advice_row *r = advice_path; r->code; r++)
			found |= r->code[0] != '*' &&
				 strncmp(r->code, codes[i].code,
					 strcspn(r->code, "*")) == 0;
		if (!found)
			fail_msg("no row for %s", codes[i].code);
	}
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(azures_own_server_means_that_the_zone_is_not_linked),
		WITH_CASE(a_captured_machine_inside_may_ask_azures_server),
		WITH_CASE(one_outside_should_not),
		WITH_CASE(a_company_server_needs_a_forwarder),
		WITH_CASE(
		    a_server_that_says_what_it_is_is_told_in_its_language),
		WITH_CASE(one_that_cannot_forward_gets_records),
		WITH_CASE(one_that_nobody_asked_leaves_the_choice),
		WITH_CASE(a_wrong_record_is_corrected_in_the_servers_file),
		WITH_CASE(
		    a_wrong_record_of_an_unknown_server_leaves_the_choice),
		WITH_CASE(one_that_keeps_to_itself_is_not_to_blame),
		WITH_CASE(a_server_of_the_vnet_forwards_to_azures_own),
		WITH_CASE(a_server_of_the_internet_cannot_be_taught),
		WITH_CASE(a_vpn_without_a_server_needs_a_better_profile),
		WITH_CASE(a_policy_that_forgets_a_name_needs_another_rule),
		WITH_CASE(a_rule_to_the_wrong_server_is_not_what_lacks),
		WITH_CASE(hosts_lines_are_a_quick_repair_and_never_alone),
		WITH_CASE(the_document_makes_it_a_command_that_can_be_undone),
		WITH_CASE(a_path_that_a_shell_would_read_is_quoted),
		WITH_CASE(without_a_document_the_lines_and_the_way_are_given),
		WITH_CASE(a_saved_case_names_the_machine_that_is_meant),
		WITH_CASE(windows_has_no_pl_hosts),
		WITH_CASE(another_hosts_file_is_named_to_it),
		WITH_CASE(hosts_lines_need_a_known_address),
		WITH_CASE(a_closed_port_is_not_mended_by_hosts_lines),
		WITH_CASE(where_some_lines_are_known_they_come_first),
		WITH_CASE(a_note_that_explains_nothing_is_gathered_again),
		WITH_CASE(a_wrong_hosts_line_is_answered_by_the_right_one),
		WITH_CASE(a_wrong_line_of_a_public_name_is_taken_out_by_hand),
		WITH_CASE(a_malformed_line_is_corrected_by_the_linter),
		WITH_CASE(without_vpn_hosts_lines_are_never_first),
		WITH_CASE(nor_are_they_offered_by_another_cause),
		WITH_CASE(a_healthy_client_is_told_what_browsers_can_block),
		WITH_CASE(a_healthy_jumpbox_and_a_sick_client_are_not),
		WITH_CASE(no_row_leaves_a_word_unfilled),
		WITH_CASE(every_code_has_advice_of_its_own_or_the_fallback),
		WITH_CASE(every_code_that_can_be_an_error_has_a_row),
	};

	return cmocka_run_group_tests_name("advice", tests, NULL, NULL);
}

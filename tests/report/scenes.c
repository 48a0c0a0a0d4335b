/* SPDX-License-Identifier: MIT */
#include "tests/report/scenes.h"

#include <stdio.h>
#include <string.h>

#define ID  "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"
#define API ID ".workspace.eastus.api.azureml.ms"
#define NB  "ml-ws1103-eastus-" ID ".eastus.notebooks.azure.net"

#define TARGET(fqdn, service, rest)                     \
	"{\"fqdn\":\"" fqdn "\",\"service\":\"" service \
	"\",\"source\":\"read\"," rest "}"
#define AT(address) "\"addresses\":[\"" address "\"],\"expect\":\"private\""

#define FOUR                                                               \
	TARGET(API, "workspace-api", AT("10.150.0.4"))                     \
	"," TARGET(NB, "notebook", AT("10.150.0.5")) "," TARGET(           \
	    "ws1103sa.blob.core.windows.net", "storage-blob",              \
	    AT("10.150.0.6")) "," TARGET("ws1103sa.file.core.windows.net", \
					 "storage-file", AT("10.150.0.7"))

#define TCP(id, target, address, port, status, took)                    \
	"{\"id\":" id ",\"probe\":\"tcp\",\"target\":\"" target         \
	"\",\"started_ms\":1,\"took_ms\":" took ",\"status\":\"" status \
	"\",\"address\":\"" address "\",\"port\":" port "}\n"
#define TLS(id, target, address, status, took)                           \
	"{\"id\":" id ",\"probe\":\"tls\",\"target\":\"" target          \
	"\",\"started_ms\":52,\"took_ms\":" took ",\"status\":\"" status \
	"\",\"address\":\"" address "\",\"port\":443,\"sni\":\"" target  \
	"\",\"version\":\"TLSv1.3\"}\n"
#define HTTP(id, target, address, code)                               \
	"{\"id\":" id ",\"probe\":\"http\",\"target\":\"" target      \
	"\",\"started_ms\":104,\"took_ms\":51,\"status\":\"answer\"," \
	"\"address\":\"" address "\",\"url\":\"https://" target       \
	"/\",\"code\":" code "}\n"

static struct diag_target_verdict *connected(struct diag_target_verdict *t,
					     uint32_t tcp, uint32_t tls,
					     uint32_t http)
{
	t->tcp = tcp;
	t->tls = tls;
	t->http = http;
	return t;
}

/* The example of design.md, 8.1: an internet resolver on a VPN client. */
static void zone_not_visible(struct scene *s)
{
	struct diag_finding *f;
	struct diag_finding *other;
	struct diag_cause *c;

	scene_case(s, FOUR,
		   TCP("1", API, "10.150.0.4", "443", "open",
		       "52.1") TLS("2", API, "10.150.0.4", "ok", "53")
		       TCP("3", NB, "10.150.0.5", "443", "open", "51.4")
			   TCP("4", "ws1103sa.blob.core.windows.net",
			       "10.150.0.6", "443", "open", "50.2")
			       TCP("5", "ws1103sa.file.core.windows.net",
				   "10.150.0.7", "443", "open", "50.9")
				   TCP("6", "ws1103sa.file.core.windows.net",
				       "10.150.0.7", "445", "timeout", "4000"));
	s->v.outcome = DIAG_FAILED;
	connected(scene_target(s, DIAG_TARGET_FAIL, "20.62.10.4"), 1, 2, 0);
	connected(scene_target(s, DIAG_TARGET_FAIL, "20.62.10.5"), 3, 0, 0);
	connected(scene_target(s, DIAG_TARGET_FAIL, "20.60.0.1"), 4, 0, 0);
	connected(scene_target(s, DIAG_TARGET_OK, "@10.150.0.7"), 5, 0, 0);
	f = scene_finding(s, "dns.zone-not-visible", DIAG_ERROR,
			  "The name server 198.51.100.53 (wlan0, "
			  "/etc/resolv.conf) does not see the private DNS "
			  "zones; it answers with public addresses.");
	scene_about(s, f, 0, 2);
	scene_proof(s, f,
		    API " → " ID ".workspace.eastus.privatelink.api."
			"azureml.ms → 20.62.10.4 (public)",
		    3);
	scene_proof(s, f,
		    "its private endpoint 10.150.0.4 answers through tun0: "
		    "TLS ok, 52 ms; so the path is open and only DNS is wrong",
		    2);
	other = scene_finding(s, "dns.resolvers-disagree", DIAG_WARNING,
			      "The servers differ.");
	scene_about(s, other, 0, 2);
	(void)scene_finding(s, "dns.ipv6-answer", DIAG_WARNING,
			    "NB has an AAAA record: a client that prefers "
			    "IPv6 would use it.");
	(void)scene_finding(s, "proxy.in-path", DIAG_INFO, "A proxy is set.");
	c = scene_cause(s, f);
	scene_explains(s, c, other);
	scene_fix(
	    s, c,
	    (struct diag_fix){ .kind = "hosts",
			       .who = DIAG_WHO_USER,
			       .command = "sudo pl-hosts apply ws1103.json",
			       .undo = "sudo pl-hosts undo" });
	scene_fix(s, c,
		  (struct diag_fix){
		      .kind = "forwarder",
		      .who = DIAG_WHO_DNS_ADMIN,
		      .lasting = true,
		      .text = "Forward api.azureml.ms, notebooks.azure.net and "
			      "5 more to a server in the VNet:",
		      .command = "pl-zone forwarders ws1103.json --for bind "
				 "--to ADDRESS" });
}

static void healthy(struct scene *s)
{
	static const char *const hints[] = {
		"secure DNS in the browser's settings (DNS over HTTPS), which "
		"asks a public resolver instead of the machine",
		"a proxy script (PAC) that sends these names elsewhere",
	};

	scene_case(
	    s,
	    FOUR "," TARGET(
		"ml.azure.com", "studio",
		"\"expect\":\"public\"") "," TARGET("ci1.eastus.instances.ml."
						    "azure.ms",
						    "compute-instance",
						    AT("10.150.0.4") ",\"any_"
								     "of\":"
								     "\"ci1\""),
	    TCP("1", API, "10.150.0.4", "443", "open", "52.1")
		TLS("2", API, "10.150.0.4", "ok", "53")
		    HTTP("3", API, "10.150.0.4", "200"));
	s->v.outcome = DIAG_HEALTHY;
	connected(scene_target(s, DIAG_TARGET_OK, "10.150.0.4"), 1, 2, 3);
	connected(scene_target(s, DIAG_TARGET_OK, "10.150.0.5"), 1, 0, 0);
	connected(scene_target(s, DIAG_TARGET_OK, "10.150.0.6"), 1, 0, 0);
	connected(scene_target(s, DIAG_TARGET_OK, "@10.150.0.7"), 1, 0, 0);
	connected(scene_target(s, DIAG_TARGET_OK, "20.50.1.1"), 1, 0, 0);
	(void)scene_target(s, DIAG_TARGET_OK, "");
	s->v.hints = hints;
	s->v.n_hints = 2;
}

static void vpn_down(struct scene *s)
{
	static const char *const lines[] = {
		"10.150.0.4 " API,
		"10.150.0.6 ws1103sa.blob.core.windows.net",
	};
	struct diag_finding *vpn;
	struct diag_finding *tcp;
	struct diag_finding *dns;
	struct diag_cause *c;

	scene_case(s, FOUR,
		   TCP("1", API, "10.150.0.4", "443", "timeout", "4000")
		       TCP("2", NB, "10.150.0.5", "443", "unreachable", "0.3"));
	s->c->origins[0].took_ms = 4012;
	s->v.outcome = DIAG_FAILED;
	connected(scene_target(s, DIAG_TARGET_FAIL, "20.62.10.4"), 1, 0, 0);
	connected(scene_target(s, DIAG_TARGET_FAIL, "20.62.10.5"), 2, 0, 0);
	(void)scene_target(s, DIAG_TARGET_FAIL, "");
	(void)scene_target(s, DIAG_TARGET_FAIL, "127.0.0.1");
	vpn = scene_finding(s, "vpn.down", DIAG_ERROR,
			    "No tunnel interface is up, and nothing in "
			    "10.150.0.0/16 answers.");
	scene_about(s, vpn, 0, 3);
	for (int i = 0; i < 6; i++)
		scene_proof(s, vpn, "10.150.0.4 port 443: no answer in 4 s", 1);
	dns = scene_finding(s, "hosts.malformed", DIAG_ERROR,
			    "Line 12 of /etc/hosts cannot work.");
	tcp = scene_finding(s, "tcp.filtered", DIAG_ERROR, "Silence.");
	scene_about(s, tcp, 0, 3);
	c = scene_cause(s, vpn);
	scene_explains(s, c, tcp);
	scene_fix(s, c,
		  (struct diag_fix){ .kind = "vpn",
				     .who = DIAG_WHO_USER,
				     .lasting = true,
				     .text = "Connect the VPN and run this "
					     "again: it may bring its own name "
					     "servers." });
	c = scene_cause(s, dns);
	scene_proof(s, dns, "10.150.0.4ws1103sa.blob.core.windows.net", 0);
	scene_fix(s, c,
		  (struct diag_fix){ .kind = "text",
				     .who = DIAG_WHO_USER,
				     .text = "Correct the line:",
				     .lines = lines,
				     .n_lines = 2 });
}

static void degraded(struct scene *s)
{
	struct diag_finding *f;

	scene_case(s, FOUR,
		   TCP("1", API, "10.150.9.9", "443", "open", "52.1")
		       TLS("2", API, "10.150.9.9", "ok", "53"));
	s->v.outcome = DIAG_DEGRADED;
	connected(scene_target(s, DIAG_TARGET_WARN, "10.150.9.9"), 1, 2, 0);
	connected(scene_target(s, DIAG_TARGET_OK, "10.150.0.5"), 1, 0, 0);
	connected(scene_target(s, DIAG_TARGET_OK, "10.150.0.6"), 1, 0, 0);
	connected(scene_target(s, DIAG_TARGET_OK, "10.150.0.7"), 1, 0, 0);
	f = scene_finding(s, "dns.other-endpoint", DIAG_WARNING,
			  "10.150.9.9 is not the expected address, but it is "
			  "this workspace: it has several private endpoints.");
	scene_about(s, f, 0, 0);
}

static void unknown(struct scene *s)
{
	scene_case(s, FOUR,
		   TCP("1", API, "10.150.0.4", "443", "not-run", "0")
		       TCP("2", NB, "10.150.0.5", "443", "open", "5"));
	s->c->origins[0].complete = false;
	s->v.outcome = DIAG_UNKNOWN;
	connected(scene_target(s, DIAG_TARGET_UNKNOWN, ""), 1, 0, 0);
	connected(scene_target(s, DIAG_TARGET_OK, "10.150.0.5"), 2, 0, 0);
	(void)scene_target(s, DIAG_TARGET_UNKNOWN, "");
	(void)scene_target(s, DIAG_TARGET_UNKNOWN, "");
}

static void many(struct scene *s)
{
	struct diag_buf targets;
	struct diag_finding *f;

	diag_buf_init(&targets, 1 << 20);
	for (int i = 0; i < 70; i++)
		diag_buf_printf(
		    &targets,
		    "%s{\"fqdn\":\"account%02d.blob.core.windows.net\","
		    "\"service\":\"storage-blob\",\"expect\":\"private\","
		    "\"addresses\":[\"10.150.1.%d\"]}",
		    i > 0 ? "," : "", i, i);
	scene_case(s, diag_buf_str(&targets), "");
	diag_buf_clear(&targets);
	s->v.outcome = DIAG_FAILED;
	for (int i = 0; i < 70; i++) {
		char address[32];

		(void)snprintf(address, sizeof(address), "%s.%d",
			       i % 10 == 0 ? "10.150.1" : "20.60.0", i);
		(void)scene_target(
		    s, i % 10 == 0 ? DIAG_TARGET_OK : DIAG_TARGET_FAIL,
		    address);
	}
	f = scene_finding(s, "dns.no-private-endpoint", DIAG_ERROR,
			  "These accounts have no private endpoint.");
	scene_about(s, f, 1, 9);
	(void)scene_cause(s, f);
}

static void several_origins(struct scene *s)
{
	struct diag_finding *f;

	scene_case_text(
	    s, "laptop",
	    "{\"schema\":\"pldiag.case/1\",\"host\":\"vpn-laptop\",\"complete\""
	    ":true,\"took_ms\":212,\"started\":\"2026-11-23T10:00:00Z\","
	    "\"inventory\":{\"schema\":\"pldiag.inventory/1\",\"name\":"
	    "\"ws1103\",\"targets\":[" FOUR
	    "]}}\n" TCP("1", API, "10.150.0.4", "443", "timeout", "4000")
		TCP("2", NB, "10.150.0.5", "443", "timeout", "4000"));
	scene_case_text(
	    s, "jumpbox",
	    "{\"schema\":\"pldiag.case/1\",\"host\":\"vm1\",\"complete\":false,"
	    "\"took_ms\":15,\"started\":\"2026-11-23T11:00:00Z\"}\n" TCP(
		"1", "ws1103sa.blob.core.windows.net", "10.150.0.6", "443",
		"open", "0.8") TCP("2", "ws1103sa.file.core.windows.net",
				   "10.150.0.7", "443", "open", "0.7"));
	s->v.outcome = DIAG_FAILED;
	connected(scene_target(s, DIAG_TARGET_FAIL, "10.150.0.4"), 1, 0, 0);
	connected(scene_target(s, DIAG_TARGET_FAIL, "10.150.0.5"), 2, 0, 0);
	connected(scene_target(s, DIAG_TARGET_OK, "10.150.0.6"), 3, 0, 0);
	connected(scene_target(s, DIAG_TARGET_OK, "10.150.0.7"), 4, 0, 0);
	f = scene_finding(s, "net.not-through-tunnel", DIAG_ERROR,
			  "A tunnel is up, but the route to 10.150.0.0/16 goes "
			  "elsewhere.");
	scene_about(s, f, 0, 1);
	(void)scene_cause(s, f);
}

/* Addresses too long for a table of 80 columns, and other ports. */
static void long_addresses(struct scene *s)
{
	scene_case(
	    s,
	    TARGET(
		API, "workspace-api",
		AT("fd00:1111:2222:3333:4444:5555:6666:7777")) ",{"
							       "\"service\":"
							       "\"compute-"
							       "node\","
							       "\"addresses\":["
							       "\"10.150.0."
							       "20\"],"
							       "\"ports\":[{"
							       "\"port\":22}]}",
	    TCP("1", API, "fd00:1111:2222:3333:4444:5555:6666:7778", "443",
		"refused", "3")
		TCP("2", "node", "10.150.0.20", "22", "open", "2.2"));
	s->v.outcome = DIAG_FAILED;
	connected(scene_target(s, DIAG_TARGET_FAIL,
			       "fd00:1111:2222:3333:4444:5555:6666:7778"),
		  1, 0, 0);
	connected(scene_target(s, DIAG_TARGET_OK, ""), 2, 0, 0);
}

/* No name fails, the machine does. */
static void clock_wrong(struct scene *s)
{
	struct diag_finding *f;
	struct diag_cause *c;

	scene_case(s, TARGET(API, "workspace-api", AT("10.150.0.4")), "");
	s->v.outcome = DIAG_FAILED;
	(void)scene_target(s, DIAG_TARGET_OK, "10.150.0.4");
	f = scene_finding(s, "clock.skewed", DIAG_ERROR,
			  "The clock of this machine is 3602 s behind.");
	scene_proof(s, f, "ml.azure.com says Mon, 23 Nov 2026 11:00:02 GMT", 0);
	c = scene_cause(s, f);
	scene_fix(s, c,
		  (struct diag_fix){ .kind = "text",
				     .who = DIAG_WHO_USER,
				     .lasting = true,
				     .text = "Let the clock be set from the "
					     "network:",
				     .command = "sudo timedatectl set-ntp "
						"true" });
}

static void nothing(struct scene *s)
{
	scene_case_text(s, NULL,
			"{\"schema\":\"pldiag.case/1\",\"complete\":"
			"true,\"host\":\"h\"}\n");
	s->v.outcome = DIAG_HEALTHY;
}

/* --- what an enemy would say ---------------------------------------------- */

#define EVIL                                                                   \
	"\x1b[2J\x1b]0;x\a<script>alert('1')</script> \"q\" \\ & ]]> \xe2\x80" \
	"\xae \xff\xfe\xc3 \xef\xbf\xbf \xef\xbf\xbe \xed\xa0\x80 a\nb\r\tc "  \
	"\xc2\x9b%s%n"

static const char *const evil_list[] = { EVIL, EVIL };

static void evil_fact(struct scene *s)
{
	static const struct diag_header headers[] = { { EVIL, EVIL },
						      { "x", EVIL } };
	struct diag_fact f = { .kind = DIAG_FACT_HTTP,
			       .status = DIAG_ST_ANSWER,
			       .target = EVIL,
			       .error = EVIL };

	f.http = (struct diag_http_fact){ .url = EVIL,
					  .proxy = EVIL,
					  .server = EVIL,
					  .headers = headers,
					  .n_headers = 2,
					  .denial = EVIL,
					  .body = EVIL };
	scene_fact(s, &f);
	f = (struct diag_fact){ .kind = DIAG_FACT_DNS, .target = EVIL };
	f.dns.view = EVIL;
	f.dns.name = EVIL;
	scene_fact(s, &f);
}

static void hostile(struct scene *s)
{
	struct diag_target *target = scene_alloc(s, 1, sizeof(*target));
	struct diag_code_info *info = scene_alloc(s, 1, sizeof(*info));
	struct diag_finding *f;
	struct diag_cause *c;

	scene_case(s, TARGET(API, "workspace-api", AT("10.150.0.4")), "");
	s->c->inventory->name = EVIL;
	s->c->inventory->region = EVIL;
	s->c->origins[0].host = EVIL;
	s->c->origins[0].name = EVIL;
	s->v.outcome = DIAG_FAILED;
	(void)scene_target(s, DIAG_TARGET_FAIL, "20.0.0.1");
	*target = *s->targets[0].target;
	target->fqdn = EVIL;
	s->targets[0].target = target;
	evil_fact(s);
	connected(&s->targets[0], 0, 0, 1);
	f = scene_finding(s, "dns.wrong-address", DIAG_ERROR, EVIL);
	*info = (struct diag_code_info){ EVIL, EVIL, EVIL };
	f->info = info;
	f->subject = EVIL;
	scene_about(s, f, 0, 0);
	scene_proof(s, f, EVIL, 1);
	c = scene_cause(s, f);
	scene_fix(s, c,
		  (struct diag_fix){ .kind = EVIL,
				     .command = EVIL,
				     .undo = EVIL,
				     .text = EVIL,
				     .lines = evil_list,
				     .n_lines = 2 });
	f = scene_finding(s, "dns.unproven", DIAG_INFO, EVIL);
	scene_about(s, f, 0, 0);
	f = scene_finding(s, "clock.skewed", DIAG_ERROR, EVIL);
	f->info = info;
	s->v.hints = evil_list;
	s->v.n_hints = 2;
}

static const struct scene_row rows[] = {
	{ "zone-not-visible", zone_not_visible },
	{ "healthy", healthy },
	{ "vpn-down", vpn_down },
	{ "degraded", degraded },
	{ "unknown", unknown },
	{ "many", many },
	{ "several-origins", several_origins },
	{ "long-addresses", long_addresses },
	{ "clock-wrong", clock_wrong },
	{ "nothing", nothing },
	{ "hostile", hostile },
};

size_t scene_all(const struct scene_row **out)
{
	*out = rows;
	return sizeof(rows) / sizeof(rows[0]);
}

/* SPDX-License-Identifier: MIT */
/* notes.c - what a capture showed, and what it could not show.
 *
 * Told on standard error, so that the report stays what a live run prints.
 * Nothing here is judged.
 */
#include "tools/pl-capture/capture.h"

#include <inttypes.h>

static void told(const struct pl_capture_run *run,
		 const struct diag_capture_seen *s)
{
	const struct diag_capture_counts *n = &s->counts;

	tool_note(run->call,
		  "%" PRIu64 " packets in %.1f s: %" PRIu64
		  " DNS questions sent and %" PRIu64 " answered, %" PRIu64
		  " connections begun and %" PRIu64 " opened, %" PRIu64
		  " ClientHellos and %" PRIu64 " ServerHellos",
		  n->packets, (double)(s->last_us - s->first_us) / 1e6,
		  n->dns_queries, n->dns_replies, n->tcp_syns, n->tcp_open,
		  n->tls_hellos, n->tls_servers);
	tool_detail(run->call,
		    "%" PRIu64 " SYNs sent again, %" PRIu64 " refused, %" PRIu64
		    " without an answer; %" PRIu64 " ICMP errors; %" PRIu64
		    " questions without an answer; %" PRIu64
		    " requests to a proxy; %" PRIu64 " facts, %" PRIu64
		    " more said the same",
		    n->tcp_again, n->tcp_refused, n->tcp_silent, n->icmp_errors,
		    n->dns_unanswered, n->connects, n->facts, n->facts_same);
	tool_detail(run->call,
		    "%" PRIu64 " packets without IP, %" PRIu64
		    " that make no sense; %" PRIu64
		    " DNS questions of types that are not judged",
		    n->not_ip, n->malformed, n->dns_other);
}

struct gap {
	uint64_t n;
	const char *text;
};

static void told_gaps(const struct pl_capture_run *run,
		      const struct diag_capture_counts *n)
{
	const struct gap gaps[] = {
		{ n->tcp_late, "connections had begun before the capture did" },
		{ n->dns_lone, "DNS replies came without their question" },
		{ n->tcp_one_way,
		  "connections show one direction only, or nothing that came "
		  "back; not judged" },
		{ n->tcp_unfinished,
		  "connections were young when the capture ended; not judged" },
		{ n->tcp_lost,
		  "connections have bytes that the capture has not; what was "
		  "said on them is not judged" },
		{ n->cut, "packets were cut by the snap length" },
		{ n->fragments, "IP fragments were not put together" },
		{ n->encrypted_dns,
		  "connections were to DNS over TLS, which cannot be read" },
		{ n->no_room,
		  "flows were judged early, because too many were open" },
		{ n->lost, "packets were lost by the recorder" },
		{ n->torn,
		  "connections have packets that the recording has not; so it "
		  "proves of nobody that nothing arrived" },
		{ n->facts_left_out, "facts were left out: over the limit" },
	};

	for (size_t i = 0; i < sizeof(gaps) / sizeof(*gaps); i++)
		if (gaps[i].n > 0)
			tool_note(run->call, "not seen: %" PRIu64 " %s",
				  gaps[i].n, gaps[i].text);
}

static void told_dead(const struct pl_capture_run *run,
		      const struct diag_capture_seen *s)
{
	char text[DIAG_ENDPOINT_TEXT];

	for (size_t i = 0; i < s->n_dead; i++)
		tool_note(run->call,
			  "not judged: %s did not open, %" PRIu64
			  " times; if it is the proxy, all that was to go "
			  "through it fails there",
			  diag_endpoint_text(&s->dead[i].at, text),
			  s->dead[i].n);
}

static void told_clients(const struct pl_capture_run *run,
			 const struct diag_capture_seen *s)
{
	const struct pl_capture *o = run->call->options;
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < s->n_clients; i++)
		if (!s->clients[i].heard)
			tool_note(run->call,
				  "not seen: anything that came to %s; its "
				  "questions are not judged",
				  diag_addr_text(&s->clients[i].addr, text));
	if (s->n_clients > 1 && o->client.n == 0)
		tool_note(run->call,
			  "%zu machines ask here and are judged as one, %s "
			  "first; choose with --client ADDRESS",
			  s->n_clients,
			  diag_addr_text(&s->clients[0].addr, text));
}

static void told_nodes(const struct pl_capture_run *run,
		       const struct diag_capture_seen *s)
{
	const struct tool_list *nodes =
	    &((const struct pl_capture *)run->call->options)->node;

	for (size_t i = 0; i < nodes->n; i++)
		if (!s->nodes_heard[i])
			tool_note(run->call,
				  "not seen: anything that came to %s; so "
				  "nothing is known of what arrived there",
				  nodes->at[i]);
	if (s->elsewhere)
		tool_note(run->call,
			  "not recorded on %s: another machine sent or got "
			  "these packets; so nothing is known of what arrived",
			  nodes->at[0]);
}

static void told_port(const struct pl_capture_run *run,
		      const struct diag_store *facts,
		      const struct diag_arrival_fact *port)
{
	const char *udp = port->protocol ? "/udp" : "";
	uint64_t told = 0;

	for (size_t i = 0; i < facts->n; i++) {
		const struct diag_fact *f = facts->facts[i];

		told += f->status == DIAG_ST_SEEN &&
			f->arrival.port == port->port &&
			!f->arrival.protocol == !port->protocol;
	}
	if (port->came == 0)
		tool_note(run->call,
			  "port %u%s: no packet of it is here; that says "
			  "something only if the filter of the recording let "
			  "it pass, from everybody",
			  port->port, udp);
	if (told < port->came)
		tool_note(run->call,
			  "port %u%s: of %" PRIu64
			  " that came it is not known of %" PRIu64
			  " whether they were answered: record with -i any, "
			  "without a filter, and until a second after the "
			  "last try",
			  port->port, udp, port->came, port->came - told);
}

void pl_capture_node_notes(const struct pl_capture_run *run)
{
	const struct diag_capture_seen *s = diag_capture_seen(run->capture);
	const struct diag_store *facts = &run->c->facts;

	told(run, s);
	told_gaps(run, &s->counts);
	told_nodes(run, s);
	for (size_t i = 0; i < facts->n; i++)
		if (pl_capture_is_sum(facts, i))
			told_port(run, facts, &facts->facts[i]->arrival);
}

void pl_capture_notes(const struct pl_capture_run *run)
{
	const struct diag_capture_seen *s = diag_capture_seen(run->capture);

	told(run, s);
	told_gaps(run, &s->counts);
	told_dead(run, s);
	told_clients(run, s);
	if (s->counts.dns_queries == 0 && s->counts.dns_unwanted > 0)
		tool_note(run->call,
			  "all DNS questions here (%" PRIu64 ") are for names "
			  "that do not matter",
			  s->counts.dns_unwanted);
	if (run->c->facts.n == 0)
		tool_note(run->call, "none of the names that matter is asked "
				     "for or connected to here");
}

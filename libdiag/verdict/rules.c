/* SPDX-License-Identifier: MIT */
/* rules.c - all families, in the order in which their findings are told. */
#include "verdict/rule.h"

const struct diag_rule *const judge_families[] = {
	rules_hosts,	  rules_dns_zone,   rules_dns_answer,  rules_dns_ipv6,
	rules_dns_public, rules_dns_server, rules_dns_compare, rules_way,
	rules_azure,	  rules_nsg,	    rules_net,	       rules_tcp,
	rules_udp,	  rules_ends,	    rules_mtu,	       rules_cert,
	rules_tls,	  rules_http,	    rules_proxy,       rules_machine,
};
const size_t judge_n_families =
    sizeof(judge_families) / sizeof(*judge_families);

/* SPDX-License-Identifier: MIT */
#include "tests/fix/config_make.h"

#include <string.h>

#include "tests/support/config_try.h"
#include "tests/support/random.h"

/* LF stands for the newline of the file. */
static const char *const unbound[] = {
	"server:",
	"local-data: \"" KV " A 10.0.0.7\"",
	"local-data: '" KV ". 60 IN A 10.0.0.9'",
	"local-data: \"" SA " AAAA fd00::7\" # why",
	"local-zone: \"" KV ".\" redirect",
	"local-zone: " KV " static",
	"local-zone: vault.azure.net transparent",
	"forward-zone:\n name: vault.azure.net\n\n # c\n forward-addr: 8.8.8.8",
	"forward-zone: name: \"vault.azure.net.\" forward-addr: 10.1.1.1 "
	"forward-addr: 10.1.1.2",
	"stub-zone:\n name: blob.core.windows.net\n stub-addr: 1.1.1.1",
	"auth-zone:\n name: privatelink.vaultcore.azure.net\n zonefile: x",
	"remote-control:",
	"control-enable: no",
	"private-domain: vault.azure.net",
	"include: \"/etc/unbound/*.conf\"",
	"# \xff\xfe \" comment",
	"interface: ::1",
	"identity: a\\ b#c",
	"view: name: v",
	"local-data:\n \"" KV " A 10.0.0.6\"",
};
static const char *const bind[] = {
	"zone \"" KV "\" { type hint; };",
	"zone \"" KV "\" {\n type primary; /* } */\n file \"" KV
	".zone\"; # x\n}; // y",
	"zone \"" SA "\" IN { type forward; };",
	"zone vault.azure.net { type forward; forward only; forwarders { "
	"10.1.1.1; 10.1.1.2; }; };",
	"zone \"vaultcore.azure.net\" { type forward; forwarders { 8.8.8.8; }; "
	"};",
	"zone \"privatelink.vaultcore.azure.net\" { type secondary; };",
	"zone \"example.org\" { type primary; file \"e\"; };",
	"options { directory \"/x\"; };",
	"options {\n validate-except { \"corp\"; };\n};",
	"options {\n deny-answer-addresses { 10.0.0.0/8; } except-from {\n "
	"\"azure.net\"; };\n};",
	"options { deny-answer-addresses { 10/8; }; };",
	"/* zone \"" KV "\" {\n // */",
	"// } \xff",
	"# { \"",
	"include \"/etc/bind/x.conf\";",
	"acl \"a;b\" { any; !{ none; }; };",
	"key \"k\" { secret \"a\\\"b\"; };",
};
static const char *const dnsmasq[] = {
	"address=/" KV "/1.2.3.4",
	"address=/a.example/" KV "/b.example/1.2.3.4 # x",
	"address = /" SA "/fd00::8",
	"host-record=" KV ",10.0.0.9",
	"host-record=printer," KV "," SA ",1.2.3.4,fd00::1,60",
	"server=/vault.azure.net/lan/8.8.8.8#53",
	"server=/vault.azure.net/10.1.1.1",
	"local=/" KV "/",
	"local=/vaultcore.azure.net/" KV "/",
	"rebind-domain-ok=/vault.azure.net/lan/",
	"cname=a.example," KV,
	"conf-dir=/etc/dnsmasq.d,*.conf",
	"no-resolv",
	"#address=/" KV "/1.2.3.4",
	"txt-record=a,\"b # \\\" c\"",
	"\xff\xfe = \x01",
	"address=/vault.azure.net/9.9.9.9",
	"host-record=x,1.2.3.4#",
};
static const char *const hosts[] = {
	"127.0.0.1 localhost",
	"1.2.3.4 " KV,
	"1.2.3.4 printer " KV " # x",
	"10.0.0.9 " KV,
	"fd00::7 " SA "\tscan",
	"# \xff comment",
	"\t10.0.0.8  " SA,
	"1.2.3.4",
};
/* C is the comment of the language. */
static const char *const marks[] = {
	"C pldiag: begin ws\nold\nC pldiag: end ws",
	"C pldiag: off ws: C old",
	"C pldiag: off+ ws: C old",
	"C old C pldiag: cut ws",
	"C old C pldiag: ws",
	"C pldiag: off other: C old",
	"C pldiag:  begin ws",
	"C pldiag: begin other\nC pldiag: end other",
};

#define PICK(list, r) ((list)[(r) % (sizeof(list) / sizeof((list)[0]))])

static const char *line(const char *dialect, uint64_t r)
{
	if (strcmp(dialect, "bind") == 0)
		return PICK(bind, r);
	if (strcmp(dialect, "unbound") == 0)
		return PICK(unbound, r);
	return strcmp(dialect, "dnsmasq") == 0 ? PICK(dnsmasq, r)
					       : PICK(hosts, r);
}

static void put(struct diag_buf *out, const char *text, const char *eol,
		const char *comment)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			diag_buf_puts(out, eol);
		else if (*text == 'C' && text[1] == ' ')
			diag_buf_puts(out, comment);
		else
			diag_buf_putc(out, *text);
	}
}

/* Something between two statements: mostly a newline. */
static void between(struct diag_buf *out, uint64_t r, bool lines,
		    const char *eol)
{
	static const char *const seldom[] = { " ", "\t", "  \t" };

	if (!lines && r % 4 == 0)
		diag_buf_puts(out, PICK(seldom, r / 4));
	else
		diag_buf_puts(out, eol);
	if (r % 5 == 0)
		diag_buf_puts(out, "\t ");
	if (r % 7 == 0)
		diag_buf_puts(out, eol);
}

void config_make(const char *dialect, uint64_t seed, struct diag_buf *out)
{
	bool lines =
	    strcmp(dialect, "dnsmasq") == 0 || strcmp(dialect, "coredns") == 0;
	const char *comment = strcmp(dialect, "bind") == 0 ? "//" : "#";
	uint64_t s = seed * 0x9e3779b97f4a7c15ULL + 1;
	uint64_t n = generate_next(&s) % 10;
	const char *eol = generate_next(&s) % 4 == 0 ? "\r\n" : "\n";

	diag_buf_init(out, 1 << 20);
	if (generate_next(&s) % 16 == 0)
		diag_buf_puts(out, "\xef\xbb\xbf");
	while (n-- > 0) {
		uint64_t r = generate_next(&s);

		if (r % 16 == 0) {
			diag_buf_puts(out, eol); /* a line of its own */
			put(out, PICK(marks, r / 16), eol, comment);
			diag_buf_puts(out, eol);
			continue;
		}
		put(out, line(dialect, r / 16), eol, comment);
		if (n > 0 || generate_next(&s) % 3 != 0)
			between(out, generate_next(&s), lines, eol);
	}
}

/* SPDX-License-Identifier: MIT */
/* Ordinary lines of what a bundle holds stay as they are: who cannot read them
 * cannot help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/mask/masked.h"

#define COUNT(x) (sizeof(x) / sizeof((x)[0]))

static const char *const lines[] = {
	/* options that are no secrets */
	"ssh -p 22 10.0.0.4",
	"ssh -p 2222 -i key 10.0.0.4",
	"nmap -p 1-100 10.0.0.4",
	"nmap -p 443,8443 -Pn 10.0.0.4",
	"docker run -p 8080:80 nginx",
	"podman run -p 443:443 login-page",
	"nc -vz -w 3 10.0.0.4 443",
	"ping -c 3 -w 5 10.0.0.4",
	"ping -A -c 4 10.0.0.4",
	"curl -u bob https://x",
	"curl -b cookies.txt https://x",
	"curl -sS --max-time 5 -x http://proxy:3128 https://x",
	"mysql -p -h db",
	"mysql -h db -P 3306 -p mydb",
	"psql -U bob -h db -p 5432 mydb",
	"redis-cli -h r -p 6379 ping",
	"dig -p 5353 @10.0.0.53 a.example",
	"tcpdump -i any -w file -c 100 port 53",
	"az network nic show -g rg -n nic",
	"az login --use-device-code",
	"sqlcmd -S srv -E -Q x",
	"ls -a",
	"cp -a x y",
	"smbclient -L srv -U bob",
	"net use",
	"net use Z: /delete",
	"net user",
	"net user bob",
	"the net use of this rule is small",
	"echo hello | sudo tee file",
	"cat file | grep password | wc -l",
	"systemctl status sshd | cat",
	"sudo -S is not needed",
	"dig +short -y",
	"curl -x proxy:3128 https://x",
	"rasdial",
	"rasdial MyVPN /disconnect",
	"az network vnet create --value 3",
	"identified by its name",
	"signed by DigiCert",
	"New session 12 of user",
	"session: opened",
	"eap method peap",
	"proto: eap failed",
	"xauth list",
	"Content-Type: text/html",
	"content: none",
	/* words of routers, in sentences and settings */
	"press key 7 in text",
	"key 7 is stuck",
	"key 3 of 12",
	"the password policy is strict",
	"password policy",
	"password required",
	"enable password policy",
	"enable secret management",
	"secret 5 was not found",
	"no pre-shared-key found",
	"pre-shared-key authentication",
	"SNMP community string is wrong",
	"snmp community names differ",
	"community support",
	"authentication-key missing",
	"set password expiry",
	"PasswordAuthentication no",
	"PasswordAuthentication yes",
	"PermitEmptyPasswords no",
	"KbdInteractiveAuthentication no",
	"authentication pre-share",
	"psk",
	"wpa-psk in use",
	"key-mgmt=wpa-psk",
	"encryption psk2 is on",
	"md5 sum differs",
	"sha 256 and aes 128 are offered",
	"cipher AES-256-GCM auth SHA256",
	"inside the office",
	"sid=3",
	"sid: 2100498; rev: 7;",
	"user sid S-1-5-18",
	"SID=S-1-5-21-3623811015-3361044348-30300820-1013",
	/* firewalls, routes, links */
	"tcp dport 443 counter accept",
	"type filter hook input priority filter; policy accept;",
	"ip saddr @keyset meta mark set 0x1 accept",
	"-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT",
	"-A OUTPUT -p udp --dport 53 -j ACCEPT",
	"-P INPUT DROP",
	"default via 10.0.0.1 dev eth0 proto dhcp src 10.0.0.4 metric 100",
	"10.0.0.0/8 dev tun0 scope link",
	"inet6 fe80::1/64 scope link",
	"2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel",
	"fd00:1:2:3:4:5:6:7 dev eth0",
	"fd00:1:ab:cd::1",
	"tun0:1500:a:b:up",
	"12:34:56:78:90",
	/* resolvers and their files */
	"nameserver 10.0.0.53",
	"search corp.example lab.example",
	"options ndots:2 timeout:1 edns0 trust-ad",
	"10.0.0.4 ws1103.corp.example ws1103 # added by hand",
	"hosts: files mdns4_minimal [NOTFOUND=return] dns",
	"passwd: files systemd",
	"shadow: files",
	"passwd compat",
	"DNS=45.90.28.0#dns.example 1.1.1.1#one.one.one.one",
	"https://dns.google/dns-query",
	"https://dns.google/resolve?name=a.example&type=A",
	"https://cloudflare-dns.com/dns-query",
	"https://dns.quad9.net/dns-query",
	"https://doh.opendns.com/dns-query",
	"https://doh.cleanbrowsing.org/doh/family-filter/",
	"https://dns.nextdns.io/dns-query",
	"https://dns.nextdns.io/resolve",
	"https://hooks.slack.com/services",
	"https://doc.example/ab12cd",
	"server=/corp.example/10.0.0.53#5353",
	"forward-addr: 10.0.0.53@853#dns.example",
	/* registry, profiles, programs */
	"    ProxyEnable    REG_DWORD    0x1",
	"    AutoConfigURL    REG_SZ    http://pac.corp.example/proxy.pac",
	"    DhcpNameServer    REG_SZ    10.0.0.53 10.0.0.54",
	"method=auto",
	"auth-user-pass",
	"auth-nocache",
	"tls-auth ta.key 1",
	"remote vpn.corp.example 1194 udp",
	"<ca>",
	"see <key> in the manual",
	"<key>\n<other>x</other>",
	"<key>Label</key>\n<string>com.example.vpn</string>",
	"<add key=\"Mode\" value=\"fast\"/>",
	"<property name=\"port\" value=\"443\"/>",
	"<a class=\"token\">x</a>",
	"<td>password</td><td>required</td>",
	"{\"name\":\"PORT\",\"value\":\"443\"}",
	"- name: PORT\n  value: 443",
	"define('PORT', 443);",
	"Private-Lines: none",
	"root:x:0:0:root:/root:/bin/bash",
	"bob:x:1000:1000::/srv/bob:/bin/sh",
	"bob:!:19000:0:99999:7:::",
	"awk '{print $1$2}' file",
	"costs $5 and $6 each",
	"s/a$1$/b/",
	"{\"a\":{\"b\":1}}",
	"{MD5} is weak",
	/* texts in other clothes */
	"Tom &amp; Jerry &lt;3",
	"a=1&b=2&c=3",
	"&#72;&#101;&#108;&#108;&#111;",
	"{\"log\":\"one line\\nand \\\"another\\\"\\n\"}",
	"C:\\new\\temp\\report.txt",
	"D:\\tools\\nmap\\nmap.exe -p 443",
	"\\\\srv\\share\\file",
	"100%25 done",
	/* logs */
	"12:00:00 sshd[7]: Failed password for root from 10.0.0.9",
	"12:00:00 sshd[7]: Accepted publickey for root",
	"wpa_supplicant[1]: wlan0: WPA: Key negotiation completed",
	"Password:\nWelcome to vpn-laptop",
	"password:\n",
	"password =\n[section]",
	"password =\nuser_x = 1",
	"# password:\n# as told by mail",
	"eyJ is how a token begins\nand this is the next line",
	/* what is called a secret, and is a part of a document */
	"accessKey:\n  description: the name of it\n  type: string",
	"auth:\n  key-management: eap",
	"users:\n- token:\n    - name: bob",
	"\"credentials\": {\n  \"count\": 2\n}",
	"\"tokens\": [\n  {\n    \"count\": 1\n  }\n]",
	"  \"identity\": {\n    \"type\": \"SystemAssigned\"\n  }",
	/* sentences and titles */
	"Started Dispatch Password Requests to Console Directory Watch.",
	"systemd[1]: Reached target Forward Password Requests to Wall",
	"fields of the passwd structure.",
	"to count these as well, pass --document-private-items",
	"pass `--document-private-items` to it",
	"unknown option \"password=\"\nnameserver 10.0.0.53\nsearch \"a\"",
	"no value for 'token:', see below\nit isn't there",
	"TokenStream::new()",
	"std::pin::pin!(x)",
	"Documentation=man:user@.service(5)",
	"getty@.service",
	"MACs umac-64@openssh.com,hmac-sha2-256-etm@openssh.com",
	"User=root",
	"user: systemd-resolve",
	"NETWORK user=SYSTEM",
	/* names that are long */
	"PE-AML-Workspace-EastUS2-Prod-001-nic",
	"NIC-PE-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
	"Floating-point-basics-and-the-IEEE-754-standard",
	/* what was masked before */
	"password=[masked:password], user: [masked:user]",
	"password=\"[masked:password]\" x",
	"password: [masked:password]",
	"password: [masked:key][masked:password]",
	"curl -u [masked:userinfo] https://[masked:userinfo]@h/x",
	"mail [masked:email] now",
	/* paths and calls */
	"https://conda.anaconda.org/conda-forge/linux-64",
	"https://discord.com/channels/1234567890",
	"get_token(\"https://management.azure.com/.default\")",
	"DefaultAzureCredential()",
	"HKLM ProxyServer    REG_SZ    proxy:3128",
	"ENV PATH /usr/bin",
	"kubectl create configmap x --from-file=a",
	"openssl s_client -connect 10.0.0.4:443 -k",
	"os.environ[\"PORT\"] = \"443\"",
	"key: value",
	"the key is under the mat",
};

static void ordinary_lines_stay(void **unused)
{
	struct masked_row rows[COUNT(lines)];

	(void)unused;
	for (size_t i = 0; i < COUNT(lines); i++)
		rows[i] = (struct masked_row){ .in = lines[i] };
	masked_rows(DIAG_MASK_NONE, rows, COUNT(rows));
}

/* Nor is one of them masked by what stands before or behind it. */
static void together_they_stay_as_well(void **unused)
{
	struct diag_buf all;
	struct diag_mask *m = masked_new(DIAG_MASK_NONE);
	char *out;

	(void)unused;
	diag_buf_init(&all, 1 << 20);
	for (size_t i = 0; i < COUNT(lines); i++)
		diag_buf_printf(&all, "%s\n\n", lines[i]);
	out = masked_text(m, diag_buf_str(&all), NULL);
	assert_string_equal(diag_buf_str(&all), out);
	free(out);
	diag_buf_clear(&all);
	diag_mask_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_lines_stay),
		cmocka_unit_test(together_they_stay_as_well),
	};

	return cmocka_run_group_tests_name("mask/ordinary", tests, NULL, NULL);
}

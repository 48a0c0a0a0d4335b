/* SPDX-License-Identifier: MIT */
/* recorded.c - see recorded.h.  The keys were made for the recording. */
#include "tests/fix/recorded.h"

#include <ldns/ldns.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECRET_256 "/9lB2PfPaaCpVciOxWSB+ElyabyxwF1xLlNdcw70Bcg="
#define SECRET_384 \
	"pSROf8jwieI5Fx2kHPQMpgnsvIY0fHr8wv1WRvnyJr7tfW71fIhSJZj1KzIBTE7N"
#define SECRET_512                                             \
	"IrYNAAkKRNpMb1K7/vqM3fbNx6Gb5M4+2y1cggEX9QND79D0HxR/" \
	"+c4oqoR5ZX0zqZYKllqFf9Bq4AjF164DPg=="
#define SECRET_OTHER "Ovf3xKe6Hwy1zIbBvjOCldbEDwmxwfKb65hwIbmVAJY="

const struct recorded recorded[] = {
	{ "BIND 9.18, done", "key256.example", "hmac-sha256", SECRET_256,
	  "vault.azure.net", false, 1795858567, 0, 0,
	  "1234a8000001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579323536076578616d706c650000fa00ff00000000003d0b"
	  "686d61632d7368613235360000006b0aa087012c0020ea71e4754e81538d"
	  "5dcdd89f183fb2a50c4b4019f4574b05a5812c48e48bce52123400000000" },
	{ "BIND 9.18, there already", "key256.example", "hmac-sha256",
	  SECRET_256, "vault.azure.net", false, 1795858567, 7, 0,
	  "1234a8070001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579323536076578616d706c650000fa00ff00000000003d0b"
	  "686d61632d7368613235360000006b0aa087012c00205161fb09f36f0537"
	  "aa8802112bb1bde5671f7b942eff08e25731b4e045bb2b03123400000000" },
	{ "BIND 9.18, not as it was", "key256.example", "hmac-sha256",
	  SECRET_256, "vault.azure.net", true, 1795858567, 8, 0,
	  "1234a8080001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579323536076578616d706c650000fa00ff00000000003d0b"
	  "686d61632d7368613235360000006b0aa087012c0020a80338c204914a82"
	  "890f764e9fdb22d1b2c2741c1c58ea0497f9a819d8c31980123400000000" },
	{ "BIND 9.18, done", "key384.example", "hmac-sha384", SECRET_384,
	  "vault.azure.net", false, 1795858567, 0, 0,
	  "1234a8000001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579333834076578616d706c650000fa00ff00000000004d0b"
	  "686d61632d7368613338340000006b0aa087012c0030ec827b889c65d885"
	  "6a764e701c9f71a1d52a2c7aece9b1eddd85e1b559ffc5492d444ba93dd5"
	  "ebbce9816e5308c9d0f8123400000000" },
	{ "BIND 9.18, there already", "key384.example", "hmac-sha384",
	  SECRET_384, "vault.azure.net", false, 1795858567, 7, 0,
	  "1234a8070001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579333834076578616d706c650000fa00ff00000000004d0b"
	  "686d61632d7368613338340000006b0aa087012c00305b237b741bb58819"
	  "e097b8d248084fde63744e36c4af67025e96c074b1ceba0a7d4b20bb96bb"
	  "22544658c9ccda23e91b123400000000" },
	{ "BIND 9.18, not as it was", "key384.example", "hmac-sha384",
	  SECRET_384, "vault.azure.net", true, 1795858567, 8, 0,
	  "1234a8080001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579333834076578616d706c650000fa00ff00000000004d0b"
	  "686d61632d7368613338340000006b0aa087012c0030dfa7d0129ca0a972"
	  "aeb3198a1cdf8dda920a4dd6b005b0bcc9fba08e2b91665c5cfe60d1d7dc"
	  "83e76278143b3703df13123400000000" },
	{ "BIND 9.18, done", "key512.example", "hmac-sha512", SECRET_512,
	  "vault.azure.net", false, 1795858567, 0, 0,
	  "1234a8000001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579353132076578616d706c650000fa00ff00000000005d0b"
	  "686d61632d7368613531320000006b0aa087012c0040b6ece8a4b47a49a9"
	  "5872fdfcad9fd5bec9eea3b9d5d0b58e7554bf5a0f6191d2cd681cb68d89"
	  "3a921fe43652a5b42c13afe58e59fe9fa69923cd8a1792e39ee312340000"
	  "0000" },
	{ "BIND 9.18, there already", "key512.example", "hmac-sha512",
	  SECRET_512, "vault.azure.net", false, 1795858567, 7, 0,
	  "1234a8070001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579353132076578616d706c650000fa00ff00000000005d0b"
	  "686d61632d7368613531320000006b0aa087012c0040fbf475b99a230ac5"
	  "ae9b5ba95bb61583934b137151229a85b825ea7d25721a14f518e68b52d4"
	  "4d300f79286e18b97dc89ca1357368d3f1fe0eaf3f1c085c01f312340000"
	  "0000" },
	{ "BIND 9.18, not as it was", "key512.example", "hmac-sha512",
	  SECRET_512, "vault.azure.net", true, 1795858567, 8, 0,
	  "1234a8080001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579353132076578616d706c650000fa00ff00000000005d0b"
	  "686d61632d7368613531320000006b0aa087012c00408abd2009621fd544"
	  "dd56f516f90d5d059240faf3755de3f2b791a79b101efd9cf81e99ef294a"
	  "a6410ce2e50f96d93b38f0c03f1c2cac733a6f923e78397fce0212340000"
	  "0000" },
	{ "BIND 9.18, time", "key256.example", "hmac-sha256", SECRET_256,
	  "vault.azure.net", false, 1795859567, 9, 18,
	  "1234a8090001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579323536076578616d706c650000fa00ff0000000000430b"
	  "686d61632d7368613235360000006b0aa46f012c002038d724ebce03f59d"
	  "9c7dd2f7ea9f7a8f00c3c5ae2fc877f80234b922c265ee46123400120006"
	  "00006b0aa087" },
	{ "BIND 9.18, badkey", "other.example", "hmac-sha256", SECRET_256,
	  "vault.azure.net", false, 1795858567, 9, 17,
	  "1234a8090001000000000001057661756c7405617a757265036e65740000"
	  "060001056f74686572076578616d706c650000fa00ff00000000001d0b68"
	  "6d61632d7368613235360000006b0aa087012c0000123400110000" },
	{ "BIND 9.18, badsig", "key256.example", "hmac-sha256", SECRET_OTHER,
	  "vault.azure.net", false, 1795858567, 9, 16,
	  "1234a8090001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579323536076578616d706c650000fa00ff00000000001d0b"
	  "686d61632d7368613235360000006b0aa087012c0000123400100000" },
	{ "BIND 9.18, badalg", "key256.example", "hmac-sha384", SECRET_384,
	  "vault.azure.net", false, 1795858567, 9, 17,
	  "1234a8090001000000000001057661756c7405617a757265036e65740000"
	  "060001066b6579323536076578616d706c650000fa00ff00000000001d0b"
	  "686d61632d7368613338340000006b0aa087012c0000123400110000" },
	{ "BIND 9.18, notauth", "key256.example", "hmac-sha256", SECRET_256,
	  "other.net", false, 1795858567, 9, 0,
	  "1234a8090001000000000001056f74686572036e65740000060001066b65"
	  "79323536076578616d706c650000fa00ff00000000003d0b686d61632d73"
	  "68613235360000006b0aa087012c00209c4bfc0af8df93356d3e7b9faf38"
	  "09f746526dd8cc557fce966938cd61e48da2123400000000" },
	{ "Knot 3.2, notauth", "key256.example", "hmac-sha256", SECRET_256,
	  "other.net", false, 1795858567, 9, 0,
	  "1234a8090001000000000000056f74686572036e65740000060001" },
};
const size_t n_recorded = sizeof(recorded) / sizeof(recorded[0]);

void recorded_key(const struct recorded *r, struct diag_tsig_key *out)
{
	struct diag_err err = { .code = DIAG_OK };
	char text[400];

	(void)snprintf(text, sizeof(text),
		       "key \"%s\" { algorithm %s; secret \"%s\"; };", r->key,
		       r->alg, r->secret);
	assert_true(
	    diag_tsig_key_read("recorded", text, strlen(text), out, &err));
}

void recorded_request(const struct recorded *r, const struct diag_tsig_key *key,
		      struct diag_update_wire *out)
{
	const struct diag_addr will = diag_addr_v4(10, 150, 0, 9);
	const struct diag_addr was = diag_addr_v4(10, 150, 0, 10);
	struct diag_err err = { .code = DIAG_OK };
	char owner[DIAG_FQDN_MAX];
	const struct diag_update_set set = { .owner = owner,
					     .family = DIAG_IPV4,
					     .was = &was,
					     .n_was = r->there ? 1 : 0,
					     .will = &will,
					     .n_will = 1,
					     .ttl_s = 60 };
	const struct diag_update u = { .zone = r->zone, .sets = &set, .n = 1 };

	(void)snprintf(owner, sizeof(owner), "ws1103kv.%s", r->zone);
	assert_true(
	    diag_update_make(&u, key, RECORDED_ID, r->now_s, out, &err));
}

size_t recorded_reply(const struct recorded *r, unsigned char *out, size_t size)
{
	size_t len = strlen(r->reply) / 2;

	assert_true(len <= size);
	for (size_t i = 0; i < len; i++)
		out[i] =
		    (unsigned char)(ldns_hexdigit_to_int(r->reply[2 * i]) << 4 |
				    ldns_hexdigit_to_int(r->reply[2 * i + 1]));
	return len;
}

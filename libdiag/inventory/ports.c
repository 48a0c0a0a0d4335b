/* SPDX-License-Identifier: MIT */
/* ports.c - one port as documents and the catalogue write it.
 *
 *	443
 *	{ "port": 8704, "last": 8710 }
 *	{ "port": 5831, "protocol": "udp" }
 *	{ "port": 44224, "direction": "in", "peer": "AzureMachineLearning" }
 */
#include "inventory/reader.h"

#include <string.h>

#define PORT_WANTED "expected a port number 1-65535"

static bool port_number(const struct diag_json_at *at, const cJSON *item,
			uint16_t *out)
{
	double n = cJSON_IsNumber(item) ? item->valuedouble : 0;

	if (!(n >= 1 && n <= 65535) || n != (double)(uint16_t)n) {
		diag_json_wrong(at, item, PORT_WANTED);
		return false;
	}
	*out = (uint16_t)n;
	return true;
}

/* One of two words; absent is the first of them. */
static bool word_of_two(const struct diag_json_at *at, const cJSON *obj,
			const char *key, const char *const words[2],
			bool *second)
{
	struct diag_json_at here = diag_at_key(at, key);
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(obj, key);
	const char *text = cJSON_GetStringValue(item);

	*second = false;
	if (item == NULL || cJSON_IsNull(item))
		return true;
	if (text == NULL ||
	    (strcmp(text, words[0]) != 0 && strcmp(text, words[1]) != 0)) {
		diag_json_wrong(&here, item, "expected \"%s\" or \"%s\"",
				words[0], words[1]);
		return false;
	}
	*second = strcmp(text, words[1]) == 0;
	return true;
}

static bool port_range(const struct diag_json_at *at, const cJSON *obj,
		       struct diag_port *out)
{
	struct diag_json_at first = diag_at_key(at, "port");
	struct diag_json_at last = diag_at_key(at, "last");
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(obj, "last");

	if (!port_number(&first, cJSON_GetObjectItemCaseSensitive(obj, "port"),
			 &out->port))
		return false;
	out->port_last = out->port;
	if (item == NULL || cJSON_IsNull(item))
		return true;
	if (!port_number(&last, item, &out->port_last))
		return false;
	if (out->port_last >= out->port)
		return true;
	diag_json_wrong(&last, item, "expected the end of a range from %u",
			(unsigned)out->port);
	return false;
}

static bool port_object(struct diag_reader *r, const struct diag_json_at *at,
			const cJSON *obj, struct diag_port *out)
{
	static const char *const protos[2] = { "tcp", "udp" };
	static const char *const dirs[2] = { "out", "in" };
	const char *peer = NULL;
	bool udp;
	bool in;
	bool ok = port_range(at, obj, out);

	ok = word_of_two(at, obj, "protocol", protos, &udp) && ok;
	ok = word_of_two(at, obj, "direction", dirs, &in) && ok;
	out->proto = udp ? DIAG_UDP : DIAG_TCP;
	out->dir = in ? DIAG_IN : DIAG_OUT;
	if (diag_json_str(at, obj, "peer", &peer) && peer[0] != '\0')
		out->peer = diag_read_dup(r, peer);
	return ok;
}

bool diag_read_port(struct diag_reader *r, const struct diag_json_at *at,
		    const cJSON *item, struct diag_port *out)
{
	*out = (struct diag_port){ 0 };
	if (cJSON_IsObject(item))
		return port_object(r, at, item, out);
	if (!port_number(at, item, &out->port))
		return false;
	out->port_last = out->port;
	return true;
}

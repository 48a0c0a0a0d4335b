/* SPDX-License-Identifier: MIT */
/* json_keys.h - duplicate keys of a parsed document; private to this room. */
#ifndef DIAG_BASE_JSON_KEYS_H
#define DIAG_BASE_JSON_KEYS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* *number: which key of the document (from 1) repeats one of its object, 0 if
 * none does.  false: no memory to tell. */
bool diag_json_second_key(const cJSON *tree, size_t *number);

#endif

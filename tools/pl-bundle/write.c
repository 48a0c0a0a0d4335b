/* SPDX-License-Identifier: MIT */
/* See write.h. */
#include "tools/pl-bundle/write.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/file.h"
#include "base/time.h"
#include "bundle/archive.h"

#define MODE 0600
/* The last second of the year 9999. */
#define TIME_LAST UINT64_C(253402300799)

static const struct diag_archive_kind *kind_of(const char *path,
					       struct diag_err *err)
{
	const struct diag_archive_kind *kind = diag_archive_kind_of(path);

	if (kind == NULL)
		(void)diag_fail(err, DIAG_EUSAGE, "bundle",
				"%s: expected a name that ends in .tar.zst or "
				".zip",
				path);
	return kind;
}

/* That a name is taken is the caller's to decide, and no trouble of ours. */
static bool say_taken(const char *path, const struct diag_err *why,
		      struct diag_err *err)
{
	if (why->sys == EEXIST)
		return diag_fail(err, DIAG_EUSAGE, "bundle",
				 "%s: is there already; --force replaces it",
				 path);
	if (err != NULL && err->code == DIAG_OK)
		*err = *why;
	return false;
}

bool pl_bundle_can_write(const char *path, bool force, struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };

	return kind_of(path, err) != NULL &&
	       (diag_file_can_create(path, force, &why) ||
		say_taken(path, &why, err));
}

static bool create(const char *path, const struct diag_buf *bytes, bool force,
		   struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };

	return diag_file_create(path, bytes, MODE, force, &why) ||
	       say_taken(path, &why, err);
}

bool pl_bundle_write(struct tool_call *call, const struct diag_bundle *b,
		     const char *path, bool force,
		     char sha256[DIAG_SHA256_TEXT], struct diag_err *err)
{
	const struct diag_archive_kind *kind = kind_of(path, err);
	struct diag_buf bytes;
	bool ok;

	if (kind == NULL)
		return false;
	ok = diag_bundle_pack(b, kind, &bytes, err) &&
	     (diag_sha256_of(bytes.data, bytes.len, sha256) ||
	      diag_fail_nomem(err, "bundle")) &&
	     create(path, &bytes, force, err);
	if (ok)
		tool_detail(call, "%s: %zu bytes", path, bytes.len);
	diag_buf_clear(&bytes);
	return ok;
}

bool pl_bundle_created(int64_t *created_s, struct diag_err *err)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	uint64_t s;

	if (epoch == NULL || epoch[0] == '\0') {
		*created_s = diag_time_now_s();
		return true;
	}
	if (!diag_slice_number(diag_slice_of(epoch), 0, TIME_LAST, &s))
		return diag_fail(err, DIAG_EUSAGE, "SOURCE_DATE_EPOCH",
				 "expected seconds since 1970, got \"%.60s\"",
				 epoch);
	*created_s = (int64_t)s;
	return true;
}

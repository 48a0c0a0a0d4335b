/* SPDX-License-Identifier: MIT */
/* journal_line.h - how a line is written and read; private to this room. */
#ifndef DIAG_FIX_JOURNAL_LINE_H
#define DIAG_FIX_JOURNAL_LINE_H

#define DIAG_JOURNAL_FORMAT   "pldiag.journal/1"
#define DIAG_JOURNAL_HEAD     ".pldiag-"
#define DIAG_JOURNAL_HEAD_LEN (sizeof(DIAG_JOURNAL_HEAD) - 1)
#define DIAG_JOURNAL_SUM      ((size_t)16) /* hex digits of SHA-256 kept */
/* Bytes of ,"sum":"0123456789abcdef"} */
#define DIAG_JOURNAL_SEAL (8 + DIAG_JOURNAL_SUM + 2)

/* Keys of the two states of a file. */
#define DIAG_JOURNAL_OLD                               \
	{                                              \
		"old_sha256", "old_len", "old_missing" \
	}
#define DIAG_JOURNAL_NEW                               \
	{                                              \
		"new_sha256", "new_len", "new_missing" \
	}

#endif

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# clang-format has the last word on layout.  Versions differ in taste, so only
# the reference version, 14, is asked.
set -u
cd -- "$(dirname -- "$0")/../.." || exit 1

tool=$(command -v clang-format-14 || command -v clang-format) || {
	echo "clang-format is not here"
	exit 77
}
if ! "$tool" --version | grep -q 'version 14\.'; then
	echo "not version 14: $("$tool" --version)"
	exit 77
fi
find libdiag probes tools tests \( -name '*.c' -o -name '*.h' \) -print0 |
	xargs -0 "$tool" --dry-run --Werror 2>&1 | grep 'error:' && {
	echo "format: run clang-format-14 -i on these"
	exit 1
}
echo "format: fine"

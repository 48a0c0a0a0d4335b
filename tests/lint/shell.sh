#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every shell script parses, and shellcheck has nothing to say.
set -u
cd -- "$(dirname -- "$0")/../.." || exit 1

scripts=$(find check demo .ci tests tools -type f ! -path '*/corpus/*' \
	! -path '*/data/*' ! -name '*.c' ! -name '*.h' -exec sh -c \
	'head -c 60 "$1" | head -n 1 | grep -q "^#!.*[/ ]\(sh\|bash\|dash\)" && echo "$1"' \
	_ {} \;)
status=0
for script in $scripts; do
	shell=$(head -n 1 "$script" | grep -o 'bash\|sh' | head -n 1)
	"$shell" -n "$script" || status=1
done
if command -v shellcheck >/dev/null; then
	# shellcheck disable=SC2086 # a list of files without blanks
	shellcheck -x $scripts .ci/packages.sh || status=1
else
	echo "shellcheck is not here; only looked at the syntax"
fi
[ $status -eq 0 ] && echo "shell: $(echo "$scripts" | wc -l) scripts are fine"
exit $status

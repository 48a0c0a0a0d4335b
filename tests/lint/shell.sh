#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every shell script parses, and shellcheck has nothing to say.
set -u
cd -- "$(dirname -- "$0")/../.." || exit 1

scripts=$(find check demo .ci tests tools -type f ! -path '*/corpus/*' \
	! -path '*/data/*' ! -path 'tools/scripts/*/*' ! -name '*.c' ! -name '*.h' -exec sh -c \
	'head -c 60 "$1" | head -n 1 | grep -q "^#!.*[/ ]\(sh\|bash\|dash\)" && echo "$1"' \
	_ {} \;)
status=0
for script in $scripts; do
	shell=$(head -n 1 "$script" | grep -o 'bash\|sh' | head -n 1)
	"$shell" -n "$script" || status=1
done
# A script of parts is only a script when they are joined.
for folder in tools/scripts/*/; do
	cat "$folder"*.sh | sh -n || status=1
done
if command -v shellcheck >/dev/null; then
	# shellcheck disable=SC2086 # a list of files without blanks
	shellcheck -x $scripts .ci/packages.sh || status=1
	for folder in tools/scripts/*/; do
		cat "$folder"*.sh | shellcheck - || {
			echo "in the parts of $folder, joined"
			status=1
		}
	done
else
	echo "shellcheck is not here; only looked at the syntax"
fi
[ $status -eq 0 ] && echo "shell: $(echo "$scripts" | wc -l) scripts are fine"
exit $status

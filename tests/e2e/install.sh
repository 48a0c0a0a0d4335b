#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What "cmake --install" leaves is whole: every tool has its manual page and
# completions, every header compiles by itself, and a stranger's program links
# with nothing but pkg-config.
set -u
build=${PLDIAG_BUILD:?}
status=0

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

wrong() {
	echo "$1"
	status=1
}

cmake --install "$build" --prefix "$work/usr" >"$work/log" 2>&1 || {
	cat "$work/log"
	exit 1
}

for tool in "$work"/usr/bin/pl-*; do
	name=$(basename "$tool")
	for file in "man/man1/$name.1" "bash-completion/completions/$name" \
		"zsh/site-functions/_$name" "fish/vendor_completions.d/$name.fish"; do
		[ -s "$work/usr/share/$file" ] || wrong "$name: no $file"
	done
	bash -n "$work/usr/share/bash-completion/completions/$name" ||
		wrong "$name: bash cannot read its completion"
	"$tool" --help >/dev/null || wrong "$name: --help fails"
done

pc=$(find "$work/usr" -name libdiag.pc)
folder=$(dirname "${pc:-.}")
# The .pc file names the prefix of the build; here it is elsewhere.
PKG_CONFIG_PATH=$folder
export PKG_CONFIG_PATH
configured=$(pkg-config --variable=prefix libdiag)
sed -i "s|$configured|$work/usr|" "$pc"
cflags=$(pkg-config --cflags libdiag) || wrong "pkg-config does not know libdiag"

cd "$work/usr/include/libdiag" || exit 1
for header in */*.h; do
	# shellcheck disable=SC2086 # flags are words
	echo "#include \"$header\"" |
		cc -Wall -Werror -fsyntax-only -x c $cflags - 2>"$work/err" ||
		wrong "$header does not compile by itself: $(head -n 3 "$work/err")"
done

# Built with sanitizers, the archive wants them in the program too.
sanitize=
grep -q 'PLDIAG_SANITIZE:BOOL=ON' "$build/CMakeCache.txt" &&
	sanitize=-fsanitize=address,undefined
cat >"$work/stranger.c" <<'END'
#include <stdio.h>
#include "base/version.h"
#include "net/addr.h"
int main(void)
{
	struct diag_addr addr;
	char text[DIAG_ADDR_TEXT];

	if (!diag_addr_parse("10.150.0.4", &addr))
		return 1;
	printf("%s %s\n", DIAG_VERSION, diag_addr_text(&addr, text));
	return 0;
}
END
# shellcheck disable=SC2046,SC2086 # flags are words
cc -D_GNU_SOURCE $sanitize -o "$work/stranger" "$work/stranger.c" \
	$(pkg-config --cflags --libs libdiag) ||
	wrong "a stranger's program does not build"
"$work/stranger" | grep -q '10.150.0.4' ||
	wrong "a stranger's program does not run"

[ $status -eq 0 ] && echo "installed files are whole"
exit $status

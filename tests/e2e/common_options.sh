#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What every tool must do alike (design: "Tools"), asked of each that is built.
set -u
tools=${PLDIAG_BUILD:?}/tools
status=0

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

wrong() {
	echo "$1"
	status=1
}

# expect NAME STATUS COMMAND...: run it, keep its output, compare its status.
expect() {
	what=$1
	want=$2
	shift 2
	"$@" >"$work/out" 2>"$work/err" </dev/null
	got=$?
	[ $got -eq "$want" ] || {
		wrong "$what: exit $got, not $want"
		head -n 5 "$work/err"
	}
}

one_line() {
	[ "$(wc -l <"$work/err")" -eq 1 ] || {
		wrong "$1: not one line on standard error"
		cat "$work/err"
	}
}

looked=0
for tool in "$tools"/pl-*; do
	[ -x "$tool" ] || continue
	looked=$((looked + 1))
	name=$(basename "$tool")

	expect "$name --help" 0 "$tool" --help
	grep -q "^Usage: $name" "$work/out" || wrong "$name --help: no usage line"
	awk 'length > 80' "$work/out" | grep . && wrong "$name --help: long lines"
	[ -s "$work/err" ] && wrong "$name --help: talks on standard error"

	expect "$name --version" 0 "$tool" --version
	grep -q "^$name (pldiag) [0-9]" "$work/out" || wrong "$name --version"

	expect "$name --no-such" 2 "$tool" --no-such-option
	one_line "$name --no-such-option"
	expect "$name --output" 2 "$tool" --output
	one_line "$name --output"
	expect "$name without anything" 2 "$tool"
	[ -s "$work/out" ] && wrong "$name: results without a question"

	expect "$name --explain" 0 "$tool" --explain dns.zone-not-visible
	grep -q . "$work/out" || wrong "$name --explain: says nothing"
	expect "$name --explain of nothing" 2 "$tool" --explain dns.no-such

	"$tool" --help >/dev/full 2>"$work/err"
	[ $? -eq 4 ] || wrong "$name >/dev/full: not exit 4"
	one_line "$name >/dev/full"
	"$tool" --help >&- 2>"$work/err"
	[ $? -eq 4 ] || wrong "$name with standard output closed: not exit 4"
done
[ $looked -gt 0 ] || wrong "no tool in $tools"

[ $status -eq 0 ] && echo "$looked tools behave alike"
exit $status

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Look at how this machine reaches a private-link workspace, and write what was
# seen into one file.  Made by "pl-doctor --print-collector sh" (pldiag
# @VERSION@); whoever sent it to you judges the file with
# "pl-doctor --from FILE".
#
#	sh collector.sh [FILE]
#
# It needs no rights and changes nothing but FILE, which must not be there yet.
# It uses what this machine has: dig, host or nslookup; openssl or curl; bash,
# nc or curl; perl or getent; ip, or route and ifconfig.  What it could not ask
# is noted as not run.  Into FILE go the answers of name servers, connections
# and certificates for the names below, this machine's name servers, addresses,
# routes and proxies (without passwords), and the lines of the hosts file that
# are about these names.
set -u
LC_ALL=C
export LC_ALL
umask 077

version='@VERSION@'
timeout_s='@TIMEOUT@' # of one connection
dns_timeout_s=3
system_timeout_s=9
jobs_max=64

fail() {
	printf 'collector: %s\n' "$*" >&2
	exit 2
}

have() {
	command -v "$1" >/dev/null 2>&1
}

# What this machine cannot do makes the file incomplete; told once each.
incomplete() {
	complete=false
	printf 'collector: %s\n' "$*" >&2
}
complete=true

# --- time ---------------------------------------------------------------------
case $(date +%N) in
'' | *[!0-9]*) fine_clock=no ;;
*) fine_clock=yes ;;
esac

# Milliseconds of the wall clock.
clock_ms() {
	if [ "$fine_clock" = yes ]; then
		set -- "$(date +%s%N)"
		echo "${1%??????}"
	else
		echo "$(date +%s)000"
	fi
}

# Milliseconds since this run began.
now() {
	echo $(($(clock_ms) - begun_ms))
}

# --- things that must not take too long -----------------------------------------
# limited SECONDS COMMAND...: status 124 when it had to be ended.
if have timeout && timeout 1 true 2>/dev/null; then
	limited() {
		timeout "$@"
	}
else
	limited() {
		seconds=$1
		shift
		{
			"$@" <&3 3<&- &
			child=$!
			{
				sleep "$seconds"
				kill "$child"
			} </dev/null >/dev/null 2>&1 3<&- &
			dog=$!
		} 3<&0
		wait "$child" 2>/dev/null
		set -- $?
		kill "$dog" 2>/dev/null
		[ "$1" -ne 143 ] || set -- 124
		return "$1"
	}
fi

# job COMMAND...: in the background; what it prints are facts.  Files are named
# so that they come in the order of the questions.
jobs_made=100000
job() {
	jobs_made=$((jobs_made + 1))
	number=$jobs_made
	printf '%s\n' "$@" >"$work/asked/$number"
	start "$@"
	[ $((jobs_made % jobs_max)) -ne 0 ] || finished
}

running=
start() {
	"$@" >"$work/facts/$number" 2>/dev/null &
	running="$running $!"
}

finished() {
	# shellcheck disable=SC2086 # a list of processes
	[ -z "$running" ] || wait $running
	running=
}

# --- a busy machine -------------------------------------------------------------
# Where processes wait for their turn, silence may be ours.  A sleep that ends
# late tells it; then what was silent is asked again once, few at a time and
# with more patience.
late_ms=1500
[ "$fine_clock" = yes ] || late_ms=3000

watch_load() {
	while before=$(clock_ms); do
		sleep 1
		[ $(($(clock_ms) - before)) -lt "$late_ms" ] || echo late >>"$work/late"
	done
}

again() {
	[ -s "$work/late" ] || return 0
	grep -l '"status":"timeout"' "$work"/facts/* 2>/dev/null |
		sed 's|.*/||' >"$work/silent"
	[ ! -s "$work/silent" ] || [ -n "${told_busy:-}" ] ||
		echo 'collector: this machine is busy; asking again what did not answer' >&2
	told_busy=yes
	timeout_s=$((timeout_s * 2))
	few=0
	while read -r number; do
		[ -f "$work/asked/$number" ] || continue
		set --
		while IFS= read -r word; do
			set -- "$@" "$word"
		done <"$work/asked/$number"
		rm "$work/asked/$number"
		start "$@"
		few=$((few + 1))
		[ $((few % 8)) -ne 0 ] || finished
	done <"$work/silent"
	finished
	timeout_s=$((timeout_s / 2))
}

# --- text -----------------------------------------------------------------------
# awk functions that write JSON.  Bytes that are not UTF-8 become U+FFFD.
# shellcheck disable=SC2016
json_awk='
BEGIN {
	for (byte = 1; byte < 256; byte++)
		byte_of[sprintf("%c", byte)] = byte
}
function utf8_len(s, i,   a, b, n, k) {
	a = byte_of[substr(s, i, 1)]
	n = a < 194 ? 0 : a < 224 ? 2 : a < 240 ? 3 : a < 245 ? 4 : 0
	b = byte_of[substr(s, i + 1, 1)]
	if (a == 224 && b < 160 || a == 237 && b > 159 ||
	    a == 240 && b < 144 || a == 244 && b > 143)
		return 0
	for (k = 1; k < n; k++) {
		b = byte_of[substr(s, i + k, 1)]
		if (b < 128 || b > 191)
			return 0
	}
	return n
}
function quoted(s,   i, c, b, n, out) {
	out = "\""
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		b = (c in byte_of) ? byte_of[c] : 32
		if (c == "\"" || c == "\\")
			out = out "\\" c
		else if (b < 32 || b == 127)
			out = out sprintf("\\u%04x", b)
		else if (b < 127)
			out = out c
		else if ((n = utf8_len(s, i)) > 0) {
			out = out substr(s, i, n)
			i += n - 1
		} else
			out = out "\\ufffd"
	}
	return out "\""
}
function member(key, value) {
	return value == "" ? "" : ",\"" key "\":" quoted(value)
}
function number(key, value) {
	return value == "" ? "" : ",\"" key "\":" (value + 0)
}
function list(items, n,   i, out) {
	for (i = 1; i <= n; i++)
		out = out (i > 1 ? "," : "") quoted(items[i])
	return "[" out "]"
}
# A name as a fact has it.
function plain(name) {
	name = tolower(name)
	if (length(name) > 1)
		sub(/\.$/, "", name)
	return name
}
# Why the kernel said no, as it calls it.
function errno_of(text) {
	text = tolower(text)
	return text ~ /refused/ ? "ECONNREFUSED" : \
	    text ~ /no route to host|host (is )?unreachable/ ? "EHOSTUNREACH" : \
	    text ~ /network (is )?unreachable/ ? "ENETUNREACH" : \
	    text ~ /timed out/ ? "ETIMEDOUT" : \
	    text ~ /reset by peer/ ? "ECONNRESET" : \
	    text ~ /permission denied/ ? "EACCES" : \
	    text ~ /not permitted/ ? "EPERM" : ""
}
'

# to_json PROGRAM [NAME=VALUE]... [FILE]...: awk that can write JSON.  awk looks
# for backslashes in values: only names, numbers and addresses are given so.
to_json() {
	program=$1
	shift
	awk "$json_awk$program" "$@"
}

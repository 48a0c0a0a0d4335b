#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What the tools load, and how they are built.  A quick question to one name
# server must not pay for libraries it never calls.
set -u
tools=${PLDIAG_BUILD:?}/tools
status=0

wrong() {
	echo "$1"
	status=1
}

needed() {
	readelf -d "$1" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'
}

looked=0
for tool in "$tools"/pl-*; do
	[ -x "$tool" ] || continue
	looked=$((looked + 1))
	name=$(basename "$tool")
	readelf -d "$tool" | grep -q 'BIND_NOW\|FLAGS_1.*NOW' ||
		wrong "$name: not linked with -z now"
	readelf -lW "$tool" | grep -q GNU_RELRO || wrong "$name: no RELRO"
	readelf -hW "$tool" | grep -q 'DYN' || wrong "$name: no PIE"
	readelf -lW "$tool" | grep 'GNU_STACK' | grep -q 'RWE' &&
		wrong "$name: the stack may be executed"
done
[ $looked -gt 0 ] || {
	echo "no tool in $tools"
	exit 1
}

for library in libcurl libarchive libpcap libssl; do
	for name in pl-resolve pl-hosts; do
		needed "$tools/$name" | grep -q "^$library" &&
			wrong "$name: loads $library"
	done
done
# Packets are the business of one tool.
for tool in "$tools"/pl-*; do
	name=$(basename "$tool")
	if [ "$name" != pl-capture ] && needed "$tool" | grep -q '^libpcap'; then
		wrong "$name: loads libpcap"
	fi
done
[ $status -eq 0 ] && echo "$looked tools are fine"
exit $status

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# packages.sh - what ./check and ./demo need, and how to get it.  Sourced.
#
#	need build lab        exits 2, with one line that says what to type,
#	                      when something is missing and cannot be installed
#
# Things are looked for where they are used (a command, a pkg-config module, a
# file), not in the package database: what is there counts, however it came.

# Name servers live in sbin, which an ordinary user's PATH does not have.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

ci_folder=${ci_folder:?set ci_folder before sourcing packages.sh}

# SET THING PACKAGE; THING is cmd:NAME[|NAME], pc:MODULE, py:MODULE, file:PATH
packages_table='
build cmd:cc gcc
build file:/usr/include/stdio.h libc6-dev
build cmd:cmake cmake
build cmd:ninja ninja-build
build cmd:pkg-config pkgconf
build pc:libcares libc-ares-dev
build pc:ldns libldns-dev
build pc:libuv libuv1-dev
build pc:openssl libssl-dev
build pc:libcurl libcurl4-openssl-dev
build pc:libcjson libcjson-dev
build pc:libpcap libpcap-dev
build pc:libarchive libarchive-dev
build file:/etc/ssl/certs/ca-certificates.crt ca-certificates
lab cmd:python3 python3
lab cmd:ip iproute2
lab cmd:nft nftables
lab cmd:unshare util-linux
lab cmd:openssl openssl
lab cmd:nsd nsd
lab cmd:unbound unbound
lab cmd:named bind9
lab cmd:dnsmasq dnsmasq-base
lab cmd:nginx nginx-light
lab cmd:tinyproxy tinyproxy-bin
lab cmd:dig bind9-dnsutils
lab cmd:curl curl
lab cmd:nc netcat-openbsd
test pc:cmocka libcmocka-dev
test cmd:readelf binutils
test cmd:python3 python3
test py:jsonschema python3-jsonschema
test cmd:scdoc scdoc
test cmd:knotd knot
test cmd:kzonecheck knot-dnssecutils|knot-dnsutils
test cmd:tcpdump tcpdump
test cmd:patch patch
test cmd:strace strace
test cmd:zstd zstd
test cmd:unzip unzip
browser cmd:chromium chromium
lint cmd:clang clang
lint cmd:clang-tidy-14|clang-tidy clang-tidy-14|clang-tidy
lint cmd:clang-format-14|clang-format clang-format-14|clang-format
lint cmd:cppcheck cppcheck
lint cmd:shellcheck shellcheck
'

have_command() {
	for name in $(echo "$1" | tr '|' ' '); do
		command -v "$name" >/dev/null 2>&1 && return 0
	done
	return 1
}

have_thing() {
	case $1 in
	cmd:*) have_command "${1#cmd:}" ;;
	pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
	py:*) python3 -c "import ${1#py:}" 2>/dev/null ;;
	file:*) [ -e "${1#file:}" ] ;;
	esac
}

# Packages that are missing for the given sets, one per line.
missing_packages() {
	echo "$packages_table" | while read -r set_name thing package; do
		case " $* " in
		*" ${set_name:-none} "*) ;;
		*) continue ;;
		esac
		have_thing "$thing" || echo "$package"
	done | sort -u
}

# Of "a|b" the first that this distribution has.
choose_package() {
	for name in $(echo "$1" | tr '|' ' '); do
		if apt-cache show "$name" >/dev/null 2>&1; then
			echo "$name"
			return
		fi
	done
	echo "${1%%|*}"
}

# How to become root without asking: prints the prefix, or fails.
root_prefix() {
	if [ "$(id -u)" -eq 0 ]; then
		echo ""
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		echo "sudo -n"
	elif command -v sudo >/dev/null && [ -t 0 ] && [ "${CI:-}" != true ]; then
		echo "sudo"
	else
		return 1
	fi
}

cannot_install() {
	echo "$0: $1; type: sudo apt-get install --no-install-recommends $2" >&2
	exit 2
}

# need SET...
need() {
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	if ! command -v apt-get >/dev/null; then
		echo "$0: missing, and this system has no apt-get:" \
			"$(echo "$missing" | tr '\n' ' ')" >&2
		exit 2
	fi
	prefix=$(root_prefix) ||
		cannot_install "packages are missing" "$(list_chosen "$missing")"
	echo "Installing $(echo "$missing" | tr '\n' ' ')"
	# shellcheck disable=SC2086 # both are lists of words
	$prefix sh "$ci_folder/install.sh" $missing || exit 2
	missing=$(missing_packages "$@")
	[ -z "$missing" ] ||
		cannot_install "still missing" "$(list_chosen "$missing")"
}

# wish SET...: as need, but nothing is wrong if it cannot be had.  Debian only:
# Ubuntu's chromium is a snap.
wish() {
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	grep -qx ID=debian /etc/os-release 2>/dev/null || return 0
	prefix=$(root_prefix) || return 0
	echo "Installing $(echo "$missing" | tr '\n' ' ')"
	# shellcheck disable=SC2086 # both are lists of words
	$prefix sh "$ci_folder/install.sh" $missing ||
		echo "$0: some checks will be left out" >&2
}

# A grammar of PowerShell, into build/npm, where npm is there to get it.
grammar=@vscode/tree-sitter-wasm@0.3.1
wish_grammar() {
	[ ! -e "build/npm/node_modules/${grammar%@*}" ] || return 0
	command -v npm >/dev/null && command -v node >/dev/null || return 0
	npm install --prefix build/npm --no-audit --no-fund --silent \
		"$grammar" >/dev/null 2>&1 </dev/null ||
		echo "$0: PowerShell scripts are not held against a grammar" >&2
}

# The packages in one line, each as this distribution calls it.
list_chosen() {
	for package in $1; do
		choose_package "$package"
	done | tr '\n' ' '
}

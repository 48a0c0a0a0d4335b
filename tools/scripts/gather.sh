#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Collect what Azure knows of a private-link workspace into one file.
# Made by "pl-inventory gather" (pldiag @VERSION@).
#
#	sh gather.sh [FILE]		where `az` works and you are logged in
#	pl-inventory import FILE	where pldiag is
#
# It only reads: the Reader role is enough, and no key or secret is asked for.
# What cannot be read is told on standard error and left out.
# FILE must not be there yet.
set -u
LC_ALL=C
# Never install an extension, never ask, never colour.
AZURE_EXTENSION_USE_DYNAMIC_INSTALL=no
AZURE_CORE_ONLY_SHOW_ERRORS=yes
AZURE_CORE_NO_COLOR=yes
PYTHONIOENCODING=utf-8
export LC_ALL AZURE_EXTENSION_USE_DYNAMIC_INSTALL AZURE_CORE_ONLY_SHOW_ERRORS
export AZURE_CORE_NO_COLOR PYTHONIOENCODING

workspace=@WORKSPACE@
group=@GROUP@
subscription=@SUBSCRIPTION@
version='2023-04-01' # of the REST API of Microsoft.MachineLearningServices

tell() {
	printf 'gather: %s\n' "$*" >&2
}

stop() {
	tell "$*"
	exit 2
}

# look WORD...: an az command; its answer is in $work/out.
look() {
	if az "$@" --output json </dev/null >"$work/out" 2>"$work/err"; then
		return 0
	fi
	left_out=$((left_out + 1))
	tell "left out: az $*"
	sed -n 's/^/gather:     /; 1,3p' "$work/err" >&2
	: >"$work/out"
	return 1
}

# ask WORD...: the same, and the answer goes into the file.
ask() {
	look "$@" && [ -s "$work/out" ] || return 0
	cat "$work/out" >&3
	printf '\n' >&3
	documents=$((documents + 1))
}

# ids KIND: ids of such resources in the last answer, one a line.
ids() {
	awk -F '"' -v kind="/$1/" '{
		for (i = 2; i <= NF; i += 2) {
			at = index(tolower($i), kind)
			if (at && $i ~ /^\/subscriptions\// &&
			    index(substr($i, at + length(kind)), "/") == 0)
				print $i
		}
	}' "$work/out"
}

# once FILE: its lines, each once, whatever their case.
once() {
	awk 'NF && !seen[tolower($0)]++' "$1"
}

# part NAME ID: what follows /NAME/ in a resource id, whatever its case.
part() {
	printf '%s\n' "$2" | awk -F / -v want="$1" '{
		for (i = 2; i < NF; i++)
			if (tolower($i) == tolower(want)) {
				print $(i + 1)
				exit
			}
	}'
}

find_workspace() {
	set -- resource list \
		--resource-type Microsoft.MachineLearningServices/workspaces \
		--query '[].id'
	[ -z "$workspace" ] || set -- "$@" "--name=$workspace"
	[ -z "$group" ] || set -- "$@" "--resource-group=$group"
	[ -z "$subscription" ] || set -- "$@" "--subscription=$subscription"
	look "$@" || exit 2
	ids workspaces >"$work/found"
	case $(once "$work/found" | grep -c .) in
	1) id=$(once "$work/found") ;;
	0) stop "there is no such workspace to be seen; is it in this" \
		"subscription? (az account show)" ;;
	*)
		sed 's/^/gather:     /' "$work/found" >&2
		stop "several workspaces; say which:" \
			"pl-inventory gather --workspace NAME --resource-group GROUP"
		;;
	esac
}

gather_workspace() {
	ask resource show --ids "$id"
	ids privateendpoints >>"$work/endpoints"
	for kind in storageaccounts vaults registries; do
		ids "$kind" >>"$work/resources"
	done
	set -- "--name=$(part workspaces "$id")" \
		"--resource-group=$(part resourceGroups "$id")" \
		"--subscription=$(part subscriptions "$id")"
	ask ml workspace show "$@"
	ask rest --method get --url "$id/computes?api-version=$version"
	ask rest --method get --url "$id/onlineEndpoints?api-version=$version"
	ask rest --method get \
		--url "$id/outboundNetworkDependenciesEndpoints?api-version=$version"
	ask ml workspace diagnose "$@"
}

# The private endpoints of the workspace and of what it stands on.
gather_endpoints() {
	once "$work/resources" >"$work/each"
	while IFS= read -r resource; do
		ask network private-endpoint-connection list --id "$resource"
		ids privateendpoints >>"$work/endpoints"
	done <"$work/each"
	once "$work/endpoints" >"$work/each"
	while IFS= read -r endpoint; do
		gather_endpoint "$endpoint"
	done <"$work/each"
	once "$work/nics" >"$work/each"
	while IFS= read -r nic; do
		ask network nic show --ids "$nic"
	done <"$work/each"
}

gather_endpoint() {
	ask network private-endpoint show --ids "$1"
	ids networkinterfaces >>"$work/nics"
	ids subnets >>"$work/subnets"
	ask network private-endpoint dns-zone-group list \
		"--endpoint-name=$(part privateEndpoints "$1")" \
		"--resource-group=$(part resourceGroups "$1")" \
		"--subscription=$(part subscriptions "$1")"
	ids privatednszones >>"$work/zones"
}

# The zones of the zone groups, and those of the subscription with a name that
# such endpoints use: they may be linked elsewhere, or to nothing.
gather_zones() {
	look network private-dns zone list \
		"--subscription=$(part subscriptions "$id")"
	ids privatednszones | grep -i -e '/privatelink\.api\.' \
		-e '/privatelink\.notebooks\.' -e '/privatelink\.blob\.' \
		-e '/privatelink\.file\.' -e '/privatelink\.vaultcore\.' \
		-e '/privatelink\.azurecr\.' -e '/instances\.' >>"$work/zones"
	once "$work/zones" >"$work/each"
	while IFS= read -r zone; do
		name=$(part privateDnsZones "$zone")
		set -- "--resource-group=$(part resourceGroups "$zone")" \
			"--subscription=$(part subscriptions "$zone")"
		# It tells how many links there are, which an empty list does not.
		ask network private-dns zone show "--name=$name" "$@"
		set -- "--zone-name=$name" "$@"
		ask network private-dns record-set a list "$@"
		ask network private-dns link vnet list "$@"
	done <"$work/each"
}

# The networks of the endpoints, and the security groups of their subnets.
gather_networks() {
	sed 's,/[sS][uU][bB][nN][eE][tT][sS]/.*,,' "$work/subnets" >"$work/vnets"
	once "$work/vnets" >"$work/each"
	while IFS= read -r vnet; do
		ask network vnet show --ids "$vnet"
		ids networksecuritygroups >>"$work/nsgs"
	done <"$work/each"
	once "$work/nsgs" >"$work/each"
	while IFS= read -r nsg; do
		ask network nsg show --ids "$nsg"
	done <"$work/each"
}

file=${1:-@FILE@}
documents=0
left_out=0
umask 077
command -v az >/dev/null || stop "there is no az here"
az account show --output none </dev/null >/dev/null 2>&1 ||
	stop "az is not logged in; type: az login"
work=$(mktemp -d "${TMPDIR:-/tmp}/gather.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
for name in endpoints resources nics subnets zones nsgs; do
	: >"$work/$name"
done
find_workspace
(set -C && : >"$file") 2>/dev/null ||
	stop "$file is there already, or cannot be written; name another file"
exec 3>"$file"
gather_workspace
gather_endpoints
gather_zones
gather_networks
tell "$documents documents in $file; next: pl-inventory import $file"
[ "$left_out" -eq 0 ] || {
	tell "$left_out questions had no answer (told above)"
	exit 1
}

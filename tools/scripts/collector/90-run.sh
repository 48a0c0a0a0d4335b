# SPDX-License-Identifier: MIT
# --- what to ask ---------------------------------------------------------------------
put_data() {
	cat <<'END_OF_DATA'
@DATA@
END_OF_DATA
}

put_inventory() {
	cat <<'END_OF_INVENTORY'
@INVENTORY@
END_OF_INVENTORY
}

# Roots that count as the service's own (pl-doctor --ca-file).
put_roots() {
	cat <<'END_OF_ROOTS'
@ROOTS@
END_OF_ROOTS
}

# each WORD: rows of the data that begin with WORD, without it.
each() {
	sed -n "s/^$1	//p" "$work/data"
}

# connect TARGET ADDRESS PORT TLS SERVICE METHOD PATH
connect() {
	if [ "$3" != 443 ] || [ "$4" != tls ]; then
		job tcp "$1" "$2" "$3"
	elif have openssl; then
		job tls "$1" "$2" "$3" "$5" "$6" "$7"
	else
		job without_openssl "$1" "$2" "$3"
	fi
}

without_openssl() {
	tcp "$1" "$2" "$3"
	printf '{"probe":"tls","target":"%s","status":"not-run","error":"there is no openssl here","address":"%s","port":%s}\n' \
		"$1" "$2" "$3"
}

# Everything that needs no answer first.
first_round() {
	each target >"$work/targets"
	while IFS='	' read -r name service addresses ports speaks method path _; do
		case $name in
		- | '*'*) ;;
		*)
			job system "$name"
			while IFS= read -r server; do
				job question "$server" "$name" A "$name"
				job question "$server" "$name" AAAA "$name"
			done <"$work/servers"
			;;
		esac
		for address in $(echo "$addresses" | tr ',' ' ' | tr -d '-'); do
			echo "$address" >>"$work/ways"
			for port in $(echo "$ports" | tr ',' ' ' | tr -d '-'); do
				printf '%s %s %s\n' "$name" "$address" "$port" >>"$work/tried"
				connect "$name" "$address" "$port" "$speaks" "$service" "$method" "$path"
			done
		done
		case $name/$speaks/,$ports, in
		-/* | '*'*) ;;
		*/tls/*,443,*)
			proxy=$(proxy_for "$name")
			[ -z "$proxy" ] || through_proxy "$name" "$service" "$method" "$path" "$proxy"
			;;
		esac
	done <"$work/targets"
	each zone >"$work/zones"
	while IFS= read -r zone; do
		while IFS= read -r server; do
			job question "$server" "$zone" SOA -
		done <"$work/servers"
	done <"$work/zones"
	sort -u "$work/ways" >"$work/ways_now"
	while IFS= read -r address; do
		job route "$address"
	done <"$work/ways_now"
	finished
}

through_proxy() {
	if have curl; then
		job proxied "$@"
	else
		job printf '{"probe":"http","target":"%s","status":"not-run","url":"https://%s%s","proxy":"%s"}\n' \
			"$1" "$1" "$4" "$5"
		have_told_proxy=${have_told_proxy:-$(incomplete 'there is no curl here to try the proxy')}
		complete=false
	fi
}

# Addresses that were answered and that nobody expected; zones that aliases led
# to.  Addresses that lead nowhere or back to this machine are never tried, and
# IPv6 only where there is a way to it.
second_round() {
	cat "$work"/answers/* 2>/dev/null | sort -u >"$work/answered"
	has_six=$(grep -c '"to":"::/0"' "$work/machine")
	: >"$work/more"
	# shellcheck disable=SC2016
	awk -v has_six="$has_six" '
	FILENAME == ARGV[1] { tried[$1, $2, $3] = 1; connections[$1]++; next }
	FILENAME == ARGV[2] {
		row = $0
		split($0, part, "\t")
		row_of[part[1]] = row
		next
	}
	$1 == "chain" || !($1 in row_of) { next }
	$2 ~ /^(0|127|22[4-9]|23[0-9]|24[0-9]|25[0-5])\./ || $2 ~ /^169\.254\./ { next }
	tolower($2) ~ /^(::1?$|fe[89ab]|ff|::ffff:)/ || $2 ~ /:/ && !has_six { next }
	{
		split(row_of[$1], part, "\t")
		count = split(part[4], port, ",")
		print "way " $2
		for (i = 1; i <= count; i++)
			if (port[i] != "-" && !(($1, $2, port[i]) in tried) && connections[$1]++ < 16)
				print "connect " $1 " " $2 " " port[i] " " part[5] " " part[2] " " part[6] " " part[7]
	}' "$work/tried" "$work/targets" "$work/answered" >"$work/more"
	while IFS=' ' read -r what name address port speaks service method path; do
		case $what in
		connect) connect "$name" "$address" "$port" "$speaks" "$service" "$method" "$path" ;;
		way) grep -qxF "$name" "$work/ways_now" || {
			echo "$name" >>"$work/ways_now"
			job route "$name"
		} ;;
		esac
	done <"$work/more"
	sed -n 's/^chain .*\.\(privatelink\.[^ ]*\)$/\1/p' "$work/answered" | sort -u >"$work/more_zones"
	! grep -q ' [0-9a-f]*:' "$work/answered" || echo 'ipv4only.arpa AAAA' >"$work/more_names"
	while IFS= read -r server; do
		while IFS= read -r zone; do
			grep -qxF "$zone" "$work/zones" || job question "$server" "$zone" SOA -
		done <"$work/more_zones"
		while read -r name type; do
			job question "$server" "$name" "$type" -
		done <"$work/more_names"
	done <"$work/servers"
	finished
}

# --- the file ---------------------------------------------------------------------------
finish() {
	trap '' HUP INT TERM
	trap - EXIT
	[ -z "$watch" ] || kill "$watch" 2>/dev/null
	cat "$work"/facts/* 2>/dev/null | grep '^{.*}$' >"$work/all"
	[ -s "$work/machine" ] || complete=false
	{
		printf '{"schema":"pldiag.case/1","tool":"collector.sh","version":"%s"' "$version"
		printf ',"started":"%s","took_ms":%s,"complete":%s' "$today" "$(now)" "$complete"
		printf ',"facts":%s' "$(grep -c . "$work/all")"
		# shellcheck disable=SC2016
		uname -n | to_json '{ printf "%s", member("host", $0) }'
		printf ',"role":"%s","era":"%s","no_public":%s' '@ROLE@' '@ERA@' '@NO_PUBLIC@'
		printf ',"views":[{"view":"system"}'
		while IFS= read -r server; do
			added=
			! grep -qxF "$server" "$work/resolvers" || added=',"added":true'
			printf ',{"view":"%s"%s}' "$server" "$added"
		done <"$work/servers"
		printf '],"inventory":%s' "$(put_inventory)"
		[ ! -s "$work/machine" ] || printf ',"machine":%s' "$(cat "$work/machine")"
		printf '}\n'
		cat "$work/all"
	} >&9
	rm -rf "$work"
	printf 'collector: %s facts in %s; send this file back\n' "$count" "$result" >&2
}

interrupted() {
	complete=false
	trap '' HUP INT TERM
	jobs -p >"$work/jobs"
	while read -r child; do
		kill "$child" 2>/dev/null
	done <"$work/jobs"
	wait
	count=some
	finish
	exit 130
}

result=${1:-pldiag-case.jsonl}
platform=$(uname -s | tr '[:upper:]' '[:lower:]')
today=$(date -u +%Y-%m-%dT%H:%M:%SZ)
begun_ms=$(clock_ms)
(set -C && : >"$result") 2>/dev/null ||
	fail "$result is there already, or cannot be written; name another file"
exec 9>"$result"
work=$(mktemp -d "${TMPDIR:-/tmp}/collector.XXXXXX") || exit 2
mkdir "$work/facts" "$work/answers" "$work/asked"
watch=
trap 'rm -rf "$work"' EXIT
trap interrupted HUP INT TERM
for name in servers tunnels tried ways proxies no_proxy more_names nsswitch.text; do
	: >"$work/$name"
done
put_data >"$work/data"
put_roots >"$work/service.pem"
have openssl || incomplete 'there is no openssl here to look at certificates'
learn_roots
learn_verify
machine
each resolver >"$work/resolvers"
cat "$work/resolvers" >>"$work/servers"
awk '!seen[$0]++' "$work/servers" >"$work/servers.each"
mv "$work/servers.each" "$work/servers"
watch_load </dev/null >/dev/null 2>&1 9>&- &
watch=$!
first_round
again
second_round
again
count=$(cat "$work"/facts/* 2>/dev/null | grep -c .)
finish

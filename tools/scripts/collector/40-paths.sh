# SPDX-License-Identifier: MIT
# --- ways: routes and plain connections --------------------------------------------

# route ADDRESS: one fact.
if have ip; then
	route() {
		case $1 in
		*:*) six=-6 ;;
		*) six=-4 ;;
		esac
		{
			ip $six route get "$1" 2>&1 | sed '1s/^/way /'
			ip $six route get fibmatch "$1" 2>/dev/null | sed '1s/^/entry /'
		} >"$work/route.$number"
		route_fact "$1"
	}
elif have route && have ifconfig; then
	route() {
		case $1 in
		*:*) six=-inet6 ;;
		*) six=-inet ;;
		esac
		command route -n get $six "$1" >"$work/route.$number" 2>&1
		route_fact "$1"
	}
else
	route() {
		:
	}
	incomplete 'nothing here tells which way an address is'
fi

route_fact() {
	# shellcheck disable=SC2016
	to_json '
	# ip: "way 10.1.2.3 via 10.0.0.1 dev eth0 src 10.0.0.5 uid 0"
	$1 == "way" {
		for (i = 2; i < NF; i++) {
			if ($i == "dev")
				device = $(i + 1)
			if ($i == "via")
				gateway = $(i + 1) ~ /^inet6?$/ ? $(i + 2) : $(i + 1)
			if ($i == "src")
				source = $(i + 1)
		}
		if ($2 == "RTNETLINK" || $2 ~ /^(unreachable|blackhole|prohibit|throw|Error:)$/)
			device = ""
		if (device == "")
			trouble = $0
	}
	$1 == "entry" { is_default = $2 == "default" }
	# route -n get
	$1 == "interface:" { device = $2 }
	$1 == "gateway:" { gateway = $2 }
	$1 == "if" && $2 == "address:" { source = $3 }
	$1 == "destination:" { is_default = $2 == "default" }
	/not in table/ { trouble = "Network is unreachable"; device = "" }
	END {
		sub(/%.*/, "", gateway)
		if (gateway !~ /^[0-9a-fA-F:.]+$/ || gateway ~ /^[0-9a-f]+(:[0-9a-f]+){5}$/)
			gateway = ""
		while ((getline line <tunnels) > 0)
			is_tunnel[line] = 1
		ok = device != ""
		sub(/^way (RTNETLINK answers: )?/, "", trouble)
		if (!ok && trouble == "")
			trouble = "no route"
		print "{\"probe\":\"route\"" number("started_ms", started) \
		    number("took_ms", after - started) ",\"status\":\"" (ok ? "ok" : "none") "\"" \
		    (ok ? "" : member("errno", errno_of(trouble)) member("error", trouble)) \
		    ",\"address\":" quoted(to) member("interface", device) \
		    (ok ? member("source", source) member("gateway", gateway) : "") \
		    ",\"on_link\":" (ok && gateway == "" ? "true" : "false") \
		    ",\"is_default\":" (ok && is_default ? "true" : "false") \
		    ",\"is_tunnel\":" (ok && device in is_tunnel ? "true" : "false") "}"
	}' to="$1" started="$(now)" after="$(now)" tunnels="$work/tunnels" "$work/route.$number"
}

# --- plain TCP --------------------------------------------------------------------
# knock ADDRESS PORT: status 0 when it opens; else why is told on standard error.
if have bash && bash -c ': </dev/tcp/127.0.0.1/1' 2>&1 | grep -qi 'refused\|denied\|timed'; then
	knock() {
		# shellcheck disable=SC2016
		limited "$timeout_s" bash -c ': 3<>"/dev/tcp/$0/$1"' "$1" "$2"
	}
elif have nc; then
	knock() {
		limited $((timeout_s + 1)) nc -z -v -w "$timeout_s" "$1" "$2"
	}
elif have curl; then
	knock() {
		limited "$timeout_s" curl -v -sS --noproxy '*' --max-time "$timeout_s" \
			"telnet://$(bracketed "$1"):$2" </dev/null || return $?
	}
else
	knock() {
		return 127
	}
	incomplete 'there is no bash, nc or curl here to open connections'
fi

bracketed() {
	case $1 in
	*:*) echo "[$1]" ;;
	*) echo "$1" ;;
	esac
}

# tcp TARGET ADDRESS PORT: one fact.
tcp() {
	started=$(now)
	knock "$2" "$3" </dev/null >/dev/null 2>"$work/tcp.$number"
	status=$?
	grep -q '[Cc]onnected to' "$work/tcp.$number" && status=0
	tcp_fact "$1" "$2" "$3" "$status" "$started" "$work/tcp.$number"
}

# tcp_fact TARGET ADDRESS PORT STATUS STARTED MESSAGES [ENDED]
tcp_fact() {
	# shellcheck disable=SC2016
	to_json '
	/refused|unreachable|[Nn]o route|timed out|reset|ermitted|denied/ && why == "" { why = $0 }
	{ last = $0 }
	END {
		errno = errno_of(why)
		is = ended == 0 ? "open" : ended == 127 ? "not-run" : \
		    errno == "ECONNREFUSED" ? "refused" : errno ~ /UNREACH/ ? "unreachable" : \
		    errno == "ECONNRESET" ? "reset" : \
		    errno == "ETIMEDOUT" || ended == 124 || ended == 28 ? "timeout" : "failed"
		if (is == "failed" && why == "")
			why = last
		if (is == "timeout" && errno == "")
			why = ""
		sub(/^.*: connect: /, "", why)
		print "{\"probe\":\"tcp\"" (target == "-" ? "" : ",\"target\":" quoted(target)) \
		    number("started_ms", started) number("took_ms", after - started) \
		    ",\"status\":\"" is "\"" (is == "open" ? "" : member("errno", errno) member("error", why)) \
		    ",\"address\":" quoted(address) number("port", port) "}"
	}' target="$1" address="$2" port="$3" ended="$4" started="$5" after="${7:-$(now)}" "$6"
}

# SPDX-License-Identifier: MIT
# --- TLS: one handshake for the certificates, one for the answer over HTTP ----------

# hello ADDRESS PORT NAME [WORD]...: openssl s_client; WORD are more options.
hello() {
	to=$(bracketed "$1"):$2
	name=$3
	shift 3
	if [ "$name" = - ]; then
		limited "$timeout_s" openssl s_client -connect "$to" "$@"
	else
		limited "$timeout_s" openssl s_client -connect "$to" -servername "$name" "$@"
	fi
}

# tls TARGET ADDRESS PORT SERVICE METHOD PATH: facts of each stage reached.
tls() {
	started=$(now)
	at=$work/tls.$number
	host=$1
	[ "$host" != - ] || host=$(bracketed "$2")
	printf '%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: pldiag/%s\r\nAccept: */*\r\nConnection: close\r\n\r\n' \
		"$5" "$6" "$host" "$version" |
		hello "$2" "$3" "$1" -quiet >"$at.http" 2>"$at.http_err" &
	asking=$!
	# -state tells at once how far it came: the rest is kept back until the end.
	hello "$2" "$3" "$1" -showcerts -state </dev/null >"$at.out" 2>"$at.err"
	status=$?
	shaken=$(now)
	if ! grep -q '^CONNECTED(' "$at.out" && ! grep -q '^SSL_connect:' "$at.err"; then
		tcp_fact "$1" "$2" "$3" "$status" "$started" "$at.err"
		wait "$asking"
		return
	fi
	: >"$at.none"
	# It was open by then; the tool does not tell when.
	tcp_fact "$1" "$2" "$3" 0 "$started" "$at.none" "$shaken"
	read_certificates "$at"
	tls_fact "$1" "$2" "$3" "$status" "$started" "$shaken" "$at" >"$at.fact"
	cat "$at.fact"
	wait "$asking"
	http_status=$?
	case $(cat "$at.fact") in
	*'"status":"cut"'* | *'"status":"timeout"'* | *'"status":"failed"'*) ;;
	*) http_fact "$@" "$http_status" "$at" ;;
	esac
}

# The certificates that were sent, each as openssl x509 tells it, in $1.certs;
# and whether a chain to a root we have can be built from them, in $1.trust.
read_certificates() {
	awk -v at="$1" '
	/^-----BEGIN CERTIFICATE-----/ { n++; on = 1 }
	on { print >(at ".pem" n); print >(at ".chain") }
	/^-----END CERTIFICATE-----/ { on = 0; close(at ".pem" n) }
	n > 15 { exit }' "$1.out"
	: >"$1.certs"
	i=1
	while [ -f "$1.pem$i" ]; do
		openssl x509 -in "$1.pem$i" -noout -subject -issuer -nameopt RFC2253 \
			-dates -fingerprint -sha256 -text 2>/dev/null >>"$1.certs"
		echo 'end of certificate' >>"$1.certs"
		i=$((i + 1))
	done
	[ ! -f "$1.pem1" ] || find_root "$1" >"$1.trust" 2>&1
}

# verified BUNDLE|'' LEAF CHAIN: is there a chain to a root?  Dates are looked at
# elsewhere.  '' is the machine's own list.
verified() {
	if [ -n "$1" ]; then
		# shellcheck disable=SC2086 # a list of options
		set -- "$2" "$3" -CAfile "$1" $only_bundle
	elif [ -n "$roots_path" ]; then
		set -- "$2" "$3" -CAfile "$roots_path"
	else
		set -- "$2" "$3"
	fi
	leaf=$1
	chain=$2
	shift 2
	# shellcheck disable=SC2086 # a list of options
	openssl verify $verify_options "$@" -untrusted "$chain" "$leaf" >"$leaf.verify" 2>&1
	grep -v 'certificate has expired\|not yet valid' "$leaf.verify" |
		sed -n 's/^error [0-9]* at [0-9]* depth lookup: *//p; s/^.*error [0-9]* at [0-9]* depth lookup: *//p' |
		head -n 1 >"$leaf.why"
	[ ! -s "$leaf.why" ]
}

# "service", "local" or "public", or "none" and why.
find_root() {
	if [ -s "$work/service.pem" ] && verified "$work/service.pem" "$1.pem1" "$1.chain"; then
		echo service
	elif [ -s "$work/local.pem" ] && verified "$work/local.pem" "$1.pem1" "$1.chain"; then
		echo local
	elif verified '' "$1.pem1" "$1.chain"; then
		echo public
	elif have security && security verify-cert -q -c "$1.pem1" -p ssl 2>/dev/null; then
		echo local # in a key chain, and not in Apple's own list
	else
		echo none
		cat "$1.pem1.why"
	fi
}

# tls_fact TARGET ADDRESS PORT STATUS STARTED SHAKEN FILES
tls_fact() {
	# shellcheck disable=SC2016
	to_json '
	function fits(pattern, name,   rest) {
		pattern = tolower(pattern)
		if (pattern == name)
			return 1
		if (substr(pattern, 1, 2) != "*.")
			return 0
		rest = name
		sub(/^[^.]*/, "", rest)
		return rest == substr(pattern, 2) && rest != name
	}
	function rfc3339(text,   part, month) { # "notAfter=Jan  2 03:04:05 2027 GMT"
		split(substr(text, index(text, "=") + 1), part, " +")
		month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", part[1]) + 2) / 3
		return sprintf("%04d-%02d-%02dT%sZ", part[4], month, part[2], part[3])
	}
	function from(text) { # behind the first =
		text = substr(text, index(text, "=") + 1)
		sub(/^ +/, "", text)
		return text
	}
	FILENAME == (at ".certs") {
		if (/^subject=/) { subject = from($0); n_san = 0; fingerprint = "" }
		else if (/^issuer=/) issuer = from($0)
		else if (/^notBefore=/) not_before = rfc3339($0)
		else if (/^notAfter=/) not_after = rfc3339($0)
		else if (/^[sS][hH][aA]256 Fingerprint=/) {
			fingerprint = tolower(from($0))
			gsub(/:/, "", fingerprint)
		} else if (/X509v3 Subject Alternative Name/) names_next = 1
		else if (names_next) {
			names_next = 0
			count = split($0, some, / *, */)
			for (i = 1; i <= count && n_san < 100; i++) {
				sub(/^ +/, "", some[i])
				if (sub(/^DNS:/, "", some[i]) || sub(/^IP Address:/, "", some[i]))
					san[++n_san] = some[i]
			}
		} else if (/^end of certificate/ && fingerprint != "") {
			if (++n_certs == 1) {
				expired = not_after < today
				too_early = not_before > today
				for (i = 1; i <= n_san; i++)
					named = named || fits(san[i], target == "-" ? address : target)
				if (n_san == 0 && match(subject, /CN=[^,+]*/))
					named = fits(substr(subject, RSTART + 3, RLENGTH - 3), target)
			}
			chain = chain (n_certs > 1 ? "," : "") "{\"subject\":" quoted(subject) \
			    ",\"issuer\":" quoted(issuer) \
			    (n_san > 0 ? ",\"san\":" list(san, n_san) : "") \
			    ",\"not_before\":\"" not_before "\",\"not_after\":\"" not_after "\"" \
			    ",\"sha256\":\"" fingerprint "\"}"
		}
		next
	}
	FILENAME == (at ".trust") {
		if (FNR == 1) root = $1
		else if (FNR == 2) verify_text = $0
		next
	}
	/^New, / && /Cipher is/ {
		cipher = $NF
		version = $2
		sub(/,$/, "", version)
	}
	/^ *Protocol *: / { version = $NF }
	/SSL handshake has read [0-9]+ bytes/ { bytes_in = $5 }
	/^Client Certificate Types:|^Acceptable client certificate CA names/ { wants_cert = 1 }
	/SSL alert number [0-9]+|alert number [0-9]+/ {
		alert = $0
		sub(/.*alert number /, "", alert)
		alert = alert + 0
	}
	/^SSL_connect:.*read server hello/ { hello = 1 }
	/errno=|unexpected eof|reset by peer|[Bb]roken pipe/ { cut = $0 }
	/:error:/ && trouble == "" && !/unexpected eof/ {
		trouble = $0
		sub(/^[^:]*:error:[^:]*:[^:]*:[^:]*:/, "", trouble)
		sub(/:.*/, "", trouble)
	}
	/wrong version number|http request|packet length too long/ { trouble = "what answers is not TLS" }
	END {
		whole = n_certs > 0 && cipher != "" && cipher != "(NONE)"
		if (root == "none") fault[++n] = "untrusted"
		if (whole && !named) fault[++n] = "name-mismatch"
		if (whole && expired) fault[++n] = "expired"
		if (whole && too_early) fault[++n] = "not-yet-valid"
		if (verify_text == "" && expired) verify_text = "certificate has expired"
		if (whole) { is = n > 0 ? fault[1] : "ok"; error = n > 0 ? verify_text : "" }
		else if (ended == 124) is = "timeout"
		else if (alert != "" || trouble != "") { is = "failed"; error = trouble }
		else { is = "cut"; error = cut ~ /reset|errno=(104|54)/ ? "connection reset by peer" : "closed by the peer" }
		print "{\"probe\":\"tls\"" (target == "-" ? "" : ",\"target\":" quoted(target)) \
		    number("started_ms", started) number("took_ms", shaken - started) \
		    ",\"status\":\"" is "\"" (is == "cut" && error ~ /reset/ ? ",\"errno\":\"ECONNRESET\"" : "") \
		    member("error", error) ",\"address\":" quoted(address) number("port", port) \
		    (target == "-" ? "" : ",\"sni\":" quoted(target)) \
		    (whole ? member("version", version) member("cipher", cipher) : "") \
		    (chain != "" ? ",\"chain\":[" chain "]" : "") \
		    (whole && root != "none" ? member("root", root) : "") \
		    (n > 0 && whole ? ",\"faults\":" list(fault, n) : "") number("alert", alert) \
		    ",\"server_hello\":" (whole || hello ? "true" : "false") \
		    ",\"bytes_in\":" (bytes_in + 0) \
		    (wants_cert ? ",\"client_cert_requested\":true" : "") \
		    (n > 0 && whole ? member("verify_text", verify_text) : "") "}"
	}' target="$1" address="$2" port="$3" ended="$4" started="$5" shaken="$6" at="$7" \
		today="$today" "$7.certs" "$([ -f "$7.trust" ] && echo "$7.trust" || echo "$7.certs")" \
		"$7.out" "$7.err"
}

# Reads an answer over HTTP/1 and holds it against the service's marks.
# shellcheck disable=SC2016
http_awk='
function met(i,   name) {
	if (code_of[i] != 0 && code_of[i] != code)
		return 0
	if (header_of[i] != "-") {
		for (name = 1; name <= n_fields; name++)
			if (field[name] == header_of[i] &&
			    (value_of[i] == "-" || index(tolower(content[name]), tolower(value_of[i]))))
				return 1
		return 0
	}
	if (value_of[i] != "-")
		return index(tolower(body), tolower(value_of[i])) > 0
	return code_of[i] != 0
}
function kept(name,   i) {
	if (name ~ /^(x-ms-|access-control-)/ || name ~ /^(www-authenticate|location|via)$/)
		return 1
	for (i = 1; i <= n_marks; i++)
		if (header_of[i] == name)
			return 1
	return 0
}
function headers(   i, k, out, one, many) {
	for (i = 1; i <= n_fields; i++) {
		if (!kept(field[i]) || told[field[i]]++)
			continue
		one = ""
		many = 0
		for (k = i; k <= n_fields; k++)
			if (field[k] == field[i])
				one = one (many++ ? "," : "") quoted(substr(content[k], 1, 1024))
		out = out (out == "" ? "" : ",") quoted(field[i]) ":" (many > 1 ? "[" one "]" : one)
	}
	return out == "" ? "" : ",\"headers\":{" out "}"
}
FILENAME == data {
	split($0, part, "\t")
	if (part[1] == "marker" && part[2] == service) {
		is_mark[++n_marks] = part[3]
		header_of[n_marks] = part[4]
		value_of[n_marks] = part[5]
		code_of[n_marks] = part[6] + 0
		words_of[n_marks] = part[7]
		n_service += part[3] == "service"
	}
	next
}
FILENAME == messages {
	if (/alert number 116/) wants_cert = 1
	if (/reset by peer|errno=(104|54)/) reset = 1
	next
}
state == "" { # RFC 9112, 4
	any = any substr($0, 1, 8)
	if ($0 !~ /^HTTP\/1\.[0-9] [0-9][0-9][0-9]/) {
		state = "none"
		next
	}
	status_code = substr($0, 10, 3) + 0
	state = "head"
	n_fields = 0
	next
}
state == "head" {
	sub(/\r$/, "")
	if ($0 == "") {
		state = status_code < 200 && status_code != 101 ? "" : "body"
		if (state == "body")
			code = status_code
		next
	}
	colon = index($0, ":")
	if (colon < 2 || /^[ \t]/)
		next
	field[++n_fields] = tolower(substr($0, 1, colon - 1))
	content[n_fields] = substr($0, colon + 1)
	gsub(/^[ \t]+|[ \t]+$/, "", content[n_fields])
	if (field[n_fields] == "server" && server == "") server = substr(content[n_fields], 1, 128)
	if (field[n_fields] == "date" && date == "") date = substr(content[n_fields], 1, 128)
	next
}
state == "body" && length(body) < 4096 { body = body (body == "" ? "" : "\n") $0 }
END {
	if (code != "") {
		is = "answer"
		is_service = n_service == 0
		for (i = 1; i <= n_marks; i++) {
			if (is_mark[i] == "service" && !is_service)
				is_service = met(i)
			if (is_mark[i] == "denial" && denial == "" && met(i))
				denial = words_of[i]
		}
	} else if (any != "" && state == "none") {
		is = "failed"
		error = "the answer is not HTTP/1"
	} else if (wants_cert) {
		is = "client-cert-wanted"
		error = "the server asks for a client certificate"
	} else if (ended == 124)
		is = "timeout"
	else {
		is = "cut"
		error = reset ? "connection reset by peer" : "closed by the peer"
	}
	print "{\"probe\":\"http\"" (target == "-" ? "" : ",\"target\":" quoted(target)) \
	    number("started_ms", started) number("took_ms", after - started) \
	    ",\"status\":\"" is "\"" member("error", error) \
	    (address == "" ? "" : ",\"address\":" quoted(address)) number("port", port) \
	    ",\"url\":" quoted("https://" host path) member("proxy", proxy) \
	    ",\"connect_code\":" (connect_code + 0) ",\"code\":" (code + 0) \
	    member("server", server) member("date", date) headers() \
	    (is_service ? ",\"is_service\":true" : "") member("denial", denial) \
	    (is == "answer" && !is_service && denial == "" ? member("body", substr(body, 1, 256)) : "") "}"
}'

# http_fact TARGET ADDRESS PORT SERVICE METHOD PATH STATUS FILES
http_fact() {
	host=$1
	[ "$host" != - ] || host=$(bracketed "$2")
	to_json "$http_awk" target="$1" address="$2" port="$3" service="$4" \
		host="$host" path="$6" ended="$7" started="$started" after="$(now)" \
		data="$work/data" messages="$8.http_err" \
		"$work/data" "$8.http_err" "$8.http"
}

# proxied TARGET SERVICE METHOD PATH PROXY: the same question through a proxy.
proxied() {
	started=$(now)
	at=$work/proxied.$number
	curl -sS -k --http1.1 -x "$5" --noproxy '' --max-time "$timeout_s" -X "$3" \
		-A "pldiag/$version" --suppress-connect-headers -i -o "$at.http" \
		-w '%{http_connect} %{remote_ip} %{remote_port}' "https://$1$4" \
		</dev/null >"$at.said" 2>"$at.http_err"
	status=$?
	[ "$status" -ne 28 ] || status=124
	[ -f "$at.http" ] || : >"$at.http"
	read -r connect_code address port <"$at.said" || :
	[ "$status" -eq 124 ] || [ -s "$at.http" ] || status=1
	to_json "$http_awk" target="$1" address="${address:-}" port="${port#0}" service="$2" \
		host="$1" path="$4" ended="$status" started="$started" after="$(now)" \
		proxy="$(clean_proxy "$5")" connect_code="$connect_code" \
		data="$work/data" messages="$at.http_err" \
		"$work/data" "$at.http_err" "$at.http"
}

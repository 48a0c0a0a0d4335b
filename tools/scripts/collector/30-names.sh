# SPDX-License-Identifier: MIT
# --- names: what programs get, and what each name server says --------------------

# What getaddrinfo(3) gives: lines "addr A", "canon NAME", "fail WHY".
# shellcheck disable=SC2016
lookup_perl='use Socket qw(:all);
my ($e, @found) = getaddrinfo($ARGV[0], "",
	{ flags => AI_CANONNAME, socktype => SOCK_STREAM });
if ($e) {
	my $again = $e == EAI_AGAIN;
	my $none = $e == EAI_NONAME;
	for my $name (qw(EAI_NODATA EAI_ADDRFAMILY)) {
		my $code = eval { no strict "refs"; &$name() };
		$none = 1 if defined $code && $e == $code;
	}
	printf "fail %s\nwords %s\n", $none ? "none" : $again ? "again" : "other", $e;
	exit 0;
}
for my $one (@found) {
	my (undef, $text) = getnameinfo($one->{addr}, NI_NUMERICHOST, NIx_NOSERV);
	print "addr $text\n";
	print "canon $one->{canonname}\n" if defined $one->{canonname};
}'

if have perl && perl -e 'use Socket qw(:all); getaddrinfo("127.0.0.1", ""); EAI_AGAIN; NIx_NOSERV' 2>/dev/null; then
	lookup() {
		limited "$system_timeout_s" perl -e "$lookup_perl" "$1"
	}
elif have dscacheutil; then
	lookup() {
		limited "$system_timeout_s" dscacheutil -q host -a name "$1" |
			sed -n 's/^ip_address: /addr /p; s/^ipv6_address: /addr /p; s/^name: /canon /p'
	}
elif have getent; then
	lookup() {
		limited "$system_timeout_s" getent ahosts "$1" |
			awk '{ print "addr " $1 } NF > 2 { print "canon " $3 }'
	}
else
	lookup() {
		echo "fail unasked"
	}
	incomplete 'nothing here asks for names as programs do'
fi

# system NAME: one fact.
system() {
	started=$(now)
	lookup "$1" >"$work/system.$number"
	status=$?
	# shellcheck disable=SC2016
	to_json '
	$1 == "addr" && !seen[$2]++ { address[++n] = $2 }
	$1 == "canon" && canonical == "" { canonical = plain($2) }
	$1 == "fail" { why = $2 }
	$1 == "words" { words = substr($0, 7) }
	END {
		took = after - started
		# The resolver waits for a server for a second or more: an
		# "again" that comes sooner was an answer.
		is = n > 0 ? "answer" : ended == 124 ? "timeout" : \
		    why == "none" ? "none" : why == "unasked" ? "not-run" : \
		    why == "again" && took >= 900 ? "timeout" : "failed"
		if (n == 0 && words == "")
			words = why == "unasked" ? "nothing here can ask" : \
			    is == "timeout" ? "" : "no address; the reason is not told"
		print "{\"probe\":\"system-dns\",\"target\":" quoted(target) \
		    number("started_ms", started) number("took_ms", took) \
		    ",\"status\":\"" is "\"" (n > 0 ? "" : member("error", words)) \
		    ",\"name\":" quoted(target) \
		    (n > 0 ? ",\"addresses\":" list(address, n) : "") \
		    (n > 0 ? member("canonical", canonical) : "") "}"
	}' target="$1" started="$started" after="$(now)" ended="$status" "$work/system.$number"
	sed -n "s/^addr /$1 /p" "$work/system.$number" >"$work/answers/s$number"
}

# --- one question to one name server ----------------------------------------------
# ask_with ADDRESS PORT NAME TYPE udp|tcp: what the tool prints.
if have dig; then
	ask_with() {
		set -- "$@" "+$5"
		[ "$5" = tcp ] || set -- "$1" "$2" "$3" "$4" "$5" "+notcp"
		limited $((dns_timeout_s + 2)) dig "@$1" -p "$2" -q "$3" -t "$4" \
			"$6" +ignore +tries=1 "+time=$dns_timeout_s" +noall +comments \
			+answer +authority +stats 2>&1
	}
elif have host; then
	ask_with() {
		case $2$5 in
		53udp) set -- "$1" "$3" "$4" '' ;;
		53tcp) set -- "$1" "$3" "$4" -T ;;
		*) return 1 ;;
		esac
		# shellcheck disable=SC2086 # -T or nothing
		limited $((dns_timeout_s + 2)) host -v -R 1 -W "$dns_timeout_s" \
			$4 -t "$3" "$2." "$1" 2>&1
	}
elif have nslookup; then
	ask_with() {
		[ "$2$5" = 53udp ] || return 1
		limited $((dns_timeout_s + 2)) nslookup "-type=$4" \
			"-timeout=$dns_timeout_s" -retry=1 "$3." "$1" 2>&1
	}
else
	ask_with() {
		return 1
	}
	incomplete 'there is no dig, host or nslookup here'
fi

# Reads what dig, host -v or nslookup print.
# shellcheck disable=SC2016
reply_awk='
function follow(   moved, i) {
	do {
		moved = 0
		for (i = 1; i <= n_records; i++)
			if (kind[i] == "CNAME" && owner[i] == at && !used[i]++) {
				chain = chain record(i)
				at = plain(value[i])
				moved = 1
				break
			}
	} while (moved)
}
function record(i) {
	return (chain == "" ? "" : ",") "{\"name\":" quoted(owner[i]) \
	    ",\"type\":\"" kind[i] "\"" number("ttl", ttl[i]) \
	    ",\"value\":" quoted(kind[i] == "CNAME" ? plain(value[i]) : value[i]) "}"
}
function add(name, seconds, what, is) {
	owner[++n_records] = plain(name)
	ttl[n_records] = seconds
	kind[n_records] = what
	value[n_records] = is
}
function rcode_number(word) {
	return word == "NOERROR" ? 0 : word == "FORMERR" ? 1 : \
	    word == "SERVFAIL" ? 2 : word == "NXDOMAIN" ? 3 : \
	    word == "NOTIMP" ? 4 : word == "REFUSED" ? 5 : word == "YXDOMAIN" ? 6 : \
	    word == "NOTAUTH" ? 9 : word ~ /^(RESERVED|RCODE)?[0-9]+$/ ? word + 0 : 8
}
BEGIN { rcode = "" }
{ sub(/\r$/, "") }
# dig and host
/^;; ->>HEADER<<-/ {
	rcode = $0
	sub(/.*status: /, "", rcode)
	sub(/,.*/, "", rcode)
	received = 1
	part = ""
}
/^;; flags:/ {
	flags = substr($0, 10)
	sub(/;.*/, "", flags)
	truncated = flags ~ / tc( |$)/
	aa = flags ~ / aa( |$)/
	ad = flags ~ / ad( |$)/
}
/^; EDNS: version/ { edns = 1 }
/^; EDE: / { ede = $3 + 0 }
/^;; ANSWER SECTION/ { part = "answer"; next }
/^;; AUTHORITY SECTION/ { part = "authority"; next }
/^;; (ADDITIONAL|QUESTION) SECTION/ { part = ""; next }
/^;; Query time: / { query_ms = $4 }
/^$/ { part = "" }
/^[^;]/ && part != "" && NF >= 5 && $3 == "IN" {
	if ($4 == "SOA" && NF >= 11 && (part == "authority" || plain($1) == plain(name))) {
		soa = ",\"soa\":{\"owner\":" quoted(plain($1)) ",\"mname\":" \
		    quoted(plain($5)) ",\"rname\":" quoted(plain($6)) \
		    number("minimum", $11) number("ttl", $2) "}"
		soa_part = part
	} else if (part == "answer" && ($4 == "CNAME" || $4 == type))
		add($1, $2, $4, $5)
}
/communications error|connection refused|unreachable|no servers could be reached|timed out/ {
	if (trouble == "" && received == "")
		trouble = $0
}
/malformed|bad packet|mismatch|parser reports|short \(/ { garbage = $0 }
# nslookup, of BIND and of busybox
/^Name:/ { of = $2; next }
/^Address( [0-9]+)?: / && of != "" {
	add(of, "", type, $NF)
	rcode = "NOERROR"
	received = 1
}
/[ \t]canonical name = / {
	add($1, "", "CNAME", $NF)
	rcode = "NOERROR"
	received = 1
}
/has AAAA address/ && NF == 5 { add($1, "", "AAAA", $5); rcode = "NOERROR"; received = 1 }
/^\*\* server can.t find / { rcode = $NF; received = 1 }
/^\*\*\* Can.t find .*: No answer/ { rcode = "NOERROR"; received = 1 }
/^\torigin = / { soa_owner = before; soa_mname = $3; rcode = "NOERROR"; received = 1 }
/^\tmail addr = / { soa_rname = $4 }
/^\tminimum = / {
	soa = ",\"soa\":{\"owner\":" quoted(plain(soa_owner)) ",\"mname\":" \
	    quoted(plain(soa_mname)) ",\"rname\":" quoted(plain(soa_rname)) \
	    number("minimum", $3) "}"
	soa_part = plain(soa_owner) == plain(name) ? "answer" : "authority"
}
/^[^\t ]/ { before = $1 }
END {
	at = plain(name)
	follow()
	for (i = 1; i <= n_records; i++)
		if (kind[i] == type && owner[i] == at) {
			chain = chain record(i)
			address[++n] = value[i]
			if (target != "-")
				print target " " value[i] >answers
		}
	for (i = 1; i <= n_records; i++)
		if (kind[i] == "CNAME")
			print "chain " plain(value[i]) >answers
	found = n > 0 || type == "SOA" && soa_part == "answer"
	errno = ""
	if (unasked)
		is = "not-run"
	else if (received && !(garbage != "" && n == 0 && soa == "")) {
		is = rcode == "NOERROR" ? (found ? "answer" : "nodata") : \
		    rcode == "NXDOMAIN" ? "nxdomain" : rcode == "SERVFAIL" ? "servfail" : \
		    rcode == "REFUSED" ? "refused" : "rcode-other"
		if (truncated && transport == "udp")
			is = "truncated"
	} else if (garbage != "")
		is = "malformed"
	else {
		errno = errno_of(trouble)
		is = errno == "ECONNREFUSED" ? "port-closed" : \
		    errno ~ /UNREACH|EACCES|EPERM/ ? "unreachable" : \
		    errno == "ETIMEDOUT" || trouble != "" || ended == 124 ? "timeout" : "not-run"
		if (is == "timeout")
			errno = ""
	}
	error = is == "not-run" ? (unasked ? "nothing here can ask" : "no answer that could be read") : \
	    is == "malformed" ? garbage : errno != "" ? trouble : ""
	print "{\"probe\":\"dns\"" (target == "-" ? "" : ",\"target\":" quoted(target)) \
	    number("started_ms", started) \
	    number("took_ms", query_ms != "" ? query_ms : after - started) \
	    ",\"status\":\"" is "\"" member("errno", errno) member("error", error) \
	    ",\"view\":" quoted(view) ",\"name\":" quoted(plain(name)) \
	    ",\"type\":\"" type "\",\"transport\":\"" transport "\"" \
	    (received ? number("rcode", rcode_number(rcode)) : "") number("ede", ede) \
	    (chain != "" ? ",\"chain\":[" chain "]" : "") \
	    (n > 0 ? ",\"addresses\":" list(address, n) : "") soa \
	    ",\"sends\":" (unasked ? 0 : 1) ",\"received\":" (received || garbage != "" ? 1 : 0) \
	    (edns ? ",\"edns\":true" : "") (ad ? ",\"ad\":true" : "") \
	    (aa ? ",\"aa\":true" : "") "}"
}'

# question SERVER NAME TYPE TARGET|- [TRANSPORT]: one fact; a truncated answer is
# asked for again over TCP.
question() {
	transport=${5:-udp}
	address=${1%:*}
	address=${address#\[}
	address=${address%\]}
	started=$(now)
	unasked=
	ask_with "$address" "${1##*:}" "$2" "$3" "$transport" >"$work/reply.$number"
	status=$?
	[ -s "$work/reply.$number" ] || [ "$status" -eq 124 ] || unasked=1
	to_json "$reply_awk" view="$1" name="$2" type="$3" target="$4" \
		transport="$transport" started="$started" after="$(now)" \
		ended="$status" unasked="$unasked" \
		answers="$work/answers/d$number.$3" \
		"$work/reply.$number" >"$work/fact.$number"
	cat "$work/fact.$number"
	if [ "$transport" = udp ] &&
		grep -q '"status":"truncated"' "$work/fact.$number"; then
		question "$1" "$2" "$3" "$4" tcp
	fi
}

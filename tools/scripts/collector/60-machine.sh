# SPDX-License-Identifier: MIT
# --- what this machine says of itself ------------------------------------------------
# Each part_* function prints members of the machine document: ,"key":value
# Name servers also go to $work/servers, ADDR:PORT one a line, and tunnels to
# $work/tunnels.

# ",KEY:TEXT" of a file, as it is.
text_member() {
	# shellcheck disable=SC2016
	to_json '{ text = text $0 "\n" } END { printf "%s", member(key, text) }' key="$1" "$2"
}

# ADDR or [ADDR]:PORT or ADDR:PORT as a view, for the last awk programs.
# shellcheck disable=SC2016
place_awk='
function place(address, port) {
	return (address ~ /:/ ? "[" address "]" : address) ":" (port == "" ? 53 : port)
}
# Names are the fallback: VPN clients with drivers of their own.
function named_tunnel(name) {
	return name ~ /^(tun|tap|ppp|wg|utun|ipsec|vpn|gpd|cscotun|zt|tailscale|nordlynx|proton|xfrm|vti|azvpn|wt0|CloudflareWARP|nebula|fctvpn|snx)/
}
function of_container(name) {
	return name ~ /^(docker|veth|cni|flannel|virbr|vnet|cali|cilium|lxc|lxdbr|podman|tunl0|vxlan.calico|kube-|nodelocaldns|weave|crc|incusbr|nerdctl|kind-|br-[0-9a-f]{12}$)/
}
function server(at, interface, source, order, behind, domains, default_route,   n, some) {
	print at >servers
	n = split(domains, some, " ")
	return (any_server++ ? "," : "") "{\"at\":" quoted(at) member("interface", interface) \
	    member("source", source) number("order", order) \
	    (at ~ /^(127\.|\[::1\])/ ? ",\"stub\":true" : "") (behind ? ",\"behind_stub\":true" : "") \
	    (n > 0 ? ",\"domains\":" list(some, n) : "") \
	    (default_route ? ",\"default_route\":true" : "") "}"
}
'

# Lines of the hosts file that are about our names; the others become empty, so
# that numbers of lines hold.
hosts_text() {
	[ -r /etc/hosts ] || return 0
	# shellcheck disable=SC2016
	awk -F '\t' '
	FILENAME == data {
		if ($1 == "target" && $2 != "-") {
			name[++n] = tolower($2)
			label = tolower($2)
			sub(/\..*/, "", label)
			if ($9 != "public" && length(label) > 4)
				name[++n] = label "."
		}
		next
	}
	{
		line = tolower($0)
		for (i = 1; i <= n; i++)
			if (index(line, name[i])) {
				for (; empty > 0; empty--)
					print ""
				print
				next
			}
		empty++
	}' data="$work/data" "$work/data" /etc/hosts
}

part_texts() {
	hosts_text >"$work/hosts.text"
	printf ',"texts":{"of":"/etc"'
	[ ! -s "$work/hosts.text" ] || text_member hosts "$work/hosts.text"
	if [ -r /etc/resolv.conf ] && [ "$platform" = linux ]; then
		sed -n '/^[ 	]*\(nameserver\|search\|domain\|options\)[ 	]/p' \
			/etc/resolv.conf >"$work/resolv.text"
		text_member resolv_conf "$work/resolv.text"
		# shellcheck disable=SC2016
		to_json "$place_awk"'$1 == "nameserver" && NF > 1 { print place($2) }' \
			"$work/resolv.text" >>"$work/servers"
	fi
	if [ -r /etc/nsswitch.conf ] && [ "$platform" = linux ]; then
		grep '^hosts:' /etc/nsswitch.conf >"$work/nsswitch.text"
		text_member nsswitch "$work/nsswitch.text"
	fi
	printf '}'
}

# --- name servers that systemd-resolved asks -------------------------------------------
# Lines: link, servers, domains, yes|no|-; with tabs between.
resolved_links() {
	if have resolvectl && resolvectl dns >"$work/resolved.dns" 2>/dev/null; then
		{
			sed 's/^/dns /' "$work/resolved.dns"
			resolvectl domain | sed 's/^/domain /'
			resolvectl default-route | sed 's/^/default /'
		} 2>/dev/null | awk '
		{
			what = $1
			link = $2 == "Global:" ? "-" : $4
			gsub(/[():]/, "", link)
			rest = $0
			sub(/^[a-z]+ (Global:|Link [0-9]+ \([^)]*\):) */, "", rest)
			if (!(link in seen)) {
				seen[link] = 1
				order[++n] = link
			}
			told[what, link] = rest
		}
		END {
			for (i = 1; i <= n; i++)
				if (told["dns", order[i]] != "")
					print order[i] "\t" told["dns", order[i]] "\t" told["domain", order[i]] "\t" \
					    (told["default", order[i]] == "" ? "-" : told["default", order[i]])
		}'
		return
	fi
	for file in /run/systemd/resolve/netif/* /run/systemd/netif/links/*; do
		[ -r "$file" ] || continue
		link=$(ip -o link show 2>/dev/null | awk -F ': ' -v index_of="${file##*/}" \
			'$1 == index_of { sub(/@.*/, "", $2); print $2 }')
		awk -F = -v link="${link:-if${file##*/}}" '
		$1 == "SERVERS" || $1 == "DNS" { servers = $2 }
		$1 == "DOMAINS" { domains = domains " " $2 }
		$1 == "ROUTE_DOMAINS" { count = split($2, some, " "); for (i = 1; i <= count; i++) domains = domains " ~" some[i] }
		$1 == "DEFAULT_ROUTE" || $1 == "DNS_DEFAULT_ROUTE" { default_route = $2 }
		END { if (servers != "") print link "\t" servers "\t" domains "\t" (default_route == "" ? "-" : default_route) }' "$file"
	done
}

part_servers() {
	printf ',"servers":['
	if [ -d /run/systemd/resolve ] && {
		grep -q '^127\.0\.0\.5[34]:' "$work/servers" || grep -q 'resolve' "$work/nsswitch.text" 2>/dev/null
	}; then
		resolved_links >"$work/links"
		cat /run/systemd/resolve/resolv.conf >"$work/uplinks" 2>/dev/null
		# shellcheck disable=SC2016
		to_json "$place_awk"'
		FILENAME == links {
			split($0, part, "\t")
			link = part[1] == "-" ? "" : part[1]
			count = split(part[2], some, " ")
			n = split(part[3], domain, " ")
			all = ""
			route_only = 0
			for (i = 1; i <= n; i++) {
				if (sub(/^~/, "", domain[i]))
					route_only = 1
				all = all " " (domain[i] == "." || domain[i] == "" ? "." : plain(domain[i]))
			}
			default_route = part[4] == "-" ? !route_only : part[4] ~ /^(yes|true|1|on)$/
			for (i = 1; i <= count; i++) {
				address = some[i]
				sub(/#.*/, "", address)
				if (address ~ /^\[/) { at = address; if (at !~ /\]:[0-9]+$/) at = at ":53" }
				else if (address ~ /^[0-9.]+:[0-9]+$/) at = address
				else at = place(address ~ /^fe80:/ && address !~ /%/ ? address "%" link : address)
				known[at] = 1
				printf "%s", server(at, link, "systemd-resolved", i - 1, 1, all, default_route)
			}
			next
		}
		$1 == "nameserver" && !(place($2) in known) {
			printf "%s", server(place($2), "", "systemd-resolved", rest++, 1, "", 1)
		}' servers="$work/servers.more" links="$work/links" "$work/links" "$work/uplinks"
		cat "$work/servers.more" >>"$work/servers" 2>/dev/null
	fi
	printf ']'
}

# --- addresses and routes ---------------------------------------------------------------
part_network() {
	ip -o -d link show >"$work/ip.link" 2>/dev/null
	ip -o addr show >"$work/ip.addr" 2>/dev/null
	# shellcheck disable=SC2016
	to_json "$place_awk"'
	FILENAME == link_file {
		name = $2
		sub(/:$/, "", name)
		sub(/@.*/, "", name)
		order[++n] = name
		flags[name] = $3
		if (match($0, / mtu [0-9]+/))
			mtu[name] = substr($0, RSTART + 5, RLENGTH - 5)
		tunnel[name] = $0 !~ / master / && !of_container(name) && $3 !~ /LOOPBACK/ && \
		    ($0 ~ /link\/(none|ppp|ipip|sit|gre|tunnel6?|tunnel)/ || named_tunnel(name) || \
		    $0 ~ /\\ +(tun type|wireguard|ipip|sit|ip6tnl|gre|ip6gre|gretap|vti6?|xfrm|ppp|amt|ovpn|erspan) /)
		next
	}
	$3 == "inet" || $3 == "inet6" {
		own = $4
		prefix = $4
		if ($5 == "peer")
			prefix = $6
		sub(/\/.*/, "", own)
		address[$2] = address[$2] (address[$2] == "" ? "" : ",") "{\"address\":" quoted(own) \
		    ",\"prefix\":" quoted(prefix ~ /\// ? prefix : prefix ($3 == "inet" ? "/32" : "/128")) "}"
	}
	END {
		printf ",\"interfaces\":["
		for (i = 1; i <= n; i++) {
			name = order[i]
			printf "%s{\"name\":%s,\"up\":%s%s%s%s%s%s}", (i > 1 ? "," : ""), quoted(name), \
			    (flags[name] ~ /[<,]UP[,>]/ && flags[name] ~ /LOWER_UP/ ? "true" : "false"), \
			    (flags[name] ~ /LOOPBACK/ ? ",\"loopback\":true" : ""), \
			    (tunnel[name] ? ",\"tunnel\":true" : ""), (of_container(name) ? ",\"container\":true" : ""), \
			    number("mtu", mtu[name]), \
			    (address[name] == "" ? "" : ",\"addresses\":[" address[name] "]")
			if (tunnel[name])
				print name >tunnels
		}
		printf "]"
	}' link_file="$work/ip.link" tunnels="$work/tunnels" "$work/ip.link" "$work/ip.addr"
	{
		ip -o -4 route show
		ip -o -6 route show
	} 2>/dev/null | head -n 2000 >"$work/ip.route"
	# shellcheck disable=SC2016
	to_json '
	$1 ~ /^(unreachable|blackhole|prohibit|throw|broadcast|local|multicast)$/ { next }
	{
		six = six || $1 ~ /:/
		to = $1 == "default" ? (six || /via [0-9a-f]*:/ ? "::/0" : "0.0.0.0/0") : $1
		if (to !~ /\//)
			to = to (to ~ /:/ ? "/128" : "/32")
		gateway = device = metric = ""
		for (i = 2; i < NF; i++) {
			if ($i == "via" && gateway == "") gateway = $(i + 1) ~ /^inet6?$/ ? $(i + 2) : $(i + 1)
			if ($i == "dev" && device == "") device = $(i + 1)
			if ($i == "metric") metric = $(i + 1)
		}
		out = out (out == "" ? "" : ",") "{\"to\":" quoted(to) member("gateway", gateway) \
		    member("interface", device) number("metric", metric) "}"
	}
	END { printf ",\"routes\":[%s]", out }' "$work/ip.route"
}

# --- proxies -----------------------------------------------------------------------------
# clean_proxy URL: scheme, host and port; whatever may be a password is cut off.
clean_proxy() {
	printf '%s\n' "$1" | awk '{
		url = $0
		scheme = "http"
		if (match(url, /^[A-Za-z0-9+.-]+:\/\//)) {
			scheme = tolower(substr(url, 1, RLENGTH - 3))
			url = substr(url, RLENGTH + 1)
		}
		while ((at = index(url, "@")) > 0)
			url = substr(url, at + 1)
		sub(/[\/?#].*/, "", url)
		if (url ~ /^[A-Za-z0-9._:\[\]%-]+$/ && url !~ /^:/)
			print scheme "://" tolower(url)
		exit
	}'
}

# one_proxy SCHEME NAME VALUE
one_proxy() {
	[ -n "$3" ] || return 0
	url=$(clean_proxy "$3")
	[ -n "$url" ] || return 0
	case $3 in
	*@*) secret=',"has_credentials":true' ;;
	*) secret= ;;
	esac
	printf '%s{"scheme":"%s","url":"%s","source":"%s"%s}' "$comma" "$1" "$url" "$2" "$secret"
	comma=,
	printf '%s\t%s\n' "$1" "$url" >>"$work/proxies"
}

part_proxies() {
	comma=
	printf ',"proxies":['
	if [ -n "${https_proxy:-}" ]; then
		one_proxy https https_proxy "$https_proxy"
	else
		one_proxy https HTTPS_PROXY "${HTTPS_PROXY:-}"
	fi
	if [ -n "${http_proxy:-}" ]; then
		one_proxy http http_proxy "$http_proxy"
	else
		one_proxy http HTTP_PROXY "${HTTP_PROXY:-}"
	fi
	if [ -n "${all_proxy:-}" ]; then
		one_proxy all all_proxy "$all_proxy"
	else
		one_proxy all ALL_PROXY "${ALL_PROXY:-}"
	fi
	[ "$platform" != darwin ] || [ -s "$work/proxies" ] || darwin_proxies
	printf ']'
	printf '%s\n' "${no_proxy:-${NO_PROXY:-}}" "$more_no_proxy" | tr -s ', \t' '\n' |
		awk 'NF { entry = tolower($0); sub(/\.$/, "", entry); print entry }' >"$work/no_proxy"
	# shellcheck disable=SC2016
	to_json '{ some[++n] = $0 } END { if (n > 0) printf ",\"no_proxy\":%s", list(some, n) }' "$work/no_proxy"
}

# proxy_for NAME: the proxy that would carry it, or nothing.
proxy_for() {
	awk -F '\t' -v name="$1" '
	FILENAME == ARGV[1] {
		entry = $0
		sub(/:443$/, "", entry)
		sub(/^\*?\./, "", entry)
		if (entry == "*" || name == entry || entry != "" &&
		    substr(name, length(name) - length(entry)) == "." entry)
			past = 1
		next
	}
	$1 == "https" && https == "" { https = $2 }
	$1 == "all" && all == "" { all = $2 }
	END { if (!past) print (https != "" ? https : all) }' "$work/no_proxy" "$work/proxies"
}

# --- roots ---------------------------------------------------------------------------------
part_roots() {
	printf ',"roots":{"path":"%s"' "$roots_path"
	: >"$work/local.pem"
	for folder in /usr/local/share/ca-certificates /etc/pki/ca-trust/source/anchors \
		/usr/share/pki/ca-trust-source/anchors /etc/ca-certificates/trust-source/anchors \
		/etc/pki/trust/anchors; do
		[ ! -d "$folder" ] || find "$folder" -type f 2>/dev/null
	done | head -n 200 >"$work/local.files"
	comma=
	printf ',"local":['
	while IFS= read -r file; do
		openssl x509 -in "$file" -out "$work/one.pem" 2>/dev/null ||
			openssl x509 -inform DER -in "$file" -out "$work/one.pem" 2>/dev/null || continue
		cat "$work/one.pem" >>"$work/local.pem"
		hex=$(openssl x509 -in "$work/one.pem" -noout -fingerprint -sha256 |
			sed 's/.*=//' | tr -d ':' | tr 'ABCDEF' 'abcdef')
		printf '%s"%s"' "$comma" "$hex"
		comma=,
	done <"$work/local.files"
	printf ']}'
}

# Which options openssl verify has here: LibreSSL and old ones lack some.
learn_verify() {
	verify_options=
	only_bundle=
	for option in -no_check_time -partial_chain; do
		openssl verify $option -CAfile /dev/null /dev/null 2>&1 |
			grep -qi 'usage\|unknown option\|unrecognized' || verify_options="$verify_options $option"
	done
	for option in -no-CApath -no-CAstore; do
		openssl verify $option -CAfile /dev/null /dev/null 2>&1 |
			grep -qi 'usage\|unknown option\|unrecognized' || only_bundle="$only_bundle $option"
	done
}

learn_roots() {
	roots_path=
	for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem \
		/etc/pki/tls/certs/ca-bundle.crt /var/lib/ca-certificates/ca-bundle.pem \
		/etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
		[ ! -r "$file" ] || [ -n "$roots_path" ] || roots_path=$file
	done
}

# --- the machine as a whole -------------------------------------------------------------------
kind_of_container() {
	if [ -n "${KUBERNETES_SERVICE_HOST:-}" ] || [ -e /var/run/secrets/kubernetes.io ]; then
		echo kubernetes
	elif [ -e /run/.containerenv ]; then
		echo podman
	elif [ -e /.dockerenv ] || grep -qs '/docker' /proc/1/cgroup; then
		echo docker
	elif grep -qs '/lxc' /proc/1/cgroup || grep -qs lxc /run/systemd/container; then
		echo lxc
	elif grep -qs systemd-nspawn /run/systemd/container; then
		echo systemd-nspawn
	elif grep -qis microsoft /proc/sys/kernel/osrelease; then
		echo wsl
	fi
}

name_of_system() {
	if [ "$platform" = darwin ]; then
		echo "macOS $(sw_vers -productVersion 2>/dev/null)"
	else
		for file in /etc/os-release /usr/lib/os-release; do
			[ ! -r "$file" ] || {
				sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$file"
				return
			}
		done
	fi
}

is_synchronised() {
	if have timedatectl; then
		case $(timedatectl show -p NTPSynchronized --value 2>/dev/null) in
		yes) printf ',"synchronised":true' ;;
		no) printf ',"synchronised":false' ;;
		esac
	fi
}

# The whole document into $work/machine.
machine() {
	{
		printf '{"schema":"pldiag.machine/1"'
		{
			uname -n
			name_of_system
			kind_of_container
		} >"$work/who"
		# shellcheck disable=SC2016
		to_json '{ line[FNR] = $0 } END {
			printf "%s,\"platform\":\"%s\"%s%s", member("host", line[1]), platform, \
			    member("os", line[2]), member("container", line[3])
		}' platform="$platform" "$work/who"
		part_texts
		if [ "$platform" = darwin ]; then
			darwin_servers
			darwin_network
		else
			part_servers
			part_network
		fi
		part_proxies
		part_roots
		printf ',"clock":{"time":"%s"%s}}\n' "$today" "$(is_synchronised)"
	} >"$work/machine"
}

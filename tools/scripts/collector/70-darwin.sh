# SPDX-License-Identifier: MIT
# --- macOS: the same from scutil, ifconfig and netstat -------------------------------------
more_no_proxy=

# scutil --dns: the resolvers before "for scoped queries", which only programs
# that are bound to an interface use.  A resolver with a domain is asked for
# that domain and nothing else.
darwin_servers() {
	scutil --dns >"$work/scutil.dns" 2>/dev/null
	printf ',"servers":['
	# shellcheck disable=SC2016
	to_json "$place_awk"'
	function flush(   i, at) {
		for (i = 1; i <= n; i++) {
			if (multicast)
				continue
			at = address[i] ~ /\.[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/ ? address[i] : place(address[i], port)
			place_of = domain == "" ? order++ : i - 1
			printf "%s", server(at, interface, "scutil --dns", place_of, 0, domain, (domain == ""))
		}
		n = 0
		domain = port = interface = ""
		multicast = 0
	}
	/^DNS configuration \(for scoped/ { exit }
	/^resolver #/ { flush() }
	/^ *nameserver\[[0-9]+\] : / { address[++n] = $3 }
	/^ *domain +: / { domain = plain($3) }
	/^ *port +: / { port = $3 }
	/^ *options +: .*mdns/ { multicast = 1 }
	/^ *if_index +: / { interface = $4; gsub(/[()]/, "", interface) }
	END { flush() }' servers="$work/servers.more" "$work/scutil.dns"
	printf ']'
	cat "$work/servers.more" >>"$work/servers" 2>/dev/null
	# shellcheck disable=SC2016
	to_json '
	/^DNS configuration \(for scoped/ { exit }
	/^resolver #/ { resolver++ }
	/^ *search domain\[[0-9]+\] : / && resolver == 1 { some[++n] = plain($4) }
	END { if (n > 0) printf ",\"resolv\":{\"search\":%s}", list(some, n) }' "$work/scutil.dns"
}

darwin_network() {
	ifconfig -a >"$work/ifconfig" 2>/dev/null
	# shellcheck disable=SC2016
	to_json "$place_awk"'
	function bits(mask,   i, n, digit) { # 0xffffff00
		mask = tolower(substr(mask, 3))
		for (i = 1; i <= length(mask); i++) {
			digit = index("0123456789abcdef", substr(mask, i, 1)) - 1
			n += digit == 15 ? 4 : digit == 14 ? 3 : digit == 12 ? 2 : digit == 8 ? 1 : 0
		}
		return n + 0
	}
	function flush() {
		if (name == "")
			return
		printf "%s{\"name\":%s,\"up\":%s%s%s%s%s%s}", (any++ ? "," : ""), quoted(name), \
		    (flags ~ /[<,]UP[,>]/ && flags ~ /RUNNING/ && !inactive ? "true" : "false"), \
		    (flags ~ /LOOPBACK/ ? ",\"loopback\":true" : ""), \
		    (is_tunnel() ? ",\"tunnel\":true" : ""), \
		    (name ~ /^(bridge1[0-9][0-9]|vmenet|vmnet)/ ? ",\"container\":true" : ""), \
		    number("mtu", mtu), (address == "" ? "" : ",\"addresses\":[" address "]")
		if (is_tunnel())
			print name >tunnels
	}
	function is_tunnel() {
		return named_tunnel(name) || flags ~ /POINTOPOINT/ && flags !~ /LOOPBACK/ && name !~ /^(gif|stf)/
	}
	/^[^ \t]/ {
		flush()
		name = $1
		sub(/:$/, "", name)
		flags = $2
		mtu = $4
		address = ""
		inactive = 0
	}
	/^[ \t]+status: inactive/ { inactive = 1 }
	$1 == "inet" {
		for (i = 3; i < NF; i++)
			if ($i == "netmask") mask = bits($(i + 1))
		address = address (address == "" ? "" : ",") "{\"address\":" quoted($2) ",\"prefix\":" quoted($2 "/" mask) "}"
	}
	$1 == "inet6" {
		own = $2
		sub(/%.*/, "", own)
		for (i = 3; i < NF; i++)
			if ($i == "prefixlen") mask = $(i + 1)
		address = address (address == "" ? "" : ",") "{\"address\":" quoted(own) ",\"prefix\":" quoted(own "/" mask) "}"
	}
	BEGIN { printf ",\"interfaces\":[" }
	END { flush(); printf "]" }' tunnels="$work/tunnels" "$work/ifconfig"
	{
		netstat -rn -f inet
		netstat -rn -f inet6 | sed -n '/^default/p'
	} >"$work/netstat" 2>/dev/null
	# shellcheck disable=SC2016
	to_json '
	# "10.150/16": what is left out are zeros, and without a length it is that
	# of the octets there are.
	function prefix(to,   part, octet, n, i, length_of) {
		if (to == "default")
			return $2 ~ /:/ ? "::/0" : "0.0.0.0/0"
		split(to, part, "/")
		if (part[1] !~ /^[0-9.]+$/)
			return ""
		n = split(part[1], octet, ".")
		length_of = part[2] == "" ? 8 * n : part[2]
		for (i = n + 1; i <= 4; i++)
			part[1] = part[1] ".0"
		return part[1] "/" length_of
	}
	NF >= 4 && ($1 == "default" || $1 ~ /^[0-9]+[.\/0-9]*$/) {
		to = prefix($1)
		gateway = $2
		sub(/%.*/, "", gateway)
		if (gateway !~ /^[0-9.]+$/ && gateway !~ /:.*:/ || gateway ~ /^[0-9a-f]+(:[0-9a-f]+)+$/ && gateway !~ /::/)
			gateway = "" # link#6, or a hardware address
		if (to != "" && n++ < 2000)
			out = out (out == "" ? "" : ",") "{\"to\":" quoted(to) member("gateway", gateway) \
			    member("interface", $4) "}"
	}
	END { printf ",\"routes\":[%s]", out }' "$work/netstat"
}

darwin_proxies() {
	scutil --proxy >"$work/scutil.proxy" 2>/dev/null
	set -- "$(awk '
	$1 == "HTTPSEnable" { on = $3 }
	$1 == "HTTPSProxy" { host = $3 }
	$1 == "HTTPSPort" { port = $3 }
	END { if (on == 1 && host != "") print "http://" host (port == "" ? "" : ":" port) }' "$work/scutil.proxy")"
	one_proxy https 'scutil --proxy' "$1"
	more_no_proxy=$(awk '/ExceptionsList/ { on = 1; next } on && /}/ { exit } on { print $3 }' "$work/scutil.proxy" | tr '\n' ' ')
	! grep -q '^ *ProxyAutoConfigEnable : 1' "$work/scutil.proxy" ||
		incomplete 'a proxy script (PAC) decides here; what it says is not looked at'
}

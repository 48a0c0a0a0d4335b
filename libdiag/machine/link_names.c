/* SPDX-License-Identifier: MIT */
/* link_names.c - what the name of an interface says about it.
 *
 * Containers have no other mark: their bridges are plain bridges, and inside a
 * container the way out is a veth as well, so the kind of device says nothing.
 * For tunnels the kernel's kind comes first; names are the fallback for
 * drivers of their own (AnyConnect, GlobalProtect, ZeroTier, Tailscale).
 */
#include <string.h>

#include "base/text.h"
#include "machine/internal.h"

static bool starts_with_one_of(const char *name, const char *const *heads)
{
	for (; *heads != NULL; heads++)
		if (diag_text_starts(name, *heads))
			return true;
	return false;
}

/* "br-" and the first twelve hex digits of a Docker network's id. */
static bool is_docker_bridge(const char *name)
{
	if (!diag_text_starts(name, "br-"))
		return false;
	name += strlen("br-");
	return strlen(name) == 12 &&
	       strspn(name, "0123456789abcdef") == strlen(name);
}

bool machine_name_is_container(const char *name)
{
	static const char *const heads[] = {
		"docker", "veth",  "cni",	   "flannel", "virbr",
		"vnet",	  "cali",  "cilium",	   "lxc",     "lxdbr",
		"podman", "tunl0", "vxlan.calico", "kube-",   "nodelocaldns",
		"weave",  "crc",   "incusbr",	   "nerdctl", "kind-",
		NULL
	};

	return is_docker_bridge(name) || starts_with_one_of(name, heads);
}

bool machine_name_is_tunnel(const char *name)
{
	static const char *const heads[] = {
		"tun",	  "tap",       "ppp",
		"wg",	  "utun",      "ipsec",
		"vpn",	  "gpd",       "cscotun",
		"zt",	  "tailscale", "nordlynx",
		"proton", "xfrm",      "vti",
		"azvpn",  "wt0",       "CloudflareWARP",
		"nebula", "fctvpn",    "snx",
		NULL
	};

	return starts_with_one_of(name, heads);
}

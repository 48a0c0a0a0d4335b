#!/bin/sh
# SPDX-License-Identifier: MIT
#
# install.sh PACKAGE... - install Debian packages and start none of their
# services.  Run as root.  "a|b" means the first that the distribution has.
#
# invoke-rc.d(8) and deb-systemd-invoke ask /usr/sbin/policy-rc.d before they
# start anything; 101 means no.  Ours stands there only while apt works; what
# stood there before comes back, after ^C as well.
set -u

ci_folder=$(cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=.ci/packages.sh
. "$ci_folder/packages.sh"

policy=/usr/sbin/policy-rc.d
kept=$policy.pldiag-kept

put_policy() {
	if [ -e "$policy" ] && ! grep -q pldiag "$policy"; then
		mv "$policy" "$kept" || exit 1
	fi
	printf '#!/bin/sh\n# pldiag: no services while installing\nexit 101\n' \
		>"$policy" && chmod 755 "$policy"
}

# shellcheck disable=SC2317 # the trap calls it
restore_policy() {
	rm -f "$policy"
	if [ -e "$kept" ]; then
		mv "$kept" "$policy"
	fi
}

DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND

trap restore_policy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
put_policy || exit 1

log=$(mktemp)
if ! apt-get update >"$log" 2>&1; then
	tail -n 3 "$log" >&2
	echo "install.sh: apt-get update failed, trying all the same" >&2
fi
chosen=$(list_chosen "$*")
# shellcheck disable=SC2086 # a list of words
apt-get install -y --no-install-recommends \
	-o Dpkg::Options::=--force-confold $chosen >"$log" 2>&1
status=$?
if [ $status -ne 0 ]; then
	tail -n 15 "$log" >&2
	echo "install.sh: apt-get install $chosen failed" >&2
fi
rm -f "$log"
exit $status

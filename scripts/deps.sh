#!/bin/sh
# Finds what the tests need besides Go, and installs it through apt-get when run as root. Without a way to install it
# says what is missing and lets the tests skip what they cannot run; with CI=true that is an error.
set -eu

has() { command -v "$1" >/dev/null 2>&1; }

has_postgres() {
	if [ -n "${LOBBY_TEST_PG_BIN:-}" ]; then
		[ -x "$LOBBY_TEST_PG_BIN/initdb" ]
	else
		has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
	fi
}

has_node() {
	has npm && has node || return
	major=$(node --version)
	major=${major#v}
	[ "${major%%.*}" -ge 18 ]
}

has_pgbouncer() { has pgbouncer || [ -x /usr/sbin/pgbouncer ]; }

has_chromium() { has chromium || has chromium-browser || has google-chrome; }

# has_server looks where Debian puts servers, too, which is not in everybody's PATH.
has_server() { has "$1" || [ -x "/usr/sbin/$1" ]; }

# missing prints the Debian packages of what was not found.
missing() {
	has_postgres || echo postgresql
	has_pgbouncer || echo pgbouncer
	has_node || echo nodejs npm
	has_chromium || echo chromium
	has python3 || echo python3
	has ruby || echo ruby
	has_server nginx || echo nginx-light
	has_server caddy || echo caddy
	has_server haproxy || echo haproxy
	has promtool || echo prometheus
	has systemd-analyze || echo systemd
	[ -z "${LOBBY_SCREENSHOTS:-}" ] || has pngquant || echo pngquant
	[ "${LOBBY_TEST_DEEP:-}" = 1 ] || return 0
	has patroni || echo patroni
	has etcd || echo etcd-server
}

# install must not leave a server running: the tests start their own. A policy that is there already stays.
install() {
	settings=/etc/postgresql-common/createcluster.d
	policy=/usr/sbin/policy-rc.d
	mkdir -p "$settings"
	echo 'create_main_cluster = false' >"$settings/lobby-tests.conf"
	trap 'rm -f "$settings/lobby-tests.conf"' EXIT
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod 755 "$policy"
		trap 'rm -f "$settings/lobby-tests.conf" "$policy"' EXIT
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@"
}

packages=$(missing)
[ -n "$packages" ] || exit 0

if [ "$(id -u)" = 0 ] && has apt-get; then
	echo "The tests need what is not installed. Installing with apt-get:" $packages >&2
	# shellcheck disable=SC2086 # one word a package
	install $packages >&2 || true
	packages=$(missing)
	[ -n "$packages" ] || exit 0
fi

echo "Some tests need what is not installed. On Debian: apt-get install" $packages "(Node 18 or newer)" >&2
[ "${CI:-}" != true ]

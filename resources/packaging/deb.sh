#!/bin/sh
# SPDX-License-Identifier: MIT
# deb.sh [DIR]: builds tithe and tithe-cli for this system with dpkg-buildpackage, from a copy of what is committed, and
# puts them into DIR. The checkout is left as it is: dpkg wants debian/ at the top, which is in resources/packaging here.
set -eu
command -v dpkg-buildpackage >/dev/null || { echo "Packages for Debian and Ubuntu are built there, by dpkg-buildpackage." >&2; exit 1; }
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/tithe/packages}
case "$(realpath -m "$out")/" in "$root"/*) echo "Packages go outside the checkout, and $out is in it." >&2; exit 2 ;; esac
mkdir -p "$out"
out=$(cd "$out" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tithe"
if [ -e "$root/.git" ]; then
  [ -z "$(git -c safe.directory='*' -C "$root" status --porcelain)" ] || echo "What is not committed is left out." >&2
  git -c safe.directory='*' -C "$root" archive HEAD | tar x -C "$work/tithe"
else
  (cd "$root" && tar c --exclude './build*' .) | tar x -C "$work/tithe"
fi
cd "$work/tithe"
cp -R resources/packaging/debian debian

version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
[ "$(dpkg-parsechangelog -S Version)" = "$version" ] || {
  echo "resources/packaging/debian/changelog begins with $(dpkg-parsechangelog -S Version), and meson.build says $version." >&2
  exit 1
}
# The tests are ./dev test's, unless somebody says what dpkg is to do.
DEB_BUILD_OPTIONS=${DEB_BUILD_OPTIONS-nocheck} dpkg-buildpackage -us -uc -b >&2
for file in "$work"/*.deb "$work"/*.ddeb "$work"/*.buildinfo "$work"/*.changes; do
  [ ! -e "$file" ] || mv "$file" "$out"
done
cd "$out"
if command -v lintian >/dev/null 2>&1; then
  # It asks not to be run as root, and only looks at files here.
  lintian --fail-on error,warning --allow-root "tithe_${version}"_*.changes >&2
fi
echo "The packages are in $out:" >&2
ls "tithe_${version}"_*.deb "tithe-cli_${version}"_*.deb

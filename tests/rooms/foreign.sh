#!/bin/sh
# SPDX-License-Identifier: MIT
# ./dev check --foreign [arm64|s390x]: the core and the command line on machines that are not at hand. In a room they are built
# for arm64 and for s390x, which keeps the highest byte first, and what they do is emulated by qemu. Without the window.
set -eu
[ $# -le 1 ] || { echo "usage: ./dev check --foreign [arm64|s390x]" >&2; exit 2; }
case "${1:-}" in
  '') architectures="arm64 s390x" ;;
  arm64 | s390x) architectures=$1 ;;
  *) echo "'$1' is none of the architectures that are emulated: arm64 and s390x" >&2; exit 2 ;;
esac
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/room.sh"

suite=bookworm
tools="meson ninja-build pkg-config gettext locales libglib2.0-bin libglib2.0-dev-bin python3 shared-mime-info fonts-dejavu-core qemu-user-static"
libraries="libc6-dev libglib2.0-dev libpng-dev libjpeg-dev libopenblas-dev libdnnl-dev libsqlite3-dev libjson-glib-dev libzip-dev
  libarchive-dev libcairo2-dev libpango1.0-dev zlib1g-dev"

# The compiler's name for an architecture.
triplet () {
  case "$1" in
    arm64) echo aarch64-linux-gnu ;;
    s390x) echo s390x-linux-gnu ;;
  esac
}

install () {
  room_root sh -c 'apt-get update -q && apt-get install -y -q --no-install-recommends "$@"' sh "$@" >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; room_fail "Packages could not be installed, see above."; }
}

# For this machine, with which the others are to agree. Debian's header of oneDNN is another one for it than for them, and can't be
# there beside theirs.
build_here () {
  # shellcheck disable=SC2086
  install $tools gcc $libraries
  room_user sh -c 'meson setup here tithe -Dgui=disabled && ninja -C here app/tithe-cli' >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; room_fail "It can't be built for this machine, see above."; }
  room_root apt-get remove -y -q libdnnl-dev >"$log" 2>&1
}

# What an architecture's programs are built with. Some of its packages want to run a program of theirs when they are installed,
# can't, and say so; nothing here needs what that would have made.
furnish () {
  packages="gcc-$(triplet "$1" | tr _ -) libgomp1:$1"
  for library in $libraries; do packages="$packages $library:$1"; done
  room_root dpkg --add-architecture "$1"
  # shellcheck disable=SC2086
  install $packages
}

room_able $suite
log=$room_cache/foreign.log
[ -z "$(git -c safe.directory='*' -C "$(dirname "$0")" status --porcelain)" ] ||
  room_say "Changes that are not committed are not in the room: it gets a clone of HEAD."
room_make $suite
room_clone tithe
build_here
data=${TITHE_TEST_DATA:-$(dirname "$0")/../../../shared/data}
[ ! -d "$data/cifar10" ] || room_take "$data/cifar10" data
status=0
for architecture in $architectures; do
  furnish "$architecture"
  room_say "$architecture: building and testing, with what that says in $room_cache/foreign-$architecture.log"
  room_user sh tithe/tests/rooms/try-foreign.sh "$architecture" "$(triplet "$architecture")" >"$room/results" \
    2>"$room_cache/foreign-$architecture.log" || status=1
  cat "$room/results"
done
exit $status

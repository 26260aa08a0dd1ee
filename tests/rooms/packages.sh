#!/bin/sh
# SPDX-License-Identifier: MIT
# ./dev deb --check SUITE: builds the packages in a clean room, and in another one, where nothing is that was only needed for
# building, installs them, uses them, and removes them again.
set -eu
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/room.sh"
here=$(cd "$(dirname "$0")" && pwd)

case "${1:-}" in
  --build)
    room_able "$2"
    room_make "$2"
    room_clone tithe
    room_say "The packages are built as $2's, with what is said in $room_cache/$2-packages.log"
    # shellcheck disable=SC2016
    room_user ${DEB_BUILD_OPTIONS:+"DEB_BUILD_OPTIONS=$DEB_BUILD_OPTIONS"} sh -c 'cd tithe && ./dev deb /home/person/packages' \
      >"$room_cache/$2-packages.log" 2>&1 || { tail -n 30 "$room_cache/$2-packages.log" >&2; exit 1; }
    cp "$room"/home/person/packages/*.deb "$3" ;;
  --try)
    room_able "$2"
    room_make "$2"
    room_take "$3"/*.deb "$here/try-packages.sh" "$here/../ui/on-screen.sh" packages
    status=0
    room_root /packages/try-packages.sh 2>"$room_cache/$2-installing.log" || status=$?
    [ "$status" = 0 ] || room_say "What was said is in $room_cache/$2-installing.log"
    [ ! -e "$room/home/person/window.png" ] || cp "$room/home/person/window.png" "$room_cache/$2-window.png"
    exit "$status" ;;
  '' | -*) echo "usage: ./dev deb --check SUITE, as bookworm or trixie" >&2; exit 2 ;;
  *)
    packages=$(mktemp -d)
    status=0
    "$here/packages.sh" --build "$1" "$packages" && "$here/packages.sh" --try "$1" "$packages" || status=$?
    rm -rf "$packages"
    exit "$status" ;;
esac

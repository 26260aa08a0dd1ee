#!/bin/sh
# SPDX-License-Identifier: MIT
# ./dev test --on SUITE: the two commands of the README, on a machine that was just installed and has nothing but the clone, by
# somebody who is not root: without any locale, and in German, out of a folder with a space and an umlaut in its name.
set -eu
[ $# = 1 ] || { echo "usage: ./dev test --on SUITE, as bookworm or trixie" >&2; exit 2; }
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/room.sh"

# try NAME FOLDER [LOCALE]: clones, runs and tests, which is a line on standard output; sets $bad where anything is not as it should be.
try () {
  name=$room_suite-$1 folder=$2 language=${3:+LC_ALL=$3}
  log=$room_cache/$name.log
  room_say "$name: ./dev run and ./dev test, with what they say in $log"
  room_clone "$folder"
  # shellcheck disable=SC2016
  room_user ${language:+"$language"} sh -c 'rm -rf .cache/tithe; cd "$0" && ./dev run' "$folder" >"$log" 2>&1 ||
    { room_say "$name: ./dev run failed"; bad=1; }
  picture=$room/home/person/.cache/tithe/groups.png
  if [ "$(head -c 8 "$picture" 2>/dev/null | od -An -c | tr -d ' ')" = '211PNG\r\n032\n' ]; then
    drawn="a picture of $(wc -c <"$picture") bytes"
  else
    drawn="NO PICTURE"
    bad=1
  fi
  # shellcheck disable=SC2016
  room_user ${language:+"$language"} sh -c 'cd "$0" && ./dev test' "$folder" >"$room/counts" 2>>"$log" || bad=1
  counts=$(tail -n 1 "$room/counts")
  case "$counts" in [1-9]*' passed, 0 failed'*) ;; *) bad=1 ;; esac
  sed -n -e 's/^ok [0-9]* *-* *\(.*\) # SKIP \(.*\)/  left out: \1, because \2/p' -e 's/^1\.\.0 # SKIP/  left out:/p' \
    "$room/home/person/$folder/build/meson-logs/testlog.txt" 2>/dev/null | sort -u >&2
  # The X server's folder stays on any system.
  litter=$(find "$room/tmp" -mindepth 1 -maxdepth 1 ! -name .X11-unix -printf '%f ')
  [ -z "$litter" ] || bad=1
  echo "$name: $drawn, ${counts:-NO TESTS}${litter:+, LEFT IN /tmp: $litter}"
  [ -z "$bad" ] || grep -n -e '^not ok' -e FAIL -e ERROR -e '^E:' -e 'command not found' "$log" | head -n 40 >&2
}

bad=
room_able "$1" "./dev test --on $1"
[ -z "$(git --no-optional-locks -c safe.directory='*' -C "$(dirname "$0")" status --porcelain)" ] ||
  room_say "Changes that are not committed are not in the room: it gets a clone of HEAD."
room_make "$1"
try no-locale tithe
room_root sh -c 'apt-get install -y -q --no-install-recommends locales && echo "de_DE.UTF-8 UTF-8" >/etc/locale.gen && locale-gen' \
  >"$room_cache/$room_suite-locales.log" 2>&1 || room_fail "The German locale could not be made: see $room_cache/$room_suite-locales.log"
try german "Eigene Programme/Bildprüfer" de_DE.UTF-8
[ -z "$bad" ]

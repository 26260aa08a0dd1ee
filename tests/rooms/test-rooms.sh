#!/bin/sh
# SPDX-License-Identifier: MIT
# What of the clean rooms can be tried without making one (TAP): called with the tree's root.
set -u
cd "$1" || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
number=0

# check NAME: passes if the command before it did; what is in $scratch/said explains.
check () {
  result=$?
  number=$((number + 1))
  [ $result = 0 ] || printf 'not '
  printf 'ok %s - %s\n' "$number" "$1"
  [ $result = 0 ] || sed 's/^/# /' "$scratch/said"
  : >"$scratch/said"
}

skip () {
  number=$((number + 1))
  printf 'ok %s - %s # SKIP %s\n' "$number" "$1" "$2"
}

said () { grep -q -e "$1" "$scratch/said"; }

# A machine with a debootstrap that knows these suites, and with root (0) or somebody else (1000).
mkdir -p "$scratch/bin" "$scratch/debootstrap/scripts" "$scratch/cache" "$scratch/rooms"
for name in sid gutsy unrelated; do : >"$scratch/debootstrap/scripts/$name"; done
for name in bookworm trixie; do ln -s sid "$scratch/debootstrap/scripts/$name"; done
ln -s gutsy "$scratch/debootstrap/scripts/noble"
printf '#!/bin/sh\n' >"$scratch/bin/debootstrap"
printf '#!/bin/sh\necho "$PRETENDED"\n' >"$scratch/bin/id"
chmod +x "$scratch/bin/debootstrap" "$scratch/bin/id"

# as USER COMMAND: becomes a command there.
as () {
  PRETENDED=$1 PATH=$scratch/bin:$PATH DEBOOTSTRAP_DIR=$scratch/debootstrap XDG_CACHE_HOME=$scratch/cache TITHE_ROOMS=$scratch/rooms
  export PRETENDED PATH DEBOOTSTRAP_DIR XDG_CACHE_HOME TITHE_ROOMS
  shift
  exec "$@"
}

mirror () {
  (as 0 sh -c '. tests/rooms/room.sh; room_mirror "$@"' sh "$1" -o "Dir::Etc::sourcelist=$scratch/sources.list" -o "Dir::Etc::sourceparts=$scratch/parts" \
    -o "Dir::State::lists=$scratch/lists") >"$scratch/said" 2>&1
}

echo 1..11

set -- dev tests/*/*.sh resources/packaging/*.sh
well_formed () { for script; do sh -n "$script" 2>"$scratch/said" || return 1; done; }
well_formed "$@"
check scripts-are-well-formed

if command -v shellcheck >/dev/null; then
  shellcheck -x -S warning "$@" >"$scratch/said"
  check shellcheck-finds-nothing
else
  skip shellcheck-finds-nothing 'the package shellcheck is not installed'
fi

(as 0 tests/rooms/on.sh) >"$scratch/said" 2>&1
[ $? = 2 ] && said '^usage: ./dev test --on SUITE'
check a-suite-must-be-named

(as 1000 tests/rooms/on.sh trixie) >"$scratch/said" 2>&1
[ $? = 1 ] && said 'only root may' && said 'sudo ./dev test --on trixie'
check who-is-not-root-is-told-what-to-call

refused () {
  for suite; do
    (as 0 tests/rooms/on.sh "$suite") >"$scratch/said" 2>&1
    [ $? = 1 ] && said "no suite of Debian or Ubuntu that is named '$suite'" || return 1
  done
}
refused nosuch unrelated ../scripts/sid ''
check an-unknown-suite-is-refused

[ -z "$(ls "$scratch/rooms")" ]
check a-refusal-makes-no-room

if command -v apt-get >/dev/null; then
  mkdir "$scratch/parts" "$scratch/lists"
  cat >"$scratch/sources.list" <<END
#deb http://off.example/debian bookworm main
deb-src http://source.example/debian bookworm main
deb [trusted=yes] http://security.example/debian-security bookworm-security main
deb [arch=$(dpkg --print-architecture) trusted=yes] http://lines.example/debian/ bookworm main contrib
END
  mirror trixie && said '^http://lines.example/debian$'
  check the-mirror-is-read-from-lines

  : >"$scratch/sources.list"
  cat >"$scratch/parts/a.sources" <<END
Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb deb-src
URIs: https://paragraphs.example/ubuntu
Suites: noble
  noble-updates
Components: main universe
Trusted: yes
END
  mirror noble && said '^https://paragraphs.example/ubuntu$'
  check the-mirror-is-read-from-paragraphs

  echo http://list.example/ubuntu >"$scratch/mirrors"
  echo "deb [trusted=yes] mirror+file:$scratch/mirrors noble main" >"$scratch/sources.list"
  rm "$scratch/parts/a.sources"
  mirror noble && said '^http://list.example/ubuntu$'
  check the-mirror-is-read-from-a-list-of-mirrors

  # The machine is Ubuntu's, which has no Debian.
  mirror bookworm && said '^http://deb.debian.org/debian$'
  check another-distribution-has-its-public-mirror
else
  for name in lines paragraphs a-list-of-mirrors; do skip "the-mirror-is-read-from-$name" 'the package apt is not installed'; done
  skip another-distribution-has-its-public-mirror 'the package apt is not installed'
fi

# Its room is busy when the interrupt comes: a mount, and a process that holds a lock.
# shellcheck disable=SC2016
printf '#!/bin/sh
for argument; do case "$argument" in "$TITHE_ROOMS"/*) room=$argument ;; esac; done
mkdir "$room/mounted" && mount -t tmpfs busy "$room/mounted" && : >"$room/mounted/file" || exit
exec 8>"$XDG_CACHE_HOME/held" && flock 8
sleep 600 &
: >"$XDG_CACHE_HOME/ready"
wait\n' >"$scratch/bin/debootstrap"
interrupted () {
  for signal; do
    rm -f "$scratch/cache/ready"
    (as 0 env --default-signal=INT sh -c '. tests/rooms/room.sh; room_make trixie') >"$scratch/said" 2>&1 &
    job=$!
    for _ in $(seq 600); do
      [ -e "$scratch/cache/ready" ] && break
      sleep 0.1
    done
    ls "$scratch/rooms" >>"$scratch/said"
    said '^tithe-trixie' || return 1
    kill -s "$signal" $job
    wait $job
    echo "$? by $signal" >>"$scratch/said"
    said '^1[34][03] by' && [ -z "$(ls "$scratch/rooms")" ] && ! grep "$scratch" /proc/self/mounts >>"$scratch/said" &&
      flock -w 60 "$scratch/cache/held" true || return 1
  done
}
if [ "$(id -u)" = 0 ] && unshare --mount --pid --fork true 2>/dev/null; then
  interrupted INT TERM
  check an-interrupt-leaves-nothing-behind
else
  skip an-interrupt-leaves-nothing-behind 'only root may mount'
fi

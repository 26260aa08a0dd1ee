# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A clean room: a Debian of its own in a folder, in which something is tried as on a machine that was just installed.
# To be read (`. tests/rooms/room.sh`) by a script that is root's; then
#
#   room_able SUITE [CALL]          says why there can be no room, and ends the script; CALL is how it was called
#   room_make SUITE                 makes one; $room is its folder
#   room_root [NAME=VALUE] COMMAND  runs a command in it as root
#   room_user [NAME=VALUE] COMMAND  the same as the account "person", who may sudo, from /home/person
#   room_clone FOLDER               clones the commit that is checked out to /home/person/FOLDER
#   room_take FILE... FOLDER        copies files into the room's folder FOLDER, for everybody to read
#
# A command gets an empty environment but for what an account has, no input, and no locale. Each one has its own mounts and
# processes, which the kernel takes down with it, whatever its end: outside of it the room is a folder and nothing else. That
# is removed when the script ends, on an interrupt, too (TITHE_ROOM_KEEP=1 leaves it; TITHE_ROOMS is where it is made, if not
# in /var/tmp). The script may set no traps itself.

room_cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/tithe-rooms
room_place=${TITHE_ROOMS:-/var/tmp}
room=
room_job=

room_say () { printf '%s\n' "$*" >&2; }

room_fail () {
  room_say "$*"
  exit 1
}

# The distribution that a suite is of, as debootstrap knows it; fails for a suite that it doesn't know.
room_family () {
  scripts=${DEBOOTSTRAP_DIR:-/usr/share/debootstrap}/scripts
  case "$1" in '' | *[!a-z]*) return 1 ;; esac
  [ -e "$scripts/$1" ] || return 1
  case "$(readlink -f "$scripts/$1")" in
    */gutsy) echo ubuntu ;;
    */sid) echo debian ;;
    *) return 1 ;;
  esac
}

# What apt fetches the suite's distribution from on this machine, or else its public mirror. Arguments after the suite are
# options for apt.
room_mirror () {
  family=$(room_family "$1")
  shift
  apt-get update --print-uris "$@" 2>/dev/null | sed -n "s,^'\(.*\)/dists/\([^/]*\)/main/binary-.*,\2 \1,p" |
    while read -r suite url; do
      [ "$(room_family "$suite")" = "$family" ] || continue
      case "$url" in mirror+file:*) url=$(grep -m1 -o '^https*://[^[:space:]]*' "${url#mirror+file:}") ;; esac
      case "$url" in http://* | https://*) echo "${url%/}"; break ;; esac
    done | grep . && return
  case "$family" in
    ubuntu) echo http://archive.ubuntu.com/ubuntu ;;
    *) echo http://deb.debian.org/debian ;;
  esac
}

room_able () {
  [ "$(id -u)" = 0 ] || room_fail "A room for $1 is made of mounts and other people's files, which only root may do. Call: sudo ${2:-$0 $1}"
  command -v debootstrap >/dev/null || room_fail "A room is made by debootstrap, which is not installed: apt-get install debootstrap"
  room_family "$1" >/dev/null || room_fail "debootstrap knows no suite of Debian or Ubuntu that is named '$1'. Try bookworm or trixie."
  unshare --mount --pid --fork true 2>/dev/null ||
    room_fail "This system lets root make no mounts of its own (unshare fails), as in a container without privileges. Call it outside."
  [ "$(df -Pk "$room_place" | awk 'NR == 2 { print $4 }')" -gt 4194304 ] || room_fail "A room takes up to 4 GB, and $room_place has less than that free. TITHE_ROOMS names another folder."
}

# Runs a command with mounts and processes of its own. It is waited for in the background, because a shell hears an interrupt
# only after what runs in front of it; what it starts there would ignore interrupts, so that is undone.
room_apart () {
  setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private env --default-signal=INT,QUIT "$@" </dev/null &
  room_job=$!
  status=0
  wait "$room_job" || status=$?
  room_job=
  return $status
}

# Runs a command in the room as root. What is mounted is what programs rely on everywhere: /proc, the devices that are none,
# shared memory and terminals. There is no hardware, no /sys, and no process of outside.
room_enter () {
  # shellcheck disable=SC2016
  room_apart sh -c '
    set -e
    cd "$0"
    mount -t proc proc proc
    mount -t tmpfs -o mode=755 dev dev
    for name in null zero full random urandom tty; do
      : >"dev/$name"
      mount --bind "/dev/$name" "dev/$name"
    done
    mkdir dev/shm dev/pts
    mount -t tmpfs -o mode=1777 shm dev/shm
    mount -t devpts -o newinstance,mode=620,gid=5,ptmxmode=666 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    ln -s fd/0 dev/stdin
    ln -s fd/1 dev/stdout
    ln -s fd/2 dev/stderr
    # Not the last command: as the first process of the room, the shell takes in those whose parents have ended.
    chroot . "$@" || exit $?' "$room" "$@"
}

room_root () {
  room_enter env -i --chdir=/root HOME=/root USER=root LOGNAME=root SHELL=/bin/sh TERM=dumb DEBIAN_FRONTEND=noninteractive \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

room_user () {
  room_enter setpriv --reuid=person --regid=person --init-groups env -i --chdir=/home/person HOME=/home/person \
    USER=person LOGNAME=person SHELL=/bin/bash TERM=dumb PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games "$@"
}

# Packages that a room fetched are kept for the next one.
room_bring_packages () {
  for file in "$room_cache/$room_suite"/*.deb; do
    [ ! -f "$file" ] || cp "$file" "$room/var/cache/apt/archives/"
  done
}

room_keep_packages () {
  mkdir -p "$room_cache/$room_suite"
  for file in "$room/var/cache/apt/archives"/*.deb; do
    kept=$room_cache/$room_suite/${file##*/}
    [ ! -f "$file" ] || [ -f "$kept" ] || { cp "$file" "$kept.$$" && mv "$kept.$$" "$kept"; }
  done
}

room_close () {
  status=$?
  trap - EXIT
  trap '' INT TERM HUP
  set +e
  # The kernel ends everything in the room together with its first process, which is --kill-child's.
  [ -z "$room_job" ] || { kill -KILL "$room_job"; wait "$room_job"; } 2>/dev/null
  [ -d "$room" ] || exit $status
  room_keep_packages
  if [ -n "${TITHE_ROOM_KEEP:-}" ]; then
    room_say "The room is left in $room."
    exit $status
  fi
  # What was just ended may be writing its last.
  for _ in 1 2 3 4 5; do
    rm -rf --one-file-system "$room" 2>/dev/null && break
    sleep 1
  done
  [ ! -e "$room" ] || room_say "Could not remove all of $room."
  exit $status
}

room_make () {
  umask 022
  room_suite=$1
  mirror=$(room_mirror "$1")
  components=main
  [ "$(room_family "$1")" = debian ] || components=main,universe
  trap room_close EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  room=$(mktemp -d "$room_place/tithe-$1.XXXXXX")
  chmod 755 "$room"
  mkdir -p "$room_cache/$1"
  room_say "A room for $1, from $mirror, in $room"
  room_proxy=$(apt-config shell proxy Acquire::http::Proxy 2>/dev/null)
  room_proxy=$(eval "$room_proxy"; echo "${proxy:-${http_proxy:-}}")
  find "$room_cache" -name '*.deb*' -mtime +30 -delete
  # Two that make rooms of one suite at a time would get into each other's downloads.
  room_apart env LC_ALL=C ${room_proxy:+http_proxy="$room_proxy"} flock "$room_cache/$1.lock" \
    debootstrap --variant=minbase --include=ca-certificates --components=$components --cache-dir="$room_cache/$1" \
    "$1" "$room" "$mirror" >"$room/log" 2>&1 ||
    { tail -n 20 "$room/log" >&2; room_fail "debootstrap failed, see above."; }
  [ -z "$room_proxy" ] || echo "Acquire::http::Proxy \"$room_proxy\";" >"$room/etc/apt/apt.conf.d/80proxy"
  printf '127.0.0.1 localhost %s\n' "$(uname -n)" >"$room/etc/hosts"
  # Services that packages bring are not to start: there is nothing in the room that would look after them.
  printf '#!/bin/sh\nexit 101\n' >"$room/usr/sbin/policy-rc.d"
  chmod 755 "$room/usr/sbin/policy-rc.d"
  # What is removed at the end need not be safe from a power failure; waiting for the disk is half of an installation.
  echo force-unsafe-io >"$room/etc/dpkg/dpkg.cfg.d/unsafe-io"
  room_bring_packages
  room_root sh -c '
    apt-get update -q && apt-get install -y -q --no-install-recommends sudo git passwd &&
    useradd --create-home --shell /bin/bash person &&
    echo "person ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/person' >"$room/log" 2>&1 ||
    { tail -n 20 "$room/log" >&2; room_fail "The room could not be furnished, see above."; }
  rm "$room/log"
}

room_take () {
  for folder; do :; done
  mkdir -p "$room/$folder"
  while [ $# -gt 1 ]; do
    cp -r "$1" "$room/$folder/"
    shift
  done
  chmod -R a+rX "$room/$folder"
}

# By way of a bundle: no path of outside is in the clone, nor anything that was not committed.
room_clone () {
  checkout=$(cd "$(dirname "$0")" && git -c safe.directory='*' rev-parse --show-toplevel)
  git -c safe.directory='*' -C "$checkout" bundle create -q "$room/tmp/tithe.bundle" HEAD
  room_user git -c init.defaultBranch=main clone -q -c advice.detachedHead=false /tmp/tithe.bundle "$1"
  rm "$room/tmp/tithe.bundle"
}

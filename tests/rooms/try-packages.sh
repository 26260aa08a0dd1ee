#!/bin/sh
# SPDX-License-Identifier: MIT
# What somebody does who installs the packages, in a room with their files in /packages and an account "person"; it is
# root's. TAP on standard output, and what the commands say on the other.
set -u
number=0 bad=0

# is NAME COMMAND: a test of what a command ends with.
is () {
  name=$1
  shift
  number=$((number + 1))
  echo "# $number $name" >&2
  if "$@" >&2; then
    echo "ok $number - $name"
  else
    echo "not ok $number - $name"
    bad=1
  fi
}

as_person () { runuser -u person -- env -i --chdir=/home/person HOME=/home/person PATH=/usr/bin:/bin "$@"; }

get () { apt-get install -y -q --no-install-recommends "$@"; }

# What the files of packages depend on, but for each other.
get_needs () {
  for file; do dpkg-deb -f "$file" Depends; done | sed 's/tithe-cli ([^)]*)\(, \)*//' | while read -r needs; do
    apt-get satisfy -y -q --no-install-recommends "$needs"
  done
}

# Fails where a package is installed whose name holds one of the patterns.
without () {
  for pattern; do
    ! dpkg-query -W -f '${db:Status-Status} ${Package}\n' | grep "^installed [^ ]*$pattern" || return 1
  done
}

# All that is there, but for what is written about packages and what people and programs keep for themselves.
files () {
  find / -xdev \( -path /proc -o -path /dev -o -path /tmp -o -path /run -o -path /packages -o -path /home -o -path /root \
    -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/cache -o -path /var/log \) -prune -o -print | sort
}

leaves_nothing () {
  files >/tmp/after
  diff /tmp/before /tmp/after && ! grep -rls -e org.tithe -e x-tithe -e tithe-cli /etc /usr/share /var/lib/systemd
}

linked () {
  libraries=$(ldd /usr/bin/tithe-cli) && ! echo "$libraries" | grep -e 'not found' -e libgtk -e libadwaita
}

chain () {
  as_person sh -ec '
    tithe-cli --version
    tithe-cli demo demo --images 60
    tithe-cli embed demo --method quick -o demo.quick.npy
    tithe-cli cluster demo --embeddings demo.quick.npy -o demo.tithe
    tithe-cli subset demo.tithe --ratio 0.9 --format csv -o demo.csv
    head -n 1 demo.csv | grep ^index,path'
}

learn () { as_person tithe-cli embed demo --method learn --epochs 1 -o demo.learned.npy; }

manual () { as_person man -P cat "$1" | grep '^NAME'; }

# The first word that Tab would give after "tithe-cli sub".
in_bash () {
  # shellcheck disable=SC2016
  as_person bash -c '
    . /usr/share/bash-completion/bash_completion
    if declare -F _comp_load >/dev/null; then _comp_load tithe-cli; else _completion_loader tithe-cli; fi
    function=$(complete -p tithe-cli | sed "s/.*-F \([^ ]*\) .*/\1/")
    COMP_WORDS=(tithe-cli sub) COMP_CWORD=1 COMP_LINE="tithe-cli sub" COMP_POINT=13
    $function tithe-cli sub tithe-cli
    echo "${COMPREPLY[*]}"' | grep '^subset *$'
}

in_fish () { as_person fish -c 'complete -C "tithe-cli sub"' | grep '^subset'; }

in_zsh () {
  # shellcheck disable=SC2016
  as_person zsh -fc 'autoload -U compinit && compinit -D && echo $_comps[tithe-cli] && autoload +X $_comps[tithe-cli]' |
    grep '^_tithe'
}

# holds PACKAGE PATTERN...: files under /usr/share that the package has to bring.
holds () {
  package=$1
  shift
  for pattern; do
    dpkg -L "$package" | grep "^/usr/share/$pattern\$" || return 1
  done
}

known () {
  grep ':application/x-tithe-session:\*\.tithe$' /usr/share/mime/globs2 &&
    as_person gio mime application/x-tithe-session | grep org.tithe.Tithe.desktop
}

draw () {
  as_person LC_ALL=C.UTF-8 /packages/on-screen.sh tithe --screenshot /home/person/window.png /home/person/demo.tithe &&
    [ "$(head -c 8 /home/person/window.png | od -An -c | tr -d ' ')" = '211PNG\r\n032\n' ]
}

echo "# $(sed -n 's/^PRETTY_NAME=//p' /etc/os-release)"
cli=$(echo /packages/tithe-cli_*.deb) window=$(echo /packages/tithe_*.deb)
get man-db bash-completion fish zsh >&2
get_needs "$cli" >&2
files >/tmp/before
is 'tithe-cli is installed' get "$cli"
is 'it brings neither GTK nor X11' without libgtk libadwaita libx11-xcb libwayland xserver
is 'nor anything that was needed for building' without '-dev$' '^gcc' meson
is 'its libraries are there, and no GTK among them' linked
is 'it speaks the languages of both programs' holds tithe-cli locale/de/LC_MESSAGES/tithe.mo
is 'demo, embed, cluster, subset' chain
is 'learning, on oneDNN' learn
is 'the manual' manual tithe-cli
is 'completion in bash' in_bash
is 'completion in fish' in_fish
is 'completion in zsh' in_zsh
apt-get purge -y -q tithe-cli >&2
is 'tithe-cli leaves nothing when it is removed' leaves_nothing

get xvfb dbus libglib2.0-bin desktop-file-utils >&2
get_needs "$cli" "$window" >&2
files >/tmp/before
is 'tithe is installed' get "$cli" "$window"
is 'it brings nothing that was needed for building' without '-dev$' '^gcc' meson
is 'it brings what a desktop asks for' holds tithe 'applications/org.tithe.Tithe.desktop' 'metainfo/org.tithe.Tithe.metainfo.xml' \
  'dbus-1/services/org.tithe.Tithe.service' 'icons/.*/org.tithe.Tithe-symbolic.svg' 'doc/tithe/help.html'
is 'the system knows sessions, and what opens them' known
is 'the manual of the window' manual tithe
is 'the window opens the session and is drawn' draw
apt-get purge -y -q tithe tithe-cli >&2
is 'both leave nothing when they are removed' leaves_nothing
echo "1..$number"
exit $bad

#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a program on a virtual screen of its own, with a session bus, the accessibility bus and empty settings.
command -v Xvfb >/dev/null && command -v dbus-run-session >/dev/null || { echo "1..0 # SKIP there is no Xvfb"; exit 77; }
home=$(mktemp -d)
trap 'kill $screen 2>/dev/null; rm -rf "$home"' EXIT
# Without -noreset the server starts anew whenever its last client leaves, and refuses those that come meanwhile.
Xvfb -noreset -displayfd 3 -screen 0 "${SCREEN:-1400x900x24}" -nolisten tcp 3>"$home/display" 2>/dev/null &
screen=$!
for _ in $(seq 600); do
  [ -s "$home/display" ] && break
  sleep 0.1
done
DISPLAY=:$(cat "$home/display")
export DISPLAY HOME="$home" XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache" XDG_CONFIG_HOME="$home/config"
export XDG_STATE_HOME="$home/state" XDG_RUNTIME_DIR="$home/run"
unset WAYLAND_DISPLAY
mkdir -m 700 "$XDG_RUNTIME_DIR"
# Somebody who is here for the first time is told what is what; SCREEN_COACH=1 is for what tests that.
[ -n "$SCREEN_COACH" ] || { mkdir -p "$XDG_STATE_HOME/tithe/once" && : >"$XDG_STATE_HOME/tithe/once/coach"; }
export GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=atspi GIO_USE_VFS=local GSETTINGS_BACKEND=memory LC_ALL="${SCREEN_LANGUAGE:-C.UTF-8}" LANGUAGE=
dbus-run-session -- sh -c '
  launcher=/usr/libexec/at-spi-bus-launcher
  if [ -x $launcher ]; then $launcher --launch-immediately >/dev/null 2>&1 & gdbus wait --session --timeout 60 org.a11y.Bus; fi
  "$@"' sh "$@" 2>"$home/errors"
status=$?
grep -v -e 'dbus-daemon' -e 'SpiRegistry' "$home/errors" >&2
exit $status

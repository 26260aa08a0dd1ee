#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a test on a virtual screen of its own, with a session bus, the accessibility bus and empty settings.
command -v xvfb-run >/dev/null && command -v dbus-run-session >/dev/null || { echo "1..0 # SKIP there is no xvfb-run"; exit 77; }
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home" XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache" XDG_CONFIG_HOME="$home/config"
export XDG_RUNTIME_DIR="$home/run"
mkdir -m 700 -p "$XDG_RUNTIME_DIR"
export GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=atspi GIO_USE_VFS=local GSETTINGS_BACKEND=memory LC_ALL=C.UTF-8
xvfb-run -a -s "-screen 0 1400x900x24" dbus-run-session -- sh -c '
  launcher=/usr/libexec/at-spi-bus-launcher
  if [ -x $launcher ]; then $launcher --launch-immediately & gdbus wait --session --timeout 20 org.a11y.Bus; fi
  "$@"' sh "$@" 2>"$home/errors"
status=$?
grep -v -e 'dbus-daemon' -e 'SpiRegistry' "$home/errors" >&2
exit $status

#!/bin/sh
# SPDX-License-Identifier: MIT
# catalogues.sh merge|missing TEMPLATE: brings each language up to date with the template, or tells what it lacks.
set -eu
template=$(realpath "$2")
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A catalogue in the form that changes least: no lines of source, no wrapping, no date of the template, nothing that is gone.
merged () {
  msgmerge --quiet --no-fuzzy-matching --no-location --no-wrap -o "$work/merged" "$1.po" "$2"
  msgattrib --no-obsolete --no-location --no-wrap -o "$work/current" "$work/merged"
  sed '/^"POT-Creation-Date:/d' "$work/current"
}

lacking=0
for language in $(grep -v '^#' LINGUAS); do
  merged "$language" "$template" >"$work/$language.po"
  case "$1" in
    merge)
      cmp -s "$work/$language.po" "$language.po" || cp "$work/$language.po" "$language.po" ;;
    missing)
      cmp -s "$work/$language.po" "$language.po" || printf '%s: not as ./dev translations leaves it\n' "$language" ;;
    *)
      echo "usage: catalogues.sh merge|missing TEMPLATE" >&2
      exit 2 ;;
  esac
  said=$(LC_ALL=C msgfmt --statistics -o "$work/$language.mo" "$work/$language.po" 2>&1)
  printf '%s: %s\n' "$language" "$said"
  case "$said" in *fuzzy* | *untranslated*) ;; *) continue ;; esac
  lacking=1
  { msgattrib --untranslated --no-wrap "$work/$language.po"; msgattrib --only-fuzzy --no-wrap "$work/$language.po"; } |
    sed -n 's/^msgid "\(..*\)"$/  \1/p'
done
[ "$1" = merge ] || exit "$lacking"

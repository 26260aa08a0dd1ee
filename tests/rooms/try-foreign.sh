#!/bin/sh
# SPDX-License-Identifier: MIT
# try-foreign.sh ARCHITECTURE TRIPLET, in a room of foreign.sh: builds the clone "tithe" for the architecture, runs its tests, and
# lets it and this machine's build, which is in "here", read what the other wrote. Results on standard output, the rest on
# standard error.
set -eu
architecture=$1 triplet=$2
source=$PWD/tithe
work=$PWD/$architecture
processor=${triplet%%-*}
runner=/usr/bin/qemu-$processor-static
endian=little
[ "$architecture" != s390x ] || endian=big

mkdir -p "$work"
cat >"$work/cross.txt" <<EOF
[binaries]
c = '$triplet-gcc'
ar = '$triplet-gcc-ar'
strip = '$triplet-strip'
pkgconfig = 'pkg-config'
exe_wrapper = '$runner'

[properties]
pkg_config_libdir = ['/usr/lib/$triplet/pkgconfig', '/usr/share/pkgconfig']

[host_machine]
system = 'linux'
cpu_family = '$processor'
cpu = '$processor'
endian = '$endian'
EOF
# Where there is real data, the build is told so when it is set up.
[ ! -d /data/cifar10 ] || export TITHE_TEST_DATA=/data
meson setup "$work/build" "$source" --cross-file "$work/cross.txt" -Dgui=disabled >&2
ninja -C "$work/build" >&2

# --- the tests ---

bad=
# Emulated, a program takes ten to thirty times as long, and starting one a second.
(
  export TITHE_RUNNER="$runner" TITHE_EMULATED=1
  # The room's own C.UTF-8 is in this machine's byte order: the emulated C library would do without it, and write “?” for “.
  if [ "$endian" = big ]; then
    mkdir -p "$work/locales"
    localedef --big-endian -i C -f UTF-8 "$work/locales/C.utf8" >&2
    export LOCPATH="$work/locales"
  fi
  cd "$source"
  meson test -C "$work/build" --no-rebuild --print-errorlogs --timeout-multiplier 6 --suite unit --suite fuzz --suite golden >&2
) || bad=1
python3 - "$architecture" "$work/build/meson-logs/testlog.junit.xml" <<'EOF'
import sys, xml.etree.ElementTree
counts = {}
for suite in xml.etree.ElementTree.parse(sys.argv[2]).getroot():
    name = suite.get("name").split(" / ")[0].split(":")[-1].split("+")[0]
    row = counts.setdefault(name, [0, 0, 0, 0.0])
    cases = [{child.tag for child in case} for case in suite.iter("testcase")]
    failed = sum(bool(tags & {"failure", "error"}) for tags in cases)
    skipped = sum("skipped" in tags for tags in cases)
    row[0] += len(cases) - failed - skipped
    row[1] += max(failed, int(suite.get("errors", 0)) + int(suite.get("failures", 0)))
    row[2] += skipped
    row[3] += float(suite.get("time", 0))
for name, (passed, failed, skipped, seconds) in counts.items():
    print(f"{sys.argv[1]} {name}: {passed} passed, {failed} failed, {skipped} skipped, {seconds:.0f} s")
EOF

# --- what one wrote, read by the other ---

# Without bfloat16, which no other processor here has and which keeps three digits.
here () { ONEDNN_MAX_CPU_ISA=AVX2 "$work/../here/app/tithe-cli" "$@"; }
there () { "$runner" "$work/build/app/tithe-cli" "$@"; }

# write WHO: a dataset, features, a session with decisions, an export and a network, all in a folder of that name.
write () {
  mkdir -p "$work/$1"
  "$1" demo "$work/$1/images" --images 120 --classes 3
  "$1" embed "$work/$1/images" --method quick -o "$work/$1/quick.npy"
  "$1" cluster "$work/$1/images" --embeddings "$work/$1/quick.npy" -o "$work/$1/s.tithe"
  "$1" decide "$work/$1/s.tithe" --rule sharpest --ratio 0.5
  "$1" subset "$work/$1/s.tithe" --ratio 0.6 --format idx -o "$work/$1/idx"
  "$1" embed "$work/$1/images" --method learn --model resnet8 --width 4 --epochs 2 --size 16 --threads 1 \
    --network "$work/$1/network.safetensors" -o "$work/$1/learned.npy"
}

# use WHO FROM: everything that comes of what FROM wrote, in a folder FROM-WHO.
use () {
  from=$work/$2 to=$work/$2-$1
  mkdir "$to"
  "$1" info "$from/idx" --json >"$to/info.json"
  for form in csv indices mask; do
    "$1" subset "$from/s.tithe" --ratio 0.6 --format $form -o "$to/subset.$form"
  done
  "$1" replay "$from/idx/provenance.json" -o "$to/idx"
  "$1" linkage "$from/s.tithe" --class "$(ls "$from/images" | head -n 1)" -o "$to/linkage.npy"
  # The same clusters come of the same features.
  "$1" cluster "$from/images" --embeddings "$from/quick.npy" -o "$work/again.tithe"
  "$1" subset "$work/again.tithe" --ratio 0.6 --format indices -o "$to/again.indices"
  rm "$work/again.tithe"
  "$1" embed "$from/images" --network "$from/network.safetensors" -o "$work/$2-$1.npy"
}

exchange () {
  for who in here there; do write $who; done
  for who in here there; do
    for from in here there; do use $who $from; done
  done
  for from in here there; do
    diff -r "$work/$from-here" "$work/$from-there" >&2
    diff -r -x provenance.json "$work/$from/idx" "$work/$from-here/idx" >&2
  done
  # Features by a network differ by what sums round to.
  python3 - "$work/here-here.npy" "$work/here-there.npy" "$work/there-here.npy" "$work/there-there.npy" <<'EOF'
import struct, sys

def read(path):
    data = open(path, "rb").read()
    start = 10 + int.from_bytes(data[8:10], "little")
    return data[:start], struct.unpack(f"<{(len(data) - start) // 4}f", data[start:])

for a, b in (sys.argv[1:3], sys.argv[3:5]):
    (head, x), (other, y) = read(a), read(b)
    worst = max(abs(p - q) for p, q in zip(x, y, strict=True))
    scale = max(map(abs, x))
    print(f"features by one network differ by up to {worst:.2g} of {scale:.2g}", file=sys.stderr)
    if head != other or not 0 < scale < 1e6 or not worst < 1e-4 * scale:
        sys.exit(f"{a} and {b} are not the same")
EOF
}

set +e
(
  set -e
  exchange
) >&2
status=$?
set -e
if [ $status = 0 ]; then
  echo "$architecture exchange: each reads what the other wrote, and comes to the same bytes"
else
  echo "$architecture exchange: FAILED"
  bad=1
fi
[ -z "$bad" ]

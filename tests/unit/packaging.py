#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the packages in resources/packaging say agrees with the tree (TAP). Called with the tree's root."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1]).resolve()
packaging = root / "resources/packaging"
MANIFEST = packaging / "flatpak/org.tithe.Tithe.yml"
PERMITTED = {"--share=ipc", "--socket=fallback-x11", "--socket=wayland", "--device=dri"}


class Skip(Exception):
    pass


def first(pattern, path):
    match = re.search(pattern, path.read_text(), re.MULTILINE)
    return match and match[1]


def version_faults():
    """A release has one number, wherever it is written."""
    version = first(r"^  version: '(.+)',", root / "meson.build")
    for path, pattern in (
        (packaging / "debian/changelog", r"\Atithe \((.+)\)"),
        *((path, r'<release [^>]*\bversion="([^"]+)"') for path in (root / "resources").glob("*.metainfo.xml*")),
    ):
        said = first(pattern, path)
        if said != version:
            yield f"{path.relative_to(root)} says {said} first, and meson.build says {version}"


def debian_faults():
    """What is asked for when a package is built is what `dev` installs, but for what debhelper brings itself."""
    control = (packaging / "debian/control").read_text()
    asked = set(re.findall(r"^(?:Build-Depends:)?\s+([a-z0-9.+-]+)", control.partition("\nStandards")[0], re.MULTILINE))
    lists = re.findall(r'^(?:deb_)?packages="([^"]*)"', (root / "dev").read_text(), re.MULTILINE)
    installed = set(" ".join(lists).split())
    other_name = {"debhelper-compat": "debhelper", "pkgconf": "pkg-config"}
    for name in sorted(asked):
        if other_name.get(name, name) not in installed:
            yield f"debian/control builds with {name}, which ./dev does not install"


def read_manifest():
    """The manifest, by who is to read it."""
    if not shutil.which("flatpak-builder"):
        raise Skip("there is no flatpak-builder")
    # It keeps things where it is called.
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(["flatpak-builder", "--show-manifest", str(MANIFEST)], capture_output=True, text=True, cwd=folder)
    if run.returncode != 0 or run.stderr.strip():
        raise ValueError(f"flatpak-builder says: {run.stderr.strip()}")
    return json.loads(run.stdout)


def manifest_faults():
    manifest = read_manifest()
    if manifest["id"] != MANIFEST.stem:
        yield f"the manifest of {manifest['id']} is named {MANIFEST.name}"
    if manifest["command"] != "tithe":
        yield f"the manifest starts {manifest['command']}"
    for argument in sorted(set(manifest["finish-args"]) - PERMITTED):
        yield f"the manifest asks for {argument}: files come through the portal"
    for module in manifest["modules"]:
        for source in module["sources"]:
            if source["type"] == "dir" and module["name"] == "tithe":
                continue
            if source["type"] != "archive" or not source["url"].startswith("https://"):
                yield f"{module['name']} comes from {source}, which is no archive by https"
            if not re.fullmatch("[0-9a-f]{64}", source.get("sha256", "")):
                yield f"{module['name']} has no sha256"
    if not MANIFEST.parent.joinpath(manifest["modules"][-1]["sources"][0]["path"], "meson.build").exists():
        yield "the manifest's last module does not build this tree"


def text_faults():
    """The same without flatpak-builder, by lines: nothing is downloaded that is not compared with its sum."""
    lines = MANIFEST.read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"\s+url:", line) and not re.fullmatch(r"\s+sha256: [0-9a-f]{64}", lines[number + 1]):
            yield f"{MANIFEST.name}:{number + 1} is followed by no sha256"
    if "filesystem" in MANIFEST.read_text():
        yield f"{MANIFEST.name} asks for files"


CHECKS = {
    "a-release-has-one-number": version_faults,
    "what-packages-build-with-is-installed": debian_faults,
    "downloads-have-their-sums": text_faults,
    "flatpak-builder-reads-the-manifest": manifest_faults,
}

print(f"1..{len(CHECKS)}")
for index, (name, check) in enumerate(CHECKS.items(), 1):
    try:
        faults = list(check())
    except Skip as reason:
        print(f"ok {index} - {name} # SKIP {reason}")
        continue
    except ValueError as error:
        faults = [str(error)]
    print(f"{'not ok' if faults else 'ok'} {index} - {name}")
    for fault in faults:
        print(f"# {fault}")

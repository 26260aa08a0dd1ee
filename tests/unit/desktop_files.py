#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the desktop learns about the program from the files that are installed with it (TAP).

usage: desktop_files.py SOURCES BUILD VERSION TITHE-CLI
"""
import configparser
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

SOURCES, BUILD, VERSION, CLI = pathlib.Path(sys.argv[1]), *sys.argv[2:5]
ID = "org.tithe.Tithe"


class Skip(Exception):
    pass


def run(*command, **environment):
    """What a program says, which has to end well."""
    done = subprocess.run([str(word) for word in command], env=dict(os.environ, LC_ALL="C.UTF-8", **environment),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}: {done.stdout}"
    return done.stdout


def need(program, package):
    if shutil.which(program) is None:
        raise Skip(f"there is no {program} (package {package})")


def metainfo(share):
    return xml.etree.ElementTree.parse(share / f"metainfo/{ID}.metainfo.xml").getroot()


def ini(path):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


def test_metainfo_is_valid(share):
    need("appstreamcli", "appstream")
    # The id can't be another one any more. AppStream before 1.0 does not know the tag that 1.0 asks for.
    allowed = [r"P: .*cid-contains-uppercase-letter"]
    if int(re.search(r"(\d+)\.", run("appstreamcli", "--version"))[1]) < 1:
        allowed.append(r"I: .*unknown-tag developer")
    said = run("appstreamcli", "validate", "--pedantic", "--no-net", "--no-color", share / f"metainfo/{ID}.metainfo.xml")
    hints = [line for line in said.splitlines() if re.match(r"[A-Z]: ", line)]
    for hint in hints:
        assert any(re.match(pattern, hint) for pattern in allowed), hint


def test_newest_release_is_this_version(share):
    release = metainfo(share).find("releases/release")
    assert release.get("version") == VERSION, f"the newest release is {release.get('version')}, and this is {VERSION}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", release.get("date"))


def test_screenshots_are_in_the_tree_and_as_large_as_said(share):
    images = metainfo(share).findall("screenshots/screenshot/image")
    assert images
    for image in images:
        with open(SOURCES / "resources" / image.text.rsplit("/", 1)[1], "rb") as file:
            size = struct.unpack(">II", file.read(24)[16:])
        assert size == (int(image.get("width")), int(image.get("height"))), f"{image.text} is {size}"


def test_desktop_file_is_valid(share):
    need("desktop-file-validate", "desktop-file-utils")
    said = run("desktop-file-validate", "--warn-kde", share / f"applications/{ID}.desktop")
    assert said == "", said


def test_files_agree_about_names(share):
    about = metainfo(share)
    desktop = ini(share / f"applications/{ID}.desktop")
    entry = desktop["Desktop Entry"]
    service = ini(share / f"dbus-1/services/{ID}.service")["D-BUS Service"]
    mime = xml.etree.ElementTree.parse(share / f"mime/packages/{ID}.xml").getroot()
    kind = mime[0].get("type")
    assert about.findtext("id") == service["Name"] == entry["Icon"] == ID
    assert about.findtext("launchable") == f"{ID}.desktop"
    assert about.findtext("provides/dbus") == service["Name"]
    assert entry["DBusActivatable"] == "true"
    assert about.findtext("summary") == entry["Comment"]
    assert [c.text for c in about.findall("categories/category")] == entry["Categories"].split(";")[:3]
    assert about.findtext("provides/mediatype") == kind and kind in entry["MimeType"].split(";")
    for action in entry["Actions"].strip(";").split(";"):
        assert desktop[f"Desktop Action {action}"]["Name"], f"the action {action} has no name"
    command = service["Exec"].split()
    assert command[1:] == ["--gapplication-service"]
    assert os.access(share.parent / "bin" / os.path.basename(command[0]), os.X_OK), f"{command[0]} is not installed"
    assert os.path.basename(command[0]) == about.findtext("provides/binary") == entry["Exec"].split()[0]
    for name in (f"scalable/apps/{ID}", f"symbolic/apps/{ID}-symbolic", f"scalable/mimetypes/{kind.replace('/', '-')}"):
        assert (share / f"icons/hicolor/{name}.svg").is_file(), f"there is no icon {name}"


def test_symbolic_icon_can_be_coloured(share):
    need("gtk4-encode-symbolic-svg", "libgtk-4-bin")
    icon = share / f"icons/hicolor/symbolic/apps/{ID}-symbolic.svg"
    tree = xml.etree.ElementTree.parse(icon)
    assert {node.get("fill") for node in tree.iter() if node.get("fill")} == {"#2e3436"}
    with tempfile.TemporaryDirectory() as folder:
        run("gtk4-encode-symbolic-svg", icon, "16x16", "-o", folder)
        assert os.listdir(folder) == [f"{ID}-symbolic.symbolic.png"]


def test_sessions_are_recognised(share):
    need("update-mime-database", "shared-mime-info")
    need("gio", "libglib2.0-bin")
    run("update-mime-database", share / "mime")

    def kind(path):
        said = run("gio", "info", "-a", "standard::content-type,standard::icon", path, GIO_USE_VFS="local",
                   XDG_DATA_DIRS=f"{share}:/usr/local/share:/usr/share", XDG_DATA_HOME=folder)
        return re.search(r"content-type: (\S+)", said)[1], re.search(r"icon: (\S+),", said)[1]

    with tempfile.TemporaryDirectory() as folder:
        run(CLI, "demo", f"{folder}/d", "--images", "60", "--classes", "2")
        run(CLI, "embed", f"{folder}/d", "--method", "quick", "-o", f"{folder}/f.npy")
        run(CLI, "cluster", f"{folder}/d", "--embeddings", f"{folder}/f.npy", "-o", f"{folder}/s.tithe")
        ours = "application/x-tithe-session", "application-x-tithe-session"
        assert kind(f"{folder}/s.tithe") == ours
        shutil.copy(f"{folder}/s.tithe", f"{folder}/without-an-ending")
        assert kind(f"{folder}/without-an-ending") == ours
        with sqlite3.connect(f"{folder}/another") as database:
            database.execute("CREATE TABLE t (x)")
        database.close()
        assert kind(f"{folder}/another")[0] != ours[0]


def main():
    tests = [(name[5:].replace("_", "-"), test) for name, test in globals().items() if name.startswith("test_")]
    failed = 0
    with tempfile.TemporaryDirectory() as root:
        run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", root)
        share = next(pathlib.Path(root).rglob(f"{ID}.metainfo.xml")).parent.parent
        print(f"1..{len(tests)}")
        for number, (name, test) in enumerate(tests, 1):
            try:
                test(share)
                print(f"ok {number} {name}")
            except Skip as reason:
                print(f"ok {number} {name} # SKIP {reason}")
            except Exception as error:  # noqa: BLE001
                failed += 1
                said = f"{type(error).__name__}: {error}".replace("\n", "\n# ")
                print(f"not ok {number} {name}\n# {said}")
    return failed > 0


sys.exit(main())

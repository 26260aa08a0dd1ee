#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Starts the installed program as a desktop does, over the session bus, and counts its windows. Prints TAP.

usage: test_activation.py ON-SCREEN BUILD TITHE-CLI, which installs and calls itself again on a screen
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings

ID, OBJECT = "org.tithe.Tithe", "/org/tithe/Tithe"
WAIT = 120  # seconds, for machines that have other work; what comes is not waited for


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def wait_for(what, match):
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        found = match()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {WAIT} s; windows: {windows()}")


def ask(destination, path, method, *arguments):
    return run("gdbus", "call", "--session", "--dest", destination, "--object-path", path, "--method", method, *arguments)


def is_running():
    return "true" in ask("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", ID)


def windows():
    """The titles of all windows, by the class that the desktop file names."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--classname", "^tithe$"], stdout=subprocess.PIPE, text=True)
    return sorted(run("xdotool", "getwindowname", number).strip() for number in found.stdout.split())


def says(text):
    """Whether a window shows the text: a dialog is a window of its own with libadwaita before 1.5, and within one since."""
    strict = os.environ.pop("G_DEBUG", None)  # is for the program; libatspi may complain of a widget that went away
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib
    if strict is not None:
        os.environ["G_DEBUG"] = strict
    warnings.simplefilter("ignore")  # PyGObject deprecates names that Debian 12's Atspi has no others for

    def children(node):
        found = map(node.get_child_at_index, range(node.get_child_count()))
        return [child for child in found if child is not None]

    def is_below(node):
        return text in (node.get_name() or "") or any(map(is_below, children(node)))

    try:
        for program in children(Atspi.get_desktop(0)):
            program.set_cache_mask(Atspi.Cache.NONE)  # else libatspi would answer from what it heard earlier
            if is_below(program):
                return True
    except GLib.Error:  # a widget went away while it was looked at
        pass
    return False


def wait_for_windows(*titles):
    wait_for(f"windows {titles}", lambda: windows() == sorted(titles))


def open_files(*uris):
    ask(ID, OBJECT, "org.freedesktop.Application.Open", str(list(uris)), "{}")


def stop():
    if is_running():
        ask(ID, OBJECT, "org.freedesktop.Application.ActivateAction", "quit", "[]", "{}")
    wait_for("its end", lambda: not is_running())


def uri(path):
    return pathlib.Path(path).as_uri()


def test_a_launcher_goes_on_where_one_was(folder, tithe):
    # The first of the tests: nothing else is among the recent yet.
    recent = pathlib.Path(os.environ["XDG_DATA_HOME"], "recently-used.xbel")
    open_files(uri(f"{folder}/b.tithe"))
    wait_for("its place among the recent", lambda: recent.exists() and "b.tithe" in recent.read_text("utf-8"))
    stop()
    run("gapplication", "launch", ID)
    wait_for_windows("beta")


def test_a_session_is_opened_once(folder, tithe):
    open_files(uri(f"{folder}/a.tithe"))
    wait_for_windows("alpha")
    open_files(uri(f"{folder}/a.tithe"))
    run(tithe, "a.tithe", cwd=folder)
    run("gapplication", "launch", ID, f"{folder}/a.tithe")
    run("gapplication", "launch", ID)
    run(tithe)
    # Whatever one of these had opened would be there before what comes after it.
    run(tithe, "../b.tithe", cwd=f"{folder}/alpha")
    wait_for_windows("alpha", "beta")


def test_several_files_at_once(folder, tithe):
    open_files(uri(f"{folder}/a.tithe"), uri(f"{folder}/b.tithe"))
    wait_for_windows("alpha", "beta")


def test_the_start_page_makes_room(folder, tithe):
    run("gapplication", "action", ID, "new-window")
    wait_for_windows("Tithe")
    run(tithe, "a.tithe", "b.tithe", cwd=folder)
    wait_for_windows("alpha", "beta")


def test_options_ask_for_a_window_of_their_own(folder, tithe):
    open_files(uri(f"{folder}/a.tithe"))
    wait_for_windows("alpha")
    run(tithe, "--ratio", "0.5", "a.tithe", cwd=folder)
    wait_for_windows("alpha", "alpha")
    run(tithe, "--new-window")
    wait_for_windows("Tithe", "alpha", "alpha")


def test_a_folder_is_opened(folder, tithe):
    open_files(uri(f"{folder}/beta"))
    wait_for_windows("beta")


def test_what_lies_elsewhere_is_refused(folder, tithe):
    open_files("sftp://elsewhere/a.tithe")
    wait_for("the message", lambda: says("“sftp://elsewhere/a.tithe” has no path on this computer."))
    refused = subprocess.run([tithe, "sftp://elsewhere/a.tithe"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert refused.returncode == 2
    assert refused.stderr.startswith("tithe: “sftp://elsewhere/a.tithe” has no path on this computer."), refused.stderr
    several = subprocess.run([tithe, "a.tithe", "b.tithe", "--embeddings", "f.npy"], cwd=folder, stderr=subprocess.PIPE, text=True)
    assert several.returncode == 2 and "one dataset or session" in several.stderr, several.stderr


def test_a_service_that_nobody_uses_ends(folder, tithe):
    ask(ID, OBJECT, "org.freedesktop.DBus.Peer.Ping")
    assert is_running()
    wait_for("its end", lambda: not is_running())


def main(folder, tithe):
    tests = [(name[5:].replace("_", "-"), test) for name, test in globals().items() if name.startswith("test_")]
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, (name, test) in enumerate(tests, 1):
        try:
            test(folder, tithe)
            print(f"ok {number} {name}", flush=True)
        except Exception as error:  # noqa: BLE001
            failed += 1
            print(f"not ok {number} {name}\n# {type(error).__name__}: {error}", flush=True)
        stop()
    return failed > 0


def make_sessions(cli, folder):
    for name in ("alpha", "beta"):
        data = f"{folder}/{name}"
        for command in (["demo", data, "--images", "60", "--classes", "2"],
                        ["embed", data, "--method", "quick", "-o", f"{data}.npy"],
                        ["cluster", data, "--embeddings", f"{data}.npy", "-o", f"{folder}/{name[0]}.tithe"]):
            subprocess.run([cli, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def install(build, root):
    """Installs below @root, and has the service and the schema found there. Returns the program and the data folder."""
    subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--destdir", root], check=True, stdout=subprocess.DEVNULL)
    service = next(pathlib.Path(root).rglob(f"{ID}.service"))
    share = service.parent.parent.parent
    tithe = share.parent / "bin/tithe"
    text = service.read_text()
    assert f"Exec={'/' / tithe.relative_to(root)} " in text, text
    service.write_text(text.replace("Exec=", f"Exec={root}"))
    subprocess.run(["glib-compile-schemas", share / "glib-2.0/schemas"], check=True)
    return str(tithe), share


def install_and_call_again(on_screen, build, cli):
    missing = [name for name in ("xdotool", "gdbus", "gapplication") if shutil.which(name) is None]
    if missing:
        print(f"1..0 # SKIP there is no {missing[0]} (packages xdotool, libglib2.0-bin)")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        tithe, share = install(build, f"{folder}/root")
        make_sessions(cli, folder)
        environment = dict(os.environ, XDG_DATA_DIRS=f"{share}:/usr/local/share:/usr/share", G_DEBUG="fatal-criticals")
        return subprocess.run([on_screen, __file__, "--on-screen", folder, tithe], env=environment).returncode


if sys.argv[1] == "--on-screen":
    sys.exit(main(*sys.argv[2:]))
sys.exit(install_and_call_again(*sys.argv[1:]))

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Drives the window as a person would who can't see it: through the accessibility interface. Prints TAP.

usage: test_window.py TITHE TITHE-CLI
"""
import array
import contextlib
import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

warnings.simplefilter("ignore")  # PyGObject deprecates names that Debian 12's Atspi has no others for
TITHE, CLI = sys.argv[1:3]
WAIT = 120  # seconds, for machines that have other work; what comes is not waited for


def walk(node, backwards=False):
    """Every node below, as it is now."""
    try:
        yield node
        order = range(node.get_child_count())
        for i in reversed(order) if backwards else order:
            child = node.get_child_at_index(i)
            if child is not None:
                yield from walk(child, backwards)
    except GLib.Error:
        return


def application():
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(i)
        if child is not None and "tithe" in (child.get_name() or "").lower():
            child.set_cache_mask(Atspi.Cache.NONE)  # else libatspi would answer from what it heard earlier
            return child
    return None


def find(match, backwards=False):
    app = application()
    return next((node for node in walk(app, backwards) if match(node)), None) if app else None


def wait_for(what, match, seconds=WAIT):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = match()
        except GLib.Error:  # a widget went away while it was looked at
            found = None
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds} s")


def named(name, role=None):
    return find(lambda n: n.get_name() == name and (role is None or n.get_role() == role))


def summary():
    """The line below the slider, of all classes or of one."""
    node = find(lambda n: re.match("Keeps |[^ ]+: keeps ", n.get_name() or ""))
    return node.get_name() if node else ""


def thumbnails():
    app = application()
    return [n.get_name() for n in walk(app) if re.search(r", (kept|discarded), ", n.get_name() or "")]


def press(node):
    action = node.get_action_iface()
    assert action is not None and action.do_action(0), f"{node.get_name()} cannot be pressed"


def activate(name, parameter=None, path="/org/tithe/Tithe/window/1"):
    """An action of the window, over the bus that GtkApplicationWindow exports them on."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    bus.call_sync("org.tithe.Tithe", path, "org.gtk.Actions", "Activate",
                  GLib.Variant("(sava{sv})", (name, [parameter] if parameter else [], {})), None, 0, 5000, None)


class Window:
    def __init__(self, *arguments):
        # A mistake that GLib, GTK or we notice in a call ends the window, and with it the test.
        self.process = subprocess.Popen([TITHE, *arguments], env=dict(os.environ, G_DEBUG="fatal-criticals"))

    def __enter__(self):
        wait_for("the window", application)
        return self

    def __exit__(self, failure, *_):
        if failure:
            for node in walk(application()) if application() else []:
                if node.get_name():
                    print(f"#   {node.get_role_name()}: {node.get_name()}")
        self.process.terminate()
        self.process.wait()
        wait_for("the end of the window", lambda: application() is None)


def cli(*arguments):
    subprocess.run([CLI, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def table(folder, ratio):
    path = os.path.join(folder, f"{ratio}.csv")
    cli("subset", os.path.join(folder, "s.tithe"), "--ratio", str(ratio), "--format", "csv", "-o", path, "--overwrite")
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def make_data(folder):
    cli("demo", f"{folder}/d", "--images", "400", "--classes", "4")
    with open(f"{folder}/d/boat/0003.png", "wb") as file:
        file.write(b"no picture")
    cli("embed", f"{folder}/d", "--method", "quick", "-o", f"{folder}/f.npy")
    cli("cluster", f"{folder}/d", "--embeddings", f"{folder}/f.npy", "-o", f"{folder}/s.tithe")


def expected_summary(rows):
    groups = len({(r["class"], r["group"]) for r in rows if r["group"]})
    kept = sum(r["kept"] == "1" for r in rows)
    return f"Keeps {kept} of {len(rows)} · {groups} redundant groups · cut at "


def test_opens_and_agrees_with_the_command_line(folder):
    with Window(f"{folder}/d", "--embeddings", f"{folder}/f.npy"):
        expected = expected_summary(table(folder, 0.9))
        wait_for("the summary", lambda: summary().startswith(expected))


def test_slider_moves_groups_and_frames(folder):
    with Window(f"{folder}/s.tithe"):
        slider = wait_for("the slider", lambda: named("Subset ratio", Atspi.Role.SLIDER))
        value = slider.get_value_iface()
        assert (value.get_minimum_value(), value.get_maximum_value()) == (1, 100)
        assert abs(value.get_current_value() - 90) < 1e-9
        for percent in (80, 55.5, 99):
            value.set_current_value(percent)
            rows = table(folder, percent / 100)
            wait_for("the summary", lambda: summary().startswith(expected_summary(rows)))
            by_path = {r["path"]: r for r in rows}
            shown = wait_for("thumbnails", thumbnails)
            for name in shown:
                path, role = name.split(", ")[:2]
                row = by_path[path]
                assert role == ("kept" if row["kept"] == "1" else "discarded"), name
                assert f" of {row['group_size']}" in name, name
            assert any(", kept, representative of" in name for name in shown)


def test_broken_picture_is_named(folder):
    with Window(f"{folder}/s.tithe"):
        wait_for("the summary", summary)
        activate("zoom", GLib.Variant("i", -4))
        slider = wait_for("the slider", lambda: named("Subset ratio", Atspi.Role.SLIDER))
        slider.get_value_iface().set_current_value(100)
        # Nothing is a group now, so that there is no place to keep: what comes is seen from its beginning.
        wait_for("the end of the groups", lambda: summary().startswith("Keeps 400 of 400") and not thumbnails())
        press(wait_for("the switch", lambda: named("Unique Images")))
        wait_for("the broken picture", lambda: any(n.startswith("boat/0003.png") and "cannot be shown" in n
                                                   for n in thumbnails()))


def test_export_equals_the_command_lines(folder):
    with Window(f"{folder}/s.tithe"):
        slider = wait_for("the slider", lambda: named("Subset ratio", Atspi.Role.SLIDER))
        slider.get_value_iface().set_current_value(75)
        wait_for("the summary", lambda: summary().startswith("Keeps 300 of 400"))
        for form in ("csv", "indices", "paths", "paths-dropped", "jsonl"):
            ours, theirs = f"{folder}/window.{form}", f"{folder}/cli.{form}"
            activate("export-to", GLib.Variant("(ss)", (form, ours)))
            wait_for(ours, lambda: os.path.exists(ours))
            cli("subset", f"{folder}/s.tithe", "--ratio", "0.75", "--format", form, "-o", theirs)
            with open(ours, "rb") as a, open(theirs, "rb") as b:
                assert a.read() == b.read(), form
        wait_for("the toast", lambda: find(lambda n: re.match("Exported [1-4]00 images to “window.", n.get_name() or "")))
        keys("ctrl+shift+e")
        press(wait_for("the purpose", lambda: named("Training Set")))
        said = subprocess.run([CLI, "subset", f"{folder}/s.tithe", "--ratio", "0.75", "--format", "imagefolder", "--dry-run"],
                              capture_output=True, text=True, check=True).stdout.strip()
        wait_for("how much it is", lambda: find(lambda n: n.get_name() == said))


def test_every_form_equals_the_command_lines(folder):
    with Window(f"{folder}/s.tithe"):
        wait_for("the summary", summary)
        slider = wait_for("the slider", lambda: named("Subset ratio", Atspi.Role.SLIDER))
        slider.get_value_iface().set_current_value(75)
        wait_for("the summary", lambda: summary().startswith("Keeps 300 of 400"))
        for form, what, link in (("tree", "kept", "hard"), ("imagefolder", "both", "copy"), ("fiftyone", "discarded", "symbolic"),
                                 ("webdataset", "kept", "copy"), ("mask", "kept", "copy"), ("manifest", "kept", "copy")):
            ours, theirs = f"{folder}/form.{form}", f"{folder}/form.cli.{form}"
            activate("export-form-to", GLib.Variant("(ssss)", (form, what, link, ours)))
            wait_for(ours, lambda: os.path.exists(ours))
            links = ["--link", link] if form in ("tree", "imagefolder", "fiftyone") else []
            cli("export", f"{folder}/s.tithe", "--ratio", "0.75", "--format", form, "--what", what, *links, "-o", theirs)
            assert subprocess.run(["diff", "-r", ours, theirs]).returncode == 0, form
        activate("export-report-to", GLib.Variant("s", f"{folder}/report.html"))
        wait_for("the report", lambda: os.path.exists(f"{folder}/report.html"))
        with open(f"{folder}/report.html", encoding="utf-8") as file:
            text = file.read()
        assert "300 of 400" in text and "src=\"data:image/png;base64," in text
        assert not re.search(r"(src|href)=\"(?!data:)", text)  # it needs no other file


def test_verify_fills_in_live(folder):
    # A ratio that the window must not round, or its trials would be others.
    cli("verify", f"{folder}/s.tithe", "--quick", "--ratios", "0.5000001", "--trials", "1", "--epochs", "1", "--size", "32")
    with Window("--verify", f"{folder}/s.tithe"):
        wait_for("the trials", lambda: find(lambda n: (n.get_name() or "").startswith("3 of 3 trials")))
        assert find(lambda n: "Not decided" in (n.get_name() or ""))
        assert named("Coverage") and named("Accuracy after retraining")
        # A class that is pressed is what is reviewed, at the ratio of the subset; and back again.
        press(wait_for("a class", lambda: named("Show the groups of “boat” in this subset")))
        wait_for("the groups", lambda: summary().startswith("boat: keeps 50 of 100 "))
        wait_for("boats", lambda: thumbnails() and all(name.startswith("boat/") for name in thumbnails()))
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        bus.call_sync("org.tithe.Tithe", "/org/tithe/Tithe/window/1", "org.gtk.Actions", "SetState",
                      GLib.Variant("(sva{sv})", ("verify", GLib.Variant("b", True), {})), None, 0, 5000, None)
        if not named("Trials of each subset", Atspi.Role.SPIN_BUTTON):  # GTK 4.8 tells of what is folded away, too
            focus_on("the plan", "Tab", lambda node: node.get_role() == Atspi.Role.LIST_ITEM and any(
                n.get_name() == "Plan" for n in walk(node)))
            keys("space")
        spin = wait_for("the number of trials", lambda: named("Trials of each subset", Atspi.Role.SPIN_BUTTON))
        spin.get_value_iface().set_current_value(2)
        wait_for("the estimate", lambda: find(lambda n: (n.get_name() or "").startswith("3 trials to be learned")))
        press(named("Retrain"))
        wait_for("more trials", lambda: find(lambda n: (n.get_name() or "").startswith("6 of 6 trials")), 60)
    # What the window learned is in the session, the same as by the command line.
    out = subprocess.run([CLI, "verify", f"{folder}/s.tithe", "--show", "--json"], check=True, capture_output=True).stdout
    told = json.loads(out)
    assert told["finished"] == 6
    # Though one picture is broken, semantic and random learn from as many.
    assert told["subsets"][1]["images"] == told["subsets"][2]["images"], told["subsets"]


def test_cancel(folder):
    n, dim, classes = 480000, 16, 50
    with open(f"{folder}/m.csv", "w") as file:
        file.write("path,label\n" + "".join(f"{i}.png,c{i % classes}\n" for i in range(n)))
    values = array.array("f", (byte - 127.5 for byte in os.urandom(n * dim)))
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({n}, {dim}), }}"
    header += " " * ((-len(header) - 11) % 64) + "\n"
    with open(f"{folder}/big.npy", "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + values.tobytes())
    with Window(f"{folder}/m.csv", "--embeddings", f"{folder}/big.npy"):
        # The progress is where the groups will be, and then at the end of the window.
        wait_for("the clustering", lambda: find(lambda n: n.get_name() == "Clustering", True))
        for button in [n for n in walk(application(), True) if n.get_name() == "Cancel"]:
            button.get_action_iface().do_action(0)  # nothing where it is not seen
        wait_for("the word", lambda: find(lambda n: "Clustering was cancelled" in (n.get_name() or ""), True))
        sessions = os.path.join(os.environ["XDG_DATA_HOME"], "tithe", "sessions")
        assert not os.path.isdir(sessions) or not any(name.startswith("m.csv") for name in os.listdir(sessions))


def can_learn():
    said = subprocess.run([CLI, "embed", "/nowhere", "-o", "/nowhere", "--method", "learn"], capture_output=True, text=True)
    return "has no oneDNN" not in said.stderr


def test_learns_and_switches(folder):
    if not can_learn():
        return
    with Window(f"{folder}/d"):
        press(wait_for("the button", lambda: named("Learn", Atspi.Role.PUSH_BUTTON)))
        wait_for("the progress", lambda: named("Progress of learning") and named("Stop learning", Atspi.Role.PUSH_BUTTON))
        wait_for("an epoch", lambda: find(lambda n: re.search(r"epoch \d+ of 15 · .* left$", n.get_name() or "")), 120)
        assert thumbnails()  # the first look is there all the while
        wait_for("the end", lambda: named("Switch Over", Atspi.Role.PUSH_BUTTON), 300)
        press(named("Switch Over", Atspi.Role.PUSH_BUTTON))
        wait_for("the title", lambda: find(lambda n: "128 dimensions" in (n.get_name() or "")))
        wait_for("the groups", lambda: summary().startswith("Keeps 360 of 400"))


def keys(*names):
    for name in names:
        subprocess.run(["xdotool", "key", name], check=True)


def focused():
    return find(lambda node: node.get_state_set().contains(Atspi.StateType.FOCUSED))


def focus_name():
    node = focused()
    return (node.get_name() or "") if node else ""


def focus_on(what, key, match):
    """By the keyboard: where something small is, GTK 4.18 says too imprecisely for pointing at it."""
    node = focused()
    for _ in range(60):
        if node is not None and match(node):
            return node
        before = node
        keys(key)
        node = wait_for("another focus", lambda: (now := focused()) is not None and now != before and now)
    raise AssertionError(f"{key} does not lead to {what}")


def events(session):
    """What is in the session's journal: the letter and the name of each."""
    database = sqlite3.connect(f"file:{session}?mode=ro", uri=True)
    try:
        return database.execute("SELECT event, name FROM journal ORDER BY id").fetchall()
    finally:
        database.close()


def bookmark(session):
    """Where the program would go on in that session if it ended now."""
    folder = os.path.join(GLib.get_user_state_dir(), "tithe", "bookmarks")
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, name)) as file:
            lines = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
        if os.path.realpath(lines.get("session", "")) == os.path.realpath(session):
            return lines
    return {}


def in_view(node):
    """Whether the middle of a widget is within its window."""
    box, frame = (n.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
                  for n in (node, find(lambda n: n.get_role() == Atspi.Role.FRAME)))
    return box.height > 0 and box.y + box.height // 2 < frame.height - 20


def point_at(node):
    """Presses the middle of a thumbnail, as a mouse does: again where the page moved under the pointer meanwhile."""
    def press():
        box = extents(node)
        subprocess.run(["xdotool", "mousemove", str(box.x + box.width // 2), str(box.y + box.height // 2), "click", "1"],
                       check=True)
        time.sleep(0.3)
        return node.get_state_set().contains(Atspi.StateType.FOCUSED)

    wait_for("the focus on what is pressed", press)


def extents(node):
    return node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)


def representative():
    """The first image in view that stands for a group; what is at the upper end may be cut off."""
    top = extents(named("Groups", Atspi.Role.LIST)).y
    return find(lambda node: ", representative of " in (node.get_name() or "") and extents(node).y > top + 10)


def by_hand(session, folder):
    path = os.path.join(folder, "by-hand.csv")
    cli("subset", session, "--ratio", "0.8", "--format", "csv", "-o", path, "--overwrite")
    with open(path, newline="") as file:
        return [r for r in csv.DictReader(file) if r["origin"] == "hand"]


def test_review_by_keyboard_survives_a_kill(folder):
    session = f"{folder}/review.tithe"
    cli("cluster", f"{folder}/d", "--embeddings", f"{folder}/f.npy", "-o", session)
    with Window(session) as window:
        slider = wait_for("the slider", lambda: named("Subset ratio", Atspi.Role.SLIDER))
        slider.get_value_iface().set_current_value(80)
        wait_for("the summary", lambda: summary().startswith("Keeps 320 of 400"))
        first = wait_for("a thumbnail", representative)
        path = first.get_name().split(", ")[0]
        point_at(first)
        wait_for("the selection", lambda: find(lambda n: (n.get_name() or "").startswith(path + ", kept")
                                               and n.get_name().endswith(", selected")))
        keys("k")
        wait_for("the name", lambda: find(lambda n: (n.get_name() or "").startswith(path + ", kept by hand")))
        keys("Right", "d")
        wait_for("the discarded one", lambda: find(lambda n: ", discarded by hand" in (n.get_name() or "")))
        assert {r["kept"] for r in by_hand(session, folder)} == {"0", "1"}
        keys("Right", "d", "ctrl+z")
        wait_for("the toast", lambda: find(lambda n: "Undone: Discard 1 Image" in (n.get_name() or "")))
        keys("Return")
        wait_for("the review", lambda: find(lambda n: "1 of " in (n.get_name() or "") and "reviewed" in n.get_name()))
        n_events = len(events(session))
        keys("s", "m")
        wait_for("split and merge", lambda: len(events(session)) == n_events + 2)
        before = by_hand(session, folder)
        assert len(before) == 2, before
        wait_for("the summary", lambda: "by hand 1 kept, 1 discarded" in summary())
        said = summary()
        window.process.kill()
        window.process.wait()
    assert by_hand(session, folder) == before
    with Window(session):
        slider = wait_for("the slider", lambda: named("Subset ratio", Atspi.Role.SLIDER))
        slider.get_value_iface().set_current_value(80)
        wait_for("the summary", lambda: summary() == said)
        slider.get_value_iface().set_current_value(95)
        slider.get_value_iface().set_current_value(80)
        wait_for("the summary again", lambda: summary() == said)
        while named("Undo", Atspi.Role.PUSH_BUTTON).get_state_set().contains(Atspi.StateType.SENSITIVE):
            n_events = len(events(session))
            press(named("Undo", Atspi.Role.PUSH_BUTTON))
            wait_for("the undoing", lambda: len(events(session)) > n_events)
        wait_for("the beginning", lambda: "by hand" not in summary())
    assert by_hand(session, folder) == []


def test_review_keys_work_wherever_the_focus_is(folder):
    session = f"{folder}/anywhere.tithe"
    cli("cluster", f"{folder}/d", "--embeddings", f"{folder}/f.npy", "-o", session)

    def decides(where, key):
        n_events = len(events(session))
        keys(key)
        try:
            wait_for("the decision", lambda: len(events(session)) > n_events, 20)
        except AssertionError:
            raise AssertionError(f"{key} does nothing after {where}") from None
        assert len(events(session)) == n_events + 1, where

    with Window("--size", "1390x890", session):
        set_ratio(80)
        wait_for("the summary", lambda: summary().startswith("Keeps 320 of 400"))
        point_at(wait_for("a thumbnail", representative))
        wait_for("the selection", lambda: find(lambda n: (n.get_name() or "").endswith(", selected")))
        decides("a press on an image", "2")
        # From inside it is tested with the focus on every widget; GTK 4.18 says too imprecisely where small ones are.
        keys("F10")
        wait_for("the focus in the menu", lambda: (focused() is not None) and focused().get_role() == Atspi.Role.MENU_ITEM)
        keys("Escape")
        wait_for("the focus outside", lambda: focused() is None or focused().get_role() != Atspi.Role.MENU_ITEM)
        decides("a menu left by Esc", "d")
        keys("F9")
        wait_for("the inspector", lambda: extents(named("Discard", Atspi.Role.PUSH_BUTTON)).width > 1)
        press(named("Keep", Atspi.Role.PUSH_BUTTON))
        wait_for("its decision", lambda: find(lambda n: ", kept by hand" in (n.get_name() or "")))
        decides("the inspector's own Keep", "Return")
        wait_for("the review", lambda: reviewed() == 1)
        # Where text is typed, letters are letters.
        n_events = len(events(session))
        keys("slash", "k", "1", "d")
        wait_for("what is found", lambda: not thumbnails())
        assert len(events(session)) == n_events
        keys("Escape")
        wait_for("the groups", thumbnails)
        decides("the search", "k")


def test_twenty_groups_with_a_protection_each_take_45_keys(folder):
    session = f"{folder}/twenty.tithe"
    cli("cluster", f"{folder}/d", "--embeddings", f"{folder}/f.npy", "-o", session)
    n_keys = 0
    with Window(session):
        set_ratio(60)
        wait_for("the summary", lambda: summary().startswith("Keeps 240 of 400"))
        for key in ["n"] + ["2", "Return"] * 20:
            keys(key)
            n_keys += 1
        wait_for("the reviews", lambda: reviewed() == 20)
    assert n_keys <= 45
    cli("subset", session, "--ratio", "0.6", "--format", "csv", "-o", f"{folder}/twenty.csv")
    with open(f"{folder}/twenty.csv", newline="") as file:
        hand = [row for row in csv.DictReader(file) if row["origin"] == "hand"]
    assert len({(row["class"], row["group"]) for row in hand}) == len(hand) == 20, hand
    assert all(row["kept"] == "1" and row["representative"] != row["index"] for row in hand), hand


def spoken_groups():
    """What a screen reader comes to in the list of groups, from its beginning: headings, each with its images."""
    groups = []
    for node in walk(named("Groups", Atspi.Role.LIST)):
        name, role = node.get_name() or "", node.get_role()
        if role == Atspi.Role.HEADING and name:
            groups.append((name, []))
        elif role == Atspi.Role.IMAGE and name:
            assert groups, f"{name} comes before every heading"
            groups[-1][1].append(name)
    return groups


def heard():
    """The image with the focus, as a screen reader says it; None where the focus is elsewhere, or nowhere."""
    node = focused()
    return node.get_name() if node is not None and node.get_role() == Atspi.Role.IMAGE else None


def test_a_screen_reader_is_told_of_groups_in_their_order(folder):
    session = f"{folder}/spoken.tithe"
    cli("cluster", f"{folder}/d", "--embeddings", f"{folder}/f.npy", "-o", session)

    def is_in_order():
        """At one moment: while the window changes, a part of the tree is of before."""
        groups = spoken_groups()
        told = [re.match(r"(\w+), group (\d+) of (\d+), (\d+) images, keeps (none|\d+), ", name) for name, _ in groups]
        if len(groups) < 5 or not all(told):
            return False
        whole = [(match, images) for match, (_, images) in zip(told, groups) if len(images) == int(match[4])]
        return ([int(match[2]) - int(told[0][2]) for match in told] == list(range(len(told)))
                and all(image.startswith(f"{match[1]}/") and f" of {match[4]}" in image
                        for match, (_, images) in zip(told, groups) for image in images)
                # What is at the ends of the view may be cut off.
                and len(whole) >= len(groups) / 2
                and all(sum(", kept" in image for image in images) == int(match[5].replace("none", "0"))
                        for match, images in whole))

    with Window(session):
        set_ratio(60)
        wait_for("the summary", lambda: summary().startswith("Keeps 240 of 400"))
        wait_for("the groups", is_in_order)
        # No decision loses the focus: what comes next begins where the last ended.
        keys("n")
        wait_for("the focus", heard)
        for pressed, said in (("2", ", kept by hand, one of "), ("2", ", discarded, one of "), ("d", ", discarded by hand, "),
                              ("a", ", discarded, "), ("r", ", kept by hand, representative of "), ("ctrl+z", ", discarded, "),
                              ("Return", ", kept, representative of "), ("s", ", selected"), ("m", ", selected"),
                              ("shift+d", ", selected"), ("ctrl+z", ", selected"), ("Return", ", selected")):
            n_events = len(events(session))
            keys(pressed)
            wait_for(f"the step of {pressed}", lambda: len(events(session)) > n_events)
            wait_for(f"“{said}” after {pressed}", lambda: said in (heard() or ""))
        wait_for("the groups", is_in_order)
        for _ in range(12):
            keys("Return")
        wait_for("the reviews", lambda: reviewed() >= 13)
        wait_for("the groups further down", is_in_order)
        assert heard(), "the focus is lost"


def make_cifar10(folder):
    """Dataset and features; the demo where CIFAR-10 is not at hand."""
    data = os.path.join(os.environ.get("TITHE_TEST_DATA", ""), "cifar10")
    if not os.path.isfile(f"{data}/cifar10-jpeg.tar.gz"):
        return f"{folder}/d", f"{folder}/f.npy"
    os.mkdir(f"{folder}/cifar10")
    subprocess.run(["tar", "xzf", f"{data}/cifar10-jpeg.tar.gz", "-C", f"{folder}/cifar10", "train"], check=True)
    return f"{folder}/cifar10/train", f"{data}/train_features.npy"


def export(path):
    activate("export-to", GLib.Variant("(ss)", ("csv", path)))
    wait_for(path, lambda: os.path.exists(path))
    with open(path, "rb") as file:
        return file.read()


def reviewed():
    node = find(lambda n: re.fullmatch(r"[\d,]+ of [\d,]+ reviewed", n.get_name() or ""))
    return int(node.get_name().split()[0].replace(",", "")) if node else 0


def set_ratio(percent):
    slider = wait_for("the slider", lambda: named("Subset ratio", Atspi.Role.SLIDER))
    slider.get_value_iface().set_current_value(percent)


def test_reviews_ten_groups_as_a_person(folder):
    dataset, features = make_cifar10(folder)
    session = f"{folder}/person.tithe"
    cli("cluster", dataset, "--embeddings", features, "-o", session)
    with Window(session) as window:
        wait_for("the summary", summary)
        set_ratio(80)
        n_kept, n = re.match(r"Keeps ([\d,]+) of ([\d,]+) ", wait_for("the summary", summary)).groups()
        wait_for("eighty percent", lambda: abs(int(summary().split()[1].replace(",", ""))
                                               - 0.8 * int(n.replace(",", ""))) < 1)
        point_at(wait_for("a thumbnail", representative))
        wait_for("the selection", lambda: find(lambda node: (node.get_name() or "").endswith(", selected")))
        for number, keys_of_group in enumerate([["k"], ["Right", "d"], ["Right", "r"], ["s"], ["m"], ["Right", "Right", "k"],
                                                ["shift+d"], ["d"], ["Right", "shift+Right", "k"], ["m", "s"]]):
            keys(*keys_of_group, "Return")
            if number == 0:
                wait_for("the first review", lambda: reviewed() == 1)
        wait_for("ten reviews", lambda: reviewed() >= 8)
        before = reviewed()
        keys("ctrl+z", "ctrl+z")
        wait_for("the undoing", lambda: find(lambda node: "Undone: " in (node.get_name() or "")))
        assert reviewed() <= before
        said = summary()
        assert " · by hand " in said, said
        set_ratio(95)
        wait_for("another cut", lambda: summary() != said)
        set_ratio(80)
        wait_for("the same cut", lambda: summary() == said)
        wait_for("the bookmark", lambda: float(bookmark(session).get("ratio", 0)) == 0.8)
        first = export(f"{folder}/first.csv")
        window.process.kill()
        window.process.wait()
    with Window(session):
        wait_for("where one was", lambda: summary() == said)
        second = export(f"{folder}/second.csv")
    assert first == second
    rows = list(csv.DictReader(first.decode().splitlines()))
    hand = [row for row in rows if row["origin"] == "hand"]
    assert {row["kept"] for row in hand} == {"0", "1"} and len(hand) >= 8, len(hand)
    cli("subset", session, "--ratio", "0.8", "--format", "csv", "-o", f"{folder}/third.csv")
    with open(f"{folder}/third.csv", "rb") as file:
        assert file.read() == first


def test_compares_and_decides_about_many(folder):
    session = f"{folder}/many.tithe"
    cli("cluster", f"{folder}/d", "--embeddings", f"{folder}/f.npy", "-o", session)
    with Window(session):
        wait_for("the summary", summary)
        set_ratio(80)
        wait_for("the summary", lambda: summary().startswith("Keeps 320 of 400"))
        first = wait_for("a thumbnail", representative).get_name().split(", ")[0]
        point_at(representative())
        keys("c")
        wait_for("the kept image", lambda: re.match(rf"{re.escape(first)}, 1 of \d+ · kept$", focus_name()))
        keys("Right")
        path = wait_for("the next one", lambda: re.search(r"(.*), 2 of \d+ · discarded · .* from the kept image$", focus_name())).group(1)
        keys("k")
        wait_for("the decision", lambda: focus_name().startswith(f"{path}, 2 of ") and " · kept by hand · " in focus_name())
        keys("b", "b", "x", "bracketright", "x", "Escape")
        # Where one was, with the selection that was compared.
        wait_for("the groups", lambda: re.match(rf"{re.escape(first)}, kept, .*, selected$", focus_name()))
        keys("c", "Right", "Return")
        after = wait_for("the next group", lambda: re.match(r"(.*), 1 of \d+ · kept$", focus_name())).group(1)
        assert after != first
        keys("Escape")
        wait_for("its place", lambda: re.match(rf"{re.escape(after)}, kept, .*, selected$", focus_name()))
        wait_for("the groups", lambda: find(lambda node: (node.get_name() or "").startswith(f"{path}, kept by hand")))
        activate("decide-many")
        wait_for("the dialog", lambda: find(lambda node: node.get_name() == "Apply"
                                            and node.get_role() == Atspi.Role.PUSH_BUTTON))
        # Pictures of one size leave nothing to the largest: the next rule is the one that is there.
        wait_for("what is looked at", lambda: find(
            lambda node: re.fullmatch(r"Looks at \d+ groups and changes [1-9]\d* of them\.", node.get_name() or "")))
        wait_for("the evidence", lambda: find(
            lambda node: re.fullmatch(r"Sharpness [\d,.]+ against [\d,.]+", node.get_name() or "")))
        wait_for("what gives way", lambda: find(lambda node: (node.get_name() or "").startswith("In place of ")))
        keys("Escape")
        for kind in ("sizes", "dissimilarity", "redundancy"):
            activate("save-figure-to", GLib.Variant("(ss)", (kind, f"{folder}/{kind}.pdf")))
            wait_for(kind, lambda: os.path.exists(f"{folder}/{kind}.pdf"))
    assert [row["path"] for row in by_hand(session, folder)] == [path]


def test_looks_at_one_image_large(folder):
    session = f"{folder}/large-image.tithe"
    cli("cluster", f"{folder}/d", "--embeddings", f"{folder}/f.npy", "-o", session)

    def shown(pattern):
        """What has the focus, which is the large image, is called so."""
        node = focused()
        return node is not None and re.search(pattern, node.get_name() or "") and node.get_name()

    with Window(session):
        set_ratio(80)
        wait_for("the summary", lambda: summary().startswith("Keeps 320 of 400"))
        wait_for("a thumbnail", representative)
        keys("n")
        wait_for("the focus", lambda: shown(", representative of .*, selected"))
        keys("Home", "space")
        path = wait_for("the image", lambda: shown(r", 1 of \d+ · kept$")).split(", ")[0]
        keys("Right")
        second = wait_for("the next", lambda: shown(r", 2 of \d+ · discarded$")).split(", ")[0]
        keys("k")
        wait_for("the decision", lambda: shown(rf"^{re.escape(second)}, 2 of \d+ · kept by hand$"))
        wait_for("its journal", lambda: by_hand(session, folder))
        keys("ctrl+z")
        wait_for("the undoing", lambda: shown(rf"^{re.escape(second)}, 2 of \d+ · discarded$"))
        keys("r")
        wait_for("another kept image", lambda: shown(r" · representative by hand$"))
        keys("a", "d")
        wait_for("a discarded one", lambda: shown(r" · discarded by hand$"))
        keys("Down")
        wait_for("the next group", lambda: shown(r", 1 of \d+ · kept$"))
        keys("Up", "Right", "Left")
        wait_for("the first one", lambda: shown(rf"^{re.escape(path)}, 1 of "))
        keys("Return")
        after = wait_for("the next group by Enter", lambda: not shown(rf"^{re.escape(path)}, ") and shown(r", 1 of \d+ · "))
        keys("Escape")
        wait_for("the focus where one was", lambda: shown(rf"^{re.escape(after.split(', ')[0])}, kept, .*, selected$"))
        keys("space")
        wait_for("the image again", lambda: shown(f"^{re.escape(after)}$"))
        keys("space")
        wait_for("the groups again", lambda: shown(", selected$"))
        keys("Right", "F9")
        nearest = wait_for("the nearest kept", lambda: label_with(", at dissimilarity ")).get_name().split(", ")[0]
        press(named("Nearest kept", Atspi.Role.PUSH_BUTTON))
        wait_for("what is nearest", lambda: shown(f"/{re.escape(nearest)}, kept.*, selected$"))


def test_bad_input_is_explained(folder):
    with Window(f"{folder}/nowhere"):
        wait_for("the explanation", lambda: find(lambda n: "nowhere" in (n.get_name() or "") and "cannot open" in n.get_name()))


def read(path):
    with open(path, "rb") as file:
        return file.read()


def test_session_that_cannot_be_read_is_left_alone(folder):
    data = f"{folder}/again"
    cli("demo", data, "--images", "60", "--classes", "2")
    with Window(data):
        wait_for("the summary", lambda: summary().startswith("Keeps "))
        sessions = f"{os.environ['XDG_DATA_HOME']}/tithe/sessions"
        session = wait_for("the session", lambda: [f"{sessions}/{name}" for name in os.listdir(sessions)
                                                   if name.startswith("again") and name.endswith(".tithe")])[0]
    with contextlib.closing(sqlite3.connect(session)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA user_version = 2")
        newer = read(session)
        with Window(data):
            wait_for("the newer version", lambda: find(lambda n: "newer version" in (n.get_name() or "")))
        assert read(session) == newer
        database.execute("PRAGMA user_version = 1")
        earlier = read(session)
        database.isolation_level = None
        database.execute("BEGIN EXCLUSIVE")
        with Window(data):
            wait_for("the other program", lambda: find(lambda n: "in use by another program" in (n.get_name() or "")))
        database.execute("ROLLBACK")
        assert read(session) == earlier


def test_demo_from_the_start_page(folder):
    with Window(f"{folder}/s.tithe"):
        activate("new-window", path="/org/tithe/Tithe")
        press(wait_for("the button", lambda: find(lambda n: n.get_name() == "Try the Demo"
                                                           and n.get_role() == Atspi.Role.PUSH_BUTTON, True)))
        wait_for("the demo", lambda: find(lambda n: (n.get_name() or "").startswith("Keeps 1,800 of 2,000")))
        assert find(lambda n: "compared by colour and shape" in (n.get_name() or ""))
    # Now it is the session that a program begins with, and a recent one in other windows.
    with Window():
        wait_for("the summary", lambda: summary().startswith("Keeps 1,800 of 2,000"))
        activate("new-window", path="/org/tithe/Tithe")
        wait_for("the recent session", lambda: named("Recent Sessions"))


def choose_class(name):
    def is_class(node):
        return node.get_role() == Atspi.Role.LIST_ITEM and any(n.get_role() == Atspi.Role.LABEL for n in walk(node))

    focus_on("a class", "Tab", is_class)
    focus_on(name, "Down", lambda node: any(n.get_name() == name for n in walk(node)))


def test_goes_on_where_one_was(folder):
    session = f"{folder}/place.tithe"
    cli("cluster", f"{folder}/d", "--embeddings", f"{folder}/f.npy", "-o", session)
    paths = [row["path"] for row in table(folder, 0.6)]

    def marked():
        return [paths[int(image)] for image in bookmark(session).get("images", "").split(";") if image]

    def shown():
        return {name.split(", ")[0] for name in thumbnails()}

    with Window(session) as window:
        wait_for("the slider", lambda: named("Subset ratio", Atspi.Role.SLIDER)).get_value_iface().set_current_value(60)
        wait_for("the summary", lambda: summary().startswith("Keeps 240 of 400"))
        choose_class("car")
        wait_for("cars", lambda: thumbnails() and all(name.startswith("car/") for name in thumbnails()))
        wait_for("the scrollbar", lambda: thumbnails())
        activate("zoom", GLib.Variant("i", 4))
        point_at(wait_for("a car", lambda: find(lambda n: (n.get_name() or "").startswith("car/")
                                                and n.get_role() == Atspi.Role.IMAGE and in_view(n))))
        top = wait_for("the bookmark", lambda: marked() and marked()[0].startswith("car/") and marked())
        keys("End", "Home", "Page_Down", "Page_Down")
        wait_for("a bookmark of what is shown", lambda: marked()[0] != top[0] and set(marked()) & shown())
        said = summary()
        window.process.kill()
        window.process.wait()
    place = set(marked())
    with Window():
        wait_for("the summary", lambda: summary() == said)
        activate("zoom", GLib.Variant("i", 4))
        first = wait_for("the place", lambda: place & shown() and thumbnails())
        assert all(name.startswith("car/") for name in first), first


def label_with(text):
    return find(lambda n: text in (n.get_name() or "") and n.get_role() == Atspi.Role.LABEL)


def test_first_steps_are_shown_once_and_take_no_keys(folder):
    """Whoever never used it is told what is what, and decides meanwhile."""
    session = f"{folder}/first.tithe"
    cli("cluster", f"{folder}/d", "--embeddings", f"{folder}/f.npy", "-o", session)
    kept = os.environ["XDG_STATE_HOME"]
    os.environ["XDG_STATE_HOME"] = f"{folder}/state"
    try:
        with Window(session):
            wait_for("the first step", lambda: label_with("Green Is Kept"))
            keys("Right", "k")
            wait_for("the decision", lambda: len(events(session)) == 1)
            press(wait_for("the button", lambda: named("Next", Atspi.Role.PUSH_BUTTON)))
            wait_for("the second step", lambda: label_with("Drag the Ratio"))
            keys("d")
            wait_for("another decision", lambda: len(events(session)) == 2)
            keys("Escape")
            wait_for("the end", lambda: not label_with("Drag the Ratio"))
        with Window(session):
            wait_for("the groups", thumbnails)
            time.sleep(2)
            assert not label_with("Green Is Kept"), "it is told again"
    finally:
        os.environ["XDG_STATE_HOME"] = kept


def test_a_class_too_large_for_the_memory_leaves_the_others(folder):
    data = f"{folder}/large"
    for name, n in (("boat", 90), ("car", 30)):
        os.makedirs(f"{data}/{name}")
        pictures = [p for p in sorted(os.listdir(f"{folder}/d/{name}")) if p != "0003.png"]
        for picture in pictures[:n]:
            os.link(f"{folder}/d/{name}/{picture}", f"{data}/{name}/{picture}")
    os.environ["TITHE_MAX_MEMORY"] = "150000"
    try:
        with Window(data):
            wait_for("the banner", lambda: label_with("“boat” is too large: it needs "))
            wait_for("its row", lambda: label_with("needs "))
            wait_for("the small class", lambda: summary().startswith("Keeps 27 of 30 "))
            wait_for("its groups", lambda: thumbnails() and all(name.startswith("car/") for name in thumbnails()))
            assert not named("Could Not Open")
            press(wait_for("the way out", lambda: named("Cluster All by Average Linkage", Atspi.Role.PUSH_BUTTON)))
            wait_for("both classes", lambda: summary().startswith("Keeps 108 of 120 "))
            wait_for("what they are clustered by", lambda: label_with("average linkage"))
            cli("embed", data, "--method", "quick", "-o", f"{folder}/large.npy")
            cli("cluster", data, "--embeddings", f"{folder}/large.npy", "--linkage", "average", "-o", f"{folder}/large.tithe")
            cli("subset", f"{folder}/large.tithe", "--ratio", "0.9", "--format", "csv", "-o", f"{folder}/large.csv")
            with open(f"{folder}/large.csv", newline="") as file:
                assert summary().startswith(expected_summary(list(csv.DictReader(file))))
    finally:
        del os.environ["TITHE_MAX_MEMORY"]


def test_pictures_that_cannot_be_read_are_told_of(folder):
    with Window(f"{folder}/d", "--embeddings", f"{folder}/f.npy"):
        wait_for("the banner", lambda: label_with("1 picture can't be read."))
        press(wait_for("the details", lambda: named("Details", Atspi.Role.PUSH_BUTTON)))
        wait_for("the picture's name", lambda: label_with("boat/0003.png"))


ONLY = sys.argv[3:]


def main():
    tests = [(name[5:].replace("_", "-"), function) for name, function in globals().items() if name.startswith("test_")
             and (not ONLY or name[5:].replace("_", "-") in ONLY)]
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        make_data(folder)
        for number, (name, function) in enumerate(tests, 1):
            try:
                function(folder)
                print(f"ok {number} {name}", flush=True)
            except Exception as error:  # noqa: BLE001
                failed += 1
                print(f"not ok {number} {name}\n# {type(error).__name__}: {error}", flush=True)
    return failed > 0


sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What holds for the tree as a whole and no compiler sees (TAP).

Includes go one way: app -> widgets -> core, and within core and app to the same folder or one that stands before it.
Called with the tree's root and the folders of core and of app in their order, each with commas between them.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree

root = pathlib.Path(sys.argv[1]).resolve()
folders = dict(zip(("core", "app"), (names.split(",") for names in sys.argv[2:4])))
WINDOW = ("gtk/", "gdk/", "gsk/", "adwaita")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


def sources(*tops):
    return sorted(path for top in tops for path in (root / top).rglob("*.[ch]"))


def lines_without_comments(source):
    text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source.read_text())
    return enumerate(text.splitlines(), 1)


def find(include, source):
    """The file of the tree that an include in quotes means, or None."""
    for base in (source.parent, root / "core", root / "widgets", root / "app"):
        if (base / include).is_file():
            return (base / include).resolve().relative_to(root)
    return None


def floor(path):
    """How high a file stands: it may include what stands as high or lower."""
    top, below = path.parts[:2]
    rank = ("core", "widgets", "app").index(top)
    if top not in folders:
        return rank, 0
    # What is in no folder of its own (app/tithe.c) stands above them all.
    return rank, folders[top].index(below) if below in folders[top] else len(folders[top])


def include_faults(source):
    here = source.relative_to(root)
    for number, line in enumerate(source.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        if match is None:
            continue
        if match[1] == "<":
            if here.parts[0] == "core" and match[2].startswith(WINDOW):
                yield f"{here}:{number} includes <{match[2]}>, and core knows no window"
            continue
        target = find(match[2], source)
        if target is None:
            yield f"{here}:{number} includes {match[2]}, which is nowhere"
        elif floor(target) > floor(here):
            yield f"{here}:{number} includes {target}, which stands above it"
        elif target.name.endswith("-private.h") and target.parent != here.parent:
            yield f"{here}:{number} includes {target}, which is private to its folder"


def folder_faults():
    for top, names in folders.items():
        for path in sorted((root / top).iterdir()):
            if path.is_dir() and path.name not in names:
                yield f"{top}/{path.name} has no place in the order of {top}/meson.build"


def arrow_faults():
    for source in sources("core", "widgets", "app"):
        yield from include_faults(source)


def option_faults():
    """core is used by a window as well: which option would help is for the command line to say."""
    for source in sources("core"):
        for number, line in lines_without_comments(source):
            for string in STRING.findall(line):
                if re.search(r"(?<![\w-])--[a-z]", string):
                    yield f"{source.relative_to(root)}:{number} speaks of an option of the command line: {string}"


def translation_faults():
    """Every file with words for people is known to the translators."""
    known = set((root / "resources/po/POTFILES").read_text().split())
    marked = {str(path.relative_to(root)) for path in sources("core", "widgets", "app")
              if any(re.search(r"\b(?:N?C?_|ngettext) ?\(", line) for _, line in lines_without_comments(path))}
    marked |= {str(path.relative_to(root)) for path in (root / "resources/ui").glob("*.ui")
               if 'translatable="yes"' in path.read_text()}
    for path in sorted(marked - known):
        yield f"{path} is missing from resources/po/POTFILES"
    for path in sorted(known - marked):
        if not (root / path).is_file():
            yield f"{path} of resources/po/POTFILES is gone"


def document_faults():
    """Documents name what exists: files and folders of the tree, what they lead to, and functions and types."""
    words = set(re.findall(r"\b(?:tithe_\w+|Tithe\w+)", "\n".join(path.read_text() for path in sources("core", "widgets", "app"))))
    for page in sorted([root / "README.md", *(root / "resources/doc").glob("*.md")]):
        text = page.read_text()
        for target in re.findall(r"\]\(([^)\s#]+)", text):
            if "://" not in target and not (page.parent / target).is_file():
                yield f"{page.relative_to(root)} leads to {target}, which is not there"
        for name in sorted(set(re.findall(r"`((?:app|core|widgets|tests|resources)/[\w./-]*)`", text))):
            if not (root / name).exists():
                yield f"{page.relative_to(root)} names {name}, which is not there"
        for name in sorted(set(re.findall(r"`(tithe_\w+|Tithe\w+)(?:\(\))?`", text))):
            if name not in words:
                yield f"{page.relative_to(root)} names {name}, which is nowhere in the code"


def package_faults():
    """The README names the packages that ./dev does."""
    developer, page = (root / "dev").read_text(), (root / "README.md").read_text()
    lists = {"Debian, Ubuntu": re.search(r'^packages="(.*?)"', developer, re.DOTALL | re.MULTILINE)[1]}
    for system in ("Fedora", "Arch"):
        lists[system] = re.sub(r'" *\\\s*"', " ", re.search(rf'say "{system}: (.*?)"\n', developer, re.DOTALL)[1])
    for system, wanted in lists.items():
        named = re.search(rf"^- {system}: `(.*?)`", page, re.DOTALL | re.MULTILINE)
        # A virtual screen is for tests alone.
        for name in sorted(set(named[1].split()) ^ {name for name in wanted.split() if "xvfb" not in name.lower()}):
            yield f"README.md and dev do not agree about {name} of {system}"


def comment_faults():
    """What others may call says above its definition what it is for."""
    public = set(re.findall(r"\b(tithe_\w+) *\(", "\n".join(path.read_text() for path in sources("core", "widgets", "app")
                                                           if path.suffix == ".h")))
    for path in sources("core", "widgets", "app"):
        lines = path.read_text().splitlines() if path.suffix == ".c" else []
        for number in range(2, len(lines)):
            match = re.match(r"(tithe_\w+) \(", lines[number])
            if match is None or match[1] not in public or not re.match(r"[A-Za-z]", lines[number - 1]):
                continue
            if not lines[number - 2].rstrip().endswith("*/"):
                yield f"{path.relative_to(root)}:{number + 1} {match[1]}() has no comment"


# Since GTK 4.10 they are generic to a screen reader, and a generic thing has no name.
GENERIC = ("AdwBin", "AdwClamp", "GtkBox", "GtkCenterBox", "GtkDrawingArea", "GtkGrid", "GtkOverlay", "GtkRevealer", "GtkStack",
           "GtkViewport", "GtkWidget")


def name_faults():
    """What is named for a screen reader has a role that lets it have a name, with every GTK."""
    for path in sorted((root / "resources/ui").glob("*.ui")):
        for node in xml.etree.ElementTree.parse(path).iter():
            kind = node.get("class") if node.tag == "object" else node.get("parent") if node.tag == "template" else None
            named = any(child.get("name") == "label" for part in node.findall("accessibility") for child in part)
            if named and kind in GENERIC and node.find("property[@name='accessible-role']") is None:
                yield f"{path.relative_to(root)}: the {kind} {node.get('id', '')} has a name and no accessible-role"


CHECKS = {
    "every-folder-has-its-place": folder_faults,
    "includes-go-one-way": arrow_faults,
    "core-speaks-of-no-option": option_faults,
    "translators-know-every-file": translation_faults,
    "documents-name-what-exists": document_faults,
    "packages-are-named-alike": package_faults,
    "public-functions-have-comments": comment_faults,
    "what-has-a-name-has-a-role": name_faults,
}

print(f"1..{len(CHECKS)}")
for index, (name, check) in enumerate(CHECKS.items(), 1):
    faults = list(check())
    print(f"{'not ok' if faults else 'ok'} {index} - {name}")
    for fault in faults:
        print(f"# {fault}")

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The help, and the pages that it is made of (TAP).

Called with the tree's root, the made help, tithe-cli, and whether it was built with learning (true or false). The shell's
examples in the pages are run one after the other in a folder of their own, in the order of the pages, as a reader would, and
Python's where what they import is there.
"""
import ast
import html.parser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

if os.environ.get("TITHE_RUNNER"):
    print("1..0 # SKIP shells start the program by its name, which an emulator does not")
    sys.exit(0)
root, made, cli = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
learning = sys.argv[4] == "true"
DOC = root / "resources/doc"
ORDER = re.findall(r"'(\w+)\.md'", (DOC / "meson.build").read_text())
PAGES = {name: (DOC / f"{name}.md").read_text() for name in ORDER}
# A widget's help by its class in C, or by a button in its template.
ASKED = re.compile(r"""(?:tithe_help_add_to_class \(widget_class, "|help\.about</property>\s*<property name="action-target">')([\w-]+)""")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
# What a person reads on a key, where GTK calls it otherwise.
KEYS = {"Page_Up": "Page Up", "Page_Down": "Page Down", "slash": "/", "space": "Space", "Return": "Enter", "Escape": "Esc", "plus": "+", "minus": "-",
        "comma": ",", "bracketleft": "[", "bracketright": "]", "1...9": "1–9"}


class Made(html.parser.HTMLParser):
    """The names in the help, what it refers to, and whether what is opened is closed."""
    EMPTY = ("meta", "img", "br")

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.open, self.faults, self.tags = [], [], [], [], set()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.add(tag)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes[name] for name in ("href", "src") if name in attributes]
        if tag == "img" and not attributes.get("alt"):
            self.faults.append("a picture says nothing to those who can't see it")
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes what is not open, in line {self.getpos()[0]}")


def blocks(language):
    return [(name, code) for name, page in PAGES.items() for kind, code in FENCE.findall(page) if kind == language]


def made_faults():
    """The made file is whole, needs no other, and has every page under the name by which the window asks for it."""
    parser = Made()
    parser.feed(made.read_text())
    yield from parser.faults
    yield from (f"<{tag}> is not closed" for tag in parser.open)
    yield from (f"the name {name} is given twice" for name in sorted(set(parser.ids)) if parser.ids.count(name) > 1)
    for link in parser.links:
        if not link.startswith(("#", "data:image/png;base64,")):
            yield f"the help refers to {link}, which is not in it"
        elif link.startswith("#") and link[1:] not in parser.ids:
            yield f"the help has no {link}"
    if "script" in parser.tags:
        yield "the help has a script"
    asked = {"start", "look"}
    for path in [*(root / "resources/ui").glob("*.ui"), *(root / "app").rglob("*.c")]:
        asked |= set(ASKED.findall(path.read_text()))
    if not {"decide", "export", "verify"} <= asked:
        yield f"the window asks for {sorted(asked)} only"
    yield from (f"the window asks for the page {name}, which is not there" for name in sorted(asked - set(parser.ids)))


def spell(accelerator):
    """<Control><Shift>d as Ctrl+Shift+D."""
    parts = re.findall(r"<(\w+)>", accelerator)
    key = re.sub(r"<\w+>", "", accelerator)
    key = KEYS.get(key, key.upper() if len(key) == 1 else key)
    return "+".join([{"Control": "Ctrl"}.get(part, part) for part in parts] + [key])


def read_shortcuts(accelerators):
    """What the shortcuts window has: a title with its keys."""
    for item in tree.parse(root / "resources/ui/help-overlay.ui").iter("object"):
        if item.get("class") != "GtkShortcutsShortcut":
            continue
        values = {child.get("name"): child.text for child in item.findall("property")}
        if "accelerator" in values:
            yield values["title"], {spell(key) for key in values["accelerator"].split()}
        else:
            # The first is what the window shows; KP_Add and its like are other keys for the same.
            yield values["title"], {spell(accelerators[values["action-name"]][0])}


def key_faults():
    """The page of keys is the shortcuts window, and every other key that it names is bound somewhere."""
    source = (root / "app/window/tithe-application.c").read_text()
    accelerators = {action: re.findall(r'"([^"]+)"', keys) for action, keys in
                    re.findall(r'set_accel \(application, "([^"]+)",\s*\(const char \*const\[\]\)\{(.*?)NULL', source)}
    bound = {spell(match) for path in (root / "app").rglob("*.c") for match in re.findall(r"GDK_KEY_(\w+)", path.read_text())}
    page = {what: set(re.findall(r"`([^`]+)`", keys)) for keys, what in re.findall(r"^\| (`.*?) \| (.*) \|$", PAGES["keys"], re.MULTILINE)}
    shown = dict(read_shortcuts(accelerators))
    if len(shown) < 30:
        yield f"the shortcuts window has {len(shown)} entries"
    for title, keys in shown.items():
        if not keys <= page.get(title, set()):
            yield f"the page has {sorted(page.get(title, []))} for “{title}”, the shortcuts window {sorted(keys)}"
        yield from (f"nothing is bound to {key}" for key in sorted(page.get(title, set()) - keys - bound))
    yield from (f"the shortcuts window has no “{title}”" for title in page if title not in shown)
    used = {action for action in re.findall(r'name="action-name">([^<]+)', (root / "resources/ui/help-overlay.ui").read_text())}
    told = set.union(*page.values())
    for action, keys in accelerators.items():
        if action not in used and spell(keys[0]) not in told:
            yield f"the page says nothing of {spell(keys[0])}, which does {action}"


def tell(command):
    return subprocess.run([cli, *command], capture_output=True, text=True, check=True).stdout


def option_faults():
    """Every command and option that the pages and the README name is there."""
    commands = set(re.findall(r"^  tithe-cli (\w+)", tell(["--help"]), re.MULTILINE))
    helps = {command: set(OPTION.findall(tell([command, "--help"]))) | {"--help"} for command in commands}
    window = set(re.findall(r'\{ "([\w-]+)",', (root / "app/cli/tithe-cli-window.c").read_text()))
    others = {f"--{name}" for name in window} | {"--help", "--version"}
    everything = set.union(others, *helps.values())
    texts = {f"resources/doc/{name}.md": page for name, page in PAGES.items()}
    texts["README.md"] = (root / "README.md").read_text()
    for name, text in texts.items():
        for line in re.findall(r"tithe-cli [^`\n]+", text):
            command = line.split()[1]
            if not command.startswith("-") and command not in commands | {"COMMAND"} and re.fullmatch(r"[a-z]+", command):
                yield f"{name}: there is no command {command}: {line}"
            yield from (f"{name}: {command} has no {option}" for option in OPTION.findall(line)
                        if option not in helps.get(command, everything))
        for span in re.findall(r"`(--[^`\n]+)`", text):
            yield from (f"{name}: nothing has {option}" for option in OPTION.findall(span) if option not in everything)
    for command in sorted(commands):
        if f"tithe-cli {command}" not in PAGES["commands"] and f"`{command}`" not in PAGES["commands"]:
            yield f"resources/doc/commands.md says nothing of {command}"


def needs_learning(code):
    return re.search(r"tithe-cli verify|--method learn", code) is not None


def run(folder, name, line, environment):
    result = subprocess.run(["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        yield f"{name}: {line} ends with {result.returncode}: {result.stderr.strip()}"


def run_python(folder, name, line):
    """Runs a line with what it names imported; nothing where that is not there."""
    # What an export is called may be the name of a module, too.
    imports = "import sys; sys.path.pop(0)\n" + "".join(f"try: import {module}\nexcept ImportError: raise SystemExit(77)\n"
                      for module in ("numpy", "pandas", "datasets", "fiftyone", "webdataset", "torch") if f"{module}." in line)
    if re.search(r"ImageFolder\(", line):
        imports += ("try:\n from torchvision.datasets import ImageFolder\n from torch.utils.data import Subset\n"
                    "except ImportError: raise SystemExit(77)\n")
    result = subprocess.run([sys.executable, "-c", imports + line], cwd=folder, capture_output=True, text=True)
    if result.returncode not in (0, 77):
        yield f"{name}: {line} fails: {result.stderr.strip().splitlines()[-1]}"


def example_faults():
    """What the pages tell to type does what they say."""
    folder = pathlib.Path(tempfile.mkdtemp())
    environment = dict(os.environ, PATH=f"{cli.parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
    try:
        examples = [(name, code) for name, code in blocks("sh") if learning or not needs_learning(code)]
        if len(examples) < 10:
            yield f"there are {len(examples)} examples"
        for name, code in examples:
            for line in code.splitlines():
                yield from run(folder, name, line, environment)
        for name, code in blocks("python"):
            ast.parse(code)
            if name == "export":
                for line in code.splitlines():
                    yield from run_python(folder, name, line)
    finally:
        shutil.rmtree(folder)


def reduce(text):
    """What Markdown means, without what only the help has: names, and where a link or picture leads to."""
    text = re.sub(r"<(/?)(?:thead|tbody)>", "", text)
    text = re.sub(r'<img [^>]*?alt="([^"]*)"[^>]*>', r"<img \1>", text)
    text = re.sub(r"<(h[12]|a|code|pre|th|td)( [^>]*)?>", r"<\1>", text)
    text = re.sub(r"\s*(</?(?:p|ul|ol|li|h1|h2|pre|table|tr|th|td)>)\s*", r"\1", text)
    return re.sub(r"\s+", " ", text).replace("&quot;", '"').replace("&#x27;", "'").strip()


def markdown_faults():
    """A page means the same as where the source is looked at on the web: as cmark-gfm, an implementation of that, has it."""
    sections = re.findall(r'<section id="(\w+)">\n(.*?)\n</section>', made.read_text(), re.DOTALL)
    if [name for name, _ in sections] != ORDER:
        yield f"the help has the pages {[name for name, _ in sections]}"
    for name, body in sections:
        other = subprocess.run(["cmark-gfm", "-e", "table"], input=PAGES[name], capture_output=True, text=True, check=True)
        ours, theirs = reduce(body), reduce(other.stdout)
        if ours != theirs:
            at = len(os.path.commonprefix([ours, theirs]))
            yield f"{name} means “{ours[max(0, at - 40):at + 40]}” here and “{theirs[max(0, at - 40):at + 40]}” there"


CHECKS = {
    "the-help-is-whole-and-needs-no-other-file": (made_faults, None),
    "keys-are-those-of-the-shortcuts-window": (key_faults, None),
    "commands-and-options-exist": (option_faults, None),
    "examples-work": (example_faults, None),
    "a-page-means-what-markdown-means": (markdown_faults, "cmark-gfm"),
}

print(f"1..{len(CHECKS)}")
for index, (name, (check, program)) in enumerate(CHECKS.items(), 1):
    if program is not None and shutil.which(program) is None:
        print(f"ok {index} - {name} # SKIP there is no {program} (package {program})")
        continue
    faults = list(check())
    print(f"{'not ok' if faults else 'ok'} {index} - {name}")
    for fault in faults:
        print(f"# {fault}")

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What words for people must be like, and the catalogues of all languages (TAP).

That a language has every message is for ./dev check: who adds a message need not know six languages. What is there must be
sound here: formats, plural forms, headers, keys of menus. Called with the tree's root.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import catalogue

root = pathlib.Path(sys.argv[1]).resolve()
po = root / "resources/po"
languages = [word for line in (po / "LINGUAS").read_text().splitlines() for word in line.split("#")[0].split()]

def call(*words):
    return subprocess.run(words, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})


def entries(text):
    """Each message as (context, id), joined to one line."""
    for block in re.split(r"\n\n+", text)[1:]:
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        fields = {}
        for line in lines:
            match = re.match(r'(msg\w+(?:\[\d+\])?) (".*")$', line)
            name = match[1] if match else name
            fields[name] = fields.get(name, "") + (match[2] if match else line)[1:-1]
        if fields:
            yield fields


def template_faults():
    """Every message can be extracted, and is a sentence of its own."""
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder) / "tithe.pot"
        yield from catalogue.extract(made)
        for message in entries(made.read_text()):
            text, context = message["msgid"], message.get("msgctxt", "")
            if context.startswith("between two "):
                continue
            # “cannot read “%s”: ” is put before what another program or library says.
            rest = text[:-1] if text.endswith(": ") else text.rstrip("\\n") if text.endswith("\\n") else text
            if rest != rest.strip() or re.match(r"[,;·]", text):
                yield f"“{text}” is a piece of a sentence: join facts, items and sentences by core/base/tithe-text.h"


def catalogue_faults():
    for path in sorted(po.glob("*.po")):
        if path.stem not in languages:
            yield f"{path.name} is not in LINGUAS"
    for language in languages:
        path = po / f"{language}.po"
        if not path.is_file():
            yield f"{path.name} of LINGUAS is not there"
            continue
        yield from (f"{path.name}: {line}" for line in check(path))
        if "#~" in path.read_text():
            yield f"{path.name} has messages that are gone: ./dev translations leaves them out"


def check(path):
    result = call("msgfmt", "--check", "--check-accelerators=_", "-o", "/dev/null", str(path))
    return [line for line in result.stderr.splitlines() if line] if result.returncode else []


HEADER = """msgid ""
msgstr ""
"Project-Id-Version: tithe\\n"
"PO-Revision-Date: 2026-01-01 00:00+0000\\n"
"Last-Translator: a test\\n"
"Language-Team: a test\\n"
"Language: ar\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;\\n"

#, c-format
msgid "%zu image"
msgid_plural "%zu images"
"""


def check_faults():
    """The check itself: the number may be left out of forms that are for one number, and of no other."""
    sound = [HEADER + "".join(f'msgstr[{i}] "{text}"\n' for i, text in enumerate(forms)) for forms in
             (["لا صور", "صورة واحدة", "صورتان", "%zu صور", "%zu صورة", "%zu صورة"], ["%zu صور"] * 6)]
    unsound = [HEADER + "".join(f'msgstr[{i}] "{text}"\n' for i, text in enumerate(forms)) for forms in
               (["%zu صور"] * 5 + ["%s صورة"], ["%zu صور"] * 5 + ["صورة"], ["%zu صور"] * 5)]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "ar.po"
        for text in sound:
            path.write_text(text)
            yield from (f"refused: {line}" for line in check(path))
        for text in unsound:
            path.write_text(text)
            if not check(path):
                yield f"let through: {text[-120:]}"


def main():
    tests = {
        "every message is a sentence that can be extracted": template_faults,
        "catalogues are sound": catalogue_faults,
        "the check of formats knows plural forms": check_faults,
    }
    if shutil.which("xgettext") is None:
        print("1..0 # SKIP gettext is not installed")
        return 0
    if not list(pathlib.Path("/usr/share").glob("gettext*/its/gtk4builder.*")):
        print("1..0 # SKIP GTK's rules for what is translated of .ui files are not installed (libgtk-4-dev)")
        return 0
    return catalogue.report(tests)


sys.exit(main())

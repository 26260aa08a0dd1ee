# SPDX-License-Identifier: MIT
"""A catalogue that translates everything, made from the program's own messages, and the locale to read it in.

Each translation is its message with accents, longer by two fifths, in brackets: what has none of them was not translated, and
what is longer than its place is seen.
"""
import os
import pathlib
import re
import shutil
import subprocess

root = pathlib.Path(__file__).resolve().parents[2]
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "NP_:1,2", "g_dcgettext:2", "g_dngettext:2,3", "g_dpgettext2:2c,3"]
FORMAT = r"%(?:\d+\$)?[-+0 #']*\d*(?:\.\d+)?(?:z|l)*[a-zA-Z%]|%<PRI\w+>|\\.|<[^>]*>|&\w+;|_(?=\w)"
ACCENTS = str.maketrans("aeiouAEIOUncs", "áëîöúÅÉÎÕÛñçš")
MARK = "⟦"


def extract(template):
    """Writes the template of all messages; returns what xgettext has to say."""
    result = subprocess.run(
        ["xgettext", "--from-code=UTF-8", "--add-comments", *(f"--keyword={word}" for word in KEYWORDS),
         f"--files-from={root / 'resources/po/POTFILES'}", f"--directory={root}", "-o", str(template)],
        capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return [line for line in result.stderr.splitlines() if line] + ([] if result.returncode == 0 else ["xgettext failed"])


def lengthen(text):
    parts = re.split(f"({FORMAT})", text)
    said = "".join(part if i % 2 else part.translate(ACCENTS) for i, part in enumerate(parts))
    letters = sum(map(len, parts[::2]))
    start, middle, end = re.match(r"((?:\\n)*)(.*?)((?:\\n)*)$", said, re.DOTALL).groups()
    more = f" {'ěŧå' * (letters * 2 // 15)}" if letters > 4 else ""
    return f"{start}{MARK}{middle}{more}⟧{end}"


def translate(template, language, long=True):
    """The text of a catalogue of the language with two plural forms."""
    text = template.read_text()
    header, *blocks = re.split(r"\n\n+", text)
    header = re.sub(r"#, fuzzy\n", "", header)
    for name, value in {"Project-Id-Version": "tithe", "PO-Revision-Date": "2026-01-01 00:00+0000", "Last-Translator": "a test", "Language-Team": "a test",
                        "Language": language, "Plural-Forms": "nplurals=2; plural=n != 1;"}.items():
        header = re.sub(rf'"{name}: .*\\n"', f'"{name}: {value}\\\\n"', header)
    made = [header]
    for block in blocks:
        fields, name = {}, None
        for line in block.splitlines():
            match = re.match(r'(?:(msg\w+(?:\[\d+\])?) )?"(.*)"$', line)
            if match:
                name = match[1] or name
                fields[name] = fields.get(name, "") + match[2]
        if "msgid" not in fields:
            continue
        between = fields.get("msgctxt", "").startswith("between two ")
        say = (lambda words: words) if between else lengthen
        lines = [line for line in block.splitlines() if line.startswith("#,")]
        lines += [f'{name} "{fields[name]}"' for name in ("msgctxt", "msgid", "msgid_plural") if name in fields]
        if "msgid_plural" in fields:
            lines += [f'msgstr[0] "{say(fields["msgid"])}"', f'msgstr[1] "{say(fields["msgid_plural"])}"']
        else:
            lines.append(f'msgstr "{say(fields["msgid"])}"')
        made.append("\n".join(lines))
    return "\n\n".join(made) + "\n"


def install(folder, language="de"):
    """Puts the catalogue where a program in folder/app looks for it."""
    template, target = folder / "tithe.pot", folder / "resources/po" / language / "LC_MESSAGES"
    target.mkdir(parents=True)
    extract(template)
    (folder / "made.po").write_text(translate(template, language))
    subprocess.run(["msgfmt", "--check", "-o", target / "tithe.mo", folder / "made.po"], check=True)


def make_locale(folder, name="de_DE"):
    """Whether the locale could be made; LOCPATH is the folder then."""
    if shutil.which("localedef") is None:
        return False
    done = subprocess.run(["localedef", "-i", name, "-f", "UTF-8", str(folder / f"{name}.UTF-8")], capture_output=True)
    return done.returncode in (0, 1) and (folder / f"{name}.UTF-8" / "LC_NUMERIC").is_file()


def report(tests):
    """Says by TAP which tests found faults; the status to end with."""
    print(f"1..{len(tests)}")
    bad = 0
    for number, (name, faults) in enumerate(tests.items(), 1):
        found = list(faults())
        for fault in found:
            print(f"# {fault}")
        bad += bool(found)
        print(f"{'not ok' if found else 'ok'} {number} {name}")
    return 1 if bad else 0

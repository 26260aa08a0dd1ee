#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What tithe-cli writes is the same in every language (TAP). Called with the program.

All commands are run in English and in German with a catalogue that translates everything, in the same place. What programs
read, files and JSON, has the same bytes. Figures and the report are for people: their words are in the person's language, and
their numbers are written as in English; with an English catalogue they have the same bytes, too.
"""
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import catalogue

FORMS = ["csv", "jsonl", "indices", "mask", "paths", "paths-dropped", "manifest", "tree", "imagefolder", "fiftyone", "webdataset",
         "idx"]
FIGURES = ["sizes", "dissimilarity", "redundancy", "groups", "accuracy", "coverage"]
# Files whose words are in the person's language.
FOR_PEOPLE = (".svg", ".pdf", ".png", ".html")


def commands(learns):
    yield "demo d --images 60 --test 20 --classes 3"
    yield "info d --json"
    yield "info d"
    yield "embed d --method quick -o f.npy --progress"
    yield "cluster d --embeddings f.npy -o s.tithe --max-memory 1.5G"
    yield "linkage s.tithe --class balloon -o z.npy"
    yield "decide s.tithe --rule at-least --value 7 --ratio 0.55 --dry-run --json"
    yield "decide s.tithe --rule protect-class --value balloon --ratio 0.55"
    yield "decide s.tithe --rule largest --ratio 0.55 --json"
    for form in FORMS:
        ending = {"csv": ".csv", "jsonl": ".jsonl", "indices": ".npy", "mask": ".npy"}.get(form, "")
        yield f"export s.tithe --ratio 0.55 --what both --format {form} -o out-{form}{ending}" if form in ("csv", "jsonl") else \
              f"export s.tithe --ratio 0.55 --format {form} -o out-{form}{ending}"
    yield "embed c --method quick -o c.npy"
    yield "cluster c --embeddings c.npy -o c.tithe"
    yield "export c.tithe --ratio 0.5 --format cifar -o out-cifar"
    yield "subset s.tithe --threshold 0.0125 --format csv -o -"
    yield "replay out-csv.csv.provenance.json -o again.csv"
    yield "coverage s.tithe --ratios 0.9,0.55 -o coverage.csv"
    yield "coverage s.tithe --ratios 0.9,0.55"
    if learns:
        yield "verify s.tithe --ratios 0.55 --trials 2 --model resnet8 --width 4 --size 16 --epochs 1 --threads 1 --json"
        yield "verify s.tithe --show --csv trials.csv"
        yield "verify s.tithe --show --by-class --json"
        yield "embed d --method learn --model resnet8 --width 4 --size 16 --epochs 1 --threads 1 -o l.npy --network n.safetensors"
    for kind in FIGURES if learns else [kind for kind in FIGURES if kind != "accuracy"]:
        ratios = "--ratios 0.9,0.55" if kind == "coverage" else "" if kind == "accuracy" else "--ratio 0.55"
        for ending in ("svg", "pdf", "png"):
            yield f"figure s.tithe --kind {kind} {ratios} -o {kind}.{ending}"
    yield "report s.tithe --ratio 0.55 -o r.html"


def speak(program, folder, name, language):
    """Runs all commands; the answers, what lies there then, and what went wrong."""
    work = folder / "work"
    (work / "c").mkdir(parents=True)
    for n, file in enumerate([f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]):
        (work / "c" / file).write_bytes(b"".join(bytes([i % 3]) + bytes((n + i * (1 + j % 7)) % 256 for j in range(3072)) for i in range(8)))
    env = {**os.environ, "LOCPATH": str(folder), "SOURCE_DATE_EPOCH": "1700000000", **language}
    answers, faults = {}, []
    for words in commands(LEARNS):
        done = subprocess.run([*os.environ.get("TITHE_RUNNER", "").split(), program, *words.split()], cwd=work, env=env, capture_output=True)
        answers[words] = done.stdout.decode()
        if done.returncode != 0:
            faults.append(f"{words}: {done.returncode} in {name}: {done.stderr.decode()}")
    kept = folder / name
    work.rename(kept)
    return answers, kept, faults


def without_time(name, data):
    """What depends on when something was done, or on how fast, and on no language."""
    if name.endswith((".json", ".html", "provenance.json")):
        data = re.sub(rb"some [\d.]+ \w+", b"", data)
        data = re.sub(rb'("|&quot;)(written|time|seconds|created)\1 *: *[^,\n}]*', b"", data)
    return data


def read_session(path):
    """Every row but for the times at which things were done."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
            columns = [row[1] for row in database.execute(f"PRAGMA table_info ({table})")]
            chosen = [c for c in columns if c not in ("made", "time", "beat", "seconds", "claimer", "asked")]
            if chosen:
                yield table, sorted(map(repr, database.execute(f"SELECT {', '.join(chosen)} FROM {table}").fetchall()))


def compare(ours, theirs, people):
    """Faults where files differ: those for people, or all others."""
    names = [{str(p.relative_to(top)) for p in top.rglob("*") if p.is_file()} for top in (ours, theirs)]
    for name in sorted(names[0] ^ names[1]):
        yield f"{name} is in one of them only"
    for name in sorted(names[0] & names[1]):
        is_document = name.endswith(FOR_PEOPLE) and "/" not in name
        if is_document != people or name.endswith(("-shm", "-wal")):
            continue
        if name.endswith(".tithe"):
            for (table, rows), (_, others) in zip(read_session(ours / name), read_session(theirs / name)):
                if rows != others:
                    yield f"{name}: {table} differs: {[pair for pair in zip(rows, others) if pair[0] != pair[1]][:2]}"
            continue
        a, b = (without_time(name, (top / name).read_bytes()) for top in (ours, theirs))
        if a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            yield f"{name} differs at byte {at}: {a[max(0, at - 40):at + 40]!r} {b[max(0, at - 40):at + 40]!r}"


def numbers(html):
    """Numbers of a report, but for those within words and pictures."""
    html = re.sub(r"(some|šömë) ⟦?[\d.]+", "", html)
    text = re.sub(r"base64,[^\"]*|<svg.*?</svg>|<pre>.*?</pre>", "", html, flags=re.DOTALL)
    return re.findall(r"(?<![\w.])[-+]?\d+(?:[.,]\d+)?", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL))


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tithe-languages-"))
    try:
        return run(folder)
    finally:
        shutil.rmtree(folder)


def run(folder):
    if shutil.which("msgfmt") is None or not catalogue.make_locale(folder):
        print("1..0 # SKIP needs localedef's sources and msgfmt: packages locales and gettext")
        return 0
    (folder / "app").mkdir()
    program = str(folder / "app" / "tithe-cli")
    shutil.copy2(sys.argv[1], program)
    catalogue.install(folder)
    english = speak(program, folder, "english", {"LC_ALL": "C.UTF-8", "LANGUAGE": ""})
    german = speak(program, folder, "german", {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": ""})
    plain = speak(program, folder, "plain", {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "en"})
    report = [(kept / "r.html").read_text() for _, kept, _ in (english, german)]

    def answers_for_programs():
        for words, answer in english[0].items():
            if words.endswith("--json") or words.endswith("-o -"):
                a, b = (re.sub(r'"seconds" : [^,\n]*|some [\d.]+ \w+', "", text) for text in (answer, german[0][words]))
                if a != b:
                    yield f"{words}: {[pair for pair in zip(a.splitlines(), b.splitlines()) if pair[0] != pair[1]][:2]}"

    def answers_for_people():
        for words, answer in german[0].items():
            if words in ("info d", "coverage s.tithe --ratios 0.9,0.55") or words.startswith(("decide s.tithe --rule protect", "replay")):
                if catalogue.MARK not in answer:
                    yield f"{words}: not translated: {answer[:200]}"
                if re.search(r"\d,\d", answer):
                    yield f"{words}: a number with a comma: {answer[:200]}"

    def documents():
        yield from compare(english[1], plain[1], people=True)
        if catalogue.MARK not in report[1]:
            yield "the report is not translated"
        if '<html lang="de">' not in report[1] or '<html lang="en">' not in report[0]:
            yield "the report does not say its language"
        if sorted(numbers(report[0])) != sorted(numbers(report[1])):
            yield f"the report's numbers differ: {set(numbers(report[0])) ^ set(numbers(report[1]))}"

    tests = {
        "every command works in every language": lambda: english[2] + german[2] + plain[2],
        "files for programs have the same bytes": lambda: compare(english[1], german[1], people=False),
        "answers for programs have the same bytes": answers_for_programs,
        "answers for people are in their language, with a decimal point": answers_for_people,
        "figures and the report have words of the language, and numbers with a point": documents,
    }
    return catalogue.report(tests)


LEARNS = sys.argv[2:] == ["learn"]
sys.exit(main())

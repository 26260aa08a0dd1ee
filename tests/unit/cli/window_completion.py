#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The completion of the window's program (TAP). Called with tithe and its completions for bash, zsh and fish."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

tithe, bash_file, zsh_file, fish_file = (pathlib.Path(argument).resolve() for argument in sys.argv[1:5])


def complete(folder, *words):
    """What bash would offer for the last of the words."""
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt () { :; }; _tithe; printf "%s\\n" "${COMPREPLY[@]}"'
    said = subprocess.run(["bash", "-c", script, "-", bash_file, "tithe", *words], cwd=folder, capture_output=True, text=True, check=True)
    if said.stderr:
        raise AssertionError(said.stderr)
    return sorted(set(said.stdout.split()))


def options():
    """What the program says of itself."""
    said = subprocess.run([tithe, "--help"], capture_output=True, text=True, env=dict(os.environ, LC_ALL="C.UTF-8"), check=True)
    shown = said.stdout[said.stdout.index("Application Options"):]
    return sorted(set(re.findall(r"^  .*?(--[a-z-]+)", shown, re.MULTILINE)) | {"--help"})


def bash_faults():
    with tempfile.TemporaryDirectory() as folder:
        for name in ("f.npy", "g.SAFETENSORS", "p.png", "s.tithe"):
            (pathlib.Path(folder) / name).touch()
        for words, wanted in ((["--"], options()), (["--embeddings", ""], ["f.npy", "g.SAFETENSORS"]),
                              (["-e", "f"], ["f.npy"]), (["--screenshot=", ], ["--screenshot=p.png"]), (["--ratio", ""], []),
                              (["--demo", "s"], ["s.tithe"]), ([""], ["f.npy", "g.SAFETENSORS", "p.png", "s.tithe"])):
            offered = complete(folder, *words)
            if offered != wanted:
                yield f"{words}: bash offers {offered}, not {wanted}"


def other_faults():
    """Every option is known to the other shells, too, and what they read is sound."""
    for path, form in ((zsh_file, "'{}[=[]"), (fish_file, " -l {} ")):
        text = path.read_text().replace("{-e,--embeddings=}'", "'--embeddings=")
        for option in options():
            name = option if path == zsh_file else option[2:]
            if option != "--help" and not re.search(form.format(name), text):
                yield f"{path.name} has no {option}"
    for shell, path in (("bash", bash_file), ("zsh", zsh_file), ("fish", fish_file)):
        if shutil.which(shell):
            yield from subprocess.run([shell, "-n", path], capture_output=True, text=True).stderr.splitlines()


CHECKS = {"bash-offers-what-the-program-takes": bash_faults, "other-shells-know-the-same": other_faults}
print(f"1..{len(CHECKS)}")
for index, (name, check) in enumerate(CHECKS.items(), 1):
    faults = list(check())
    print(f"{'not ok' if faults else 'ok'} {index} - {name}")
    for fault in faults:
        print(f"# {fault}")

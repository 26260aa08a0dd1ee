#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the shells complete, and the manual lists, is what the program takes (TAP).

Called with tithe-cli, the completions for bash, zsh and fish, the manual, and the program that makes them. What is expected comes from the program's
own --help and from its errors; each shell reads its file and is asked as a person would ask it.
"""
import os
import pathlib
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time

if os.environ.get("TITHE_RUNNER"):
    print("1..0 # SKIP shells start the program by its name, which an emulator does not")
    sys.exit(0)
cli, bash_file, zsh_file, fish_file, manual, reference = (pathlib.Path(word).resolve() for word in sys.argv[1:7])
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en", "PATH": f"{cli.parent}:{os.environ['PATH']}"}


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, env=ENVIRONMENT, timeout=300, **more)


def read_options(command):
    """Long name -> (short name or None, whether it takes a value), as --help lists them."""
    found = re.findall(r"^  (?:-(\w), )?--([\w-]+)(=\S+)?  ", run(cli, command, "--help").stdout, re.MULTILINE)
    return {name: (letter or None, bool(unit)) for letter, name, unit in found}


def read_words(command, name):
    """What an option that takes words says when it is given another one; nothing of any other option."""
    with tempfile.TemporaryDirectory() as folder:
        errors = run(cli, command, f"--{name}=no-such-word", "x", cwd=folder).stderr
    match = re.search(r"--[\w-]+ takes (.*), not “no-such-word”", errors)
    if not match or re.match(r"a (whole |)number|a size|a ratio", match[1]):
        return []
    return [word for word in re.split(", | or ", match[1]) if " " not in word]


commands = re.findall(r"^  tithe-cli (\w+) ", run(cli, "--help").stdout, re.MULTILINE)
options = {command: read_options(command) for command in commands}
words = {(command, name): found for command in commands for name, (_, value) in options[command].items() if value
         if (found := read_words(command, name))}


def questions():
    """Words before the one that is completed, that word, and what must come."""
    yield [], "", set(commands)
    for command in commands:
        yield [command], "--", {f"--{name}" for name in options[command]}
    for (command, name), expected in words.items():
        yield [command, f"--{name}"], "", set(expected)
        yield [command], f"--{name}=", set(expected)
        if letter := options[command][name][0]:
            yield [command, f"-{letter}"], "", set(expected)
    for before, expected in FILES:
        yield before, "", expected


# Which files come: those of the ending that a place asks for, and folders.
NAMES = {"a.npy", "b.tithe", "c.json", "d.txt", "e.pdf", "f.safetensors"}
FILES = [
    (["cluster", "x", "--embeddings"], {"a.npy", "f.safetensors", "folder"}),
    (["cluster", "x", "-o"], {"b.tithe", "folder"}),
    (["verify"], {"b.tithe", "folder"}),
    (["replay"], {"c.json", "folder"}),
    (["demo"], {"folder"}),
    (["figure", "x", "-o"], {"e.pdf", "folder"}),
    (["info"], NAMES | {"folder"}),
]


def ask_bash(asked, folder):
    """As readline parts words: at blanks, and at =."""
    script = [f"source '{bash_file}'"]
    for before, word in asked:
        line = ["tithe-cli", *before, *(re.split("(=)", word) if "=" in word else [word])]
        if line[-1] == "" and line[-2] == "=":
            line.pop()
        quoted = " ".join(f"'{part}'" for part in line)
        script.append(f"COMP_WORDS=({quoted}) COMP_CWORD={len(line) - 1}; _tithe_cli")
        script.append('echo "=="; printf "%s\\n" "${COMPREPLY[@]}"')
    shell = run("bash", "--norc", "-c", "\n".join(script), cwd=folder)
    return [part.split("\n") for part in shell.stdout.split("==\n")[1:]], shell.stderr


def ask_fish(asked, folder):
    script = [f"source '{fish_file}'"]
    for before, word in asked:
        script.append(f"echo '=='; complete -C'{' '.join(['tithe-cli', *before, word])}'")
    shell = run("fish", "--no-config", "-c", "\n".join(script), cwd=folder)
    return [[line.split("\t")[0].split("=")[-1] if line.startswith("--") and "=" in line else line.split("\t")[0]
             for line in part.split("\n")] for part in shell.stdout.split("==\n")[1:]], shell.stderr


# A widget that writes what would be offered to a file, and empties the line.
ZSH = """
PS1= RPS1=; unsetopt prompt_sp; setopt no_beep
fpath=($1 $fpath); autoload -Uz compinit; compinit -u -D
zstyle ':completion:*' verbose no
compadd () {
  if (( $@[(I)-[OAD]] )); then builtin compadd "$@"; return; fi
  local -a found
  builtin compadd -O found "$@"; print -rl -- $found >>$OUT
  builtin compadd "$@"
}
offer () { _main_complete; compstate[insert]= compstate[list]= }
zle -C offer complete-word offer
ask () { zle offer; print -r -- asked >>$OUT; BUFFER= }
zle -N ask; bindkey '^X' ask
print -r -- ready >>$OUT
"""


class Terminal:
    """An interactive zsh, which completes only where there is somebody to type."""

    def __init__(self, folder):
        self.out = folder.parent / "offered"
        self.out.touch()
        self.shown = b""
        environment = {**ENVIRONMENT, "TERM": "dumb", "OUT": str(self.out), "HOME": str(folder.parent)}
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvpe("zsh", ["zsh", "-f", "-i"], environment)
        threading.Thread(target=self.drain, daemon=True).start()
        (folder.parent / "setup").write_text(ZSH)
        os.write(self.end, f"source {folder.parent}/setup {shlex.quote(str(zsh_file.parent))}\n".encode())
        self.wait("ready")

    def drain(self):
        while True:
            try:
                select.select([self.end], [], [])
                self.shown += os.read(self.end, 65536)
            except OSError:
                return

    def wait(self, last):
        for _ in range(1200):
            text = self.out.read_text()
            if text.endswith(last + "\n"):
                self.out.write_text("")
                return text[:-len(last) - 1]
            time.sleep(0.05)
        raise TimeoutError(f"zsh says nothing: {self.shown[-2000:].decode(errors='replace')}")

    def ask(self, line):
        os.write(self.end, line.encode() + b"\x18")
        return self.wait("asked").split("\n")

    def close(self):
        os.write(self.end, b"\x15exit\n")
        os.waitpid(self.child, 0)


def ask_zsh(asked, folder):
    terminal = Terminal(folder)
    answers = [terminal.ask(" ".join(["tithe-cli", *before, word])) for before, word in asked]
    terminal.close()
    return answers, ""


def faults_of_shell(ask):
    with tempfile.TemporaryDirectory() as top:
        folder = pathlib.Path(top) / "here"
        (folder / "folder").mkdir(parents=True)
        for name in NAMES:
            (folder / name).touch()
        cases = list(questions())
        answers, errors = ask([case[:2] for case in cases], folder)
    if errors:
        yield errors
    if len(answers) != len(cases):
        yield f"{len(answers)} answers to {len(cases)} questions"
    for (before, word, expected), answer in zip(cases, answers):
        got = {name.rstrip("=/") for name in answer if name}
        for name in sorted(expected - got):
            yield f"“tithe-cli {' '.join([*before, word])}” does not offer {name} but {' '.join(sorted(got))}"
        # fish offers files without the ending, too, last.
        if ask is not ask_fish or not (before, expected) in FILES:
            for name in sorted(got - expected - {"-h", "--help", "--version"}):
                yield f"“tithe-cli {' '.join([*before, word])}” offers {name}"


def manual_faults():
    told = {}
    for part in re.split(r"(?m)^\.TP\n(?=\.B \w)", manual.read_text().split(".SH COMMANDS")[1].split(".SH OPTIONS")[0])[1:]:
        for name in re.findall(r"[a-z]{4,}", part.split("\n")[0].replace("\\fR", "").replace("\\fB", "")):
            told[name] = part
    shared = manual.read_text().split(".SH OPTIONS")[1]
    for command in commands:
        if command not in told:
            yield f"{command} is not told of"
            continue
        for name, (letter, _) in options[command].items():
            written = "\\fB\\-\\-" + name.replace("-", "\\-") + "\\fR"
            if letter:
                written = f"\\fB\\-{letter}\\fR, {written}"
            if f"\n{written}" not in told[command] + shared:
                yield f"{command} --{name} is not told of"
    for (command, name), expected in words.items():
        for word in expected:
            if "\\fB" + word.replace("-", "\\-") + "\\fR" not in told[command]:
                yield f"the word {word} of {command} --{name} is not told of"


def page_faults():
    """Nothing that groff warns of."""
    yield from run("groff", "-ww", "-man", "-K", "utf8", "-T", "utf8", "-z", manual).stderr.splitlines()


def byte_faults():
    """The same bytes, whoever builds, wherever and whenever; a date only where the build has one."""
    other = {**ENVIRONMENT, "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "TZ": "Asia/Tokyo", "HOME": "/"}
    for shell, path in (("bash", bash_file), ("zsh", zsh_file), ("fish", fish_file)):
        if subprocess.run([reference, shell], capture_output=True, env=other, cwd="/").stdout != path.read_bytes():
            yield f"another completion for {shell} in another place"
    with tempfile.TemporaryDirectory() as folder:
        prose = pathlib.Path(folder) / "prose"
        prose.write_text('.TH X 1 "@date@"\n')
        if run(reference, "man", prose).returncode == 0:
            yield "a page without a mark for each command is taken"
        prose.write_text('.TH X 1 "@date@"\n' + "".join(f'.\\" @options {name}@\n' for name in [*commands, "all"]))
        dated = subprocess.run([reference, "man", prose], capture_output=True, env={**other, "SOURCE_DATE_EPOCH": "86400"})
        if not dated.stdout.startswith(b'.TH X 1 "1970-01-02"\n'):
            yield f"not dated: {dated.stdout[:40]}"


CASES = [
    ("bash-completes-what-help-lists", "bash", lambda: faults_of_shell(ask_bash)),
    ("zsh-completes-what-help-lists", "zsh", lambda: faults_of_shell(ask_zsh)),
    ("fish-completes-what-help-lists", "fish", lambda: faults_of_shell(ask_fish)),
    ("the-manual-tells-of-every-option", None, manual_faults),
    ("the-manual-is-well-formed", "groff", page_faults),
    ("the-same-bytes-each-time", None, byte_faults),
]
PACKAGES = {"groff": "groff-base"}

print(f"1..{len(CASES)}")
if len(commands) < 12 or sum(map(len, options.values())) < 100 or len(words) < 15:
    print(f"Bail out! --help could not be read: {len(commands)} commands, {len(words)} options with words")
    sys.exit(1)
for index, (name, program, check) in enumerate(CASES, 1):
    if program and shutil.which(program) is None:
        print(f"ok {index} - {name} # SKIP there is no {program} (package {PACKAGES.get(program, program)})")
        continue
    faults = list(check())
    print(f"{'not ok' if faults else 'ok'} {index} - {name}")
    for fault in faults:
        print("# " + fault.replace("\n", "\n# "))

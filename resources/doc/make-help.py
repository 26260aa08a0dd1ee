#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the help, one HTML file that needs no other, of pages in Markdown.

usage: make-help.py VERSION OUT.html PAGE.md...

Knows the part of Markdown that the pages use, and refuses what it does not know rather than showing it wrongly: headings,
paragraphs, lists of one level, tables, code in fences, pictures, links among the pages, `code`, **strong** and *emphasis*.
What it makes is what CommonMark with tables makes, but for ids, for the numbers of pages and for pictures, which are put
into the file: a browser in a sandbox is given this file alone.
"""
import base64
import html
import pathlib
import re
import sys

STYLE = pathlib.Path(__file__).with_name("help.css")
INLINE = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|\*(?P<emphasis>[^*\s][^*]*?)\*"
                    r"|!\[(?P<alternative>[^]]*)\]\((?P<picture>[^)\s]+)\)|\[(?P<text>[^]]+)\]\((?P<target>[^)\s]+)\)")
ITEM = re.compile(r"(?:(-)|(\d+)\.) +")
FOREIGN = re.compile(r"</?[a-z]|&[a-z#]\w*;|~~|\[\^|^\s*(?:#{3,} |>|\* |\+ |={3,}$|-{3,}$)|\\", re.I)


class Page:
    def __init__(self, path, names):
        self.path = path
        self.name = path.stem
        self.names = names
        self.lines = path.read_text(encoding="utf-8").splitlines()
        self.at = 0
        self.title = None
        self.sections = []

    def fail(self, what):
        sys.exit(f"{self.path}:{min(self.at + 1, len(self.lines))}: {what}")

    def inline(self, text):
        parts = []
        end = 0
        for match in INLINE.finditer(text):
            parts.append(self.plain(text[end:match.start()]))
            end = match.end()
            parts.append(getattr(self, match.lastgroup if match.lastgroup in ("code", "strong", "emphasis") else
                                 "picture" if match["picture"] else "link")(match))
        return "".join(parts) + self.plain(text[end:])

    def plain(self, text):
        if FOREIGN.search(text) or re.search(r"[`*]|\]\(", text):
            self.fail(f"this is no Markdown that the help knows: {text.strip()}")
        return html.escape(text, quote=False)

    def code(self, match):
        return f"<code>{html.escape(match['code'], quote=False)}</code>"

    def strong(self, match):
        return f"<strong>{self.inline(match['strong'])}</strong>"

    def emphasis(self, match):
        return f"<em>{self.inline(match['emphasis'])}</em>"

    def picture(self, match):
        path = self.path.parent / match["picture"]
        if path.suffix != ".png" or not path.is_file():
            self.fail(f"there is no picture {path}")
        data = base64.b64encode(path.read_bytes()).decode()
        return f'<img alt="{html.escape(match["alternative"])}" src="data:image/png;base64,{data}">'

    def link(self, match):
        name, _, section = match["target"].partition("#")
        name = self.name if name == "" else name.removesuffix(".md")
        if match["target"].startswith("https:") or name not in self.names:
            self.fail(f"{match['target']} is no page of the help")
        return f'<a href="#{name}{"-" + section if section else ""}">{self.inline(match["text"])}</a>'

    def heading(self):
        level, text = re.fullmatch(r"(##?) (.+)", self.lines[self.at]).groups()
        if (level == "#") != (self.at == 0):
            self.fail("a page begins with its one title")
        if level == "#":
            self.title = text
            result = f'<h1>{self.inline(text)}</h1>'
        else:
            name = self.name + "-" + re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-")
            self.sections.append((name, self.inline(text)))
            result = f'<h2 id="{name}">{self.inline(text)}</h2>'
        self.at += 1
        return result

    def fence(self):
        language = self.lines[self.at][3:]
        begin = self.at + 1
        try:
            self.at = self.lines.index("```", begin) + 1
        except ValueError:
            self.fail("this code has no end")
        code = html.escape("\n".join(self.lines[begin:self.at - 1]), quote=False)
        return f'<pre><code{f" class=language-{language}" if language else ""}>{code}\n</code></pre>'

    def cells(self):
        line = self.lines[self.at]
        if not line.endswith("|"):
            self.fail("a row of a table ends with a bar")
        self.at += 1
        return [cell.strip() for cell in line[1:-1].split("|")]

    def table(self):
        head = self.cells()
        if not re.fullmatch(r"\|(?:-+\|)+", self.lines[self.at]) or len(self.cells()) != len(head):
            self.fail("the second row of a table has a --- for each column")
        rows = []
        while self.at < len(self.lines) and self.lines[self.at].startswith("|"):
            rows.append(self.cells())
            if len(rows[-1]) != len(head):
                self.fail(f"a row of {len(rows[-1])} cells in a table of {len(head)}")
        row = lambda cells, tag: "<tr>" + "".join(f"<{tag}>{self.inline(cell)}</{tag}>" for cell in cells) + "</tr>"
        return ("<table><thead>" + row(head, "th") + "</thead><tbody>" + "\n".join(row(cells, "td") for cells in rows)
                + "</tbody></table>")

    def take(self, indent):
        """The rest of a paragraph or an item: lines that go on with it."""
        lines = []
        while self.at < len(self.lines) and self.lines[self.at].strip():
            line = self.lines[self.at]
            if lines and (re.match(r"#|```|\||!\[", line) or ITEM.match(line)):
                break
            if lines and not line.startswith(indent):
                self.fail("a line of an item begins below its text")
            lines.append(line.strip())
            self.at += 1
        return lines

    def items(self):
        tag = "ul" if self.lines[self.at].startswith("-") else "ol"
        items = []
        while self.at < len(self.lines) and (match := ITEM.match(self.lines[self.at])):
            if (match[1] is None) != (tag == "ol"):
                self.fail("a list of two kinds")
            lines = self.take(" " * match.end())
            items.append("<li>" + self.inline("\n".join(lines)[match.end():]) + "</li>")
        return f"<{tag}>\n" + "\n".join(items) + f"\n</{tag}>"

    def block(self):
        line = self.lines[self.at]
        if re.match(r"##? ", line):
            return self.heading()
        if line.startswith("```"):
            return self.fence()
        if line.startswith("|"):
            return self.table()
        if ITEM.match(line):
            return self.items()
        if line.startswith(" "):
            self.fail("code stands in fences")
        return f"<p>{self.inline(chr(10).join(self.take('')))}</p>"

    def make(self):
        blocks = []
        while self.at < len(self.lines):
            if self.lines[self.at].strip():
                blocks.append(self.block())
            else:
                self.at += 1
        if self.title is None:
            self.fail("there is no title")
        return "\n".join(blocks)


def contents(pages):
    for page in pages:
        sections = "".join(f'<li><a href="#{name}">{text}</a></li>' for name, text in page.sections)
        yield f'<li><a href="#{page.name}">{html.escape(page.title)}</a>' + (f"<ul>{sections}</ul>" if sections else "") + "</li>"


def find_lost(text):
    """Links that lead nowhere."""
    ids = set(re.findall(r' id="([^"]+)"', text))
    return sorted(set(re.findall(r'href="#([^"]+)"', text)) - ids)


def main(version, out, *paths):
    paths = [pathlib.Path(path) for path in paths]
    pages = [Page(path, [other.stem for other in paths]) for path in paths]
    bodies = [f'<section id="{page.name}">\n{page.make()}\n</section>' for page in pages]
    text = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tithe Help</title>
<style>
{STYLE.read_text()}</style>
</head>
<body>
<nav aria-label="Pages">
<p class="name">Tithe <span>{html.escape(version)}</span></p>
<ol>
{chr(10).join(contents(pages))}
</ol>
</nav>
<main>
{chr(10).join(bodies)}
</main>
</body>
</html>
"""
    lost = find_lost(text)
    if lost:
        sys.exit(f"links of the help lead nowhere: {', '.join(lost)}")
    pathlib.Path(out).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

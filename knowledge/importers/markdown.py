"""Markdown notes to readable blocks, with the line of the file where each begins.

markdown-it-py is used because it says on which lines of the file a block stands; markup is taken
away, words and line breaks are kept as they were written.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.importers import front_matter, heads, html
from knowledge.importers.record import Block, ImportedDoc
from knowledge.importers.speakers import attributed, speaking_turns
from knowledge.importers.track_tables import with_track_tables
from knowledge.importers.tracklist import is_tracklist

_PARSER = MarkdownIt("commonmark").enable("table")
# `{: target="_blank"}` of kramdown and `{% include … %}` of Liquid are not words. A placeholder `{{ … }}`
# stays: a sentence with a hole in it would misquote, so `knowledge.telling` leaves such sentences alone.
# None of them runs over the opening of another, so that a text of openings only is looked at once.
_TEMPLATE_MARKUP = re.compile(r"\{:[^{}\n]*\}|\{%(?:(?!\{%).)*?%\}", re.DOTALL)
_STATEMENT_WORDS_MIN = 12
_WIKI_LINK = re.compile(r"!?\[\[(?:[^\[\]|\n]*\|)?([^\[\]\n]+)\]\](?!\()")


def read_markdown(text: str, *, fallback_title: str, html_body: bool = False) -> ImportedDoc:
    """Read one Markdown file, with or without front matter; the body of a site's page may be HTML."""
    front = front_matter.split(text)
    if html_body:
        body = html.body_blocks(_without_templates(front.body))
        blocks = [replace(block, line=block.line + front.lines) for block in body]
    else:
        blocks = list(body_blocks(front.body, line=front.lines + 1))
    left_out = []
    if front.broken:
        left_out.append(f"The front matter could not be read ({front.broken}).")
    if front.head and not blocks:
        blocks = [
            Block("prose", html.plain_text(value), line, own_lines=own_lines)
            for value, line, own_lines in front_matter.telling_values(front)
        ]
    title = front.title or _first_heading(blocks) or fallback_title
    blocks = speaking_turns(blocks, named=front.speakers)
    kind = _kind(front, blocks)
    return ImportedDoc(
        format="markdown",
        title=html.plain_text(title),
        blocks=tuple(block for block in blocks if block.text.strip()),
        kind=kind,
        date=front.date,
        speaker=front.speaker,
        licence=front.licence,
        tier_name=front.tier_name,
        draft=front.draft,
        left_out=tuple(left_out),
        statements=heads.statements_of(front, blocks, kind),
    )


def body_blocks(body: str, *, line: int) -> Iterable[Block]:
    """Give the blocks of a Markdown body whose first line is `line` of the file."""
    masked = _WIKI_LINK.sub(r"\1", _without_templates(body))
    tokens = list(with_track_tables(_PARSER.parse(masked), _words))
    quotations: list[list[Block]] = []  # those that are open, the innermost last
    for opener, token in zip([None, *tokens], tokens, strict=False):
        said: Iterable[Block] = _blocks_of(token, opener, line)
        if token.type == "blockquote_open":
            quotations.append([])
        elif token.type == "blockquote_close":
            said = attributed(quotations.pop())
        if quotations:
            quotations[-1].extend(said)
        else:
            yield from said


def _without_templates(body: str) -> str:
    return _TEMPLATE_MARKUP.sub(lambda found: "\n" * found[0].count("\n"), body)


def _blocks_of(token: Token, opener: Token | None, line: int) -> Iterable[Block]:
    start = line + (token.map[0] if token.map else 0)
    if token.type == "inline":
        text = _words(token)
        if opener is not None and opener.type == "heading_open" and not _says_something(text):
            yield Block("heading", text, start)
        elif text.strip():
            yield Block("tracklist" if is_tracklist(text) else "prose", text, start)
    elif token.type in ("code_block", "fence") and token.content.strip():
        first = start + (1 if token.type == "fence" else 0)
        yield Block("tracklist" if is_tracklist(token.content) else "prose", token.content.rstrip("\n"), first)
    elif token.type == "tracklist":
        yield Block("tracklist", token.content, start)
    elif token.type == "html_block":
        for block in html.body_blocks(token.content):
            yield replace(block, line=start + block.line - 1)


def _words(inline: Token) -> str:
    parts: list[str] = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "html_inline" and re.match(r"<br\b", child.content, re.IGNORECASE):
            parts.append(" ")
        else:  # what is no word may still break a line of the file
            parts.append("\n" * child.content.count("\n"))
    return "".join(parts).strip()


def _says_something(heading: str) -> bool:
    """Whether a heading is a statement in large letters, to be quoted, and not the name of what follows."""
    return len(heading.split()) >= _STATEMENT_WORDS_MIN and re.search(r"[.!?](?:\s|\Z)", heading) is not None


def _first_heading(blocks: list[Block]) -> str:
    return next((block.text for block in blocks if block.kind == "heading"), "")


def _kind(front: front_matter.FrontMatter, blocks: list[Block]) -> str:
    said = front.first(("kind", "type", "category", "layout")).lower()
    if any(block.kind == "tracklist" for block in blocks) and said in ("", "post", "page", "note", "mix"):
        return "set"
    return {"releases": "release", "album": "release", "post": "note", "page": "note"}.get(said, said or "note")

"""Brings the catalogues up to date with what templates, scripts and code say: `make words`.

What is new stands empty in them afterwards, what nobody says any more is gone, and nothing is guessed: a changed
sentence is a new one.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from presence.languages.catalogue import DOMAINS, FOLDER, read_catalogue
from presence.languages.choosing import ENGLISH, LANGUAGES

ROOT = FOLDER.parent.parent
COMMENT = "for translators:"
STUDIO = ("/studio/", "static/studio", "/likes.py", "/languages/reasons.py", "static/bringing-in",
          "static/recordings.js", "static/shares.js", "static/artist.js", "/paying/bars.py")  # fmt: skip
"""What is said by these alone goes into the studio's catalogue."""
_NOT_ON_PAGES = ("presence/cli/**", "presence/local/**", "presence/migrations/**", "presence/demo/**",
                 "presence/keeping/**", "presence/reference.py", "presence/settings**.py", "presence/asking/vouched.py",
                 "presence/paying/cosigning.py", "presence/paying/checking.py", "presence/people/rules.py",
                 "presence/telling/mail.py")  # fmt: skip
_JINJA = {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
_METHODS: list[tuple[str, Any]] = [
    *((path, "ignore") for path in _NOT_ON_PAGES),
    ("presence/web/templates/**.html", "jinja2.ext:babel_extract"),
    ("presence/web/static/**.js", "javascript"),
    ("presence/**.py", "presence.languages.extracting:python_words"),
]
_OPTIONS: dict[str, dict[str, Any]] = {
    "presence/web/templates/**.html": _JINJA,
    "presence/web/static/**.js": {"parse_template_string": "true"},
}
_KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "phrase": None, "phraseOf": (1, 2)}
_ONE = ("later", "said", "say")
_MANY = ("said_many", "say_many")

_HEAD = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""

Message = tuple[int, str, Any, list[str]]


def python_words(
    fileobj: BinaryIO, keywords: object, comment_tags: Iterable[str], options: Mapping[str, object]
) -> Iterator[Message]:
    """Give what a module says: what is marked, and the plain sentences of its refusals."""
    for node in ast.walk(ast.parse(fileobj.read())):
        if not isinstance(node, ast.Call | ast.Raise):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in (*_ONE, *_MANY):
            forms = [_text(part) for part in node.args[: 2 if node.func.id in _MANY else 1]]
            if all(forms):
                yield node.lineno, *(("gettext", forms[0]) if len(forms) == 1 else ("ngettext", tuple(forms))), []
        elif (sentence := _refusal(node)) is not None:
            yield node.lineno, "gettext", sentence, []


def _refusal(node: ast.Call | ast.Raise) -> str | None:
    """Give the sentence of `raise NameWrong("…")` and of `super().__init__("…")`, where it is a plain text."""
    call = node.exc if isinstance(node, ast.Raise) else node
    if not isinstance(call, ast.Call) or not call.args:
        return None
    is_init = isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"
    if not is_init and not isinstance(node, ast.Raise):
        return None
    text = _text(call.args[0])
    return text if text is not None and " " in text and text.endswith((".", "?")) else None


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def extracted() -> dict[str, Catalog]:
    """Give what is said now, by the name of the catalogue that it belongs to."""
    found: dict[Any, tuple[Any, set[str]]] = {}
    methods = [(path, method) for path, method in _METHODS]
    for name, _line, message, _comments, context in extract_from_dir(
        ROOT, methods, _OPTIONS, _KEYWORDS, (COMMENT,), directory_filter=_is_ours
    ):
        found.setdefault((message if isinstance(message, str) else message[0], context), (message, set()))[1].add(name)
    made = {domain: Catalog(project="presence", domain=domain) for domain in DOMAINS}
    for message, places in sorted(found.values(), key=lambda one: sorted(one[1])):
        domain = "studio" if all(any(part in f"/{place}" for part in STUDIO) for place in places) else "presence"
        made[domain].add(message, locations=[(place, 0) for place in sorted(places)])
    return made


def updated(language: str, domain: str, template: Catalog) -> Catalog:
    """Give a language's catalogue with what is said now: the words that it had, and empty ones for what is new."""
    there = (FOLDER / language / "LC_MESSAGES" / f"{domain}.po").is_file()
    catalogue = read_catalogue(language, domain) if there else Catalog(locale=language, domain=domain)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def write(domains: Iterable[str] = DOMAINS) -> Iterator[str]:
    """Write the catalogues anew, and say of each how much is missing."""
    templates = extracted()
    for language in (code for code in LANGUAGES if code != ENGLISH):
        for domain in domains:
            catalogue = updated(language, domain, templates[domain])
            path = FOLDER / language / "LC_MESSAGES" / f"{domain}.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_text(catalogue, language))
            missing = sum(1 for message in catalogue if message.id and not is_translated(message.string))
            yield f"{path.relative_to(ROOT)}: {len(catalogue)} sentences, {missing} of them not translated"


def as_text(catalogue: Catalog, language: str) -> bytes:
    """Write a catalogue out, with its comment at the head, and with nothing in it that changes by itself."""
    body = BytesIO()
    write_po(body, catalogue, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    head = _HEAD.format(language=language, plurals=catalogue.plural_forms)
    return f"{catalogue.header_comment}\n{head}\n".encode() + body.getvalue()


def is_translated(words: object) -> bool:
    """Whether every form of a message has words."""
    return all(words) if isinstance(words, list | tuple) else bool(words)


def _is_ours(folder: str | Path) -> bool:
    path = Path(folder)
    return path == ROOT or (ROOT / "presence" in (path, *path.parents) and not path.name.startswith((".", "__")))


if __name__ == "__main__":
    for line in write(sys.argv[1:] or DOMAINS):
        sys.stdout.write(f"{line}\n")
